use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use countersign::qr;
use countersign::secret::Secret;
use countersign::transfer::export::{Format, Written};

use crate::commands::pictures::PIXELS_PER_MODULE;
use crate::failure::{Failure, Own};
use crate::files::write_result;
use crate::output::Console;

/// Where an export goes.
pub struct Output<'a> {
    path: &'a Path,
    /// What the file's name ends in, of pictures.
    picture: Option<Picture>,
}

#[derive(Clone, Copy)]
enum Picture {
    Svg,
    Png,
}

impl<'a> Output<'a> {
    /// Standard output has room for neither pictures nor, beside the export, an object.
    pub fn of(path: &'a Path, format: Format, console: Console) -> Result<Self, Failure> {
        let is_standard = path == Path::new("-");
        let usage = || Failure::from(Own::Usage).with("output", path.display().to_string());
        let picture = match (format, path.extension().and_then(|extension| extension.to_str())) {
            (Format::Google, Some("svg")) => Some(Picture::Svg),
            (Format::Google, Some("png")) => Some(Picture::Png),
            (Format::Google, _) => return Err(usage()),
            _ => None,
        };
        if is_standard && console.json { Err(usage()) } else { Ok(Self { path, picture }) }
    }

    pub fn is_standard(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Whether a file is in the way, before somebody has typed a password for nothing. Pictures have none.
    pub fn check(&self, replace: bool) -> Result<(), Failure> {
        if self.is_standard() || self.picture.is_some() || replace || !self.path.exists() {
            return Ok(());
        }
        Err(Failure::from(Own::FileExists).with("file", self.path.display().to_string()))
    }

    /// Writes all of it, and gives the names of the files. What was written goes again where the rest can't be.
    pub fn write(&self, written: &Written, replace: bool) -> Result<Vec<String>, Failure> {
        match written {
            Written::File(content) if self.is_standard() => to_standard_output(content).map(|()| Vec::new()),
            Written::File(content) => {
                // EXPOSE: the file is what was asked for.
                write_result(self.path, content.expose(), replace)?;
                Ok(vec![self.path.display().to_string()])
            }
            Written::Codes(codes) => self.pictures(codes, replace),
        }
    }

    fn pictures(&self, codes: &[Secret], replace: bool) -> Result<Vec<String>, Failure> {
        let mut written: Vec<PathBuf> = Vec::with_capacity(codes.len());
        for (place, code) in codes.iter().enumerate() {
            let path = if codes.len() == 1 { self.path.to_owned() } else { numbered(self.path, place + 1) };
            let done = self.draw(code).and_then(|picture| {
                // EXPOSE: the picture is what was asked for.
                write_result(&path, picture.expose(), replace)
            });
            if let Err(failure) = done {
                for path in written {
                    let _ = std::fs::remove_file(path);
                }
                return Err(failure);
            }
            written.push(path);
        }
        Ok(written.iter().map(|path| path.display().to_string()).collect())
    }

    fn draw(&self, code: &Secret) -> Result<Secret, Failure> {
        // EXPOSE: drawn to be scanned.
        let text = code.expose_str().ok_or(Own::Internal)?;
        let picture = match self.picture {
            Some(Picture::Svg) => qr::svg(text),
            Some(Picture::Png) | None => qr::png(text, PIXELS_PER_MODULE),
        };
        Ok(picture?)
    }
}

/// `codes.png` becomes `codes-1.png`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name: OsString = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// Whoever closed it has not got all of it: that is a failure here.
fn to_standard_output(content: &Secret) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    // EXPOSE: the content is what was asked for.
    out.write_all(content.expose()).and_then(|()| out.flush()).map_err(|_| Own::FileUnwritable.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_numbered_before_their_ending() {
        assert_eq!(numbered(Path::new("a/b.c.png"), 12), Path::new("a/b.c-12.png"));
        assert_eq!(numbered(Path::new("code.svg"), 1), Path::new("code-1.svg"));
    }
}
