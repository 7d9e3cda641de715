//! Sealing: AES-256-GCM under a key of its own for each place, HKDF-SHA-256 from one key.
//!
//! Nonces are 96 random bits, stored in front. A key seals one place only, so it sees as many nonces as that place
//! has states: far below the 2³² that random nonces allow (NIST SP 800-38D, 8.3). Nothing is derived from counters,
//! which an older copy of the file would set back.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{hkdf, hmac};
use zeroize::Zeroizing;

use super::codec::Writer;
use super::{FORMAT, VaultError};
use crate::entropy::{Entropy, random};
use crate::secret::Secret;

/// Length of a GCM tag, which ends each sealed text.
pub(super) const TAG: usize = 16;

/// Content is padded to this many bytes at least, its length included.
const SMALLEST: usize = 512;

/// 32 secret bytes in one place of the heap, wiped when dropped.
#[derive(Clone)]
pub(crate) struct Key(Box<Zeroizing<[u8; 32]>>);

/// What a sealed text is for, part of its associated data and of its key.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Row { kind: u8, locator: &'a [u8; 16], revision: u64 },
    Page { number: u8, revision: u64 },
    Root { key_id: &'a [u8; 16] },
    Slot { way: u8, head: &'a [u8] },
}

/// A key and the vault and book that it belongs to.
#[derive(Clone)]
pub(super) struct Seal {
    pub(super) vault: [u8; 16],
    pub(super) book: u8,
    pub(super) key: Key,
}

/// Opened content in its padded buffer, wiped when dropped.
pub(super) struct Opened {
    buffer: Zeroizing<Vec<u8>>,
    length: usize,
}

impl Opened {
    pub(super) fn content(&self) -> &[u8] {
        self.buffer.get(4..4 + self.length).unwrap_or_default()
    }
}

impl Key {
    pub(crate) fn random(entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        let mut key = Self(Box::default());
        entropy.fill(&mut **key.0)?;
        Ok(key)
    }

    pub(crate) fn copy_of(bytes: &[u8; 32]) -> Self {
        let mut key = Self(Box::default());
        key.0.copy_from_slice(bytes);
        key
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::copy_of)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn expose_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

/// HKDF-SHA-256 (RFC 5869): `salt`, key material, and an info of the label, a zero byte and `context`.
pub(super) fn derive(
    salt: &[u8],
    material: &[u8],
    label: &str,
    context: &[u8],
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let mut out = Zeroizing::new([0; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(material)
        .expand(&[label.as_bytes(), &[0], context], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut *out))
        .map_err(|_| VaultError::System)?;
    Ok(out)
}

impl Seal {
    /// Seals `content`: nonce, ciphertext of (length, content, zeros), tag.
    pub(super) fn seal(
        &self,
        place: Place<'_>,
        content: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, VaultError> {
        let padded = padded(content.len().checked_add(4).ok_or(VaultError::TooLarge)?);
        let length = u32::try_from(content.len()).map_err(|_| VaultError::TooLarge)?;
        let nonce = random::<NONCE_LEN>(entropy)?;
        // One block of the final size, and wiped should the sealing fail half-way.
        let mut sealed = Zeroizing::new(Vec::with_capacity(NONCE_LEN + padded + TAG));
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&length.to_be_bytes());
        sealed.extend_from_slice(content);
        sealed.resize(NONCE_LEN + padded, 0);
        let (_, text) = sealed.split_at_mut(NONCE_LEN);
        let tag = self
            .key_of(place)?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                // EXPOSE: authenticated by the cipher.
                Aad::from(self.associated(place).expose()),
                text,
            )
            .map_err(|_| VaultError::System)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(std::mem::take(&mut *sealed))
    }

    /// Opens what `seal` made for the same place; `None` when it is not that.
    pub(super) fn open(&self, place: Place<'_>, sealed: Vec<u8>) -> Option<Opened> {
        let mut buffer = Zeroizing::new(sealed);
        let nonce = buffer.get(..NONCE_LEN)?.try_into().ok()?;
        let padded = self
            .key_of(place)
            .ok()?
            .open_within(
                Nonce::assume_unique_for_key(nonce),
                // EXPOSE: authenticated by the cipher.
                Aad::from(self.associated(place).expose()),
                &mut buffer,
                NONCE_LEN..,
            )
            .ok()?
            .len();
        let length = u32::from_be_bytes(buffer.get(..4)?.try_into().ok()?);
        let length = usize::try_from(length).ok()?;
        (length <= padded.checked_sub(4)?).then_some(Opened { buffer, length })
    }

    /// Where a row lies: 16 bytes that tell nothing of its kind and id without the key.
    pub(super) fn locator(&self, kind: u8, id: &str) -> Result<[u8; 16], VaultError> {
        // EXPOSE: the key of locators follows from the book's.
        let key = derive(&self.vault, self.key.expose(), "countersign locator", &[self.book])?;
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &*key));
        context.update(&[kind]);
        context.update(id.as_bytes());
        let tag = context.sign();
        let (head, _) = tag.as_ref().split_first_chunk().ok_or(VaultError::System)?;
        Ok(*head)
    }

    /// The key of one place. Made for each use: no key object outlives a call.
    fn key_of(&self, place: Place<'_>) -> Result<LessSafeKey, VaultError> {
        let (label, context): (_, &[u8]) = match &place {
            Place::Row { locator, .. } => ("countersign row", *locator),
            Place::Page { number, .. } => ("countersign page", std::slice::from_ref(number)),
            Place::Root { .. } => ("countersign root", &[]),
            Place::Slot { way, .. } => ("countersign slot", std::slice::from_ref(way)),
        };
        // EXPOSE: the key of one place follows from the book's.
        let key = derive(&self.vault, self.key.expose(), label, &[&[self.book], context].concat())?;
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &*key).map_err(|_| VaultError::System)?))
    }

    fn associated(&self, place: Place<'_>) -> Secret {
        let mut data = Writer::new();
        data.u32(FORMAT);
        data.fixed(&self.vault);
        data.u8(self.book);
        match place {
            Place::Row { kind, locator, revision } => {
                data.u8(1);
                data.u8(kind);
                data.fixed(locator);
                data.u64(revision);
            }
            Place::Page { number, revision } => {
                data.u8(2);
                data.u8(number);
                data.u64(revision);
            }
            Place::Root { key_id } => {
                data.u8(3);
                data.fixed(key_id);
            }
            Place::Slot { way, head } => {
                data.u8(4);
                data.u8(way);
                data.fixed(head);
            }
        }
        data.finish()
    }
}

