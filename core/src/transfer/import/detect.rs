//! Whose file is it? Told by what is in it; names and endings say little.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::json::{Elements, Text, element, frame, part};
use super::{
    App, Locked, MAX_FILE, Opened, Refused, aegis, andotp, bitwarden, countersign, cxf, databases, ente,
    free_otp, kdbx, lists, pgp, privacyidea, proton, sqlite, stratum, text, two_fas, unmarked, utf16, zipped,
};
use crate::qr::{is_picture, scan_picture};
use crate::reason::Reason;
use crate::transfer::backup::is_backup;

/// Elements of an array that are looked at: the first may be damaged.
const LOOKED_AT: usize = 100;

/// Reads a file, a picture or a text of another app, or says what it needs.
///
/// # Errors
/// `NotAnImport` for what no known app writes, `ImportDamaged`, `NewerFormat`, `ImportTooLarge`,
/// `AccountRestricted`, `PgpLocked`, `PackingUnsupported`, `PageOnly`, `NoPasswordSlot`; for pictures those of [`scan_picture`].
pub fn open(file: &[u8]) -> Result<Opened, Refused> {
    if file.len() > MAX_FILE {
        let size = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        return Err(Refused::over(Reason::ImportTooLarge, size(file.len()), size(MAX_FILE), "bytes"));
    }
    if is_backup(file) {
        return of(App::Countersign, countersign::locked(file));
    }
    if is_picture(file) {
        return text::of_pictures(&scan_picture(file)?).map(Opened::Entries);
    }
    if let Some(text) = utf16::read(file) {
        return open(text.as_bytes());
    }
    let content = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii();
    match content.first() {
        Some(b'{') if begins_as_text(content) => of_object(content),
        Some(b'[') if begins_as_text(content) => of_array(content),
        Some(_) if stratum::is_locked(file) => of(App::Stratum, stratum::locked(file)),
        Some(_) if free_otp::is_locked(file) => of(App::FreeOtp, free_otp::locked(file)),
        Some(_) if kdbx::is_database(file) => of(App::KeePass, kdbx::locked(file)),
        Some(_) if sqlite::is_database(file) => databases::read(file).map(Opened::Entries),
        Some(_) if zipped::is_one(file) => zipped::read(file),
        Some(_) if pgp::is_message(file) => Err(Reason::PgpLocked.into()),
        Some(_) if std::str::from_utf8(content).is_ok() => text::read(content),
        Some(_) if !is_known(file) => {
            unmarked::locked(file).map(Opened::Locked).ok_or_else(|| Reason::NotAnImport.into())
        }
        _ => Err(Reason::NotAnImport.into()),
    }
}

fn of(app: App, locked: Result<Locked, Refused>) -> Result<Opened, Refused> {
    locked.map(Opened::Locked).map_err(|refused| refused.of(app))
}

/// Whether the first bytes are text: those of a file under a password are any.
fn begins_as_text(content: &[u8]) -> bool {
    let start = content.get(..64).unwrap_or(content);
    // A character may go on behind them.
    std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Files that every system knows, and which are no export: what has no such mark may be one under a password.
fn is_known(file: &[u8]) -> bool {
    const MARKS: [&[u8]; 21] = [
        b"%PDF",
        b"\x7fELF",
        b"MZ",
        b"\xca\xfe\xba\xbe",
        b"\x1f\x8b",
        b"BZh",
        b"7z\xbc\xaf",
        b"Rar!",
        b"\xfd7zXZ",
        b"OggS",
        b"ID3",
        b"\xff\xfe",
        b"\xfe\xff",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"RIFF",
        b"PK",
        b"\xd0\xcf\x11\xe0",
        b"fLaC",
        b"\0asm",
    ];
    MARKS.iter().any(|mark| file.starts_with(mark)) || file.get(4..8) == Some(b"ftyp")
}

/// The names by which the objects of the apps differ.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Marks<'a> {
    services: Option<IgnoredAny>,
    #[serde(rename = "schemaVersion")]
    schema_version: Option<IgnoredAny>,
    header: Option<IgnoredAny>,
    db: Option<IgnoredAny>,
    #[serde(rename = "kdfParams")]
    kdf_params: Option<IgnoredAny>,
    encrypted: Option<IgnoredAny>,
    items: Option<IgnoredAny>,
    entries: Option<IgnoredAny>,
    #[serde(rename = "Authenticators")]
    authenticators: Option<IgnoredAny>,
    tokens: Option<IgnoredAny>,
    #[serde(rename = "tokenOrder")]
    token_order: Option<IgnoredAny>,
    #[serde(borrow)]
    accounts: Option<&'a RawValue>,
    shared_secret: Option<IgnoredAny>,
    #[serde(rename = "localDeviceId")]
    local_device_id: Option<IgnoredAny>,
    folders: Option<IgnoredAny>,
    app: Option<Text>,
    data: Option<IgnoredAny>,
    salt: Option<IgnoredAny>,
    content: Option<IgnoredAny>,
    cypher: Option<IgnoredAny>,
    #[serde(rename = "exporterRpId")]
    exporter_rp_id: Option<IgnoredAny>,
    email: Option<IgnoredAny>,
}

