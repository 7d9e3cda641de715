//! A phone, a privacyIDEA or an eduMFA, and the adversary between them, on a virtual clock and over sockets: set-ups,
//! looks and answers.
//!
//! `SEED=7 cargo test -p countersign-tests --test token_adversary` makes one run again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, Event, HttpRequest, Outcome, Question,
};
use countersign::authenticator::Job;
use countersign::clock::Now;
use countersign::secret::Secret;
use countersign_tests::dice::Dice;
use countersign_tests::network::{Clock, Network, Server as _};
use countersign_tests::phone::{Phone, World};
use countersign_tests::runs::{
    SignInEnd, System, Tally, count, folder, judge, on_the_virtual_clock, over_sockets,
};
use countersign_tests::sockets::{self, Proxy};
use countersign_tests::token_server::{Make, SignIn, TokenServer};

const PRIVACYIDEA: [Make; 2] = [Make::PrivacyIdea { numbers: true }, Make::PrivacyIdea { numbers: false }];
const EDUMFA: [Make; 1] = [Make::EduMfa { older: false }];
const OLDER_EDUMFA: [Make; 1] = [Make::EduMfa { older: true }];
/// Over sockets too, the time is that of the small servers, in Unix seconds.
const START: i64 = 1_800_000_000;
/// How long a person thinks who does nothing else, in milliseconds.
const THINKS_MS: u64 = 3_000;
/// Longest trip of an answer to the server, in seconds: a request may end meanwhile.
const TRIP: u64 = 2;

#[test]
fn privacyidea_and_an_adversary() {
    on_the_virtual_clock(System::PrivacyIdea, |seed| run(seed, &PRIVACYIDEA));
}

#[test]
fn privacyidea_and_an_adversary_over_sockets() {
    over_sockets(System::PrivacyIdea, |seed| run_over_sockets(seed, &PRIVACYIDEA));
}

#[test]
fn edumfa_and_an_adversary() {
    on_the_virtual_clock(System::EduMfa, |seed| run(seed, &EDUMFA));
}

#[test]
fn edumfa_and_an_adversary_over_sockets() {
    over_sockets(System::EduMfa, |seed| run_over_sockets(seed, &EDUMFA));
}

#[test]
fn older_edumfa_and_an_adversary() {
    on_the_virtual_clock(System::OlderEduMfa, |seed| run(seed, &OLDER_EDUMFA));
}

#[test]
fn older_edumfa_and_an_adversary_over_sockets() {
    over_sockets(System::OlderEduMfa, |seed| run_over_sockets(seed, &OLDER_EDUMFA));
}

/// What a person does about one sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Approves,
    /// Types a number that is offered, but not the right one.
    Mistakes,
    /// Is not the right person.
    IsSomebodyElse,
    Declines,
    Nothing,
}

const INTENTS: [Intent; 6] = [
    Intent::Approves,
    Intent::Approves,
    Intent::Mistakes,
    Intent::IsSomebodyElse,
    Intent::Declines,
    Intent::Nothing,
];

/// A server, a network and a person around one phone.
struct Place {
    server: TokenServer,
    network: Network,
    clock: Clock,
    /// How long the person thinks about a question.
    thinks_ms: u64,
    sign_in: Option<(SignIn, Intent)>,
    /// Sign-ins of which the right person said yes at the phone.
    confirmed: BTreeSet<String>,
    /// Sign-ins to which the person said no, or whose number was mistaken.
    refused: BTreeSet<String>,
}

impl World for Place {
    fn now(&self) -> Now {
        self.clock.device()
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        self.network.carry(request, &mut self.server, &mut self.clock)
    }

    fn wait(&mut self, ms: u64) {
        self.network.wait(ms, &mut self.server, &mut self.clock);
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.wait(self.thinks_ms);
        let (sign_in, intent) = match (&self.sign_in, question) {
            (Some(sign_in), Question::Answer { request, .. } | Question::Presence { request }) => {
                assert_eq!(request.id, sign_in.0.id, "asked about another sign-in");
                sign_in.clone()
            }
            (_, question) => return Answer::Confirmed(matches!(question, Question::Trust { .. })),
        };
        if let Question::Presence { .. } = question {
            if intent != Intent::IsSomebodyElse {
                self.confirmed.insert(sign_in.id);
            }
            return Answer::Confirmed(intent != Intent::IsSomebodyElse);
        }
        let typed = if intent == Intent::Mistakes {
            self.refused.insert(sign_in.id.clone());
            sign_in.options.iter().find(|option| sign_in.shown.as_ref() != Some(option)).cloned()
        } else {
            sign_in.shown
        };
        typed.map_or(Answer::None, |typed| Answer::Typed(Secret::from(typed)))
    }
}

