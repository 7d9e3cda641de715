//! Brightness of a picture, a byte a pixel.

use super::eight::Eight;
use crate::reason::Reason;

/// Brightness, row after row without gaps; 0 is black.
#[derive(Clone)]
pub(super) struct Plane {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Plane {
    /// `None` where there is no pixel, or another number of them than `width` times `height`.
    pub(super) fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        let is_whole = width.checked_mul(height) == Some(pixels.len()) && !pixels.is_empty();
        // Positions are held as 16 and 32 bits further on.
        (is_whole && width.max(height) <= usize::from(u16::MAX)).then_some(Self { width, height, pixels })
    }

    /// Rows of `width` pixels that begin `stride` bytes apart; the last one may end with its last pixel.
    ///
    /// # Errors
    /// `PictureDamaged` where the bytes are too few for that, `PictureTooLarge` above `most` pixels.
    pub(super) fn of_rows(
        bytes: &[u8],
        size: (usize, usize),
        stride: usize,
        most: usize,
    ) -> Result<Self, Reason> {
        let (width, height) = size;
        if width.checked_mul(height).is_none_or(|pixels| pixels > most) {
            return Err(Reason::PictureTooLarge);
        }
        let is_whole = width > 0
            && height > 0
            && stride >= width
            && stride
                .checked_mul(height - 1)
                .and_then(|start| start.checked_add(width))
                .is_some_and(|end| end <= bytes.len());
        if !is_whole {
            return Err(Reason::PictureDamaged);
        }
        let pixels = if stride == width {
            bytes.get(..width * height).unwrap_or_default().to_vec()
        } else {
            bytes.chunks(stride).take(height).filter_map(|row| row.get(..width)).flatten().copied().collect()
        };
        Self::new(width, height, pixels).ok_or(Reason::PictureTooLarge)
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width)
    }

    /// Bands of `height` rows; the last may be lower.
    pub(super) fn bands(&self, height: usize) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks(height * self.width)
    }

    /// Half the width and height; each pixel is the mean of four. `None` where nothing would be left.
    pub(super) fn half(&self) -> Option<Self> {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for pair in self.pixels.chunks_exact(2 * self.width).take(height) {
            let (upper, lower) = pair.split_at(self.width);
            let ((upper, upper_rest), (lower, lower_rest)) = (upper.as_chunks(), lower.as_chunks());
            pixels.extend(upper.iter().zip(lower).flat_map(|(u, l)| Eight::of(*u).means(Eight::of(*l))));
            let rest = Eight::filled(upper_rest, 0).means(Eight::filled(lower_rest, 0));
            pixels.extend(rest.into_iter().take(upper_rest.len() / 2));
        }
        Self::new(width, height, pixels)
    }

    /// Larger by half, or twice as large: `halves` is 3 or 4. Between pixels the brightness changes evenly.
    pub(super) fn enlarged(&self, halves: usize) -> Option<Self> {
        let (width, height) = (self.width * halves / 2, self.height * halves / 2);
        let columns: Vec<_> = (0..width).map(|x| Between::of(x, halves, self.width)).collect();
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let between = Between::of(y, halves, self.height);
            let row = |y: usize| self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or_default();
            let (upper, lower) = (row(between.first), row(between.second));
            pixels.extend(columns.iter().map(|column| {
                let at = |row: &[u8], x: usize| u32::from(row.get(x).copied().unwrap_or_default());
                let upper = column.mix(at(upper, column.first), at(upper, column.second));
                let lower = column.mix(at(lower, column.first), at(lower, column.second));
                u8::try_from((between.mix(upper, lower) + 128) >> 8).unwrap_or(u8::MAX)
            }));
        }
        Self::new(width, height, pixels)
    }

    /// Edges made steeper: what a pixel differs from its neighbourhood counts three times.
    pub(super) fn sharpened(&self) -> Self {
        self.with_neighbours(|centre, around| 3 * centre - 2 * around)
    }

    /// Noise and moiré evened out: each pixel is the mean of nine.
    pub(super) fn softened(&self) -> Self {
        self.with_neighbours(|_, around| around)
    }

    /// Each pixel as `f(pixel, mean of the 3 by 3 pixels around it)`. The outermost stay.
    fn with_neighbours(&self, f: impl Fn(i32, i32) -> i32) -> Self {
        let mut pixels = self.pixels.clone();
        let rows: Vec<_> = self.rows().collect();
        for (three, out) in rows.windows(3).zip(pixels.chunks_exact_mut(self.width).skip(1)) {
            let [above, row, below] = three else { continue };
            let columns = above.windows(3).zip(row.windows(3)).zip(below.windows(3));
            for (((above, row), below), out) in columns.zip(out.iter_mut().skip(1)) {
                let sum: i32 = above.iter().chain(row).chain(below).map(|pixel| i32::from(*pixel)).sum();
                let value = f(row.get(1).copied().unwrap_or_default().into(), sum / 9);
                *out = u8::try_from(value.clamp(0, 255)).unwrap_or_default();
            }
        }
        Self { pixels, ..*self }
    }
}

