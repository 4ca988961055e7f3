//! Landlock's three system calls. In: rights as bits, descriptors of what they are for. Out: a ruleset's descriptor, or
//! the thread restricted. Which rights mean what stands in `landlock.rs` above.

#![expect(unsafe_code, reason = "libc has no wrappers for Landlock's system calls")]

use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use rustix::io::Errno;

use super::checked;

const CREATE_RULESET_VERSION: u32 = 1;
const RULE_PATH_BENEATH: i32 = 1;

/// What a ruleset takes away: `struct landlock_ruleset_attr` of ABI 6.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handled {
    pub(crate) files: u64,
    pub(crate) network: u64,
    pub(crate) scopes: u64,
}

/// `struct landlock_path_beneath_attr`, which the kernel declares packed.
#[repr(C, packed)]
struct PathBeneath {
    allowed: u64,
    parent: i32,
}

/// The kernel's ABI version; an error where Landlock is absent or switched off.
pub(crate) fn abi() -> Result<u32, Errno> {
    // SAFETY: with this flag the kernel demands a null attribute of size zero and touches no memory.
    let version =
        unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, ptr::null::<Handled>(), 0_usize, CREATE_RULESET_VERSION) };
    checked(version).map(|version| u32::try_from(version).unwrap_or(0))
}

/// A new ruleset. `size` is how much of `handled` this kernel's ABI knows.
pub(crate) fn create(handled: &Handled, size: usize) -> Result<OwnedFd, Errno> {
    let size = size.min(size_of::<Handled>());
    // SAFETY: `handled` is a live repr(C) value of at least `size` bytes, which the kernel only reads.
    let fd = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, ptr::from_ref(handled), size, 0_u32) };
    let fd = checked(fd)?;
    // SAFETY: the kernel has just made this descriptor for us and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap_or(-1)) })
}

/// Allows `allowed` beneath `parent`.
pub(crate) fn allow(ruleset: BorrowedFd<'_>, parent: BorrowedFd<'_>, allowed: u64) -> Result<(), Errno> {
    let rule = PathBeneath { allowed, parent: parent.as_raw_fd() };
    // SAFETY: `rule` is a live value of the layout that this rule type demands; the kernel only reads it, and both
    // descriptors are borrowed, so open.
    let done = unsafe {
        libc::syscall(libc::SYS_landlock_add_rule, ruleset.as_raw_fd(), RULE_PATH_BENEATH, ptr::from_ref(&rule), 0_u32)
    };
    checked(done).map(|_| ())
}

/// Restricts the calling thread for good.
pub(crate) fn restrict(ruleset: BorrowedFd<'_>) -> Result<(), Errno> {
    // SAFETY: takes an open descriptor and a flag word; touches no memory of ours.
    checked(unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0_u32) }).map(|_| ())
}
