//! QR codes: a camera's frame of one megapixel, and a picture of twelve.

#![expect(clippy::expect_used, reason = "a benchmark without its files measures nothing")]

use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use countersign::qr::{scan_frame, scan_picture};
use countersign::reason::Reason;
use criterion::{Criterion, criterion_group, criterion_main};
use image::imageops::{FilterType, crop_imm, resize};
use image::{GrayImage, ImageFormat, Luma};

const WIDTH: u32 = 1152;
const HEIGHT: u32 = 864;

fn photograph(name: &str) -> GrayImage {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/qr_photos");
    image::open(folder.join(name)).expect("a photograph of the tests").into_luma8()
}

/// The upper left part of a photograph, beside its code.
fn scene(width: u32, height: u32) -> GrayImage {
    let whole = photograph("qrcode-2_4.png");
    let part = crop_imm(&whole, 0, 0, whole.width() / 4, whole.height() / 4).to_image();
    let mut scene = resize(&part, width, height, FilterType::Triangle);
    // Enlarging smooths; a sensor has grain.
    let mut noise = noise();
    scene.pixels_mut().for_each(|pixel| pixel.0[0] = pixel.0[0].saturating_add(noise() % 12));
    scene
}

/// Marsaglia's xorshift, the same at each run.
fn noise() -> impl FnMut() -> u8 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    }
}

fn frames(criterion: &mut Criterion) {
    let mut noise = noise();
    for (name, frame, expected) in [
        ("with a code", resize(&photograph("qrcode-1_13.png"), WIDTH, HEIGHT, FilterType::Triangle), None),
        ("a scene without", scene(WIDTH, HEIGHT), Some(Reason::NoCodeInPicture)),
        ("noise", GrayImage::from_fn(WIDTH, HEIGHT, |_, _| Luma([noise()])), Some(Reason::NoCodeInPicture)),
    ] {
        let (width, height) = (WIDTH as usize, HEIGHT as usize);
        assert_eq!(scan_frame(&frame, width, height, width).err(), expected, "{name}");
        criterion.bench_function(&format!("qr/frame of 1 megapixel, {name}"), |bencher| {
            bencher.iter(|| scan_frame(black_box(&frame), width, height, width).is_ok());
        });
    }
}

fn pictures(criterion: &mut Criterion) {
    let mut noise = noise();
    let mut group = criterion.benchmark_group("qr/picture of 12 megapixels");
    group.sample_size(10);
    for (name, picture) in [
        ("a scene without", scene(4000, 3000)),
        ("noise", GrayImage::from_fn(4000, 3000, |_, _| Luma([noise()]))),
    ] {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Jpeg).expect("a picture in memory");
        group
            .bench_function(name, |bencher| bencher.iter(|| scan_picture(black_box(file.get_ref())).is_ok()));
    }
    group.finish();
}

criterion_group!(benches, frames, pictures);
criterion_main!(benches);
