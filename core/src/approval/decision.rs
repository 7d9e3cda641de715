//! Reading what a person typed against what a server offers.

use super::challenge::Demand;
use icu_normalizer::ComposingNormalizerBorrowed;

/// What a typed answer is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// This is to be sent: the server's own spelling.
    Answer(String),
    /// Not among what is offered.
    NotOffered,
    /// Nothing, no number where one is wanted, no letters where they are: no try at all.
    Unusable,
    /// A PIN of another length than the server's.
    LengthDiffers,
}

/// Reads `typed` against `demand`. Numbers are compared by value (`5` is `05`, full-width digits are digits), letters
/// and words after NFKC (UAX #15) and without case. A PIN is sent as typed, but for spaces around it.
pub(super) fn read(demand: &Demand, typed: &str) -> Typed {
    let found = match demand {
        Demand::Number(offered) => find(offered, typed, number),
        Demand::Text(offered) | Demand::Choice(offered) => find(offered, typed, folded),
        Demand::Pin { length } => {
            let pin = typed.trim();
            return if u32::try_from(pin.chars().count()) == Ok(*length) {
                Typed::Answer(pin.to_owned())
            } else {
                Typed::LengthDiffers
            };
        }
        Demand::None | Demand::Unusable(_) => None,
    };
    match found {
        Some(answer) => Typed::Answer(answer),
        None if is_usable(demand, typed) => Typed::NotOffered,
        None => Typed::Unusable,
    }
}

fn is_usable(demand: &Demand, typed: &str) -> bool {
    match demand {
        Demand::Number(_) => number(typed).is_some(),
        Demand::Text(_) => folded(typed).is_some_and(|text| text.chars().all(char::is_alphabetic)),
        _ => folded(typed).is_some(),
    }
}

/// The one option that is the same as `typed`; the same spelling goes first, two of the same value are none.
fn find(offered: &[String], typed: &str, value: fn(&str) -> Option<String>) -> Option<String> {
    if let Some(exact) = offered.iter().find(|option| *option == typed.trim()) {
        return Some(exact.clone());
    }
    let typed = value(typed)?;
    let mut same = offered.iter().filter(|option| value(option).as_ref() == Some(&typed));
    let first = same.next()?;
    if same.next().is_some() { None } else { Some(first.clone()) }
}

fn number(text: &str) -> Option<String> {
    let digits = nfkc(text.trim());
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.trim_start_matches('0');
    Some(if value.is_empty() { "0" } else { value }.to_owned())
}

fn nfkc(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

fn folded(text: &str) -> Option<String> {
    let cleaned = crate::link::clean_name(text).text;
    Some(nfkc(&cleaned).to_lowercase()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(options: &[&str]) -> Vec<String> {
        options.iter().map(|option| (*option).to_owned()).collect()
    }

    #[test]
    fn numbers_are_compared_by_value_and_sent_as_the_server_spells_them() {
        let demand = Demand::Number(offered(&["5", "34", "0"]));
        for (typed, sent) in [
            ("5", "5"),
            ("05", "5"),
            (" 005\n", "5"),
            ("\u{ff15}", "5"),
            ("\u{ff13}\u{ff14}", "34"),
            ("0", "0"),
            ("00", "0"),
        ] {
            assert_eq!(read(&demand, typed), Typed::Answer(sent.to_owned()), "{typed:?}");
        }
        for typed in ["50", "1", "005005"] {
            assert_eq!(read(&demand, typed), Typed::NotOffered, "{typed:?}");
        }
        for typed in ["", " ", "3 4", "-5", "5.0", "five", "+5", "0x5", "\u{665}"] {
            assert_eq!(read(&demand, typed), Typed::Unusable, "{typed:?}");
        }
        let two_digits = Demand::Number(offered(&["05", "70"]));
        assert_eq!(read(&two_digits, "5"), Typed::Answer("05".to_owned()));
    }

    #[test]
    fn two_spellings_of_one_value_need_the_exact_one() {
        let demand = Demand::Number(offered(&["5", "05"]));
        assert_eq!(read(&demand, "05"), Typed::Answer("05".to_owned()));
        assert_eq!(read(&demand, "005"), Typed::NotOffered);
    }

    #[test]
    fn letters_and_words_without_case_and_width() {
        let letters = Demand::Text(offered(&["A", "Q"]));
        for typed in ["q", "Q", " q ", "\u{ff31}", "\u{ff51}"] {
            assert_eq!(read(&letters, typed), Typed::Answer("Q".to_owned()), "{typed:?}");
        }
        for typed in ["b", "AQ"] {
            assert_eq!(read(&letters, typed), Typed::NotOffered, "{typed:?}");
        }
        for typed in ["", " \u{202e}", "7", "Q1", "\u{ff17}", "-"] {
            assert_eq!(read(&letters, typed), Typed::Unusable, "{typed:?}");
        }
        let words = Demand::Choice(offered(&["Blue \u{202e}whale", "café"]));
        assert_eq!(read(&words, "blue whale"), Typed::Answer("Blue \u{202e}whale".to_owned()));
        assert_eq!(read(&words, "CAFE\u{301}"), Typed::Answer("café".to_owned()));
    }

    #[test]
    fn a_pin_keeps_its_zeros() {
        let demand = Demand::Pin { length: 4 };
        assert_eq!(read(&demand, " 0419 "), Typed::Answer("0419".to_owned()));
        assert_eq!(read(&demand, "419"), Typed::LengthDiffers);
        assert_eq!(read(&demand, "00419"), Typed::LengthDiffers);
    }
}
