//! When a whole phone looks, on a clock that the test sets: by the schedule while the app is open, by the watch key while
//! nobody is there; and requests that come one after the other.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::mem;

use countersign::approval::{
    AnswerRequest, CheckKind, Decision, DeclineReason, Event, HostFacts, HttpReply, NetworkFailure, Outcome,
    Step,
};
use countersign::authenticator::{Background, Flood, Job, PastStanding, RunId};
use countersign::entropy::SystemEntropy;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::ValueKind;
use countersign_practice::Settings;
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::{Place, approval};
use countersign_tests::realm::{Realm, SignIn};
use countersign_tests::token_server::{Make, Near};

const MINUTE_MS: u64 = 60_000;

struct Bench {
    place: Place,
    phone: Phone,
    account: String,
    folder: tempfile::TempDir,
}

/// What a server that is not there, or busy, makes of a request.
type Fault = fn() -> Event;

const DEAD: Fault = || Event::NoReply(NetworkFailure::NotConnected);
const BUSY: Fault = || {
    let headers = vec![("Retry-After".to_owned(), "600".to_owned())];
    Event::Reply(HttpReply { status: 503, headers, body: Secret::default() })
};

impl Bench {
    fn new() -> Self {
        let mut place = Place::new(Settings::default());
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        Self { place, phone, account, folder }
    }

    /// As a host does: begins what is due, and waits. The moments at which looks began, by the steady clock, until then.
    fn looks_until(&mut self, until_ms: u64, fault: Option<Fault>) -> Vec<u64> {
        let mut begun = Vec::new();
        while self.place.now().steady_ms < until_ms {
            let now = self.place.now();
            let looks = self.phone.core().next_looks(now).unwrap();
            for account in &looks.due {
                begun.push(now.steady_ms);
                let run = self.phone.core().begin(&Job::Check { account }, now).unwrap();
                assert!(self.due().is_empty(), "it is looked at already");
                self.finish(&run, fault);
            }
            if looks.due.is_empty() {
                self.place.wait(looks.wait_ms);
            }
        }
        begun
    }

    fn finish(&mut self, run: &RunId, fault: Option<Fault>) -> Outcome {
        loop {
            let now = self.place.now();
            let turn = self.phone.turn(run, now);
            let event = match (&turn.step, fault) {
                (Step::Done(outcome), _) => return outcome.clone(),
                (Step::Send(_), Some(fault)) => fault(),
                (step, _) => self.phone.perform(step, &mut self.place).unwrap(),
            };
            let now = self.place.now();
            self.phone.tell(run, &turn, event, now);
        }
    }

    fn due(&mut self) -> Vec<String> {
        let now = self.place.now();
        self.phone.core().next_looks(now).unwrap().due
    }

    fn look(&mut self) {
        let looked = self.phone.run(&Job::Check { account: &self.account }, &mut self.place).unwrap();
        assert!(matches!(looked, Outcome::Checked { .. }), "{looked:?}");
    }

    /// Begins a sign-in; the realm has one at a time for each person.
    fn sign_in(&mut self) -> SignIn {
        if let Some(before) = &self.place.person.sign_in {
            self.place.realm.end_sign_in(&before.id);
        }
        let sign_in = self.place.realm.sign_in("alice", self.place.clock.server());
        self.place.person.sign_in = Some(sign_in.clone());
        sign_in
    }

    fn answer(&mut self, request: AnswerRequest) {
        let outcome =
            self.phone.run(&Job::Answer { account: &self.account, request }, &mut self.place).unwrap();
        assert!(matches!(outcome, Outcome::Answered(_)), "{outcome:?}");
    }

    fn floods(&mut self) -> Vec<Flood> {
        let now = self.place.now();
        self.phone.core().floods(now).unwrap()
    }

    /// A new process, as the platform starts one for each look.
    fn background(&mut self) -> Background {
        let key = self.phone.core().watch_key(self.place.now()).unwrap();
        // EXPOSE: as a host gives it.
        let key = key.expose().try_into().unwrap();
        Background::open(&self.folder.path().join("vault.db"), key, Box::new(SystemEntropy::new())).unwrap()
    }

    fn wake(&mut self, fault: Option<Fault>) {
        let mut background = self.background();
        let mut turn = background.begin(&self.account, self.place.now()).unwrap();
        while !matches!(turn.step, Step::Done(_)) {
            let event = match (&turn.step, fault) {
                (Step::Send(_), Some(fault)) => fault(),
                (step, _) => self.phone.perform(step, &mut self.place).unwrap(),
            };
            turn = background.next(turn.number, event, self.place.now()).unwrap();
        }
    }

