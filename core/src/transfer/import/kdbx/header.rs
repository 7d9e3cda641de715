//! The header: how the file is sealed and how its key is made.

use super::super::Refused;
use super::super::derive::Function;
use crate::reason::Reason;

/// KeePass 2, after the mark of all versions; 1 and the trial versions of 2 have other numbers here.
const SECOND_MARK: [u8; 4] = *b"\x67\xfb\x4b\xb5";
/// The version that is read; the number behind it counts additions that change nothing for a reader.
const MAJOR: u16 = 4;
/// Most values in a dictionary of parameters.
const MAX_VALUES: usize = 64;

/// Fields of the header.
const END: u8 = 0;
const CIPHER: u8 = 2;
const COMPRESSION: u8 = 3;
const SALT: u8 = 4;
const IV: u8 = 7;
const DERIVATION: u8 = 11;

pub(super) struct Header {
    pub(super) cipher: Cipher,
    pub(super) is_compressed: bool,
    /// Of the keys that seal the content.
    pub(super) salt: [u8; 32],
    pub(super) iv: Vec<u8>,
    pub(super) function: Function,
    pub(super) derivation_salt: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes,
    ChaCha20,
    Twofish,
}

/// Reads the header and gives what is behind it.
pub(super) fn read(file: &[u8]) -> Result<(Header, &[u8]), Refused> {
    let mut rest = Rest(file);
    rest.take(4)?;
    if rest.take(4)? != SECOND_MARK {
        return Err(Reason::OlderFormat.into());
    }
    rest.take(2)?;
    match u16::from_le_bytes(rest.array()?) {
        MAJOR => {}
        0..MAJOR => return Err(Reason::OlderFormat.into()),
        _ => return Err(Reason::NewerFormat.into()),
    }
    let (mut cipher, mut is_compressed, mut salt, mut iv, mut derivation) = (None, None, None, None, None);
    loop {
        let (id, value) = rest.field()?;
        match id {
            END => break,
            CIPHER => cipher = Some(cipher_of(value)?),
            COMPRESSION => is_compressed = Some(is_gzip(value)?),
            SALT => salt = Some(value.try_into().map_err(|_| Reason::ImportDamaged)?),
            IV => iv = Some(value.to_vec()),
            DERIVATION => derivation = Some(derivation_of(value)?),
            // Comments, and what programs keep beside.
            _ => {}
        }
    }
    let (function, derivation_salt) = derivation.ok_or(Reason::ImportDamaged)?;
    let header = Header {
        cipher: cipher.ok_or(Reason::ImportDamaged)?,
        is_compressed: is_compressed.ok_or(Reason::ImportDamaged)?,
        salt: salt.ok_or(Reason::ImportDamaged)?,
        iv: iv.ok_or(Reason::ImportDamaged)?,
        function,
        derivation_salt,
    };
    Ok((header, rest.0))
}

fn cipher_of(id: &[u8]) -> Result<Cipher, Reason> {
    match id {
        b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff" => Ok(Cipher::Aes),
        b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a" => Ok(Cipher::ChaCha20),
        b"\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c" => Ok(Cipher::Twofish),
        // A plugin's.
        _ => Err(Reason::NewerFormat),
    }
}

fn is_gzip(value: &[u8]) -> Result<bool, Reason> {
    match value {
        [0, 0, 0, 0] => Ok(false),
        [1, 0, 0, 0] => Ok(true),
        _ => Err(Reason::NewerFormat),
    }
}

fn derivation_of(dictionary: &[u8]) -> Result<(Function, Vec<u8>), Reason> {
    let values = values(dictionary)?;
    let bytes = |name: &str| {
        let value = values.iter().find(|(known, _)| *known == name.as_bytes());
        value.map(|(_, bytes)| *bytes).ok_or(Reason::ImportDamaged)
    };
    let number = |name: &str| match *bytes(name)? {
        [a, b, c, d] => Ok(u64::from(u32::from_le_bytes([a, b, c, d]))),
        [a, b, c, d, e, f, g, h] => Ok(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
        _ => Err(Reason::ImportDamaged),
    };
    let argon2 = || {
        // A key or data of the program's own are in no file that people have, and version 1.0 is not written any more.
        let is_plain = number("V")? == 0x13 && bytes("K").is_err() && bytes("A").is_err();
        let parameters = (number("M")? / 1024, number("I")?, number("P")?);
        if is_plain { Ok(parameters) } else { Err(Reason::OlderFormat) }
    };
    let function = match bytes("$UUID")? {
        b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c" => {
            let (memory_kib, passes, lanes) = argon2()?;
            Function::Argon2d { memory_kib, passes, lanes }
        }
        b"\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6" => {
            let (memory_kib, passes, lanes) = argon2()?;
            Function::Argon2id { memory_kib, passes, lanes }
        }
        // The second is that of KDBX 3, which some programs keep.
        b"\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38"
        | b"\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea" => {
            Function::Aes { rounds: number("R")? }
        }
        _ => return Err(Reason::NewerFormat),
    };
    Ok((function, bytes("S")?.to_vec()))
}

