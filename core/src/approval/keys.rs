//! Public keys and signatures of devices and servers, in the encodings that hosts and servers use.

use p256::ecdsa::signature::Verifier as _;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::account::{DeviceKey, KeyAlgorithm};

/// Everything of a P-256 SubjectPublicKeyInfo (RFC 5480) before the point.
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The algorithm of an RSA SubjectPublicKeyInfo (RFC 3279, section 2.3.1).
const RSA_ALGORITHM: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// Bytes of an uncompressed P-256 point.
const POINT: usize = 65;

/// SubjectPublicKeyInfo of a key that the host gave as that, as an X9.63 point or as `RSAPublicKey`; `None` when it is
/// not a key of this algorithm.
pub(super) fn to_spki(algorithm: KeyAlgorithm, bytes: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        KeyAlgorithm::Es256 => {
            let point = bytes.strip_prefix(&P256_SPKI).unwrap_or(bytes);
            let is_point = point.len() == POINT && p256::PublicKey::from_sec1_bytes(point).is_ok();
            is_point.then(|| [&P256_SPKI[..], point].concat())
        }
        KeyAlgorithm::Rs256 { bits } => {
            let key = rsa_of_spki(bytes).unwrap_or(bytes);
            (rsa_bits(key)? == usize::from(bits)).then(|| rsa_spki(key))
        }
    }
}

/// The affine coordinates of a P-256 key, 32 bytes each.
pub(super) fn coordinates(key: &DeviceKey) -> Option<(&[u8], &[u8])> {
    let point = key.spki.strip_prefix(&P256_SPKI)?.strip_prefix(&[4])?;
    (point.len() == POINT - 1).then(|| point.split_at(POINT / 2))
}

/// A device's signature as JOSE has it: r and s, 32 bytes each, for ECDSA (RFC 7518, section 3.4). A host may give
/// ECDSA as DER.
pub(super) fn jose_signature(key: &DeviceKey, signature: &[u8]) -> Option<Vec<u8>> {
    match key.algorithm {
        KeyAlgorithm::Es256 if signature.len() == 64 => Some(signature.to_vec()),
        KeyAlgorithm::Es256 => Some(p256::ecdsa::Signature::from_der(signature).ok()?.to_bytes().to_vec()),
        KeyAlgorithm::Rs256 { .. } => Some(signature.to_vec()),
    }
}

/// A signature that JOSE has as r and s, as X.509 has it: DER for ECDSA (RFC 3279, section 2.2.3).
pub(super) fn der_signature(key: &DeviceKey, signature: Vec<u8>) -> Option<Vec<u8>> {
    match key.algorithm {
        KeyAlgorithm::Es256 => {
            let signature = p256::ecdsa::Signature::from_slice(&signature).ok()?;
            Some(signature.to_der().as_bytes().to_vec())
        }
        KeyAlgorithm::Rs256 { .. } => Some(signature),
    }
}

/// Whether a signature, as JOSE has it, is one of `key` over `bytes`.
pub(super) fn verifies(key: &DeviceKey, bytes: &[u8], signature: &[u8]) -> bool {
    match key.algorithm {
        KeyAlgorithm::Es256 => {
            key.spki.strip_prefix(&P256_SPKI).is_some_and(|point| p256_verifies(point, bytes, signature))
        }
        KeyAlgorithm::Rs256 { .. } => {
            rsa_of_spki(&key.spki).is_some_and(|public| rsa_verifies(public, bytes, signature))
        }
    }
}

/// Whether a signature (ECDSA with SHA-256; r and s, 32 bytes each) is one of `point`, uncompressed, over `bytes`.
pub(super) fn p256_verifies(point: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
    let signature = p256::ecdsa::Signature::from_slice(signature);
    point.len() == POINT
        && key.is_ok_and(|key| signature.is_ok_and(|signature| key.verify(bytes, &signature).is_ok()))
}

/// Whether a signature (RSASSA-PKCS1-v1_5 with SHA-256) is one of `key`, an `RSAPublicKey`, over `bytes`.
pub(super) fn rsa_verifies(key: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(bytes, signature).is_ok()
}

/// Bits of the modulus of an `RSAPublicKey` (RFC 8017, appendix A.1.1); `None` when it is not one.
pub(super) fn rsa_bits(key: &[u8]) -> Option<usize> {
    let (numbers, rest) = der(0x30, key)?;
    let (modulus, exponent) = der(0x02, numbers)?;
    let (exponent, end) = der(0x02, exponent)?;
    let modulus = match modulus {
        [0, rest @ ..] => rest,
        _ => return None,
    };
    let first = *modulus.first()?;
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let whole = rest.is_empty() && end.is_empty() && first >= 0x80 && odd(modulus) && odd(exponent);
    whole.then_some(modulus.len() * 8)
}

