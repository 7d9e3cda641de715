use super::plane::Plane;
use super::symbols::{Effort, read};
use super::text::{Content, joined};
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
/// `NoCodeInPicture`; `CodeNotText` where no code holds text; `CodeInParts` where parts of a series are missing;
/// `PictureDamaged` where `luma` is too short for these sizes; `PictureTooLarge`.
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
/// `NoCodeInPicture`, `CodeInParts`, `CodeNotText`.
pub(super) fn texts(found: Vec<Content>) -> Result<Vec<Secret>, Reason> {
    let found = joined(found);
    let nothing = match found.first() {
        None => Reason::NoCodeInPicture,
        Some(_) if found.iter().any(|content| matches!(content, Content::Part(_))) => Reason::CodeInParts,
        Some(_) => Reason::CodeNotText,
    };
    let texts: Vec<_> = found
        .into_iter()
        .filter_map(|content| match content {
            Content::Text(text) => Some(text),
            Content::Binary | Content::Part(_) => None,
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::encode::png;
    use super::*;

    /// A code in the middle of a gray frame whose rows are `gap` bytes longer than they show.
    fn frame(text: &str, gap: usize, dark: u8, light: u8) -> (Vec<u8>, usize, usize, usize) {
        let code = image::load_from_memory(png(text, 6).unwrap().expose()).unwrap().into_luma8();
        let (width, height) = (code.width() as usize + 200, code.height() as usize + 150);
        let stride = width + gap;
        let mut luma = vec![dark / 2 + light / 2; stride * height];
        for (x, y, pixel) in code.enumerate_pixels() {
            luma[(y as usize + 75) * stride + x as usize + 100] = if pixel.0[0] == 0 { dark } else { light };
        }
        luma.truncate(stride * (height - 1) + width);
        (luma, width, height, stride)
    }

    #[test]
    fn any_stride_and_light_on_dark() {
        for (gap, dark, light) in [(0, 20, 230), (16, 20, 230), (1, 100, 160), (7, 230, 20), (0, 255, 0)] {
            let (luma, width, height, stride) =
                frame("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", gap, dark, light);
            let texts = scan_frame(&luma, width, height, stride).unwrap();
            assert_eq!(texts, [Secret::copy_of(b"otpauth://totp/a?secret=JBSWY3DPEHPK3PXP")]);
        }
    }

    #[test]
    fn refused_by_name() {
        let (luma, width, height, stride) = frame("x", 8, 0, 255);
        for (luma, width, height, stride, reason) in [
            (&luma[..luma.len() - 1], width, height, stride, Reason::PictureDamaged),
            (&luma, width, height, width - 1, Reason::PictureDamaged),
            (&luma, 0, 0, 0, Reason::PictureDamaged),
            (&luma, usize::MAX, 2, usize::MAX, Reason::PictureTooLarge),
            (&[128; 40_000], 200, 200, 200, Reason::NoCodeInPicture),
            (&[7], 1, 1, 1, Reason::NoCodeInPicture),
        ] {
            assert_eq!(scan_frame(luma, width, height, stride).err(), Some(reason));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn noise_never_panics(
            luma in prop::collection::vec(any::<u8>(), 1..9000), width in 1_usize..100, stride in 1_usize..130,
        ) {
            let height = luma.len() / stride;
            let _ = scan_frame(&luma, width, height, stride);
        }
    }
}
