//! After "it's not me": seen from the server's side.

use std::sync::{Arc, Mutex};

use countersign::approval::{AnswerResult, Answered, HttpReply, HttpRequest};
use countersign::authenticator::PastStanding;
use countersign_practice::Settings;
use countersign_tests::app_authenticator::AppAuthenticator;
use countersign_tests::network::Server as _;
use countersign_tests::realm::Realm;
use countersign_tests::sockets::serve;

use super::super::event::News;
use super::super::lock_out::Step;
use super::*;

/// A server at a port of its own.
fn at_a_port<S: Send + 'static>(
    server: impl FnOnce(&str) -> S,
    take: impl Fn(&mut S, &HttpRequest) -> HttpReply + Send + 'static,
) -> Arc<Mutex<S>> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = Arc::new(Mutex::new(server(&base)));
    let taking = Arc::clone(&server);
    serve(listener, move |request| take(&mut taking.lock().unwrap(), request));
    server
}

/// The server's side of the practice site with one person.
fn realm() -> Arc<Mutex<Realm>> {
    at_a_port(
        |base| Realm::new(Settings::default(), &["alice"], 1).at(base),
        |realm, request| realm.take(request, server_now()),
    )
}

fn server_now() -> u64 {
    now().wall.0.try_into().unwrap()
}

fn is_locked(realm: &Mutex<Realm>) -> bool {
    !realm.lock().unwrap().state().user("alice").unwrap().enabled
}

/// A screen with alice's account, where sign-ins are expected.
fn screen_of_alice<'p>(place: &'p Place, realm: &Mutex<Realm>) -> (State, Engine<'p>) {
    let link = realm.lock().unwrap().show_set_up_code("alice", server_now());
    screen_of(place, link)
}

/// A screen with the account of this set-up code, where sign-ins are expected.
fn screen_of(place: &Place, link: String) -> (State, Engine<'_>) {
    let (mut state, mut engine) = new_screen(place, None);
    let scan = vec![Order::Scan(Secret::from(link))];
    until(&mut state, &mut engine, scan, |state| matches!(state.focus, Focus::Trust(_)));
    let orders = state.on(Event::Key(Key::Char('y')));
    until(&mut state, &mut engine, orders, |state| state.accounts.len() == 1);
    state.eager = true;
    (state, engine)
}

/// A sign-in that is not alice's, up to the first question.
fn not_me(state: &mut State, engine: &mut Engine<'_>, realm: &Mutex<Realm>) {
    realm.lock().unwrap().sign_in("alice", server_now());
    until(state, engine, Vec::new(), |state| matches!(state.focus, Focus::Request));
    let orders = state.on(Event::Key(Key::Char('n')));
    until(state, engine, orders, |state| is_asked(state, |step| step == Step::Offered));
}

/// Whether a question that can be answered stands, and is this one.
fn is_asked(state: &State, is: impl Fn(Step) -> bool) -> bool {
    matches!(&state.focus, Focus::LockOut(asked) if asked.takes_keys(state.now) && is(asked.step))
}

/// The first yes, up to the second question.
fn yes(state: &mut State, engine: &mut Engine<'_>) {
    let orders = state.on(Event::Key(Key::Char('y')));
    until(state, engine, orders, |state| is_asked(state, |step| matches!(step, Step::Asked(_))));
}

fn standings(engine: &mut Engine<'_>) -> Vec<PastStanding> {
    let past = engine.session.core.history(now()).unwrap();
    past.iter().map(|past| past.standing(now())).collect()
}

#[test]
fn after_not_me_two_yeses_lock_the_account_at_the_server_and_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (place, realm) = (place_in(folder.path()), realm());
    let (mut state, mut engine) = screen_of_alice(&place, &realm);
    let declined = PastStanding::Answered(AnswerResult::Declined);

    not_me(&mut state, &mut engine, &realm);
    yes(&mut state, &mut engine);
    let orders = state.on(Event::Key(Key::Char('n')));
    until(&mut state, &mut engine, orders, |state| noticed(state, "Practice: alice has not been locked"));
    assert!(!is_locked(&realm) && state.must_change_password);
    assert_eq!(standings(&mut engine), [declined]);

    not_me(&mut state, &mut engine, &realm);
    yes(&mut state, &mut engine);
    assert!(!is_locked(&realm), "nothing is sent before the second yes");
    let orders = state.on(Event::Key(Key::Char('y')));
    until(&mut state, &mut engine, orders, |state| noticed(state, "Practice: alice is locked."));
    assert!(is_locked(&realm) && state.must_change_password);
    assert_eq!(standings(&mut engine), [PastStanding::LockedOut, declined, declined]);
}