/// One life of a phone: set up for one token or two, then some sign-ins.
fn run(seed: u64, makes: &[Make]) -> Tally {
    let mut dice = Dice::new(seed);
    let faults = dice.between(5, 60);
    let make = *dice.pick(makes);
    let skew = *dice.pick(&[0, 0, 0, 1, -1, 20, -20, 90, -90, 250, -250]);
    let mut place = Place {
        server: TokenServer::new(make, "https://mfa.example", dice.roll()),
        network: Network::new(faults, dice.roll()),
        clock: Clock::new(skew),
        thinks_ms: THINKS_MS,
        sign_in: None,
        confirmed: BTreeSet::new(),
        refused: BTreeSet::new(),
    };
    let folder = folder();
    let mut phone = Phone::new(folder.path(), dice.roll(), place.now());
    let mut tally = Tally::new();

    let serials: &[&str] = if dice.one_in(3) { &["TOKEN1", "TOKEN2"] } else { &["TOKEN1"] };
    let accounts: Vec<(&str, String)> = serials
        .iter()
        .map(|serial| (*serial, set_up(&mut phone, &mut place, serial, faults, &mut tally)))
        .collect();
    for _ in 0..dice.between(1, 3) {
        let (serial, account) = dice.pick(&accounts);
        place.network.set_faults(faults);
        sign_in(&mut phone, &mut place, (serial, account), &mut dice, &mut tally);
    }
    place.network.calm();
    place.wait(120_000);
    judge_all(&place, &mut tally);
    *tally.entry("faults met".to_owned()).or_default() += place.network.met;
    tally
}

/// Sets up a token: with a new code each time, until it works.
fn set_up(phone: &mut Phone, place: &mut Place, serial: &str, faults: u64, tally: &mut Tally) -> String {
    for attempt in 0..4 {
        if attempt == 3 {
            place.network.calm();
        }
        let code = place.server.show_set_up_code(serial);
        let (outcome, added) = phone.enrol(&code, place).unwrap();
        count(tally, "set-up", &outcome);
        if let Outcome::Enrolled(_) = outcome {
            assert!(place.server.knows_phone(serial), "the server does not know the phone");
            place.network.set_faults(faults);
            return added.unwrap();
        }
        place.wait(45_000);
    }
    panic!("no set-up without faults")
}

/// One sign-in, tried while the network is bad and once more when it is good again.
fn sign_in(
    phone: &mut Phone,
    place: &mut Place,
    (serial, account): (&str, &str),
    dice: &mut Dice,
    tally: &mut Tally,
) {
    let sign_in = place.server.sign_in(serial, place.clock.server());
    let intent = *dice.pick(&INTENTS);
    place.sign_in = Some((sign_in.clone(), intent));
    if dice.one_in(3) {
        // Nobody looks for a while: the phone takes the request for younger than it is.
        place.wait(dice.between(20_000, 110_000));
    }
    let tries = dice.between(1, 3);
    for attempt in 0..=tries {
        if attempt == tries {
            place.network.calm();
        }
        if act(phone, place, account, dice, tally) {
            break;
        }
        place.wait(dice.between(500, 40_000));
    }
    place.network.calm();
    place.thinks_ms = THINKS_MS;
    settle(phone, place, account, tally);
}

/// Looks, and answers as the person means to. True when it is over for this phone.
fn act(phone: &mut Phone, place: &mut Place, account: &str, dice: &mut Dice, tally: &mut Tally) -> bool {
    let (sign_in, intent) = place.sign_in.clone().unwrap();
    let checked = phone.run(&Job::Check { account }, place).unwrap();
    count(tally, "look", &checked);
    let Outcome::Checked { requests, .. } = checked else { return false };
    if !requests.iter().any(|request| request.id == sign_in.id) || intent == Intent::Nothing {
        return false;
    }
    place.thinks_ms = *dice.pick(&[THINKS_MS, THINKS_MS, 20_000, 90_000]);
    matches!(
        answer(phone, place, account, tally),
        Outcome::Answered(Answered { tries_left: None | Some(0), .. })
    )
}

fn answer(phone: &mut Phone, place: &mut Place, account: &str, tally: &mut Tally) -> Outcome {
    let (SignIn { id, .. }, intent) = place.sign_in.clone().unwrap();
    let decision = if intent == Intent::Declines {
        place.refused.insert(id.clone());
        Decision::Decline { reason: None }
    } else {
        Decision::Approve { given: None }
    };
    let request = AnswerRequest { request: id.clone(), decision };
    let job = Job::Answer { account, request };
    let outcome = phone.run(&job, place).unwrap();
    count(tally, "answer", &outcome);
    if let Outcome::Answered(answered) = &outcome {
        let (sign_in, now) = (place.server.find(&id), place.clock.server());
        let ended_on_the_way = (sign_in.expires_at..=sign_in.expires_at + TRIP).contains(&now);
        match answered.result {
            AnswerResult::Approved => {
                assert!(sign_in.approved == 1 || ended_on_the_way, "not approved");
                phone.tap_again(&job, place.now());
            }
            AnswerResult::Declined => assert!(sign_in.is_declined, "not declined"),
            _ => {}
        }
    }
    outcome
}

