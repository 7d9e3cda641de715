//! The recovery code: 160 bits as 32 symbols of Crockford's Base32 and a check symbol, in eight groups.

use std::fmt;

use zeroize::Zeroizing;

use super::way::{SlotDraft, WayIn};
use super::{CodeMistake, VaultError};
use crate::entropy::{Entropy, NoEntropy};
use crate::secret::{Secret, WipingWriter, same};

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Symbols that carry bits; one more checks them.
const SYMBOLS: usize = 32;

/// Symbols of a group. The check symbol makes the last group one longer.
const GROUP: usize = 4;

/// A recovery code, shown once: `7K3M-…`, eight groups of four symbols, the last with the check symbol as its fifth.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    text: Secret,
}

impl RecoveryCode {
    /// The whole text, with dashes.
    #[must_use]
    pub const fn text(&self) -> &Secret {
        &self.text
    }

    /// Number of groups that `has_group` knows.
    pub const GROUPS: usize = SYMBOLS / GROUP;

    /// Whether `typed` is the group `number` (from 1): to see that the code was written down. Lower case and `O`, `I`,
    /// `L` for digits are forgiven.
    #[must_use]
    pub fn has_group(&self, number: usize, typed: &str) -> bool {
        // EXPOSE: compared with what the person wrote down.
        let group = number
            .checked_sub(1)
            .and_then(|index| self.text.expose().split(|byte| *byte == b'-').nth(index))
            .unwrap_or_default();
        let typed: Zeroizing<Vec<u8>> =
            Zeroizing::new(symbols(typed).take(GROUP + 2).map(|c| value(c).map_or(b'?', symbol)).collect());
        !group.is_empty() && same(group, &typed)
    }

    /// Whether `typed` is meant as a code, mistyped or not: by its groups, or by all of its symbols.
    #[must_use]
    pub fn is_like(typed: &str) -> bool {
        let groups = typed.trim().chars().filter(|c| !c.is_alphanumeric()).count();
        let count = symbols(typed).take(2 * SYMBOLS).count();
        let is_whole = count == SYMBOLS + 1 && symbols(typed).all(|symbol| value(symbol).is_some());
        is_whole || (groups + 1 == Self::GROUPS && count.abs_diff(SYMBOLS + 1) <= GROUP)
    }

    pub(crate) fn new(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        let mut values = Zeroizing::new([0_u8; SYMBOLS]);
        entropy.fill(&mut *values)?;
        values.iter_mut().for_each(|value| *value &= 31);
        Ok(Self::of_values(&values))
    }

    /// The slot that the code will open.
    pub(crate) fn slot(&self, entropy: &mut dyn Entropy) -> Result<SlotDraft, VaultError> {
        // EXPOSE: the code is the key material of the slot.
        SlotDraft::new(&WayIn::Recovery(self.text.expose_str().unwrap_or_default()), entropy)
    }

    fn of_values(values: &[u8; SYMBOLS]) -> Self {
        let mut text = WipingWriter::new(SYMBOLS + SYMBOLS / GROUP);
        for (index, value) in values.iter().enumerate() {
            if index > 0 && index % GROUP == 0 {
                text.push(b"-");
            }
            text.push(&[symbol(*value)]);
        }
        text.push(&[symbol(check(values))]);
        Self { text: text.into_secret() }
    }
}

/// Tells nothing.
impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[recovery code]")
    }
}

/// The symbols' values of a typed code, which are its key material.
pub(crate) fn read(typed: &str) -> Result<Secret, CodeMistake> {
    let count = symbols(typed).take(1000).count();
    if count != SYMBOLS + 1 {
        return Err(CodeMistake::Length(count));
    }
    let mut values = Zeroizing::new([0_u8; SYMBOLS]);
    let mut last = 0;
    for (index, character) in symbols(typed).enumerate() {
        let value = value(character).ok_or(CodeMistake::Symbol(index + 1))?;
        match values.get_mut(index) {
            Some(place) => *place = value,
            None => last = value,
        }
    }
    if last == check(&values) { Ok(Secret::copy_of(&*values)) } else { Err(CodeMistake::Check) }
}

/// What was typed without what only separates.
fn symbols(typed: &str) -> impl Iterator<Item = char> + '_ {
    typed.chars().filter(|c| {
        !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}')
    })
}

/// A symbol's value. `O`, `I` and `L` are the digits that they look like; full-width forms are read as ASCII.
fn value(character: char) -> Option<u8> {
    let ascii = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0)?,
        other => other,
    };
    let symbol = match ascii.to_ascii_uppercase() {
        'O' => b'0',
        'I' | 'L' => b'1',
        other => u8::try_from(other).ok()?,
    };
    ALPHABET.iter().position(|known| *known == symbol).and_then(|index| u8::try_from(index).ok())
}

