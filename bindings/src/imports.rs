use std::sync::Arc;

use countersign::authenticator;
use countersign::clock::{Now, UnixTime};
use countersign::link::Odd;
use countersign::reason::Reason;
use countersign::transfer::backup;
use countersign::transfer::import::{self, Differs, Limits, Note};

use crate::authenticator::Authenticator;
use crate::error::Result;
use crate::guarded::Guarded;
use crate::open::text_of;

/// The entries of a file of another app, or of a backup of ours. Nothing of it is in the vault yet.
#[derive(uniffi::Object)]
pub(crate) struct ImportBatch {
    core: import::Batch,
    /// What was shown of it: what has come in since then does not come in twice.
    previewed: Guarded<Vec<import::Row>>,
}

/// A file that a password opens.
#[derive(uniffi::Object)]
pub(crate) struct LockedImport {
    core: import::Locked,
}

/// A file that is being opened: a key is derived from the password. To stop, let it go.
#[derive(uniffi::Object)]
pub(crate) struct ImportUnlocking {
    core: Guarded<import::Unlocking>,
}

/// A file, as far as it is open.
#[derive(uniffi::Enum)]
pub(crate) enum OpenedImport {
    Entries { batch: Arc<ImportBatch> },
    NeedsPassword { file: Arc<LockedImport> },
}

/// How far the opening is.
#[derive(uniffi::Enum)]
pub(crate) enum UnlockProgress {
    /// Call `step` again. `of` counts every password of the file; with a right one the later are often not needed.
    Working {
        done: u64,
        of: u64,
    },
    Done {
        batch: Arc<ImportBatch>,
    },
}

/// Whose file it is.
#[derive(uniffi::Record)]
pub(crate) struct ImportKind {
    /// The app's name as its maker writes it; `otpauth` for a list of set-up links.
    app: String,
    /// The format, a short name that stays.
    format: String,
}

/// What deriving a key costs.
#[derive(uniffi::Record)]
pub(crate) struct DerivationCost {
    /// KiB of memory at once; 0 for PBKDF2.
    memory_kib: u64,
    /// Passes over the memory, or rounds of PBKDF2.
    rounds: u64,
    /// Whether `step` comes back in between; otherwise it comes back at the end, and is called on a thread that may be
    /// left.
    in_slices: bool,
}

/// A limit that a file goes over.
#[derive(uniffi::Record)]
pub(crate) struct OverLimit {
    wanted: u64,
    most: u64,
    /// `bytes`, `KiB`, `rounds` or `entries`.
    unit: String,
}

/// One entry of a file, held against the vault.
#[derive(uniffi::Record)]
pub(crate) struct ImportRow {
    /// Its place in the file, from 0: what `import_entries` takes.
    entry: u64,
    standing: Standing,
    /// Whether it is taken unless the person says otherwise.
    chosen: bool,
    issuer: String,
    name: String,
    /// `totp`, `hotp`, `steam`, `motp`, `yandex`, or the file's own word.
    kind: String,
    /// As the file has them, also where there are no codes.
    algorithm: String,
    digits: Option<i64>,
    period: Option<i64>,
    counter: Option<i64>,
    favourite: bool,
    tags: Vec<String>,
    odd: Vec<Odd>,
    notes: Vec<Note>,
    /// Whether it was read in a way that the person should look at.
    is_odd: bool,
    /// Of a backup: it approved sign-ins and does not here, which needs a new set-up.
    needs_set_up: Option<LeftApproval>,
}

/// Sign-ins that an account of a backup approved: its key could not leave the device.
#[derive(uniffi::Record)]
pub(crate) struct LeftApproval {
    /// The approval system, a short name that stays.
    system: String,
    /// The server: its address, with the realm where it has several.
    origin: String,
}

/// How an entry stands to the accounts that are there.
#[derive(uniffi::Enum)]
pub(crate) enum Standing {
    /// No account is like it.
    New,
    /// This account is the same.
    Same { account: String },
    /// An entry before it, by its place, is the same.
    Repeated { entry: u64 },
    /// This account is the same and lies in the trash: importing takes it out again.
    InTrash { account: String },
    /// This account is like it: both stay.
    Differs { account: String, what: Vec<Differs> },
    /// It can't be taken.
    Refused { reason: Reason },
}

