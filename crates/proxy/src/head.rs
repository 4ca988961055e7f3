//! Heads of HTTP/1.x messages. In: the bytes up to the empty line. Out: a request's or a response's head and how its body
//! is framed, or what is wrong with it.
//!
//! Two programs that read one message differently are how requests are smuggled, so one spelling is read and every other is
//! refused: CR LF alone ends lines, no folding, no space before a colon, one length, no length beside chunks. What leaves is
//! written anew from what was read.

use crate::limits::Limits;

/// What is wrong with a message.
pub(crate) type Bad = &'static str;

/// Names and values as sent.
pub(crate) type Fields = Vec<(String, Vec<u8>)>;

/// How a body is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// So many bytes; 0 for no body.
    Length(u64),
    /// In chunks.
    Chunked,
    /// As long as the connection lasts (responses alone).
    UntilClose,
}

/// A request's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestHead {
    pub(crate) method: String,
    pub(crate) target: String,
    /// HTTP/1.0 closes after each message and knows no chunks.
    pub(crate) old: bool,
    pub(crate) fields: Fields,
}

/// A response's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResponseHead {
    pub(crate) status: u16,
    pub(crate) reason: Vec<u8>,
    pub(crate) old: bool,
    pub(crate) fields: Fields,
}

/// Reads a request's head; `bytes` end with its empty line.
pub(crate) fn request(bytes: &[u8], limits: &Limits) -> Result<RequestHead, Bad> {
    let (line, rest) = first_line(bytes)?;
    let line = std::str::from_utf8(line).map_err(|_| "a request line that is not ASCII")?;
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err("a request line that has not three parts");
    };
    let fine = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
    if !is_token(method.as_bytes()) || target.is_empty() || !target.bytes().all(fine) {
        return Err("an unreadable method or target");
    }
    let old = version_is_old(version.as_bytes())?;
    Ok(RequestHead { method: method.to_owned(), target: target.to_owned(), old, fields: fields(rest, limits)? })
}

/// Reads a response's head.
pub(crate) fn response(bytes: &[u8], limits: &Limits) -> Result<ResponseHead, Bad> {
    let (line, rest) = first_line(bytes)?;
    let (version, line) = line.split_at_checked(8).ok_or("a short status line")?;
    let old = version_is_old(version)?;
    let (number, reason) = line.split_at_checked(4).ok_or("a short status line")?;
    let status = match number {
        [b' ', a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
            u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0')
        }
        [..] => return Err("an unreadable status"),
    };
    let reason = match reason {
        [] => &[],
        [b' ', reason @ ..] if reason.iter().all(|byte| is_value(*byte)) => reason,
        [..] => return Err("an unreadable status line"),
    };
    Ok(ResponseHead { status, reason: reason.to_vec(), old, fields: fields(rest, limits)? })
}

fn first_line(bytes: &[u8]) -> Result<(&[u8], &[u8]), Bad> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n").ok_or("a head without lines")?;
    let (line, rest) = bytes.split_at_checked(end).ok_or("a head without lines")?;
    if line.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return Err("a line that ends without CR LF");
    }
    Ok((line, rest.get(2..).unwrap_or_default()))
}

fn version_is_old(version: &[u8]) -> Result<bool, Bad> {
    match version {
        b"HTTP/1.1" => Ok(false),
        b"HTTP/1.0" => Ok(true),
        _ => Err("another version than HTTP/1.0 or HTTP/1.1"),
    }
}

fn fields(mut bytes: &[u8], limits: &Limits) -> Result<Fields, Bad> {
    let mut fields = Vec::new();
    loop {
        let (line, rest) = first_line(bytes)?;
        if line.is_empty() {
            return if rest.is_empty() { Ok(fields) } else { Err("bytes after the head") };
        }
        if fields.len() == limits.fields {
            return Err("too many header fields");
        }
        fields.push(field(line)?);
        bytes = rest;
    }
}

