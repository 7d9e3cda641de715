//! Power is lost at any moment of writing: what was reported as committed is there afterwards, and nothing that
//! is half done.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use countersign::vault::{Head, Vault, VaultError};
use countersign_tests::powerloss::{Loss, Shim};
use countersign_tests::steps;
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

/// Built once: tests run side by side, and one that is being written can't be loaded.
fn shim() -> &'static Shim {
    static SHIM: LazyLock<Shim> =
        LazyLock::new(|| Shim::build(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap());
    &SHIM
}

#[test]
fn the_shim_lets_be_what_was_synced() {
    let shim = shim();
    assert_eq!(plain(shim, "full", Loss { at: 0, seed: 0 }), Left::All);
    for seed in 0..60 {
        let loss = Loss { at: 1 + seed * 5, seed };
        assert_eq!(plain(shim, "full", loss), Left::All, "{loss:?}");
    }
}

#[test]
fn the_shim_bites_what_was_not() {
    let shim = shim();
    let damaged =
        (0..60).filter(|&seed| plain(shim, "off", Loss { at: 1 + seed * 5, seed }) == Left::Damaged).count();
    assert!(damaged >= 20, "only {damaged} of 60 losses did harm");
}

/// A number that looks random, the same for each run.
const fn scattered(seed: u32, limit: u32) -> u32 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 33) % limit as u64) as u32
}

/// `committed STEP GENERATION TAG`
fn reported(line: &str) -> Option<(u32, Head)> {
    let mut parts = line.strip_prefix("committed ")?.split(' ');
    let step = parts.next()?.parse().ok()?;
    let generation = parts.next()?.parse().ok()?;
    let tag: u128 = parts.next()?.parse().ok()?;
    Some((step, Head { generation, tag: tag.to_be_bytes() }))
}

#[test]
fn a_vault_has_the_old_or_the_new_state_after_each_of_300_losses() {
    let shim = shim();
    let mut further = 0;
    for seed in 0..300 {
        let loss = Loss { at: 1 + scattered(seed, 400), seed };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vault.db");
        steps::create(&file).unwrap();
        let mut writer = Command::new(env!("CARGO_BIN_EXE_vault_writer"));
        let run = shim.run(writer.arg("change").arg(&file).arg("200"), folder.path(), loss).unwrap();
        assert!(run.lost_power, "{loss:?}: too few operations");
        let (step, head) =
            run.said.last().and_then(|line| reported(line)).map_or((0, None), |(s, h)| (s, Some(h)));
        let done = steps::steps_done(&file, step, head.as_ref());
        let done = done.unwrap_or_else(|what| panic!("{loss:?} after step {step}: {what}"));
        further += u32::from(done > step);
    }
    println!(
        "counted: 300 power losses: each time the old or the new state, {further} of them done but not yet said"
    );
    assert!(further > 0, "no loss came between a commit and its report: the moments are not scattered");
}

#[test]
fn a_vault_is_there_once_it_was_made_whenever_power_is_lost() {
    let shim = shim();
    for at in 1.. {
        let mut lost = false;
        for seed in 0..12 {
            let loss = Loss { at, seed };
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("vault.db");
            let mut writer = Command::new(env!("CARGO_BIN_EXE_vault_writer"));
            let run = shim.run(writer.arg("create").arg(&file), folder.path(), loss).unwrap();
            lost |= run.lost_power;
            match Vault::open(&file) {
                Ok(_) => {
                    steps::steps_done(&file, 0, None).unwrap_or_else(|what| panic!("{loss:?}: {what}"));
                }
                Err(VaultError::NotFound) => {
                    assert!(run.said.is_empty(), "{loss:?}: made and gone");
                    steps::create(&file)
                        .unwrap_or_else(|error| panic!("{loss:?}: can't be made anew: {error}"));
                }
                Err(error) => panic!("{loss:?}: half a vault: {error}"),
            }
        }
        if !lost {
            assert!(at > 10, "only {at} operations");
            return;
        }
    }
}
