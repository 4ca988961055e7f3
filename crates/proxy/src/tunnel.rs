//! A connection that stands: what is spoken on it, and bytes both ways. In: a client, a destination that was allowed, a
//! socket connected to it. Out: the bytes, until either side ends.
//!
//! TLS must ask for the server that was allowed; HTTP goes to [`exchange`]; anything else is looked through for placeholders
//! as it passes.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::exchange;
use crate::exchange::upstream::Upstream;
use crate::gate::{Answer, Protocol, Spot, Why};
use crate::host::Host;
use crate::intercept::Interception;
use crate::live::STACK;
use crate::reach::{Shared, Tally};
use crate::refusal;
use crate::secrets::{Secrets, Swap, To};
use crate::sniff::{self, Hello, Speech};
use crate::wire::{self, Reader, Wire};

/// Who spoke first, and what.
enum First {
    Client(Speech),
    Server,
    Nobody,
}

/// How long one look at the client lasts before the server is looked at; both wake at once when bytes come.
const LOOK: Duration = Duration::from_millis(20);

/// Serves a client whose destination stands.
pub(crate) fn converse(shared: &Shared, mut client: Reader, tcp: Arc<TcpStream>, tally: Tally) {
    let _lease = shared.live.add(&tcp);
    let done = match first(shared, &mut client, &tcp) {
        First::Client(Speech::Tls) => return tls(shared, client, tcp, tally),
        First::Client(Speech::Http) => match allowed(shared, &tally, Protocol::Http) {
            Ok(()) => return exchange::serve_fixed(shared, client, Upstream::plain(tcp, tally)),
            Err(why) => {
                refusal::answer(&mut client, &why);
                Err(why)
            }
        },
        First::Client(Speech::Other) => raw(shared, client, tcp, &tally, false),
        First::Server => raw(shared, client, tcp, &tally, true),
        First::Nobody => Ok(()),
    };
    if let Err(why) = done {
        refused(shared, &tally, why);
    }
}

fn refused(shared: &Shared, tally: &Tally, why: Why) {
    let to = &tally.destination;
    shared.refused(to.host.to_string(), to.port, to.via, why);
}

fn allowed(shared: &Shared, tally: &Tally, protocol: Protocol) -> Result<(), Why> {
    match shared.gate.protocol(&tally.destination, protocol) {
        Answer::Allow | Answer::AllowLocal => Ok(()),
        Answer::Deny { reason } => Err(Why::Denied(reason)),
    }
}

/// Waits until either side has said enough.
fn first(shared: &Shared, client: &mut Reader, server: &TcpStream) -> First {
    let start = Instant::now();
    while start.elapsed() < shared.limits.idle_time {
        if let Some(speech) = sniff::speech(client.held()) {
            return First::Client(speech);
        }
        let patience = if start.elapsed() < Duration::from_secs(1) { LOOK } else { LOOK * 10 };
        match client.fill(patience) {
            Ok(0) => return First::Nobody,
            Ok(_) => continue,
            Err(error) if wire::is_wait(&error) => {}
            Err(_) => return First::Nobody,
        }
        let peeked = server.set_read_timeout(Some(Duration::from_millis(1))).and_then(|()| server.peek(&mut [0]));
        match peeked {
            Ok(0) => return First::Nobody,
            Ok(_) => return First::Server,
            Err(error) if wire::is_wait(&error) => {}
            Err(_) => return First::Nobody,
        }
    }
    First::Nobody
}

fn tls(shared: &Shared, mut client: Reader, tcp: Arc<TcpStream>, tally: Tally) {
    let greeted = greeting(shared, &mut client);
    let fits = greeted.as_ref().is_ok_and(|(_, http)| *http);
    let spares = || shared.gate.spares(&tally.destination);
    let opened = shared.interception.as_ref().filter(|interception| interception.opens(&tally.destination, fits, spares));
    let protocol = if opened.is_some() { Protocol::OpenedTls } else { Protocol::Tls };
    let checked = greeted.and_then(|(name, _)| same_name(name, &tally)).and_then(|()| allowed(shared, &tally, protocol));
    let done = match (checked, opened) {
        (Err(why), _) => {
            refusal::alert(&mut client);
            Err(why)
        }
        (Ok(()), Some(interception)) => return open(shared, interception, client, Upstream::encrypted(tcp, tally)),
        (Ok(()), None) => pass(shared, &mut client, tcp, &tally),
    };
    if let Err(why) = done {
        refused(shared, &tally, why);
    }
}

