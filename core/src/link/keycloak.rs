//! Set-up codes of Keycloak's Push MFA extension, recognised by what is in them: an administrator may choose any
//! link to carry them, and may leave the link out.
//!
//! A token is only looked into here. Its signature, its time and what it allows are judged where it is used.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use super::foreign::host_of;
use super::names::clean_name;
use super::organisation::MAX_CREDENTIAL;
use super::parts::{Link, Plus, Query, decode};
use super::recognise::Refusal;
use super::{ApprovalLink, KeycloakGrant, KeycloakPushLink, LookNow, MAX_ADDRESS, Origin, Recognised};
use crate::reason::Reason;
use crate::secret::Secret;

/// Longest token that the extension reads, and so writes, in bytes.
pub(crate) const MAX_TOKEN: usize = 16_384;

/// Between an issuer and the handle of a set-up token.
const REQUEST_TOKEN: &str = "/push-mfa/enroll/request-token/";

/// Reads a link of any scheme; `None` where it has nothing to do with this system.
pub(super) fn read(text: &str, link: &Link<'_>) -> Result<Option<Recognised>, Refusal> {
    let query = link.query.without_fragment();
    let is_web = matches!(link.scheme.as_str(), "https" | "http");
    for raw in query.all("token") {
        let token = decode(raw, Plus::Space);
        match kind_of(&token) {
            // Web pages have tokens of their own.
            TokenKind::Damaged if is_web => {}
            TokenKind::NotAToken => {}
            kind => return read_token(kind, &token, query).map(Some),
        }
    }
    for raw in query.all("request_uri") {
        let address = decode(raw, Plus::Space);
        if let Some(found) =
            std::str::from_utf8(&address).ok().and_then(|address| read_address(address, query))
        {
            return found.map(Some);
        }
    }
    if is_web { read_address(text, Query::default()).transpose() } else { Ok(None) }
}

/// Reads a token that stands alone, as the page shows it for copying.
pub(super) fn read_bare_token(text: &str) -> Result<Option<Recognised>, Refusal> {
    match kind_of(text.as_bytes()) {
        TokenKind::NotAToken => Ok(None),
        kind => read_token(kind, text.as_bytes(), Query::default()).map(Some),
    }
}

enum TokenKind {
    Enrolment(Claims),
    LookNow(Claims),
    Newer,
    Damaged,
    NotAToken,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    typ: Value,
    #[serde(default)]
    ver: Value,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    cid: Option<String>,
}

fn kind_of(token: &[u8]) -> TokenKind {
    // Every JSON object begins with `{"`, so every token begins so.
    if !token.starts_with(b"eyJ") {
        return TokenKind::NotAToken;
    }
    match claims::<Claims>(token) {
        Some(claims) if claims.typ == "push-enroll-challenge" => TokenKind::Enrolment(claims),
        Some(claims) if claims.typ == 1 && claims.ver == 1 => TokenKind::LookNow(claims),
        Some(claims) if claims.typ == 1 && claims.ver.is_u64() => TokenKind::Newer,
        _ => TokenKind::Damaged,
    }
}

