//! What is not right about a command line, in Japanese. clap says it in English only.

use std::fmt::Write as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What other programs call these commands.
const ELSEWHERE: [(&str, &str); 8] = [
    ("delete", "remove"),
    ("rm", "remove"),
    ("ls", "list"),
    ("get", "code"),
    ("otp", "code"),
    ("accept", "approve"),
    ("deny", "decline"),
    ("reject", "decline"),
];

/// Leaves one command in the place of all that are spelt in a similar way: the one that was most likely meant.
pub fn guess_command(error: &mut Error) {
    let typed = error.get(ContextKind::InvalidSubcommand).map(text).unwrap_or_default();
    let known =
        ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == typed).map(|(_, here)| (*here).to_owned());
    // clap has the likeliest last.
    let likeliest = || match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(similar)) => similar.last().cloned(),
        _ => None,
    };
    if let Some(meant) = known.or_else(likeliest) {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![meant]));
    }
}

/// The words of `error`, with the right use; nothing for what is no mistake, as help.
pub fn in_japanese(error: &Error) -> Option<String> {
    let get = |kind| error.get(kind).map(text).unwrap_or_default();
    let (argument, value) = (get(ContextKind::InvalidArg), get(ContextKind::InvalidValue));
    let mut words = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion => return None,
        ErrorKind::InvalidSubcommand => {
            format!("「{}」というコマンドはありません。", get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "コマンドがありません。".to_owned(),
        ErrorKind::UnknownArgument => format!("「{argument}」は、ここでは使えません。"),
        ErrorKind::MissingRequiredArgument => format!("足りないもの: {argument}"),
        ErrorKind::ArgumentConflict => {
            format!("「{argument}」と「{}」は同時に指定できません。", get(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("「{argument}」に値がありません。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("「{argument}」に「{value}」は指定できません。")
        }
        _ => "コマンドラインの書き方が正しくありません。".to_owned(),
    };
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue] {
        if let Some(meant) = error.get(kind) {
            let _ = write!(words, "\n「{}」のことですか。", text(meant));
        }
    }
    if let Some(valid) = error.get(ContextKind::ValidValue) {
        let _ = write!(words, "\n指定できる値: {}", text(valid));
    }
    let usage = get(ContextKind::Usage);
    if !usage.is_empty() {
        let _ = write!(words, "\n\n{}", usage.replacen("Usage:", "使い方:", 1));
    }
    Some(words + "\n\n詳しくは --help を付けて実行してください。")
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(several) => several.join(", "),
        // Its plain form is without colours.
        ContextValue::StyledStr(text) => text.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory as _;

    fn mistake(line: &str) -> Error {
        let words = std::iter::once("countersign").chain(line.split(' '));
        let command = crate::words::in_language(Cli::command(), crate::words::Language::Japanese);
        let mut error = command.try_get_matches_from(words).unwrap_err();
        guess_command(&mut error);
        error
    }

    fn said(line: &str) -> String {
        in_japanese(&mistake(line)).unwrap_or_default()
    }

    #[test]
    fn one_command_is_suggested_and_it_is_the_right_one() {
        for (typed, meant) in [
            ("delete", "remove"),
            ("aprove", "approve"),
            ("recognize", "recognise"),
            ("lsit", "list"),
            ("deny", "decline"),
        ] {
            let found = mistake(typed).get(ContextKind::SuggestedSubcommand).map(text);
            assert_eq!(found.as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn every_mistake_names_what_is_wrong_and_the_use() {
        for (line, words) in [
            ("cod", &["「cod」", "「code」のことですか", "使い方: countersign"][..]),
            ("approve", &["足りないもの: <REQUEST>"]),
            ("approve 1 --numbr 2", &["「--numbr」は、ここでは使えません", "「--number」のことですか"]),
            ("approve 1 --number 2 --answer 3", &["「--number <N>」と「--answer <TEXT>」は同時に"]),
            ("decline 1 --reason y", &["に「y」は指定できません", "unknown_trigger, cancelled"]),
            ("code a --at z", &["「--at <UNIX_TIME>」に「z」は指定できません"]),
            ("code a --at", &["「--at <UNIX_TIME>」に値がありません"]),
        ] {
            let said = said(line);
            for part in words {
                assert!(said.contains(part), "{line}: {said}");
            }
            assert!(!said.contains("error") && !said.contains("Usage"), "{line}: {said}");
        }
        assert_eq!(said("--help"), "");
    }
}
