//! Ways in: what a person or the platform gives, and the slow derivation that turns it into a key.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::{Zeroize as _, Zeroizing};

use super::seal::{Key, derive};
use super::slot::Slot;
use super::{CodeMistake, Part, VaultError, recovery};
use crate::entropy::{Entropy, random};
use crate::secret::{Secret, WipingWriter};

/// Longest password, in bytes.
pub const MAX_PASSWORD: usize = 1024;

/// A kind of way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// A password, by Argon2id.
    Password,
    /// 32 random bytes that the platform keeps.
    Platform,
    /// A printed code of 160 bits.
    Recovery,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::Password, Self::Platform, Self::Recovery];

    /// The number in the file.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Password => 1,
            Self::Platform => 2,
            Self::Recovery => 3,
        }
    }

    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.number() == number)
    }

    /// Whether it stays with the person when the device is gone.
    pub(super) const fn is_way_back(self) -> bool {
        matches!(self, Self::Password | Self::Recovery)
    }

    /// What it means when a key of this way does not open its slot.
    pub(super) const fn refused(self) -> VaultError {
        match self {
            Self::Password => VaultError::WrongPassword,
            Self::Platform => VaultError::PlatformKeyGone,
            Self::Recovery => VaultError::WrongRecoveryCode(CodeMistake::Other),
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::Platform => "platform",
            Self::Recovery => "recovery code",
        })
    }
}

/// What a person or the platform gives to open a vault.
#[derive(Clone, Copy)]
pub enum WayIn<'a> {
    /// The password. UTF-8 is compared in the form NFC, so that another keyboard's form of the same text opens too.
    Password(&'a [u8]),
    /// The bytes that the platform keeps.
    Platform(&'a [u8; 32]),
    /// The recovery code as typed.
    Recovery(&'a str),
}

impl WayIn<'_> {
    /// Its kind.
    #[must_use]
    pub const fn way(&self) -> Way {
        match self {
            Self::Password(_) => Way::Password,
            Self::Platform(_) => Way::Platform,
            Self::Recovery(_) => Way::Recovery,
        }
    }

    /// The key material, before any derivation.
    pub(super) fn material(&self) -> Result<Secret, VaultError> {
        match self {
            Self::Password(password) => normalised(password),
            Self::Platform(bytes) => Ok(Secret::copy_of(*bytes)),
            Self::Recovery(typed) => recovery::read(typed).map_err(VaultError::WrongRecoveryCode),
        }
    }
}

/// The ways in of a new vault. Without a password a recovery code is required.
#[derive(Clone, Copy, Default)]
pub struct NewWays<'a> {
    /// 1 to 1,024 bytes.
    pub password: Option<&'a [u8]>,
    /// 32 random bytes that the platform will keep.
    pub platform: Option<&'a [u8; 32]>,
    /// Whether to make a recovery code.
    pub recovery: bool,
}

/// What Argon2id (RFC 9106) costs; stands in the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

impl Cost {
    /// 64 MiB, 3 passes, 1 lane: RFC 9106's second choice but for the lanes, as phones have few cores to spare.
    pub(super) const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

    /// The most that a file may ask for: 1 GiB, 16 passes, 16 lanes, 4 GiB of memory written in all.
    pub(super) fn is_bearable(self) -> bool {
        let work = u64::from(self.memory_kib) * u64::from(self.passes);
        (1..=16).contains(&self.lanes)
            && (1..=16).contains(&self.passes)
            && (8 * self.lanes..=1024 * 1024).contains(&self.memory_kib)
            && work <= 4 * 1024 * 1024
    }
}

/// A derivation, ready to run away from the vault.
pub struct Derivation {
    pub(super) vault: [u8; 16],
    pub(super) slot: Slot,
    pub(super) material: Secret,
}

impl Derivation {
    /// Derives the key and opens the way in. Slow for a password (Argon2id with 64 MiB: 0.15 s on a desktop, a second
    /// on a phone) and can't be interrupted; it needs no vault, so no lock has to be held meanwhile.
    ///
    /// # Errors
    /// `WrongPassword`, `WrongRecoveryCode(Other)`, `PlatformKeyGone`; `System` when the memory is not to be had.
    pub fn run(self) -> Result<OpenedSlot, VaultError> {
        let key = slot_key(&self.slot, &self.material)?;
        let private = self.slot.open(&self.vault, &key).ok_or(self.slot.way.refused())?;
        Ok(OpenedSlot { way: self.slot.way, salt: self.slot.salt, private })
    }
}

/// A way in that has been opened: unlocks its vault.
pub struct OpenedSlot {
    pub(super) way: Way,
    pub(super) salt: [u8; 16],
    pub(super) private: Key,
}

/// A new password with its key derived, away from the vault as that is slow.
pub struct NewPassword {
    pub(crate) draft: SlotDraft,
}

impl NewPassword {
    /// Runs Argon2id.
    ///
    /// # Errors
    /// `NoWayBack` for an empty password, `TooLarge` over 1,024 bytes, `System`.
    pub fn derive(password: &[u8], entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        if password.is_empty() {
            return Err(VaultError::NoWayBack);
        }
        SlotDraft::new(&WayIn::Password(password), entropy).map(|draft| Self { draft })
    }
}

