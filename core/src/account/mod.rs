//! The account model: what a person sees of an account, and what it can do.

mod registration;

use serde::{Deserialize, Serialize};

pub use registration::{DeviceKey, KeyAlgorithm, Registration};

use crate::clock::UnixTime;
pub use crate::link::{MAX_NAME, System};
use crate::otp::Otp;

/// Most tags of an account.
pub const MAX_TAGS: usize = 32;

/// Longest tag, in characters.
pub const MAX_TAG: usize = 64;

/// Longest note, in characters.
pub const MAX_NOTE: usize = 4096;

/// An account: codes, approvals, or both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Who the account is with. May be empty.
    pub issuer: String,
    /// The account name, often an e-mail address. May be empty.
    pub name: String,
    /// One-time codes.
    pub otp: Option<Otp>,
    /// Sign-in approvals.
    pub registration: Option<Registration>,
    /// Shown first.
    pub favourite: bool,
    /// Free words to group by.
    pub tags: Vec<String>,
    /// Free text.
    pub note: String,
    /// What a notification may call it: whoever holds the locked phone can read that.
    #[serde(default)]
    pub label: Option<String>,
    /// Of one that approves sign-ins: its server's clock makes the codes of its names, as long as it is about so many
    /// seconds ahead of this device's, which is what the person agreed to. It is about this device's clock, so no backup
    /// has it.
    #[serde(default)]
    pub codes_ahead: Option<i64>,
    /// When it was added.
    pub added_at: UnixTime,
    /// When anything that a backup holds was changed.
    pub changed_at: UnixTime,
    /// When it was put into the trash.
    pub trashed_at: Option<UnixTime>,
}

impl Account {
    /// An account that can do nothing yet, added at `at`.
    #[must_use]
    pub fn new(issuer: impl Into<String>, name: impl Into<String>, at: UnixTime) -> Self {
        Self {
            issuer: issuer.into(),
            name: name.into(),
            otp: None,
            registration: None,
            favourite: false,
            tags: Vec::new(),
            note: String::new(),
            label: None,
            codes_ahead: None,
            added_at: at,
            changed_at: at,
            trashed_at: None,
        }
    }

    /// Whether names, tags and note are within their limits: what is longer is not kept.
    #[must_use]
    pub fn is_within_limits(&self) -> bool {
        let fits = |text: &str, most| text.chars().nth(most).is_none();
        fits(&self.issuer, MAX_NAME)
            && fits(&self.name, MAX_NAME)
            && fits(&self.note, MAX_NOTE)
            && self.label.as_ref().is_none_or(|label| fits(label, MAX_NAME))
            && self.tags.len() <= MAX_TAGS
            && self.tags.iter().all(|tag| fits(tag, MAX_TAG))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_characters_and_hold_at_their_edge() {
        let most = Account {
            issuer: "あ".repeat(MAX_NAME),
            name: "あ".repeat(MAX_NAME),
            otp: None,
            registration: None,
            favourite: false,
            tags: vec!["あ".repeat(MAX_TAG); MAX_TAGS],
            note: "あ".repeat(MAX_NOTE),
            label: Some("あ".repeat(MAX_NAME)),
            codes_ahead: None,
            added_at: UnixTime(0),
            changed_at: UnixTime(0),
            trashed_at: None,
        };
        assert!(most.is_within_limits());
        let longer: [fn(&mut Account); 6] = [
            |account| account.issuer.push('a'),
            |account| account.name.push('a'),
            |account| account.note.push('a'),
            |account| account.label = account.label.take().map(|label| label + "a"),
            |account| account.tags.push(String::new()),
            |account| account.tags.iter_mut().for_each(|tag| tag.push('a')),
        ];
        for lengthen in longer {
            let mut account = most.clone();
            lengthen(&mut account);
            assert!(!account.is_within_limits());
        }
    }
}
