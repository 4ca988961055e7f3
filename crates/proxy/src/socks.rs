//! SOCKS5 (RFC 1928), as much as a way out needs: no login, CONNECT alone. In: bytes of a greeting or a request. Out: what
//! they ask, that more is needed, or the refusal to send. It reads and writes nothing itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::gate::Why;
use crate::host::{Host, OddHost};

/// No login.
pub(crate) const ACCEPTED: [u8; 2] = [5, 0];
/// None of the offered logins will do.
pub(crate) const NO_METHOD: [u8; 2] = [5, 0xff];

/// What bytes hold so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Read<T> {
    /// The thing, and how many bytes it took.
    Whole(T, usize),
    /// Not all of it is there.
    More,
    /// It is no such thing.
    Bad,
}

/// Reads the greeting: whether the client would go without a login.
pub(crate) fn greeting(bytes: &[u8]) -> Read<bool> {
    match bytes {
        [5, count, methods @ ..] => match methods.get(..usize::from(*count)) {
            Some(methods) => Read::Whole(methods.contains(&0), 2 + methods.len()),
            None => Read::More,
        },
        [] | [5] => Read::More,
        [..] => Read::Bad,
    }
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A connection.
    Connect(Host, u16),
    /// A connection to something that is no host.
    Odd,
    /// Something else: BIND, UDP.
    Other,
}

/// Reads the request.
pub(crate) fn request(bytes: &[u8]) -> Read<Asked> {
    match bytes {
        [5, command, 0, kind, rest @ ..] => {
            let Some((host, length)) = address(*kind, rest) else {
                return if matches!(kind, 1 | 3 | 4) { Read::More } else { Read::Bad };
            };
            let Some(&[high, low]) = rest.get(length..length + 2) else { return Read::More };
            let port = u16::from_be_bytes([high, low]);
            let asked = match (command, host) {
                (1, Ok(host)) if port != 0 => Asked::Connect(host, port),
                (1, _) => Asked::Odd,
                _ => Asked::Other,
            };
            Read::Whole(asked, 4 + length + 2)
        }
        [] | [5] | [5, _] | [5, _, 0] => Read::More,
        [..] => Read::Bad,
    }
}

/// The host and how many bytes it took; none where bytes are missing.
fn address(kind: u8, rest: &[u8]) -> Option<(Result<Host, OddHost>, usize)> {
    match kind {
        1 => {
            let bytes: &[u8; 4] = rest.first_chunk()?;
            Some((Ok(Host::Address(IpAddr::V4(Ipv4Addr::from(*bytes)))), 4))
        }
        4 => {
            let bytes: &[u8; 16] = rest.first_chunk()?;
            Some((Ok(Host::Address(IpAddr::V6(Ipv6Addr::from(*bytes)).to_canonical())), 16))
        }
        3 => {
            let (length, rest) = rest.split_first()?;
            let name = rest.get(..usize::from(*length))?;
            let host = std::str::from_utf8(name).map_err(|_| OddHost).and_then(Host::parse);
            Some((host, 1 + name.len()))
        }
        _ => None,
    }
}

/// The answer with a code; the bound address in it says nothing.
pub(crate) fn reply(code: u8) -> [u8; 10] {
    [5, code, 0, 1, 0, 0, 0, 0, 0, 0]
}

/// A connection stands.
pub(crate) const DONE: u8 = 0;
/// Another command than CONNECT.
pub(crate) const NOT_SUPPORTED: u8 = 7;

/// The code that says why not.
pub(crate) fn code(why: &Why) -> u8 {
    match why {
        Why::Denied(_) | Why::Local(_) | Why::Leaked(_) | Why::Unswapped(_) | Why::Fronted { .. } => 2,
        Why::NoSuchName | Why::Unresolved(_) => 4,
        Why::Unreachable(_) | Why::BadAnswer(_) | Why::Tls(_) => 5,
        Why::OddHost => 8,
        Why::Malformed(_) | Why::Full => 1,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn greetings() {
        assert_eq!(greeting(&[5, 2, 2, 0]), Read::Whole(true, 4));
        assert_eq!(greeting(&[5, 1, 2, 9]), Read::Whole(false, 3));
        assert_eq!(greeting(&[5, 0]), Read::Whole(false, 2));
        assert_eq!(greeting(&[5, 2, 0]), Read::More);
        assert_eq!(greeting(&[4, 1, 0, 80]), Read::Bad);
        assert_eq!(greeting(b"GET "), Read::Bad);
    }

    #[test]
    fn requests_name_hosts_in_three_ways() {
        let named = [&[5, 1, 0, 3, 5][..], b"A.com", &[1, 187]].concat();
        assert_eq!(request(&named), Read::Whole(Asked::Connect(Host::Name("a.com".to_owned()), 443), 12));
        for end in 0..named.len() {
            assert_eq!(request(&named[..end]), Read::More);
        }
        let v4 = Asked::Connect(Host::Address("1.2.3.4".parse().unwrap()), 80);
        assert_eq!(request(&[5, 1, 0, 1, 1, 2, 3, 4, 0, 80]), Read::Whole(v4, 10));
        let mapped = [&[5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1][..], &[0, 80]].concat();
        let loopback = Asked::Connect(Host::Address("127.0.0.1".parse().unwrap()), 80);
        assert_eq!(request(&mapped), Read::Whole(loopback, 22));
    }

    #[test]
    fn other_commands_and_odd_hosts_are_told_apart() {
        assert_eq!(request(&[5, 3, 0, 1, 1, 2, 3, 4, 0, 80]), Read::Whole(Asked::Other, 10));
        assert_eq!(request(&[5, 1, 0, 3, 5, b'1', b'2', b'7', b'.', b'1', 0, 80]), Read::Whole(Asked::Odd, 12));
        assert_eq!(request(&[5, 1, 0, 3, 0, 0, 80]), Read::Whole(Asked::Odd, 7));
        assert_eq!(request(&[5, 1, 0, 1, 1, 2, 3, 4, 0, 0]), Read::Whole(Asked::Odd, 10));
        assert_eq!(request(&[5, 1, 0, 2, 1]), Read::Bad);
        assert_eq!(request(&[5, 1, 1, 1]), Read::Bad);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Read::Whole(_, length) = greeting(&bytes) {
                prop_assert!(length <= bytes.len());
            }
            let bytes = [&[5, 1, 0][..], &bytes].concat();
            if let Read::Whole(_, length) = request(&bytes) {
                prop_assert!(length <= bytes.len());
            }
        }
    }
}
