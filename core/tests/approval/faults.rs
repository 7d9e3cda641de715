//! A network that loses, cuts, doubles, delays and garbles: whatever it does, no request is approved that the person
//! did not approve, none is lost while it is valid, and every end is true.

use countersign::approval::{AnswerResult, Decision, Flow, HttpReply, HttpRequest, NetworkFailure, Outcome};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::secret::Secret;

use crate::keycloak::{Keycloak, LOGIN, T0, reply, set_up_with_login};
use crate::phone::{Dice, Phone, Received, Server};

const RUNS: u64 = 100;

/// Between the phone and the server.
struct Adversary<'a> {
    server: &'a mut Keycloak,
    dice: Dice,
    /// Requests that arrive later than the phone waits for them.
    late: Vec<HttpRequest>,
}

impl<'a> Adversary<'a> {
    fn new(server: &'a mut Keycloak, seed: u64) -> Self {
        Self { server, dice: Dice(seed), late: Vec::new() }
    }

    fn deliver_late(&mut self, now: UnixTime) {
        for request in std::mem::take(&mut self.late) {
            let _ = self.server.receive(&request, now);
        }
    }
}

impl Server for Adversary<'_> {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        if self.dice.below(2) == 0 {
            self.deliver_late(now);
        }
        match self.dice.below(14) {
            0 => Err(NetworkFailure::TimedOut),
            1 => Err(NetworkFailure::NotConnected),
            2 => {
                let _ = self.server.receive(request, now);
                Err(NetworkFailure::Cut)
            }
            3 => {
                let _ = self.server.receive(request, now);
                self.server.receive(request, now)
            }
            4 => {
                self.late.push(request.clone());
                Err(NetworkFailure::TimedOut)
            }
            5 => {
                let answer = self.server.receive(request, now)?;
                let half = answer.body.expose().len() / 2;
                let body = Secret::copy_of(&answer.body.expose()[..half]);
                Ok(HttpReply { body, ..answer })
            }
            6 => Ok(reply(429, b"")),
            7 => {
                let _ = self.server.receive(request, now);
                Ok(reply(503, b"busy"))
            }
            _ => self.server.receive(request, now),
        }
    }
}

