//! HTTP/1.x, request by request. In: a client, either at the HTTP listener (it names the server in each request) or on a
//! connection whose server stands. Out: each request that the gate allows, written anew, with its credentials; its answer.
//!
//! A message that could be read in two ways ends the connection. `Host` must be the host that was allowed.

mod answer;
mod asked;
mod send;
pub(crate) mod upstream;

use std::io::ErrorKind;
use std::net::{IpAddr, TcpStream};
use std::sync::Arc;
use std::time::Instant;

use zeroize::{Zeroize, Zeroizing};

use crate::body::{Body, Broken};
use crate::gate::{Answer, Protocol, Via, Why};
use crate::head::{self, Bad, Framing, RequestHead};
use crate::host::{self, Host};
use crate::limits::Limits;
use crate::reach::{Shared, Tally};
use crate::refusal;
use crate::secrets::sigv4;
use crate::tunnel;
use crate::wire::{self, NoHead, Reader};
use asked::Asked;
use upstream::Upstream;

/// What comes after a request.
enum Next {
    Again,
    End,
    Tunnel(Host, u16),
}

/// Why a request went no further.
enum Stop {
    /// Say it to the client.
    Why(Why),
    /// Nothing can be said any more.
    Quiet,
}

impl From<Why> for Stop {
    fn from(why: Why) -> Self {
        Self::Why(why)
    }
}

impl From<Bad> for Stop {
    fn from(bad: Bad) -> Self {
        Self::Why(Why::Malformed(bad))
    }
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Bad(bad) => bad.into(),
            Broken::Io(_) => Self::Quiet,
        }
    }
}

/// A client and the server that it speaks to.
struct Line<'a> {
    shared: &'a Shared,
    client: Reader,
    server: Option<Upstream>,
    /// The server stands; otherwise each request names it.
    fixed: bool,
    /// For refusals: what was last asked for.
    place: (String, u16, Via),
}

/// Serves a client of the HTTP listener.
pub(crate) fn serve(shared: &Shared, client: Reader) {
    let mut line = Line { shared, client, server: None, fixed: false, place: (String::new(), 0, Via::Forward) };
    loop {
        match line.one() {
            Next::Again => {}
            Next::End => return,
            Next::Tunnel(host, port) => return line.tunnel(host, port),
        }
    }
}

/// Serves a client whose server stands.
pub(crate) fn serve_fixed(shared: &Shared, client: Reader, server: Upstream) {
    let destination = &server.tally.destination;
    let place = (destination.host.to_string(), destination.port, destination.via);
    let mut line = Line { shared, client, server: Some(server), fixed: true, place };
    while let Next::Again = line.one() {}
}

