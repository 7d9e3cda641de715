//! privacyIDEA's own: options to choose from, reasons for declining, and the code that is shown after an approval.

use countersign::account::Registration;
use countersign::approval::{AnswerKind, AnswerResult, Decision, DeclineReason, HttpRequest, Outcome};
use countersign::reason::Reason;
use serde_json::{Value, json};

use crate::keycloak::reply;
use crate::phone::{Phone, Server as _, answered, refused, requests};
use crate::push_token::{Make, PushServer, set_up_with};

fn set_up() -> (Phone, PushServer, Registration) {
    set_up_with(Make::PrivacyIdea)
}

#[test]
fn sets_up_and_approves_by_the_typed_letter() {
    let (mut phone, mut server, registration) = set_up();
    assert_eq!(phone.asked, ["trust"]);
    assert!(requests(phone.check(&registration, &mut server)).is_empty());
    let nonce = server.ask(Some("A,Q,Z"), Some("Q"));
    let requests = requests(phone.check(&registration, &mut server));
    assert_eq!((requests[0].id.as_str(), &requests[0].answer), (nonce.as_str(), &AnswerKind::Text));
    assert_eq!(requests[0].question, "Do you want to confirm the login?");
    phone.typed = vec!["q"];
    let end = answered(phone.approve(&registration, &nonce, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
    assert_eq!(server.answers, [(nonce, "approved".to_owned())]);
}

#[test]
fn numbers_keep_the_servers_leading_zero_and_words_are_picked() {
    let (mut phone, mut server, registration) = set_up();
    let number = server.ask(Some("05,31,93"), Some("05"));
    let word = server.ask(Some("red,green"), Some("green"));
    let kinds: Vec<_> =
        requests(phone.check(&registration, &mut server)).into_iter().map(|request| request.answer).collect();
    assert!(kinds.contains(&AnswerKind::Number));
    assert!(kinds.contains(&AnswerKind::Choice { words: vec!["red".to_owned(), "green".to_owned()] }));
    for (nonce, typed) in [(number, "5"), (word, "Green")] {
        let end = answered(phone.approve(&registration, &nonce, Some(typed), &mut server));
        assert_eq!(end.result, AnswerResult::Approved, "{typed}");
    }
}

#[test]
fn an_answer_that_the_server_refuses_ends_the_request() {
    let (mut phone, mut server, registration) = set_up();
    let nonce = server.ask(Some("05,31,93"), Some("05"));
    let end = answered(phone.approve(&registration, &nonce, Some("31"), &mut server));
    assert_eq!((end.result, end.tries_left), (AnswerResult::WrongAnswer, Some(0)));
    assert_eq!(server.answers, [(nonce, "declined".to_owned())]);
}

#[test]
fn a_code_for_the_other_screen_is_shown_after_the_approval() {
    let (mut phone, mut server, registration) = set_up();
    let nonce = server.ask(None, None);
    server.challenges[0].code = Some("42");
    let end = answered(phone.approve(&registration, &nonce, None, &mut server));
    assert_eq!((end.result, end.display_code.as_deref()), (AnswerResult::Approved, Some("42")));
}

#[test]
fn a_reason_is_sent_only_to_a_server_that_takes_it() {
    for (takes, told) in [(true, "unknown_trigger"), (false, "declined")] {
        let (mut phone, mut server, registration) = set_up();
        let nonce = server.ask(None, None);
        server.challenges[0].capabilities = takes;
        assert_eq!(requests(phone.check(&registration, &mut server))[0].takes_decline_reason, takes);
        let decline = Decision::Decline { reason: Some(DeclineReason::NotMe) };
        let end = answered(phone.answer(&registration, &nonce, decline, &mut server));
        assert_eq!(end.result, AnswerResult::Declined);
        assert_eq!(server.answers, [(nonce, told.to_owned())]);
    }
}

/// One entry that this phone can't answer, or can't read at all, is in no other's way.
#[test]
fn an_odd_request_hides_no_other() {
    let (mut phone, mut server, registration) = set_up();
    let odd = server.ask(Some("red,,green"), None);
    let sound = server.ask(Some("A,Q,Z"), Some("Q"));
    let listed = requests(phone.check(&registration, &mut server));
    let kind_of = |id: &str| &listed.iter().find(|request| request.id == id).unwrap().answer;
    assert_eq!(kind_of(&sound), &AnswerKind::Text);
    assert_eq!(kind_of(&odd), &AnswerKind::Unsupported { reason: Reason::ReplyUnreadable });

    let mut with_another = |request: &HttpRequest, now| {
        let answer = server.receive(request, now)?;
        let mut body: Value = serde_json::from_slice(answer.body.expose()).unwrap();
        body["result"]["value"].as_array_mut().unwrap().insert(0, json!({"nonce": 5}));
        Ok(reply(200, body.to_string().as_bytes()))
    };
    let looked = phone.check(&registration, &mut with_another);
    let Outcome::Checked { requests, hidden } = looked else { panic!("{looked:?}") };
    assert_eq!((requests.len(), hidden), (2, Some(Reason::ReplyUnreadable)));

    let end = answered(phone.answer(&registration, &odd, Decision::Decline { reason: None }, &mut server));
    assert_eq!(end.result, AnswerResult::Declined);
    assert_eq!(server.answers, [(odd, "declined".to_owned())]);
}

#[test]
fn options_and_capabilities_that_are_not_signed_by_the_server_are_refused() {
    for (name, value) in [
        ("require_presence", json!("1,2")),
        ("capabilities", json!(r#"{"decline_reason": true, "more": 1}"#)),
        ("capabilities_signature", json!("AAAA")),
        ("capabilities_signature", json!(null)),
    ] {
        let (mut phone, mut server, registration) = set_up();
        server.ask(None, None);
        server.challenges[0].capabilities = true;
        server.tamper = Some((name, value));
        refused(phone.check(&registration, &mut server), Reason::SignatureWrong);
    }
}
