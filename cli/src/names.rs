//! The names that scripts see: they stay, whatever the code behind them is called.

use countersign::account::System;
use countersign::approval::{AnswerKind, AnswerResult, CheckKind};
use countersign::link::Odd;
use countersign::transfer::import::{Differs, Entry, Note, Row, Standing};

/// What an approval needs.
pub const fn of_answer(answer: &AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Number => "number",
        AnswerKind::Text => "text",
        AnswerKind::Pin { .. } => "pin",
        AnswerKind::Choice { .. } => "choice",
        AnswerKind::None => "none",
    }
}

/// What became of a request.
pub const fn of_result(result: AnswerResult) -> &'static str {
    match result {
        AnswerResult::Approved => "approved",
        AnswerResult::Declined => "declined",
        AnswerResult::Expired => "expired",
        AnswerResult::AnsweredElsewhere => "answered_elsewhere",
        AnswerResult::WrongAnswer => "wrong_answer",
        AnswerResult::Unknown => "unknown",
    }
}

/// What a self-test looks at.
pub const fn of_check(check: CheckKind) -> &'static str {
    match check {
        CheckKind::Key => "key",
        CheckKind::Server => "server",
        CheckKind::Client => "client",
        CheckKind::Registration => "registration",
        CheckKind::Clock => "clock",
    }
}

/// The approval system of an account.
pub const fn of_system(system: System) -> &'static str {
    match system {
        System::KeycloakPush => "KeycloakPush",
        System::PrivacyIdea => "PrivacyIdea",
    }
}

/// What was odd in a set-up code.
pub const fn of_odd(odd: Odd) -> &'static str {
    match odd {
        Odd::IssuersDiffer => "IssuersDiffer",
        Odd::SecretOddLength => "SecretOddLength",
        Odd::SecretSpaced => "SecretSpaced",
        Odd::SecretShort => "SecretShort",
        Odd::PlusReadAsSpace => "PlusReadAsSpace",
        Odd::ParameterRepeated => "ParameterRepeated",
        Odd::HashInLabel => "HashInLabel",
        Odd::DefaultTaken => "DefaultTaken",
        Odd::ParameterIgnored => "ParameterIgnored",
        Odd::CounterMissing => "CounterMissing",
        Odd::HtmlEscaped => "HtmlEscaped",
        Odd::SteamMarker => "SteamMarker",
        Odd::NameCleaned => "NameCleaned",
        Odd::NameShortened => "NameShortened",
        Odd::Auth0Guardian => "Auth0Guardian",
        Odd::ByteOrderMark => "ByteOrderMark",
        Odd::SlashesMissing => "SlashesMissing",
        Odd::UnusualSpelling => "UnusualSpelling",
        Odd::IssuerMissing => "IssuerMissing",
        Odd::AccountMissing => "AccountMissing",
        Odd::PercentAlone => "PercentAlone",
    }
}

/// What becomes of an entry of another app's file. `odd` is new and was read in a way that the person should know of.
pub fn of_outcome(row: &Row, entry: &Entry) -> &'static str {
    match row.standing {
        Standing::New if entry.is_odd() => "odd",
        Standing::New | Standing::InTrash { .. } => "new",
        Standing::Same { .. } | Standing::Repeated { .. } => "same",
        Standing::Differs { .. } => "differs",
        Standing::Refused { .. } => "refused",
    }
}

/// In what an entry differs from an account.
pub const fn of_difference(differs: Differs) -> &'static str {
    match differs {
        Differs::Seed => "secret",
        Differs::Names => "names",
        Differs::Parameters => "parameters",
        Differs::Counter => "counter",
        Differs::Details => "details",
    }
}

