//! Connects and binds on the caller's behalf. In: a socket and an address. Out: the kernel's answer. The act is done on the
//! supervisor's own share of the socket with the address that was read: neither the descriptor nor the address can be
//! exchanged after the check.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Mutex;

use rustix::fs::{CWD, FileType, StatxFlags, statx};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, sockopt};

use crate::broker::caller::own_path;
use crate::broker::walk::{Found, Last, Object, Spot};
use crate::broker::{Asking, Reply};
use crate::sys::socket::{Address, LONGEST_ADDRESS, bind as bind_raw};
use crate::watcher::{Answer, Mutation, Peer};

/// Longest path in an address of a unix socket.
const LONGEST_SOCKET_PATH: usize = 108;

/// A file: device, inode, and when it was made, because inodes are used again.
pub(crate) type Identity = (u32, u32, u64, i64, u32);

/// The socket files that were made inside. Only these may be connected to, and those that the plan names.
#[derive(Default)]
pub(crate) struct Made(Mutex<HashSet<Identity>>);

impl Made {
    fn insert(&self, socket: Identity) {
        // A poisoned lock means that another thread died in the middle; the set itself is whole.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(socket);
    }

    fn contains(&self, socket: &Identity) -> bool {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(socket)
    }
}

/// What an address says.
enum Said<'a> {
    Internet(SocketAddr),
    /// A path in the file system.
    Path(&'a OsStr),
    /// Abstract, or not named: it ends in the network namespace.
    Inside,
    Other,
}

fn read(bytes: &[u8]) -> Result<Said<'_>, Errno> {
    let (family, rest) = bytes.split_first_chunk::<2>().ok_or(Errno::INVAL)?;
    Ok(match i32::from(u16::from_ne_bytes(*family)) {
        libc::AF_INET => internet(rest, false)?,
        libc::AF_INET6 => internet(rest, true)?,
        libc::AF_UNIX => match rest.first() {
            None | Some(0) => Said::Inside,
            Some(_) => {
                let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len()).min(LONGEST_SOCKET_PATH);
                Said::Path(OsStr::from_bytes(rest.get(..end).unwrap_or_default()))
            }
        },
        _ => Said::Other,
    })
}

fn internet(rest: &[u8], six: bool) -> Result<Said<'static>, Errno> {
    let (port, rest) = rest.split_first_chunk::<2>().ok_or(Errno::INVAL)?;
    let port = u16::from_be_bytes(*port);
    let address = if six {
        let octets = rest.get(4..20).and_then(|octets| <[u8; 16]>::try_from(octets).ok()).ok_or(Errno::INVAL)?;
        SocketAddr::from((Ipv6Addr::from(octets), port))
    } else {
        let octets = rest.first_chunk::<4>().ok_or(Errno::INVAL)?;
        SocketAddr::from((Ipv4Addr::from(*octets), port))
    };
    Ok(Said::Internet(address))
}

fn address(asking: &Asking<'_>, at: u64, length: u64) -> Result<Vec<u8>, Errno> {
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST_ADDRESS).ok_or(Errno::INVAL)?;
    asking.caller.bytes(at, length)
}

pub(crate) fn connect(asking: &Asking<'_>, socket: i32, at: u64, length: u64) -> Result<Reply, Errno> {
    let bytes = address(asking, at, length)?;
    let socket = asking.caller.share(socket)?;
    let unix = sockopt::socket_domain(&socket)? == AddressFamily::UNIX;
    let raw = match read(&bytes)? {
        Said::Path(path) if unix => {
            let found = asking.walk().find(libc::AT_FDCWD, path, Last::Follow)?;
            asking.caller.settled()?;
            let (object, path) = match found {
                Found::Name(mut spot) => (spot.found.take().ok_or(Errno::NOENT)?, spot.path),
                Found::Thing { object, path, .. } => (object, path),
            };
            permit_path(asking, &object, &path)?;
            let held = path_address(own_path(object.file.as_fd()).as_bytes())?;
            return Ok(Reply::Connect { socket, address: held, held: Some(object.file) });
        }
        Said::Internet(peer) => {
            asking.caller.settled()?;
            permit(asking, &Peer::Internet(peer))?;
            if asking.leads {
                come_from_the_leader(asking, &socket);
            }
            bytes
        }
        Said::Path(_) | Said::Inside | Said::Other => {
            asking.caller.settled()?;
            bytes
        }
    };
    Ok(Reply::Connect { socket, address: Address::new(&raw), held: None })
}

