//! Authy's preferences: accounts of its own kind, and others, whose secrets are plain or each sealed under the password
//! for backups.

use serde::Deserialize;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Raw, Seed, decoded};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::preferences::Preferences;
use super::sealing::{base64, cbc, hex_bytes};
use super::{App, Batch, Limits, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// The list of others' accounts, and that of its own.
pub(super) const LISTS: [&str; 2] =
    ["com.authy.storage.tokens.authenticator.key", "com.authy.storage.tokens.authy.key"];
const PLAIN: &str = "authy_prefs";
const ENCRYPTED: &str = "authy_prefs_encrypted";
/// Rounds of PBKDF2 with HMAC-SHA-1 for a block of the key, and the blocks of one: each secret has a salt of its own.
const ROUNDS: u64 = 1_000;
const BLOCKS: u64 = 2;
/// Digits and seconds of Authy's own accounts.
const OWN_DIGITS: i64 = 7;
const OWN_PERIOD: i64 = 10;

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Row {
    name: Text,
    original_name: Text,
    original_issuer: Text,
    digits: Number,
    decrypted_secret: SecretText,
    encrypted_secret: Text,
    salt: Text,
    secret_seed: SecretText,
}

/// Reads the lists, or asks for the password of the secrets that are sealed.
pub(super) fn read(file: &Preferences) -> Result<Opened, Refused> {
    let mut rows = Vec::new();
    for list in LISTS.iter().filter_map(|list| file.get(list)) {
        // EXPOSE: read as JSON.
        let elements: Elements<'_> = frame(list.expose())?;
        cap(rows.len().saturating_add(elements.len()))?;
        rows.extend(elements.iter().map(|row| element::<Row>(row)));
    }
    let sealed = rows.iter().flatten().filter(|row| row.sealed().is_some()).count();
    if sealed == 0 {
        return Ok(Opened::Entries(batch(PLAIN, &rows, |row| row.seed())));
    }
    let rounds = u64::try_from(sealed).unwrap_or(u64::MAX);
    let rounds = rounds.saturating_mul(BLOCKS * ROUNDS);
    let derivation = Derivation { function: Function::AsTyped { rounds }, salt: Vec::new() };
    Ok(Opened::Locked(Locked::new(App::Authy, ENCRYPTED, vec![(derivation, Password::Plain)], Lists(rows))))
}

/// Rows, `None` for those of another shape.
struct Lists(Vec<Option<Row>>);

impl Sealed for Lists {
    fn open(&self, _: usize, password: &Secret) -> Result<Batch, Refused> {
        let mut opened = 0_usize;
        let batch = batch(ENCRYPTED, &self.0, |row| match row.sealed() {
            None => row.seed(),
            Some(sealed) => {
                let secret = row.open(&sealed, password)?;
                opened += 1;
                Some(Seed::Base32(secret))
            }
        });
        // There is no MAC: a wrong password opens none of them. Where it opens one, the others are damaged.
        if opened == 0 { Err(Reason::ImportWrongPassword.into()) } else { Ok(batch) }
    }
}

fn batch(format: &'static str, rows: &[Option<Row>], mut seed_of: impl FnMut(&Row) -> Option<Seed>) -> Batch {
    let entries = rows.iter().map(|row| match row {
        None => Entry::refused(Reason::EntryDamaged),
        Some(row) => match seed_of(row) {
            Some(seed) => Entry::of(Raw { seed, ..row.raw() }),
            None => Entry::without_seed(&row.raw(), Reason::EntryDamaged),
        },
    });
    Batch::new(App::Authy, format, entries.collect())
}

impl Row {
    fn is_own(&self) -> bool {
        !self.secret_seed.0.is_empty()
    }

    /// The ciphertext, where there is one that can be tried.
    fn sealed(&self) -> Option<Vec<u8>> {
        let sealed = base64(&self.encrypted_secret.0).ok().filter(|sealed| !sealed.is_empty())?;
        (!self.is_own() && self.decrypted_secret.0.is_empty()).then_some(sealed)
    }

    /// The seed of a row that is not sealed.
    fn seed(&self) -> Option<Seed> {
        if self.is_own() {
            // EXPOSE: read as hexadecimal digits.
            return hex_bytes(self.secret_seed.0.expose_str()?).map(Secret::from).map(Seed::Bytes);
        }
        let is_plain = self.encrypted_secret.0.is_empty() || !self.decrypted_secret.0.is_empty();
        is_plain.then(|| Seed::Base32(self.decrypted_secret.0.clone()))
    }

    /// AES-256-CBC with an IV of zeros. The salt is the text, not what its Base64 stands for.
    fn open(&self, sealed: &[u8], password: &Secret) -> Option<Secret> {
        let salt = self.salt.0.as_bytes().to_vec();
        let derivation = Derivation { function: Function::pbkdf2(Hash::Sha1, ROUNDS), salt };
        derivation.check(Limits::default()).ok()?;
        let mut running = derivation.start(password);
        let key = loop {
            if let Some(key) = running.step().ok()? {
                break key;
            }
        };
        let secret = cbc(&key, &[0; 16], sealed)?;
        // What a wrong password leaves has the right padding once in 256 times, but is no Base32.
        decoded(&secret).filter(|seed| !seed.is_empty()).map(|_| secret)
    }

    fn raw(&self) -> Raw {
        let (issuer, name) = self.names();
        let (digits, period) = match self.digits {
            Number::Missing if self.is_own() => (Number::Is(OWN_DIGITS), Number::Is(OWN_PERIOD)),
            digits if self.is_own() => (digits, Number::Is(OWN_PERIOD)),
            digits => (digits, Number::Missing),
        };
        Raw { kind: "totp".to_owned(), issuer, name, digits, period, ..Raw::default() }
    }

    /// Issuer and account name: `Issuer: account` is how Authy shows others' accounts; its own have one name.
    fn names(&self) -> (String, String) {
        let shown = self.name.0.trim();
        let shown = if shown.is_empty() { self.original_name.0.trim() } else { shown };
        if self.is_own() {
            return (shown.to_owned(), String::new());
        }
        let before_colon = |text: &str| text.split_once(':').map(|(issuer, _)| issuer.trim().to_owned());
        let issuer = match self.original_issuer.0.trim() {
            "" => before_colon(&self.original_name.0).or_else(|| before_colon(shown)).unwrap_or_default(),
            issuer => issuer.to_owned(),
        };
        let name = shown.strip_prefix(issuer.as_str()).and_then(|rest| rest.trim_start().strip_prefix(':'));
        (issuer.clone(), name.unwrap_or(shown).trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::import::{MAX_ENTRIES, Progress, preferences};

    const PASSWORD: &[u8] = "correct horse ü".as_bytes();

    fn file(list: &str, own: &str) -> String {
        let [others, theirs] = LISTS;
        format!(
            "<map><string name=\"{others}\">{list}</string><string name=\"{theirs}\">{own}</string></map>"
        )
    }

    fn opened(locked: &Locked, password: &[u8]) -> Result<Batch, Reason> {
        let mut unlocking = locked.unlock(password, Limits::default()).map_err(|refused| refused.reason)?;
        match unlocking.step() {
            Ok(Progress::Done(batch)) => Ok(batch),
            Ok(Progress::Working { .. }) => panic!(),
            Err(refused) => Err(refused.reason),
        }
    }

    /// The sealed rows of the fixture.
    fn sealed() -> [String; 2] {
        let xml = include_str!("../../../../tests/fixtures/import/authy/encrypted.xml");
        let Ok(Opened::Locked(_)) = preferences::read(xml) else { panic!() };
        let list = xml.split("&quot;accountType&quot;: &quot;authenticator&quot;, ").skip(1);
        let rows: Vec<_> = list.map(|row| row.split_once('}').unwrap().0).collect();
        [format!("{{{}}}", rows[0]), format!("{{{}}}", rows[1])]
    }

    #[test]
    fn one_broken_row_spoils_no_other() {
        let [first, second] = sealed();
        let damaged = second.replace("encryptedSecret&quot;: &quot;", "encryptedSecret&quot;: &quot;AAAA");
        let odd =
            r#"{"name":"S: u","encryptedSecret":"AAAA","salt":"s"},{"name":"T: u","encryptedSecret":"*"}"#;
        let list = format!(r#"[7,{first},{damaged},{odd},{{"name":"U: u"}}]"#);
        let own = r#"[{"name":"Own","secretSeed":"xyz"},{"name":"Shop","secretSeed":"00ff00ff"}]"#;
        let Opened::Locked(locked) = preferences::read(&file(&list, own)).unwrap() else { panic!() };
        assert_eq!(opened(&locked, b"wrong").unwrap_err(), Reason::ImportWrongPassword);
        let batch = opened(&locked, PASSWORD).unwrap();
        let shown: Vec<_> = batch
            .entries
            .iter()
            .map(|entry| (entry.issuer.as_str(), entry.otp.as_ref().err().copied()))
            .collect();
        assert_eq!(
            shown,
            [
                ("", Some(Reason::EntryDamaged)),
                ("Site 0", None),
                ("Site 1", Some(Reason::EntryDamaged)),
                ("S", Some(Reason::EntryDamaged)),
                ("T", Some(Reason::EntryDamaged)),
                ("U", Some(Reason::SecretMissing)),
                ("Own", Some(Reason::EntryDamaged)),
                ("Shop", None),
            ]
        );
        let shop = &batch.entries[7].parameters;
        assert_eq!((shop.digits, shop.period), (Some(OWN_DIGITS), Some(OWN_PERIOD)));
    }

    #[test]
    fn names_as_authy_shows_them() {
        let named = |name: &str, original: &str, issuer: &str| {
            let text = |text: &str| Text(text.to_owned());
            let row = Row {
                name: text(name),
                original_name: text(original),
                original_issuer: text(issuer),
                ..Row::default()
            };
            row.names()
        };
        for (row, issuer, account) in [
            (("Deno: Mason", "Deno:Mason", "Deno"), "Deno", "Mason"),
            (("mine", "Deno:Mason", "Deno"), "Deno", "mine"),
            (("Deno: Mason", "Deno:Mason", ""), "Deno", "Mason"),
            (("", "Deno:Mason", ""), "Deno", "Mason"),
            (("mail", "", ""), "", "mail"),
            (("A: b: c", "", ""), "A", "b: c"),
        ] {
            assert_eq!(named(row.0, row.1, row.2), (issuer.to_owned(), account.to_owned()), "{row:?}");
        }
    }

    #[test]
    fn work_and_counts_are_capped() {
        let row = r#"{"encryptedSecret":"AAAA","salt":"s"}"#;
        let list = format!("[{}]", vec![row; 5_001].join(","));
        let Opened::Locked(locked) = preferences::read(&file(&list, "[]")).unwrap() else { panic!() };
        let refused = locked.unlock(b"", Limits::default()).unwrap_err();
        assert_eq!(
            (refused.reason, refused.figures.unwrap().wanted),
            (Reason::DerivationTooCostly, 10_002_000)
        );
        let list = format!("[{}]", vec!["0"; MAX_ENTRIES].join(","));
        assert_eq!(preferences::read(&file(&list, "[0]")).unwrap_err().reason, Reason::ImportTooLarge);
    }
}
