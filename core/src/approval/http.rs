//! What every server's answers have in common: status, waiting, dates, and which failures are worth another try.

use zeroize::Zeroizing;

use super::io::{Io, Run};
use super::step::{HttpReply, HttpRequest, Method, NetworkFailure};
use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;

/// For one request, from the first connection attempt to the last byte.
const TIMEOUT_MS: u64 = 15_000;
/// Longest answer that is read, unless a caller says otherwise.
pub(super) const MAX_REPLY: usize = 64 * 1024;
/// Longest time that a busy server may ask for and still get.
const MAX_RETRY_AFTER_MS: u64 = 30_000;
/// Between tries that change nothing at the server.
const PAUSES_MS: [u64; 2] = [500, 2_000];

/// A request with the limits that all have.
pub(super) fn request(
    method: Method,
    url: String,
    headers: Vec<(&'static str, Secret)>,
    body: Option<Secret>,
) -> HttpRequest {
    HttpRequest { method, url, headers, body, timeout_ms: TIMEOUT_MS, max_reply_bytes: MAX_REPLY }
}

/// A header with a value that is no secret.
pub(super) fn header(name: &'static str, value: &str) -> (&'static str, Secret) {
    (name, Secret::copy_of(value.as_bytes()))
}

/// A form (`application/x-www-form-urlencoded`), in one block that is wiped.
pub(super) fn form(fields: &[(&str, &str)]) -> Secret {
    let longest = fields.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let mut form = Zeroizing::new(String::with_capacity(longest));
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(url::form_urlencoded::byte_serialize(name.as_bytes()));
        form.push('=');
        form.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
    }
    Secret::copy_of(form.as_bytes())
}

/// What came of sending, before the dialect looks at it.
pub(super) enum Received<'r> {
    /// An answer that the dialect has to judge: 2xx or 4xx.
    Answer(&'r HttpReply),
    /// Nothing can be said about what the server did, or it did nothing yet.
    Failed(Failure),
    /// Another try would end the same way.
    Refused(Reason),
}

/// A failure that may pass.
#[derive(Clone, Copy)]
pub(super) struct Failure {
    pub(super) reason: Reason,
    /// Whether the server may have done what it was asked for.
    pub(super) maybe_done: bool,
    /// How long the server wants to be left alone.
    pub(super) retry_after_ms: Option<u64>,
}

/// Judges what came of sending by what is the same for all servers.
pub(super) fn judge(received: Result<&HttpReply, NetworkFailure>) -> Received<'_> {
    let reply = match received {
        Ok(reply) => reply,
        Err(failure) => return no_reply(failure),
    };
    match reply.status {
        200..=299 => Received::Answer(reply),
        300..=399 => Received::Refused(Reason::RedirectRefused),
        429 | 503 => Received::Failed(Failure {
            reason: Reason::ServerBusy,
            maybe_done: true,
            retry_after_ms: retry_after(reply),
        }),
        400..=499 => Received::Answer(reply),
        500..=599 => {
            Received::Failed(Failure { reason: Reason::ServerFailed, maybe_done: true, retry_after_ms: None })
        }
        _ => Received::Refused(Reason::ReplyUnreadable),
    }
}

fn no_reply<'r>(failure: NetworkFailure) -> Received<'r> {
    let reason = match failure {
        NetworkFailure::Offline => Reason::NoNetwork,
        NetworkFailure::NameUnknown => Reason::ServerNotFound,
        NetworkFailure::NotConnected => Reason::ServerUnreachable,
        NetworkFailure::TlsFailed => Reason::TlsFailed,
        NetworkFailure::TimedOut => Reason::ServerSilent,
        NetworkFailure::Cut | NetworkFailure::Interrupted => Reason::ConnectionLost,
        NetworkFailure::TooLarge => Reason::ReplyTooLarge,
    };
    Received::Failed(Failure { reason, maybe_done: failure.may_have_arrived(), retry_after_ms: None })
}

impl Failure {
    /// As [`Io::pause_ms`], which a procedure asks: however long it may take.
    pub(super) fn pause_ms(&self, tried: usize) -> Option<u64> {
        let hopeless = matches!(self.reason, Reason::NoNetwork | Reason::TlsFailed | Reason::ReplyTooLarge);
        let pause = PAUSES_MS.get(tried).copied().filter(|_| !hopeless)?;
        match self.retry_after_ms {
            Some(wanted) if wanted > MAX_RETRY_AFTER_MS => None,
            Some(wanted) => Some(wanted.max(pause)),
            None => Some(pause),
        }
    }
}

