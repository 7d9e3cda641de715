//! Set-ups, and what they ask.

use super::*;

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
