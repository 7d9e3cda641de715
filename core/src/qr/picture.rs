use std::io::Cursor;
use std::panic::catch_unwind;

use image::codecs::gif::GifDecoder;
use image::{
    AnimationDecoder as _, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
};

use super::container::{gif_frames, is_whole_jpeg};
use super::frame::texts;
use super::number::{count, size};
use super::plane::Plane;
use super::symbols::{Effort, read};
use super::text::Content;
use super::threshold::Threshold;
use crate::reason::Reason;
use crate::secret::Secret;

/// Largest picture file, in bytes.
pub const MAX_PICTURE_BYTES: usize = 64 * 1024 * 1024;

/// Most pixels of a picture; the sensors of today's phones have up to 50 million.
pub const MAX_PICTURE_PIXELS: usize = 64_000_000;

/// Larger pictures are halved before anything is looked for.
const FULL_SIZE: usize = 16_000_000;

/// Pictures up to this size are also looked at enlarged.
const SMALL: usize = 3_000_000;

/// Up to this size more than one threshold and filter is tried.
const FILTERED: usize = 7_000_000;

/// Work for one picture: pixels times passes over them.
const BUDGET: usize = 60_000_000;

/// The formats that are read.
const FORMATS: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];

/// Whether a file that begins so is one of the pictures that [`scan_picture`] reads. Twelve bytes are enough.
#[must_use]
pub fn is_picture(begin: &[u8]) -> bool {
    image::guess_format(begin).is_ok_and(|format| FORMATS.contains(&format))
}

/// Reads the codes of a picture file: PNG, JPEG, WebP or GIF.
///
/// Of a moving picture the first frame counts; of a GIF the later ones are glanced at as well, as far as the budget
/// goes.
///
/// Patient: several sizes, thresholds and filters, light codes on dark ground, bent codes, until something is found
/// or the budget of work is used up. The budget counts pixels and passes, never time, so the same picture gives the
/// same answer everywhere.
///
/// # Errors
/// `NotAPicture`, `PictureTooLarge` (told by the header, before anything is decoded), `PictureDamaged` (also where
/// no code is in what is there of a picture that is cut off), `NoCodeInPicture`, `CodeNotText` where no code holds text.
pub fn scan_picture(file: &[u8]) -> Result<Vec<Secret>, Reason> {
    // The decoders are fuzzed and have no known panic; one that is found later must not end the app.
    let (format, planes) = catch_unwind(|| decode(file)).unwrap_or(Err(Reason::PictureDamaged))?;
    let (frames, is_cut) = match format {
        ImageFormat::Gif => gif_frames(file),
        ImageFormat::Jpeg => (Vec::new(), !is_whole_jpeg(file)),
        _ => (Vec::new(), false),
    };
    let for_later = if frames.len() > 1 { BUDGET / 2 } else { 0 };
    let mut budget = BUDGET - for_later;
    let mut found = Vec::new();
    for plane in planes {
        found = search(plane, &mut budget);
        if !found.is_empty() {
            break;
        }
    }
    if found.is_empty() {
        found = catch_unwind(|| search_frames(file, &frames, for_later)).unwrap_or_default();
    }
    if found.is_empty() && is_cut {
        return Err(Reason::PictureDamaged);
    }
    texts(found)
}

