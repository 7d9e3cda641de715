//! 30 phones over real sockets, and 20 with push tokens: the practice site, or a privacyIDEA or an eduMFA, and between
//! it and each phone a proxy that cuts, delays, doubles, sends late and answers in the site's place.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

#[path = "../../practice/tests/common/mod.rs"]
#[allow(dead_code, reason = "the site's own tests use all of it")]
mod common;

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::RefUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use common::browser::Browser;
use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, Event, HttpReply, HttpRequest, Method,
    NetworkFailure, Outcome, Question, Request,
};
use countersign::authenticator::Job;
use countersign::clock::{Now, UnixTime};
use countersign::secret::Secret;
use countersign_practice::{Options, start};
use countersign_tests::dice::Dice;
use countersign_tests::network::Server as _;
use countersign_tests::phone::{Phone, World, reason};
use countersign_tests::token_server::{Make, TokenServer};

const RUNS: u64 = 30;
const TOKEN_RUNS: u64 = 20;
/// In the time of a server with push tokens, in Unix seconds.
const START: i64 = 1_800_000_000;
/// How long the phone's client waits; shorter than it is told, as the site is near.
const PATIENCE: Duration = Duration::from_millis(1_500);

#[test]
fn thirty_phones_over_sockets() {
    let folder = tempfile::tempdir().unwrap();
    // Making a realm takes a second: it is made once and copied.
    let realm = folder.path().join("realm.db");
    start(Options { database: Some(realm.clone()), ..Options::default() }).unwrap().stop();

    many(RUNS, |seed| run(seed, &realm));
}

#[test]
fn twenty_phones_with_push_tokens_over_sockets() {
    many(TOKEN_RUNS, run_with_token);
}

/// Makes these runs, six at a time, and says what came of them.
fn many(runs: u64, run: impl Fn(u64) -> Vec<String> + Sync + RefUnwindSafe) {
    let (next, tally) = (AtomicU64::new(0), Mutex::new(BTreeMap::<String, u64>::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= runs {
                break;
            }
            let ends =
                std::panic::catch_unwind(|| run(seed)).unwrap_or_else(|_| panic!("failed: run {seed}"));
            let mut tally = tally.lock().unwrap();
            ends.into_iter().for_each(|end| *tally.entry(end).or_default() += 1);
        }
    };
    thread::scope(|scope| (0..6).for_each(|_| drop(scope.spawn(work))));
    println!("counted: {runs} runs over sockets; ends:");
    tally.into_inner().unwrap().iter().for_each(|(what, times)| println!("  {times:>4} {what}"));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intent {
    Approves,
    Declines,
    Nothing,
}

/// One phone: set up, asked once.
fn run(seed: u64, realm: &Path) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let database = copy(realm, folder.path());
    let site = start(Options { database: Some(database), ..Options::default() }).unwrap();
    let proxy = Proxy::start(site.base_url().strip_prefix("http://").unwrap().parse().unwrap(), seed);
    let mut place = Place { proxy: &proxy, started: Instant::now(), ahead: 0, number: None };
    let mut phone = Phone::new(folder.path(), seed, place.now());
    let mut ends = Vec::new();

    let mut browser = Browser::open(&site.base_url(), "en");
    browser.sign_in("alice", "practice").get("/setup/app");
    let account = set_up(&mut phone, &mut place, &mut browser, &mut ends);
    browser.get("/setup/scan").post("/setup/next", &[]);
    place.number = Some(browser.number());

    let intent = *dice.pick(&[Intent::Approves, Intent::Approves, Intent::Declines, Intent::Nothing]);
    act_until_over(&mut phone, &mut place, &account, intent, &mut ends);
    let wanted = match intent {
        Intent::Approves => "approved",
        Intent::Declines => "declined",
        Intent::Nothing => "pending",
    };
    assert_eq!(standing(&mut browser), wanted);
    ends.push(format!("sign-in: {wanted}"));
    ends
}

fn copy(realm: &Path, folder: &Path) -> PathBuf {
    let database = folder.join("realm.db");
    std::fs::copy(realm, &database).unwrap();
    database
}

/// Sets up the account: with a new code each time, until it works.
fn set_up(phone: &mut Phone, place: &mut Place<'_>, browser: &mut Browser, ends: &mut Vec<String>) -> String {
    for attempt in 0..4 {
        place.proxy.set_faults(if attempt < 3 { 40 } else { 0 });
        browser.post("/setup/scan", &[]);
        let (outcome, added) = phone.enrol(&browser.link(), place).unwrap();
        ends.push(end("set-up", &outcome));
        if let Outcome::Enrolled(_) = outcome {
            return added.unwrap();
        }
        thread::sleep(Duration::from_millis(400));
    }
    panic!("no set-up without faults")
}

