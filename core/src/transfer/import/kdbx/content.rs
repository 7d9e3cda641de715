//! The content: blocks with their MACs, the cipher, gzip, and a second header that says how secrets are hidden in the XML.

use std::io::{Cursor, Read};

use cbc::cipher::{BlockModeDecrypt, KeyIvInit, StreamCipher, block_padding::Pkcs7};
use chacha20::ChaCha20;
use flate2::read::GzDecoder;
use ring::{digest, hmac};
use salsa20::Salsa20;
use zeroize::Zeroizing;

use super::super::{MAX_FILE, Refused};
use super::header::{Cipher, Header};
use super::{Macs, Secret};
use crate::reason::Reason;
use crate::secret::WipingWriter;

/// Most bytes that a compressed file is made into: its attachments, which are passed over, and its XML.
const MAX_UNPACKED: usize = 4 * MAX_FILE;
/// Most bytes of XML.
const MAX_XML: usize = MAX_FILE;
/// Longest key of the stream that hides secrets.
const MAX_STREAM_KEY: u32 = 1024;

/// Fields of the second header.
const END: u8 = 0;
const STREAM: u8 = 1;
const STREAM_KEY: u8 = 2;

/// What is in the file.
pub(super) struct Content {
    pub(super) xml: Secret,
    pub(super) stream: Stream,
}

/// What hides protected values: all of them in the order of the file are one stream.
pub(super) enum Stream {
    None,
    Salsa20(Box<Salsa20>),
    ChaCha20(Box<ChaCha20>),
}

/// Opens the blocks with the file's key.
pub(super) fn open(header: &Header, macs: &Macs, key: &Secret, blocks: &[u8]) -> Result<Content, Refused> {
    let mut bytes = joined(macs, blocks)?;
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&header.salt);
    // EXPOSE: the key of the cipher is made of it.
    context.update(key.expose());
    let key = Secret::copy_of(context.finish().as_ref());
    let plain = opened(header, &key, &mut bytes).ok_or(Reason::ImportDamaged)?;
    if header.is_compressed {
        read(Limited { from: GzDecoder::new(Cursor::new(plain)), left: MAX_UNPACKED })
    } else {
        read(Limited { from: Cursor::new(plain), left: MAX_UNPACKED })
    }
}

/// What a fuzzer tries: content that nothing seals.
#[cfg(fuzzing)]
pub(super) fn read_plain(bytes: &[u8]) -> Result<Content, Refused> {
    read(Limited { from: bytes, left: MAX_UNPACKED })
}

/// The blocks' content, one behind the other.
fn joined(macs: &Macs, blocks: &[u8]) -> Result<Zeroizing<Vec<u8>>, Reason> {
    let mut joined = Zeroizing::new(Vec::with_capacity(blocks.len()));
    let mut rest = blocks;
    for number in 0_u64.. {
        let (mac, after) = rest.split_first_chunk::<32>().ok_or(Reason::ImportDamaged)?;
        let (size, after) = after.split_first_chunk::<4>().ok_or(Reason::ImportDamaged)?;
        let length = usize::try_from(u32::from_le_bytes(*size)).map_err(|_| Reason::ImportDamaged)?;
        let (content, after) = after.split_at_checked(length).ok_or(Reason::ImportDamaged)?;
        let mut context = hmac::Context::with_key(&macs.key(number));
        context.update(&number.to_le_bytes());
        context.update(size);
        context.update(content);
        if !crate::secret::same(context.sign().as_ref(), mac) {
            return Err(Reason::ImportDamaged);
        }
        if content.is_empty() {
            break;
        }
        joined.extend_from_slice(content);
        rest = after;
    }
    Ok(joined)
}

/// Deciphers in place; `None` where initialisation vector or padding are not right.
fn opened<'a>(header: &Header, key: &Secret, bytes: &'a mut [u8]) -> Option<&'a [u8]> {
    // EXPOSE: the key of the cipher.
    let (key, iv) = (key.expose(), header.iv.as_slice());
    match header.cipher {
        Cipher::Aes => {
            cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv).ok()?.decrypt_padded::<Pkcs7>(bytes).ok()
        }
        Cipher::Twofish => cbc::Decryptor::<twofish::Twofish>::new_from_slices(key, iv)
            .ok()?
            .decrypt_padded::<Pkcs7>(bytes)
            .ok(),
        Cipher::ChaCha20 => {
            ChaCha20::new_from_slices(key, iv).ok()?.try_apply_keystream(bytes).ok()?;
            Some(bytes)
        }
    }
}

/// A reader that fails, by name, when it gives more than a file may hold.
struct Limited<R> {
    from: R,
    left: usize,
}

impl<R: Read> Limited<R> {
    /// As many bytes as there is room for.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Refused> {
        self.left = self.left.checked_sub(bytes.len()).ok_or_else(|| too_large(MAX_UNPACKED))?;
        self.from.read_exact(bytes).map_err(|_| Reason::ImportDamaged.into())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn pass(&mut self, mut count: usize) -> Result<(), Refused> {
        let mut bytes = Zeroizing::new([0; 4096]);
        while count > 0 {
            let part = count.min(bytes.len());
            self.fill(bytes.get_mut(..part).unwrap_or_default())?;
            count -= part;
        }
        Ok(())
    }

    fn rest(&mut self) -> Result<Secret, Refused> {
        let mut rest = WipingWriter::new(65_536);
        let mut bytes = Zeroizing::new([0; 4096]);
        loop {
            let count = self.from.read(&mut *bytes).map_err(|_| Reason::ImportDamaged)?;
            self.left = self.left.checked_sub(count).ok_or_else(|| too_large(MAX_UNPACKED))?;
            rest.push(bytes.get(..count).unwrap_or_default());
            match (count, rest.len() > MAX_XML) {
                (_, true) => return Err(too_large(MAX_XML)),
                (0, _) => return Ok(rest.into_secret()),
                _ => {}
            }
        }
    }
}