/// A name and its value.
type Named<'a> = (&'a [u8], &'a [u8]);

/// A dictionary: a version, then values, each with its kind, its name and its length.
fn values(dictionary: &[u8]) -> Result<Vec<Named<'_>>, Reason> {
    let mut rest = Rest(dictionary);
    let [_, major] = rest.array()?;
    if major != 1 {
        return Err(Reason::NewerFormat);
    }
    let mut values = Vec::new();
    while rest.array()? != [0] {
        let name = rest.sized()?;
        values.push((name, rest.sized()?));
        if values.len() > MAX_VALUES {
            return Err(Reason::ImportDamaged);
        }
    }
    Ok(values)
}

/// What is still to be read of a structure.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Reason> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Reason::ImportDamaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Reason> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Reason::ImportDamaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// A length of four bytes, and so many bytes.
    fn sized(&mut self) -> Result<&'a [u8], Reason> {
        let length = u32::from_le_bytes(self.array()?);
        self.take(usize::try_from(length).map_err(|_| Reason::ImportDamaged)?)
    }

    fn field(&mut self) -> Result<(u8, &'a [u8]), Reason> {
        let [id] = self.array()?;
        Ok((id, self.sized()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &[u8] = b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5";

    fn refused(file: &[u8]) -> Reason {
        read(file).err().unwrap().reason
    }

    #[test]
    fn versions() {
        for (after_mark, reason) in [
            // KeePass 1, a trial version of 2, KDBX 3.1, KDBX 5, and 4.1, which ends here.
            (&b"\x65\xfb\x4b\xb5\x01\0\x04\0"[..], Reason::OlderFormat),
            (b"\x66\xfb\x4b\xb5\x01\0\x04\0", Reason::OlderFormat),
            (b"\x67\xfb\x4b\xb5\x01\0\x03\0", Reason::OlderFormat),
            (b"\x67\xfb\x4b\xb5\0\0\x05\0", Reason::NewerFormat),
            (b"\x67\xfb\x4b\xb5\x01\0\x04\0", Reason::ImportDamaged),
        ] {
            assert_eq!(refused(&[&b"\x03\xd9\xa2\x9a"[..], after_mark].concat()), reason, "{after_mark:?}");
        }
    }

    #[test]
    fn fields() {
        let with = |fields: &[u8]| [START, b"\0\0\x04\0", fields].concat();
        for (fields, reason) in [
            // The end before what is needed, a field longer than the file, another cipher, another compression.
            (&b"\0\x04\0\0\0\r\n\r\n"[..], Reason::ImportDamaged),
            (b"\x02\xff\xff\xff\xff", Reason::ImportDamaged),
            (b"\x02\x10\0\0\0abcdefghijklmnop", Reason::NewerFormat),
            (b"\x03\x04\0\0\0\x02\0\0\0", Reason::NewerFormat),
            (b"\x04\x01\0\0\0a", Reason::ImportDamaged),
            // A dictionary of another version, one that does not end, one with a name longer than it is.
            (b"\x0b\x02\0\0\0\0\x02", Reason::NewerFormat),
            (b"\x0b\x02\0\0\0\0\x01", Reason::ImportDamaged),
            (b"\x0b\x07\0\0\0\0\x01\x05\xff\xff\xff\x7f", Reason::ImportDamaged),
        ] {
            assert_eq!(refused(&with(fields)), reason, "{fields:?}");
        }
    }

    #[test]
    fn derivations() {
        let value = |kind: u8, name: &[u8], value: &[u8]| {
            let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
            [&[kind][..], &size(name), name, &size(value), value].concat()
        };
        let argon2 = [
            value(0x42, b"$UUID", b"\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c"),
            value(5, b"M", &(64_u64 << 20).to_le_bytes()),
            value(5, b"I", &2_u64.to_le_bytes()),
            value(4, b"P", &2_u32.to_le_bytes()),
            value(0x42, b"S", b"salt"),
        ]
        .concat();
        let read = |more: &[u8]| derivation_of(&[b"\0\x01", &argon2[..], more, b"\0"].concat());
        let (function, salt) = read(&value(4, b"V", &0x13_u32.to_le_bytes())).unwrap();
        assert!(matches!(function, Function::Argon2d { memory_kib: 65_536, passes: 2, lanes: 2 }));
        assert_eq!(salt, b"salt");
        assert_eq!(read(&value(4, b"V", &0x10_u32.to_le_bytes())).err(), Some(Reason::OlderFormat));
        assert_eq!(read(&value(4, b"V", b"ab")).err(), Some(Reason::ImportDamaged));
        assert_eq!(read(&[]).err(), Some(Reason::ImportDamaged));
        let with_key = [value(4, b"V", &0x13_u32.to_le_bytes()), value(0x42, b"K", b"key")].concat();
        assert_eq!(read(&with_key).err(), Some(Reason::OlderFormat));
        let other = [&b"\0\x01"[..], &value(0x42, b"$UUID", b"other"), b"\0"].concat();
        assert_eq!(derivation_of(&other).err(), Some(Reason::NewerFormat));
    }
}
