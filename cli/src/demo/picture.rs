//! The QR code of a page as a picture file, as a screenshot of it would be.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};

/// Pixels for each module.
const SCALE: u32 = 4;
/// The largest code of the standard (version 40) with its quiet zone.
const MAX_SIDE: u32 = 177 + 8;

/// The PNG of a code that is drawn as one path of unit squares, and its side in modules.
pub fn png_of(svg: &str) -> Option<(Vec<u8>, u32)> {
    let path = svg.rsplit_once(" d=\"")?.1.split_once('"')?.0;
    let squares = path.split('M').skip(1).map(corner).collect::<Option<Vec<_>>>()?;
    let reach = squares.iter().map(|(x, y)| x.max(y)).max()?.checked_add(1)?;
    // The dark modules reach to the last column and row; the quiet zone of four is around them.
    let side = reach.checked_add(4).filter(|side| *side <= MAX_SIDE)?;
    let mut picture = GrayImage::from_pixel(side * SCALE, side * SCALE, Luma([255]));
    for (x, y) in squares {
        for (dx, dy) in (0..SCALE).flat_map(|dx| (0..SCALE).map(move |dy| (dx, dy))) {
            picture.put_pixel(x * SCALE + dx, y * SCALE + dy, Luma([0]));
        }
    }
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).ok()?;
    Some((file.into_inner(), side - 8))
}

/// Where a square begins: `4 7h1v1h-1z`.
fn corner(square: &str) -> Option<(u32, u32)> {
    let (x, y) = square.strip_suffix("h1v1h-1z")?.split_once(' ')?;
    Some((x.parse().ok()?, y.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_become_pixels() {
        let (file, side) =
            png_of("<path d=\"M0 0h9z\"/><path fill=\"#000\" d=\"M4 4h1v1h-1zM6 6h1v1h-1z\"/>").unwrap();
        assert_eq!(side, 3);
        let picture = image::load_from_memory(&file).unwrap().to_luma8();
        assert_eq!(picture.dimensions(), (44, 44));
        assert_eq!((picture.get_pixel(16, 19).0, picture.get_pixel(20, 19).0), ([0], [255]));
    }

    #[test]
    fn other_drawings_are_none() {
        for svg in
            ["", " d=\"\"", " d=\"M4 4h1v1h-1zM5\"", " d=\"M9 4294967295h1v1h-1z\"", " d=\"M4 400h1v1h-1z\""]
        {
            assert!(png_of(svg).is_none(), "{svg}");
        }
    }
}
