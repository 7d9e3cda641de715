//! The screen with its engine, a real vault and the practice site: everything but the terminal.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use countersign::approval::{
    self, Answer, AnswerKind, AnswerRequest, Decision, Event::Answered, Given, Outcome, Request,
};
use countersign::authenticator::{Job, Scanned};
use countersign::clock::Now;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::Summary;
use countersign_practice::{Options, Running, start};
use serde::de::IgnoredAny;

use super::engine::Engine;
use super::event::{Event, Key, News, Order};
use super::jobs::What;
use super::state::{Focus, State};
use super::tests::{request, shows, summary};
use crate::clock::now;
use crate::commands::{GivenClient, accounts, delete, enrolment, expected, look};
use crate::demo::browser::Browser;
use crate::host::{Flow, Wanted, go_on};
use crate::http::Sender;
use crate::keys::SoftwareKey;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::words::Language;

mod lock_out;

const PASSWORD: &str = "correct horse";

fn place_in(folder: &Path) -> Place {
    let console = Console { json: false, language: Language::English, is_quiet: false };
    Place::alone_in(console, folder, Secret::copy_of(PASSWORD.as_bytes()))
}

/// A screen with a new vault.
fn new_screen(place: &Place, grace_ms: Option<u64>) -> (State, Engine<'_>) {
    let (session, _recovery_code) = place.create().unwrap();
    (State::new(Language::English, false, now()), Engine::new(place, session, grace_ms))
}

/// The loop of the screen without a screen, until something is the case.
fn until(state: &mut State, engine: &mut Engine<'_>, mut orders: Vec<Order>, is: impl Fn(&State) -> bool) {
    let begun = Instant::now();
    loop {
        for order in orders.drain(..) {
            engine.carry_out(order);
        }
        for news in engine.news(&state.visible()) {
            orders.extend(state.on(Event::News(news)));
        }
        orders.extend(state.on(Event::Tick(now())));
        if is(state) && orders.is_empty() {
            return;
        }
        let notice = state.notice.as_ref().map(|notice| notice.what.clone());
        assert!(begun.elapsed() < Duration::from_secs(20), "{notice:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn typed(state: &mut State, text: &str) -> Vec<Order> {
    let mut orders: Vec<_> =
        text.chars().flat_map(|character| state.on(Event::Key(Key::Char(character)))).collect();
    orders.extend(state.on(Event::Key(Key::Enter)));
    orders
}

fn noticed(state: &State, words: &str) -> bool {
    state.notice.as_ref().is_some_and(|notice| format!("{} {}", notice.what, notice.next).contains(words))
}

/// Signs in with the account that the first page names.
fn sign_in(browser: &mut Browser) {
    let known = browser.page().codes_in("first-account").unwrap();
    browser.press("sign-in", &[("name", &known[0]), ("password", &known[1])]).unwrap();
}

/// A site, and a browser at the page with the set-up code.
fn site() -> (Running, Browser) {
    let site = start(Options::default()).unwrap();
    let mut browser = Browser::open(site.base_url(), "en").unwrap();
    sign_in(&mut browser);
    browser.go_on().unwrap();
    browser.press("next", &[]).unwrap();
    (site, browser)
}

/// The set-up link as an organisation gives it whose client credentials come by another way.
fn without_credentials(link: &str) -> Secret {
    let (before, query) = link.split_once('?').unwrap();
    let bare: Vec<_> = query.split('&').filter(|part| !part.starts_with("client_")).collect();
    Secret::from(format!("{before}?{}", bare.join("&")))
}

/// Adds the account of the page's code as a person does; then there are so many.
fn set_up(state: &mut State, engine: &mut Engine<'_>, browser: &Browser, accounts: usize) {
    state.on(Event::Key(Key::Char('s')));
    state.on(Event::Pasted(Secret::from(browser.page().text_of("qr-text").unwrap())));
    let orders = state.on(Event::Key(Key::Enter));
    until(state, engine, orders, |state| matches!(state.focus, Focus::Trust(_)));
    let orders = state.on(Event::Key(Key::Char('y')));
    until(state, engine, orders, |state| state.accounts.len() == accounts);
}

/// Two accounts: the server of the first takes calls and never answers.
fn set_up_beside_a_silent_server(
    state: &mut State,
    engine: &mut Engine<'_>,
) -> (TcpListener, Running, Browser) {
    let (silent, browser) = site();
    set_up(state, engine, &browser, 1);
    let address = silent.base_url().trim_start_matches("http://").to_owned();
    silent.stop();
    let listener = TcpListener::bind(address).unwrap();
    let (site, browser) = site();
    set_up(state, engine, &browser, 2);
    (listener, site, browser)
}

/// Carries a job out up to the call to this path, which reaches the site; its reply finds nobody.
fn up_to(session: &mut Session, sender: &Sender, job: &Job<'_>, path: &str) {
    let mut flow = Flow::begin(session, job).unwrap();
    loop {
        let event = match flow.wanted(session).unwrap() {
            Wanted::Send(request) => {
                let reply = sender.send(&request);
                if request.url.ends_with(path) {
                    return;
                }
                reply
            }
            Wanted::MakeKey(algorithm) => {
                flow.made(session, SoftwareKey::make(algorithm)).unwrap();
                continue;
            }
            Wanted::Ask(_) => Answered(Answer::Confirmed(true)),
            Wanted::Wait(_) => approval::Event::Woke,
            Wanted::End(_) => panic!("ended before it came to {path}"),
        };
        flow.give(session, event).unwrap();
    }
}

/// The vault once more, at a time when nothing of an earlier process is alive.
fn open_later(place: &Place) -> Session {
    let mut session = place.open().unwrap();
    session.clock = || Now { steady_ms: now().steady_ms + 121_000, ..now() };
    session
}

#[test]
fn a_set_up_whose_process_was_killed_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut session, _) = place.create().unwrap();
    let (_site, browser) = site();
    let scanned = Scanned::read(browser.page().text_of("qr-text").unwrap().as_bytes());
    let sender = Sender::new();
    up_to(&mut session, &sender, &enrolment(&scanned, GivenClient::default()), "/enroll/complete");
    drop(session);

    let mut session = open_later(&place);
    go_on(&mut session, &sender).unwrap();
    let accounts = accounts(&mut session, None).unwrap();
    assert_eq!(accounts.iter().map(|account| account.name.as_str()).collect::<Vec<_>>(), ["alice"]);
    assert!(look(&mut session, &sender, &accounts).failed.is_empty(), "its key works");
    assert!(session.core.unfinished(session.now()).unwrap().is_empty());

    let (id, now) = (accounts[0].id.as_str(), session.now());
    let key = session.core.account(id, now).unwrap().registration.unwrap().key.unwrap().id;
    let has_key = |session: &mut Session| session.core.host_row::<IgnoredAny>(&key, now).unwrap().is_some();
    assert!(delete(&mut session, id).is_err() && has_key(&mut session), "only out of the trash");
    session.core.remove(id, now).unwrap();
    assert!(has_key(&mut session));
    delete(&mut session, id).unwrap();
    assert!(session.core.account(id, now).is_err() && !has_key(&mut session), "its key goes with it");
}

