//! Another process's memory, read and written. In: its id, an address, a buffer. Out: how many bytes could be read. Whether that
//! process still is who it was is for the caller to check afterwards.

#![expect(unsafe_code, reason = "process_vm_readv and ptrace have no safe wrappers")]

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

/// Fills the whole buffer.
pub(crate) fn fill(pid: i32, address: u64, buffer: &mut [u8]) -> Result<(), Errno> {
    if read(pid, address, buffer)? == buffer.len() { Ok(()) } else { Err(Errno::FAULT) }
}

/// Eight bytes.
pub(crate) fn word(pid: i32, address: u64) -> Result<[u8; 8], Errno> {
    let mut bytes = [0; 8];
    fill(pid, address, &mut bytes)?;
    Ok(bytes)
}

/// Overwrites memory of a process that this thread traces and that is stopped; code too, of which it then has its own copy.
pub(crate) fn put_over(pid: i32, address: u64, bytes: &[u8]) -> Result<(), Errno> {
    for (number, chunk) in bytes.chunks(8).enumerate() {
        let at = address.checked_add(8 * number as u64).ok_or(Errno::FAULT)?;
        let mut whole = word(pid, at)?;
        whole.iter_mut().zip(chunk).for_each(|(into, from)| *into = *from);
        let at = std::ptr::without_provenance_mut::<libc::c_void>(usize::try_from(at).map_err(|_| Errno::FAULT)?);
        // SAFETY: the request takes an address in the other process, which the kernel checks, and a word by value.
        let done = unsafe { libc::ptrace(libc::PTRACE_POKEDATA, pid, at, u64::from_ne_bytes(whole)) };
        checked(done)?;
    }
    Ok(())
}

/// Overwrites a string, up to its end, by nulls.
pub(crate) fn blank(pid: i32, address: u64) -> Result<(), Errno> {
    const PIECE: usize = 256;
    let mut at = address;
    loop {
        let mut text = [0; PIECE];
        let got = read(pid, at, &mut text)?;
        let got = text.get(..got).filter(|got| !got.is_empty()).ok_or(Errno::FAULT)?;
        let length = got.iter().position(|byte| *byte == 0);
        put_over(pid, at, &vec![0; length.unwrap_or(got.len())])?;
        if length.is_some() {
            return Ok(());
        }
        at += got.len() as u64;
    }
}
