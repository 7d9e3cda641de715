//! Kinds of rows, and which key they are under.

use std::fmt;

/// Longest id of a row, in bytes.
pub const MAX_ID: usize = 256;

/// Longest value of a row, in bytes of JSON.
pub const MAX_VALUE: usize = 64 * 1024;

/// The same of a flow, which keeps what it has received: up to 1 MiB, in Base64, with what stands around it; and of the
/// requests that were found in that.
pub(super) const MAX_LARGE: usize = 2 * 1024 * 1024;

/// A kind of row. Rows of a kind are told apart by an id of 1 to 256 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// An account. Written by the account calls of [`Change`](super::Change).
    Account,
    /// An organisation's client credentials.
    Organisation,
    /// Tries and end of a sign-in request.
    Request,
    /// A setting.
    Setting,
    /// A host's own: software keys.
    Host,
    /// The state of a flow: what it goes on with, and answers that the person gave.
    Flow,
    /// A sign-in request of the past, and what became of it.
    History,
    /// Under the watch key: what a background check of one account needs.
    Watch,
    /// Under the watch key: the requests of one account that were waiting when it was looked at last.
    Pending,
}

/// A kind of row that holds a value: all but accounts, which have calls of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueKind {
    /// [`RowKind::Organisation`].
    Organisation,
    /// [`RowKind::Request`].
    Request,
    /// [`RowKind::Setting`].
    Setting,
    /// [`RowKind::Host`].
    Host,
    /// [`RowKind::Flow`].
    Flow,
    /// [`RowKind::History`].
    History,
    /// [`RowKind::Watch`].
    Watch,
    /// [`RowKind::Pending`].
    Pending,
}

/// Which key a row is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    MasterKey,
    WatchKey,
}

impl Under {
    /// The number of the book in the file.
    pub(super) const fn book(self) -> u8 {
        match self {
            Self::MasterKey => 0,
            Self::WatchKey => 1,
        }
    }
}

impl RowKind {
    const ALL: [Self; 9] = [
        Self::Account,
        Self::Organisation,
        Self::Request,
        Self::Setting,
        Self::Host,
        Self::Flow,
        Self::History,
        Self::Watch,
        Self::Pending,
    ];

    pub(super) const fn under(self) -> Under {
        match self {
            Self::Account
            | Self::Organisation
            | Self::Request
            | Self::Setting
            | Self::Host
            | Self::Flow
            | Self::History => Under::MasterKey,
            Self::Watch | Self::Pending => Under::WatchKey,
        }
    }

    /// Whether a damaged row of this kind is read as if it were not there: hints, what was done about requests, and the
    /// past.
    pub(super) const fn is_dispensable(self) -> bool {
        match self {
            Self::Request | Self::Flow | Self::History | Self::Watch | Self::Pending => true,
            Self::Account | Self::Organisation | Self::Setting | Self::Host => false,
        }
    }

    /// Longest value of a row of this kind, in bytes of JSON.
    pub(super) const fn max_value(self) -> usize {
        match self {
            Self::Flow | Self::Pending => MAX_LARGE,
            _ => MAX_VALUE,
        }
    }

    /// The number in the file.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Account => 1,
            Self::Organisation => 2,
            Self::Request => 3,
            Self::Setting => 4,
            Self::Host => 5,
            Self::Watch => 6,
            Self::Flow => 7,
            Self::Pending => 8,
            Self::History => 9,
        }
    }

    pub(super) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl From<ValueKind> for RowKind {
    fn from(kind: ValueKind) -> Self {
        match kind {
            ValueKind::Organisation => Self::Organisation,
            ValueKind::Request => Self::Request,
            ValueKind::Setting => Self::Setting,
            ValueKind::Host => Self::Host,
            ValueKind::Flow => Self::Flow,
            ValueKind::History => Self::History,
            ValueKind::Watch => Self::Watch,
            ValueKind::Pending => Self::Pending,
        }
    }
}

impl fmt::Display for RowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::Organisation => "organisation",
            Self::Request => "request",
            Self::Setting => "setting",
            Self::Host => "host row",
            Self::Watch => "watch row",
            Self::Flow => "flow",
            Self::History => "history",
            Self::Pending => "pending requests",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page that describes the format has a line for each kind, with its number, book and name.
    #[test]
    fn the_table_of_rows_is_that_of_the_kinds() {
        let page = include_str!("../../../docs/vault-format.md");
        let table =
            page.split("## Rows").nth(1).unwrap().lines().skip_while(|line| !line.starts_with("| ---"));
        let mut lines: Vec<_> = table.skip(1).take_while(|line| line.starts_with('|')).collect();
        for kind in RowKind::ALL {
            let beginning = format!("| {} | {} | {kind}: ", kind.number(), kind.under().book());
            assert!(lines.iter().any(|line| line.starts_with(&beginning)), "{beginning}");
            lines.retain(|line| !line.starts_with(&beginning));
        }
        assert!(lines.is_empty(), "{lines:?}");
    }
}
