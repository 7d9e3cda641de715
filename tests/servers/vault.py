"""What no command does to a phone's vault: the library of the apps does it."""

import time

import countersign_ffi

from phone import Phone


def lose_key(phone: Phone, account: str) -> None:
    """Takes away the device key of an account, as a restore to another device does."""
    core = countersign_ffi.Authenticator.open(str(phone.vault))
    core.unlock(core.open_by_password(phone.password.read_bytes().strip()), None, now())
    # The first thing that a look does is to sign with it.
    step = core.current(core.begin(countersign_ffi.Job.CHECK(account), now()), now()).step
    core.remove_host_rows([step.request.key_id], now())


def now() -> countersign_ffi.Now:
    steady = time.clock_gettime(time.CLOCK_BOOTTIME if hasattr(time, "CLOCK_BOOTTIME") else time.CLOCK_MONOTONIC)
    return countersign_ffi.Now(wall=int(time.time()), steady_ms=int(steady * 1000))
