//! No block that reading a file of another app frees still holds a seed or a password: the spy in the place of the
//! allocator looks into each.
//!
//! What the spy can't judge are blocks of crates that wipe none: the window in which `flate2` unpacks a deflated file, and
//! the buffer in which `serde_json` resolves the escapes of a text. Files that need them are read, and not looked at;
//! our programs have an allocator that wipes (`docs/decisions/0013`).

#![allow(clippy::disallowed_methods, reason = "a test reads files")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

mod spy;

use std::path::PathBuf;

use countersign::transfer::import::{Batch, Limits, Opened, Progress, open};
use serde_json::Value;
use spy::{know, spied};

/// The seeds of the files (`tests/fixtures/import/make.py`), as they are and as files write them.
const SEEDS: [&[u8]; 11] = [
    b"12345678901234567890",
    b"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    b"MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=",
    b"3132333435363738393031323334353637383930",
    b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
    b"AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ",
    b"000102030405060708090a0b0c0d0e0f",
    b"defghijklmnopqrstuvw",
    b"MRSWMZ3INFVGW3DNNZXXA4LSON2HK5TX",
    b"ZGVmZ2hpamtsbW5vcHFyc3R1dnc=",
    b"6465666768696a6b6c6d6e6f7071727374757677",
];
/// JSON within the name of a member of JSON.
const ESCAPED: [&str; 2] = ["totp_authenticator/encrypted.encrypt", "totp_authenticator/no_password.encrypt"];
const PASSWORD: &str = "correct horse ü";

fn read(bytes: &[u8], password: Option<&str>) -> Option<Batch> {
    let locked = match open(bytes).ok()? {
        Opened::Entries(batch) => return Some(batch),
        Opened::Locked(locked) => locked,
    };
    let mut unlocking = locked.unlock(password?.as_bytes(), Limits::default()).ok()?;
    loop {
        if let Progress::Done(batch) = unlocking.step().ok()? {
            return Some(batch);
        }
    }
}

// One test, as blocks freed by another at the same time would be looked at too.
#[test]
fn no_freed_block_holds_a_secret() {
    SEEDS.iter().for_each(|seed| know(seed));
    know(PASSWORD.as_bytes());
    assert!(spy::sees(SEEDS[0]), "the spy sees what it should");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import");
    let expected: Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let mut files = 0;
    for (name, file) in expected.as_object().unwrap() {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let read = || read(&bytes, file["password"].as_str()).is_some();
        let is_beyond = bytes.starts_with(b"PK") || ESCAPED.contains(&name.as_str());
        let is_read = if is_beyond { read() } else { spied(name, read) };
        assert_eq!(is_read, file.get("reason").is_none(), "{name}");
        files += u32::from(!is_beyond);
    }
    println!(
        "counted: imports: {files} files, {} secrets known to the spy, 0 freed blocks with one in",
        spy::known()
    );
}
