//! Changes a vault step by step and says which steps are committed, until it ends or is ended.
//!
//! `vault_writer create FILE` or `vault_writer change FILE STEPS`

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "what it says is read by the test")]

use std::path::Path;
use std::process::ExitCode;

use countersign::vault::{Vault, VaultError};
use countersign_tests::steps::{create, open, step};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["create", file] => make(Path::new(file)),
        ["change", file, steps] => change(Path::new(file), steps.parse().unwrap_or(0)),
        _ => return ExitCode::from(2),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Makes a vault, says so, and goes on: so that power is lost after the report as well.
fn make(file: &Path) -> Result<(), VaultError> {
    create(file)?;
    println!("created");
    step(&mut open(file, 0, None)?.0, 1)
}

fn change(file: &Path, steps: u32) -> Result<(), VaultError> {
    let (mut vault, _) = open(file, 0, None)?;
    say(0, &vault)?;
    for number in 1..=steps {
        step(&mut vault, number)?;
        say(number, &vault)?;
        // A phone is locked and closed now and then: both write what is in the log into the file.
        if number % 13 == 0 {
            vault.lock();
        }
        if number % 13 == 0 || number % 17 == 0 {
            vault = open(file, number, None)?.0;
        }
    }
    Ok(())
}

/// `committed STEP GENERATION TAG`
fn say(number: u32, vault: &Vault) -> Result<(), VaultError> {
    let head = vault.head()?;
    println!("committed {number} {} {}", head.generation, u128::from_be_bytes(head.tag));
    Ok(())
}