#[test]
fn a_vault_that_locks_or_is_left_at_the_second_question_locks_no_account() {
    let folder = tempfile::tempdir().unwrap();
    let (place, realm) = (place_in(folder.path()), realm());
    let (mut state, mut engine) = screen_of_alice(&place, &realm);
    not_me(&mut state, &mut engine, &realm);
    yes(&mut state, &mut engine);
    until(&mut state, &mut engine, vec![Order::Lock], |state| matches!(state.focus, Focus::Locked(_)));
    let orders = typed(&mut state, PASSWORD);
    until(&mut state, &mut engine, orders, |state| noticed(state, "has not been locked"));

    not_me(&mut state, &mut engine, &realm);
    yes(&mut state, &mut engine);
    for order in state.on(Event::Key(Key::Quit)) {
        engine.carry_out(order);
    }
    drop(engine);
    let mut session = open_later(&place);
    assert!(session.core.unfinished(session.now()).unwrap().is_empty(), "nothing is left to go on with");
    assert!(!is_locked(&realm));
}

#[test]
fn the_lock_out_is_offered_whatever_became_of_the_decline() {
    let is_offered =
        |state: &State| matches!(&state.focus, Focus::LockOut(asked) if asked.step == Step::Offered);
    for is_phone_known in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let (place, realm) = (place_in(folder.path()), realm());
        let (mut state, mut engine) = screen_of_alice(&place, &realm);
        let sign_in = realm.lock().unwrap().sign_in("alice", server_now());
        until(&mut state, &mut engine, Vec::new(), |state| matches!(state.focus, Focus::Request));
        let orders = state.on(Event::Key(Key::Char('n')));
        if is_phone_known {
            realm.lock().unwrap().end_sign_in(&sign_in.id);
        } else {
            realm.lock().unwrap().remove_phones("alice");
        }
        until(&mut state, &mut engine, orders, |state| {
            state.notice.is_some() && state.requests.iter().all(|asked| !asked.is_sending)
        });
        assert!(state.must_change_password && !noticed(&state, "Declined."));
        while !is_offered(&state) && !matches!(state.focus, Focus::List) {
            state.on(Event::Key(Key::Escape));
        }
        assert!(is_offered(&state), "{is_phone_known}");
    }
}

#[test]
fn a_decline_that_was_taken_stays_so_where_its_account_can_not_be_read_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let (_, mut engine) = new_screen(&place, None);
    let what = What::Answer { account: "gone".to_owned(), request: "r1".to_owned(), is_not_me: true };
    let answered = Answered {
        request: "r1".to_owned(),
        result: AnswerResult::Declined,
        reason: None,
        tries_left: None,
        before_block: None,
        display_code: None,
    };
    engine.ended(&what, None, Outcome::Answered(answered));
    assert!(matches!(engine.news.as_slice(), [News::Answered { is_not_me: true, .. }]));
}

#[test]
fn where_the_server_can_not_lock_an_account_that_is_not_offered() {
    let folder = tempfile::tempdir().unwrap();
    let place = place_in(folder.path());
    let now_ms = || now().wall.0 * 1_000;
    let server = at_a_port(
        |base| AppAuthenticator::new(&format!("{base}/realms/staff")),
        move |server, request| server.take(request, now_ms()),
    );
    let link = server.lock().unwrap().show_set_up_code(now_ms());
    let (mut state, mut engine) = screen_of(&place, link);
    let device = server.lock().unwrap().devices.keys().next().unwrap().clone();
    let number = server.lock().unwrap().sign_in(&device, now_ms());
    until(&mut state, &mut engine, Vec::new(), |state| matches!(state.focus, Focus::Request));
    let orders = state.on(Event::Key(Key::Char('n')));
    until(&mut state, &mut engine, orders, |state| state.requests.is_empty());
    assert_eq!(server.lock().unwrap().granted(number), Some(false));
    assert!(matches!(state.focus, Focus::List) && state.must_change_password);
}
