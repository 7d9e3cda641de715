use clap::{Arg, Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use crate::args::Cli;
use crate::failure::{Failure, Own};
use crate::output::print;
use crate::words::{self, Language};

/// The completions for a shell.
pub fn completions(shell: Shell, language: Language) -> Result<(), Failure> {
    // Not straight to standard output: the generator panics where that is closed.
    let mut script = Vec::new();
    let mut command = words::in_language(Cli::command(), language);
    clap_complete::generate(shell, &mut command, "countersign", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// The manual page: one for all commands.
pub fn manual(language: Language) -> Result<(), Failure> {
    print(&page(language).ok_or(Own::Internal)?)
}

fn page(language: Language) -> Option<String> {
    let mut command = words::in_language(Cli::command(), language).disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page).ok()?;
    man.render_name_section(&mut page).ok()?;
    man.render_synopsis_section(&mut page).ok()?;
    man.render_options_section(&mut page).ok()?;
    let mut more = Roff::new();
    let (below, tried) = match language {
        Language::English => ("COMMANDS", "EXAMPLES"),
        Language::Japanese => ("コマンド", "例"),
    };
    more.control("SH", [below]);
    commands(&mut more, &command);
    more.control("SH", [tried]);
    examples(&mut more, &command);
    let mut page = String::from_utf8(page).ok()?;
    page.push_str(&more.render());
    Some(page)
}

/// The commands below this one, each under its whole name.
fn commands(page: &mut Roff, above: &Command) {
    for command in above.get_subcommands() {
        let name = command.get_bin_name().unwrap_or(command.get_name());
        page.control("SS", [name]);
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        page.text([roman(about)]);
        let aliases: Vec<_> = command.get_visible_aliases().collect();
        if !aliases.is_empty() {
            page.text([roman("Also: "), bold(aliases.join(", "))]);
        }
        // What every command takes stands in OPTIONS.
        for arg in command.get_arguments().filter(|arg| !arg.is_global_set() && arg.get_id() != "help") {
            argument(page, arg);
        }
        examples(page, command);
        commands(page, command);
    }
}

fn argument(page: &mut Roff, arg: &Arg) {
    let values = arg.get_value_names().unwrap_or_default().join(" ");
    let takes_value = arg.get_action().takes_values();
    let mut names = Vec::new();
    if let Some(short) = arg.get_short() {
        names.extend([bold(format!("-{short}")), roman(", ")]);
    }
    match arg.get_long() {
        Some(long) if takes_value => {
            names.extend([bold(format!("--{long}")), roman(" "), italic(values)]);
        }
        Some(long) => names.push(bold(format!("--{long}"))),
        None => names.push(italic(values)),
    }
    page.control("TP", []);
    page.text(names);
    page.text([roman(arg.get_help().map(ToString::to_string).unwrap_or_default())]);
}

/// The examples of a command as they stand.
fn examples(page: &mut Roff, command: &Command) {
    let Some(examples) = command.get_after_help().map(ToString::to_string) else { return };
    page.control("PP", []);
    page.control("nf", []);
    for line in examples.lines() {
        page.text([roman(line)]);
    }
    page.control("fi", []);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the page without the marks of roff.
    fn plain(language: Language) -> Vec<String> {
        let page = page(language).unwrap();
        let marks = [(r"\fB", ""), (r"\fI", ""), (r"\fR", ""), (r"\-", "-"), (r"\*(Aq", "'")];
        let unmarked =
            |line: &str| marks.iter().fold(line.to_owned(), |line, (mark, text)| line.replace(mark, text));
        page.lines().map(unmarked).collect()
    }

    fn is_complete(page: &[String], command: &Command) {
        for sub in command.get_subcommands() {
            let name = sub.get_bin_name().unwrap();
            let heading = format!(".SS \"{name}\"");
            let at = page.iter().position(|line| *line == heading).unwrap_or_else(|| panic!("no {heading}"));
            let section: Vec<_> =
                page.iter().skip(at + 1).take_while(|line| !line.starts_with(".S")).collect();
            let has = |text: &str| {
                assert!(section.iter().any(|line| line.contains(text)), "{name}: {text} {section:#?}")
            };
            has(&sub.get_about().unwrap().to_string());
            for arg in sub.get_arguments().filter(|arg| !arg.is_global_set() && arg.get_id() != "help") {
                arg.get_long().into_iter().for_each(|long| has(&format!("--{long}")));
                if arg.get_action().takes_values() {
                    arg.get_value_names().unwrap().iter().for_each(|value| has(value));
                }
                has(&arg.get_help().unwrap().to_string());
            }
            is_complete(page, sub);
        }
    }

    #[test]
    fn the_manual_names_every_command_with_its_options() {
        for language in [Language::English, Language::Japanese] {
            let mut command = words::in_language(Cli::command(), language).disable_help_subcommand(true);
            command.build();
            is_complete(&plain(language), &command);
        }
        let page = plain(Language::English);
        for heading in ["NAME", "SYNOPSIS", "OPTIONS", "COMMANDS", "EXAMPLES"] {
            assert_eq!(page.iter().filter(|line| **line == format!(".SH {heading}")).count(), 1, "{heading}");
        }
        for global in ["--vault", "--password-file", "--accept-older", "--json"] {
            let before_commands: Vec<_> = page.iter().take_while(|line| *line != ".SH COMMANDS").collect();
            assert!(before_commands.iter().any(|line| line.starts_with(global)), "{global}");
        }
    }
}
