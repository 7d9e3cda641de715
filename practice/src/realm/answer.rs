//! Answers and refusals in the shapes that Keycloak and its push extension send.

use std::borrow::Cow;

use serde_json::{Value, json};

/// What the server sends back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, always text.
    pub body: String,
}

impl Response {
    /// The value of header `name`, whose case doesn't matter.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// A 200 of the extension's own endpoints.
    pub(crate) fn done(value: &Value) -> Self {
        Self::new(200, "application/json;charset=UTF-8", value.to_string())
    }

    pub(crate) fn new(status: u16, content_type: &str, body: String) -> Self {
        Self { status, headers: vec![("Content-Type", content_type.to_owned())], body }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A call that is refused: the status, and the text or texts that the phone reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) error: Cow<'static, str>,
    pub(crate) description: Option<Cow<'static, str>>,
    content_type: &'static str,
}

impl Refusal {
    pub(crate) fn new(status: u16, error: impl Into<Cow<'static, str>>) -> Self {
        Self { status, error: error.into(), description: None, content_type: "application/json" }
    }

    pub(crate) fn bad(error: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, error)
    }

    pub(crate) fn forbidden(error: impl Into<Cow<'static, str>>) -> Self {
        Self::new(403, error)
    }

    pub(crate) fn missing(error: impl Into<Cow<'static, str>>) -> Self {
        Self::new(404, error)
    }

    /// The text that is in the extension's source never reaches the phone: this one does.
    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "HTTP 401 Unauthorized")
    }

    /// `error` is a code, `description` says what happened.
    pub(crate) fn coded(status: u16, error: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self { description: Some(description.into()), ..Self::new(status, error) }
    }

    pub(crate) fn not_normalized() -> Self {
        Self {
            content_type: "application/json; charset=UTF-8",
            ..Self::coded(400, "missingNormalization", "Request path not normalized")
        }
    }

    /// What Keycloak says to any failure of its own.
    pub(crate) fn server_error() -> Self {
        Self::coded(500, "unknown_error", "For more on this error consult the server log.")
    }

    /// The answer: JSON, or a page for a client that prefers one.
    pub(crate) fn response(&self, prefers_page: bool) -> Response {
        if prefers_page {
            let body = format!(
                "<!DOCTYPE html>\n<html lang=\"en\"><title>We are sorry</title><h1>We are sorry</h1><p>{}</p></html>\n",
                self.status
            );
            return Response::new(self.status, "text/html;charset=utf-8", body);
        }
        let body = match &self.description {
            None => json!({"error": self.error}),
            Some(description) => json!({"error": self.error, "error_description": description}),
        };
        Response::new(self.status, self.content_type, body.to_string())
    }
}
