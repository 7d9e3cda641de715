//! From brightness to black and white.

use super::bits::Bits;
use super::eight::{Eight, Sum};
use super::number;
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
        for (band, limits) in plane.bands(BLOCK).zip(limits.chunks_exact(blocks.columns)) {
            for row in band.chunks_exact(plane.width()) {
                let (whole, rest) = row.as_chunks();
                let mut limits = limits.iter().map(|limit| Eight::all(*limit));
                packed
                    .extend(whole.iter().zip(&mut limits).map(|(row, limit)| Eight::of(*row).darker(limit)));
                // No limit is above the filling: beyond the row nothing is black.
                let last = limits.next().map(|limit| Eight::filled(rest, u8::MAX).darker(limit));
                packed.extend(last);
            }
        }
        Bits::from_rows(plane.width(), packed.chunks_exact(blocks.columns))
    }

    /// For each block the brightness under which its pixels are black.
    fn limits(self, blocks: &Blocks) -> Vec<u8> {
        let whole = blocks.window((0, blocks.columns), (0, blocks.rows));
        let flat_around = blocks.are_flat_around(self.reach, self.flat);
        let mut limits = Vec::with_capacity(blocks.columns * blocks.rows);
        for y in 0..blocks.rows {
            let rows = (y.saturating_sub(self.reach), (y + self.reach + 1).min(blocks.rows));
            for x in 0..blocks.columns {
                let columns = (x.saturating_sub(self.reach), (x + self.reach + 1).min(blocks.columns));
                let window = blocks.window(columns, rows);
                let is_flat = flat_around.get(y * blocks.columns + x).is_some_and(|is_flat| *is_flat);
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

/// What the pixels of a block come to: a sum for all, extremes for each of its eight columns.
#[derive(Clone, Copy)]
struct Block {
    sum: Sum,
    darkest: Eight,
    brightest: Eight,
}

impl Block {
    const NONE: Self = Self { sum: Sum::ZERO, darkest: Eight::all(u8::MAX), brightest: Eight::all(u8::MIN) };

    /// A row of eight pixels, and those of them that count for the sum.
    fn add(&mut self, row: Eight, counted: Eight) {
        self.sum.add(counted);
        self.darkest = self.darkest.darkest(row);
        self.brightest = self.brightest.brightest(row);
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
        let mut of_band = vec![Block::NONE; columns];
        for (y, band) in plane.bands(BLOCK).enumerate() {
            of_band.fill(Block::NONE);
            for row in band.chunks_exact(plane.width()) {
                let (whole, rest) = row.as_chunks();
                for (block, eight) in of_band.iter_mut().zip(whole) {
                    let eight = Eight::of(*eight);
                    block.add(eight, eight);
                }
                if let (Some(block), Some(first)) = (of_band.get_mut(whole.len()), rest.first()) {
                    block.add(Eight::filled(rest, *first), Eight::filled(rest, 0));
                }
            }
            blocks.add_row(y, &of_band, (plane.width(), band.len() / plane.width()));
        }
        blocks
    }

    /// Adds the blocks of a row, which together are as many pixels wide and high as `size`.
    fn add_row(&mut self, y: usize, of_band: &[Block], size: (usize, usize)) {
        let stride = self.columns + 1;
        let (mut sum_left, mut width_left) = (0, 0);
        for (x, block) in of_band.iter().enumerate() {
            self.darkest.push(block.darkest.pixels().into_iter().fold(u8::MAX, u8::min));
            self.brightest.push(block.brightest.pixels().into_iter().fold(0, u8::max));
            sum_left += block.sum.total();
            width_left = (width_left + BLOCK).min(size.0);
            let (above, here) = (y * stride + x + 1, (y + 1) * stride + x + 1);
            let (sum_above, count_above) = (at(&self.sums, above), at(&self.counts, above));
            if let (Some(sum), Some(count)) = (self.sums.get_mut(here), self.counts.get_mut(here)) {
                *sum = sum_above + sum_left;
                *count = count_above + number::count(width_left * size.1);
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

    /// For each block whether the brightest pixel up to `reach` blocks around it is brighter than the darkest one by less
    /// than `flat`.
    fn are_flat_around(&self, reach: usize, flat: u8) -> Vec<bool> {
        let darkest = self.around(&self.darkest, reach, u8::min);
        let brightest = self.around(&self.brightest, reach, u8::max);
        darkest.iter().zip(brightest).map(|(dark, bright)| bright.saturating_sub(*dark) < flat).collect()
    }

    /// For each block the extreme of the blocks up to `reach` around it: along the rows first, then of these down the
    /// columns, so that the work grows with the reach and not with its square.
    fn around(&self, blocks: &[u8], reach: usize, extreme: fn(u8, u8) -> u8) -> Vec<u8> {
        let mut of_rows = Vec::with_capacity(blocks.len());
        for row in blocks.chunks_exact(self.columns) {
            of_rows.extend((0..row.len()).map(|x| {
                let near = row.iter().take(x + reach + 1).skip(x.saturating_sub(reach));
                near.copied().reduce(extreme).unwrap_or_default()
            }));
        }
        let mut around = Vec::with_capacity(blocks.len());
        for y in 0..self.rows {
            let mut rows =
                of_rows.chunks_exact(self.columns).take(y + reach + 1).skip(y.saturating_sub(reach));
            let mut all = rows.next().unwrap_or_default().to_vec();
            for row in rows {
                all.iter_mut().zip(row).for_each(|(all, one)| *all = extreme(*all, *one));
            }
            around.extend(all);
        }
        around
    }
}

fn at(table: &[u64], place: usize) -> u64 {
    table.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEAN: Threshold = Threshold { reach: 2, percent: 100, flat: 24 };

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
