//! Binds and connects a socket to an address given as the caller's raw bytes, and reads its domain. In: a descriptor and
//! the bytes of a `sockaddr`. Out: the kernel's answer.

#![expect(unsafe_code, reason = "a sockaddr of unknown family goes through as bytes")]

use std::os::fd::{AsRawFd, BorrowedFd};

use rustix::io::Errno;

use super::checked;

/// Room of the longest address: `struct sockaddr_storage`.
pub(crate) const LONGEST_ADDRESS: usize = size_of::<libc::sockaddr_storage>();

/// An address's bytes, aligned as the kernel wants them.
#[repr(C, align(8))]
pub(crate) struct Address {
    bytes: [u8; LONGEST_ADDRESS],
    length: usize,
}

impl Address {
    /// Takes the first 128 bytes at most.
    pub(crate) fn new(given: &[u8]) -> Address {
        let mut bytes = [0; LONGEST_ADDRESS];
        let length = given.len().min(LONGEST_ADDRESS);
        bytes.iter_mut().zip(given).for_each(|(into, from)| *into = *from);
        Address { bytes, length }
    }
}

/// `connect(2)` with the address as it is.
pub(crate) fn connect(socket: BorrowedFd<'_>, address: &Address) -> Result<(), Errno> {
    let length = address.length as libc::socklen_t;
    // SAFETY: the pointer is to `length` initialised bytes, aligned for any sockaddr; the kernel only reads them.
    checked(unsafe { libc::connect(socket.as_raw_fd(), address.bytes.as_ptr().cast(), length) }.into()).map(|_| ())
}

/// `bind(2)` with the address as it is.
pub(crate) fn bind(socket: BorrowedFd<'_>, address: &Address) -> Result<(), Errno> {
    let length = address.length as libc::socklen_t;
    // SAFETY: as in `connect`.
    checked(unsafe { libc::bind(socket.as_raw_fd(), address.bytes.as_ptr().cast(), length) }.into()).map(|_| ())
}

/// Brings the loopback interface of this network namespace up.
pub(crate) fn loopback_up(socket: BorrowedFd<'_>) -> Result<(), Errno> {
    let mut request = libc::ifreq { ifr_name: [0; libc::IFNAMSIZ], ifr_ifru: libc::__c_anonymous_ifr_ifru { ifru_flags: 0 } };
    request.ifr_name.iter_mut().zip(b"lo").for_each(|(into, from)| *into = *from as libc::c_char);
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: this request reads one `ifreq`, which is live, and writes nothing.
    checked(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) }.into()).map(|_| ())
}
