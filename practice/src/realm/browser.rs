//! The browser's side of the realm: starting an enrolment or a sign-in, following it, going on.
//!
//! Like [`judge`](super::judge) these are pure: they give changes, the caller applies them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::json;

use super::answer::{Refusal, Response};
use super::call::Call;
use super::change::Change;
use super::draw::{Draw, Seed};
use super::input;
use super::state::{Challenge, Enrolment, Phone, Standing, State, User, Verification, VerificationKind};

/// An enrolment that just began.
#[derive(Clone, Debug)]
pub struct StartedEnrolment {
    /// [`Enrolment::id`].
    pub id: String,
    /// The set-up link: what the QR code says.
    pub link: String,
    /// To be applied.
    pub changes: Vec<Change>,
}

/// A sign-in that just began to wait for the phone.
#[derive(Clone, Debug)]
pub struct StartedLogin {
    /// [`Challenge::id`].
    pub id: String,
    /// The number or PIN that the page shows.
    pub shown: Option<String>,
    /// To be applied.
    pub changes: Vec<Change>,
}

/// Why something could not be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotStart {
    /// There is no such user.
    UnknownUser,
    /// The account is locked.
    LockedOut,
    /// The user has no such phone, or none at all.
    NoPhone,
    /// Another sign-in of this user waits for its answer. The real server shows a page with status 429.
    AlreadyPending,
    /// The realm's key can't sign.
    NoSignature,
}

impl State {
    /// The realm's issuer, where the site is reached at `base` (`http://127.0.0.1:8080`).
    #[must_use]
    pub fn issuer(&self, base: &str) -> String {
        format!("{base}/realms/{}", self.settings.realm)
    }

    /// Makes a set-up code for a user; an earlier one of the same user ends.
    ///
    /// # Errors
    /// `UnknownUser`, `NoSignature`.
    pub fn start_enrolment(
        &self,
        base: &str,
        user: &str,
        now: u64,
        seed: &Seed,
    ) -> Result<StartedEnrolment, CannotStart> {
        let user = self.user(user).ok_or(CannotStart::UnknownUser)?;
        let mut draw = Draw::new(seed);
        let enrolment = Enrolment {
            id: draw.uuid(),
            handle: draw.uuid(),
            user: user.id.clone(),
            nonce: STANDARD_NO_PAD.encode(draw.bytes()),
            secret: URL_SAFE_NO_PAD.encode(draw.bytes()),
            created_at: now,
            expires_at: now.saturating_add(self.settings.enrolment_seconds),
            standing: Standing::Pending,
            phone: None,
        };
        let link = self.enrolment_link(&enrolment, base).ok_or(CannotStart::NoSignature)?;
        Ok(StartedEnrolment {
            id: enrolment.id.clone(),
            link,
            changes: vec![Change::EnrolmentStarted(enrolment)],
        })
    }

    /// The enrolment with this id, also after its time is over.
    #[must_use]
    pub fn kept_enrolment(&self, id: &str) -> Option<&Enrolment> {
        self.enrolments.get(id)
    }

    /// The set-up link of an enrolment: the same each time.
    #[must_use]
    pub fn enrolment_link(&self, enrolment: &Enrolment, base: &str) -> Option<String> {
        let mut link = url::Url::parse(&self.settings.enrol_link).ok()?;
        let device_client = self.clients.iter().find(|client| client.secret.is_some());
        if let Some(client) = device_client {
            link.query_pairs_mut()
                .append_pair("client_id", &client.id)
                .append_pair("client_secret", client.secret.as_deref().unwrap_or_default());
        }
        link.query_pairs_mut().append_pair("org", &self.settings.organisation);
        if self.settings.request_uri {
            let address = format!("{}/push-mfa/enroll/request-token/{}", self.issuer(base), enrolment.handle);
            link.query_pairs_mut().append_pair("request_uri", &address);
        } else {
            let token = self.enrolment_token(enrolment, base, enrolment.created_at)?;
            link.query_pairs_mut().append_pair("token", &token);
        }
        Some(link.into())
    }