    fn is_due_in_the_background(&mut self) -> bool {
        let now = self.place.now();
        !self.background().due(now).unwrap().is_empty()
    }
}

fn pauses(begun: &[u64]) -> Vec<u64> {
    begun.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn an_open_app_looks_every_fifteen_seconds_and_every_two_while_a_sign_in_is_expected() {
    let mut bench = Bench::new();
    let begun = bench.place.now().steady_ms;
    let open = bench.looks_until(begun + 10 * MINUTE_MS, None);
    assert_eq!(open[0], begun, "at once");
    assert!(pauses(&open).iter().all(|pause| (15_000..19_000).contains(pause)), "{open:?}");

    let now = bench.place.now();
    bench.phone.core().expect_sign_in(now).unwrap();
    let expected = bench.looks_until(now.steady_ms + 120_000, None);
    assert!((48..=60).contains(&expected.len()), "{}", expected.len());
    assert!(pauses(&expected).iter().all(|pause| (2_000..3_000).contains(pause)), "{expected:?}");
    assert_eq!(bench.phone.core().expecting_ms(bench.place.now()), None);
}

#[test]
fn the_request_that_is_expected_ends_the_expecting() {
    let mut bench = Bench::new();
    bench.sign_in();
    bench.look();
    for is_started_again in [false, true] {
        let now = bench.place.now();
        if is_started_again {
            bench.phone.start_again(now);
        }
        bench.phone.core().expect_sign_in(now).unwrap();
        bench.looks_until(now.steady_ms + 10_000, None);
        assert!(bench.phone.core().expecting_ms(bench.place.now()).is_some(), "that one was there before");
    }
    let new = bench.sign_in();
    bench.looks_until(bench.place.now().steady_ms + 3_000, None);
    assert_eq!(bench.phone.core().expecting_ms(bench.place.now()), None);
    let seen = bench.phone.core().last_seen(bench.place.now()).unwrap();
    assert_eq!((seen.len(), &seen[0].1.id), (1, &new.id));
}

/// The look in the background could write no history.
#[test]
fn not_me_stands_in_the_history_as_soon_as_it_is_said() {
    let mut bench = Bench::new();
    let request = bench.sign_in().id;
    bench.wake(None);
    let now = bench.place.now();
    assert!(bench.phone.core().history(now).unwrap().is_empty());
    let decision = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let answer = AnswerRequest { request, decision };
    // Nothing more comes of it.
    bench.phone.core().begin(&Job::Answer { account: &bench.account, request: answer }, now).unwrap();
    let [past] = &bench.phone.core().history(now).unwrap()[..] else { panic!("not one") };
    assert!(!past.application.is_empty());
    assert_eq!(past.standing(now), PastStanding::Waiting);
    assert_eq!(past.answer.unwrap().decline, Some(DeclineReason::NotMe));
}

/// Nor where the server lists it again.
#[test]
fn a_request_that_has_ended_here_is_not_the_expected_one_and_the_self_test_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut near = Near::new(Make::EduMfa { older: false });
    let mut phone = Phone::new(folder.path(), 3, near.now());
    let code = near.server.show_set_up_code("PIPU1");
    let account = phone.enrol(&code, &mut near).unwrap().1.unwrap();
    let request = near.server.sign_in("PIPU1", near.seconds).id;
    let answer = AnswerRequest { request, decision: Decision::Decline { reason: None } };
    phone.run(&Job::Answer { account: &account, request: answer }, &mut near).unwrap();
    assert!(mem::take(&mut near.server.sign_ins[0].is_declined));
    phone.start_again(near.now());
    let job = Job::SelfTest { account: &account, host: HostFacts::default() };
    let Outcome::Tested { checks } = phone.run(&job, &mut near).unwrap() else { panic!() };
    let told = checks.iter().find(|check| check.kind == CheckKind::Requests).unwrap();
    assert_eq!((told.works, told.reason, told.figure), (Some(true), Some(Reason::RequestEnded), Some(0)));
    for is_new in [false, true] {
        if is_new {
            near.server.sign_in("PIPU1", near.seconds);
        }
        phone.core().expect_sign_in(near.now()).unwrap();
        let outcome = phone.run(&Job::Check { account: &account }, &mut near).unwrap();
        assert!(matches!(outcome, Outcome::Checked { .. }), "{outcome:?}");
        assert_eq!(phone.core().expecting_ms(near.now()).is_none(), is_new);
    }
}

