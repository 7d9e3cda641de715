//! What an import would do, before it does anything.

use std::collections::HashMap;

use super::sealing::mark;
use super::{Entry, Note};
use crate::account::Account;
use crate::otp::{Algorithm, Kind, Otp};
use crate::reason::Reason;
use crate::transfer::backup::Approval;

/// One entry of a file, held against the accounts that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place in the batch.
    pub entry: usize,
    /// How it stands to what is there.
    pub standing: Standing,
    /// Whether it is taken unless the person says otherwise.
    pub chosen: bool,
}

/// How an entry stands to the accounts that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// None is like it.
    New,
    /// This account is the same: importing it would only make a second one.
    Same {
        /// The account's id.
        account: String,
    },
    /// An entry before it in the file is the same; of one that lay in the trash any that did not.
    Repeated {
        /// That entry's place in the batch.
        entry: usize,
    },
    /// This account is the same and lies in the trash: importing it takes it out again.
    InTrash {
        /// The account's id.
        account: String,
    },
    /// This account is like it: both stay, side by side.
    Differs {
        /// The account's id.
        account: String,
        /// In what.
        what: Vec<Differs>,
    },
    /// It can't be taken.
    Refused {
        /// Why.
        reason: Reason,
    },
}

impl Row {
    /// What this entry, at the row's place, approved where its backup was made and does not approve here: the person has
    /// to set it up anew. Not of one that lay in the trash.
    #[must_use]
    pub fn needs_new_set_up<'e>(&self, entry: &'e Entry) -> Option<&'e Approval> {
        let kept = entry.kept.as_ref().filter(|kept| kept.trashed_at.is_none())?;
        // Without codes it is the approvals that make two the same.
        let approves_here = entry.otp.is_err() && matches!(self.standing, Standing::Same { .. });
        kept.approval.as_ref().filter(|_| !approves_here)
    }
}

/// What differs between an entry and an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// The names are the same, the seed is not.
    Seed,
    /// The seed is the same, issuer or account name are not.
    Names,
    /// Kind, hash, digits or period.
    Parameters,
    /// The counter of codes by use.
    Counter,
    /// Note, tags or favourite, of which only a backup of ours says all.
    Details,
}

/// Holds entries against accounts: each by its id.
#[must_use]
pub fn compare(entries: &[Entry], accounts: &[(String, Account)]) -> Vec<Row> {
    let mut known = Known::default();
    let mut by_id = HashMap::with_capacity(accounts.len());
    for (id, account) in accounts {
        by_id.insert(id.as_str(), account);
        if let Some(otp) = &account.otp {
            let place = if account.trashed_at.is_some() { Place::Trash(id) } else { Place::Account(id) };
            known.add(place, &account.issuer, &account.name, otp);
        }
    }
    // Of two that are the same the one in use counts, wherever it stands: the other would take it along into the trash.
    let (in_use, in_trash): (Vec<_>, Vec<_>) =
        entries.iter().enumerate().partition(|(_, entry)| !entry.lay_in_trash());
    let mut standings = vec![Standing::New; entries.len()];
    for (place, entry) in in_use.into_iter().chain(in_trash) {
        let standing = match &entry.otp {
            Err(reason) => {
                same_approval(entry, entries, accounts).unwrap_or(Standing::Refused { reason: *reason })
            }
            Ok(otp) => {
                let standing = known.standing(&entry.issuer, &entry.name, otp);
                let standing = of_backup(standing, entry, &by_id);
                known.add(Place::Entry(place), &entry.issuer, &entry.name, otp);
                standing
            }
        };
        if let Some(there) = standings.get_mut(place) {
            *there = standing;
        }
    }
    let mut rows = Vec::with_capacity(entries.len());
    for ((place, entry), standing) in entries.iter().enumerate().zip(standings) {
        let wanted = match &standing {
            Standing::New | Standing::InTrash { .. } => true,
            Standing::Differs { what, .. } => {
                entry.kept.is_none() || !what.iter().all(|what| is_of_use(*what))
            }
            Standing::Same { .. } | Standing::Repeated { .. } | Standing::Refused { .. } => false,
        };
        let chosen = wanted && !entry.notes.contains(&Note::InTrash);
        rows.push(Row { entry: place, standing, chosen });
    }
    rows
}

