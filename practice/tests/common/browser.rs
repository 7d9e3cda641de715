//! Follows redirects, keeps the cookie, fills in the form token.

use super::{Reply, send};

pub(crate) struct Browser {
    base: String,
    cookie: String,
    language: &'static str,
    /// The page now shown.
    pub(crate) path: String,
    pub(crate) page: Reply,
}

impl Browser {
    pub(crate) fn open(base: &str, language: &'static str) -> Self {
        let page = Reply { status: 0, head: String::new(), body: String::new() };
        let mut browser =
            Self { base: base.to_owned(), cookie: String::new(), language, path: String::new(), page };
        browser.get("/");
        browser
    }

    pub(crate) fn get(&mut self, path: &str) -> &mut Self {
        self.go("GET", path, "")
    }

    /// Sends a form with the token of the page now shown.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> &mut Self {
        let csrf = self.between("name=\"csrf\" value=\"", "\"");
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &csrf);
        form.extend_pairs(fields);
        let body = form.finish();
        self.go("POST", path, &body)
    }

    pub(crate) fn sign_in(&mut self, name: &str, password: &str) -> &mut Self {
        self.post("/sign-in", &[("name", name), ("password", password)])
    }

    fn go(&mut self, method: &str, path: &str, body: &str) -> &mut Self {
        let (mut method, mut path, mut body) = (method.to_owned(), path.to_owned(), body.to_owned());
        for _ in 0..10 {
            let headers = [
                ("Cookie", self.cookie.as_str()),
                ("Accept-Language", self.language),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ];
            let reply = send(&self.base, &method, &path, &headers, &body);
            if let Some(cookie) = reply.header("set-cookie") {
                assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
                self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
            }
            let location = reply.header("location").map(str::to_owned);
            self.page = reply;
            self.path.clone_from(&path);
            match location {
                Some(location) => (method, path, body) = ("GET".to_owned(), location, String::new()),
                None => return self,
            }
        }
        panic!("too many redirects");
    }

    /// The text of the page between two marks, without HTML escapes.
    pub(crate) fn between(&self, start: &str, end: &str) -> String {
        let rest = self.page.body.split_once(start).map(|(_, rest)| rest);
        let rest = rest.unwrap_or_else(|| panic!("no {start} on {}:\n{}", self.path, self.page.body));
        let text = rest.split_once(end).map_or(rest, |(text, _)| text);
        text.replace("&#38;", "&").replace("&amp;", "&").replace("&#34;", "\"")
    }

    pub(crate) fn title(&self) -> String {
        self.between("<h1>", "</h1>").replace("&#39;", "'")
    }

    pub(crate) fn link(&self) -> String {
        self.between("<textarea id=\"qr-text\" readonly rows=\"5\" spellcheck=\"false\">", "</textarea>")
    }

    pub(crate) fn number(&self) -> String {
        self.between("<p id=\"number\">", "</p>")
    }
}
