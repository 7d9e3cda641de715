//! Time, always an argument: nothing in this crate reads a clock.

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01 00:00:00 UTC, without leap seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// `seconds` later; saturates at the ends.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when this one is before it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Year, month, day, hour, minute and second of the Gregorian calendar, UTC. Years begin in March here, so that the
    /// leap day is the last of its year.
    pub(crate) const fn civil(self) -> [i64; 6] {
        let (days, seconds) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let shifted = days.saturating_add(719_468);
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        [era * 400 + year_of_era + carry, month, day, seconds / 3_600, seconds / 60 % 60, seconds % 60]
    }
}

/// The two clocks a host reads at each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// The time of day: for codes, expiry and what is sent to servers. A person may set it.
    pub wall: UnixTime,
    /// Milliseconds that only grow, also while the device sleeps (on Linux `CLOCK_BOOTTIME`): for locks and
    /// waiting. Its zero has no meaning.
    pub steady_ms: u64,
}

impl Now {
    /// Milliseconds since `earlier`, whatever the time of day was set to meanwhile. A steady clock that went back is that
    /// of another start of the device: there the time of day is all there is. `None` where that went back as well.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> Option<u64> {
        self.steady_ms
            .checked_sub(earlier.steady_ms)
            .or_else(|| u64::try_from(self.wall.since(earlier.wall)).ok()?.checked_mul(1_000))
    }

    /// The time of day as a server with this offset sees it.
    #[must_use]
    pub const fn at_server(self, offset: ClockOffset) -> UnixTime {
        self.wall.plus(offset.seconds)
    }
}

/// How far one server's clock is ahead of this device's, measured from what that server told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockOffset {
    /// Server minus device, in seconds.
    pub seconds: i64,
}

impl ClockOffset {
    /// The offset that makes `wall` the server's time `told`.
    #[must_use]
    pub const fn measured(told: UnixTime, wall: UnixTime) -> Self {
        Self { seconds: told.since(wall) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_turns_the_wall_clock_into_the_servers() {
        let now = Now { wall: UnixTime(1_000), steady_ms: 5 };
        let offset = ClockOffset::measured(UnixTime(880), now.wall);
        assert_eq!(offset.seconds, -120);
        assert_eq!(now.at_server(offset), UnixTime(880));
    }

    #[test]
    fn a_duration_is_that_of_the_steady_clock() {
        let at = |wall, steady_ms| Now { wall: UnixTime(wall), steady_ms };
        let earlier = at(1_000, 5_000);
        for (later, ms) in [
            (at(1_002, 7_000), Some(2_000)),
            (at(0, 7_000), Some(2_000)),
            (at(9_000, 5_000), Some(0)),
            // After another start.
            (at(1_002, 100), Some(2_000)),
            (at(999, 100), None),
            (at(i64::MAX, 100), None),
        ] {
            assert_eq!(later.ms_since(earlier), ms, "{later:?}");
        }
    }

    #[test]
    fn arithmetic_never_wraps() {
        assert_eq!(UnixTime(i64::MAX).plus(1), UnixTime(i64::MAX));
        assert_eq!(UnixTime(i64::MIN).since(UnixTime(1)), i64::MIN);
    }
}
