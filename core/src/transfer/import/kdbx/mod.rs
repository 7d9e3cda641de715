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
        let database = xml::read(opened)?;
        let entries: Vec<_> = database.entries().flat_map(codes::of_entry).collect();
        cap(entries.len())?;
        Ok(Batch::new(App::KeePass, FORMAT, entries))
    }
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
