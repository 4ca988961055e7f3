//! The kernel's interfaces that no safe crate offers: fork, clone with namespaces, exec, seccomp with its notifications,
//! Landlock, another process's memory. In: plain values. Out: plain values and owned descriptors. The only unsafe code of
//! the workspace lies below here; nothing here decides anything.

pub(crate) mod landlock;
pub(crate) mod mark;
pub(crate) mod memory;
pub(crate) mod process;
pub(crate) mod seccomp;
pub(crate) mod socket;
pub(crate) mod trace;

use rustix::io::Errno;

/// The error that the last libc call of this thread left.
fn last_error() -> Errno {
    let code = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
    Errno::from_raw_os_error(code)
}

/// A system call's return value as a result.
fn checked(value: libc::c_long) -> Result<libc::c_long, Errno> {
    if value < 0 { Err(last_error()) } else { Ok(value) }
}
