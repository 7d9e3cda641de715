use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::keep::unless_damaged;
use super::{Authenticator, Error, watching};
use crate::account::Account;
use crate::clock::{Now, UnixTime};
use crate::entropy::random;
use crate::hex::hex;
use crate::otp::Otp;
use crate::reason::Reason;
use crate::transfer::import::{Batch, Entry, Row, Standing, compare};
use crate::vault::{Change, Shelf, ValueKind, VaultError};

/// Imports that can be undone; older ones are forgotten, their accounts stay.
const KEPT: usize = 20;
/// Account ids of one row of the vault, which holds 64 KiB.
const IDS_OF_A_ROW: usize = 2_000;

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// For [`Authenticator::undo_import`]; `None` where nothing was chosen.
    pub id: Option<String>,
    /// The account of each chosen entry, by the entry's place.
    pub accounts: Vec<(usize, String)>,
}

/// An import that can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastImport {
    /// Its id.
    #[serde(skip)]
    pub id: String,
    /// When it was.
    pub at: UnixTime,
    /// Whose file it was, as [`App::name`](crate::transfer::import::App::name) has it.
    pub app: String,
    /// How many accounts it brought.
    pub accounts: u64,
    /// Its place among those of this vault: several may be of the same second, and clocks are set back.
    #[serde(default)]
    number: u64,
}

impl Authenticator {
    /// Holds the entries of a file against the accounts that are there. Nothing is changed.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn preview_import(&mut self, batch: &Batch, now: Now) -> Result<Vec<Row>, Error> {
        self.awake(now)?;
        let mut accounts = Vec::new();
        for shelf in [Shelf::InUse, Shelf::Trash] {
            let ids: Vec<_> = self.vault.accounts(shelf, now)?.iter().map(|there| there.id.clone()).collect();
            for id in ids {
                // What is damaged is like nothing; it is no reason to bring nothing in.
                let account = unless_damaged(self.vault.account(&id, now))?;
                accounts.extend(account.map(|account| (id, account)));
            }
        }
        Ok(compare(&batch.entries, &accounts))
    }

    /// Adds the chosen entries, by their places in the batch, in one transaction: all of them, or on an error none.
    /// What is the same as an account in the trash brings that one back; everything else becomes a new account, but for
    /// what has come in since `previewed`, the rows that the person chose from: another process may have been at it.
    ///
    /// # Errors
    /// `Refused` with the reason of a chosen entry that can't be used, `Refused(NoSuchEntry)`; those of a change.
    pub fn import(
        &mut self,
        batch: &Batch,
        previewed: &[Row],
        chosen: &[usize],
        now: Now,
    ) -> Result<Imported, Error> {
        self.awake(now)?;
        let mut chosen = chosen.to_vec();
        chosen.sort_unstable();
        chosen.dedup();
        let mut wanted = Vec::with_capacity(chosen.len());
        for place in chosen {
            let entry = batch.entries.get(place).ok_or(Reason::NoSuchEntry)?;
            wanted.push((place, entry, entry.otp.as_ref().map_err(|reason| *reason)?));
        }
        if wanted.is_empty() {
            return Ok(Imported { id: None, accounts: Vec::new() });
        }
        let id = hex(&random::<8>(&mut *self.entropy)?);
        let app = batch.app.name().to_owned();
        self.vault.change(&mut *self.entropy, now, |change| {
            let rows = compare(&batch.entries, &all(change)?);
            let is_same =
                |row: Option<&Row>| matches!(row, Some(Row { standing: Standing::Same { .. }, .. }));
            let mut accounts = Vec::with_capacity(wanted.len());
            for (place, entry, otp) in wanted {
                let (row, seen) = (rows.get(place), previewed.get(place));
                let came_in_since = seen.is_some() && is_same(row) && !is_same(seen);
                if let Some(row) = row.filter(|_| !came_in_since) {
                    accounts.push((place, bring_in(change, row, (entry, otp), now)?));
                }
            }
            if accounts.is_empty() {
                return Ok(Imported { id: None, accounts });
            }
            let ids: Vec<_> = accounts.iter().map(|(_, id)| id.as_str()).collect();
            let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
            let import = PastImport { id: id.clone(), at: now.wall, app, accounts: count, number: 0 };
            remember(change, import, &ids)?;
            Ok(Imported { id: Some(id), accounts })
        })
    }

    /// The imports that can be undone, the latest last.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn past_imports(&mut self, now: Now) -> Result<Vec<PastImport>, Error> {
        self.awake(now)?;
        let rows = self.vault.ids(ValueKind::Setting, now)?;
        Ok(past(rows, |row| self.vault.get(ValueKind::Setting, row, now))?)
    }

    /// Puts every account of an import into the trash, also those that were changed since; gives how many. What was
    /// deleted meanwhile stays deleted.
    ///
    /// # Errors
    /// `Refused(NoSuchImport)`; those of a change.
    pub fn undo_import(&mut self, id: &str, now: Now) -> Result<u64, Error> {
        self.awake(now)?;
        self.vault.change(&mut *self.entropy, now, |change| {
            let mut removed = 0;
            for account in forget(change, id)?.ok_or(Reason::NoSuchImport)? {
                // One that is damaged goes as well.
                let there = match change.account(&account) {
                    Err(error) if error.is_of_row() => true,
                    there => there?.is_some_and(|there| there.trashed_at.is_none()),
                };
                if there {
                    change.trash_account(&account, now.wall)?;
                    watching::stop(change, &account)?;
                    removed += 1;
                }
            }
            Ok(removed)
        })
    }
}

