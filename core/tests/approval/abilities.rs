//! What is offered of an account is what its system does.

use countersign::account::{Registration, System};
use countersign::approval::{Abilities, Flow, Outcome, PushAddress, abilities};
use countersign::link::Origin;
use countersign::reason::Reason;
use countersign::secret::{Secret, to_json};
use serde_json::json;

use crate::keycloak;
use crate::phone::{Phone, Server};
use crate::self_tests::accounts;

/// An account whose sign-ins are scanned, with a server that none of its runs here gets to.
fn scanned() -> (Phone, Box<dyn Server>, Registration) {
    let (phone, server, _) = keycloak::set_up();
    let details = json!({
        "url": "https://a.example/authentication", "server": "s", "server_name": "n", "user": "u", "user_name": "m",
        "suite": "OCRA-1:HOTP-SHA1-6:QH10-S", "secret": "AAAA",
    });
    let registration = Registration {
        system: System::Tiqr,
        origin: Origin::of("https://a.example").unwrap(),
        key: None,
        details: to_json(&details).unwrap(),
    };
    (phone, Box::new(server), registration)
}

#[test]
fn what_is_offered_is_possible_and_nothing_else() {
    for (mut phone, mut server, registration) in accounts().into_iter().chain([scanned()]) {
        let Abilities { look, rotate_key, lock_out, unified_push } = abilities(&registration);
        assert_eq!(look, !registration.is_scanned());
        let endpoint = Secret::copy_of(b"https://push.example/endpoint");
        let address = PushAddress::UnifiedPush { endpoint };
        for (is_offered, flow) in [
            (unified_push, Flow::set_push_address(registration.clone(), address, phone.start())),
            (lock_out, Flow::lock_out(registration.clone(), phone.start())),
            (rotate_key, Flow::rotate_key(registration.clone(), phone.start())),
        ] {
            let outcome = phone.run(flow, &mut *server);
            let is_possible = !matches!(outcome, Outcome::Refused(Reason::NotPossibleHere));
            assert_eq!(is_offered, is_possible, "{:?}: {outcome:?}", registration.system);
        }
    }
}

#[test]
fn keycloaks_push_mfa_can_do_everything() {
    let (_, _, registration) = keycloak::set_up();
    assert_eq!(registration.system, System::KeycloakPush);
    let everything = Abilities { look: true, rotate_key: true, lock_out: true, unified_push: true };
    assert_eq!(abilities(&registration), everything);
}