/// The tag that ends a sealed text.
pub(super) fn tag_of(sealed: &[u8]) -> Option<[u8; TAG]> {
    sealed.last_chunk().copied()
}

/// The length that content gets: above the smallest, four steps to twice a size, so that it tells little and costs at
/// most a quarter.
fn padded(length: usize) -> usize {
    let length = length.max(SMALLEST);
    length.next_multiple_of((length.next_power_of_two() / 8).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    const LOCATOR: &[u8; 16] = &[3; 16];

    fn seal(vault: u8, book: u8, key: u8) -> Seal {
        Seal { vault: [vault; 16], book, key: Key::copy_of(&[key; 32]) }
    }

    fn row(kind: u8, locator: &[u8; 16], revision: u64) -> Place<'_> {
        Place::Row { kind, locator, revision }
    }

    #[test]
    fn opens_only_where_it_was_sealed() {
        let mut entropy = SeededEntropy::new(b"seal");
        let sealed = seal(1, 0, 1).seal(row(1, LOCATOR, 7), b"content", &mut entropy).unwrap();
        let opened = seal(1, 0, 1).open(row(1, LOCATOR, 7), sealed.clone()).unwrap();
        assert_eq!(opened.content(), b"content");
        for (seal, place) in [
            (seal(2, 0, 1), row(1, LOCATOR, 7)),
            (seal(1, 1, 1), row(1, LOCATOR, 7)),
            (seal(1, 0, 2), row(1, LOCATOR, 7)),
            (seal(1, 0, 1), row(2, LOCATOR, 7)),
            (seal(1, 0, 1), row(1, &[4; 16], 7)),
            (seal(1, 0, 1), row(1, LOCATOR, 6)),
            (seal(1, 0, 1), Place::Page { number: 3, revision: 7 }),
            (seal(1, 0, 1), Place::Root { key_id: LOCATOR }),
            (seal(1, 0, 1), Place::Slot { way: 1, head: LOCATOR }),
        ] {
            assert!(seal.open(place, sealed.clone()).is_none());
        }
        for place in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[place] ^= 1;
            assert!(seal(1, 0, 1).open(row(1, LOCATOR, 7), flipped).is_none());
            assert!(seal(1, 0, 1).open(row(1, LOCATOR, 7), sealed[..place].to_vec()).is_none());
        }
    }

    #[test]
    fn sizes_come_in_steps() {
        let mut entropy = SeededEntropy::new(b"seal");
        let mut size =
            |length| seal(1, 0, 1).seal(row(1, LOCATOR, 1), &vec![1; length], &mut entropy).unwrap().len();
        assert_eq!((size(0), size(508)), (540, 540));
        assert_eq!((size(509), size(636), size(637)), (28 + 640, 28 + 640, 28 + 768));
        let mut sizes = (0..4000).map(size).collect::<Vec<_>>();
        sizes.dedup();
        assert_eq!(sizes.len(), 13);
    }

    #[test]
    fn a_place_never_shows_the_same_bytes_twice() {
        let mut entropy = SeededEntropy::new(b"seal");
        let mut sealed = || seal(1, 0, 1).seal(row(1, LOCATOR, 1), b"same", &mut entropy).unwrap();
        assert_ne!(sealed(), sealed());
    }

    #[test]
    fn locators_depend_on_kind_id_book_and_key() {
        let base = seal(1, 0, 1).locator(1, "a").unwrap();
        assert_eq!(base, seal(1, 0, 1).locator(1, "a").unwrap());
        for other in [
            seal(1, 0, 1).locator(2, "a"),
            seal(1, 0, 1).locator(1, "b"),
            seal(1, 1, 1).locator(1, "a"),
            seal(1, 0, 2).locator(1, "a"),
            seal(2, 0, 1).locator(1, "a"),
        ] {
            assert_ne!(base, other.unwrap());
        }
    }
}
