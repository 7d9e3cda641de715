//! A small privacyIDEA or eduMFA: as much of it as a phone with one push token sees.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::account::Registration;
use countersign::approval::HttpRequest;
use countersign::clock::UnixTime;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use rsa::pkcs1::EncodeRsaPublicKey as _;
use serde_json::{Value, json};

use crate::keycloak::{T0, reply};
use crate::phone::{Phone, Received, Server, rsa_key, rsa_sign};

const SERIAL: &str = "PIPU0000F648";
const CREDENTIAL: &str = "585a9fcd976deb1c18322e5186b3ac254a62e746";

/// Whose server it is, and which of its set-up codes is scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Make {
    PrivacyIdea,
    EduMfa,
    /// The set-up code that eduMFA took over from privacyIDEA.
    EduMfaOlder,
}

impl Make {
    pub(crate) const ALL: [Self; 3] = [Self::PrivacyIdea, Self::EduMfa, Self::EduMfaOlder];

    pub(crate) const fn url(self) -> &'static str {
        match self {
            Self::EduMfa => "https://mfa.example/ttype/edupush",
            Self::PrivacyIdea | Self::EduMfaOlder => "https://mfa.example/ttype/push",
        }
    }

    pub(crate) fn link(self) -> String {
        let (start, end) = match self {
            Self::PrivacyIdea => ("otpauth://pipush", "&poll_only=True"),
            Self::EduMfa => ("edumfa-push://edumfa", ""),
            Self::EduMfaOlder => ("otpauth://pipush", ""),
        };
        let url = self.url().replacen(':', "%3A", 1);
        format!(
            "{start}/alice?url={url}&ttl=10&issuer=Example&enrollment_credential={CREDENTIAL}&v=1&serial={SERIAL}&sslverify=1{end}"
        )
    }
}

/// A challenge.
#[derive(Clone)]
pub(crate) struct Challenge {
    pub(crate) nonce: String,
    pub(crate) options: Option<&'static str>,
    pub(crate) answer: Option<&'static str>,
    pub(crate) code: Option<&'static str>,
    pub(crate) is_open: bool,
    pub(crate) capabilities: bool,
}

