//! Both sides beside each other: what the page shows on the left, what the phone shows on the right.

use std::cell::RefCell;

use crate::failure::Failure;
use crate::output::{Console, print};
use crate::text::{width, wrap};
use crate::words;

/// Columns of each side's words: with the marks before them, eighty in all.
const PAGE: usize = 34;
const PHONE: usize = 38;
const MARK: &str = "│ ";

pub struct Stage {
    console: Console,
    acts: usize,
    /// Why the audience did not see everything.
    unseen: RefCell<Result<(), Failure>>,
}

impl Stage {
    /// Says what is to come.
    pub fn open(console: Console, site: &str) -> Self {
        let stage = Self { console, acts: 0, unseen: RefCell::new(Ok(())) };
        stage.line(&words::demo_begins(console.language, &site));
        stage.line("");
        let page = words::demo_page(console.language);
        let room = " ".repeat((PAGE + 4).saturating_sub(width(&page)));
        stage.line(&stage.strong(&format!("  {page}{room}{}", words::demo_phone(console.language))));
        stage
    }

    /// A new part of the play.
    pub fn act(&mut self, title: &str) {
        self.acts += 1;
        self.line("");
        self.line(&self.strong(&format!("{}. {title}", self.acts)));
    }

    /// The heading of a page.
    pub fn heading(&self, title: &str) {
        for line in wrap(title, PAGE) {
            self.line(&format!("  {MARK}{}", self.strong(&line)));
        }
    }

    /// What the page shows.
    pub fn page(&self, words: &str) {
        for line in wrap(words, PAGE) {
            self.line(&format!("  {MARK}{line}"));
        }
    }

    /// What is pressed on the page.
    pub fn pressed(&self, button: &str) {
        self.page(&format!("[ {button} ]"));
    }

    /// What the phone shows.
    pub fn phone(&self, words: &str) {
        for line in wrap(words, PHONE) {
            self.line(&format!("{}{MARK}{line}", " ".repeat(PAGE + 6)));
        }
    }

    /// Says how it ended.
    ///
    /// # Errors
    /// Something of the play could not be written.
    pub fn close(&self, words: &str) -> Result<(), Failure> {
        self.line("");
        self.line(words);
        self.unseen.borrow().clone()
    }

    fn line(&self, text: &str) {
        let mut unseen = self.unseen.borrow_mut();
        if unseen.is_ok() {
            *unseen = print(&format!("{}\n", text.trim_end()));
        }
    }

    fn strong(&self, text: &str) -> String {
        if self.console.in_colour() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}