fn of_object(json: &[u8]) -> Result<Opened, Refused> {
    let marks: Marks<'_> = serde_json::from_slice(json).map_err(|_| Reason::ImportDamaged)?;
    let (app, opened) = if marks.services.is_some() && marks.schema_version.is_some() {
        (App::TwoFas, two_fas::read(json))
    } else if marks.header.is_some() && marks.db.is_some() {
        (App::Aegis, aegis::read(json))
    } else if marks.kdf_params.is_some() {
        (App::EnteAuth, ente::read(json).map(Opened::Locked))
    } else if marks.cypher.is_some() && marks.data.is_some() {
        (App::PrivacyIdeaAuthenticator, privacyidea::locked(json).map(Opened::Locked))
    } else if marks.exporter_rp_id.is_some() && marks.accounts.is_some() {
        (App::CredentialExchange, cxf::read(json).map(Opened::Entries))
    } else if marks.email.is_some() && marks.items.is_some() && marks.encrypted.is_none() {
        (App::CredentialExchange, cxf::read_account(json).map(Opened::Entries))
    } else if marks.encrypted.is_some() || marks.items.is_some() {
        (App::Bitwarden, bitwarden::read(json))
    } else if marks.entries.is_some() || (marks.salt.is_some() && marks.content.is_some()) {
        (App::ProtonAuthenticator, proton::read(json))
    } else if marks.authenticators.is_some() {
        (App::Stratum, stratum::read(json, "stratum_json").map(Opened::Entries))
    } else if marks.tokens.is_some() && marks.token_order.is_some() {
        (App::FreeOtpPlus, lists::free_otp_plus(json).map(Opened::Entries))
    } else if marks.app.is_some_and(|app| app.0.starts_with("2fauth")) && marks.data.is_some() {
        (App::TwoFauth, lists::two_fauth(json).map(Opened::Entries))
    } else if marks.accounts.is_some() && (marks.local_device_id.is_some() || marks.folders.is_some())
        || marks.accounts.is_some_and(are_of_last_pass)
    {
        (App::LastPassAuthenticator, lists::last_pass(json).map(Opened::Entries))
    } else if marks.accounts.is_some() || marks.shared_secret.is_some() {
        (App::Steam, lists::steam(json).map(Opened::Entries))
    } else {
        return Err(Reason::NotAnImport.into());
    };
    opened.map_err(|refused| refused.of(app))
}

/// Any of the other marks of LastPass may be missing.
fn are_of_last_pass(accounts: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Mark {
        #[serde(rename = "issuerName")]
        _issuer: Text,
    }
    let accounts: Elements<'_> = part(accounts).unwrap_or_default();
    accounts.iter().take(LOOKED_AT).any(|account| element::<Mark>(account).is_some())
}

/// The names by which the elements of the apps' arrays differ.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ElementMarks {
    label: Option<IgnoredAny>,
    #[serde(rename = "type")]
    kind: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    raivo_kind: Option<IgnoredAny>,
    timer: Option<IgnoredAny>,
    #[serde(rename = "otpGenerator")]
    otp_generator: Option<IgnoredAny>,
    #[serde(rename = "accountType")]
    account_type: Option<IgnoredAny>,
}

impl ElementMarks {
    const fn are_of_and_otp(&self) -> bool {
        self.label.is_some() && self.kind.is_some()
    }

    const fn are_of_raivo(&self) -> bool {
        self.raivo_kind.is_some() && self.timer.is_some()
    }

    const fn are_of_duo(&self) -> bool {
        self.otp_generator.is_some() || self.account_type.is_some()
    }

    const fn tell(&self) -> bool {
        self.are_of_and_otp() || self.are_of_raivo() || self.are_of_duo()
    }
}

