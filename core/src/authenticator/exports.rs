use std::collections::HashSet;

use super::keep::unless_damaged;
use super::{Authenticator, Error, found};
use crate::account::Account;
use crate::clock::Now;
use crate::transfer::export::{Carried, Format, LeftOut, Target, Written, judge, write};
use crate::vault::{Shelf, Summary};

/// What becomes of one account in an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRow {
    /// The account's id.
    pub id: String,
    /// Who it is with.
    pub issuer: String,
    /// The account name.
    pub name: String,
    /// What the format carries of it.
    pub carried: Carried,
}

/// What an export wrote.
#[derive(Debug)]
pub struct Exported {
    /// A row for each account.
    pub rows: Vec<ExportRow>,
    /// The bytes or the codes.
    pub written: Written,
}

impl Authenticator {
    /// What a format carries of these accounts, in this order; `None`: of all that are not in the trash, in the
    /// person's order. Nothing is written.
    ///
    /// # Errors
    /// `NoSuchAccount`, also for one in the trash; `Locked`, `Damaged`.
    pub fn preview_export(
        &mut self,
        format: Format,
        accounts: Option<&[String]>,
        now: Now,
    ) -> Result<Vec<ExportRow>, Error> {
        let mut rows = Vec::new();
        for summary in self.leaving(accounts, now)? {
            let account = self.readable(&summary.id, now)?;
            rows.push(row(format, summary, account.as_ref()));
        }
        Ok(rows)
    }

    /// The same accounts as another app reads them. The bytes hold secrets: only an encrypted file hides them.
    ///
    /// # Errors
    /// As [`Self::preview_export`]; `Refused(SystemFailed)` where there is no randomness.
    pub fn export(
        &mut self,
        target: &Target<'_>,
        accounts: Option<&[String]>,
        now: Now,
    ) -> Result<Exported, Error> {
        let (mut rows, mut leaving) = (Vec::new(), Vec::new());
        for summary in self.leaving(accounts, now)? {
            let account = self.readable(&summary.id, now)?;
            let id = summary.id.clone();
            rows.push(row(target.format(), summary, account.as_ref()));
            leaving.extend(account.map(|account| (id, account)));
        }
        let written = write(target, &leaving, &mut *self.entropy, now.wall)?;
        Ok(Exported { rows, written })
    }

    /// The chosen accounts, each once.
    fn leaving(&mut self, accounts: Option<&[String]>, now: Now) -> Result<Vec<Summary>, Error> {
        self.awake(now)?;
        let Some(ids) = accounts else {
            return Ok(self.vault.accounts(Shelf::InUse, now)?.into_iter().cloned().collect());
        };
        let mut known = HashSet::new();
        let mut chosen = Vec::with_capacity(ids.len());
        for id in ids.iter().filter(|id| known.insert(*id)) {
            let summary = self.vault.summary(id, now)?.filter(|summary| summary.trashed_at.is_none());
            chosen.push(found(summary)?.clone());
        }
        Ok(chosen)
    }

    /// `None` for an account that can't be read: it is no reason to keep the others in.
    fn readable(&mut self, id: &str, now: Now) -> Result<Option<Account>, Error> {
        Ok(unless_damaged(self.vault.account(id, now))?)
    }
}

fn row(format: Format, summary: Summary, account: Option<&Account>) -> ExportRow {
    let carried = account.map_or(Carried::LeftOut(LeftOut::Damaged), |account| judge(format, account));
    ExportRow { id: summary.id, issuer: summary.issuer, name: summary.name, carried }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authenticator::Scanned;
    use crate::clock::UnixTime;
    use crate::entropy::SeededEntropy;
    use crate::transfer::export::Lost;
    use crate::vault::{NewWays, VaultError};

    const SEED: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

    fn with_vault(links: &[&str], work: impl FnOnce(&mut Authenticator, Vec<String>)) {
        let folder = tempfile::tempdir().unwrap();
        let ways = NewWays { platform: Some(&[7; 32]), recovery: true, ..NewWays::default() };
        let entropy = Box::new(SeededEntropy::new(b"exports"));
        let (mut core, _) =
            Authenticator::create(&folder.path().join("vault.db"), &ways, entropy, NOW).unwrap();
        let add = |link: &&str| {
            let link = format!("otpauth://{link}{SEED}");
            core.add(&Scanned::read(link.as_bytes()), NOW).unwrap().id
        };
        let ids = links.iter().map(add).collect();
        work(&mut core, ids);
    }

    fn text(exported: &Exported) -> &str {
        match &exported.written {
            Written::File(file) => file.expose_str().unwrap(),
            Written::Codes(_) => panic!("a file"),
        }
    }

    #[test]
    fn all_in_use_or_those_that_are_named_each_once() {
        with_vault(&["totp/A:a?", "totp/B:b?", "totp/C:c?"], |core, ids| {
            core.remove(&ids[0], NOW).unwrap();
            let all = core.export(&Target::Otpauth, None, NOW).unwrap();
            let names: Vec<_> = all.rows.iter().map(|row| row.name.as_str()).collect();
            assert_eq!((names, text(&all).lines().count()), (vec!["b", "c"], 2));
            let named = [ids[2].clone(), ids[1].clone(), ids[2].clone()];
            let two = core.export(&Target::Otpauth, Some(&named), NOW).unwrap();
            assert!(text(&two).starts_with("otpauth://totp/C:c?") && text(&two).lines().count() == 2);
            let trashed = core.export(&Target::Otpauth, Some(&ids[..1]), NOW);
            assert_eq!(trashed.err(), Some(VaultError::NoSuchAccount.into()));
            assert_eq!(core.preview_export(Format::Cxf, Some(&[]), NOW), Ok(Vec::new()));
            core.lock();
            assert_eq!(core.export(&Target::Otpauth, None, NOW).err(), Some(VaultError::Locked.into()));
        });
    }

    #[test]
    fn what_is_written_is_what_was_foretold() {
        with_vault(&["totp/A:a?", "steam/B:b?", "totp/C:c?digits=7&"], |core, ids| {
            core.set_note(&ids[0], "n", NOW).unwrap();
            let foretold = core.preview_export(Format::Google, None, NOW).unwrap();
            let carried: Vec<_> = foretold.iter().map(|row| row.carried.clone()).collect();
            assert_eq!(
                carried,
                [
                    Carried::Without(vec![Lost::Note]),
                    Carried::LeftOut(LeftOut::Kind),
                    Carried::LeftOut(LeftOut::Digits)
                ]
            );
            let done = core.export(&Target::Google, None, NOW).unwrap();
            assert_eq!(done.rows, foretold);
            assert!(matches!(&done.written, Written::Codes(codes) if codes.len() == 1));
        });
    }
}
