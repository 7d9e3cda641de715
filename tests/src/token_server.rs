//! A privacyIDEA or an eduMFA without sockets, on a virtual clock: as much of it as phones with push tokens see. It notes
//! what it was sent and what it took.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::approval::{Answer, Event, HttpReply, HttpRequest, Question};
use countersign::clock::{Now, UnixTime};
use countersign::secret::Secret;
use countersign_practice::realm::RealmKey;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::network::Server;
use crate::phone::World;

/// How long a request is open, in seconds: an administrator sets it, and phones are not told.
const LIFETIMES: [u64; 5] = [120, 120, 45, 300, 600];
/// The clock of [`crate::network`] begins at 8 o'clock of this day, at midnight of which these seconds were over.
const DAY: (&str, &str, u64) = ("2027-01-15", "Fri, 15 Jan 2027", 1_799_971_200);
/// How many bytes stand before the point of a P-256 key and before an `RSAPublicKey` of 2048 bits.
const BEFORE_KEY: (usize, usize) = (26, 24);

/// The server's key and that of phones with an RSA key: making one takes a second.
static KEYS: LazyLock<[RsaKeyPair; 2]> = LazyLock::new(|| [(); 2].map(|()| rsa_key()));

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// With or without numbers to choose from.
    PrivacyIdea {
        /// Whether the page shows a number.
        numbers: bool,
    },
    /// With a P-256 key, or in the older form an RSA key.
    EduMfa {
        /// The form of the set-up code.
        older: bool,
    },
}

/// One server.
#[derive(Debug)]
pub struct TokenServer {
    make: Make,
    base: String,
    dice: Dice,
    tokens: BTreeMap<String, Token>,
    /// What is signed in to.
    pub title: String,
    /// All there were.
    pub sign_ins: Vec<SignIn>,
    /// Approvals that arrived, taken or not: the sign-in and what was typed for it.
    pub approvals: Vec<(String, Option<String>)>,
}

/// What it knows of one phone.
#[derive(Debug)]
struct Token {
    credential: String,
    /// SubjectPublicKeyInfo.
    key: Option<Vec<u8>>,
}

/// A sign-in that waits, or did.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Its nonce.
    pub id: String,
    serial: String,
    /// What the page shows.
    pub shown: Option<String>,
    /// What the phone is offered.
    pub options: Vec<String>,
    /// When it ends, in Unix seconds.
    pub expires_at: u64,
    /// Whether the page signs in, and how often that was brought about.
    pub approved: u32,
    /// Whether the phone said no.
    pub is_declined: bool,
    /// What a phone is sent of it: signed once, though it is sent many times.
    body: Value,
}