impl Line<'_> {
    fn one(&mut self) -> Next {
        let done = match self.head() {
            Ok(Some(head)) => self.request(&head),
            Ok(None) => return Next::End,
            Err(stop) => Err(stop),
        };
        match done {
            Ok(next) => next,
            Err(Stop::Quiet) => Next::End,
            Err(Stop::Why(why)) => {
                self.refuse(why);
                Next::End
            }
        }
    }

    /// Waits for a head; none where the client has gone or is idle.
    fn head(&mut self) -> Result<Option<RequestHead>, Stop> {
        let limits = &self.shared.limits;
        if self.client.held().is_empty() && !matches!(self.client.fill(limits.idle_time), Ok(1..)) {
            return Ok(None);
        }
        match self.client.head(limits.head_bytes, Instant::now() + limits.head_time) {
            Ok(bytes) => Ok(Some(head::request(&bytes, limits)?)),
            Err(NoHead::TooLong) => Err("a head that is too long".into()),
            Err(NoHead::BareLine) => Err("a line that ends without CR LF".into()),
            Err(NoHead::Io(error)) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(NoHead::Io(_)) => Err("a head that does not end in time".into()),
        }
    }

    /// Tells the gate and the client, and closes.
    fn refuse(&mut self, why: Why) {
        let (host, port, via) = self.place.clone();
        let why = self.shared.refused(host, port, via, why);
        refusal::answer(&mut self.client, &why);
    }

    fn request(&mut self, head: &RequestHead) -> Result<Next, Stop> {
        let framing = head::request_framing(head)?;
        if head.method == "CONNECT" {
            return self.wants_tunnel(head, framing);
        }
        let target = self.target(head)?;
        self.reach(&target)?;
        let Some(server) = self.server.as_mut() else { return Err(Stop::Quiet) };
        if head::lists(&head.fields, "expect", "100-continue") && framing != Framing::Length(0) && self.client.held().is_empty() {
            // The gate looks at the body's beginning, so we ask for it ourselves.
            self.client.wire.write(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| Stop::Quiet)?;
        }
        let mut body = Body::new(framing, self.shared.limits.still_time);
        let signed = sigv4::Found::of(&self.shared.secrets, &head.fields, &target.path, server.to())?;
        let hold = if signed.as_ref().is_some_and(sigv4::Found::covers_body) {
            self.shared.limits.body_held
        } else {
            self.shared.limits.body_prefix
        };
        let prefix = start_of(&mut self.client, &mut body, framing, &self.shared.limits, hold)?;
        let asked = Asked { head, path: &target.path, framing, prefix: &prefix, complete: body.is_done() };
        asked.check(self.shared, server)?;
        let websocket = asked.websocket();
        let mut fields = asked.outgoing(self.shared, server, signed)?;
        let line = format!("{} {} HTTP/1.1", head.method, target.path);
        let written = Zeroizing::new(head::written(line.as_bytes(), &fields));
        fields.iter_mut().for_each(|(_, value)| value.zeroize());
        let outgoing = send::Outgoing {
            method: head.method.clone(),
            head: written,
            framing,
            prefix,
            body,
            websocket,
            old: head.old,
            close: head::lists(&head.fields, "connection", "close")
                || (head.old && !head::lists(&head.fields, "connection", "keep-alive")),
        };
        send::send(self.shared, &mut self.client, server, outgoing)
    }

    fn wants_tunnel(&mut self, head: &RequestHead, framing: Framing) -> Result<Next, Stop> {
        if self.fixed || framing != Framing::Length(0) {
            return Err("CONNECT where there is no proxy".into());
        }
        self.place = (head.target.clone(), 0, Via::Connect);
        let (host, port) = host::authority(&head.target, None).map_err(|_| Why::OddHost)?;
        self.place = (host.to_string(), port, Via::Connect);
        if let Some(said) = head::value(&head.fields, "host")? {
            agree(said, None, (&host, port))?;
        }
        Ok(Next::Tunnel(host, port))
    }

    fn tunnel(mut self, host: Host, port: u16) {
        let shared = self.shared;
        self.server = None;
        match stand(shared, self.client.wire.peer(), host, port, Via::Connect) {
            Ok((tcp, tally)) => {
                if self.client.wire.write(b"HTTP/1.1 200 Connection established\r\n\r\n").is_ok() {
                    tunnel::converse(shared, self.client, tcp, tally);
                }
            }
            Err(why) => self.refuse(why),
        }
    }

    /// What a request wants of whom.
    fn target(&mut self, head: &RequestHead) -> Result<Target, Stop> {
        let (host, port, path) = match (&self.server, self.fixed) {
            (Some(server), true) => {
                let destination = &server.tally.destination;
                (destination.host.clone(), destination.port, head.target.clone())
            }
            (Some(_) | None, _) => {
                self.place = (head.target.clone(), 0, Via::Forward);
                absolute(&head.target)?
            }
        };
        self.place = (host.to_string(), port, self.place.2);
        let is_whole_server = path == "*" && head.method == "OPTIONS";
        if !path.starts_with('/') && !is_whole_server {
            return Err("a target that is no path".into());
        }
        match head::value(&head.fields, "host")? {
            // On a connection whose server stands, a missing port is that connection's.
            Some(said) => self.host_agrees(said, &host, port, if self.fixed { port } else { 80 })?,
            None if head.old => {}
            None => return Err("HTTP/1.1 without Host".into()),
        }
        Ok(Target { host: self.shared.meant(host)?, port, path })
    }

    fn host_agrees(&self, said: &[u8], host: &Host, port: u16, default_port: u16) -> Result<(), Stop> {
        let host = self.shared.meant(host.clone())?;
        agree(said, Some(default_port), (&host, port)).or_else(|fronted| {
            // A made-up address may stand in `Host` for the name that it stands for.
            let text = std::str::from_utf8(said).ok();
            let meant = text.and_then(|text| host::authority(text, Some(default_port)).ok());
            let meant = meant.and_then(|(host, port)| Some((self.shared.meant(host).ok()?, port)));
            if meant.is_some_and(|meant| meant == (host, port)) { Ok(()) } else { Err(Stop::Why(fronted)) }
        })
    }

    /// Makes sure that the server is the one that is asked for.
    fn reach(&mut self, target: &Target) -> Result<(), Stop> {
        if self.server.as_ref().is_some_and(|server| server.is(&target.host, target.port)) {
            return Ok(());
        }
        // The old one's end is told before the new one is asked for.
        self.server = None;
        let (tcp, tally) = stand(self.shared, self.client.wire.peer(), target.host.clone(), target.port, Via::Forward)?;
        if let Answer::Deny { reason } = self.shared.gate.protocol(&tally.destination, Protocol::Http) {
            return Err(Why::Denied(reason).into());
        }
        self.server = Some(Upstream::plain(tcp, tally));
        Ok(())
    }
}

