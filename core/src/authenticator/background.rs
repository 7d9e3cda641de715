use std::path::Path;

use super::Error;
use super::keep::unless_damaged;
use super::watching::{WatchRow, keep_look};
use crate::approval::{Event, Flow, Request, Start, Turn};
use crate::clock::Now;
use crate::entropy::{Entropy, SeededEntropy, random};
use crate::reason::Reason;
use crate::vault::{ValueKind, Watch};

/// A look for requests while nobody is there, by the watch key: it finds and records, it never shows a code or a name
/// beyond the label, and it never answers.
pub struct Background {
    watch: Watch,
    entropy: Box<dyn Entropy>,
    look: Option<Look>,
    /// The number of the last turn that was handed out: no later look uses it again.
    last_turn: u64,
}

struct Look {
    account: String,
    flow: Flow,
    /// Turns of earlier looks.
    turns_before: u64,
}

impl Background {
    /// Opens a vault file by its watch key.
    ///
    /// # Errors
    /// `WrongWatchKey` and those of opening a vault.
    pub fn open(path: &Path, watch_key: &[u8; 32], entropy: Box<dyn Entropy>) -> Result<Self, Error> {
        Ok(Self { watch: Watch::open(path, watch_key)?, entropy, look: None, last_turn: 0 })
    }

    /// The accounts to look at when the platform wakes the app by itself: all but those that wait after looks that
    /// failed, from 10 minutes after the first up to 2 hours, or as long as the server asked for.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn due(&mut self, now: Now) -> Result<Vec<String>, Error> {
        let mut due = Vec::new();
        for account in self.accounts()? {
            let row: Option<WatchRow> = unless_damaged(self.watch.get(ValueKind::Watch, &account))?;
            if row.and_then(|row| row.rest).is_none_or(|rest| rest.is_over(now)) {
                due.push(account);
            }
        }
        Ok(due)
    }

    /// Whether the person wants to hear of no request of this account: it is looked at, and nothing is shown.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn is_quiet(&mut self, account: &str, now: Now) -> Result<bool, Error> {
        let row: Option<WatchRow> = unless_damaged(self.watch.get(ValueKind::Watch, account))?;
        Ok(row.is_some_and(|row| row.quiet_until(now).is_some()))
    }

    /// The ids of the accounts to look at when a push woke the app: all of them.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn accounts(&mut self) -> Result<Vec<String>, Error> {
        Ok(self.watch.ids(ValueKind::Watch)?)
    }

    /// What a notification may call an account.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn label(&mut self, account: &str) -> Result<Option<String>, Error> {
        Ok(self.watch.get::<WatchRow>(ValueKind::Watch, account)?.and_then(|row| row.label))
    }

    /// Begins a look at one account; the first turn. An earlier look ends.
    ///
    /// # Errors
    /// `Refused(NoApprovals)` for an account that is not looked at.
    pub fn begin(&mut self, account: &str, now: Now) -> Result<Turn, Error> {
        let row: WatchRow = self.watch.get(ValueKind::Watch, account)?.ok_or(Reason::NoApprovals)?;
        let entropy = SeededEntropy::from_entropy(&mut *self.entropy)?;
        let flow = Flow::check(row.registration, Start { now, entropy, context: row.context });
        let look = self.look.insert(Look { account: account.to_owned(), flow, turns_before: self.last_turn });
        let turn = look.turn();
        self.last_turn = turn.number;
        Ok(turn)
    }

    /// Takes what came of a step and gives the next turn; with the last one what was found is recorded. An event for
    /// an older turn, also of an earlier look, changes nothing.
    ///
    /// # Errors
    /// `WrongEvent`, `Refused(NoSuchRun)`, those of a change.
    pub fn next(&mut self, turn: u64, event: Event, now: Now) -> Result<Turn, Error> {
        let look = self.look.as_mut().ok_or(Reason::NoSuchRun)?;
        // Turns of a flow begin at 1: 0 is older than any.
        let own = turn.saturating_sub(look.turns_before);
        look.flow.next(own, event, now).map_err(|_| Error::WrongEvent)?;
        if look.flow.is_done() {
            let (account, flow) = (look.account.as_str(), &look.flow);
            let [chance] = random::<1>(&mut *self.entropy)?;
            self.watch.change(&mut *self.entropy, |change| keep_look(change, account, flow, chance, now))?;
        }
        let turn = look.turn();
        self.last_turn = turn.number;
        Ok(turn)
    }

    /// The requests of an account as they were seen last.
    ///
    /// # Errors
    /// `Damaged`.
    pub fn last_seen(&mut self, account: &str) -> Result<Vec<Request>, Error> {
        Ok(unless_damaged(self.watch.get(ValueKind::Pending, account))?.unwrap_or_default())
    }
}

impl Look {
    fn turn(&self) -> Turn {
        let turn = self.flow.current();
        Turn { number: self.turns_before + turn.number, step: turn.step.clone() }
    }
}
