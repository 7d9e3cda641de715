//! The names that scripts see: they stay, whatever the code behind them is called.

use countersign::approval::{AnswerKind, AnswerResult, CheckKind};
use countersign::authenticator::PastStanding;
use countersign::link::Odd;
use countersign::transfer::export::{Carried, LeftOut, Lost};
use countersign::transfer::import::{Differs, Entry, Note, Row, Standing};

/// What an approval needs.
pub const fn of_answer(answer: &AnswerKind) -> &'static str {
    match answer {
        AnswerKind::Number => "number",
        AnswerKind::Text => "text",
        AnswerKind::Pin { .. } => "pin",
        AnswerKind::Choice { .. } => "choice",
        AnswerKind::None => "none",
        AnswerKind::Unsupported { .. } => "unsupported",
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

/// How a request of the past stands.
pub const fn of_standing(standing: PastStanding) -> &'static str {
    match standing {
        PastStanding::Waiting => "waiting",
        PastStanding::Unanswered => "unanswered",
        PastStanding::Answered(result) => of_result(result),
        PastStanding::LockedOut => "locked_out",
    }
}

/// What a self-test looks at.
pub const fn of_check(check: CheckKind) -> &'static str {
    match check {
        CheckKind::Key => "key",
        CheckKind::Network => "network",
        CheckKind::Server => "server",
        CheckKind::Clock => "clock",
        CheckKind::Client => "client",
        CheckKind::Registration => "registration",
        CheckKind::Requests => "requests",
        CheckKind::OtherPhone => "other_phone",
        CheckKind::Notifications => "notifications",
        CheckKind::Background => "background",
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

/// What becomes of an account in an export.
pub const fn of_carried(carried: &Carried) -> &'static str {
    match carried {
        Carried::Whole => "whole",
        Carried::Without(_) => "without",
        Carried::LeftOut(_) => "left_out",
    }
}

/// Why an account is left out of an export.
pub const fn of_left_out(why: LeftOut) -> &'static str {
    match why {
        LeftOut::NoCodes => "no_codes",
        LeftOut::Kind => "kind",
        LeftOut::Algorithm => "algorithm",
        LeftOut::Digits => "digits",
        LeftOut::Period => "period",
        LeftOut::Counter => "counter",
        LeftOut::Secret => "secret",
        LeftOut::Name => "name",
        LeftOut::TooLong => "too_long",
        LeftOut::Damaged => "damaged",
    }
}

/// What an export does not carry of an account.
pub const fn of_lost(lost: Lost) -> &'static str {
    match lost {
        Lost::Approvals => "approvals",
        Lost::Note => "note",
        Lost::Tags => "tags",
        Lost::MoreTags => "more_tags",
        Lost::Favourite => "favourite",
        Lost::QrCode => "qr_code",
    }
}

#[cfg(test)]
mod tests {
    use countersign::reason::Reason;

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
            AnswerKind::Unsupported { reason: Reason::AnswerKindUnsupported },
        ];
        let names = ["number", "text", "pin", "choice", "none", "unsupported"];
        assert_eq!(answers.each_ref().map(of_answer), names);
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
            [
                CheckKind::Key,
                CheckKind::Network,
                CheckKind::Server,
                CheckKind::Clock,
                CheckKind::Client,
                CheckKind::Registration,
                CheckKind::Requests,
                CheckKind::OtherPhone,
                CheckKind::Notifications,
                CheckKind::Background,
            ]
            .map(of_check),
            [
                "key",
                "network",
                "server",
                "clock",
                "client",
                "registration",
                "requests",
                "other_phone",
                "notifications",
                "background"
            ]
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
        let left_out = [
            LeftOut::NoCodes,
            LeftOut::Kind,
            LeftOut::Algorithm,
            LeftOut::Digits,
            LeftOut::Period,
            LeftOut::Counter,
            LeftOut::Secret,
            LeftOut::Name,
            LeftOut::TooLong,
            LeftOut::Damaged,
        ];
        assert_eq!(
            left_out.map(of_left_out),
            [
                "no_codes",
                "kind",
                "algorithm",
                "digits",
                "period",
                "counter",
                "secret",
                "name",
                "too_long",
                "damaged",
            ]
        );
        let lost = [Lost::Approvals, Lost::Note, Lost::Tags, Lost::MoreTags, Lost::Favourite, Lost::QrCode];
        assert_eq!(lost.map(of_lost), ["approvals", "note", "tags", "more_tags", "favourite", "qr_code"]);
        let carried = [Carried::Whole, Carried::Without(Vec::new()), Carried::LeftOut(LeftOut::Kind)];
        assert_eq!(carried.each_ref().map(of_carried), ["whole", "without", "left_out"]);
        assert_eq!(
            Own::ALL.map(|own| Failure::from(own).name()),
            [
                "NotASignIn",
                "Ambiguous",
                "AccountNotFound",
                "FileUnreadable",
                "InputTooLarge",
                "HomeUnknown",
                "FileUnwritable",
                "FileExists",
                "PictureKindUnknown",
                "PasswordNeeded",
                "FilePasswordNeeded",
                "NewPasswordNeeded",
                "NothingToExport",
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
