//! Killed at any moment: a child writes to a vault and is killed (SIGKILL) at random moments. Each time the vault
//! opens with the state of before or after the change that was under way, and with everything that the child had
//! said was done.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "a test fails by panicking; it runs processes"
)]
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::{SeededEntropy, SystemEntropy, random};
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::vault::{Finding, NewWays, Shelf, ValueKind, Vault, VaultError, WayIn};

const KILLS: u32 = 300;
const KILLS_WHILE_CREATING: u32 = 60;
const PLATFORM: [u8; 32] = [7; 32];
const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

/// Accounts that the child keeps at any time; an older one leaves for each that comes.
const KEPT: u64 = 5;

fn account(number: u64) -> Account {
    let seed = Secret::copy_of(&number.to_be_bytes());
    Account {
        otp: Some(Otp::new(Kind::Hotp { counter: number }, Algorithm::Sha1, 6, seed).unwrap()),
        ..Account::new("Example", number.to_string(), NOW.wall)
    }
}

fn open(path: &Path) -> Result<(Vault, Finding), VaultError> {
    let mut vault = Vault::open(path)?;
    let opened = vault.derivation(WayIn::Platform(&PLATFORM))?.run()?;
    let finding = vault.unlock(&opened, None, NOW)?;
    Ok((vault, finding))
}

fn create(path: &Path) -> Result<Vault, VaultError> {
    let ways = NewWays { platform: Some(&PLATFORM), recovery: true, ..NewWays::default() };
    Vault::create(path, &ways, &mut SystemEntropy::new(), NOW).map(|(vault, _)| vault)
}

/// One change on several rows of both keys; every seventh time all keys are changed as well.
fn step(vault: &mut Vault, number: u64) -> Result<(), VaultError> {
    let mut entropy = SystemEntropy::new();
    let mut accounts = vault.accounts(Shelf::InUse, NOW)?;
    accounts.truncate((accounts.len() + 1).saturating_sub(usize::try_from(KEPT).unwrap()));
    let leaving: Vec<_> = accounts.into_iter().map(|account| account.id.clone()).collect();
    vault.change(&mut entropy, NOW, |change| {
        change.put(ValueKind::Setting, "number", &number)?;
        change.put(ValueKind::Flow, "number", &number)?;
        change.add_account(&account(number))?;
        for id in leaving {
            change.trash_account(&id, NOW.wall)?;
            change.purge_account(&id)?;
        }
        Ok::<_, VaultError>(())
    })?;
    if number.is_multiple_of(7) {
        vault.new_recovery_code(&mut entropy, NOW)?;
    }
    if number.is_multiple_of(11) {
        vault.lock();
        let opened = vault.derivation(WayIn::Platform(&PLATFORM))?.run()?;
        vault.unlock(&opened, None, NOW)?;
    }
    Ok(())
}

