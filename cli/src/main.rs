//! `countersign`: the command-line phone, for testers, administrators and scripts.

#![forbid(unsafe_code)]

mod args;
mod ask;
mod clock;
mod commands;
mod demo;
mod failure;
mod files;
mod heads;
mod host;
mod http;
mod keys;
mod names;
mod output;
mod practice;
mod session;
mod signals;
mod text;
mod watch;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::args::Cli;
use crate::failure::Own;
use crate::output::Console;
use crate::words::Language;

fn main() -> ExitCode {
    let language = Language::of_environment();
    let command = match language {
        Language::English => Cli::command(),
        Language::Japanese => words::help_in_japanese(Cli::command()),
    };
    let cli = match command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && std::env::args_os().any(|arg| arg == "--json") => {
            let console = Console { json: true, language };
            console.note(&error.render().to_string());
            return ExitCode::from(console.failure(&Own::Usage.into()));
        }
        // Prints help, the version, or what is wrong and the word that was meant: exit 0 or 2.
        Err(error) => error.exit(),
    };
    let console = Console { json: cli.json, language };
    match commands::run(&cli, console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(console.failure(&failure)),
    }
}
