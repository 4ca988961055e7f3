//! Looking names up. In: a name. Out: its addresses. One trait, because tests answer as a hostile name server would; the
//! other implementation asks the system.

use std::io;
use std::net::{IpAddr, ToSocketAddrs};

/// Who looks names up.
pub trait Resolver: Send + Sync {
    /// The addresses of a name, the preferred first.
    ///
    /// # Errors
    /// The name has none, or nobody could be asked.
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's own way, outside of the sandbox.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Resolver for System {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut addresses = Vec::new();
        for found in (name, 0).to_socket_addrs()? {
            let address = found.ip().to_canonical();
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        Ok(addresses)
    }
}