/// Binds a leader's socket to the address that nobody else gets. Where that cannot be (it has an address, or none of this
/// kind), it connects as everybody does, and gets what everybody gets.
fn come_from_the_leader(asking: &Asking<'_>, socket: &OwnedFd) {
    let Some(address) = asking.leaders_address() else { return };
    let plain =
        sockopt::socket_domain(socket) == Ok(AddressFamily::INET) && sockopt::socket_type(socket) == Ok(SocketType::STREAM);
    if plain && rustix::net::getsockname(socket).is_ok_and(|now| SocketAddrV4::try_from(now).is_ok_and(|now| now.port() == 0)) {
        let _ = rustix::net::bind(socket, &SocketAddrV4::new(address, 0));
    }
}

fn as_four(address: SocketAddr) -> Option<Ipv4Addr> {
    match address.ip().to_canonical() {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    }
}

fn permit(asking: &Asking<'_>, peer: &Peer<'_>) -> Result<(), Errno> {
    match asking.watcher().connect(asking.who(), peer) {
        Answer::Go => Ok(()),
        Answer::Refuse(errno) => Err(errno),
    }
}

/// A socket of somebody outside would be a way out: only what was made inside, or what the plan names.
fn permit_path(asking: &Asking<'_>, object: &Object, path: &Path) -> Result<(), Errno> {
    if object.kind() != FileType::Socket {
        return Err(Errno::CONNREFUSED);
    }
    let ours = asking.made().contains(&identity(object.file.as_fd())?);
    if !ours && !asking.rules().socket(path) {
        return Err(Errno::ACCESS);
    }
    permit(asking, &Peer::Path(path))
}

pub(crate) fn bind(asking: &Asking<'_>, socket: i32, at: u64, length: u64) -> Result<Reply, Errno> {
    let bytes = address(asking, at, length)?;
    let socket = asking.caller.share(socket)?;
    let unix = sockopt::socket_domain(&socket)? == AddressFamily::UNIX;
    match read(&bytes)? {
        Said::Path(path) if unix => {
            let found = asking.walk().find(libc::AT_FDCWD, path, Last::Name)?;
            asking.caller.settled()?;
            let Found::Name(spot) = found else { return Err(Errno::ADDRINUSE) };
            bind_path(asking, &socket, spot)
        }
        Said::Internet(wanted) if !asking.leads && asking.leaders_address() == as_four(wanted) => Err(Errno::ADDRNOTAVAIL),
        Said::Internet(_) | Said::Path(_) | Said::Inside | Said::Other => {
            asking.caller.settled()?;
            bind_raw(socket.as_fd(), &Address::new(&bytes))?;
            Ok(Reply::DONE)
        }
    }
}

fn bind_path(asking: &Asking<'_>, socket: &OwnedFd, mut spot: Spot) -> Result<Reply, Errno> {
    if spot.found.is_some() {
        return Err(Errno::ADDRINUSE);
    }
    asking.may_appear(&spot)?;
    asking.tell(spot.parent.as_fd(), &spot.path, &Mutation::MakeNode { place: spot.place(None) })?;
    let mut path = own_path(spot.parent.as_fd()).into_bytes();
    path.push(b'/');
    path.extend_from_slice(spot.name.as_bytes());
    let held = path_address(&path)?;
    asking.with_umask(|| bind_raw(socket.as_fd(), &held))?;
    spot.look_again()?;
    if let Some(made) = spot.found.as_ref().filter(|made| made.kind() == FileType::Socket) {
        asking.made().insert(identity(made.file.as_fd())?);
    }
    Ok(Reply::DONE)
}

fn path_address(path: &[u8]) -> Result<Address, Errno> {
    if path.len() >= LONGEST_SOCKET_PATH {
        return Err(Errno::NAMETOOLONG);
    }
    let family = u16::try_from(libc::AF_UNIX).unwrap_or(1).to_ne_bytes();
    Ok(Address::new(&[&family[..], path, &[0]].concat()))
}

pub(crate) fn identity(file: std::os::fd::BorrowedFd<'_>) -> Result<Identity, Errno> {
    let wanted = StatxFlags::INO | StatxFlags::BTIME;
    let status = statx(CWD, own_path(file).as_c_str(), rustix::fs::AtFlags::empty(), wanted)?;
    let born = status.stx_btime;
    Ok((status.stx_dev_major, status.stx_dev_minor, status.stx_ino, born.tv_sec, born.tv_nsec))
}
