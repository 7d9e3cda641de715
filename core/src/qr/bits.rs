//! A picture in black and white, a bit a pixel.

use rxing::common::{BitArray, BitMatrix};

use super::number::size;

/// Pixels in one word.
const WORD: usize = size(usize::BITS);

/// Black (1) and white (0). Bits behind the last pixel of a row are 0.
pub(super) struct Bits {
    width: usize,
    words_a_row: usize,
    words: Vec<usize>,
}

impl Bits {
    /// From rows of eight pixels a byte, the first in the lowest bit.
    pub(super) fn from_rows<'a>(width: usize, rows: impl Iterator<Item = &'a [u8]>) -> Self {
        let words_a_row = width.div_ceil(WORD);
        let mut words = Vec::new();
        for row in rows {
            words.extend(row.chunks(WORD / 8).take(words_a_row).map(word));
        }
        let mut bits = Self { width, words_a_row, words };
        bits.clear_behind();
        bits
    }

    pub(super) fn height(&self) -> usize {
        self.words.len() / self.words_a_row
    }

    /// Black for white.
    pub(super) fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.clear_behind();
    }

    /// The lengths of the runs of a row, white first.
    pub(super) fn runs_of_row(&self, y: usize, runs: &mut Vec<u16>) {
        runs.clear();
        let row = self.words.get(y * self.words_a_row..(y + 1) * self.words_a_row).unwrap_or_default();
        let (mut start, mut ink) = (0, 0);
        for (index, word) in row.iter().enumerate() {
            // Each set bit is a pixel that differs from the one before it.
            let mut changes = *word ^ ((*word << 1) | (ink & 1));
            ink = *word >> (WORD - 1);
            while changes != 0 {
                let place = index * WORD + size(changes.trailing_zeros());
                if place >= self.width {
                    break;
                }
                runs.push(u16::try_from(place - start).unwrap_or(u16::MAX));
                start = place;
                changes &= changes - 1;
            }
        }
        runs.push(u16::try_from(self.width - start).unwrap_or(u16::MAX));
    }

    /// The same as the library's matrix.
    pub(super) fn matrix(&self) -> Option<BitMatrix> {
        let mut matrix = BitMatrix::new(self.width.try_into().ok()?, self.height().try_into().ok()?).ok()?;
        let mut row = BitArray::with_size(self.width);
        for (y, words) in (0..).zip(self.words.chunks_exact(self.words_a_row)) {
            for (index, word) in words.iter().enumerate() {
                row.setBulk(index * WORD, *word);
            }
            matrix.setRow(y, &row);
        }
        Some(matrix)
    }

    fn clear_behind(&mut self) {
        let used = self.width % WORD;
        if used != 0 {
            for row in self.words.chunks_exact_mut(self.words_a_row) {
                if let Some(last) = row.last_mut() {
                    *last &= (1 << used) - 1;
                }
            }
        }
    }
}

fn word(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |word, byte| (word << 8) | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_begin_with_white_and_cross_words() {
        let mut row = [0_u8; 17];
        row[0] = 0b0000_0110; // pixels 1 and 2
        row[7] = 0b1000_0000; // 63
        row[8] = 0b0000_0011; // 64, 65
        row[16] = 0b1111_1110; // 129 to 135, of which 130 and more are behind the end
        let bits = Bits::from_rows(130, [&row[..]].into_iter());
        let mut runs = vec![];
        bits.runs_of_row(0, &mut runs);
        assert_eq!(runs, [1, 2, 60, 3, 63, 1]);
    }

    #[test]
    fn inverted_twice_is_the_same() {
        let rows = [[0b0101_0101, 0xff], [0, 0b11]];
        let mut bits = Bits::from_rows(10, rows.iter().map(|row| &row[..]));
        let before = bits.matrix().unwrap();
        let mut runs = vec![];
        bits.invert();
        bits.runs_of_row(1, &mut runs);
        assert_eq!(runs, [0, 8, 2]);
        assert!(!bits.matrix().unwrap().get(0, 0) && bits.matrix().unwrap().get(1, 0));
        bits.invert();
        assert_eq!(bits.matrix().unwrap(), before);
        assert_eq!((bits.height(), before.width(), before.height()), (2, 10, 2));
    }
}
