//! A realm or another server, a network and a person around one phone, on a virtual clock.

use countersign::approval::{Answer, AnswerRequest, Decision, Event, HttpRequest, Question};
use countersign::clock::Now;
use countersign::secret::Secret;
use countersign_practice::Settings;

use crate::network::{Clock, Network, Server};
use crate::phone::World;
use crate::realm::{Realm, SignIn};

/// Who sits at the phone.
pub trait Person {
    /// How long one thinks about a question, in milliseconds.
    const THINKS_MS: u64;

    /// What is said to a question.
    fn answer(&mut self, question: &Question) -> Answer;
}

/// What is around one phone.
pub struct Place<P = Careful, S = Realm> {
    /// Where it signs in.
    pub realm: S,
    /// Carries everything.
    pub network: Network,
    /// The device's and the server's.
    pub clock: Clock,
    /// Answers.
    pub person: P,
}

/// Always does the right thing, at once.
#[derive(Default)]
pub struct Careful {
    /// What is on the other screen: its number is typed.
    pub sign_in: Option<SignIn>,
}

impl Place {
    /// The first moment of a realm with the one user `alice`: no faults, and the device's clock is right.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            realm: Realm::new(settings, &["alice"], 1),
            network: Network::new(0, 2),
            clock: Clock::new(0),
            person: Careful::default(),
        }
    }
}

impl<P: Person, S: Server> World for Place<P, S> {
    fn now(&self) -> Now {
        self.clock.device()
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        self.network.carry(request, &mut self.realm, &mut self.clock)
    }

    fn wait(&mut self, ms: u64) {
        self.network.wait(ms, &mut self.realm, &mut self.clock);
    }

    fn answer(&mut self, question: &Question) -> Answer {
        if P::THINKS_MS > 0 {
            self.wait(P::THINKS_MS);
        }
        self.person.answer(question)
    }
}

impl Person for Careful {
    const THINKS_MS: u64 = 0;

    /// # Panics
    /// When asked about another request than the one on the screen.
    fn answer(&mut self, question: &Question) -> Answer {
        let Question::Answer { request, .. } = question else { return Answer::Confirmed(true) };
        let sign_in = self.sign_in.as_ref().filter(|sign_in| sign_in.id == request.id);
        let shown = sign_in.and_then(|sign_in| sign_in.shown.as_ref());
        shown.map_or_else(
            || panic!("asked about {}, which is not on the screen", request.id),
            |shown| Answer::Typed(Secret::copy_of(shown.as_bytes())),
        )
    }
}

/// Approving this sign-in with what its screen shows.
#[must_use]
pub fn approval(sign_in: &SignIn) -> AnswerRequest {
    AnswerRequest { request: sign_in.id.clone(), decision: Decision::Approve { given: None } }
}
