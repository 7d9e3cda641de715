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
use super::lock_out::Step;
use super::state::{Focus, State};
use crate::text::width;
use crate::words::Language;

const START: i64 = 1_700_000_010;

fn at(seconds: u32) -> Now {
    Now { wall: UnixTime(START + i64::from(seconds)), steady_ms: 1_000 + u64::from(seconds) * 1_000 }
}

fn summary(id: &str, issuer: &str, name: &str) -> Summary {
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

fn request(id: &str, answer: AnswerKind) -> Request {
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

fn answered(result: AnswerResult, reason: Option<Reason>, tries_left: Option<u8>) -> Event {
    let request = "r1".to_owned();
    let answered = Answered { request, result, reason, tries_left, before_block: None, display_code: None };
    let is_not_me = result == AnswerResult::Declined;
    Event::News(News::Answered { account: "1".to_owned(), answered, is_not_me })
}

/// Whether the screen has these words, in however many lines.
fn says(state: &State, words: &str) -> bool {
    let squeezed = |text: &str| text.split(['!', ' ', '\n']).collect::<String>();
    squeezed(&screen(state).join("\n")).contains(&squeezed(words))
}

/// The first account, whose server has taken that it was somebody else, and can lock it.
fn not_me(language: Language) -> State {
    let mut state = asked(language, AnswerKind::Number);
    keys(&mut state, "n");
    state.on(answered(AnswerResult::Declined, None, None));
    state.on(offered("1"));
    state
}

fn offered(id: &str) -> Event {
    Event::News(News::LockOutOffered(summary(id, "会社", "alice")))
}

fn locking_ended(is_locked: bool, told: &str) -> Event {
    Event::News(News::LockOutEnded { account: "1".to_owned(), is_locked, told: told.to_owned() })
}

/// The second question.
fn not_me_and_yes(language: Language) -> State {
    let mut state = not_me(language);
    read(&mut state);
    assert!(matches!(keys(&mut state, "y").as_slice(), [Order::LockOut(id)] if id == "1"));
    assert!(state.on(Event::News(News::LockOutAsked { job: 7 })).is_empty());
    read(&mut state);
    state
}

/// Time for a question to be read.
fn read(state: &mut State) {
    for _ in 0..2 {
        let now = state.now;
        state.on(Event::Tick(Now { wall: now.wall.plus(1), steady_ms: now.steady_ms + 1_000 }));
    }
}

fn asks(state: &State) -> Option<Step> {
    let Focus::LockOut(lock_out) = &state.focus else { return None };
    Some(lock_out.step)
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

fn shows(state: &State, part: &str) -> bool {
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
fn a_server_with_many_requests_hides_no_other_account() {
    let mut state = state(Language::English);
    let many: Vec<_> = (0..80).map(|number| request(&format!("m{number}"), AnswerKind::Number)).collect();
    found(&mut state, many);
    assert_eq!(state.requests.len(), 50);
    let other = News::Found(summary("2", "Example", "bob"), vec![request("r1", AnswerKind::Number)]);
    state.on(Event::News(other));
    assert_eq!(state.requests.len(), 51);
}

#[test]
fn client_credentials_wait_until_the_keys_go_to_nothing_else() {
    let needed = |job| News::ClientNeeded {
        job,
        origin: "https://login.example".to_owned(),
        id: None,
        is_refused: false,
    };
    let mut state = asked(Language::English, AnswerKind::Number);
    state.on(Event::News(needed(7)));
    state.on(Event::News(needed(8)));
    keys(&mut state, "42");
    assert!(matches!(state.focus, Focus::Request) && state.answer.text() == "42");
    state.on(answered(AnswerResult::Approved, None, None));
    assert!(matches!(&state.focus, Focus::Client(wanted) if wanted.job == 7));
    press(&mut state, Key::Escape);
    assert!(matches!(&state.focus, Focus::Client(wanted) if wanted.job == 8));
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
fn after_not_me_the_lock_out_is_asked_about_twice() {
    for (language, parts) in [
        (
            Language::English,
            ["password: change it now", "Have it locked?", "Lock 会社: alice at", "Waiting", "y yes"],
        ),
        (
            Language::Japanese,
            ["すぐに変えて", "ロックしますか", "会社: alice をサーバーで", "待っています", "y はい"],
        ),
    ] {
        let [advice, first, second, waiting, yes] = parts;
        let mut state = not_me(language);
        let lines = screen(&state).join("\n");
        assert!(lines.contains("会社: alice") && says(&state, first), "{lines}");
        assert!(!lines.contains("bob"), "nothing beside a question");
        assert_eq!(lines.matches(advice).count(), 1, "{lines}");
        read(&mut state);
        assert!(shows(&state, yes));
        for key in [Key::Enter, Key::Tab, Key::Char('q'), Key::Char('l'), Key::NotMe] {
            assert!(press(&mut state, key).is_empty() && asks(&state) == Some(Step::Offered), "{key:?}");
        }
        assert!(state.on(Event::Pasted(Secret::copy_of(b"y"))).is_empty());
        assert!(matches!(keys(&mut state, "y").as_slice(), [Order::LockOut(id)] if id == "1"));
        read(&mut state);
        assert!(keys(&mut state, "y").is_empty(), "the question has not come yet");
        state.on(Event::News(News::LockOutAsked { job: 7 }));
        assert!(shows(&state, second) && shows(&state, advice) && !shows(&state, yes));
        read(&mut state);
        assert!(matches!(keys(&mut state, "y").as_slice(), [Order::Confirm { job: 7, is_sure: true }]));
        assert!(shows(&state, waiting) && shows(&state, advice) && asks(&state).is_none());
        state.on(locking_ended(true, "It is locked."));
        assert!(shows(&state, "It is locked.") && shows(&state, advice));
    }
}

#[test]
fn no_at_either_question_locks_nothing() {
    for key in [Key::Char('n'), Key::Char('N'), Key::Escape] {
        let mut state = not_me(Language::English);
        read(&mut state);
        assert!(press(&mut state, key).is_empty() && matches!(state.focus, Focus::List));
        assert!(shows(&state, "has not been locked") && shows(&state, "change it now"));
        let mut state = not_me_and_yes(Language::English);
        let orders = press(&mut state, key);
        assert!(matches!(orders.as_slice(), [Order::Confirm { job: 7, is_sure: false }]), "{orders:?}");
        assert!(matches!(state.focus, Focus::List) && shows(&state, "change it now"));
    }
}

#[test]
fn leaving_or_a_locked_vault_at_the_question_means_no() {
    let orders = press(&mut not_me_and_yes(Language::English), Key::Quit);
    assert!(matches!(orders.as_slice(), [Order::Confirm { job: 7, is_sure: false }, Order::Quit]));
    assert!(matches!(press(&mut not_me(Language::English), Key::Quit).as_slice(), [Order::Quit]));

    for mut state in [not_me(Language::English), not_me_and_yes(Language::English)] {
        state.on(Event::News(News::Locked));
        assert!(!shows(&state, "alice") && !shows(&state, "change it now"));
        assert!(keys(&mut state, "y").is_empty());
        state.on(Event::News(News::Unlocked));
        assert!(asks(&state).is_none());
        // A question that nobody waits for.
        let orders = state.on(Event::News(News::LockOutAsked { job: 8 }));
        assert!(matches!(orders.as_slice(), [Order::Confirm { job: 8, is_sure: false }]));
    }
}

#[test]
fn a_key_that_is_held_down_is_no_yes() {
    let mut state = not_me(Language::English);
    let now = state.now;
    // It repeats after 0.7 seconds, and then thirty times in a second.
    for ms in [0, 700].into_iter().chain((730..4_000).step_by(33)) {
        state.on(Event::Tick(Now { steady_ms: now.steady_ms + ms, ..now }));
        assert!(keys(&mut state, "y").is_empty(), "{ms}");
    }
    assert_eq!(asks(&state), Some(Step::Offered));
}

#[test]
fn a_request_that_comes_while_the_lock_out_is_asked_about_waits() {
    for mut state in [not_me(Language::English), not_me_and_yes(Language::English)] {
        let step = asks(&state);
        found(&mut state, vec![request("r2", AnswerKind::None)]);
        assert!(asks(&state) == step && shows(&state, "1 waiting") && shows(&state, "change it now"));
        assert!(!shows(&state, "Approve this sign-in?"));
        read(&mut state);
        press(&mut state, Key::Escape);
        assert!(keys(&mut state, "yy").is_empty(), "no yes to a question is one to the request");
        keys(&mut state, "r");
        assert!(
            matches!(keys(&mut state, "y").as_slice(), [Order::Answer { request, .. }] if request == "r2")
        );
    }
}

#[test]
fn the_lock_out_is_offered_once_the_keys_go_to_nothing_else() {
    // Two requests that were somebody else's, and one question.
    let mut state = asked(Language::English, AnswerKind::None);
    found(&mut state, vec![request("r1", AnswerKind::None), request("r2", AnswerKind::None)]);
    keys(&mut state, "n");
    state.on(answered(AnswerResult::Declined, None, None));
    state.on(offered("1"));
    assert!(matches!(state.focus, Focus::Request) && asks(&state).is_none(), "y would be about r2");
    state.on(offered("1"));
    found(&mut state, Vec::new());
    assert_eq!(asks(&state), Some(Step::Offered));
    state.on(offered("1"));
    read(&mut state);
    keys(&mut state, "n");
    assert!(asks(&state).is_none());

    keys(&mut state, "/");
    state.on(offered("1"));
    keys(&mut state, "y");
    assert!(matches!(state.focus, Focus::Search) && state.search.text() == "y");
    press(&mut state, Key::Enter);
    assert_eq!(asks(&state), Some(Step::Offered));
    // The answer of a server to trust comes before anybody has seen it.
    state.on(Event::News(News::TrustNeeded("https://login.example".into())));
    assert!(matches!(keys(&mut state, "n").as_slice(), [Order::Forget]));
    assert_eq!(asks(&state), Some(Step::Offered));
}

#[test]
fn what_became_of_a_lock_out_is_told() {
    let mut state = not_me(Language::English);
    read(&mut state);
    keys(&mut state, "y");
    state.on(locking_ended(false, "No such account."));
    assert!(asks(&state).is_none() && shows(&state, "No such account.") && shows(&state, "change it now"));

    let mut state = not_me_and_yes(Language::English);
    found(&mut state, vec![request("r2", AnswerKind::Number)]);
    keys(&mut state, "y");
    state.on(locking_ended(true, "It is locked."));
    assert!(state.requests.is_empty(), "the server has ended them");
    found(&mut state, Vec::new());
    assert!(shows(&state, "It is locked.") && !shows(&state, "another device"));
}

#[test]
fn letters_are_an_answer_where_letters_are_asked_for() {
    let mut state = asked(Language::English, AnswerKind::Text);
    assert!(keys(&mut state, "nq").is_empty());
    assert!(shows(&state, "nq▏") && shows(&state, "Ctrl-N"));
    assert!(matches!(press(&mut state, Key::NotMe).as_slice(), [Order::Answer { .. }]));
}

#[test]
fn several_requests_are_shown_in_turn() {
    let mut state = asked(Language::English, AnswerKind::Number);
    found(&mut state, vec![request("r1", AnswerKind::Number), request("r2", AnswerKind::None)]);
    assert!(shows(&state, "1/2") && shows(&state, "Tab next request"));
    keys(&mut state, "4");
    press(&mut state, Key::Tab);
    assert!(shows(&state, "2/2") && shows(&state, "Approve this sign-in?"));
    press(&mut state, Key::Tab);
    assert!(shows(&state, "to sign in: ▏"), "what was typed for one is no answer to another");
}

#[test]
fn the_same_id_at_two_servers_is_two_requests() {
    let mut state = asked(Language::English, AnswerKind::Number);
    let other = summary("2", "Example", "bob");
    state.on(Event::News(News::Found(other.clone(), vec![request("r1", AnswerKind::Number)])));
    let accounts =
        |state: &State| state.requests.iter().map(|asked| asked.account.id.clone()).collect::<Vec<_>>();
    assert_eq!(accounts(&state), ["1", "2"]);
    press(&mut state, Key::Tab);
    keys(&mut state, "42");
    let orders = press(&mut state, Key::Enter);
    assert!(matches!(orders.as_slice(), [Order::Answer { account, .. }] if account == "2"));
    assert!(!state.requests[0].is_sending && state.requests[1].is_sending);
    state.on(answered(AnswerResult::Approved, None, None));
    assert_eq!(accounts(&state), ["2"], "the answer was to the other one");
    state.on(Event::News(News::NotAnswered {
        account: "1".into(),
        request: "r1".into(),
        words: ("No.".into(), String::new()),
        is_over: true,
    }));
    assert!(state.requests[0].is_sending);
    state.on(Event::News(News::Found(summary("1", "会社", "alice"), Vec::new())));
    assert_eq!(accounts(&state), ["2"]);
}

#[test]
fn requests_end_by_time_or_elsewhere() {
    let mut state = asked(Language::English, AnswerKind::Number);
    found(&mut state, Vec::new());
    assert!(state.requests.is_empty() && shows(&state, "answered on another device"));
    found(&mut state, vec![request("r3", AnswerKind::Number)]);
    state.on(Event::Tick(at(90)));
    assert!(state.requests.is_empty() && shows(&state, "time is over"));
}

#[test]
fn an_unknown_result_is_told_as_such() {
    let mut state = asked(Language::English, AnswerKind::Number);
    keys(&mut state, "42");
    press(&mut state, Key::Enter);
    state.on(answered(AnswerResult::Unknown, None, None));
    assert!(shows(&state, "Whether the answer arrived is not known."));
}

#[test]
fn how_long_a_sign_in_is_expected_is_shown() {
    let mut state = state(Language::English);
    assert!(matches!(keys(&mut state, "e").as_slice(), [Order::Expect]));
    state.on(Event::News(News::Expecting(Some(119_001))));
    assert!(shows(&state, "looking for 120 s"));
    state.on(Event::News(News::LooksEnded(1)));
    state.on(Event::News(News::Expecting(None)));
    state.on(Event::Tick(at(5)));
    assert!(shows(&state, "5 s ago"));
    state.eager = true;
    assert!(matches!(state.on(Event::Tick(at(6))).as_slice(), [Order::Expect]));
    state.on(Event::News(News::Expecting(Some(120_000))));
    assert!(state.on(Event::Tick(at(7))).is_empty() && shows(&state, "s ago"));
    state.on(Event::News(News::Flood("7 requests".to_owned())));
    assert!(shows(&state, "7 requests"));
}

#[test]
fn a_newer_request_goes_before_the_one_that_is_answered_and_takes_nothing_typed_for_it() {
    let asked_at = |id: &str, seconds| Request {
        asked_at: Some(UnixTime(START + seconds)),
        from: Some(format!("from {id}")),
        ..request(id, AnswerKind::Number)
    };
    let mut state = state(Language::English);
    found(&mut state, vec![asked_at("old", 1)]);
    state.on(Event::Tick(at(10)));
    keys(&mut state, "4");
    found(&mut state, vec![asked_at("new", 9), asked_at("old", 1)]);
    let other = summary("2", "Example", "bob");
    state.on(Event::News(News::Found(other, vec![asked_at("between", 5)])));
    let order: Vec<_> = state.requests.iter().map(|asked| asked.request.id.as_str()).collect();
    assert_eq!(order, ["new", "between", "old"]);
    assert!(shows(&state, "3/3") && shows(&state, "from old") && shows(&state, "9 s ago"));
    keys(&mut state, "2");
    let orders = press(&mut state, Key::Enter);
    assert!(
        matches!(orders.as_slice(), [Order::Answer { account, request, .. }] if account == "1" && request == "old")
    );

    press(&mut state, Key::Tab);
    assert!(shows(&state, "1/3") && shows(&state, "from new"));
    keys(&mut state, "7");
    found(&mut state, vec![asked_at("old", 1)]);
    assert!(shows(&state, "from between") && shows(&state, "to sign in: ▏"), "7 was typed for another");
}

#[test]
fn a_request_that_was_only_seen_tells_since_when_and_how_long_it_waits_at_most() {
    let seen = Request { seen_at: Some(UnixTime(START + 1)), ..request("r1", AnswerKind::Number) };
    for (language, age, left) in [
        (Language::English, "seen 9 s ago", "at most 80 s left"),
        (Language::Japanese, "9 秒前に受信", "残り最大 80 秒"),
    ] {
        let mut state = state(language);
        found(&mut state, vec![seen.clone()]);
        state.on(Event::Tick(at(10)));
        assert!(shows(&state, age) && shows(&state, left), "{:#?}", screen(&state));
    }
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
fn a_set_up_text_is_read_and_its_server_asked_about() {
    let mut state = state(Language::English);
    keys(&mut state, "s");
    state.on(Event::Pasted(Secret::copy_of(b"countersign://enrol?token=verysecret\n")));
    assert!(!shows(&state, "verysecret"));
    let orders = press(&mut state, Key::Enter);
    assert!(matches!(orders.as_slice(), [Order::Scan(text)] if text.expose().ends_with(b"secret")));
    state.on(Event::News(News::TrustNeeded("https://login.example".into())));
    assert!(shows(&state, "https://login.example"));
    assert!(keys(&mut state, "x").is_empty());
    assert!(matches!(keys(&mut state, "y").as_slice(), [Order::Enrol]));
    state.on(Event::News(News::TrustNeeded("https://login.example".into())));
    assert!(matches!(keys(&mut state, "n").as_slice(), [Order::Forget]));
    assert!(shows(&state, "Nothing has been sent."));
}

#[test]
fn client_credentials_are_asked_for_and_the_secret_is_dots() {
    let needed = |id: Option<&str>, is_refused| {
        let (origin, id) = ("https://login.example".to_owned(), id.map(ToOwned::to_owned));
        Event::News(News::ClientNeeded { job: 7, origin, id, is_refused })
    };
    let mut state = state(Language::English);
    state.on(needed(None, false));
    assert!(shows(&state, "https://login.example") && !shows(&state, "会社"));
    assert!(press(&mut state, Key::Enter).is_empty(), "nothing typed yet");
    keys(&mut state, "phones");
    assert!(shows(&state, "phones▏"));
    press(&mut state, Key::Enter);
    state.on(Event::Pasted(Secret::copy_of(b"hush\n")));
    assert!(!shows(&state, "hush") && shows(&state, "••••▏"));
    let orders = press(&mut state, Key::Enter);
    let [Order::Client { job: 7, given: Some(given) }] = orders.as_slice() else { panic!("{orders:?}") };
    assert_eq!((given.id.as_str(), given.secret.expose()), ("phones", &b"hush"[..]));

    state.on(needed(Some("phones"), true));
    assert!(shows(&state, "does not take the app's client id") && shows(&state, "phones"));
    keys(&mut state, "x");
    assert!(shows(&state, "•▏"), "a known id goes right to the secret");
    assert!(matches!(press(&mut state, Key::Escape).as_slice(), [Order::Client { job: 7, given: None }]));
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
fn a_set_up_text_may_be_as_long_as_the_core_takes_and_longer_ones_are_told() {
    let mut state = state(Language::English);
    keys(&mut state, "s");
    state.on(Event::Pasted(Secret::from("a".repeat(countersign::link::MAX_TEXT + 1))));
    assert!(shows(&state, "What was pasted is longer"));
    assert!(press(&mut state, Key::Enter).is_empty());
    keys(&mut state, "s");
    state.on(Event::Pasted(Secret::from(format!("{}\n", "a".repeat(countersign::link::MAX_TEXT)))));
    assert!(
        matches!(press(&mut state, Key::Enter).as_slice(), [Order::Scan(text)] if text.len() == countersign::link::MAX_TEXT)
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
    for (language, first, second, advice, yes) in [
        (Language::English, "Have it locked?", "an administrator can.", "change it now.", "y yes"),
        (Language::Japanese, "ロックしますか。", "管理者だけです。", "すぐに変えてください。", "y はい"),
    ] {
        for (mut state, end) in [(not_me(language), first), (not_me_and_yes(language), second)] {
            state.on(Event::Resized(40, 12));
            read(&mut state);
            let lines = screen(&state);
            for part in ["会社: alice", end, advice, yes] {
                assert!(says(&state, part), "{part}: {lines:#?}");
            }
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
