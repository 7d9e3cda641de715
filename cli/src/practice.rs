//! The practice site on this machine, with the live phone beside it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;

use countersign_practice::{Options, Running, start};

use crate::args::{Cli, Practice};
use crate::failure::{Failure, Own};
use crate::output::{Console, print};
use crate::session::Place;
use crate::watch::{self, Begin};
use crate::{signals, words};

/// Starts the site and stays until it is left.
pub fn practice(cli: &Cli, args: &Practice, console: Console) -> Result<(), Failure> {
    match args.site_only {
        true if console.json => return Err(Own::Usage.into()),
        true => {}
        false => watch::check_terminal(console)?,
    }
    let site = open(args)?;
    say(&words::practice_site(console.language, &site.base_url()))?;
    let end = if args.site_only { wait(console) } else { phone_beside(cli, console, &site) };
    site.stop();
    end?;
    match &args.database {
        Some(file) => say(&words::practice_kept(console.language, &file.display())),
        None => say(&words::practice_ended(console.language)),
    }
}

fn open(args: &Practice) -> Result<Running, Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port.unwrap_or(0)));
    let database = args.database.clone();
    start(Options { address, database, ..Options::default() }).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied | io::ErrorKind::AddrNotAvailable => {
            Own::PortUnusable.into()
        }
        _ if args.database.is_some() => Own::DatabaseUnusable.into(),
        _ => Own::Internal.into(),
    })
}

/// Until somebody asks it to end.
fn wait(console: Console) -> Result<(), Failure> {
    let (ended, end) = mpsc::channel();
    let stop = move || {
        // Nobody listens any more when the site has ended.
        let _ = ended.send(());
    };
    signals::on_stop(stop).map_err(|_| Own::Internal)?;
    say(&words::practice_begin(console.language))?;
    say(&words::practice_elsewhere(console.language))?;
    end.recv().map_err(|_| Own::Internal.into())
}

/// The live screen: of a vault of its own that goes with it, or of the one that was named.
fn phone_beside(cli: &Cli, console: Console, site: &Running) -> Result<(), Failure> {
    let language = console.language;
    let begin = |grace_ms| Begin {
        grace_ms,
        is_eager: true,
        banner: Some(words::practice_site(language, &site.base_url())),
        welcome: Some(format!("{}\n\n{}", words::practice_begin(language), words::practice_here(language))),
    };
    if cli.vault.is_some() {
        let place = Place::of(cli, console)?;
        let session = place.open_for_screen()?;
        return watch::live(&place, session, begin(Some(watch::GRACE_MS)));
    }
    let folder = tempfile::tempdir().map_err(|_| Own::FileUnwritable)?;
    let place = Place::for_practice(console, folder.path())?;
    let (session, _recovery_code) = place.create()?;
    // Nobody knows its password, so it does not lock.
    watch::live(&place, session, begin(None))
}

fn say(words: &str) -> Result<(), Failure> {
    print(&format!("{words}\n"))
}
