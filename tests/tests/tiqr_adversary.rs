//! A phone, a tiqr server and an adversary between them, on a virtual clock and over sockets: set-ups, and sign-ins that
//! are scanned. The server is one of ours by the published protocol: no real one can be installed from a registry.
//!
//! `SEED=7 cargo test -p countersign-tests --test tiqr_adversary` makes one run again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::approval::{Answer, AnswerResult, Answered, Decision, Outcome, Question};
use countersign::authenticator::{Job, Scanned};
use countersign_tests::dice::Dice;
use countersign_tests::intents::{INTENTS, Intent};
use countersign_tests::network::{Clock, Network};
use countersign_tests::phone::{Phone, World};
use countersign_tests::place::Person;
use countersign_tests::runs::{
    SignInEnd, System, Tally, count, folder, judge, on_the_virtual_clock, over_sockets,
};
use countersign_tests::sockets::{self, Proxy};
use countersign_tests::tiqr::Tiqr;

/// Longer than anything is on its way: a set-up of before must not write over the next one.
const ALL_ARRIVED_MS: u64 = 45_000;

#[test]
fn no_answer_but_the_persons_own_whatever_the_network_does() {
    on_the_virtual_clock(System::Tiqr, run);
}

#[test]
fn phones_over_sockets() {
    over_sockets(System::Tiqr, run_over_sockets);
}

/// A sign-in, by the session of its code.
struct Task {
    session: String,
    code: String,
    intent: Intent,
    confirmed: bool,
}

#[derive(Default)]
struct Doer {
    tasks: Vec<Task>,
}

type Place = countersign_tests::place::Place<Doer, Tiqr>;

impl Person for Doer {
    const THINKS_MS: u64 = 3_000;

    fn answer(&mut self, question: &Question) -> Answer {
        let Question::Presence { request } = question else { return Answer::Confirmed(true) };
        let task = self.tasks.last_mut().unwrap();
        assert_eq!(request.id, task.session, "asked about another sign-in");
        task.confirmed |= task.intent == Intent::Approves;
        Answer::Confirmed(task.intent == Intent::Approves)
    }
}

/// One life of a phone: set up, then some sign-ins, one after another.
fn run(seed: u64) -> Tally {
    let mut dice = Dice::new(seed);
    let faults = dice.between(5, 60);
    let mut realm = Tiqr::new("https://tiqr.example");
    realm.speaks_json = dice.one_in(2);
    let mut place = Place {
        realm,
        network: Network::new(faults, dice.roll()),
        clock: Clock::new(*dice.pick(&[0, 0, 0, 1, -1, 90, -90, 4_000, -4_000])),
        person: Doer::default(),
    };
    let folder = folder();
    let mut phone = Phone::new(folder.path(), dice.roll(), place.now());
    let mut tally = Tally::new();
    let account = set_up(&mut phone, &mut place, &mut tally);
    for _ in 0..dice.between(1, 4) {
        place.network.set_faults(faults);
        sign_in(&mut phone, &mut place, &account, &mut dice, &mut tally);
    }
    place.network.calm();
    place.wait(ALL_ARRIVED_MS);
    for task in &place.person.tasks {
        judge(&mut tally, &end(&place.realm, &task.session, task.confirmed));
    }
    *tally.entry("faults met".to_owned()).or_default() += place.network.met;
    tally
}

fn unix_now(place: &Place) -> i64 {
    i64::try_from(place.clock.server()).unwrap()
}

/// Sets up an account: with a new code each time, until it works.
fn set_up(phone: &mut Phone, place: &mut Place, tally: &mut Tally) -> String {
    for attempt in 0..4 {
        if attempt == 3 {
            place.network.calm();
        }
        let code = place.realm.show_set_up_code("alice", unix_now(place));
        let (outcome, added) = phone.enrol(&code, place).unwrap();
        count(tally, "set-up", &outcome);
        place.wait(ALL_ARRIVED_MS);
        if let Outcome::Enrolled(_) = outcome {
            assert!(!place.realm.users.is_empty(), "the server does not know the phone");
            return added.unwrap();
        }
    }
    panic!("no set-up without faults")
}