/// What changes as an account is used and cared for: a second account for that, out of a backup, would only be a
/// burden.
const fn is_of_use(differs: Differs) -> bool {
    matches!(differs, Differs::Counter | Differs::Details)
}

/// What a backup knows more of an account than its codes.
fn of_backup(standing: Standing, entry: &Entry, accounts: &HashMap<&str, &Account>) -> Standing {
    let Some(kept) = &entry.kept else { return standing };
    match standing {
        Standing::InTrash { account } if kept.trashed_at.is_some() => Standing::Same { account },
        Standing::Same { account } => {
            let details = |tags: &[String], note: &str, favourite| {
                let mut tags = tags.to_vec();
                tags.sort_unstable();
                (tags, note.to_owned(), favourite)
            };
            let is_same = accounts.get(account.as_str()).is_none_or(|there| {
                details(&there.tags, &there.note, there.favourite)
                    == details(&entry.tags, &entry.note, entry.favourite)
            });
            if is_same {
                Standing::Same { account }
            } else {
                Standing::Differs { account, what: vec![Differs::Details] }
            }
        }
        other => other,
    }
}

/// An account that approves sign-ins with the same server under the same names: it needs no new set-up here. A name may
/// have come since, by a request; but whose account it is is sure only where it is the only one there.
fn same_approval(entry: &Entry, entries: &[Entry], accounts: &[(String, Account)]) -> Option<Standing> {
    let at_server = |other: &Entry| other.issuer == entry.issuer && approval_of(other) == approval_of(entry);
    let origin = approval_of(entry)?;
    let is_there = |account: &Account| {
        account.trashed_at.is_none()
            && account.issuer == entry.issuer
            && account.registration.as_ref().is_some_and(|there| there.origin.to_string() == origin)
    };
    let there: Vec<_> = accounts.iter().filter(|(_, account)| is_there(account)).collect();
    let named = there.iter().find(|(_, account)| account.name == entry.name);
    let (id, _) = match (named, &there[..]) {
        (Some(named), _) => named,
        (None, [only])
            if (entry.name.is_empty() || only.1.name.is_empty())
                && entries.iter().filter(|other| at_server(other)).count() == 1 =>
        {
            only
        }
        _ => return None,
    };
    Some(Standing::Same { account: id.clone() })
}

/// The server where an entry approved sign-ins.
fn approval_of(entry: &Entry) -> Option<&str> {
    Some(entry.kept.as_ref()?.approval.as_ref()?.origin.as_str())
}

/// Where something like an entry was found.
#[derive(Clone, Copy)]
enum Place<'a> {
    Account(&'a str),
    Trash(&'a str),
    Entry(usize),
}

impl Place<'_> {
    /// What says more goes before what says less.
    const fn weight(self) -> u8 {
        match self {
            Self::Trash(_) => 0,
            Self::Entry(_) => 1,
            Self::Account(_) => 2,
        }
    }

    fn standing(self) -> Standing {
        match self {
            Self::Account(id) => Standing::Same { account: id.to_owned() },
            Self::Entry(entry) => Standing::Repeated { entry },
            Self::Trash(id) => Standing::InTrash { account: id.to_owned() },
        }
    }
}

#[derive(Clone, Copy)]
struct There<'a> {
    account: &'a str,
    issuer: &'a str,
    name: &'a str,
    otp: &'a Otp,
}

/// All that makes two the same: seed, issuer, account name and parameters, the counter among them.
#[derive(PartialEq, Eq, Hash)]
struct Identity<'a> {
    seed: Vec<u8>,
    issuer: &'a str,
    name: &'a str,
    kind: Kind,
    algorithm: Algorithm,
    digits: u8,
}

impl<'a> Identity<'a> {
    fn of(issuer: &'a str, name: &'a str, otp: &Otp) -> Self {
        let seed = mark(otp.seed());
        Self { seed, issuer, name, kind: otp.kind(), algorithm: otp.algorithm(), digits: otp.digits() }
    }
}

