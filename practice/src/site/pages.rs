//! The pages, one struct a template.

use askama::Template;

use super::words::{Words, fill};

/// What surrounds each page.
pub(crate) struct Chrome {
    pub(crate) w: &'static Words,
    pub(crate) csrf: String,
    /// The page's own path.
    pub(crate) here: String,
    pub(crate) signed_in: bool,
    /// Without a script the page looks again by itself.
    pub(crate) waits: bool,
}

/// A way on from a page.
pub(crate) struct Way {
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
    pub(crate) is_form: bool,
}

impl Way {
    pub(crate) fn link(path: &'static str, text: &'static str) -> Self {
        Self { path, text, is_form: false }
    }

    pub(crate) fn form(path: &'static str, text: &'static str) -> Self {
        Self { path, text, is_form: true }
    }
}

/// A title, a text, and the ways on.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) c: Chrome,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    /// The first is the main one.
    pub(crate) ways: Vec<Way>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    pub(crate) c: Chrome,
    pub(crate) name: String,
    pub(crate) error: Option<&'static str>,
    pub(crate) first_user: &'static str,
    pub(crate) first_password: &'static str,
}

#[derive(Template)]
#[template(path = "create.html")]
pub(crate) struct Create {
    pub(crate) c: Chrome,
    pub(crate) name: String,
    pub(crate) error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "setup_app.html")]
pub(crate) struct SetUpApp {
    pub(crate) c: Chrome,
}

#[derive(Template)]
#[template(path = "setup_scan.html")]
pub(crate) struct SetUpScan {
    pub(crate) c: Chrome,
    pub(crate) qr: String,
    pub(crate) link: String,
    pub(crate) events: String,
    pub(crate) standing: &'static str,
    /// What `#status` says.
    pub(crate) status: &'static str,
    pub(crate) usable: bool,
    /// Next was chosen too early.
    pub(crate) error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "setup_codes.html")]
pub(crate) struct SetUpCodes {
    pub(crate) c: Chrome,
    pub(crate) qr: String,
    pub(crate) link: String,
    pub(crate) key: String,
    pub(crate) error: Option<&'static str>,
}

/// A request that waits for the phone: at sign-in, or to try it out.
#[derive(Template)]
#[template(path = "number.html")]
pub(crate) struct Number {
    pub(crate) c: Chrome,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) label: &'static str,
    pub(crate) number: Option<String>,
    pub(crate) lasts: String,
    pub(crate) confirm_link: String,
    pub(crate) events: String,
    pub(crate) other_way: Way,
}

#[derive(Template)]
#[template(path = "verify.html")]
pub(crate) struct Verify {
    pub(crate) c: Chrome,
    pub(crate) app: bool,
    pub(crate) code: bool,
}

#[derive(Template)]
#[template(path = "code.html")]
pub(crate) struct Code {
    pub(crate) c: Chrome,
    pub(crate) error: Option<&'static str>,
    pub(crate) app: bool,
}

#[derive(Template)]
#[template(path = "stay.html")]
pub(crate) struct Stay {
    pub(crate) c: Chrome,
}

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    pub(crate) c: Chrome,
    pub(crate) text: String,
}

#[derive(Template)]
#[template(path = "help.html")]
pub(crate) struct Help {
    pub(crate) c: Chrome,
    pub(crate) reasons: Vec<Cause>,
    /// Where the person came from.
    pub(crate) back: &'static str,
}

/// Why a request may be missing, and what to do then.
pub(crate) struct Cause {
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    pub(crate) next: &'static str,
}

/// A sign-in method in the list.
pub(crate) struct Method {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) name: String,
    pub(crate) added: String,
    pub(crate) is_default: bool,
    pub(crate) can_be_default: bool,
}

#[derive(Template)]
#[template(path = "security_info.html")]
pub(crate) struct SecurityInfo {
    pub(crate) c: Chrome,
    pub(crate) methods: Vec<Method>,
}

#[derive(Template)]
#[template(path = "delete.html")]
pub(crate) struct Delete {
    pub(crate) c: Chrome,
    pub(crate) method: Method,
}

/// `Added 2026-11-24`, in UTC.
pub(crate) fn added(w: &Words, at: u64) -> String {
    fill(w.added_on, &[&date(at)])
}

/// The day of a Unix time in UTC, as `2026-11-24`.
fn date(unix_seconds: u64) -> String {
    let mut days = unix_seconds / 86_400;
    let mut year = 1970;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", days + 1)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days() {
        for (time, day) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_735_603_200, "2024-12-31"),
            (1_795_475_312, "2026-11-23"),
        ] {
            assert_eq!(date(time), day);
        }
    }
}