type Fields = BTreeMap<String, String>;
type Refusal = (u16, i64, &'static str);

impl TokenServer {
    /// A server without tokens, which phones reach at this address.
    #[must_use]
    pub fn new(make: Make, base: &str, seed: u64) -> Self {
        Self {
            make,
            base: base.to_owned(),
            dice: Dice::new(seed),
            tokens: BTreeMap::new(),
            title: "Example".to_owned(),
            sign_ins: Vec::new(),
            approvals: Vec::new(),
        }
    }

    /// Shows a new set-up code of this token; an earlier one is void, and so is the phone that was set up with it.
    pub fn show_set_up_code(&mut self, serial: &str) -> String {
        let credential = hex(&self.dice.bytes());
        self.tokens.insert(serial.to_owned(), Token { credential: credential.clone(), key: None });
        let (start, end) = match self.make {
            Make::PrivacyIdea { .. } => ("otpauth://pipush", "&poll_only=True"),
            Make::EduMfa { older: true } => ("otpauth://pipush", ""),
            Make::EduMfa { older: false } => ("edumfa-push://edumfa", ""),
        };
        let url = self.url().replacen(':', "%3A", 1);
        format!(
            "{start}/{serial}?url={url}&ttl=10&issuer=Example&enrollment_credential={credential}&v=1&serial={serial}&sslverify=1{end}"
        )
    }

    /// Whether a phone is set up for this token.
    #[must_use]
    pub fn knows_phone(&self, serial: &str) -> bool {
        self.tokens.get(serial).is_some_and(|token| token.key.is_some())
    }

    /// Begins a sign-in.
    pub fn sign_in(&mut self, serial: &str, now: u64) -> SignIn {
        let mut options = BTreeSet::new();
        while self.make == (Make::PrivacyIdea { numbers: true }) && options.len() < 4 {
            options.insert(format!("{:02}", self.dice.below(100)));
        }
        let options: Vec<String> = options.into_iter().collect();
        let shown = (!options.is_empty()).then(|| self.dice.pick(&options).clone());
        let sign_in = SignIn {
            id: base32(&self.dice.bytes()[..20]),
            serial: serial.to_owned(),
            shown,
            options,
            expires_at: now + *self.dice.pick(&LIFETIMES),
            approved: 0,
            is_declined: false,
            body: Value::Null,
        };
        let sign_in = SignIn { body: self.body(&sign_in), ..sign_in };
        self.sign_ins.push(sign_in.clone());
        sign_in
    }

    /// What became of a sign-in.
    ///
    /// # Panics
    /// When there was none of that name.
    #[must_use]
    pub fn find(&self, id: &str) -> &SignIn {
        let found = self.sign_ins.iter().find(|sign_in| sign_in.id == id);
        found.unwrap_or_else(|| panic!("no sign-in {id}"))
    }

    fn url(&self) -> String {
        let kind = if self.make == (Make::EduMfa { older: false }) { "edupush" } else { "push" };
        format!("{}/ttype/{kind}", self.base)
    }

    fn answer(&mut self, request: &HttpRequest, now: u64) -> Result<Value, Refusal> {
        if let Some((_, query)) = request.url.split_once('?') {
            return self.poll(&fields(query.as_bytes()), now);
        }
        // EXPOSE: the request arrives.
        let fields = fields(request.body.as_ref().map(Secret::expose).unwrap_or_default());
        if fields.contains_key("pubkey") { self.enrol(&fields) } else { self.respond(&fields, now) }
    }

    fn enrol(&mut self, fields: &Fields) -> Result<Value, Refusal> {
        let token = self.tokens.get_mut(field(fields, "serial")?).filter(|token| token.key.is_none());
        let token =
            token.ok_or((404, 601, "No token with this serial number in the rollout state 'clientwait'."))?;
        if token.credential != field(fields, "enrollment_credential")? {
            return Err((400, 905, "ERR905: Invalid enrollment credential."));
        }
        token.key = STANDARD.decode(field(fields, "pubkey")?).ok();
        let key = STANDARD.encode(KEYS[0].public_key().as_ref());
        Ok(json!({"result": {"status": true, "value": true}, "detail": {"public_key": key}}))
    }

    fn poll(&self, fields: &Fields, now: u64) -> Result<Value, Refusal> {
        let (serial, timestamp) = (field(fields, "serial")?, field(fields, "timestamp")?);
        if !(iso(now - 60)..=iso(now + 60)).contains(&timestamp.to_owned()) {
            return Err((400, 10, "ERR10: Timestamp not in valid range."));
        }
        if !self.is_signed(serial, &format!("{serial}|{timestamp}"), field(fields, "signature")?) {
            return Err((400, 10, "ERR10: Could not verify signature!"));
        }
        let open = self.sign_ins.iter().filter(|sign_in| sign_in.serial == serial && sign_in.is_open(now));
        let open: Vec<&Value> = open.map(|sign_in| &sign_in.body).collect();
        Ok(json!({"result": {"status": true, "value": open}}))
    }

    /// What a phone is sent of a sign-in.
    fn body(&self, sign_in: &SignIn) -> Value {
        let (url, question, title) = (self.url(), "Confirm the login?", &self.title);
        let mut signed = format!("{}|{url}|{}|{question}|{title}|1", sign_in.id, sign_in.serial);
        let mut body = json!({
            "nonce": sign_in.id, "question": question, "title": title, "serial": sign_in.serial,
            "sslverify": "1", "url": url,
        });
        if !sign_in.options.is_empty() {
            let options = sign_in.options.join(",");
            signed = format!("{signed}|{options}");
            body["require_presence"] = json!(options);
        }
        body["signature"] = json!(base32(&sign(&KEYS[0], signed.as_bytes())));
        body
    }

    /// privacyIDEA takes the right answer to an open request. eduMFA takes any answer to a request that it still has.
    fn respond(&mut self, fields: &Fields, now: u64) -> Result<Value, Refusal> {
        let (serial, nonce) = (field(fields, "serial")?, field(fields, "nonce")?);
        let (declines, typed) = (fields.contains_key("decline"), fields.get("presence_answer").cloned());
        let mut signed = format!("{nonce}|{serial}");
        for more in [declines.then_some("decline"), typed.as_deref()].into_iter().flatten() {
            signed = format!("{signed}|{more}");
        }
        let is_signed = self.is_signed(serial, &signed, field(fields, "signature")?);
        if is_signed && !declines {
            self.approvals.push((nonce.to_owned(), typed.clone()));
        }
        let looks = matches!(self.make, Make::PrivacyIdea { .. });
        let sign_in = self.sign_ins.iter_mut().find(|sign_in| {
            let fits = !looks || (sign_in.is_open(now) && (declines || sign_in.shown == typed));
            is_signed && sign_in.id == nonce && fits
        });
        let taken = sign_in.is_some();
        if let Some(sign_in) = sign_in {
            if declines {
                sign_in.is_declined = true;
            } else if now < sign_in.expires_at && sign_in.approved == 0 {
                sign_in.approved += 1;
            }
        }
        Ok(json!({"result": {"status": true, "value": taken}}))
    }

    fn is_signed(&self, serial: &str, text: &str, signature: &str) -> bool {
        let Some(key) = self.tokens.get(serial).and_then(|token| token.key.as_ref()) else { return false };
        let is_rsa = key.len() > 100;
        let (algorithm, before): (&dyn VerificationAlgorithm, _) = if is_rsa {
            (&RSA_PKCS1_2048_8192_SHA256, BEFORE_KEY.1)
        } else {
            (&ECDSA_P256_SHA256_ASN1, BEFORE_KEY.0)
        };
        let signature = base32::decode(base32::Alphabet::Rfc4648 { padding: true }, signature);
        let key = UnparsedPublicKey::new(algorithm, key.get(before..).unwrap_or_default());
        signature.is_some_and(|signature| key.verify(text.as_bytes(), &signature).is_ok())
    }
}

impl SignIn {
    /// Whether a phone is shown it.
    #[must_use]
    pub const fn is_open(&self, now: u64) -> bool {
        self.approved == 0 && !self.is_declined && now < self.expires_at
    }
}

impl Server for TokenServer {
    fn take(&mut self, request: &HttpRequest, now: u64) -> HttpReply {
        let (status, body) = match self.answer(request, now) {
            Ok(body) => (200, body),
            Err((status, code, message)) => {
                (status, json!({"result": {"status": false, "error": {"code": code, "message": message}}}))
            }
        };
        let headers = vec![("Date".to_owned(), format!("{} {} GMT", DAY.1, time_of_day(now)))];
        HttpReply { status, headers, body: Secret::from(body.to_string()) }
    }
}

/// A server that a phone reaches at once, while nobody else is there and the person agrees to everything.
#[derive(Debug)]
pub struct Near {
    /// The server.
    pub server: TokenServer,
    /// The time, in Unix seconds.
    pub seconds: u64,
}

impl Near {
    /// An empty server, at eight in the morning.
    #[must_use]
    pub fn new(make: Make) -> Self {
        Self { server: TokenServer::new(make, "https://mfa.example", 1), seconds: DAY.2 + 8 * 60 * 60 }
    }
}

impl World for Near {
    fn now(&self) -> Now {
        let wall = UnixTime(i64::try_from(self.seconds).unwrap_or(i64::MAX));
        Now { wall, steady_ms: self.seconds * 1_000 }
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        Event::Reply(self.server.take(request, self.seconds))
    }

    fn wait(&mut self, ms: u64) {
        self.seconds += ms.div_ceil(1_000);
    }

    fn answer(&mut self, _: &Question) -> Answer {
        Answer::Confirmed(true)
    }
}

/// The public half of the RSA key that phones have, SubjectPublicKeyInfo without what stands before the key itself.
#[must_use]
pub fn phone_rsa_key() -> &'static [u8] {
    KEYS[1].public_key().as_ref()
}

