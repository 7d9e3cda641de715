//! Why a file was not read, with what is known of it beside the reason.

use countersign::reason::Reason;
use countersign::transfer::import::{App, Figures, Refused};

use super::{Language, phrases, reasons};

/// What it is and what to do now.
pub fn of_refused(refused: &Refused, language: Language) -> (String, String) {
    let (what, next) = reasons::of_reason(refused.reason, language);
    let (what, next) = (what.to_owned(), next.to_owned());
    if let Some(figures) = refused.figures {
        let what = format!("{what} {}", of_figures(refused.reason, figures, language));
        let is_memory = figures.unit == "KiB";
        let is_work = refused.reason == Reason::DerivationTooCostly && !is_memory;
        return (what, if is_work { phrases::too_much_work_next(language) } else { next });
    }
    match (refused.app, refused.reason) {
        (Some(App::Countersign), Reason::ImportWrongPassword) => {
            (what, phrases::backup_password_next(language))
        }
        (Some(App::Countersign), Reason::NewerFormat) => {
            (phrases::newer_backup(language), phrases::newer_backup_next(language))
        }
        (Some(App::Countersign), Reason::ImportDamaged) => (what, phrases::damaged_backup_next(language)),
        (Some(app), reason) if is_of_one_app(reason) => (format!("{}: {what}", app.name()), next),
        _ => (what, next),
    }
}

/// What has to be set right in the app that wrote the file.
const fn is_of_one_app(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::NewerFormat
            | Reason::OlderFormat
            | Reason::ImportDamaged
            | Reason::AccountRestricted
            | Reason::NoPasswordSlot
    )
}

fn of_figures(reason: Reason, figures: Figures, language: Language) -> String {
    let amount = |amount: u64| {
        let mib = || grouped(amount.div_ceil(1024));
        match figures.unit {
            "KiB" => phrases::of_mib(language, &mib()),
            "KiB of passes" => phrases::of_passes(language, &mib()),
            "rounds" => phrases::of_rounds(language, &grouped(amount)),
            "entries" => phrases::of_entries(language, &grouped(amount)),
            _ => phrases::of_bytes(language, &grouped(amount)),
        }
    };
    let (wanted, most) = (amount(figures.wanted), amount(figures.most));
    match reason {
        Reason::DerivationTooCostly => phrases::wants(language, &wanted, &most),
        _ => phrases::has(language, &wanted, &most),
    }
}

/// With a comma after each three digits, which both languages have.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(reason: Reason, figures: Option<Figures>, app: Option<App>) -> (String, String) {
        of_refused(&Refused { reason, figures, app }, Language::English)
    }

    #[test]
    fn figures_are_said_and_memory_alone_can_be_given() {
        let costly = |wanted, most, unit| {
            let figures = Some(Figures { wanted, most, unit });
            refused(Reason::DerivationTooCostly, figures, None)
        };
        let (what, next) = costly(1024 * 1024, 256 * 1024, "KiB");
        assert!(what.ends_with("It wants 1,024 MiB; at most 256 MiB are given."), "{what}");
        assert!(next.contains("--memory"));
        for (unit, told) in
            [("rounds", "20,000,000 rounds; at most 999 "), ("KiB of passes", "19,532 MiB over all passes; ")]
        {
            let (what, next) = costly(20_000_000, 999, unit);
            assert!(what.contains(told) && !next.contains("--memory"), "{what} {next}");
        }
        let figures = Some(Figures { wanted: 20_001, most: 20_000, unit: "entries" });
        let (what, _) = refused(Reason::ImportTooLarge, figures, None);
        assert!(what.ends_with("It has 20,001 entries; at most 20,000 entries are read."), "{what}");
    }

    #[test]
    fn the_app_is_named_and_a_backup_of_ours_is_no_other_app() {
        let (what, _) = refused(Reason::NewerFormat, None, Some(App::TwoFas));
        assert!(what.starts_with("2FAS: "), "{what}");
        let (what, _) = refused(Reason::ImportWrongPassword, None, Some(App::TwoFas));
        assert!(what.starts_with("The password"), "{what}");
        for reason in [Reason::ImportWrongPassword, Reason::NewerFormat, Reason::ImportDamaged] {
            let (what, next) = refused(reason, None, Some(App::Countersign));
            assert!(!format!("{what} {next}").contains("app"), "{what} {next}");
        }
    }
}
