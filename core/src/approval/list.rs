//! What a server says that waits.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::challenge::Challenge;
use super::io::Io;
use crate::reason::Reason;

/// More requests than a person could have open: the newest are told.
pub(super) const MAX_TOLD: usize = 100;
/// A longer list is refused whole.
const MAX_LISTED: usize = 1_000;
/// Longest list that is read, in bytes: there is room for two and an answer in what is kept of a flow.
pub(super) const MAX_LIST: usize = 480 * 1024;

/// What waits, as far as it can be read, each request once.
#[derive(Default)]
pub(super) struct List {
    pub(super) challenges: Vec<Challenge>,
    /// Why there is more in it than that.
    pub(super) unreadable: Option<Reason>,
}

/// How a request stands by a list.
pub(super) enum Standing {
    Listed(Box<Challenge>),
    Gone,
    /// What can't be read may be it, for a reason.
    NotKnown(Reason),
}

impl List {
    /// Reads a list. An entry that can't be read hides no others; alone it is what is told. What comes twice under one id
    /// is the first.
    pub(super) fn read<E: DeserializeOwned>(
        entries: &[Box<RawValue>],
        mut challenge: impl FnMut(E) -> Result<Challenge, Reason>,
    ) -> Result<Self, Reason> {
        Self::collect(entries, &mut |entry| {
            challenge(serde_json::from_slice(entry).map_err(|_| Reason::ReplyUnreadable)?)
        })
    }

    /// Apart from the kind of entry, so that there is one of it.
    fn collect(
        entries: &[Box<RawValue>],
        challenge: &mut dyn FnMut(&[u8]) -> Result<Challenge, Reason>,
    ) -> Result<Self, Reason> {
        if entries.len() > MAX_LISTED {
            return Err(Reason::TooManyRequests);
        }
        let (mut list, mut ids) = (Self::default(), BTreeSet::new());
        for entry in entries {
            match challenge(entry.get().as_bytes()) {
                Ok(challenge) if ids.insert(challenge.id.clone()) => list.challenges.push(challenge),
                Ok(_) => {}
                Err(reason) => list.unreadable = Some(reason),
            }
        }
        match list.unreadable {
            Some(reason) if list.challenges.is_empty() => Err(reason),
            _ => Ok(list),
        }
    }

    /// The one request that was scanned.
    pub(super) fn of(challenge: Challenge) -> Self {
        Self { challenges: vec![challenge], unreadable: None }
    }

    /// How the request of this id stands.
    pub(super) fn find(self, id: &str) -> Standing {
        match (self.challenges.into_iter().find(|challenge| challenge.id == id), self.unreadable) {
            (Some(challenge), _) => Standing::Listed(Box::new(challenge)),
            (None, Some(reason)) => Standing::NotKnown(reason),
            (None, None) => Standing::Gone,
        }
    }

    /// Leaves those whose time is not over. An account that has any is not locked, or not any more.
    pub(super) fn keep_open(&mut self, io: &mut Io<'_>) {
        let now = io.server_time();
        self.challenges.retain(|challenge| now < challenge.expires_at);
        io.kept.context.locked_out &= self.challenges.is_empty();
    }

    /// Why the server has more that waits than is told.
    pub(super) fn hidden(&self) -> Option<Reason> {
        if self.challenges.len() > MAX_TOLD { Some(Reason::TooManyRequests) } else { self.unreadable }
    }
}
