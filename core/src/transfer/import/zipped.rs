//! Exports that are ZIP files: Raivo OTP, Authenticator Plus, Proton Pass, 1Password, Dashlane, WinAuth. Which it is,
//! the names inside say.

use super::archive::Archive;
use super::derive::{Derivation, Function};
use super::locked::{Locked, Password, Sealed};
use super::{App, Batch, Opened, Refused, lists, one_password, proton_pass, tables, text};
use crate::reason::Reason;
use crate::secret::Secret;

/// The file that holds the accounts, and whose it is.
const FILES: [(&str, Kind); 5] = [
    ("raivo-otp-export.json", Kind::Raivo),
    ("Accounts.txt", Kind::AuthenticatorPlus),
    (proton_pass::FILE, Kind::ProtonPass),
    (one_password::FILE, Kind::OnePassword),
    ("credentials.csv", Kind::Dashlane),
];
/// Of WinAuth: the only file, with the day of the export in its name.
const TEXT: &str = ".txt";
/// Rounds of the key derivation that WinZip's AES prescribes: 1,000 for each block of 20 bytes of key. The old cipher
/// has none.
const ROUNDS: u64 = 4_000;

#[derive(Clone, Copy)]
enum Kind {
    Raivo,
    AuthenticatorPlus,
    ProtonPass,
    OnePassword,
    Dashlane,
    WinAuth,
}

/// Whether a file begins as one.
pub(super) fn is_one(file: &[u8]) -> bool {
    file.starts_with(b"PK\x03\x04")
}

/// Reads an export, or says which password it needs.
pub(super) fn read(file: &[u8]) -> Result<Opened, Refused> {
    let mut archive = Archive::open(file).map_err(|refused| match refused.reason {
        // Whose it was meant to be can only be guessed.
        Reason::ImportDamaged if !names_one(file) => Reason::NotAnImport.into(),
        _ => refused,
    })?;
    let (at, kind) = kind_of(&archive)?;
    if !archive.is_locked(at) {
        let content = archive.unpack(at, None)?;
        let batch = kind.read(&mut archive, &content).map_err(|refused| refused.of(kind.told().0))?;
        return Ok(Opened::Entries(batch));
    }
    let (app, format) = kind.told();
    let derivation = Derivation { function: Function::AsTyped { rounds: ROUNDS }, salt: Vec::new() };
    let sealed = Zipped { file: file.to_vec(), at, kind };
    Ok(Opened::Locked(Locked::new(app, format, vec![(derivation, Password::Plain)], sealed)))
}

/// Whether a name that is looked for stands anywhere in the file.
fn names_one(file: &[u8]) -> bool {
    let has = |name: &str| file.windows(name.len()).any(|window| window == name.as_bytes());
    FILES.iter().any(|(name, _)| has(name)) || has(proton_pass::PGP_FILE)
}

fn kind_of(archive: &Archive<'_>) -> Result<(usize, Kind), Reason> {
    if let Some(found) = FILES.iter().find_map(|(name, kind)| Some((archive.find(name)?, *kind))) {
        return Ok(found);
    }
    if archive.find(proton_pass::PGP_FILE).is_some() {
        return Err(Reason::PgpLocked);
    }
    let mut names = archive.names();
    match (names.next(), names.next()) {
        (Some(name), None) if name.to_ascii_lowercase().ends_with(TEXT) => {
            let at = archive.find(&name).ok_or(Reason::ImportDamaged)?;
            Ok((at, Kind::WinAuth))
        }
        _ => Err(Reason::NotAnImport),
    }
}

impl Kind {
    const fn told(self) -> (App, &'static str) {
        match self {
            Self::Raivo => (App::Raivo, "raivo_zip"),
            Self::AuthenticatorPlus => (App::AuthenticatorPlus, "authenticator_plus_zip"),
            Self::ProtonPass => (App::ProtonPass, proton_pass::FORMAT),
            Self::OnePassword => (App::OnePassword, one_password::FORMAT),
            Self::Dashlane => (App::Dashlane, "dashlane_zip"),
            Self::WinAuth => (App::WinAuth, "winauth_zip"),
        }
    }

    fn read(self, archive: &mut Archive<'_>, content: &Secret) -> Result<Batch, Refused> {
        // EXPOSE: read as what the app writes.
        let bytes = content.expose();
        let text = || std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let batch = match self {
            Self::Raivo => lists::raivo(bytes),
            Self::ProtonPass => proton_pass::read(bytes),
            Self::OnePassword => one_password::read(archive, bytes),
            Self::Dashlane => tables::read(text().map_err(|_| Reason::ImportDamaged)?),
            Self::AuthenticatorPlus | Self::WinAuth => {
                text::of_lines(text().map_err(|_| Reason::ImportDamaged)?.lines())
            }
        };
        let (app, format) = self.told();
        batch.map(|batch| Batch { app, format, ..batch })
    }
}

/// An archive whose file of accounts has a password: it makes its key itself.
struct Zipped {
    file: Vec<u8>,
    at: usize,
    kind: Kind,
}

impl Sealed for Zipped {
    fn open(&self, _: usize, password: &Secret) -> Result<Batch, Refused> {
        let mut archive = Archive::open(&self.file)?;
        let content = archive.unpack(self.at, Some(password))?;
        self.kind.read(&mut archive, &content)
    }
}