/// One `Name: value`. A line that begins with a space would be a folded one: its name is no token.
pub(crate) fn field(line: &[u8]) -> Result<(String, Vec<u8>), Bad> {
    let colon = line.iter().position(|byte| *byte == b':').ok_or("a header line without a colon")?;
    let (name, value) = line.split_at_checked(colon).ok_or("a header line without a colon")?;
    let value = value.get(1..).unwrap_or_default().trim_ascii();
    if !is_token(name) || !value.iter().all(|byte| is_value(*byte)) {
        return Err("an unreadable header line");
    }
    Ok((String::from_utf8_lossy(name).into_owned(), value.to_vec()))
}

/// RFC 9110, section 5.6.2.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    let fine = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !bytes.is_empty() && bytes.iter().all(fine)
}

fn is_value(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

/// All values of a field.
pub(crate) fn values<'a>(fields: &'a Fields, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    fields.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
}

/// The one value of a field that there may be only one of.
pub(crate) fn value<'a>(fields: &'a Fields, name: &'a str) -> Result<Option<&'a [u8]>, Bad> {
    let mut values = values(fields, name);
    let first = values.next();
    if values.next().is_some() { Err("a header field twice that may be there once") } else { Ok(first) }
}

/// Whether a comma-separated field holds a word.
pub(crate) fn lists(fields: &Fields, name: &str, word: &str) -> bool {
    values(fields, name)
        .flat_map(|value| value.split(|byte| *byte == b','))
        .any(|part| part.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
}

/// How a request's body is framed.
pub(crate) fn request_framing(head: &RequestHead) -> Result<Framing, Bad> {
    Ok(framing(&head.fields, head.old)?.unwrap_or(Framing::Length(0)))
}

/// How the body of the response to a request of this method is framed.
pub(crate) fn response_framing(head: &ResponseHead, method: &str) -> Result<Framing, Bad> {
    let framing = framing(&head.fields, head.old)?;
    let bodiless = method == "HEAD" || head.status < 200 || matches!(head.status, 204 | 304);
    Ok(if bodiless { Framing::Length(0) } else { framing.unwrap_or(Framing::UntilClose) })
}

fn framing(fields: &Fields, old: bool) -> Result<Option<Framing>, Bad> {
    let length = value(fields, "content-length")?;
    let coding = value(fields, "transfer-encoding")?;
    match (length, coding) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err("both Content-Length and Transfer-Encoding"),
        (None, Some(coding)) if !old && coding.eq_ignore_ascii_case(b"chunked") => Ok(Some(Framing::Chunked)),
        (None, Some(_)) => Err("a transfer coding that is not `chunked` alone"),
        (Some(length), None) => number(length).map(|length| Some(Framing::Length(length))),
    }
}

fn number(digits: &[u8]) -> Result<u64, Bad> {
    let plain = (1..=18).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(digits).ok().filter(|_| plain);
    text.and_then(|text| text.parse().ok()).ok_or("an unreadable Content-Length")
}

/// Fields that speak of one connection and not of the message, and what `Connection` names besides.
pub(crate) fn without_hops(fields: &Fields) -> Fields {
    const HOPS: &[&str] = &[
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authorization",
        "proxy-authenticate",
        "te",
        "trailer",
        "transfer-encoding",
        "content-length",
        "upgrade",
        "expect",
        "http2-settings",
    ];
    // A client may not name away what the message needs.
    const KEPT: &[&str] = &["host", "authorization", "cookie", "content-type", "content-encoding"];
    let named = |name: &str| {
        lists(fields, "connection", name)
            && !KEPT.iter().any(|kept| kept.eq_ignore_ascii_case(name))
            && !name.starts_with("x-amz")
    };
    let stays = |(name, _): &&(String, Vec<u8>)| !HOPS.iter().any(|hop| hop.eq_ignore_ascii_case(name)) && !named(name);
    fields.iter().filter(stays).cloned().collect()
}

