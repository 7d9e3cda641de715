//! The practice realm without sockets, on a virtual clock. It notes what it was sent and what it took.

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::approval::{HttpReply, HttpRequest};
use countersign::secret::Secret;
use countersign_practice::realm::{Client, Phone, RealmKey, Request, Standing, User};
use countersign_practice::{Change, Settings, State, judge};
use serde_json::Value;

use crate::dice::Dice;
use crate::network::Server;

/// Where phones reach it.
pub const BASE: &str = "http://127.0.0.1:8080";
/// The client secret that stands in its set-up codes.
pub const CLIENT_SECRET: &str = "Client:6f1d0c8b5a29e374";
/// Making one takes a second: all realms share it.
static KEY: LazyLock<Arc<RealmKey>> =
    LazyLock::new(|| Arc::new(RealmKey::generate().unwrap_or_else(|error| panic!("no realm key: {error}"))));

/// One realm.
#[derive(Debug)]
pub struct Realm {
    base: String,
    state: State,
    dice: Dice,
    /// Sign-ins that were settled, in that order.
    pub settled: Vec<(String, Standing)>,
    /// Answers to sign-ins that arrived, taken or not.
    pub answers: Vec<Answer>,
}

/// An answer as it came over the wire, by its claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The sign-in that it names.
    pub challenge: String,
    /// `approve` or `deny`.
    pub action: String,
    /// The number or PIN.
    pub number: Option<String>,
}

/// A sign-in that waits.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Its id.
    pub id: String,
    /// What the other screen shows.
    pub shown: Option<String>,
    /// When it ends, in Unix seconds.
    pub expires_at: u64,
}

impl Realm {
    /// A realm with these users, whose ids are their names.
    #[must_use]
    pub fn new(settings: Settings, users: &[&str], seed: u64) -> Self {
        let mut state = State::new(settings, Arc::clone(&KEY), Client::practice(CLIENT_SECRET.to_owned()));
        let added: Vec<Change> =
            users.iter().map(|name| Change::UserAdded(User::new(*name, *name))).collect();
        state.apply(&added);
        let base = BASE.to_owned();
        Self { base, state, dice: Dice::new(seed), settled: Vec::new(), answers: Vec::new() }
    }

    /// The same, reached at another address.
    #[must_use]
    pub fn at(self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self }
    }

    /// What it knows.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The phones of a user, the oldest first.
    #[must_use]
    pub fn phones(&self, user: &str) -> &[Phone] {
        self.state.user(user).map_or(&[], |user| &user.phones)
    }

    /// An administrator removes all phones of a user.
    pub fn remove_phones(&mut self, user: &str) {
        let removed = |phone: &Phone| Change::PhoneRemoved { user: user.to_owned(), phone: phone.id.clone() };
        let changes: Vec<Change> = self.phones(user).iter().map(removed).collect();
        self.state.apply(&changes);
    }

    /// Shows a new set-up code; an earlier one of the same user ends.
    ///
    /// # Panics
    /// When the realm refuses.
    pub fn show_set_up_code(&mut self, user: &str, now: u64) -> String {
        let started = self.state.start_enrolment(&self.base, user, now, &self.dice.bytes());
        let started = started.unwrap_or_else(|refusal| panic!("no set-up code: {refusal:?}"));
        self.state.apply(&started.changes);
        started.link
    }

    /// Begins a sign-in that asks the phone that was added last.
    ///
    /// # Panics
    /// When the realm refuses.
    pub fn sign_in(&mut self, user: &str, now: u64) -> SignIn {
        let phone = self.phones(user).last().map(|phone| phone.id.clone());
        let started = self.state.start_login(user, phone.as_deref(), Client::SITE, now, &self.dice.bytes());
        let started = started.unwrap_or_else(|refusal| panic!("no sign-in: {refusal:?}"));
        self.state.apply(&started.changes);
        let expires_at = now + self.state.settings.challenge_seconds;
        SignIn { id: started.id, shown: started.shown, expires_at }
    }

    /// The browser that waits for a sign-in goes away.
    pub fn end_sign_in(&mut self, id: &str) {
        let changes = self.state.end_login(id);
        self.state.apply(&changes);
    }

    /// What became of a sign-in.
    #[must_use]
    pub fn standing(&self, id: &str, now: u64) -> Standing {
        let settled = self.settled.iter().rev().find(|(settled, _)| settled == id);
        settled.map_or_else(|| self.state.login_standing(id, now), |(_, standing)| *standing)
    }
}

impl Server for Realm {
    fn take(&mut self, request: &HttpRequest, now: u64) -> HttpReply {
        self.answers.extend(answer(request));
        let request = Request {
            method: request.method.name().to_owned(),
            url: request.url.clone(),
            headers: request.headers.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect(),
            // EXPOSE: the request arrives.
            body: request.body.as_ref().map(|body| body.expose().to_vec()).unwrap_or_default(),
        };
        let verdict = judge(&request, &self.state, now, &self.dice.bytes());
        self.state.apply(&verdict.changes);
        self.settled.extend(verdict.changes.into_iter().filter_map(|change| match change {
            Change::ChallengeSettled { id, standing } => Some((id, standing)),
            _ => None,
        }));
        let response = verdict.response;
        HttpReply {
            status: response.status,
            headers: response.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            body: Secret::from(response.body),
        }
    }
}

/// The claims of an answer, whoever signed it.
fn answer(request: &HttpRequest) -> Option<Answer> {
    request.url.ends_with("/respond").then_some(())?;
    // EXPOSE: the realm reads what it was sent.
    let body: Value = serde_json::from_slice(request.body.as_ref()?.expose()).ok()?;
    let claims = body.get("token")?.as_str()?.split('.').nth(1)?;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    let claim = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Answer { challenge: claim("cid")?, action: claim("action")?, number: claim("userVerification") })
}

fn text(value: &Secret) -> String {
    // EXPOSE: the header arrives.
    value.expose_str().unwrap_or_default().to_owned()
}
