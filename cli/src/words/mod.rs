//! Every sentence for people, in English and Japanese.

mod examples;
mod export;
mod help;
mod own;
mod phrases;
mod reasons;
mod refused;
mod texts;
mod times;
mod usage;

pub use export::{next_step, of_carried, of_left_out, of_lost, sheet};
pub use help::in_language;
pub use own::of_own;
pub use phrases::*;
pub use reasons::of_reason;
pub use refused::of_refused;
pub use texts::{
    of_abilities, of_check, of_codes, of_decline, of_declined, of_difference, of_mark, of_note, of_odd,
    of_outcome, of_scanned, of_seen, of_standing, of_untyped, server_clock,
};
pub use times::local_time;
pub use usage::{guess_command, in_japanese as usage_in_japanese};

/// A language of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 日本語.
    Japanese,
}

impl Language {
    /// The language that the environment asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    pub fn of_environment() -> Self {
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        if value.as_encoded_bytes().starts_with(b"ja") { Self::Japanese } else { Self::English }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use countersign::reason::Reason;

    use super::*;
    use crate::failure::{Failure, Own};

    /// Each failure by name, what it is and what to do now, in one language.
    fn all(language: Language) -> Vec<(&'static str, (&'static str, &'static str))> {
        let reasons = Reason::ALL.iter().map(|reason| Failure::from(*reason));
        let all = reasons.chain(Own::ALL.iter().map(|own| Failure::from(*own)));
        all.map(|failure| (failure.name(), failure.words_of_reason(language))).collect()
    }

    #[test]
    fn every_failure_has_sentences_and_says_what_no_other_says() {
        for language in [Language::English, Language::Japanese] {
            let mut said = BTreeMap::new();
            for (name, (what, next)) in all(language) {
                for sentence in [what, next] {
                    // A hyphen ends a command that reads standard input.
                    let is_whole = sentence.ends_with(['.', '。', '-']);
                    assert!(is_whole && sentence.chars().count() > 4, "{sentence}");
                }
                assert_ne!(what, next);
                let other = said.insert(what, name).filter(|other| *other != name);
                assert_eq!(other, None, "{name} says the same");
            }
            assert!(said.len() > 130, "only {}", said.len());
        }
    }

    #[test]
    fn each_language_is_that_language() {
        let kana = |text: &str| text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
        let pairs = all(Language::English).into_iter().zip(all(Language::Japanese));
        for ((_, english), (_, japanese)) in pairs {
            for (english, japanese) in [(english.0, japanese.0), (english.1, japanese.1)] {
                assert!(!kana(english) && kana(japanese), "{english} / {japanese}");
            }
        }
    }
}
