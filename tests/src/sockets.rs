//! The same over sockets: what is around a phone, and a proxy that cuts, delays, doubles, sends late and answers in a
//! server's place.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign::approval::{
    Answer, AnswerRequest, Decision, Event, HttpReply, HttpRequest, Method, NetworkFailure, Outcome, Question,
};
use countersign::authenticator::Job;
use countersign::clock::{Now, UnixTime};
use countersign::secret::Secret;

use crate::dice::Dice;
use crate::phone::{Phone, World};
use crate::runs::{Tally, count};

/// How long the phone's client waits; shorter than it is told, as the server is near.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// A phone's surroundings: the proxy, this computer's clocks, and a person who reads the number on the page.
pub struct Place<'a> {
    /// What all of it goes through.
    pub proxy: &'a Proxy,
    started: Instant,
    /// Seconds from this computer's time of day to that of the phone and its server.
    pub ahead: i64,
    /// The number on the page, once there is one.
    pub number: Option<String>,
}

impl<'a> Place<'a> {
    /// A place with nothing on the page.
    #[must_use]
    pub fn new(proxy: &'a Proxy) -> Self {
        Self { proxy, started: Instant::now(), ahead: 0, number: None }
    }
}

impl World for Place<'_> {
    fn now(&self) -> Now {
        let wall = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        let steady = self.started.elapsed().as_millis();
        Now { wall: UnixTime(wall + self.ahead), steady_ms: steady.try_into().unwrap() }
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        send(self.proxy.address, request).map_or_else(Event::NoReply, Event::Reply)
    }

    /// In a twentieth of the time: the faults here do not last as long.
    fn wait(&mut self, ms: u64) {
        thread::sleep(Duration::from_millis(ms / 20));
    }

    fn answer(&mut self, question: &Question) -> Answer {
        match (question, &self.number) {
            (Question::Answer { .. }, Some(number)) => Answer::Typed(Secret::copy_of(number.as_bytes())),
            _ => Answer::Confirmed(true),
        }
    }
}

/// The phone's HTTP client (RFC 9112): one connection a request, the answer's length known or to its end.
fn send(proxy: SocketAddr, request: &HttpRequest) -> Result<HttpReply, NetworkFailure> {
    let (host, path) = request.url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
    // EXPOSE: the request goes over the wire.
    let body = request.body.as_ref().map(Secret::expose).unwrap_or_default();
    let mut head = format!(
        "{} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
        request.method.name(),
        body.len()
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {}\r\n", value.expose_str().unwrap()));
    }
    let mut stream = TcpStream::connect(proxy).map_err(|_| NetworkFailure::NotConnected)?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    stream
        .write_all(&[head.as_bytes(), b"\r\n", body].concat())
        .and_then(|()| stream.read_to_end(&mut answer))
        .map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => NetworkFailure::TimedOut,
            _ => NetworkFailure::Cut,
        })?;
    parse(&answer).ok_or(NetworkFailure::Cut)
}

fn parse(answer: &[u8]) -> Option<HttpReply> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let body = &answer[end + 4..];
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let is_whole = length.is_none_or(|(_, length)| length.parse() == Ok(body.len()));
    is_whole.then(|| HttpReply { status, headers, body: Secret::copy_of(body) })
}

/// Between a phone and the site. Its threads end with the process.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    /// Of 100 connections, so many meet a fault.
    faults: Arc<AtomicU64>,
}

#[derive(Clone, Copy)]
enum Fault {
    ClosedAtOnce,
    RequestCut,
    ReplyCut,
    NoReply,
    Silent,
    Late,
    Doubled,
    Slow,
    Instead(&'static str),
}

const FAULTS: [Fault; 12] = [
    Fault::ClosedAtOnce,
    Fault::RequestCut,
    Fault::ReplyCut,
    Fault::NoReply,
    Fault::Silent,
    Fault::Late,
    Fault::Doubled,
    Fault::Slow,
    Fault::Instead("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"),
    Fault::Instead("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nbusy"),
    Fault::Instead("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Welcome to our Wi-Fi</title>"),
    Fault::Instead("\u{1}\u{2} not HTTP at all"),
];

impl Proxy {
    /// A proxy before `site`.
    ///
    /// # Panics
    /// When there is no port.
    #[must_use]
    pub fn start(site: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, faults) = (listener.local_addr().unwrap(), Arc::new(AtomicU64::new(0)));
        let level = Arc::clone(&faults);
        thread::spawn(move || {
            let mut dice = Dice::new(seed);
            for client in listener.incoming().flatten() {
                let fault = dice.percent(level.load(Ordering::Relaxed)).then(|| *dice.pick(&FAULTS));
                let place = dice.roll();
                thread::spawn(move || pass(client, site, fault, place));
            }
        });
        Self { address, faults }
    }

    /// From now on so many of 100 connections meet a fault.
    pub fn set_faults(&self, faults: u64) {
        self.faults.store(faults, Ordering::Relaxed);
    }
}

