//! A phone and a tiqr server over sockets. The server is one of ours by the published protocol: no real one can be
//! installed from a registry.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use countersign::approval::{
    Answer, AnswerKind, AnswerResult, Answered, CheckKind, Decision, DeclineReason, Event, HostFacts,
    HttpRequest, NetworkFailure, Outcome, Question, Step,
};
use countersign::authenticator::{Background, Error, Job, Scanned};
use countersign::clock::Now;
use countersign::entropy::SeededEntropy;
use countersign::reason::Reason;
use countersign::vault::{ValueKind, Watch};
use countersign_tests::phone::{Phone, World, reason};
use countersign_tests::sockets::{self, Place, Proxy};
use countersign_tests::tiqr::Tiqr;
use rusqlite::Connection;

const YES: Decision = Decision::Approve { given: None };
const NO: Decision = Decision::Decline { reason: None };

/// A server and what lies before it.
struct Site {
    server: Arc<Mutex<Tiqr>>,
    proxy: Proxy,
}

impl Site {
    fn start(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = Arc::new(Mutex::new(Tiqr::new(&format!("http://{address}"))));
        let taking = Arc::clone(&server);
        sockets::serve(listener, move |request| taking.lock().unwrap().take(request, unix_now()));
        Self { server, proxy: Proxy::start(address, seed) }
    }

    fn server(&self) -> MutexGuard<'_, Tiqr> {
        self.server.lock().unwrap()
    }

    fn set_up_code(&self) -> String {
        self.server().show_set_up_code("alice", unix_now())
    }

    /// The code of a new sign-in, and its session.
    fn sign_in(&self) -> (Scanned, String) {
        let (code, session) = self.server().sign_in(Some("alice"), unix_now());
        (Scanned::read(code.as_bytes()), session)
    }
}

fn unix_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

/// A phone that has been set up, and its account.
fn set_up(site: &Site, folder: &Path) -> (Phone, String) {
    let mut place = Place::new(&site.proxy);
    let mut phone = Phone::new(folder, 1, place.now());
    let (outcome, added) = phone.enrol(&site.set_up_code(), &mut place).unwrap();
    let Outcome::Enrolled(enrolled) = outcome else { panic!("{outcome:?}") };
    assert_eq!((enrolled.issuer.as_str(), enrolled.account.as_str()), ("Example tiqr", "alice Example"));
    (phone, added.unwrap())
}

fn answer(
    phone: &mut Phone,
    account: &str,
    scanned: &Scanned,
    decision: Decision,
    world: &mut impl World,
) -> Outcome {
    phone.run(&Job::AnswerScanned { account, scanned, decision }, world).unwrap()
}

fn end(outcome: &Outcome) -> (Option<AnswerResult>, Option<Reason>, Option<u8>) {
    match outcome {
        Outcome::Answered(Answered { result, reason, tries_left, before_block, .. }) => {
            assert_eq!(*tries_left, None, "an answer that is made by a secret can't be corrected");
            (Some(*result), *reason, *before_block)
        }
        other => (None, reason(other), None),
    }
}

fn refused<T>(result: Result<T, Error>) -> Reason {
    result.err().unwrap().reason()
}

#[test]
fn set_up_and_approved_in_both_versions_of_the_protocol() {
    for speaks_json in [true, false] {
        let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
        site.server().speaks_json = speaks_json;
        let (mut phone, account) = set_up(&site, folder.path());
        assert!(phone.keys().is_empty(), "no device key");
        let mut place = Place::new(&site.proxy);

        let (scanned, session) = site.sign_in();
        let [(asked, request)] = &phone.core().scanned_requests(&scanned, place.now()).unwrap()[..] else {
            panic!("not one")
        };
        assert_eq!((asked, &request.id, &request.answer), (&account, &session, &AnswerKind::None));
        assert_eq!(
            (request.application.as_str(), request.account.as_str()),
            ("Example tiqr", "alice Example")
        );
        let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
        assert_eq!(end(&outcome), (Some(AnswerResult::Approved), None, None));
        assert_eq!(site.server().answered, [session.as_str()]);
        let past = phone.core().history(place.now()).unwrap();
        assert_eq!((past.len(), past[0].application.as_str()), (1, "Example tiqr"));
        // Whoever has approved once has.
        let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
        assert_eq!(end(&outcome), (None, Some(Reason::RequestEnded), None));
        assert_eq!(site.server().asked, 1);
    }
}

