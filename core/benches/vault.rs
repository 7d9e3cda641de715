//! A vault of 10,000 accounts: opening with the first 50 shown, searching, one change; and the memory of opening.
//!
//! `cargo bench -p countersign --bench vault`

#![allow(missing_docs, reason = "made by criterion's macros")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a measurement"
)]

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Codes, Kind, Otp};
use countersign::secret::Secret;
use countersign::vault::{NewWays, OpenedSlot, Shelf, Vault, VaultError, WayIn};
use criterion::Criterion;

const ACCOUNTS: u32 = 10_000;
const SHOWN: usize = 50;
const PLATFORM: [u8; 32] = [7; 32];
const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

fn account(number: u32) -> Account {
    let seed = Secret::copy_of(format!("a seed of 20 {number:07}").as_bytes());
    Account {
        issuer: format!("Example Company {}", number % 700),
        name: format!("firstname.lastname{number}@example.com"),
        otp: Some(Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed).unwrap()),
        registration: None,
        favourite: number.is_multiple_of(1000),
        tags: vec!["work".into()],
        note: String::new(),
        label: None,
        codes_ahead: None,
        added_at: NOW.wall,
        changed_at: NOW.wall,
        trashed_at: None,
    }
}

fn make(path: &Path) {
    let ways = NewWays { platform: Some(&PLATFORM), recovery: true, ..NewWays::default() };
    let (mut vault, _) = Vault::create(path, &ways, &mut SystemEntropy::new(), NOW).unwrap();
    vault
        .change(&mut SystemEntropy::new(), NOW, |change| {
            (0..ACCOUNTS).try_for_each(|number| change.add_account(&account(number)).map(drop))
        })
        .unwrap();
}

fn slot(path: &Path) -> OpenedSlot {
    Vault::open(path).unwrap().derivation(WayIn::Platform(&PLATFORM)).unwrap().run().unwrap()
}

/// What a phone does from a tap to the first screen, without the derivation of a password.
fn open_and_show(path: &Path, slot: &OpenedSlot) -> Result<(Vault, Vec<Option<Codes>>), VaultError> {
    let mut vault = Vault::open(path)?;
    vault.unlock(slot, None, NOW)?;
    let ids: Vec<_> =
        vault.accounts(Shelf::InUse, NOW)?.iter().take(SHOWN).map(|account| account.id.clone()).collect();
    let codes = ids
        .iter()
        .map(|id| {
            let otp = vault.account(id, NOW)?.and_then(|account| account.otp);
            Ok(otp.and_then(|otp| otp.codes_at(NOW.wall)))
        })
        .collect::<Result<_, VaultError>>()?;
    Ok((vault, codes))
}

fn measure(path: &Path) {
    let slot = slot(path);
    let mut criterion = Criterion::default().sample_size(30).configure_from_args();
    criterion.bench_function("vault/open 10,000 and show 50", |bencher| {
        bencher.iter_with_large_drop(|| open_and_show(path, &slot).unwrap());
    });
    let (mut vault, codes) = open_and_show(path, &slot).unwrap();
    assert_eq!(codes.iter().flatten().count(), SHOWN);
    for text in ["e", "lastname77", "work example 42", "nothing like it"] {
        criterion.bench_function(&format!("vault/search 10,000 for {text:?}"), |bencher| {
            bencher.iter(|| vault.search(black_box(text), Shelf::InUse, NOW).unwrap().len());
        });
    }
    let ids: Vec<_> =
        vault.accounts(Shelf::InUse, NOW).unwrap().iter().map(|account| account.id.clone()).collect();
    let mut turn = ids.iter().cycle();
    criterion.bench_function("vault/one change in 10,000 with its sync", |bencher| {
        bencher.iter(|| {
            let id = turn.next().unwrap();
            vault
                .change(&mut SystemEntropy::new(), NOW, |change| {
                    let mut account = change.account(id)?.unwrap();
                    account.favourite = !account.favourite;
                    change.put_account(id, &account)
                })
                .unwrap();
        });
    });
    criterion.bench_function("vault/verify 10,000", |bencher| {
        bencher.iter(|| assert!(vault.verify(NOW).unwrap().is_empty()));
    });
    criterion.bench_function("vault/new keys for 10,000", |bencher| {
        bencher.iter(|| vault.new_recovery_code(&mut SystemEntropy::new(), NOW).unwrap());
    });
    criterion.final_summary();
}

/// In a process that does nothing else: the most memory that it ever had.
fn memory(path: &Path) {
    let most = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
    };
    let slot = slot(path);
    let before = most();
    let (vault, _) = open_and_show(path, &slot).unwrap();
    println!("vault/memory of opening 10,000: {} kB, {} kB the whole process", most() - before, most());
    drop(vault);
}

fn main() {
    if let Some(path) = std::env::var_os("VAULT_BENCH_MEMORY") {
        return memory(path.as_ref());
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    make(&path);
    let program = std::env::current_exe().unwrap();
    assert!(Command::new(program).env("VAULT_BENCH_MEMORY", &path).status().unwrap().success());
    measure(&path);
}
