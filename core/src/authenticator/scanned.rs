use crate::account::System;
use crate::link::{Odd, Origin, Recognised, recognise};
use crate::reason::Reason;
use crate::secret::Secret;

/// A scanned or pasted text, recognised. Its secrets stay inside.
#[derive(Debug)]
pub struct Scanned {
    recognised: Recognised,
    /// Of a set-up code for approvals, which is read again by the run that uses it; of others empty.
    code: Secret,
}

impl Scanned {
    /// What `text` (UTF-8) is.
    ///
    /// ```
    /// use countersign::authenticator::Scanned;
    /// use countersign::reason::Reason;
    ///
    /// let scanned = Scanned::read(b"phonefactor://activate_account?code=1&url=https%3A%2F%2Fa.example");
    /// assert_eq!(scanned.refusal(), Some(Reason::MicrosoftPush));
    /// ```
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let recognised = std::str::from_utf8(text)
            .map_or(Recognised::Foreign { reason: Reason::CodeNotText, host: None }, recognise);
        let is_kept = matches!(recognised, Recognised::Approval(_));
        Self { recognised, code: if is_kept { Secret::copy_of(text) } else { Secret::default() } }
    }

    /// The name of its kind ([`Recognised::kind`]).
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.recognised.kind()
    }

    /// Why it can't be added here, if it can't.
    #[must_use]
    pub const fn refusal(&self) -> Option<Reason> {
        match &self.recognised {
            Recognised::Foreign { reason, .. } => Some(*reason),
            _ => None,
        }
    }

    /// The issuer or organisation that it names.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        let name = match &self.recognised {
            Recognised::Codes(link) => link.issuer.as_str(),
            Recognised::Approval(link) => link.about().issuer,
            Recognised::SignIn(link) => &link.server,
            Recognised::Organisation(link) => &link.name,
            Recognised::LookNow(_) | Recognised::Foreign { .. } => "",
        };
        Some(name).filter(|name| !name.is_empty())
    }

    /// The account name that it gives.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        let name = match &self.recognised {
            Recognised::Codes(link) => link.account.as_str(),
            Recognised::Approval(link) => link.about().account,
            Recognised::SignIn(link) => link.user.as_deref().unwrap_or_default(),
            _ => "",
        };
        Some(name).filter(|name| !name.is_empty())
    }

    /// The server that it names, which is asked about before anything is sent.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        match &self.recognised {
            Recognised::Approval(link) => Some(link.about().origin),
            Recognised::Organisation(link) => Some(&link.origin),
            Recognised::LookNow(link) => link.origin.as_ref(),
            Recognised::Codes(_) | Recognised::SignIn(_) | Recognised::Foreign { .. } => None,
        }
    }

    /// The host that a code of another system points to; for display only.
    #[must_use]
    pub fn foreign_host(&self) -> Option<&str> {
        match &self.recognised {
            Recognised::Foreign { host, .. } => host.as_deref(),
            _ => None,
        }
    }

    /// The approval system that it sets up.
    #[must_use]
    pub fn system(&self) -> Option<System> {
        match &self.recognised {
            Recognised::Approval(link) => Some(link.about().system),
            _ => None,
        }
    }

    /// Whether it is a sign-in that asks for an answer.
    #[must_use]
    pub const fn is_sign_in(&self) -> bool {
        matches!(self.recognised, Recognised::SignIn(_))
    }

    /// What was odd in it and how it was read.
    #[must_use]
    pub fn odd(&self) -> &[Odd] {
        match &self.recognised {
            Recognised::Codes(link) => &link.odd,
            _ => &[],
        }
    }

    /// The text of a set-up code for approvals.
    pub(super) const fn code(&self) -> &Secret {
        &self.code
    }

    pub(super) const fn recognised(&self) -> &Recognised {
        &self.recognised
    }
}
