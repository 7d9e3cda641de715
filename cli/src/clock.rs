//! The clocks of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

use countersign::clock::{Now, UnixTime};
use rustix::time::{ClockId, clock_gettime};

/// Both clocks, read now.
pub fn now() -> Now {
    Now { wall: wall(), steady_ms: steady_ms() }
}

fn wall() -> UnixTime {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime(since_1970.as_secs().try_into().unwrap_or(i64::MAX))
}

/// Milliseconds since the machine started, sleep included.
fn steady_ms() -> u64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = ClockId::Monotonic;
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanos = u64::try_from(time.tv_nsec).unwrap_or_default();
    seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000)
}
