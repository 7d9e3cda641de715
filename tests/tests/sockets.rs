//! Phones over real sockets: the practice site, and between it and each phone a proxy that cuts, delays, doubles, sends
//! late and answers in the site's place.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../practice/tests/common/mod.rs"]
#[allow(dead_code, reason = "the site's own tests use all of it")]
mod common;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use common::browser::Browser;
use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, Event, HttpRequest, NetworkFailure, Outcome,
    Question, Request,
};
use countersign::authenticator::Job;
use countersign::clock::Now;
use countersign::reason::Reason;
use countersign_practice::{Options, Running, start};
use countersign_tests::dice::Dice;
use countersign_tests::phone::{Phone, World};
use countersign_tests::runs::{SignInEnd, System, Tally, count, judge, over_sockets};
use countersign_tests::sockets::{Place, Proxy};

#[test]
fn phones_over_sockets() {
    let folder = tempfile::tempdir().unwrap();
    // Making a realm takes a second: it is made once and copied.
    let realm = folder.path().join("realm.db");
    start(Options { database: Some(realm.clone()), ..Options::default() }).unwrap().stop();

    over_sockets(System::KeycloakPush, |seed| run(seed, &realm));
}

/// The site keeps open sign-ins in its memory only: one that waits ends when it restarts, with a reason.
#[test]
fn the_site_restarts_in_the_middle_of_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { database: Some(folder.path().join("realm.db")), ..Options::default() };
    let site = start(options()).unwrap();
    let (base, mut tally) = (site.base_url(), Tally::new());
    let address = base.strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = Proxy::start(address, 1);
    let mut place = Place::new(&proxy);
    let mut phone = Phone::new(folder.path(), 1, place.now());
    let account = set_up_and_asked(&base, &mut phone, &mut place, &mut tally);
    let check = Job::Check { account: &account };
    let Outcome::Checked { requests, .. } = phone.run(&check, &mut place).unwrap() else { panic!("no look") };

    let again = || start(Options { address, ..options() }).unwrap();
    let mut place = Restarting { place, site: Some(site), second: None, again };
    let decision = Decision::Approve { given: None };
    let request = AnswerRequest { request: requests[0].id.clone(), decision };
    let outcome = phone.run(&Job::Answer { account: &account, request }, &mut place).unwrap();
    let Outcome::Answered(answered) = outcome else { panic!("{outcome:?}") };
    assert_eq!((answered.result, answered.reason), (AnswerResult::Unknown, Some(Reason::ResultUnknown)));
    // Key, token and phone are still good.
    let checked = phone.run(&check, &mut place).unwrap();
    assert!(matches!(&checked, Outcome::Checked { requests, .. } if requests.is_empty()), "{checked:?}");
}

/// Neither the site nor Keycloak sends a `Date`: the time is learned from what they sign.
#[test]
fn a_wrong_clock_is_measured_by_what_the_site_signs() {
    for off in [7_200, -7_200] {
        let folder = tempfile::tempdir().unwrap();
        let site = start(Options::default()).unwrap();
        let (base, mut tally) = (site.base_url(), Tally::new());
        let proxy = Proxy::start(base.strip_prefix("http://").unwrap().parse().unwrap(), 1);
        let mut place = Place::new(&proxy);
        place.ahead = off;
        let mut phone = Phone::new(folder.path(), 1, place.now());
        let account = set_up_and_asked(&base, &mut phone, &mut place, &mut tally);
        assert!(act(&mut phone, &mut place, &account, Intent::Approves, &mut tally), "{tally:?}");
        let clocks = phone.core().clocks(place.now()).unwrap();
        assert!((clocks[0].offset + off).abs() <= 2, "{off}: {clocks:?}");
    }
}

/// A place whose site is stopped and started again once, in the place of taking the first answer.
struct Restarting<'a, F> {
    place: Place<'a>,
    site: Option<Running>,
    second: Option<Running>,
    again: F,
}

impl<F: Fn() -> Running> World for Restarting<'_, F> {
    fn now(&self) -> Now {
        self.place.now()
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        let Some(site) = self.site.take_if(|_| request.url.ends_with("/respond")) else {
            return self.place.send(request);
        };
        site.stop();
        self.second = Some((self.again)());
        Event::NoReply(NetworkFailure::Cut)
    }

    fn wait(&mut self, ms: u64) {
        self.place.wait(ms);
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.place.answer(question)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Approves,
    Declines,
    Nothing,
}

