//! Making, opening and unlocking a vault.

use std::path::Path;

use super::draft::Draft;
use super::rekey;
use super::row::Under;
use super::session::Session;
use super::slot::{Master, Slot};
use super::store::{Store, Tx};
use super::way::{Derivation, NewWays, OpenedSlot, SlotDraft, Way, WayIn};
use super::{Head, Part, RecoveryCode, Vault, VaultError, VaultId};
use crate::clock::Now;
use crate::entropy::{Entropy, random};

/// What unlocking found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Unlocked, all as expected.
    Clean,
    /// Unlocked, but these parts are damaged. A way in is set anew by its own call, watch rows by
    /// [`Vault::renew_watch`]; the accounts of a damaged index page can't be read, all others can, and be exported.
    Damaged(Vec<Part>),
    /// Locked: the file is older than the known head, or a fork of it. [`Vault::unlock_older`] takes it as it
    /// is.
    RolledBack {
        /// The head of the file.
        found: Head,
    },
}

impl Vault {
    /// Makes a vault and leaves it unlocked. Slow with a password. Never overwrites a file; on an error no file is
    /// left, and after a crash none, or one whose name ends in `.new-…`, which is no vault.
    ///
    /// # Errors
    /// `NoWayBack` without both a password and a recovery code, or with an empty password; `Exists`, also for the log
    /// of a vault that is gone; `NotFound` (no such folder), `ReadOnly`, `DiskFull`, `TooLarge`, `System`.
    pub fn create(
        path: &Path,
        ways: &NewWays<'_>,
        entropy: &mut dyn Entropy,
        now: Now,
    ) -> Result<(Self, Option<RecoveryCode>), VaultError> {
        let (slots, code) = first_slots(ways, entropy)?;
        let id = VaultId::new(random(entropy)?);
        let mut master = None;
        let mut store = Store::create(path, entropy, |tx, entropy| {
            tx.set_vault_id(&id.bytes)?;
            master = Some(rekey::first_books(tx, id.bytes, &slots, entropy)?);
            Ok(())
        })?;
        let master = master.ok_or(VaultError::System)?;
        let (session, _) = Session::load(&store.read()?, id.bytes, &master, now)?;
        Ok((Self { store, id, session: Some(session), grace_ms: None }, code))
    }

