//! What can happen to a whole phone at the practice site: the same list as in `tests/servers` at a real privacyIDEA and a
//! real eduMFA. The site restarts in the middle of a request in `sockets.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use countersign::approval::{
    AnswerRequest, AnswerResult, Answered, Decision, DeclineReason, Given, HostFacts, Outcome, Request,
};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign_practice::Settings;
use countersign_practice::realm::Standing;
use countersign_tests::network::Clock;
use countersign_tests::phone::{Phone, World as _, reason};
use countersign_tests::place::{Place, approval};
use countersign_tests::realm::SignIn;
use countersign_tests::runs::folder;
use tempfile::TempDir;

/// A phone that is set up at a new site, and its account.
fn set_up(settings: Settings) -> (Place, TempDir, Phone, String) {
    set_up_in(Place::new(settings))
}

fn set_up_in(mut place: Place) -> (Place, TempDir, Phone, String) {
    let folder = folder();
    let mut phone = Phone::new(folder.path(), 1, place.now());
    let account = add(&mut phone, &mut place);
    (place, folder, phone, account)
}

fn add(phone: &mut Phone, place: &mut Place) -> String {
    let code = place.realm.show_set_up_code("alice", place.clock.server());
    let (outcome, added) = phone.enrol(&code, place).unwrap();
    assert!(matches!(outcome, Outcome::Enrolled(_)), "{outcome:?}");
    added.unwrap()
}

fn sign_in(place: &mut Place) -> SignIn {
    let sign_in = place.realm.sign_in("alice", place.clock.server());
    place.person.sign_in = Some(sign_in.clone());
    sign_in
}

fn requests(phone: &mut Phone, account: &str, place: &mut Place) -> Vec<Request> {
    match phone.run(&Job::Check { account }, place).unwrap() {
        Outcome::Checked { requests, .. } => requests,
        other => panic!("{other:?}"),
    }
}

/// How an answer ends: with a result or without one, and why.
fn answer(
    phone: &mut Phone,
    account: &str,
    request: AnswerRequest,
    place: &mut Place,
) -> (Option<AnswerResult>, Option<Reason>) {
    let outcome = phone.run(&Job::Answer { account, request }, place).unwrap();
    match &outcome {
        Outcome::Answered(Answered { result, reason, .. }) => (Some(*result), *reason),
        other => (None, reason(other)),
    }
}

fn standing(place: &Place, sign_in: &SignIn) -> Standing {
    place.realm.standing(&sign_in.id, place.clock.server())
}

#[test]
fn approved() {
    let (mut place, _folder, mut phone, account) = set_up(Settings::default());
    let waits = sign_in(&mut place);
    assert_eq!(requests(&mut phone, &account, &mut place)[0].id, waits.id);
    let end = answer(&mut phone, &account, approval(&waits), &mut place);
    assert_eq!((end, standing(&place, &waits)), ((Some(AnswerResult::Approved), None), Standing::Approved));
}

#[test]
fn a_wrong_answer_declines_the_second_time() {
    let (mut place, _folder, mut phone, account) = set_up(Settings::default());
    let waits = sign_in(&mut place);
    let given = || Some(Given::Number(Secret::copy_of(b"0100")));
    let wrong =
        || AnswerRequest { request: waits.id.clone(), decision: Decision::Approve { given: given() } };
    let end = answer(&mut phone, &account, wrong(), &mut place);
    assert_eq!(end, (Some(AnswerResult::WrongAnswer), Some(Reason::NumberNotOffered)));
    assert_eq!(standing(&place, &waits), Standing::Pending);
    let end = answer(&mut phone, &account, wrong(), &mut place);
    assert_eq!(end, (Some(AnswerResult::WrongAnswer), Some(Reason::WrongNumber)));
    assert_eq!(standing(&place, &waits), Standing::Denied);
}

