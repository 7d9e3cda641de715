//! Questions at the terminal, and what is read in place of an answer.

use std::fs;
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::Path;

use countersign::secret::Secret;
use zeroize::Zeroizing;

use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::words;

/// Longest input that is read: more than any set-up text, password or secret.
const MAX_INPUT: u64 = 64 * 1024;

/// Longest picture that is read, in bytes; the core looks at its pixels.
const MAX_PICTURE: u64 = 64 * 1024 * 1024;

/// A typed line.
pub fn line(console: Console, question: &str) -> Result<String, Failure> {
    if !console.can_ask() {
        return Err(Own::AnswerNeeded.into());
    }
    prompt(question);
    let mut answer = String::new();
    match io::stdin().lock().take(MAX_INPUT).read_line(&mut answer) {
        Ok(0) | Err(_) => Err(Own::Cancelled.into()),
        Ok(_) => Ok(answer.trim().to_owned()),
    }
}

/// Yes or no; an empty answer is no.
pub fn yes(console: Console, question: &str) -> Result<bool, Failure> {
    let answer = line(console, &format!("{question} {}", words::yes_no(console.language)))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes" | "はい" | "h" | "j"))
}

/// A typed secret, not shown.
pub fn secret(console: Console, question: &str) -> Result<Secret, Failure> {
    if !console.can_ask() {
        return Err(Own::PasswordNeeded.into());
    }
    prompt(question);
    rpassword::read_password().map(Secret::from).map_err(|_| Own::Cancelled.into())
}

/// The recovery code: typed, or from standard input where nobody can be asked.
pub fn recovery_code(console: Console) -> Result<Secret, Failure> {
    if console.can_ask() {
        secret(console, &words::recovery_code_question(console.language))
    } else {
        read_secret("-".as_ref())
    }
}

/// A new password, typed twice.
pub fn new_password(console: Console) -> Result<Secret, Failure> {
    let first = secret(console, &words::new_password(console.language))?;
    let second = secret(console, &words::new_password_again(console.language))?;
    if first.is_empty() || first != second { Err(Own::PasswordUnusable.into()) } else { Ok(first) }
}

/// The content of a small file, or of standard input for `-`, without the line end at its end.
pub fn read_secret(path: &Path) -> Result<Secret, Failure> {
    let mut bytes = read(path, MAX_INPUT)?;
    for end in [b'\n', b'\r'] {
        if bytes.last() == Some(&end) {
            bytes.pop();
        }
    }
    Ok(Secret::copy_of(&bytes))
}

/// The content of another app's file, or of standard input for `-`.
pub fn read_export(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // One byte more than the core looks at: it says that the file is too large.
    read(path, MAX_PICTURE + 1)
}

/// The content of a picture file, or of standard input for `-`.
pub fn read_picture(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read(path, MAX_PICTURE)
}

fn read(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // Room for all of it at once: a buffer that grows would leave copies of a secret behind.
    let known = fs::metadata(path).map_or(MAX_INPUT, |file| file.len()).min(limit) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(known.try_into().unwrap_or(0)));
    let read = if path == Path::new("-") {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    let unreadable = || Failure::from(Own::FileUnreadable).with("file", path.display().to_string());
    match read {
        Ok(length) if u64::try_from(length).is_ok_and(|length| length <= limit) => Ok(bytes),
        Ok(_) | Err(_) => Err(unreadable()),
    }
}

fn prompt(question: &str) {
    let mut out = io::stderr();
    let _ = write!(out, "{question} ");
    let _ = out.flush();
}
