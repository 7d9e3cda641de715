//! Picture files, and frames of a camera whose size and stride say anything.

#![no_main]

use countersign::qr::{scan_frame, scan_picture};
use libfuzzer_sys::fuzz_target;

// The core catches panics of the library that reads codes; the fuzzer's own hook would end the run at one of those.
// A panic that is not caught ends it still.
fuzz_target!(init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))), |data: &[u8]| {
    let found = match data.split_first_chunk() {
        // No picture file begins so.
        Some(([0xf0, width, height, gap], luma)) => {
            let (width, height) = (usize::from(*width), usize::from(*height));
            scan_frame(luma, width, height, width + usize::from(*gap))
        }
        _ => scan_picture(data),
    };
    if let Ok(texts) = found {
        assert!(
            !texts.is_empty()
                && texts.iter().all(|text| text.expose_str().is_some_and(|text| !text.is_empty()))
        );
    }
});
