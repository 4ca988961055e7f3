//! Who an address talks to: a URL, or what `curl` or `ssh` take for one, in; scheme, host, port and path out.
//!
//! Strict on purpose: an authority that two programs read differently (backslashes, control characters, letters that
//! IDNA may fold) has no host of its own but `*`, or is no URL at all. Looks nothing up and decodes no path.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::invocation::UNKNOWN;

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Lower case, `http` where none is written.
    pub scheme: String,
    /// Lower case, without brackets or a last dot; addresses in their plain form; `*` where it cannot be known.
    pub host: String,
    /// Where written.
    pub port: Option<u16>,
    /// From the first slash on, query and fragment included; empty where there is none.
    pub path: String,
    /// What stands before `@`, where something does.
    pub userinfo: Option<String>,
}

/// Schemes that are written without an authority, or whose slashes programs forgive.
const FORGIVING: &[&str] = &["http", "https", "ftp", "ftps", "ws", "wss"];

/// Host prefixes by which curl guesses a scheme.
const GUESSED: &[&str] = &["ftp", "dict", "ldap", "imap", "smtp", "pop3"];

/// Reads an address; text without a scheme is read as curl does. `None` where it has no reading, or several.
#[must_use]
pub fn parse(text: &str) -> Option<Url> {
    let (scheme, rest) = match split_scheme(text) {
        Some((scheme, rest)) => (scheme, after_slashes(scheme, rest)?),
        None => ("", text),
    };
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "file" {
        return Some(file(rest));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (userinfo, hostport) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user.to_owned()), host),
        None => (None, authority),
    };
    if authority.is_empty() || authority.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace()) {
        return None;
    }
    if authority.contains(UNKNOWN) {
        return Some(Url { scheme: or_guess(scheme, "*"), host: "*".to_owned(), port: None, path: path.to_owned(), userinfo });
    }
    let (host, port) = host_and_port(hostport)?;
    Some(Url { scheme: or_guess(scheme, &host), host, port, path: path.to_owned(), userinfo })
}

/// The host that `user@host:path`, `host` or `ssh://user@host:port/path` names, with the port; `*` where not known.
/// `None` for text that names no host, such as an option.
#[must_use]
pub fn ssh_host(text: &str) -> Option<(String, Option<u16>)> {
    if text.contains("://") {
        return parse(text).map(|url| (url.host, url.port));
    }
    let text = text.split('/').next().unwrap_or_default();
    let before_path = if text.contains('[') { text } else { text.split(':').next().unwrap_or_default() };
    let host = before_path.rsplit('@').next().unwrap_or_default();
    if host.contains(UNKNOWN) {
        return Some(("*".to_owned(), None));
    }
    if let Some((inside, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return Some((normal_host(inside)?, None));
    }
    if host.is_empty() || text.starts_with('-') { None } else { Some((normal_host(host)?, None)) }
}

/// Whether `host:path` names a file on another machine, as scp and rsync see it: a colon before any slash.
#[must_use]
pub fn is_remote_path(text: &str) -> bool {
    let colon = text.find(':');
    colon.is_some_and(|colon| colon > 0 && text.find('/').is_none_or(|slash| colon < slash)) || text.contains("://")
}

/// The plain form of a host name or address; `*` for letters outside ASCII, which resolvers fold in their own ways.
#[must_use]
pub fn normal_host(host: &str) -> Option<String> {
    let host = percent_decoded(host)?.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    if host.is_empty() || host.chars().any(|c| c.is_control() || c.is_whitespace() || "\\/?#@<>^|".contains(c)) {
        return None;
    }
    if !host.is_ascii() {
        return Some("*".to_owned());
    }
    if host.contains(':') {
        return ipv6(host);
    }
    Some(ipv4(host).map_or_else(|| host.to_owned(), |address| address.to_string()))
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    (named && rest.starts_with(['/', '\\'])).then_some((scheme, rest))
}

/// What follows the slashes after the scheme's colon.
fn after_slashes<'a>(scheme: &str, rest: &'a str) -> Option<&'a str> {
    let scheme = scheme.to_ascii_lowercase();
    if FORGIVING.contains(&scheme.as_str()) {
        return Some(rest.trim_start_matches('/'));
    }
    if scheme == "file" { Some(rest) } else { rest.strip_prefix("//") }
}

/// `file:/p`, `file:///p`, `file://host/p`: the path, whatever host is written, since programs differ on it.
fn file(rest: &str) -> Url {
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => rest,
    };
    let path = percent_decoded(path).unwrap_or_else(|| path.to_owned());
    Url { scheme: "file".to_owned(), host: String::new(), port: None, path, userinfo: None }
}

fn or_guess(scheme: String, host: &str) -> String {
    if !scheme.is_empty() {
        return scheme;
    }
    let first = host.split('.').next().unwrap_or_default();
    GUESSED.iter().find(|guess| **guess == first).map_or("http", |guess| guess).to_owned()
}

fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (inside, after) = rest.split_once(']')?;
            (inside, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        None | Some("") => None,
        Some(digits) => Some(digits.parse().ok()?),
    };
    Some((normal_host(host)?, port))
}

