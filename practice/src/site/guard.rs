//! What holds for every request: the right host, no flood of headers, and strict headers on every page.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::world::World;

/// So many bytes of header names and values.
const MAX_HEADERS: usize = 48 * 1024;

/// A page runs no script and loads nothing but the site's own.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                              connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses a request for another host: a page elsewhere whose name was pointed at this machine (DNS rebinding)
/// would read this site otherwise. Adds the headers that each answer has.
pub(crate) async fn guard(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let size: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > MAX_HEADERS {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    if authority(&world, &request).is_none() {
        return (StatusCode::MISDIRECTED_REQUEST, "This site answers on its own address only.\n")
            .into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    response
}

/// The host and port that the request names, if they are this site's: by number or as `localhost`.
pub(crate) fn authority(world: &World, request: &Request) -> Option<String> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let port = world.authority.rsplit_once(':').map(|(_, port)| port)?;
    let known = host == world.authority || host == format!("localhost:{port}");
    (known && hosts.next().is_none()).then(|| host.to_owned())
}
