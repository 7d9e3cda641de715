//! A small Keycloak with the Push MFA extension: as much of it as a phone sees, with the recorded texts.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use countersign::account::Registration;
use countersign::approval::{HttpReply, HttpRequest};
use countersign::clock::UnixTime;
use countersign::secret::Secret;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{SigningKey, VerifyingKey};
use serde_json::{Value, json};

use crate::phone::{Phone, Received, Server, ec_key};

pub(crate) const ISSUER: &str = "https://login.example/realms/staff";
pub(crate) const USER: &str = "d32907c7-b7ef-41d7-a3ab-b356a1e33cd4";

/// A registered device.
#[derive(Clone)]
pub(crate) struct Device {
    id: String,
    credential: String,
    jwk: Value,
    label: String,
}

/// A login that waits or is over.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) id: String,
    pub(crate) verification: Option<Value>,
    pub(crate) answer: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) application: String,
    /// `approved`, `denied`.
    pub(crate) ended: Option<&'static str>,
}

/// The server.
#[derive(Clone)]
pub(crate) struct Keycloak {
    pub(crate) issuer: String,
    pub(crate) realm_key: SigningKey,
    pub(crate) devices: Vec<Device>,
    pub(crate) logins: Vec<Login>,
    /// Enrolments by id: nonce, and whether it is used.
    pub(crate) enrolments: HashMap<String, (String, bool)>,
    pub(crate) locked: bool,
    /// Answers that were taken, in order.
    pub(crate) answers: Vec<(String, &'static str)>,
    pub(crate) push_provider: Option<Value>,
    jtis: HashSet<String>,
    pub(crate) tokens: u32,
}

type Refusal = (u16, &'static str);

impl Keycloak {
    pub(crate) fn new() -> Self {
        Self {
            issuer: ISSUER.to_owned(),
            realm_key: ec_key("realm"),
            devices: Vec::new(),
            logins: Vec::new(),
            enrolments: HashMap::new(),
            locked: false,
            answers: Vec::new(),
            push_provider: None,
            jtis: HashSet::new(),
            tokens: 0,
        }
    }

    /// A set-up link as the page shows it.
    pub(crate) fn link(&mut self, now: i64) -> String {
        format!(
            "my-secure://enroll?client_id=phone&client_secret=hush&org=Example+Ltd&token={}",
            self.enrolment(now)
        )
    }

    pub(crate) fn enrolment(&mut self, now: i64) -> String {
        let id = format!("c8a52d53-470e-491e-ae9b-{:012}", self.enrolments.len());
        let nonce = STANDARD_NO_PAD.encode(format!("a nonce with + and / ?>{id}"));
        self.enrolments.insert(id.clone(), (nonce.clone(), false));
        self.token(&json!({
            "iss": self.issuer, "aud": "staff", "typ": "push-enroll-challenge", "sub": USER, "username": "alice",
            "realm": "staff", "enrollmentId": id, "nonce": nonce, "iat": now, "exp": now + 240,
        }))
    }

    /// A token of the realm.
    pub(crate) fn token(&self, claims: &Value) -> String {
        jws(&self.realm_key, &json!({"alg": "ES256", "typ": "JWT", "kid": "realm-1"}), claims)
    }

    pub(crate) fn login(
        &mut self,
        id: &str,
        expires_at: i64,
        verification: Option<Value>,
        answer: Option<&str>,
    ) {
        self.logins.push(Login {
            id: id.to_owned(),
            verification,
            answer: answer.map(str::to_owned),
            expires_at,
            application: "Example Web App".to_owned(),
            ended: None,
        });
    }

    fn token_endpoint(&mut self, request: &HttpRequest, now: i64) -> Result<Value, Refusal> {
        let proof = self.proof(request, now, None)?;
        let iat = proof.claims["iat"].as_i64().unwrap();
        if now - iat == 25 {
            return Err((500, "unknown_error"));
        }
        if !(-15..=24).contains(&(now - iat)) {
            return Err((400, "DPoP proof is not active"));
        }
        let body = String::from_utf8(request.body.clone().unwrap().expose().to_vec()).unwrap();
        if body != "grant_type=client_credentials&client_id=phone&client_secret=hush" {
            return Err((401, "Invalid client or Invalid client credentials"));
        }
        self.tokens += 1;
        let token = self.token(&json!({
            "iss": self.issuer, "iat": now, "exp": now + 300, "jti": self.tokens,
            "cnf": {"jkt": thumbprint(&proof.header["jwk"])},
        }));
        Ok(json!({"access_token": token, "expires_in": 300, "token_type": "DPoP"}))
    }

    /// Checks a proof: signed by the key in its header, or by `key` where one is known.
    fn proof(&mut self, request: &HttpRequest, now: i64, key: Option<&Value>) -> Result<Jws, Refusal> {
        let proof = header(request, "DPoP").ok_or((401, "HTTP 401 Unauthorized"))?;
        let proof = Jws::read(&proof);
        let jwk = key.unwrap_or(&proof.header["jwk"]);
        if proof.header["typ"] != "dpop+jwt" || !proof.is_signed_by(jwk) {
            return Err((403, "Invalid DPoP proof signature"));
        }
        if proof.claims["htm"] != request.method.name() {
            return Err((403, "DPoP proof htm mismatch"));
        }
        if proof.claims["htu"] != request.url.split('?').next().unwrap() {
            return Err((403, "DPoP proof htu mismatch"));
        }
        if !self.jtis.insert(proof.claims["jti"].as_str().unwrap().to_owned()) {
            return Err((403, "DPoP proof replay detected"));
        }
        if key.is_some() && !(-120..=120).contains(&(now - proof.claims["iat"].as_i64().unwrap())) {
            return Err((400, "DPoP proof expired"));
        }
        Ok(proof)
    }

    /// Checks an access token and a proof of the extension's endpoints; gives the proof.
    fn authenticate(&mut self, request: &HttpRequest, now: i64, key: Option<Value>) -> Result<Jws, Refusal> {
        let token = header(request, "Authorization").ok_or((401, "HTTP 401 Unauthorized"))?;
        let token = token.strip_prefix("DPoP ").unwrap().to_owned();
        // What another server gave out as a token need not be one.
        let access = Jws::find(&token).ok_or((401, "Invalid access token"))?;
        if !access.is_signed_by(&jwk(&self.realm_key)) || access.claims["exp"].as_i64().unwrap() <= now {
            return Err((401, "Invalid access token"));
        }
        let claimed = Jws::read(&header(request, "DPoP").ok_or((401, "HTTP 401 Unauthorized"))?);
        let key = match key {
            Some(key) => key,
            None => self
                .devices
                .iter()
                .find(|device| claimed.claims["deviceId"] == *device.id)
                .ok_or((403, "Device not registered for user"))?
                .jwk
                .clone(),
        };
        let proof = self.proof(request, now, Some(&key))?;
        if proof.claims["ath"] != *sha256(token.as_bytes()) {
            return Err((403, "DPoP proof ath mismatch"));
        }
        if access.claims["cnf"]["jkt"] != *thumbprint(&key) {
            return Err((403, "Access token DPoP binding mismatch"));
        }
        Ok(proof)
    }

    fn complete(&mut self, request: &HttpRequest, now: i64) -> Result<Value, Refusal> {
        let token = Jws::read(body(request)["token"].as_str().unwrap());
        let claims = &token.claims;
        let key = claims["cnf"]["jwk"].clone();
        let (nonce, used) = self
            .enrolments
            .get(claims["enrollmentId"].as_str().unwrap())
            .cloned()
            .ok_or((404, "Challenge not found"))?;
        if used {
            return Err((400, "Challenge already resolved or expired"));
        }
        let proof = self.authenticate(request, now, Some(key.clone()))?;
        if !token.is_signed_by(&key) {
            return Err((403, "Invalid enrollment token signature"));
        }
        if claims["nonce"] != *nonce {
            return Err((403, "Nonce mismatch"));
        }
        if proof.claims["deviceId"] != claims["deviceId"] || proof.claims["sub"] != claims["sub"] {
            return Err((403, "DPoP proof deviceId mismatch"));
        }
        self.enrolments.get_mut(claims["enrollmentId"].as_str().unwrap()).unwrap().1 = true;
        let text = |name: &str| claims[name].as_str().unwrap().to_owned();
        let device = Device {
            id: text("deviceId"),
            credential: text("credentialId"),
            jwk: key,
            label: text("deviceLabel"),
        };
        if self.devices.iter().any(|other| other.label == device.label) {
            return Err((409, "Device already exists with the same name"));
        }
        self.devices.push(device);
        Ok(json!({"status": "enrolled"}))
    }

    fn pending(&mut self, request: &HttpRequest, now: i64) -> Result<Value, Refusal> {
        self.authenticate(request, now, None)?;
        let waiting = self.logins.iter().filter(|login| login.ended.is_none() && now < login.expires_at);
        let list: Vec<_> = waiting
            .map(|login| {
                let mut entry = json!({
                    "userId": USER, "username": "alice", "cid": login.id, "expiresAt": login.expires_at,
                    "createdAt": login.expires_at - 120, "clientId": "web-app", "clientName": login.application,
                });
                if let Some(verification) = &login.verification {
                    entry["userVerification"] = verification.clone();
                }
                entry
            })
            .collect();
        Ok(json!({"challenges": list}))
    }

    fn respond(&mut self, request: &HttpRequest, now: i64, id: &str) -> Result<Value, Refusal> {
        let place = self
            .logins
            .iter()
            .position(|login| login.id == id && now < login.expires_at)
            .ok_or((404, "Challenge not found"))?;
        if self.logins[place].ended.is_some() {
            return Err((400, "Challenge already resolved or expired"));
        }
        let proof = self.authenticate(request, now, None)?;
        let token = Jws::read(body(request)["token"].as_str().unwrap());
        let device = self.devices.iter().find(|device| proof.claims["deviceId"] == *device.id).unwrap();
        if !token.is_signed_by(&device.jwk) {
            return Err((403, "Invalid authentication token signature"));
        }
        if token.claims["exp"].as_i64().unwrap() < now {
            return Err((400, "authentication token expired"));
        }
        if token.claims["credId"] != *device.credential {
            return Err((403, "Authentication token credential mismatch"));
        }
        if token.claims["cid"] != *id {
            return Err((403, "Challenge mismatch"));
        }
        let login = &mut self.logins[place];
        let (ended, status) = match token.claims["action"].as_str().unwrap() {
            "approve" => ("approved", "approved"),
            "deny" => ("denied", "denied"),
            _ => return Err((400, "Unsupported action: maybe")),
        };
        if ended == "approved" && login.verification.is_some() {
            let Some(sent) = token.claims["userVerification"].as_str() else {
                return Err((400, "Missing user verification"));
            };
            if Some(sent) != login.answer.as_deref() {
                return Err((403, "User verification mismatch"));
            }
        }
        login.ended = Some(ended);
        self.answers.push((id.to_owned(), ended));
        Ok(json!({"status": status}))
    }

    fn rotate(&mut self, request: &HttpRequest, now: i64) -> Result<Value, Refusal> {
        let proof = self.authenticate(request, now, None)?;
        let key = body(request)["publicKeyJwk"].clone();
        if key.get("alg").is_none() {
            return Err((400, "JWK missing alg"));
        }
        let device = self.devices.iter_mut().find(|device| proof.claims["deviceId"] == *device.id).unwrap();
        device.jwk = key;
        Ok(json!({"status": "rotated"}))
    }

    fn answer(&mut self, request: &HttpRequest, now: i64) -> Result<Value, Refusal> {
        let path = request.url.strip_prefix(&self.issuer).ok_or((404, "HTTP 404 Not Found"))?;
        let path = path.split('?').next().unwrap().to_owned();
        match path.as_str() {
            "/protocol/openid-connect/token" => self.token_endpoint(request, now),
            "/protocol/openid-connect/certs" => Ok(json!({"keys": [jwk(&self.realm_key)]})),
            "/push-mfa/enroll/complete" => self.complete(request, now),
            "/push-mfa/login/pending" => self.pending(request, now),
            "/push-mfa/device/rotate-key" => self.rotate(request, now),
            "/push-mfa/device/push-provider" => {
                self.authenticate(request, now, None)?;
                self.push_provider = Some(body(request));
                Ok(json!({"status": "updated"}))
            }
            "/push-mfa/login/lockout" => {
                self.authenticate(request, now, None)?;
                self.locked = true;
                self.logins.iter_mut().for_each(|login| login.ended = Some("locked out"));
                Ok(json!({"status": "locked_out"}))
            }
            path => {
                let id = path
                    .strip_prefix("/push-mfa/login/challenges/")
                    .and_then(|rest| rest.strip_suffix("/respond"));
                self.respond(request, now, id.ok_or((404, "HTTP 404 Not Found"))?)
            }
        }
    }
}

impl Server for Keycloak {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        Ok(match self.answer(request, now.0) {
            Ok(body) => reply(200, body.to_string().as_bytes()),
            Err((status, text)) => reply(status, json!({"error": text}).to_string().as_bytes()),
        })
    }
}

pub(crate) fn reply(status: u16, body: &[u8]) -> HttpReply {
    HttpReply { status, headers: Vec::new(), body: Secret::copy_of(body) }
}

pub(crate) fn header(request: &HttpRequest, name: &str) -> Option<String> {
    let (_, value) = request.headers.iter().find(|(known, _)| *known == name)?;
    Some(String::from_utf8(value.expose().to_vec()).unwrap())
}

pub(crate) fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(request.body.as_ref().unwrap().expose()).unwrap()
}

