//! The last head of each vault that this machine has seen: what tells an older copy of the whole file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use countersign::vault::Head;
use serde::{Deserialize, Serialize};

use crate::files::write_whole;

/// A head as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    generation: u64,
    tag: [u8; 16],
}

/// One file a vault, named by its id, under `$XDG_STATE_HOME/countersign/heads`.
pub struct Heads {
    folder: PathBuf,
}

impl Heads {
    /// The store in this folder; it is made at the first write.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where the head of this vault is kept.
    pub fn file(&self, vault_id: &str) -> PathBuf {
        self.folder.join(vault_id)
    }

    /// The head of this vault that was seen last; none where there is no file for it.
    ///
    /// # Errors
    /// The file is there and can't be read, or is none of ours: nobody knows what was seen last.
    pub fn last(&self, vault_id: &str) -> io::Result<Option<Head>> {
        let text = match fs::read(self.file(vault_id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let kept: Kept = serde_json::from_slice(&text)?;
        Ok(Some(Head { generation: kept.generation, tag: kept.tag }))
    }

    /// Remembers `head`, unless a newer one is remembered already.
    pub fn remember(&self, vault_id: &str, head: &Head) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let _alone = Alone::in_folder(&self.folder)?;
        // What can't be read is replaced: whoever opened the vault was warned of it.
        if self.last(vault_id).is_ok_and(|last| last.is_some_and(|last| last.generation > head.generation)) {
            return Ok(());
        }
        let kept = serde_json::to_vec(&Kept { generation: head.generation, tag: head.tag })?;
        write_whole(&self.file(vault_id), &kept)
    }
}

/// While it lives, no other process compares and writes: the slower of two would put an older head over a newer one.
struct Alone {
    _lock: File,
}

impl Alone {
    fn in_folder(folder: &Path) -> io::Result<Self> {
        let lock = File::options().write(true).create(true).truncate(false).open(folder.join("lock"))?;
        lock.lock()?;
        Ok(Self { _lock: lock })
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn head(generation: u64) -> Head {
        Head { generation, tag: [7; 16] }
    }

    #[test]
    fn a_head_is_never_lowered() {
        let folder = tempfile::tempdir().unwrap();
        let heads = Heads::new(folder.path().join("heads"));
        assert_eq!(heads.last("vault").unwrap(), None);
        for (generation, last) in [(2, 2), (1, 2), (3, 3)] {
            heads.remember("vault", &head(generation)).unwrap();
            assert_eq!(heads.last("vault").unwrap(), Some(head(last)));
        }
        assert_eq!(heads.last("other").unwrap(), None);
    }

    #[test]
    fn nor_by_two_at_the_same_time() {
        let folder = tempfile::tempdir().unwrap();
        let heads = Heads::new(folder.path().to_owned());
        thread::scope(|scope| {
            for worker in 0..4 {
                let heads = &heads;
                scope.spawn(move || {
                    for generation in (worker..200).step_by(4) {
                        heads.remember("vault", &head(generation)).unwrap();
                        let last = heads.last("vault").unwrap().unwrap();
                        assert!(last.generation >= generation, "{} after {generation}", last.generation);
                    }
                });
            }
        });
        assert_eq!(heads.last("vault").unwrap(), Some(head(199)));
    }

    #[test]
    fn what_cannot_be_read_is_no_absent_head() {
        let folder = tempfile::tempdir().unwrap();
        let heads = Heads::new(folder.path().to_owned());
        for text in ["", "{}", "no head"] {
            fs::write(heads.file("vault"), text).unwrap();
            assert!(heads.last("vault").is_err(), "{text}");
        }
        heads.remember("vault", &head(1)).unwrap();
        assert_eq!(heads.last("vault").unwrap(), Some(head(1)));
    }
}