/// What else is told of an entry.
pub const fn of_note(note: Note) -> &'static str {
    match note {
        Note::InTrash => "InTrash",
        Note::Shortened => "Shortened",
        Note::BackToTrash => "BackToTrash",
        Note::ApprovalLeft => "ApprovalLeft",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, Own};

    /// A name that is changed here breaks somebody's script.
    #[test]
    fn names_stay() {
        let answers = [
            AnswerKind::Number,
            AnswerKind::Text,
            AnswerKind::Pin { length: 4 },
            AnswerKind::Choice { words: Vec::new() },
            AnswerKind::None,
        ];
        assert_eq!(answers.each_ref().map(of_answer), ["number", "text", "pin", "choice", "none"]);
        assert_eq!(
            [
                AnswerResult::Approved,
                AnswerResult::Declined,
                AnswerResult::Expired,
                AnswerResult::AnsweredElsewhere,
                AnswerResult::WrongAnswer,
                AnswerResult::Unknown,
            ]
            .map(of_result),
            ["approved", "declined", "expired", "answered_elsewhere", "wrong_answer", "unknown"]
        );
        assert_eq!(
            [CheckKind::Key, CheckKind::Server, CheckKind::Client, CheckKind::Registration, CheckKind::Clock]
                .map(of_check),
            ["key", "server", "client", "registration", "clock"]
        );
        assert_eq!(
            [System::KeycloakPush, System::PrivacyIdea].map(of_system),
            ["KeycloakPush", "PrivacyIdea"]
        );
        assert_eq!(
            [
                Odd::IssuersDiffer,
                Odd::SecretOddLength,
                Odd::SecretSpaced,
                Odd::SecretShort,
                Odd::PlusReadAsSpace,
                Odd::ParameterRepeated,
                Odd::HashInLabel,
                Odd::DefaultTaken,
                Odd::ParameterIgnored,
                Odd::CounterMissing,
                Odd::HtmlEscaped,
                Odd::SteamMarker,
                Odd::NameCleaned,
                Odd::NameShortened,
                Odd::Auth0Guardian,
                Odd::ByteOrderMark,
                Odd::SlashesMissing,
                Odd::UnusualSpelling,
                Odd::IssuerMissing,
                Odd::AccountMissing,
                Odd::PercentAlone,
            ]
            .map(of_odd),
            [
                "IssuersDiffer",
                "SecretOddLength",
                "SecretSpaced",
                "SecretShort",
                "PlusReadAsSpace",
                "ParameterRepeated",
                "HashInLabel",
                "DefaultTaken",
                "ParameterIgnored",
                "CounterMissing",
                "HtmlEscaped",
                "SteamMarker",
                "NameCleaned",
                "NameShortened",
                "Auth0Guardian",
                "ByteOrderMark",
                "SlashesMissing",
                "UnusualSpelling",
                "IssuerMissing",
                "AccountMissing",
                "PercentAlone",
            ]
        );
        let differs =
            [Differs::Seed, Differs::Names, Differs::Parameters, Differs::Counter, Differs::Details];
        assert_eq!(differs.map(of_difference), ["secret", "names", "parameters", "counter", "details"]);
        let notes = [Note::InTrash, Note::Shortened, Note::BackToTrash, Note::ApprovalLeft];
        assert_eq!(notes.map(of_note), ["InTrash", "Shortened", "BackToTrash", "ApprovalLeft"]);
        assert_eq!(
            Own::ALL.map(|own| Failure::from(own).name()),
            [
                "Ambiguous",
                "AccountNotFound",
                "FileUnreadable",
                "InputTooLarge",
                "HomeUnknown",
                "FileUnwritable",
                "PasswordNeeded",
                "FilePasswordNeeded",
                "PasswordUnusable",
                "AnswerNeeded",
                "YesNeeded",
                "Cancelled",
                "BackupPlaceNeeded",
                "SeveralCodes",
                "NoSuchCode",
                "Interrupted",
                "NoCodes",
                "NoApprovals",
                "TerminalNeeded",
                "PortUnusable",
                "DatabaseUnusable",
                "ResultUnwritten",
                "DemoStopped",
                "Usage",
                "Internal",
            ]
        );
    }
}
