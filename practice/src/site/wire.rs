//! The realm's endpoints over HTTP: hands each request to `judge`, and follows what a browser waits for.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response as HttpResponse};
use futures_util::stream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::guard;
use super::visit::tell;
use crate::realm::{Request, Response, judge};
use crate::world::World;

/// How long a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(10);
/// An event stream ends after this long; the browser opens a new one by itself.
const STREAM_TIME: Duration = Duration::from_secs(55);
/// A sign of life on a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often a stream looks whether the time is over: nobody tells.
const LOOK: Duration = Duration::from_millis(500);

/// Every request below `/realms/`.
pub(crate) async fn realm(State(world): State<Arc<World>>, request: HttpRequest) -> HttpResponse {
    let Some(host) = guard::authority(&world, &request) else {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    };
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let body = match timeout(BODY_TIME, axum::body::to_bytes(body, Request::MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let request = Request {
        method: parts.method.as_str().to_owned(),
        url: format!("http://{host}{target}"),
        headers: parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect(),
        body: body.into(),
    };
    match answer(&world, &request) {
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(first) if first.header("Content-Type") == Some("text/event-stream") => {
            follow(world, request, first)
        }
        Some(response) => http(response),
    }
}

/// `None` where the site itself failed; whoever runs it is told why.
fn answer(world: &World, request: &Request) -> Option<Response> {
    world
        .act(|state, now, seed| {
            let verdict = judge(request, state, now, seed);
            (verdict.response, verdict.changes)
        })
        .inspect_err(tell)
        .ok()
}

fn http(response: Response) -> HttpResponse {
    let mut answer = HttpResponse::new(Body::from(response.body));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// A stream of server-sent events: the first, and each that is different from the one before.
fn follow(world: Arc<World>, request: Request, first: Response) -> HttpResponse {
    let Ok(permit) = Arc::clone(&world.streams).try_acquire_owned() else {
        let crowded = "retry: 5000\nevent: status\ndata: {\"status\":\"TOO_MANY_CONNECTIONS\"}\n\n";
        return http(Response { body: crowded.to_owned(), ..first });
    };
    let stream = stream::unfold(
        Following {
            ends: Instant::now() + STREAM_TIME,
            next: Some(first.body),
            said: String::new(),
            world,
            request,
            _permit: permit,
        },
        Following::step,
    );
    let mut response = HttpResponse::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

struct Following {
    world: Arc<World>,
    request: Request,
    ends: Instant,
    /// To be sent at once.
    next: Option<String>,
    /// The last that was sent.
    said: String,
    _permit: OwnedSemaphorePermit,
}

impl Following {
    async fn step(mut self) -> Option<(Result<Bytes, std::convert::Infallible>, Self)> {
        if let Some(first) = self.next.take() {
            self.said.clone_from(&first);
            return Some((Ok(first.into()), self));
        }
        let mut news = self.world.news();
        let quiet_until = Instant::now() + KEEP_ALIVE;
        while Instant::now() < self.ends {
            let event = answer(&self.world, &self.request)?.body;
            if event != self.said {
                self.said.clone_from(&event);
                return Some((Ok(event.into()), self));
            }
            if Instant::now() >= quiet_until {
                return Some((Ok(Bytes::from_static(b": keepalive\n\n")), self));
            }
            // Either something changed, or it is time to look at the clock.
            let _ = timeout(LOOK, news.changed()).await;
        }
        None
    }
}