/// Opens TLS. A host that nobody named is passed through as it is where its server is one that we would not trust: its clients
/// know it by other means than we do.
fn open(shared: &Shared, interception: &Interception, mut client: Reader, mut server: Upstream) {
    if !interception.insists(server.destination()) && server.prepare(shared).is_err() {
        let tally = server.into_tally();
        let again = tally.address.ok_or(ErrorKind::NotConnected.into());
        let again = again.and_then(|address| shared.connect_to(address, tally.destination.port)).map_err(Why::Unreachable);
        let done = again.and_then(|tcp| {
            let _lease = shared.live.add(&tcp);
            pass(shared, &mut client, tcp, &tally)
        });
        if let Err(why) = done {
            refused(shared, &tally, why);
        }
        return;
    }
    let host = server.destination().host.clone();
    match interception.accept(client, &host, shared.limits.head_time) {
        Ok(client) => exchange::serve_fixed(shared, client, server),
        Err(what) => refused(shared, &server.into_tally(), Why::Tls(what)),
    }
}

/// Bytes of TLS that is not opened.
fn pass(shared: &Shared, client: &mut Reader, tcp: Arc<TcpStream>, tally: &Tally) -> Result<(), Why> {
    relay(shared, client, &mut Reader::new(Wire::plain(tcp)), tally, &mut |_| Ok(()), &mut |piece| piece)
}

/// The client's greeting: the name that it asks for, and whether it takes what we speak.
fn greeting(shared: &Shared, client: &mut Reader) -> Result<(Option<String>, bool), Why> {
    let deadline = Instant::now() + shared.limits.head_time;
    loop {
        match sniff::hello(client.held()) {
            Hello::Whole { name, http } => return Ok((name, http)),
            Hello::Bad => return Err(Why::Malformed("a TLS greeting")),
            Hello::More if client.held().len() >= shared.limits.head_bytes => return Err(Why::Malformed("a TLS greeting")),
            Hello::More => client.fill_by(deadline).map_err(|_| Why::Malformed("a TLS greeting that stops"))?,
        }
    }
}

/// The name in the client's greeting must be the host that was allowed.
fn same_name(name: Option<String>, tally: &Tally) -> Result<(), Why> {
    match name {
        Some(name) if !Host::parse(&name).is_ok_and(|said| said.is_as(&tally.destination.host)) => {
            Err(Why::Fronted { by: "SNI", other: name })
        }
        Some(_) | None => Ok(()),
    }
}

/// Bytes that are neither TLS nor HTTP. A client that waits for the server and then speaks one of these would have hidden it.
fn raw(shared: &Shared, mut client: Reader, tcp: Arc<TcpStream>, tally: &Tally, server_first: bool) -> Result<(), Why> {
    allowed(shared, tally, Protocol::Other)?;
    let mut watch = Watch::new(&shared.secrets, tally.to(false));
    let mut start = if server_first { Some(Vec::new()) } else { None };
    let mut outward = |piece: &[u8]| {
        if let Some(bytes) = start.as_mut() {
            bytes.extend(piece);
            match sniff::speech(bytes) {
                Some(Speech::Other) => start = None,
                Some(Speech::Tls | Speech::Http) => return Err(Why::Malformed("TLS or HTTP to a server that speaks first")),
                None => {}
            }
        }
        watch.piece(piece).map_or(Ok(()), |name| Err(shared.leaked(name, &tally.destination.host, Spot::Body)))
    };
    relay(shared, &mut client, &mut Reader::new(Wire::plain(tcp)), tally, &mut outward, &mut |piece| piece)
}

/// Looks for placeholders in a stream.
pub(crate) struct Watch<'a> {
    secrets: &'a Secrets,
    to: To<'a>,
    last: Vec<u8>,
}

impl<'a> Watch<'a> {
    /// Towards a host.
    pub(crate) fn new(secrets: &'a Secrets, to: To<'a>) -> Self {
        Self { secrets, to, last: Vec::new() }
    }

