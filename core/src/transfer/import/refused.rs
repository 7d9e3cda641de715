use std::fmt;

use super::App;
use crate::reason::Reason;

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The reason.
    pub reason: Reason,
    /// For `DerivationTooCostly` and `ImportTooLarge`: how much the file wants, and how much is given.
    pub figures: Option<Figures>,
    /// Whose file it is, where that is known.
    pub app: Option<App>,
}

/// A size that is over its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// What the file wants.
    pub wanted: u64,
    /// The most that is given.
    pub most: u64,
    /// `"bytes"`, `"KiB"` of memory, `"KiB of passes"` over it, `"rounds"` or `"entries"`.
    pub unit: &'static str,
}

impl Refused {
    pub(in crate::transfer) fn over(reason: Reason, wanted: u64, most: u64, unit: &'static str) -> Self {
        Self { reason, figures: Some(Figures { wanted, most, unit }), app: None }
    }

    /// The same of this app's file, unless another is named already.
    pub(super) fn of(self, app: App) -> Self {
        Self { app: self.app.or(Some(app)), ..self }
    }
}

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        Self { reason, figures: None, app: None }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.name())?;
        match self.figures {
            Some(Figures { wanted, most, unit }) => write!(f, " ({wanted} of at most {most} {unit})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refused {}
