//! The mark of processes that lead no more: the hard limit of real-time processor time, one below what the sandbox began
//! with. Children inherit it, no process without privilege can raise it again, and nothing else means anything by it (there
//! is no real-time scheduling without privilege). In: a process id. Out: whether it is marked.

#![expect(unsafe_code, reason = "no safe wrapper asks for another process's limits")]

use std::mem::MaybeUninit;
use std::ptr;

use rustix::io::Errno;

use super::checked;

fn limit(pid: i32, new: Option<libc::rlimit>) -> Result<libc::rlimit, Errno> {
    let mut old = MaybeUninit::<libc::rlimit>::zeroed();
    let new = new.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: `new` is null or one live `rlimit` that the kernel reads; `old` has room for the one that it writes.
    checked(unsafe { libc::prlimit(pid, libc::RLIMIT_RTTIME, new, old.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed and then filled by the kernel; every bit pattern of its integers is valid.
    Ok(unsafe { old.assume_init() })
}

/// The hard limit of a process; this one's with 0.
pub(crate) fn hard_limit(pid: i32) -> Result<u64, Errno> {
    limit(pid, None).map(|limit| limit.rlim_max)
}

/// Marks a process, whose limit is `unmarked` without the mark.
pub(crate) fn put(pid: i32, unmarked: u64) -> Result<(), Errno> {
    let marked = unmarked.checked_sub(1).ok_or(Errno::PERM)?;
    let now = limit(pid, None)?;
    let least = now.rlim_max.min(marked);
    limit(pid, Some(libc::rlimit { rlim_cur: now.rlim_cur.min(least), rlim_max: least })).map(|_| ())
}
