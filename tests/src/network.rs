//! A network on a virtual clock that delays, cuts, doubles, reorders, truncates, and has servers in it that are busy,
//! broken or something else altogether.

use countersign::approval::{Event, HttpReply, HttpRequest, NetworkFailure};
use countersign::clock::{Now, UnixTime};
use countersign::secret::Secret;

use crate::app_authenticator::AppAuthenticator;
use crate::dice::Dice;
use crate::tiqr::Tiqr;

/// When the device was started, by the server's clock.
const BOOT: u64 = 1_799_990_000;

/// Time that passes only when it is told to.
#[derive(Clone, Debug)]
pub struct Clock {
    /// By the server's clock, in milliseconds since 1970.
    server_ms: u64,
    /// How far the device's clock is ahead, in seconds.
    skew: i64,
}

/// The other end.
pub trait Server {
    /// Takes a request, and gives the answer that it makes at this time, in Unix seconds.
    fn take(&mut self, request: &HttpRequest, now: u64) -> HttpReply;
}

impl Server for AppAuthenticator {
    fn take(&mut self, request: &HttpRequest, now: u64) -> HttpReply {
        Self::take(self, request, i64::try_from(now).unwrap_or(i64::MAX / 1_000) * 1_000)
    }
}

impl Server for Tiqr {
    fn take(&mut self, request: &HttpRequest, now: u64) -> HttpReply {
        Self::take(self, request, i64::try_from(now).unwrap_or(i64::MAX))
    }
}

/// The network between a phone and a server.
#[derive(Debug)]
pub struct Network {
    dice: Dice,
    /// Of 100 requests, so many meet a fault.
    faults: u64,
    /// Requests that are still on their way, with the time at which they arrive.
    on_the_way: Vec<(u64, HttpRequest)>,
    /// How many requests met a fault.
    pub met: u64,
}

#[derive(Clone, Copy)]
enum Fault {
    NotSent,
    RequestLost,
    ReplyLost,
    Late,
    Doubled,
    DoubledLater,
    Truncated,
    TooLong,
    Busy,
    Broken,
    Garbage,
}

/// Each as likely as the others.
const FAULTS: [Fault; 11] = [
    Fault::NotSent,
    Fault::RequestLost,
    Fault::ReplyLost,
    Fault::Late,
    Fault::Doubled,
    Fault::DoubledLater,
    Fault::Truncated,
    Fault::TooLong,
    Fault::Busy,
    Fault::Broken,
    Fault::Garbage,
];

impl Clock {
    /// Some moment in 2027, with a device whose clock is `skew` seconds ahead.
    #[must_use]
    pub const fn new(skew: i64) -> Self {
        Self { server_ms: (BOOT + 10_000) * 1_000, skew }
    }

    /// The server's time, in Unix seconds.
    #[must_use]
    pub const fn server(&self) -> u64 {
        self.server_ms / 1_000
    }

    /// The device's clocks.
    #[must_use]
    pub fn device(&self) -> Now {
        let wall = UnixTime(i64::try_from(self.server()).unwrap_or(i64::MAX)).plus(self.skew);
        Now { wall, steady_ms: self.server_ms - BOOT * 1_000 }
    }

    /// Lets time pass.
    pub const fn pass(&mut self, ms: u64) {
        self.server_ms += ms;
    }
}

impl Network {
    /// A network in which so many of 100 requests meet a fault.
    #[must_use]
    pub const fn new(faults: u64, seed: u64) -> Self {
        Self { dice: Dice::new(seed), faults, on_the_way: Vec::new(), met: 0 }
    }

    /// From now on all is well, but for what is still on its way.
    pub const fn calm(&mut self) {
        self.faults = 0;
    }

    /// Sets how many of 100 requests meet a fault.
    pub const fn set_faults(&mut self, faults: u64) {
        self.faults = faults;
    }

    /// Lets time pass; what was on its way arrives, in the order of its times.
    pub fn wait(&mut self, ms: u64, server: &mut dyn Server, clock: &mut Clock) {
        let end = clock.server_ms + ms;
        self.on_the_way.sort_by_key(|(at, _)| *at);
        let later = self.on_the_way.split_off(self.on_the_way.partition_point(|(at, _)| *at <= end));
        for (at, request) in std::mem::replace(&mut self.on_the_way, later) {
            clock.server_ms = clock.server_ms.max(at);
            server.take(&request, clock.server());
        }
        clock.server_ms = clock.server_ms.max(end);
    }

