//! `countersign://organisation?…`: an organisation's client credentials, for all its accounts.

use super::parts::Link;
use super::recognise::Refusal;
use super::{MAX_ADDRESS, OrganisationLink, Origin, Recognised};
use crate::reason::Reason;

/// Longest client id or secret, in bytes. Keycloak's are at most 255 characters.
pub(super) const MAX_CREDENTIAL: usize = 1024;

/// Reads `issuer`, `client_id`, `client_secret` and `name`, written as a form. Where one is given twice, the link is
/// refused: which secret goes where must not depend on the reader.
pub(super) fn read(link: &Link<'_>) -> Result<Recognised, Refusal> {
    let query = link.query.without_fragment();
    if ["issuer", "client_id", "client_secret", "name"].iter().any(|name| query.all(name).nth(1).is_some()) {
        return Err(Reason::LinkDamaged.into());
    }
    let issuer = query.form_text("issuer", MAX_ADDRESS)?.ok_or(Reason::LinkDamaged)?;
    let client_id = query.form_text("client_id", MAX_CREDENTIAL)?.ok_or(Reason::LinkDamaged)?;
    // EXPOSE: neither the issuer nor the client id is a secret.
    let (issuer, client_id) =
        (issuer.expose_str().unwrap_or_default(), client_id.expose_str().unwrap_or_default());
    Ok(Recognised::Organisation(OrganisationLink {
        issuer: issuer.to_owned(),
        origin: Origin::of(issuer)?,
        client_id: client_id.to_owned(),
        client_secret: query.form_text("client_secret", MAX_CREDENTIAL)?,
        name: query.form_name("name").map(|name| name.text).unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::recognise;
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn complete() {
        let text = "countersign://organisation?issuer=https%3A%2F%2FLogin.example%2Frealms%2Fstaff\
            &client_id=push-device-client&client_secret=a%2Bb+c&name=Example+%26+Sons%E2%80%AE";
        let Recognised::Organisation(link) = recognise(text) else { panic!() };
        assert_eq!(link.issuer, "https://Login.example/realms/staff");
        assert_eq!(link.origin.to_string(), "https://login.example/realms/staff");
        assert_eq!(link.client_id, "push-device-client");
        assert_eq!(link.client_secret, Some(Secret::copy_of(b"a+b c")));
        assert_eq!(link.name, "Example & Sons");
        assert!(!format!("{link:?}").contains("a+b c"));
    }

    #[test]
    fn without_secret_and_name() {
        let Recognised::Organisation(link) = recognise(
            "countersign://Organisation/?issuer=https://a.example/realms/x&client_id=y&client_secret=",
        ) else {
            panic!()
        };
        assert_eq!((link.client_secret, link.name.as_str()), (None, ""));
    }

    #[test]
    fn refused_by_name() {
        for (query, reason) in [
            ("", Reason::LinkDamaged),
            ("issuer=https://a.example", Reason::LinkDamaged),
            ("client_id=x", Reason::LinkDamaged),
            ("issuer=https://a.example&client_id=x%0Ay", Reason::LinkDamaged),
            ("issuer=https://a.example&client_id=x&client_secret=%FF", Reason::LinkDamaged),
            ("issuer=https://a.example&issuer=https://b.example&client_id=x", Reason::LinkDamaged),
            ("issuer=http://a.example&client_id=x", Reason::PlainHttp),
            ("issuer=https://u@a.example&client_id=x", Reason::UserInfoInAddress),
            ("issuer=a.example&client_id=x", Reason::AddressDamaged),
        ] {
            let recognised = recognise(&format!("countersign://organisation?{query}"));
            assert!(
                matches!(recognised, Recognised::Foreign { reason: r, .. } if r == reason),
                "{query}: {recognised:?}"
            );
            assert_eq!(recognised.kind(), "damaged");
        }
    }
}