/// The network is back: a request that still waits is found, and answered as the person wants.
fn settle(phone: &mut Phone, place: &mut Place, account: &str, tally: &mut Tally) {
    let (SignIn { id, .. }, intent) = place.sign_in.clone().unwrap();
    let is_open = |place: &Place| {
        let now = place.clock.server();
        place.server.find(&id).is_open(now) && now + 20 < place.server.find(&id).expires_at
    };
    let is_ended =
        phone.core().record(account, &id, place.now()).unwrap().is_some_and(|record| record.ended.is_some());
    if !is_open(place) || is_ended {
        return;
    }
    let checked = phone.run(&Job::Check { account }, place).unwrap();
    let Outcome::Checked { requests, .. } = checked else { panic!("no look without faults: {checked:?}") };
    let is_shown = requests.iter().any(|request| request.id == id);
    assert!(is_shown || !is_open(place), "a request is lost");
    *tally.entry("sign-in: found while it was valid".to_owned()).or_default() += u64::from(is_shown);
    if is_shown && intent != Intent::Nothing {
        let outcome = answer(phone, place, account, tally);
        let sign_in = place.server.find(&id);
        let is_as_wanted = match intent {
            Intent::Approves => sign_in.approved == 1,
            Intent::Declines => sign_in.is_declined,
            Intent::Mistakes if sign_in.shown.is_some() => sign_in.is_declined,
            Intent::Mistakes => sign_in.approved == 1,
            Intent::IsSomebodyElse | Intent::Nothing => sign_in.approved == 0,
        };
        assert!(is_as_wanted, "{intent:?}: {outcome:?}, {sign_in:?}");
    }
}

/// What must hold at the end, whatever happened.
fn judge_all(place: &Place, tally: &mut Tally) {
    for sign_in in &place.server.sign_ins {
        let (approved, declined) =
            (place.confirmed.contains(&sign_in.id), place.refused.contains(&sign_in.id));
        judge(tally, &end(sign_in, approved, declined));
    }
    for (id, typed) in &place.server.approvals {
        assert!(place.confirmed.contains(id), "sent before it was known who is there");
        let sign_in = place.server.find(id);
        assert!(typed.is_some() == sign_in.shown.is_some(), "a number where none is wanted, or none");
    }
}

const fn end(sign_in: &SignIn, has_approved: bool, has_declined: bool) -> SignInEnd {
    let (approvals, is_declined) = (sign_in.approved as usize, sign_in.is_declined);
    SignInEnd { approvals, is_declined, has_approved, has_declined }
}

/// One phone over sockets: set up, asked once.
fn run_over_sockets(seed: u64, makes: &[Make]) -> Tally {
    let mut dice = Dice::new(seed);
    let make = *dice.pick(makes);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = TokenServer::new(make, &format!("http://{address}"), dice.roll());
    let server = Arc::new(Mutex::new(server));
    let proxy = Proxy::start(address, seed);
    let mut place = sockets::Place::new(&proxy);
    place.ahead = START - place.now().wall.0;
    let (taking, ahead) = (Arc::clone(&server), place.ahead);
    sockets::serve(listener, move |request| taking.lock().unwrap().take(request, wall(ahead)));
    let folder = tempfile::tempdir().unwrap();
    let mut phone = Phone::new(folder.path(), seed, place.now());
    let mut tally = Tally::new();

    let account = (0..4).find_map(|attempt| {
        proxy.set_faults(if attempt < 3 { 40 } else { 0 });
        let code = server.lock().unwrap().show_set_up_code("TOKEN1");
        let (outcome, added) = phone.enrol(&code, &mut place).unwrap();
        count(&mut tally, "set-up", &outcome);
        // What the proxy keeps back arrives within half a second.
        thread::sleep(Duration::from_millis(500));
        added
    });
    let account = account.unwrap();
    let sign_in = server.lock().unwrap().sign_in("TOKEN1", wall(ahead));
    place.number.clone_from(&sign_in.shown);
    let approves = dice.one_in(2);
    sockets::answer(&mut phone, &mut place, &account, approves, &mut tally);
    thread::sleep(Duration::from_millis(500));
    let server = server.lock().unwrap();
    let sign_in = server.find(&sign_in.id);
    judge(&mut tally, &end(sign_in, approves, !approves));
    assert_eq!((sign_in.approved == 1, sign_in.is_declined), (approves, !approves));
    tally
}

fn wall(ahead: i64) -> u64 {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    wall.checked_add_signed(ahead).unwrap()
}
