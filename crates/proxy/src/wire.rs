//! Bytes between two machines, plain or encrypted. In: a connected socket, perhaps with a finished handshake. Out: reading
//! and writing from two threads at once, with bounds on how long either waits.
//!
//! rustls keeps both directions in one state; its lock is never held while a socket is waited for.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustls::Connection;

/// Bytes that one read asks for: a TLS record at its largest fits.
const PIECE: usize = 64 * 1024;

/// One end of a connection.
pub(crate) struct Wire {
    tcp: Arc<TcpStream>,
    tls: Option<Tls>,
}

struct Tls {
    state: Mutex<Connection>,
    /// Encrypted bytes that arrived and are not yet opened.
    closed: Mutex<Vec<u8>>,
    /// Held while encrypted bytes are written, so that records leave in order.
    turn: Mutex<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    /// A plain one.
    pub(crate) fn plain(tcp: Arc<TcpStream>) -> Self {
        Self { tcp, tls: None }
    }

    /// The address at the other end; the unspecified one where that is gone.
    pub(crate) fn peer(&self) -> IpAddr {
        self.tcp.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical())
    }

    /// An encrypted one after its handshake; `closed` are encrypted bytes that were read too far.
    pub(crate) fn encrypted(tcp: Arc<TcpStream>, state: Connection, closed: Vec<u8>) -> Self {
        Self { tcp, tls: Some(Tls { state: Mutex::new(state), closed: Mutex::new(closed), turn: Mutex::new(()) }) }
    }

    /// Reads what is there, waiting at most so long; 0 at the end.
    pub(crate) fn read(&self, bytes: &mut [u8], within: Duration) -> io::Result<usize> {
        self.tcp.set_read_timeout(Some(within.max(Duration::from_millis(1))))?;
        match &self.tls {
            None => retried(|| (&*self.tcp).read(bytes)),
            Some(tls) => tls.read(&self.tcp, bytes),
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match &self.tls {
            None => (&*self.tcp).write_all(bytes),
            Some(tls) => tls.write(&self.tcp, bytes),
        }
    }

    /// Says that nothing more will be written.
    pub(crate) fn finish(&self) {
        if let Some(tls) = &self.tls {
            lock(&tls.state).send_close_notify();
            let _ = tls.flush(&self.tcp);
        }
        let _ = self.tcp.shutdown(Shutdown::Write);
    }

    /// Ends both directions at once; whoever waits on it wakes up.
    pub(crate) fn cut(&self) {
        let _ = self.tcp.shutdown(Shutdown::Both);
    }

    /// Whether the other side has said or closed anything since its last message; a connection to be used again must not.
    pub(crate) fn is_quiet(&self) -> bool {
        if self.tls.as_ref().is_some_and(|tls| !lock(&tls.closed).is_empty()) || self.tcp.set_nonblocking(true).is_err() {
            return false;
        }
        let quiet = self.tcp.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        self.tcp.set_nonblocking(false).is_ok() && quiet
    }
}

