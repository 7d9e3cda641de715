//! One request while it is judged.

use serde_json::{Map, Value};

use super::answer::Refusal;
use super::change::Change;
use super::draw::{Draw, Seed};
use super::state::State;

/// A request as the server sees it.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`, `PUT`, ...
    pub method: String,
    /// The whole address with scheme, host and query: `http://127.0.0.1:8080/realms/practice/...`.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body; at most [`Request::MAX_BODY`] bytes of it are looked at.
    pub body: Vec<u8>,
}

impl Request {
    /// Longest body that is taken, in bytes.
    pub const MAX_BODY: usize = 64 * 1024;
    /// Longest address that is taken, in bytes.
    pub const MAX_URL: usize = 4 * 1024;

    /// The first header of this name, whose case doesn't matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) state: &'a State,
    pub(crate) now: u64,
    pub(crate) draw: Draw,
    /// Scheme and host: `http://127.0.0.1:8080`.
    pub(crate) base: &'a str,
    /// Scheme, host and path, as sent: what a proof is held against.
    pub(crate) address: &'a str,
    /// Below the realm, without slashes at its ends.
    pub(crate) path: &'a str,
    query: &'a str,
    pub(crate) changes: Vec<Change>,
}

impl<'a> Call<'a> {
    /// Finds the realm; refuses other realms, and paths that aren't in their normal form.
    pub(crate) fn new(
        request: &'a Request,
        state: &'a State,
        now: u64,
        seed: &Seed,
    ) -> Result<Self, Refusal> {
        if request.url.len() > Request::MAX_URL {
            return Err(Refusal::new(414, "HTTP 414 URI Too Long"));
        }
        if request.body.len() > Request::MAX_BODY {
            return Err(Refusal::new(413, "HTTP 413 Request Entity Too Large"));
        }
        let not_found = || Refusal::missing("HTTP 404 Not Found");
        let url = request.url.split('#').next().unwrap_or_default();
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let host_at = address.find("://").ok_or_else(not_found)? + 3;
        let path_at = address.get(host_at..).and_then(|rest| rest.find('/')).ok_or_else(not_found)?;
        let (base, path) = address.split_at(host_at + path_at);
        if path.contains("//") || path.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(Refusal::not_normalized());
        }
        let below = path.strip_prefix("/realms/").ok_or_else(not_found)?;
        let (realm, path) = below.split_once('/').ok_or_else(not_found)?;
        if realm != state.settings.realm {
            return Err(Refusal::missing("Realm does not exist"));
        }
        Ok(Self {
            request,
            state,
            now,
            draw: Draw::new(seed),
            base,
            address,
            path: path.strip_suffix('/').unwrap_or(path),
            query,
            changes: Vec::new(),
        })
    }

    /// The realm's issuer at the address of this request.
    pub(crate) fn issuer(&self) -> String {
        self.state.issuer(self.base)
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The fields of a form.
    pub(crate) fn form(&self) -> Map<String, Value> {
        url::form_urlencoded::parse(&self.request.body)
            .map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())))
            .collect()
    }

    /// The fields of a JSON body. This is checked before anything else, as Keycloak does it.
    pub(crate) fn json(&self) -> Result<Map<String, Value>, Refusal> {
        let media = self.request.header("Content-Type").unwrap_or_default();
        if !media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(Refusal::new(415, "HTTP 415 Unsupported Media Type"));
        }
        let absent = || Refusal::bad("Request body required");
        if self.request.body.iter().all(u8::is_ascii_whitespace) {
            return Err(absent());
        }
        match serde_json::from_slice(&self.request.body) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(Value::Null) => Err(absent()),
            _ => Err(Refusal::coded(400, "invalid_request", "Cannot parse the JSON")),
        }
    }

    /// Marks a proof as used until `end`; `false` if it was already.
    pub(crate) fn first_use(&mut self, mark: String, end: u64) -> Result<bool, Refusal> {
        if self.state.proofs.contains(&mark, self.now) {
            return Ok(false);
        }
        if self.state.proofs.is_full() {
            return Err(Refusal::server_error());
        }
        self.changes.push(Change::ProofUsed { mark, end, now: self.now });
        Ok(true)
    }
}
