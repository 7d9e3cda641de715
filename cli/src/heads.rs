//! The last head of each vault that this machine has seen: what tells an older copy of the whole file.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countersign::vault::Head;
use serde::{Deserialize, Serialize};

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

    /// The head of this vault that was seen last. A file that can't be read counts as none: it only warns.
    pub fn last(&self, vault_id: &str) -> Option<Head> {
        let text = fs::read(self.folder.join(vault_id)).ok()?;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        Some(Head { generation: kept.generation, tag: kept.tag })
    }

    /// Remembers `head`, unless a newer one is remembered already or `lower` allows it.
    pub fn remember(&self, vault_id: &str, head: &Head, lower: bool) -> io::Result<()> {
        if !lower && self.last(vault_id).is_some_and(|last| last.generation > head.generation) {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        write_whole(
            &self.folder.join(vault_id),
            &serde_json::to_vec(&Kept { generation: head.generation, tag: head.tag })?,
        )
    }
}

/// Writes a file that is there whole or not at all, and readable by its owner alone.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}
