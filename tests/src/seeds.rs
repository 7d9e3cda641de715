//! Runs from seeds, spread over the processors: each can be made again alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use countersign::approval::{AnswerResult, Answered, Outcome};
use tempfile::TempDir;

use crate::phone::reason;

/// How often each end came.
pub type Tally = BTreeMap<String, u64>;

/// Where a vault's syncs cost nothing, where there is such a place.
const MEMORY: &str = "/dev/shm";

/// Runs the seeds from 0 to `runs - 1` (`RUNS` gives another count), or the one that `SEED` names, and adds up the ends.
///
/// # Panics
/// When a run failed, with the seeds of those that did.
pub fn run_all(runs: u64, run: impl Fn(u64) -> Tally + Sync + std::panic::RefUnwindSafe) -> Tally {
    let given = |name| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let seeds = match given("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..given("RUNS").unwrap_or(runs),
    };
    let next = AtomicU64::new(seeds.start);
    let done = Mutex::new((Tally::new(), Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                break;
            }
            let counted = std::panic::catch_unwind(|| run(seed));
            let (tally, failed) = &mut *done.lock().unwrap_or_else(PoisonError::into_inner);
            match counted {
                Ok(counted) => {
                    counted.into_iter().for_each(|(what, times)| *tally.entry(what).or_default() += times)
                }
                Err(_) => failed.push(seed),
            }
        }
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let (tally, failed) = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(failed.is_empty(), "failed with SEED={failed:?}");
    tally
}

/// Counts an end; each that is not what was wanted has a reason.
///
/// # Panics
/// When one has none.
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

/// A folder for one run.
///
/// # Panics
/// When there is no room for one.
#[must_use]
pub fn folder() -> TempDir {
    let memory = Path::new(MEMORY);
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.unwrap_or_else(|error| panic!("no folder: {error}"))
}
