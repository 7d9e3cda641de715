//! A way into backups: a key pair whose private half is sealed by a password or a recovery code.
//!
//! The public half stands in the vault only. Who can write a backup file but has no vault can't make one that opens
//! with the person's password.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::VERSION;
use crate::entropy::{Entropy, random};
use crate::secret::Secret;
use crate::vault::codec::Reader;
use crate::vault::seal::Key;
use crate::vault::way::{Cost, SlotDraft};
use crate::vault::{VaultError, Way, hybrid};

/// Length of a sealed private half: nonce, key, tag.
const PRIVATE: usize = NONCE_LEN + 32 + 16;

/// Length of a sealed file key: encapsulated key, key, tag.
pub(super) const FILE_KEY: usize = 32 + 32 + 16;

/// What stands in every backup for one way in, but for the file key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) way: Way,
    pub(crate) salt: [u8; 16],
    /// Of Argon2id, for a password.
    pub(crate) cost: Option<Cost>,
    private: Vec<u8>,
}

/// The ways into the backups to come, as the vault keeps them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ways(Vec<KeptSlot>);

/// A slot with the public half that file keys are sealed to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptSlot {
    slot: Secret,
    public: [u8; 32],
}

impl Slot {
    pub(super) fn encode(&self) -> Vec<u8> {
        [self.head().as_slice(), &self.private].concat()
    }

    /// `None` for what `encode` can't have written.
    pub(super) fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let way = Way::of_number(reader.u8()?).filter(|way| *way != Way::Platform)?;
        let salt = reader.array()?;
        let cost = match way {
            Way::Password => {
                Some(Cost { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? })
            }
            Way::Platform | Way::Recovery => None,
        };
        Some(Self { way, salt, cost, private: reader.fixed(PRIVATE)?.to_vec() })
    }

    /// The private half, with the key of the way in; `None` where that is not the one.
    pub(crate) fn open(&self, key: &Secret) -> Option<Key> {
        // EXPOSE: the key of the cipher.
        let opened = open(key.expose(), &associated(&self.head()), &self.private)?;
        // EXPOSE: moved into a key.
        Key::from_slice(opened.expose())
    }

    /// The key of the file with this id.
    pub(super) fn file_key(&self, private: &Key, file: &[u8; 16], sealed: &[u8]) -> Option<Key> {
        let key = hybrid::open_with(private, &self.info(file), sealed)?;
        // EXPOSE: moved into a key.
        Key::from_slice(key.expose())
    }

    /// What comes first and is bound to the sealed private half: way, salt and cost.
    fn head(&self) -> Vec<u8> {
        let mut head = vec![self.way.number()];
        head.extend_from_slice(&self.salt);
        for value in self.cost.iter().flat_map(|cost| [cost.memory_kib, cost.passes, cost.lanes]) {
            head.extend_from_slice(&value.to_be_bytes());
        }
        head
    }

    /// Binds a sealed file key to its slot and its file.
    fn info(&self, file: &[u8; 16]) -> Vec<u8> {
        [b"countersign backup key\0".as_slice(), &VERSION.to_be_bytes(), file, &self.head()].concat()
    }
}

impl Ways {
    /// Sets a way in, in the place of another of its kind.
    pub(crate) fn set(&mut self, new: KeptSlot) {
        let way = |kept: &KeptSlot| kept.slot().map(|slot| slot.way);
        self.0.retain(|kept| way(kept) != way(&new));
        self.0.push(new);
    }

    /// The kinds that there are.
    pub(crate) fn kinds(&self) -> Vec<Way> {
        self.0.iter().filter_map(|kept| Some(kept.slot()?.way)).collect()
    }

    /// Each slot with the file key sealed to it, as it stands in the header.
    pub(super) fn seal_key(
        &self,
        key: &Key,
        file: &[u8; 16],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<Vec<u8>>, VaultError> {
        let one = |kept: &KeptSlot| {
            let slot = kept.slot().ok_or(VaultError::System)?;
            // EXPOSE: sealed to the public half.
            let sealed = hybrid::seal_to(&kept.public, &slot.info(file), key.expose(), entropy)?;
            Ok([slot.encode(), sealed].concat())
        };
        self.0.iter().map(one).collect()
    }
}

impl KeptSlot {
    /// A new key pair, its private half sealed by the key of the way in; the slow part has been done.
    pub(crate) fn new(draft: &SlotDraft, entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        let (private, public) = hybrid::key_pair(entropy)?;
        let mut slot = Slot { way: draft.way, salt: draft.salt, cost: draft.cost, private: Vec::new() };
        // EXPOSE: sealed by the key of the way in.
        let (key, content) = (draft.key.expose(), [private.expose().as_slice()]);
        slot.private = seal(key, &associated(&slot.head()), &content, 32, entropy)?;
        Ok(Self { slot: Secret::from(slot.encode()), public })
    }

    fn slot(&self) -> Option<Slot> {
        // EXPOSE: read as a slot, of which every backup has a copy.
        Slot::decode(&mut Reader::new(self.slot.expose()))
    }
}

fn associated(head: &[u8]) -> Vec<u8> {
    [b"countersign backup way\0".as_slice(), &VERSION.to_be_bytes(), head].concat()
}

/// AES-256-GCM: nonce, ciphertext, tag. The parts are joined and followed by zeros up to `length`.
pub(super) fn seal(
    key: &[u8; 32],
    aad: &[u8],
    parts: &[&[u8]],
    length: usize,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, VaultError> {
    let nonce = random::<NONCE_LEN>(entropy)?;
    // One block of the final size, and wiped should the sealing fail half-way.
    let mut sealed = Zeroizing::new(Vec::with_capacity(NONCE_LEN + length + 16));
    sealed.extend_from_slice(&nonce);
    parts.iter().for_each(|part| sealed.extend_from_slice(part));
    sealed.resize(NONCE_LEN + length, 0);
    let (_, text) = sealed.split_at_mut(NONCE_LEN);
    let tag = cipher(key)
        .and_then(|cipher| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            cipher.seal_in_place_separate_tag(nonce, Aad::from(aad), text).ok()
        })
        .ok_or(VaultError::System)?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(std::mem::take(&mut *sealed))
}

/// Opens what `seal` made with the same key and associated data.
pub(super) fn open(key: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Secret> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut buffer = Zeroizing::new(text.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = cipher(key)?.open_in_place(nonce, Aad::from(aad), &mut buffer).ok()?.len();
    buffer.truncate(length);
    Some(Secret::from(std::mem::take(&mut *buffer)))
}

fn cipher(key: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).ok().map(LessSafeKey::new)
}
