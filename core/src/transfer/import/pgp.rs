//! OpenPGP (RFC 9580), which andOTP and Proton Pass can write: not read, but told.

const ARMOUR: &str = "-----BEGIN PGP MESSAGE-----";
/// The packets with which a message under a key, or under a password, begins (section 4.3).
const PUBLIC_KEY: u8 = 1;
const SYMMETRIC_KEY: u8 = 3;
/// Algorithms of keys (section 9.1) and of ciphers (9.3) that such a packet can name.
const KEYS: [u8; 6] = [1, 2, 16, 18, 25, 26];
const CIPHERS: std::ops::RangeInclusive<u8> = 1..=13;

/// Whether a text is such a message.
pub(super) fn is_armoured(text: &str) -> bool {
    text.starts_with(ARMOUR)
}

/// Whether bytes are such a message. As little as possible is taken for one: an export of another app that looks like
/// nothing may begin with any bytes.
pub(super) fn is_message(file: &[u8]) -> bool {
    let Some((tag, body, rest)) = packet(file) else { return false };
    let is_known = match (tag, body) {
        (PUBLIC_KEY, [3, _, _, _, _, _, _, _, _, algorithm, ..]) => KEYS.contains(algorithm),
        (SYMMETRIC_KEY, [4, cipher, 0 | 1 | 3, ..]) => CIPHERS.contains(cipher),
        _ => false,
    };
    is_known && rest.first().is_some_and(|next| next & 0x80 != 0)
}

/// The first packet (section 4.2): its kind, its body, and what follows.
fn packet(file: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (length, tag, rest) = match file {
        [first @ 0xc0..=0xff, length @ 0..=191, rest @ ..] => (usize::from(*length), first & 0x3f, rest),
        [first @ 0xc0..=0xff, high @ 192..=223, low, rest @ ..] => {
            ((usize::from(*high) - 192) * 256 + usize::from(*low) + 192, first & 0x3f, rest)
        }
        [first @ 0x80..=0xbf, length, rest @ ..] if first & 3 == 0 => {
            (usize::from(*length), first >> 2 & 0x0f, rest)
        }
        [first @ 0x80..=0xbf, high, low, rest @ ..] if first & 3 == 1 => {
            (usize::from(u16::from_be_bytes([*high, *low])), first >> 2 & 0x0f, rest)
        }
        _ => return None,
    };
    let (body, rest) = rest.split_at_checked(length)?;
    Some((tag, body, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_message() {
        // As `gpg --symmetric` and `gpg --encrypt` write it, and as others do with the newer lengths.
        let password = [&[0x8c, 0x0d, 4, 9, 3, 8][..], &[7; 9], &[0xd2, 0x40]].concat();
        let key = [&[0x85, 0x01, 0x0c, 3][..], &[7; 8], &[1], &[9; 258], &[0xd2, 0x40]].concat();
        let newer = [&[0xc1, 0xc0, 0x4c, 3][..], &[7; 8], &[18], &[9; 258], &[0xd2, 0x40]].concat();
        for message in [&password, &key, &newer] {
            assert!(is_message(message), "{message:?}");
            assert!(!is_message(&message[..message.len() - 2]), "nothing behind it");
        }
        let mut other = password.clone();
        other[2] = 5;
        for other in [&other[..], &password[1..], b"", &[0x8c], &[0xff; 64], &[0x80; 64]] {
            assert!(!is_message(other), "{other:?}");
        }
        assert!(is_armoured("-----BEGIN PGP MESSAGE-----\n\nhQ"));
    }
}
