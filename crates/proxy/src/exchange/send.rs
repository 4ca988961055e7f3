//! One request on its way and its answer back. In: a request that may leave. Out: whether the connections can be used again.
//!
//! A long body goes out in a thread of its own, because a server may answer before it has read it.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::answer::{self, Answered, Failed};
use super::upstream::Upstream;
use super::{Next, Stop};
use crate::body::{self, Body, Broken};
use crate::gate::{Answer, Spot, Why};
use crate::head::Framing;
use crate::live::STACK;
use crate::reach::{Shared, Tally};
use crate::secrets::{Swap, To};
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
    let encrypted = server.encrypted;
    server.ready(shared)?;
    let (Some(reader), tally) = (server.reader.as_mut(), &server.tally) else { return Err(Stop::Quiet) };
    let mut first = outgoing.head;
    first.extend(framed(outgoing.framing, &outgoing.prefix, outgoing.body.is_done()));
    tally.out(first.len());
    reader.wire.write(&first).map_err(Why::Unreachable)?;
    let to_client = client.wire.clone();
    let asked = answer::Asked {
        method: &outgoing.method,
        old: outgoing.old,
        close: outgoing.close,
        websocket: outgoing.websocket,
        echoes: &echoes,
        tally,
    };
    let rest = Rest { framing: outgoing.framing, sent: outgoing.prefix.len() as u64, last: outgoing.prefix, body: outgoing.body };
    let (answered, uploaded) = if rest.body.is_done() {
        (answer::answer(shared, reader, &to_client, &asked), Ok(()))
    } else {
        both(shared, client, reader, &to_client, &asked, rest, tally.to(encrypted))
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

/// The rest of a body.
struct Rest {
    framing: Framing,
    sent: u64,
    /// What has just gone, to see a placeholder that goes on.
    last: Vec<u8>,
    body: Body,
}

type Done = (Result<Answered, Failed>, Result<(), Stop>);

/// Sends the rest of a body and brings the answer, at once.
fn both(
    shared: &Shared,
    client: &mut Reader,
    server: &mut Reader,
    to_client: &Wire,
    asked: &answer::Asked<'_>,
    rest: Rest,
    to: To<'_>,
) -> Done {
    let to_server = server.wire.clone();
    let (tell, ended) = mpsc::channel();
    thread::scope(|scope| {
        let upload = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, {
            let to_server = to_server.clone();
            move || {
                let done = upload(shared, client, &to_server, rest, asked.tally, to);
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

fn upload(shared: &Shared, client: &mut Reader, server: &Wire, mut rest: Rest, tally: &Tally, to: To<'_>) -> Result<(), Stop> {
    let mut watch = Watch::new(&shared.secrets, to);
    // What the prefix ends with was checked already; here it begins what may follow.
    watch.piece(&rest.last);
    let mut next_question = rest.sent.saturating_mul(2).max(1);
    loop {
        let piece = match rest.body.next(client) {
            Ok(piece) => piece.unwrap_or_default(),
            Err(Broken::Bad(bad)) => return Err(bad.into()),
            Err(Broken::Io(_)) => return Err(Stop::Quiet),
        };
        if let Some(name) = watch.piece(&piece) {
            return Err(Stop::Why(shared.leaked(name, to.host, Spot::Body)));
        }
        rest.sent += piece.len() as u64;
        if rest.framing == Framing::Chunked && rest.sent >= next_question {
            next_question = rest.sent.saturating_mul(2);
            if let Answer::Deny { reason } = shared.gate.grown(&tally.destination, rest.sent) {
                return Err(Why::Denied(reason).into());
            }
        }
        let bytes = framed(rest.framing, &piece, rest.body.is_done());
        tally.out(bytes.len());
        if server.write(&bytes).is_err() {
            // It may have answered and gone; its answer says.
            return Ok(());
        }
        if rest.body.is_done() {
            return Ok(());
        }
    }
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