    /// Opens a vault file, locked. An older format is brought up to date in one transaction.
    ///
    /// # Errors
    /// `NotFound`, `NotAVault`, `NewerVersion`, `Damaged`, `ReadOnly`, `InUse`, `DiskFull`, `System`.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let mut store = Store::open(path)?;
        let id = VaultId::read(&store.read()?)?;
        Ok(Self { store, id, session: None, grace_ms: None })
    }

    /// The ways in that the file has, locked or not.
    ///
    /// # Errors
    /// Those of reading a file.
    pub fn ways(&mut self) -> Result<Vec<Way>, VaultError> {
        let numbers = self.store.read()?.slots()?;
        Ok(numbers.into_iter().filter_map(Way::of_number).collect())
    }

    /// Reads what opening by this way takes. Quick.
    ///
    /// # Errors
    /// `NoSuchWay`; `WrongRecoveryCode` for a mistyped one; `Damaged(Part::Way)`; `TooLarge` for a password.
    pub fn derivation(&mut self, way_in: WayIn<'_>) -> Result<Derivation, VaultError> {
        let way = way_in.way();
        let material = way_in.material()?;
        let content = self.store.read()?.slot(way.number())?.ok_or(VaultError::NoSuchWay(way))?;
        let slot = Slot::decode(way, &self.id.bytes, &content)?;
        Ok(Derivation { vault: self.id.bytes, slot, material })
    }

    /// Unlocks; quick. `known` is the head that the host kept after the last change, where it keeps one: an older
    /// copy of the whole file, or another state of the same generation, is noticed by it alone.
    ///
    /// # Errors
    /// `WrongPassword`, `WrongRecoveryCode(Other)` or `PlatformKeyGone` when that way in has been changed since the
    /// derivation; `Damaged`.
    pub fn unlock(
        &mut self,
        opened: &OpenedSlot,
        known: Option<&Head>,
        now: Now,
    ) -> Result<Finding, VaultError> {
        let (session, damaged) = load(&self.store.read()?, &self.id, opened, now)?;
        let found = session.head();
        if known.is_some_and(|known| is_older(&found, known)) {
            self.session = None;
            return Ok(Finding::RolledBack { found });
        }
        self.session = Some(session);
        Ok(finding(damaged))
    }

    /// Unlocks a vault that [`Vault::unlock`] found to be older than `known`: the person knows, and takes it as it is.
    /// Its generation is lifted above the known one, so that it is found once only.
    ///
    /// # Errors
    /// Those of [`Vault::unlock`] and of a write.
    pub fn unlock_older(
        &mut self,
        opened: &OpenedSlot,
        known: &Head,
        entropy: &mut dyn Entropy,
        now: Now,
    ) -> Result<Finding, VaultError> {
        let tx = self.store.write()?;
        let (mut session, damaged) = load(&tx, &self.id, opened, now)?;
        if is_older(&session.head(), known) {
            let mut draft = Draft::new(&session.main)?;
            draft.lift(known.generation.checked_add(1).ok_or(VaultError::TooLarge)?);
            let done = draft.finish(&tx, entropy)?;
            done.into_iter().for_each(|done| session.main.follow(done));
            tx.commit()?;
        }
        self.session = Some(session);
        Ok(finding(damaged))
    }
}

/// The slots of a new vault, all slow work done, and the code of a recovery slot.
fn first_slots(
    ways: &NewWays<'_>,
    entropy: &mut dyn Entropy,
) -> Result<(Vec<SlotDraft>, Option<RecoveryCode>), VaultError> {
    if ways.password.map_or(!ways.recovery, <[u8]>::is_empty) {
        return Err(VaultError::NoWayBack);
    }
    let mut slots = Vec::new();
    for way_in in
        [ways.password.map(WayIn::Password), ways.platform.map(WayIn::Platform)].into_iter().flatten()
    {
        slots.push(SlotDraft::new(&way_in, entropy)?);
    }
    let code = ways.recovery.then(|| RecoveryCode::new(entropy)).transpose()?;
    if let Some(code) = &code {
        slots.push(code.slot(entropy)?);
    }
    Ok((slots, code))
}

/// The session that an opened way in leads to, and what is damaged.
fn load(
    tx: &Tx<'_>,
    id: &VaultId,
    opened: &OpenedSlot,
    now: Now,
) -> Result<(Session, Vec<Part>), VaultError> {
    let way = opened.way;
    let content = tx.slot(way.number())?.ok_or(way.refused())?;
    let slot = Slot::decode(way, &id.bytes, &content)?;
    if slot.salt != opened.salt {
        return Err(way.refused());
    }
    let (key_id, _) = tx.root(Under::MasterKey.book())?.ok_or(VaultError::Damaged(Part::Root))?;
    let key = slot.master(&id.bytes, &opened.private, &key_id).ok_or(VaultError::Damaged(Part::Root))?;
    let master = Master::new(&id.bytes, key)?;
    // A root under another key than the slots lead to is none of this vault.
    Session::load(tx, id.bytes, &master, now).map_err(|error| match error {
        VaultError::Locked => VaultError::Damaged(Part::Root),
        other => other,
    })
}

fn is_older(found: &Head, known: &Head) -> bool {
    found.generation < known.generation || (found.generation == known.generation && found.tag != known.tag)
}

fn finding(damaged: Vec<Part>) -> Finding {
    if damaged.is_empty() { Finding::Clean } else { Finding::Damaged(damaged) }
}