/// Looks until the page's first request is there.
fn first_request(state: &mut State, engine: &mut Engine<'_>, browser: &mut Browser) {
    state.eager = true;
    browser.press("next", &[]).unwrap();
    until(state, engine, Vec::new(), |state| state.requests.len() == 1);
}

#[test]
fn an_answer_whose_process_was_killed_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_site, mut browser) = site();
    set_up(&mut state, &mut engine, &browser, 1);
    first_request(&mut state, &mut engine, &mut browser);
    let asked = (state.requests[0].account.id.clone(), state.requests[0].request.id.clone());
    let number = browser.page().text_of("number").unwrap();
    drop(engine);

    let mut session = place.open().unwrap();
    let given = Some(Given::Number(Secret::from(number)));
    let request = AnswerRequest { request: asked.1, decision: Decision::Approve { given } };
    up_to(&mut session, &Sender::new(), &Job::Answer { account: &asked.0, request }, "/respond");
    drop(session);

    let mut state = State::new(Language::English, false, now());
    let mut engine = Engine::new(&place, open_later(&place), None);
    until(&mut state, &mut engine, Vec::new(), |state| noticed(state, "was interrupted"));
    assert!(noticed(&state, "Practice: alice: An answer that was interrupted"));
}

#[test]
fn what_a_lock_interrupts_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_site, browser) = site();
    let bare = without_credentials(&browser.page().text_of("qr-text").unwrap());
    let asks = |state: &State| matches!(state.focus, Focus::Client(_));
    until(&mut state, &mut engine, vec![Order::Scan(bare)], |state| matches!(state.focus, Focus::Trust(_)));
    let orders = state.on(Event::Key(Key::Char('y')));
    until(&mut state, &mut engine, orders, asks);
    until(&mut state, &mut engine, vec![Order::Lock], |state| matches!(state.focus, Focus::Locked(_)));
    let orders = typed(&mut state, PASSWORD);
    until(&mut state, &mut engine, orders, asks);
}