/// What is there, so that no entry is held against others one by one, not even where ten thousand share a seed: what is
/// the same, and the first account of that seed and of those names.
#[derive(Default)]
struct Known<'a> {
    same: HashMap<Identity<'a>, Place<'a>>,
    by_seed: HashMap<Vec<u8>, There<'a>>,
    by_names: HashMap<(String, String), &'a str>,
}

impl<'a> Known<'a> {
    fn add(&mut self, place: Place<'a>, issuer: &'a str, name: &'a str, otp: &'a Otp) {
        if let Place::Account(account) = place {
            let there = There { account, issuer, name, otp };
            self.by_seed.entry(mark(otp.seed())).or_insert(there);
            self.by_names.entry(names(issuer, name)).or_insert(account);
        }
        let same = self.same.entry(Identity::of(issuer, name, otp)).or_insert(place);
        if place.weight() > same.weight() {
            *same = place;
        }
    }

    fn standing(&self, issuer: &str, name: &str, otp: &Otp) -> Standing {
        if let Some(place) = self.same.get(&Identity::of(issuer, name, otp)) {
            return place.standing();
        }
        if let Some(there) = self.by_seed.get(&mark(otp.seed())) {
            let what = differences(there, issuer, name, otp);
            return Standing::Differs { account: there.account.to_owned(), what };
        }
        // An account without any name is like every other such one.
        let named = Some(names(issuer, name)).filter(|_| !issuer.is_empty() || !name.is_empty());
        match named.and_then(|names| self.by_names.get(&names)) {
            Some(id) => Standing::Differs { account: (*id).to_owned(), what: vec![Differs::Seed] },
            None => Standing::New,
        }
    }
}

fn names(issuer: &str, name: &str) -> (String, String) {
    (issuer.to_lowercase(), name.to_lowercase())
}