/// Passes one request and its answer, or does something else. An error is a cut as well.
fn pass(mut client: TcpStream, site: SocketAddr, fault: Option<Fault>, place: u64) -> io::Result<()> {
    if let Some(Fault::ClosedAtOnce) = fault {
        return client.shutdown(Shutdown::Both);
    }
    let request = read_request(&mut client)?;
    let cut = |bytes: &[u8]| usize::try_from(place).unwrap_or(0) % bytes.len().max(1);
    match fault {
        Some(Fault::RequestCut) => TcpStream::connect(site)?.write_all(&request[..cut(&request)])?,
        Some(Fault::ReplyCut) => {
            let reply = ask(site, &request)?;
            client.write_all(&reply[..cut(&reply)])?;
        }
        Some(Fault::NoReply) => drop(ask(site, &request)?),
        Some(Fault::Silent) => thread::sleep(PATIENCE + Duration::from_millis(200)),
        Some(Fault::Late) => {
            client.shutdown(Shutdown::Both)?;
            thread::sleep(Duration::from_millis(50 + place % 400));
            ask(site, &request)?;
        }
        Some(Fault::Doubled) => {
            let replies = [ask(site, &request)?, ask(site, &request)?];
            client.write_all(if place.is_multiple_of(2) { &replies[0] } else { &replies[1] })?;
        }
        Some(Fault::Instead(reply)) => client.write_all(reply.as_bytes())?,
        Some(Fault::Slow) => {
            for part in ask(site, &request)?.chunks(100) {
                thread::sleep(Duration::from_millis(20));
                client.write_all(part)?;
            }
        }
        Some(Fault::ClosedAtOnce) | None => client.write_all(&ask(site, &request)?)?,
    }
    client.shutdown(Shutdown::Both)
}

/// Looks and answers the first request, up to three times; the last time without faults.
///
/// # Panics
/// Where a run could not be begun.
pub fn answer(phone: &mut Phone, place: &mut Place<'_>, account: &str, approves: bool, tally: &mut Tally) {
    for attempt in 0..3 {
        place.proxy.set_faults(if attempt < 2 { 40 } else { 0 });
        let checked = phone.run(&Job::Check { account }, place).unwrap();
        count(tally, "look", &checked);
        let Outcome::Checked { requests, .. } = checked else { continue };
        let Some(request) = requests.first() else { continue };
        let decision = match approves {
            true => Decision::Approve { given: None },
            false => Decision::Decline { reason: None },
        };
        let request = AnswerRequest { request: request.id.clone(), decision };
        let outcome = phone.run(&Job::Answer { account, request }, place).unwrap();
        count(tally, "answer", &outcome);
    }
}

/// Answers what comes, until the process ends.
pub fn serve(listener: TcpListener, mut take: impl FnMut(&HttpRequest) -> HttpReply + Send + 'static) {
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let Ok(bytes) = read_request(&mut client) else { continue };
            let Some(request) = parse_request(&bytes) else { continue };
            let reply = take(&request);
            let mut head = format!("HTTP/1.1 {} -\r\nContent-Length: {}\r\n", reply.status, reply.body.len());
            for (name, value) in &reply.headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            // EXPOSE: the answer goes over the wire. Whoever asked may be gone.
            let _ = client.write_all(&[head.as_bytes(), b"\r\n", reply.body.expose()].concat());
        }
    });
}

/// A whole request (RFC 9112) as the phone made it, with the headers that servers here read; `None` for one that was
/// cut.
fn parse_request(bytes: &[u8]) -> Option<HttpRequest> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (first, fields) = head.split_once("\r\n")?;
    let field = |name: &str| fields.lines().find_map(|line| value_of(line, name));
    let body = body.get(..field("Content-Length").unwrap_or("0").parse().ok()?)?;
    let method = match first.split(' ').next()? {
        "PUT" => Method::Put,
        "POST" => Method::Post,
        _ => Method::Get,
    };
    Some(HttpRequest {
        method,
        url: format!("http://{}{}", field("Host")?, first.split(' ').nth(1)?),
        headers: ["Authorization", "Content-Type", "DPoP", "Signature"]
            .into_iter()
            .filter_map(|name| Some((name, Secret::copy_of(field(name)?.as_bytes()))))
            .collect(),
        body: Some(Secret::copy_of(body.as_bytes())),
        timeout_ms: 0,
        max_reply_bytes: 0,
    })
}

/// The value of a header line of this name, in whatever case.
fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_once(": ").filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Reads a request by its `Content-Length`.
fn read_request(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let count = client.read(&mut part)?;
        request.extend_from_slice(&part[..count]);
        let head = request.windows(4).position(|window| window == b"\r\n\r\n");
        let whole = head.map(|head| {
            let length = String::from_utf8_lossy(&request[..head])
                .lines()
                .find_map(|line| value_of(line, "Content-Length")?.parse::<usize>().ok());
            head + 4 + length.unwrap_or(0)
        });
        if count == 0 || whole.is_some_and(|whole| request.len() >= whole) {
            return Ok(request);
        }
    }
}

/// Sends bytes to the site and gives what comes back.
fn ask(site: SocketAddr, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(site)?;
    stream.write_all(request)?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    Ok(reply)
}
