use serde::{Deserialize, Serialize};

use super::schedule::{BACKGROUND, End};
use crate::clock::Now;

/// How long background checks leave an account alone after looks that failed. It stands in the row that the watch key
/// opens: each check runs in a process of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rest {
    failures: u32,
    since: Now,
    ms: u64,
}

impl Rest {
    /// What a look leaves behind that has ended like this; `chance` is random.
    pub(super) fn after(there: Option<&Self>, end: &End, chance: u8, now: Now) -> Option<Self> {
        match end {
            End::Seen { .. } => None,
            // Nobody was asked.
            End::Neither => there.cloned(),
            End::Failed { .. } | End::Lost => {
                let failures = there.map_or(0, |rest| rest.failures).saturating_add(1);
                let pause = BACKGROUND.pause_ms(failures, chance);
                let left_alone = if let End::Failed { retry_after_ms: Some(ms) } = end { *ms } else { 0 };
                Some(Self { failures, since: now, ms: pause.max(left_alone) })
            }
        }
    }

    /// Whether it has lasted long enough; clocks that went back hold nobody.
    pub(super) fn is_over(&self, now: Now) -> bool {
        now.ms_since(self.since).is_none_or(|ms| ms >= self.ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixTime;

    const MINUTE: u64 = 60_000;

    fn at(minutes: u64) -> Now {
        Now { wall: UnixTime(i64::try_from(minutes).unwrap() * 60), steady_ms: minutes * MINUTE }
    }

    fn failed(retry_after_ms: Option<u64>) -> End {
        End::Failed { retry_after_ms }
    }

    #[test]
    fn one_failure_costs_no_wake_up_and_more_cost_more() {
        let mut rest = None;
        for minutes in [10, 20, 40, 80, 120, 120] {
            rest = Rest::after(rest.as_ref(), &failed(None), 0, at(7));
            let rest = rest.as_ref().unwrap();
            assert_eq!((rest.is_over(at(6 + minutes)), rest.is_over(at(7 + minutes))), (false, true));
        }
        assert_eq!(Rest::after(rest.as_ref(), &End::Neither, 0, at(8)), rest);
        assert_eq!(Rest::after(rest.as_ref(), &End::Seen { requests: Vec::new() }, 0, at(8)), None);
    }

    #[test]
    fn a_server_gets_the_time_that_it_asks_for() {
        let rest = Rest::after(None, &failed(Some(45 * MINUTE)), 0, at(0)).unwrap();
        assert_eq!((rest.is_over(at(44)), rest.is_over(at(45))), (false, true));
    }

    #[test]
    fn after_another_start_of_the_device_the_time_of_day_counts() {
        let rest = Rest::after(None, &failed(None), 0, at(1_000)).unwrap();
        let started = |minutes| Now { steady_ms: 5, ..at(minutes) };
        assert_eq!((rest.is_over(started(1_009)), rest.is_over(started(1_010))), (false, true));
        assert!(rest.is_over(started(900)), "both clocks went back");
    }
}