#[test]
fn an_account_that_is_gone_keeps_no_other_from_being_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_site, browser) = site();
    set_up(&mut state, &mut engine, &browser, 1);
    drop(engine);
    let mut session = place.open().unwrap();
    let there = accounts(&mut session, None).unwrap().remove(0);
    let gone = Summary { id: "no-such-account".to_owned(), ..there.clone() };
    let found = look(&mut session, &Sender::new(), &[gone, there]);
    let failed: Vec<_> = found.failed.iter().map(|(account, _)| account.id.as_str()).collect();
    assert_eq!(failed, ["no-such-account"]);
}

#[test]
fn from_the_pasted_link_to_an_approved_a_missed_and_a_declined_request() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_site, mut browser) = site();
    set_up(&mut state, &mut engine, &browser, 1);
    assert!(noticed(&state, "Added: Practice: alice"));
    first_request(&mut state, &mut engine, &mut browser);
    let number = browser.page().text_of("number").unwrap();
    let orders = typed(&mut state, &number[..1]);
    until(&mut state, &mut engine, orders, |state| state.requests[0].tries_left == Some(1));
    let orders = typed(&mut state, &number);
    until(&mut state, &mut engine, orders, |state| state.requests.is_empty());
    assert!(noticed(&state, "Approved."));

    browser.reload().unwrap();
    browser.go_on().unwrap();
    browser.press("stay-no", &[]).unwrap();
    browser.press("sign-out", &[]).unwrap();
    sign_in(&mut browser);
    until(&mut state, &mut engine, Vec::new(), |state| state.requests.len() == 1);
    let orders = state.on(Event::Key(Key::Char('n')));
    until(&mut state, &mut engine, orders, |state| state.requests.is_empty());
    assert!(state.must_change_password);
    browser.reload().unwrap();
    assert!(browser.page().text_of("message").is_ok());
}

#[test]
fn a_link_without_credentials_asks_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_site, browser) = site();
    let link = browser.page().text_of("qr-text").unwrap();
    let (_, query) = link.split_once('?').unwrap();
    let parameter =
        |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).unwrap();
    let (id, secret) = (parameter("client_id"), parameter("client_secret"));
    let bare = without_credentials(&link);

    let asks = |state: &State| matches!(state.focus, Focus::Client(_));
    until(&mut state, &mut engine, vec![Order::Scan(bare)], |state| matches!(state.focus, Focus::Trust(_)));
    let orders = state.on(Event::Key(Key::Char('y')));
    until(&mut state, &mut engine, orders, asks);
    typed(&mut state, id);
    let orders = typed(&mut state, "not the secret");
    until(&mut state, &mut engine, orders, asks);
    assert!(noticed(&state, "client id and secret"));
    if matches!(&state.focus, Focus::Client(credentials) if !credentials.is_at_secret) {
        typed(&mut state, id);
    }
    let orders = typed(&mut state, secret);
    until(&mut state, &mut engine, orders, |state| state.accounts.len() == 1);
    assert!(noticed(&state, "Added: Practice: alice"));
}

#[test]
fn one_silent_server_keeps_nobody_from_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_silent, _site, mut browser) = set_up_beside_a_silent_server(&mut state, &mut engine);
    first_request(&mut state, &mut engine, &mut browser);
    assert!(state.looks.failed.is_empty(), "the first account's server is still waited for");
}

#[test]
fn what_can_not_be_read_beside_a_request_is_told_and_the_request_can_be_answered() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let account = summary("1", "Example", "bob");
    let waiting = Request { expires_at: now().wall.plus(60), ..request("r1", AnswerKind::Number) };
    // This one is not in the list that can be told any more, which says nothing of it.
    let older = Request { id: "r0".to_owned(), ..waiting.clone() };
    state.on(Event::News(News::Found(account.clone(), vec![waiting.clone(), older])));
    let look = Outcome::Checked { requests: vec![waiting], hidden: Some(Reason::ReplyUnreadable) };
    engine.ended(&What::Look(account), None, look);
    for news in std::mem::take(&mut engine.news) {
        state.on(Event::News(news));
    }
    assert_eq!(state.requests.len(), 2);
    let (told, _) = crate::words::of_reason(Reason::ReplyUnreadable, Language::English);
    assert!(shows(&state, &format!("! Example: bob: {}", &told[..20])));
    let orders = typed(&mut state, "42");
    assert!(matches!(orders.as_slice(), [Order::Answer { request, .. }] if request == "r1"));
}