/// An import that can be undone.
#[derive(uniffi::Record)]
pub(crate) struct PastImport {
    id: String,
    at: UnixTime,
    /// Whose file it was.
    app: String,
    /// How many accounts it brought.
    accounts: u64,
}

/// What an import did.
#[derive(uniffi::Record)]
pub(crate) struct ImportResult {
    /// For `undo_import`; none where nothing was chosen.
    id: Option<String>,
    /// Ids of the accounts, in the order of the entries.
    accounts: Vec<String>,
}

/// Whether a file is a backup of ours, by how it begins.
#[uniffi::export]
fn is_backup(file: &[u8]) -> bool {
    backup::is_backup(file)
}

/// Reads a file, a picture or a text of another app, or a backup of ours. Fails with `Refused`: `NotAnImport`, `ImportDamaged`,
/// `NewerFormat`, `ImportTooLarge`, `AccountRestricted`, `NoPasswordSlot`, and those of pictures.
#[uniffi::export]
fn open_import(file: &[u8]) -> Result<OpenedImport> {
    Ok(import::open(file)?.into())
}

#[uniffi::export]
impl LockedImport {
    fn kind(&self) -> ImportKind {
        ImportKind { app: self.core.app.name().to_owned(), format: self.core.format.to_owned() }
    }

    /// What the key of each password of the file costs, in the order in which they are tried.
    fn costs(&self) -> Vec<DerivationCost> {
        self.core.costs().map(Into::into).collect()
    }

    /// Does a small part of the work: all of it takes so many times as long as this call, at most.
    fn trial(&self) -> u64 {
        self.core.trial()
    }

    /// What the file wants above the limits, with so much memory at most; 0 is the usual 256 MiB.
    fn over_limit(&self, memory_kib: u64) -> Option<OverLimit> {
        self.core.check(Limits::of_memory(memory_kib)).err()?.figures.map(Into::into)
    }

    /// Whether a recovery code opens it as well: a backup of ours may have one.
    fn takes_code(&self) -> bool {
        self.core.takes_code()
    }

    /// Begins to open it by its recovery code as typed (UTF-8). Fails with `Refused`: `RecoveryCodeMistyped`,
    /// `NoCodeSlot`.
    fn unlock_with_code(&self, typed: &[u8]) -> Result<Arc<ImportUnlocking>> {
        Ok(Arc::new(ImportUnlocking { core: Guarded::new(self.core.unlock_with_code(text_of(typed))?) }))
    }

    /// Begins to open it, with so much memory at most; 0 is the usual 256 MiB. Fails with
    /// `Refused(DerivationTooCostly)`.
    fn unlock(&self, password: &[u8], memory_kib: u64) -> Result<Arc<ImportUnlocking>> {
        let core = Guarded::new(self.core.unlock(password, Limits::of_memory(memory_kib))?);
        Ok(Arc::new(ImportUnlocking { core }))
    }
}

#[uniffi::export]
impl ImportUnlocking {
    /// Goes on: some hundredths of a second where the cost says `in_slices`, else to the end. Fails with `Refused`:
    /// `ImportWrongPassword`, `ImportWrongRecoveryCode`, `ImportDamaged`, `NewerFormat`, `ImportTooLarge`, `MemoryLacking`.
    fn step(&self) -> Result<UnlockProgress> {
        Ok(self.core.lock().step()?.into())
    }
}

#[uniffi::export]
impl ImportBatch {
    fn kind(&self) -> ImportKind {
        ImportKind { app: self.core.app.name().to_owned(), format: self.core.format.to_owned() }
    }

    /// When it was made: only a backup of ours says so.
    fn made_at(&self) -> Option<UnixTime> {
        self.core.made_at
    }

    /// With another part of the same export, or another file, behind it; a part that is there adds nothing.
    fn joined(&self, other: &ImportBatch) -> Arc<ImportBatch> {
        Arc::new(ImportBatch::of(self.core.clone().and(other.core.clone())))
    }

    /// How many parts the export has in all; 0 for one that is not in parts.
    fn part_count(&self) -> u32 {
        self.core.part_count()
    }

    /// The numbers, from 1, of parts that are still missing, of an export in several pictures.
    fn missing_parts(&self) -> Vec<u32> {
        self.core.missing()
    }
}

#[uniffi::export]
impl Authenticator {
    /// Holds the entries against the vault. Nothing is changed.
    fn preview_import(&self, batch: &ImportBatch, now: Now) -> Result<Vec<ImportRow>> {
        let rows = self.core.lock().preview_import(&batch.core, now)?;
        batch.previewed.lock().clone_from(&rows);
        Ok(rows.into_iter().zip(&batch.core.entries).map(Into::into).collect())
    }