/// One phone with a push token: set up, asked once.
fn run_with_token(seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let make = *dice.pick(&[
        Make::PrivacyIdea { numbers: true },
        Make::EduMfa { older: false },
        Make::EduMfa { older: true },
    ]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::start(listener.local_addr().unwrap(), seed);
    let server = TokenServer::new(make, &format!("http://{}", proxy.address), dice.roll());
    let server = Arc::new(Mutex::new(server));
    let ahead = START - wall();
    let mut place = Place { proxy: &proxy, started: Instant::now(), ahead, number: None };
    serve(listener, Arc::clone(&server), ahead);
    let mut phone = Phone::new(folder.path(), seed, place.now());
    let mut ends = Vec::new();

    let account = (0..4).find_map(|attempt| {
        proxy.set_faults(if attempt < 3 { 40 } else { 0 });
        let code = server.lock().unwrap().show_set_up_code("TOKEN1");
        let (outcome, added) = phone.enrol(&code, &mut place).unwrap();
        ends.push(end("set-up", &outcome));
        thread::sleep(Duration::from_millis(400));
        added
    });
    let account = account.unwrap_or_else(|| panic!("no set-up without faults: {ends:?}"));

    let sign_in = server.lock().unwrap().sign_in("TOKEN1", (wall() + ahead).try_into().unwrap());
    place.number.clone_from(&sign_in.shown);
    let intent = *dice.pick(&[Intent::Approves, Intent::Approves, Intent::Declines, Intent::Nothing]);
    act_until_over(&mut phone, &mut place, &account, intent, &mut ends);
    let server = server.lock().unwrap();
    let sign_in = server.find(&sign_in.id);
    assert_eq!(sign_in.approved > 0, intent == Intent::Approves);
    assert_eq!(sign_in.is_declined, intent == Intent::Declines);
    ends.push(format!("sign-in: {intent:?}"));
    ends
}

/// Does what the person means to while the network is bad, and once more when it is good.
fn act_until_over(
    phone: &mut Phone,
    place: &mut Place<'_>,
    account: &str,
    intent: Intent,
    ends: &mut Vec<String>,
) {
    for attempt in 0..3 {
        place.proxy.set_faults(if attempt < 2 { 40 } else { 0 });
        if act(phone, place, account, intent, ends) {
            break;
        }
    }
    place.proxy.set_faults(0);
    thread::sleep(Duration::from_millis(500));
}

/// Looks, and does what the person means to. True when it is over.
fn act(
    phone: &mut Phone,
    place: &mut Place<'_>,
    account: &str,
    intent: Intent,
    ends: &mut Vec<String>,
) -> bool {
    let checked = phone.run(&Job::Check { account }, place).unwrap();
    ends.push(end("look", &checked));
    let Outcome::Checked { requests } = checked else { return false };
    let Some(Request { id, .. }) = requests.into_iter().next() else { return false };
    let decision = match intent {
        Intent::Approves => Decision::Approve { given: None },
        Intent::Declines => Decision::Decline { reason: None },
        Intent::Nothing => return false,
    };
    let request = AnswerRequest { request: id, decision };
    let outcome = phone.run(&Job::Answer { account, request }, place).unwrap();
    ends.push(end("answer", &outcome));
    matches!(
        outcome,
        Outcome::Answered(Answered { result: AnswerResult::Approved | AnswerResult::Declined, .. })
    )
}

/// What became of the sign-in, as its page says. It says it once: then the sign-in is over.
fn standing(browser: &mut Browser) -> &'static str {
    browser.get("/setup/try");
    match browser.title().as_str() {
        "Let's try it out" => "pending",
        "Authenticator added" => "approved",
        "The request was declined" => "declined",
        other => panic!("another page: {other}"),
    }
}

fn end(what: &str, outcome: &Outcome) -> String {
    let name = match (reason(outcome), outcome) {
        (Some(reason), _) => reason.name(),
        (None, Outcome::Enrolled(_) | Outcome::Checked { .. } | Outcome::Answered(_)) => "done",
        (None, other) => panic!("an end without a reason: {other:?}"),
    };
    format!("{what}: {name}")
}

/// A phone's surroundings: the proxy, this computer's clocks, and a person who reads the number on the page.
struct Place<'a> {
    proxy: &'a Proxy,
    started: Instant,
    /// Seconds from this computer's time of day to that of the server.
    ahead: i64,
    number: Option<String>,
}

impl World for Place<'_> {
    fn now(&self) -> Now {
        let steady = self.started.elapsed().as_millis();
        Now { wall: UnixTime(wall() + self.ahead), steady_ms: steady.try_into().unwrap() }
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

fn wall() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

/// The server's side of a socket. Its thread ends with the process.
fn serve(listener: TcpListener, server: Arc<Mutex<TokenServer>>, ahead: i64) {
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // What was cut on its way is no request.
            let request = read_request(&mut client).ok().as_deref().and_then(parse_request);
            let Some(request) = request else { continue };
            let reply = server.lock().unwrap().take(&request, (wall() + ahead).try_into().unwrap());
            let body = reply.body.expose();
            let mut head = format!(
                "HTTP/1.1 {} -\r\nConnection: close\r\nContent-Length: {}\r\n",
                reply.status,
                body.len()
            );
            for (name, value) in &reply.headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = client.write_all(&[head.as_bytes(), b"\r\n", body].concat());
        }
    });
}

fn parse_request(bytes: &[u8]) -> Option<HttpRequest> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut words = head.split(' ');
    let method = if words.next()? == "GET" { Method::Get } else { Method::Post };
    let length =
        head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok())?;
    let body = bytes[end + 4..].get(..length)?;
    Some(HttpRequest {
        method,
        url: words.next()?.to_owned(),
        headers: Vec::new(),
        body: Some(Secret::copy_of(body)),
        timeout_ms: 0,
        max_reply_bytes: 0,
    })
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
struct Proxy {
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
    fn start(site: SocketAddr, seed: u64) -> Self {
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

    fn set_faults(&self, faults: u64) {
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
                .find_map(|line| line.strip_prefix("Content-Length: ")?.parse::<usize>().ok());
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