/// It stands beside the account, as there is no row of it that the watch key opens.
#[test]
fn how_far_the_server_is_ahead_is_told_and_goes_with_the_account() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let mut place = Place::new(&site.proxy);
    assert_eq!(phone.core().clocks(place.now()).unwrap(), []);

    site.server().date = Some("Fri, 01 Mar 2030 12:00:00 GMT");
    let ahead = 1_898_596_800 - unix_now();
    for _ in 0..2 {
        let (scanned, _) = site.sign_in();
        answer(&mut phone, &account, &scanned, YES, &mut place);
    }
    let clocks = phone.core().clocks(place.now()).unwrap();
    let [clock] = &clocks[..] else { panic!("{clocks:?}") };
    assert_eq!(clock.account, account);
    assert!(clock.offset.abs_diff(ahead) <= 10, "{clock:?}");

    let db = Connection::open(folder.path().join("vault.db")).unwrap();
    let rows = || db.query_row("SELECT count(*) FROM row", (), |row| row.get::<_, u32>(0)).unwrap();
    phone.core().clear_history(place.now()).unwrap();
    let before = rows();
    phone.core().remove(&account, place.now()).unwrap();
    phone.core().purge(&account, place.now()).unwrap();
    assert_eq!(before - rows(), 4, "the account, its clock and two requests");
}

#[test]
fn there_is_nothing_to_look_for_and_the_watch_key_opens_no_secret() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let mut place = Place::new(&site.proxy);
    let (scanned, _) = site.sign_in();
    answer(&mut phone, &account, &scanned, YES, &mut place);

    let checked = phone.run(&Job::Check { account: &account }, &mut place).unwrap();
    assert_eq!(reason(&checked), Some(Reason::ScanToAnswer));
    let test = Job::SelfTest { account: &account, host: HostFacts::default() };
    let Outcome::Tested { checks } = phone.run(&test, &mut place).unwrap() else { panic!("no test") };
    let told: Vec<_> = checks.iter().map(|check| (check.kind, check.works, check.reason)).collect();
    assert_eq!(
        told,
        [
            (CheckKind::Key, Some(true), None),
            (CheckKind::Network, Some(true), None),
            (CheckKind::Server, Some(true), None),
            (CheckKind::Requests, None, Some(Reason::ScanToAnswer)),
        ]
    );

    let now = place.now();
    assert_eq!(refused(phone.core().be_quiet(&account, now)), Reason::ScanToAnswer);
    // What is written for background checks in other ways holds to it too.
    phone.core().renew_watch(now).unwrap();
    phone.core().remove(&account, now).unwrap();
    phone.core().restore(&account, now).unwrap();
    let key: [u8; 32] = phone.core().watch_key(now).unwrap().expose().try_into().unwrap();
    let vault = folder.path().join("vault.db");
    let mut background = Background::open(&vault, &key, Box::new(SeededEntropy::new(b"watch"))).unwrap();
    assert_eq!(background.accounts().unwrap(), [""; 0]);
    assert_eq!(refused(background.begin(&account, now)), Reason::NoApprovals);
    let mut watch = Watch::open(&vault, &key).unwrap();
    for kind in [ValueKind::Watch, ValueKind::Pending] {
        assert_eq!(watch.ids(kind).unwrap(), [""; 0]);
    }
}

#[test]
fn another_secret_at_the_server_is_told_until_it_blocks_the_account() {
    for speaks_json in [true, false] {
        let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
        site.server().speaks_json = speaks_json;
        let (mut phone, account) = set_up(&site, folder.path());
        site.server().users.get_mut("alice").unwrap().secret = "00".repeat(32);
        let mut place = Place::new(&site.proxy);
        for left in [2, 1, 0] {
            let (scanned, _) = site.sign_in();
            let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
            let why = if left == 0 { Reason::AccountBlocked } else { Reason::ResponseRefused };
            assert_eq!(end(&outcome), (Some(AnswerResult::WrongAnswer), Some(why), Some(left)));
        }
        let (scanned, _) = site.sign_in();
        let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
        assert_eq!(end(&outcome), (None, Some(Reason::AccountBlocked), None));
        assert!(site.server().answered.is_empty());
    }
}

/// Whoever writes over the row of the secret gets no answer made of what they wrote.
#[test]
fn a_row_that_was_tampered_with_sends_nothing() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let db = Connection::open(folder.path().join("vault.db")).unwrap();
    let changed = db.execute("UPDATE row SET sealed = zeroblob(200) WHERE book = 0", ()).unwrap();
    assert!(changed >= 1);
    let mut place = Place::new(&site.proxy);
    phone.start_again(place.now());
    let (scanned, _) = site.sign_in();
    let job = Job::AnswerScanned { account: &account, scanned: &scanned, decision: YES };
    assert_eq!(refused(phone.run(&job, &mut place)), Reason::VaultDamaged);
    assert_eq!(site.server().asked, 0);
}

