//! A browser without a screen: it keeps one cookie, follows links and redirects, and sends forms.

use std::time::Duration;

use ureq::Agent;
use ureq::http::Response;
use ureq::http::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE};

use super::Surprise;
use super::page::Page;

/// Longest page that is read, in bytes.
const MAX_PAGE: u64 = 512 * 1024;
/// Most redirects from one page to the next.
const MAX_REDIRECTS: usize = 5;

pub struct Browser {
    agent: Agent,
    site: String,
    language: &'static str,
    cookie: String,
    path: String,
    page: Page,
}

impl Browser {
    /// Opens the site's first page.
    pub fn open(site: String, language: &'static str) -> Result<Self, Surprise> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The site is on this machine.
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        let agent = config.new_agent();
        let page = Page::new(0, String::new());
        let mut browser = Self { agent, site, language, cookie: String::new(), path: String::new(), page };
        browser.go("/")?;
        Ok(browser)
    }

    /// The page that is shown.
    pub const fn page(&self) -> &Page {
        &self.page
    }

    /// Shows the same page as it is now.
    pub fn reload(&mut self) -> Result<(), Surprise> {
        let path = self.path.clone();
        self.go(&path)
    }

    /// Presses the button with this id in the form that it belongs to, filled in with `fields`. What it says.
    pub fn press(&mut self, button: &str, fields: &[(&str, &str)]) -> Result<String, Surprise> {
        let form = self.page.form(button)?;
        let filled = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let fields: Vec<_> = form.fields.into_iter().chain(filled).collect();
        let answer = self.agent.post(self.address(&form.action)?).header(COOKIE, &self.cookie);
        let answer = answer.header(ACCEPT_LANGUAGE, self.language).send_form(fields);
        self.show(form.action, answer)?;
        Ok(form.button)
    }

    /// Follows the link with this id. What it says.
    pub fn follow(&mut self, link: &str) -> Result<String, Surprise> {
        let (path, words) = self.page.link(link)?;
        self.go(&path)?;
        Ok(words)
    }

    /// Takes the way on that the page offers first. What it says.
    pub fn go_on(&mut self) -> Result<String, Surprise> {
        let (path, words) = self.page.way()?;
        self.go(&path)?;
        Ok(words)
    }

    fn go(&mut self, path: &str) -> Result<(), Surprise> {
        let answer = self.agent.get(self.address(path)?).header(COOKIE, &self.cookie);
        let answer = answer.header(ACCEPT_LANGUAGE, self.language).call();
        self.show(path.to_owned(), answer)
    }

    fn show(
        &mut self,
        path: String,
        answer: Result<Response<ureq::Body>, ureq::Error>,
    ) -> Result<(), Surprise> {
        let (mut path, mut answer) = (path, answer.map_err(|_| Surprise::NoPage)?);
        for _ in 0..MAX_REDIRECTS {
            self.keep_cookie(&answer);
            let Some(next) = header(&answer, LOCATION.as_str()) else {
                let status = answer.status().as_u16();
                let html = answer.body_mut().with_config().limit(MAX_PAGE).read_to_string();
                (self.path, self.page) = (path, Page::new(status, html.map_err(|_| Surprise::NoPage)?));
                return Ok(());
            };
            let request = self.agent.get(self.address(&next)?).header(COOKIE, &self.cookie);
            answer = request.header(ACCEPT_LANGUAGE, self.language).call().map_err(|_| Surprise::NoPage)?;
            path = next;
        }
        Err(Surprise::NoPage)
    }

    fn keep_cookie(&mut self, answer: &Response<ureq::Body>) {
        if let Some(cookie) = header(answer, SET_COOKIE.as_str()) {
            cookie.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        }
    }

    /// The address of a path of this site; it leads nowhere else.
    fn address(&self, path: &str) -> Result<String, Surprise> {
        let is_own = path.starts_with('/') && !path.starts_with("//");
        if is_own { Ok(format!("{}{path}", self.site)) } else { Err(Surprise::NoPage) }
    }
}

fn header(answer: &Response<ureq::Body>, name: &str) -> Option<String> {
    answer.headers().get(name)?.to_str().ok().map(ToOwned::to_owned)
}