/// Asks for a destination and connects to it.
pub(crate) fn stand(shared: &Shared, client: IpAddr, host: Host, port: u16, via: Via) -> Result<(Arc<TcpStream>, Tally), Why> {
    let destination = shared.settle(client, host, port, via)?;
    let mut tally = Tally::new(shared, destination);
    let (address, tcp) = shared.connect(&tally.destination)?;
    tally.address = Some(address);
    Ok((tcp, tally))
}

struct Target {
    host: Host,
    port: u16,
    path: String,
}

/// Takes `http://host:port/path?query` apart.
fn absolute(target: &str) -> Result<(Host, u16, String), Stop> {
    let scheme = target.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://"));
    let Some(rest) = scheme.and_then(|scheme| target.get(scheme.len()..)) else {
        return Err("a target that is no http:// address".into());
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = host::authority(authority, Some(80)).map_err(|_| Why::OddHost)?;
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Ok((host, port, path))
}

/// `Host` against the host that was allowed.
fn agree(said: &[u8], default_port: Option<u16>, (host, port): (&Host, u16)) -> Result<(), Why> {
    let text = std::str::from_utf8(said).map_err(|_| Why::OddHost)?;
    // Behind CONNECT both `host` and `host:port` are seen.
    let said = host::authority(text, default_port.or(Some(port))).map_err(|_| Why::OddHost)?;
    if said.0.is_as(host) && said.1 == port { Ok(()) } else { Err(Why::Fronted { by: "Host", other: text.to_owned() }) }
}

/// The body's beginning: all of it if it is short.
fn start_of(client: &mut Reader, body: &mut Body, framing: Framing, limits: &Limits, most: usize) -> Result<Vec<u8>, Stop> {
    // A body of unknown length may be half of a conversation, whose other half we would wait for in vain.
    let patience = if framing == Framing::Chunked && most == limits.body_prefix { limits.prefix_time } else { limits.still_time };
    body.set_patience(patience);
    let mut prefix = Vec::new();
    while prefix.len() < most {
        match body.next(client) {
            Ok(Some(piece)) => prefix.extend(piece),
            Ok(None) => break,
            Err(Broken::Io(error)) if wire::is_wait(&error) && framing == Framing::Chunked => break,
            Err(broken) => return Err(broken.into()),
        }
    }
    body.set_patience(limits.still_time);
    Ok(prefix)
}
