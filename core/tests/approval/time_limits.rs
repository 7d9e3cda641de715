//! Somebody may be waiting for a look, and the next one comes anyway: it ends in its time, whatever the server does.

use countersign::approval::{Context, Event, Flow, HttpRequest, NetworkFailure, Outcome, Step};
use countersign::reason::Reason;

use crate::keycloak::{Keycloak, reply, set_up_with_login};
use crate::phone::Phone;

/// Looks with nothing known from before, at a server that answers call number `sent` so; how many calls were sent, and why it ended.
fn look(answer: impl Fn(&mut Phone, &mut Keycloak, &HttpRequest, usize) -> Event) -> (usize, Reason) {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    let begun = phone.now.steady_ms;
    phone.context = Context::default();
    let mut flow = Flow::check(registration, phone.start());
    let mut sent = 0;
    let reason = loop {
        let turn = flow.current().clone();
        let event = match &turn.step {
            Step::Done(Outcome::Refused(reason)) => break *reason,
            Step::Send(request) => {
                sent += 1;
                answer(&mut phone, &mut server, request, sent)
            }
            step => phone.perform(step, &mut server),
        };
        flow.next(turn.number, event, phone.now).unwrap();
    };
    let took = phone.now.steady_ms - begun;
    assert!((15_000..=20_000).contains(&took), "{took} ms after {sent} calls");
    (sent, reason)
}

#[test]
fn a_silent_server_is_waited_for_twenty_seconds_in_all() {
    for heard in [0, 1] {
        let end = look(|phone, server, request, sent| {
            if sent <= heard {
                return phone.perform(&Step::Send(request.clone()), server);
            }
            phone.pass(request.timeout_ms);
            Event::NoReply(NetworkFailure::TimedOut)
        });
        assert_eq!(end, (heard + 2, Reason::ServerSilent));
    }
}

#[test]
fn nor_longer_for_one_that_takes_its_time_to_refuse_each_clock() {
    let end = look(|phone, _, _, _| {
        phone.pass(1_900);
        Event::Reply(reply(400, br#"{"error":"DPoP proof is not active"}"#))
    });
    assert_eq!(end, (10, Reason::ClockDiffers));
}
