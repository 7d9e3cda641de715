//! Key derivations in slices, so that a host can show how far they are and stop them.

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};
use ring::{digest, hmac};
use zeroize::Zeroizing;

use super::derive::Hash;
use crate::secret::Secret;

/// Rounds of PBKDF2 between two looks of the host: some hundredths of a second on a phone.
pub(super) const SLICE: u32 = 20_000;
/// The same of AES.
const AES_SLICE: u64 = 200_000;

/// PBKDF2 (RFC 8018, section 5.2) in slices: the library's own runs to its end.
pub(super) struct Pbkdf2 {
    key: hmac::Key,
    salt: Vec<u8>,
    rounds: u64,
    length: usize,
    /// What is there of the derived key.
    derived: Zeroizing<Vec<u8>>,
    last: Zeroizing<Vec<u8>>,
    sum: Zeroizing<Vec<u8>>,
    /// Rounds of the block at hand.
    in_block: u64,
    pub(super) done: u64,
}

impl std::fmt::Debug for Pbkdf2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pbkdf2({} of {})", self.in_block, self.rounds)
    }
}

impl Pbkdf2 {
    pub(super) fn new(hash: Hash, password: &Secret, salt: &[u8], (rounds, length): (u64, usize)) -> Self {
        // EXPOSE: the password is the key of the HMAC.
        let key = hmac::Key::new(hash.hmac(), password.expose());
        let derived = Zeroizing::new(Vec::with_capacity(length + hash.size()));
        let empty = || Zeroizing::new(vec![0; hash.size()]);
        let (last, sum) = (empty(), empty());
        Self { key, salt: salt.to_vec(), rounds, length, derived, last, sum, in_block: 0, done: 0 }
    }

    pub(super) fn step(&mut self) -> Option<Secret> {
        for _ in 0..SLICE {
            if self.in_block == self.rounds {
                self.derived.extend_from_slice(&self.sum);
                self.in_block = 0;
            }
            if self.derived.len() >= self.length {
                return self.derived.get(..self.length).map(Secret::copy_of);
            }
            self.round();
        }
        None
    }

    fn round(&mut self) {
        if self.in_block == 0 {
            let block = u32::try_from(self.derived.len() / self.sum.len() + 1).unwrap_or(u32::MAX);
            let first = [self.salt.as_slice(), &block.to_be_bytes()].concat();
            keep(&hmac::sign(&self.key, &first), &mut self.last);
            self.sum.copy_from_slice(&self.last);
        } else {
            keep(&hmac::sign(&self.key, &self.last), &mut self.last);
            self.sum.iter_mut().zip(self.last.iter()).for_each(|(sum, byte)| *sum ^= byte);
        }
        self.in_block += 1;
        self.done += 1;
    }
}

/// KeePass's AES-KDF: 32 bytes enciphered in two blocks, round after round, and hashed at the end.
pub(super) struct AesRounds {
    cipher: Aes256,
    blocks: Zeroizing<[[u8; 16]; 2]>,
    rounds: u64,
    pub(super) done: u64,
}

impl std::fmt::Debug for AesRounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AesRounds({} of {})", self.done, self.rounds)
    }
}

impl AesRounds {
    /// `None` where password or salt are not of 32 bytes.
    pub(super) fn new(password: &Secret, salt: &[u8], rounds: u64) -> Option<Self> {
        let cipher = Aes256::new_from_slice(salt).ok()?;
        // EXPOSE: the password's hash is what the key is made of.
        let (blocks, rest) = password.expose().as_chunks::<16>();
        let blocks = Zeroizing::new(<[[u8; 16]; 2]>::try_from(blocks).ok()?);
        rest.is_empty().then_some(Self { cipher, blocks, rounds, done: 0 })
    }

    pub(super) fn step(&mut self) -> Option<Secret> {
        let until = self.rounds.min(self.done.saturating_add(AES_SLICE));
        for _ in self.done..until {
            self.cipher.encrypt_blocks(aes::Block::cast_slice_from_core_mut(&mut *self.blocks));
        }
        self.done = until;
        (self.done == self.rounds)
            .then(|| Secret::copy_of(digest::digest(&digest::SHA256, self.blocks.as_flattened()).as_ref()))
    }
}

fn keep(tag: &hmac::Tag, block: &mut [u8]) {
    block.iter_mut().zip(tag.as_ref()).for_each(|(place, byte)| *place = *byte);
}
