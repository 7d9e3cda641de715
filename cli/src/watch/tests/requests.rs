//! Several requests, and how each ends.

use super::*;

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
fn a_request_that_was_only_seen_tells_since_when_and_about_how_long_it_waits() {
    let seen = Request { seen_at: Some(UnixTime(START + 1)), ..request("r1", AnswerKind::Number) };
    for (language, age, left) in [
        (Language::English, "seen 9 s ago", "about 80 s left"),
        (Language::Japanese, "9 秒前に確認", "残り約 80 秒"),
    ] {
        let mut state = state(language);
        found(&mut state, vec![seen.clone()]);
        state.on(Event::Tick(at(10)));
        assert!(shows(&state, age) && shows(&state, left), "{:#?}", screen(&state));
    }
}

#[test]
fn a_request_waits_for_as_long_as_the_last_look_says() {
    let until = |end| Request { expires_at: UnixTime(START + end), ..request("r1", AnswerKind::Number) };
    let mut state = state(Language::English);
    found(&mut state, vec![until(120)]);
    keys(&mut state, "7");
    press(&mut state, Key::Enter);
    found(&mut state, vec![until(120)]);
    assert!(shows(&state, "Sending …"));
    state.on(answered(AnswerResult::WrongAnswer, Some(Reason::NumberNotOffered), Some(1)));
    press(&mut state, Key::Escape);
    keys(&mut state, "4");
    state.on(Event::Tick(at(110)));
    found(&mut state, vec![until(140)]);
    state.on(Event::Tick(at(121)));
    assert!(shows(&state, "19 s left") && shows(&state, "Tries left: 1"), "{:#?}", screen(&state));
    assert!(shows(&state, "to sign in: 4▏") && !shows(&state, "time is over"));
    keys(&mut state, "2");
    let orders = press(&mut state, Key::Enter);
    assert!(matches!(
        orders.as_slice(),
        [Order::Answer { decision: Decision::Approve { given: Some(Given::Any(given)) }, .. }]
            if given.expose() == b"42"
    ));
}

#[test]
fn a_request_that_turns_into_a_plain_one_has_to_stand_first() {
    let mut state = asked(Language::English, AnswerKind::Number);
    read(&mut state);
    found(&mut state, vec![request("r1", AnswerKind::None)]);
    assert!(shows(&state, "Approve this sign-in?") && keys(&mut state, "y").is_empty());
    read(&mut state);
    assert!(matches!(keys(&mut state, "y").as_slice(), [Order::Answer { .. }]));
}

#[test]
fn a_no_that_is_held_down_or_was_meant_for_another_request_declines_nothing() {
    let is_no_to = |orders: &[Order], id: &str| matches!(orders, [Order::Answer { request, decision: Decision::Decline { .. }, .. }] if request == id);
    for (language, kind, key, no) in [
        (Language::English, AnswerKind::None, Key::Char('n'), "No, it's not me"),
        (Language::English, AnswerKind::Number, Key::Char('N'), "No, it's not me"),
        (Language::Japanese, AnswerKind::Text, Key::NotMe, "いいえ、私ではありません"),
    ] {
        let both = || vec![request("r1", kind.clone()), request("r2", kind.clone())];
        let mut state = state(language);
        found(&mut state, both());
        assert!(shows(&state, no) && is_no_to(&press(&mut state, key), "r1"), "at once");
        state.on(answered(AnswerResult::Declined, None, None));
        for ms in (0..3_000).step_by(33) {
            state.on(Event::Tick(Now { steady_ms: at(0).steady_ms + ms, ..at(0) }));
            assert!(press(&mut state, key).is_empty() && !shows(&state, no), "{ms}");
        }
        read(&mut state);
        assert!(shows(&state, no) && is_no_to(&press(&mut state, key), "r2"));

        // It goes elsewhere, just before the key.
        let mut state = asked(language, kind.clone());
        found(&mut state, both());
        read(&mut state);
        found(&mut state, vec![request("r2", kind.clone())]);
        assert!(press(&mut state, key).is_empty() && !state.must_change_password);
        read(&mut state);
        assert!(is_no_to(&press(&mut state, key), "r2"));
    }
}
