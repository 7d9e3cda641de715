//! What the server knows: users and their methods, open enrolments, open sign-ins, proofs already used.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::jwk::DeviceKey;
use super::realm_key::RealmKey;

/// What an administrator decides for a realm.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The realm's name, a part of every address.
    pub realm: String,
    /// The organisation's name in the set-up link.
    pub organisation: String,
    /// How a sign-in is bound to the screen that started it.
    pub verification: VerificationKind,
    /// Whether the set-up link has an address to fetch the token from, not the token itself.
    pub request_uri: bool,
    /// How long a sign-in waits for its answer, in seconds.
    pub challenge_seconds: u64,
    /// How long a set-up code can be used, in seconds.
    pub enrolment_seconds: u64,
    /// The link that opens the phone's app to enrol; parameters are added to it.
    pub enrol_link: String,
    /// The link that opens the phone's app to confirm a sign-in.
    pub confirm_link: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            realm: "practice".to_owned(),
            organisation: "Practice".to_owned(),
            verification: VerificationKind::NumberMatch,
            request_uri: true,
            challenge_seconds: 120,
            enrolment_seconds: 240,
            enrol_link: "countersign://enrol".to_owned(),
            confirm_link: "countersign://confirm".to_owned(),
        }
    }
}

/// The three ways of the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationKind {
    /// The page shows a number, the phone gets three to choose from.
    NumberMatch,
    /// The page shows four digits, the phone gets only their count.
    Pin,
    /// Nothing but yes or no.
    None,
}

/// A program that may ask for access tokens, or that people sign in to.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its name, as phones show it.
    pub name: Option<String>,
    /// Its secret; a client without one gets no access tokens.
    pub secret: Option<String>,
    /// Whether it gets access tokens only together with a proof (Keycloak's `dpop.bound.access.tokens`).
    pub demands_proof: bool,
}

impl Client {
    /// The program of a practice realm that people sign in to.
    pub const SITE: &str = "practice-site";
    /// The program of a practice realm that phones ask for access tokens with.
    pub const DEVICE: &str = "push-device-client";

    /// The two programs of a practice realm; `device_secret` stands in each set-up link.
    #[must_use]
    pub fn practice(device_secret: String) -> Vec<Self> {
        vec![
            Self {
                id: Self::DEVICE.to_owned(),
                name: None,
                secret: Some(device_secret),
                demands_proof: true,
            },
            Self {
                id: Self::SITE.to_owned(),
                name: Some("Practice site".to_owned()),
                secret: None,
                demands_proof: false,
            },
        ]
    }
}

/// A person who can sign in.
#[derive(Clone, Debug)]
pub struct User {
    /// UUID; `sub` and `userId` on the wire.
    pub id: String,
    /// The name typed at sign-in.
    pub name: String,
    /// What the password is checked against; opaque here.
    pub password: Vec<u8>,
    /// `false` after a lock-out.
    pub enabled: bool,
    /// Phones, the one that is asked at sign-in first.
    pub phones: Vec<Phone>,
    /// Apps that make one-time codes.
    pub codes: Vec<CodeApp>,
}

impl User {
    /// A person without a password and without methods.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            password: Vec::new(),
            enabled: true,
            phones: Vec::new(),
            codes: Vec::new(),
        }
    }
}

/// A phone that approves sign-ins.
#[derive(Clone, Debug)]
pub struct Phone {
    /// UUID that the server gave it.
    pub id: String,
    /// The name that the person sees; unique for a user.
    pub label: String,
    /// Such as `android`; free text of the phone.
    pub device_type: String,
    /// Chosen by the phone; `credId` on the wire.
    pub credential_id: String,
    /// Chosen by the phone.
    pub device_id: String,
    /// `none` or the id of a push service.
    pub push_type: String,
    /// The phone's address at the push service.
    pub push_id: Option<String>,
    /// Its public key.
    pub key: DeviceKey,
    /// When it was added, or its key was last changed, in Unix seconds.
    pub created_at: u64,
}

/// An app that makes one-time codes: TOTP with SHA-1, 6 digits, 30 seconds.
#[derive(Clone, Debug)]
pub struct CodeApp {
    /// UUID that the server gave it.
    pub id: String,
    /// The shared secret.
    pub secret: Vec<u8>,
    /// The last period whose code was accepted: no code is taken twice (RFC 6238 section 5.2).
    pub last_period: u64,
    /// When it was added, in Unix seconds.
    pub created_at: u64,
}

/// What became of an enrolment or a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for the phone.
    Pending,
    /// The phone was added, or the person approved.
    Approved,
    /// The person declined, or the code was burnt by a clash of names.
    Denied,
    /// The person locked the account from the phone.
    LockedOut,
    /// Its time is over.
    Expired,
    /// There is no such thing, or no more.
    NotFound,
}

impl Standing {
    /// The word in the event stream.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Denied => "DENIED",
            Self::LockedOut => "USER_LOCKED_OUT",
            Self::Expired => "EXPIRED",
            Self::NotFound => "NOT_FOUND",
        }
    }
}

