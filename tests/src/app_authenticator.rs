//! A realm with netzbegruenung's App Authenticator for Keycloak, as much of it as phones see: a server of our own by the
//! published protocol (`app-authenticator` in <https://github.com/netzbegruenung/keycloak-mfa-plugins>, v26.7.1), as the
//! real one is on no registry. Where its README and its code differ, the code is followed.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use countersign::approval::{HttpReply, HttpRequest};
use countersign::secret::Secret;
use p256::PublicKey;
use p256::pkcs8::DecodePublicKey as _;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde_json::{Value, json};

/// How long a set-up code is good, in seconds.
const SET_UP: i64 = 300;
/// How far a signature's date may be ahead and behind, in milliseconds.
const AHEAD_MS: i64 = 10_000;
const BEHIND_MS: i64 = 60_000;
/// How much older than the challenge it may be.
const OLDER_MS: i64 = 1_000;

/// One realm. Times are in milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct AppAuthenticator {
    issuer: String,
    /// By device id.
    pub devices: BTreeMap<String, Device>,
    /// Set-up tokens and when they are over, in seconds; none once used.
    set_ups: BTreeMap<String, Option<i64>>,
    /// The one that waits, by device id.
    waiting: BTreeMap<String, Challenge>,
    /// Sign-ins that were answered and whose page is still there, by token.
    settled: BTreeMap<String, Challenge>,
    /// Answers that were taken, in order: the sign-in's number, and whether it was granted.
    pub answers: Vec<(u64, bool)>,
    /// The device that was heard of last.
    pub heard_of: Option<String>,
    /// How many seconds a sign-in waits.
    pub lifetime: i64,
    /// What stands in each challenge for the usual.
    pub instead: Vec<(&'static str, Value)>,
    made: u64,
}

/// A phone.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its public key, as `ring` takes it.
    point: Vec<u8>,
    /// Where pushes go.
    pub push_id: Option<String>,
}

#[derive(Clone, Debug)]
struct Challenge {
    number: u64,
    device_id: String,
    token: String,
    secret: String,
    updated_ms: i64,
    expires_at: i64,
    granted: Option<bool>,
}

/// A status and a body.
type Answer = (u16, String);