    /// Carries a request from the phone, and gives what the phone gets.
    pub fn carry(&mut self, request: &HttpRequest, server: &mut dyn Server, clock: &mut Clock) -> Event {
        let trip = if self.faults > 0 { self.dice.between(5, 900) } else { 20 };
        self.wait(trip, server, clock);
        if !self.dice.percent(self.faults) {
            let reply = server.take(request, clock.server());
            self.wait(trip, server, clock);
            return Event::Reply(reply);
        }
        self.met += 1;
        let fault = *self.dice.pick(&FAULTS);
        self.fail(fault, request, server, clock)
    }

    fn fail(
        &mut self,
        fault: Fault,
        request: &HttpRequest,
        server: &mut dyn Server,
        clock: &mut Clock,
    ) -> Event {
        match fault {
            Fault::NotSent => {
                let failures = [
                    NetworkFailure::Offline,
                    NetworkFailure::NameUnknown,
                    NetworkFailure::NotConnected,
                    NetworkFailure::TlsFailed,
                ];
                Event::NoReply(*self.dice.pick(&failures))
            }
            Fault::RequestLost => self.lost(request, server, clock),
            Fault::ReplyLost => {
                server.take(request, clock.server());
                self.lost(request, server, clock)
            }
            Fault::Late => {
                self.send_later(request, clock);
                self.lost(request, server, clock)
            }
            Fault::Doubled => {
                let (first, second) =
                    (server.take(request, clock.server()), server.take(request, clock.server()));
                Event::Reply(if self.dice.one_in(2) { first } else { second })
            }
            Fault::DoubledLater => {
                self.send_later(request, clock);
                Event::Reply(server.take(request, clock.server()))
            }
            Fault::Truncated => {
                let reply = server.take(request, clock.server());
                // EXPOSE: the network cuts it.
                let body = reply.body.expose();
                let kept = self.dice.below(body.len() as u64);
                let body: Vec<u8> = body.iter().zip(0..kept).map(|(byte, _)| *byte).collect();
                Event::Reply(HttpReply { body: Secret::from(body), ..reply })
            }
            Fault::TooLong => {
                let reply = server.take(request, clock.server());
                Event::Reply(HttpReply {
                    body: Secret::from(vec![b' '; request.max_reply_bytes + 1]),
                    ..reply
                })
            }
            Fault::Busy => {
                let after = match self.dice.below(4) {
                    0 => "soon".to_owned(),
                    1 => self.dice.between(31, 4_000).to_string(),
                    _ => self.dice.between(0, 20).to_string(),
                };
                let status = *self.dice.pick(&[429, 503]);
                self.instead(request, server, clock, status, &[("Retry-After", &after)], "")
            }
            Fault::Broken => {
                let status = *self.dice.pick(&[500, 502, 504, 599]);
                let body =
                    *self.dice.pick(&["", "{\"error\":\"unknown_error\"}", "<html>Bad gateway</html>"]);
                self.instead(request, server, clock, status, &[], body)
            }
            Fault::Garbage => {
                let status = *self.dice.pick(&[100, 200, 201, 204, 302, 400, 401, 403, 404, 409, 418, 700]);
                // Not the whole of what a server says that knows the phone and has nothing waiting, `[]` (App
                // Authenticator) and `{"challenges":[]}` (Push MFA): no phone could tell.
                let body = *self.dice.pick(&[
                    "",
                    "<!DOCTYPE html><title>Welcome to our Wi-Fi</title>",
                    "{}",
                    "[7]",
                    "null",
                    "{\"challenges\":[7]}",
                    "{\"error\":7}",
                    "{\"status\":\"ok\"}",
                    "{\"access_token\":\"\"}",
                    "\u{0}\u{ffff}",
                ]);
                self.instead(
                    request,
                    server,
                    clock,
                    status,
                    &[("Location", "https://elsewhere.example/")],
                    body,
                )
            }
        }
    }

    /// No answer comes, at once or after all the time that there is.
    fn lost(&mut self, request: &HttpRequest, server: &mut dyn Server, clock: &mut Clock) -> Event {
        if self.dice.one_in(2) {
            return Event::NoReply(NetworkFailure::Cut);
        }
        self.wait(request.timeout_ms, server, clock);
        Event::NoReply(NetworkFailure::TimedOut)
    }

    fn send_later(&mut self, request: &HttpRequest, clock: &Clock) {
        let at = clock.server_ms + self.dice.between(1, 40_000);
        self.on_the_way.push((at, request.clone()));
    }

    /// Another answer than the server's; the server may have got the request all the same.
    fn instead(
        &mut self,
        request: &HttpRequest,
        server: &mut dyn Server,
        clock: &Clock,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Event {
        if self.dice.one_in(3) {
            server.take(request, clock.server());
        }
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Event::Reply(HttpReply { status, headers, body: Secret::copy_of(body.as_bytes()) })
    }
}
