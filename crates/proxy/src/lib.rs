//! The only way out of a sandbox that has its own network namespace.
//!
//! In: listening sockets made inside that namespace, a [`gate::Gate`] that decides, credentials. Out: connections made from
//! outside to addresses that were looked up once, checked, and allowed; every one told to the gate when it ends. HTTP
//! (CONNECT, absolute-form), SOCKS5, connections to the made-up addresses that our own DNS gives to names, and on wish the
//! plain text inside TLS. It knows no policy, keeps nothing on disk, and forwards no datagram.

pub mod address;
mod body;
mod dns;
mod doors;
mod exchange;
pub mod gate;
mod git;
mod head;
pub mod host;
pub mod intercept;
pub mod limits;
mod live;
mod reach;
mod refusal;
pub mod resolve;
pub mod secrets;
pub mod server;
mod sniff;
mod socks;
mod synthetic;
mod tunnel;
mod wire;
