//! Finds and decodes the QR codes of a black and white picture.
//!
//! The library finds the corners and samples and corrects a code; how much of that is tried is counted here, as a
//! picture can be made that looks like thousands of codes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::Point;
use rxing::common::cpp_essentials::{ConcentricPattern, LocateConcentricPattern};
use rxing::common::{BitMatrix, DetectorRXingResult, PerspectiveTransform, Quadrilateral};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, GenerateFinderPatternSets, SampleQR};

use super::bent;
use super::bits::Bits;
use super::number::{coordinate, size};
use super::text::{Content, content};

/// Finder patterns that are taken from one picture: a page of 40 codes has 120.
const MAX_PATTERNS: usize = 256;

/// Corner triples that are sampled.
const MAX_CORNERS: usize = 400;

/// How long to try.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Every so many rows are looked at. A finder pattern of the smallest size has three rows of its core.
    pub(super) row_step: usize,
    /// One place in so many pixels may look like a finder pattern in a row before the search ends: noise does so
    /// everywhere.
    pub(super) pixels_a_place: usize,
    /// Corner triples, the most plausible first, for which a bent surface is tried when a flat one fails.
    pub(super) bent: usize,
}

/// The codes of `bits`, each once.
pub(super) fn read(bits: &Bits, effort: Effort) -> Vec<Content> {
    let Some(matrix) = bits.matrix() else { return Vec::new() };
    let mut patterns = find_patterns(bits, &matrix, effort);
    let corners = guarded(|| GenerateFinderPatternSets(&mut patterns)).unwrap_or_default();
    let mut found = Vec::new();
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let mut bent_left = effort.bent;
    for corners in corners.iter().take(MAX_CORNERS) {
        if [corners.tl, corners.tr, corners.bl].iter().any(|corner| used.contains(corner)) {
            continue;
        }
        let Some(code) = guarded(|| read_code(&matrix, corners, &mut bent_left)).flatten() else { continue };
        used.extend([corners.tl, corners.tr, corners.bl]);
        if !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

fn read_code(matrix: &BitMatrix, corners: &FinderPatternSet, bent_left: &mut usize) -> Option<Content> {
    let sampled = SampleQR(matrix, corners).ok()?;
    if let Some(content) = decode(sampled.getBits()) {
        return Some(content);
    }
    *bent_left = bent_left.checked_sub(1)?;
    let &[top_left, top_right, bottom_left, bottom_right] = sampled.getPoints() else { return None };
    let modules = sampled.getBits().width();
    let fourth = fourth_centre(modules, [top_left, top_right, bottom_right, bottom_left])?;
    bent::samples(matrix, corners, modules, fourth).find_map(|bits| decode(&bits))
}

/// Where a finder pattern would be in the fourth corner.
fn fourth_centre(modules: u32, corners: [Point; 4]) -> Option<Point> {
    let side = i32::try_from(modules).ok()?;
    let square = Quadrilateral::rectangle(side, side, None);
    let to_pixels =
        PerspectiveTransform::quadrilateralToQuadrilateral(square, Quadrilateral::from(corners)).ok()?;
    let place = coordinate(size(modules)) - 3.5;
    Some(to_pixels.transform_point(Point::new(place, place)))
}

fn decode(bits: &BitMatrix) -> Option<Content> {
    let decoded = Decode(bits).ok().filter(|decoded| decoded.isValid())?;
    Some(content(decoded.content()))
}

/// Places where black and white runs are as 1:1:3:1:1 modules across, down and diagonally.
fn find_patterns(bits: &Bits, matrix: &BitMatrix, effort: Effort) -> Vec<ConcentricPattern> {
    let mut patterns: Vec<ConcentricPattern> = Vec::new();
    let mut places_left = (size(matrix.width()) * bits.height() / effort.pixels_a_place).max(1000);
    let mut runs = Vec::new();
    for y in (effort.row_step / 2..bits.height()).step_by(effort.row_step) {
        bits.runs_of_row(y, &mut runs);
        let mut start = 0_u32;
        for (index, five) in runs.windows(5).enumerate() {
            let (before, length) = (start, five.iter().copied().map(u32::from).sum::<u32>());
            start += u32::from(five.first().copied().unwrap_or_default());
            // Runs at odd places are black.
            if index % 2 == 0 || !is_finder_pattern(five) {
                continue;
            }
            let Some(left) = places_left.checked_sub(1) else { return patterns };
            places_left = left;
            let centre =
                Point::new(coordinate(size(before)) + coordinate(size(length)) / 2.0, coordinate(y) + 0.5);
            if patterns.iter().any(|known| {
                Point::distance(centre, known.p) < coordinate(size(known.size.unsigned_abs())) / 2.0
            }) {
                continue;
            }
            // Three times the length leaves room for codes that are seen at a flat angle.
            let range = i32::try_from(3 * length).unwrap_or(i32::MAX);
            let located =
                guarded(|| LocateConcentricPattern::<true, 5, 7>(matrix, &[1, 1, 3, 1, 1], centre, range));
            patterns.extend(located.flatten());
            if patterns.len() >= MAX_PATTERNS {
                return patterns;
            }
        }
    }
    patterns
}

/// Whether five runs are as 1:1:3:1:1, bars and spaces measured apart, as ink spreads and light blooms.
fn is_finder_pattern(runs: &[u16]) -> bool {
    let &[first, white, core, white_too, last] = runs else { return false };
    let [first, white, core, white_too, last] = [first, white, core, white_too, last].map(f32::from);
    let (bar, space) = ((first + core + last) / 5.0, (white + white_too) / 2.0);
    let near = |run: f32, expected: f32, tolerance: f32| (run - expected).abs() <= tolerance;
    core >= 3.0
        && bar.max(space) <= 4.0 * bar.min(space)
        && [first, last].iter().all(|run| near(*run, bar, 0.75 * bar + 0.5))
        && near(core, 3.0 * bar, 0.75 * bar + 0.5)
        && [white, white_too].iter().all(|run| near(*run, space, space / 3.0 + 0.5))
}

/// The library asserts what a damaged picture can contradict, and reads pixels before it knows that they are
/// inside: such a panic means no more than "not a code".
fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}
