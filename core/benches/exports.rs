//! Writing 10,000 accounts for another app.
//!
//! `cargo bench -p countersign --bench exports`

#![allow(clippy::expect_used, reason = "a benchmark may stop at what is wrong")]

use std::hint::black_box;

use countersign::account::Account;
use countersign::clock::UnixTime;
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::transfer::export::{Target, write};
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

fn ten_thousand(criterion: &mut Criterion) {
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

criterion_group!(benches, ten_thousand);
criterion_main!(benches);