#[test]
fn the_newest_request_is_the_first_whatever_account_it_is_of() {
    let mut place = Place {
        realm: Realm::new(Settings::default(), &["alice", "bob"], 1),
        ..Place::new(Settings::default())
    };
    let folder = tempfile::tempdir().unwrap();
    let mut phone = Phone::new(folder.path(), 3, place.now());
    let accounts = ["alice", "bob"].map(|user| {
        let code = place.realm.show_set_up_code(user, place.clock.server());
        phone.enrol(&code, &mut place).unwrap().1.unwrap()
    });
    for order in [[0, 1], [1, 0]] {
        let begun = order.map(|user| {
            place.wait(5_000);
            let sign_in = place.realm.sign_in(["alice", "bob"][user], place.clock.server());
            let looked = phone.run(&Job::Check { account: &accounts[user] }, &mut place).unwrap();
            assert!(matches!(looked, Outcome::Checked { .. }), "{looked:?}");
            sign_in.id
        });
        let seen = phone.core().last_seen(place.now()).unwrap();
        assert_eq!([&seen[0].1.id, &seen[1].1.id], [&begun[1], &begun[0]]);
        begun.iter().for_each(|id| place.realm.end_sign_in(id));
    }
}

#[test]
fn a_dead_server_is_asked_less_and_less_until_it_answers_or_the_person_asks() {
    let mut bench = Bench::new();
    let begun = bench.place.now().steady_ms;
    let looks = bench.looks_until(begun + 30 * MINUTE_MS, Some(DEAD));
    assert!((8..=11).contains(&looks.len()), "{looks:?}");
    assert!(pauses(&looks).last().unwrap() >= &300_000);
    assert!(bench.due().is_empty());
    bench.phone.core().look_now();
    assert_eq!(bench.due(), [bench.account.clone()]);
    let now = bench.place.now().steady_ms;
    let looks = bench.looks_until(now + MINUTE_MS, None);
    assert_eq!((looks[0], looks.len() >= 4), (now, true), "it answers");
}

#[test]
fn a_busy_server_gets_the_time_that_it_asks_for() {
    let mut bench = Bench::new();
    let now = bench.place.now();
    bench.phone.core().expect_sign_in(now).unwrap();
    let looks = bench.looks_until(now.steady_ms + 25 * MINUTE_MS, Some(BUSY));
    assert!(pauses(&looks).iter().all(|pause| *pause >= 600_000), "{looks:?}");
    assert!(looks.len() >= 2);
}

#[test]
fn a_look_that_was_left_is_due_again_and_one_that_can_not_begin_waits() {
    let mut bench = Bench::new();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let run = bench.phone.core().begin(&Job::Check { account: &account }, now).unwrap();
    assert!(bench.due().is_empty());
    bench.place.wait(3 * MINUTE_MS);
    assert_eq!(bench.due(), std::slice::from_ref(&account), "nobody goes on with it");
    let now = bench.place.now();
    let _no_keys = bench.phone.core().abandon(&run, now).unwrap();
    assert!(bench.due().is_empty(), "the person has stopped it");

    let failed = bench.phone.core().begin(&Job::Check { account: "nobody" }, now);
    assert_eq!(failed.unwrap_err().reason(), Reason::NoSuchAccount);
    bench.phone.core().remove(&account, now).unwrap();
    bench.phone.core().look_now();
    assert!(bench.due().is_empty(), "in the trash");
}

#[test]
fn in_the_background_a_dead_server_is_not_asked_at_each_wake_up() {
    let mut bench = Bench::new();
    assert!(bench.is_due_in_the_background());
    for minutes in [10, 20, 40, 80, 120, 120] {
        bench.wake(Some(DEAD));
        bench.place.wait((minutes - 1) * MINUTE_MS);
        assert!(!bench.is_due_in_the_background(), "{minutes}");
        assert_eq!(bench.background().accounts().unwrap().len(), 1, "a push asks all");
        // Up to a fifth by chance.
        bench.place.wait(MINUTE_MS + minutes * MINUTE_MS / 5);
        assert!(bench.is_due_in_the_background(), "{minutes}");
    }
    bench.wake(None);
    assert!(bench.is_due_in_the_background());
    bench.wake(Some(DEAD));
    assert!(!bench.is_due_in_the_background());
    bench.look();
    assert!(bench.is_due_in_the_background(), "the open app has seen that it answers");
}

