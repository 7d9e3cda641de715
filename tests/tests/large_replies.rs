//! Large replies are kept with their flow as any others are: what was sent is never left without an end.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, Event, HttpReply, HttpRequest, Outcome, Question,
};
use countersign::authenticator::Job;
use countersign::clock::Now;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign_practice::Settings;
use countersign_tests::phone::{Phone, World};
use countersign_tests::place::{Place, approval};
use countersign_tests::token_server::{Make, Near};

/// A server that does as it is asked and answers to these addresses with so many bytes of nothing.
struct Talkative {
    place: Place,
    path: &'static str,
    bytes: usize,
    requests: u32,
}

impl World for Talkative {
    fn now(&self) -> Now {
        self.place.now()
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        let event = self.place.send(request);
        if !request.url.contains(self.path) {
            return event;
        }
        self.requests += 1;
        let body = Secret::copy_of(&vec![0xff; self.bytes]);
        Event::Reply(HttpReply { status: 200, headers: Vec::new(), body })
    }

    fn wait(&mut self, ms: u64) {
        self.place.wait(ms);
    }

    fn answer(&mut self, question: &Question) -> Answer {
        self.place.answer(question)
    }
}

#[test]
fn an_answer_comes_to_its_end() {
    for bytes in [10_000, 20_000, 60_000, 10_000_000] {
        let (mut place, folder) = (Place::new(Settings::default()), tempfile::tempdir().unwrap());
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        let sign_in = place.realm.sign_in("alice", place.clock.server());
        place.person.sign_in = Some(sign_in.clone());
        let mut world = Talkative { place, path: "/respond", bytes, requests: 0 };
        let job = Job::Answer { account: &account, request: approval(&sign_in) };
        let Outcome::Answered(answered) = phone.run(&job, &mut world).unwrap() else { panic!("{bytes}") };
        // The server took it; that nobody but this phone can have answered is not certain.
        assert_eq!((answered.result, world.requests), (AnswerResult::Unknown, 1), "{bytes}");
        let again = phone.run(&job, &mut world).unwrap();
        assert!(matches!(again, Outcome::Answered(_) | Outcome::Refused(_)), "no run is left: {again:?}");
    }
}

/// A list that is as long as it may be is seen again and again.
#[test]
fn a_key_is_changed_all_the_same() {
    for path in ["/certs", "/pending", "/rotate"] {
        let (mut place, folder) = (Place::new(Settings::default()), tempfile::tempdir().unwrap());
        let mut phone = Phone::new(folder.path(), 3, place.now());
        let code = place.realm.show_set_up_code("alice", place.clock.server());
        let account = phone.enrol(&code, &mut place).unwrap().1.unwrap();
        let mut world = Talkative { place, path, bytes: 60_000, requests: 0 };
        for _ in 0..2 {
            let outcome = phone.run(&Job::RotateKey { account: &account }, &mut world).unwrap();
            assert!(!matches!(outcome, Outcome::Checked { .. }), "{outcome:?}");
        }
    }
}

/// Names are as long as they may be.
#[test]
fn of_many_requests_with_long_names_a_hundred_are_told_and_any_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut near = Near::new(Make::PrivacyIdea { numbers: false });
    let mut phone = Phone::new(folder.path(), 3, near.now());
    let code = near.server.show_set_up_code("PIPU1");
    let account = phone.enrol(&code, &mut near).unwrap().1.unwrap();
    near.server.title = "\u{1f511}".repeat(256);
    let ids: Vec<_> = (0..240).map(|_| near.server.sign_in("PIPU1", near.seconds).id).collect();
    let outcome = phone.run(&Job::Check { account: &account }, &mut near).unwrap();
    let Outcome::Checked { requests, hidden } = outcome else { panic!("{outcome:?}") };
    assert_eq!((requests.len(), hidden), (100, Some(Reason::TooManyRequests)));
    let now = near.now();
    assert_eq!(phone.core().last_seen(now).unwrap().len(), 100);
    assert_eq!(phone.core().history(now).unwrap().len(), 100);
    let approve = AnswerRequest { request: ids[0].clone(), decision: Decision::Approve { given: None } };
    let outcome = phone.run(&Job::Answer { account: &account, request: approve }, &mut near).unwrap();
    assert!(
        matches!(outcome, Outcome::Answered(Answered { result: AnswerResult::Approved, .. })),
        "{outcome:?}"
    );
    assert_eq!(near.server.approvals, [(ids[0].clone(), None)]);
}
