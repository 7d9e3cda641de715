//! Reading large files takes little memory: a counter in the place of the allocator knows the most that was taken at
//! once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

mod counter;

use countersign::account::Account;
use countersign::clock::UnixTime;
use countersign::entropy::SystemEntropy;
use countersign::otp::{Algorithm, Kind, Otp};
use countersign::secret::Secret;
use countersign::transfer::export::{Target, Written, write};
use countersign::transfer::import::{Opened, open};

const MOST: usize = 64 * 1024 * 1024;

fn accounts(count: u32) -> Vec<(String, Account)> {
    let account = |number: u32| {
        let seed = Secret::copy_of(&number.to_be_bytes().repeat(5));
        let otp = Otp::new(Kind::Totp { period: 30 }, Algorithm::Sha1, 6, seed).unwrap();
        let name = format!("person{number}@example.com");
        let account = Account { otp: Some(otp), ..Account::new("Example", name, UnixTime(0)) };
        (format!("id{number}"), account)
    };
    (0..count).map(account).collect()
}

fn list(count: usize, of: impl Fn(usize) -> String) -> String {
    (0..count).map(of).collect::<Vec<_>>().join(",")
}

/// A backup of Stratum, where a secret is the key of an account.
fn one_secret(count: usize) -> Vec<u8> {
    let secret = "GEZDGNBVGY3TQOJQ";
    format!(
        r#"{{"Authenticators":[{}],"Categories":[{}],"AuthenticatorCategories":[{}]}}"#,
        list(count, |number| format!(r#"{{"Type":2,"Issuer":"{number}","Secret":"{secret}"}}"#)),
        list(count, |number| format!(r#"{{"Id":"{number}","Name":"Category {number}"}}"#)),
        list(count, |number| format!(r#"{{"CategoryId":"{number}","AuthenticatorSecret":"{secret}"}}"#)),
    )
    .into_bytes()
}

/// An export in FIDO's format.
fn one_collection(count: usize) -> Vec<u8> {
    let code = r#"{"type":"totp","secret":"GEZDGNBVGY3TQOJQ"}"#;
    format!(
        r#"{{"version":{{"major":1}},"exporterRpId":"a","accounts":[{{"collections":[{{"title":"{}","items":[{}]}}],"items":[{}]}}]}}"#,
        "x".repeat(1_000_000),
        list(count, |number| format!(r#"{{"item":"{number}"}}"#)),
        list(count, |number| format!(r#"{{"id":"{number}","title":"a","credentials":[{code}]}}"#)),
    )
    .into_bytes()
}

/// A backup of 2FAS.
fn one_group(count: usize) -> Vec<u8> {
    let service = r#"{"secret":"GEZDGNBVGY3TQOJQ","groupId":"a","otp":{"tokenType":"TOTP"}}"#;
    format!(
        r#"{{"schemaVersion":4,"groups":[{{"id":"a","name":"{}"}}],"services":[{}]}}"#,
        "x".repeat(1_000_000),
        list(count, |_| service.to_owned()),
    )
    .into_bytes()
}

fn reads_within(what: &str, text: &[u8], count: usize) {
    let before = counter::begin();
    let Ok(Opened::Entries(batch)) = open(text) else { panic!("{what}") };
    assert_eq!(batch.entries.len(), count);
    let most = counter::most() - before;
    println!("counted: {what} ({} kB) take {} kB at most to read", text.len() / 1000, most / 1000);
    assert!((text.len() / 2..MOST).contains(&most), "{what}: {most} bytes");
}

// One test, as what another takes at the same time would be counted too.
#[test]
fn large_files_fit() {
    for (what, target, count) in [
        ("10,000 links", Target::Otpauth, 10_000),
        ("10,000 accounts of Aegis", Target::Aegis(None), 10_000),
        ("100 codes of Google Authenticator", Target::Google, 1_000),
    ] {
        let written = write(&target, &accounts(count), &mut SystemEntropy::new(), UnixTime(0)).unwrap();
        let text = match written {
            // EXPOSE: read again.
            Written::File(file) => file.expose().to_vec(),
            // EXPOSE: read again, as one text.
            Written::Codes(codes) => codes.iter().map(Secret::expose).collect::<Vec<_>>().join(&b'\n'),
        };
        reads_within(what, &text, usize::try_from(count).unwrap());
    }
    reads_within("10,000 accounts with one secret in 10,000 categories", &one_secret(10_000), 10_000);
    reads_within("10,000 services in a group with a name of 1 MB", &one_group(10_000), 10_000);
    reads_within("4,000 items of a collection with a name of 1 MB", &one_collection(4_000), 4_000);
}
