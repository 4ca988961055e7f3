//! What is open now. In: clients that come, sockets that are made. Out: their number, which is bounded, and a way to end all
//! of them.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A thread's stack: frames here are small and nothing recurses; a TLS handshake takes about 60 KiB.
pub(crate) const STACK: usize = 512 * 1024;

/// The open sockets, to cut them at a stop, and how many clients there are.
pub(crate) struct Live {
    clients: Arc<AtomicUsize>,
    most: usize,
    sockets: Arc<Mutex<HashMap<u64, Arc<TcpStream>>>>,
    next: AtomicU64,
}

/// One client's place.
pub(crate) struct Place(Arc<AtomicUsize>);

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
    /// None yet, with room for so many clients.
    pub(crate) fn new(most: usize) -> Self {
        Self { clients: Arc::default(), most, sockets: Arc::default(), next: AtomicU64::new(0) }
    }

    /// How many clients there are.
    pub(crate) fn clients(&self) -> usize {
        self.clients.load(Ordering::Acquire)
    }

    /// A place for a client, if there is room.
    pub(crate) fn enter(&self) -> Option<Place> {
        let place = Place(self.clients.clone());
        (self.clients.fetch_add(1, Ordering::AcqRel) < self.most).then_some(place)
    }

    /// Remembers a socket until the lease ends.
    pub(crate) fn add(&self, tcp: &Arc<TcpStream>) -> Lease {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner).insert(number, tcp.clone());
        Lease { sockets: self.sockets.clone(), number }
    }

    /// Ends every socket in both directions.
    pub(crate) fn cut(&self) {
        for tcp in self.sockets.lock().unwrap_or_else(PoisonError::into_inner).values() {
            let _ = tcp.shutdown(Shutdown::Both);
        }
    }
}
