//! A server that requests go to. In: a connected socket. Out: a connection that a request can be written to, made anew to the
//! same address when the old one has ended.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::Arc;

use crate::gate::{Destination, Why};
use crate::host::Host;
use crate::live::Lease;
use crate::reach::{Shared, Tally};
use crate::secrets::{Needles, To};
use crate::wire::{Reader, Wire};

/// A server that requests go to, and the connection to it as long as it lasts.
pub(crate) struct Upstream {
    pub(super) tally: Tally,
    pub(super) encrypted: bool,
    /// Connected, and nothing said yet.
    fresh: Option<Arc<TcpStream>>,
    pub(super) reader: Option<Reader>,
    /// Whether that connection was made before there was a request for it.
    ahead: bool,
    lease: Option<Lease>,
    echoes: Option<Arc<Needles>>,
}

impl Upstream {
    /// Spoken to as it is.
    pub(crate) fn plain(tcp: Arc<TcpStream>, tally: Tally) -> Self {
        Self { tally, encrypted: false, fresh: Some(tcp), reader: None, ahead: false, lease: None, echoes: None }
    }

    /// Spoken to through TLS of our own.
    pub(crate) fn encrypted(tcp: Arc<TcpStream>, tally: Tally) -> Self {
        Self { encrypted: true, ..Self::plain(tcp, tally) }
    }

    /// Shakes hands before there is a request.
    pub(crate) fn prepare(&mut self, shared: &Shared) -> Result<(), Why> {
        self.reader = Some(self.connected(shared)?);
        self.ahead = true;
        Ok(())
    }

    /// Where it is.
    pub(crate) fn destination(&self) -> &Destination {
        &self.tally.destination
    }

    /// What was counted so far, for another way to the same address.
    pub(crate) fn into_tally(self) -> Tally {
        self.tally
    }

    /// Where its bytes go.
    pub(super) fn to(&self) -> To<'_> {
        self.tally.to(self.encrypted)
    }

    /// Whether it is this one.
    pub(super) fn is(&self, host: &Host, port: u16) -> bool {
        self.tally.destination.host == *host && self.tally.destination.port == port
    }

    /// What puts placeholders back into its answers.
    pub(super) fn echoes(&mut self, shared: &Shared) -> Arc<Needles> {
        let to = self.tally.to(self.encrypted);
        self.echoes.get_or_insert_with(|| Arc::new(shared.secrets.echoes(to))).clone()
    }

    /// Makes sure of a connection that a request can be written to: the one there is, or another to the same address.
    /// Whether nothing was written to it yet.
    pub(super) fn ready(&mut self, shared: &Shared) -> Result<bool, Why> {
        // What a server says unasked right after a handshake is its tickets.
        let ahead = std::mem::take(&mut self.ahead);
        let usable = self.reader.take().filter(|reader| ahead || (reader.held().is_empty() && reader.wire.is_quiet()));
        let (reader, fresh) = match usable {
            Some(reader) => (reader, ahead),
            None => (self.connected(shared)?, true),
        };
        self.reader = Some(reader);
        Ok(fresh)
    }

    fn connected(&mut self, shared: &Shared) -> Result<Reader, Why> {
        let tcp = match (self.fresh.take(), self.tally.address) {
            (Some(tcp), _) => tcp,
            (None, Some(address)) => shared.connect_to(address, self.tally.destination.port).map_err(Why::Unreachable)?,
            (None, None) => return Err(Why::Unreachable(ErrorKind::NotConnected.into())),
        };
        self.lease = Some(shared.live.add(&tcp));
        match shared.interception.as_ref().filter(|_| self.encrypted) {
            Some(interception) => interception.connect(tcp, &self.tally.destination.host, shared.limits.head_time),
            None => Ok(Reader::new(Wire::plain(tcp))),
        }
    }
}