#[test]
fn declined_with_a_reason_which_is_kept_here() {
    let (mut place, _folder, mut phone, account) = set_up(Settings::default());
    let waits = sign_in(&mut place);
    let decision = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let request = AnswerRequest { request: waits.id.clone(), decision };
    let end = answer(&mut phone, &account, request, &mut place);
    assert_eq!((end, standing(&place, &waits)), ((Some(AnswerResult::Declined), None), Standing::Denied));
}

#[test]
fn too_late() {
    let (mut place, _folder, mut phone, account) =
        set_up(Settings { challenge_seconds: 40, ..Settings::default() });
    let waits = sign_in(&mut place);
    assert_eq!(requests(&mut phone, &account, &mut place).len(), 1);
    place.wait(41_000);
    assert_eq!(requests(&mut phone, &account, &mut place), []);
    let (_, why) = answer(&mut phone, &account, approval(&waits), &mut place);
    assert_eq!(why, Some(Reason::RequestNotFound), "nobody had begun to answer it");
    assert_ne!(standing(&place, &waits), Standing::Approved);
}

#[test]
fn the_account_is_gone_on_the_server() {
    let (mut place, _folder, mut phone, account) = set_up(Settings::default());
    place.realm.remove_phones("alice");
    let checked = phone.run(&Job::Check { account: &account }, &mut place).unwrap();
    assert_eq!(reason(&checked), Some(Reason::DeviceNotRegistered));
}

#[test]
fn the_key_is_gone() {
    let (mut place, _folder, mut phone, account) = set_up(Settings::default());
    let waits = sign_in(&mut place);
    phone.lose_keys();
    let checked = phone.run(&Job::Check { account: &account }, &mut place).unwrap();
    assert_eq!(reason(&checked), Some(Reason::DeviceKeyGone));
    let end = answer(&mut phone, &account, approval(&waits), &mut place);
    assert_eq!((end, standing(&place, &waits)), ((None, Some(Reason::DeviceKeyGone)), Standing::Pending));
    let host = HostFacts::default();
    let tested = phone.run(&Job::SelfTest { account: &account, host }, &mut place).unwrap();
    let Outcome::Tested { checks } = tested else { panic!("{tested:?}") };
    let failed: Vec<_> = checks.iter().filter_map(|check| check.reason).collect();
    assert_eq!(failed, [Reason::DeviceKeyGone]);
}

#[test]
fn the_phones_clock_is_wrong() {
    for skew in [7_200, -7_200] {
        let place = Place { clock: Clock::new(skew), ..Place::new(Settings::default()) };
        let (mut place, _folder, mut phone, account) = set_up_in(place);
        let waits = sign_in(&mut place);
        let end = answer(&mut phone, &account, approval(&waits), &mut place);
        assert_eq!(end, (Some(AnswerResult::Approved), None));
        assert_eq!(standing(&place, &waits), Standing::Approved);
    }
}

/// Keycloak tells no time: what was measured at set-up is all that there is.
#[test]
fn a_clock_that_becomes_wrong_is_told() {
    let (mut place, _folder, mut phone, account) = set_up(Settings::default());
    place.clock = Clock::new(7_200);
    let waits = sign_in(&mut place);
    let end = answer(&mut phone, &account, approval(&waits), &mut place);
    assert_eq!((end, standing(&place, &waits)), ((None, Some(Reason::ClockDiffers)), Standing::Pending));
}

/// A sign-in asks one of them: the other finds nothing, and can't answer what it does not see.
#[test]
fn two_phones_of_one_person() {
    let (mut place, _folder, mut second, in_second) = set_up(Settings::default());
    let folder = folder();
    let mut first = Phone::new(folder.path(), 2, place.now());
    let in_first = add(&mut first, &mut place);
    let waits = sign_in(&mut place);
    assert_eq!(requests(&mut second, &in_second, &mut place), []);
    let end = answer(&mut second, &in_second, approval(&waits), &mut place);
    assert_eq!(end, (None, Some(Reason::RequestNotFound)));
    let end = answer(&mut first, &in_first, approval(&waits), &mut place);
    assert_eq!((end, standing(&place, &waits)), ((Some(AnswerResult::Approved), None), Standing::Approved));
}