fn differences(there: &There<'_>, issuer: &str, name: &str, otp: &Otp) -> Vec<Differs> {
    let counters = |otp: &Otp| if let Kind::Hotp { counter } = otp.kind() { Some(counter) } else { None };
    let parameters = |otp: &Otp| (otp.kind().name(), otp.algorithm(), otp.digits(), otp.period());
    let mut what = Vec::new();
    if (there.issuer, there.name) != (issuer, name) {
        what.push(Differs::Names);
    }
    if parameters(there.otp) != parameters(otp) {
        what.push(Differs::Parameters);
    } else if counters(there.otp) != counters(otp) {
        what.push(Differs::Counter);
    }
    what
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixTime;
    use crate::transfer::import::open;
    use crate::transfer::import::{Batch, Opened};

    const A: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const B: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJA";

    fn batch(lines: &[String]) -> Batch {
        let Opened::Entries(batch) = open(lines.join("\n").as_bytes()).unwrap() else { panic!() };
        batch
    }

    fn account(line: &str) -> Account {
        let batch = batch(&[line.to_owned()]);
        let entry = &batch.entries[0];
        Account {
            otp: entry.otp.clone().ok(),
            ..Account::new(entry.issuer.clone(), entry.name.clone(), UnixTime(0))
        }
    }

    #[test]
    fn each_standing() {
        let there = [
            ("1".to_owned(), account(&format!("otpauth://totp/Example:alice?secret={A}"))),
            ("2".to_owned(), account(&format!("otpauth://hotp/Bank:bob?secret={B}&counter=5"))),
        ];
        let differs = |account: &str, what: &[Differs]| Standing::Differs {
            account: account.to_owned(),
            what: what.to_vec(),
        };
        let cases = [
            (
                format!("otpauth://totp/Example:alice?secret={A}"),
                Standing::Same { account: "1".to_owned() },
                false,
            ),
            (format!("otpauth://totp/Example:alice?secret={A}BB"), differs("1", &[Differs::Seed]), true),
            (format!("otpauth://totp/Example:carol?secret={A}"), differs("1", &[Differs::Names]), true),
            (
                format!("otpauth://totp/Example:alice?secret={A}&digits=8"),
                differs("1", &[Differs::Parameters]),
                true,
            ),
            (
                format!("otpauth://hotp/Bank:bob?secret={B}&counter=9"),
                differs("2", &[Differs::Counter]),
                true,
            ),
            (format!("otpauth://totp/New:dave?secret={A}AAAA"), Standing::New, true),
            (format!("otpauth://totp/New:dave?secret={A}AAAA"), Standing::Repeated { entry: 5 }, false),
            (
                "otpauth://totp/Bad:eve?secret=1".to_owned(),
                Standing::Refused { reason: Reason::SecretNotBase32 },
                false,
            ),
        ];
        let batch = batch(&cases.iter().map(|(line, ..)| line.clone()).collect::<Vec<_>>());
        let rows = compare(&batch.entries, &there);
        for ((line, standing, chosen), row) in cases.iter().zip(rows) {
            assert_eq!((&row.standing, row.chosen), (standing, *chosen), "{line}");
        }
    }

    #[test]
    fn of_several_with_one_seed_the_one_that_says_most_is_told() {
        let line = |name: &str| format!("otpauth://totp/Example:{name}?secret={A}");
        let there = |id: &str, name: &str, is_trashed: bool| {
            let trashed_at = is_trashed.then_some(UnixTime(1));
            (id.to_owned(), Account { trashed_at, ..account(&line(name)) })
        };
        let there = [
            there("1", "trashed", true),
            there("2", "alice", false),
            there("3", "bob", false),
            there("4", "bob", true),
        ];
        let id = |id: &str| id.to_owned();
        let names = vec![Differs::Names];
        let cases = [
            ("bob", Standing::Same { account: id("3") }),
            ("trashed", Standing::InTrash { account: id("1") }),
            ("trashed", Standing::Repeated { entry: 1 }),
            ("carol", Standing::Differs { account: id("2"), what: names }),
            ("carol", Standing::Repeated { entry: 3 }),
            ("carol", Standing::Repeated { entry: 3 }),
            ("alice", Standing::Same { account: id("2") }),
        ];
        let batch = batch(&cases.iter().map(|(name, _)| line(name)).collect::<Vec<_>>());
        let rows = compare(&batch.entries, &there);
        let standings: Vec<_> = rows.into_iter().map(|row| row.standing).collect();
        assert_eq!(standings, cases.map(|(_, standing)| standing));
    }

    /// An entry is looked up three times, however many share its seed and its names.
    #[test]
    fn what_is_kept_of_a_seed_does_not_grow() {
        let accounts: Vec<_> = (0..100)
            .map(|n| (n.to_string(), account(&format!("otpauth://totp/A:a?secret={A}&digits={}", 6 + n % 3))))
            .collect();
        let mut known = Known::default();
        for (id, account) in &accounts {
            known.add(Place::Account(id), &account.issuer, &account.name, account.otp.as_ref().unwrap());
        }
        assert_eq!((known.same.len(), known.by_seed.len(), known.by_names.len()), (3, 1, 1));
    }

    #[test]
    fn of_two_that_are_the_same_the_one_in_use_counts() {
        let in_use = format!("otpauth://totp/a?secret={A}");
        let in_trash = format!("{in_use}&codeDisplay=%7B%22trashed%22%3Atrue%7D");
        let [same, back] = [false, true].map(|is_back| {
            let account = account(&in_use);
            let there =
                is_back.then_some(("1".to_owned(), Account { trashed_at: Some(UnixTime(1)), ..account }));
            let rows = compare(
                &batch(&[in_trash.clone(), in_use.clone(), in_trash.clone()]).entries,
                there.as_slice(),
            );
            rows.into_iter().map(|row| (row.standing, row.chosen)).collect::<Vec<_>>()
        });
        let repeated = || (Standing::Repeated { entry: 1 }, false);
        assert_eq!(same, [repeated(), (Standing::New, true), repeated()]);
        assert_eq!(back, [repeated(), (Standing::InTrash { account: "1".to_owned() }, true), repeated()]);
    }

    #[test]
    fn what_lies_in_a_trash_is_not_chosen() {
        let display = "%7B%22trashed%22%3Atrue%7D";
        let batch = batch(&[format!("otpauth://totp/a?secret={A}&codeDisplay={display}")]);
        let rows = compare(&batch.entries, &[]);
        assert_eq!((&rows[0].standing, rows[0].chosen), (&Standing::New, false));
        assert_eq!(batch.entries[0].otp.as_ref().unwrap().algorithm(), Algorithm::Sha1);
    }
}
