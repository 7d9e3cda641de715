//! What the server says: a number in JSON, or a word where it knows only the first version of the protocol. The status
//! is 200 or 403 beside either.

use serde_json::Value;

use super::super::step::HttpReply;

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Yes,
    /// A no without a cause.
    No,
    /// The answer is not that of the secret which the server knows.
    WrongResponse {
        /// Before the account is blocked, where the server counts.
        before_block: Option<u8>,
    },
    WrongRequest,
    WrongChallenge,
    /// For a while, or until somebody lifts it.
    Blocked,
    WrongUser,
    /// None of these.
    Nothing,
}

pub(super) fn read(reply: &HttpReply) -> Said {
    // EXPOSE: an answer is read.
    match serde_json::from_slice(reply.body.expose()) {
        Ok(Value::Object(said)) => of_code(
            said.get("responseCode").and_then(Value::as_u64),
            said.get("attemptsLeft").and_then(Value::as_u64),
        ),
        Ok(Value::Number(code)) => of_code(code.as_u64(), None),
        Ok(Value::String(words)) => of_words(&words),
        // EXPOSE: as above.
        _ => of_words(reply.body.expose_str().unwrap_or_default()),
    }
}

fn of_code(code: Option<u64>, before_block: Option<u64>) -> Said {
    match code {
        Some(1) => Said::Yes,
        Some(101 | 200) => Said::No,
        Some(201) => Said::WrongResponse { before_block: before_block.and_then(|left| left.try_into().ok()) },
        Some(202) => Said::WrongRequest,
        Some(203) => Said::WrongChallenge,
        Some(204) => Said::Blocked,
        Some(205) => Said::WrongUser,
        _ => Said::Nothing,
    }
}

/// A word, and behind a colon a number: of tries, or of minutes for which the account is blocked.
fn of_words(words: &str) -> Said {
    let (word, number) = words.trim().split_once(':').unwrap_or((words.trim(), ""));
    match word {
        "OK" => Said::Yes,
        "ERROR" | "AUTHENTICATION_FAILED" => Said::No,
        "INVALID_RESPONSE" => Said::WrongResponse { before_block: number.trim().parse().ok() },
        "INVALID_REQUEST" => Said::WrongRequest,
        "INVALID_CHALLENGE" => Said::WrongChallenge,
        "ACCOUNT_BLOCKED" => Said::Blocked,
        "INVALID_USER" | "INVALID_USERID" => Said::WrongUser,
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn numbers_and_words_mean_the_same() {
        let left = |before_block| Said::WrongResponse { before_block };
        for (body, expected) in [
            (r#"{"responseCode":1}"#, Said::Yes),
            ("OK", Said::Yes),
            (" OK\n", Said::Yes),
            (r#""OK""#, Said::Yes),
            ("1", Said::Yes),
            (r#"{"responseCode":101}"#, Said::No),
            (r#"{"responseCode":200}"#, Said::No),
            ("AUTHENTICATION_FAILED", Said::No),
            (r#"{"responseCode":201}"#, left(None)),
            (r#"{"responseCode":201,"attemptsLeft":2}"#, left(Some(2))),
            (r#"{"responseCode":201,"attemptsLeft":-2}"#, left(None)),
            ("INVALID_RESPONSE", left(None)),
            ("INVALID_RESPONSE:0", left(Some(0))),
            ("INVALID_RESPONSE:many", left(None)),
            (r#"{"responseCode":202}"#, Said::WrongRequest),
            ("INVALID_REQUEST", Said::WrongRequest),
            (r#"{"responseCode":203}"#, Said::WrongChallenge),
            ("INVALID_CHALLENGE", Said::WrongChallenge),
            (r#"{"responseCode":204,"duration":5}"#, Said::Blocked),
            ("ACCOUNT_BLOCKED:5", Said::Blocked),
            (r#"{"responseCode":205}"#, Said::WrongUser),
            ("INVALID_USER", Said::WrongUser),
            ("INVALID_USERID", Said::WrongUser),
            ("", Said::Nothing),
            ("{}", Said::Nothing),
            ("<!DOCTYPE html>", Said::Nothing),
        ] {
            let reply =
                HttpReply { status: 200, headers: Vec::new(), body: Secret::copy_of(body.as_bytes()) };
            assert_eq!(read(&reply), expected, "{body}");
        }
    }
}
