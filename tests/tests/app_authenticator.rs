//! A phone, a realm with netzbegruenung's App Authenticator and an adversary between them: 1,000 times on a virtual
//! clock, ten times over sockets. The realm is one of ours by the published protocol: the real one is on no registry.
//!
//! `SEED=7 cargo test -p countersign-tests --test app_authenticator` makes one run again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, HttpReply, HttpRequest, Outcome, Question,
};
use countersign::authenticator::Job;
use countersign_tests::app_authenticator::AppAuthenticator;
use countersign_tests::dice::Dice;
use countersign_tests::network::{Clock, Network, Server};
use countersign_tests::phone::{Phone, World as _};
use countersign_tests::place::Person;
use countersign_tests::runs::{Tally, count, of_all_seeds};
use countersign_tests::sockets::{self, Proxy};

const RUNS: u64 = 1_000;
const SOCKET_RUNS: u64 = 10;
/// Where a vault's syncs cost nothing, where there is such a place.
const MEMORY: &str = "/dev/shm";
const ISSUER: &str = "https://login.example/realms/staff";

#[test]
fn no_answer_but_the_persons_own_whatever_the_network_does() {
    let (runs, tally) = of_all_seeds(RUNS, run);
    println!("counted: {runs} runs of an App Authenticator with an adversary in the network; ends:");
    tally.iter().for_each(|(what, times)| println!("  {times:>6} {what}"));
}

#[test]
fn ten_phones_over_sockets() {
    let (runs, tally) = of_all_seeds(SOCKET_RUNS, run_over_sockets);
    println!("counted: {runs} runs of an App Authenticator over sockets; ends:");
    tally.iter().for_each(|(what, times)| println!("  {times:>6} {what}"));
}

/// What a person does about one sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Approves,
    /// Would approve, but is not the right person.
    IsSomebodyElse,
    Declines,
    Nothing,
}

const INTENTS: [Intent; 6] = [
    Intent::Approves,
    Intent::Approves,
    Intent::Approves,
    Intent::IsSomebodyElse,
    Intent::Declines,
    Intent::Nothing,
];

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

type Place = countersign_tests::place::Place<Doer, Realm>;

/// Without sockets.
struct Realm(AppAuthenticator);

impl Server for Realm {
    fn take(&mut self, request: &HttpRequest, now: u64) -> HttpReply {
        self.0.take(request, i64::try_from(now).unwrap() * 1_000)
    }
}

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
        realm: Realm(realm),
        network: Network::new(faults, dice.roll()),
        clock: Clock::new(*dice.pick(&[0, 0, 0, 1, -1, 4, -4, -20, -45])),
        person: Doer::default(),
    };
    let memory = Path::new(MEMORY);
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
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
    judge(&place);
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
        let code = place.realm.0.show_set_up_code(now_ms(place));
        let (outcome, added) = phone.enrol(&code, place).unwrap();
        count(tally, "set-up", &outcome);
        if let Outcome::Enrolled(_) = outcome {
            assert!(!place.realm.0.devices.is_empty(), "the realm does not know the phone");
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
    place.realm.0.heard_of.clone().unwrap()
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
    let number = place.realm.0.sign_in(&device_id, now_ms(place));
    let end = place.clock.server() + u64::try_from(place.realm.0.lifetime).unwrap();
    place.person.tasks.push(Task { number, intent: *dice.pick(&INTENTS), confirmed: false });
    place.network.set_faults(faults);
    for _ in 0..dice.between(1, 3) {
        act(phone, place, account, tally);
        place.wait(dice.between(500, 10_000));
    }

    place.network.calm();
    let is_open = |place: &Place| place.realm.0.granted(number).is_none() && place.clock.server() + 20 < end;
    if !is_open(place) {
        return;
    }
    let was_found = act(phone, place, account, tally);
    assert!(was_found || !is_open(place), "a request is lost");
    let wanted = match place.person.tasks.last().unwrap().intent {
        Intent::Approves => Some(true),
        Intent::Declines => Some(false),
        Intent::IsSomebodyElse | Intent::Nothing => None,
    };
    assert!(
        place.realm.0.granted(number) == wanted || !is_open(place),
        "{:?}",
        place.realm.0.granted(number)
    );
}

/// Looks, and answers what was found as the person means to. Whether a request was found.
fn act(phone: &mut Phone, place: &mut Place, account: &str, tally: &mut Tally) -> bool {
    let checked = phone.run(&Job::Check { account }, place).unwrap();
    count(tally, "look", &checked);
    let Outcome::Checked { requests } = checked else { return false };
    let Some(request) = requests.first() else { return false };
    let Task { number, intent, .. } = *place.person.tasks.last().unwrap();
    let decision = match intent {
        Intent::Nothing => return true,
        Intent::Declines => Decision::Decline { reason: None },
        Intent::Approves | Intent::IsSomebodyElse => Decision::Approve { given: None },
    };
    let request = AnswerRequest { request: request.id.clone(), decision };
    let outcome = phone.run(&Job::Answer { account, request }, place).unwrap();
    count(tally, "answer", &outcome);
    match outcome {
        Outcome::Answered(Answered { result: AnswerResult::Approved, .. }) => {
            assert_eq!(place.realm.0.granted(number), Some(true));
        }
        Outcome::Answered(Answered { result: AnswerResult::Declined, .. }) => {
            assert_eq!(place.realm.0.granted(number), Some(false));
        }
        _ => {}
    }
    true
}

/// What must hold at the end, whatever happened.
fn judge(place: &Place) {
    for (at, (number, granted)) in place.realm.0.answers.iter().enumerate() {
        let others = place.realm.0.answers.iter().enumerate().filter(|(other, _)| *other != at);
        assert!(others.into_iter().all(|(_, (other, _))| other != number), "settled twice");
        let task = place.person.tasks.iter().find(|task| task.number == *number).unwrap();
        if *granted {
            assert!(task.confirmed, "approved, but not by the person: {:?}", task.intent);
        } else {
            assert_eq!(task.intent, Intent::Declines, "declined, but not by the person");
        }
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
