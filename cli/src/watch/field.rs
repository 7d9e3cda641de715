//! A line that is typed; what is in it is wiped when it goes.

use countersign::secret::Secret;
use zeroize::{Zeroize as _, Zeroizing};

/// A field of one line.
pub struct Field {
    text: Zeroizing<String>,
    max: usize,
}

impl Field {
    /// An empty field for at most so many bytes.
    pub fn new(max: usize) -> Self {
        // All the room at once: a text that grows would leave copies of a secret behind.
        Self { text: Zeroizing::new(String::with_capacity(max)), max }
    }

    /// Adds a character at the end; what is too long or no text does not count.
    pub fn push(&mut self, character: char) {
        if !character.is_control() && self.text.len() + character.len_utf8() <= self.max {
            self.text.push(character);
        }
    }

    /// Adds a pasted text without its line ends; one that does not fit as a whole does not count.
    pub fn paste(&mut self, text: &str) {
        if self.text.len() + text.trim().len() <= self.max {
            text.trim().chars().for_each(|character| self.push(character));
        }
    }

    /// Takes the last character away.
    pub fn pop(&mut self) {
        self.text.pop();
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.zeroize();
    }

    /// What was typed, and the field is empty.
    pub fn take(&mut self) -> Secret {
        let taken = Secret::copy_of(self.text.trim().as_bytes());
        self.clear();
        taken
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As many dots as there are characters.
    pub fn dots(&self) -> String {
        "•".repeat(self.text.chars().count())
    }

    /// What may be seen of a set-up text: what follows its address or names is a secret.
    pub fn without_secret(&self) -> String {
        match self.text.split_once('?') {
            Some((before, rest)) => format!("{before}?{}", "•".repeat(rest.chars().count().min(8))),
            None => self.text.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_or_is_no_text_does_not_count() {
        let mut field = Field::new(4);
        field.paste("1\n2\u{1b}\n");
        field.paste("345");
        field.push('番');
        assert_eq!(field.text(), "12");
        field.pop();
        field.push('9');
        assert_eq!((field.dots().as_str(), field.take().expose()), ("••", &b"19"[..]));
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_link_shows_no_secret() {
        let mut field = Field::new(99);
        field.paste("otpauth://totp/A:b?secret=GEZDGNBV");
        assert_eq!(field.without_secret(), "otpauth://totp/A:b?••••••••");
    }
}
