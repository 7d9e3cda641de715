//! From a password to a key, by parameters that a stranger's file chooses: looked at before any work is done.

use argon2::{Algorithm, Argon2, Block, Version};
use ring::{digest, hmac};
use zeroize::Zeroizing;

use super::Refused;
use super::slices::{AesRounds, Pbkdf2};
use crate::reason::Reason;
use crate::secret::Secret;
use crate::vault::Way;
use crate::vault::way::stretch;

/// Most memory that is given without asking, in KiB.
const MEMORY_KIB: u64 = 256 * 1024;
/// Most rounds of PBKDF2; some apps choose 600,000.
const ROUNDS: u64 = 10_000_000;
/// Most rounds of AES: several seconds. KeePass offers as many as a computer does in one.
const AES_ROUNDS: u64 = 1 << 28;
/// Most memory times passes, in KiB: Ente's 1 GiB four times, and twice that.
const WORK_KIB: u64 = 8 * 1024 * 1024;
/// Longest salt, in bytes; 2FAS has 256.
const MAX_SALT: usize = 1024;
/// Rounds and KiB of a trial: some milliseconds.
const TRIAL_ROUNDS: u64 = 10_000;
const TRIAL_AES_ROUNDS: u64 = 100_000;
const TRIAL_KIB: u64 = 4096;
/// What a key derivation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory at once; 0 for PBKDF2.
    pub memory_kib: u64,
    /// Passes over that memory, or rounds of PBKDF2 or AES.
    pub rounds: u64,
    /// Whether it can be stopped on the way; otherwise it runs to its end once begun.
    pub in_slices: bool,
    work: Work,
}

/// What a derivation spends its time with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Memory,
    Hashes,
    Ciphers,
}

impl Cost {
    /// Rounds, or passes times KiB of memory.
    const fn all(self) -> u64 {
        match self.work {
            Work::Memory => self.memory_kib.saturating_mul(self.rounds),
            Work::Hashes | Work::Ciphers => self.rounds,
        }
    }

    /// How many times as much as a trial of its kind it is.
    pub(super) const fn trials(self) -> u64 {
        self.all()
            / match self.work {
                Work::Memory => TRIAL_KIB,
                Work::Hashes => TRIAL_ROUNDS,
                Work::Ciphers => TRIAL_AES_ROUNDS,
            }
    }

    /// Does a small part of such work.
    pub(super) fn try_out(self) {
        let function = match self.work {
            Work::Hashes => Function::pbkdf2(Hash::Sha256, TRIAL_ROUNDS),
            Work::Ciphers => Function::Aes { rounds: TRIAL_AES_ROUNDS },
            Work::Memory => Function::Argon2id { memory_kib: TRIAL_KIB, passes: 1, lanes: 1 },
        };
        let derivation = Derivation { function, salt: vec![0; 16] };
        // What a trial derives is of no use, and where it fails so does the real one.
        let _ = derivation.start(&Secret::default()).step();
    }
}

/// What a host gives to a derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// KiB of memory. The default is 256 MiB; Ente's files of a computer want 1 GiB.
    pub memory_kib: u64,
}

impl Limits {
    /// So much memory; 0 is the default.
    #[must_use]
    pub fn of_memory(memory_kib: u64) -> Self {
        if memory_kib == 0 { Self::default() } else { Self { memory_kib } }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_kib: MEMORY_KIB }
    }
}

