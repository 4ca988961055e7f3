//! What a client speaks, told by its first bytes. In: these bytes. Out: TLS (with the server name it asks for), HTTP, or
//! something else; or that more are needed.

use rustls::server::Acceptor;

use crate::head;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// A TLS handshake.
    Tls,
    /// An HTTP request line.
    Http,
    /// Neither.
    Other,
}

/// A request line may be as long as servers take it; what goes on longer is no HTTP.
const LONGEST_LINE: usize = 16 * 1024;
/// The longest method there is has 17 letters.
const LONGEST_METHOD: usize = 20;

/// The language of these first bytes; none where they are too few to tell.
pub(crate) fn speech(bytes: &[u8]) -> Option<Speech> {
    match bytes {
        [] | [22] => return None,
        [22, 3, ..] => return Some(Speech::Tls),
        [..] => {}
    }
    let space = bytes.iter().take(LONGEST_METHOD).position(|byte| *byte == b' ');
    let method = bytes.get(..space.unwrap_or(bytes.len().min(LONGEST_METHOD))).unwrap_or_default();
    if !head::is_token(method) || (space.is_none() && bytes.len() >= LONGEST_METHOD) {
        return Some(Speech::Other);
    }
    let line = bytes.iter().take(LONGEST_LINE).position(|byte| matches!(byte, b'\n' | 0));
    match line {
        None if bytes.len() >= LONGEST_LINE => Some(Speech::Other),
        None => None,
        // Any version: what is not HTTP/1.x is refused by whoever reads the head.
        Some(end) => {
            let line = bytes.get(..end).unwrap_or_default();
            let last = line.trim_ascii_end().rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            let http = space.is_some() && last.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"HTTP/"));
            Some(if http { Speech::Http } else { Speech::Other })
        }
    }
}

/// What a TLS client says first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Hello {
    /// Whole.
    Whole {
        /// The name of the server, if it gives one.
        name: Option<String>,
        /// Whether it takes HTTP/1.1, or does not say what it takes.
        http: bool,
    },
    /// More bytes are needed.
    More,
    /// It is none.
    Bad,
}

/// Reads a client's first message.
pub(crate) fn hello(mut bytes: &[u8]) -> Hello {
    let mut acceptor = Acceptor::default();
    while !bytes.is_empty() {
        let before = bytes.len();
        if acceptor.read_tls(&mut bytes).is_err() {
            return Hello::Bad;
        }
        match acceptor.accept() {
            Ok(Some(accepted)) => {
                let hello = accepted.client_hello();
                let http = hello.alpn().is_none_or(|mut protocols| protocols.any(|protocol| protocol == b"http/1.1"));
                return Hello::Whole { name: hello.server_name().map(str::to_owned), http };
            }
            Ok(None) if bytes.len() < before => {}
            Ok(None) | Err(_) => return Hello::Bad,
        }
    }
    Hello::More
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn client_hello(name: &str, offers: &[&str]) -> Vec<u8> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
        config.alpn_protocols = offers.iter().map(|offer| offer.as_bytes().to_vec()).collect();
        let mut client = rustls::ClientConnection::new(Arc::new(config), name.to_owned().try_into().unwrap()).unwrap();
        let mut bytes = Vec::new();
        client.write_tls(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn languages_are_told_apart() {
        for (bytes, speech_is) in [
            (&b"GET / HTTP/1.1\r\n"[..], Some(Speech::Http)),
            (b"FOO /x HTTP/9.9\n", Some(Speech::Http)),
            (b"PRI * HTTP/2.0\r\n", Some(Speech::Http)),
            (b"GET / ", None),
            (b"GE", None),
            (b"EHLO me.example\r\n", Some(Speech::Other)),
            (b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n", Some(Speech::Other)),
            (b"\0\0\0\x08\x04\xd2", Some(Speech::Other)),
            (b"abcdefghijklmnopqrstuvwxyz", Some(Speech::Other)),
            (b"\x16", None),
            (b"\x16\x03\x01", Some(Speech::Tls)),
            (b"\x16\x02", Some(Speech::Other)),
        ] {
            assert_eq!(speech(bytes), speech_is, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_hello_tells_the_server_it_wants() {
        let bytes = client_hello("a.example", &[]);
        assert_eq!(hello(&bytes), Hello::Whole { name: Some("a.example".to_owned()), http: true });
        assert_eq!(hello(&client_hello("127.0.0.1", &[])), Hello::Whole { name: None, http: true });
        for (offers, http) in [(&["h2"][..], false), (&["h2", "http/1.1"], true), (&["imap"], false)] {
            assert_eq!(hello(&client_hello("127.0.0.1", offers)), Hello::Whole { name: None, http }, "{offers:?}");
        }
        for end in 0..bytes.len() {
            assert_eq!(hello(&bytes[..end]), Hello::More);
        }
        assert_eq!(hello(b"\x16\x03\x01\x00\x05hello"), Hello::Bad);
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = speech(&bytes);
            let _ = hello(&bytes);
            let _ = hello(&[&[22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3][..], &bytes].concat());
        }
    }
}
