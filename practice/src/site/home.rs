//! Signed in, staying so, signing out; the language; what is not there.

use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;

use super::pages::{Home, Stay};
use super::session::{Session, Stage};
use super::visit::{Answer, Fields, Visit};
use super::words::{Language, fill};

/// `GET /`
pub(super) async fn home(mut visit: Visit) -> Answer {
    let user = visit.signed_in()?;
    let text = fill(visit.words().home_text, &[&user.name]);
    Ok(visit.page(&Home { c: visit.chrome(), text }))
}

/// `GET /stay`
pub(super) async fn stay_page(mut visit: Visit) -> Answer {
    visit.signed_in()?;
    Ok(visit.page(&Stay { c: visit.chrome() }))
}

/// `POST /stay`
pub(super) async fn stay(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    visit.signed_in()?;
    if fields.get("stay").is_some_and(|answer| answer == "yes") {
        visit.stay();
    }
    Ok(visit.to("/"))
}

/// `POST /sign-out`
pub(super) async fn sign_out(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    visit.end();
    Ok(visit.to("/sign-in"))
}

/// `POST /language`: another language for this session, and back to the same page.
pub(super) async fn language(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let language = fields.get("to").and_then(|name| Language::named(name));
    visit.change(|session| session.language = language);
    // Only a plain path of this site: `//elsewhere` would leave it.
    let back = fields.get("back").map(String::as_str).filter(|path| {
        path.len() < 100
            && path.starts_with('/')
            && path.chars().all(|c| c.is_ascii_alphanumeric() || c == '/' || c == '-')
    });
    Ok(visit.to(back.filter(|path| !path.starts_with("//")).unwrap_or("/")))
}

/// Everything else.
pub(super) async fn not_found(visit: Visit) -> Response {
    visit.gone_with(StatusCode::NOT_FOUND)
}

/// The person has proved who they are.
pub(super) fn let_in(visit: &mut Visit) -> Answer {
    visit.change(|session| {
        *session = Session {
            csrf: session.csrf.clone(),
            language: session.language,
            user: session.user.clone(),
            stage: Stage::SignedIn,
            ..Session::default()
        };
    });
    visit.renew()?;
    Ok(visit.to("/stay"))
}
