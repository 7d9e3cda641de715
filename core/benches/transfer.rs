//! Writing 10,000 accounts for another app, and reading them again.
//!
//! `cargo bench -p countersign --bench transfer`

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark may stop at what is wrong")]

use std::hint::black_box;

use countersign::account::Account;
use countersign::clock::UnixTime;
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::transfer::export::{Target, Written, write};
use countersign::transfer::import::{Opened, open};
use criterion::{Criterion, criterion_group, criterion_main};

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

criterion_group!(benches, exports, imports);
criterion_main!(benches);
