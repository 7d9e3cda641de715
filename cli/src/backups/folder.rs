//! A folder of backups.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use countersign::clock::UnixTime;
use countersign::transfer::backup::{Names, is_backup};

/// A name in the folder that is not there.
pub fn free(folder: &Path, names: &Names, at: UnixTime) -> PathBuf {
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
    let mut paths = (1..=u32::MAX).map(|number| folder.join(names.name(at, number)));
    paths.find(is_free).unwrap_or_else(|| folder.join(names.name(at, u32::MAX)))
}

/// Removes all but the `keep` latest, of which `new` is one. Only what has such a name and is a backup is looked at.
/// Gives what was removed.
pub fn remove_old(folder: &Path, names: &Names, new: &Path, keep: u32) -> Vec<PathBuf> {
    let there = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let there = there.filter(|path| begins_as_backup(path));
    let there = there.filter_map(|path| path.file_name()?.to_str().map(ToOwned::to_owned)).collect();
    let new = new.file_name().unwrap_or_default().to_string_lossy();
    let old = names.superseded(there, &new, keep).into_iter().map(|name| folder.join(name));
    old.filter(|path| fs::remove_file(path).is_ok()).collect()
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

    #[test]
    fn only_what_is_a_backup_goes() {
        let (folder, names) = (tempfile::tempdir().unwrap(), Names::of("0123456789abcdef0123456789abcdef"));
        let folder = folder.path();
        let at = |day: i64| UnixTime(1_800_000_000 + day * 86_400);
        let write = |name: &str, content: &[u8]| fs::write(folder.join(name), content).unwrap();
        (0..3).for_each(|day| write(&names.name(at(day), 1), MARK));
        write(&names.name(at(-1), 1), b"a letter");
        write("letter.backup", MARK);
        fs::create_dir(folder.join(names.name(at(-2), 1))).unwrap();

        let new = free(folder, &names, at(2));
        assert_eq!(new, folder.join(names.name(at(2), 2)));
        fs::write(&new, MARK).unwrap();
        assert_eq!(remove_old(folder, &names, &new, 10), Vec::<PathBuf>::new());
        let old = [1, 0].map(|day| folder.join(names.name(at(day), 1)));
        assert_eq!(remove_old(folder, &names, &new, 2), old);
        assert!(old.iter().all(|path| !path.exists()));
        for name in [&*names.name(at(2), 1), &names.name(at(2), 2), &names.name(at(-1), 1), "letter.backup"] {
            assert!(folder.join(name).exists(), "{name}");
        }
        assert!(folder.join(names.name(at(-2), 1)).is_dir());
    }
}