/// A slot to be: everything slow is done.
pub(crate) struct SlotDraft {
    pub(crate) way: Way,
    pub(crate) salt: [u8; 16],
    pub(crate) cost: Option<Cost>,
    pub(crate) key: Key,
}

impl SlotDraft {
    pub(super) fn new(way_in: &WayIn<'_>, entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        let way = way_in.way();
        let cost = (way == Way::Password).then_some(Cost::DEFAULT);
        let salt = random(entropy)?;
        let key = stretch(&way_in.material()?, way, &salt, cost)?;
        Ok(Self { way, salt, cost, key })
    }
}

/// The key that seals a slot's private half.
fn slot_key(slot: &Slot, material: &Secret) -> Result<Key, VaultError> {
    stretch(material, slot.way, &slot.salt, slot.cost)
}

/// The key of a slot, from what opens it.
pub(crate) fn stretch(
    material: &Secret,
    way: Way,
    salt: &[u8; 16],
    cost: Option<Cost>,
) -> Result<Key, VaultError> {
    match cost {
        Some(cost) => argon2id(material, salt, cost),
        // EXPOSE: key material of full strength needs no stretching.
        None => derive(salt, material.expose(), "countersign way in", &[way.number()])
            .map(|key| Key::copy_of(&key)),
    }
}

fn argon2id(password: &Secret, salt: &[u8; 16], cost: Cost) -> Result<Key, VaultError> {
    if !cost.is_bearable() {
        return Err(VaultError::Damaged(Part::Way(Way::Password)));
    }
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| VaultError::System)?;
    let count = params.block_count();
    // Our own memory: the library's own ends the process when there is not enough, and stays unwiped.
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(count).map_err(|_| VaultError::System)?;
    blocks.resize(count, Block::new());
    let mut blocks = Zeroizing::new(blocks);
    let mut key = Key::copy_of(&[0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        // EXPOSE: the password is what the key is made of.
        .hash_password_into_with_memory(password.expose(), salt, key.expose_mut(), &mut **blocks)
        .map_err(|_| VaultError::System)?;
    Ok(key)
}

/// A password in the form NFC; bytes that are not UTF-8 stay as they are.
pub(crate) fn normalised(password: &[u8]) -> Result<Secret, VaultError> {
    if password.len() > MAX_PASSWORD {
        return Err(VaultError::TooLarge);
    }
    let Ok(text) = std::str::from_utf8(password) else { return Ok(Secret::copy_of(password)) };
    let mut out = WipingWriter::new(password.len() * 3);
    for character in ComposingNormalizerBorrowed::new_nfc().normalize_iter(text.chars()) {
        let mut bytes = [0; 4];
        out.push(character.encode_utf8(&mut bytes).as_bytes());
        bytes.zeroize();
    }
    Ok(out.into_secret())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argon2id_as_another_library_has_it() {
        // OpenSSL 4.0, by Python's `cryptography`: Argon2id(salt=b"somesaltsomesalt", length=32, …).
        let hex = |key: &Key| key.expose().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for (memory_kib, passes, lanes, expected) in [
            (1024, 3, 1, "f663220e2d954b93588ebcbcdbe308ae6b2dbb62d317b6d6feff63535b6e3a6e"),
            (256, 2, 4, "e42674cb8105a3c6863674ceab28f466fdcbcbffc512caf46cf67a0469c43bd5"),
        ] {
            let cost = Cost { memory_kib, passes, lanes };
            let key = argon2id(&Secret::copy_of(b"password"), b"somesaltsomesalt", cost).unwrap();
            assert_eq!(hex(&key), expected);
        }
    }

    #[test]
    fn costs_beyond_bearing_are_refused_before_any_work() {
        let cost = |memory_kib, passes, lanes| Cost { memory_kib, passes, lanes };
        for good in [Cost::DEFAULT, cost(8, 1, 1), cost(1024 * 1024, 4, 1), cost(128, 16, 16)] {
            assert!(good.is_bearable(), "{good:?}");
        }
        for bad in [
            cost(7, 1, 1),
            cost(127, 1, 16),
            cost(1024 * 1024 + 1, 1, 1),
            cost(1024 * 1024, 5, 1),
            cost(u32::MAX, u32::MAX, u32::MAX),
            cost(64, 0, 1),
            cost(64, 17, 1),
            cost(64, 1, 0),
            cost(64, 1, u32::MAX),
        ] {
            assert!(!bad.is_bearable(), "{bad:?}");
            assert_eq!(
                argon2id(&Secret::default(), &[0; 16], bad).err(),
                Some(VaultError::Damaged(Part::Way(Way::Password)))
            );
        }
    }

    #[test]
    fn the_same_text_in_another_unicode_form_is_the_same_password() {
        assert_eq!(normalised("がp\u{e9}".as_bytes()), normalised("か\u{3099}pe\u{301}".as_bytes()));
        assert_ne!(normalised(b"a"), normalised(b"A"));
        assert_eq!(normalised(&[0xff, 0]).unwrap().expose(), [0xff, 0]);
        assert_eq!(normalised(&[b'a'; MAX_PASSWORD + 1]), Err(VaultError::TooLarge));
    }
}