    /// The enrolment token, signed by the realm, made at `now`.
    pub(crate) fn enrolment_token(&self, enrolment: &Enrolment, base: &str, now: u64) -> Option<String> {
        let user = self.user(&enrolment.user)?;
        self.key.sign(&json!({
            "aud": self.settings.realm,
            "sub": user.id,
            "enrollmentId": enrolment.id,
            "iss": self.issuer(base),
            "realm": self.settings.realm,
            "typ": "push-enroll-challenge",
            "exp": enrolment.expires_at,
            "nonce": enrolment.nonce,
            "iat": now,
            "username": user.name,
        }))
    }

    /// Asks a phone to approve a sign-in to `client`: the given phone, or else the user's first one.
    ///
    /// # Errors
    /// `UnknownUser`, `LockedOut`, `NoPhone`, `AlreadyPending`.
    pub fn start_login(
        &self,
        user: &str,
        phone: Option<&str>,
        client: &str,
        now: u64,
        seed: &Seed,
    ) -> Result<StartedLogin, CannotStart> {
        let user = self.user(user).ok_or(CannotStart::UnknownUser)?;
        if !user.enabled {
            return Err(CannotStart::LockedOut);
        }
        let phone = chosen(user, phone).ok_or(CannotStart::NoPhone)?;
        if self.pending(&user.id, now).next().is_some() {
            return Err(CannotStart::AlreadyPending);
        }
        let mut draw = Draw::new(seed);
        let challenge = Challenge {
            id: draw.uuid(),
            user: user.id.clone(),
            phone: phone.id.clone(),
            client: client.to_owned(),
            secret: URL_SAFE_NO_PAD.encode(draw.bytes()),
            verification: Verification::draw(self.settings.verification, &mut draw),
            created_at: now,
            expires_at: now.saturating_add(self.settings.challenge_seconds),
            standing: Standing::Pending,
        };
        Ok(StartedLogin {
            id: challenge.id.clone(),
            shown: challenge.verification.answer().map(str::to_owned),
            changes: vec![Change::ChallengeStarted(challenge)],
        })
    }

    /// What became of an enrolment.
    #[must_use]
    pub fn enrolment_standing(&self, id: &str, now: u64) -> Standing {
        match self.enrolments.get(id) {
            None => Standing::NotFound,
            Some(enrolment) => standing(enrolment.standing, enrolment.expires_at, now),
        }
    }

    /// What became of a sign-in.
    #[must_use]
    pub fn login_standing(&self, id: &str, now: u64) -> Standing {
        match self.challenges.get(id) {
            None => Standing::NotFound,
            Some(challenge) => standing(challenge.standing, challenge.expires_at, now),
        }
    }

    /// The browser goes on after an answer, or gives up waiting: from now on the phone is told `Challenge not found`.
    #[must_use]
    pub fn end_login(&self, id: &str) -> Vec<Change> {
        vec![Change::ChallengeDropped { id: id.to_owned() }]
    }

    /// The link that opens the app on the same phone and tells it to look.
    #[must_use]
    pub fn confirm_link(&self, challenge: &Challenge, base: &str) -> Option<String> {
        let phone = self.user(&challenge.user)?.phones.iter().find(|phone| phone.id == challenge.phone)?;
        let token = self.key.sign(&json!({
            "ver": 1,
            "iss": self.issuer(base),
            "typ": 1,
            "credId": phone.credential_id,
            "exp": challenge.expires_at,
            "iat": challenge.created_at,
            "cid": challenge.id,
        }))?;
        let mut link = url::Url::parse(&self.settings.confirm_link).ok()?;
        link.query_pairs_mut().append_pair("token", &token);
        Some(link.into())
    }
}

