//! A request as a server describes it, and what is shown of it.

use super::outcome::{AnswerKind, Request};
use crate::clock::{ClockOffset, UnixTime};
use crate::link::clean_name;
use crate::reason::Reason;
use crate::secret::Secret;

/// More options than a server may offer.
pub(super) const MAX_OPTIONS: usize = 100;

/// A request for approval. The names are as the server sent them.
pub(super) struct Challenge {
    /// The server's id of it.
    pub(super) id: String,
    pub(super) application: String,
    pub(super) account: String,
    pub(super) question: String,
    /// By the server's clock.
    pub(super) asked_at: Option<UnixTime>,
    /// Where the server does not say the one above. By the server's clock.
    pub(super) seen_at: Option<UnixTime>,
    /// By the server's clock.
    pub(super) expires_at: UnixTime,
    pub(super) demand: Demand,
    pub(super) takes_decline_reason: bool,
    /// Where it comes from; empty where the server does not say.
    pub(super) from: String,
    /// What the dialect needs for the answer besides the id; empty where the id is enough.
    pub(super) details: Secret,
}

/// What an approval needs, with what the server offers, in its own spelling.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Demand {
    /// One of these numbers.
    Number(Vec<String>),
    /// One of these letters.
    Text(Vec<String>),
    /// One of these words.
    Choice(Vec<String>),
    /// So many characters.
    Pin { length: u32 },
    /// Nothing.
    None,
    /// Something that this app can't ask for, and why. Such a request can be declined, so that it blocks no others.
    Unusable(Reason),
}

impl Challenge {
    /// What is shown, with times by the device's clock and without the offered numbers.
    pub(super) fn request(&self, offset: ClockOffset) -> Request {
        let here = |time: UnixTime| time.plus(offset.seconds.saturating_neg());
        Request {
            id: self.id.clone(),
            application: clean_name(&self.application).text,
            account: clean_name(&self.account).text,
            question: clean_name(&self.question).text,
            asked_at: self.asked_at.map(here),
            seen_at: self.seen_at.map(here),
            expires_at: here(self.expires_at),
            answer: self.demand.kind(),
            takes_decline_reason: self.takes_decline_reason,
            from: Some(clean_name(&self.from).text).filter(|from| !from.is_empty()),
        }
    }
}

impl Demand {
    /// What options without a name for their kind are: numbers, letters, or an organisation's own words.
    pub(super) fn of_options(options: Vec<String>) -> Self {
        let all =
            |is: fn(char) -> bool| options.iter().all(|option| !option.is_empty() && option.chars().all(is));
        if all(|c| c.is_ascii_digit()) {
            Self::Number(options)
        } else if all(char::is_alphabetic) && options.iter().all(|option| option.chars().count() == 1) {
            Self::Text(options)
        } else {
            Self::Choice(options)
        }
    }

    fn kind(&self) -> AnswerKind {
        match self {
            Self::Number(_) => AnswerKind::Number,
            Self::Text(_) => AnswerKind::Text,
            Self::Pin { length } => AnswerKind::Pin { length: *length },
            Self::None => AnswerKind::None,
            Self::Unusable(reason) => AnswerKind::Unsupported { reason: *reason },
            Self::Choice(words) => {
                AnswerKind::Choice { words: words.iter().map(|word| clean_name(word).text).collect() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_apart_by_what_they_are() {
        let of = |text: &str| Demand::of_options(text.split(',').map(str::to_owned).collect()).kind();
        assert_eq!(of("70,31,93,91"), AnswerKind::Number);
        assert_eq!(of("00,07"), AnswerKind::Number);
        assert_eq!(of("A,Q,Z"), AnswerKind::Text);
        assert_eq!(of("A,Q,ZZ"), AnswerKind::Choice { words: ["A", "Q", "ZZ"].map(str::to_owned).into() });
        assert_eq!(of("A,1"), AnswerKind::Choice { words: ["A", "1"].map(str::to_owned).into() });
        assert_eq!(of("7,\u{202e}x"), AnswerKind::Choice { words: ["7", "x"].map(str::to_owned).into() });
    }
}