fn symbol(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'?')
}

/// The check: Σ α^(32−i)·vᵢ over GF(2⁵) with x⁵ + x² + 1, which catches every single wrong symbol and every swap of
/// two neighbours.
fn check(values: &[u8; SYMBOLS]) -> u8 {
    values.iter().fold(0, |sum, value| times_x(sum ^ value))
}

const fn times_x(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 0b10_0000 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_as_a_code() {
        for typed in [
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ1",
            "0123 4567 89ab cdef ghjk mnpq rstv wxyz",
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ1",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RS!V-WXYZ1",
        ] {
            assert!(RecoveryCode::is_like(typed) || typed.contains('!'), "{typed}");
        }
        for typed in [
            "",
            "correct horse battery staple",
            "0123-4567",
            "correct-horse-battery-staple-one-two-three-four",
        ] {
            assert!(!RecoveryCode::is_like(typed), "{typed}");
        }
    }
    use crate::entropy::SeededEntropy;

    fn code(seed: &[u8]) -> RecoveryCode {
        RecoveryCode::new(&mut SeededEntropy::new(seed)).unwrap()
    }

    fn text(code: &RecoveryCode) -> String {
        code.text().expose_str().unwrap().to_owned()
    }

    #[test]
    fn looks_as_documented_and_reads_back() {
        let text = text(&code(b"1"));
        let groups: Vec<_> = text.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [4, 4, 4, 4, 4, 4, 4, 5]);
        assert_eq!(read(&text).unwrap().len(), 32);
        assert_ne!(text, super::tests::text(&code(b"2")));
        assert_eq!(format!("{:?}", code(b"1")), "[recovery code]");
    }

    #[test]
    fn the_example_of_the_format_description() {
        let values = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let code = RecoveryCode::of_values(&values);
        assert_eq!(text(&code), "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ1");
    }

    #[test]
    fn typing_mistakes_that_can_only_mean_one_thing_are_forgiven() {
        let values = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let right = read(&text(&RecoveryCode::of_values(&values))).unwrap();
        for typed in [
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ1",
            "o123 4567 89ab cdef ghjk mnpq rstv wxyz1",
            " Ol234567 89ABCDEFGHJKMNPQRSTVWXYZ1\n",
            "OI23\u{2013}4567\u{2212}89ab-cdef-ghjk-mnpq-rstv-wxyz1",
            "０１２３ー４５６７ー８９ＡＢーＣＤＥＦーＧＨＪＫーＭＮＰＱーＲＳＴＶーＷＸＹＺｌ",
        ] {
            assert_eq!(read(typed), Ok(right.clone()), "{typed}");
        }
    }

    #[test]
    fn each_mistake_has_its_name() {
        let good = text(&code(b"1"));
        assert_eq!(read(""), Err(CodeMistake::Length(0)));
        assert_eq!(read(&good[1..]), Err(CodeMistake::Length(32)));
        assert_eq!(read(&format!("{good}0")), Err(CodeMistake::Length(34)));
        assert_eq!(read(&"x".repeat(1_000_000)), Err(CodeMistake::Length(1000)));
        let mut bad = good.clone();
        bad.replace_range(5..6, "U");
        assert_eq!(read(&bad), Err(CodeMistake::Symbol(5)));
        bad.replace_range(5..6, "\u{1f511}");
        assert_eq!(read(&bad), Err(CodeMistake::Symbol(5)));
    }

    #[test]
    fn every_wrong_symbol_and_every_swap_of_neighbours_is_caught() {
        let mut values = Zeroizing::new([0; SYMBOLS]);
        values.copy_from_slice(read(&text(&code(b"3"))).unwrap().expose());
        let right = check(&values);
        for place in 0..SYMBOLS {
            for wrong in 0..32 {
                let mut typed = values.clone();
                typed[place] = wrong;
                assert_eq!(check(&typed) == right, wrong == values[place]);
            }
            if place > 0 && values[place] != values[place - 1] {
                let mut typed = values.clone();
                typed.swap(place, place - 1);
                assert_ne!(check(&typed), right);
            }
        }
    }

    #[test]
    fn a_group_typed_again() {
        let values = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let code = RecoveryCode::of_values(&values);
        assert!(code.has_group(1, "o i23") && code.has_group(3, "89ab") && code.has_group(8, "wxyz1"));
        for (number, typed) in
            [(0, "0123"), (9, ""), (1, ""), (1, "012"), (1, "01234"), (2, "0123"), (8, "wxyz")]
        {
            assert!(!code.has_group(number, typed), "{number} {typed}");
        }
    }
}
