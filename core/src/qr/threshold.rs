//! From brightness to black and white.

use super::bits::Bits;
use super::number::count;
use super::plane::Plane;

/// Width and height of the blocks whose mean brightness is taken.
const BLOCK: usize = 8;

/// How black is told from white.
#[derive(Clone, Copy)]
pub(super) struct Threshold {
    /// Blocks in each direction on every side of a block whose mean decides about it.
    pub(super) reach: usize,
    /// Percent of that mean under which a pixel is black.
    pub(super) percent: u32,
    /// Brightest minus darkest pixel under which there is nothing to tell apart.
    pub(super) flat: u8,
}

impl Threshold {
    /// A pixel is black when it is darker than its surroundings, so that shadows and gradients don't matter. Where
    /// the surroundings are all alike, all of it is black or white, as it is darker or lighter than the picture.
    pub(super) fn apply(self, plane: &Plane) -> Bits {
        let blocks = Blocks::of(plane);
        let limits = self.limits(&blocks);
        let mut packed = Vec::with_capacity(blocks.columns * plane.height());
        let mut limit_of_pixel = vec![0; plane.width()];
        let mut marks = vec![0; blocks.columns * BLOCK];
        for (y, row) in plane.rows().enumerate() {
            if y % BLOCK == 0 {
                let limits = limits.iter().skip(y / BLOCK * blocks.columns);
                limit_of_pixel.chunks_mut(BLOCK).zip(limits).for_each(|(pixels, limit)| pixels.fill(*limit));
            }
            for ((mark, pixel), limit) in marks.iter_mut().zip(row).zip(&limit_of_pixel) {
                *mark = u8::from(pixel < limit);
            }
            packed.extend(marks.as_chunks().0.iter().map(|eight| pack(*eight)));
        }
        Bits::from_rows(plane.width(), packed.chunks_exact(blocks.columns))
    }

    /// For each block the brightness under which its pixels are black.
    fn limits(self, blocks: &Blocks) -> Vec<u8> {
        let whole = blocks.window((0, blocks.columns), (0, blocks.rows));
        let mut limits = Vec::with_capacity(blocks.columns * blocks.rows);
        for y in 0..blocks.rows {
            let rows = (y.saturating_sub(self.reach), (y + self.reach + 1).min(blocks.rows));
            for x in 0..blocks.columns {
                let columns = (x.saturating_sub(self.reach), (x + self.reach + 1).min(blocks.columns));
                let window = blocks.window(columns, rows);
                let is_flat = blocks.spread((x, x + 1), (y, y + 1)) < self.flat
                    && blocks.spread(columns, rows) < self.flat;
                limits.push(match (is_flat, window < whole) {
                    (true, true) => u8::MAX,
                    (true, false) => 0,
                    (false, _) => u8::try_from(window * self.percent / 100).unwrap_or(u8::MAX),
                });
            }
        }
        limits
    }
}

/// Sums and extremes of the blocks of a plane.
struct Blocks {
    columns: usize,
    rows: usize,
    /// Sum of brightness over all blocks above and to the left, with a row and a column of zeros in front.
    sums: Vec<u64>,
    /// The same for the number of pixels.
    counts: Vec<u64>,
    darkest: Vec<u8>,
    brightest: Vec<u8>,
}

impl Blocks {
    fn of(plane: &Plane) -> Self {
        let (columns, rows) = (plane.width().div_ceil(BLOCK), plane.height().div_ceil(BLOCK));
        let mut blocks = Self {
            columns,
            rows,
            sums: vec![0; (columns + 1) * (rows + 1)],
            counts: vec![0; (columns + 1) * (rows + 1)],
            darkest: Vec::with_capacity(columns * rows),
            brightest: Vec::with_capacity(columns * rows),
        };
        let mut band_sums = vec![0_u16; plane.width()];
        let mut band_darkest = vec![0_u8; plane.width()];
        let mut band_brightest = vec![0_u8; plane.width()];
        for (y, band) in plane.pixels().chunks(BLOCK * plane.width()).enumerate() {
            // Down the columns first, which the compiler turns into vector instructions.
            band_sums.fill(0);
            band_darkest.fill(u8::MAX);
            band_brightest.fill(0);
            for row in band.chunks_exact(plane.width()) {
                for (sum, pixel) in band_sums.iter_mut().zip(row) {
                    *sum += u16::from(*pixel);
                }
                for (dark, pixel) in band_darkest.iter_mut().zip(row) {
                    *dark = (*dark).min(*pixel);
                }
                for (bright, pixel) in band_brightest.iter_mut().zip(row) {
                    *bright = (*bright).max(*pixel);
                }
            }
            blocks
                .darkest
                .extend(band_darkest.chunks(BLOCK).map(|block| block.iter().copied().fold(u8::MAX, u8::min)));
            blocks
                .brightest
                .extend(band_brightest.chunks(BLOCK).map(|block| block.iter().copied().fold(0, u8::max)));
            blocks.add_row(y, &band_sums, band.len() / plane.width());
        }
        blocks
    }

