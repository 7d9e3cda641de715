use std::io::Cursor;
use std::panic::catch_unwind;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::frame::texts;
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

/// Reads the codes of a picture file: PNG, JPEG, WebP or GIF (its first picture).
///
/// Patient: several sizes, thresholds and filters, light codes on dark ground, bent codes, until something is found
/// or the budget of work is used up. The budget counts pixels and passes, never time, so the same picture gives the
/// same answer everywhere.
///
/// # Errors
/// `NotAPicture`, `PictureTooLarge` (told by the header, before anything is decoded), `PictureDamaged`,
/// `NoCodeInPicture`, `CodeNotText` where no code holds text.
pub fn scan_picture(file: &[u8]) -> Result<Vec<Secret>, Reason> {
    // The decoders are fuzzed and have no known panic; one that is found later must not end the app.
    let planes = catch_unwind(|| decode(file)).unwrap_or(Err(Reason::PictureDamaged))?;
    let mut budget = BUDGET;
    let mut found = Vec::new();
    for plane in planes {
        found = search(plane, &mut budget);
        if !found.is_empty() {
            break;
        }
    }
    texts(found)
}

/// The brightness of a picture; with transparent parts, on white and on black ground.
fn decode(file: &[u8]) -> Result<Vec<Plane>, Reason> {
    if file.len() > MAX_PICTURE_BYTES {
        return Err(Reason::PictureTooLarge);
    }
    let mut reader =
        ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| Reason::NotAPicture)?;
    match reader.format() {
        Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP | ImageFormat::Gif) => {}
        _ => return Err(Reason::NotAPicture),
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(u16::MAX.into());
    limits.max_image_height = Some(u16::MAX.into());
    // Eight bytes a pixel are the most that any of the formats has.
    limits.max_alloc = Some(8 * MAX_PICTURE_PIXELS as u64);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(reason)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS as u64 {
        return Err(Reason::PictureTooLarge);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(reason)?;
    Ok(brightness(picture))
}

fn reason(error: ImageError) -> Reason {
    match error {
        ImageError::Limits(_) => Reason::PictureTooLarge,
        ImageError::Unsupported(_) => Reason::NotAPicture,
        _ => Reason::PictureDamaged,
    }
}

fn brightness(picture: DynamicImage) -> Vec<Plane> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
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
    Soften,
}

const fn pass(filter: Filter, reach: usize, percent: u32, flat: u8) -> Pass {
    Pass { filter, threshold: Threshold { reach, percent, flat } }
}

/// What is done with every size.
const FIRST: Pass = pass(Filter::None, 2, 100, 24);

/// What else is done with small sizes, the likeliest first.
const MORE: [Pass; 9] = [
    pass(Filter::None, 4, 97, 24),
    pass(Filter::None, 2, 95, 24),
    pass(Filter::Sharpen, 2, 100, 24),
    pass(Filter::None, 3, 100, 8),
    pass(Filter::None, 1, 100, 24),
    pass(Filter::Soften, 4, 100, 24),
    pass(Filter::None, 6, 90, 24),
    pass(Filter::None, 6, 105, 24),
    pass(Filter::Sharpen, 4, 95, 24),
];

const EFFORT: Effort = Effort { row_step: 3, pixels_a_place: 64, bent: 4 };

fn search(plane: Plane, budget: &mut usize) -> Vec<Content> {
    let sizes = sizes(plane);
    let mut found = Vec::new();
    for plane in &sizes {
        for content in look(plane, FIRST, budget) {
            if !found.contains(&content) {
                found.push(content);
            }
        }
    }
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

/// The picture at full size, enlarged where it is small, and halved again and again.
fn sizes(plane: Plane) -> Vec<Plane> {
    let mut plane = plane;
    while plane.pixels().len() > FULL_SIZE {
        match plane.half() {
            Some(half) => plane = half,
            None => break,
        }
    }
    let mut sizes = Vec::new();
    if plane.pixels().len() <= SMALL {
        sizes.extend([3, 4].into_iter().filter_map(|halves| plane.enlarged(halves)));
    }
    let mut smaller = Some(plane);
    while let Some(plane) = smaller.filter(|plane| plane.width().min(plane.height()) >= 21) {
        smaller = plane.half();
        sizes.insert(0, plane);
    }
    sizes
}

fn look(plane: &Plane, pass: Pass, budget: &mut usize) -> Vec<Content> {
    let Some(left) = budget.checked_sub(plane.pixels().len()) else { return Vec::new() };
    *budget = left;
    let mut bits = match pass.filter {
        Filter::None => pass.threshold.apply(plane),
        Filter::Sharpen => pass.threshold.apply(&plane.sharpened()),
        Filter::Soften => pass.threshold.apply(&plane.softened()),
    };
    let mut found = read(&bits, EFFORT);
    bits.invert();
    found.extend(read(&bits, EFFORT));
    found
}
