//! Codes on cloth, bottles and folded paper: between the corners the modules are not evenly spaced.
//!
//! How a code is bent, and how many modules it has, is told by its timing patterns: the row and the column of
//! alternating modules between the finder patterns (ISO/IEC 18004, 6.3.5).

use rxing::Point;
use rxing::common::{BitMatrix, PerspectiveTransform, Quadrilateral};
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

use super::number::{coordinate, size};

/// How far the middle of a code may be moved, in hundredths of half its width, and in which steps.
const MOST_BENT: i8 = 18;
const STEP: usize = 2;

/// Modules from the edge to the centre of a finder pattern.
const FINDER: f32 = 3.5;

/// Row and column of the timing patterns.
const TIMING: u32 = 6;

/// Percent of the modules of a timing pattern that must be as they should.
const TIMING_FITS: u32 = 80;

/// Ways to be bent that are sampled, the best first.
const MAX_SAMPLES: usize = 40;

/// Samples of a code with these corners, each bent in another way. `modules` is the library's estimate of its size,
/// `fourth` of the place that mirrors the top left finder pattern.
pub(super) fn samples(
    matrix: &BitMatrix,
    corners: &FinderPatternSet,
    modules: u32,
    fourth: Point,
) -> impl Iterator<Item = BitMatrix> {
    let mut fits = Vec::new();
    for modules in [modules, modules.saturating_sub(4), modules + 4] {
        let Some(flat) = Grid::new(modules, corners, fourth) else { continue };
        let shifts = (-MOST_BENT..=MOST_BENT).step_by(STEP);
        let across: Vec<_> =
            shifts.clone().filter_map(|shift| flat.bent(shift, 0).timing_fits(matrix, false)).collect();
        let down: Vec<_> = shifts.filter_map(|shift| flat.bent(0, shift).timing_fits(matrix, true)).collect();
        for (across_fits, across) in &across {
            let grids = down
                .iter()
                .map(|(down_fits, down)| (across_fits + down_fits, flat.bent(across.across, down.down)));
            fits.extend(grids);
        }
    }
    fits.sort_by_key(|(percent, grid)| (std::cmp::Reverse(*percent), grid.across.abs() + grid.down.abs()));
    fits.into_iter().take(MAX_SAMPLES).filter_map(|(_, grid)| grid.sample(matrix))
}

/// Where the modules of a code lie.
#[derive(Clone)]
struct Grid {
    modules: u32,
    to_pixels: PerspectiveTransform,
    across: i8,
    down: i8,
}

impl Grid {
    fn new(modules: u32, corners: &FinderPatternSet, fourth: Point) -> Option<Self> {
        if !(21..=177).contains(&modules) {
            return None;
        }
        let size = i32::try_from(modules).ok()?;
        let centres = Quadrilateral::rectangle(size, size, Some(FINDER));
        let seen = Quadrilateral::from([corners.tl.p, corners.tr.p, fourth, corners.bl.p]);
        let to_pixels = PerspectiveTransform::quadrilateralToQuadrilateral(centres, seen).ok()?;
        Some(Self { modules, to_pixels, across: 0, down: 0 })
    }

    fn bent(&self, across: i8, down: i8) -> Self {
        Self { across, down, ..self.clone() }
    }

    /// How well a timing pattern, the row or the column, fits, in percent; `None` where it does not.
    fn timing_fits(self, matrix: &BitMatrix, column: bool) -> Option<(u32, Self)> {
        // Between the finder patterns and the white around them.
        let places = 8..self.modules - 8;
        let length = places.end - places.start;
        let fitting = places
            .filter(|place| {
                let (x, y) = if column { (TIMING, *place) } else { (*place, TIMING) };
                self.is_black(matrix, x, y) == Some(place % 2 == 0)
            })
            .count();
        let percent = u32::try_from(fitting).ok()? * 100 / length;
        (percent >= TIMING_FITS).then_some((percent, self))
    }

    fn sample(&self, matrix: &BitMatrix) -> Option<BitMatrix> {
        let mut bits = BitMatrix::new(self.modules, self.modules).ok()?;
        for y in 0..self.modules {
            for x in 0..self.modules {
                if self.is_black(matrix, x, y)? {
                    bits.set(x, y);
                }
            }
        }
        Some(bits)
    }

    /// `None` outside the picture.
    fn is_black(&self, matrix: &BitMatrix, x: u32, y: u32) -> Option<bool> {
        let place = Point::new(self.bend(x, self.across), self.bend(y, self.down));
        let pixel = self.to_pixels.transform_point(place);
        matrix.is_in(pixel).then(|| matrix.get_point(pixel))
    }

    /// The middle of the code moves, the centres of the finder patterns stay.
    fn bend(&self, place: u32, shift: i8) -> f32 {
        let middle = coordinate(size(self.modules)) / 2.0;
        let reach = middle - FINDER;
        let from_middle = coordinate(size(place)) + 0.5 - middle;
        let part = from_middle / reach;
        middle + from_middle + f32::from(shift) / 100.0 * reach * (1.0 - part * part)
    }
}
