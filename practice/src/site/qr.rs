//! QR codes as pictures inside a page.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules on each side, as the standard asks for.
const QUIET: usize = 4;

/// The code as SVG, dark on light in each colour scheme; empty for a text that is too long for a code.
pub(crate) fn svg(text: &str, spoken: &str) -> String {
    // A short text affords more repair; a long one would only get denser.
    let level = if text.len() < 400 { EcLevel::M } else { EcLevel::L };
    let Ok(code) = QrCode::with_error_correction_level(text, level) else {
        return String::new();
    };
    let width = code.width();
    let mut path = String::with_capacity(width * width * 6);
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
        }
    }
    let side = width + 2 * QUIET;
    // Whole pixels for each module, so that no edge is blurred.
    let size = side * if side > 100 { 3 } else { 4 };
    let spoken = spoken.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<svg id=\"qr\" class=\"qr\" role=\"img\" aria-label=\"{spoken}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\" xmlns=\"http://www.w3.org/2000/svg\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn long_texts_fit_and_endless_ones_do_not() {
        assert!(
            svg("countersign://enrol?token=x", "a \"code\"").contains("aria-label=\"a &quot;code&quot;\"")
        );
        assert!(!svg(&"x".repeat(2000), "").is_empty());
        assert!(svg(&"x".repeat(4000), "").is_empty());
    }
}
