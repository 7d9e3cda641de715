//! Draws QR codes, dark on light with the quiet zone of four modules that readers rely on (ISO/IEC 18004, 6.3.8).

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use zeroize::Zeroizing;

use crate::reason::Reason;
use crate::secret::{Secret, WipingWriter};

/// Light modules around a code.
const QUIET: usize = 4;

/// Longest text of a code, in bytes.
pub const MAX_TEXT: usize = 2331;

/// A vector picture (SVG) of `text`, for pages and print.
///
/// # Errors
/// `TextTooLong` for more than a code can hold: [`MAX_TEXT`].
pub fn svg(text: &str) -> Result<Secret, Reason> {
    drawn(text).map(|(picture, _)| picture)
}

/// The same, and how many modules wide the picture is.
pub(crate) fn drawn(text: &str) -> Result<(Secret, usize), Reason> {
    let code = code(text)?;
    let size = code.width() + 2 * QUIET;
    let header = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\""
    );
    // Room for every module: a block that grows would leave a copy behind.
    let mut picture = Zeroizing::new(String::with_capacity(header.len() + 20 * size * size));
    picture.push_str(&header);
    for (x, y) in dark_modules(&code) {
        picture.extend(["M", &(x + QUIET).to_string(), " ", &(y + QUIET).to_string(), "h1v1h-1z"]);
    }
    picture.push_str("\"/></svg>\n");
    Ok((Secret::copy_of(picture.as_bytes()), size))
}

/// A picture (PNG, gray) of `text`; each module is `scale` pixels wide, 1 to 64.
///
/// # Errors
/// `TextTooLong` for more than a code can hold: [`MAX_TEXT`].
pub fn png(text: &str, scale: u8) -> Result<Secret, Reason> {
    let code = code(text)?;
    let scale = usize::from(scale.clamp(1, 64));
    let side = (code.width() + 2 * QUIET) * scale;
    let size = u32::try_from(side).map_err(|_| Reason::TextTooLong)?;
    // Both are wiped: whoever sees the pixels has the secret. What the encoder keeps between them is its own.
    let mut pixels = Zeroizing::new(vec![255; side * side]);
    for (x, y) in dark_modules(&code) {
        let [left, top] = [x, y].map(|place| (place + QUIET) * scale);
        for row in pixels.chunks_exact_mut(side).skip(top).take(scale) {
            row.iter_mut().skip(left).take(scale).for_each(|pixel| *pixel = 0);
        }
    }
    let mut file = WipingWriter::new(pixels.len() / 8);
    PngEncoder::new(&mut file)
        .write_image(&pixels, size, size, ExtendedColorType::L8)
        .map_err(|_| Reason::TextTooLong)?;
    Ok(file.into_secret())
}

/// Level M, as most set-up codes have: 15 percent of a code may be unreadable.
fn code(text: &str) -> Result<QrCode, Reason> {
    if text.is_ascii() {
        // The only failure for text: it does not fit.
        return QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| Reason::TextTooLong);
    }
    // The encoder takes pairs of UTF-8 bytes for Kanji, which other readers then show as such.
    let of_version = |version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(text.as_bytes()).and_then(|()| bits.push_terminator(EcLevel::M)).ok()?;
        QrCode::with_bits(bits, EcLevel::M).ok()
    };
    (1..=40).find_map(of_version).ok_or(Reason::TextTooLong)
}

fn dark_modules(code: &QrCode) -> impl Iterator<Item = (usize, usize)> {
    let places = (0..code.width()).flat_map(|y| (0..code.width()).map(move |x| (x, y)));
    places.filter(|place| code[*place] == Color::Dark)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::scan_picture;
    use super::*;

    #[test]
    fn what_is_drawn_is_read() {
        let longest = "x".repeat(MAX_TEXT);
        for (text, scale) in [
            ("a", 2),
            ("otpauth://totp/a:b?secret=JBSWY3DPEHPK3PXP", 4),
            (&longest, 3),
            ("会社 ログイン \u{1f511}", 3),
        ] {
            let picture = png(text, scale).unwrap();
            assert_eq!(scan_picture(picture.expose()), Ok(vec![Secret::copy_of(text.as_bytes())]));
        }
    }

    #[test]
    fn too_long() {
        let text = "x".repeat(MAX_TEXT + 1);
        assert_eq!(
            (svg(&text).err(), png(&text, 1).err()),
            (Some(Reason::TextTooLong), Some(Reason::TextTooLong))
        );
    }

    #[test]
    fn the_vector_picture_has_each_dark_module_once() {
        let picture = svg("Hello").unwrap();
        let text = picture.expose_str().unwrap();
        let dark = dark_modules(&code("Hello").unwrap()).count();
        assert_eq!(text.matches("h1v1h-1z").count(), dark);
        // The top left module of the finder pattern lies behind the quiet zone.
        assert!(text.contains("viewBox=\"0 0 29 29\"") && text.contains("M4 4h1") && !text.contains("M3 "));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_text_comes_back(text in "\\PC{1,200}") {
            let picture = png(&text, 3).unwrap();
            prop_assert_eq!(scan_picture(picture.expose()), Ok(vec![Secret::copy_of(text.as_bytes())]));
        }
    }
}
