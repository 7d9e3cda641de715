//! The one reader and writer of Base32 (RFC 4648, section 6), lenient where real set-up codes force it.

use base32::Alphabet;
use zeroize::Zeroizing;

use crate::otp::MAX_SEED;
use crate::reason::Reason;
use crate::secret::Secret;

const RFC_4648: Alphabet = Alphabet::Rfc4648 { padding: false };

/// A seed read from Base32, and what was odd in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seed {
    /// The bytes.
    pub bytes: Secret,
    /// Spaces, dashes or padding were passed over.
    pub spaced: bool,
    /// The text stopped in the middle of a byte with bits that say something; they were dropped.
    pub odd_length: bool,
}

/// Reads a seed as people and programs write it: either case, in groups, with padding or without, of any length.
///
/// # Errors
/// `SecretNotBase32` for any other character, `SecretMissing`, `SecretTooLong`.
pub fn read_seed(text: &str) -> Result<Seed, Reason> {
    let unpadded = text.trim_end_matches(|c: char| c == '=' || is_separator(c));
    let mut symbols = Zeroizing::new(String::with_capacity(unpadded.len()));
    for c in unpadded.chars().filter(|c| !is_separator(*c)) {
        match c.to_ascii_uppercase() {
            symbol @ ('A'..='Z' | '2'..='7') => symbols.push(symbol),
            _ => return Err(Reason::SecretNotBase32),
        }
    }
    let spaced = symbols.len() < text.len();
    // 1, 3 and 6 symbols of a group of eight end in the middle of a byte with a symbol that adds nothing.
    let adds_nothing = matches!(symbols.len() % 8, 1 | 3 | 6);
    if adds_nothing {
        symbols.pop();
    }
    let odd_length = adds_nothing || has_bits_left(&symbols);
    match symbols.len() * 5 / 8 {
        0 => Err(Reason::SecretMissing),
        1..=MAX_SEED => base32::decode(RFC_4648, &symbols)
            .map(|bytes| Seed { bytes: Secret::from(bytes), spaced, odd_length })
            .ok_or(Reason::SecretNotBase32),
        _ => Err(Reason::SecretTooLong),
    }
}

/// Writes `seed` to the end of `text`, which must have room: a block that grows would leave a copy behind.
pub(super) fn write_seed(seed: &[u8], text: &mut Zeroizing<String>) {
    for group in seed.chunks(5) {
        // Whole groups only: the encoder's buffer has room for these and would grow for a shorter one.
        let mut whole = Zeroizing::new([0; 5]);
        for (place, byte) in whole.iter_mut().zip(group) {
            *place = *byte;
        }
        let symbols = Zeroizing::new(base32::encode(RFC_4648, &*whole));
        text.extend(symbols.chars().take((group.len() * 8).div_ceil(5)));
    }
}

/// `seed` in Base32 without padding, in a block of its final size.
pub(crate) fn seed_text(seed: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity((8 * seed.len()).div_ceil(5)));
    write_seed(seed, &mut text);
    text
}

/// Whether the bits behind the last whole byte are not all 0, as whoever encodes leaves them (RFC 4648, section 3.5).
fn has_bits_left(symbols: &str) -> bool {
    let value = |symbol: u8| if symbol < b'A' { symbol - b'2' + 26 } else { symbol - b'A' };
    let left = symbols.len() * 5 % 8;
    symbols.bytes().last().is_some_and(|last| value(last) & ((1 << left) - 1) != 0)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc_4648_section_10() {
        for (text, bytes) in [
            ("MY======", "f"),
            ("MZXQ====", "fo"),
            ("MZXW6===", "foo"),
            ("MZXW6YQ=", "foob"),
            ("MZXW6YTB", "fooba"),
            ("MZXW6YTBOI======", "foobar"),
        ] {
            assert_eq!(read_seed(text).unwrap().bytes, Secret::copy_of(bytes.as_bytes()), "{text}");
        }
    }

    #[test]
    fn as_people_write_it() {
        let plain = read_seed("MZXW6YTBOI").unwrap();
        assert_eq!((plain.spaced, plain.odd_length), (false, false));
        for text in ["mzxw 6ytb oi", "MZXW-6YTB-OI", "mzxw_6ytb\u{a0}oi==", " MZXW6YTBOI= = "] {
            let seed = read_seed(text).unwrap();
            assert_eq!((seed.bytes, seed.spaced), (plain.bytes.clone(), true), "{text}");
        }
        assert_eq!(read_seed("mzxw6ytboi").unwrap(), plain);
    }

    #[test]
    fn odd_lengths_drop_the_incomplete_bits() {
        for (text, bytes) in [
            ("MZXW6YTBO", &b"fooba"[..]),
            ("MZX", b"f"),
            ("MZXW6Y", b"foo"),
            ("MZ", b"f"),
            ("MZXR", b"fo"),
            ("MZXW7", b"foo"),
            ("MZXW6YR", b"foob"),
        ] {
            let seed = read_seed(text).unwrap();
            assert_eq!((seed.bytes, seed.odd_length), (Secret::copy_of(bytes), true), "{text}");
        }
    }

    #[test]
    fn refused_by_name() {
        for (text, reason) in [
            ("PIUD1IS!EQYA=", Reason::SecretNotBase32),
            ("MZXW=6YTB", Reason::SecretNotBase32),
            ("MZXW0", Reason::SecretNotBase32),
            ("MZXWé", Reason::SecretNotBase32),
            ("ＭＺＸＷ", Reason::SecretNotBase32),
            ("", Reason::SecretMissing),
            (" -=", Reason::SecretMissing),
            ("A", Reason::SecretMissing),
        ] {
            assert_eq!(read_seed(text), Err(reason), "{text}");
        }
        assert!(read_seed(&"A".repeat(820)).is_ok());
        assert_eq!(read_seed(&"A".repeat(822)), Err(Reason::SecretTooLong));
    }

    proptest! {
        #[test]
        fn written_and_read(seed in prop::collection::vec(any::<u8>(), 1..=MAX_SEED)) {
            let mut text = Zeroizing::new(String::with_capacity(1000));
            write_seed(&seed, &mut text);
            prop_assert_eq!(text.as_str(), base32::encode(RFC_4648, &seed));
            let read = read_seed(&text).unwrap();
            prop_assert!(!read.spaced && !read.odd_length);
            prop_assert_eq!(read.bytes, Secret::from(seed));
        }
    }
}