/// Whether a read ended because its time did.
pub(crate) fn is_wait(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn retried(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

impl Tls {
    fn read(&self, tcp: &TcpStream, bytes: &mut [u8]) -> io::Result<usize> {
        let mut closed = lock(&self.closed);
        loop {
            // Plain text first: rustls takes no more encrypted bytes while it holds plain ones.
            match lock(&self.state).reader().read(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                done => return done,
            }
            if closed.is_empty() {
                let mut piece = vec![0; PIECE];
                let length = retried(|| (&*tcp).read(&mut piece))?;
                piece.truncate(length);
                *closed = piece;
            }
            self.open(&mut closed)?;
            self.flush(tcp)?;
        }
    }

    /// Gives rustls one step's worth of encrypted bytes; none are its end.
    fn open(&self, closed: &mut Vec<u8>) -> io::Result<()> {
        let mut state = lock(&self.state);
        let taken = state.read_tls(&mut closed.as_slice())?;
        closed.drain(..taken.min(closed.len()));
        state.process_new_packets().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        Ok(())
    }

    fn write(&self, tcp: &TcpStream, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let taken = lock(&self.state).writer().write(rest)?;
            rest = rest.get(taken..).unwrap_or_default();
            self.flush(tcp)?;
        }
        Ok(())
    }

    fn flush(&self, tcp: &TcpStream) -> io::Result<()> {
        if !lock(&self.state).wants_write() {
            return Ok(());
        }
        let _turn = lock(&self.turn);
        let mut records = Vec::new();
        {
            let mut state = lock(&self.state);
            while state.wants_write() {
                state.write_tls(&mut records)?;
            }
        }
        (&*tcp).write_all(&records)
    }
}

/// Why there is no head.
#[derive(Debug)]
pub(crate) enum NoHead {
    /// The connection, or the time.
    Io(io::Error),
    /// A line that ends in LF alone.
    BareLine,
    /// More bytes than it may have.
    TooLong,
}

/// A wire with what was read of it and not yet used. One thread reads.
pub(crate) struct Reader {
    pub(crate) wire: Arc<Wire>,
    held: Vec<u8>,
    start: usize,
}

impl Reader {
    /// Of a wire of which nothing was read.
    pub(crate) fn new(wire: Wire) -> Self {
        Self { wire: Arc::new(wire), held: Vec::new(), start: 0 }
    }

    /// What was read and not yet used.
    pub(crate) fn held(&self) -> &[u8] {
        self.held.get(self.start..).unwrap_or_default()
    }

    /// Uses so many of the held bytes.
    pub(crate) fn used(&mut self, length: usize) {
        self.start = (self.start + length).min(self.held.len());
        if self.start == self.held.len() {
            self.held.clear();
            self.start = 0;
        }
    }

    /// Takes at most so many of the held bytes.
    pub(crate) fn take(&mut self, most: usize) -> Vec<u8> {
        if self.start == 0 && self.held.len() <= most {
            return std::mem::take(&mut self.held);
        }
        let taken = self.held().iter().take(most).copied().collect::<Vec<u8>>();
        self.used(taken.len());
        taken
    }

    /// Reads more, waiting at most so long; 0 at the end.
    pub(crate) fn fill(&mut self, within: Duration) -> io::Result<usize> {
        if self.start > 0 {
            self.held.drain(..self.start);
            self.start = 0;
        }
        let old = self.held.len();
        self.held.resize(old + PIECE, 0);
        let read = self.wire.read(self.held.get_mut(old..).unwrap_or_default(), within);
        self.held.truncate(old + read.as_ref().copied().unwrap_or(0));
        read
    }

    /// Reads more before a moment; the end is an error.
    pub(crate) fn fill_by(&mut self, deadline: Instant) -> io::Result<()> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        if self.fill(left)? == 0 { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Reads a head up to its empty line; it may have `most` bytes.
    pub(crate) fn head(&mut self, most: usize, deadline: Instant) -> Result<Vec<u8>, NoHead> {
        let mut looked = 0;
        loop {
            // Line by line, so that a line that ends in LF alone is refused when it comes, not waited behind.
            while let Some(end) = self.held().iter().skip(looked).position(|byte| *byte == b'\n').map(|at| looked + at + 1) {
                let line = self.held().get(looked..end).unwrap_or_default();
                if !line.ends_with(b"\r\n") {
                    return Err(NoHead::BareLine);
                }
                if line.len() == 2 && end <= most {
                    return Ok(self.take(end));
                }
                looked = end;
            }
            if self.held().len() >= most {
                return Err(NoHead::TooLong);
            }
            self.fill_by(deadline).map_err(NoHead::Io)?;
        }
    }

    /// The socket, to turn to TLS, and what was read of it and not yet used.
    pub(crate) fn into_parts(self) -> (Arc<TcpStream>, Vec<u8>) {
        let held = self.held().to_vec();
        (self.wire.tcp.clone(), held)
    }
}
