//! The app is killed at each step of a set-up, an answer and a change of key, with the step carried out or not, and
//! started again: the account is usable then, or the end says a reason and the next try works.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

use countersign::approval::{Outcome, Step};
use countersign::authenticator::{Error, Job, RunId, Scanned};
use countersign::reason::Reason;
use countersign_practice::Settings;
use countersign_practice::realm::Standing;
use countersign_tests::phone::{Phone, World as _, enrolment, reason};
use countersign_tests::place::{Place, approval};
use countersign_tests::realm::SignIn;

/// Longer than a run of a process that is gone keeps an account to itself.
const LEASE_MS: u64 = 130_000;
/// Longer than an answer keeps a request to itself while it is on its way.
const ON_ITS_WAY_MS: u64 = 6_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    SetUp,
    Answer,
    Rotation,
}

/// How the app goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    /// With the unfinished run, later.
    Resumed,
    /// The person does the same again at once, and the unfinished run is gone on with later.
    Again,
    /// The unfinished run is given up.
    GivenUp,
}

/// A phone with what it is about to do.
struct Bench {
    doing: Doing,
    place: Place,
    phone: Phone,
    code: Scanned,
    account: Option<String>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new(doing: Doing) -> Self {
        let settings = Settings { challenge_seconds: 900, enrolment_seconds: 900, ..Settings::default() };
        let mut place = Place::new(settings);
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let mut account = None;
        if doing != Doing::SetUp {
            account = phone.enrol(&code, &mut place).unwrap().1;
        }
        if doing == Doing::Answer {
            place.person.sign_in = Some(place.realm.sign_in("alice", place.clock.server()));
        }
        Self { doing, place, phone, code: Scanned::read(code.as_bytes()), account, _folder: folder }
    }

    fn begin(&mut self) -> Result<RunId, Error> {
        let account = self.account.clone().unwrap_or_default();
        let job = match (self.doing, &self.place.person.sign_in) {
            (Doing::Rotation, _) => Job::RotateKey { account: &account },
            (Doing::Answer, Some(sign_in)) => Job::Answer { account: &account, request: approval(sign_in) },
            _ => Job::Enrol(enrolment(&self.code)),
        };
        self.phone.core().begin(&job, self.place.now())
    }

    /// Goes on to the end; an account that was added is the one that is used from now on.
    fn finish(&mut self, run: &RunId) -> Outcome {
        let outcome = self.phone.finish(run, &mut self.place);
        let added = self.phone.core().finished(run).and_then(|left| left.added.clone());
        self.account = added.or_else(|| self.account.take());
        outcome
    }

    fn run_up_to(&mut self, run: &RunId, number: u64) -> Step {
        loop {
            let turn = self.phone.turn(run, self.place.now());
            if turn.number >= number || matches!(turn.step, Step::Done(_)) {
                return turn.step;
            }
            let event = self.phone.perform(&turn.step, &mut self.place).unwrap();
            self.phone.tell(run, &turn, event, self.place.now());
        }
    }

