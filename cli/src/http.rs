//! Sends what the core asks for: once, without following redirects, without cookies, with capped answers.

use std::io::{self, Read as _};
use std::time::Duration;

use countersign::approval::{Event, HttpReply, HttpRequest, NetworkFailure};
use countersign::secret::Secret;
use ureq::http::uri::Scheme;
use ureq::http::{Request, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};
use ureq::{Agent, AsSendBody, Proxy};
use zeroize::Zeroizing;

/// Most bytes of headers that are read.
const MAX_HEADERS: usize = 32 * 1024;

/// The one sender of a process; connections are kept open between requests, also those of its clones.
#[derive(Clone)]
pub struct Sender(Agent);

impl Sender {
    /// A sender that trusts the certificates that the system trusts, an organisation's own among them.
    pub fn new() -> Self {
        Self::with(Proxy::try_from_env(), RootCerts::PlatformVerifier)
    }

    fn with(proxy: Option<Proxy>, roots: RootCerts) -> Self {
        let tls = TlsConfig::builder().root_certs(roots).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(MAX_HEADERS)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(Agent::with_parts(config, Connections::default(), Names::default()))
    }

    /// Sends `request` once and tells what came.
    pub fn send(&self, request: &HttpRequest) -> Event {
        match self.reply(request) {
            Ok(reply) => Event::Reply(reply),
            Err(failure) => Event::NoReply(failure),
        }
    }

    fn reply(&self, request: &HttpRequest) -> Result<HttpReply, NetworkFailure> {
        let mut response = self.run(request).map_err(|error| failure_of(&error))?;
        let limit = u64::try_from(request.max_reply_bytes).unwrap_or(u64::MAX);
        // Room for all that is taken, and wiped: there may be tokens in it, and a block that grows leaves copies behind.
        let mut body = Zeroizing::new(Vec::with_capacity(request.max_reply_bytes + 1));
        let mut reader = response.body_mut().with_config().limit(limit).reader();
        reader.read_to_end(&mut body).map_err(|error| failure_of(&error.into()))?;
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        Ok(HttpReply { status: response.status().as_u16(), headers, body: Secret::copy_of(&body) })
    }

    fn run(&self, request: &HttpRequest) -> Result<Response<ureq::Body>, ureq::Error> {
        let mut builder = Request::builder().method(request.method.name()).uri(&request.url);
        for (name, value) in &request.headers {
            // EXPOSE: tokens and proofs go to the server that they are for.
            builder = builder.header(*name, value.expose());
        }
        let time = Duration::from_millis(request.timeout_ms);
        match &request.body {
            // EXPOSE: the body goes to the server that it is for.
            Some(body) => self.run_within(time, builder.body(body.expose())?),
            None => self.run_within(time, builder.body(())?),
        }
    }

    fn run_within(
        &self,
        time: Duration,
        request: Request<impl AsSendBody>,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        // Without TLS only this machine is talked to, and that must not go over another one.
        let is_local = request.uri().scheme() != Some(&Scheme::HTTPS);
        let config = self.0.configure_request(request).timeout_global(Some(time));
        self.0.run(if is_local { config.proxy(None) } else { config }.build())
    }
}

/// Finds addresses like the system, and says of a failure that it was one of names: as a plain error of input and
/// output it would look like a connection that broke off after something was sent.
#[derive(Debug, Default)]
struct Names(DefaultResolver);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        self.0.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            ureq::Error::Timeout(_) => ureq::Error::Timeout(ureq::Timeout::Resolve),
            other => other,
        })
    }
}

/// Connects like ureq, which shakes hands for TLS as a part of it, and says of whatever fails afterwards that the
/// connection broke off: by its kind alone, a record that is damaged when the request has long arrived would look like a
/// certificate that is not trusted.
#[derive(Debug, Default)]
struct Connections(DefaultConnector);

impl Connector for Connections {
    type Out = Connection;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Connection>, ureq::Error> {
        Ok(self.0.connect(details, chained)?.map(Connection))
    }
}

/// A connection over which something may have been sent.
#[derive(Debug)]
struct Connection(Box<dyn Transport>);

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.0.transmit_output(amount, timeout).map_err(broken_off)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(timeout).map_err(broken_off)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

fn broken_off(error: ureq::Error) -> ureq::Error {
    match error {
        ureq::Error::Timeout(_) => error,
        _ => ureq::Error::Io(io::ErrorKind::ConnectionAborted.into()),
    }
}

fn failure_of(error: &ureq::Error) -> NetworkFailure {
    use ureq::Timeout;
    match error {
        ureq::Error::Timeout(Timeout::Resolve) | ureq::Error::HostNotFound => NetworkFailure::NameUnknown,
        // A proxy that makes no connection has sent nothing on.
        ureq::Error::Timeout(Timeout::Connect)
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_) => NetworkFailure::NotConnected,
        ureq::Error::Timeout(_) => NetworkFailure::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => NetworkFailure::TooLarge,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => NetworkFailure::TlsFailed,
        ureq::Error::Io(error) => failure_of_io(error),
        _ => NetworkFailure::Cut,
    }
}

/// These kinds come from making a connection alone: see [`Connections`].
fn failure_of_io(error: &io::Error) -> NetworkFailure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::AddrNotAvailable
        | io::ErrorKind::HostUnreachable => NetworkFailure::NotConnected,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => NetworkFailure::Offline,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => NetworkFailure::TimedOut,
        // rustls reports a certificate that is not trusted, and all else that is wrong with a handshake, in this shape.
        io::ErrorKind::InvalidData => NetworkFailure::TlsFailed,
        _ => NetworkFailure::Cut,
    }
}

#[cfg(test)]
mod tests;
