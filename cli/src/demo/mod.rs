//! The main job played from end to end: the practice site, a visitor of its pages, and this phone beside it, through
//! real HTTP, real pictures and a real vault file.

pub mod browser;
mod page;
mod phone;
mod picture;
mod play;
mod stage;

use std::path::Path;

use countersign_practice::{Options, Running, start};

use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::session::Place;
use crate::signals;
use crate::words::{self, Language};

use browser::Browser;
use phone::Phone;
use play::Play;
use stage::Stage;

/// Plays the demo; nothing of it stays on the machine.
pub fn demo(console: Console) -> Result<(), Failure> {
    if console.json {
        return Err(Own::Usage.into());
    }
    let folder = tempfile::tempdir().map_err(|_| Own::FileUnwritable)?;
    let left = folder.path().to_owned();
    let stop = move || {
        // Nothing else would remove the folder.
        let _ = std::fs::remove_dir_all(left);
        std::process::exit(130);
    };
    signals::on_stop(stop).map_err(|_| Own::Internal)?;
    played(console, folder.path()).map_err(|surprise| {
        console.note(&surprise.words(console.language));
        Own::DemoStopped.into()
    })
}

fn played(console: Console, folder: &Path) -> Result<(), Surprise> {
    let site: Running = start(Options::default()).map_err(|_| Surprise::NoSite)?;
    let stage = Stage::open(console, &site.base_url());
    let language = match console.language {
        Language::English => "en",
        Language::Japanese => "ja",
    };
    let browser = Browser::open(site.base_url(), language)?;
    let quiet = Console { is_quiet: true, ..console };
    let phone = Phone::new(&Place::for_practice(quiet, folder)?)?;
    Play::new(stage, browser, phone, folder, console.language).run()?;
    site.stop();
    Ok(())
}

/// What the play did not expect.
#[derive(Debug)]
pub enum Surprise {
    /// The site did not start.
    NoSite,
    /// A page did not come, or is none.
    NoPage,
    /// A page lacks what it should have.
    Page {
        /// The id of the element.
        wanted: String,
        /// The page's heading.
        title: String,
        /// The status of its answer.
        status: u16,
    },
    /// The page's code is no picture, or could not be written.
    Picture,
    /// The phone found no request where one waits, or more than one.
    NoRequest,
    /// The phone refused or failed.
    Phone(Failure),
}

impl Surprise {
    fn words(&self, language: Language) -> String {
        match self {
            Self::NoSite => words::surprise_site(language),
            Self::NoPage => words::surprise_no_page(language),
            Self::Page { wanted, title, status } => words::surprise_page(language, title, status, wanted),
            Self::Picture => words::surprise_picture(language),
            Self::NoRequest => words::surprise_no_request(language),
            Self::Phone(failure) => {
                let (what, next) = failure.words(language);
                format!("{what} {next}")
            }
        }
    }
}

impl From<Failure> for Surprise {
    fn from(failure: Failure) -> Self {
        Self::Phone(failure)
    }
}
