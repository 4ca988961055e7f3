//! The proxy itself. In: listening sockets, and everything that decides. Out: threads that serve them until it is stopped.
//!
//! The sockets may be in another network namespace than the process; connections are made from the process's own.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::dns::{self, Found, Names};
use crate::exchange;
use crate::gate::{Gate, Spot, Via, Why};
use crate::host::Host;
use crate::intercept::Interception;
use crate::limits::Limits;
use crate::reach::Shared;
use crate::resolve::Resolver;
use crate::secrets::{BadSecret, Secrets};
use crate::socks::{self, Asked};
use crate::synthetic::{self, Synthetic};
use crate::tunnel;
use crate::wire::{Reader, Wire};

/// A thread's stack: frames here are small and nothing recurses; a TLS handshake takes about 60 KiB.
pub(crate) const STACK: usize = 512 * 1024;

/// The sockets to serve, each already bound and listening.
#[derive(Debug, Default)]
pub struct Listeners {
    /// HTTP: CONNECT and absolute-form.
    pub http: Vec<TcpListener>,
    /// SOCKS5.
    pub socks: Vec<TcpListener>,
    /// Connections to made-up addresses; the listener's port is the port that is meant. Bind to `0.0.0.0:PORT`.
    pub transparent: Vec<TcpListener>,
    /// DNS.
    pub dns_udp: Vec<UdpSocket>,
    /// DNS over TCP.
    pub dns_tcp: Vec<TcpListener>,
}

/// Everything that decides.
pub struct Settings {
    /// Who answers.
    pub gate: Arc<dyn Gate>,
    /// Who looks names up.
    pub resolver: Arc<dyn Resolver>,
    /// Bounds.
    pub limits: Limits,
    /// Credentials.
    pub secrets: Secrets,
    /// Whether and where TLS is opened.
    pub interception: Option<Interception>,
}

/// Why a proxy did not start.
#[derive(Debug)]
pub enum NoStart {
    /// A socket or a thread.
    Io(io::Error),
    /// A credential that is for a host whose TLS is not opened.
    Secret(BadSecret),
}

impl fmt::Display for NoStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(_) => f.write_str("the proxy did not start"),
            Self::Secret(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for NoStart {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Secret(_) => None,
        }
    }
}

impl From<io::Error> for NoStart {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A running proxy. It stops when dropped.
pub struct Proxy {
    shared: Arc<Shared>,
    stopping: Arc<AtomicBool>,
    /// The listening sockets again, to wake who waits on them.
    wakers: Vec<TcpStream>,
    threads: Vec<JoinHandle<()>>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("live", &self.shared.live.clients()).finish_non_exhaustive()
    }
}

/// How often a thread that waits for datagrams looks whether it shall stop, should it not be woken.
const DATAGRAM_WAIT: Duration = Duration::from_secs(5);
/// How long a stop waits for open connections to end after they were cut.
const STOP_WAIT: Duration = Duration::from_secs(5);

/// What a TCP listener is for.
#[derive(Debug, Clone, Copy)]
enum Door {
    Http,
    Socks,
    Transparent,
    Dns,
}

impl Proxy {
    /// Starts serving.
    ///
    /// # Errors
    /// A socket that cannot be served, or no thread to serve it.
    pub fn start(listeners: Listeners, settings: Settings) -> Result<Self, NoStart> {
        let Settings { gate, resolver, limits, secrets, interception } = settings;
        if let Some(bad) = secrets.unopened(interception.as_ref()) {
            return Err(NoStart::Secret(bad));
        }
        let live = Live::new(limits.connections);
        let synthetic = Synthetic::default();
        let shared = Arc::new(Shared { gate, resolver, synthetic, limits, secrets, interception, live });
        let mut proxy = Self { shared, stopping: Arc::default(), wakers: Vec::new(), threads: Vec::new() };
        let doors = [
            (Door::Http, listeners.http),
            (Door::Socks, listeners.socks),
            (Door::Transparent, listeners.transparent),
            (Door::Dns, listeners.dns_tcp),
        ];
        for (door, listeners) in doors {
            for listener in listeners {
                proxy.listen(door, listener)?;
            }
        }
        for socket in listeners.dns_udp {
            proxy.datagrams(socket)?;
        }
        Ok(proxy)
    }