#[test]
fn expecting_ends_with_the_first_request_whatever_another_server_is_silent_about() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_silent, _site, mut browser) = set_up_beside_a_silent_server(&mut state, &mut engine);
    drop(engine);

    let mut session = place.open().unwrap();
    let all = accounts(&mut session, None).unwrap();
    let person = thread::spawn(move || {
        thread::sleep(Duration::from_secs(1));
        browser.press("next", &[]).unwrap();
    });
    let begun = Instant::now();
    let found = expected(&mut session, &Sender::new(), &all).unwrap();
    person.join().unwrap();
    let [(_, failure)] = &found.failed[..] else { panic!("not only the silent server") };
    assert_eq!((found.requests.len(), failure.name()), (1, "ServerSilent"));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// Both clocks, where a minute passes in each second.
fn hurried() -> Now {
    static BEGUN: OnceLock<Now> = OnceLock::new();
    let (begun, now) = (BEGUN.get_or_init(now).steady_ms, now());
    Now { steady_ms: begun + (now.steady_ms - begun) * 60, ..now }
}

#[test]
fn expecting_ends_after_two_minutes_with_what_was_seen_before() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_site, mut browser) = site();
    set_up(&mut state, &mut engine, &browser, 1);
    first_request(&mut state, &mut engine, &mut browser);
    drop(engine);

    let mut session = place.open().unwrap();
    session.clock = hurried;
    let all = accounts(&mut session, None).unwrap();
    let begun = hurried().steady_ms;
    let found = expected(&mut session, &Sender::new(), &all).unwrap();
    assert!(hurried().steady_ms - begun >= 120_000, "it is not the expected one");
    assert_eq!((found.requests.len(), found.failed.len()), (1, 0));
}

#[test]
fn expecting_ends_after_two_minutes_with_what_did_not_answer() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, None);
    let (_silent, _site, _browser) = set_up_beside_a_silent_server(&mut state, &mut engine);
    drop(engine);

    let mut session = place.open().unwrap();
    session.clock = hurried;
    let all = accounts(&mut session, None).unwrap();
    let begun = hurried().steady_ms;
    let found = expected(&mut session, &Sender::new(), &all).unwrap();
    let looked_ms = hurried().steady_ms - begun;
    assert!((120_000..300_000).contains(&looked_ms), "{looked_ms}");
    assert!(found.requests.is_empty());
    let [(_, failure)] = &found.failed[..] else { panic!("not only the silent server") };
    assert_eq!(failure.name(), "ServerSilent");
}

#[test]
fn codes_counters_and_the_lock_of_a_real_vault() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (mut state, mut engine) = new_screen(&place, Some(60_000));

    let scan = |text: &str| vec![Order::Scan(Secret::copy_of(text.as_bytes()))];
    let hotp = scan("otpauth://hotp/Example:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0");
    until(&mut state, &mut engine, hotp, |state| state.accounts.len() == 1);
    let orders = state.on(Event::Key(Key::Enter));
    until(&mut state, &mut engine, orders, |state| state.accounts[0].counted.is_some());
    assert_eq!(state.accounts[0].counted.unwrap().0.as_str(), "755224");

    let file = folder.path().join("code.png");
    let totp = "otpauth://totp/Example:carol?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    fs::write(&file, countersign::qr::png(totp, 4).unwrap().expose()).unwrap();
    let orders = scan(file.to_str().unwrap());
    until(&mut state, &mut engine, orders, |state| state.accounts.iter().any(|row| row.codes.is_some()));
    let orders = scan("phonefactor://activate_account?code=1&url=https%3A%2F%2Fa.example");
    until(&mut state, &mut engine, orders, |state| {
        noticed(state, "I want to use a different authenticator app")
    });

    let orders = state.on(Event::Key(Key::Char('l')));
    until(&mut state, &mut engine, orders, |state| matches!(state.focus, Focus::Locked(_)));
    assert!(state.accounts.is_empty());
    let orders = typed(&mut state, "not the password");
    until(&mut state, &mut engine, orders, |state| noticed(state, "does not open"));
    assert!(matches!(state.focus, Focus::Locked(_)));
}
