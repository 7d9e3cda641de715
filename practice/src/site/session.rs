//! Browser sessions: who is in front of the screen, and how far they have come. In memory, so a restart ends them.

use std::collections::HashMap;

use super::words::Language;

/// So many sessions at once; the one that was used longest ago makes room.
const MAX_SESSIONS: usize = 1000;

/// How far a browser has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nobody has signed in.
    #[default]
    Nobody,
    /// The password was right, and the account has no other method yet.
    SettingUp,
    /// The password was right; the second proof is still to come.
    Proving,
    /// The password was right, but the account is locked.
    Locked,
    /// Signed in.
    SignedIn,
}

/// One browser.
#[derive(Clone, Default)]
pub(crate) struct Session {
    /// What each form must carry.
    pub(crate) csrf: String,
    /// Chosen on a page; else the browser's own.
    pub(crate) language: Option<Language>,
    /// The person.
    pub(crate) user: Option<String>,
    pub(crate) stage: Stage,
    /// The set-up code that is shown.
    pub(crate) enrolment: Option<String>,
    /// The sign-in, or the trial, that waits for the phone.
    pub(crate) challenge: Option<String>,
    /// A secret for codes that is shown but not checked yet.
    pub(crate) codes: Option<Vec<u8>>,
    /// The phone added last by this browser.
    pub(crate) phone: Option<String>,
    /// Whether a method was added since the password was given.
    pub(crate) added: bool,
    pub(crate) wrong_codes: u32,
}

/// All browsers, by the value of their cookie.
#[derive(Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, (u64, Session)>,
    uses: u64,
}

impl Sessions {
    /// The session with this id.
    pub(crate) fn get(&mut self, id: &str) -> Option<Session> {
        self.uses += 1;
        let (used, session) = self.by_id.get_mut(id)?;
        *used = self.uses;
        Some(session.clone())
    }

    /// Changes a session and gives the changed one; `None` if it has ended meanwhile, so that a late request
    /// doesn't bring it back.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Session)) -> Option<Session> {
        let (_, session) = self.by_id.get_mut(id)?;
        change(session);
        Some(session.clone())
    }

    /// Keeps a new session.
    pub(crate) fn put(&mut self, id: &str, session: Session) {
        self.uses += 1;
        if self.by_id.len() >= MAX_SESSIONS && !self.by_id.contains_key(id) {
            let oldest = self.by_id.iter().min_by_key(|(_, (used, _))| *used).map(|(id, _)| id.clone());
            if let Some(oldest) = oldest {
                self.by_id.remove(&oldest);
            }
        }
        self.by_id.insert(id.to_owned(), (self.uses, session));
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SESSIONS, Session, Sessions};

    #[test]
    fn the_session_used_longest_ago_makes_room() {
        let mut sessions = Sessions::default();
        for number in 0..MAX_SESSIONS {
            sessions.put(&number.to_string(), Session::default());
        }
        assert!(sessions.get("0").is_some());
        sessions.put("one more", Session::default());
        assert!(sessions.get("0").is_some());
        assert!(sessions.get("1").is_none());
        assert_eq!(sessions.by_id.len(), MAX_SESSIONS);
        sessions.remove("0");
        assert!(sessions.get("0").is_none());
        assert!(sessions.change("0", |session| session.wrong_codes = 1).is_none());
        assert!(sessions.get("0").is_none(), "it stays ended");
        let changed = sessions.change("2", |session| session.wrong_codes = 1).expect("changed");
        assert_eq!(changed.wrong_codes, 1);
    }
}