/// Where a pixel of an enlarged picture lies between two of the original, in sixteenths.
struct Between {
    first: usize,
    second: usize,
    sixteenths: u32,
}

impl Between {
    fn of(place: usize, halves: usize, length: usize) -> Self {
        // Centres of pixels: (place + 1/2) / (halves / 2) - 1/2.
        let sixteenths = ((2 * place + 1) * 16 / halves).saturating_sub(8);
        let first = (sixteenths / 16).min(length - 1);
        let part = u32::try_from(sixteenths % 16).unwrap_or_default();
        Self { first, second: (first + 1).min(length - 1), sixteenths: part }
    }

    fn mix(&self, first: u32, second: u32) -> u32 {
        first * (16 - self.sixteenths) + second * self.sixteenths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_gaps_and_a_short_last_one() {
        let plane = Plane::of_rows(&[1, 2, 0, 0, 3, 4], (2, 2), 4, 100).unwrap();
        assert_eq!((plane.width(), plane.height(), plane.pixels()), (2, 2, &[1, 2, 3, 4][..]));
        for (bytes, size, stride, most, reason) in [
            (&[1, 2, 3][..], (2, 2), 2, 100, Reason::PictureDamaged),
            (&[1, 2, 3, 4], (2, 2), 1, 100, Reason::PictureDamaged),
            (&[], (0, 0), 0, 100, Reason::PictureDamaged),
            (&[1, 2, 3, 4], (4, 0), 4, 100, Reason::PictureDamaged),
            (&[1, 2, 3, 4], (2, 2), usize::MAX, 100, Reason::PictureDamaged),
            (&[1, 2, 3, 4], (2, 2), 2, 3, Reason::PictureTooLarge),
            (&[1], (usize::MAX, usize::MAX), usize::MAX, 100, Reason::PictureTooLarge),
        ] {
            assert_eq!(Plane::of_rows(bytes, size, stride, most).err(), Some(reason), "{size:?} {stride}");
        }
    }

    #[test]
    fn half_is_the_mean_of_four() {
        let plane = Plane::new(5, 2, vec![0, 4, 10, 20, 9, 8, 4, 30, 40, 9]).unwrap();
        let half = plane.half().unwrap();
        assert_eq!((half.width(), half.height(), half.pixels()), (2, 1, &[4, 25][..]));
        assert!(half.half().is_none());
    }

    #[test]
    fn enlarging_keeps_the_ends_and_goes_evenly_between() {
        let plane = Plane::new(2, 2, vec![0, 100, 0, 100]).unwrap();
        let large = plane.enlarged(4).unwrap();
        assert_eq!((large.width(), large.height()), (4, 4));
        assert_eq!(large.rows().next().unwrap(), [0, 25, 75, 100]);
        let three = plane.enlarged(3).unwrap();
        assert_eq!(three.rows().next().unwrap(), [0, 50, 100]);
    }

    #[test]
    fn neighbours() {
        let mut pixels = vec![100; 25];
        pixels[12] = 190;
        let plane = Plane::new(5, 5, pixels).unwrap();
        assert_eq!((plane.softened().pixels()[12], plane.softened().pixels()[6]), (110, 110));
        assert_eq!((plane.sharpened().pixels()[12], plane.sharpened().pixels()[6]), (255, 80));
        let thin = Plane::new(2, 1, vec![7, 9]).unwrap();
        assert_eq!(thin.softened().pixels(), [7, 9]);
    }
}
