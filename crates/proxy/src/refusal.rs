//! A refusal in the client's own protocol. In: a client and why it gets no further. Out: an HTTP answer, a TLS alert, or
//! nothing where the client speaks neither; then the end of the connection.

use std::time::{Duration, Instant};

use crate::gate::Why;
use crate::sniff::{self, Speech};
use crate::wire::Reader;

/// RFC 8446, section 6: a record of two bytes, fatal, `access_denied`.
const ACCESS_DENIED: [u8; 7] = [21, 3, 3, 0, 2, 2, 49];
/// How long a client may take to show what it speaks.
const SHOW: Duration = Duration::from_secs(1);
/// How long a client may take to read its refusal.
const LINGER: Duration = Duration::from_secs(2);

/// Says it to a client that may not have spoken yet.
pub(crate) fn say(client: &mut Reader, why: &Why) {
    let deadline = Instant::now() + SHOW;
    let speech = loop {
        match sniff::speech(client.held()) {
            Some(speech) => break speech,
            None if client.fill_by(deadline).is_ok() => {}
            None => break Speech::Other,
        }
    };
    match speech {
        Speech::Http => answer(client, why),
        Speech::Tls => alert(client),
        Speech::Other => client.wire.cut(),
    }
}

/// Says it to a client that speaks HTTP.
pub(crate) fn answer(client: &mut Reader, why: &Why) {
    let text = format!("bailiwick: {why}\n");
    let answer = format!(
        "HTTP/1.1 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        why.status(),
        reason(why.status()),
        text.len()
    );
    if client.wire.write(answer.as_bytes()).is_ok() {
        linger(client);
    }
}

/// Says no to a client that has begun a TLS handshake.
pub(crate) fn alert(client: &mut Reader) {
    if client.wire.write(&ACCESS_DENIED).is_ok() {
        linger(client);
    }
}

/// Reads on for a moment, so that the answer is not lost to a reset because of bytes nobody read.
fn linger(client: &mut Reader) {
    client.wire.finish();
    let end = Instant::now() + LINGER;
    while Instant::now() < end {
        let held = client.held().len();
        client.used(held);
        if !matches!(client.fill(LINGER / 4), Ok(1..)) {
            return;
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        403 => "Forbidden",
        421 => "Misdirected Request",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Refused",
    }
}