/// A token, taken apart.
pub(crate) struct Jws {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Jws {
    pub(crate) fn read(token: &str) -> Self {
        Self::find(token).unwrap()
    }

    fn find(token: &str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        Some(Self {
            header: json(header)?,
            claims: json(claims)?,
            signed: signed.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    pub(crate) fn is_signed_by(&self, jwk: &Value) -> bool {
        let number = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        let point = [&[4][..], &number("x"), &number("y")].concat();
        let Ok(signature) = p256::ecdsa::Signature::from_slice(&self.signature) else { return false };
        VerifyingKey::from_sec1_bytes(&point).unwrap().verify(self.signed.as_bytes(), &signature).is_ok()
    }
}

pub(crate) fn jws(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature: p256::ecdsa::Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

pub(crate) fn jwk(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let [x, y] =
        [&point.as_bytes()[1..33], &point.as_bytes()[33..]].map(|number| URL_SAFE_NO_PAD.encode(number));
    json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ES256", "use": "sig", "kid": "realm-1"})
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, bytes))
}

pub(crate) fn thumbprint(jwk: &Value) -> String {
    let member = |name: &str| jwk[name].as_str().unwrap().to_owned();
    let (crv, kty, x, y) = (member("crv"), member("kty"), member("x"), member("y"));
    sha256(format!("{{\"crv\":\"{crv}\",\"kty\":\"{kty}\",\"x\":\"{x}\",\"y\":\"{y}\"}}").as_bytes())
}

/// When everything begins, and the request that waits.
pub(crate) const T0: i64 = 1_795_475_312;
pub(crate) const LOGIN: &str = "b2726661-f272-4da7-917c-8da28f43125d";

/// An account; made once, as it is the same each time.
pub(crate) fn set_up() -> (Phone, Keycloak, Registration) {
    static MADE: std::sync::OnceLock<(Phone, Keycloak, Registration)> = std::sync::OnceLock::new();
    MADE.get_or_init(|| {
        let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
        let link = server.link(T0);
        let registration = phone.enrolled(&link, &mut server);
        (phone, server, registration)
    })
    .clone()
}

/// The same with a login that waits for so many seconds, shown with 9.
pub(crate) fn set_up_with_login(seconds: i64) -> (Phone, Keycloak, Registration) {
    let (phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + seconds, numbers(), Some("9"));
    (phone, server, registration)
}

pub(crate) fn numbers() -> Option<Value> {
    Some(json!({"type": "number-match", "numbers": ["9", "3", "34"]}))
}