fn of_array(json: &[u8]) -> Result<Opened, Refused> {
    let elements: Elements<'_> = frame(json)?;
    let mut marks = elements.iter().take(LOOKED_AT).filter_map(|one| element::<ElementMarks>(one));
    let marks = marks.find(ElementMarks::tell).unwrap_or_default();
    if marks.are_of_and_otp() {
        andotp::read(json, "andotp_json").map(Opened::Entries)
    } else if marks.are_of_raivo() {
        lists::raivo(json).map(Opened::Entries)
    } else if marks.are_of_duo() {
        lists::duo(json).map(Opened::Entries)
    } else {
        Err(Reason::NotAnImport.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::{Entropy as _, SeededEntropy};

    #[test]
    fn what_is_no_export_is_told() {
        for (file, reason) in [
            (&b""[..], Reason::NotAnImport),
            (b"  \n ", Reason::NotAnImport),
            (b"Lorem ipsum", Reason::NotAnImport),
            (b"{}", Reason::NotAnImport),
            (b"{\"a\":", Reason::ImportDamaged),
            (b"\xff\xfe\x00", Reason::NotAnImport),
            (b"\x89PNG\r\n\x1a\n", Reason::PictureDamaged),
            (b"PK\x03\x04 0123456789 0123456789 0123456789 \xff", Reason::NotAnImport),
            (b"%PDF-1.7 0123456789 0123456789 \xff\xfe", Reason::NotAnImport),
        ] {
            let refused = open(file).unwrap_err();
            assert_eq!(refused.reason, reason, "{file:?}");
        }
        let large = open(&vec![b' '; MAX_FILE + 1]).unwrap_err();
        assert_eq!(large.reason, Reason::ImportTooLarge);
        assert_eq!(large.figures.unwrap().unit, "bytes");
    }

    #[test]
    fn a_damaged_element_hides_no_array() {
        for (whole, format) in [
            (r#"{"label":"a","type":"TOTP","secret":"GEZDGNBV"}"#, "andotp_json"),
            (r#"{"kind":"TOTP","timer":"30","secret":"GEZDGNBV"}"#, "raivo_json"),
            (r#"{"accountType":"OtpAccount","otpGenerator":{"otpSecret":"GEZDGNBV"}}"#, "duo_json"),
        ] {
            for damaged in ["7", "{}", r#"{"label":"a"}"#, r#"{"kind":"TOTP"}"#] {
                let Ok(Opened::Entries(batch)) = open(format!("[{damaged},{whole}]").as_bytes()) else {
                    panic!("{damaged}")
                };
                assert_eq!((batch.format, batch.entries.len()), (format, 2));
                assert!(batch.entries[0].otp.is_err() && batch.entries[1].otp.is_ok());
            }
        }
    }

    #[test]
    fn last_pass_by_its_accounts_alone() {
        let whole = r#"{"issuerName":"A","secret":"GEZDGNBV"}"#;
        for (accounts, result) in [
            (format!("[7,{whole}]"), Ok(("lastpass_json", 2))),
            (r#"{"1":{"shared_secret":"AAAA"}}"#.to_owned(), Ok(("steam_json", 1))),
            ("[7]".to_owned(), Err(Reason::ImportDamaged)),
        ] {
            let opened = open(format!(r#"{{"version":3,"accounts":{accounts}}}"#).as_bytes());
            let found = opened.map_err(|refused| refused.reason).map(|opened| match opened {
                Opened::Entries(batch) => (batch.format, batch.entries.len()),
                Opened::Locked(_) => panic!(),
            });
            assert_eq!(found, result, "{accounts}");
        }
    }

    #[test]
    fn whose_file_is_refused_is_told() {
        for (json, app, reason) in [
            ("{\"services\":[],\"schemaVersion\":5}", App::TwoFas, Reason::NewerFormat),
            ("{\"encrypted\":true,\"items\":[]}", App::Bitwarden, Reason::AccountRestricted),
        ] {
            let refused = open(json.as_bytes()).unwrap_err();
            assert_eq!((refused.reason, refused.app), (reason, Some(app)));
        }
        assert_eq!(open(b"Lorem ipsum").unwrap_err().app, None);
    }

    #[test]
    fn other_binary_files_are_no_exports_under_a_password() {
        let mut bytes = vec![0; 500];
        SeededEntropy::new(b"noise").fill(&mut bytes).unwrap();
        assert!(matches!(open(&bytes), Ok(Opened::Locked(_))), "what is old of andOTP looks like noise");
        for mark in [&b"BM"[..], b"II*\0", b"MM\0*", b"%PDF", b"\0\0\0\x18ftypheic", b"\x1f\x8b", b"RIFF"] {
            let file = [mark, &bytes].concat();
            assert_eq!(open(&file).unwrap_err().reason, Reason::NotAnImport, "{mark:?}");
        }
        let latin_1 = "Gr\u{fc}\u{df}e aus M\u{fc}nchen, und bis bald".chars();
        let latin_1: Vec<_> = latin_1.map(|c| u8::try_from(c).unwrap()).collect();
        for text in [latin_1.clone(), latin_1.repeat(50), [&[0; 300][..], &bytes].concat()] {
            assert_eq!(open(&text).unwrap_err().reason, Reason::NotAnImport);
        }
        for secret in ["JBSWY3DPEHPK3PXP".repeat(4), "0123456789abcdef".repeat(4)] {
            assert_eq!(open(secret.as_bytes()).unwrap_err().reason, Reason::NotAnImport, "{secret}");
        }
    }

    #[test]
    fn depth_ends_before_the_stack_does() {
        let deep = [b"{\"services\":".repeat(100_000), b"1".to_vec()].concat();
        assert_eq!(open(&deep).unwrap_err().reason, Reason::ImportDamaged);
    }
}
