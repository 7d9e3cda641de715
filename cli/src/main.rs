//! `countersign`: the command-line phone, for testers, administrators and scripts.

#![forbid(unsafe_code)]

mod args;
mod ask;
mod backups;
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
mod panics;
mod practice;
mod session;
mod signals;
mod text;
mod watch;
mod words;

use std::alloc::System;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};
use zeroizing_alloc::ZeroAlloc;

use crate::args::Cli;
use crate::failure::Own;
use crate::output::Console;
use crate::words::Language;

/// Every block is wiped when it is freed, those of libraries as well.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    panics::keep_those_of_readers();
    let language = Language::of_environment();
    let command = words::in_language(Cli::command(), language);
    let typed = command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)?.checked());
    let cli = match typed {
        Ok(cli) => cli,
        Err(mut error) => {
            words::guess_command(&mut error);
            return not_run(&error, language);
        }
    };
    let console = Console { json: cli.json, language, is_quiet: false };
    match commands::run(&cli, console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(console.failure(&failure)),
    }
}

/// Prints help or the version, or what is wrong with the command line and the word that was meant: exit 0 or 2.
fn not_run(error: &clap::Error, language: Language) -> ExitCode {
    let json = std::env::args_os().any(|arg| arg == "--json");
    let console = Console { json, language, is_quiet: false };
    let words = match language {
        Language::English => None,
        Language::Japanese => words::usage_in_japanese(error),
    };
    match words {
        _ if !error.use_stderr() => error.exit(),
        None if !json => error.exit(),
        words => console.note(&words.unwrap_or_else(|| error.render().to_string())),
    }
    if json { ExitCode::from(console.failure(&Own::Usage.into())) } else { ExitCode::from(2) }
}
