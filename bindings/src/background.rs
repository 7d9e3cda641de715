use std::path::Path;

use countersign::approval::Request;
use countersign::authenticator::Background as Core;
use countersign::clock::Now;

use crate::authenticator::entropy;
use crate::error::Result;
use crate::event::Event;
use crate::guarded::Guarded;
use crate::open::key_of;
use crate::step::Turn;

/// A look for requests while nobody is there: it finds and records, it shows neither a code nor a name beyond the
/// label, and it never answers.
#[derive(uniffi::Object)]
pub(crate) struct Background {
    core: Guarded<Core>,
}

#[uniffi::export]
impl Background {
    /// Opens a vault file by its watch key. Fails with `WrongWatchKey`, `WrongLength`, `NoVault`,
    /// `Unreadable`, `InUse`, `NotWritten`.
    #[uniffi::constructor]
    fn open(path: String, watch_key: &[u8]) -> Result<Self> {
        let core = Core::open(Path::new(&path), key_of(watch_key)?, entropy())?;
        Ok(Self { core: Guarded::new(core) })
    }

    /// The accounts to look at when the platform wakes the app by itself: those whose looks failed wait longer.
    fn due(&self, now: Now) -> Result<Vec<String>> {
        Ok(self.core.lock().due(now)?)
    }

    /// Whether the person wants to hear of no request of this account: it is looked at, and nothing is shown.
    fn is_quiet(&self, account: &str, now: Now) -> Result<bool> {
        Ok(self.core.lock().is_quiet(account, now)?)
    }

    /// The accounts to look at when a push woke the app: all of them.
    fn accounts(&self) -> Result<Vec<String>> {
        Ok(self.core.lock().accounts()?)
    }

    /// What a notification may call an account.
    fn label(&self, account: &str) -> Result<Option<String>> {
        Ok(self.core.lock().label(account)?)
    }

    /// Begins a look at one account; the first turn. An earlier look ends.
    fn begin(&self, account: &str, now: Now) -> Result<Turn> {
        Ok(self.core.lock().begin(account, now)?.into())
    }

    /// Takes what came of a step and gives the next turn; with the last one what was found is recorded.
    fn next(&self, turn: u64, event: Event, now: Now) -> Result<Turn> {
        Ok(self.core.lock().next(turn, event.into(), now)?.into())
    }

    /// The requests of an account as they were seen last.
    fn last_seen(&self, account: &str) -> Result<Vec<Request>> {
        Ok(self.core.lock().last_seen(account)?)
    }
}