fn result(outcome: &Outcome) -> Option<AnswerResult> {
    match outcome {
        Outcome::Answered(answered) => Some(answered.result),
        Outcome::Refused(_) => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_approval_is_never_doubled_lost_or_made_up() {
    let mut ends = std::collections::BTreeMap::new();
    for seed in 0..RUNS {
        let (mut phone, mut server, registration) = set_up_with_login(600);
        phone.seed = 1_000 + seed;
        let mut network = Adversary::new(&mut server, seed);
        let outcome = phone.approve(&registration, LOGIN, Some("9"), &mut network);
        network.deliver_late(phone.now.wall);
        let told = result(&outcome);
        *ends.entry(format!("{told:?}")).or_insert(0) += 1;
        match (told, server.logins[0].ended) {
            (Some(AnswerResult::Approved | AnswerResult::Unknown), Some("approved")) => {}
            (Some(AnswerResult::Unknown) | None, None) => {
                // Still open, still valid: the next try on a good network gets through.
                let again = phone.approve(&registration, LOGIN, Some("9"), &mut server);
                assert_eq!(result(&again), Some(AnswerResult::Approved), "{seed}");
            }
            other => panic!("{seed}: {other:?} {outcome:?}"),
        }
        assert_eq!(server.answers, [(LOGIN.to_owned(), "approved")], "{seed}");
    }
    assert!(ends.len() >= 3, "{ends:?}");
}

#[test]
fn a_wrong_number_is_never_approved() {
    for seed in 0..RUNS {
        let (mut phone, mut server, registration) = set_up_with_login(600);
        phone.seed = 1_000 + seed;
        let mut network = Adversary::new(&mut server, seed);
        let outcome = phone.approve(&registration, LOGIN, Some("34"), &mut network);
        network.deliver_late(phone.now.wall);
        assert!(server.answers.iter().all(|(_, how)| *how == "denied"), "{seed}: {outcome:?}");
        if result(&outcome) == Some(AnswerResult::WrongAnswer) {
            let again = phone.approve(&registration, LOGIN, Some("9"), &mut server);
            assert!(matches!(again, Outcome::Refused(Reason::RequestEnded)), "{seed}");
        } else if server.logins[0].ended.is_none() && phone.records[LOGIN].unsettled.is_some() {
            // What was sent may have been refused: another number is a second try, and ends it.
            let again = phone.approve(&registration, LOGIN, Some("9"), &mut server);
            assert_eq!(result(&again), Some(AnswerResult::WrongAnswer), "{seed}");
        }
        assert!(server.answers.iter().all(|(_, how)| *how == "denied"), "{seed}");
    }
}

#[test]
fn a_decline_is_never_an_approval() {
    for seed in 0..RUNS {
        let (mut phone, mut server, registration) = set_up_with_login(600);
        phone.seed = 1_000 + seed;
        let mut network = Adversary::new(&mut server, seed);
        let outcome = phone.answer(&registration, LOGIN, Decision::Decline { reason: None }, &mut network);
        network.deliver_late(phone.now.wall);
        match (result(&outcome), server.logins[0].ended) {
            (Some(AnswerResult::Declined | AnswerResult::Unknown), Some("denied")) => {}
            (Some(AnswerResult::Unknown) | None, None) => {}
            other => panic!("{seed}: {other:?}"),
        }
    }
}

#[test]
fn an_enrolment_is_usable_or_says_why_not() {
    let mut enrolled = 0;
    for seed in 0..RUNS {
        let (mut phone, mut server) = (Phone { seed, ..Phone::new(T0) }, Keycloak::new());
        let link = server.link(T0);
        let mut network = Adversary::new(&mut server, seed);
        let outcome = phone.enrol(&link, &mut network);
        network.deliver_late(phone.now.wall);
        match outcome {
            Outcome::Enrolled(done) => {
                enrolled += 1;
                assert!(
                    matches!(phone.check(&done.registration, &mut server), Outcome::Checked { .. }),
                    "{seed}"
                );
            }
            Outcome::Refused(_) | Outcome::Unknown(_) => {
                assert!(phone.keys.is_empty(), "{seed}");
                let link = server.link(phone.now.wall.0);
                phone.enrolled(&link, &mut server);
            }
            other => panic!("{seed}: {other:?}"),
        }
    }
    assert!(enrolled > RUNS / 3, "{enrolled}");
}

#[test]
fn a_key_rotation_never_costs_the_account() {
    let mut rotated = 0;
    for seed in 0..RUNS {
        let (mut phone, mut server, mut registration) = set_up_with_login(600);
        phone.seed = 1_000 + seed;
        let mut network = Adversary::new(&mut server, seed);
        let mut flow = Flow::rotate_key(registration.clone(), phone.start());
        // As the host does: what the flow changed is kept before its step is done.
        let outcome = loop {
            flow = crate::phone::stored(&flow);
            phone.keep(&flow);
            if let Some(changed) = flow.registration() {
                registration = changed.clone();
            }
            let turn = flow.current().clone();
            if let countersign::approval::Step::Done(outcome) = turn.step {
                flow.unused_keys().iter().for_each(|key| drop(phone.keys.remove(key)));
                break outcome;
            }
            let event = phone.perform(&turn.step, &mut network);
            flow.next(turn.number, event, phone.now).unwrap();
        };
        network.deliver_late(phone.now.wall);
        if let Outcome::Rotated { registration: new } = &outcome {
            assert_eq!(new.key.as_ref().unwrap().id, registration.key.as_ref().unwrap().id);
            rotated += 1;
        }
        let end = phone.approve(&registration, LOGIN, Some("9"), &mut server);
        assert_eq!(result(&end), Some(AnswerResult::Approved), "{seed}: {outcome:?}");
    }
    assert!(rotated > RUNS / 3, "{rotated}");
}
