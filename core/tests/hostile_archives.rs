//! ZIP archives that somebody made to do harm, or that are not whole: refused by name, with figures where a limit is
//! passed; a wrong password is told from damage.

#![allow(clippy::disallowed_methods, reason = "a test reads files")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{Cursor, Write as _};
use std::num::NonZeroU32;
use std::path::Path;

use countersign::reason::Reason;
use countersign::transfer::import::{
    Batch, Limits, Locked, MAX_ENTRIES, MAX_FILE, Opened, Progress, Refused, open,
};
use ring::pbkdf2;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

const PASSWORD: &[u8] = "correct horse ü".as_bytes();
const LINK: &[u8] = b"otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import").join(name)).unwrap()
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(file: &[u8]) -> Result<Batch, Refused> {
    match open(file)? {
        Opened::Entries(batch) => Ok(batch),
        Opened::Locked(_) => panic!("locked"),
    }
}

fn reason(file: &[u8]) -> Reason {
    read(file).unwrap_err().reason
}

fn locked(file: &[u8]) -> Locked {
    let Opened::Locked(locked) = open(file).unwrap() else { panic!("not locked") };
    locked
}

fn unlocked(locked: &Locked, password: &[u8]) -> Result<Batch, Reason> {
    let mut unlocking = locked.unlock(password, Limits::default()).unwrap();
    loop {
        if let Progress::Done(batch) = unlocking.step().map_err(|refused| refused.reason)? {
            return Ok(batch);
        }
    }
}

/// Where headers of this kind stand.
fn places(file: &[u8], signature: &[u8]) -> Vec<usize> {
    (0..file.len()).filter(|at| file[*at..].starts_with(signature)).collect()
}

/// Changes a number of the headers of the first file: at one place in its own, at another in the directory.
fn changed<const N: usize>(file: &[u8], (local, central): (usize, usize), bytes: [u8; N]) -> Vec<u8> {
    let mut file = file.to_vec();
    for (signature, place) in [(LOCAL, local), (CENTRAL, central)] {
        let at = places(&file, signature)[0] + place;
        file[at..at + N].copy_from_slice(&bytes);
    }
    file
}

fn with_size(file: &[u8], size: u32) -> Vec<u8> {
    changed(file, (22, 24), size.to_le_bytes())
}

#[test]
fn what_unpacks_to_more_than_a_file_may_have_is_refused_with_its_figures() {
    let most = u64::try_from(MAX_FILE).unwrap();
    let zeros = vec![b'0'; MAX_FILE + 1];
    let bomb = archive(&[("Accounts.txt", &zeros)]);
    assert!(bomb.len() < MAX_FILE / 500);
    let refused = read(&bomb).unwrap_err();
    assert_eq!(refused, Refused { reason: Reason::ImportTooLarge, ..refused });
    let figures = refused.figures.unwrap();
    assert_eq!((figures.wanted, figures.most, figures.unit), (most + 1, most, "bytes"));

    // The same, and its headers say that it is small: no byte more is unpacked than they say.
    assert_eq!(reason(&with_size(&bomb, 10)), Reason::ImportDamaged);
}

#[test]
fn sizes_that_are_not_true_are_damage() {
    let sound = archive(&[("Accounts.txt", LINK)]);
    assert_eq!(read(&sound).unwrap().entries.len(), 1);
    let size = u32::try_from(LINK.len()).unwrap();
    for wrong in [0, 1, size - 1, size + 1, 1_000_000] {
        assert_eq!(reason(&with_size(&sound, wrong)), Reason::ImportDamaged, "{wrong}");
    }
    assert_eq!(reason(&with_size(&sound, u32::MAX - 1)), Reason::ImportTooLarge);
    // The size in the archive: into the directory, and beyond the end.
    for packed in [1_000, u32::MAX - 1] {
        let wrong = changed(&sound, (18, 20), u32::to_le_bytes(packed));
        assert_eq!(reason(&wrong), Reason::ImportDamaged, "{packed}");
    }
    assert_eq!(reason(&changed(&sound, (14, 16), [0; 4])), Reason::ImportDamaged, "the checksum");
}

#[test]
fn too_many_files_are_refused_before_they_are_listed() {
    let names: Vec<_> = (0..=MAX_ENTRIES).map(|number| number.to_string()).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let figures = read(&archive(&files)).unwrap_err().figures.unwrap();
    assert_eq!((figures.wanted, figures.most, figures.unit), (20_001, 20_000, "entries"));
}