    fn go_on(&mut self, going: Going) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        if going == Going::Again {
            match self.begin() {
                Ok(run) => outcomes.push(self.finish(&run)),
                // What the killed process sent may arrive at this moment; a little later it can't.
                Err(error) if self.doing == Doing::Answer => {
                    assert_eq!(error.reason(), Reason::RequestBusy);
                    self.place.wait(ON_ITS_WAY_MS);
                    let run = self.begin().unwrap();
                    outcomes.push(self.finish(&run));
                }
                Err(error) => {
                    assert_eq!((self.doing, error.reason()), (Doing::Rotation, Reason::AccountBusy))
                }
            }
        }
        self.place.wait(LEASE_MS);
        for unfinished in self.phone.core().unfinished(self.place.now()).unwrap() {
            if going == Going::GivenUp {
                let _keys = self.phone.core().abandon(&unfinished.run, self.place.now()).unwrap();
                continue;
            }
            self.phone.core().resume(&unfinished.run, self.place.now()).unwrap();
            match self.finish(&unfinished.run) {
                // The request was answered by the other run.
                Outcome::Refused(Reason::RequestBusy) if self.doing == Doing::Answer => {}
                outcome => outcomes.push(outcome),
            }
        }
        outcomes
    }

    /// Looks, and approves what is there.
    fn approve(&mut self, sign_in: &SignIn) -> Outcome {
        let account = self.account.clone().unwrap();
        let checked = self.phone.run(&Job::Check { account: &account }, &mut self.place).unwrap();
        let Outcome::Checked { requests, .. } = checked else { panic!("no look: {checked:?}") };
        assert!(requests.iter().any(|request| request.id == sign_in.id), "the request is lost");
        let job = Job::Answer { account: &account, request: approval(sign_in) };
        self.phone.run(&job, &mut self.place).unwrap()
    }

    fn standing(&self, sign_in: &SignIn) -> Standing {
        self.place.realm.standing(&sign_in.id, self.place.clock.server())
    }

    /// The account approves sign-ins, after whatever happened to it.
    fn assert_usable(&mut self) {
        if let Some(sign_in) = self.place.person.sign_in.take()
            && self.standing(&sign_in) == Standing::Pending
        {
            self.place.person.sign_in = Some(sign_in.clone());
            let outcome = self.approve(&sign_in);
            assert_eq!(self.standing(&sign_in), Standing::Approved, "{outcome:?}");
        }
        let sign_in = self.place.realm.sign_in("alice", self.place.clock.server());
        self.place.person.sign_in = Some(sign_in.clone());
        let outcome = self.approve(&sign_in);
        assert_eq!(self.standing(&sign_in), Standing::Approved, "{outcome:?}");
    }

    /// After a set-up that ended with a reason, another code works.
    fn set_up_anew(&mut self) {
        let code = self.place.realm.show_set_up_code("alice", self.place.clock.server());
        let (outcome, added) = self.phone.enrol(&code, &mut self.place).unwrap();
        assert!(matches!(outcome, Outcome::Enrolled(_)), "{outcome:?}");
        self.account = added;
    }
}

/// Kills at turn `number`, with its step carried out or not; gives how it ended, or `None` behind the last turn.
fn killed_at(doing: Doing, number: u64, carried_out: bool, going: Going) -> Option<Vec<Outcome>> {
    let mut bench = Bench::new(doing);
    let run = bench.begin().unwrap();
    let step = bench.run_up_to(&run, number);
    if matches!(step, Step::Done(_)) {
        return None;
    }
    if carried_out {
        bench.phone.perform(&step, &mut bench.place).unwrap();
    }
    bench.phone.start_again(bench.place.now());
    let outcomes = bench.go_on(going);
    bench.phone.start_again(bench.place.now());

    assert!(bench.phone.core().unfinished(bench.place.now()).unwrap().is_empty(), "a run without an end");
    let settled = &bench.place.realm.settled;
    assert!(settled.len() <= 1, "settled twice");
    if bench.account.is_none() {
        bench.set_up_anew();
    }
    bench.assert_usable();
    Some(outcomes)
}

fn killed_at_each_step(doing: Doing, ways: &[Going]) {
    let (mut kills, mut done, mut with_reason, mut turns) = (0, 0, 0, 0);
    for number in 1.. {
        turns = number - 1;
        let mut is_over = false;
        for (going, carried_out) in ways.iter().flat_map(|going| [(*going, false), (*going, true)]) {
            let Some(outcomes) = killed_at(doing, number, carried_out, going) else {
                is_over = true;
                break;
            };
            kills += 1;
            for outcome in outcomes {
                match reason(&outcome) {
                    Some(_) => with_reason += 1,
                    None => done += 1,
                }
            }
        }
        if is_over {
            break;
        }
    }
    println!(
        "counted: {doing:?}: killed {kills} times at {turns} steps; {done} runs done, {with_reason} ended with a reason"
    );
    assert!(turns > 4, "too few steps to be true");
}

#[test]
fn a_set_up() {
    killed_at_each_step(Doing::SetUp, &[Going::Resumed, Going::Again, Going::GivenUp]);
}

#[test]
fn an_answer() {
    killed_at_each_step(Doing::Answer, &[Going::Resumed, Going::Again, Going::GivenUp]);
}

#[test]
fn a_change_of_key() {
    killed_at_each_step(Doing::Rotation, &[Going::Resumed, Going::Again, Going::GivenUp]);
}
