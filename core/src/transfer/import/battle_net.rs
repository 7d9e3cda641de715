//! Battle.net's authenticator: its serial number and secret, under a mask that is the same in every phone.

use super::entry::{Entry, Raw, Seed};
use super::json::Number;
use super::preferences::Preferences;
use super::sealing::hex_bytes;
use super::{App, Batch, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

pub(super) const SECRET: &str = "com.blizzard.messenger.AUTHENTICATOR_DEVICE_SECRET";
const SERIAL: &str = "com.blizzard.messenger.AUTHENTICATOR_SERIAL";
const DIGITS: i64 = 8;
/// What both are XORed with: a fact of the app, as Aegis's importer for it has it.
const MASK: &str = "398e27fc50276a656065b0e525f4c06c04c61075286b8e7aeda59da9813b5dd6c80d2fb38068773fa59ba47c17ca6c6479015c1d5b8b8f6b9a";

pub(super) fn read(file: &Preferences) -> Result<Batch, Refused> {
    let serial = file.get(SERIAL).and_then(unmasked);
    // EXPOSE: the serial number is no secret, it is read as one.
    let serial = serial.as_ref().and_then(Secret::expose_str).unwrap_or_default();
    let secret = file.get(SECRET).and_then(unmasked);
    // EXPOSE: hexadecimal digits of the seed.
    let seed = secret.as_ref().and_then(Secret::expose_str).and_then(hex_bytes).map(Secret::from);
    let raw = Raw {
        kind: "totp".to_owned(),
        issuer: "Battle.net".to_owned(),
        name: serial.to_owned(),
        digits: Number::Is(DIGITS),
        ..Raw::default()
    };
    let entry = match seed {
        Some(seed) => Entry::of(Raw { seed: Seed::Bytes(seed), ..raw }),
        None => Entry::without_seed(&raw, Reason::EntryDamaged),
    };
    Ok(Batch::new(App::BattleNet, "battle_net_prefs", vec![entry]))
}

/// `None` for what is not hexadecimal, or longer than the mask.
fn unmasked(text: &Secret) -> Option<Secret> {
    let mask = hex_bytes(MASK)?;
    // EXPOSE: unmasked.
    let mut bytes = zeroize::Zeroizing::new(hex_bytes(text.expose_str()?)?);
    bytes.iter_mut().zip(&mask).for_each(|(byte, mask)| *byte ^= mask);
    (bytes.len() <= mask.len()).then(|| Secret::copy_of(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Reason;
    use crate::transfer::import::{Opened, preferences};

    #[test]
    fn a_secret_that_can_not_be_read_is_told() {
        for (secret, reason) in
            [("", Reason::SecretMissing), ("7ebc13", Reason::EntryDamaged), ("7ebc1", Reason::EntryDamaged)]
        {
            let xml = format!(
                "<map><string name=\"{SECRET}\">{secret}</string><string name=\"{SERIAL}\">7cdb0a</string></map>"
            );
            let Opened::Entries(batch) = preferences::read(&xml).unwrap() else { panic!() };
            let [entry] = batch.entries.as_slice() else { panic!("{batch:?}") };
            assert_eq!((entry.name.as_str(), entry.issuer.as_str()), ("EU-", "Battle.net"));
            assert_eq!(entry.otp, Err(reason), "{secret}");
        }
    }

    #[test]
    fn what_does_not_fit_the_mask_is_not_read() {
        let unmasked = |text: &str| unmasked(&Secret::copy_of(text.as_bytes()));
        assert_eq!(unmasked("7ebc13").unwrap().expose(), b"G24");
        assert_eq!(unmasked(MASK).unwrap().expose(), [0; 57]);
        for other in ["7eb", "xx", &format!("{MASK}00")] {
            assert_eq!(unmasked(other), None, "{other}");
        }
    }
}
