//! The screen and its states, without a terminal and without a vault.

#![allow(clippy::unwrap_used, reason = "tests")]

use countersign::approval::{AnswerKind, AnswerResult, Answered, Decision, Given, Request};
use countersign::clock::{Now, UnixTime};
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::Summary;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::draw::draw;
use super::event::{Event, Key, News, Order};
use super::state::{Focus, State};
use crate::text::width;
use crate::words::Language;

mod lock_out;
mod requests;
mod set_up;

const START: i64 = 1_700_000_010;

fn at(seconds: u32) -> Now {
    Now { wall: UnixTime(START + i64::from(seconds)), steady_ms: 1_000 + u64::from(seconds) * 1_000 }
}

pub(super) fn summary(id: &str, issuer: &str, name: &str) -> Summary {
    Summary {
        id: id.to_owned(),
        issuer: issuer.to_owned(),
        name: name.to_owned(),
        codes: true,
        approvals: true,
        favourite: false,
        tags: Vec::new(),
        trashed_at: None,
        needs_backup: false,
    }
}

pub(super) fn request(id: &str, answer: AnswerKind) -> Request {
    Request {
        id: id.to_owned(),
        application: "Mail".to_owned(),
        account: "alice".to_owned(),
        question: String::new(),
        asked_at: None,
        seen_at: None,
        expires_at: UnixTime(START + 90),
        answer,
        takes_decline_reason: false,
        from: None,
    }
}

/// Two accounts, one of them with codes by time.
fn state(language: Language) -> State {
    let mut state = State::new(language, false, at(0));
    state.on(Event::Resized(80, 16));
    let mut favourite = summary("1", "会社", "alice");
    favourite.favourite = true;
    let list = vec![favourite, summary("2", "Example", "bob")];
    state.on(Event::News(News::Accounts(list)));
    // RFC 6238's seed.
    let seed = Secret::copy_of(b"12345678901234567890");
    let otp = Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed).unwrap();
    state.on(Event::News(News::Codes(vec![("1".into(), otp.codes_at(at(0).wall)), ("2".into(), None)])));
    state
}

fn asked(language: Language, answer: AnswerKind) -> State {
    let mut state = state(language);
    found(&mut state, vec![request("r1", answer)]);
    state
}

fn found(state: &mut State, requests: Vec<Request>) {
    state.on(Event::News(News::Found(summary("1", "会社", "alice"), requests)));
}

fn keys(state: &mut State, text: &str) -> Vec<Order> {
    text.chars().flat_map(|character| state.on(Event::Key(Key::Char(character)))).collect()
}

fn press(state: &mut State, key: Key) -> Vec<Order> {
    state.on(Event::Key(key))
}

/// Time for a question to be read.
fn read(state: &mut State) {
    for _ in 0..2 {
        let now = state.now;
        state.on(Event::Tick(Now { wall: now.wall.plus(1), steady_ms: now.steady_ms + 1_000 }));
    }
}

fn answered(result: AnswerResult, reason: Option<Reason>, tries_left: Option<u8>) -> Event {
    let request = "r1".to_owned();
    let answered = Answered { request, result, reason, tries_left, before_block: None, display_code: None };
    let is_not_me = result == AnswerResult::Declined;
    Event::News(News::Answered { account: "1".to_owned(), answered, is_not_me })
}

/// The screen as lines of text.
fn screen(state: &State) -> Vec<String> {
    let (columns, rows) = state.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| draw(state, frame)).unwrap();
    let cells = terminal.backend().buffer().content.chunks(columns.into());
    let line = |cells: &[ratatui::buffer::Cell]| {
        let mut line = String::new();
        let mut covered = 0;
        for cell in cells {
            if covered > 0 {
                covered -= 1;
                continue;
            }
            covered = width(cell.symbol()).saturating_sub(1);
            line.push_str(cell.symbol());
        }
        line.trim_end().to_owned()
    };
    cells.map(line).collect()
}

pub(super) fn shows(state: &State, part: &str) -> bool {
    screen(state).join("\n").contains(part)
}