    /// Adds the chosen entries, by their places, in one transaction: all of them, or on an error none; what has
    /// come in since the last preview does not come in twice. Fails with
    /// `Refused` and the reason of a chosen entry that can't be used; `NoSuchEntry`.
    fn import_entries(&self, batch: &ImportBatch, chosen: Vec<u64>, now: Now) -> Result<ImportResult> {
        let chosen: Vec<_> = chosen.into_iter().map(|place| place as usize).collect();
        let imported = self.core.lock().import(&batch.core, &batch.previewed.lock(), &chosen, now)?;
        let accounts = imported.accounts.into_iter().map(|(_, account)| account).collect();
        Ok(ImportResult { id: imported.id, accounts })
    }

    /// The imports that can be undone, the latest last.
    fn past_imports(&self, now: Now) -> Result<Vec<PastImport>> {
        Ok(self.core.lock().past_imports(now)?.into_iter().map(Into::into).collect())
    }

    /// Puts every account of an import into the trash and gives how many. Fails with `Refused(NoSuchImport)`.
    fn undo_import(&self, id: &str, now: Now) -> Result<u64> {
        Ok(self.core.lock().undo_import(id, now)?)
    }
}

impl ImportBatch {
    const fn of(core: import::Batch) -> Self {
        Self { core, previewed: Guarded::new(Vec::new()) }
    }
}

impl From<import::Opened> for OpenedImport {
    fn from(opened: import::Opened) -> Self {
        match opened {
            import::Opened::Entries(core) => Self::Entries { batch: Arc::new(ImportBatch::of(core)) },
            import::Opened::Locked(core) => Self::NeedsPassword { file: Arc::new(LockedImport { core }) },
        }
    }
}

impl From<import::Progress> for UnlockProgress {
    fn from(progress: import::Progress) -> Self {
        match progress {
            import::Progress::Working { done, of } => Self::Working { done, of },
            import::Progress::Done(core) => Self::Done { batch: Arc::new(ImportBatch::of(core)) },
        }
    }
}

impl From<import::Cost> for DerivationCost {
    fn from(import::Cost { memory_kib, rounds, in_slices, .. }: import::Cost) -> Self {
        Self { memory_kib, rounds, in_slices }
    }
}

impl From<import::Figures> for OverLimit {
    fn from(import::Figures { wanted, most, unit }: import::Figures) -> Self {
        Self { wanted, most, unit: unit.to_owned() }
    }
}

impl From<(import::Row, &import::Entry)> for ImportRow {
    fn from((row, entry): (import::Row, &import::Entry)) -> Self {
        let parameters = entry.parameters.clone();
        let needs_set_up = row.needs_new_set_up(entry).map(Into::into);
        Self {
            entry: row.entry as u64,
            standing: row.standing.into(),
            chosen: row.chosen,
            issuer: entry.issuer.clone(),
            name: entry.name.clone(),
            kind: parameters.kind,
            algorithm: parameters.algorithm,
            digits: parameters.digits,
            period: parameters.period,
            counter: parameters.counter,
            favourite: entry.favourite,
            tags: entry.tags.clone(),
            odd: entry.odd.clone(),
            notes: entry.notes.clone(),
            is_odd: entry.is_odd(),
            needs_set_up,
        }
    }
}

impl From<&backup::Approval> for LeftApproval {
    fn from(approval: &backup::Approval) -> Self {
        Self { system: approval.system.clone(), origin: approval.origin.clone() }
    }
}

impl From<authenticator::PastImport> for PastImport {
    fn from(import: authenticator::PastImport) -> Self {
        let authenticator::PastImport { id, at, app, accounts, .. } = import;
        Self { id, at, app, accounts }
    }
}

impl From<import::Standing> for Standing {
    fn from(standing: import::Standing) -> Self {
        match standing {
            import::Standing::New => Self::New,
            import::Standing::Same { account } => Self::Same { account },
            import::Standing::Repeated { entry } => Self::Repeated { entry: entry as u64 },
            import::Standing::InTrash { account } => Self::InTrash { account },
            import::Standing::Differs { account, what } => Self::Differs { account, what },
            import::Standing::Refused { reason } => Self::Refused { reason },
        }
    }
}
