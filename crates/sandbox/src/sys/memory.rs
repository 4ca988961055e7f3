//! Reads another process's memory. In: its id, an address, a buffer. Out: how many bytes could be read. Whether that
//! process still is who it was is for the caller to check afterwards.

#![expect(unsafe_code, reason = "process_vm_readv has no safe wrapper")]

use rustix::io::Errno;

use super::checked;

/// Reads up to `buffer.len()` bytes at `address` of the process of thread `pid`.
pub(crate) fn read(pid: i32, address: u64, buffer: &mut [u8]) -> Result<usize, Errno> {
    let remote_base = usize::try_from(address).map_err(|_| Errno::FAULT)? as *mut libc::c_void;
    let local = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    let remote = libc::iovec { iov_base: remote_base, iov_len: buffer.len() };
    // SAFETY: `local` describes exactly the borrowed buffer, which the kernel may write; `remote` is an address in the
    // other process, checked by the kernel; both arrays have the one element that is announced.
    let count = unsafe { libc::process_vm_readv(pid, &raw const local, 1, &raw const remote, 1, 0) };
    checked(count as libc::c_long).map(|count| usize::try_from(count).unwrap_or(0))
}
