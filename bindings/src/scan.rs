use std::sync::Arc;

use countersign::account::System;
use countersign::authenticator as core;
use countersign::link::Odd;
use countersign::qr;
use countersign::reason::Reason;
use countersign::secret::Secret;

use crate::error::CountersignError;
use crate::step::Origin;

/// A scanned or pasted text, recognised. Its secrets stay inside.
#[derive(uniffi::Object)]
pub(crate) struct Scanned {
    core: core::Scanned,
}

/// What a scanned text is.
#[derive(uniffi::Record)]
pub(crate) struct Recognised {
    /// `totp`, `hotp`, `steam`, `keycloak_push`, `privacyidea_push`, `organisation`, `look_now`; `foreign` for what
    /// is another app's, `damaged` for what would be ours but is not whole, `unknown` for everything else.
    kind: String,
    /// Why it can't be added here, if it can't.
    refusal: Option<Reason>,
    /// The issuer or organisation that it names.
    issuer: Option<String>,
    /// The account name that it gives.
    account: Option<String>,
    /// The server that it names, which is asked about before anything is sent.
    origin: Option<Origin>,
    /// The host that a code of another system points to; for display only.
    foreign_host: Option<String>,
    /// The approval system that it sets up.
    system: Option<System>,
    /// What was odd in it and how it was read.
    odd: Vec<Odd>,
}

/// How the bytes of a camera's frame lie.
#[derive(uniffi::Record)]
pub(crate) struct Frame {
    /// Pixels of a row.
    width: u32,
    /// Rows.
    height: u32,
    /// Bytes from the beginning of a row to that of the next.
    stride: u32,
}

/// What a pasted text (UTF-8) is. The bytes can be overwritten afterwards.
#[uniffi::export]
fn recognise(text: &[u8]) -> Scanned {
    Scanned { core: core::Scanned::read(text) }
}

/// The codes of a picture file: PNG, JPEG, WebP or GIF. Takes up to a few seconds.
///
/// Fails with `Refused`: `NoCodeInPicture`, `CodeNotText`, `NotAPicture`, `PictureDamaged`, `PictureTooLarge`.
#[uniffi::export]
fn scan_picture(file: &[u8]) -> Result<Vec<Arc<Scanned>>, CountersignError> {
    Ok(scanned(&qr::scan_picture(file)?))
}

/// The codes of a camera's frame, `luma` being a byte of brightness a pixel. Quick enough for 30 frames a second.
///
/// Fails with `Refused`: `NoCodeInPicture` for most frames, `CodeNotText`, `PictureDamaged` where `luma` is too short
/// for `frame`, `PictureTooLarge`.
#[uniffi::export]
fn scan_frame(luma: &[u8], frame: Frame) -> Result<Vec<Arc<Scanned>>, CountersignError> {
    let Frame { width, height, stride } = frame;
    Ok(scanned(&qr::scan_frame(luma, width as usize, height as usize, stride as usize)?))
}

fn scanned(texts: &[Secret]) -> Vec<Arc<Scanned>> {
    // EXPOSE: recognising reads the text; the object keeps what it needs of it.
    texts.iter().map(|text| Arc::new(recognise(text.expose()))).collect()
}

impl Scanned {
    pub(crate) const fn core(&self) -> &core::Scanned {
        &self.core
    }
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
            system: core.system(),
            odd: core.odd().to_vec(),
        }
    }
}
