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

    /// Adds a pasted text without its line ends; one that does not fit as a whole is not taken. Whether it was.
    #[must_use]
    pub fn paste(&mut self, text: &str) -> bool {
        let length: usize =
            text.chars().filter(|character| !character.is_control()).map(char::len_utf8).sum();
        let fits = self.text.len() + length <= self.max;
        if fits {
            text.chars().for_each(|character| self.push(character));
        }
        fits
    }

    /// Takes the last character away.
    pub fn pop(&mut self) {
        self.text.pop();
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.text.zeroize();
    }

    /// What was typed as it stands, and the field is empty: spaces belong to a password.
    pub fn take(&mut self) -> Secret {
        let taken = Secret::copy_of(self.text.as_bytes());
        self.clear();
        taken
    }

    /// What was typed without the spaces around it, and the field is empty.
    pub fn take_trimmed(&mut self) -> Secret {
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

    /// Most bytes that fit.
    pub const fn max(&self) -> usize {
        self.max
    }

    /// What may be seen of a set-up text: its scheme, its names, or the name of a picture. The rest is dots.
    pub fn without_secret(&self) -> String {
        let shown = shown(self.text.trim());
        let rest = self.text.trim().get(shown.len()..).unwrap_or_default();
        format!("{shown}{}", "•".repeat(rest.chars().count().min(MAX_DOTS)))
    }
}

/// Most dots for what is not shown of a set-up text.
const MAX_DOTS: usize = 40;

/// The beginning of a set-up text that has no secret in it.
fn shown(text: &str) -> &str {
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        return if is_picture(text) { text } else { "" };
    };
    let names = match scheme.to_ascii_lowercase().as_str() {
        "otpauth" | "apple-otpauth" => label(rest),
        "https" | "http" => host(rest),
        // Anywhere in another link may be a secret: `steam://SECRET`.
        _ => "",
    };
    text.get(..text.len() - rest.len() + names.len()).unwrap_or_default()
}

/// `totp/Issuer:name`, without what follows, also where its marks are percent-encoded.
fn label(text: &str) -> &str {
    let names_something = ["totp/", "hotp/", "pipush/"]
        .iter()
        .any(|kind| text.get(..kind.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(kind)));
    if !names_something {
        return "";
    }
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    let ends =
        ["?", "&", "=", "#", "%3f", "%26", "%3d", "%23", "%25"].iter().filter_map(|mark| lower.find(mark));
    ends.min().and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The host of a web address. What follows may be a ticket, what precedes an `@` a password.
fn host(text: &str) -> &str {
    let authority = text.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.contains('@') { "" } else { authority }
}

/// RFC 3986, section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// No set-up text ends like a picture's name. Before its end is typed, a name may still become a token.
fn is_picture(text: &str) -> bool {
    let ending = text.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("png" | "jpg" | "jpeg" | "webp" | "gif"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_or_is_no_text_does_not_count() {
        let mut field = Field::new(4);
        assert!(field.paste("1\n2\u{1b}\n"));
        assert!(!field.paste("345"));
        field.push('番');
        assert_eq!(field.text(), "12");
        field.pop();
        field.push('9');
        assert_eq!((field.dots().as_str(), field.take().expose()), ("••", &b"19"[..]));
        assert_eq!(field.text(), "");
        assert!(field.paste("1234\r\n"), "line ends take no room");
    }

    #[test]
    fn spaces_belong_to_passwords_and_not_to_answers() {
        let mut field = Field::new(99);
        assert!(field.paste(" pass word \n"));
        assert_eq!(field.take().expose(), b" pass word ");
        assert!(field.paste(" 42 \n"));
        assert_eq!(field.take_trimmed().expose(), b"42");
    }

    #[test]
    fn a_set_up_text_shows_its_scheme_and_names_alone() {
        for (text, seen) in [
            ("otpauth://totp/A:b?secret=GEZDGNBV", "otpauth://totp/A:b…"),
            ("otpauth://hotp/%E4%BC%9A%3Aa?secret=GEZDGNBV", "otpauth://hotp/%E4%BC%9A%3Aa…"),
            ("apple-otpauth://totp/A?secret=GEZDGNBV", "apple-otpauth://totp/A…"),
            ("otpauth://pipush/PIPU1?enrollment_credential=5", "otpauth://pipush/PIPU1…"),
            // Broken in ways that put the secret into the label's place.
            ("otpauth://totp/A&secret=GEZDGNBV", "otpauth://totp/A…"),
            ("otpauth://totp/A%3Fsecret%3DGEZDGNBV", "otpauth://totp/A…"),
            ("otpauth://totp/A%253Fsecret%253DGEZDGNBV", "otpauth://totp/A…"),
            ("otpauth://GEZDGNBVGY3TQOJQ", "otpauth://…"),
            ("steam://GEZDGNBVGY3TQOJQ", "steam://…"),
            ("duo://ABCDEFGHIJ-YXBpLmR1bw", "duo://…"),
            ("ABCDEFGHIJ-YXBpLmR1bw", "…"),
            ("eyJhbGciOiJSUzI1NiJ9.eyJ0eXAiOiJ4In0.c2ln", "…"),
            ("GEZDGNBVGY3TQOJQ", "…"),
            ("my-secure://enroll?token=eyJhbGciOiJS", "my-secure://…"),
            ("my-secure:enroll?token=eyJhbGciOiJS", "…"),
            ("GEZDGNBVGY3TQOJQ:alice", "…"),
            ("countersign://organisation?client_secret=s", "countersign://…"),
            ("phonefactor://activate_account?code=123", "phonefactor://…"),
            ("https://a.example/realms/r/push-mfa/enroll/request-token/b4f9", "https://a.example…"),
            ("https://name:password@a.example/", "https://…"),
            ("HTTPS://a.example?token=x", "HTTPS://a.example…"),
            ("Pictures/設定 code.PNG", "Pictures/設定 code.PNG"),
            ("/tmp/qr.jpeg", "/tmp/qr.jpeg"),
            ("ab", "…"),
            ("", ""),
        ] {
            let mut field = Field::new(200);
            assert!(field.paste(text));
            let shown = field.without_secret();
            let without_dots = shown.trim_end_matches('•');
            let hidden = if without_dots == shown { "" } else { "…" };
            assert_eq!(format!("{without_dots}{hidden}"), seen, "{text}");
        }
    }
}