/// The payload of a JWT in compact form (RFC 7519, section 3), unverified.
pub(super) fn claims<T: DeserializeOwned>(token: &[u8]) -> Option<T> {
    let mut parts = token.split(|byte| *byte == b'.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let is_base64 =
        |part: &[u8]| part.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if token.len() > MAX_TOKEN || parts.next().is_some() || !is_base64(header) || !is_base64(signature) {
        return None;
    }
    let mut json = Zeroizing::new(vec![0; payload.len()]);
    let length = URL_SAFE_NO_PAD.decode_slice(payload, &mut json).ok()?;
    serde_json::from_slice(json.get(..length)?).ok()
}

fn read_token(kind: TokenKind, token: &[u8], query: Query<'_>) -> Result<Recognised, Refusal> {
    match kind {
        TokenKind::Enrolment(claims) => {
            let account = claims.username.map(|name| clean_name(&name).text).filter(|name| !name.is_empty());
            push_link(claims.iss, KeycloakGrant::Token(Secret::copy_of(token)), account, query)
        }
        TokenKind::LookNow(claims) => Ok(Recognised::LookNow(LookNow {
            origin: Origin::of(&claims.iss).ok(),
            request: claims.cid.filter(|cid| is_uuid(cid)),
        })),
        TokenKind::Newer => Err(Reason::SetupVersionUnsupported.into()),
        TokenKind::Damaged | TokenKind::NotAToken => Err(Reason::SetupTokenDamaged.into()),
    }
}

/// Reads `ISSUER/push-mfa/enroll/request-token/HANDLE`; `None` for any other address.
fn read_address(address: &str, query: Query<'_>) -> Option<Result<Recognised, Refusal>> {
    let (issuer, handle) = address.split_once(REQUEST_TOKEN)?;
    let (realms, realm) = issuer.rsplit_once('/')?;
    if !realms.ends_with("/realms") || realm.is_empty() {
        return None;
    }
    let refuse = |reason| Err(Refusal { reason, host: host_of(address) });
    Some(match Origin::of(issuer) {
        _ if address.len() > MAX_ADDRESS || !is_uuid(handle) => refuse(Reason::AddressDamaged),
        Err(reason) => refuse(reason),
        // Dots in the path could lead to another realm than the one that is shown.
        Ok(origin) if !origin.contains(address) => refuse(Reason::OriginDiffers),
        Ok(_) => {
            let grant = KeycloakGrant::RequestUri(Secret::copy_of(address.as_bytes()));
            push_link(issuer.to_owned(), grant, None, query)
        }
    })
}

/// The link with the parameters that an administrator put into it, which Keycloak writes as a form.
fn push_link(
    issuer: String,
    grant: KeycloakGrant,
    account: Option<String>,
    query: Query<'_>,
) -> Result<Recognised, Refusal> {
    let origin = Origin::of(&issuer).map_err(|reason| Refusal { reason, host: host_of(&issuer) })?;
    let client_id = query.form_text("client_id", MAX_CREDENTIAL)?;
    Ok(Recognised::Approval(ApprovalLink::KeycloakPush(KeycloakPushLink {
        issuer,
        origin,
        grant,
        // EXPOSE: a client id is no secret.
        client_id: client_id.and_then(|id| id.expose_str().map(str::to_owned)),
        client_secret: query.form_text("client_secret", MAX_CREDENTIAL)?,
        account,
        organisation: query.form_name("org").map(|name| name.text),
    })))
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::super::recognise;
    use super::*;

    const HANDLE: &str = "b4f9089e-1b04-4214-9774-558c9dfb5c47";
    const ISSUER: &str = "https://Login.example/realms/staff";

    fn token(payload: &str) -> String {
        let encode = |json: &str| URL_SAFE_NO_PAD.encode(json);
        format!("{}.{}.{}", encode(r#"{"alg":"RS256","typ":"JWT"}"#), encode(payload), encode("signature"))
    }

    fn enrolment() -> String {
        token(&format!(
            r#"{{"typ":"push-enroll-challenge","iss":"{ISSUER}","username":"al\u202eice","sub":"x"}}"#
        ))
    }

    fn push(text: &str) -> KeycloakPushLink {
        match recognise(text) {
            Recognised::Approval(ApprovalLink::KeycloakPush(link)) => link,
            other => panic!("{other:?}"),
        }
    }

    fn refused(text: &str, expected: Reason) {
        match recognise(text) {
            Recognised::Foreign { reason, .. } => assert_eq!(reason, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_token_in_any_link_or_alone() {
        let token = enrolment();
        for text in [
            format!("my-secure://enroll?token={token}"),
            format!("https://push-mfa-app.example/enroll?token={token}#top"),
            format!("countersign://enroll?x=1&token={token}"),
            format!("my-secure:enroll?token=&token={token}"),
            token.clone(),
        ] {
            let link = push(&text);
            assert_eq!(link.issuer, ISSUER);
            assert_eq!(link.origin.to_string(), "https://login.example/realms/staff");
            assert_eq!(link.account.as_deref(), Some("alice"));
            let KeycloakGrant::Token(found) = &link.grant else { panic!() };
            assert_eq!(found, &Secret::copy_of(token.as_bytes()));
            assert!(!format!("{link:?}").contains(&token));
        }
    }

    #[test]
    fn an_address_in_any_link_or_alone() {
        let address = format!("{ISSUER}{REQUEST_TOKEN}{HANDLE}");
        let encoded = address.replace(':', "%3A").replace('/', "%2F");
        for text in [
            format!("my-secure://enroll?request_uri={encoded}"),
            format!("https://push-mfa-app.example/enroll?request_uri={encoded}"),
            format!("my-secure://enroll?request_uri={address}"),
            address.clone(),
        ] {
            let link = push(&text);
            assert_eq!((link.issuer.as_str(), link.account), (ISSUER, None));
            let KeycloakGrant::RequestUri(found) = &link.grant else { panic!() };
            assert_eq!(found, &Secret::copy_of(address.as_bytes()));
        }
    }

    #[test]
    fn the_administrators_parameters_are_a_form() {
        let text = format!(
            "my-secure://enroll?client_id=push-device-client&client_secret=a%2Fb+c&org=Example+Ltd&token={}",
            enrolment()
        );
        let link = push(&text);
        assert_eq!(link.client_id.as_deref(), Some("push-device-client"));
        assert_eq!(link.client_secret, Some(Secret::copy_of(b"a/b c")));
        assert_eq!(link.organisation.as_deref(), Some("Example Ltd"));
        assert!(!format!("{link:?}").contains("a/b c"));
        refused(&text.replace("a%2F", "a%00"), Reason::LinkDamaged);
    }

    #[test]
    fn a_confirmation_is_a_wish_to_look() {
        let json =
            format!(r#"{{"typ":1,"ver":1,"iss":"{ISSUER}","cid":"{HANDLE}","userVerification":"34"}}"#);
        let Recognised::LookNow(look) = recognise(&format!("my-secure://confirm?token={}", token(&json)))
        else {
            panic!()
        };
        assert_eq!(look.origin, Origin::of(ISSUER).ok());
        assert_eq!(look.request.as_deref(), Some(HANDLE));

        let nothing_known = token(r#"{"typ":1,"ver":1,"iss":"http://a.example","cid":"../../x"}"#);
        let Recognised::LookNow(look) = recognise(&nothing_known) else { panic!() };
        assert_eq!(look, LookNow { origin: None, request: None });

        refused(&token(r#"{"typ":1,"ver":2,"iss":"https://a.example"}"#), Reason::SetupVersionUnsupported);
    }

    #[test]
    fn other_systems_and_pages() {
        for page in [
            format!("https://a.example/reset?token={}", token(r#"{"typ":"Bearer","ver":"1.0"}"#)),
            "https://a.example/reset?token=eyJhbGciOiJub25lIn0".to_owned(),
            "https://a.example/?request_uri=urn:example:1".to_owned(),
            format!("https://a.example{REQUEST_TOKEN}{HANDLE}"),
            format!("https://a.example/realms/r/login-actions/action-token?key={}", token("{}")),
        ] {
            refused(&page, Reason::WebLink);
        }
        refused("openid4vp://?request_uri=https%3A%2F%2Fa.example%2Fx", Reason::NotASetupCode);
    }

    #[test]
    fn damaged_tokens() {
        let good = enrolment();
        let deep = token(&format!("{{\"typ\":{}1{}}}", "[".repeat(3000), "]".repeat(3000)));
        for damaged in [
            good.replace('.', ""),
            good[..good.len() / 2].to_owned(),
            format!("{good}.x"),
            format!("{good}="),
            format!("{good} x"),
            token("[]"),
            token("{}"),
            token(r#"{"typ":"push-enroll-challenge","iss":7}"#),
            token(r#"{"typ":"other","iss":"https://a.example"}"#),
            token("{\"typ\":\"push-enroll-challenge\",\"iss\":\"\u{0}\"}"),
            deep,
            token(&format!(
                r#"{{"typ":"push-enroll-challenge","iss":"{ISSUER}","x":"{}"}}"#,
                "x".repeat(13_000)
            )),
        ] {
            refused(&damaged, Reason::SetupTokenDamaged);
            refused(&format!("my-secure://enroll?token={damaged}"), Reason::SetupTokenDamaged);
        }
    }

    #[test]
    fn where_the_server_is_must_be_safe() {
        for (issuer, reason) in [
            ("http://a.example/realms/r", Reason::PlainHttp),
            ("https://u@a.example/realms/r", Reason::UserInfoInAddress),
            ("urn:a", Reason::AddressDamaged),
            ("", Reason::AddressDamaged),
        ] {
            let json = format!(r#"{{"typ":"push-enroll-challenge","iss":"{issuer}"}}"#);
            refused(&format!("my-secure://enroll?token={}", token(&json)), reason);
        }
        for (address, reason) in [
            (format!("http://a.example/realms/r{REQUEST_TOKEN}{HANDLE}"), Reason::PlainHttp),
            (format!("https://u@a.example/realms/r{REQUEST_TOKEN}{HANDLE}"), Reason::UserInfoInAddress),
            (format!("https://a.example/realms/r{REQUEST_TOKEN}{HANDLE}x"), Reason::AddressDamaged),
            (format!("https://a.example/realms/r{REQUEST_TOKEN}../{HANDLE}"), Reason::AddressDamaged),
            (format!("https://a.example/realms/r{REQUEST_TOKEN}{HANDLE}?x=1"), Reason::AddressDamaged),
        ] {
            refused(&format!("my-secure://enroll?request_uri={address}"), reason);
        }
        let loopback = push(&format!("http://127.0.0.1:18080/realms/push{REQUEST_TOKEN}{HANDLE}"));
        assert_eq!(loopback.origin.to_string(), "http://127.0.0.1:18080/realms/push");
    }
}
