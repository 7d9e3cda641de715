//! `https://…/realms/REALM/login-actions/action-token?key=…`: the set-up link of netzbegruenung's App Authenticator for
//! Keycloak. Keycloak has action links of other kinds; which one this is stands in the token.

use serde::Deserialize;

use super::keycloak::claims;
use super::parts::{Link, Plus, decode};
use super::recognise::Refusal;
use super::{AppAuthenticatorLink, ApprovalLink, Origin, Recognised};
use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;

/// Between the realm and the query.
const ACTION: &str = "/login-actions/action-token";
/// Longest link that is taken, in bytes: the token, and what the browser's own sign-in brought along.
const MAX_LINK: usize = 8 * 1024;

#[derive(Deserialize)]
struct Claims {
    typ: String,
    iat: i64,
    exp: i64,
}

/// Reads a link of any scheme; `None` where it has nothing to do with this system.
pub(super) fn read(text: &str, link: &Link<'_>) -> Option<Result<Recognised, Refusal>> {
    let is_web = matches!(link.scheme.as_str(), "https" | "http");
    let (place, _) = text.split_once('?').filter(|_| is_web)?;
    let issuer = place.strip_suffix(ACTION)?;
    let claims: Claims = claims(&decode(link.query.get("key")?, Plus::Plus))?;
    (claims.typ == "app-setup-action-token").then(|| read_claims(text, issuer, &claims))
}

fn read_claims(text: &str, issuer: &str, claims: &Claims) -> Result<Recognised, Refusal> {
    let origin = Origin::of(issuer)?;
    let is_realm = issuer
        .rsplit_once('/')
        .is_some_and(|(realms, realm)| realms.ends_with("/realms") && !realm.is_empty());
    // More is added behind it: a `#` would hide that, and a `&amp;` is left from an HTML page.
    let is_whole =
        text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') && !text.contains("&amp;");
    if !is_realm || !is_whole || text.len() > MAX_LINK {
        return Err(Refusal { reason: Reason::LinkDamaged, host: Some(origin.host().to_owned()) });
    }
    Ok(Recognised::Approval(ApprovalLink::AppAuthenticator(AppAuthenticatorLink {
        issuer: issuer.to_owned(),
        origin,
        url: Secret::copy_of(text.as_bytes()),
        issued_at: UnixTime(claims.iat),
        expires_at: UnixTime(claims.exp),
    })))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::super::recognise;
    use super::*;

    fn token(claims: &str) -> String {
        format!("eyJhbGciOiJIUzI1NiJ9.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    fn link() -> String {
        let token =
            token(r#"{"exp":1701428464,"iat":1701428164,"typ":"app-setup-action-token","sub":"b5bf"}"#);
        format!(
            "https://login.example/realms/staff/login-actions/action-token?key={token}&client_id=account-console&tab_id=RW_LDHk5zB8"
        )
    }

    #[test]
    fn as_the_server_writes_it() {
        let text = link();
        let Recognised::Approval(ApprovalLink::AppAuthenticator(link)) = recognise(&text) else { panic!() };
        assert_eq!(link.issuer, "https://login.example/realms/staff");
        assert_eq!(link.origin.to_string(), link.issuer);
        assert_eq!((link.issued_at, link.expires_at), (UnixTime(1_701_428_164), UnixTime(1_701_428_464)));
        assert_eq!(link.url.expose(), text.as_bytes());
        assert!(!format!("{link:?}").contains("key="));
        assert_eq!(recognise(&text).kind(), "app_authenticator");
    }

    #[test]
    fn refused_by_name() {
        for (from, to, reason) in [
            ("https://login.example", "http://login.example", Reason::PlainHttp),
            ("https://", "https://u@", Reason::UserInfoInAddress),
            ("/realms/staff", "/realms/", Reason::LinkDamaged),
            ("/realms/staff", "/staff", Reason::LinkDamaged),
            ("&client_id", "&amp;client_id", Reason::LinkDamaged),
            ("&tab_id", "#&tab_id", Reason::LinkDamaged),
            ("RW_LDHk5zB8", "RW LDHk5zB8", Reason::LinkDamaged),
        ] {
            let recognised = recognise(&link().replace(from, to));
            assert!(
                matches!(recognised, Recognised::Foreign { reason: r, .. } if r == reason),
                "{to}: {recognised:?}"
            );
        }
        let long = format!("{}{}", link(), "x".repeat(MAX_LINK));
        assert!(matches!(recognise(&long), Recognised::Foreign { reason: Reason::LinkDamaged, .. }));
    }

    /// Keycloak sends action links for other things, by e-mail.
    #[test]
    fn other_action_links_are_web_addresses() {
        let verify = token(r#"{"exp":1701428464,"iat":1701428164,"typ":"verify-email"}"#);
        for key in [verify.as_str(), "x", "", "a.b.c"] {
            let text = format!("https://login.example/realms/staff/login-actions/action-token?key={key}");
            assert!(matches!(recognise(&text), Recognised::Foreign { reason: Reason::WebLink, .. }), "{key}");
        }
    }
}
