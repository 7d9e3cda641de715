//! Conversions that lose nothing here but have no lossless form in the standard library.
#![expect(clippy::as_conversions, reason = "each says why nothing is lost")]

/// A count or length as `usize`, which has 32 bits or more wherever there are pictures.
pub(super) const fn size(count: u32) -> usize {
    count as usize
}

/// A coordinate or count of a picture as `f32`, which is exact up to 2^24; a side has at most 2^16 pixels.
pub(super) const fn coordinate(place: usize) -> f32 {
    place as f32
}

/// A count of pixels as `u64`: `usize` has at most 64 bits wherever this runs.
pub(super) const fn count(pixels: usize) -> u64 {
    pixels as u64
}
