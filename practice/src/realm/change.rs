//! What a call changed, as values: applied to the state, and written to the database by the site.

use super::jwk::DeviceKey;
use super::state::{Challenge, CodeApp, Enrolment, Phone, Standing, State, User};

/// One thing that is different after a call. Ids that don't exist (any more) change nothing.
#[derive(Clone, Debug)]
pub enum Change {
    /// A proof must not be taken again until `end`.
    ProofUsed {
        /// What identifies it.
        mark: String,
        /// Unix seconds.
        end: u64,
        /// Unix seconds; older marks may go.
        now: u64,
    },
    /// A person was added.
    UserAdded(User),
    /// A person was removed, with everything of theirs.
    UserRemoved {
        /// User id.
        user: String,
    },
    /// A person was locked out or let in again.
    UserEnabled {
        /// User id.
        user: String,
        /// Whether they may sign in.
        enabled: bool,
    },
    /// A set-up code was made; an older one of the same person ends.
    EnrolmentStarted(Enrolment),
    /// A set-up code was used.
    EnrolmentSettled {
        /// Enrolment id.
        id: String,
        /// What became of it.
        standing: Standing,
        /// The phone added by it.
        phone: Option<String>,
    },
    /// A phone was added.
    PhoneAdded {
        /// User id.
        user: String,
        /// The phone.
        phone: Phone,
    },
    /// A phone was removed; sign-ins that wait for it end.
    PhoneRemoved {
        /// User id.
        user: String,
        /// [`Phone::id`].
        phone: String,
    },
    /// A phone is now the one that is asked first.
    PhoneFirst {
        /// User id.
        user: String,
        /// [`Phone::id`].
        phone: String,
    },
    /// A phone has another address for pushes.
    PushAddress {
        /// User id.
        user: String,
        /// [`Phone::id`].
        phone: String,
        /// The push service.
        push_type: String,
        /// The address.
        push_id: String,
    },
    /// A phone has another key.
    KeyRotated {
        /// User id.
        user: String,
        /// [`Phone::id`].
        phone: String,
        /// The new key.
        key: DeviceKey,
        /// Unix seconds.
        at: u64,
    },
    /// An app for codes was added.
    CodeAppAdded {
        /// User id.
        user: String,
        /// The app.
        app: CodeApp,
    },
    /// An app for codes was removed.
    CodeAppRemoved {
        /// User id.
        user: String,
        /// [`CodeApp::id`].
        app: String,
    },
    /// A code was used.
    CodeUsed {
        /// User id.
        user: String,
        /// [`CodeApp::id`].
        app: String,
        /// Its period.
        period: u64,
    },
    /// A sign-in began to wait.
    ChallengeStarted(Challenge),
    /// A sign-in was answered.
    ChallengeSettled {
        /// Challenge id.
        id: String,
        /// The answer.
        standing: Standing,
    },
    /// The browser went on, or gave up.
    ChallengeDropped {
        /// Challenge id.
        id: String,
    },
}

impl State {
    /// Makes the changes, in order.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.apply_one(change);
        }
    }

    fn apply_one(&mut self, change: &Change) {
        match change {
            Change::ProofUsed { mark, end, now } => self.proofs.insert(mark, *end, *now),
            Change::UserAdded(user) => {
                self.users.insert(user.id.clone(), user.clone());
            }
            Change::UserRemoved { user } => {
                self.users.remove(user);
                self.enrolments.retain(|_, enrolment| enrolment.user != *user);
                self.challenges.retain(|_, challenge| challenge.user != *user);
            }
            Change::UserEnabled { user, enabled } => {
                self.with_user(user, |user| user.enabled = *enabled);
            }
            Change::EnrolmentStarted(started) => {
                self.enrolments.retain(|_, enrolment| {
                    enrolment.user != started.user && started.created_at < enrolment.expires_at
                });
                self.enrolments.insert(started.id.clone(), started.clone());
            }
            Change::EnrolmentSettled { id, standing, phone } => {
                if let Some(enrolment) = self.enrolments.get_mut(id) {
                    enrolment.standing = *standing;
                    enrolment.phone.clone_from(phone);
                }
            }
            Change::PhoneAdded { user, phone } => {
                self.with_user(user, |user| user.phones.push(phone.clone()));
            }
            Change::PhoneRemoved { user, phone } => {
                self.with_user(user, |user| user.phones.retain(|kept| kept.id != *phone));
                self.challenges.retain(|_, challenge| challenge.phone != *phone);
            }
            Change::PhoneFirst { user, phone } => self.with_user(user, |user| {
                user.phones.sort_by_key(|other| other.id != *phone);
            }),
            Change::PushAddress { user, phone, push_type, push_id } => {
                self.with_phone(user, phone, |phone| {
                    phone.push_type.clone_from(push_type);
                    phone.push_id = Some(push_id.clone());
                });
            }
            Change::KeyRotated { user, phone, key, at } => self.with_phone(user, phone, |phone| {
                phone.key = key.clone();
                phone.created_at = *at;
            }),
            Change::CodeAppAdded { user, app } => {
                self.with_user(user, |user| user.codes.push(app.clone()));
            }
            Change::CodeAppRemoved { user, app } => {
                self.with_user(user, |user| user.codes.retain(|kept| kept.id != *app));
            }
            Change::CodeUsed { user, app, period } => self.with_user(user, |user| {
                for kept in user.codes.iter_mut().filter(|kept| kept.id == *app) {
                    kept.last_period = *period;
                }
            }),
            Change::ChallengeStarted(started) => {
                self.challenges.retain(|_, challenge| started.created_at < challenge.expires_at);
                self.challenges.insert(started.id.clone(), started.clone());
            }
            Change::ChallengeSettled { id, standing } => {
                if let Some(challenge) = self.challenges.get_mut(id) {
                    challenge.standing = *standing;
                }
            }
            Change::ChallengeDropped { id } => {
                self.challenges.remove(id);
            }
        }
    }

    fn with_user(&mut self, id: &str, change: impl FnOnce(&mut User)) {
        if let Some(user) = self.users.get_mut(id) {
            change(user);
        }
    }

    fn with_phone(&mut self, user: &str, id: &str, change: impl FnOnce(&mut Phone)) {
        self.with_user(user, |user| {
            if let Some(phone) = user.phones.iter_mut().find(|phone| phone.id == id) {
                change(phone);
            }
        });
    }
}