/// A signature by that key.
#[must_use]
pub fn phone_rsa_sign(bytes: &[u8]) -> Vec<u8> {
    sign(&KEYS[1], bytes)
}

fn rsa_key() -> RsaKeyPair {
    let key = RealmKey::generate().unwrap_or_else(|error| panic!("no key: {error}"));
    RsaKeyPair::from_pkcs8(key.pkcs8()).unwrap_or_else(|error| panic!("no key: {error}"))
}

fn sign(key: &RsaKeyPair, bytes: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; key.public().modulus_len()];
    let signed = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature);
    signed.unwrap_or_else(|_| panic!("no signature"));
    signature
}

fn fields(form: &[u8]) -> Fields {
    url::form_urlencoded::parse(form).into_owned().collect()
}

fn field<'a>(fields: &'a Fields, name: &str) -> Result<&'a str, Refusal> {
    fields.get(name).map(String::as_str).ok_or((400, 905, "ERR905: Missing parameters!"))
}

fn iso(time: u64) -> String {
    format!("{}T{}", DAY.0, time_of_day(time))
}

fn time_of_day(time: u64) -> String {
    let seconds = time - DAY.2;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

fn base32(bytes: &[u8]) -> String {
    base32::encode(base32::Alphabet::Rfc4648 { padding: true }, bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
