//! A server's answer on its way back. In: a server that a request was written to. Out: its answer, written anew, with
//! placeholders where it repeats credentials.

use std::sync::Arc;
use std::time::Instant;

use crate::body::{self, Body, Broken};
use crate::gate::Why;
use crate::head::{self, Fields, Framing, ResponseHead};
use crate::reach::{Shared, Tally};
use crate::secrets::{Needles, Swap};
use crate::wire::{NoHead, Reader, Wire};

/// What the answer is to.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) old: bool,
    pub(super) close: bool,
    pub(super) websocket: bool,
    pub(super) echoes: &'a Arc<Needles>,
    pub(super) tally: &'a Tally,
}

/// An answer that came whole.
pub(super) struct Answered {
    pub(super) client_again: bool,
    pub(super) server_again: bool,
    /// Both speak another protocol from here on.
    pub(super) upgraded: bool,
}

/// An answer that did not, and whether the client has seen some of it.
pub(super) struct Failed {
    pub(super) started: bool,
    pub(super) why: Why,
}

/// More interim answers than this before the real one are a fault.
const MOST_INTERIM: usize = 16;

/// Brings the answer.
pub(super) fn answer(shared: &Shared, server: &mut Reader, client: &Wire, asked: &Asked<'_>) -> Result<Answered, Failed> {
    let failed = |why: Why| Failed { started: false, why };
    for _ in 0..MOST_INTERIM {
        let mut head = next_head(shared, server, asked).map_err(failed)?;
        swap_fields(&mut head, asked.echoes);
        match head.status {
            101 if asked.websocket => return upgrade(client, &head).map_err(failed),
            101 => return Err(failed(Why::BadAnswer("an upgrade that was not asked for"))),
            // We have answered `100-continue` ourselves.
            100 => {}
            102..200 if asked.old => {}
            102..200 => {
                write_head(client, &head, &head::without_hops(&head.fields)).map_err(|why| Failed { started: true, why })?;
            }
            _ => return whole(shared, server, client, asked, &head),
        }
    }
    Err(failed(Why::BadAnswer("interim answers without end")))
}

fn next_head(shared: &Shared, server: &mut Reader, asked: &Asked<'_>) -> Result<ResponseHead, Why> {
    let limits = &shared.limits;
    let bytes = match server.head(limits.head_bytes, Instant::now() + limits.still_time) {
        Ok(bytes) => bytes,
        Err(NoHead::TooLong) => return Err(Why::BadAnswer("a head that is too long")),
        Err(NoHead::BareLine) => return Err(Why::BadAnswer("a line that ends without CR LF")),
        Err(NoHead::Io(error)) => return Err(Why::Unreachable(error)),
    };
    asked.tally.back(bytes.len());
    head::response(&bytes, limits).map_err(Why::BadAnswer)
}

fn swap_fields(head: &mut ResponseHead, echoes: &Needles) {
    echoes.replace(&mut head.reason);
    for (_, value) in &mut head.fields {
        echoes.replace(value);
    }
}

fn write_head(client: &Wire, head: &ResponseHead, fields: &Fields) -> Result<(), Why> {
    let mut line = format!("HTTP/1.1 {} ", head.status).into_bytes();
    line.extend(&head.reason);
    client.write(&head::written(&line, fields)).map_err(Why::Unreachable)
}

fn upgrade(client: &Wire, head: &ResponseHead) -> Result<Answered, Why> {
    let mut fields = head::without_hops(&head.fields);
    fields.push(("Connection".to_owned(), b"Upgrade".to_vec()));
    fields.push(("Upgrade".to_owned(), b"websocket".to_vec()));
    write_head(client, head, &fields)?;
    Ok(Answered { client_again: false, server_again: false, upgraded: true })
}

fn whole(
    shared: &Shared,
    server: &mut Reader,
    client: &Wire,
    asked: &Asked<'_>,
    head: &ResponseHead,
) -> Result<Answered, Failed> {
    let framing =
        head::response_framing(head, asked.method).map_err(|bad| Failed { started: false, why: Why::BadAnswer(bad) })?;
    if !asked.echoes.is_empty() && is_coded(&head.fields) && framing != Framing::Length(0) {
        let why = Why::BadAnswer("a coding that was not asked for, which may hide a credential");
        return Err(Failed { started: false, why });
    }
    let outward = if framing == Framing::UntilClose && !asked.old { Framing::Chunked } else { framing };
    let outward = if asked.old && outward == Framing::Chunked { Framing::UntilClose } else { outward };
    let client_again = !asked.close && outward != Framing::UntilClose;
    let says_close = head::lists(&head.fields, "connection", "close");
    let says_stay = !head.old || head::lists(&head.fields, "connection", "keep-alive");
    let fields = returning(head, asked, outward, client_again);
    let started = |why: Why| Failed { started: true, why };
    write_head(client, head, &fields).map_err(started)?;
    pass(shared, server, client, asked, framing, outward).map_err(started)?;
    Ok(Answered {
        client_again,
        server_again: framing != Framing::UntilClose && !says_close && says_stay && server.held().is_empty(),
        upgraded: false,
    })
}

fn is_coded(fields: &Fields) -> bool {
    head::values(fields, "content-encoding").any(|value| !value.is_empty() && !value.eq_ignore_ascii_case(b"identity"))
}

fn returning(head: &ResponseHead, asked: &Asked<'_>, outward: Framing, client_again: bool) -> Fields {
    let mut fields = head::without_hops(&head.fields);
    let bodiless = asked.method == "HEAD" || matches!(head.status, 204 | 304);
    match outward {
        // The length of a body that is not sent is still told.
        Framing::Length(_) if bodiless => {
            fields.extend(head.fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).cloned());
        }
        Framing::Length(length) => fields.push(("Content-Length".to_owned(), length.to_string().into_bytes())),
        Framing::Chunked => fields.push(("Transfer-Encoding".to_owned(), b"chunked".to_vec())),
        Framing::UntilClose => {}
    }
    if !client_again {
        fields.push(("Connection".to_owned(), b"close".to_vec()));
    } else if asked.old {
        fields.push(("Connection".to_owned(), b"keep-alive".to_vec()));
    }
    fields
}

/// The body.
fn pass(
    shared: &Shared,
    server: &mut Reader,
    client: &Wire,
    asked: &Asked<'_>,
    inward: Framing,
    outward: Framing,
) -> Result<(), Why> {
    let mut body = Body::new(inward, shared.limits.still_time);
    let mut swap = Swap::new(asked.echoes.clone());
    let write = |piece: Vec<u8>| match outward {
        _ if piece.is_empty() => Ok(()),
        Framing::Chunked => client.write(&body::chunk(&piece)),
        Framing::Length(_) | Framing::UntilClose => client.write(&piece),
    };
    loop {
        let piece = body.next(server).map_err(|broken| match broken {
            Broken::Io(error) => Why::Unreachable(error),
            Broken::Bad(bad) => Why::BadAnswer(bad),
        })?;
        let Some(piece) = piece else { break };
        asked.tally.back(piece.len());
        write(swap.piece(piece)).map_err(Why::Unreachable)?;
    }
    write(swap.rest()).map_err(Why::Unreachable)?;
    if outward == Framing::Chunked {
        client.write(body::LAST_CHUNK).map_err(Why::Unreachable)?;
    }
    Ok(())
}
