//! One request on its way and its answer back. In: a request that may leave. Out: whether the connections can be used again.
//!
//! A long body goes out in a thread of its own, because a server may answer before it has read it.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::answer::{self, Answered, Failed};
use super::upstream::Upstream;
use super::{Next, Stop};
use crate::body::{self, Body};
use crate::gate::{Answer, Spot, Why};
use crate::head::Framing;
use crate::live::STACK;
use crate::reach::{Shared, Tally};
use crate::secrets::{Needles, Swap, To};
use crate::tunnel::{self, Watch};
use crate::wire::{Reader, Wire};

/// A request that may leave.
pub(super) struct Outgoing {
    pub(super) method: String,
    /// The head's bytes, credentials among them.
    pub(super) head: Zeroizing<Vec<u8>>,
    pub(super) framing: Framing,
    /// The body's beginning, and where its rest comes from.
    pub(super) prefix: Vec<u8>,
    pub(super) body: Body,
    pub(super) websocket: bool,
    /// The client speaks HTTP/1.0.
    pub(super) old: bool,
    /// The client wants no further exchange.
    pub(super) close: bool,
}

/// How long a body that a server answered early may take to end by itself.
const LATE: Duration = Duration::from_secs(2);

/// Sends it and brings the answer.
pub(super) fn send(shared: &Shared, client: &mut Reader, server: &mut Upstream, outgoing: Outgoing) -> Result<Next, Stop> {
    let echoes = server.echoes(shared);
    let (answered, uploaded) = match attempt(shared, client, server, &outgoing, &echoes)? {
        Tried::Done(done) => done,
        // The server had closed the connection that was kept open, and never saw the request.
        Tried::Stale => match attempt(shared, client, server, &outgoing, &echoes)? {
            Tried::Done(done) => done,
            Tried::Stale => return Err(Why::Unreachable(ErrorKind::ConnectionReset.into()).into()),
        },
    };
    match (answered, uploaded) {
        (Ok(Answered { upgraded: true, .. }), Ok(())) => {
            upgraded(shared, client, server, Swap::new(echoes))?;
            Ok(Next::End)
        }
        (Ok(answered), Ok(())) => {
            if !answered.server_again {
                server.reader = None;
            }
            Ok(if answered.client_again { Next::Again } else { Next::End })
        }
        (Ok(_), Err(why)) => {
            // The answer has gone out; the reason is told to the gate alone.
            client.wire.cut();
            Err(why)
        }
        (Err(Failed { started: false, .. }), Err(why)) => Err(why),
        (Err(Failed { started: false, why }), Ok(())) => Err(Stop::Why(why)),
        (Err(Failed { started: true, why }), _) => {
            let destination = &server.tally.destination;
            shared.refused(destination.host.to_string(), destination.port, destination.via, why);
            client.wire.cut();
            Err(Stop::Quiet)
        }
    }
}

/// What came of writing a request to a connection.
enum Tried {
    Done(Done),
    /// Nothing came back on a connection that had been used before, and the request may be sent again.
    Stale,
}

type Done = (Result<Answered, Failed>, Result<(), Stop>);

fn attempt(
    shared: &Shared,
    client: &mut Reader,
    server: &mut Upstream,
    outgoing: &Outgoing,
    echoes: &Arc<Needles>,
) -> Result<Tried, Stop> {
    let encrypted = server.encrypted;
    let fresh = server.ready(shared)?;
    let (Some(reader), tally) = (server.reader.as_mut(), &server.tally) else { return Err(Stop::Quiet) };
    // RFC 9110, section 9.2.2: a request is sent again by itself only where twice is as once.
    let again = !fresh && outgoing.body.is_done() && IDEMPOTENT.contains(&outgoing.method.as_str());
    let start = framed(outgoing.framing, &outgoing.prefix, outgoing.body.is_done());
    let mut first = Zeroizing::new(Vec::with_capacity(outgoing.head.len() + start.len()));
    first.extend(&*outgoing.head);
    first.extend(start);
    tally.out(first.len());
    match reader.wire.write(&first) {
        Ok(()) => {}
        Err(_) if again => return Ok(Tried::Stale),
        Err(error) => return Err(Why::Unreachable(error).into()),
    }
    let to_client = client.wire.clone();
    let asked = answer::Asked {
        method: &outgoing.method,
        old: outgoing.old,
        close: outgoing.close,
        websocket: outgoing.websocket,
        echoes,
        tally,
    };
    if !outgoing.body.is_done() {
        let to = tally.to(encrypted);
        return Ok(Tried::Done(both(shared, client, reader, &to_client, &asked, outgoing, to)));
    }
    let answered = answer::answer(shared, reader, &to_client, &asked);
    Ok(match answered {
        Err(Failed { started: false, why: Why::Unreachable(_) }) if again && reader.held().is_empty() => Tried::Stale,
        answered => Tried::Done((answered, Ok(()))),
    })
}

