//! How picture files hang together, as far as their decoders don't tell: where the data of a JPEG ends, and what
//! frames a GIF has.

/// Whether a JPEG's data goes on to its end marker (ITU-T T.81, annex B): decoders make up what is missing.
pub(super) fn is_whole_jpeg(file: &[u8]) -> bool {
    let mut rest = file;
    loop {
        rest = match rest {
            [] => return false,
            [0xff, 0xd9, ..] => return true,
            // A fill byte.
            [0xff, after @ ..] if after.starts_with(&[0xff]) => after,
            // Markers without a segment, and an escaped byte of the picture's data.
            [0xff, 0x00 | 0x01 | 0xd0..=0xd8, after @ ..] => after,
            [0xff, _, after @ ..] => segment(after).unwrap_or_default(),
            [_, after @ ..] => after,
        };
    }
}

/// Skips a segment by its length, which counts itself.
fn segment(rest: &[u8]) -> Option<&[u8]> {
    let length = rest.first_chunk().map(|length| u16::from_be_bytes(*length))?;
    rest.get(usize::from(length)..)
}

/// The pixels of each frame of a GIF (GIF89a, section 18 and following), up to where the file ends or is none; and
/// whether it ends within a frame.
pub(super) fn gif_frames(file: &[u8]) -> (Vec<usize>, bool) {
    let mut frames = Vec::new();
    let mut rest = file.get(10..).and_then(|rest| {
        let flags = *rest.first()?;
        rest.get(3 + colours(flags)..)
    });
    while let Some([kind, after @ ..]) = rest {
        rest = match kind {
            0x21 => after.get(1..).and_then(sub_blocks),
            0x2c => gif_frame(after).map(|(pixels, after)| {
                frames.push(pixels);
                after
            }),
            _ => return (frames, false),
        };
    }
    (frames, rest.is_none())
}

fn gif_frame(rest: &[u8]) -> Option<(usize, &[u8])> {
    let (descriptor, rest) = rest.split_first_chunk::<9>()?;
    let [_, _, _, _, width @ .., flags] = *descriptor;
    let [width, width_high, height, height_high] = width;
    let side = |low, high| usize::from(u16::from_le_bytes([low, high]));
    // Behind the colours the size of the codes, one byte.
    let after = sub_blocks(rest.get(colours(flags) + 1..)?)?;
    Some((side(width, width_high) * side(height, height_high), after))
}

/// Bytes of the table of colours that these flags announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Skips blocks that each begin with their length, up to an empty one.
fn sub_blocks(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, after) = rest.split_first()?;
        rest = after.get(usize::from(*length)..)?;
        if *length == 0 {
            return Some(rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::gif::GifEncoder;
    use image::{DynamicImage, Frame, ImageFormat, RgbaImage};

    use super::*;

    #[test]
    fn a_jpeg_is_whole_only_with_its_end() {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_luma8(70, 50).write_to(&mut file, ImageFormat::Jpeg).unwrap();
        let whole = file.into_inner();
        assert!(is_whole_jpeg(&whole));
        assert!(is_whole_jpeg(&[&whole[..], b"a camera's own data"].concat()));
        for end in 0..whole.len() {
            assert!(!is_whole_jpeg(&whole[..end]), "{end}");
        }
        // The end of a preview inside a segment is not the end.
        let preview = [&b"\xff\xd8\xff\xe1\0\x06\xff\xd8\xff\xd9"[..], &whole[2..]].concat();
        assert!(is_whole_jpeg(&preview) && !is_whole_jpeg(&preview[..preview.len() - 2]));
    }

    #[test]
    fn the_frames_of_a_gif() {
        let mut whole = Vec::new();
        let frames = [3, 2].map(|side| Frame::new(RgbaImage::new(side, 7)));
        GifEncoder::new(&mut whole).encode_frames(frames).unwrap();
        assert_eq!(gif_frames(&whole), (vec![21, 14], false));
        // Without the trailer nothing is missing.
        assert_eq!(gif_frames(&whole[..whole.len() - 1]), (vec![21, 14], false));
        assert_eq!(gif_frames(&whole[..whole.len() - 2]), (vec![21], true));
        for end in 0..whole.len() {
            assert!(gif_frames(&whole[..end]).0.len() <= 2);
        }
    }
}
