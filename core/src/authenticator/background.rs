use std::path::Path;

use super::Error;
use super::watching::{WatchRow, keep_context, keep_requests};
use crate::approval::{Event, Flow, Outcome, Request, Start, Step, Turn};
use crate::clock::Now;
use crate::entropy::{Entropy, SeededEntropy};
use crate::reason::Reason;
use crate::vault::{RowKind, Watch};

/// A look for requests while nobody is there, by the watch key: it finds and records, it never shows a code or a name
/// beyond the label, and it never answers.
pub struct Background {
    watch: Watch,
    entropy: Box<dyn Entropy>,
    look: Option<(String, Flow)>,
}

impl Background {
    /// Opens a vault file by its watch key.
    ///
    /// # Errors
    /// `WrongWatchKey` and those of opening a vault.
    pub fn open(path: &Path, watch_key: &[u8; 32], entropy: Box<dyn Entropy>) -> Result<Self, Error> {
        Ok(Self { watch: Watch::open(path, watch_key)?, entropy, look: None })
    }

    /// The ids of the accounts to look at.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn accounts(&mut self) -> Result<Vec<String>, Error> {
        Ok(self.watch.ids(RowKind::Watch)?)
    }

    /// What a notification may call an account.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn label(&mut self, account: &str) -> Result<Option<String>, Error> {
        Ok(self.watch.get::<WatchRow>(RowKind::Watch, account)?.and_then(|row| row.label))
    }

    /// Begins a look at one account; the first turn. An earlier look ends.
    ///
    /// # Errors
    /// `Refused(NoApprovals)` for an account that is not looked at.
    pub fn begin(&mut self, account: &str, now: Now) -> Result<Turn, Error> {
        let row: WatchRow = self.watch.get(RowKind::Watch, account)?.ok_or(Reason::NoApprovals)?;
        let entropy = SeededEntropy::from_entropy(&mut *self.entropy)?;
        let flow = Flow::check(row.registration, Start { now, entropy, context: row.context });
        let turn = flow.current().clone();
        self.look = Some((account.to_owned(), flow));
        Ok(turn)
    }

    /// Takes what came of a step and gives the next turn; with the last one what was found is recorded.
    ///
    /// # Errors
    /// `WrongEvent`, `Refused(NoSuchRun)`, those of a change.
    pub fn next(&mut self, turn: u64, event: Event, now: Now) -> Result<Turn, Error> {
        let (account, flow) = self.look.as_mut().ok_or(Reason::NoSuchRun)?;
        let next = flow.next(turn, event, now).map_err(|_| Error::WrongEvent)?.clone();
        if let Step::Done(outcome) = &next.step {
            self.watch.change(&mut *self.entropy, |change| {
                if change.get::<WatchRow>(RowKind::Watch, account)?.is_none() {
                    // It was removed while it was looked at.
                    return Ok(());
                }
                keep_context(change, account, None, flow)?;
                match outcome {
                    Outcome::Checked { requests } => keep_requests(change, account, requests),
                    _ => Ok(()),
                }
            })?;
        }
        Ok(next)
    }

    /// The requests of an account as they were seen last.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn last_seen(&mut self, account: &str) -> Result<Vec<Request>, Error> {
        Ok(self.watch.get(RowKind::Pending, account)?.unwrap_or_default())
    }
}
