//! What the proxy asks of its caller, and what it tells it. Data and one trait; nothing here connects anywhere.
//!
//! Every question may block while a person is asked. None of what is told holds a real credential.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use crate::address::Class;
use crate::host::Host;

/// By which door a connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// `CONNECT host:port` to the HTTP listener.
    Connect,
    /// A plain `GET http://…` to the HTTP listener.
    Forward,
    /// SOCKS5.
    Socks,
    /// A connection to an address that our DNS made up for a name.
    Transparent,
}

/// A host that somebody wants to reach, before its name is looked up: looking up tells its name server that we did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The name, or the address where one was given literally.
    pub host: Host,
    /// The port.
    pub port: u16,
    /// The door.
    pub via: Via,
    /// The address of whoever asks.
    pub client: IpAddr,
}

/// A host whose addresses are known. Exactly these addresses will be connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The name, or the address where one was given literally.
    pub host: Host,
    /// The port.
    pub port: u16,
    /// The door.
    pub via: Via,
    /// The address of whoever asked.
    pub client: IpAddr,
    /// What the name was looked up to, in the order in which they will be tried; at least one.
    pub addresses: Vec<IpAddr>,
    /// The most dangerous class of these addresses.
    pub class: Class,
}

/// A gate's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes, where the destination is public. For a class that is not, this is a refusal: see `AllowLocal`.
    Allow,
    /// Yes, though the address is loopback, private or link-local: a rule names exactly this.
    AllowLocal,
    /// No. The program inside is told the reason.
    Deny {
        /// For the program inside.
        reason: String,
    },
}

/// What a client speaks on an allowed connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// TLS that we do not open; the server name in it agrees with the host.
    Tls,
    /// TLS that we open: requests are asked about one by one.
    OpenedTls,
    /// Plain HTTP/1.x: requests are asked about one by one.
    Http,
    /// Anything else, such as SSH.
    Other,
}

/// What a path says about git's smart HTTP protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Git {
    /// `owner/name` (or longer), without `.git`, percent-decoded.
    pub repository: String,
    /// A push (`git-receive-pack`); otherwise a fetch (`git-upload-pack`).
    pub push: bool,
    /// The ask for references that comes first; the push or fetch itself otherwise.
    pub discovery: bool,
}

/// A request that is about to leave. Credentials in it are still placeholders.
#[derive(Debug)]
pub struct Request<'a> {
    /// Where to.
    pub destination: &'a Destination,
    /// Whether it leaves encrypted.
    pub encrypted: bool,
    /// `GET` and so on.
    pub method: &'a str,
    /// The path and query as sent, beginning with `/` (or `*`).
    pub target: &'a str,
    /// The path as a server may take it: percent-decoded, dots followed, without the query; none where that is no text.
    pub path: Option<&'a str>,
    /// Names as sent, values as sent.
    pub headers: &'a [(String, Vec<u8>)],
    /// What the headers say of the body's length; none for a body in chunks.
    pub length: Option<u64>,
    /// The beginning of the body: all of it if `complete`.
    pub body: &'a [u8],
    /// Whether `body` is the whole body.
    pub complete: bool,
    /// A fetch or push of git.
    pub git: Option<Git>,
    /// The request asks to go on as a websocket.
    pub websocket: bool,
    /// Names of the credentials that will be put in.
    pub credentials: &'a [String],
}

/// Where a placeholder was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// In a name to look up or connect to.
    Name,
    /// In a path or query.
    Target,
    /// In a header.
    Header,
    /// In a body or in a stream that is no HTTP.
    Body,
}

/// A placeholder on its way to a host that it is not for. It was stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The credential's name.
    pub credential: String,
    /// The host that it would have gone to.
    pub host: String,
    /// Where it was.
    pub spot: Spot,
}

