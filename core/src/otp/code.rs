use std::fmt;
use std::io::Write as _;

/// A code to type: 1 to 9 ASCII digits or letters. Held in place, so that no copy stays behind
/// on the heap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code {
    text: [u8; 9],
    length: u8,
}

impl Code {
    /// The text, leading zeros included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text
            .get(..usize::from(self.length))
            .and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or_default()
    }

    pub(super) fn of(token: &impl fmt::Display) -> Self {
        let mut text = [0; 9];
        let mut rest = &mut text[..];
        // Never longer than 9: `Otp` has at most 9 digits.
        let _ = write!(rest, "{token}");
        let unused = u8::try_from(rest.len()).unwrap_or(9);
        Self { text, length: 9 - unused }
    }
}

/// A code is a secret while it is valid.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[code]")
    }
}
