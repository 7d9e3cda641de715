//! Files that are there whole or not at all.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::path::Path;

use crate::failure::{Failure, Own};

/// Writes a result into the file that the person named; one that is there is replaced only where they say so.
pub fn write_result(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Failure> {
    let over = if replace { Over::Anything } else { Over::Nothing };
    write(path, bytes, over).map_err(|error| {
        let own = match error.kind() {
            io::ErrorKind::AlreadyExists => Own::FileExists,
            _ => Own::FileUnwritable,
        };
        Failure::from(own).with("file", path.display().to_string())
    })
}

/// Writes a file that is there whole or not at all, and readable by its owner alone.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, Over::Anything)
}

fn write(path: &Path, bytes: &[u8], over: Over) -> io::Result<()> {
    write_checked(path, bytes, over, |_| Ok::<_, Infallible>(())).map_err(|error| match error {
        Unwritten::Disk(error) => error,
        Unwritten::Wrong(never) => match never {},
    })
}

/// What may be at the path already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Another file, which goes.
    Anything,
    /// Nothing: else `AlreadyExists`.
    Nothing,
}

/// Why a file is not written.
#[derive(Debug)]
pub enum Unwritten<E> {
    /// The system says so.
    Disk(io::Error),
    /// What was read back is not right.
    Wrong(E),
}

impl<E> From<io::Error> for Unwritten<E> {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// The same for a file that has to be right: it is read back, and gets its name only when `check` says so. What was
/// there stays until then.
pub fn write_checked<E>(
    path: &Path,
    bytes: &[u8],
    over: Over,
    check: impl FnOnce(&[u8]) -> Result<(), E>,
) -> Result<(), Unwritten<E>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Under a name that nobody could foresee, made anew with mode 0600, and removed should anything fail: nobody
    // finds the bytes elsewhere, in a file of their own.
    let mut unfinished = tempfile::Builder::new().prefix(".").suffix(".tmp").tempfile_in(folder)?;
    unfinished.write_all(bytes)?;
    unfinished.as_file().sync_all()?;
    check(&std::fs::read(unfinished.path())?).map_err(Unwritten::Wrong)?;
    match over {
        Over::Anything => unfinished.persist(path).map_err(|error| error.error)?,
        Over::Nothing => unfinished.persist_noclobber(path).map_err(|error| error.error)?,
    };
    sync_folder(folder)?;
    Ok(())
}

/// The name is there after a loss of power as well.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn nobody_can_prepare_where_the_bytes_go() {
        let folder = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (folder.path().join("code.png"), folder.path().join("elsewhere"));
        fs::write(&elsewhere, "theirs").unwrap();
        // Every name that the path and the process give away, and the path itself.
        let names = [format!("code.{}.tmp", std::process::id()), "code.tmp".into(), "code.png".into()];
        for name in names {
            symlink(&elsewhere, folder.path().join(name)).unwrap();
        }
        write_whole(&path, b"ours").unwrap();
        assert_eq!(
            (fs::read(&path).unwrap().as_slice(), fs::read(&elsewhere).unwrap().as_slice()),
            (&b"ours"[..], &b"theirs"[..])
        );
        assert!(path.symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn it_is_the_owners_alone_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.png");
        for there in [path.clone(), folder.path().join(format!("code.{}.tmp", std::process::id()))] {
            fs::write(&there, "").unwrap();
            fs::set_permissions(&there, fs::Permissions::from_mode(0o666)).unwrap();
        }
        write_whole(&path, b"ours").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.png");
        write_result(&path, b"first", false).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(write_result(&path, b"second", false).unwrap_err().name(), "FileExists");
        assert_eq!(fs::read(&path).unwrap(), b"first");
        write_result(&path, b"second", true).unwrap();
        assert_eq!(
            (fs::read(&path).unwrap(), fs::read_dir(folder.path()).unwrap().count()),
            (b"second".to_vec(), 1)
        );
        let nowhere = folder.path().join("no/such/folder");
        assert_eq!(write_result(&nowhere, b"", false).unwrap_err().name(), "FileUnwritable");
    }

    #[test]
    fn nothing_stays_of_what_failed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a folder");
        fs::create_dir(&path).unwrap();
        assert!(write_whole(&path, b"ours").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