/// How a file makes its key, of 32 bytes where nothing else is said.
#[derive(Clone, Debug)]
pub(super) struct Derivation {
    pub(super) function: Function,
    pub(super) salt: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Function {
    /// None: what is inside makes its keys of the password itself, in so many rounds of PBKDF2 together.
    AsTyped {
        rounds: u64,
    },
    /// One hash and nothing else, as careless apps do.
    Sha256,
    /// HKDF of a recovery code of ours, which needs no stretching.
    RecoveryCode,
    Pbkdf2 {
        hash: Hash,
        rounds: u64,
        /// Bytes of key.
        length: usize,
    },
    Scrypt {
        n: u64,
        r: u64,
        p: u64,
    },
    Argon2id {
        memory_kib: u64,
        passes: u64,
        lanes: u64,
    },
    /// KeePass's default.
    Argon2d {
        memory_kib: u64,
        passes: u64,
        lanes: u64,
    },
    /// KeePass's own: the salt is the key under which the password's hash is enciphered again and again.
    Aes {
        rounds: u64,
    },
}

/// The hash of PBKDF2's HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl Function {
    /// PBKDF2 for a key of 32 bytes.
    pub(super) const fn pbkdf2(hash: Hash, rounds: u64) -> Self {
        Self::Pbkdf2 { hash, rounds, length: 32 }
    }
}

impl Derivation {
    pub(super) fn cost(&self) -> Cost {
        match self.function {
            Function::Sha256 | Function::RecoveryCode => {
                Cost { memory_kib: 0, rounds: 1, in_slices: true, work: Work::Hashes }
            }
            Function::Aes { rounds } => Cost { memory_kib: 0, rounds, in_slices: true, work: Work::Ciphers },
            Function::AsTyped { rounds } => {
                Cost { memory_kib: 0, rounds, in_slices: true, work: Work::Hashes }
            }
            Function::Pbkdf2 { hash, rounds, length } => {
                let blocks = u64::try_from(length.div_ceil(hash.size())).unwrap_or(u64::MAX);
                let rounds = rounds.saturating_mul(blocks);
                Cost { memory_kib: 0, rounds, in_slices: true, work: Work::Hashes }
            }
            Function::Scrypt { n, r, p } => {
                // Blocks of 128 r bytes: n of them for one pass, and one more of each pass, all at once (RFC 7914).
                let memory_kib = n.saturating_add(p).saturating_mul(r).div_ceil(8);
                Cost { memory_kib, rounds: p, in_slices: false, work: Work::Memory }
            }
            Function::Argon2id { memory_kib, passes, .. } | Function::Argon2d { memory_kib, passes, .. } => {
                Cost { memory_kib, rounds: passes, in_slices: false, work: Work::Memory }
            }
        }
    }

