//! QR codes in real photographs and screenshots.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read files, and the environment tells where others are"
)]
#![expect(clippy::unwrap_used, reason = "helpers of tests, which the lint does not take for tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::qr::{scan_frame, scan_picture};
use countersign::reason::Reason;
use countersign::secret::Secret;

/// The expectation of one picture differs from what its code says: see the NOTICE beside it.
const OTHERWISE: (&str, &str) =
    ("qrcode-2_13.png", "The 2005 USGS aerial photography of the Washington Monument is censored.");

fn photographs() -> (PathBuf, BTreeMap<String, String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/qr_photos");
    let expected = fs::read(folder.join("expected.json")).unwrap();
    (folder, serde_json::from_slice(&expected).unwrap())
}

fn holds(texts: &Result<Vec<Secret>, Reason>, expected: &str) -> bool {
    let is_it = |text: &Secret| text.expose_str().unwrap().trim() == expected.trim();
    texts.as_ref().is_ok_and(|texts| texts.iter().any(is_it))
}

#[test]
fn photographs_as_pictures() {
    let (folder, mut expected) = photographs();
    expected.insert(OTHERWISE.0.to_owned(), OTHERWISE.1.to_owned());
    assert_eq!(expected.len(), 94);
    let unread: Vec<_> = expected
        .iter()
        .filter(|(file, text)| !holds(&scan_picture(&fs::read(folder.join(file)).unwrap()), text))
        .map(|(file, _)| file)
        .collect();
    println!(
        "counted: {} of 94 photographs read, one of them otherwise than written down",
        94 - unread.len()
    );
    assert!(unread.is_empty(), "{unread:?}");
}

/// One look at each, as at a frame of a camera that would show the next in 33 ms.
#[test]
fn photographs_as_frames() {
    let (folder, expected) = photographs();
    let read = expected
        .iter()
        .filter(|(file, text)| {
            let picture = image::open(folder.join(file)).unwrap().into_luma8();
            let (width, height) = (picture.width() as usize, picture.height() as usize);
            holds(&scan_frame(&picture, width, height, width), text)
        })
        .count();
    assert!(read >= 90, "{read} of 94");
}

/// Tests of files of other authenticators' tests, which may not be copied here; `./check` finds them by this name.
mod from_elsewhere {
    use super::*;

    #[test]
    #[ignore = "needs the folder that COUNTERSIGN_FIXTURES names"]
    fn screenshots_and_a_camera_plane_of_other_authenticators() {
        let folder = PathBuf::from(std::env::var_os("COUNTERSIGN_FIXTURES").unwrap());
        let screenshot = fs::read(folder.join("proton/qr/GoogleAuthenticatorExport_3.png")).unwrap();
        let texts = scan_picture(&screenshot).unwrap();
        assert!(texts.iter().any(|text| text.expose().starts_with(b"otpauth-migration://offline?data=")));

        let ordinary = scan_picture(&fs::read(folder.join("proton/qr/example.png")).unwrap()).unwrap();
        assert_eq!(ordinary.len(), 1);

        let mut plane = Vec::new();
        let packed = fs::File::open(folder.join("aegis/helpers/qr.strided.y.gz")).unwrap();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut plane).unwrap();
        let texts = scan_frame(&plane, 1840, 1380, 1856).unwrap();
        assert!(texts.iter().all(|text| text.expose().starts_with(b"otpauth")));
    }
}
