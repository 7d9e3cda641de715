//! KeePass databases, KDBX 4 (KeePass, "KDBX File Format Specification"): the codes of its entries, whatever plugin or app
//! wrote them.
//!
//! The header says how the file is sealed and is bound by a MAC; the content is sealed in blocks, each with a MAC of its
//! own. A right password opens the header's MAC, so what is wrong behind it is damage.

mod codes;
mod content;
mod header;
mod xml;

use ring::{digest, hmac};

use self::content::Content;
use self::header::Header;
use super::derive::Derivation;
use super::json::cap;
use super::locked::{Locked, Password, Sealed};
use super::{App, Batch, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

const FORMAT: &str = "keepass_kdbx4";
/// The first bytes of KeePass's files, of any version.
const MARK: &[u8] = b"\x03\xd9\xa2\x9a";
/// The number that stands for the header among those of the blocks.
const HEADER: u64 = u64::MAX;

/// Whether a file begins as one of KeePass.
pub(super) fn is_database(file: &[u8]) -> bool {
    file.starts_with(MARK)
}

/// # Errors
/// `OlderFormat`, `NewerFormat`, `ImportDamaged`.
pub(super) fn locked(file: &[u8]) -> Result<Locked, Refused> {
    let (header, rest) = header::read(file)?;
    let length = file.len() - rest.len();
    let bytes = file.get(..length).ok_or(Reason::ImportDamaged)?;
    let (hash, rest) = rest.split_first_chunk::<32>().ok_or(Reason::ImportDamaged)?;
    let (mac, blocks) = rest.split_first_chunk::<32>().ok_or(Reason::ImportDamaged)?;
    if digest::digest(&digest::SHA256, bytes).as_ref() != hash {
        return Err(Reason::ImportDamaged.into());
    }
    let derivation = Derivation { function: header.function, salt: header.derivation_salt.clone() };
    let file = File { header, header_bytes: bytes.to_vec(), mac: *mac, blocks: blocks.to_vec() };
    Ok(Locked::new(App::KeePass, FORMAT, vec![(derivation, Password::KeePass)], file))
}

struct File {
    header: Header,
    header_bytes: Vec<u8>,
    mac: [u8; 32],
    blocks: Vec<u8>,
}

impl Sealed for File {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let macs = Macs::of(&self.header.salt, key);
        hmac::verify(&macs.key(HEADER), &self.header_bytes, &self.mac)
            .map_err(|_| Reason::ImportWrongPassword)?;
        let opened = content::open(&self.header, &macs, key, &self.blocks)?;
        batch(opened)
    }
}

fn batch(content: Content) -> Result<Batch, Refused> {
    let entries: Vec<_> = xml::read(content)?.entries().flat_map(codes::of_entry).collect();
    cap(entries.len())?;
    Ok(Batch::new(App::KeePass, FORMAT, entries))
}

/// The keys of the MACs: one a block.
struct Macs(Secret);

impl Macs {
    fn of(salt: &[u8; 32], key: &Secret) -> Self {
        let mut context = digest::Context::new(&digest::SHA512);
        context.update(salt);
        // EXPOSE: the keys of the MACs are made of it.
        context.update(key.expose());
        context.update(&[1]);
        Self(Secret::copy_of(context.finish().as_ref()))
    }

    fn key(&self, number: u64) -> hmac::Key {
        let mut context = digest::Context::new(&digest::SHA512);
        context.update(&number.to_le_bytes());
        // EXPOSE: hashed to the key of one MAC.
        context.update(self.0.expose());
        hmac::Key::new(hmac::HMAC_SHA256, context.finish().as_ref())
    }
}

/// What a fuzzer tries of what lies behind the MACs: the content of a file without cipher and compression.
#[cfg(fuzzing)]
pub(super) fn of_content(bytes: &[u8]) -> Result<Batch, Refused> {
    batch(content::read_plain(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Progress};
    use super::*;

    const FILE: &[u8] = include_bytes!("../../../../../tests/fixtures/import/keepass/argon2d_aes.kdbx");
    const PASSWORD: &[u8] = "correct horse ü".as_bytes();

    fn opened(file: &[u8], password: &[u8]) -> Result<usize, Refused> {
        let mut unlocking = locked(file)?.unlock(password, Limits::default())?;
        loop {
            if let Progress::Done(batch) = unlocking.step()? {
                return Ok(batch.entries.len());
            }
        }
    }

    fn header_length() -> usize {
        FILE.len() - header::read(FILE).unwrap().1.len()
    }

    /// The file with another header that is whole.
    fn with_header(from: &[u8], to: &[u8]) -> Vec<u8> {
        let (header, rest) = FILE.split_at(header_length());
        let at = header.windows(from.len()).position(|bytes| bytes == from).unwrap();
        let header = [&header[..at], to, &header[at + from.len()..]].concat();
        let hash = digest::digest(&digest::SHA256, &header);
        [header.as_slice(), hash.as_ref(), &rest[32..]].concat()
    }

    #[test]
    fn wrong_passwords_and_damage_are_told_apart() {
        let reason = |file: &[u8], password| opened(file, password).map_err(|refused| refused.reason);
        assert_eq!(reason(FILE, PASSWORD), Ok(4));
        assert_eq!(reason(FILE, b"no"), Err(Reason::ImportWrongPassword));
        let length = header_length();
        let changed = |at: usize| {
            let mut file = FILE.to_vec();
            file[at] ^= 1;
            file
        };
        // The header, its hash, the MAC of a block, its content, the end.
        for at in [length - 40, length, length + 64, length + 200] {
            assert_eq!(reason(&changed(at), PASSWORD), Err(Reason::ImportDamaged), "{at}");
        }
        assert_eq!(reason(&FILE[..FILE.len() - 10], PASSWORD), Err(Reason::ImportDamaged));
        // The header's own MAC: as with a wrong password.
        assert_eq!(reason(&changed(length + 32), PASSWORD), Err(Reason::ImportWrongPassword));
    }

    #[test]
    fn work_above_the_cap_is_refused_before_it_is_begun() {
        let number = |name: &[u8], value: u64| [name, b"\x08\0\0\0", &value.to_le_bytes()].concat();
        let memory = with_header(&number(b"M", 1 << 20), &number(b"M", 1 << 30));
        let passes = with_header(&number(b"I", 2), &number(b"I", u64::MAX));
        for (file, unit) in [(memory, "KiB"), (passes, "KiB of passes")] {
            let refused = opened(&file, PASSWORD).unwrap_err();
            let figures = refused.figures.unwrap();
            assert_eq!((refused.reason, figures.unit), (Reason::DerivationTooCostly, unit));
            assert!(figures.wanted > figures.most);
        }
    }
}
