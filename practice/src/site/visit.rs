//! One request of a browser: its session, its language, and the ways to answer.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::pages::{Chrome, Message, Way};
use super::session::{Session, Stage};
use super::words::{Language, Words};
use crate::realm::{State, User};
use crate::world::World;

/// What a handler gives: a page, or another one where something is wrong.
pub(crate) type Answer = Result<Response, Response>;

/// The fields of a form.
pub(crate) type Fields = BTreeMap<String, String>;

pub(crate) struct Visit {
    pub(crate) world: Arc<World>,
    pub(crate) session: Session,
    pub(crate) language: Language,
    id: String,
    /// The page that was asked for, as the language form goes back to it.
    here: String,
    /// The cookie to send along.
    cookie: Option<String>,
    /// `http://` and the host that the browser used.
    pub(crate) base: String,
}

impl FromRequestParts<Arc<World>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Response> {
        let OriginalUri(uri) =
            OriginalUri::from_request_parts(parts, world).await.map_err(|never| match never {})?;
        let name = cookie_name(world);
        let kept = cookie(&parts.headers, &name)
            .and_then(|id| Some((id.to_owned(), world.sessions(|sessions| sessions.get(id))?)));
        let (id, session, cookie) = match kept {
            Some((id, session)) => (id, session, None),
            None => {
                let broken = |flaw| {
                    tell(&flaw);
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                };
                let id = world.token().map_err(broken)?;
                let session = Session { csrf: world.token().map_err(broken)?, ..Session::default() };
                world.sessions(|sessions| sessions.put(&id, session.clone()));
                let cookie = session_cookie(&name, &id, None);
                (id, session, Some(cookie))
            }
        };
        let header = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let accepted = Language::accepted(header(header::ACCEPT_LANGUAGE).unwrap_or_default());
        Ok(Self {
            language: session.language.unwrap_or(accepted),
            base: format!("http://{}", header(header::HOST).unwrap_or(&world.authority)),
            world: Arc::clone(world),
            session,
            id,
            here: uri.path().to_owned(),
            cookie,
        })
    }
}

impl Visit {
    pub(crate) fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// What surrounds each page.
    pub(crate) fn chrome(&self) -> Chrome {
        Chrome {
            w: self.words(),
            csrf: self.session.csrf.clone(),
            here: self.here.clone(),
            signed_in: self.session.stage == Stage::SignedIn,
            waits: false,
        }
    }

    /// Refuses a form that didn't come from a page of this session.
    pub(crate) fn check(&self, fields: &Fields) -> Result<(), Response> {
        let given = fields.get("csrf").map(String::as_str).unwrap_or_default();
        let digest = |text: &str| ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        if digest(given).as_ref() == digest(&self.session.csrf).as_ref() {
            return Ok(());
        }
        Err(self.gone())
    }

    /// The person of this session, unless the account is gone or locked.
    pub(crate) fn user(&mut self) -> Result<User, Response> {
        let user =
            self.session.user.as_deref().and_then(|id| self.world.look(|state, _| state.user(id).cloned()));
        match user {
            Some(user) if user.enabled && self.session.stage != Stage::Nobody => Ok(user),
            Some(user) if !user.enabled && self.session.stage != Stage::Nobody => {
                self.change(|session| session.stage = Stage::Locked);
                Err(self.to("/locked"))
            }
            _ => Err(self.to("/sign-in")),
        }
    }

    /// The person, signed in or at least setting up their first method.
    pub(crate) fn member(&mut self) -> Result<User, Response> {
        let user = self.user()?;
        let has_method = !user.phones.is_empty() || !user.codes.is_empty();
        match self.session.stage {
            Stage::SignedIn => Ok(user),
            // Who knows only the password must not add a method to an account that has one.
            Stage::SettingUp if !has_method || self.has_added() => Ok(user),
            _ => Err(self.to("/sign-in")),
        }
    }

    /// Whether a method of the account was added by this session.
    fn has_added(&self) -> bool {
        let shown = self.session.enrolment.as_deref().unwrap_or_default();
        let by_code = |state: &State| state.kept_enrolment(shown).is_some_and(|it| it.phone.is_some());
        self.session.added || self.world.look(|state, _| by_code(state))
    }

