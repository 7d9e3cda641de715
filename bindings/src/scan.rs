use std::sync::Arc;

use countersign::authenticator as core;
use countersign::link::Odd;
use countersign::qr;
use countersign::reason::Reason;
use countersign::secret::Secret;

use crate::error::Result;
use crate::step::Origin;

/// A scanned or pasted text, recognised. Its secrets stay inside.
#[derive(uniffi::Object)]
pub(crate) struct Scanned {
    pub(crate) core: core::Scanned,
}

/// What a scanned text is.
#[derive(uniffi::Record)]
pub(crate) struct Recognised {
    /// `totp`, `hotp`, `steam`, `motp`, `yandex`, `keycloak_push`, `privacyidea_push`, `edumfa_push`,
    /// `app_authenticator`, `tiqr`, `tiqr_sign_in`, `organisation`, `look_now`; `foreign` for what is another app's,
    /// `damaged` for what would be ours but is not whole, `unknown` for everything else.
    kind: String,
    /// Why it can't be added here, if it can't.
    refusal: Option<Reason>,
    issuer: Option<String>,
    account: Option<String>,
    /// The server that it names, which is asked about before anything is sent.
    origin: Option<Origin>,
    /// The host that a code of another system points to; for display only.
    foreign_host: Option<String>,
    /// The approval system that it sets up, as its makers write its name.
    system: Option<String>,
    odd: Vec<Odd>,
}

/// What a pasted text (UTF-8) is. The bytes can be overwritten afterwards.
#[uniffi::export]
fn recognise(text: &[u8]) -> Scanned {
    Scanned { core: core::Scanned::read(text) }
}

/// The codes of a picture file: PNG, JPEG, WebP or GIF. Takes up to a few seconds. Fails with `Refused`:
/// `NoCodeInPicture`, `CodeNotText`, `NotAPicture`, `PictureDamaged`, `PictureTooLarge`.
#[uniffi::export]
fn scan_picture(file: &[u8]) -> Result<Vec<Arc<Scanned>>> {
    Ok(scanned(&qr::scan_picture(file)?))
}

/// The codes of a camera's frame: `luma` is a byte of brightness a pixel, rows begin `stride` bytes apart.
/// Quick enough for 30 frames a second. Fails with `Refused`: `NoCodeInPicture` for most frames,
/// `CodeNotText`, `PictureDamaged` where `luma` is too short, `PictureTooLarge`.
#[uniffi::export]
fn scan_frame(luma: &[u8], width: u32, height: u32, stride: u32) -> Result<Vec<Arc<Scanned>>> {
    Ok(scanned(&qr::scan_frame(luma, width as usize, height as usize, stride as usize)?))
}

fn scanned(texts: &[Secret]) -> Vec<Arc<Scanned>> {
    // EXPOSE: recognising reads the text; the object keeps what it needs of it.
    texts.iter().map(|text| Arc::new(recognise(text.expose()))).collect()
}

#[uniffi::export]
impl Scanned {
    /// What it is, without its secrets.
    fn describe(&self) -> Recognised {
        let core = &self.core;
        Recognised {
            kind: core.kind().to_owned(),
            refusal: core.refusal(),
            issuer: core.issuer().map(ToOwned::to_owned),
            account: core.account().map(ToOwned::to_owned),
            origin: core.origin().map(Into::into),
            foreign_host: core.foreign_host().map(ToOwned::to_owned),
            system: core.system().map(|system| system.names().title.to_owned()),
            odd: core.odd().to_vec(),
        }
    }
}