/// Sends a request that changes nothing and needs no proof, again when that may help.
pub(super) fn read<'log>(io: &mut Io<'log>, request: &HttpRequest) -> Run<Result<&'log HttpReply, Reason>> {
    let mut tried = 0;
    loop {
        let failure = match judge(io.send(request.clone())?) {
            Received::Answer(reply) => return Ok(Ok(reply)),
            Received::Refused(reason) => return Ok(Err(reason)),
            Received::Failed(failure) => failure,
        };
        let Some(pause) = io.pause_ms(&failure, tried) else { return Ok(Err(failure.reason)) };
        io.wait(pause)?;
        tried += 1;
    }
}

/// The headers that are read; no others are kept.
pub(super) fn is_read((name, value): &(String, String)) -> bool {
    value.len() <= 64 && (name.eq_ignore_ascii_case("date") || name.eq_ignore_ascii_case("retry-after"))
}

/// `Date` (RFC 9110, section 6.6.1).
pub(super) fn date(reply: &HttpReply) -> Option<UnixTime> {
    imf_fixdate(value(reply, "date")?)
}

/// How long a busy server wants to be left alone, where it says.
pub(super) fn wants_to_be_left_alone(reply: &HttpReply) -> Option<u64> {
    matches!(reply.status, 429 | 503).then(|| retry_after(reply))?
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3); a date there is passed over.
fn retry_after(reply: &HttpReply) -> Option<u64> {
    value(reply, "retry-after")?.trim().parse::<u64>().ok().map(|seconds| seconds.saturating_mul(1_000))
}

fn value<'r>(reply: &'r HttpReply, name: &str) -> Option<&'r str> {
    reply.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7); the two obsolete forms are not read.
fn imf_fixdate(text: &str) -> Option<UnixTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, text) = text.trim().split_once(", ")?;
    let mut parts = text.split(' ');
    let day = digits(parts.next()?, 2)?;
    let name = parts.next()?;
    let month = 1 + i64::try_from(MONTHS.iter().position(|month| *month == name)?).ok()?;
    let year = digits(parts.next()?, 4)?;
    let mut time = parts.next()?.splitn(3, ':').map(|part| digits(part, 2));
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let is_whole = parts.next() == Some("GMT") && parts.next().is_none();
    let in_range = (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60 && year >= 1970;
    (is_whole && in_range)
        .then(|| UnixTime(days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, counting years from March so that the leap day is the
/// last of its year.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reply(status: u16, headers: &[(&str, &str)]) -> HttpReply {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        HttpReply { status, headers, body: Secret::default() }
    }

    #[test]
    fn dates_of_the_standard() {
        for (text, time) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Tue, 24 Nov 2026 12:00:00 GMT", 1_795_521_600),
        ] {
            assert_eq!(date(&reply(200, &[("dAtE", text)])), Some(UnixTime(time)), "{text}");
        }
        for text in ["", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(imf_fixdate(text), None, "{text}");
        }
        for text in
            ["x, 32 Nov 1994 08:49:37 GMT", "x, 06 Nov 1994 24:00:00 GMT", "x, 06 Nov 1994 08:49:37 CET"]
        {
            assert_eq!(imf_fixdate(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn civil_is_the_inverse(time in 0_i64..253_402_300_799) {
            let [year, month, day, hour, minute, second] = UnixTime(time).civil();
            let days = days_from_civil(year, month, day);
            prop_assert_eq!(days * 86_400 + hour * 3_600 + minute * 60 + second, time);
        }
    }

    #[test]
    fn a_redirect_is_refused_whatever_it_says() {
        for status in [301, 302, 303, 307, 308] {
            let reply = reply(status, &[("location", "https://a.example/")]);
            assert!(matches!(judge(Ok(&reply)), Received::Refused(Reason::RedirectRefused)));
        }
    }

    #[test]
    fn a_busy_server_is_left_alone_for_as_long_as_it_asks() {
        let busy = |after| match judge(Ok(&reply(503, &[("Retry-After", after)]))) {
            Received::Failed(failure) => (failure.pause_ms(0), failure.pause_ms(2)),
            _ => panic!("not a failure"),
        };
        assert_eq!(busy("7"), (Some(7_000), None));
        assert_eq!(busy("0"), (Some(500), None));
        assert_eq!(busy("3600"), (None, None));
        assert_eq!(busy("18446744073709551615"), (None, None));
        assert_eq!(busy("later"), (Some(500), None));
    }

    #[test]
    fn a_form_as_browsers_write_it() {
        let form = form(&[("a", "x y+z&="), ("b", "é")]);
        assert_eq!(form.expose(), b"a=x+y%2Bz%26%3D&b=%C3%A9");
    }
}