    fn listen(&mut self, door: Door, listener: TcpListener) -> io::Result<()> {
        listener.set_nonblocking(false)?;
        self.wakers.push(TcpStream::from(OwnedFd::from(listener.try_clone()?)));
        let (shared, stopping) = (self.shared.clone(), self.stopping.clone());
        let accept = move || {
            while !stopping.load(Ordering::Acquire) {
                match listener.accept() {
                    Ok((tcp, _)) => admit(&shared, door, tcp),
                    Err(_) if stopping.load(Ordering::Acquire) => return,
                    // No descriptors left: not a loop that eats a processor.
                    Err(_) => thread::sleep(Duration::from_millis(20)),
                }
            }
        };
        self.threads.push(thread::Builder::new().stack_size(STACK).spawn(accept)?);
        Ok(())
    }

    fn datagrams(&mut self, socket: UdpSocket) -> io::Result<()> {
        socket.set_nonblocking(false)?;
        socket.set_read_timeout(Some(DATAGRAM_WAIT))?;
        self.wakers.push(TcpStream::from(OwnedFd::from(socket.try_clone()?)));
        let (shared, stopping) = (self.shared.clone(), self.stopping.clone());
        let serve = move || {
            let mut bytes = [0; 4096];
            while !stopping.load(Ordering::Acquire) {
                let Ok((length, from)) = socket.recv_from(&mut bytes) else { continue };
                if let Some(reply) = name_service(&shared, bytes.get(..length).unwrap_or_default()) {
                    let _ = socket.send_to(&reply, from);
                }
            }
        };
        self.threads.push(thread::Builder::new().stack_size(STACK).spawn(serve)?);
        Ok(())
    }

    /// The address that stands for a name, made if need be, as our DNS would give it: for a caller's hosts file.
    #[must_use]
    pub fn made_up(&self, name: &str) -> Option<std::net::Ipv4Addr> {
        let Ok(Host::Name(name)) = Host::parse(name) else { return None };
        self.shared.synthetic.address(&name)
    }

    /// Connections of clients that are open now.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.shared.live.clients()
    }

    /// Stops serving and cuts what is open. Every open connection's end is told to the gate before this returns, unless one
    /// does not end within 5 s.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.stopping.store(true, Ordering::Release);
        for waker in self.wakers.drain(..) {
            // On Linux this wakes whoever accepts or receives on it, though it fails on a datagram socket.
            let _ = waker.shutdown(Shutdown::Both);
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
        let end = Instant::now() + STOP_WAIT;
        while self.shared.live.clients() > 0 && Instant::now() < end {
            self.shared.live.cut();
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.end();
    }
}

/// Takes a client in, if there is room.
fn admit(shared: &Arc<Shared>, door: Door, tcp: TcpStream) {
    let via = match door {
        Door::Http => Via::Connect,
        Door::Socks => Via::Socks,
        Door::Transparent | Door::Dns => Via::Transparent,
    };
    let Some(place) = shared.live.enter() else {
        shared.refused(String::new(), 0, via, Why::Full);
        return;
    };
    let tcp = Arc::new(tcp);
    let socket = tcp.clone();
    let own = shared.clone();
    let serve = move || {
        let _place = place;
        let _lease = own.live.add(&socket);
        if socket.set_nodelay(true).and(socket.set_write_timeout(Some(own.limits.still_time))).is_ok() {
            serve(&own, door, socket);
        }
    };
    if thread::Builder::new().stack_size(STACK).spawn(serve).is_err() {
        shared.refused(String::new(), 0, via, Why::Full);
    }
}

fn serve(shared: &Shared, door: Door, tcp: Arc<TcpStream>) {
    let local = tcp.local_addr();
    let client = Reader::new(Wire::plain(tcp.clone()));
    match (door, local) {
        (Door::Http, _) => exchange::serve(shared, client),
        (Door::Socks, _) => serve_socks(shared, client),
        (Door::Transparent, Ok(local)) => serve_transparent(shared, client, local),
        (Door::Transparent, Err(_)) => {}
        (Door::Dns, _) => serve_names(shared, &tcp),
    }
}

/// A client that connected to an address that our DNS made up.
fn serve_transparent(shared: &Shared, client: Reader, local: SocketAddr) {
    let host = Host::Address(local.ip().to_canonical());
    let text = host.to_string();
    let stood = if synthetic::is_made_up(local.ip()) {
        exchange::stand(shared, host, local.port(), Via::Transparent)
    } else {
        Err(Why::NoSuchName)
    };
    match stood {
        Ok((tcp, tally)) => tunnel::converse(shared, client, tcp, tally),
        Err(why) => {
            let name = synthetic_name(shared, local).unwrap_or(text);
            shared.refused(name, local.port(), Via::Transparent, why);
            client.wire.cut();
        }
    }
}

fn synthetic_name(shared: &Shared, local: SocketAddr) -> Option<String> {
    shared.synthetic.name(local.ip())
}

