//! Where a server lives: what a person confirms before the first byte goes out, and what later addresses are
//! held against.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::reason::Reason;

/// Longest address that is taken, in bytes.
pub const MAX_ADDRESS: usize = 2048;

/// Scheme, host, port and the path under which a system answers. Compared normalised; the address itself is sent
/// as spelt.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    https: bool,
    /// ASCII (punycode), lower case; an IPv6 address in brackets.
    host: String,
    port: u16,
    /// Without a trailing slash; empty for the root.
    path: String,
}

impl Origin {
    /// The origin of an `https:` address, or of an `http:` one on this machine (127.0.0.0/8, `[::1]`, `localhost`).
    ///
    /// # Errors
    /// `AddressDamaged`, `UserInfoInAddress`, `PlainHttp`.
    pub fn of(address: &str) -> Result<Self, Reason> {
        let url = parse(address)?;
        let host = url.host().ok_or(Reason::AddressDamaged)?;
        let https = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&host) => false,
            "http" => return Err(Reason::PlainHttp),
            _ => return Err(Reason::AddressDamaged),
        };
        Ok(Self {
            https,
            host: host.to_string(),
            port: url.port_or_known_default().ok_or(Reason::AddressDamaged)?,
            path: url.path().trim_end_matches('/').to_owned(),
        })
    }

    /// The origin of the whole server, wherever on it `address` lies.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(crate) fn of_server(address: &str) -> Result<Self, Reason> {
        Ok(Self { path: String::new(), ..Self::of(address)? })
    }

    /// Whether `address` lies on this origin: the same scheme, host and port, and a path at or under this one.
    #[must_use]
    pub fn contains(&self, address: &str) -> bool {
        Self::of(address).is_ok_and(|other| {
            self.https == other.https
                && self.host == other.host
                && self.port == other.port
                && other
                    .path
                    .strip_prefix(&self.path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether both are on the same server, under whatever paths.
    pub(crate) fn shares_server(&self, other: &Self) -> bool {
        (self.https, &self.host, self.port) == (other.https, &other.host, other.port)
    }

    /// The host in ASCII.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where the address left it out.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is spoken to without TLS, which is so on this machine only.
    #[must_use]
    pub const fn is_plain_http(&self) -> bool {
        !self.https
    }

    /// Whether `HOST` or `HOST:PORT` names this origin; without a port the scheme's own is meant.
    #[must_use]
    pub fn is_named_by(&self, host_port: &str) -> bool {
        let scheme = if self.https { "https" } else { "http" };
        Self::of(&format!("{scheme}://{host_port}/"))
            .is_ok_and(|named| named.path.is_empty() && named.host == self.host && named.port == self.port)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, own_port) = if self.https { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != own_port {
            write!(f, ":{}", self.port)?;
        }
        f.write_str(&self.path)
    }
}

fn parse(address: &str) -> Result<Url, Reason> {
    // The URL standard drops tabs and line ends and takes `\` for `/`: an address with one is not what it seems.
    if address.len() > MAX_ADDRESS || address.contains(|c: char| c.is_control() || c == ' ' || c == '\\') {
        return Err(Reason::AddressDamaged);
    }
    let url = Url::parse(address).map_err(|_| Reason::AddressDamaged)?;
    // Punycode and percent signs make it longer: what is too long then could not be read again.
    if url.as_str().len() > MAX_ADDRESS {
        return Err(Reason::AddressDamaged);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Reason::UserInfoInAddress);
    }
    Ok(url)
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(address: &str) -> Origin {
        Origin::of(address).unwrap()
    }

    #[test]
    fn shown_in_ascii_and_without_the_schemes_own_port() {
        for (address, shown) in [
            ("https://Login.Example:443/realms/a/", "https://login.example/realms/a"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
            ("https://p\u{430}ypal.com/", "https://xn--pypal-4ve.com"),
            ("https://a.example:8443", "https://a.example:8443"),
            ("http://127.0.0.1:8080/realms/push", "http://127.0.0.1:8080/realms/push"),
            ("http://[::1]:1/", "http://[::1]:1"),
            ("https://a.example/b/../c", "https://a.example/c"),
        ] {
            assert_eq!(origin(address).to_string(), shown);
        }
    }

    #[test]
    fn what_is_not_an_origin() {
        for (address, reason) in [
            ("http://a.example/", Reason::PlainHttp),
            ("http://127.0.0.1.example/", Reason::PlainHttp),
            ("http://10.0.0.1/", Reason::PlainHttp),
            ("https://user@a.example/", Reason::UserInfoInAddress),
            ("https://a.example:b@c.example/", Reason::UserInfoInAddress),
            ("ftp://a.example/", Reason::AddressDamaged),
            ("https://a.ex\nample/", Reason::AddressDamaged),
            ("https:\\\\a.example", Reason::AddressDamaged),
            ("a.example", Reason::AddressDamaged),
            ("", Reason::AddressDamaged),
        ] {
            assert_eq!(Origin::of(address), Err(reason), "{address}");
        }
        for long in ["a".repeat(MAX_ADDRESS), "\u{fc}".repeat(MAX_ADDRESS / 3)] {
            assert_eq!(Origin::of(&format!("https://a.example/{long}")), Err(Reason::AddressDamaged));
        }
    }

    #[test]
    fn contains_the_same_place_and_what_is_under_it() {
        let realm = origin("https://a.example/realms/one");
        for inside in ["https://a.example/realms/one", "https://A.example:443/realms/one/push-mfa?x=1"] {
            assert!(realm.contains(inside), "{inside}");
        }
        for outside in [
            "https://a.example/realms/one-more",
            "https://a.example/realms/one/../two",
            "https://a.example/realms/one/%2e%2e/two",
            "https://a.example:444/realms/one",
            "http://a.example/realms/one",
            "https://b.example/realms/one",
            "https://a.example@b.example/realms/one",
        ] {
            assert!(!realm.contains(outside), "{outside}");
        }
    }

    #[test]
    fn named_by_host_and_port() {
        assert!(origin("https://a.example/realms/x").is_named_by("A.example"));
        assert!(origin("https://a.example:8443/").is_named_by("a.example:8443"));
        assert!(origin("http://127.0.0.1:8080/x").is_named_by("127.0.0.1:8080"));
        for other in ["a.example:8443", "b.example", "a.example/realms", "user@a.example", ""] {
            assert!(!origin("https://a.example/").is_named_by(other), "{other}");
        }
    }
}