impl AppAuthenticator {
    /// A realm at this address, e.g. `https://login.example/realms/staff`.
    #[must_use]
    pub fn new(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            devices: BTreeMap::new(),
            set_ups: BTreeMap::new(),
            waiting: BTreeMap::new(),
            settled: BTreeMap::new(),
            answers: Vec::new(),
            heard_of: None,
            lifetime: 60,
            instead: Vec::new(),
            made: 0,
        }
    }

    /// Shows a new set-up code.
    pub fn show_set_up_code(&mut self, now_ms: i64) -> String {
        let exp = now_ms / 1_000 + SET_UP;
        let token = self.token("app-setup-action-token", now_ms / 1_000, exp);
        let link = self.action(&token);
        self.set_ups.insert(token, Some(exp));
        link
    }

    /// Begins a sign-in that asks this device, in the place of one that waits; with its number.
    pub fn sign_in(&mut self, device_id: &str, now_ms: i64) -> u64 {
        let expires_at = now_ms / 1_000 + self.lifetime;
        let token = self.token("app-auth-action-token", now_ms / 1_000, expires_at);
        let challenge = Challenge {
            number: self.made,
            device_id: device_id.to_owned(),
            secret: format!("{:0>501}", self.made),
            token,
            updated_ms: now_ms,
            expires_at,
            granted: None,
        };
        self.waiting.insert(device_id.to_owned(), challenge);
        self.made
    }

    /// Whether a sign-in was granted; none while it was not answered.
    #[must_use]
    pub fn granted(&self, number: u64) -> Option<bool> {
        self.settled.values().find(|challenge| challenge.number == number)?.granted
    }

    /// Takes a request, and gives the answer that it makes.
    pub fn take(&mut self, request: &HttpRequest, now_ms: i64) -> HttpReply {
        let (status, body) = self.answer(request, now_ms);
        HttpReply { status, headers: Vec::new(), body: Secret::from(body) }
    }

    fn answer(&mut self, request: &HttpRequest, now_ms: i64) -> Answer {
        let (place, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let path = place.strip_prefix(&self.issuer).unwrap_or_default();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (request.method.name(), parts.as_slice()) {
            ("GET", ["challenges"]) => self.challenges(request, now_ms),
            ("GET", ["login-actions", "action-token"]) => self.action_token(&query, request, now_ms),
            ("PUT", ["app-authenticators", id, "credentials"]) => self.credentials(id, request, now_ms),
            _ => (404, json!({"error": "HTTP 404 Not Found"}).to_string()),
        }
    }

    fn challenges(&mut self, request: &HttpRequest, now_ms: i64) -> Answer {
        let (device_id, created) = match self.caller(request, now_ms) {
            Ok(caller) => caller,
            Err(refusal) => return refusal,
        };
        match self.waiting.get(&device_id) {
            None => (200, "[]".to_owned()),
            Some(waiting)
                if now_ms / 1_000 > waiting.expires_at || created < waiting.updated_ms - OLDER_MS =>
            {
                refusal(403, "challenge_expired")
            }
            Some(waiting) => (200, json!([self.described(waiting)]).to_string()),
        }
    }

    fn described(&self, challenge: &Challenge) -> Value {
        let mut described = json!({
            "userName": "alice", "userFirstName": "Alice", "userLastName": "Example",
            "targetUrl": self.action(&challenge.token), "codeChallenge": challenge.secret,
            "updatedTimestamp": challenge.updated_ms, "ipAddress": "203.0.113.7", "device": "Other",
            "browser": "Firefox/120.0", "os": "Ubuntu", "osVersion": "Unknown", "clientName": "Example Web App",
            "clientUrl": "https://app.example/", "loginId": null,
        });
        for (name, value) in &self.instead {
            described[*name] = value.clone();
        }
        described
    }

    fn action_token(
        &mut self,
        query: &BTreeMap<String, String>,
        request: &HttpRequest,
        now_ms: i64,
    ) -> Answer {
        let page = |status| (status, "<!DOCTYPE html><title>Sign in to staff</title>".to_owned());
        let Some(token) = query.get("key") else { return page(400) };
        if let Some(exp) = self.set_ups.get(token).copied() {
            let Some(device) = device(query).filter(|_| exp.is_some_and(|exp| now_ms / 1_000 < exp)) else {
                return page(400);
            };
            if self.devices.contains_key(&query["device_id"]) {
                return page(400);
            }
            self.devices.insert(query["device_id"].clone(), device);
            self.set_ups.insert(token.clone(), None);
            return (201, String::new());
        }
        let sign_ins = self.waiting.values().chain(self.settled.values());
        let Some(challenge) = sign_ins.into_iter().find(|challenge| challenge.token == *token).cloned()
        else {
            // The browser's page is gone.
            return (403, String::new());
        };
        if now_ms / 1_000 >= challenge.expires_at {
            return page(400);
        }
        if challenge.granted == Some(false) {
            return (403, String::new());
        }
        match self.granted_by(&challenge, request, now_ms) {
            Ok(granted) => {
                self.settle(challenge, granted);
                (204, String::new())
            }
            Err(status) => (status, String::new()),
        }
    }

    /// The answer in the header, if it is signed by the device that was asked.
    fn granted_by(&self, challenge: &Challenge, request: &HttpRequest, now_ms: i64) -> Result<bool, u16> {
        let fields = signature(request).ok_or(401_u16)?;
        let created = created(&fields, now_ms).ok_or(400_u16)?;
        let device = self.devices.get(&challenge.device_id).ok_or(412_u16)?;
        let granted = fields.get("granted").ok_or(400_u16)?;
        let signed = format!("created:{created},secret:{},granted:{granted}", challenge.secret);
        if device.has_signed(&signed, &fields) { Ok(granted == "true") } else { Err(401) }
    }

    fn settle(&mut self, challenge: Challenge, granted: bool) {
        self.waiting.retain(|_, waiting| waiting.token != challenge.token);
        if challenge.granted != Some(granted) {
            self.answers.push((challenge.number, granted));
        }
        self.settled.insert(challenge.token.clone(), Challenge { granted: Some(granted), ..challenge });
    }

    fn credentials(&mut self, id: &str, request: &HttpRequest, now_ms: i64) -> Answer {
        let (device_id, _) = match self.caller(request, now_ms) {
            Ok(caller) => caller,
            Err(refusal) => return refusal,
        };
        // EXPOSE: the request arrives.
        let body = request.body.as_ref().map(Secret::expose).unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match self.devices.get_mut(&device_id).filter(|_| device_id == id) {
            Some(device) if body.get("devicePushId").is_some() => {
                device.push_id = body["devicePushId"].as_str().map(str::to_owned);
                (204, String::new())
            }
            _ => refusal(400, "invalid_request"),
        }
    }

    /// Which device calls, by its signature over the date alone, and that date.
    fn caller(&mut self, request: &HttpRequest, now_ms: i64) -> Result<(String, i64), Answer> {
        let fields = signature(request).ok_or_else(|| refusal(401, "challenge_rejected"))?;
        let created = created(&fields, now_ms).ok_or_else(|| refusal(400, "challenge_rejected"))?;
        let id = fields.get("keyId").cloned().unwrap_or_default();
        let device = self.devices.get(&id).ok_or_else(|| refusal(412, "no_credential"))?;
        if !device.has_signed(&format!("created:{created}"), &fields) {
            return Err(refusal(401, "challenge_rejected"));
        }
        self.heard_of = Some(id.clone());
        Ok((id, created))
    }

    fn action(&self, token: &str) -> String {
        format!("{}/login-actions/action-token?key={token}&client_id=account-console&tab_id=x", self.issuer)
    }

    /// A token as Keycloak makes it, but for the signature, which no phone can check.
    fn token(&mut self, typ: &str, iat: i64, exp: i64) -> String {
        self.made += 1;
        let claims = json!({"iss": self.issuer, "typ": typ, "jti": self.made, "iat": iat, "exp": exp});
        format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }
}

