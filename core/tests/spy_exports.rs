//! No block that an export frees still holds a seed or a PIN: the spy in the place of the allocator looks into each.
//!
//! What the spy can't judge is the encoder of QR codes (the crate `qrcode`), which has the text of a code among other
//! bits in blocks of its own, and does not wipe them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

mod spy;

use countersign::account::Account;
use countersign::clock::UnixTime;
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::transfer::export::{AegisKey, SheetWords, Target, TwoFasKey, write};
use spy::{know, spied};

const SEED: &[u8] = b"Seed:4f0c5e9b7a2d8163";
/// `SEED` in Base32, from its first and from its sixth byte, as a writer that works in groups may have it.
const BASE32: [&[u8]; 2] = [b"KNSWKZB2GRTDAYZVMU4WEN3BGJSDQMJWGM", b"GRTDAYZVMU4WEN3BGJSDQMJWGM"];
/// In groups of four, as it is printed.
const PRINTED: &[u8] = b"KNSW KZB2 GRTD AYZV";
/// `SEED` in Base64, as it may lie among the bytes before it.
const BASE64: [&[u8]; 3] =
    [b"U2VlZDo0ZjBjNWU5YjdhMmQ4MTYz", b"NlZWQ6NGYwYzVlOWI3YTJkODE2Mw", b"TZWVkOjRmMGM1ZTliN2EyZDgxNjM"];
const MOTP: &[u8] = b"7ac61d4736f51a2b5e9b7a2d";
const PIN: &[u8] = b"Pin:12345678901234567890";
const PASSWORD: &[u8] = b"Password:0d1f6b7c";
const NOW: UnixTime = UnixTime(1_800_000_000);

fn accounts() -> Vec<(String, Account)> {
    let seed = || Secret::copy_of(SEED);
    let kinds = [
        Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed()),
        Otp::new(Kind::Hotp { counter: 1 }, Algorithm::Sha256, 8, seed()),
        Otp::new(Kind::Steam, Algorithm::Sha1, 5, seed()),
        Otp::with_pin(Kind::Motp, 6, Secret::copy_of(MOTP), Secret::copy_of(PIN)),
        Otp::with_pin(Kind::Yandex, 8, Secret::copy_of(&SEED[..16]), Secret::copy_of(PIN)),
    ];
    let account = |place: usize| Account {
        otp: Some(kinds[place % kinds.len()].clone().unwrap()),
        note: "a note".repeat(place),
        tags: vec!["work".to_owned()],
        ..Account::new("Example", format!("alice{place}@example.com"), NOW)
    };
    (0..50).map(|place| (format!("id{place}"), account(place))).collect()
}

// One test, as blocks freed by another at the same time would be looked at too.
#[test]
fn no_freed_block_holds_a_secret() {
    for secret in [SEED, BASE32[0], BASE32[1], PRINTED, BASE64[0], BASE64[1], BASE64[2], MOTP, PIN, PASSWORD]
    {
        know(secret);
    }
    assert!(spy::sees(SEED), "the spy sees what it should");
    let mut entropy = SystemEntropy::new();
    let aegis = spied("key of Aegis", || AegisKey::derive(PASSWORD, &mut entropy)).unwrap();
    let two_fas = spied("key of 2FAS", || TwoFasKey::derive(PASSWORD, &mut entropy)).unwrap();
    let words = SheetWords::default();
    let accounts = accounts();
    for (what, target) in [
        ("links", Target::Otpauth),
        ("Aegis", Target::Aegis(None)),
        ("Aegis under a password", Target::Aegis(Some(&aegis))),
        ("2FAS", Target::TwoFas(None)),
        ("2FAS under a password", Target::TwoFas(Some(&two_fas))),
        ("transfer codes", Target::Google),
        ("CXF", Target::Cxf),
        ("sheet", Target::Sheet(&words)),
        ("Entra", Target::Entra),
    ] {
        spied(what, || drop(write(&target, &accounts, &mut entropy, NOW).unwrap()));
    }
    spied("the accounts", || drop(accounts));
    println!("counted: exports: {} secrets known to the spy, 0 freed blocks with one in", spy::known());
}
