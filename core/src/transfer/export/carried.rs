use crate::account::Account;
use crate::otp::{Kind, Otp};

/// What a format carries of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// All of it.
    Whole,
    /// Its codes, without these.
    Without(Vec<Lost>),
    /// Nothing: it is left out.
    LeftOut(LeftOut),
}

/// Why a format leaves an account out: its readers would refuse the file, pass over the account in silence, or make
/// wrong codes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeftOut {
    /// It only approves sign-ins, with a key that can't leave this device.
    NoCodes,
    /// It has no such kind of codes.
    Kind,
    /// It has no such hash.
    Algorithm,
    /// It has no codes of this length.
    Digits,
    /// It has no such period.
    Period,
    /// The counter is too large for it.
    Counter,
    /// The secret or the PIN is longer or of another form than it takes.
    Secret,
    /// The account name is not the address that it wants.
    Name,
    /// Names and secret are longer than a QR code holds.
    TooLong,
    /// The account can't be read: the vault is damaged there.
    Damaged,
}

/// What of an account a format does not carry, while its codes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lost {
    /// Its approvals of sign-ins, whose key can't leave this device.
    Approvals,
    /// Its note.
    Note,
    /// Its tags.
    Tags,
    /// All tags but the first.
    MoreTags,
    /// That it is a favourite.
    Favourite,
    /// Its QR code: names and secret are longer than one holds. The secret stands there to type.
    QrCode,
}

/// What stands beside the codes, of a format that has codes and nothing else.
pub(super) fn all_beside(account: &Account) -> Vec<Lost> {
    let beside = [
        (!account.note.is_empty(), Lost::Note),
        (!account.tags.is_empty(), Lost::Tags),
        (account.favourite, Lost::Favourite),
    ];
    beside.into_iter().filter_map(|(has, lost)| has.then_some(lost)).collect()
}

/// Why a counter is too large, for a format that counts up to `most`.
pub(super) fn counter_above(otp: &Otp, most: u64) -> Option<LeftOut> {
    match otp.kind() {
        Kind::Hotp { counter } if counter > most => Some(LeftOut::Counter),
        _ => None,
    }
}
