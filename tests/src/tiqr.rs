//! A tiqr server, as much of it as phones see: one of our own by the published protocol (README and `Service.php` of
//! <https://github.com/Tiqr/tiqr-server-libphp>, 4.3), as the real one is on no registry that is installed from here. What
//! it says to whom is that of Stepup-tiqr, which blocks an account after wrong answers.

use std::collections::BTreeMap;

use countersign::approval::{HttpReply, HttpRequest};
use countersign::secret::Secret;
use ring::hmac;
use serde_json::json;

/// How long a set-up and a sign-in wait, in seconds.
const SET_UP: i64 = 300;
const CHALLENGE: i64 = 180;
/// The suite that a server has unless it is told another.
pub const SUITE: &str = "OCRA-1:HOTP-SHA1-6:QH10-S";

/// One server. Times are Unix seconds.
#[derive(Clone, Debug)]
pub struct Tiqr {
    base: String,
    /// What stands in the description of an account in the place of the usual, by its name in `service`.
    pub instead: Vec<(&'static str, String)>,
    /// Whether it answers in JSON, as version 2 of the protocol has it.
    pub speaks_json: bool,
    /// Whether it takes the app of its maker only.
    pub takes_own_app_only: bool,
    /// Whether something before it lets no phone through to its set-ups.
    pub forbids_set_up: bool,
    /// The `Date` of its answers; none without.
    pub date: Option<&'static str>,
    /// Wrong answers before an account is blocked.
    pub tries: u8,
    /// By id.
    pub users: BTreeMap<String, User>,
    /// Users by the key of their code, and by the secret of its second step; with the end of it.
    codes: BTreeMap<String, (String, i64)>,
    steps: BTreeMap<String, (String, i64)>,
    /// By session.
    challenges: BTreeMap<String, Challenge>,
    /// The sessions that were answered rightly, in order.
    pub answered: Vec<String>,
    /// Answers that came, right or not.
    pub asked: u32,
    made: u64,
}

/// A user with a phone.
#[derive(Clone, Debug)]
pub struct User {
    /// As the phone told it, in hexadecimal digits.
    pub secret: String,
    wrong: u8,
}

#[derive(Clone, Debug)]
struct Challenge {
    user: Option<String>,
    question: String,
    until: i64,
}

/// What it has to say.
enum Says {
    Yes,
    WrongResponse(u8),
    WrongRequest,
    WrongChallenge,
    Blocked,
    WrongUser,
}

impl Tiqr {
    /// A server at this address, e.g. `https://tiqr.example`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            instead: Vec::new(),
            speaks_json: true,
            takes_own_app_only: false,
            forbids_set_up: false,
            date: None,
            tries: 3,
            users: BTreeMap::new(),
            codes: BTreeMap::new(),
            steps: BTreeMap::new(),
            challenges: BTreeMap::new(),
            answered: Vec::new(),
            asked: 0,
            made: 0,
        }
    }

    /// Shows a set-up code for a user.
    pub fn show_set_up_code(&mut self, user: &str, now: i64) -> String {
        let key = self.key();
        self.codes.insert(key.clone(), (user.to_owned(), now + SET_UP));
        format!("tiqrenroll://{}/metadata?enrollment_key={key}", self.base)
    }

    /// Shows the code of a sign-in, for this user or for anybody; its session is the second.
    pub fn sign_in(&mut self, user: Option<&str>, now: i64) -> (String, String) {
        let (session, question) = (self.key(), format!("{:010x}", 0xabc_0000 + self.made));
        let named = user.map(|user| format!("{user}@")).unwrap_or_default();
        let code = format!("tiqrauth://{named}tiqr.example/{session}/{question}/sp.example/2");
        let challenge = Challenge { user: user.map(str::to_owned), question, until: now + CHALLENGE };
        self.challenges.insert(session.clone(), challenge);
        (code, session)
    }

    /// Whether a sign-in waits for its answer at this time.
    #[must_use]
    pub fn is_open(&self, session: &str, now: i64) -> bool {
        self.challenges.get(session).is_some_and(|challenge| now < challenge.until)
    }

    /// Takes a request, and gives the answer that it makes.
    pub fn take(&mut self, request: &HttpRequest, now: i64) -> HttpReply {
        let (status, body) = self.answer(request, now);
        let headers = self.date.map(|date| ("Date".to_owned(), date.to_owned())).into_iter().collect();
        HttpReply { status, headers, body: Secret::from(body) }
    }

    fn answer(&mut self, request: &HttpRequest, now: i64) -> (u16, String) {
        let (place, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let query = form(query.as_bytes());
        // EXPOSE: the request arrives.
        let fields = form(request.body.as_ref().map(Secret::expose).unwrap_or_default());
        match (request.method.name(), place.strip_prefix(&self.base).unwrap_or_default()) {
            ("GET", "/metadata") if self.forbids_set_up => (403, "Forbidden".to_owned()),
            ("GET", "/metadata") => self.metadata(&query, now),
            ("POST", "/finish-enrollment") => self.register(&query, &fields, now),
            ("POST", "/authentication") => {
                let says = self.login(&fields, now);
                self.said(&says)
            }
            _ => (404, "Unknown route".to_owned()),
        }
    }

    /// Told once.
    fn metadata(&mut self, query: &BTreeMap<String, String>, now: i64) -> (u16, String) {
        let code = query.get("enrollment_key").and_then(|key| self.codes.remove(key));
        let Some((user, until)) = code.filter(|(_, until)| now < *until) else {
            return (500, "Error getting enrollment metadata".to_owned());
        };
        let step = self.key();
        let mut service = json!({
            "displayName": "Example tiqr", "identifier": "tiqr.example", "logoUrl": format!("{}/logo", self.base),
            "infoUrl": format!("{}/info", self.base), "authenticationUrl": format!("{}/authentication", self.base),
            "ocraSuite": SUITE,
            "enrollmentUrl": format!("{}/finish-enrollment?enrollment_secret={step}", self.base),
        });
        for (name, value) in &self.instead {
            service[*name] = json!(value);
        }
        self.steps.insert(step, (user.clone(), until));
        let identity = json!({"identifier": user, "displayName": format!("{user} Example")});
        (200, json!({"service": service, "identity": identity}).to_string())
    }

    fn register(
        &mut self,
        query: &BTreeMap<String, String>,
        fields: &BTreeMap<String, String>,
        now: i64,
    ) -> (u16, String) {
        if self.takes_own_app_only {
            return (406, "Received request from unsupported mobile app".to_owned());
        }
        let step = query.get("enrollment_secret").cloned().unwrap_or_default();
        let Some((user, until)) = self.steps.get(&step).cloned() else {
            return (403, "Enrollment failed".to_owned());
        };
        let has_all =
            ["notificationType", "notificationAddress"].iter().all(|name| fields.contains_key(*name));
        let secret =
            fields.get("secret").filter(|secret| unhex(secret).is_some_and(|bytes| bytes.len() >= 32));
        match secret {
            Some(secret) if has_all && now < until && is(fields, "operation", "register") => {
                self.steps.remove(&step);
                self.users.insert(user, User { secret: secret.clone(), wrong: 0 });
                self.said(&Says::Yes)
            }
            _ => (403, "Invalid secret".to_owned()),
        }
    }

    fn login(&mut self, fields: &BTreeMap<String, String>, now: i64) -> Says {
        self.asked += 1;
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let (session, id, response) = (field("sessionKey"), field("userId"), field("response"));
        if !is(fields, "operation", "login") || response.is_empty() {
            return Says::WrongRequest;
        }
        let Some(user) = self.users.get_mut(&id) else { return Says::WrongUser };
        if user.wrong >= self.tries {
            return Says::Blocked;
        }
        let Some(challenge) = self.challenges.get(&session).filter(|waiting| now < waiting.until) else {
            return Says::WrongChallenge;
        };
        if challenge.user.as_ref().is_some_and(|asked| *asked != id) {
            return Says::WrongUser;
        }
        if response != ocra(&user.secret, &challenge.question, &session) {
            user.wrong += 1;
            return Says::WrongResponse(self.tries - user.wrong);
        }
        user.wrong = 0;
        self.challenges.remove(&session);
        self.answered.push(session);
        Says::Yes
    }

    fn said(&self, says: &Says) -> (u16, String) {
        let status = if matches!(says, Says::Yes) { 200 } else { 403 };
        let body = match (says, self.speaks_json) {
            (Says::Yes, true) => json!({"responseCode": 1}).to_string(),
            (Says::WrongResponse(left), true) => {
                json!({"responseCode": 201, "attemptsLeft": left}).to_string()
            }
            (Says::WrongRequest, true) => json!({"responseCode": 202}).to_string(),
            (Says::WrongChallenge, true) => json!({"responseCode": 203}).to_string(),
            (Says::Blocked, true) => json!({"responseCode": 204, "duration": 5}).to_string(),
            (Says::WrongUser, true) => json!({"responseCode": 205}).to_string(),
            (Says::Yes, false) => "OK".to_owned(),
            (Says::WrongResponse(left), false) => format!("INVALID_RESPONSE:{left}"),
            (Says::WrongRequest, false) => "INVALID_REQUEST".to_owned(),
            (Says::WrongChallenge, false) => "INVALID_CHALLENGE".to_owned(),
            (Says::Blocked, false) => "ACCOUNT_BLOCKED".to_owned(),
            (Says::WrongUser, false) => "INVALID_USER".to_owned(),
        };
        (status, body)
    }

    fn key(&mut self) -> String {
        self.made += 1;
        format!("{:032x}", 0x7000_0000_u64 + self.made)
    }
}

/// The one suite, written out: its name, a zero, the challenge from the left in 128 bytes, the session from the right in
/// 64 (RFC 6287, section 5), and the truncation of RFC 4226.
fn ocra(secret: &str, question: &str, session: &str) -> String {
    let mut text = [SUITE.as_bytes(), &[0]].concat();
    text.extend(unhex(&format!("{question:0<256}")).unwrap_or_default());
    text.extend(unhex(&format!("{session:0>128}")).unwrap_or_default());
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &unhex(secret).unwrap_or_default());
    let mac = hmac::sign(&key, &text);
    let offset = mac.as_ref().last().map_or(0, |last| usize::from(last & 15));
    let value =
        mac.as_ref().iter().skip(offset).take(4).fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
    format!("{:06}", (value & 0x7fff_ffff) % 1_000_000)
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}

fn form(bytes: &[u8]) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

fn is(fields: &BTreeMap<String, String>, name: &str, value: &str) -> bool {
    fields.get(name).is_some_and(|given| given == value)
}