#[test]
fn more_than_four_requests_in_ten_minutes_are_a_flood() {
    let mut bench = Bench::new();
    for _ in 0..4 {
        bench.sign_in();
        bench.look();
        bench.place.wait(10_000);
    }
    assert_eq!(bench.floods(), []);
    // Most of a flood comes while nobody is there.
    let mut last = bench.sign_in();
    for _ in 0..2 {
        bench.wake(None);
        last = bench.sign_in();
    }
    bench.wake(None);
    let account = bench.account.clone();
    let flood = |requests| [Flood { account: account.clone(), requests, minutes: 10, quiet_until: None }];
    assert_eq!(bench.floods(), flood(7));
    bench.look();
    bench.wake(None);
    assert_eq!(bench.floods(), flood(7), "each is counted once");

    // To give in to one makes the others no less.
    bench.answer(approval(&last));
    assert_eq!(bench.floods(), flood(6));
    for (reason, then) in [(DeclineReason::Cancelled, 6), (DeclineReason::NotMe, 7)] {
        let request = bench.sign_in().id;
        bench.look();
        assert_eq!(bench.floods(), flood(7));
        bench.answer(AnswerRequest { request, decision: Decision::Decline { reason: Some(reason) } });
        assert_eq!(bench.floods(), flood(then));
    }

    bench.place.wait(10 * MINUTE_MS);
    assert_eq!(bench.floods(), []);
}

#[test]
fn quiet_lasts_an_hour_and_hides_nothing() {
    let mut bench = Bench::new();
    let (account, now) = (bench.account.clone(), bench.place.now());
    let quiet = |bench: &mut Bench| {
        let now = bench.place.now();
        bench.background().is_quiet(&bench.account.clone(), now).unwrap()
    };
    assert!(!quiet(&mut bench));
    bench.phone.core().be_quiet(&account, now).unwrap();
    assert!(quiet(&mut bench));
    let sign_in = bench.sign_in();
    bench.wake(None);
    bench.look();
    assert_eq!(bench.background().last_seen(&account).unwrap().len(), 1);
    assert_eq!(bench.phone.core().last_seen(bench.place.now()).unwrap().len(), 1);
    let [flood] = &bench.floods()[..] else { panic!() };
    assert_eq!((flood.requests, flood.quiet_until), (1, Some(now.wall.plus(3_600))));
    bench.answer(approval(&sign_in));
    assert!(quiet(&mut bench), "a look and an answer keep it");
    bench.place.wait(60 * MINUTE_MS);
    assert!(!quiet(&mut bench));
    assert_eq!(bench.floods(), []);

    let now = bench.place.now();
    bench.phone.core().be_quiet(&account, now).unwrap();
    bench.phone.core().set_label(&account, Some("Work"), now).unwrap();
    assert!(quiet(&mut bench));
    bench.phone.core().end_quiet(&account, now).unwrap();
    assert!(!quiet(&mut bench));
    let unknown = bench.phone.core().be_quiet("nobody", now).unwrap_err();
    assert_eq!(unknown.reason(), Reason::NoSuchAccount);
}

/// A row that was written before there were pauses, counts and quiet.
#[test]
fn an_older_watch_row_is_read_and_kept() {
    let mut bench = Bench::new();
    bench.phone.core().set_label(&bench.account.clone(), Some("Work"), bench.place.now()).unwrap();
    let now = bench.place.now();
    let mut vault = bench.phone.vault(now);
    let row: serde_json::Value = vault.get(ValueKind::Watch, &bench.account, now).unwrap().unwrap();
    let mut older = row.clone();
    let fields = older.as_object_mut().unwrap();
    fields.retain(|name, _| ["registration", "context", "label"].contains(&name.as_str()));
    assert!(fields.len() == 3 && fields.len() < row.as_object().unwrap().len());
    vault
        .change(&mut SystemEntropy::new(), now, |change| change.put(ValueKind::Watch, &bench.account, &older))
        .unwrap();
    drop(vault);
    assert!(bench.is_due_in_the_background());
    bench.sign_in();
    bench.wake(None);
    bench.look();
    assert_eq!(bench.floods(), []);
    bench.phone.core().be_quiet(&bench.account.clone(), bench.place.now()).unwrap();
    assert_eq!(bench.floods()[0].requests, 1);
    assert_eq!(bench.background().label(&bench.account.clone()).unwrap().as_deref(), Some("Work"));
}
