//! The live screen: codes with their count-downs, search, and sign-in requests to answer.
//!
//! [`state::State`] is what is shown, `keys`, `news` and `lock_out` change it, `parts` and `draw` show it: none of them
//! does anything. `engine` does what they want, with the vault; the loop here is what is left.

mod draw;
mod engine;
mod event;
mod field;
mod jobs;
mod keys;
mod lock_out;
mod news;
mod panel;
mod parts;
mod stands;
mod state;
mod style;
mod terminal;

use std::io::{self, ErrorKind, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{process, thread};

use crate::backups;
use crate::clock::now;
use crate::failure::{Failure, Own};
use crate::output::Console;
use crate::session::{Place, Session};
use crate::signals;

use engine::Engine;
use event::{Event, Order};
use state::State;
use terminal::Screen;

/// Locks after so long without a key.
pub const GRACE_MS: u64 = 5 * 60 * 1000;
/// How long the loop waits for a key before it looks around.
const BEAT: Duration = Duration::from_millis(100);
/// How long the screen has to end when it is asked to.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

/// How a screen begins.
pub struct Begin {
    /// Locks after so many milliseconds without a key; `None`: never.
    pub grace_ms: Option<u64>,
    /// Looks for requests every two seconds: for a site on this machine.
    pub is_eager: bool,
    /// A line above everything.
    pub banner: Option<String>,
    /// What is shown while there is no account.
    pub welcome: Option<String>,
}

/// Opens the vault and shows the screen until it is left.
pub fn watch(place: &Place, console: Console) -> Result<(), Failure> {
    check_terminal(console)?;
    let mut session = place.open_for_screen()?;
    let banner = backups::warning(&mut session)?;
    live(place, session, Begin { grace_ms: Some(GRACE_MS), is_eager: false, banner, welcome: None })
}

/// Whether there is a terminal to show the screen in.
pub fn check_terminal(console: Console) -> Result<(), Failure> {
    match (console.json, io::stdin().is_terminal() && io::stdout().is_terminal()) {
        (true, _) => Err(Own::Usage.into()),
        (false, true) => Ok(()),
        (false, false) => Err(Own::TerminalNeeded.into()),
    }
}

/// Shows the screen of an open vault until it is left.
///
/// A process that is asked to end, or whose terminal goes, ends with [`Own::Interrupted`].
pub fn live(place: &Place, session: Session, begin: Begin) -> Result<(), Failure> {
    let console = session.console;
    let mut state = State::new(console.language, console.in_colour(), now());
    state.eager = begin.is_eager;
    state.can_lock = begin.grace_ms.is_some();
    state.banner = begin.banner;
    state.welcome = begin.welcome.unwrap_or(state.welcome);
    let mut engine = Engine::new(place, session, begin.grace_ms);
    engine.carry_out(Order::List(String::new()));
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let ask = move || {
        asked.store(true, Ordering::Relaxed);
        thread::sleep(ENDS_WITHIN);
        // The screen may hang at its terminal or its disk. The vault bears any end; unlocked it must not stay.
        process::exit(i32::from(Failure::from(Own::Interrupted).exit()));
    };
    signals::on_stop(ask).map_err(|_| Own::Internal)?;
    let mut screen = Screen::take_over().map_err(|_| Own::TerminalNeeded)?;
    let end = run(&mut state, &mut engine, &mut screen, &stop);
    screen.give_back();
    // A terminal that fails now was closed.
    end.map_err(|_| Own::Interrupted.into())
}

/// The loop, until the person leaves; an error once `stop` is set or the terminal fails.
fn run(state: &mut State, engine: &mut Engine<'_>, screen: &mut Screen, stop: &AtomicBool) -> io::Result<()> {
    let mut orders = state.on(screen.size()?);
    while !stop.load(Ordering::Relaxed) {
        if !orders.is_empty() {
            screen.terminal().draw(|frame| draw::draw(state, frame))?;
        }
        let is_slow = orders.iter().any(Order::is_slow);
        for order in orders.drain(..) {
            if matches!(order, Order::Quit) {
                return Ok(());
            }
            engine.carry_out(order);
        }
        if is_slow {
            // What was typed meanwhile was meant for a screen that is gone.
            terminal::drop_typed()?;
            orders.extend(state.on(screen.size()?));
        }
        for news in engine.news(&state.visible()) {
            orders.extend(state.on(Event::News(news)));
        }
        orders.extend(state.on(Event::Tick(now())));
        screen.terminal().draw(|frame| draw::draw(state, frame))?;
        let mut wait = BEAT;
        while let Some(event) = terminal::typed(wait)? {
            engine.touch();
            orders.extend(state.on(event));
            // What was typed ahead belongs together.
            wait = Duration::ZERO;
        }
    }
    Err(ErrorKind::Interrupted.into())
}

#[cfg(test)]
mod live_tests;
#[cfg(test)]
mod tests;
