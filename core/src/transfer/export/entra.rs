//! Hardware OATH tokens of Microsoft Entra: a row for each account, which an administrator uploads
//! (<https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-manage-oath-tokens>).

use super::{Chosen, LeftOut};
use crate::account::Account;
use crate::link::seed_text;
use crate::otp::{Algorithm, Kind, Otp};
use crate::secret::{Secret, WipingWriter};

/// As Entra wants it, to the letter.
const HEADER: &[u8] = b"upn,serial number,secret key,time interval,manufacturer,model\r\n";
/// Who made the token, and which: any text.
const MAKER: &str = "Countersign,Countersign";
/// Bytes of a seed: its Base32 has 128 symbols at most.
const MOST: usize = 80;
/// Longest user principal name, in characters.
const MOST_NAME: usize = 113;

/// TOTP with SHA-1, 30 or 60 seconds and six digits; the account name is the person's user principal name.
pub(super) fn left_out(account: &Account, otp: &Otp) -> Option<LeftOut> {
    match otp.kind() {
        Kind::Hotp { .. } | Kind::Steam | Kind::Motp | Kind::Yandex => Some(LeftOut::Kind),
        Kind::Totp { .. } if otp.algorithm() != Algorithm::Sha1 => Some(LeftOut::Algorithm),
        Kind::Totp { .. } if otp.digits() != 6 => Some(LeftOut::Digits),
        Kind::Totp { period } if !matches!(period, 30 | 60) => Some(LeftOut::Period),
        Kind::Totp { .. } if otp.seed().len() > MOST => Some(LeftOut::Secret),
        Kind::Totp { .. } => (!is_principal(&account.name)).then_some(LeftOut::Name),
    }
}

/// `local@domain`, of what Entra allows in one, and beginning with a letter or a digit: so it needs no quotes, and no
/// spreadsheet takes it for a formula.
fn is_principal(name: &str) -> bool {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "'.-_!#^~".contains(c);
    let is_domain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.len() <= MOST_NAME
        && name.split_once('@').is_some_and(|(local, domain)| {
            local.chars().all(is_local) && domain.chars().all(is_domain) && domain.contains('.')
        })
}

pub(super) fn write(accounts: &[Chosen<'_>]) -> Secret {
    let mut file = WipingWriter::new(HEADER.len() + 256 * accounts.len());
    file.push(HEADER);
    for Chosen { id, account, otp } in accounts {
        let period = otp.period().unwrap_or_default();
        // The id is the serial number: no two are the same, and the phone shows it for the activation.
        file.push(format!("{},{id},", account.name).as_bytes());
        // EXPOSE: the seed is what is exported.
        file.push(seed_text(otp.seed().expose()).as_bytes());
        file.push(format!(",{period},{MAKER}\r\n").as_bytes());
    }
    file.into_secret()
}
