//! Headers that somebody made to do harm: with a right checksum, and refused before any work, with the figures.

use countersign::otp::Kind;
use countersign::reason::Reason;
use countersign::transfer::import::{Figures, Limits, Opened, open};
use ring::digest::{SHA256, digest};

use crate::kit::{NOW, PASSWORD, Phone, code, read, read_with_code};

const SALT: usize = 30;
const COST: usize = SALT + 16;

/// The file with these bytes in its header and the checksum made anew.
fn forged(file: &[u8], ways: u8, changes: &[(usize, &[u8])]) -> Vec<u8> {
    let header = 29 + 169 * usize::from(ways.min(1)) + 157 * usize::from(ways.saturating_sub(1)) + 8;
    let mut file = file.to_vec();
    for (place, bytes) in changes {
        file[*place..place + bytes.len()].copy_from_slice(bytes);
    }
    let sum = digest(&SHA256, &file[..header]);
    file[header..header + 8].copy_from_slice(&sum.as_ref()[..8]);
    file
}

fn file() -> Vec<u8> {
    Phone::with(&[code("A", "a", Kind::Steam)]).backup().bytes().to_vec()
}

fn cost(memory_kib: u32, passes: u32, lanes: u32) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&memory_kib.to_be_bytes());
    bytes[4..8].copy_from_slice(&passes.to_be_bytes());
    bytes[8..].copy_from_slice(&lanes.to_be_bytes());
    bytes
}

#[test]
fn forging_changes_nothing_by_itself() {
    let file = file();
    assert_eq!(forged(&file, 1, &[]), file);
}

#[test]
fn work_and_memory_are_capped_with_their_figures() {
    let file = file();
    for (memory_kib, passes, figures) in [
        (256 * 1024 + 1, 1, Figures { wanted: 256 * 1024 + 1, most: 256 * 1024, unit: "KiB" }),
        (
            u32::MAX,
            u32::MAX,
            Figures { wanted: u64::from(u32::MAX).pow(2), most: 8 * 1024 * 1024, unit: "KiB of passes" },
        ),
        (256 * 1024, 33, Figures { wanted: 33 * 256 * 1024, most: 8 * 1024 * 1024, unit: "KiB of passes" }),
        (
            8,
            u32::MAX,
            Figures { wanted: 8 * u64::from(u32::MAX), most: 8 * 1024 * 1024, unit: "KiB of passes" },
        ),
    ] {
        let file = forged(&file, 1, &[(COST, &cost(memory_kib, passes, 1))]);
        let Ok(Opened::Locked(locked)) = open(&file) else { panic!() };
        let refused = locked.unlock(PASSWORD, Limits::default()).unwrap_err();
        assert_eq!((refused.reason, refused.figures), (Reason::DerivationTooCostly, Some(figures)));
    }
    for (memory_kib, passes, lanes) in [(1024, 0, 1), (1024, 1, 0), (1024, 1, u32::MAX), (7, 1, 1), (0, 1, 1)]
    {
        let file = forged(&file, 1, &[(COST, &cost(memory_kib, passes, lanes))]);
        assert_eq!(
            read(&file, PASSWORD).map(drop),
            Err(Reason::ImportDamaged),
            "{memory_kib} {passes} {lanes}"
        );
    }
}

#[test]
fn more_memory_can_be_allowed() {
    let file = forged(&file(), 1, &[(COST, &cost(300 * 1024, 1, 1))]);
    let Ok(Opened::Locked(locked)) = open(&file) else { panic!() };
    assert!(locked.check(Limits::default()).is_err());
    assert!(locked.check(Limits { memory_kib: 300 * 1024 }).is_ok());
}

#[test]
fn lengths_and_counts_are_looked_at_before_they_are_used() {
    let file = file();
    let length = 29 + 169;
    let huge = forged(&file, 1, &[(length, &u64::MAX.to_be_bytes())]);
    let refused = open(&huge).unwrap_err();
    assert_eq!((refused.reason, refused.figures.unwrap().wanted), (Reason::ImportTooLarge, u64::MAX));
    for (place, bytes) in
        [(28, &[0][..]), (28, &[3]), (28, &[255]), (29, &[0]), (29, &[2]), (29, &[4]), (length, &[0; 8])]
    {
        let file = forged(&file, 1, &[(place, bytes)]);
        assert_eq!(open(&file).map(drop).unwrap_err().reason, Reason::ImportDamaged, "{place} {bytes:?}");
    }
}

#[test]
fn a_kind_of_way_stands_once() {
    // A file with two passwords would have two derivations run.
    let file = file();
    let way = file[29..29 + 169].to_vec();
    let mut twice = file[..28].to_vec();
    twice.push(2);
    twice.extend([way.as_slice(), &way].concat());
    twice.extend(&file[29 + 169..29 + 169 + 8]);
    let sum = digest(&SHA256, &twice);
    twice.extend(&sum.as_ref()[..8]);
    twice.extend(&file[29 + 169 + 16..]);
    assert_eq!(open(&twice).map(drop).unwrap_err().reason, Reason::ImportDamaged);
}

#[test]
fn a_changed_header_with_a_right_checksum_opens_nothing() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let typed = phone.core.new_backup_code(NOW).unwrap().text().expose_str().unwrap().to_owned();
    let file = phone.backup().bytes().to_vec();
    let code_way = 29 + 169;
    for (place, expected) in [
        (12, Reason::ImportDamaged),                      // the file id
        (SALT, Reason::ImportDamaged),                    // the other way's salt
        (code_way + 1, Reason::ImportWrongRecoveryCode),  // this way's salt
        (code_way + 17, Reason::ImportWrongRecoveryCode), // its private half
        (code_way + 77, Reason::ImportDamaged),           // its file key
    ] {
        let changed = file[place] ^ 1;
        let file = forged(&file, 2, &[(place, &[changed])]);
        assert_eq!(read_with_code(&file, &typed).map(drop), Err(expected), "{place}");
    }
}

#[test]
fn ways_of_one_backup_do_not_fit_another() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let (one, other) = (phone.backup(), phone.backup());
    let file_key = 29 + 89..29 + 169;
    let file = forged(one.bytes(), 1, &[(file_key.start, &other.bytes()[file_key])]);
    assert_eq!(read(&file, PASSWORD).map(drop), Err(Reason::ImportDamaged));
}
