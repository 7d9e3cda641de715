//! The header: all of it is bound to the content as associated data.

use ring::digest::{SHA256, digest};

use super::VERSION;
use super::slot::{FILE_KEY, Slot};
use crate::reason::Reason;
use crate::vault::codec::Reader;

/// First bytes of each backup. Not text, and with both line ends, so that a transfer as text is noticed: the idea is
/// PNG's.
const MAGIC: &[u8; 8] = b"\x89CSB\r\n\x1a\n";

/// The first bytes that fit, of all of them and where a file ends early.
const ENOUGH: usize = 6;
const MARK: &[u8] = b"\x89CSB";

/// Ways in of one file: a password and a recovery code.
const MAX_WAYS: u8 = 2;

/// Length of the check against accidental damage, so that damage is not taken for a wrong password.
const CHECKSUM: usize = 8;

/// Whether these bytes begin as a backup of ours does, whole or damaged.
#[must_use]
pub fn is_backup(file: &[u8]) -> bool {
    let fitting = file.iter().zip(MAGIC).filter(|(byte, magic)| byte == magic).count();
    file.starts_with(MARK) || fitting >= ENOUGH
}

/// What stands before the content.
#[derive(Debug)]
pub(super) struct Header {
    /// Random, a new one for each file.
    pub(super) file: [u8; 16],
    /// The ways in, each with the sealed file key.
    pub(super) ways: Vec<(Slot, Vec<u8>)>,
    /// Bytes that follow the header.
    pub(super) content: u64,
}

/// The header of a file with these ways in and this length of content.
pub(super) fn encode(file: &[u8; 16], ways: &[Vec<u8>], content: u64) -> Vec<u8> {
    let count = u8::try_from(ways.len()).unwrap_or(u8::MAX);
    let parts = [MAGIC.as_slice(), &VERSION.to_be_bytes(), file, &[count], &ways.concat()];
    let mut header = parts.concat();
    header.extend_from_slice(&content.to_be_bytes());
    let sum = checksum(&header);
    header.extend_from_slice(&sum);
    header
}

/// Reads the header; gives its length as well.
///
/// # Errors
/// `NotABackup`, `NewerFormat`; `ImportDamaged` where its checksum does not fit.
pub(super) fn decode(bytes: &[u8]) -> Result<(Header, usize), Reason> {
    if !is_backup(bytes) {
        return Err(Reason::NotABackup);
    }
    let mut reader = Reader::new(bytes);
    if reader.array().as_ref() != Some(MAGIC) {
        return Err(Reason::ImportDamaged);
    }
    match reader.u32() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(Reason::NewerFormat),
        _ => return Err(Reason::ImportDamaged),
    }
    read(&mut reader, bytes).ok_or(Reason::ImportDamaged)
}

fn read(reader: &mut Reader<'_>, bytes: &[u8]) -> Option<(Header, usize)> {
    let file = reader.array()?;
    let count = reader.u8().filter(|count| (1..=MAX_WAYS).contains(count))?;
    let mut ways: Vec<(Slot, Vec<u8>)> = Vec::new();
    for _ in 0..count {
        let slot = Slot::decode(reader)?;
        // One of each kind: a file does not choose how many derivations are run.
        if ways.iter().any(|(other, _)| other.way == slot.way) {
            return None;
        }
        ways.push((slot, reader.fixed(FILE_KEY)?.to_vec()));
    }
    let content = reader.u64()?;
    let summed = bytes.len() - reader.left();
    let sum: [u8; CHECKSUM] = reader.array()?;
    (checksum(bytes.get(..summed)?) == sum).then_some((Header { file, ways, content }, summed + CHECKSUM))
}

fn checksum(header: &[u8]) -> [u8; CHECKSUM] {
    let digest = digest(&SHA256, header);
    let mut sum = [0; CHECKSUM];
    sum.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    sum
}