/// The bytes of a head: its first line and fields, and the empty line.
pub(crate) fn written(line: &[u8], fields: &Fields) -> Vec<u8> {
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let mut bytes = Vec::with_capacity(line.len() + size + 4);
    bytes.extend(line);
    bytes.extend(b"\r\n");
    for (name, value) in fields {
        bytes.extend(name.as_bytes());
        bytes.extend(b": ");
        bytes.extend(value);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"\r\n");
    bytes
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<RequestHead, Bad> {
        request(text.as_bytes(), &Limits::default())
    }

    fn framed(text: &str) -> Result<Framing, Bad> {
        request_framing(&read(&format!("POST / HTTP/1.1\r\n{text}\r\n"))?)
    }

    #[test]
    fn a_plain_head_is_read() {
        let head = read("GET /a?b HTTP/1.1\r\nHost: x\r\nA:\t b c \r\n\r\n").unwrap();
        assert_eq!((head.method.as_str(), head.target.as_str(), head.old), ("GET", "/a?b", false));
        assert_eq!(head.fields, [("Host".to_owned(), b"x".to_vec()), ("A".to_owned(), b"b c".to_vec())]);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            "GET / HTTP/1.1\nHost: x\n\n",
            "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
            "GET / HTTP/1.1\r\n A: b\r\n\r\n",
            "GET / HTTP/1.1\r\nA : b\r\n\r\n",
            "GET / HTTP/1.1\r\nA b\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
            "GET / HTTP/1.1\r\nA: b\0c\r\n\r\n",
            "GET  / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1 \r\n\r\n",
            "GET /\r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n",
            "GET / http/1.1\r\n\r\n",
            "G(T / HTTP/1.1\r\n\r\n",
            "GET /a#b HTTP/1.1\r\n\r\n",
            "GET /\u{e9} HTTP/1.1\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\n: b\r\n\r\n",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_body_has_one_length() {
        assert_eq!(framed(""), Ok(Framing::Length(0)));
        assert_eq!(framed("Content-Length: 12\r\n"), Ok(Framing::Length(12)));
        assert_eq!(framed("Transfer-Encoding: Chunked\r\n"), Ok(Framing::Chunked));
        for text in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 0x1\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: \r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding: \u{b}chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
        ] {
            assert!(framed(text).is_err(), "{text:?}");
        }
        assert!(request_framing(&read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap()).is_err());
    }

    #[test]
    fn responses_without_bodies() {
        let head =
            |status: &str| response(format!("HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\n").as_bytes(), &Limits::default());
        assert_eq!(response_framing(&head("200 OK").unwrap(), "GET"), Ok(Framing::Length(5)));
        assert_eq!(response_framing(&head("200").unwrap(), "HEAD"), Ok(Framing::Length(0)));
        assert_eq!(response_framing(&head("304 Not Modified").unwrap(), "GET"), Ok(Framing::Length(0)));
        for status in ["20", "2000", "abc", "099", "200OK", "200\tOK"] {
            assert!(head(status).is_err(), "{status}");
        }
    }

    #[test]
    fn connection_fields_stay_behind() {
        let head =
            read("GET / HTTP/1.1\r\nHost: x\r\nConnection: close, X-Mine, Host\r\nX-Mine: 1\r\nTE: a\r\nA: b\r\n\r\n").unwrap();
        let names: Vec<String> = without_hops(&head.fields).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Host", "A"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_head_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = response(&bytes, &Limits::default());
            let _ = request(&bytes, &Limits::default());
        }

        #[test]
        fn what_was_read_and_written_is_read_the_same(text in "(GET|POST) /[a-z%]{0,9} HTTP/1.[01]\r\n([A-Za-z-]{1,5}:[ \t]?[ -~\r\n]{0,8}\r\n){0,4}\r\n") {
            if let Ok(head) = read(&text) {
                let line = format!("{} {} HTTP/1.{}", head.method, head.target, u8::from(!head.old));
                prop_assert_eq!(request(&written(line.as_bytes(), &head.fields), &Limits::default()), Ok(head));
            }
        }
    }
}
