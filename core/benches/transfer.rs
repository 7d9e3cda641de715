//! Writing 10,000 accounts for another app, and reading them again; every file of other apps that there is, beside what
//! the keys of their passwords cost.
//!
//! `cargo bench -p countersign --bench transfer`

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark may stop at what is wrong")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads files")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use countersign::account::Account;
use countersign::clock::UnixTime;
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::transfer::export::{Target, Written, write};
use countersign::transfer::import::{Limits, Locked, Opened, Progress, open};
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use serde_json::Value;

const NOW: UnixTime = UnixTime(1_800_000_000);

fn account(number: u32) -> (String, Account) {
    let seed = Secret::copy_of(&number.to_be_bytes().repeat(5));
    let otp = Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed).expect("parameters in range");
    let account = Account {
        otp: Some(otp),
        note: format!("Note of account {number}"),
        tags: vec![format!("tag {}", number % 20)],
        ..Account::new(format!("Issuer {}", number % 500), format!("person{number}@example.com"), NOW)
    };
    (format!("id{number:014}"), account)
}

fn exports(criterion: &mut Criterion) {
    let accounts: Vec<_> = (0..10_000).map(account).collect();
    for (name, target) in [
        ("exports/otpauth, 10,000 accounts", Target::Otpauth),
        ("exports/Aegis, plain, 10,000 accounts", Target::Aegis(None)),
    ] {
        criterion.bench_function(name, |bencher| {
            let mut entropy = SystemEntropy::new();
            bencher.iter(|| write(&target, black_box(&accounts), &mut entropy, NOW).expect("randomness"));
        });
    }
}

fn imports(criterion: &mut Criterion) {
    for (name, target, count) in [
        ("imports/otpauth, 10,000 accounts", Target::Otpauth, 10_000),
        ("imports/Aegis, plain, 10,000 accounts", Target::Aegis(None), 10_000),
        // Ten accounts in each part.
        ("imports/Google, 100 parts", Target::Google, 1_000),
    ] {
        let accounts: Vec<_> = (0..count).map(account).collect();
        let written = write(&target, &accounts, &mut SystemEntropy::new(), NOW).expect("randomness");
        let files = match written {
            Written::File(file) => vec![file],
            Written::Codes(codes) => codes,
        };
        // EXPOSE: read again, as one text.
        let text = files.iter().map(Secret::expose).collect::<Vec<_>>().join(&b'\n');
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| match open(black_box(&text)) {
                Ok(Opened::Entries(batch)) => assert_eq!(batch.entries.len(), accounts.len()),
                other => panic!("{other:?}"),
            });
        });
    }
}

/// A file of another app, and its password.
struct File {
    bytes: Vec<u8>,
    password: Option<String>,
}

/// The real ones, which can't be in the repository: `COUNTERSIGN_FIXTURES` names their folder.
fn files() -> Option<Vec<File>> {
    let folder =
        std::env::var_os("COUNTERSIGN_FIXTURES").map(PathBuf::from).filter(|folder| folder.is_dir())?;
    let expected = std::fs::read(folder.join("expected.json")).expect("the list of files");
    let expected: serde_json::Map<String, Value> =
        serde_json::from_slice(&expected).expect("a list of files");
    let file = |(name, about): (&String, &Value)| File {
        bytes: std::fs::read(folder.join(name)).expect("a file of the list"),
        password: about["password"].as_str().map(ToOwned::to_owned),
    };
    Some(expected.iter().filter(|(name, _)| !name.starts_with('_')).map(file).collect())
}

/// Opens a file as far as it can be; gives the steps that it took.
fn read(file: &File) -> usize {
    match (open(&file.bytes), &file.password) {
        (Ok(Opened::Locked(locked)), Some(password)) => unlock(&locked, password, usize::MAX),
        _ => 0,
    }
}

fn unlock(locked: &Locked, password: &str, most: usize) -> usize {
    let mut unlocking =
        locked.unlock(password.as_bytes(), Limits::default()).expect("a cost within the limits");
    let is_working = |_: &usize| matches!(unlocking.step(), Ok(Progress::Working { .. }));
    1 + (0..most).take_while(is_working).count()
}

/// The same keys are derived of a wrong password, and nothing more is done with them.
fn all_files(criterion: &mut Criterion) {
    let Some(files) = files() else { return };
    let locked: Vec<_> = files
        .iter()
        .filter_map(|file| match open(&file.bytes) {
            Ok(Opened::Locked(locked)) => Some((locked, read(file))),
            _ => None,
        })
        .collect();
    let mut group = criterion.benchmark_group("imports");
    group.sample_size(10).sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_millis(1));
    group.bench_function("every file", |bencher| {
        bencher.iter(|| files.iter().map(read).sum::<usize>());
    });
    group.bench_function("the keys of every file", |bencher| {
        bencher.iter(|| locked.iter().map(|(locked, steps)| unlock(locked, "wrong", *steps)).sum::<usize>());
    });
}

criterion_group!(benches, exports, imports, all_files);
criterion_main!(benches);