/// The server.
pub(crate) struct PushServer {
    make: Make,
    /// SubjectPublicKeyInfo of the phone.
    pub(crate) phone_key: Option<Vec<u8>>,
    pub(crate) challenges: Vec<Challenge>,
    /// Answers that were taken: nonce and the fields beside the usual ones.
    pub(crate) answers: Vec<(String, String)>,
    pub(crate) push: String,
    /// What is changed in each challenge before it goes out, after signing.
    pub(crate) tamper: Option<(&'static str, Value)>,
    /// What stands in each challenge for the usual, and is signed.
    pub(crate) instead: Option<(&'static str, String)>,
    pub(crate) forbids: bool,
}

impl PushServer {
    pub(crate) const fn new(make: Make) -> Self {
        Self {
            make,
            phone_key: None,
            challenges: Vec::new(),
            answers: Vec::new(),
            push: String::new(),
            tamper: None,
            instead: None,
            forbids: false,
        }
    }

    pub(crate) fn ask(&mut self, options: Option<&'static str>, answer: Option<&'static str>) -> String {
        let nonce = format!("THWFRBFVOE2EDUYEZSVTF5UJHKGJUO{:02}", self.challenges.len() + 22);
        self.challenges.push(Challenge {
            nonce: nonce.clone(),
            options,
            answer,
            code: None,
            is_open: true,
            capabilities: false,
        });
        nonce
    }

    fn answer(&mut self, request: &HttpRequest, now: i64) -> Result<Value, (u16, i64, &'static str)> {
        if self.forbids {
            return Err((403, 303, "ERR303: Polling not allowed!"));
        }
        if let Some((_, query)) = request.url.split_once('?') {
            return self.poll(&fields(query.as_bytes()), now);
        }
        let fields = fields(request.body.as_ref().unwrap().expose());
        assert_eq!(fields["serial"], SERIAL);
        if let Some(key) = fields.get("pubkey") {
            return self.enrol(&fields, key);
        }
        if let Some(token) = fields.get("new_fb_token") {
            self.check(&format!("{token}|{SERIAL}|{}", fields["timestamp"]), &fields["signature"])?;
            self.push.clone_from(token);
            return Ok(json!({"result": {"status": true, "value": true}}));
        }
        self.respond(&fields)
    }

    fn enrol(
        &mut self,
        fields: &HashMap<String, String>,
        key: &str,
    ) -> Result<Value, (u16, i64, &'static str)> {
        if self.phone_key.is_some() {
            return Err((404, 601, "No token with this serial number in the rollout state 'clientwait'."));
        }
        assert_eq!(
            (&*fields["enrollment_credential"], &*fields["fbtoken"]),
            (CREDENTIAL, "no_firebase_token")
        );
        assert_eq!(fields.contains_key("capabilities"), self.make == Make::PrivacyIdea);
        self.phone_key = Some(STANDARD.decode(key).unwrap());
        let public = rsa_key(0).to_public_key().to_pkcs1_der().unwrap();
        let text = STANDARD.encode(public.as_bytes());
        let lines: Vec<_> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        Ok(json!({
            "id": 1, "jsonrpc": "2.0", "version": "privacyIDEA 3.14", "signature": "rsa_sha256_pss:00",
            "detail": {"public_key": lines.join("\n"), "rollout_state": "enrolled", "serial": SERIAL},
            "result": {"status": true, "value": true},
        }))
    }

    fn poll(&self, fields: &HashMap<String, String>, now: i64) -> Result<Value, (u16, i64, &'static str)> {
        let text = &fields["timestamp"];
        let [date, time] = [0, 1].map(|place| text.split('T').nth(place).unwrap());
        let date: Vec<i64> = date.split('-').map(|part| part.parse().unwrap()).collect();
        let time: Vec<i64> = time.split(':').map(|part| part.parse().unwrap()).collect();
        // Of this one month the test knows the calendar: day 1 of 2026-11 is day 20,758.
        assert_eq!(date[..2], [2026, 11]);
        let told = (20_757 + date[2]) * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2];
        if (now - told).abs() > 60 {
            return Err((400, 10, "ERR10: Timestamp 2026 not in valid range."));
        }
        self.check(&format!("{}|{text}", fields["serial"]), &fields["signature"])?;
        let open: Vec<_> = self
            .challenges
            .iter()
            .filter(|challenge| challenge.is_open)
            .map(|open| self.body(open))
            .collect();
        Ok(json!({"result": {"status": true, "value": open}, "detail": null}))
    }

    fn body(&self, challenge: &Challenge) -> Value {
        let mut body = json!({
            "nonce": challenge.nonce, "question": "Do you want to confirm the login?", "title": "privacyIDEA",
            "serial": SERIAL, "sslverify": "1", "url": self.make.url(),
        });
        if let Some((name, value)) = &self.instead {
            body[name] = json!(value);
        }
        let text = |name: &str| body[name].as_str().unwrap();
        let mut signed = ["nonce", "url", "serial", "question", "title", "sslverify"].map(text).join("|");
        if let Some(options) = challenge.options {
            signed = format!("{signed}|{options}");
            body["require_presence"] = json!(options);
            body["version"] = json!("2");
        }
        body["signature"] = json!(base32_signature(&signed));
        if challenge.capabilities {
            let signed =
                format!(r#"{{"capabilities":{{"decline_reason":true}},"nonce":"{}"}}"#, challenge.nonce);
            body["capabilities"] = json!(r#"{"decline_reason": true}"#);
            body["capabilities_signature"] = json!(base32_signature(&signed));
        }
        if let Some((name, value)) = &self.tamper {
            body[name] = value.clone();
        }
        body
    }

    fn respond(&mut self, fields: &HashMap<String, String>) -> Result<Value, (u16, i64, &'static str)> {
        let nonce = &fields["nonce"];
        let mut signed = vec![nonce.as_str(), SERIAL];
        let declines = fields.contains_key("decline");
        if declines {
            signed.push("decline");
            signed.extend(fields.get("decline_reason").map(String::as_str));
        }
        signed.extend(fields.get("presence_answer").map(String::as_str));
        let is_signed = self.check(&signed.join("|"), &fields["signature"]).is_ok();
        let is_known = self.challenges.iter().any(|known| known.nonce == *nonce);
        let is_open = self.challenges.iter().any(|known| known.is_open && known.nonce == *nonce);
        if self.make != Make::PrivacyIdea && is_signed && is_known && !is_open {
            // eduMFA does not look whether the request has ended, and nobody is signed in by it.
            self.answers.push((nonce.clone(), "late".to_owned()));
            return Ok(json!({"result": {"status": true, "value": true}}));
        }
        let open = self.challenges.iter_mut().find(|open| open.is_open && open.nonce == *nonce);
        let Some(open) = open.filter(|open| {
            is_signed && (declines || fields.get("presence_answer").map(String::as_str) == open.answer)
        }) else {
            return Ok(json!({"result": {"status": true, "value": false}}));
        };
        open.is_open = false;
        let how = match fields.get("decline_reason") {
            Some(reason) => reason.clone(),
            None => if declines { "declined" } else { "approved" }.to_owned(),
        };
        let detail = open.code.map(|code| json!({"display_code": code, "message": "Enter the code"}));
        self.answers.push((nonce.clone(), how));
        Ok(json!({"result": {"status": true, "value": true}, "detail": detail}))
    }

    fn check(&self, text: &str, signature: &str) -> Result<(), (u16, i64, &'static str)> {
        let refused = Err((400, 10, "ERR10: Could not verify signature!"));
        let Some(key) = &self.phone_key else { return refused };
        let signature = base32::decode(base32::Alphabet::Rfc4648 { padding: true }, signature).unwrap();
        // What stands before the point of a P-256 key, or before the RSAPublicKey of a 2048-bit key.
        let (algorithm, start): (&dyn VerificationAlgorithm, _) =
            if key.len() == 91 { (&ECDSA_P256_SHA256_ASN1, 26) } else { (&RSA_PKCS1_2048_8192_SHA256, 24) };
        let key = UnparsedPublicKey::new(algorithm, &key[start..]);
        if key.verify(text.as_bytes(), &signature).is_ok() { Ok(()) } else { refused }
    }
}

impl Server for PushServer {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        let url = self.make.url();
        assert!(request.url == url || request.url.starts_with(&format!("{url}?")));
        let mut answer = match self.answer(request, now.0) {
            Ok(body) => reply(200, body.to_string().as_bytes()),
            Err((status, code, message)) => {
                let body = json!({"result": {"status": false, "error": {"code": code, "message": message}}});
                reply(status, body.to_string().as_bytes())
            }
        };
        answer.headers.push(("Date".to_owned(), date(now.0)));
        Ok(answer)
    }
}

fn fields(form: &[u8]) -> HashMap<String, String> {
    url::form_urlencoded::parse(form).into_owned().collect()
}

fn base32_signature(text: &str) -> String {
    base32::encode(base32::Alphabet::Rfc4648 { padding: true }, &rsa_sign(rsa_key(0), text.as_bytes()))
}

/// A date of November 2026.
fn date(time: i64) -> String {
    let day = time / 86_400 - 20_757;
    let (hour, minute, second) = (time / 3_600 % 24, time / 60 % 60, time % 60);
    format!("Xxx, {day:02} Nov 2026 {hour:02}:{minute:02}:{second:02} GMT")
}

/// A phone that is set up with a server of that make.
pub(crate) fn set_up_with(make: Make) -> (Phone, PushServer, Registration) {
    let (mut phone, mut server) = (Phone::new(T0), PushServer::new(make));
    let registration = phone.enrolled(&make.link(), &mut server);
    (phone, server, registration)
}
