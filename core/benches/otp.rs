//! One-time codes: one code beside the bare library, and the list of a thousand accounts.

#![allow(clippy::expect_used, reason = "a benchmark may stop at what is wrong")]

use std::hint::black_box;

use countersign::clock::UnixTime;
use countersign::otp::{Algorithm, Kind, Otp, Sheet};
use countersign::secret::Secret;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const SEED: &[u8; 20] = b"12345678901234567890";

fn account(seed: &[u8]) -> Otp {
    Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, Secret::copy_of(seed))
        .expect("parameters in range")
}

/// Current and next code: two codes a call on both sides, each side builds its generator.
fn one_account(criterion: &mut Criterion) {
    let otp = account(SEED);
    criterion.bench_function("otp/one account, current and next", |bencher| {
        bencher.iter(|| black_box(&otp).codes_at(black_box(UnixTime(1_700_000_000))));
    });
    criterion.bench_function("otp/the same by bare totp_rs", |bencher| {
        bencher.iter(|| {
            let totp = totp_rs::Builder::new()
                .with_algorithm(totp_rs::Algorithm::SHA1)
                .with_digits(6)
                .with_step_duration(30)
                .with_secret(black_box(SEED.as_slice()))
                .build_noncompliant();
            (totp.generate(black_box(1_700_000_000)).to_string(), totp.generate(1_700_000_030).to_string())
        });
    });
}

fn thousand_accounts(criterion: &mut Criterion) {
    let accounts: Vec<_> = (0..1000_u32).map(|n| account(&n.to_be_bytes().repeat(5))).collect();
    let fresh = || {
        let mut sheet = Sheet::new(accounts.iter().map(|otp| (Some(otp), 0)));
        sheet.at(UnixTime(1_700_000_000));
        sheet
    };
    criterion.bench_function("otp/1000 accounts, nothing changed", |bencher| {
        let mut sheet = fresh();
        bencher.iter(|| black_box(sheet.at(black_box(UnixTime(1_700_000_001))).len()));
    });
    criterion.bench_function("otp/1000 accounts, a period begins", |bencher| {
        bencher.iter_batched_ref(
            fresh,
            |sheet| black_box(sheet.at(black_box(UnixTime(1_700_000_030))).len()),
            BatchSize::LargeInput,
        );
    });
}

criterion_group!(benches, one_account, thousand_accounts);
criterion_main!(benches);