/// A set-up code that is shown to a person.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// UUID; `enrollmentId` on the wire.
    pub id: String,
    /// UUID in the address that gives the token.
    pub handle: String,
    /// Whose it is.
    pub user: String,
    /// Echoed by the phone: 32 bytes in standard Base64 without padding.
    pub nonce: String,
    /// What the browser's event stream must know.
    pub secret: String,
    /// When the page was made, in Unix seconds.
    pub created_at: u64,
    /// When it ends, in Unix seconds.
    pub expires_at: u64,
    /// What became of it.
    pub standing: Standing,
    /// The phone that was added by it.
    pub phone: Option<String>,
}

/// A sign-in that waits for the phone.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// UUID; `cid` on the wire.
    pub id: String,
    /// Who signs in.
    pub user: String,
    /// The phone that is asked ([`Phone::id`]).
    pub phone: String,
    /// What the person signs in to ([`Client::id`]).
    pub client: String,
    /// What binds it to the screen.
    pub verification: Verification,
    /// What the browser's event stream must know.
    pub secret: String,
    /// When it began, in Unix seconds.
    pub created_at: u64,
    /// When it ends, in Unix seconds.
    pub expires_at: u64,
    /// What became of it.
    pub standing: Standing,
}

/// What the person carries from the screen to the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// One of three numbers.
    Number {
        /// What the phone gets, in random order, without leading zeros.
        options: Vec<String>,
        /// What the page shows.
        answer: String,
    },
    /// Digits that only the page shows.
    Pin(String),
    /// Nothing.
    None,
}

impl Verification {
    /// What the page shows.
    #[must_use]
    pub fn answer(&self) -> Option<&str> {
        match self {
            Self::Number { answer, .. } | Self::Pin(answer) => Some(answer),
            Self::None => None,
        }
    }
}

/// Everything that the server knows.
#[derive(Clone, Debug)]
pub struct State {
    /// The realm's settings.
    pub settings: Settings,
    /// The key that signs.
    pub key: Arc<RealmKey>,
    /// Public keys whose tokens are taken besides: keys that the realm signed with before.
    pub retired_keys: Vec<Value>,
    /// The programs.
    pub clients: Vec<Client>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) enrolments: BTreeMap<String, Enrolment>,
    pub(crate) challenges: BTreeMap<String, Challenge>,
    pub(crate) proofs: UsedProofs,
}

impl State {
    /// A realm without users.
    #[must_use]
    pub fn new(settings: Settings, key: Arc<RealmKey>, clients: Vec<Client>) -> Self {
        Self {
            settings,
            key,
            retired_keys: Vec::new(),
            clients,
            users: BTreeMap::new(),
            enrolments: BTreeMap::new(),
            challenges: BTreeMap::new(),
            proofs: UsedProofs::default(),
        }
    }

    /// The user with this id.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    /// All users, in no particular order.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// The user with this name, whatever its case.
    #[must_use]
    pub fn user_named(&self, name: &str) -> Option<&User> {
        let name = name.to_lowercase();
        self.users.values().find(|user| user.name.to_lowercase() == name)
    }

    /// The enrolment with this id, as long as its time is not over.
    #[must_use]
    pub fn enrolment(&self, id: &str, now: u64) -> Option<&Enrolment> {
        self.enrolments.get(id).filter(|enrolment| now < enrolment.expires_at)
    }

    /// The sign-in with this id, as long as its time is not over.
    #[must_use]
    pub fn challenge(&self, id: &str, now: u64) -> Option<&Challenge> {
        self.challenges.get(id).filter(|challenge| now < challenge.expires_at)
    }

    /// Sign-ins of this user that wait for an answer.
    pub fn pending(&self, user: &str, now: u64) -> impl Iterator<Item = &Challenge> {
        self.challenges.values().filter(move |challenge| {
            challenge.user == user && challenge.standing == Standing::Pending && now < challenge.expires_at
        })
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }
}

/// Marks of proofs that may not be used again, each until its own time.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsedProofs {
    marks: BTreeMap<String, u64>,
    by_end: BTreeSet<(u64, String)>,
}

/// So many marks and no more: a flood of proofs fills this, not the memory.
const MAX_PROOFS: usize = 100_000;

impl UsedProofs {
    pub(crate) fn contains(&self, mark: &str, now: u64) -> bool {
        self.marks.get(mark).is_some_and(|end| now < *end)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.marks.len() >= MAX_PROOFS
    }

    /// Adds a mark and lets go of those that ended before `now`.
    pub(crate) fn insert(&mut self, mark: &str, end: u64, now: u64) {
        while self.by_end.first().is_some_and(|(end, _)| *end <= now) {
            if let Some((_, ended)) = self.by_end.pop_first() {
                self.marks.remove(&ended);
            }
        }
        if let Some(earlier) = self.marks.insert(mark.to_owned(), end) {
            self.by_end.remove(&(earlier, mark.to_owned()));
        }
        self.by_end.insert((end, mark.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::UsedProofs;

    #[test]
    fn marks_end_and_make_room() {
        let mut proofs = UsedProofs::default();
        proofs.insert("a", 10, 1);
        assert!(proofs.contains("a", 9));
        assert!(!proofs.contains("a", 10));
        proofs.insert("a", 20, 11);
        proofs.insert("b", 30, 15);
        assert!(proofs.contains("a", 19));
        proofs.insert("c", 40, 25);
        assert_eq!(proofs.marks.len(), 2, "a has ended");
        assert_eq!(proofs.by_end.len(), 2);
    }
}
