//! User name and password, new accounts, locked accounts.

use std::sync::Arc;

use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use tokio::task::spawn_blocking;

use super::approve;
use super::pages::{Create, Message, SignIn, Way};
use super::session::{Session, Stage};
use super::visit::{Answer, Fields, Visit};
use crate::password;
use crate::realm::{Change, User};
use crate::world::{FIRST_PASSWORD, FIRST_USER};

/// So many accounts.
const MAX_USERS: usize = 1000;
const MAX_NAME: usize = 64;
const MAX_PASSWORD: usize = 128;

/// `GET /sign-in`
pub(super) async fn page(visit: Visit) -> Answer {
    if visit.session.stage == Stage::SignedIn {
        return Ok(visit.to("/"));
    }
    Ok(sign_in_page(&visit, String::new(), None))
}

fn sign_in_page(visit: &Visit, name: String, error: Option<&'static str>) -> Response {
    let status = if error.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    let page =
        SignIn { c: visit.chrome(), name, error, first_user: FIRST_USER, first_password: FIRST_PASSWORD };
    visit.page_with(status, &page)
}

/// `POST /sign-in`
pub(super) async fn sign_in(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let (name, password) = name_and_password(&fields);
    let wrong = |visit: &Visit, name| Err(sign_in_page(visit, name, Some(visit.words().wrong_password)));
    if !acceptable(&name, &password) {
        return wrong(&visit, String::new());
    }
    let user = visit.world.look(|state, _| state.user_named(&name).cloned());
    let kept = user.as_ref().map(|user| user.password.clone()).unwrap_or_default();
    let right = spawn_blocking(move || password::matches(&kept, &password)).await.unwrap_or(false);
    match user.filter(|_| right) {
        None => wrong(&visit, name),
        Some(user) => welcome(&mut visit, &user),
    }
}

/// The password was right: on to the second proof, or to setting one up.
fn welcome(visit: &mut Visit, user: &User) -> Answer {
    let stage = match user {
        User { enabled: false, .. } => Stage::Locked,
        User { phones, codes, .. } if phones.is_empty() && codes.is_empty() => Stage::SettingUp,
        _ => Stage::Proving,
    };
    visit.change(|session| {
        *session = Session {
            csrf: session.csrf.clone(),
            language: session.language,
            user: Some(user.id.clone()),
            stage,
            ..Session::default()
        };
    });
    visit.renew()?;
    match stage {
        Stage::Locked => Ok(visit.to("/locked")),
        Stage::SettingUp => Ok(visit.to("/setup")),
        _ if user.phones.is_empty() => Ok(visit.to("/code")),
        _ => approve::ask_phone(visit, user),
    }
}

/// `GET /create`
pub(super) async fn create_page(visit: Visit) -> Answer {
    Ok(visit.page(&Create { c: visit.chrome(), name: String::new(), error: None }))
}

/// `POST /create`
pub(super) async fn create(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    let w = visit.words();
    let (name, password) = name_and_password(&fields);
    let again = |visit: &Visit, name: String, error| {
        let page = Create { c: visit.chrome(), name, error: Some(error) };
        Err(visit.page_with(StatusCode::BAD_REQUEST, &page))
    };
    if !acceptable(&name, &password) {
        return again(&visit, String::new(), w.name_invalid);
    }
    if visit.world.look(|state, _| state.users().count()) >= MAX_USERS {
        return again(&visit, name, w.too_many_users);
    }
    let world = Arc::clone(&visit.world);
    let wanted = name.clone();
    let added = spawn_blocking(move || world.add_user(&wanted, &password))
        .await
        .unwrap_or_else(|flaw| Err(std::io::Error::other(flaw)))
        .map_err(|flaw| visit.broken(&flaw))?;
    match added {
        None => again(&visit, name, w.name_taken),
        Some(user) => welcome(&mut visit, &user),
    }
}

/// `GET /locked`
pub(super) async fn locked(visit: Visit) -> Answer {
    if visit.session.stage != Stage::Locked {
        return Ok(visit.to("/"));
    }
    let w = visit.words();
    let page = Message {
        c: visit.chrome(),
        title: w.locked_title,
        text: w.locked_text,
        ways: vec![Way::form("/locked", w.unlock), Way::link("/sign-in", w.sign_in_again)],
    };
    Ok(visit.page_with(StatusCode::BAD_REQUEST, &page))
}

/// `POST /locked`: what an administrator does elsewhere.
pub(super) async fn unlock(mut visit: Visit, Form(fields): Form<Fields>) -> Answer {
    visit.check(&fields)?;
    if visit.session.stage != Stage::Locked {
        return Err(visit.gone());
    }
    let user = visit.session.user.clone().unwrap_or_default();
    visit
        .world
        .act(|_, _, _| ((), vec![Change::UserEnabled { user, enabled: true }]))
        .map_err(|flaw| visit.broken(&flaw))?;
    visit.end();
    Ok(visit.to("/sign-in"))
}

fn name_and_password(fields: &Fields) -> (String, String) {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    (field("name").trim().to_owned(), field("password"))
}

fn acceptable(name: &str, password: &str) -> bool {
    (1..=MAX_NAME).contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && (1..=MAX_PASSWORD).contains(&password.chars().count())
}