/// Every account, but for those that are damaged: they are like nothing.
fn all(change: &Change<'_>) -> Result<Vec<(String, Account)>, VaultError> {
    let mut accounts = Vec::new();
    for id in change.account_ids()? {
        let account = unless_damaged(change.account(&id))?;
        accounts.extend(account.map(|account| (id, account)));
    }
    Ok(accounts)
}

fn bring_in(
    change: &mut Change<'_>,
    row: &Row,
    (entry, otp): (&Entry, &Otp),
    now: Now,
) -> Result<String, VaultError> {
    if let Standing::InTrash { account } = &row.standing {
        change.restore_account(account)?;
        watching::start(change, account)?;
        return Ok(account.clone());
    }
    let kept = entry.kept.as_ref();
    change.add_account(&Account {
        otp: Some(otp.clone()),
        favourite: entry.favourite,
        tags: entry.tags.clone(),
        note: entry.note.clone(),
        added_at: kept.map_or(now.wall, |kept| kept.added_at),
        trashed_at: kept.and_then(|kept| kept.trashed_at),
        ..Account::new(entry.issuer.clone(), entry.name.clone(), now.wall)
    })
}

/// `import/ID` says what it was, `import/ID/0` and on which accounts.
const ROWS: &str = "import/";

fn remember(change: &mut Change<'_>, import: PastImport, accounts: &[&str]) -> Result<(), VaultError> {
    let imports = past(change.ids(ValueKind::Setting)?, |row| change.get(ValueKind::Setting, row))?;
    let number = imports.last().map_or(0, |last| last.number).saturating_add(1);
    let id = &import.id;
    change.put(ValueKind::Setting, &format!("{ROWS}{id}"), &PastImport { number, ..import.clone() })?;
    for (number, ids) in accounts.chunks(IDS_OF_A_ROW).enumerate() {
        change.put(ValueKind::Setting, &format!("{ROWS}{id}/{number}"), ids)?;
    }
    let too_many = (imports.len() + 1).saturating_sub(KEPT);
    for old in imports.iter().take(too_many) {
        forget(change, &old.id)?;
    }
    Ok(())
}

/// The imports among these settings, the latest last.
fn past(
    rows: Vec<String>,
    mut read: impl FnMut(&str) -> Result<Option<PastImport>, VaultError>,
) -> Result<Vec<PastImport>, VaultError> {
    let mut imports = BTreeMap::new();
    for row in rows {
        let Some(id) = row.strip_prefix(ROWS).filter(|id| !id.contains('/')) else { continue };
        // One that can't be read is in no other's way.
        if let Some(import) = unless_damaged(read(&row))? {
            imports.insert(
                (import.number, import.at, id.to_owned()),
                PastImport { id: id.to_owned(), ..import },
            );
        }
    }
    Ok(imports.into_values().collect())
}

