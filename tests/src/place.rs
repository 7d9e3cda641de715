//! A realm without faults, and a person who always does the right thing.

use countersign::approval::{Answer, AnswerRequest, Decision, Event, HttpRequest, Question};
use countersign::clock::Now;
use countersign::secret::Secret;
use countersign_practice::Settings;

use crate::network::{Clock, Network};
use crate::phone::World;
use crate::realm::{Realm, SignIn};

/// Around one phone, on a virtual clock.
pub struct Place {
    /// With the one user `alice`.
    pub realm: Realm,
    /// Carries everything.
    pub network: Network,
    /// The device's is right.
    pub clock: Clock,
    /// What is on the other screen: its number is typed.
    pub sign_in: Option<SignIn>,
}

impl Place {
    /// The realm's first moment.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            realm: Realm::new(settings, &["alice"], 1),
            network: Network::new(0, 2),
            clock: Clock::new(0),
            sign_in: None,
        }
    }
}

impl World for Place {
    fn now(&self) -> Now {
        self.clock.device()
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        self.network.carry(request, &mut self.realm, &mut self.clock)
    }

    fn wait(&mut self, ms: u64) {
        self.network.wait(ms, &mut self.realm, &mut self.clock);
    }

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
