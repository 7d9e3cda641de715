//! Set-up codes of push tokens: privacyIDEA's `otpauth://pipush/…` and `pia://pipush/…`, and those of eduMFA, its fork:
//! `edumfa-push://edumfa/…`, and the older `otpauth://pipush/…`.

use super::names::clean_name_bytes;
use super::parts::{Link, Plus, decode};
use super::recognise::Refusal;
use super::{ApprovalLink, MAX_ADDRESS, Origin, PushTokenLink, Recognised};
use crate::reason::Reason;

/// Longest serial, in bytes. privacyIDEA's database has 40 characters for it.
const MAX_SERIAL: usize = 40;
/// Longest one-use credential of step 2, in bytes. It has 40 hexadecimal digits.
const MAX_CREDENTIAL: usize = 256;
/// Minutes for step 2 where the link does not say.
const TTL_MINUTES: u32 = 10;

/// Reads `pipush`. privacyIDEA has said since 3.6 whether the server can only be polled, and eduMFA has never: that is all
/// that tells eduMFA's older form from privacyIDEA's, as both let an administrator choose the issuer.
pub(super) fn read_pipush(link: &Link<'_>) -> Result<Recognised, Refusal> {
    let token = read(link, false)?;
    let is_edumfa = link.scheme == "otpauth" && !link.query.has("poll_only");
    Ok(Recognised::Approval(if is_edumfa {
        ApprovalLink::EduMfa(token)
    } else {
        ApprovalLink::PrivacyIdea(token)
    }))
}

/// Reads `edumfa-push:`.
pub(super) fn read_edumfa(link: &Link<'_>) -> Result<Recognised, Refusal> {
    Ok(Recognised::Approval(ApprovalLink::EduMfa(read(link, true)?)))
}

fn read(link: &Link<'_>, takes_p256: bool) -> Result<PushTokenLink, Refusal> {
    let query = link.query.without_fragment();
    // EXPOSE: the version, the address and the serial are no secrets.
    if query.required("v", 8)?.expose() != b"1" {
        return Err(Reason::SetupVersionUnsupported.into());
    }
    // EXPOSE: the address is no secret.
    let url = query.required("url", MAX_ADDRESS)?.expose_str().unwrap_or_default().to_owned();
    let origin = Origin::of(&url)?;
    let refuse = |reason| Refusal { reason, host: Some(origin.host().to_owned()) };
    if !matches!(query.get("sslverify"), None | Some("1" | "True" | "true")) {
        return Err(refuse(Reason::TlsCheckOff));
    }
    // EXPOSE: the serial is no secret.
    let serial = query.required("serial", MAX_SERIAL)?.expose_str().unwrap_or_default().to_owned();
    // `|` joins the parts of what is signed: in a serial it would shift them.
    if !serial.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'|') {
        return Err(refuse(Reason::LinkDamaged));
    }
    let ttl_minutes = match query.get("ttl") {
        None | Some("") => TTL_MINUTES,
        Some(minutes) => minutes.parse().map_err(|_| refuse(Reason::LinkDamaged))?,
    };
    let label = clean_name_bytes(&decode(link.path, Plus::Plus)).text;
    let (prefix, account) = label.split_once(':').unwrap_or(("", &label));
    let issuer = query.get("issuer").map(|raw| clean_name_bytes(&decode(raw, Plus::Plus)).text);
    Ok(PushTokenLink {
        issuer: issuer.filter(|issuer| !issuer.is_empty()).unwrap_or_else(|| prefix.trim().to_owned()),
        account: account.trim().to_owned(),
        enrollment_credential: query.required("enrollment_credential", MAX_CREDENTIAL)?,
        url,
        origin,
        serial,
        ttl_minutes,
        takes_p256,
    })
}

#[cfg(test)]
mod tests {
    use super::super::recognise;
    use super::*;
    use crate::secret::Secret;

    /// As privacyIDEA 3.14 wrote it.
    const LINK: &str = "otpauth://pipush/PIPU0000F648?url=http%3A//127.0.0.1%3A5001/ttype/push&ttl=10\
        &issuer=privacyIDEA&enrollment_credential=585a9fcd976deb1c18322e5186b3ac254a62e746&v=1\
        &serial=PIPU0000F648&sslverify=1&poll_only=True";