/// Forgets an import and gives the ids of its accounts; `None` where there is no such import.
fn forget(change: &mut Change<'_>, id: &str) -> Result<Option<Vec<String>>, VaultError> {
    if !change.remove(ValueKind::Setting, &format!("{ROWS}{id}"))? {
        return Ok(None);
    }
    let mut accounts = Vec::new();
    for number in 0.. {
        let row = format!("{ROWS}{id}/{number}");
        let ids = unless_damaged(change.get::<Vec<String>>(ValueKind::Setting, &row))?;
        if !change.remove(ValueKind::Setting, &row)? {
            break;
        }
        accounts.extend(ids.unwrap_or_default());
    }
    Ok(Some(accounts))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::transfer::import::{Opened, open};
    use crate::vault::NewWays;

    const SEED: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

    fn with_vault(work: impl FnOnce(&mut Authenticator, &Path)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.db");
        let ways = NewWays { platform: Some(&[7; 32]), recovery: true, ..NewWays::default() };
        let (mut core, _) =
            Authenticator::create(&path, &ways, Box::new(SeededEntropy::new(b"imports")), NOW).unwrap();
        work(&mut core, &path);
    }

    fn batch(lines: &str) -> Batch {
        let Opened::Entries(batch) = open(lines.as_bytes()).unwrap() else { panic!() };
        batch
    }

    fn names(core: &mut Authenticator, shelf: Shelf) -> Vec<String> {
        core.accounts(shelf, NOW).unwrap().iter().map(|there| there.name.clone()).collect()
    }

    #[test]
    fn chosen_entries_come_in_and_go_again() {
        with_vault(|core, _| {
            let file = batch(&format!(
                "otpauth://totp/A:a?{SEED}&codeDisplay=%7B%22pinned%22%3Atrue%2C%22tags%22%3A%5B%22t%22%5D%2C%22note%22%3A%22n%22%7D\n\
                 otpauth://totp/B:b?{SEED}&digits=8\notpauth://totp/C:c?secret=1\notpauth://totp/D:d?{SEED}&digits=7"
            ));
            let rows = core.preview_import(&file, NOW).unwrap();
            let chosen: Vec<_> = rows.iter().map(|row| row.chosen).collect();
            assert_eq!(chosen, [true, true, false, true]);
            let imported = core.import(&file, &[], &[1, 0], NOW).unwrap();
            assert_eq!(imported.accounts.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [0, 1]);
            assert_eq!(names(core, Shelf::InUse), ["a", "b"]);
            let account = core.account(&imported.accounts[0].1, NOW).unwrap();
            assert_eq!((account.favourite, account.note.as_str()), (true, "n"));
            assert_eq!(account.tags, ["t"]);

            let again = core.preview_import(&file, NOW).unwrap();
            assert!(matches!(again[0].standing, Standing::Same { .. }) && !again[0].chosen);
            let [past] = core.past_imports(NOW).unwrap().try_into().unwrap();
            assert_eq!((Some(&past.id), past.accounts), (imported.id.as_ref(), 2));
            assert_eq!(core.undo_import(&past.id, NOW).unwrap(), 2);
            assert_eq!(core.accounts(Shelf::InUse, NOW).unwrap().len(), 0);
            assert_eq!(names(core, Shelf::Trash), ["a", "b"]);
            assert_eq!(core.undo_import(&past.id, NOW), Err(Reason::NoSuchImport.into()));

            // The same file once more brings the same accounts back.
            let back = core.preview_import(&file, NOW).unwrap();
            assert!(matches!(back[0].standing, Standing::InTrash { .. }) && back[0].chosen);
            let second = core.import(&file, &[], &[0], NOW).unwrap();
            assert_eq!(second.accounts[0].1, imported.accounts[0].1);
            assert_eq!((names(core, Shelf::InUse).len(), names(core, Shelf::Trash).len()), (1, 1));
        });
    }

    /// Two processes look at the same file and then bring it in, one after the other.
    #[test]
    fn what_has_come_in_since_the_preview_does_not_come_in_twice() {
        with_vault(|core, _| {
            let file = batch(&format!("otpauth://totp/A:a?{SEED}\notpauth://totp/B:b?{SEED}&digits=8"));
            let previewed = core.preview_import(&file, NOW).unwrap();
            core.import(&file, &previewed, &[0], NOW).unwrap();
            let second = core.import(&file, &previewed, &[0, 1], NOW).unwrap();
            assert_eq!(second.accounts.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [1]);
            let third = core.import(&file, &previewed, &[0, 1], NOW).unwrap();
            assert_eq!((third.id, core.past_imports(NOW).unwrap().len()), (None, 2));
            assert_eq!(names(core, Shelf::InUse), ["a", "b"]);
            // Who saw that it is there, and wants it a second time, gets it.
            let again = core.preview_import(&file, NOW).unwrap();
            core.import(&file, &again, &[0], NOW).unwrap();
            assert_eq!(names(core, Shelf::InUse), ["a", "b", "a"]);
        });
    }

    #[test]
    fn what_can_not_be_taken_changes_nothing() {
        with_vault(|core, _| {
            let file = batch(&format!("otpauth://totp/a?{SEED}\notpauth://totp/b?secret=1"));
            assert_eq!(core.import(&file, &[], &[0, 1], NOW), Err(Reason::SecretNotBase32.into()));
            assert_eq!(core.import(&file, &[], &[0, 2], NOW), Err(Reason::NoSuchEntry.into()));
            assert_eq!(core.import(&file, &[], &[], NOW).unwrap().id, None);
            assert_eq!(names(core, Shelf::InUse), Vec::<String>::new());
            assert_eq!(core.past_imports(NOW).unwrap(), []);
            core.lock();
            assert_eq!(core.import(&file, &[], &[0], NOW), Err(VaultError::Locked.into()));
        });
    }

    /// Another process that writes, or a folder that can't be written, is no reason not to show them.
    #[test]
    fn looking_at_past_imports_writes_nothing() {
        with_vault(|core, path| {
            let file = batch(&format!("otpauth://totp/A:a?{SEED}"));
            core.import(&file, &[], &[0], NOW).unwrap();
            let other = rusqlite::Connection::open(path).unwrap();
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            assert_eq!(core.past_imports(NOW).unwrap().len(), 1);
        });
    }

    #[test]
    fn thousands_are_one_import_and_old_imports_are_forgotten() {
        with_vault(|core, _| {
            let lines: Vec<_> = (0..IDS_OF_A_ROW + 1).map(|n| format!("otpauth://totp/{n}?{SEED}")).collect();
            let file = batch(&lines.join("\n"));
            let all: Vec<_> = (0..file.entries.len()).collect();
            let large = core.import(&file, &[], &all, NOW).unwrap().id.unwrap();
            let one = batch(&format!("otpauth://totp/one?{SEED}&digits=7"));
            for later in 1..=KEPT {
                let at = UnixTime(NOW.wall.0 + i64::try_from(later).unwrap());
                if later == KEPT {
                    assert_eq!(core.past_imports(NOW).unwrap()[0].id, large);
                }
                core.import(&one, &[], &[0], Now { wall: at, ..NOW }).unwrap();
            }
            let past = core.past_imports(NOW).unwrap();
            assert_eq!(past.len(), KEPT);
            assert!(past.iter().all(|import| import.id != large));
            // Its rows are gone as well, its accounts are not.
            let rows =
                core.vault.change(&mut *core.entropy, NOW, |change| change.ids(ValueKind::Setting)).unwrap();
            assert_eq!(rows.len(), 2 * KEPT);
            assert_eq!(core.accounts(Shelf::InUse, NOW).unwrap().len(), IDS_OF_A_ROW + 1 + KEPT);
        });
    }
}
