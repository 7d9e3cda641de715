use std::sync::Arc;

use countersign::authenticator::{ExportRow, Exported};
use countersign::clock::Now;
use countersign::entropy::SystemEntropy;
use countersign::qr;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::export::{self, Format, SheetWords};

use crate::authenticator::Authenticator;
use crate::error::Result;

/// The key of an encrypted Aegis file.
#[derive(uniffi::Object)]
pub(crate) struct AegisKey {
    core: export::AegisKey,
}

/// The key of an encrypted 2FAS file.
#[derive(uniffi::Object)]
pub(crate) struct TwoFasKey {
    core: export::TwoFasKey,
}

/// A format, and what it needs beside the accounts.
#[derive(uniffi::Enum)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(crate) enum ExportTarget {
    /// Set-up links, one a line.
    Otpauth,
    /// Encrypted where there is a key.
    Aegis { key: Option<Arc<AegisKey>> },
    /// Encrypted where there is a key.
    TwoFas { key: Option<Arc<TwoFasKey>> },
    /// Transfer codes of Google Authenticator.
    Google,
    /// Credential Exchange Format.
    Cxf,
    /// A page to print, in these words.
    Sheet { words: SheetWords },
    /// Hardware tokens of Microsoft Entra, CSV.
    Entra,
}

/// What an export wrote; it holds secrets, which only an encrypted file hides.
#[derive(uniffi::Object)]
pub(crate) struct Export {
    core: Exported,
}

/// What a file of a format is called, where the person gives no name; none for codes to scan, which are no file.
#[uniffi::export]
fn export_file_name(format: Format) -> Option<String> {
    format.file_name().map(ToOwned::to_owned)
}

/// Whether a format can be encrypted under a password.
#[uniffi::export]
fn export_takes_password(format: Format) -> bool {
    format.has_password()
}

#[uniffi::export]
impl AegisKey {
    /// Slow. Fails with `Refused(SystemFailed)`.
    #[uniffi::constructor]
    fn derive(password: &[u8]) -> Result<Self> {
        Ok(Self { core: export::AegisKey::derive(password, &mut SystemEntropy::new())? })
    }
}

#[uniffi::export]
impl TwoFasKey {
    /// Slow. Fails with `Refused(SystemFailed)`.
    #[uniffi::constructor]
    fn derive(password: &[u8]) -> Result<Self> {
        Ok(Self { core: export::TwoFasKey::derive(password, &mut SystemEntropy::new())? })
    }
}

#[uniffi::export]
impl Export {
    /// What became of each account.
    fn rows(&self) -> Vec<ExportRow> {
        self.core.rows.clone()
    }

    /// The content of the file; none where the export is codes to scan.
    fn file(&self) -> Option<Vec<u8>> {
        match &self.core.written {
            // EXPOSE: the file is what the person asked for.
            export::Written::File(content) => Some(content.expose().to_vec()),
            export::Written::Codes(_) => None,
        }
    }

    /// How many codes there are to scan, one after the other.
    fn code_count(&self) -> u32 {
        u32::try_from(self.codes().len()).unwrap_or(u32::MAX)
    }

    /// The code at a place, from 0, as a QR picture (PNG); each module is `scale` pixels wide, 1 to 64. Fails with
    /// `Refused(NoSuchEntry)`.
    fn code_png(&self, place: u32, scale: u32) -> Result<Vec<u8>> {
        let code = self.codes().get(place as usize).ok_or(Reason::NoSuchEntry)?;
        // EXPOSE: drawn to be scanned.
        let text = code.expose_str().unwrap_or_default();
        // EXPOSE: the picture is what the person asked for.
        Ok(qr::png(text, scale.try_into().unwrap_or(u8::MAX))?.expose().to_vec())
    }
}

impl Export {
    fn codes(&self) -> &[Secret] {
        match &self.core.written {
            export::Written::File(_) => &[],
            export::Written::Codes(codes) => codes,
        }
    }
}

#[uniffi::export]
impl Authenticator {
    /// What a format carries of these accounts; none: of all that are not in the trash. Nothing is written. Also fails
    /// with `NoSuchAccount`.
    fn preview_export(
        &self,
        format: Format,
        accounts: Option<Vec<String>>,
        now: Now,
    ) -> Result<Vec<ExportRow>> {
        Ok(self.core.lock().preview_export(format, accounts.as_deref(), now)?)
    }

    /// The same accounts as another app reads them. Also fails with `NoSuchAccount`, `Refused(SystemFailed)`.
    fn export(&self, target: ExportTarget, accounts: Option<Vec<String>>, now: Now) -> Result<Export> {
        Ok(Export { core: self.core.lock().export(&target.as_core(), accounts.as_deref(), now)? })
    }
}

impl ExportTarget {
    fn as_core(&self) -> export::Target<'_> {
        match self {
            Self::Otpauth => export::Target::Otpauth,
            Self::Aegis { key } => export::Target::Aegis(key.as_deref().map(|key| &key.core)),
            Self::TwoFas { key } => export::Target::TwoFas(key.as_deref().map(|key| &key.core)),
            Self::Google => export::Target::Google,
            Self::Cxf => export::Target::Cxf,
            Self::Sheet { words } => export::Target::Sheet(words),
            Self::Entra => export::Target::Entra,
        }
    }
}
