//! eduMFA's own: which key it gets, and that a yes to a late answer is none.

use countersign::account::{KeyAlgorithm, System};
use countersign::approval::{AnswerResult, HttpRequest};
use countersign::clock::UnixTime;
use countersign::reason::Reason;

use crate::phone::{Phone, Server as _, answered, refused};
use crate::push_token::{Make, PushServer, set_up_with};

#[test]
fn the_key_is_as_good_as_the_set_up_code_allows() {
    for (make, algorithm) in
        [(Make::EduMfa, KeyAlgorithm::Es256), (Make::EduMfaOlder, KeyAlgorithm::Rs256 { bits: 2048 })]
    {
        let (_, _, registration) = set_up_with(make);
        assert_eq!(
            (registration.system, registration.key.as_ref().unwrap().algorithm),
            (System::EduMfa, algorithm)
        );
    }
}

/// Hosts give ECDSA signatures as DER or as r and s; the server takes DER.
#[test]
fn signatures_are_sent_as_the_server_reads_them() {
    for der in [true, false] {
        let mut phone = Phone { der, ..Phone::new(crate::keycloak::T0) };
        let mut server = PushServer::new(Make::EduMfa);
        let registration = phone.enrolled(&Make::EduMfa.link(), &mut server);
        let nonce = server.ask(None, None);
        let end = answered(phone.approve(&registration, &nonce, None, &mut server));
        assert_eq!(end.result, AnswerResult::Approved);
    }
}

/// The server says yes to an answer after the end: it must not be sent then.
#[test]
fn a_request_that_ends_while_the_person_is_asked_is_not_approved() {
    for make in [Make::EduMfa, Make::EduMfaOlder] {
        let (mut phone, mut server, registration) = set_up_with(make);
        let nonce = server.ask(None, None);
        let mut ends_after_a_look = |request: &HttpRequest, now: UnixTime| {
            let answer = server.receive(request, now);
            server.challenges[0].is_open = false;
            answer
        };
        let end = answered(phone.approve(&registration, &nonce, None, &mut ends_after_a_look));
        assert_eq!((end.result, end.reason), (AnswerResult::Unknown, Some(Reason::EndedMeanwhile)));
        assert_eq!(phone.asked, ["trust", "presence"]);
        assert!(server.answers.is_empty());
    }
}

#[test]
fn a_token_that_is_deleted_while_the_person_is_asked() {
    let (mut phone, mut server, registration) = set_up_with(Make::EduMfa);
    let nonce = server.ask(None, None);
    let mut deletes_after_a_look = |request: &HttpRequest, now: UnixTime| {
        let answer = server.receive(request, now);
        server.phone_key = None;
        answer
    };
    let end = phone.approve(&registration, &nonce, None, &mut deletes_after_a_look);
    refused(end, Reason::DeviceNotRegistered);
}

/// It has no options to choose from: a challenge with some that are signed is of no server known here.
#[test]
fn options_are_not_taken() {
    let (mut phone, mut server, registration) = set_up_with(Make::EduMfa);
    server.ask(Some("12,34"), Some("12"));
    refused(phone.check(&registration, &mut server), Reason::SignatureWrong);
}
