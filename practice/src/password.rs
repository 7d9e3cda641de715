//! Passwords of practice accounts: salted and stretched, as any password is to be kept.

use std::num::NonZeroU32;

use ring::pbkdf2;

const SALT: usize = 16;
const HASH: usize = 32;
/// About a tenth of a second on one core. Real accounts would have more; nobody's real password belongs here.
const ITERATIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(199_999);

/// What is kept of a password: salt and hash.
pub(crate) fn keep(password: &str, salt: [u8; SALT]) -> Vec<u8> {
    let mut hash = [0; HASH];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
    [salt.as_slice(), &hash].concat()
}

/// Whether this is the password that was kept.
pub(crate) fn matches(kept: &[u8], password: &str) -> bool {
    let Some((salt, hash)) = kept.split_at_checked(SALT) else {
        return false;
    };
    pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, password.as_bytes(), hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{keep, matches};

    #[test]
    fn only_the_same_password_matches() {
        let kept = keep("practice", [1; 16]);
        assert!(matches(&kept, "practice"));
        assert!(!matches(&kept, "Practice"));
        assert!(!matches(&[], "practice"));
        assert_ne!(kept, keep("practice", [2; 16]));
    }
}
