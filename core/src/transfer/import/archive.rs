//! ZIP archives from strangers. Nothing of one is written anywhere: the names are looked at, and one file of it is
//! unpacked into memory, never more of it than a file may have.

use std::borrow::Cow;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use zeroize::Zeroizing;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive, ZipReadOptions};

use super::{MAX_ENTRIES, MAX_FILE, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// What each entry of the directory begins with.
const ENTRY: &[u8] = b"PK\x01\x02";
/// Bytes that are handed out at once when only the beginning of a file is wanted.
const PIECE: usize = 16;
/// How many bytes say whether a file begins as text, and the fewest that do.
const BEGINNING: u64 = 64;
const TELLING: usize = 8;

pub(super) struct Archive<'a> {
    file: &'a [u8],
    zip: ZipArchive<Pieces<'a>>,
}

impl<'a> Archive<'a> {
    /// Reads the directory, and nothing else.
    ///
    /// # Errors
    /// `ImportTooLarge` for too many files; `ImportDamaged`, also where two files share a name or bytes, or a name
    /// leads out of the archive.
    pub(super) fn open(file: &'a [u8]) -> Result<Self, Refused> {
        // Counted before anything is made of them.
        let count = file.windows(ENTRY.len()).filter(|window| *window == ENTRY).count();
        if count > MAX_ENTRIES {
            return Err(over(count, MAX_ENTRIES, "entries"));
        }
        let mut zip = ZipArchive::new(Pieces::of(file, usize::MAX)).map_err(reason)?;
        let stays_inside = zip.file_names().all(|name| name.is_ok_and(|name| !leads_out(&name)));
        let is_sound =
            stays_inside && !zip.has_duplicate_names() && !zip.has_overlapping_entries().map_err(reason)?;
        if is_sound { Ok(Self { file, zip }) } else { Err(Reason::ImportDamaged.into()) }
    }

    /// Names of the files, in the order of the directory.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.zip.file_names().filter_map(Result::ok).filter(|name| !name.ends_with('/'))
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.zip.index_for_name(name)
    }

    /// Whether a password is needed for it.
    pub(super) fn is_locked(&self, at: usize) -> bool {
        self.zip.by_index_data(at).is_ok_and(|entry| entry.encrypted())
    }

    /// Unpacks one file.
    ///
    /// # Errors
    /// `ImportTooLarge`, `ImportDamaged`, `ImportWrongPassword`, `PackingUnsupported`.
    pub(super) fn unpack(&mut self, at: usize, password: Option<&Secret>) -> Result<Secret, Refused> {
        let entry = self.zip.by_index_data(at).map_err(reason)?;
        let size = usize::try_from(entry.size()).unwrap_or(usize::MAX);
        if size > MAX_FILE {
            return Err(over(size, MAX_FILE, "bytes"));
        }
        if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Reason::PackingUnsupported.into());
        }
        // One block, of the size that the directory says: growing would leave copies behind. What is longer than it
        // says is refused by the reader, so this is what bounds the bytes that are really unpacked.
        let mut content = Zeroizing::new(Vec::new());
        content.try_reserve_exact(size).map_err(|_| Refused::from(Reason::MemoryLacking))?;
        let read = open(&mut self.zip, at, password)?.read_to_end(&mut content);
        match read {
            Ok(read) if read == size => Ok(Secret::from(std::mem::take(&mut *content))),
            Ok(_) => Err(Reason::ImportDamaged.into()),
            Err(_) => Err(self.blame(at, password).into()),
        }
    }

    /// A file that can't be unpacked, although its own check took the password: is it damaged, or is the password
    /// wrong? The check of the old cipher is one byte, so that every 256th wrong password passes; that of WinZip's AES
    /// is two bytes. A wrong password gives noise from the first byte, damage leaves text before it.
    fn blame(&mut self, at: usize, password: Option<&Secret>) -> Reason {
        match (password, self.begins_as_text(at, password)) {
            (None, _) | (_, Some(true)) => Reason::ImportDamaged,
            (_, Some(false)) => Reason::ImportWrongPassword,
            // Not even a beginning: what the check is worth decides.
            (_, None) if self.has_aes(at) => Reason::ImportDamaged,
            (_, None) => Reason::ImportWrongPassword,
        }
    }

    /// Whether the file begins as text; `None` where too little of it can be unpacked.
    fn begins_as_text(&self, at: usize, password: Option<&Secret>) -> Option<bool> {
        // In small pieces: the readers between lose a whole piece when there is an error in it.
        let mut zip = ZipArchive::new(Pieces::of(self.file, PIECE)).ok()?;
        let mut beginning = Zeroizing::new(Vec::with_capacity(2 * PIECE + usize::try_from(BEGINNING).ok()?));
        // However it ends: what came before is what is looked at.
        let _ = open(&mut zip, at, password).ok()?.take(BEGINNING).read_to_end(&mut beginning);
        (beginning.len() >= TELLING).then(|| is_text(&beginning))
    }

    fn has_aes(&mut self, at: usize) -> bool {
        matches!(self.zip.get_aes_verification_key_and_salt(at), Ok(Some(_)))
    }
}

fn open<'a, 'b>(
    zip: &'b mut ZipArchive<Pieces<'a>>,
    at: usize,
    password: Option<&Secret>,
) -> Result<impl Read + use<'a, 'b>, Refused> {
    // EXPOSE: the key of the file is derived from it.
    let options = ZipReadOptions::new().password(password.map(Secret::expose));
    zip.by_index_with_options(at, options).map_err(|error| reason(error).into())
}

/// Whether a name could be meant for a place outside of the archive. No app writes such a file.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.contains('\0') || name.split(['/', '\\']).any(|part| part == "..")
}

fn reason(error: ZipError) -> Reason {
    match error {
        ZipError::InvalidPassword => Reason::ImportWrongPassword,
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            Reason::PackingUnsupported
        }
        _ => Reason::ImportDamaged,
    }
}

fn over(wanted: usize, most: usize, unit: &'static str) -> Refused {
    let figure = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Refused::over(Reason::ImportTooLarge, figure(wanted), figure(most), unit)
}

/// UTF-8, perhaps cut in a character, without control characters.
fn is_text(bytes: &[u8]) -> bool {
    let whole = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return false,
    };
    bytes.iter().take(whole).all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace())
}

/// The bytes of an archive, so many at once at most.
struct Pieces<'a> {
    bytes: Cursor<&'a [u8]>,
    most: usize,
}

impl<'a> Pieces<'a> {
    fn of(bytes: &'a [u8], most: usize) -> Self {
        Self { bytes: Cursor::new(bytes), most }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(buffer.len());
        self.bytes.read(buffer.get_mut(..most).unwrap_or_default())
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(place)
    }
}
