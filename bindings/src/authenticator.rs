use countersign::authenticator::Authenticator as Core;
use countersign::clock::Now;
use countersign::entropy::{Entropy, SystemEntropy};
use countersign::vault::{self, Part};

use crate::error::{CountersignError, Result};
use crate::guarded::Guarded;
use crate::open::OpenedWay;

/// An open vault and what can be done with it.
///
/// Calls that read content fail with `Locked` and `Unreadable`, those that change something also with `InUse` and
/// `NotWritten`; others are named at the call.
#[derive(uniffi::Object)]
pub(crate) struct Authenticator {
    pub(crate) core: Guarded<Core>,
}

/// The state of a vault, for the app to keep elsewhere (Keystore, Keychain) after each change: an older copy of the
/// file is noticed by it.
#[derive(uniffi::Record)]
pub(crate) struct Head {
    /// Grows with each change.
    generation: u64,
    /// 16 bytes.
    tag: Vec<u8>,
}

/// What unlocking found.
#[derive(uniffi::Enum)]
pub(crate) enum Finding {
    /// Unlocked, all as expected.
    Clean,
    /// Unlocked, but these parts are damaged. A way in is set anew by its own call; the accounts of a damaged index
    /// page can't be read, all others can.
    Damaged { parts: Vec<Part> },
    /// Still locked: the file is older than `known`, or forked from it. The person chooses; `unlock_older` takes it
    /// as it is.
    RolledBack { found: Head },
}

pub(crate) fn entropy() -> Box<dyn Entropy> {
    Box::new(SystemEntropy::new())
}

#[uniffi::export]
impl Authenticator {
    /// Random id of the vault, 32 hexadecimal digits.
    fn vault_id(&self) -> String {
        self.core.lock().vault_id().to_owned()
    }

    /// Unlocks. `known` is the last head that the app kept, if it keeps one. Also fails with `WrongLength`.
    fn unlock(&self, opened: &OpenedWay, known: Option<Head>, now: Now) -> Result<Finding> {
        let known = known.map(TryInto::try_into).transpose()?;
        Ok(self.core.lock().unlock(&opened.slot, known.as_ref(), now)?.into())
    }

    /// Unlocks although the file is older than `known`: the person chose so.
    fn unlock_older(&self, opened: &OpenedWay, known: Head, now: Now) -> Result<Finding> {
        Ok(self.core.lock().unlock_older(&opened.slot, &known.try_into()?, now)?.into())
    }

    /// Locks, and wipes keys and seeds. Runs that were begun can be resumed after unlocking.
    fn lock(&self) {
        self.core.lock().lock();
    }

    /// Whether it is locked at `now`.
    fn is_locked(&self, now: Now) -> bool {
        self.core.lock().is_locked(now)
    }

    /// The `steady_ms` at which it will lock by itself.
    fn lock_at(&self) -> Option<u64> {
        self.core.lock().lock_at()
    }

    /// The time without `touch` after which it locks, in milliseconds; none: never.
    fn set_grace(&self, ms: Option<u64>) {
        self.core.lock().set_grace(ms);
    }

    /// A person did something: the grace time starts anew.
    fn touch(&self, now: Now) -> Result<()> {
        Ok(self.core.lock().touch(now)?)
    }

    /// The head after the last change.
    fn head(&self) -> Result<Head> {
        Ok(self.core.lock().head()?.into())
    }
}

impl From<vault::Head> for Head {
    fn from(head: vault::Head) -> Self {
        Self { generation: head.generation, tag: head.tag.to_vec() }
    }
}

impl TryFrom<Head> for vault::Head {
    type Error = CountersignError;

    fn try_from(head: Head) -> Result<Self> {
        let tag = head.tag.try_into().map_err(|_| CountersignError::WrongLength)?;
        Ok(Self { generation: head.generation, tag })
    }
}

impl From<vault::Finding> for Finding {
    fn from(finding: vault::Finding) -> Self {
        match finding {
            vault::Finding::Clean => Self::Clean,
            vault::Finding::Damaged(parts) => Self::Damaged { parts },
            vault::Finding::RolledBack { found } => Self::RolledBack { found: found.into() },
        }
    }
}
