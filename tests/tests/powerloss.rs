//! Power is lost at any moment of writing: what was reported as committed is there afterwards, and nothing that
//! is half done.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use countersign_tests::powerloss::{Loss, Shim};
use rusqlite::Connection;

/// What a loss left of the rows that the plain writer had reported.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    All,
    Damaged,
}

/// Runs the writer on a fresh database with `synchronous`, loses power, and looks.
fn plain(shim: &Shim, synchronous: &str, loss: Loss) -> Left {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plain.db");
    let made = Connection::open(&file).unwrap();
    made.execute_batch(
        "PRAGMA journal_mode = WAL; CREATE TABLE row (number INTEGER PRIMARY KEY, content BLOB);",
    )
    .unwrap();
    drop(made);

    let mut writer = Command::new(env!("CARGO_BIN_EXE_plain_writer"));
    writer.arg(&file).args([synchronous, "40"]);
    let run = shim.run(&mut writer, folder.path(), loss).unwrap();
    assert_eq!(run.lost_power, loss.at > 0, "{loss:?}");
    let reported: i64 = run
        .said
        .last()
        .and_then(|line| line.strip_prefix("committed "))
        .map_or(0, |number| number.parse().unwrap());
    look(&file, reported).unwrap_or(Left::Damaged)
}

/// The rows are those reported as committed, and perhaps the one that was about to be.
fn look(file: &Path, reported: i64) -> rusqlite::Result<Left> {
    let connection = Connection::open(file)?;
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    let (rows, last): (i64, i64) =
        connection.query_row("SELECT count(*), coalesce(max(number), 0) FROM row", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let all = sound == "ok" && rows == last && (last == reported || last == reported + 1);
    Ok(if all { Left::All } else { Left::Damaged })
}

fn shim() -> Shim {
    Shim::build(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

#[test]
fn the_shim_lets_be_what_was_synced() {
    let shim = shim();
    assert_eq!(plain(&shim, "full", Loss { at: 0, seed: 0 }), Left::All);
    for seed in 0..60 {
        let loss = Loss { at: 1 + seed * 5, seed };
        assert_eq!(plain(&shim, "full", loss), Left::All, "{loss:?}");
    }
}

#[test]
fn the_shim_bites_what_was_not() {
    let shim = shim();
    let damaged =
        (0..60).filter(|&seed| plain(&shim, "off", Loss { at: 1 + seed * 5, seed }) == Left::Damaged).count();
    assert!(damaged >= 20, "only {damaged} of 60 losses did harm");
}