    /// As eduMFA 2.9 wrote it.
    const EDUMFA: &str = "edumfa-push://edumfa/EDUP0001F0A7?url=http%3A//127.0.0.1%3A5002/ttype/edupush&ttl=10\
        &issuer=eduMFA&enrollment_credential=585a9fcd976deb1c18322e5186b3ac254a62e746&v=1\
        &serial=EDUP0001F0A7&sslverify=1";

    fn link(text: &str) -> PushTokenLink {
        match recognise(text) {
            Recognised::Approval(ApprovalLink::PrivacyIdea(link) | ApprovalLink::EduMfa(link)) => link,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn as_the_server_writes_it() {
        for text in [LINK.to_owned(), LINK.replace("otpauth", "pia"), LINK.replace("pipush", "PIPUSH")] {
            let link = link(&text);
            assert_eq!(link.url, "http://127.0.0.1:5001/ttype/push");
            assert_eq!(link.origin.to_string(), "http://127.0.0.1:5001/ttype/push");
            assert_eq!((link.serial.as_str(), link.account.as_str()), ("PIPU0000F648", "PIPU0000F648"));
            assert_eq!((link.issuer.as_str(), link.ttl_minutes, link.takes_p256), ("privacyIDEA", 10, false));
            let credential = Secret::copy_of(b"585a9fcd976deb1c18322e5186b3ac254a62e746");
            assert_eq!(link.enrollment_credential, credential);
            assert!(!format!("{link:?}").contains("585a9f"));
        }
    }

    #[test]
    fn names_and_what_may_be_left_out() {
        let bare = "pia://pipush/Example%3A%20alice?url=https://a.example/ttype/push&enrollment_credential=x&v=1\
            &serial=PIPU1";
        let link = link(bare);
        assert_eq!((link.issuer.as_str(), link.account.as_str()), ("Example", "alice"));
        assert_eq!(link.ttl_minutes, 10);
    }

    #[test]
    fn each_server_by_what_only_it_writes() {
        let older = LINK.replace("&poll_only=True", "");
        for (text, kind, takes_p256) in [
            (EDUMFA, "edumfa_push", true),
            (&EDUMFA.replace("edumfa-push", "EDUMFA-PUSH"), "edumfa_push", true),
            (&older, "edumfa_push", false),
            (&older.replace("otpauth", "pia"), "privacyidea_push", false),
            (LINK, "privacyidea_push", false),
            (&LINK.replace("True", "False"), "privacyidea_push", false),
        ] {
            assert_eq!((recognise(text).kind(), link(text).takes_p256), (kind, takes_p256), "{text}");
        }
        let link = link(EDUMFA);
        assert_eq!(link.url, "http://127.0.0.1:5002/ttype/edupush");
        assert_eq!((link.serial.as_str(), link.issuer.as_str()), ("EDUP0001F0A7", "eduMFA"));
    }

    #[test]
    fn refused_by_name() {
        for (from, to, reason) in [
            ("v=1", "v=2", Reason::SetupVersionUnsupported),
            ("&v=1", "", Reason::LinkDamaged),
            ("sslverify=1", "sslverify=0", Reason::TlsCheckOff),
            ("sslverify=1", "sslverify=False", Reason::TlsCheckOff),
            ("sslverify=1", "sslverify=", Reason::TlsCheckOff),
            ("127.0.0.1", "a.example", Reason::PlainHttp),
            ("http%3A//127", "https%3A//u%40127", Reason::UserInfoInAddress),
            ("url=http%3A//", "url=", Reason::AddressDamaged),
            ("url=", "link=", Reason::LinkDamaged),
            ("serial=PIPU0000F648", "serial=", Reason::LinkDamaged),
            ("serial=PIPU0000F648", "serial=a|b", Reason::LinkDamaged),
            ("serial=PIPU0000F648", "serial=a%0Ab", Reason::LinkDamaged),
            ("enrollment_credential", "credential", Reason::LinkDamaged),
            ("ttl=10", "ttl=-1", Reason::LinkDamaged),
            ("ttl=10", "ttl=99999999999", Reason::LinkDamaged),
        ] {
            for text in [LINK, &EDUMFA.replace("EDUP0001F0A7", "PIPU0000F648")] {
                let recognised = recognise(&text.replace(from, to));
                assert!(
                    matches!(recognised, Recognised::Foreign { reason: r, .. } if r == reason),
                    "{to}: {recognised:?}"
                );
            }
        }
    }
}
