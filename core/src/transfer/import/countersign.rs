//! Backups of ours, by the same way as the files of other apps.

use serde::Deserialize;

use super::derive::{Derivation, Function};
use super::json::{Elements, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::{App, Batch, Entry, Refused};
use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;
use crate::transfer::backup::{File, Row, Slot};
use crate::vault::Way;

const FORMAT: &str = "countersign_backup";

/// A file and the order in which its ways in are tried: a password first.
struct Backup {
    file: File,
    order: Vec<usize>,
}

pub(super) fn locked(file: &[u8]) -> Result<Locked, Refused> {
    let file = File::read(file)?;
    let (codes, passwords): (Vec<_>, Vec<_>) = file
        .slots()
        .map(derivation)
        .enumerate()
        .partition(|(_, (derivation, _))| matches!(derivation.function, Function::RecoveryCode));
    let (order, derivations) = passwords.into_iter().chain(codes).unzip();
    Ok(Locked::new(App::Countersign, FORMAT, derivations, Backup { file, order }))
}

fn derivation(slot: &Slot) -> (Derivation, Password) {
    let salt = slot.salt.to_vec();
    match (slot.way, slot.cost) {
        (Way::Password, Some(cost)) => {
            let (memory_kib, passes, lanes) = (cost.memory_kib.into(), cost.passes.into(), cost.lanes.into());
            let function = Function::Argon2id { memory_kib, passes, lanes };
            (Derivation { function, salt }, Password::Nfc)
        }
        _ => (Derivation { function: Function::RecoveryCode, salt }, Password::Plain),
    }
}

impl Sealed for Backup {
    fn open(&self, at: usize, key: &Secret) -> Result<Batch, Refused> {
        let way = self.order.get(at).ok_or(Reason::ImportDamaged)?;
        // EXPOSE: read as the content.
        read(self.file.open(*way, key)?.expose())
    }
}

/// The accounts of an opened backup.
pub(in crate::transfer) fn read(content: &[u8]) -> Result<Batch, Refused> {
    let content: Content<'_> = frame(content)?;
    cap(content.accounts.len())?;
    let entries = content.accounts.iter().map(|row| match element::<Row>(row) {
        Some(row) => Entry::of_backup(row),
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch { made_at: Some(content.made_at), ..Batch::new(App::Countersign, FORMAT, entries.collect()) })
}

#[derive(Deserialize)]
struct Content<'a> {
    made_at: UnixTime,
    #[serde(borrow)]
    accounts: Elements<'a>,
}
