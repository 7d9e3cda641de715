//! After "it's not me".

use super::super::lock_out::Step;
use super::*;

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
    assert!(matches!(keys(&mut state, "y").as_slice(), [Order::LockOut(account)] if account.id == "1"));
    assert!(state.on(Event::News(News::LockOutAsked { account: "1".into(), job: 7 })).is_empty());
    read(&mut state);
    state
}

fn asks(state: &State) -> Option<Step> {
    let Focus::LockOut(lock_out) = &state.focus else { return None };
    Some(lock_out.step)
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
        assert!(matches!(keys(&mut state, "y").as_slice(), [Order::LockOut(account)] if account.id == "1"));
        read(&mut state);
        assert!(keys(&mut state, "y").is_empty(), "the question has not come yet");
        state.on(Event::News(News::LockOutAsked { account: "1".into(), job: 7 }));
        assert!(shows(&state, second) && shows(&state, advice) && !shows(&state, yes));
        read(&mut state);
        assert!(matches!(keys(&mut state, "y").as_slice(), [Order::Confirm { job: 7, is_sure: true }]));
        assert!(shows(&state, waiting) && shows(&state, advice) && asks(&state).is_none());
        state.on(locking_ended(true, "It is locked."));
        assert!(shows(&state, "It is locked.") && shows(&state, advice));
    }
}

#[test]
fn a_yes_to_one_account_is_none_to_the_question_about_another() {
    let mut state = not_me(Language::English);
    read(&mut state);
    keys(&mut state, "y");
    let orders = state.on(Event::News(News::LockOutAsked { account: "2".into(), job: 9 }));
    assert!(matches!(orders.as_slice(), [Order::Confirm { job: 9, is_sure: false }]), "{orders:?}");
    assert_eq!(asks(&state), Some(Step::Begun));
}

#[test]
fn not_me_that_was_not_sent_has_the_same_advice_and_offer() {
    for is_over in [false, true] {
        let mut state = asked(Language::English, AnswerKind::Number);
        keys(&mut state, "n");
        let (account, request) = ("1".to_owned(), "r1".to_owned());
        let words = ("The server can't be reached.".to_owned(), String::new());
        state.on(Event::News(News::NotAnswered { account, request, words, is_over }));
        state.on(offered("1"));
        assert!(says(&state, "can't be reached") && says(&state, "change it now"));
        if !is_over {
            // Esc once for what there is to know and once for the list.
            press(&mut state, Key::Escape);
            press(&mut state, Key::Escape);
        }
        assert_eq!(asks(&state), Some(Step::Offered));
    }
    let mut state = asked(Language::English, AnswerKind::Number);
    keys(&mut state, "42");
    press(&mut state, Key::Enter);
    keys(&mut state, "n");
    assert!(!shows(&state, "change it now"), "it is approved already");
}

#[test]
fn no_at_either_question_locks_nothing() {
    for key in [Key::Char('n'), Key::Char('N'), Key::Escape] {
        let mut state = not_me(Language::English);
        read(&mut state);
        assert!(press(&mut state, key).is_empty() && matches!(state.focus, Focus::List));
        assert!(shows(&state, "会社: alice has not been locked") && shows(&state, "change it now"));
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
        assert!(asks(&state).is_none() && shows(&state, "change it now"));
        // A question that nobody waits for.
        let orders = state.on(Event::News(News::LockOutAsked { account: "1".into(), job: 8 }));
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
        assert!(keys(&mut state, "y").is_empty());
        read(&mut state);
        assert!(
            matches!(keys(&mut state, "y").as_slice(), [Order::Answer { request, .. }] if request == "r2")
        );
    }
}

#[test]
fn the_lock_out_is_offered_back_at_the_list() {
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

    // Again after the next one.
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
fn a_server_to_trust_comes_before_the_second_question_which_is_put_from_the_start_again() {
    let mut state = not_me_and_yes(Language::English);
    let orders = state.on(Event::News(News::TrustNeeded("https://login.example".into())));
    assert!(matches!(orders.as_slice(), [Order::Confirm { job: 7, is_sure: false }]), "{orders:?}");
    state.on(locking_ended(false, "It has not been locked."));
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
fn forty_by_twelve_is_enough_for_the_questions_in_both_languages() {
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
