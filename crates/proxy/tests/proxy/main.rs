//! The proxy as clients and servers see it: real sockets on loopback, real curl, Python and git, servers of our own.
#![expect(clippy::unwrap_used, reason = "tests")]

mod clients;
mod git;
mod ground;
mod http;
mod names;
mod origin;
mod secrets;
mod socks;
mod tls;
mod transparent;