/// Why the proxy refused, or could not.
#[derive(Debug)]
pub enum Why {
    /// The gate said no.
    Denied(String),
    /// An address of this class is reached by an explicit rule, or never.
    Local(Class),
    /// A host as no two programs read it alike.
    OddHost,
    /// A made-up address that stands for no name.
    NoSuchName,
    /// The name has no address.
    Unresolved(io::Error),
    /// No address took the connection.
    Unreachable(io::Error),
    /// Something says another host than what was allowed: domain fronting.
    Fronted {
        /// What said it: `Host`, `SNI`.
        by: &'static str,
        /// The other host, as it was written.
        other: String,
    },
    /// Bytes that are no proper message of their protocol.
    Malformed(&'static str),
    /// Bytes of a server that are no proper answer.
    BadAnswer(&'static str),
    /// A credential's placeholder, and its name.
    Leaked(String),
    /// A credential could not be put in.
    Unswapped(&'static str),
    /// The server's certificate or handshake was refused.
    Tls(String),
    /// More connections than there may be.
    Full,
}

impl Why {
    /// The status of the HTTP answer that says so.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Denied(_) | Self::Local(_) | Self::Leaked(_) | Self::Unswapped(_) => 403,
            Self::OddHost | Self::Malformed(_) => 400,
            Self::Fronted { .. } => 421,
            Self::NoSuchName | Self::Unresolved(_) | Self::Unreachable(_) | Self::BadAnswer(_) | Self::Tls(_) => 502,
            Self::Full => 503,
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(reason) => write!(f, "denied: {reason}"),
            Self::Local(class) => write!(f, "the address is {}, and no rule allows that", class.word()),
            Self::OddHost => write!(f, "{}", crate::host::OddHost),
            Self::NoSuchName => f.write_str("no name was looked up to this address"),
            Self::Unresolved(error) => write!(f, "the name has no address: {error}"),
            Self::Unreachable(error) => write!(f, "no connection: {error}"),
            Self::Fronted { by, other } => write!(f, "{by} says `{}`, which is another host", other.escape_debug()),
            Self::Malformed(what) => write!(f, "not understood: {what}"),
            Self::BadAnswer(what) => write!(f, "the server's answer was not understood: {what}"),
            Self::Leaked(name) => write!(f, "the credential `{name}` is not for this host"),
            Self::Unswapped(what) => write!(f, "a credential could not be put in: {what}"),
            Self::Tls(what) => write!(f, "TLS to the server failed: {what}"),
            Self::Full => f.write_str("too many connections at once"),
        }
    }
}

/// Something that did not happen.
#[derive(Debug)]
pub struct Refusal {
    /// The host, as far as one was understood.
    pub host: String,
    /// The port; 0 where none was understood.
    pub port: u16,
    /// The door.
    pub via: Via,
    /// Why.
    pub why: Why,
}

/// A connection that has ended.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Where it went.
    pub destination: Destination,
    /// The address that took it; none where every connect failed.
    pub address: Option<IpAddr>,
    /// Bytes to the server: of the tunnel, or of the messages before they are encrypted.
    pub bytes_out: u64,
    /// Bytes from the server, likewise.
    pub bytes_in: u64,
    /// Requests, where they could be seen.
    pub requests: u64,
    /// Names of the credentials that were put in.
    pub credentials: Vec<String>,
    /// From the first connect to the end.
    pub lasted: Duration,
}

/// Who decides, and who is told.
pub trait Gate: Send + Sync {
    /// Whether a program may get a (made-up) address for a name. Nothing leaves because of a yes. Should not block long:
    /// programs give up on a look-up after 5 s.
    fn known(&self, name: &str) -> bool;

    /// Whether a host may be reached at all; asked before its name is looked up. The place to ask a person.
    fn wanted(&self, wanted: &Wanted) -> Answer;

    /// Whether exactly these addresses may be connected to.
    fn connect(&self, destination: &Destination) -> Answer;

    /// Whether TLS to a host that nobody named is left unopened. Asked once a connection, where it would be opened.
    fn spares(&self, destination: &Destination) -> bool;

    /// Whether this may be spoken there. Asked once a connection, after its first bytes.
    fn protocol(&self, destination: &Destination, protocol: Protocol) -> Answer;

    /// Whether a request may leave.
    fn request(&self, request: &Request<'_>) -> Answer;

    /// Whether a body of unknown length may go on; asked when it outgrows what [`Gate::request`] was shown and each time it
    /// has doubled since.
    fn grown(&self, destination: &Destination, bytes: u64) -> Answer;

    /// A placeholder went astray and was stopped.
    fn leaked(&self, leak: &Leak);

    /// Something was refused or failed, by the gate's own answer or by ours.
    fn refused(&self, refusal: &Refusal);

    /// A connection has ended.
    fn closed(&self, connection: &Connection);
}