fn ipv6(host: &str) -> Option<String> {
    // A zone (`fe80::1%eth0`) picks an interface, not another host.
    let address: Ipv6Addr = host.split('%').next()?.parse().ok()?;
    Some(address.to_ipv4_mapped().map_or_else(|| address.to_string(), |address| address.to_string()))
}

/// An address as inet_aton reads it: one to four parts, each decimal, octal or hexadecimal, the last one filling up.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|part| *part > 255) {
        return None;
    }
    let room = 32 - 8 * u32::try_from(first.len()).ok()?;
    if u64::from(*last) >= 1 << room {
        return None;
    }
    let head = first.iter().enumerate().fold(0, |sum, (index, part)| sum | part << (24 - 8 * index));
    Some(Ipv4Addr::from_bits(head | last))
}

fn number(part: &str) -> Option<u32> {
    if let Some(digits) = part.strip_prefix("0x") {
        return if digits.is_empty() { Some(0) } else { u32::from_str_radix(digits, 16).ok() };
    }
    if !part.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if part.len() > 1 && part.starts_with('0') { u32::from_str_radix(part, 8).ok() } else { part.parse().ok() }
}

/// Percent signs resolved; `None` where the result is not text.
fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let value = after.get(..2).and_then(hex_pair).filter(|_| first == b'%');
        bytes.push(value.unwrap_or(first));
        rest = if value.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).ok()
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(pair).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "tests")]
    use super::*;

    fn host(text: &str) -> String {
        parse(text).map_or_else(|| "none".to_owned(), |url| url.host)
    }

    #[test]
    fn the_host_stands_after_the_last_at_sign() {
        assert_eq!(host("https://good.com@evil.com/x"), "evil.com");
        assert_eq!(host("https://good.com:443@a@evil.com:8443/@good.com"), "evil.com");
        assert_eq!(host("https://evil.com/@good.com"), "evil.com");
        assert_eq!(host("https://evil.com?@good.com"), "evil.com");
        assert_eq!(host("https://evil.com#@good.com"), "evil.com");
    }

    #[test]
    fn what_programs_read_differently_has_no_host() {
        assert_eq!(host("https://good.com\\@evil.com/"), "none");
        assert_eq!(host("https:\\\\evil.com/"), "none");
        assert_eq!(host("https://good.com\t.evil.com/"), "none");
        assert_eq!(host("https://good。com/"), "*");
        assert_eq!(host("https://a.com:99999/"), "none");
        assert_eq!(host("https://a.com:80:81/"), "none");
        assert_eq!(host(""), "none");
    }

    #[test]
    fn numbers_are_addresses() {
        for text in
            ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1.", "0x7F000001", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"]
        {
            assert_eq!(host(&format!("http://{text}/")), "127.0.0.1", "{text}");
        }
        assert_eq!(host("http://1.2.3.4.5/"), "1.2.3.4.5");
        assert_eq!(host("http://4294967296/"), "4294967296");
        assert_eq!(host("http://[0:0::1]:80/"), "::1");
    }

    #[test]
    fn letters_and_escapes_are_folded() {
        assert_eq!(host("HTTPS://ExAmPle.COM./"), "example.com");
        assert_eq!(host("https://ev%69l.com/"), "evil.com");
        assert_eq!(host("https:///evil.com/"), "evil.com");
        assert_eq!(host("https:/evil.com/"), "evil.com");
    }

    #[test]
    fn curl_reads_an_address_without_a_scheme() {
        let url = parse("example.com:8080/x?y").expect("an address");
        assert_eq!(
            (url.scheme.as_str(), url.host.as_str(), url.port, url.path.as_str()),
            ("http", "example.com", Some(8080), "/x?y")
        );
        assert_eq!(parse("ftp.example.com/x").expect("an address").scheme, "ftp");
        assert_eq!(parse("file:///etc/pass%77d").expect("an address").path, "/etc/passwd");
        assert_eq!(parse("file:/etc/passwd").expect("an address").path, "/etc/passwd");
    }

    #[test]
    fn an_unknown_stretch_spoils_the_host_only_where_it_can_reach_it() {
        assert_eq!(host("https://a.com/\u{FFFC}"), "a.com");
        assert_eq!(host("https://a.com\u{FFFC}/"), "*");
        assert_eq!(host("\u{FFFC}/x"), "*");
        assert_eq!(host("\u{FFFC}"), "*");
    }

    #[test]
    fn ssh_names_its_host_in_three_ways() {
        let name = |text| ssh_host(text).map(|(host, _)| host);
        assert_eq!(name("git@GitHub.com:a/b.git").as_deref(), Some("github.com"));
        assert_eq!(ssh_host("ssh://me@h.org:2222/x"), Some(("h.org".to_owned(), Some(2222))));
        assert_eq!(name("me@[::1]:x").as_deref(), Some("::1"));
        assert_eq!(name("h"), Some("h".to_owned()));
        assert_eq!(name("-oProxyCommand=x"), None);
    }

    #[test]
    fn a_colon_before_a_slash_is_another_machine() {
        assert!(is_remote_path("h:x") && is_remote_path("u@h:/x") && is_remote_path("rsync://h/x"));
        assert!(!is_remote_path("./h:x") && !is_remote_path("/a:b") && !is_remote_path("x") && !is_remote_path(":x"));
    }
}
