//! Eight pixels in one word, worked on at once. Quick at every level of optimisation: in a library built for its size
//! the compiler makes no vector instructions of loops over bytes.

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;
/// The bytes at even places, which leaves each of them room for a sum.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;

/// The brightness of eight pixels, the first in the lowest byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Eight(u64);

impl Eight {
    pub(super) const fn of(pixels: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(pixels))
    }

    /// `pixels`, of which there are no more than eight, and `filling` behind them.
    pub(super) fn filled(pixels: &[u8], filling: u8) -> Self {
        let mut eight = [filling; 8];
        eight.iter_mut().zip(pixels).for_each(|(place, pixel)| *place = *pixel);
        Self::of(eight)
    }

    pub(super) const fn all(pixel: u8) -> Self {
        Self(u64::from_le_bytes([pixel; 8]))
    }

    pub(super) const fn pixels(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    /// Bit i is set where pixel i is darker than the limit's.
    pub(super) const fn darker(self, limit: Self) -> u8 {
        // Shifts the mark of byte i to bit i of the highest byte, for all eight at once.
        let [bits, ..] = (self.marks(limit) >> 7).wrapping_mul(0x0102_0408_1020_4080).to_be_bytes();
        bits
    }

    pub(super) const fn darkest(self, other: Self) -> Self {
        let ours = self.mask(other);
        Self(self.0 & ours | other.0 & !ours)
    }

    pub(super) const fn brightest(self, other: Self) -> Self {
        let ours = self.mask(other);
        Self(other.0 & ours | self.0 & !ours)
    }

    /// The means of two by two pixels, of this row and the one below.
    pub(super) const fn means(self, below: Self) -> [u8; 4] {
        // Sums of four are below 2^10: none reaches the next one.
        let sums = self.pairs() + below.pairs() + 0x0002_0002_0002_0002;
        let [first, _, second, _, third, _, fourth, _] = (sums >> 2 & EVEN).to_le_bytes();
        [first, second, third, fourth]
    }

    /// Sums of two neighbours each.
    const fn pairs(self) -> u64 {
        (self.0 & EVEN) + (self.0 >> 8 & EVEN)
    }

    /// All bits of the bytes where a pixel is darker than the other's.
    const fn mask(self, other: Self) -> u64 {
        (self.marks(other) >> 7) * 0xff
    }

    /// The highest bit of the bytes where a pixel is darker than the other's.
    const fn marks(self, other: Self) -> u64 {
        // Without their highest bits, and with one to borrow from: set where ours is not the smaller one.
        let not_below = (self.0 | HIGH) - (other.0 & !HIGH);
        (!self.0 & other.0 | !(self.0 ^ other.0) & !not_below) & HIGH
    }
}

/// A sum over the pixels of up to 128 times eight.
#[derive(Clone, Copy)]
pub(super) struct Sum(u64);

impl Sum {
    pub(super) const ZERO: Self = Self(0);

    pub(super) const fn add(&mut self, pixels: Eight) {
        self.0 += pixels.pairs();
    }

    pub(super) fn total(self) -> u64 {
        [0, 16, 32, 48].into_iter().map(|place| self.0 >> place & 0xffff).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_one_by_one(one: [u8; 8], other: [u8; 8]) {
            let (first, second) = (Eight::of(one), Eight::of(other));
            let both = || one.into_iter().zip(other);
            let bits = both().enumerate().map(|(i, (a, b))| u8::from(a < b) << i).sum::<u8>();
            prop_assert_eq!(first.darker(second), bits);
            prop_assert_eq!(first.darkest(second).pixels().to_vec(), both().map(|(a, b)| a.min(b)).collect::<Vec<_>>());
            prop_assert_eq!(first.brightest(second).pixels().to_vec(), both().map(|(a, b)| a.max(b)).collect::<Vec<_>>());
            let sum_of = |i: usize| [one[i], one[i + 1], other[i], other[i + 1]].map(u32::from).iter().sum::<u32>();
            let means: Vec<_> = [0, 2, 4, 6].iter().map(|i| ((sum_of(*i) + 2) / 4) as u8).collect();
            prop_assert_eq!(first.means(second).to_vec(), means);
            let mut sum = Sum::ZERO;
            (0..64).for_each(|_| { sum.add(first); sum.add(second); });
            prop_assert_eq!(sum.total(), 64 * both().map(|(a, b)| u64::from(a) + u64::from(b)).sum::<u64>());
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for (pixel, limit, bits) in [(0, 0, 0), (0, 1, 0xff), (127, 128, 0xff), (128, 127, 0), (255, 255, 0)]
        {
            assert_eq!(Eight::all(pixel).darker(Eight::all(limit)), bits, "{pixel} {limit}");
        }
        assert_eq!(Eight::filled(&[1, 2], 9).pixels(), [1, 2, 9, 9, 9, 9, 9, 9]);
        assert_eq!(Eight::of([1, 0, 1, 0, 0, 1, 1, 0]).darker(Eight::all(1)), 0b1001_1010);
    }
}
