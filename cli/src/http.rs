//! Sends what the core asks for: once, without following redirects, without cookies, with capped answers.

use std::io;
use std::time::Duration;

use countersign::approval::{Event, HttpReply, HttpRequest, NetworkFailure};
use countersign::secret::Secret;
use ureq::http::uri::Scheme;
use ureq::http::{Request, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, AsSendBody, Proxy};

/// Most bytes of headers that are read.
const MAX_HEADERS: usize = 32 * 1024;

/// The one sender of a process; connections are kept open between requests, also those of its clones.
#[derive(Clone)]
pub struct Sender(Agent);

impl Sender {
    /// A sender that trusts the certificates that the system trusts, an organisation's own among them.
    pub fn new() -> Self {
        Self::through(Proxy::try_from_env())
    }

    fn through(proxy: Option<Proxy>) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(proxy)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(MAX_HEADERS)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(Agent::with_parts(config, DefaultConnector::new(), Names::default()))
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
        let body = response
            .body_mut()
            .with_config()
            .limit(limit)
            .read_to_vec()
            .map_err(|error| failure_of(&error))?;
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        Ok(HttpReply { status: response.status().as_u16(), headers, body: Secret::from(body) })
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

fn failure_of_io(error: &io::Error) -> NetworkFailure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::AddrNotAvailable
        | io::ErrorKind::HostUnreachable => NetworkFailure::NotConnected,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => NetworkFailure::Offline,
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => NetworkFailure::TimedOut,
        // rustls reports a certificate that is not trusted in this shape.
        io::ErrorKind::InvalidData => NetworkFailure::TlsFailed,
        _ => NetworkFailure::Cut,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use countersign::approval::Method;

    use super::*;

    fn failure_at(url: &str) -> NetworkFailure {
        failure_of_sender(&Sender::new(), url)
    }

    fn failure_of_sender(sender: &Sender, url: &str) -> NetworkFailure {
        let request = HttpRequest {
            method: Method::Get,
            url: url.to_owned(),
            headers: Vec::new(),
            body: None,
            timeout_ms: 20_000,
            max_reply_bytes: 100,
        };
        match sender.send(&request) {
            Event::NoReply(failure) => failure,
            other => panic!("{other:?}"),
        }
    }

    /// RFC 2606: names under `invalid` are never any host's.
    #[test]
    fn an_unknown_name_is_no_lost_connection() {
        assert_eq!(failure_at("http://name.invalid/"), NetworkFailure::NameUnknown);
        assert_eq!(failure_at("https://name.invalid/"), NetworkFailure::NameUnknown);
    }

    #[test]
    fn only_what_is_encrypted_goes_through_a_proxy() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let sender = Sender::through(Some(proxy));
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(failure_of_sender(&sender, &format!("http://{closed}/")), NetworkFailure::NotConnected);
        listener.set_nonblocking(true).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);

        listener.set_nonblocking(false).unwrap();
        let refusing = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap();
            // To the end of the head: what is left unread would break the connection off.
            lines.find(String::is_empty).unwrap();
            stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").unwrap();
            first
        });
        let failure = failure_of_sender(&sender, "https://login.example/");
        assert_eq!(failure, NetworkFailure::NotConnected);
        assert_eq!(refusing.join().unwrap(), "CONNECT login.example:443 HTTP/1.1");
    }

    #[test]
    fn a_closed_port_and_a_cut_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || drop(listener.accept().unwrap()));
        assert_eq!(failure_at(&url), NetworkFailure::Cut);
        server.join().unwrap();
        assert_eq!(failure_at(&url), NetworkFailure::NotConnected);
    }
}
