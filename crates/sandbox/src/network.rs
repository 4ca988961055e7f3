//! The inside of the network namespace: loopback up, routes that lead to it, listening sockets. In: the plan's network.
//! Out: descriptors. There is no way out of the namespace but through these sockets.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with};

use crate::plan::{Listen, Network};
use crate::sys::socket::loopback_up;

/// The loopback interface is the first of every namespace.
const LOOPBACK: u32 = 1;

/// Makes everything that the plan wants of the network.
pub(crate) fn build(network: &Network) -> Result<Vec<OwnedFd>, Errno> {
    let socket = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    loopback_up(socket.as_fd())?;
    for (address, prefix) in &network.any_address {
        route(*address, *prefix)?;
    }
    network.listen.iter().map(listen).collect()
}

fn listen(wanted: &Listen) -> Result<OwnedFd, Errno> {
    let made = match wanted {
        Listen::Tcp(address) => TcpListener::bind(address).map(OwnedFd::from),
        Listen::Udp(address) => UdpSocket::bind(address).map(OwnedFd::from),
    };
    made.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

/// `ip route add local ADDRESS/PREFIX dev lo`, as one netlink message.
fn route(address: Ipv4Addr, prefix: u8) -> Result<(), Errno> {
    const NEW_ROUTE: u16 = 24;
    const REQUEST_ACK_CREATE: u16 = 0x1 | 0x4 | 0x400;
    let body: [u8; 12] = [
        2, // AF_INET
        prefix, 0, 0,   // source prefix, type of service
        255, // the local table
        3,   // set at start
        254, // scope: this host
        2,   // type: local
        0, 0, 0, 0,
    ];
    let mut message = Vec::with_capacity(44);
    message.extend(44_u32.to_ne_bytes());
    message.extend(NEW_ROUTE.to_ne_bytes());
    message.extend(REQUEST_ACK_CREATE.to_ne_bytes());
    message.extend([1_u32.to_ne_bytes(), 0_u32.to_ne_bytes()].concat());
    message.extend(body);
    attribute(&mut message, 1, address.octets());
    attribute(&mut message, 4, LOOPBACK.to_ne_bytes());

    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None)?;
    send(&socket, &message, SendFlags::empty())?;
    let mut answer = [0; 128];
    let (_, length) = recv(&socket, &mut answer[..], RecvFlags::empty())?;
    // An acknowledgement is a header of 16 bytes and an error code, zero for done.
    let code = answer.get(16..20).filter(|_| length >= 20).and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes);
    match code {
        Some(0) => Ok(()),
        Some(code) => Err(Errno::from_raw_os_error(code.saturating_neg())),
        None => Err(Errno::BADMSG),
    }
}

fn attribute(message: &mut Vec<u8>, kind: u16, value: [u8; 4]) {
    message.extend(8_u16.to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(value);
}