fn rsa_of_spki(spki: &[u8]) -> Option<&[u8]> {
    let (content, rest) = der(0x30, spki)?;
    let (bits, end) = der(0x03, content.strip_prefix(&RSA_ALGORITHM)?)?;
    if rest.is_empty() && end.is_empty() { bits.strip_prefix(&[0]) } else { None }
}

fn rsa_spki(key: &[u8]) -> Vec<u8> {
    let bits = [&der_header(0x03, key.len() + 1)[..], &[0], key].concat();
    [&der_header(0x30, RSA_ALGORITHM.len() + bits.len())[..], &RSA_ALGORITHM, &bits].concat()
}

/// The content of the DER value with this tag, and what comes after it (X.690; lengths below 65,536).
fn der(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = bytes.strip_prefix(&[tag])?;
    let (length, rest) = match bytes {
        [short @ 0..=0x7f, rest @ ..] => (usize::from(*short), rest),
        [0x81, length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
        [0x82, high @ 1..=0xff, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        _ => return None,
    };
    rest.split_at_checked(length)
}

fn der_header(tag: u8, length: usize) -> Vec<u8> {
    match u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes() {
        [0, length @ 0..=0x7f] => vec![tag, length],
        [0, length] => vec![tag, 0x81, length],
        [high, low] => vec![tag, 0x82, high, low],
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::Signer as _;
    use proptest::prelude::*;

    use super::*;

    const RSA: KeyAlgorithm = KeyAlgorithm::Rs256 { bits: 2048 };

    fn signing_key() -> SigningKey {
        SigningKey::from_slice(&[7; 32]).unwrap()
    }

    fn point() -> Vec<u8> {
        signing_key().verifying_key().to_sec1_point(false).as_bytes().to_vec()
    }

    /// An `RSAPublicKey` whose modulus is any odd number of this size.
    fn rsa(bytes: usize) -> Vec<u8> {
        let mut modulus = vec![0xa5; bytes];
        modulus.insert(0, 0);
        let numbers = [&der_header(2, modulus.len())[..], &modulus, &[2, 3, 1, 0, 1]].concat();
        [&der_header(0x30, numbers.len())[..], &numbers].concat()
    }

    #[test]
    fn every_form_of_a_key_becomes_the_same() {
        let spki = to_spki(KeyAlgorithm::Es256, &point()).unwrap();
        assert_eq!(to_spki(KeyAlgorithm::Es256, &spki), Some(spki));
        let spki = to_spki(RSA, &rsa(256)).unwrap();
        assert_eq!(to_spki(RSA, &spki), Some(spki.clone()));
        assert_eq!(rsa_of_spki(&spki), Some(&rsa(256)[..]));
    }

    #[test]
    fn what_is_no_key() {
        let mut off_curve = point();
        off_curve[64] ^= 1;
        let mut compressed = point()[..33].to_vec();
        compressed[0] = 2;
        for key in [&off_curve[..], &compressed, &[], &[4; 65], &point()[1..], &rsa(256)] {
            assert_eq!(to_spki(KeyAlgorithm::Es256, key), None);
        }
        let mut even = rsa(256);
        let exponent = even.len() - 1;
        even[exponent] = 0;
        let longer = [&rsa(256)[..], &[0]].concat();
        for key in [&rsa(128)[..], &rsa(384), &even, &longer, &rsa(256)[1..], &[], &point()] {
            assert_eq!(to_spki(RSA, key), None);
        }
    }

    #[test]
    fn both_forms_of_a_signature_are_verified() {
        let algorithm = KeyAlgorithm::Es256;
        let key = DeviceKey { id: String::new(), algorithm, spki: to_spki(algorithm, &point()).unwrap() };
        let signature: p256::ecdsa::Signature = signing_key().sign(b"text");
        for form in [signature.to_bytes().to_vec(), signature.to_der().as_bytes().to_vec()] {
            let signature = jose_signature(&key, &form).unwrap();
            assert!(verifies(&key, b"text", &signature));
            assert!(!verifies(&key, b"other", &signature));
        }
        assert_eq!(
            der_signature(&key, signature.to_bytes().to_vec()),
            Some(signature.to_der().as_bytes().to_vec())
        );
        assert_eq!(der_signature(&key, vec![0; 64]), None);
        assert_eq!(jose_signature(&key, b"0"), None);
        assert!(!verifies(&key, b"text", &[0; 64]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = to_spki(RSA, &bytes);
            let _ = to_spki(KeyAlgorithm::Es256, &bytes);
            let _ = rsa_of_spki(&bytes);
        }
    }
}
