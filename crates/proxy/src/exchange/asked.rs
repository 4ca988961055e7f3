//! A request before it leaves. In: its head and the beginning of its body. Out: whether it may leave, and the fields that do.

use crate::gate::{Answer, Request, Spot, Why};
use crate::git;
use crate::head::{self, Fields, Framing, RequestHead};
use crate::reach::Shared;
use crate::secrets::{To, sigv4};

use super::upstream::Upstream;

/// A request as far as it is known before it leaves.
pub(super) struct Asked<'a> {
    pub(super) head: &'a RequestHead,
    pub(super) path: &'a str,
    pub(super) framing: Framing,
    pub(super) prefix: &'a [u8],
    pub(super) complete: bool,
}

impl Asked<'_> {
    /// Whether it asks to go on as a websocket.
    pub(super) fn websocket(&self) -> bool {
        head::lists(&self.head.fields, "connection", "upgrade") && head::lists(&self.head.fields, "upgrade", "websocket")
    }

    /// Whether it may leave.
    pub(super) fn check(&self, shared: &Shared, server: &Upstream) -> Result<(), Why> {
        let to = server.to();
        if let Some((name, spot)) = self.astray(shared, to) {
            return Err(shared.leaked(name, to.host, spot));
        }
        let path = git::plain_path(self.path);
        let request = Request {
            destination: &server.tally.destination,
            encrypted: server.encrypted,
            method: &self.head.method,
            target: self.path,
            path: path.as_deref(),
            headers: &self.head.fields,
            length: match self.framing {
                Framing::Length(length) => Some(length),
                Framing::Chunked | Framing::UntilClose => self.complete.then_some(self.prefix.len() as u64),
            },
            body: self.prefix,
            complete: self.complete,
            git: git::git(self.path),
            websocket: self.websocket(),
            credentials: &shared.secrets.wanted(&self.head.fields, to),
        };
        match shared.gate.request(&request) {
            Answer::Allow | Answer::AllowLocal => Ok(()),
            Answer::Deny { reason } => Err(Why::Denied(reason)),
        }
    }

    fn astray<'s>(&self, shared: &'s Shared, to: To<'_>) -> Option<(&'s str, Spot)> {
        let secrets = &shared.secrets;
        let decoded = git::decoded(self.path).unwrap_or_default();
        let target = [self.head.method.as_bytes(), self.path.as_bytes(), decoded.as_bytes()];
        if let Some(name) = target.into_iter().find_map(|bytes| secrets.astray(bytes, to)) {
            return Some((name, Spot::Target));
        }
        let mut headers = self.head.fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_slice()]);
        if let Some(name) = headers.find_map(|bytes| secrets.astray(bytes, to)) {
            return Some((name, Spot::Header));
        }
        secrets.astray(self.prefix, to).map(|name| (name, Spot::Body))
    }

    /// The fields that leave: of this hop, with credentials.
    pub(super) fn outgoing(&self, shared: &Shared, server: &Upstream, signed: Option<sigv4::Found<'_>>) -> Result<Fields, Why> {
        let to = server.to();
        let mut fields = head::without_hops(&self.head.fields);
        // This machine's own servers are asked by the name that the client has for them.
        if !to.host.is_this_machine() || head::values(&fields, "host").count() != 1 {
            set(&mut fields, "Host", &host_field(to, server.encrypted));
        }
        if shared.secrets.any_for(to) {
            // An answer in another coding could not be searched for echoes.
            fields.retain(|(name, _)| !DROPPED_WITH_CREDENTIALS.iter().any(|dropped| name.eq_ignore_ascii_case(dropped)));
            fields.push(("Accept-Encoding".to_owned(), b"identity".to_vec()));
        }
        match self.framing {
            Framing::Length(0) if !matches!(self.head.method.as_str(), "POST" | "PUT" | "PATCH") => {}
            Framing::Length(length) => fields.push(("Content-Length".to_owned(), length.to_string().into_bytes())),
            Framing::Chunked | Framing::UntilClose => fields.push(("Transfer-Encoding".to_owned(), b"chunked".to_vec())),
        }
        let mut names = shared.secrets.put_in(&mut fields, to);
        if let Some(signed) = signed {
            names.push(signed.name().to_owned());
            signed.sign(&self.head.method, &mut fields, self.complete.then_some(self.prefix)).map_err(Why::Unswapped)?;
        }
        if self.websocket() {
            fields.push(("Connection".to_owned(), b"Upgrade".to_vec()));
            fields.push(("Upgrade".to_owned(), b"websocket".to_vec()));
        }
        server.tally.request(names);
        Ok(fields)
    }
}

const DROPPED_WITH_CREDENTIALS: &[&str] = &["accept-encoding", "sec-websocket-extensions"];

fn host_field(to: To<'_>, encrypted: bool) -> String {
    if to.port == if encrypted { 443 } else { 80 } { to.host.to_string() } else { format!("{}:{}", to.host, to.port) }
}

/// Sets a field in place, so that the order stays what the client chose.
fn set(fields: &mut Fields, name: &str, value: &str) {
    match fields.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
        Some((_, old)) => *old = value.as_bytes().to_vec(),
        None => fields.insert(0, (name.to_owned(), value.as_bytes().to_vec())),
    }
}
