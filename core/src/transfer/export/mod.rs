//! What other apps read, and a sheet to print, one file a format.
//!
//! [`judge`] says of each account what a format carries, before anything is written; [`write()`] makes the bytes, which
//! the host puts where the person wants them. A file that is not encrypted holds every secret in the clear.

mod aegis;
mod carried;
mod cxf;
mod entra;
mod google;
mod json;
mod links;
mod sealing;
mod sheet;
mod two_fas;

pub use aegis::AegisKey;
pub use carried::{Carried, LeftOut, Lost};
pub use sheet::SheetWords;
pub use two_fas::TwoFasKey;

use crate::account::Account;
use crate::clock::UnixTime;
use crate::entropy::Entropy;
use crate::reason::Reason;
use crate::secret::Secret;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Set-up links, one a line: what most apps read.
    Otpauth,
    /// Aegis's vault, version 3 of its database: read by Aegis, Ente Auth, Stratum, 2FAS, Proton and Bitwarden.
    Aegis,
    /// 2FAS's backup, schema 4.
    TwoFas,
    /// Google Authenticator's transfer codes.
    Google,
    /// FIDO Credential Exchange Format 1.0 (Proposed Standard, 14 August 2025).
    Cxf,
    /// A page with the QR code of each account, to print (HTML, A4).
    Sheet,
    /// Hardware OATH tokens of Microsoft Entra (CSV), for an administrator to upload.
    Entra,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Otpauth, Self::Aegis, Self::TwoFas, Self::Google, Self::Cxf, Self::Sheet, Self::Entra];

    /// A short name that scripts can rely on.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Otpauth => "otpauth",
            Self::Aegis => "aegis",
            Self::TwoFas => "2fas",
            Self::Google => "google",
            Self::Cxf => "cxf",
            Self::Sheet => "sheet",
            Self::Entra => "entra",
        }
    }

    /// What a file of it is called, where the person gives no name; `None` for codes, which are no file.
    #[must_use]
    pub const fn file_name(self) -> Option<&'static str> {
        match self {
            Self::Otpauth => Some("countersign-links.txt"),
            Self::Aegis => Some("countersign-aegis.json"),
            Self::TwoFas => Some("countersign.2fas"),
            Self::Google => None,
            Self::Cxf => Some("countersign-cxf.json"),
            Self::Sheet => Some("countersign-sheet.html"),
            Self::Entra => Some("countersign-entra.csv"),
        }
    }

    /// Whether there is a form of it under a password.
    #[must_use]
    pub const fn has_password(self) -> bool {
        matches!(self, Self::Aegis | Self::TwoFas)
    }
}

/// A format, and what it needs beside the accounts.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// [`Format::Otpauth`].
    Otpauth,
    /// [`Format::Aegis`], encrypted where there is a key.
    Aegis(Option<&'a AegisKey>),
    /// [`Format::TwoFas`], encrypted where there is a key.
    TwoFas(Option<&'a TwoFasKey>),
    /// [`Format::Google`].
    Google,
    /// [`Format::Cxf`].
    Cxf,
    /// [`Format::Sheet`].
    Sheet(&'a SheetWords),
    /// [`Format::Entra`].
    Entra,
}

impl Target<'_> {
    /// The format alone.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self {
            Self::Otpauth => Format::Otpauth,
            Self::Aegis(_) => Format::Aegis,
            Self::TwoFas(_) => Format::TwoFas,
            Self::Google => Format::Google,
            Self::Cxf => Format::Cxf,
            Self::Sheet(_) => Format::Sheet,
            Self::Entra => Format::Entra,
        }
    }

    /// Whether what is written can be read without a password.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        !matches!(self, Self::Aegis(Some(_)) | Self::TwoFas(Some(_)))
    }
}

/// What was written.
#[derive(Debug)]
pub enum Written {
    /// The content of a file.
    File(Secret),
    /// Texts to draw as QR codes (see [`crate::qr`]), which are scanned one after the other.
    Codes(Vec<Secret>),
}

/// What a format carries of an account.
#[must_use]
pub fn judge(format: Format, account: &Account) -> Carried {
    let Some(otp) = &account.otp else { return Carried::LeftOut(LeftOut::NoCodes) };
    let left_out = match format {
        Format::Otpauth | Format::Sheet => None,
        Format::Aegis => aegis::left_out(otp),
        Format::TwoFas => two_fas::left_out(otp),
        Format::Google => google::left_out(account, otp),
        Format::Cxf => cxf::left_out(otp),
        Format::Entra => entra::left_out(account, otp),
    };
    if let Some(why) = left_out {
        return Carried::LeftOut(why);
    }
    let mut lost = match format {
        Format::Otpauth | Format::Google | Format::Entra => carried::all_beside(account),
        Format::TwoFas => two_fas::lost(account),
        Format::Sheet => sheet::lost(account, otp),
        Format::Aegis | Format::Cxf => Vec::new(),
    };
    // The server knows a key of this device: it can't leave it.
    lost.extend(account.registration.is_some().then_some(Lost::Approvals));
    if lost.is_empty() { Carried::Whole } else { Carried::Without(lost) }
}

/// Writes the accounts, each with its id, in their order; what [`judge`] leaves out is not in it.
///
/// # Errors
/// `SystemFailed` where there is no randomness.
pub fn write(
    target: &Target<'_>,
    accounts: &[(String, Account)],
    entropy: &mut dyn Entropy,
    now: UnixTime,
) -> Result<Written, Reason> {
    let format = target.format();
    let chosen: Vec<_> = accounts
        .iter()
        .filter(|(_, account)| !matches!(judge(format, account), Carried::LeftOut(_)))
        .filter_map(|(id, account)| Some(Chosen { id, account, otp: account.otp.as_ref()? }))
        .collect();
    let file = match target {
        Target::Otpauth => links::write(&chosen),
        Target::Aegis(key) => aegis::write(&chosen, *key, entropy)?,
        Target::TwoFas(key) => two_fas::write(&chosen, *key, entropy, now)?,
        Target::Google => return google::write(&chosen, entropy).map(Written::Codes),
        Target::Cxf => cxf::write(&chosen, entropy, now)?,
        Target::Sheet(words) => sheet::write(&chosen, words),
        Target::Entra => entra::write(&chosen),
    };
    Ok(Written::File(file))
}

/// An account that a format can carry.
struct Chosen<'a> {
    id: &'a str,
    account: &'a Account,
    otp: &'a crate::otp::Otp,
}

#[cfg(test)]
mod tests;