impl Device {
    fn has_signed(&self, text: &str, fields: &BTreeMap<String, String>) -> bool {
        let signature = fields.get("signature").and_then(|text| STANDARD.decode(text).ok());
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.point);
        signature.is_some_and(|signature| key.verify(text.as_bytes(), &signature).is_ok())
    }
}

/// The device that a set-up describes.
fn device(query: &BTreeMap<String, String>) -> Option<Device> {
    let is = |name: &str, value: &str| query.get(name).is_some_and(|given| given == value);
    let is_known = is("key_algorithm", "EC") && is("signature_algorithm", "SHA256withECDSA");
    let is_named = ["device_id", "device_os"].iter().all(|name| query.contains_key(*name));
    let key = STANDARD.decode(query.get("public_key").filter(|_| is_known && is_named)?).ok()?;
    let point = PublicKey::from_public_key_der(&key).ok()?.to_sec1_bytes().into_vec();
    Some(Device { point, push_id: query.get("device_push_id").cloned() })
}

fn refusal(status: u16, error: &str) -> Answer {
    (status, json!({"error": error, "message": "No."}).to_string())
}

/// The header `Signature`: pairs `name:value`, with commas between them.
fn signature(request: &HttpRequest) -> Option<BTreeMap<String, String>> {
    let (_, value) = request.headers.iter().find(|(name, _)| *name == "Signature")?;
    // EXPOSE: the header arrives.
    let pairs = value.expose_str()?.split(',');
    pairs.map(|pair| pair.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
}

/// The date of a signature, where it is near enough.
fn created(fields: &BTreeMap<String, String>, now_ms: i64) -> Option<i64> {
    let created: i64 = fields.get("created")?.parse().ok()?;
    (now_ms - BEHIND_MS..=now_ms + AHEAD_MS).contains(&created).then_some(created)
}
