//! As much of HTTP/1.1 as one agent on loopback needs: requests with a length or in chunks, answers with a length.
//!
//! In: a buffered stream. Out: one [`Request`] at a time. No TLS, no compression, no pipelining.

use std::io::{self, BufRead, Read, Write};

/// Longest body read, in bytes: an agent's request is some 50 kB and grows by what its tools return.
const MAX_BODY_BYTES: usize = 64 << 20;
/// Most header lines read.
const MAX_HEADERS: usize = 200;

/// One request.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

/// Reads one request; `None` where the client closed the connection between requests.
pub(crate) fn read(stream: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let mut request = Request {
        method: words.next().unwrap_or_default().to_owned(),
        path: words.next().unwrap_or_default().to_owned(),
        body: Vec::new(),
    };
    let (length, chunked) = read_headers(stream)?;
    request.body = if chunked { read_chunks(stream)? } else { read_exactly(stream, length)? };
    Ok(Some(request))
}

/// The body's length, and whether it comes in chunks.
fn read_headers(stream: &mut impl BufRead) -> io::Result<(usize, bool)> {
    let mut length = 0;
    let mut chunked = false;
    for _ in 0..MAX_HEADERS {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            return Ok((length, chunked));
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| bad("a content-length that is no number"))?;
        }
        chunked |= name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked");
    }
    Err(bad("too many headers"))
}

fn read_exactly(stream: &mut impl BufRead, length: usize) -> io::Result<Vec<u8>> {
    if length > MAX_BODY_BYTES {
        return Err(bad("a body over the limit"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn read_chunks(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(|_| bad("a chunk length that is no number"))?;
        if body.len().saturating_add(length) > MAX_BODY_BYTES {
            return Err(bad("a body over the limit"));
        }
        stream.by_ref().take(length as u64).read_to_end(&mut body)?;
        stream.read_line(&mut String::new())?;
        if length == 0 {
            return Ok(body);
        }
    }
}

/// Writes one answer.
pub(crate) fn write(stream: &mut impl Write, status: &str, kind: &str, body: &[u8]) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)?;
    stream.flush()
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_body_is_read_by_length_and_by_chunks() {
        for text in [
            "POST /v1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
            "POST /v1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        ] {
            let request = read(&mut text.as_bytes()).unwrap().unwrap();
            assert_eq!((request.method.as_str(), request.path.as_str(), request.body.as_slice()), ("POST", "/v1", &b"hello"[..]));
        }
    }

    #[test]
    fn a_closed_connection_is_no_request_and_a_wrong_length_is_an_error() {
        assert!(read(&mut &b""[..]).unwrap().is_none());
        assert!(read(&mut &b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"[..]).is_err());
    }
}
