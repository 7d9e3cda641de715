//! A phone with a P-256 key: enrols from the link, looks, answers. Written from the protocol's description, with
//! nothing of the server's own code.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use ring::digest;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Reply, send};

pub(crate) struct Phone {
    key: SigningKey,
    base: String,
    issuer: String,
    client: (String, String),
    pub(crate) subject: String,
    pub(crate) device_id: String,
    access_token: String,
    serial: u64,
}

impl Phone {
    /// Enrols with the text of the QR code.
    pub(crate) fn enrol(link: &str, name: u8) -> (Self, Reply) {
        Self::enrol_as(link, name, &format!("Test phone {name}"))
    }

    /// Enrols under a label of its own.
    pub(crate) fn enrol_as(link: &str, name: u8, label: &str) -> (Self, Reply) {
        let link = url::Url::parse(link).expect("a link");
        let parameter =
            |name: &str| link.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let token = match parameter("token") {
            Some(token) => token,
            None => {
                let address = url::Url::parse(&parameter("request_uri").expect("an address")).expect("a URL");
                let base = address.origin().ascii_serialization();
                let reply = send(&base, "GET", address.path(), &[("Accept", "application/jwt")], "");
                assert_eq!(reply.status, 200, "{}", reply.body);
                reply.body
            }
        };
        let claims = claims(&token);
        let text = |name: &str| claims[name].as_str().expect("text").to_owned();
        let mut phone = Self {
            key: SigningKey::from_slice(&[name; 32]).expect("a key"),
            base: url::Url::parse(&text("iss")).expect("a URL").origin().ascii_serialization(),
            issuer: text("iss"),
            client: (parameter("client_id").expect("an id"), parameter("client_secret").expect("a secret")),
            subject: text("sub"),
            device_id: format!("device-{name}"),
            access_token: String::new(),
            serial: 0,
        };
        phone.fetch_token();
        let answer = phone.sign(
            &json!({"alg": "ES256", "typ": "JWT"}),
            &json!({
                "enrollmentId": text("enrollmentId"), "nonce": text("nonce"), "sub": phone.subject,
                "deviceType": "test", "credentialId": format!("credential-{name}"),
                "deviceId": phone.device_id, "deviceLabel": label, "cnf": {"jwk": phone.jwk()},
            }),
        );
        let reply = phone.call("POST", "/push-mfa/enroll/complete", &json!({"token": answer}).to_string());
        (phone, reply)
    }

    pub(crate) fn fetch_token(&mut self) {
        let path = "/protocol/openid-connect/token";
        let proof = self.proof("POST", path, false);
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.client.0)
            .append_pair("client_secret", &self.client.1)
            .finish();
        let headers = [("DPoP", proof.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        let reply = send(&self.base, "POST", &self.target(path), &headers, &form);
        assert_eq!(reply.status, 200, "{}", reply.body);
        let answer: Value = serde_json::from_str(&reply.body).expect("JSON");
        self.access_token = answer["access_token"].as_str().expect("a token").to_owned();
    }

    /// The pending list.
    pub(crate) fn pending(&mut self) -> Vec<Value> {
        let target = format!("/push-mfa/login/pending?userId={}", self.subject);
        let reply = self.call("GET", &target, "");
        assert_eq!(reply.status, 200, "{}", reply.body);
        let list: Value = serde_json::from_str(&reply.body).expect("JSON");
        list["challenges"].as_array().expect("a list").clone()
    }

    /// Answers the only pending request.
    pub(crate) fn answer(&mut self, action: &str, number: Option<&str>) -> Reply {
        let pending = self.pending();
        let cid = pending.first().expect("a request")["cid"].as_str().expect("an id").to_owned();
        let answer = self.answer_token(&cid, action, number);
        self.call("POST", &format!("/push-mfa/login/challenges/{cid}/respond"), &answer)
    }

    pub(crate) fn answer_token(&mut self, cid: &str, action: &str, number: Option<&str>) -> String {
        let credential = self.device_id.replace("device", "credential");
        let mut claims =
            json!({"cid": cid, "credId": credential, "deviceId": self.device_id, "action": action});
        if let Some(number) = number {
            claims["userVerification"] = json!(number);
        }
        let token = self.sign(&json!({"alg": "ES256", "typ": "JWT"}), &claims);
        json!({"token": token}).to_string()
    }

    /// One call with a new proof.
    pub(crate) fn call(&mut self, method: &str, target: &str, body: &str) -> Reply {
        let proof = self.proof(method, target, true);
        self.call_with(&proof, method, target, body)
    }

    pub(crate) fn call_with(&mut self, proof: &str, method: &str, target: &str, body: &str) -> Reply {
        let authorization = format!("DPoP {}", self.access_token);
        let headers = [
            ("Authorization", authorization.as_str()),
            ("DPoP", proof),
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
        ];
        send(&self.base, method, &self.target(target), &headers, body)
    }

    pub(crate) fn proof(&mut self, method: &str, target: &str, with_token: bool) -> String {
        self.serial += 1;
        let address = target.split('?').next().expect("a path");
        let mut claims = json!({
            "htm": method, "htu": format!("{}{address}", self.issuer), "iat": now(),
            "jti": format!("{}-{}", self.device_id, self.serial),
        });
        if with_token {
            let hash = digest::digest(&digest::SHA256, self.access_token.as_bytes());
            claims["ath"] = json!(URL_SAFE_NO_PAD.encode(hash));
            claims["sub"] = json!(self.subject);
            claims["deviceId"] = json!(self.device_id);
        }
        let header = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": self.jwk()});
        self.sign(&header, &claims)
    }

    fn jwk(&self) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        let encode =
            |part: Option<&_>| URL_SAFE_NO_PAD.encode::<&[u8]>(AsRef::as_ref(part.expect("a point")));
        json!({"kty": "EC", "crv": "P-256", "x": encode(point.x()), "y": encode(point.y()), "alg": "ES256", "use": "sig"})
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn target(&self, target: &str) -> String {
        format!("{}{target}", self.issuer.strip_prefix(&self.base).expect("below the origin"))
    }
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs()
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("claims")
}
