//! A phone, a realm with netzbegruenung's App Authenticator and an adversary between them, on a virtual clock and over
//! sockets. The realm is one of ours by the published protocol: the real one is on no registry.
//!
//! `SEED=7 cargo test -p countersign-tests --test app_authenticator` makes one run again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::approval::{Answer, AnswerRequest, AnswerResult, Answered, Outcome, Question};
use countersign::authenticator::Job;
use countersign_tests::app_authenticator::AppAuthenticator;
use countersign_tests::dice::Dice;
use countersign_tests::intents::{INTENTS, Intent};
use countersign_tests::network::{Clock, Network};
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::Person;
use countersign_tests::runs::{
    SignInEnd, System, Tally, count, folder, judge, on_the_virtual_clock, over_sockets,
};
use countersign_tests::sockets::{self, Proxy};

const ISSUER: &str = "https://login.example/realms/staff";

#[test]
fn no_answer_but_the_persons_own_whatever_the_network_does() {
    on_the_virtual_clock(System::AppAuthenticator, run);
}

/// The server tells its user's name with a request only.
#[test]
fn an_account_gets_its_name_by_its_first_request() {
    let mut place = Place {
        realm: AppAuthenticator::new(ISSUER),
        network: Network::new(0, 1),
        clock: Clock::new(0),
        person: Doer::default(),
    };
    let folder = folder();
    let mut phone = Phone::new(folder.path(), 1, place.now());
    let account = set_up(&mut phone, &mut place, 0, &mut Tally::new());
    let now = place.now();
    assert_eq!(phone.core().summary(&account, now).unwrap().name, "");
    for (name, then) in [("", "alice"), ("Mine", "Mine")] {
        phone.core().rename(&account, "Example", name, now).unwrap();
        let device_id = device_of(&mut phone, &mut place, &account);
        place.realm.sign_in(&device_id, now_ms(&place));
        phone.run(&Job::Check { account: &account }, &mut place).unwrap();
        assert_eq!(phone.core().summary(&account, now).unwrap().name, then);
    }
}

#[test]
fn phones_over_sockets() {
    over_sockets(System::AppAuthenticator, run_over_sockets);
}

/// A sign-in, by the realm's number of it.
struct Task {
    number: u64,
    intent: Intent,
    confirmed: bool,
}

#[derive(Default)]
struct Doer {
    tasks: Vec<Task>,
}

type Place = countersign_tests::place::Place<Doer, AppAuthenticator>;

impl Person for Doer {
    const THINKS_MS: u64 = 3_000;

    fn answer(&mut self, question: &Question) -> Answer {
        match question {
            Question::Presence { .. } => {
                let task = self.tasks.last_mut().unwrap();
                task.confirmed |= task.intent == Intent::Approves;
                Answer::Confirmed(task.intent == Intent::Approves)
            }
            _ => Answer::Confirmed(true),
        }
    }
}

/// One life of a phone: set up, then some sign-ins, one after another.
fn run(seed: u64) -> Tally {
    let mut dice = Dice::new(seed);
    let faults = dice.between(5, 60);
    let mut realm = AppAuthenticator::new(ISSUER);
    realm.lifetime = *dice.pick(&[40, 60, 120, 300]);
    let mut place = Place {
        realm,
        network: Network::new(faults, dice.roll()),
        clock: Clock::new(*dice.pick(&[0, 0, 0, 1, -1, 4, -4, -20, -45])),
        person: Doer::default(),
    };
    let folder = folder();
    let mut phone = Phone::new(folder.path(), dice.roll(), place.now());
    let mut tally = Tally::new();
    let account = set_up(&mut phone, &mut place, faults, &mut tally);
    for _ in 0..dice.between(1, 3) {
        sign_in(&mut phone, &mut place, &account, faults, &mut dice, &mut tally);
        let pause = dice.between(0, 90_000);
        place.wait(pause);
    }
    place.network.calm();
    place.wait(120_000);
    judge_all(&place, &mut tally);
    *tally.entry("faults met".to_owned()).or_default() += place.network.met;
    tally
}

fn now_ms(place: &Place) -> i64 {
    i64::try_from(place.clock.server()).unwrap() * 1_000
}

/// Sets up an account: with a new code each time, until it works.
fn set_up(phone: &mut Phone, place: &mut Place, faults: u64, tally: &mut Tally) -> String {
    for attempt in 0..4 {
        if attempt == 3 {
            place.network.calm();
        }
        let code = place.realm.show_set_up_code(now_ms(place));
        let (outcome, added) = phone.enrol(&code, place).unwrap();
        count(tally, "set-up", &outcome);
        if let Outcome::Enrolled(_) = outcome {
            assert!(!place.realm.devices.is_empty(), "the realm does not know the phone");
            place.network.set_faults(faults);
            return added.unwrap();
        }
        place.wait(5_000);
    }
    panic!("no set-up without faults")
}

/// The device that stands for an account at the realm: an earlier set-up may have left another.
fn device_of(phone: &mut Phone, place: &mut Place, account: &str) -> String {
    place.network.calm();
    phone.run(&Job::Check { account }, place).unwrap();
    place.realm.heard_of.clone().unwrap()
}

