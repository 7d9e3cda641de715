//! Questions at the terminal, and what is read in place of an answer.

use std::fs;
use std::io::{self, BufRead as _, Read, Write as _};
use std::path::Path;

use countersign::qr;
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::transfer::import;
use zeroize::Zeroizing;

use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::words::{self, Language};

/// Longest line that is typed.
const MAX_LINE: u64 = 64 * 1024;

/// A typed line.
pub fn line(console: Console, question: &str) -> Result<String, Failure> {
    if !console.can_ask() {
        return Err(Own::AnswerNeeded.into());
    }
    prompt(question);
    let mut answer = String::new();
    match io::stdin().lock().take(MAX_LINE).read_line(&mut answer) {
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
    new_password_for(console, &words::new_password(console.language))
}

/// The same, for what the question says.
pub fn new_password_for(console: Console, question: &str) -> Result<Secret, Failure> {
    let first = secret(console, question)?;
    let second = secret(console, &words::new_password_again(console.language))?;
    if first.is_empty() || first != second { Err(Own::PasswordUnusable.into()) } else { Ok(first) }
}

/// The content of a small file, or of standard input for `-`, without the line end at its end.
pub fn read_secret(path: &Path) -> Result<Secret, Failure> {
    read(path, |_| Limit::OF_TEXT).map(|bytes| without_line_end(&bytes))
}

/// The content of another app's file, or of standard input for `-`.
pub fn read_export(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read(path, |_| Limit::OF_EXPORTS)
}

/// The content of a picture file, or of standard input for `-`.
pub fn read_picture(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read(path, |_| Limit::OF_PICTURES)
}

/// What was given to be scanned, told apart by how it begins.
pub enum Scan {
    /// A picture file.
    Picture(Zeroizing<Vec<u8>>),
    /// Anything else, without the line end at its end.
    Text(Secret),
}

/// A picture or a text from a file, or from standard input for `-`.
pub fn read_scan(path: &Path) -> Result<Scan, Failure> {
    let limit = |begin: &[u8]| if qr::is_picture(begin) { Limit::OF_PICTURES } else { Limit::OF_TEXT };
    let bytes = read(path, limit)?;
    Ok(if qr::is_picture(&bytes) { Scan::Picture(bytes) } else { Scan::Text(without_line_end(&bytes)) })
}

fn without_line_end(bytes: &[u8]) -> Secret {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    Secret::copy_of(line.strip_suffix(b"\r").unwrap_or(line))
}

/// How much is read, and what it means when there is more.
#[derive(Clone, Copy)]
struct Limit {
    bytes: usize,
    or_else: fn() -> Failure,
}

impl Limit {
    /// More than any set-up text, password or secret.
    const OF_TEXT: Self = Self { bytes: 64 * 1024, or_else: || Own::InputTooLarge.into() };
    const OF_EXPORTS: Self = Self { bytes: import::MAX_FILE, or_else: || Reason::ImportTooLarge.into() };
    const OF_PICTURES: Self =
        Self { bytes: qr::MAX_PICTURE_BYTES, or_else: || Reason::PictureTooLarge.into() };
}

/// Reads to the end, within the limit that follows from how it begins.
fn read(path: &Path, limit: impl Fn(&[u8]) -> Limit) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let named = |failure: Failure| failure.with("file", path.display().to_string());
    let unreadable = |_| named(Own::FileUnreadable.into());
    let is_standard = path == Path::new("-");
    let is_file = !is_standard && fs::metadata(path).is_ok_and(|file| file.is_file());
    // A pipe that nobody writes to would keep its reader without a word.
    let waiting = (!is_file).then(|| {
        let language = Language::of_environment();
        let words = if is_standard {
            words::waiting_for_input(language)
        } else {
            words::waiting_for_file(language, &path.display())
        };
        Console { json: false, language, is_quiet: false }.busy(words)
    });
    let mut input: Box<dyn Read> = if is_standard {
        Box::new(io::stdin().lock())
    } else {
        Box::new(fs::File::open(path).map_err(unreadable)?)
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(Limit::OF_TEXT.bytes + 1));
    loop {
        let room = bytes.capacity() - bytes.len();
        input.by_ref().take(room as u64).read_to_end(&mut bytes).map_err(unreadable)?;
        let limit = limit(&bytes);
        if bytes.len() > limit.bytes {
            return Err(named((limit.or_else)()));
        }
        if bytes.len() < bytes.capacity() {
            drop(waiting);
            return Ok(bytes);
        }
        // By hand: a buffer that grows by itself leaves copies of a secret behind.
        let mut larger = Zeroizing::new(Vec::with_capacity((2 * bytes.len()).min(limit.bytes + 1)));
        larger.extend_from_slice(&bytes);
        bytes = larger;
    }
}

fn prompt(question: &str) {
    let mut out = io::stderr();
    let _ = write!(out, "{question} ");
    let _ = out.flush();
}
