//! Seccomp: installs a filter with a listener, and speaks the listener's protocol. In: a program, answers. Out: the
//! listener's descriptor, notifications. What is filtered and what is answered is decided above.

#![expect(unsafe_code, reason = "seccomp(2) and its ioctls have no safe wrappers")]

use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use rustix::io::Errno;

use super::checked;

/// One instruction of classic BPF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instruction {
    pub(crate) code: u16,
    pub(crate) yes: u8,
    pub(crate) no: u8,
    pub(crate) value: u32,
}

/// A system call that waits for its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notification {
    /// The name under which it is answered.
    pub(crate) id: u64,
    /// The calling thread, in the listener's pid namespace.
    pub(crate) thread: i32,
    /// The call's number.
    pub(crate) number: i64,
    /// Its six arguments.
    pub(crate) arguments: [u64; 6],
}

/// Puts the filter over the calling thread and its future children; gives the listener.
///
/// With `WAIT_KILLABLE_RECV` a call that the listener has taken up is no longer interrupted by ordinary signals: without
/// it the kernel would restart the call, and the broker would do the same act twice.
pub(crate) fn install(program: &[Instruction]) -> Result<OwnedFd, Errno> {
    let mut code: Vec<libc::sock_filter> =
        program.iter().map(|step| libc::sock_filter { code: step.code, jt: step.yes, jf: step.no, k: step.value }).collect();
    let length = u16::try_from(code.len()).map_err(|_| Errno::TOOBIG)?;
    let program = libc::sock_fprog { len: length, filter: code.as_mut_ptr() };
    let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    // SAFETY: `program` points to `length` live instructions, which the kernel copies before it returns.
    let fd = unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program) };
    let fd = checked(fd)?;
    // SAFETY: the kernel has just made this descriptor for us and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap_or(-1)) })
}

/// Callers and listener wake each other where they run: one always waits for the other, and another processor would first
/// have to be woken. Kernels before 6.6 do not know it, and lose nothing but time.
pub(crate) fn wake_in_turn(listener: BorrowedFd<'_>) {
    const SET_FLAGS: libc::c_ulong = 0x4008_2104;
    const SYNC_WAKE_UP: libc::c_ulong = 1;
    // SAFETY: the request takes its flags by value; it touches no memory.
    unsafe { libc::ioctl(listener.as_raw_fd(), SET_FLAGS, SYNC_WAKE_UP) };
}

/// Waits for the next notification.
pub(crate) fn receive(listener: BorrowedFd<'_>) -> Result<Notification, Errno> {
    // The kernel demands that the structure is zeroed.
    let mut raw = MaybeUninit::<libc::seccomp_notif>::zeroed();
    // SAFETY: the request writes one `seccomp_notif`, for which there is room.
    checked(unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, raw.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed and then filled by the kernel; every bit pattern of its integers is valid.
    let raw = unsafe { raw.assume_init() };
    Ok(Notification {
        id: raw.id,
        thread: i32::try_from(raw.pid).unwrap_or(0),
        number: raw.data.nr.into(),
        arguments: raw.data.args,
    })
}

/// Whether the call still waits. Only after this says yes is what was read from the caller really the caller's.
pub(crate) fn still_waits(listener: BorrowedFd<'_>, id: u64) -> bool {
    // SAFETY: the request reads one `u64`, which is live.
    let answer = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const id) };
    answer == 0
}

fn send(listener: BorrowedFd<'_>, mut response: libc::seccomp_notif_resp) -> Result<(), Errno> {
    // SAFETY: the request reads (and may write) one `seccomp_notif_resp`, which is live.
    let sent = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut response) };
    checked(sent.into()).map(|_| ())
}

/// Answers a call with its return value or its error.
pub(crate) fn answer(listener: BorrowedFd<'_>, id: u64, result: Result<i64, Errno>) -> Result<(), Errno> {
    let (val, error) = match result {
        Ok(value) => (value, 0),
        Err(errno) => (0, -errno.raw_os_error()),
    };
    send(listener, libc::seccomp_notif_resp { id, val, error, flags: 0 })
}

/// Lets the kernel go on with the call. The caller may have changed its arguments meanwhile.
pub(crate) fn let_go_on(listener: BorrowedFd<'_>, id: u64) -> Result<(), Errno> {
    let flags = u32::try_from(libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE).unwrap_or(1);
    send(listener, libc::seccomp_notif_resp { id, val: 0, error: 0, flags })
}

/// Gives the caller a descriptor for `file` that programs which it executes inherit; its call still waits. Gives its number.
pub(crate) fn put_beside(listener: BorrowedFd<'_>, id: u64, file: BorrowedFd<'_>) -> Result<u64, Errno> {
    let srcfd = u32::try_from(file.as_raw_fd()).map_err(|_| Errno::BADF)?;
    let request = libc::seccomp_notif_addfd { id, flags: 0, srcfd, newfd: 0, newfd_flags: 0 };
    // SAFETY: the request reads one `seccomp_notif_addfd`, which is live; both descriptors are borrowed, so open.
    let fd = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ADDFD, &raw const request) };
    checked(fd.into()).and_then(|fd| u64::try_from(fd).map_err(|_| Errno::BADF))
}

/// Answers a call with a new descriptor of the caller for `file`, in one step.
pub(crate) fn hand_over(listener: BorrowedFd<'_>, id: u64, file: BorrowedFd<'_>, close_on_exec: bool) -> Result<(), Errno> {
    let request = libc::seccomp_notif_addfd {
        id,
        flags: u32::try_from(libc::SECCOMP_ADDFD_FLAG_SEND).unwrap_or(2),
        srcfd: u32::try_from(file.as_raw_fd()).map_err(|_| Errno::BADF)?,
        newfd: 0,
        newfd_flags: if close_on_exec { libc::O_CLOEXEC as u32 } else { 0 },
    };
    // SAFETY: the request reads one `seccomp_notif_addfd`, which is live; both descriptors are borrowed, so open.
    let fd = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ADDFD, &raw const request) };
    checked(fd.into()).map(|_| ())
}