/// With a path in the environment: the child, which writes until it is killed. Else what it does when nobody kills it.
#[test]
fn writer() {
    if let Some(path) = std::env::var_os("VAULT_TEST_CHILD").map(PathBuf::from) {
        write_for_ever(&path);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let mut vault = create(&path).unwrap();
    // Each key changes at least once on the way.
    (1..=12).for_each(|number| step(&mut vault, number).unwrap());
    drop(vault);
    let (mut vault, finding) = open(&path).unwrap();
    assert_eq!((finding, vault.verify(NOW).unwrap()), (Finding::Clean, Vec::new()));
    assert_eq!((numbers(&mut vault), names(&mut vault)), ((12, 12), (8..=12).collect()));
}

/// The numbers that a step puts under both keys.
fn numbers(vault: &mut Vault) -> (u64, u64) {
    let mut number = |kind| vault.get::<u64>(kind, "number", NOW).unwrap().unwrap_or(0);
    (number(ValueKind::Setting), number(ValueKind::Flow))
}

/// The names of the accounts, in order.
fn names(vault: &mut Vault) -> Vec<u64> {
    let accounts = vault.accounts(Shelf::InUse, NOW).unwrap();
    let mut names: Vec<u64> = accounts.iter().map(|account| account.name.parse().unwrap()).collect();
    names.sort_unstable();
    names
}

fn write_for_ever(path: &Path) -> ! {
    let mut vault = if path.exists() { open(path).unwrap().0 } else { create(path).unwrap() };
    let (mut number, _) = numbers(&mut vault);
    loop {
        number += 1;
        step(&mut vault, number).unwrap();
        // Said only when done.
        println!("done {number}");
        std::io::stdout().flush().unwrap();
    }
}

fn start(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture"])
        .env("VAULT_TEST_CHILD", path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the child says that a change is done, and gives its number.
fn wait_for_a_change(child: &mut Child) -> u64 {
    let mut line = String::new();
    let mut reader = BufReader::with_capacity(1, child.stdout.take().unwrap());
    while !line.starts_with("done ") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the child ended by itself");
    }
    child.stdout = Some(reader.into_inner());
    line.trim().strip_prefix("done ").unwrap().parse().unwrap()
}

/// How long a child takes to its first change here, so that the kills come before and after it on any machine.
fn time_to_a_change(path: &Path) -> Duration {
    let started = Instant::now();
    let mut child = start(path);
    wait_for_a_change(&mut child);
    let time = started.elapsed();
    kill(child);
    time
}

/// A moment from 0 to `longest`.
fn moment(moments: &mut SeededEntropy, longest: Duration) -> Duration {
    longest * u32::from(u16::from_be_bytes(random(moments).unwrap())) / u32::from(u16::MAX)
}

/// Kills the child and gives the last number that it said was done.
fn kill(mut child: Child) -> Option<u64> {
    child.kill().unwrap();
    child.wait().unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    said.lines().filter_map(|line| line.strip_prefix("done ")?.parse().ok()).next_back()
}

#[test]
fn killed_while_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    drop(create(&path).unwrap());
    let mut moments = SeededEntropy::new(b"kill");
    let longest = time_to_a_change(&path);
    let (mut last, _) = numbers(&mut open(&path).unwrap().0);
    let (mut unsaid, mut steps) = (0, 0);
    for turn in 0..KILLS {
        let mut child = start(&path);
        // Every other one is killed after its first change, to be in the middle of the next ones.
        let said = turn.is_multiple_of(2).then(|| wait_for_a_change(&mut child));
        std::thread::sleep(moment(&mut moments, longest));
        let confirmed: u64 = kill(child).or(said).unwrap_or(last);

        let (mut vault, finding) = open(&path).unwrap();
        assert_eq!(finding, Finding::Clean, "turn {turn}");
        assert_eq!(vault.verify(NOW).unwrap(), [], "turn {turn}");
        let (number, other) = numbers(&mut vault);
        assert!(number == confirmed || number == confirmed + 1, "turn {turn}: {number} after {confirmed}");
        assert_eq!(other, number, "turn {turn}");
        let expected: Vec<_> = (number.saturating_sub(KEPT) + 1..=number).collect();
        assert_eq!(names(&mut vault), expected, "turn {turn}");
        unsaid += u32::from(number > confirmed);
        steps += number - last;
        last = number;
    }
    assert!(steps > u64::from(KILLS / 2), "no child came further than to its first change");
    println!(
        "counted: {KILLS} kills while writing: {steps} changes, {unsaid} of them done but not yet said; nothing lost"
    );
}

#[test]
fn killed_while_creating() {
    let mut moments = SeededEntropy::new(b"kill while creating");
    let longest = time_to_a_change(&tempfile::tempdir().unwrap().path().join("vault.db"));
    let (mut none, mut whole) = (0, 0);
    for _ in 0..KILLS_WHILE_CREATING {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.db");
        let child = start(&path);
        std::thread::sleep(moment(&mut moments, longest + longest / 2));
        kill(child);
        match open(&path) {
            Ok((mut vault, finding)) => {
                assert_eq!((finding, vault.verify(NOW).unwrap()), (Finding::Clean, Vec::new()));
                whole += 1;
            }
            Err(error) => {
                assert_eq!(error, VaultError::NotFound);
                // What is left over keeps nobody from making one.
                drop(create(&path).unwrap());
                none += 1;
            }
        }
    }
    assert!(
        none > 0 && whole > 0,
        "all kills came before or after: {none} left no vault, {whole} a whole one"
    );
    println!(
        "counted: {KILLS_WHILE_CREATING} kills while creating: {none} left no vault, {whole} a whole one"
    );
}