/// One phone: set up, asked once.
fn run(seed: u64, realm: &Path) -> Tally {
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let database = copy(realm, folder.path());
    let site = start(Options { database: Some(database), ..Options::default() }).unwrap();
    let proxy = Proxy::start(site.base_url().strip_prefix("http://").unwrap().parse().unwrap(), seed);
    let mut place = Place::new(&proxy);
    let mut phone = Phone::new(folder.path(), seed, place.now());
    let mut tally = Tally::new();

    let mut browser = Browser::open(&site.base_url(), "en");
    browser.sign_in("alice", "practice").get("/setup/app");
    let account = set_up(&mut phone, &mut place, &mut browser, &mut tally);
    browser.get("/setup/scan").post("/setup/next", &[]);
    place.number = Some(browser.number());

    let intent = *dice.pick(&[Intent::Approves, Intent::Approves, Intent::Declines, Intent::Nothing]);
    for attempt in 0..3 {
        proxy.set_faults(if attempt < 2 { 40 } else { 0 });
        if act(&mut phone, &mut place, &account, intent, &mut tally) {
            break;
        }
    }
    proxy.set_faults(0);
    thread::sleep(Duration::from_millis(500));
    let wanted = match intent {
        Intent::Approves => "approved",
        Intent::Declines => "declined",
        Intent::Nothing => "pending",
    };
    let standing = standing(&mut browser);
    let end = SignInEnd {
        approvals: usize::from(standing == "approved"),
        is_declined: standing == "declined",
        has_approved: intent == Intent::Approves,
        has_declined: intent == Intent::Declines,
    };
    judge(&mut tally, &end);
    assert_eq!(standing, wanted);
    tally
}

fn copy(realm: &Path, folder: &Path) -> PathBuf {
    let database = folder.join("realm.db");
    std::fs::copy(realm, &database).unwrap();
    database
}

/// Sets up an account, whose page then asks the phone for the first time; from here on the network is good.
fn set_up_and_asked(base: &str, phone: &mut Phone, place: &mut Place<'_>, tally: &mut Tally) -> String {
    let mut browser = Browser::open(base, "en");
    browser.sign_in("alice", "practice").get("/setup/app");
    let account = set_up(phone, place, &mut browser, tally);
    place.proxy.set_faults(0);
    browser.get("/setup/scan").post("/setup/next", &[]);
    place.number = Some(browser.number());
    account
}

/// Sets up the account: with a new code each time, until it works.
fn set_up(phone: &mut Phone, place: &mut Place<'_>, browser: &mut Browser, tally: &mut Tally) -> String {
    for attempt in 0..4 {
        place.proxy.set_faults(if attempt < 3 { 40 } else { 0 });
        browser.post("/setup/scan", &[]);
        let (outcome, added) = phone.enrol(&browser.link(), place).unwrap();
        count(tally, "set-up", &outcome);
        if let Outcome::Enrolled(_) = outcome {
            return added.unwrap();
        }
        thread::sleep(Duration::from_millis(400));
    }
    panic!("no set-up without faults")
}

/// Looks, and does what the person means to. True when it is over.
fn act(phone: &mut Phone, place: &mut Place<'_>, account: &str, intent: Intent, tally: &mut Tally) -> bool {
    let checked = phone.run(&Job::Check { account }, place).unwrap();
    count(tally, "look", &checked);
    let Outcome::Checked { requests, .. } = checked else { return false };
    let Some(Request { id, .. }) = requests.into_iter().next() else { return false };
    let decision = match intent {
        Intent::Approves => Decision::Approve { given: None },
        Intent::Declines => Decision::Decline { reason: None },
        Intent::Nothing => return false,
    };
    let request = AnswerRequest { request: id, decision };
    let outcome = phone.run(&Job::Answer { account, request }, place).unwrap();
    count(tally, "answer", &outcome);
    matches!(
        outcome,
        Outcome::Answered(Answered { result: AnswerResult::Approved | AnswerResult::Declined, .. })
    )
}

/// What became of the sign-in, as its page says. It says it once: then the sign-in is over.
fn standing(browser: &mut Browser) -> &'static str {
    browser.get("/setup/try");
    match browser.title().as_str() {
        "Let's try it out" => "pending",
        "Authenticator added" => "approved",
        "The request was declined" => "declined",
        other => panic!("another page: {other}"),
    }
}