#[test]
fn codes_count_down_and_the_next_one_comes_near_the_end() {
    let mut state = state(Language::English);
    let line = &screen(&state)[2];
    assert!(line.starts_with("▸ ★ 会社: alice") && line.ends_with(" s"), "{line}");
    let codes = state.accounts[0].codes.unwrap();
    let left = u32::try_from(codes.valid_until.since(at(0).wall)).unwrap();
    assert!(line.ends_with(&format!("{left:>2} s")), "{line}");
    assert!(screen(&state)[3].ends_with("Enter: code"));
    state.on(Event::Tick(at(left - 5)));
    assert!(screen(&state)[2].contains(" → ") && screen(&state)[2].ends_with(" 5 s"));
}

#[test]
fn a_request_takes_the_keys_and_enter_says_yes() {
    let mut state = asked(Language::English, AnswerKind::Number);
    assert!(shows(&state, "● New sign-in request  90 s left"));
    assert!(shows(&state, "Mail") && shows(&state, "n No, it's not me"));
    assert!(press(&mut state, Key::Enter).is_empty(), "nothing typed yet");
    keys(&mut state, "4x2");
    assert!(shows(&state, "Enter the number shown to sign in: 42▏"));
    let orders = press(&mut state, Key::Enter);
    let [Order::Answer { account, request, decision: Decision::Approve { given: Some(Given::Any(given)) } }] =
        orders.as_slice()
    else {
        panic!("{orders:?}")
    };
    assert_eq!((account.as_str(), request.as_str(), given.expose()), ("1", "r1", &b"42"[..]));
    assert!(shows(&state, "Sending …"));
    let more = [press(&mut state, Key::Enter), keys(&mut state, "n"), keys(&mut state, "42")];
    assert!(
        more.iter().all(Vec::is_empty) && press(&mut state, Key::Enter).is_empty(),
        "one answer at a time"
    );
    state.on(answered(AnswerResult::Approved, None, None));
    assert!(shows(&state, "Approved.") && state.requests.is_empty());
    assert!(matches!(state.focus, Focus::List));
    state.on(Event::Tick(at(30)));
    assert!(!shows(&state, "Approved."));
}

#[test]
fn a_plain_yes_has_a_key_that_no_other_press_is_taken_for() {
    let mut state = state(Language::English);
    state.on(Event::News(News::Codes(vec![("1".into(), None)])));
    // Enter was meant for a code by use; the request came in between.
    found(&mut state, vec![request("r1", AnswerKind::None), request("r2", AnswerKind::None)]);
    assert!(matches!(state.focus, Focus::Request) && press(&mut state, Key::Enter).is_empty());
    read(&mut state);
    assert!(shows(&state, "y Yes") && !shows(&state, "Enter Yes"));
    let orders = keys(&mut state, "y");
    assert!(matches!(
        orders.as_slice(),
        [Order::Answer { request, decision: Decision::Approve { given: None }, .. }] if request == "r1"
    ));
    assert!(keys(&mut state, "y").is_empty(), "it is on its way");
    state.on(answered(AnswerResult::Approved, None, None));
    assert!(press(&mut state, Key::Enter).is_empty(), "the next request is under the same finger");
}

#[test]
fn a_yes_that_was_meant_for_something_else_approves_nothing() {
    let shown = |state: &State| state.shown().map(|asked| asked.request.id.clone());
    let plain = |ids: &[&str]| ids.iter().map(|id| request(id, AnswerKind::None)).collect::<Vec<_>>();
    for language in [Language::English, Language::Japanese] {
        let yes = if language == Language::English { "y Yes" } else { "y はい" };
        // It comes under the finger.
        let mut state = state(language);
        state.on(Event::Tick(at(1)));
        found(&mut state, plain(&["r1"]));
        assert!(matches!(state.focus, Focus::Request) && !shows(&state, yes));
        assert!(keys(&mut state, "y").is_empty());
        read(&mut state);
        assert!(shows(&state, yes));

        // The shown one goes, by its time or elsewhere, and another stands in its place.
        found(&mut state, plain(&["r1", "r2"]));
        read(&mut state);
        found(&mut state, plain(&["r2"]));
        assert!(shown(&state).as_deref() == Some("r2") && !shows(&state, yes));
        assert!(keys(&mut state, "y").is_empty());

        // So with the next one, and after the list.
        read(&mut state);
        found(&mut state, plain(&["r2", "r3"]));
        press(&mut state, Key::Tab);
        assert!(shown(&state).as_deref() == Some("r3") && keys(&mut state, "y").is_empty());
        read(&mut state);
        for _ in 0..2 {
            press(&mut state, Key::Escape);
        }
        keys(&mut state, "r");
        assert!(matches!(state.focus, Focus::Request) && keys(&mut state, "y").is_empty());
        read(&mut state);
        assert!(
            matches!(keys(&mut state, "y").as_slice(), [Order::Answer { request, .. }] if request == "r3")
        );
    }
}

