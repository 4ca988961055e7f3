//! Names of hosts, read strictly. In: what a client wrote as a host or as `host:port`. Out: a name in one spelling, an
//! address, or a refusal: of what different programs read differently nothing is guessed.
//!
//! Refused are user parts, numbers in other bases (`0x7f.1`, `127.1`, `017700000001`), zones, letters outside ASCII (a
//! client sends IDNs as `xn--`), percent signs, empty labels. One dot at the end is dropped. It looks nothing up.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// A host that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name: lower case, no dot at the end.
    Name(String),
    /// A literal address; IPv4 carried in IPv6 is IPv4.
    Address(IpAddr),
}

impl Host {
    /// Reads a host; an IPv6 address with or without brackets.
    ///
    /// # Errors
    /// What is not exactly one name or address.
    pub fn parse(text: &str) -> Result<Self, OddHost> {
        if let Some(inside) = text.strip_prefix('[') {
            let inside = inside.strip_suffix(']').ok_or(OddHost)?;
            return Ok(Self::Address(IpAddr::V6(inside.parse::<Ipv6Addr>().map_err(|_| OddHost)?).to_canonical()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Address(address.to_canonical()));
        }
        name(text).map(Self::Name)
    }

    /// Whether it is this machine by what it is called: a loopback address, `localhost` or a name below it (RFC 6761).
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        match self {
            Self::Name(name) => name == "localhost" || is_below(name, "localhost"),
            Self::Address(address) => address.is_loopback(),
        }
    }

    /// Whether both are one host: the same, or both this machine, which a client names otherwise than it connects to it.
    pub(crate) fn is_as(&self, other: &Self) -> bool {
        self == other || (self.is_this_machine() && other.is_this_machine())
    }

    /// The name, if it is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Address(_) => None,
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// Hosts that a rule speaks of: `example.com`, `*.example.com` (what is below it, not itself), an address, `*` (any); with
/// `:port` that port alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    Any,
    Below(String),
    One(Host),
}

impl HostPattern {
    /// Reads one.
    ///
    /// # Errors
    /// A host that is none.
    pub fn parse(text: &str) -> Result<Self, OddHost> {
        if text == "*" {
            return Ok(Self { hosts: Hosts::Any, port: None });
        }
        if let Some(number) = text.strip_prefix("*:") {
            return Ok(Self { hosts: Hosts::Any, port: Some(port(number)?) });
        }
        let (below, text) = text.strip_prefix("*.").map_or((false, text), |rest| (true, rest));
        let (host, port) = match authority(text, None) {
            Ok((host, port)) => (host, Some(port)),
            Err(OddHost) => (Host::parse(text)?, None),
        };
        let hosts = match (below, host) {
            (false, host) => Hosts::One(host),
            (true, Host::Name(name)) => Hosts::Below(name),
            (true, Host::Address(_)) => return Err(OddHost),
        };
        Ok(Self { hosts, port })
    }

    /// Whether two patterns may mean one host at the port that the other means first: 443 where it means any.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let ports = self.port.is_none_or(|ours| ours == other.port.unwrap_or(443));
        let hosts = match (&self.hosts, &other.hosts) {
            (Hosts::Any, _) | (_, Hosts::Any) => true,
            (Hosts::One(ours), _) => other.means(ours),
            (_, Hosts::One(theirs)) => self.means(theirs),
            (Hosts::Below(ours), Hosts::Below(theirs)) => ours == theirs || is_below(ours, theirs) || is_below(theirs, ours),
        };
        ports && hosts
    }

    /// Whether a host and port are meant.
    #[must_use]
    pub fn matches(&self, host: &Host, port: u16) -> bool {
        self.means(host) && self.port.is_none_or(|ours| ours == port)
    }

    fn means(&self, host: &Host) -> bool {
        match (&self.hosts, host) {
            (Hosts::Any, _) => true,
            (Hosts::Below(ours), Host::Name(name)) => is_below(name, ours),
            (Hosts::Below(_), Host::Address(_)) => false,
            (Hosts::One(ours), host) => ours == host,
        }
    }
}

fn is_below(name: &str, above: &str) -> bool {
    name.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))
}

/// Something that is no host as we read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OddHost;

impl fmt::Display for OddHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host is not written as one plain name or address")
    }
}

impl std::error::Error for OddHost {}

/// RFC 1035: what fits into a question.
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

fn name(text: &str) -> Result<String, OddHost> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let last = text.rsplit('.').next().unwrap_or_default();
    if text.is_empty() || text.len() > LONGEST_NAME || !text.split('.').all(is_label) || is_number(last) {
        return Err(OddHost);
    }
    Ok(text.to_ascii_lowercase())
}

/// Underscores are no host's by the book, but some hosts have them.
fn is_label(label: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=LONGEST_LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(fine)
}

/// A name whose last label is a number is read as an address by `inet_aton` and by browsers.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Reads `host:port` or `host`.
///
/// # Errors
/// A host that is none, a port that is none, a user part.
pub fn authority(text: &str, default_port: Option<u16>) -> Result<(Host, u16), OddHost> {
    let bracket = text.rfind(']').unwrap_or(0);
    let colon = text.rfind(':').filter(|colon| *colon >= bracket);
    let (host, port) = match colon {
        Some(colon) => (text.get(..colon).ok_or(OddHost)?, Some(port(text.get(colon + 1..).ok_or(OddHost)?)?)),
        None => (text, default_port),
    };
    // `1::2` without brackets would lose its last part to the port.
    if host.contains(':') && !host.starts_with('[') {
        return Err(OddHost);
    }
    Ok((Host::parse(host)?, port.ok_or(OddHost)?))
}