fn serve_socks(shared: &Shared, mut client: Reader) {
    let Some((host, port)) = socks_request(shared, &mut client) else { return };
    match exchange::stand(shared, host.clone(), port, Via::Socks) {
        Ok((tcp, tally)) => {
            if client.wire.write(&socks::reply(socks::DONE)).is_ok() {
                tunnel::converse(shared, client, tcp, tally);
            }
        }
        Err(why) => {
            let why = shared.refused(host.to_string(), port, Via::Socks, why);
            let _ = client.wire.write(&socks::reply(socks::code(&why)));
        }
    }
}

/// Greeting and request; none where there is nothing to serve.
fn socks_request(shared: &Shared, client: &mut Reader) -> Option<(Host, u16)> {
    let deadline = Instant::now() + shared.limits.head_time;
    let refuse = |why: Why| {
        shared.refused(String::new(), 0, Via::Socks, why);
    };
    let without_login = loop {
        match socks::greeting(client.held()) {
            socks::Read::Whole(without_login, length) => {
                client.used(length);
                break without_login;
            }
            socks::Read::More => client.fill_by(deadline).ok()?,
            socks::Read::Bad => {
                refuse(Why::Malformed("a SOCKS5 greeting"));
                return None;
            }
        }
    };
    client.wire.write(if without_login { &socks::ACCEPTED } else { &socks::NO_METHOD }).ok().filter(|()| without_login)?;
    loop {
        match socks::request(client.held()) {
            socks::Read::Whole(asked, length) => {
                client.used(length);
                let (code, why) = match asked {
                    Asked::Connect(host, port) => return Some((host, port)),
                    Asked::Odd => (socks::code(&Why::OddHost), Why::OddHost),
                    Asked::Other => (socks::NOT_SUPPORTED, Why::Malformed("a SOCKS5 command other than CONNECT")),
                };
                refuse(why);
                let _ = client.wire.write(&socks::reply(code));
                return None;
            }
            socks::Read::More => client.fill_by(deadline).ok()?,
            socks::Read::Bad => {
                refuse(Why::Malformed("a SOCKS5 request"));
                return None;
            }
        }
    }
}

/// Questions over TCP, each with its length before it.
fn serve_names(shared: &Shared, tcp: &TcpStream) {
    let client = Wire::plain(Arc::new(match tcp.try_clone() {
        Ok(tcp) => tcp,
        Err(_) => return,
    }));
    loop {
        let mut length = [0; 2];
        let mut from = tcp;
        if tcp.set_read_timeout(Some(shared.limits.head_time)).is_err() || from.read_exact(&mut length).is_err() {
            return;
        }
        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
        if from.read_exact(&mut question).is_err() {
            return;
        }
        let Some(reply) = name_service(shared, &question) else { return };
        let Ok(length) = u16::try_from(reply.len()) else { return };
        if client.write(&[&length.to_be_bytes()[..], &reply].concat()).is_err() {
            return;
        }
    }
}

fn name_service(shared: &Shared, question: &[u8]) -> Option<Vec<u8>> {
    let find = |name: &str| {
        if let Some(credential) = shared.secrets.in_name(name) {
            shared.leaked(credential, &Host::Name(name.to_owned()), Spot::Name);
            return Found::Nothing;
        }
        if !shared.gate.known(name) {
            return Found::Nothing;
        }
        shared.synthetic.address(name).map_or(Found::Full, Found::At)
    };
    dns::answer(question, &Names { find: &find, name: &|address| shared.synthetic.name(address) })
}

/// The open sockets, to cut them at a stop, and how many clients there are.
pub(crate) struct Live {
    clients: Arc<AtomicUsize>,
    most: usize,
    sockets: Arc<Mutex<HashMap<u64, Arc<TcpStream>>>>,
    next: AtomicU64,
}

/// One client's place.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// One open socket.
pub(crate) struct Lease {
    sockets: Arc<Mutex<HashMap<u64, Arc<TcpStream>>>>,
    number: u64,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

impl Live {
    fn new(most: usize) -> Self {
        Self { clients: Arc::default(), most, sockets: Arc::default(), next: AtomicU64::new(0) }
    }

    fn clients(&self) -> usize {
        self.clients.load(Ordering::Acquire)
    }

    fn enter(&self) -> Option<Place> {
        let place = Place(self.clients.clone());
        (self.clients.fetch_add(1, Ordering::AcqRel) < self.most).then_some(place)
    }

    /// Remembers a socket until the lease ends.
    pub(crate) fn add(&self, tcp: &Arc<TcpStream>) -> Lease {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).insert(number, tcp.clone());
        Lease { sockets: self.sockets.clone(), number }
    }

    fn cut(&self) {
        for tcp in self.sockets.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let _ = tcp.shutdown(Shutdown::Both);
        }
    }
}
