//! How much, how many, how long. Every bound of the crate with why it is what it is; a caller may tighten them, and tests do.

use std::time::Duration;

/// The bounds of one proxy.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once. Package managers open about 50; each costs at most two threads here.
    pub connections: usize,
    /// Bytes of a request's or response's head. Servers stop between 8 and 64 KiB.
    pub head_bytes: usize,
    /// Header fields of a head.
    pub fields: usize,
    /// For a whole head, a handshake or a SOCKS greeting to arrive: a client that drips bytes is cut off.
    pub head_time: Duration,
    /// How long a kept-alive connection may wait for its next request.
    pub idle_time: Duration,
    /// How long nothing may move on an open exchange or tunnel. A model may think for minutes before its first byte.
    pub still_time: Duration,
    /// For one address to answer a connect; a name's addresses are tried in turn.
    pub connect_time: Duration,
    /// Addresses of one name that are tried.
    pub addresses: usize,
    /// Bytes of a request's body that the gate sees before anything leaves.
    pub body_prefix: usize,
    /// How long a body in chunks may be silent before its beginning is all that the gate sees.
    pub prefix_time: Duration,
    /// Bytes of a body that may be held whole, where a signature covers it.
    pub body_held: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            head_bytes: 64 * 1024,
            fields: 128,
            head_time: Duration::from_secs(20),
            idle_time: Duration::from_secs(90),
            still_time: Duration::from_secs(15 * 60),
            connect_time: Duration::from_secs(8),
            addresses: 4,
            body_prefix: 64 * 1024,
            prefix_time: Duration::from_secs(2),
            body_held: 16 * 1024 * 1024,
        }
    }
}