fn port(text: &str) -> Result<u16, OddHost> {
    let plain = !text.is_empty() && text.len() <= 5 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().map_err(|_| OddHost) } else { Err(OddHost) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_have_one_spelling() {
        for (text, name) in [("Example.COM", "example.com"), ("example.com.", "example.com"), ("a_b.x-y", "a_b.x-y")] {
            assert_eq!(Host::parse(text), Ok(Host::Name(name.to_owned())));
        }
        assert_eq!(Host::parse("xn--bcher-kva.example").unwrap().name(), Some("xn--bcher-kva.example"));
    }

    #[test]
    fn odd_spellings_are_refused() {
        let odd =
            ["", ".", "..", "a..b", ".a", "a.com..", "0x7f.1", "127.1", "2130706433", "017700000001", "127.0.0.01", "1.2.3.4.5"];
        for text in
            odd.iter().chain(&["0x7f000001", "1.2.3.0x4", "user@host", "a b", "a/b", "bücher.example", "ⓔxample.com", "a%2eb"])
        {
            assert_eq!(Host::parse(text), Err(OddHost), "{text}");
        }
        for text in
            ["[::1", "::1]", "[127.0.0.1]", "[fe80::1%eth0]", "fe80::1%1", "-a.com", "a-.com", "a\0b", "a:1", "127.0.0.1.x.7"]
        {
            assert_eq!(Host::parse(text), Err(OddHost), "{text}");
        }
        assert_eq!(Host::parse(&"a".repeat(64)), Err(OddHost));
    }

    #[test]
    fn a_carried_address_is_the_one_it_carries() {
        assert_eq!(Host::parse("[::ffff:127.0.0.1]"), Ok(Host::Address("127.0.0.1".parse().unwrap())));
        assert_eq!(Host::parse("::FFFF:7f00:1"), Ok(Host::Address("127.0.0.1".parse().unwrap())));
    }

    #[test]
    fn this_machine_has_many_names_and_no_other_host_has_two() {
        let is = |a: &str, b: &str| Host::parse(a).unwrap().is_as(&Host::parse(b).unwrap());
        assert!(is("localhost", "127.0.0.1") && is("[::1]", "app.localhost") && is("LOCALHOST.", "127.9.9.9"));
        assert!(is("a.example", "A.example.") && !is("a.example", "b.example") && !is("localhost", "10.0.0.1"));
        assert!(!is("notlocalhost", "127.0.0.1") && !is("localhost.example", "127.0.0.1"));
    }

    #[test]
    fn authorities_are_read_strictly() {
        assert_eq!(authority("a.com:443", None), Ok((Host::Name("a.com".to_owned()), 443)));
        assert_eq!(authority("a.com", Some(80)), Ok((Host::Name("a.com".to_owned()), 80)));
        assert_eq!(authority("[::1]:8080", None).unwrap().1, 8080);
        assert_eq!(authority("[::1]", Some(80)).unwrap().1, 80);
        for text in
            ["a.com", "a.com:", "a.com:0", "a.com:080", "a.com:65536", "a.com:+80", "::1:80", "u@a.com:80", "a.com:80:80", ":80"]
        {
            assert_eq!(authority(text, None), Err(OddHost), "{text}");
        }
    }

    #[test]
    fn patterns_mean_a_host_or_what_is_below_it() {
        let is = |pattern: &str, host: &str| HostPattern::parse(pattern).unwrap().matches(&Host::parse(host).unwrap(), 443);
        assert!(is("Example.com", "example.com."));
        assert!(is("*.example.com", "a.b.example.com"));
        assert!(is("example.com:443", "example.com"));
        assert!(is("::1", "[::1]") && is("[::1]:443", "::1"));
        assert!(!is("*.example.com", "example.com"));
        assert!(!is("*.example.com", "badexample.com"));
        assert!(!is("example.com", "a.example.com"));
        assert!(!is("example.com:80", "example.com"));
        let meets = |a: &str, b: &str| HostPattern::parse(a).unwrap().meets(&HostPattern::parse(b).unwrap());
        assert!(meets("*.example.com", "api.example.com") && meets("api.example.com", "*.example.com"));
        assert!(meets("*.example.com", "*.example.com") && meets("*.example.com", "*.eu.example.com"));
        assert!(!meets("*.example.com", "example.com") && !meets("a.example:80", "a.example:443"));
        assert!(is("*", "a.com") && is("*:443", "1.2.3.4") && !is("*:993", "a.com"));
        assert!(meets("*:443", "a.com") && !meets("*:993", "a.com") && meets("*:993", "a.com:993"));
        for text in ["*.", "*:", "*:x", "*a", "a.*.com", "*.1.2.3.4", "", "a b"] {
            assert!(HostPattern::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_host_or_refused(text in "\\PC{0,40}") {
            if let Ok(host) = Host::parse(&text) {
                prop_assert_eq!(Host::parse(&host.to_string()), Ok(host));
            }
            let _ = authority(&text, Some(80));
        }

        #[test]
        fn what_looks_numeric_is_an_address_or_refused(text in "[0-9a-fx.]{1,20}") {
            if let Ok(Host::Name(name)) = Host::parse(&text) {
                prop_assert!(!is_number(name.rsplit('.').next().unwrap()));
            }
        }
    }
}