#[test]
fn a_challenge_that_is_over() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let mut place = Place::new(&site.proxy);
    // At the server: it says the same of one that was answered.
    let (code, _) = site.server().sign_in(None, unix_now() - 200);
    let outcome = answer(&mut phone, &account, &Scanned::read(code.as_bytes()), YES, &mut place);
    assert_eq!(end(&outcome), (Some(AnswerResult::Unknown), Some(Reason::EndedMeanwhile), None));
    // Here: nothing is sent any more.
    let (scanned, _) = site.sign_in();
    let outcome = answer(&mut phone, &account, &scanned, YES, &mut NotThere(&mut place));
    assert_eq!(end(&outcome), (None, Some(Reason::PresenceRefused), None));
    let asked = site.server().asked;
    place.ahead = 181;
    let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
    assert_eq!(end(&outcome), (Some(AnswerResult::Expired), Some(Reason::RequestExpired), None));
    assert_eq!(site.server().asked, asked);
}

#[test]
fn declined_here_is_declined_though_nobody_is_told() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let mut place = Place::new(&site.proxy);
    let (scanned, session) = site.sign_in();
    let no = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let outcome = answer(&mut phone, &account, &scanned, no, &mut place);
    assert_eq!(end(&outcome), (Some(AnswerResult::Declined), Some(Reason::NoDecline), None));
    let [past] = &phone.core().history(place.now()).unwrap()[..] else { panic!("not one") };
    let told = past.answer.unwrap();
    assert_eq!((past.request.as_str(), past.application.as_str()), (session.as_str(), "Example tiqr"));
    assert_eq!((told.result, told.reason), (AnswerResult::Declined, Some(Reason::NoDecline)));
    assert_eq!(told.decline, Some(DeclineReason::NotMe));
    assert_eq!(past.entra_reason(place.now()), Some("user declined the authentication"));
    let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
    assert_eq!(end(&outcome), (None, Some(Reason::RequestEnded), None));
    assert_eq!(site.server().asked, 0);
}

#[test]
fn offline_nothing_is_lost() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let mut place = Place::new(&site.proxy);
    let (scanned, session) = site.sign_in();
    let outcome = answer(&mut phone, &account, &scanned, YES, &mut Offline(&mut place));
    assert_eq!(end(&outcome), (None, Some(Reason::NoNetwork), None));
    let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
    assert_eq!(end(&outcome), (Some(AnswerResult::Approved), None, None));
    assert_eq!(site.server().answered, [session.as_str()]);
}

#[test]
fn killed_after_the_answer_was_sent() {
    for again in [YES, NO] {
        let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
        let (mut phone, account) = set_up(&site, folder.path());
        let mut place = Place::new(&site.proxy);
        let (scanned, session) = site.sign_in();
        let job = Job::AnswerScanned { account: &account, scanned: &scanned, decision: YES };
        let run = phone.core().begin(&job, place.now()).unwrap();
        loop {
            let turn = phone.turn(&run, place.now());
            let event = phone.perform(&turn.step, &mut place).unwrap();
            if matches!(turn.step, Step::Send(_)) {
                break;
            }
            phone.tell(&run, &turn, event, place.now());
        }
        assert_eq!(site.server().answered, [session.as_str()]);

        phone.start_again(place.now());
        phone.core().resume(&run, place.now()).unwrap();
        let outcome = phone.finish(&run, &mut place);
        assert_eq!(end(&outcome), (Some(AnswerResult::Unknown), Some(Reason::ResultUnknown), None));
        assert_eq!(site.server().asked, 1, "it is not sent again by itself");
        // Scanned again it is answered again: the server takes it once. A no that nobody is told takes nothing back.
        let outcome = answer(&mut phone, &account, &scanned, again, &mut place);
        assert_eq!(end(&outcome), (Some(AnswerResult::Unknown), Some(Reason::ResultUnknown), None));
        assert_eq!(site.server().answered, [session.as_str()]);
        let outcome = answer(&mut phone, &account, &scanned, YES, &mut place);
        assert_eq!(end(&outcome), (None, Some(Reason::RequestEnded), None));
    }
}