#[test]
fn a_key_that_is_held_down_approves_nothing() {
    let mut state = state(Language::English);
    found(&mut state, vec![request("r1", AnswerKind::None)]);
    for ms in [0, 700].into_iter().chain((730..4_000).step_by(33)) {
        state.on(Event::Tick(Now { steady_ms: at(0).steady_ms + ms, ..at(0) }));
        assert!(keys(&mut state, "y").is_empty(), "{ms}");
    }
    assert!(matches!(keys(&mut state, "n").as_slice(), [Order::Answer { .. }]), "a no counts at once");
}

#[test]
fn a_server_with_many_requests_hides_no_other_account() {
    let mut state = state(Language::English);
    // At each look the newest hundred.
    for looked in 0..12 {
        let newest = (0..100).map(|age| {
            let number = 100 + 10 * looked - age;
            let asked_at = Some(UnixTime(number));
            Request { asked_at, ..request(&format!("m{number}"), AnswerKind::Number) }
        });
        let account = summary("1", "Example", "alice");
        state.on(Event::News(News::FoundSome(account, newest.collect())));
        let ids: Vec<_> = state.requests.iter().map(|asked| asked.request.id.clone()).collect();
        let is_old = looked > 9;
        assert_eq!((ids.len(), &ids[0]), (100 + usize::from(is_old), &format!("m{}", 100 + 10 * looked)));
        assert_eq!(state.shown().unwrap().request.id, "m100", "what is on the screen stays");
    }
    let other = News::Found(summary("2", "Example", "bob"), vec![request("r1", AnswerKind::Number)]);
    state.on(Event::News(other));
    assert_eq!(state.requests.len(), 102);
}

#[test]
fn a_wrong_number_leaves_a_try_and_then_none() {
    let mut state = asked(Language::English, AnswerKind::Number);
    keys(&mut state, "7");
    press(&mut state, Key::Enter);
    state.on(answered(AnswerResult::WrongAnswer, Some(Reason::NumberNotOffered), Some(1)));
    assert!(shows(&state, "Tries left: 1") && shows(&state, "Nothing has been sent."));
    assert!(shows(&state, "to sign in: ▏"), "the field is empty again");
    keys(&mut state, "8");
    press(&mut state, Key::Enter);
    state.on(answered(AnswerResult::WrongAnswer, Some(Reason::WrongNumber), Some(0)));
    assert!(state.requests.is_empty() && shows(&state, "the sign-in has been declined"));
}

#[test]
fn not_me_declines_and_says_what_to_do_now() {
    let mut state = asked(Language::English, AnswerKind::Number);
    let orders = keys(&mut state, "n");
    assert!(matches!(orders.as_slice(), [Order::Answer { decision: Decision::Decline { .. }, .. }]));
    state.on(answered(AnswerResult::Declined, None, None));
    assert!(shows(&state, "✓ Declined."));
    found(&mut state, vec![request("r2", AnswerKind::Number)]);
    state.on(Event::Tick(at(90)));
    assert!(shows(&state, "time is over") && shows(&state, "! Somebody knows your password: change it now."));
    press(&mut state, Key::Escape);
    assert!(!shows(&state, "change it now"));
}

#[test]
fn letters_are_an_answer_where_letters_are_asked_for() {
    let mut state = asked(Language::English, AnswerKind::Text);
    assert!(keys(&mut state, "nq").is_empty());
    assert!(shows(&state, "nq▏") && shows(&state, "Ctrl-N"));
    assert!(matches!(press(&mut state, Key::NotMe).as_slice(), [Order::Answer { .. }]));
}

#[test]
fn search_narrows_the_list_at_each_key_and_paste() {
    let mut state = state(Language::English);
    let orders = keys(&mut state, "/ex");
    assert!(matches!(&orders[..], [Order::List(e), Order::List(ex)] if e == "e" && ex == "ex"));
    let orders = state.on(Event::Pasted(Secret::copy_of(b"ample")));
    assert!(matches!(&orders[..], [Order::List(pasted)] if pasted == "example"));
    assert!(shows(&state, "Search: example▏"));
    state.on(Event::News(News::Accounts(Vec::new())));
    assert!(shows(&state, "No account matches."));
    assert!(matches!(press(&mut state, Key::Escape).as_slice(), [Order::List(all)] if all.is_empty()));
}

