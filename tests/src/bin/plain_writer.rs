//! Writes rows to a SQLite file and says which are committed, until it ends or is ended: what shows that the
//! power-loss shim bites where nothing is synced, and lets be where everything is.
//!
//! `plain_writer FILE full|off ROWS`

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "what it says is read by the test")]

use std::process::ExitCode;

use rusqlite::{Connection, Error};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, synchronous, rows] = arguments.as_slice() else { return ExitCode::from(2) };
    match rows.parse().map_err(|_| Error::InvalidQuery).and_then(|rows| write(file, synchronous, rows)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The content of row `number`: from 100 bytes to three pages.
fn content(number: i64) -> Vec<u8> {
    let length = 100 + (number * 1_237) % 12_000;
    (0..length).map(|at| u8::try_from((at + number) % 251).unwrap_or(0)).collect()
}

fn write(file: &str, synchronous: &str, rows: i64) -> Result<(), Error> {
    let mut connection = open(file, synchronous)?;
    let written: i64 =
        connection.query_row("SELECT coalesce(max(number), 0) FROM row", [], |row| row.get(0))?;
    for number in written + 1..=written + rows {
        let transaction = connection.transaction()?;
        transaction.execute("INSERT INTO row VALUES (?, ?)", (number, content(number)))?;
        transaction.execute("UPDATE row SET content = content WHERE number = ?", [number / 2])?;
        transaction.commit()?;
        println!("committed {number}");
        if number % 11 == 0 {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        if number % 17 == 0 {
            connection = open(file, synchronous)?;
        }
    }
    Ok(())
}

fn open(file: &str, synchronous: &str) -> Result<Connection, Error> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "wal_autocheckpoint", 20)?;
    Ok(connection)
}