impl Verification {
    /// Draws what a sign-in is bound by.
    ///
    /// Numbers have two digits, as the set-up guide says; the real server also draws 0 to 9 and has no leading zeros.
    fn draw(kind: VerificationKind, draw: &mut Draw) -> Self {
        match kind {
            VerificationKind::NumberMatch => {
                let mut options: Vec<String> = Vec::with_capacity(3);
                while options.len() < 3 {
                    let number = (10 + draw.below(90)).to_string();
                    if !options.contains(&number) {
                        options.push(number);
                    }
                }
                // Any of the three is as good as another once their order is drawn.
                let answer = options.swap_remove(0);
                let place = draw.below(3);
                options.insert(usize::try_from(place).unwrap_or_default(), answer.clone());
                Self::Number { options, answer }
            }
            VerificationKind::Pin => Self::Pin(format!("{:04}", draw.below(10_000))),
            VerificationKind::None => Self::None,
        }
    }
}

fn chosen<'a>(user: &'a User, phone: Option<&str>) -> Option<&'a Phone> {
    match phone {
        None => user.phones.first(),
        Some(id) => user.phones.iter().find(|phone| phone.id == id),
    }
}

fn standing(now_known: Standing, expires_at: u64, now: u64) -> Standing {
    if now_known == Standing::Pending && now >= expires_at {
        return Standing::Expired;
    }
    now_known
}

/// `GET .../enroll/challenges/{id}/events`: what became of the enrolment, as the next event of the stream.
pub(crate) fn enrolment_event(call: &Call<'_>, id: &str) -> Result<Response, Refusal> {
    let id = input::uuid(Some(id.to_owned()), "challengeId")?;
    let secret = call.query("secret").unwrap_or_default();
    let word = match call.state.enrolments.get(&id) {
        None => Standing::NotFound.word(),
        Some(enrolment) if enrolment.secret != secret => "FORBIDDEN",
        Some(_) => call.state.enrolment_standing(&id, call.now).word(),
    };
    Ok(event(json!({"enrollmentId": id, "status": word})))
}

/// `GET .../login/challenges/{cid}/events`: what became of the sign-in, as the next event of the stream.
pub(crate) fn login_event(call: &Call<'_>, cid: &str) -> Result<Response, Refusal> {
    let cid = input::uuid(Some(cid.to_owned()), "cid")?;
    let secret = call.query("secret").unwrap_or_default();
    let challenge = call.state.challenges.get(&cid);
    let word = match challenge {
        None => Standing::NotFound.word(),
        Some(challenge) if challenge.secret != secret => "FORBIDDEN",
        Some(_) => call.state.login_standing(&cid, call.now).word(),
    };
    Ok(event(json!({
        "challengeId": cid,
        "clientId": challenge.map(|challenge| &challenge.client),
        "status": word,
    })))
}

