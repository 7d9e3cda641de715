//! What other apps export, one file a format.
//!
//! [`open`] tells by content whose file it is and reads it, or says which password it needs ([`Locked`]). Every entry
//! of a file becomes an [`Entry`]: one that can't be used says why, none vanishes.

mod aegis;
mod andotp;
mod archive;
mod authenticator_plus;
mod authy;
mod battle_net;
mod bitwarden;
pub(in crate::transfer) mod countersign;
mod cxf;
mod databases;
mod derive;
mod detect;
mod ente;
mod entry;
mod free_otp;
mod free_otp_1;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod google;
mod json;
mod kdbx;
mod lists;
mod locked;
mod one_password;
mod pgp;
mod preferences;
mod preview;
mod privacyidea;
mod proton;
mod proton_pass;
mod refused;
mod sealing;
mod shared;
mod slices;
mod sqlite;
mod stratum;
mod tables;
mod text;
mod totp_authenticator;
mod two_fas;
mod unmarked;
mod utf16;
mod zipped;

pub use derive::{Cost, Limits};
pub use detect::open;
pub use entry::{Entry, Kept, Note, Parameters};
pub use google::Part;
pub use locked::{Locked, Progress, Unlocking};
pub use preview::{Differs, Row, Standing, compare};
pub use refused::{Figures, Refused};

use std::collections::HashSet;

use crate::clock::UnixTime;

/// Largest file that is looked at, in bytes: a KeePass file with attachments.
pub const MAX_FILE: usize = 64 * 1024 * 1024;

/// Most entries of one file.
pub const MAX_ENTRIES: usize = 20_000;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum App {
    /// Aegis.
    Aegis,
    /// andOTP.
    AndOtp,
    /// Authenticator Plus.
    AuthenticatorPlus,
    /// Bitwarden, the password manager or its authenticator.
    Bitwarden,
    /// A backup of ours.
    Countersign,
    /// FIDO's Credential Exchange Format, of any app.
    CredentialExchange,
    /// Ente Auth.
    EnteAuth,
    /// Google Authenticator.
    GoogleAuthenticator,
    /// KeePass, and what else writes its files.
    KeePass,
    /// Microsoft Authenticator.
    MicrosoftAuthenticator,
    /// A list of set-up codes, which many apps write.
    OtpauthList,
    /// privacyIDEA Authenticator.
    PrivacyIdeaAuthenticator,
    /// Proton Authenticator.
    ProtonAuthenticator,
    /// 2FAS.
    TwoFas,
    /// Duo Mobile.
    DuoMobile,
    /// FreeOTP.
    FreeOtp,
    /// FreeOTP+.
    FreeOtpPlus,
    /// LastPass Authenticator.
    LastPassAuthenticator,
    /// Raivo OTP.
    Raivo,
    /// Steam.
    Steam,
    /// Stratum, formerly Authenticator Pro.
    Stratum,
    /// TOTP Authenticator.
    TotpAuthenticator,
    /// 2FAuth.
    TwoFauth,
    /// Apple Passwords, or Safari before it.
    ApplePasswords,
    /// Authy.
    Authy,
    /// Battle.net's authenticator.
    BattleNet,
    /// Dashlane.
    Dashlane,
    /// 1Password.
    OnePassword,
    /// Proton Pass.
    ProtonPass,
    /// WinAuth.
    WinAuth,
}

impl App {
    /// The name as its maker writes it; a list of codes has none.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aegis => "Aegis",
            Self::AndOtp => "andOTP",
            Self::AuthenticatorPlus => "Authenticator Plus",
            Self::Bitwarden => "Bitwarden",
            Self::Countersign => "Countersign",
            Self::CredentialExchange => "Credential Exchange",
            Self::EnteAuth => "Ente Auth",
            Self::GoogleAuthenticator => "Google Authenticator",
            Self::KeePass => "KeePass",
            Self::MicrosoftAuthenticator => "Microsoft Authenticator",
            Self::OtpauthList => "otpauth",
            Self::PrivacyIdeaAuthenticator => "privacyIDEA Authenticator",
            Self::ProtonAuthenticator => "Proton Authenticator",
            Self::TwoFas => "2FAS",
            Self::DuoMobile => "Duo Mobile",
            Self::FreeOtp => "FreeOTP",
            Self::FreeOtpPlus => "FreeOTP+",
            Self::LastPassAuthenticator => "LastPass Authenticator",
            Self::Raivo => "Raivo OTP",
            Self::Steam => "Steam",
            Self::Stratum => "Stratum",
            Self::TotpAuthenticator => "TOTP Authenticator",
            Self::TwoFauth => "2FAuth",
            Self::ApplePasswords => "Apple Passwords",
            Self::Authy => "Authy",
            Self::BattleNet => "Battle.net",
            Self::Dashlane => "Dashlane",
            Self::OnePassword => "1Password",
            Self::ProtonPass => "Proton Pass",
            Self::WinAuth => "WinAuth",
        }
    }
}

/// A file, opened.
#[derive(Debug)]
pub enum Opened {
    /// Its entries.
    Entries(Batch),
    /// It needs a password first.
    Locked(Locked),
}

/// The entries of one file, or of several that belong together.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Whose.
    pub app: App,
    /// The format, a short name that scripts can rely on.
    pub format: &'static str,
    /// In the file's order.
    pub entries: Vec<Entry>,
    /// Which parts these are, of an export in several.
    pub parts: Vec<Part>,
    /// When it was made: a backup of ours says so.
    pub made_at: Option<UnixTime>,
}

impl Batch {
    fn new(app: App, format: &'static str, entries: Vec<Entry>) -> Self {
        Self { app, format, entries, parts: Vec::new(), made_at: None }
    }

    /// Puts another file's entries behind these. A part that is there already adds only what is not: it may be of
    /// another export, which nothing in it tells.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let is_again = !other.parts.is_empty() && other.parts.iter().all(|part| self.parts.contains(part));
        let known: HashSet<_> = self.entries.iter().filter_map(|entry| entry.unique_id.clone()).collect();
        let is_known = |entry: &Entry| match &entry.unique_id {
            Some(id) => known.contains(id),
            None => is_again && self.entries.contains(entry),
        };
        let new: Vec<_> = other.entries.into_iter().filter(|entry| !is_known(entry)).collect();
        self.entries.extend(new);
        self.parts.extend(other.parts);
        self
    }

    /// How many parts the export has in all; 0 for one that is not in parts.
    #[must_use]
    pub fn part_count(&self) -> u32 {
        self.parts.first().map_or(0, |part| part.of)
    }

    /// The numbers, from 1, of the parts that are still missing.
    #[must_use]
    pub fn missing(&self) -> Vec<u32> {
        google::missing(&self.parts)
    }
}