/// A sign-in, and what the person does about it.
fn sign_in(
    phone: &mut Phone,
    place: &mut Place,
    account: &str,
    faults: u64,
    dice: &mut Dice,
    tally: &mut Tally,
) {
    let device_id = device_of(phone, place, account);
    let number = place.realm.sign_in(&device_id, now_ms(place));
    let end = place.clock.server() + u64::try_from(place.realm.lifetime).unwrap();
    place.person.tasks.push(Task { number, intent: *dice.pick(&INTENTS), confirmed: false });
    place.network.set_faults(faults);
    for _ in 0..dice.between(1, 3) {
        act(phone, place, account, tally);
        place.wait(dice.between(500, 10_000));
    }

    place.network.calm();
    let is_open = |place: &Place| place.realm.granted(number).is_none() && place.clock.server() + 20 < end;
    if !is_open(place) {
        return;
    }
    let was_found = act(phone, place, account, tally);
    assert!(was_found || !is_open(place), "a request is lost");
    *tally.entry("sign-in: found while it was valid".to_owned()).or_default() += u64::from(was_found);
    let wanted = match place.person.tasks.last().unwrap().intent {
        Intent::Approves => Some(true),
        Intent::Declines => Some(false),
        Intent::IsSomebodyElse | Intent::Nothing => None,
    };
    assert!(place.realm.granted(number) == wanted || !is_open(place), "{:?}", place.realm.granted(number));
}

/// Looks, and answers what was found as the person means to. Whether a request was found.
fn act(phone: &mut Phone, place: &mut Place, account: &str, tally: &mut Tally) -> bool {
    let checked = phone.run(&Job::Check { account }, place).unwrap();
    count(tally, "look", &checked);
    let Outcome::Checked { requests, .. } = checked else { return false };
    let Some(request) = requests.first() else { return false };
    let Task { number, intent, .. } = *place.person.tasks.last().unwrap();
    let Some(decision) = intent.decision() else { return true };
    let request = AnswerRequest { request: request.id.clone(), decision };
    let job = Job::Answer { account, request };
    let outcome = phone.run(&job, place).unwrap();
    count(tally, "answer", &outcome);
    match outcome {
        Outcome::Answered(Answered { result: AnswerResult::Approved, .. }) => {
            assert_eq!(place.realm.granted(number), Some(true));
            phone.tap_again(&job, place.now());
        }
        Outcome::Answered(Answered { result: AnswerResult::Declined, .. }) => {
            assert_eq!(place.realm.granted(number), Some(false));
        }
        _ => {}
    }
    true
}

/// What must hold at the end, whatever happened.
fn judge_all(place: &Place, tally: &mut Tally) {
    for task in &place.person.tasks {
        let answers = place.realm.answers.iter().filter(|(number, _)| *number == task.number);
        let granted: Vec<bool> = answers.map(|(_, granted)| *granted).collect();
        assert!(granted.len() <= 1, "settled twice");
        let end = SignInEnd {
            approvals: usize::from(granted.contains(&true)),
            is_declined: granted.contains(&false),
            has_approved: task.confirmed,
            has_declined: task.intent == Intent::Declines,
        };
        judge(tally, &end);
    }
}

/// One phone over sockets: set up, asked once.
fn run_over_sockets(seed: u64) -> Tally {
    let mut dice = Dice::new(seed);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let realm = Arc::new(Mutex::new(AppAuthenticator::new(&format!("http://{address}/realms/staff"))));
    let server = Arc::clone(&realm);
    sockets::serve(listener, move |request| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        server.lock().unwrap().take(request, i64::try_from(now).unwrap())
    });
    let proxy = Proxy::start(address, seed);
    let mut place = sockets::Place::new(&proxy);
    let folder = tempfile::tempdir().unwrap();
    let mut phone = Phone::new(folder.path(), seed, place.now());
    let mut tally = Tally::new();

    let account = (0..4).find_map(|attempt| {
        proxy.set_faults(if attempt < 3 { 40 } else { 0 });
        let code = realm.lock().unwrap().show_set_up_code(real_ms(&place));
        let (outcome, added) = phone.enrol(&code, &mut place).unwrap();
        count(&mut tally, "set-up", &outcome);
        added
    });
    let account = account.unwrap();
    proxy.set_faults(0);
    phone.run(&Job::Check { account: &account }, &mut place).unwrap();
    let number = {
        let mut realm = realm.lock().unwrap();
        let device_id = realm.heard_of.clone().unwrap();
        realm.sign_in(&device_id, real_ms(&place))
    };
    let approves = dice.one_in(2);
    sockets::answer(&mut phone, &mut place, &account, approves, &mut tally);
    // What the proxy keeps back arrives within half a second.
    thread::sleep(Duration::from_millis(500));
    let realm = realm.lock().unwrap();
    assert_eq!((realm.granted(number), &realm.answers[..]), (Some(approves), &[(number, approves)][..]));
    tally
}

fn real_ms(place: &sockets::Place<'_>) -> i64 {
    place.now().wall.0 * 1_000
}