#[test]
fn only_an_account_that_is_asked_answers() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let (mut phone, account) = set_up(&site, folder.path());
    let mut place = Place::new(&site.proxy);
    for code in ["tiqrauth://bob@tiqr.example/0a/0b", "tiqrauth://alice@other.example/0a/0b"] {
        let scanned = Scanned::read(code.as_bytes());
        assert_eq!(
            refused(phone.core().scanned_requests(&scanned, place.now())),
            Reason::SignInAccountUnknown
        );
        let job = Job::AnswerScanned { account: &account, scanned: &scanned, decision: YES };
        assert_eq!(refused(phone.run(&job, &mut place)), Reason::SignInAccountUnknown);
    }
    // One that names nobody asks every account of its server.
    let (_, second) = phone.enrol(&site.set_up_code(), &mut place).unwrap();
    let anybody = Scanned::read(b"tiqrauth://tiqr.example/0a/0b");
    let asked = phone.core().scanned_requests(&anybody, place.now()).unwrap();
    let asked: Vec<_> = asked.into_iter().map(|(account, _)| account).collect();
    assert_eq!(asked, [account, second.unwrap()]);
    // A set-up code is none, and a sign-in sets nothing up.
    let set_up = Scanned::read(site.set_up_code().as_bytes());
    assert_eq!(refused(phone.core().scanned_requests(&set_up, place.now())), Reason::NotAddedThisWay);
    assert_eq!(refused(phone.core().add(&anybody, place.now())), Reason::SignInScanned);
    assert_eq!(refused(phone.enrol("tiqrauth://tiqr.example/0a/0b", &mut place)), Reason::SignInScanned);
    // A challenge that the suite can't take, or no challenge at all: nothing is sent.
    let odd = Scanned::read(b"tiqrauth://alice@tiqr.example/0a/xyz");
    let outcome = answer(&mut phone, &asked[0], &odd, YES, &mut place);
    assert_eq!(end(&outcome), (None, Some(Reason::ChallengeUnusable), None));
    assert_eq!(site.server().asked, 0);
}

#[test]
fn set_ups_that_are_refused() {
    let (site, folder) = (Site::start(1), tempfile::tempdir().unwrap());
    let mut place = Place::new(&site.proxy);
    let mut phone = Phone::new(folder.path(), 1, place.now());
    let mut set_up = |code: &str| reason(&phone.enrol(code, &mut place).unwrap().0);
    let elsewhere = "http://127.0.0.1:1/authentication".to_owned();
    for (name, value, expected) in [
        ("ocraSuite", "OCRA-1:HOTP-MD5-6:QH10-S".to_owned(), Reason::OcraSuiteUnsupported),
        ("ocraSuite", "OCRA-1:HOTP-SHA1-6:C-QH10-S".to_owned(), Reason::OcraSuiteUnsupported),
        ("authenticationUrl", elsewhere.clone(), Reason::OriginDiffers),
        ("enrollmentUrl", elsewhere, Reason::OriginDiffers),
        ("identifier", String::new(), Reason::ReplyUnreadable),
    ] {
        site.server().instead = vec![(name, value)];
        assert_eq!(set_up(&site.set_up_code()), Some(expected), "{name}");
        assert!(site.server().users.is_empty());
    }
    site.server().instead.clear();
    site.server().takes_own_app_only = true;
    assert_eq!(set_up(&site.set_up_code()), Some(Reason::OtherAppRefused));
    site.server().takes_own_app_only = false;
    let code = site.set_up_code();
    assert_eq!(set_up(&code), None);
    assert_eq!(set_up(&code), Some(Reason::SetupUsed));
    let old = site.server().show_set_up_code("alice", unix_now() - 301);
    assert_eq!(set_up(&old), Some(Reason::SetupUsed));
    // What is no answer of the protocol says nothing of the code.
    let elsewhere = site.set_up_code().replace("/metadata", "/elsewhere");
    assert_eq!(set_up(&elsewhere), Some(Reason::ReplyUnreadable));
    site.server().forbids_set_up = true;
    assert_eq!(set_up(&site.set_up_code()), Some(Reason::ServerForbids));
}

/// The same place, without a network.
struct Offline<'a, 'p>(&'a mut Place<'p>);

impl World for Offline<'_, '_> {
    fn now(&self) -> Now {
        self.0.now()
    }

    fn send(&mut self, _: &HttpRequest) -> Event {
        Event::NoReply(NetworkFailure::Offline)
    }

    fn wait(&mut self, ms: u64) {
        self.0.wait(ms);
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.0.answer(question)
    }
}

/// The same place, with somebody else at it.
struct NotThere<'a, 'p>(&'a mut Place<'p>);

impl World for NotThere<'_, '_> {
    fn now(&self) -> Now {
        self.0.now()
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        self.0.send(request)
    }

    fn wait(&mut self, ms: u64) {
        self.0.wait(ms);
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match question {
            Question::Presence { .. } => Answer::Confirmed(false),
            _ => self.0.answer(question),
        }
    }
}