/// How much a compressed file would become is not known before it is.
fn too_large(most: usize) -> Refused {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    Refused::over(Reason::ImportTooLarge, most.saturating_add(1), most, "bytes")
}

fn read(mut from: Limited<impl Read>) -> Result<Content, Refused> {
    let (mut kind, mut key) = (None, None);
    loop {
        let [id] = from.array()?;
        let length = u32::from_le_bytes(from.array()?);
        match id {
            END => {
                from.pass(usize::try_from(length).map_err(|_| Reason::ImportDamaged)?)?;
                break;
            }
            STREAM if length == 4 => kind = Some(u32::from_le_bytes(from.array()?)),
            STREAM_KEY if length <= MAX_STREAM_KEY => {
                let mut bytes = Zeroizing::new(vec![0; usize::try_from(length).unwrap_or_default()]);
                from.fill(&mut bytes)?;
                key = Some(bytes);
            }
            STREAM | STREAM_KEY => return Err(Reason::ImportDamaged.into()),
            // An attachment.
            _ => from.pass(usize::try_from(length).map_err(|_| Reason::ImportDamaged)?)?,
        }
    }
    let stream = Stream::of(kind.unwrap_or_default(), &key.unwrap_or_default())?;
    Ok(Content { xml: from.rest()?, stream })
}

impl Stream {
    /// The stream of that kind (2 is Salsa20, 3 ChaCha20) with that key.
    pub(super) fn of(kind: u32, key: &[u8]) -> Result<Self, Reason> {
        // A fixed nonce, as the key is new with each save.
        const SALSA20_NONCE: [u8; 8] = *b"\xe8\x30\x09\x4b\x97\x20\x5d\x2a";
        match kind {
            0 => Ok(Self::None),
            2 => {
                let hash = digest::digest(&digest::SHA256, key);
                let cipher = Salsa20::new_from_slices(hash.as_ref(), &SALSA20_NONCE);
                Ok(Self::Salsa20(Box::new(cipher.map_err(|_| Reason::ImportDamaged)?)))
            }
            3 => {
                let hash = digest::digest(&digest::SHA512, key);
                let (key, rest) = hash.as_ref().split_first_chunk::<32>().ok_or(Reason::ImportDamaged)?;
                let cipher = ChaCha20::new_from_slices(key, rest.get(..12).unwrap_or_default());
                Ok(Self::ChaCha20(Box::new(cipher.map_err(|_| Reason::ImportDamaged)?)))
            }
            1 => Err(Reason::OlderFormat),
            _ => Err(Reason::NewerFormat),
        }
    }

    /// Uncovers the next value; `None` at the end of the stream.
    pub(super) fn apply(&mut self, bytes: &mut [u8]) -> Option<()> {
        match self {
            Self::None => Some(()),
            Self::Salsa20(cipher) => cipher.try_apply_keystream(bytes).ok(),
            Self::ChaCha20(cipher) => cipher.try_apply_keystream(bytes).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const STREAM_AND_KEY: &[u8] = b"\x01\x04\0\0\0\x03\0\0\0\x02\x02\0\0\0ab";
    const LAST: &[u8] = b"\0\0\0\0\0";

    fn zipped(parts: &[&[u8]]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        parts.iter().for_each(|part| encoder.write_all(part).unwrap());
        encoder.finish().unwrap()
    }

    fn opened(zipped: &[u8]) -> Result<usize, Refused> {
        read(Limited { from: GzDecoder::new(zipped), left: MAX_UNPACKED }).map(|content| content.xml.len())
    }

    fn attachment(size: usize) -> Vec<u8> {
        [&b"\x03"[..], &u32::try_from(size).unwrap().to_le_bytes(), &vec![7; size]].concat()
    }

    #[test]
    fn attachments_are_passed_over() {
        let file = zipped(&[STREAM_AND_KEY, &attachment(9_000_000), &attachment(0), LAST, b"<a/>"]);
        assert_eq!(opened(&file), Ok(4));
        let short = zipped(&[STREAM_AND_KEY, &attachment(9)[..8]]);
        assert_eq!(opened(&short).unwrap_err().reason, Reason::ImportDamaged);
        assert_eq!(opened(b"no gzip").unwrap_err().reason, Reason::ImportDamaged);
    }

    #[test]
    fn what_becomes_too_large_is_left() {
        let zeros = vec![0; 32 << 20];
        let xml = zipped(&[&[STREAM_AND_KEY, LAST][..], &[zeros.as_slice(); 3]].concat());
        assert!(xml.len() < 1 << 20);
        assert_eq!(opened(&xml).unwrap_err(), too_large(MAX_XML));
        let mut large = b"\x03\xff\xff\xff\x7f".to_vec();
        large.extend_from_slice(&zeros);
        let attachments = zipped(&[&[STREAM_AND_KEY, &large][..], &[zeros.as_slice(); 8]].concat());
        assert_eq!(opened(&attachments).unwrap_err(), too_large(MAX_UNPACKED));
    }

    #[test]
    fn streams() {
        let stream = |kind: u8| Stream::of(kind.into(), b"key").err();
        assert_eq!((stream(0), stream(2), stream(3)), (None, None, None));
        assert_eq!((stream(1), stream(9)), (Some(Reason::OlderFormat), Some(Reason::NewerFormat)));
        let long = zipped(&[b"\x02\xff\xff\0\0"]);
        assert_eq!(opened(&long).unwrap_err().reason, Reason::ImportDamaged);
    }
}
