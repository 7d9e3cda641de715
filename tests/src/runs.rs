//! Many runs at once, each from its own seed, and what came of them.

use std::collections::BTreeMap;
use std::panic::{RefUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign::approval::{AnswerResult, Answered, Outcome};

use crate::phone::reason;

/// How often each thing happened.
pub type Tally = BTreeMap<String, u64>;

/// Makes the runs of all seeds below `most`, or of `SEED` alone; how many that were, and the sum of what was counted.
///
/// # Panics
/// When one of them failed, with its seed.
#[must_use]
pub fn of_all_seeds(most: u64, run: impl Fn(u64) -> Tally + Sync + RefUnwindSafe) -> (u64, Tally) {
    let seeds = match std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => seed..seed + 1,
        None => 0..most,
    };
    let next = AtomicU64::new(seeds.start);
    let done = Mutex::new((Tally::new(), Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                break;
            }
            let counted = catch_unwind(|| run(seed));
            let Ok(mut done) = done.lock() else { break };
            let (tally, failed) = &mut *done;
            match counted {
                Ok(counted) => {
                    counted.into_iter().for_each(|(what, times)| *tally.entry(what).or_default() += times);
                }
                Err(_) => failed.push(seed),
            }
        }
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let (tally, failed) = done.into_inner().unwrap_or_default();
    assert!(failed.is_empty(), "failed with SEED={failed:?}");
    (seeds.end - seeds.start, tally)
}

/// Counts an end.
///
/// # Panics
/// When it is not what was wanted and has no reason.
pub fn count(tally: &mut Tally, what: &str, outcome: &Outcome) {
    let name = match outcome {
        Outcome::Enrolled(_) | Outcome::Checked { .. } => "done".to_owned(),
        Outcome::Answered(Answered { result: AnswerResult::Approved, .. }) => "approved".to_owned(),
        Outcome::Answered(Answered { result: AnswerResult::Declined, .. }) => "declined".to_owned(),
        other => match reason(other) {
            Some(reason) => reason.name().to_owned(),
            None => panic!("an end without a reason: {other:?}"),
        },
    };
    *tally.entry(format!("{what}: {name}")).or_default() += 1;
}
