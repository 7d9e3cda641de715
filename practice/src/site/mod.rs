//! The site: its pages, and the realm's endpoints over HTTP.

#![allow(clippy::result_large_err, reason = "a page instead of the wanted one, once a request")]

mod approve;
mod guard;
mod help;
mod home;
mod pages;
mod qr;
mod security_info;
pub(crate) mod session;
mod set_up;
mod sign_in;
mod visit;
mod wire;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::{any, get, post};

use crate::world::World;

/// Longest form, in bytes.
const MAX_FORM: usize = 16 * 1024;

pub(crate) fn router(world: &Arc<World>) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/create", get(sign_in::create_page).post(sign_in::create))
        .route("/sign-out", post(home::sign_out))
        .route("/language", post(home::language))
        .route("/locked", get(sign_in::locked).post(sign_in::unlock))
        .route("/setup", get(set_up::start))
        .route("/setup/app", get(set_up::app))
        .route("/setup/scan", get(set_up::scan).post(set_up::new_code))
        .route("/setup/next", post(set_up::next))
        .route("/setup/codes", get(set_up::codes).post(set_up::check_code))
        .route("/setup/try", get(set_up::trial).post(set_up::new_trial))
        .route("/setup/skip", post(set_up::skip_trial))
        .route("/setup/added", get(set_up::added))
        .route("/approve", get(approve::page).post(approve::send))
        .route("/verify", get(approve::verify))
        .route("/code", get(approve::code_page).post(approve::code))
        .route("/help", get(help::page))
        .route("/stay", get(home::stay_page).post(home::stay))
        .route("/security-info", get(security_info::page))
        .route("/security-info/default", post(security_info::make_default))
        .route("/security-info/delete", get(security_info::confirm).post(security_info::delete))
        .route("/practice.css", get(|| asset("text/css", include_str!("../../assets/practice.css"))))
        .route("/practice.js", get(|| asset("text/javascript", include_str!("../../assets/practice.js"))))
        .route("/practice.svg", get(|| asset("image/svg+xml", include_str!("../../assets/practice.svg"))))
        .route("/realms/{*path}", any(wire::realm))
        .fallback(home::not_found)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(world), guard::guard))
        .with_state(Arc::clone(world))
}

async fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text)
}