/// Glances at each frame of a moving GIF, until something is found.
fn search_frames(file: &[u8], frames: &[usize], mut budget: usize) -> Vec<Content> {
    let Ok(mut decoder) = GifDecoder::new(Cursor::new(file)) else { return Vec::new() };
    let (width, height) = decoder.dimensions();
    let canvas = size(width) * size(height);
    if decoder.set_limits(limits()).is_err() {
        return Vec::new();
    }
    for (pixels, frame) in frames.iter().zip(decoder.into_frames()) {
        // Paid for before the next frame is decoded: a pass over the frame and one over what it is laid on.
        let (Ok(frame), Some(left)) = (frame, budget.checked_sub(pixels + canvas)) else { break };
        budget = left;
        for plane in brightness(frame.into_buffer().into()) {
            let mut found = Vec::new();
            look_at_each(&halves(plane), &mut budget, &mut found);
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(u16::MAX.into());
    limits.max_image_height = Some(u16::MAX.into());
    // Eight bytes a pixel are the most that any of the formats has.
    limits.max_alloc = Some(8 * count(MAX_PICTURE_PIXELS));
    limits
}

/// The brightness of a picture; with transparent parts, on white and on black ground.
fn decode(file: &[u8]) -> Result<(ImageFormat, Vec<Plane>), Reason> {
    if file.len() > MAX_PICTURE_BYTES {
        return Err(Reason::PictureTooLarge);
    }
    let mut reader =
        ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| Reason::NotAPicture)?;
    let format = reader.format().filter(|format| FORMATS.contains(format)).ok_or(Reason::NotAPicture)?;
    reader.limits(limits());
    let decoder = reader.into_decoder().map_err(reason)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > count(MAX_PICTURE_PIXELS) {
        return Err(Reason::PictureTooLarge);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(reason)?;
    Ok((format, brightness(picture)))
}

fn reason(error: ImageError) -> Reason {
    match error {
        ImageError::Limits(_) => Reason::PictureTooLarge,
        ImageError::Unsupported(_) => Reason::NotAPicture,
        _ => Reason::PictureDamaged,
    }
}

fn brightness(picture: DynamicImage) -> Vec<Plane> {
    let (width, height) = (size(picture.width()), size(picture.height()));
    if !picture.color().has_alpha() {
        return Plane::new(width, height, picture.into_luma8().into_raw()).into_iter().collect();
    }
    let picture = picture.into_luma_alpha8();
    let on = |ground: u32| {
        let mix = |[luma, alpha]: [u8; 2]| {
            let (luma, alpha) = (u32::from(luma), u32::from(alpha));
            u8::try_from((luma * alpha + ground * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Plane::new(width, height, picture.pixels().map(|pixel| mix(pixel.0)).collect())
    };
    let is_transparent = picture.pixels().any(|pixel| pixel.0[1] < 255);
    on(255).into_iter().chain(is_transparent.then(|| on(0)).flatten()).collect()
}

/// One look at a plane.
#[derive(Clone, Copy)]
struct Pass {
    filter: Filter,
    threshold: Threshold,
}

#[derive(Clone, Copy)]
enum Filter {
    None,
    Sharpen,
    /// Twice.
    SharpenMore,
    Soften,
}

impl Filter {
    /// Passes over the pixels, the search included.
    const fn passes(self) -> usize {
        match self {
            Self::None => 1,
            Self::Sharpen | Self::Soften => 2,
            Self::SharpenMore => 3,
        }
    }
}

const fn pass(filter: Filter, reach: usize, percent: u32, flat: u8) -> Pass {
    Pass { filter, threshold: Threshold { reach, percent, flat } }
}

/// What is done with every size.
const FIRST: Pass = pass(Filter::None, 2, 100, 24);

/// What else is done with small sizes, the likeliest first.
const MORE: [Pass; 10] = [
    pass(Filter::None, 4, 97, 24),
    pass(Filter::None, 2, 95, 24),
    pass(Filter::Sharpen, 2, 100, 24),
    pass(Filter::None, 3, 100, 8),
    pass(Filter::None, 1, 100, 24),
    pass(Filter::Soften, 4, 100, 24),
    pass(Filter::None, 6, 90, 24),
    pass(Filter::None, 6, 105, 24),
    pass(Filter::SharpenMore, 2, 100, 24),
    pass(Filter::SharpenMore, 4, 95, 24),
];

const EFFORT: Effort = Effort { row_step: 3, pixels_a_place: 64, bent: 4 };

fn search(plane: Plane, budget: &mut usize) -> Vec<Content> {
    let sizes = sizes(plane);
    let mut found = Vec::new();
    look_at_each(&sizes, budget, &mut found);
    let more = MORE.iter().flat_map(|pass| {
        sizes.iter().filter(|plane| plane.pixels().len() <= FILTERED).map(move |plane| (plane, *pass))
    });
    for (plane, pass) in more {
        if !found.is_empty() {
            break;
        }
        found = look(plane, pass, budget);
    }
    found
}

/// The first look at each size; what is found goes to `found`, each once.
fn look_at_each(sizes: &[Plane], budget: &mut usize, found: &mut Vec<Content>) {
    for plane in sizes {
        for content in look(plane, FIRST, budget) {
            if !found.contains(&content) {
                found.push(content);
            }
        }
    }
}

/// The picture at full size, enlarged where it is small, and halved again and again.
fn sizes(plane: Plane) -> Vec<Plane> {
    let enlarged: Vec<_> = if plane.pixels().len() <= SMALL {
        [3, 4].into_iter().filter_map(|halves| plane.enlarged(halves)).collect()
    } else {
        Vec::new()
    };
    let mut sizes = halves(plane);
    sizes.extend(enlarged);
    sizes
}

/// The picture at full size and halved again and again, the smallest first.
fn halves(plane: Plane) -> Vec<Plane> {
    let mut plane = plane;
    while plane.pixels().len() > FULL_SIZE {
        match plane.half() {
            Some(half) => plane = half,
            None => break,
        }
    }
    let mut sizes = Vec::new();
    let mut smaller = Some(plane);
    while let Some(plane) = smaller.filter(|plane| plane.width().min(plane.height()) >= 21) {
        smaller = plane.half();
        sizes.insert(0, plane);
    }
    sizes
}

fn look(plane: &Plane, pass: Pass, budget: &mut usize) -> Vec<Content> {
    let Some(left) = budget.checked_sub(plane.pixels().len() * pass.filter.passes()) else {
        return Vec::new();
    };
    *budget = left;
    let mut bits = match pass.filter {
        Filter::None => pass.threshold.apply(plane),
        Filter::Sharpen => pass.threshold.apply(&plane.sharpened()),
        Filter::SharpenMore => pass.threshold.apply(&plane.sharpened().sharpened()),
        Filter::Soften => pass.threshold.apply(&plane.softened()),
    };
    let mut found = read(&bits, EFFORT);
    bits.invert();
    found.extend(read(&bits, EFFORT));
    found
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::GifEncoder;
    use image::{Frame, GrayImage, Luma, LumaA, Rgba, RgbaImage, imageops};
    use proptest::prelude::*;
    use qrcode::QrCode;

    use super::super::encode::png;
    use super::*;

    const TEXT: &str = "otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXP";

    fn code(text: &str) -> GrayImage {
        image::load_from_memory(png(text, 5).unwrap().expose()).unwrap().into_luma8()
    }

    fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.into().write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    fn texts_of(picture: impl Into<DynamicImage>) -> Result<Vec<Secret>, Reason> {
        scan_picture(&file(picture, ImageFormat::Png))
    }

    fn one() -> Result<Vec<Secret>, Reason> {
        Ok(vec![Secret::copy_of(TEXT.as_bytes())])
    }

    /// Turned about its middle on a gray ground, and shrunk so that it fits.
    fn turned(picture: &GrayImage, degrees: f32) -> GrayImage {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let size = picture.width() as f32;
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            let (x, y) = (1.5 * (x as f32 - size / 2.0), 1.5 * (y as f32 - size / 2.0));
            let (x, y) = (x * cos - y * sin + size / 2.0, x * sin + y * cos + size / 2.0);
            let is_inside = (0.0..size).contains(&x) && (0.0..size).contains(&y);
            if is_inside { *picture.get_pixel(x as u32, y as u32) } else { Luma([180]) }
        })
    }

    #[test]
    fn each_format() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let rgb = DynamicImage::ImageLuma8(code(TEXT)).into_rgb8();
            let file = file(rgb, format);
            assert!(is_picture(&file[..12]) && !is_picture(&file[1..]), "{format:?}");
            assert_eq!(scan_picture(&file), one(), "{format:?}");
        }
        assert_eq!(texts_of(DynamicImage::ImageLuma8(code(TEXT)).into_rgba16()), one());
    }

    #[test]
    fn turned_mirrored_inverted_and_faint() {
        let picture = code(TEXT);
        for degrees in [0.0, 17.0, 45.0, 90.0, 133.0, 180.0, 270.0, 301.0] {
            assert_eq!(texts_of(turned(&picture, degrees)), one(), "{degrees}");
        }
        assert_eq!(texts_of(imageops::flip_horizontal(&picture)), one());
        let mut inverted = picture.clone();
        imageops::invert(&mut inverted);
        assert_eq!(texts_of(inverted), one());
        let faint = GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            Luma([picture.get_pixel(x, y).0[0] / 20 + 120])
        });
        assert_eq!(texts_of(faint), one());
        assert_eq!(texts_of(imageops::resize(&picture, 61, 61, imageops::FilterType::Triangle)), one());
    }

    #[test]
    fn on_transparent_ground() {
        for ink in [0, 255] {
            let picture = code(TEXT);
            let clear = image::ImageBuffer::from_fn(picture.width(), picture.height(), |x, y| {
                LumaA([ink, if picture.get_pixel(x, y).0[0] == 0 { 255 } else { 0 }])
            });
            assert_eq!(texts_of(DynamicImage::ImageLumaA8(clear)), one(), "{ink}");
        }
        let half = RgbaImage::from_pixel(50, 50, Rgba([9, 9, 9, 100]));
        assert_eq!(texts_of(half), Err(Reason::NoCodeInPicture));
    }

    #[test]
    fn several_in_one_picture_each_once() {
        let codes = ["first", "second", "third", "first"].map(code);
        let mut page = GrayImage::from_pixel(500, 500, Luma([255]));
        for (place, code) in (0..).zip(&codes) {
            imageops::overlay(&mut page, code, 20 + place % 2 * 240, 20 + place / 2 * 240);
        }
        let mut dark = code("dark");
        imageops::invert(&mut dark);
        imageops::overlay(&mut page, &dark, 300, 330);
        let mut texts: Vec<_> =
            texts_of(page).unwrap().iter().map(|text| text.expose_str().unwrap().to_owned()).collect();
        texts.sort();
        assert_eq!(texts, ["dark", "first", "second", "third"]);
    }

    /// A moving picture of blank frames with a code in one of them.
    fn moving(frames: usize, with_code: usize, side: u32) -> Vec<u8> {
        let blank = RgbaImage::from_pixel(side, side, Rgba([255; 4]));
        let mut shown = blank.clone();
        let code = DynamicImage::ImageLuma8(code(TEXT)).into_rgba8();
        imageops::overlay(&mut shown, &code, 0, 0);
        let mut file = Vec::new();
        let frames =
            (0..frames).map(|n| Frame::new(if n == with_code { shown.clone() } else { blank.clone() }));
        GifEncoder::new_with_speed(&mut file, 30).encode_frames(frames).unwrap();
        file
    }

    #[test]
    fn the_later_frames_of_a_gif() {
        for with_code in [0, 1, 11] {
            assert_eq!(scan_picture(&moving(12, with_code, 250)), one(), "{with_code}");
        }
        assert_eq!(scan_picture(&moving(12, 12, 250)), Err(Reason::NoCodeInPicture));
        // Where the budget is used up.
        assert_eq!(scan_picture(&moving(12, 11, 1500)), Err(Reason::NoCodeInPicture));
        let file = moving(12, 11, 250);
        assert_eq!(scan_picture(&file[..file.len() - 100]), Err(Reason::PictureDamaged));
    }

    #[test]
    fn what_is_cut_off_is_not_called_empty() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let file = file(DynamicImage::ImageLuma8(code(TEXT)).into_rgb8(), format);
            for end in (file.len() / 8..file.len() - 20).step_by(file.len() / 16) {
                let read = scan_picture(&file[..end]);
                assert!(read == one() || read == Err(Reason::PictureDamaged), "{format:?}, {end}: {read:?}");
            }
        }
    }

    #[test]
    fn what_is_wrong_by_name() {
        let good = file(code(TEXT), ImageFormat::Png);
        let mut huge = file(DynamicImage::ImageLuma8(code(TEXT)).into_rgb8(), ImageFormat::Gif);
        huge[6..10].fill(0xff);
        let binary = QrCode::new([0xff, 0xd8, 0, 1, 2, 0x80]).unwrap();
        let size = binary.width() as u32;
        let binary = GrayImage::from_fn((size + 8) * 4, (size + 8) * 4, |x, y| {
            let place =
                (x / 4).checked_sub(4).zip((y / 4).checked_sub(4)).filter(|(x, y)| *x < size && *y < size);
            let is_dark = place.is_some_and(|(x, y)| binary[(x as usize, y as usize)] == qrcode::Color::Dark);
            Luma([if is_dark { 0 } else { 255 }])
        });
        for (bytes, reason) in [
            (vec![], Reason::NotAPicture),
            (b"not a picture, in spite of its name".to_vec(), Reason::NotAPicture),
            (b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0".to_vec(), Reason::NotAPicture),
            (good[..20].to_vec(), Reason::PictureDamaged),
            (good[..good.len() / 2].to_vec(), Reason::PictureDamaged),
            (vec![0xff, 0xd8, 0xff, 0xe0], Reason::PictureDamaged),
            (huge, Reason::PictureTooLarge),
            (vec![0; MAX_PICTURE_BYTES + 1], Reason::PictureTooLarge),
            (file(GrayImage::from_pixel(300, 200, Luma([255])), ImageFormat::Jpeg), Reason::NoCodeInPicture),
            (file(GrayImage::from_pixel(1, 1, Luma([0])), ImageFormat::Png), Reason::NoCodeInPicture),
            (file(binary, ImageFormat::Png), Reason::CodeNotText),
        ] {
            assert_eq!(scan_picture(&bytes), Err(reason), "{} bytes", bytes.len());
        }
    }

    /// Looks like twelve thousand codes, none of which is one: the work stays bounded.
    #[test]
    fn a_sea_of_finder_patterns() {
        let dark = |x: u32, y: u32| {
            let (x, y) = (x % 9, y % 9);
            let ring = x.abs_diff(3).max(y.abs_diff(3));
            x < 7 && y < 7 && ring != 2
        };
        let sea = GrayImage::from_fn(1000, 1000, |x, y| Luma([if dark(x, y) { 0 } else { 255 }]));
        assert_eq!(texts_of(sea), Err(Reason::NoCodeInPicture));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damage_never_panics(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
            for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
                let mut bytes = file(DynamicImage::ImageLuma8(code("x")).into_rgb8(), format);
                for (place, byte) in &damage {
                    let place = place.index(bytes.len());
                    bytes[place] = *byte;
                }
                let _ = scan_picture(&bytes);
            }
        }
    }
}
