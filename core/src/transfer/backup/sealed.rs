//! A backup as a whole: made, looked at again, and opened.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::content::{digest_of, digest_of_json};
use super::header::{self, Header};
use super::slot::{open, seal as seal_bytes};
use super::{MAX_CONTENT, Row, Slot, Ways, Written};
use crate::clock::UnixTime;
use crate::entropy::{Entropy, random};
use crate::reason::Reason;
use crate::secret::{Secret, to_json};
use crate::transfer::import::{MAX_ENTRIES, MAX_FILE, Refused};
use crate::vault::VaultError;
use crate::vault::seal::Key;

/// Smallest padded content, in bytes: a file of this size says only that there are some dozens of accounts at most.
const SMALLEST: usize = 16 * 1024;

/// Nonce and tag around the padded content.
const AROUND: usize = 12 + 16;

/// A backup that has been made and not yet confirmed.
pub struct Backup {
    bytes: Vec<u8>,
    key: Key,
    digest: [u8; 32],
    at: UnixTime,
    accounts: u64,
    damaged: u64,
    generation: u64,
}

impl Backup {
    /// The file, for the host to write.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// When it was made.
    #[must_use]
    pub const fn made_at(&self) -> UnixTime {
        self.at
    }

    /// How many accounts it holds, those in the trash included.
    #[must_use]
    pub const fn accounts(&self) -> u64 {
        self.accounts
    }

    /// Of how many of them it has the names only, as the vault's rows are damaged.
    #[must_use]
    pub const fn damaged(&self) -> u64 {
        self.damaged
    }

    /// The vault's generation that it holds.
    pub(crate) const fn generation(&self) -> u64 {
        self.generation
    }

    /// SHA-256 of the accounts in it.
    pub(crate) const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Whether what the host read from its file is this backup, whole, and opens to the accounts that went in.
    ///
    /// # Errors
    /// `BackupUnverified`.
    pub fn check(&self, read: &[u8]) -> Result<(), Reason> {
        let opened = || {
            let file = File::read(read).ok()?;
            let content = file.open_content(&self.key)?;
            // EXPOSE: read as the content.
            let accounts = Frame::of(content.expose())?.accounts;
            (digest_of_json(accounts.get().as_bytes()) == self.digest).then_some(())
        };
        if read != self.bytes {
            return Err(Reason::BackupUnverified);
        }
        opened().ok_or(Reason::BackupUnverified)
    }
}

/// Says how large it is; nothing of it is secret, but it is long.
impl std::fmt::Debug for Backup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Backup({} bytes)", self.bytes.len())
    }
}

/// Seals these accounts, in this order, under a new key that opens by these ways. The time and the vault's generation
/// are those of the accounts.
///
/// # Errors
/// `TooLarge` for more than a backup holds; `System`.
pub(crate) fn seal(
    accounts: &[Row],
    ways: &Ways,
    (at, generation): (UnixTime, u64),
    entropy: &mut dyn Entropy,
) -> Result<Backup, VaultError> {
    let content = to_json(&Written { made_at: at, accounts }).map_err(|_| VaultError::TooLarge)?;
    if content.len() > MAX_CONTENT || accounts.len() > MAX_ENTRIES {
        return Err(VaultError::TooLarge);
    }
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let padded = padded(content.len());
    let (file, key) = (random(entropy)?, Key::random(entropy)?);
    let header = header::encode(&file, &ways.seal_key(&key, &file, entropy)?, count(AROUND + padded));
    let length = u32::try_from(content.len()).map_err(|_| VaultError::TooLarge)?;
    let length = length.to_be_bytes();
    // EXPOSE: sealed right here.
    let parts = [length.as_slice(), content.expose()];
    // EXPOSE: the key of the cipher.
    let sealed = seal_bytes(key.expose(), &header, &parts, padded, entropy)?;
    Ok(Backup {
        bytes: [header, sealed].concat(),
        key,
        digest: digest_of(accounts)?,
        at,
        accounts: count(accounts.len()),
        generation,
        damaged: count(accounts.iter().filter(|account| account.damaged).count()),
    })
}

/// The size that a content of this length is padded to, with its length in front: a power of two.
fn padded(content: usize) -> usize {
    (content + 4).next_power_of_two().max(SMALLEST)
}

/// A file of which the header has been read.
pub(crate) struct File {
    header: Header,
    associated: Vec<u8>,
    sealed: Vec<u8>,
}

impl File {
    /// Reads the header, and looks whether all of the content is there.
    ///
    /// # Errors
    /// `NotABackup`, `NewerFormat`, `ImportDamaged`, `ImportTooLarge`.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let (header, length) = header::decode(bytes)?;
        let (associated, sealed) = bytes.split_at_checked(length).ok_or(Reason::ImportDamaged)?;
        let most = u64::try_from(MAX_FILE).unwrap_or(u64::MAX);
        if header.content > most {
            return Err(Refused::over(Reason::ImportTooLarge, header.content, most, "bytes"));
        }
        if u64::try_from(sealed.len()) != Ok(header.content) {
            return Err(Reason::ImportDamaged.into());
        }
        Ok(Self { header, associated: associated.to_vec(), sealed: sealed.to_vec() })
    }

    /// The ways in, in their order.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.header.ways.iter().map(|(slot, _)| slot)
    }

    /// The content, with the key of one way in.
    ///
    /// # Errors
    /// `ImportWrongPassword` where this key does not open the way in; `ImportDamaged` where that opens and what comes
    /// after does not.
    pub(crate) fn open(&self, at: usize, key: &Secret) -> Result<Secret, Reason> {
        let (slot, sealed) = self.header.ways.get(at).ok_or(Reason::ImportDamaged)?;
        let private = slot.open(key).ok_or(Reason::ImportWrongPassword)?;
        let key = slot.file_key(&private, &self.header.file, sealed).ok_or(Reason::ImportDamaged)?;
        self.open_content(&key).ok_or(Reason::ImportDamaged)
    }

    fn open_content(&self, key: &Key) -> Option<Secret> {
        // EXPOSE: the key of the cipher.
        let padded = open(key.expose(), &self.associated, &self.sealed)?;
        // EXPOSE: taken out of its padding.
        let (length, rest) = padded.expose().split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        rest.get(..length).map(Secret::copy_of)
    }
}

/// The content with its accounts still text.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    accounts: &'a RawValue,
}

impl<'a> Frame<'a> {
    fn of(json: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }
}
