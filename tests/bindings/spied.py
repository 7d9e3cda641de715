"""Every way a secret crosses the library's boundary, once, under the spy of `spy.c`: test_memory.py runs it.

Prints what the library freed at each step and how many of these blocks had a secret in them; they are in no order that
matters, and the last one closes the vault.
"""

import ctypes
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import countersign_ffi as library
from countersign_ffi import AegisKey, ExportTarget, TwoFasKey
from support import PASSWORD, SECRET, now
from test_exports import words

SEED = b"12345678901234567890"
OTHER_PASSWORD = b"another horse of this spy"
PLATFORM_KEY = bytes(range(32, 64))
HOST_ROW = b"a key that the host has sealed here"

spy = ctypes.CDLL(None)
spy.spy_freed.restype = spy.spy_found.restype = ctypes.c_ulong


def know(*secrets):
    for secret in secrets:
        assert spy.spy_know(secret, len(secret)), "more secrets than the spy has room for"


@contextmanager
def step(name):
    freed, found = spy.spy_freed(), spy.spy_found()
    yield
    print(f"{name}: {spy.spy_freed() - freed} blocks freed, {spy.spy_found() - found} with a secret in")


def opened(unlocking):
    while not (progress := unlocking.step()).is_DONE():
        pass
    return progress.batch


def exports(core):
    yield "links", ExportTarget.OTPAUTH()
    yield "Aegis, plain", ExportTarget.AEGIS(None)
    yield "Aegis, under a password", ExportTarget.AEGIS(AegisKey.derive(OTHER_PASSWORD))
    yield "2FAS, plain", ExportTarget.TWO_FAS(None)
    yield "2FAS, under a password", ExportTarget.TWO_FAS(TwoFasKey.derive(OTHER_PASSWORD))
    yield "credential exchange", ExportTarget.CXF()
    yield "a sheet", ExportTarget.SHEET(words())
    yield "Google's pictures", ExportTarget.GOOGLE()


def main(folder):
    assert spy.spy_on(b"libcountersign_ffi.so"), "the library is not there"
    know(SEED, SECRET.encode(), PASSWORD, OTHER_PASSWORD, PLATFORM_KEY, HOST_ROW)
    link = f"otpauth://totp/Example:alice?secret={SECRET}&issuer=Example".encode()
    path = str(folder / "vault.db")
    with step("a vault, by password and recovery code"):
        created = library.create_with_password(path, PASSWORD, True, now())
        core = created.authenticator
    with step("the recovery code"):
        code = created.recovery_code.text()
        know(code)
        assert core.check_recovery_code(code)
    with step("a scanned text, described and added"):
        scanned = library.recognise(link)
        scanned.describe()
        account = core.add(scanned, now()).id
    with step("codes"):
        core.codes([account], now())
    with step("its set-up text and pictures"):
        assert SECRET.encode() in core.setup_text(account, now())
        picture = core.setup_png(account, 4, now())
        core.setup_svg(account, now())
    with step("the picture, scanned"):
        library.scan_picture(picture)[0].describe()
    with step("ways in, the watch key"):
        core.set_platform(PLATFORM_KEY, now())
        core.set_password(OTHER_PASSWORD, now())
        know(core.watch_key(now()), core.new_recovery_code(now()).text())
        core.renew_watch(now())
    with step("background checks"):
        library.Background.open(path, core.watch_key(now())).accounts()
    with step("a row of the host's"):
        core.put_host_row("key", HOST_ROW, now())
        assert core.host_row("key", now()) == HOST_ROW
    files = []
    for name, target in exports(core):
        with step(f"an export: {name}"):
            export = core.export(target, None, now())
            files.append(export.file())
            for place in range(export.code_count()):
                export.code_png(place, 4)
    with step("imports of these"):
        for file in files[:6]:
            read = library.open_import(file)
            batch = read.batch if read.is_ENTRIES() else opened(read.file.unlock(OTHER_PASSWORD, 0))
            core.preview_import(batch, now())
    with step("a backup, and back"):
        core.set_backup_password(OTHER_PASSWORD, now())
        backup_code = core.new_backup_code(now()).text()
        know(backup_code)
        backup = core.backup(now())
        core.confirm_backup(backup, backup.bytes(), now())
        for unlock in (lambda file: file.unlock(OTHER_PASSWORD, 0), lambda file: file.unlock_with_code(backup_code)):
            core.preview_import(opened(unlock(library.open_import(backup.bytes()).file)), now())
    with step("locked, and opened by each way"):
        core.lock()
        core.unlock(core.open_by_platform(PLATFORM_KEY), None, now())
        core.lock()
        core.unlock(core.open_by_password(OTHER_PASSWORD), None, now())
    with step("all of it let go"):
        del core, created, scanned, export, target, batch, read, backup
    print(f"counted: bindings: {spy.spy_freed()} blocks freed by the library, {spy.spy_found()} with a secret in")
    return spy.spy_found()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.exit(min(main(Path(made)), 1))