    /// Whether all of these are within the limits: each by itself, and their work together.
    ///
    /// # Errors
    /// `DerivationTooCostly`, with what is wanted and what is given; `ImportDamaged` for what no such function takes.
    pub(super) fn check_all<'d>(
        derivations: impl Iterator<Item = &'d Self> + Clone,
        limits: Limits,
    ) -> Result<(), Refused> {
        derivations.clone().try_for_each(|derivation| derivation.check(limits))?;
        for (work, most, unit) in [
            (Work::Memory, WORK_KIB, "KiB of passes"),
            (Work::Hashes, ROUNDS, "rounds"),
            (Work::Ciphers, AES_ROUNDS, "rounds"),
        ] {
            let costs = derivations.clone().map(Self::cost).filter(|cost| cost.work == work);
            let all = costs.fold(0_u64, |all, cost| all.saturating_add(cost.all()));
            if all > most {
                return Err(Refused::over(Reason::DerivationTooCostly, all, most, unit));
            }
        }
        Ok(())
    }

    pub(super) fn check(&self, limits: Limits) -> Result<(), Refused> {
        let cost = self.cost();
        let too_costly =
            |wanted, most, unit| Err(Refused::over(Reason::DerivationTooCostly, wanted, most, unit));
        if self.salt.len() > MAX_SALT || cost.rounds == 0 {
            return Err(Reason::ImportDamaged.into());
        }
        // Before the memory: of that a host can give more, which would help nothing here.
        if cost.work == Work::Memory && cost.all() > WORK_KIB {
            return too_costly(cost.all(), WORK_KIB, "KiB of passes");
        }
        if cost.memory_kib > limits.memory_kib {
            return too_costly(cost.memory_kib, limits.memory_kib, "KiB");
        }
        let most = if cost.work == Work::Ciphers { AES_ROUNDS } else { ROUNDS };
        if cost.rounds > most {
            return too_costly(cost.rounds, most, "rounds");
        }
        Ok(())
    }

    /// Begins. Call [`Running::step`] until it gives the key.
    pub(super) fn start(&self, password: &Secret) -> Running {
        match self.function {
            Function::Pbkdf2 { hash, rounds, length } => {
                Running::Pbkdf2(Box::new(Pbkdf2::new(hash, password, &self.salt, (rounds, length))))
            }
            Function::Aes { rounds } => match AesRounds::new(password, &self.salt, rounds) {
                Some(running) => Running::Aes(Box::new(running)),
                None => Running::Whole(self.clone(), password.clone()),
            },
            Function::AsTyped { .. }
            | Function::Sha256
            | Function::RecoveryCode
            | Function::Scrypt { .. }
            | Function::Argon2id { .. }
            | Function::Argon2d { .. } => Running::Whole(self.clone(), password.clone()),
        }
    }

    fn whole(&self, password: &Secret) -> Result<Secret, Refused> {
        let damaged = || Refused::from(Reason::ImportDamaged);
        let small = |number: u64| u32::try_from(number).map_err(|_| damaged());
        let mut key = Zeroizing::new([0; 32]);
        match self.function {
            Function::Pbkdf2 { .. } | Function::Aes { .. } => return Err(damaged()),
            Function::AsTyped { .. } => return Ok(password.clone()),
            Function::Sha256 => {
                // EXPOSE: the password is what the key is made of.
                let hash = digest::digest(&digest::SHA256, password.expose());
                return Ok(Secret::copy_of(hash.as_ref()));
            }
            Function::RecoveryCode => {
                let salt = self.salt.as_slice().try_into().map_err(|_| damaged())?;
                let key = stretch(password, Way::Recovery, salt, None)
                    .map_err(|_| Refused::from(Reason::SystemFailed))?;
                // EXPOSE: the key of the way in, in the form that a derivation gives.
                return Ok(Secret::copy_of(key.expose()));
            }
            Function::Scrypt { n, r, p } => {
                let log_n = n.checked_ilog2().filter(|_| n.is_power_of_two()).ok_or_else(damaged)?;
                let log_n = u8::try_from(log_n).map_err(|_| damaged())?;
                let params = scrypt::Params::new(log_n, small(r)?, small(p)?).map_err(|_| damaged())?;
                // EXPOSE: the password is what the key is made of.
                scrypt::scrypt(password.expose(), &self.salt, &params, &mut *key).map_err(|_| damaged())?;
            }
            Function::Argon2id { memory_kib, passes, lanes }
            | Function::Argon2d { memory_kib, passes, lanes } => {
                let is_d = matches!(self.function, Function::Argon2d { .. });
                let algorithm = if is_d { Algorithm::Argon2d } else { Algorithm::Argon2id };
                let params = argon2::Params::new(small(memory_kib)?, small(passes)?, small(lanes)?, Some(32))
                    .map_err(|_| damaged())?;
                let mut blocks = blocks(params.block_count())?;
                Argon2::new(algorithm, Version::V0x13, params)
                    // EXPOSE: the password is what the key is made of.
                    .hash_password_into_with_memory(password.expose(), &self.salt, &mut *key, &mut **blocks)
                    .map_err(|_| damaged())?;
            }
        }
        Ok(Secret::copy_of(&*key))
    }
}

/// Our own memory for Argon2: the library's own ends the process when there is not enough, and stays unwiped.
fn blocks(count: usize) -> Result<Zeroizing<Vec<Block>>, Refused> {
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(count).map_err(|_| Refused::from(Reason::MemoryLacking))?;
    blocks.resize(count, Block::new());
    Ok(Zeroizing::new(blocks))
}

/// A derivation on its way.
#[derive(Debug)]
pub(super) enum Running {
    Pbkdf2(Box<Pbkdf2>),
    Aes(Box<AesRounds>),
    Whole(Derivation, Secret),
}

