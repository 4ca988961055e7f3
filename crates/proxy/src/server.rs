//! The proxy itself. In: listening sockets, and everything that decides. Out: threads that serve them until it is stopped.
//!
//! The sockets may be in another network namespace than the process; connections are made from the process's own.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::fd::OwnedFd;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::doors::{self, Door};
use crate::gate::Gate;
use crate::host::Host;
use crate::intercept::Interception;
use crate::limits::Limits;
use crate::live::{Live, STACK};
use crate::reach::Shared;
use crate::resolve::Resolver;
use crate::secrets::{BadSecret, Secrets};
use crate::synthetic::Synthetic;

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
                    Ok((tcp, _)) => doors::admit(&shared, door, tcp),
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
                let question = bytes.get(..length).unwrap_or_default();
                // A gate that panics over one question must not end the name service; that question has no answer.
                let reply = panic::catch_unwind(AssertUnwindSafe(|| doors::name_service(&shared, question)));
                if let Ok(Some(reply)) = reply {
                    let _ = socket.send_to(&reply, from);
                }
            }
        };
        self.threads.push(thread::Builder::new().stack_size(STACK).spawn(serve)?);
        Ok(())
    }

    /// The address that stands for a name, made if need be, as our DNS would give it: for a caller's hosts file.
    #[must_use]
    pub fn made_up(&self, name: &str) -> Option<Ipv4Addr> {
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
