//! A folder of backups: `countersign-VAULT-TIME.backup`, by the vault's id and the time in UTC.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime};
use countersign::clock::UnixTime;
use countersign::transfer::backup::is_backup;

/// How the time stands in a name.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// The names of one vault's backups in a folder.
pub struct Names {
    folder: PathBuf,
    start: String,
}

/// When a backup was made by its name, and its number where there are several of that second.
type Age = (NaiveDateTime, u32);

impl Names {
    pub fn of(folder: &Path, vault_id: &str) -> Self {
        let vault = vault_id.get(..8).unwrap_or(vault_id);
        Self { folder: folder.to_owned(), start: format!("countersign-{vault}-") }
    }

    /// A name that is not there.
    pub fn free(&self, at: UnixTime) -> PathBuf {
        let time = DateTime::from_timestamp(at.0, 0).unwrap_or_default().format(TIME).to_string();
        let name = |number: u32| match number {
            1 => format!("{}{time}.backup", self.start),
            _ => format!("{}{time}-{number}.backup", self.start),
        };
        let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
        let mut paths = (1..=u32::MAX).map(|number| self.folder.join(name(number)));
        paths.find(is_free).unwrap_or_else(|| self.folder.join(name(u32::MAX)))
    }

    /// Removes all but the `keep` latest, of which `new` is one whatever its name says: a clock may have been set
    /// back. Only what has such a name and is a backup is looked at. Gives what was removed.
    pub fn remove_old(&self, new: &Path, keep: u32) -> Vec<PathBuf> {
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let others = there.filter(|path| path != new && begins_as_backup(path));
        let mut others: Vec<_> = others.filter_map(|path| Some((self.age(&path)?, path))).collect();
        others.sort_unstable_by(|one, other| other.cmp(one));
        let stay = usize::try_from(keep.saturating_sub(1)).unwrap_or(usize::MAX);
        let old = others.into_iter().skip(stay).map(|(_, path)| path);
        old.filter(|path| fs::remove_file(path).is_ok()).collect()
    }

    fn age(&self, path: &Path) -> Option<Age> {
        let name = path.file_name()?.to_str()?.strip_prefix(&self.start)?.strip_suffix(".backup")?;
        let (time, number) =
            name.split_once('-').map_or((name, Some(1)), |(time, number)| (time, number.parse().ok()));
        Some((NaiveDateTime::parse_from_str(time, TIME).ok()?, number?))
    }
}

fn begins_as_backup(path: &Path) -> bool {
    let mut start = Vec::new();
    let is_file = path.symlink_metadata().is_ok_and(|there| there.is_file());
    is_file
        && File::open(path).is_ok_and(|file| file.take(8).read_to_end(&mut start).is_ok())
        && is_backup(&start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &[u8] = b"\x89CSB\r\n\x1a\n";

    fn left(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_old_backups_of_this_vault_go() {
        let folder = tempfile::tempdir().unwrap();
        let names = Names::of(folder.path(), "0123456789abcdef0123456789abcdef");
        let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
        for day in 1..=4 {
            write(&format!("countersign-01234567-2027010{day}T080000Z.backup"), MARK);
        }
        write("countersign-01234567-20270104T080000Z-2.backup", MARK);
        let others: [(&str, &[u8]); 6] = [
            ("countersign-01234567-20260101T080000Z.backup", b"a letter"),
            ("countersign-76543210-20260101T080000Z.backup", MARK),
            ("countersign-01234567-20260101T080000Z.backup.old", MARK),
            ("countersign-01234567-2026.backup", MARK),
            ("letter.txt", b""),
            ("20260101.backup", MARK),
        ];
        others.iter().for_each(|(name, content)| write(name, content));
        fs::create_dir(folder.path().join("countersign-01234567-20260102T080000Z.backup")).unwrap();
        let all = left(folder.path()).len();

        // Its name is the oldest: the clock was set back.
        let new = names.free(UnixTime(1_700_000_000));
        assert_eq!(new.file_name().unwrap(), "countersign-01234567-20231114T221320Z.backup");
        fs::write(&new, MARK).unwrap();
        let again = names.free(UnixTime(1_700_000_000));
        assert_eq!(again.file_name().unwrap(), "countersign-01234567-20231114T221320Z-2.backup");

        assert_eq!(names.remove_old(&new, 10), Vec::<PathBuf>::new());
        let removed = names.remove_old(&new, 3);
        let days = ["3", "2", "1"].map(|day| format!("countersign-01234567-2027010{day}T080000Z.backup"));
        assert_eq!(removed, days.map(|name| folder.path().join(name)));
        assert_eq!(left(folder.path()).len(), all + 1 - 3);
        assert_eq!(names.remove_old(&new, 1).len(), 2);
        assert!(new.exists() && others.iter().all(|(name, _)| folder.path().join(name).exists()));
    }
}