/// A sign-in, and what the person does about it: while the network is bad, and once more when it is good again.
fn sign_in(phone: &mut Phone, place: &mut Place, account: &str, dice: &mut Dice, tally: &mut Tally) {
    let names_user = dice.one_in(2);
    let (code, session) = place.realm.sign_in(names_user.then_some("alice"), unix_now(place));
    place.person.tasks.push(Task { session, code, intent: *dice.pick(&INTENTS), confirmed: false });
    for _ in 0..dice.between(1, 3) {
        answer(phone, place, account, tally);
        place.wait(dice.between(500, 60_000));
    }
    place.network.calm();
    let is_open = |place: &Place| {
        let task = place.person.tasks.last().unwrap();
        task.intent == Intent::Approves && place.realm.is_open(&task.session, unix_now(place) + 20)
    };
    if is_open(place) {
        answer(phone, place, account, tally);
        assert!(!is_open(place), "a request is lost");
        *tally.entry("sign-in: taken while it was valid".to_owned()).or_default() += 1;
    }
}

/// Answers as the person means to.
fn answer(phone: &mut Phone, place: &mut Place, account: &str, tally: &mut Tally) {
    let task = place.person.tasks.last_mut().unwrap();
    let Some(decision) = task.intent.decision() else { return };
    let (scanned, session) = (Scanned::read(task.code.as_bytes()), task.session.clone());
    let job = Job::AnswerScanned { account, scanned: &scanned, decision };
    let outcome = phone.run(&job, place).unwrap();
    count(tally, "answer", &outcome);
    if let Outcome::Answered(Answered { result: AnswerResult::Approved, .. }) = outcome {
        assert!(place.realm.answered.contains(&session), "not approved");
        phone.tap_again(&job, place.now());
    }
}

fn end(server: &Tiqr, session: &str, has_approved: bool) -> SignInEnd {
    let approvals = server.answered.iter().filter(|answered| *answered == session).count();
    SignInEnd { approvals, is_declined: false, has_approved, has_declined: false }
}

/// One phone over sockets: set up, then four sign-ins.
fn run_over_sockets(seed: u64) -> Tally {
    let mut dice = Dice::new(seed);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = Arc::new(Mutex::new(Tiqr::new(&format!("http://{address}"))));
    let taking = Arc::clone(&server);
    sockets::serve(listener, move |request| taking.lock().unwrap().take(request, real_now()));
    let proxy = Proxy::start(address, seed);
    let mut place = sockets::Place::new(&proxy);
    let folder = folder();
    let mut phone = Phone::new(folder.path(), seed, place.now());
    let mut tally = Tally::new();

    let account = (0..4).find_map(|attempt| {
        proxy.set_faults(if attempt < 3 { 40 } else { 0 });
        let code = server.lock().unwrap().show_set_up_code("alice", real_now());
        let (outcome, added) = phone.enrol(&code, &mut place).unwrap();
        count(&mut tally, "set-up", &outcome);
        let_all_arrive();
        added
    });
    let account = account.unwrap();
    for _ in 0..4 {
        let approves = dice.percent(70);
        let (code, session) = server.lock().unwrap().sign_in(Some("alice"), real_now());
        let scanned = Scanned::read(code.as_bytes());
        let mut is_approved = false;
        for attempt in 0..4 {
            proxy.set_faults(if attempt < 3 { 40 } else { 0 });
            let decision = match approves {
                true => Decision::Approve { given: None },
                false => Decision::Decline { reason: None },
            };
            let job = Job::AnswerScanned { account: &account, scanned: &scanned, decision };
            let outcome = phone.run(&job, &mut place).unwrap();
            count(&mut tally, "answer", &outcome);
            is_approved |=
                matches!(outcome, Outcome::Answered(Answered { result: AnswerResult::Approved, .. }));
        }
        let_all_arrive();
        let end = end(&server.lock().unwrap(), &session, approves);
        judge(&mut tally, &end);
        assert!(end.approvals == usize::from(approves), "a request is lost");
        assert!(end.approvals == 1 || !is_approved, "not approved");
    }
    tally
}

/// What the proxy keeps back arrives within half a second.
fn let_all_arrive() {
    thread::sleep(Duration::from_millis(600));
}

fn real_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}