const IDEMPOTENT: &[&str] = &["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

/// A body's bytes as they leave.
fn framed(framing: Framing, piece: &[u8], last: bool) -> Vec<u8> {
    match framing {
        Framing::Length(_) | Framing::UntilClose => piece.to_vec(),
        Framing::Chunked => {
            let mut bytes = if piece.is_empty() { Vec::new() } else { body::chunk(piece) };
            if last {
                bytes.extend(body::LAST_CHUNK);
            }
            bytes
        }
    }
}

/// Sends the rest of a body and brings the answer, at once.
fn both(
    shared: &Shared,
    client: &mut Reader,
    server: &mut Reader,
    to_client: &Wire,
    asked: &answer::Asked<'_>,
    outgoing: &Outgoing,
    to: To<'_>,
) -> Done {
    let to_server = server.wire.clone();
    let (tell, ended) = mpsc::channel();
    thread::scope(|scope| {
        let upload = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, {
            let to_server = to_server.clone();
            move || {
                let done = upload(shared, client, &to_server, outgoing, asked.tally, to);
                if done.is_err() {
                    // The server must not take half a body for a whole one; who waits for its answer wakes up.
                    to_server.cut();
                }
                let _ = tell.send(());
                done
            }
        });
        let Ok(upload) = upload else { return (Err(Failed { started: false, why: Why::Full }), Ok(())) };
        let mut answered = answer::answer(shared, server, to_client, asked);
        if ended.recv_timeout(LATE) == Err(RecvTimeoutError::Timeout) {
            to_server.cut();
            to_client.finish();
            if let Ok(answered) = answered.as_mut() {
                (answered.client_again, answered.server_again) = (false, false);
            }
        }
        (answered, upload.join().unwrap_or(Err(Stop::Quiet)))
    })
}

fn upload(
    shared: &Shared,
    client: &mut Reader,
    server: &Wire,
    outgoing: &Outgoing,
    tally: &Tally,
    to: To<'_>,
) -> Result<(), Stop> {
    let mut body = outgoing.body.clone();
    let mut sent = outgoing.prefix.len() as u64;
    let mut watch = Watch::new(&shared.secrets, to);
    // What the prefix ends with was checked already; here it begins what may follow.
    watch.piece(&outgoing.prefix);
    let mut next_question = sent.saturating_mul(2).max(1);
    while !body.is_done() {
        let piece = body.next(client)?.unwrap_or_default();
        if let Some(name) = watch.piece(&piece) {
            return Err(shared.leaked(name, to.host, Spot::Body).into());
        }
        sent += piece.len() as u64;
        if outgoing.framing == Framing::Chunked && sent >= next_question {
            next_question = sent.saturating_mul(2);
            if let Answer::Deny { reason } = shared.gate.grown(&tally.destination, sent) {
                return Err(Why::Denied(reason).into());
            }
        }
        let bytes = framed(outgoing.framing, &piece, body.is_done());
        tally.out(bytes.len());
        if server.write(&bytes).is_err() {
            // It may have answered and gone; its answer says.
            break;
        }
    }
    Ok(())
}

/// A websocket: bytes both ways from here on.
fn upgraded(shared: &Shared, client: &mut Reader, server: &mut Upstream, mut swap: Swap) -> Result<(), Stop> {
    let to = server.tally.to(server.encrypted);
    let mut watch = Watch::new(&shared.secrets, to);
    let mut outward = |piece: &[u8]| watch.piece(piece).map_or(Ok(()), |name| Err(shared.leaked(name, to.host, Spot::Body)));
    let Some(reader) = server.reader.as_mut() else { return Err(Stop::Quiet) };
    let done = tunnel::relay(shared, client, reader, &server.tally, &mut outward, &mut tunnel::swapping(&mut swap));
    done.map_err(|why| {
        let destination = &server.tally.destination;
        shared.refused(destination.host.to_string(), destination.port, destination.via, why);
        Stop::Quiet
    })
}
