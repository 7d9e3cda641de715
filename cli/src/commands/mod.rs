//! One file a command, or a few that belong together.

mod add;
mod answer;
mod backup;
mod clock;
mod codes;
mod device;
mod expect;
mod export;
mod find;
pub mod floods;
mod history;
mod import;
mod list;
mod look;
mod manage;
mod manual;
mod not_me;
mod organisation;
mod pictures;
mod recognise;
mod requests;
mod scan;
mod show;
mod vault;

pub use add::{GivenClient, enrolment, store};
#[cfg(test)]
pub use expect::expected;
pub use find::find;
pub use import::Numbers;
pub use look::look;
#[cfg(test)]
pub use manage::delete;
pub use requests::accounts;
pub use scan::scan;

use crate::args::{Cli, Command, QrCommand, RecoveryCommand};
use crate::failure::Failure;
use crate::output::Console;
use crate::session::Place;

/// Runs the command that was typed.
pub fn run(cli: &Cli, console: Console) -> Result<(), Failure> {
    let place = || Place::of(cli, console);
    match &cli.command {
        Command::Init(args) => vault::init(&place()?, args),
        Command::Add(args) => add::add(&place()?, args),
        Command::Organisation(args) => organisation::organisation(&place()?, args),
        Command::Import(args) => import::import(&place()?, args),
        Command::Export(args) => export::export(&place()?, args),
        Command::Backup(args) => backup::backup(&place()?, args),
        Command::RestoreBackup(args) => import::restore(&place()?, args),
        Command::List(args) => list::list(&place()?, args),
        Command::Show(args) => show::show(&place()?, &args.query),
        Command::Rename(args) => manage::rename(&place()?, args),
        Command::Code(args) => codes::code(&place()?, args),
        Command::Remove(args) => manage::remove(&place()?, &args.query),
        Command::Restore(args) => manage::restore(&place()?, &args.query),
        Command::Purge(args) => manage::purge(&place()?, args),
        Command::Passwd(args) => vault::passwd(&place()?, args),
        Command::Recovery(args) => match args.command {
            RecoveryCommand::New => vault::new_recovery_code(&place()?),
            RecoveryCommand::Check => vault::check_recovery_code(&place()?),
        },
        Command::Qr(args) => match &args.command {
            QrCommand::Read { files } => pictures::read(files, console),
            QrCommand::Show(args) => pictures::show(&place()?, args),
        },
        Command::Recognise(args) => recognise::recognise(&args.input, console),
        Command::Completions { shell } => manual::completions(*shell, console.language),
        Command::Man => manual::manual(console.language),
        Command::Pending(args) => requests::pending(&place()?, args),
        Command::Expect(args) => requests::expect(&place()?, args),
        Command::Quiet(args) => floods::quiet(&place()?, args),
        Command::Approve(args) => answer::approve(&place()?, args),
        Command::Decline(args) => answer::decline(&place()?, args),
        Command::History(args) => history::history(&place()?, args),
        Command::RotateKey(args) => device::rotate_key(&place()?, &args.query),
        Command::PushAddress(args) => device::push_address(&place()?, args),
        Command::LockOut(args) => device::lock_out(&place()?, args),
        Command::SelfTest(args) => device::self_test(&place()?, args),
        Command::Clock(args) => clock::clock(&place()?, args),
        Command::Watch => crate::watch::watch(&place()?, console),
        Command::Practice(args) => crate::practice::practice(cli, args, console),
        Command::Demo => crate::demo::demo(console),
    }
}
