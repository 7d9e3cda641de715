//! A spy in the place of the allocator looks into each block that is freed: none may still hold a secret.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

mod spy;
#[path = "spy/entropy.rs"]
mod spy_entropy;

use countersign::account::Account;
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::qr;
use countersign::secret::Secret;
use countersign::vault::{Finding, NewPassword, NewWays, Shelf, ValueKind, Vault, VaultError, WayIn};
use spy::{know, spied};
use spy_entropy::Known;

const SEED: &[u8] = b"Seed:4f0c5e9b7a2d8163";
/// `SEED` as it stands in the sealed JSON.
const SEED_BASE64: &[u8] = b"U2VlZDo0ZjBjNWU5YjdhMmQ4MTYz";
const PASSWORD: &[u8] = b"Password:0d1f6b7c";
const NEW_PASSWORD: &[u8] = b"NewPassword:93ab2";
const PLATFORM: [u8; 32] = *b"Platform:8a7b6c5d4e3f20191817161";
/// By Python's `hashlib`: MD5 of the time in tens of seconds, the seed and the PIN.
const MOTP_DIGITS: &[u8] = b"e7d8b638ae6a766a015da72b858f1378";
const NOW: Now = Now { wall: UnixTime(1_800_000_000), steady_ms: 1 };

fn account() -> Account {
    Account {
        otp: Some(Otp::new(Kind::Hotp { counter: 0 }, Algorithm::Sha1, 6, Secret::copy_of(SEED)).unwrap()),
        ..Account::new("Example", "alice", NOW.wall)
    }
}

/// A set-up code as a picture: the file stands nowhere but in what is handed out.
fn a_drawn_code_leaves_no_file_behind() {
    let text = "otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let png = qr::png(text, 8).unwrap();
    // From the name of its chunk on: the encoder has the compressed pixels alone as well.
    let data = png.expose().windows(4).position(|name| name == b"IDAT").unwrap();
    know(&png.expose()[data..]);
    let svg = qr::svg(text).unwrap();
    let dark = svg.expose().windows(4).position(|place| place == b"M4 4").unwrap();
    know(&svg.expose()[dark..]);
    spied("draw a PNG", || qr::png(text, 8).map(drop)).unwrap();
    spied("draw an SVG", || qr::svg(text).map(drop)).unwrap();
}

/// All 32 digits of the hash whose first make the code.
fn a_code_of_motp_leaves_no_digits_behind() {
    know(MOTP_DIGITS);
    let (seed, pin) = (Secret::copy_of(b"e3152afee62599c8"), Secret::copy_of(b"1234"));
    let otp = Otp::with_pin(Kind::Motp, 6, seed, pin).unwrap();
    let codes = spied("mOTP", || otp.codes_at(UnixTime(165_892_298))).unwrap();
    assert!(MOTP_DIGITS.starts_with(codes.current.as_str().as_bytes()));
}

// One test, as blocks freed by another at the same time would be looked at too.
#[test]
fn no_freed_block_holds_a_secret() {
    for secret in [SEED, SEED_BASE64, PASSWORD, NEW_PASSWORD, &PLATFORM] {
        know(secret);
    }
    assert!(spy::sees(SEED), "the spy sees what it should");

    a_drawn_code_leaves_no_file_behind();
    a_code_of_motp_leaves_no_digits_behind();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let mut entropy = Known(SystemEntropy::new());
    let ways = NewWays { password: Some(PASSWORD), platform: Some(&PLATFORM), recovery: true };
    let (mut vault, code) = spied("create", || Vault::create(&path, &ways, &mut entropy, NOW)).unwrap();
    let code = code.unwrap();
    know(code.text().expose());
    know(vault.watch_key(NOW).unwrap().expose());

    let id =
        spied("add", || vault.change(&mut entropy, NOW, |change| change.add_account(&account()))).unwrap();
    spied("put a key", || {
        vault.change(&mut entropy, NOW, |change| change.put(ValueKind::Host, "key", &Secret::copy_of(SEED)))
    })
    .unwrap();
    spied("list", || vault.search("alice", Shelf::InUse, NOW).map(|found| found.len())).unwrap();
    spied("code", || {
        vault.change(&mut entropy, NOW, |change| {
            let mut account = change.account(&id)?.unwrap();
            let otp = account.otp.take().unwrap();
            assert!(otp.code_of_counter().is_some());
            account.otp = Some(otp.after_use());
            change.put_account(&id, &account)
        })
    })
    .unwrap();
    spied("change that fails", || {
        vault.change(&mut entropy, NOW, |change| {
            change.put(ValueKind::Host, "key", &Secret::copy_of(SEED))?;
            Err::<(), _>(VaultError::TooLarge)
        })
    })
    .unwrap_err();
    spied("watch key", || vault.watch_key(NOW).map(drop)).unwrap();
    spied("lock", || vault.lock());
    for (what, way_in) in [
        ("unlock by password", WayIn::Password(PASSWORD)),
        ("unlock by platform", WayIn::Platform(&PLATFORM)),
        ("unlock by recovery code", WayIn::Recovery(code.text().expose_str().unwrap())),
    ] {
        let finding = spied(what, || {
            let opened = vault.derivation(way_in)?.run()?;
            vault.unlock(&opened, None, NOW)
        });
        assert_eq!(finding, Ok(Finding::Clean));
        let read = spied("read", || vault.account(&id, NOW).map(|account| account.is_some()));
        assert_eq!(read, Ok(true));
    }
    spied("wrong password", || vault.derivation(WayIn::Password(NEW_PASSWORD)).unwrap().run().map(drop))
        .unwrap_err();
    spied("new password", || {
        let new = NewPassword::derive(NEW_PASSWORD, &mut entropy)?;
        vault.set_password(&new, &mut entropy, NOW)
    })
    .unwrap();
    spied("new recovery code", || vault.new_recovery_code(&mut entropy, NOW).map(drop)).unwrap();
    spied("verify", || vault.verify(NOW).map(drop)).unwrap();
    spied("close", || drop((vault, code)));
    println!("counted: vault: {} secrets known to the spy, 0 freed blocks with one in", spy::known());
}