impl Running {
    /// Goes on for a slice; the key once it is there.
    pub(super) fn step(&mut self) -> Result<Option<Secret>, Refused> {
        match self {
            Self::Pbkdf2(pbkdf2) => Ok(pbkdf2.step()),
            Self::Aes(rounds) => Ok(rounds.step()),
            Self::Whole(derivation, password) => derivation.whole(password).map(Some),
        }
    }

    /// Rounds done.
    pub(super) fn done(&self) -> u64 {
        match self {
            Self::Pbkdf2(pbkdf2) => pbkdf2.done,
            Self::Aes(rounds) => rounds.done,
            Self::Whole(..) => 0,
        }
    }
}

impl Hash {
    pub(super) const fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    pub(super) const fn hmac(self) -> hmac::Algorithm {
        match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::super::sealing::hex_bytes;
    use super::super::slices::SLICE;
    use super::*;

    fn derived(function: Function, salt: &[u8], password: &[u8]) -> (Secret, u32) {
        let derivation = Derivation { function, salt: salt.to_vec() };
        derivation.check(Limits::default()).unwrap();
        let mut running = derivation.start(&Secret::copy_of(password));
        let mut steps: u32 = 1;
        loop {
            if let Some(key) = running.step().unwrap() {
                return (key, steps);
            }
            steps += 1;
        }
    }

    #[test]
    fn pbkdf2_in_slices_is_that_of_ring() {
        use ring::pbkdf2::{PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512, derive};
        for (hash, algorithm) in [
            (Hash::Sha1, PBKDF2_HMAC_SHA1),
            (Hash::Sha256, PBKDF2_HMAC_SHA256),
            (Hash::Sha512, PBKDF2_HMAC_SHA512),
        ] {
            for (rounds, length) in [(1, 32), (2, 66), (19_999, 32), (20_000, 32), (20_001, 32), (50_000, 33)]
            {
                let (key, steps) = derived(Function::Pbkdf2 { hash, rounds, length }, b"salt", b"password");
                let mut expected = vec![0; length];
                let count = NonZeroU32::new(u32::try_from(rounds).unwrap()).unwrap();
                derive(algorithm, count, b"salt", b"password", &mut expected);
                assert_eq!(key, Secret::copy_of(&expected), "{hash:?} {rounds}");
                let all = rounds * length.div_ceil(hash.size()) as u64;
                assert_eq!(u64::from(steps), all / u64::from(SLICE) + 1, "{hash:?} {rounds}");
            }
        }
    }

    #[test]
    fn too_little_memory_is_told_as_that() {
        assert_eq!(blocks(usize::MAX / size_of::<Block>()).unwrap_err(), Reason::MemoryLacking.into());
    }

    #[test]
    fn a_trial_is_a_known_part() {
        let cost = |function| Derivation { function, salt: vec![0; 16] }.cost();
        assert_eq!(cost(Function::pbkdf2(Hash::Sha256, 600_000)).trials(), 60);
        assert_eq!(cost(Function::Argon2id { memory_kib: 1 << 20, passes: 4, lanes: 1 }).trials(), 1024);
        assert_eq!(cost(Function::Aes { rounds: 6_000_000 }).trials(), 60);
        assert_eq!(cost(Function::Sha256).trials(), 0);
    }

    /// As another implementation (Python's `cryptography`) makes it; three slices.
    #[test]
    fn rounds_of_aes_in_slices() {
        let salt: Vec<u8> = (0..32).collect();
        let password = [[1_u8; 16], [2; 16]].concat();
        let (key, steps) = derived(Function::Aes { rounds: 450_000 }, &salt, &password);
        assert_eq!(
            key,
            Secret::from(
                hex_bytes("bc8a15503e893faf74b8293b4fab9c2f720d43ecbc5b91d14d9dfa506bd6a4c3").unwrap()
            )
        );
        assert_eq!(steps, 3);
        let short = Derivation { function: Function::Aes { rounds: 1 }, salt: vec![0; 16] };
        assert_eq!(short.start(&Secret::from(password)).step(), Err(Reason::ImportDamaged.into()));
    }

    /// As another implementation (`argon2-cffi`) makes it.
    #[test]
    fn argon2d() {
        let function = Function::Argon2d { memory_kib: 64, passes: 2, lanes: 2 };
        let (key, _) = derived(function, b"somesaltsomesalt", b"password");
        assert_eq!(
            key,
            Secret::from(
                hex_bytes("58d9485f9c7394e7a3a3759ae7d111c27fcc13848bfc78fa6f1d6618e2901a79").unwrap()
            )
        );
    }

    /// RFC 7914, section 12.
    #[test]
    fn scrypt() {
        let (key, _) = derived(Function::Scrypt { n: 1024, r: 8, p: 16 }, b"NaCl", b"password");
        assert_eq!(key.expose()[..4], [0xfd, 0xba, 0xbe, 0x1c]);
    }

    #[test]
    fn what_costs_too_much_is_told_with_its_figures() {
        let refused = |function| {
            let derivation = Derivation { function, salt: vec![0; 16] };
            derivation.check(Limits::default()).unwrap_err()
        };
        let ente = Function::Argon2id { memory_kib: 1024 * 1024, passes: 4, lanes: 1 };
        let over = |wanted, most, unit| Refused::over(Reason::DerivationTooCostly, wanted, most, unit);
        assert_eq!(refused(ente), over(1024 * 1024, MEMORY_KIB, "KiB"));
        let given = Limits { memory_kib: 1024 * 1024 };
        assert_eq!(Derivation { function: ente, salt: vec![0; 16] }.check(given), Ok(()));
        let long = Function::Argon2id { memory_kib: 1024, passes: 1 << 20, lanes: 1 };
        assert_eq!(refused(long), over(1 << 30, WORK_KIB, "KiB of passes"));
        assert_eq!(refused(Function::pbkdf2(Hash::Sha256, u64::MAX)), over(u64::MAX, ROUNDS, "rounds"));
        assert_eq!(refused(Function::Aes { rounds: u64::MAX }), over(u64::MAX, AES_ROUNDS, "rounds"));
        let huge = Function::Scrypt { n: 1 << 40, r: 1 << 40, p: 1 };
        assert_eq!(refused(huge), over(u64::MAX.div_ceil(8), WORK_KIB, "KiB of passes"));
        // A block for each pass, all at once: a small n hides nothing.
        let wide = Function::Scrypt { n: 2, r: 8, p: 10_000_000 };
        assert_eq!(refused(wide), over(10_000_002 * 10_000_000, WORK_KIB, "KiB of passes"));
        assert_eq!(refused(Function::pbkdf2(Hash::Sha256, 0)), Reason::ImportDamaged.into());
    }

    #[test]
    fn many_that_are_cheap_may_cost_too_much_together() {
        let of = |function, count| vec![Derivation { function, salt: vec![0; 16] }; count];
        let check = |all: &[Derivation]| Derivation::check_all(all.iter(), Limits::default());
        let over = |wanted, most, unit| Err(Refused::over(Reason::DerivationTooCostly, wanted, most, unit));
        let argon = Function::Argon2id { memory_kib: MEMORY_KIB, passes: 4, lanes: 1 };
        assert_eq!(check(&of(argon, 8)), Ok(()));
        assert_eq!(check(&of(argon, 9)), over(9 * 4 * MEMORY_KIB, WORK_KIB, "KiB of passes"));
        let hashes = Function::pbkdf2(Hash::Sha256, ROUNDS / 2);
        assert_eq!(check(&of(hashes, 3)), over(ROUNDS / 2 * 3, ROUNDS, "rounds"));
        assert_eq!(check(&[of(argon, 8), of(hashes, 2)].concat()), Ok(()));
    }
}
