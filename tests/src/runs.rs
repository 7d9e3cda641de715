//! Many runs at once, each from its own seed, and what came of them.
//!
//! How many there are of each approval system with an adversary in the network is told by the environment:
//! `ADVERSARY_RUNS` on the virtual clock (5,000), `ADVERSARY_SOCKETS` over sockets (50), and in `tests/servers`
//! `ADVERSARY_SERVERS` against each real server (10). `SEED=7` makes the run of that seed again, and no other; with
//! other signatures, as those of ECDSA differ each time.

#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{RefUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use countersign::approval::{AnswerResult, Answered, Outcome};
use tempfile::TempDir;

use crate::phone::reason;

/// Where a vault's syncs cost nothing, where there is such a place.
const MEMORY: &str = "/dev/shm";
/// Over sockets a run waits more than it works.
const WAITING_AT_ONCE: usize = 8;

/// How often each thing happened.
pub type Tally = BTreeMap<String, u64>;

/// What approves sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// The Push MFA extension of Keycloak.
    KeycloakPush,
    /// privacyIDEA.
    PrivacyIdea,
    /// eduMFA with its own kind of push tokens.
    EduMfa,
    /// eduMFA with those of privacyIDEA.
    OlderEduMfa,
    /// netzbegruenung's App Authenticator for Keycloak.
    AppAuthenticator,
    /// tiqr.
    Tiqr,
}

/// The end of one sign-in: what its server knows, and what the person has done.
#[derive(Clone, Debug)]
pub struct SignInEnd {
    /// How often it was approved.
    pub approvals: usize,
    /// Whether it was declined.
    pub is_declined: bool,
    /// Whether the right person has approved it, with what its page shows.
    pub has_approved: bool,
    /// Whether they have declined it, or given answers that decline it as they are wrong.
    pub has_declined: bool,
}

impl System {
    /// The seeds of its runs, of which there are so many unless `variable` says otherwise; or `SEED` alone.
    ///
    /// # Panics
    /// When a variable is no number.
    fn seeds(self, variable: &str, usually: u64) -> Range<u64> {
        let number = |variable| std::env::var(variable).ok().map(|number| number.parse::<u64>().unwrap());
        if let Some(seed) = number("SEED") {
            return seed..seed + 1;
        }
        let first = self as u64 * 1_000_000;
        first..first + number(variable).unwrap_or(usually)
    }
}

/// Makes this system's runs on the virtual clock, and says what came of them.
///
/// # Panics
/// When one of them failed, with its seed.
pub fn on_the_virtual_clock(system: System, run: impl Fn(u64) -> Tally + Sync + RefUnwindSafe) {
    let workers = thread::available_parallelism().map_or(2, usize::from).min(8);
    let (runs, tally) = of_all_seeds(system.seeds("ADVERSARY_RUNS", 5_000), workers, run);
    tell(&format!("{runs} runs of {system:?} with an adversary in the network"), &tally);
}

/// The same over sockets.
///
/// # Panics
/// When one of them failed, with its seed.
pub fn over_sockets(system: System, run: impl Fn(u64) -> Tally + Sync + RefUnwindSafe) {
    let (runs, tally) = of_all_seeds(system.seeds("ADVERSARY_SOCKETS", 50), WAITING_AT_ONCE, run);
    tell(&format!("{runs} runs of {system:?} with an adversary over sockets"), &tally);
}

fn tell(what: &str, tally: &Tally) {
    // In one piece: systems run side by side.
    let ends: String = tally.iter().map(|(what, times)| format!("  {times:>6} {what}\n")).collect();
    println!("counted: {what}; ends:\n{ends}");
}

/// Makes the runs of these seeds; how many that were, and the sum of what was counted.
fn of_all_seeds(
    seeds: Range<u64>,
    workers: usize,
    run: impl Fn(u64) -> Tally + Sync + RefUnwindSafe,
) -> (u64, Tally) {
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
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let (tally, failed) = done.into_inner().unwrap_or_default();
    assert!(failed.is_empty(), "failed with SEED={failed:?}");
    (seeds.end - seeds.start, tally)
}

/// A folder for the vault of one run.
///
/// # Panics
/// When there is none to be had.
#[must_use]
pub fn folder() -> TempDir {
    let memory = Path::new(MEMORY);
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
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

/// Counts what became of a sign-in.
///
/// # Panics
/// When it was not the person who has approved or declined it, or when it was approved twice.
pub fn judge(tally: &mut Tally, end: &SignInEnd) {
    assert!(end.approvals == 0 || end.has_approved, "approved, but not by the person: {end:?}");
    assert!(!end.is_declined || end.has_declined, "declined, but not by the person: {end:?}");
    assert!(end.approvals <= 1, "approved twice: {end:?}");
    let name = match end {
        SignInEnd { approvals: 1, .. } => "approved",
        SignInEnd { is_declined: true, .. } => "declined",
        _ => "ended unanswered",
    };
    *tally.entry(format!("sign-in: {name}")).or_default() += 1;
}