    /// The name of a credential that this piece completes and that is not for this host.
    pub(crate) fn piece(&mut self, piece: &[u8]) -> Option<&'a str> {
        let overlap = self.secrets.overlap();
        if overlap == 0 {
            return None;
        }
        self.last.extend(piece);
        let found = self.secrets.astray(&self.last, self.to);
        self.last.drain(..self.last.len().saturating_sub(overlap));
        found
    }
}

/// Passes bytes both ways until both have ended or one breaks. `outward` may stop them, `inward` may change them.
pub(crate) fn relay(
    shared: &Shared,
    client: &mut Reader,
    server: &mut Reader,
    tally: &Tally,
    outward: &mut dyn FnMut(&[u8]) -> Result<(), Why>,
    inward: &mut (dyn FnMut(Vec<u8>) -> Vec<u8> + Send),
) -> Result<(), Why> {
    let (to_client, to_server) = (client.wire.clone(), server.wire.clone());
    let still = Still::new(shared.limits.still_time);
    let still = &still;
    thread::scope(|scope| {
        let back = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || {
            let mut change = |piece: Vec<u8>| {
                tally.back(piece.len());
                Ok(inward(piece))
            };
            pump(server, &to_client, still, &mut change)
        });
        let mut check = |piece: Vec<u8>| {
            outward(&piece)?;
            tally.out(piece.len());
            Ok(piece)
        };
        let out = match &back {
            Ok(_) => pump(client, &to_server, still, &mut check),
            Err(_) => Err(Why::Full),
        };
        if out.is_err() {
            to_server.cut();
            client.wire.cut();
        }
        out
    })
}

/// A swap at the inward side of a relay.
pub(crate) fn swapping(swap: &mut Swap) -> impl FnMut(Vec<u8>) -> Vec<u8> + Send {
    |piece| swap.piece(piece)
}

/// When bytes last moved in either direction: one may be silent as long as the other is not.
struct Still {
    start: Instant,
    last_ms: AtomicU64,
    within: Duration,
}

impl Still {
    fn new(within: Duration) -> Self {
        Self { start: Instant::now(), last_ms: AtomicU64::new(0), within }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn moved(&self) {
        self.last_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        Duration::from_millis(self.now_ms().saturating_sub(self.last_ms.load(Ordering::Relaxed))) >= self.within
    }
}

type Each<'a> = &'a mut dyn FnMut(Vec<u8>) -> Result<Vec<u8>, Why>;

/// One direction. A clean end is passed on; a broken one cuts the other side off too.
fn pump(from: &mut Reader, to: &Wire, still: &Still, each: Each<'_>) -> Result<(), Why> {
    loop {
        let piece = from.take(usize::MAX);
        if !piece.is_empty() {
            still.moved();
            let piece = each(piece)?;
            if to.write(&piece).is_err() {
                from.wire.cut();
                return Ok(());
            }
            continue;
        }
        match from.fill(still.within) {
            Ok(0) => {
                to.finish();
                return Ok(());
            }
            Ok(_) => {}
            Err(error) if wire::is_wait(&error) && !still.is_over() => {}
            Err(_) => {
                to.cut();
                from.wire.cut();
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::host::HostPattern;
    use crate::secrets::{Secret, Value};

    #[test]
    fn a_placeholder_is_found_wherever_a_stream_is_cut() {
        let held = "sk-held-9zY8xW7vU6tS5rQ4pO3n";
        let secret = Secret {
            name: "key".to_owned(),
            placeholder: held.to_owned(),
            value: Value::new("sk-real-0aB1cD2eF3gH4iJ5kL6m"),
            hosts: vec![HostPattern::parse("api.example").unwrap()],
            slots: vec![crate::secrets::Slot::Any],
            cleartext: false,
            aws: None,
        };
        let secrets = Secrets::new(vec![secret]).unwrap();
        let text = format!("before {held} behind").into_bytes();
        let found = |host: &str, pieces: &[&[u8]]| {
            let host = Host::parse(host).unwrap();
            let mut watch = Watch::new(&secrets, To { host: &host, port: 443, encrypted: true });
            pieces.iter().any(|piece| watch.piece(piece) == Some("key"))
        };
        for first in 0..text.len() {
            let (before, rest) = text.split_at(first);
            for second in 0..rest.len() {
                let (middle, after) = rest.split_at(second);
                assert!(found("evil.example", &[before, middle, after]), "{first} {second}");
                assert!(!found("api.example", &[before, middle, after]));
            }
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert!(found("evil.example", &bytes));
    }
}
