//! Whatever happens to a file is said by its name.

use countersign::otp::Kind;
use countersign::reason::Reason;
use countersign::transfer::import::open;

use crate::kit::{NOW, Phone, code, read_with_code};

/// A file and its recovery code: opening by that is quick.
fn file() -> (Vec<u8>, String) {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let code = phone.core.new_backup_code(NOW).unwrap().text().expose_str().unwrap().to_owned();
    (phone.backup().bytes().to_vec(), code)
}

fn header(file: &[u8]) -> usize {
    8 + 4 + 16 + 1 + (1 + 16 + 12 + 60 + 80) + (1 + 16 + 60 + 80) + 8 + 8 + usize::from(file.is_empty())
}

#[test]
fn every_byte_of_the_header_and_many_of_the_content() {
    let (file, code) = file();
    assert!(read_with_code(&file, &code).is_ok());
    let end = header(&file);
    let content = (end..file.len()).step_by(97).chain([end, file.len() - 1]);
    for place in (0..end).chain(content) {
        for bit in [0x01, 0x80] {
            let mut changed = file.clone();
            changed[place] ^= bit;
            let reason = read_with_code(&changed, &code).map(drop).unwrap_err();
            let expected: &[Reason] = match place {
                8..12 => &[Reason::NewerFormat, Reason::ImportDamaged],
                _ => &[Reason::ImportDamaged],
            };
            assert!(expected.contains(&reason), "{place}: {reason:?}");
        }
    }
}

#[test]
fn truncated_at_every_class_of_length_or_longer() {
    let (file, code) = file();
    let end = header(&file);
    let ends = (0..end + 40).chain((end..file.len()).step_by(499)).chain(file.len() - 40..file.len());
    for end in ends {
        let reason = read_with_code(&file[..end], &code).map(drop).unwrap_err();
        let expected = if end < 4 { Reason::NotAnImport } else { Reason::ImportDamaged };
        assert_eq!(reason, expected, "{end}");
        // No password is needed to know.
        assert_eq!(open(&file[..end]).map(drop).unwrap_err().reason, expected, "{end}");
    }
    let longer = [file.as_slice(), &[0]].concat();
    assert_eq!(read_with_code(&longer, &code).map(drop), Err(Reason::ImportDamaged));
    let mangled = String::from_utf8_lossy(&file).replace("\r\n", "\n");
    assert!(read_with_code(mangled.as_bytes(), &code).is_err());
}

#[test]
fn a_newer_version_is_told_before_anything_else() {
    let (mut file, code) = file();
    file[11] = 2;
    file.truncate(40);
    assert_eq!(read_with_code(&file, &code).map(drop), Err(Reason::NewerFormat));
}

#[test]
fn what_the_host_read_has_to_be_what_was_made() {
    let mut phone = Phone::with(&[code("A", "a", Kind::Steam)]);
    let (backup, other) = (phone.backup(), phone.backup());
    let mut changed = backup.bytes().to_vec();
    *changed.last_mut().unwrap() ^= 1;
    let wrong: [&[u8]; 4] = [b"", &changed, &backup.bytes()[..100], other.bytes()];
    for read in wrong {
        assert_eq!(backup.check(read), Err(Reason::BackupUnverified));
        assert_eq!(phone.core.confirm_backup(&backup, read, NOW), Err(Reason::BackupUnverified.into()));
    }
    assert_eq!(phone.core.backup_state(NOW).unwrap().last, None);
    assert_eq!(phone.core.confirm_backup(&backup, backup.bytes(), NOW).unwrap().accounts, 1);
}