    fn add_row(&mut self, y: usize, band_sums: &[u16], height: usize) {
        let stride = self.columns + 1;
        let (mut sum_left, mut count_left) = (0, 0);
        for (x, sums) in band_sums.chunks(BLOCK).enumerate() {
            sum_left += sums.iter().map(|sum| u64::from(*sum)).sum::<u64>();
            count_left += count(height * sums.len());
            let (above, here) = (y * stride + x + 1, (y + 1) * stride + x + 1);
            let (sum_above, count_above) = (at(&self.sums, above), at(&self.counts, above));
            if let (Some(sum), Some(count)) = (self.sums.get_mut(here), self.counts.get_mut(here)) {
                *sum = sum_above + sum_left;
                *count = count_above + count_left;
            }
        }
    }

    /// Mean brightness of the blocks in these columns and rows.
    fn window(&self, columns: (usize, usize), rows: (usize, usize)) -> u32 {
        let stride = self.columns + 1;
        let area = |table: &[u64]| {
            at(table, rows.1 * stride + columns.1) + at(table, rows.0 * stride + columns.0)
                - at(table, rows.0 * stride + columns.1)
                - at(table, rows.1 * stride + columns.0)
        };
        u32::try_from(area(&self.sums) / area(&self.counts).max(1)).unwrap_or(u32::MAX)
    }

    /// Brightest minus darkest pixel of the blocks in these columns and rows.
    fn spread(&self, columns: (usize, usize), rows: (usize, usize)) -> u8 {
        let (mut dark, mut bright) = (u8::MAX, 0);
        for y in rows.0..rows.1 {
            let range = y * self.columns + columns.0..y * self.columns + columns.1;
            let lows = self.darkest.get(range.clone()).unwrap_or_default();
            let highs = self.brightest.get(range).unwrap_or_default();
            dark = lows.iter().copied().fold(dark, u8::min);
            bright = highs.iter().copied().fold(bright, u8::max);
        }
        bright.saturating_sub(dark)
    }
}

fn at(table: &[u64], place: usize) -> u64 {
    table.get(place).copied().unwrap_or_default()
}

/// Eight bytes that are 0 or 1 as the bits of one, the first in the lowest.
fn pack(marks: [u8; BLOCK]) -> u8 {
    // Shifts byte i to bit i of the highest byte, for all eight at once.
    let [bits, ..] = u64::from_le_bytes(marks).wrapping_mul(0x0102_0408_1020_4080).to_be_bytes();
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEAN: Threshold = Threshold { reach: 2, percent: 100, flat: 24 };

    #[test]
    fn bits_of_marks() {
        assert_eq!(pack([1, 0, 1, 0, 0, 1, 1, 0]), 0b0110_0101);
        assert_eq!((pack([0; 8]), pack([1; 8])), (0, 0xff));
    }

    #[test]
    fn a_gradient_does_not_hide_stripes() {
        // Brightness rises from left to right by more than the stripes differ.
        let (width, height) = (403, 61);
        let stripe = |x: usize| x % 8 < 4;
        let pixel = |x: usize| u8::try_from(x / 2 + if stripe(x) { 0 } else { 30 }).unwrap();
        let plane =
            Plane::new(width, height, (0..height).flat_map(|_| (0..width).map(pixel)).collect()).unwrap();
        let matrix = MEAN.apply(&plane).matrix().unwrap();
        let wrong = (24..width - 24).filter(|x| matrix.get(*x as u32, 30) != stripe(*x)).count();
        assert!(wrong < width / 20, "{wrong}");
    }

    #[test]
    fn flat_parts_are_all_black_or_all_white() {
        let (width, height) = (200, 100);
        let pixels = (0..height).flat_map(|_| (0..width).map(|x| if x < 100 { 40 } else { 200 })).collect();
        let matrix = MEAN.apply(&Plane::new(width, height, pixels).unwrap()).matrix().unwrap();
        for y in [0, 50, 99] {
            assert!(matrix.get(0, y) && matrix.get(99, y) && !matrix.get(100, y) && !matrix.get(199, y));
        }
    }

    #[test]
    fn any_size() {
        for (width, height) in [(1, 1), (7, 9), (8, 8), (9, 1), (65, 17)] {
            let plane = Plane::new(width, height, vec![100; width * height]).unwrap();
            let bits = MEAN.apply(&plane);
            assert_eq!(bits.matrix().unwrap().height() as usize, height);
        }
    }
}
