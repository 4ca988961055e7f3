//! From a host that somebody asked for to a connection. In: host, port, door. Out: a socket connected to an address that was
//! looked up once, checked and allowed, or why not.
//!
//! INVARIANT (same address): what is connected to is one of the addresses in the [`Destination`] that the gate allowed. There
//! is no second look-up, so a name server that answers differently the second time is never asked.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::address::{self, Class};
use crate::gate::{Answer, Connection, Destination, Gate, Leak, Refusal, Spot, Via, Wanted, Why};
use crate::host::Host;
use crate::intercept::Interception;
use crate::limits::Limits;
use crate::live::Live;
use crate::resolve::Resolver;
use crate::secrets::{Secrets, To};
use crate::synthetic::{self, Synthetic};

/// What all connections of one proxy share.
pub(crate) struct Shared {
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) synthetic: Synthetic,
    pub(crate) limits: Limits,
    pub(crate) secrets: Secrets,
    pub(crate) interception: Option<Interception>,
    pub(crate) live: Live,
}

impl Shared {
    /// Tells the gate of a refusal, and gives it back for the answer.
    pub(crate) fn refused(&self, host: String, port: u16, via: Via, why: Why) -> Why {
        let refusal = Refusal { host, port, via, why };
        self.gate.refused(&refusal);
        refusal.why
    }

    /// Tells the gate of a placeholder that went astray.
    pub(crate) fn leaked(&self, credential: &str, host: &Host, spot: Spot) -> Why {
        self.gate.leaked(&Leak { credential: credential.to_owned(), host: host.to_string(), spot });
        Why::Leaked(credential.to_owned())
    }

    /// The host that is meant: for a made-up address its name.
    pub(crate) fn meant(&self, host: Host) -> Result<Host, Why> {
        match host {
            Host::Address(address) if synthetic::is_made_up(address) => {
                self.synthetic.name(address).map(Host::Name).ok_or(Why::NoSuchName)
            }
            Host::Name(_) | Host::Address(_) => Ok(host),
        }
    }

    /// Asks the gate twice, before the name is looked up and after.
    pub(crate) fn settle(&self, client: IpAddr, host: Host, port: u16, via: Via) -> Result<Destination, Why> {
        let host = self.meant(host)?;
        if let Some(credential) = host.name().and_then(|name| self.secrets.in_name(name)) {
            return Err(self.leaked(credential, &host, Spot::Name));
        }
        let local = match self.gate.wanted(&Wanted { host: host.clone(), port, via, client }) {
            Answer::Allow => false,
            Answer::AllowLocal => true,
            Answer::Deny { reason } => return Err(Why::Denied(reason)),
        };
        let addresses = self.addresses(&host)?;
        let class = addresses.iter().map(|address| address::class(*address)).max().unwrap_or(Class::Unusable);
        if !class.may_be_allowed() {
            return Err(Why::Local(class));
        }
        let destination = Destination { host, port, via, client, addresses, class };
        match self.gate.connect(&destination) {
            Answer::Deny { reason } => Err(Why::Denied(reason)),
            Answer::AllowLocal => Ok(destination),
            Answer::Allow if class == Class::Public || local => Ok(destination),
            Answer::Allow => Err(Why::Local(class)),
        }
    }

    fn addresses(&self, host: &Host) -> Result<Vec<IpAddr>, Why> {
        let mut addresses = match host {
            Host::Address(address) => vec![*address],
            Host::Name(name) => self.resolver.addresses(name).map_err(Why::Unresolved)?,
        };
        addresses.truncate(self.limits.addresses);
        for address in &mut addresses {
            *address = address.to_canonical();
        }
        if addresses.is_empty() { Err(Why::Unresolved(ErrorKind::NotFound.into())) } else { Ok(addresses) }
    }

    /// Connects to the first of the allowed addresses that answers.
    pub(crate) fn connect(&self, destination: &Destination) -> Result<(IpAddr, Arc<TcpStream>), Why> {
        let mut last = io::Error::from(ErrorKind::NotFound);
        for address in &destination.addresses {
            match self.connect_to(*address, destination.port) {
                Ok(tcp) => return Ok((*address, tcp)),
                Err(error) => last = error,
            }
        }
        Err(Why::Unreachable(last))
    }

    /// Connects to one address of a [`Destination`].
    pub(crate) fn connect_to(&self, address: IpAddr, port: u16) -> io::Result<Arc<TcpStream>> {
        let tcp = TcpStream::connect_timeout(&SocketAddr::new(address, port), self.limits.connect_time)?;
        tcp.set_nodelay(true)?;
        tcp.set_write_timeout(Some(self.limits.still_time))?;
        Ok(Arc::new(tcp))
    }
}

/// A connection's counts. The gate is told when it is dropped, so no way out of a function forgets it.
pub(crate) struct Tally {
    gate: Arc<dyn Gate>,
    pub(crate) destination: Destination,
    pub(crate) address: Option<IpAddr>,
    out: AtomicU64,
    back: AtomicU64,
    requests: AtomicU64,
    credentials: Mutex<Vec<String>>,
    opened: Instant,
}

impl Tally {
    pub(crate) fn new(shared: &Shared, destination: Destination) -> Self {
        Self {
            gate: shared.gate.clone(),
            destination,
            address: None,
            out: AtomicU64::new(0),
            back: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            credentials: Mutex::default(),
            opened: Instant::now(),
        }
    }

    /// Bytes to the server.
    pub(crate) fn out(&self, bytes: usize) {
        self.out.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes from the server.
    pub(crate) fn back(&self, bytes: usize) {
        self.back.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// A request left with these credentials.
    pub(crate) fn request(&self, credentials: Vec<String>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut all = self.credentials.lock().unwrap_or_else(PoisonError::into_inner);
        for name in credentials {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }

    /// Where its bytes go.
    pub(crate) fn to(&self, encrypted: bool) -> To<'_> {
        To { host: &self.destination.host, port: self.destination.port, encrypted }
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        let credentials = std::mem::take(&mut *self.credentials.lock().unwrap_or_else(PoisonError::into_inner));
        self.gate.closed(&Connection {
            destination: self.destination.clone(),
            address: self.address,
            bytes_out: *self.out.get_mut(),
            bytes_in: *self.back.get_mut(),
            requests: *self.requests.get_mut(),
            credentials,
            lasted: self.opened.elapsed(),
        });
    }
}
