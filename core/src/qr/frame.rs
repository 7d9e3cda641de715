use super::plane::Plane;
use super::symbols::{Effort, read};
use super::text::Content;
use super::threshold::Threshold;
use crate::reason::Reason;
use crate::secret::Secret;

/// Most pixels of a camera's frame.
const MAX_FRAME_PIXELS: usize = 16_000_000;

/// Frames with more pixels are halved first: a code that fills a fair part of one loses nothing.
const FULL_SIZE: usize = 1_500_000;

const THRESHOLD: Threshold = Threshold { reach: 2, percent: 97, flat: 24 };

/// Reads the codes of a camera's frame: `luma` has `height` rows of `width` bytes of brightness, which begin
/// `stride` bytes apart. Quick enough for 30 frames a second; what one frame does not show the next one may.
/// Light codes on dark ground are read too.
///
/// # Errors
/// `NoCodeInPicture`; `CodeNotText` where no code holds text; `PictureDamaged` where `luma` is too short for the
/// size given; `PictureTooLarge`.
pub fn scan_frame(luma: &[u8], width: usize, height: usize, stride: usize) -> Result<Vec<Secret>, Reason> {
    let mut plane = Plane::of_rows(luma, (width, height), stride, MAX_FRAME_PIXELS)?;
    while plane.pixels().len() > FULL_SIZE {
        plane = plane.half().ok_or(Reason::NoCodeInPicture)?;
    }
    // Fine codes need all pixels; large ones stand out from the grain of the picture at half size.
    let mut found = read_plane(&plane);
    if found.is_empty() {
        found = plane.half().map(|half| read_plane(&half)).unwrap_or_default();
    }
    texts(found)
}

/// The texts among `found`.
///
/// # Errors
/// `NoCodeInPicture`, `CodeNotText`.
pub(super) fn texts(found: Vec<Content>) -> Result<Vec<Secret>, Reason> {
    let nothing = if found.is_empty() { Reason::NoCodeInPicture } else { Reason::CodeNotText };
    let texts: Vec<_> = found
        .into_iter()
        .filter_map(|content| match content {
            Content::Text(text) => Some(text),
            Content::Binary => None,
        })
        .collect();
    if texts.is_empty() { Err(nothing) } else { Ok(texts) }
}

fn read_plane(plane: &Plane) -> Vec<Content> {
    // Every third row of the core of a finder pattern in a version 20 code that fills a quarter of the height.
    let effort = Effort { row_step: (plane.height() / 130).max(3), pixels_a_place: 256, bent: 1 };
    let mut bits = THRESHOLD.apply(plane);
    let found = read(&bits, effort);
    if !found.is_empty() {
        return found;
    }
    bits.invert();
    read(&bits, effort)
}