    /// The person, signed in.
    pub(crate) fn signed_in(&mut self) -> Result<User, Response> {
        let user = self.user()?;
        if self.session.stage == Stage::SignedIn { Ok(user) } else { Err(self.to("/sign-in")) }
    }

    /// Changes the session, unless it has ended meanwhile.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Session)) {
        let changed = self.world.sessions(|sessions| sessions.change(&self.id, change));
        if let Some(session) = changed {
            self.session = session;
        }
    }

    /// Gives the session a new id and a new form token, so that an id from before a sign-in is worth nothing.
    pub(crate) fn renew(&mut self) -> Result<(), Response> {
        let id = self.world.token().map_err(|flaw| self.broken(&flaw))?;
        self.session.csrf = self.world.token().map_err(|flaw| self.broken(&flaw))?;
        self.world.sessions(|sessions| {
            sessions.remove(&self.id);
            sessions.put(&id, self.session.clone());
        });
        self.cookie = Some(session_cookie(&cookie_name(&self.world), &id, None));
        self.id = id;
        Ok(())
    }

    /// Lets the browser keep the session when it is closed, for 90 days.
    pub(crate) fn stay(&mut self) {
        let age = Some(90 * 24 * 3600);
        self.cookie = Some(session_cookie(&cookie_name(&self.world), &self.id, age));
    }

    /// Ends the session.
    pub(crate) fn end(&mut self) {
        self.world.sessions(|sessions| sessions.remove(&self.id));
        self.cookie = Some(session_cookie(&cookie_name(&self.world), "", Some(0)));
    }

    /// A page.
    pub(crate) fn page(&self, page: &impl Template) -> Response {
        self.page_with(StatusCode::OK, page)
    }

    /// A page with another status than 200.
    pub(crate) fn page_with(&self, status: StatusCode, page: &impl Template) -> Response {
        let Ok(html) = page.render() else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        self.with_cookie((status, axum::response::Html(html)).into_response())
    }

    /// On to another page.
    pub(crate) fn to(&self, path: &str) -> Response {
        self.with_cookie(Redirect::to(path).into_response())
    }

    /// A form that is too old, or something that isn't there any more.
    pub(crate) fn gone(&self) -> Response {
        self.gone_with(StatusCode::FORBIDDEN)
    }

    /// The same page with another status.
    pub(crate) fn gone_with(&self, status: StatusCode) -> Response {
        let w = self.words();
        let page = Message {
            c: self.chrome(),
            title: w.gone_title,
            text: w.gone_text,
            ways: vec![Way::link("/", w.start_again)],
        };
        self.page_with(status, &page)
    }

    /// The site itself failed; whoever runs it is told why.
    pub(crate) fn broken(&self, flaw: &io::Error) -> Response {
        tell(flaw);
        let w = self.words();
        let page = Message {
            c: self.chrome(),
            title: w.broken_title,
            text: w.broken_text,
            ways: vec![Way::link("/", w.start_again)],
        };
        self.page_with(StatusCode::INTERNAL_SERVER_ERROR, &page)
    }

    fn with_cookie(&self, mut response: Response) -> Response {
        let cookie = self.cookie.as_deref().and_then(|cookie| HeaderValue::from_str(cookie).ok());
        if let Some(cookie) = cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// Tells whoever runs the site what failed. Where nothing can be written, nobody is told.
pub(super) fn tell(flaw: &io::Error) {
    let _ = writeln!(io::stderr(), "{flaw}");
}

/// Cookies don't know ports: two practice sites on one machine must not take each other's.
fn cookie_name(world: &World) -> String {
    let port = world.authority.rsplit_once(':').map_or("", |(_, port)| port);
    format!("practice_{port}")
}

fn session_cookie(name: &str, id: &str, max_age: Option<u32>) -> String {
    let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    format!("{name}={id}; Path=/; HttpOnly; SameSite=Strict{age}")
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