#[test]
fn names_that_lead_out_and_files_that_share_are_damage() {
    for name in ["../Accounts.txt", "a/../../b", "a\\..\\b", "/etc/passwd", "a\0b"] {
        let file = archive(&[("Accounts.txt", LINK), (name, b"x")]);
        assert_eq!(reason(&file), Reason::ImportDamaged, "{name}");
    }
    let mut twice = archive(&[("Accounts.txt", LINK), ("Accounts.txT", b"other")]);
    while let Some(at) = twice.windows(12).position(|window| window == b"Accounts.txT") {
        twice[at + 11] = b't';
    }
    assert_eq!(reason(&twice), Reason::ImportDamaged);

    let mut shared = archive(&[("Accounts.txt", LINK), ("other", LINK)]);
    let offset = places(&shared, CENTRAL)[1] + 42;
    shared[offset..offset + 4].copy_from_slice(&[0; 4]);
    assert_eq!(reason(&shared), Reason::ImportDamaged);
}

#[test]
fn what_is_no_export_and_what_can_not_be_unpacked() {
    let text: &[u8] = b"some text";
    for files in [&[("a.txt", LINK), ("b.txt", LINK)][..], &[("a.txt", text)], &[("a.doc", LINK)], &[]] {
        assert_eq!(reason(&archive(files)), Reason::NotAnImport, "{files:?}");
    }
    assert_eq!(read(&archive(&[("folder/", b""), ("a.TXT", LINK)])).unwrap().format, "winauth_zip");
    let sound = archive(&[("Accounts.txt", LINK)]);
    // Bzip2, and a number that nobody uses.
    for method in [12, 0x1234] {
        let other = changed(&sound, (8, 10), u16::to_le_bytes(method));
        assert_eq!(reason(&other), Reason::PackingUnsupported, "{method}");
    }
    let newer = [("export.attributes", &b"{\"version\":4}"[..]), ("export.data", b"{\"accounts\":[]}")];
    assert_eq!(reason(&archive(&newer)), Reason::NewerFormat);
    assert_eq!(reason(&sound[..sound.len() - 1]), Reason::ImportDamaged);
    assert_eq!(reason(&archive(&[("a.txt", LINK)])[..60]), Reason::NotAnImport);
}

/// The check of the old cipher is one byte: among a thousand wrong passwords some pass it.
#[test]
fn no_wrong_password_is_called_damage() {
    let file = fixture("winauth/locked.zip");
    let locked = locked(&file);
    let mut passed = 0;
    for number in 0..1_500 {
        let password = number.to_string();
        let mut zip = ZipArchive::new(Cursor::new(&file)).unwrap();
        passed += u32::from(zip.by_index_decrypt(0, password.as_bytes()).is_ok());
        assert_eq!(unlocked(&locked, password.as_bytes()).unwrap_err(), Reason::ImportWrongPassword);
    }
    assert!(passed > 0, "no password passed the check: the test shows nothing");
}

/// The check of WinZip's AES is two bytes: the file is changed so that a wrong password passes it.
#[test]
fn a_wrong_password_that_passes_the_check_of_aes() {
    let mut file = fixture("raivo/stored.zip");
    let at = places(&file, LOCAL)[1];
    let length = |place: usize| usize::from(u16::from_le_bytes([file[at + place], file[at + place + 1]]));
    let salt = at + 30 + length(26) + length(28);
    let mut keys = [0; 66];
    let rounds = NonZeroU32::new(1_000).unwrap();
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA1, rounds, &file[salt..salt + 16], b"wrong", &mut keys);
    file[salt + 16..salt + 18].copy_from_slice(&keys[64..]);
    let mut zip = ZipArchive::new(Cursor::new(&file)).unwrap();
    assert!(zip.by_index_decrypt(1, b"wrong").is_ok());
    assert_eq!(unlocked(&locked(&file), b"wrong").unwrap_err(), Reason::ImportWrongPassword);
}

#[test]
fn damage_is_not_called_a_wrong_password() {
    for name in
        ["winauth/locked.zip", "authenticator_plus/locked.zip", "raivo/stored.zip", "raivo/deflated.zip"]
    {
        let mut file = fixture(name);
        assert!(unlocked(&locked(&file), PASSWORD).is_ok());
        // Near the end of what is packed.
        let end = places(&file, CENTRAL)[0];
        file[end - 20] ^= 1;
        assert_eq!(unlocked(&locked(&file), PASSWORD).unwrap_err(), Reason::ImportDamaged, "{name}");
        assert_eq!(unlocked(&locked(&file), b"wrong").unwrap_err(), Reason::ImportWrongPassword, "{name}");
    }
}
