//! Every sentence for people, in English and Japanese.

mod phrases;
mod reasons;

pub use phrases::*;
pub use reasons::{next_tap, what_it_is};

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