fn event(data: serde_json::Value) -> Response {
    Response::new(200, "text/event-stream", format!("event: status\ndata: {data}\n\n"))
        .with("Cache-Control", "no-store")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use serde_json::json;

    use super::{CannotStart, Standing, State, Verification, VerificationKind};
    use crate::realm::draw::Draw;
    use crate::realm::jwk::DeviceKey;
    use crate::realm::jws::Jws;
    use crate::realm::{Change, Client, Phone, RealmKey, Settings, User};

    const BASE: &str = "http://127.0.0.1:8080";
    static KEY: LazyLock<Arc<RealmKey>> = LazyLock::new(|| Arc::new(RealmKey::generate().expect("a key")));

    fn state(settings: Settings) -> State {
        let mut state = State::new(settings, Arc::clone(&KEY), Client::practice("s+1".to_owned()));
        let x = "nDTCuwnpl7TMcpSnvn4qVdvgZfTuGos_sqlcL1vvK-w";
        let phone = |id: &str| Phone {
            id: id.to_owned(),
            label: id.to_owned(),
            device_type: "test".to_owned(),
            credential_id: format!("credential of {id}"),
            device_id: id.to_owned(),
            push_type: "none".to_owned(),
            push_id: None,
            key: DeviceKey::from_jwk(&json!({"kty": "EC", "crv": "P-256", "x": x, "y": x})).expect("a key"),
            created_at: 0,
        };
        let user = User { phones: vec![phone("one"), phone("two")], ..User::new("u", "alice") };
        state.apply(&[Change::UserAdded(user), Change::UserAdded(User::new("v", "bob"))]);
        state
    }

    #[test]
    fn the_link_has_what_a_phone_needs() {
        for request_uri in [true, false] {
            let mut state = state(Settings { request_uri, ..Settings::default() });
            let started = state.start_enrolment(BASE, "u", 100, &[1; 32]).expect("started");
            let link = url::Url::parse(&started.link).expect("a link");
            assert!(
                started
                    .link
                    .starts_with("countersign://enrol?client_id=push-device-client&client_secret=s%2B1&org=")
            );
            let last = link.query_pairs().last().expect("a parameter");
            if request_uri {
                assert_eq!(last.0, "request_uri");
                assert!(
                    last.1
                        .starts_with("http://127.0.0.1:8080/realms/practice/push-mfa/enroll/request-token/")
                );
            } else {
                let claims = Jws::parse(&last.1).and_then(|token| token.claims()).expect("claims");
                assert_eq!((&claims["typ"], &claims["exp"]), (&json!("push-enroll-challenge"), &json!(340)));
            }
            assert_eq!(state.enrolment_standing(&started.id, 100), Standing::NotFound, "not applied yet");
            state.apply(&started.changes);
            assert_eq!(state.enrolment_standing(&started.id, 339), Standing::Pending);
            assert_eq!(state.enrolment_standing(&started.id, 340), Standing::Expired);
            let second = state.start_enrolment(BASE, "u", 110, &[2; 32]).expect("started");
            state.apply(&second.changes);
            assert_eq!(state.enrolment_standing(&started.id, 111), Standing::NotFound, "one at a time");
        }
    }

    #[test]
    fn a_sign_in_waits_for_one_phone_and_one_at_a_time() {
        let mut state = state(Settings::default());
        let start = |state: &State, user: &str, phone, now| {
            state.start_login(user, phone, Client::SITE, now, &[3; 32])
        };
        assert_eq!(start(&state, "w", None, 0).err(), Some(CannotStart::UnknownUser));
        assert_eq!(start(&state, "v", None, 0).err(), Some(CannotStart::NoPhone));
        assert_eq!(start(&state, "u", Some("three"), 0).err(), Some(CannotStart::NoPhone));
        let started = start(&state, "u", Some("two"), 100).expect("started");
        state.apply(&started.changes);
        let challenge = state.challenge(&started.id, 100).expect("it waits");
        assert_eq!((challenge.phone.as_str(), challenge.expires_at), ("two", 220));
        assert!(
            state.confirm_link(challenge, BASE).expect("a link").starts_with("countersign://confirm?token=")
        );
        assert_eq!(start(&state, "u", None, 219).err(), Some(CannotStart::AlreadyPending));
        assert_eq!(state.login_standing(&started.id, 220), Standing::Expired);
        assert!(start(&state, "u", None, 220).is_ok());
        state.apply(&state.end_login(&started.id));
        assert_eq!(state.login_standing(&started.id, 100), Standing::NotFound);
        state.apply(&[Change::UserEnabled { user: "u".to_owned(), enabled: false }]);
        assert_eq!(start(&state, "u", None, 300).err(), Some(CannotStart::LockedOut));
    }

    #[test]
    fn numbers_are_three_different_ones_and_the_answer_is_any_of_them() {
        let mut places = [0; 3];
        for seed in 0..=255 {
            let drawn = Verification::draw(VerificationKind::NumberMatch, &mut Draw::new(&[seed; 32]));
            let Verification::Number { options, answer } = drawn else {
                panic!("not a number");
            };
            assert!(options.iter().all(|number| number.len() == 2));
            assert!(options[0] != options[1] && options[1] != options[2] && options[0] != options[2]);
            places[options.iter().position(|option| *option == answer).expect("among them")] += 1;
        }
        assert!(places.iter().all(|count| *count > 50), "{places:?}");
    }
}
