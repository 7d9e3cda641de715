//! Every sentence for people, in English and Japanese.

mod examples;
mod help;
mod own;
mod phrases;
mod reasons;
mod texts;
mod times;
mod usage;

pub use help::in_language;
pub use own::of_own;
pub use phrases::*;
pub use reasons::of_reason;
pub use texts::{
    of_abilities, of_check, of_codes, of_difference, of_note, of_odd, of_outcome, of_scanned, of_system,
};
pub use times::local_time;
pub use usage::in_japanese as usage_in_japanese;

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
    use countersign::reason::Reason;

    use super::*;
    use crate::failure::Own;

    #[test]
    fn every_reason_has_four_sentences_of_its_own() {
        let all = Reason::ALL
            .iter()
            .flat_map(|reason| [Language::English, Language::Japanese].map(|l| of_reason(*reason, l)));
        let own =
            Own::ALL.iter().flat_map(|own| [Language::English, Language::Japanese].map(|l| of_own(*own, l)));
        for (what, next) in all.chain(own) {
            for sentence in [what, next] {
                assert!(sentence.len() > 4 && (sentence.ends_with(['.', '。', '-'])), "{sentence}");
            }
            assert_ne!(what, next);
        }
    }

    #[test]
    fn japanese_is_japanese() {
        for reason in Reason::ALL {
            let (what, next) = of_reason(*reason, Language::Japanese);
            assert!(!what.is_ascii() && !next.is_ascii(), "{reason:?}");
        }
    }
}