#[test]
fn a_code_by_use_comes_on_enter_and_goes_after_a_minute() {
    let mut state = state(Language::English);
    assert!(press(&mut state, Key::Enter).is_empty(), "codes by time are there anyway");
    press(&mut state, Key::Down);
    assert!(matches!(press(&mut state, Key::Enter).as_slice(), [Order::NextCode(id)] if id == "2"));
    let seed = Secret::copy_of(b"12345678901234567890");
    let otp = Otp::new(Kind::Hotp { counter: 0 }, Algorithm::Sha1, 6, seed).unwrap();
    state.on(Event::News(News::Counted("2".into(), otp.code_of_counter().unwrap())));
    assert!(shows(&state, "755 224"));
    state.on(Event::Tick(at(61)));
    assert!(!shows(&state, "755 224"));
}

#[test]
fn locked_shows_nothing_and_a_password_unlocks() {
    let mut state = asked(Language::English, AnswerKind::Number);
    state.on(Event::News(News::Locked));
    let all = screen(&state).join("\n");
    assert!(!all.contains("alice") && !all.contains("Mail") && all.contains("Locked."), "{all}");
    assert!(state.on(Event::Tick(at(60))).is_empty(), "nothing is looked for");
    keys(&mut state, "pass word");
    assert!(!shows(&state, "pass w") && shows(&state, "•••••••••▏"));
    let orders = press(&mut state, Key::Enter);
    assert!(matches!(orders.as_slice(), [Order::Unlock(typed)] if typed.expose() == b"pass word"));
    assert!(shows(&state, "Unlocking"));
    state.on(Event::News(News::Locked));
    state.on(Event::News(News::Failed(("The password does not open this vault.".into(), String::new()))));
    assert!(shows(&state, "does not open this vault"));
    assert!(matches!(state.on(Event::News(News::Unlocked)).as_slice(), [Order::List(_)]));
}

#[test]
fn a_password_keeps_its_spaces_typed_or_pasted() {
    let mut state = state(Language::English);
    state.on(Event::News(News::Locked));
    keys(&mut state, " typed ");
    assert!(
        matches!(press(&mut state, Key::Enter).as_slice(), [Order::Unlock(typed)] if typed.expose() == b" typed ")
    );
    state.on(Event::News(News::Locked));
    state.on(Event::Pasted(Secret::copy_of(b" pasted \n")));
    assert!(
        matches!(press(&mut state, Key::Enter).as_slice(), [Order::Unlock(typed)] if typed.expose() == b" pasted ")
    );
}

#[test]
fn forty_by_twelve_is_enough_in_both_languages() {
    for language in [Language::English, Language::Japanese] {
        let mut state = asked(language, AnswerKind::Number);
        state.on(Event::Resized(40, 12));
        keys(&mut state, "42");
        let lines = screen(&state);
        assert!(lines.iter().all(|line| width(line) <= 40), "{lines:#?}");
        for part in ["42▏", "90", "Mail", "★ 会社: alice", "Esc"] {
            assert!(lines.join("\n").contains(part), "{part}: {lines:#?}");
        }
    }
}

#[test]
fn any_size_is_drawn() {
    for (columns, rows) in [(1, 1), (2, 40), (7, 3), (40, 2), (200, 5)] {
        let mut state = asked(Language::Japanese, AnswerKind::Number);
        state.on(Event::Resized(columns, rows));
        press(&mut state, Key::PageDown);
        assert_eq!(screen(&state).len(), usize::from(rows));
    }
}

#[test]
fn a_long_list_scrolls_with_the_selection() {
    let mut state = state(Language::English);
    let list = (0..500).map(|n| summary(&format!("{n}"), "Example", &format!("user {n}"))).collect();
    state.on(Event::News(News::Accounts(list)));
    for _ in 0..600 {
        press(&mut state, Key::Down);
    }
    assert_eq!(state.selected, 499);
    assert!(shows(&state, "▸ Example: user 499") && state.visible().len() < 16);
    press(&mut state, Key::PageUp);
    assert!(state.selected < 499 && shows(&state, "▸ "));
}
