//! A slot: what stands in the file for one way in.
//!
//! Each slot has an X25519 key pair. The private half is sealed by what opens the slot; the master key is sealed to
//! the public half, so that a new master key reaches ways in that are not at hand. The public half stands in the
//! sealed root only: whoever can write the file but has no key can't make a slot that opens to a vault of theirs.

use ring::digest::{SHA256, digest};

use super::codec::{Reader, Writer};
use super::seal::{Key, Place, Seal, derive};
use super::way::{Cost, SlotDraft};
use super::{FORMAT, Part, VaultError, Way, hybrid};
use crate::entropy::Entropy;

/// Sealed length of the master key: encapsulated key, 32 bytes, tag.
const SEALED_MASTER: usize = 32 + 32 + 16;

/// Length of the check against accidental damage, so that damage is not taken for a wrong password.
const CHECKSUM: usize = 8;

#[derive(Clone)]
pub(super) struct Slot {
    pub(super) way: Way,
    /// Of the derivation; new with each slot, so it tells slots apart.
    pub(super) salt: [u8; 16],
    pub(super) cost: Option<Cost>,
    private: Vec<u8>,
    master: Vec<u8>,
}

/// What the root keeps of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlotRecord {
    pub(super) way: Way,
    pub(super) public: [u8; 32],
    pub(super) digest: [u8; 32],
}

impl Slot {
    /// A new key pair sealed by what opens the slot; the master key is sealed to it by `reseal`.
    pub(super) fn new(
        draft: &SlotDraft,
        vault: &[u8; 16],
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, [u8; 32]), VaultError> {
        let (private, public) = hybrid::key_pair(entropy)?;
        let mut slot = Self {
            way: draft.way,
            salt: draft.salt,
            cost: draft.cost,
            private: Vec::new(),
            master: Vec::new(),
        };
        // EXPOSE: sealed by what opens the slot.
        slot.private =
            slot.seal(vault, &draft.key).seal(slot.place(&slot.head()), private.expose(), entropy)?;
        Ok((slot, public))
    }

    /// The private half, with the key that seals it.
    pub(super) fn open(&self, vault: &[u8; 16], key: &Key) -> Option<Key> {
        let opened = self.seal(vault, key).open(self.place(&self.head()), self.private.clone())?;
        Key::from_slice(opened.content())
    }

    /// Seals a master key to the public half.
    pub(super) fn reseal(
        &mut self,
        vault: &[u8; 16],
        public: &[u8; 32],
        master: &Master,
        entropy: &mut dyn Entropy,
    ) -> Result<(), VaultError> {
        let info = self.info(vault, &master.id);
        // EXPOSE: sealed to the slot's public half.
        self.master = hybrid::seal_to(public, &info, master.key.expose(), entropy)?;
        Ok(())
    }

    /// The master key, with the private half.
    pub(super) fn master(&self, vault: &[u8; 16], private: &Key, key_id: &[u8; 16]) -> Option<Key> {
        let key = hybrid::open_with(private, &self.info(vault, key_id), &self.master)?;
        // EXPOSE: moved into the key that seals the vault.
        Key::from_slice(key.expose())
    }

    pub(super) fn record(&self, vault: &[u8; 16], public: [u8; 32]) -> SlotRecord {
        SlotRecord { way: self.way, public, digest: digest_of(vault, self.way, &self.encode(vault)) }
    }

    pub(super) fn encode(&self, vault: &[u8; 16]) -> Vec<u8> {
        let mut out = self.head();
        let mut body = Writer::new();
        body.bytes(&self.private);
        body.fixed(&self.master);
        // EXPOSE: both parts are sealed already.
        out.extend_from_slice(body.finish().expose());
        let sum = digest_of(vault, self.way, &out);
        out.extend_from_slice(sum.get(..CHECKSUM).unwrap_or_default());
        out
    }

    /// Reads a slot. `Damaged` also for a cost that is out of bounds: it would be run before anything is checked.
    pub(super) fn decode(way: Way, vault: &[u8; 16], bytes: &[u8]) -> Result<Self, VaultError> {
        Self::read(way, vault, bytes).ok_or(VaultError::Damaged(Part::Way(way)))
    }

    fn read(way: Way, vault: &[u8; 16], bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM>()?;
        if digest_of(vault, way, body).get(..CHECKSUM)? != checksum {
            return None;
        }
        Self::read_body(way, body)
    }

    /// All but the checksum.
    pub(super) fn read_body(way: Way, body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(body);
        let salt = reader.array()?;
        let cost = match way {
            Way::Password => {
                let cost = Cost { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? };
                Some(cost).filter(|cost| cost.is_bearable()).map(Some)?
            }
            Way::Platform | Way::Recovery => None,
        };
        let private = reader.bytes()?.to_vec();
        let master = reader.fixed(SEALED_MASTER)?.to_vec();
        reader.is_at_end().then_some(Self { way, salt, cost, private, master })
    }

    /// What comes first and is bound to the sealed private half: salt and cost.
    fn head(&self) -> Vec<u8> {
        let mut head = self.salt.to_vec();
        if let Some(cost) = self.cost {
            for value in [cost.memory_kib, cost.passes, cost.lanes] {
                head.extend_from_slice(&value.to_be_bytes());
            }
        }
        head
    }

    fn seal(&self, vault: &[u8; 16], key: &Key) -> Seal {
        Seal { vault: *vault, book: 0, key: key.clone() }
    }

    const fn place<'a>(&self, head: &'a [u8]) -> Place<'a> {
        Place::Slot { way: self.way.number(), head }
    }

    /// Binds a sealed master key to its slot and to the key that it is.
    fn info(&self, vault: &[u8; 16], key_id: &[u8; 16]) -> Vec<u8> {
        [
            b"countersign master key\0".as_slice(),
            &FORMAT.to_be_bytes(),
            vault,
            &[self.way.number()],
            &self.salt,
            key_id,
        ]
        .concat()
    }
}

/// A key of a book with its public name, by which a key that has been replaced is told from damage.
#[derive(Clone)]
pub(super) struct Master {
    pub(super) id: [u8; 16],
    pub(super) key: Key,
}

impl Master {
    pub(super) fn new(vault: &[u8; 16], key: Key) -> Result<Self, VaultError> {
        // EXPOSE: the public name follows from the key and tells nothing of it.
        let name = derive(vault, key.expose(), "countersign key id", &[])?;
        let (id, _) = name.split_first_chunk().ok_or(VaultError::System)?;
        Ok(Self { id: *id, key })
    }

    pub(super) fn random(vault: &[u8; 16], entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        Self::new(vault, Key::random(entropy)?)
    }
}

/// SHA-256 of vault id, kind and bytes.
pub(super) fn digest_of(vault: &[u8; 16], way: Way, bytes: &[u8]) -> [u8; 32] {
    let digest = digest(&SHA256, &[vault.as_slice(), &[way.number()], bytes].concat());
    let mut out = [0; 32];
    out.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    out
}
