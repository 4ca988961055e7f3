//! Processes: fork, clone into namespaces, exec, signals as a descriptor, the end of this process. In: flags and strings.
//! Out: who one is after a fork.
//!
//! INVARIANT (one thread): fork and clone are called while this process has one thread, or in a child that has just been
//! forked; what runs after them may then use the whole of Rust.

#![expect(unsafe_code, reason = "fork, clone, execve and signalfd have no safe wrappers")]

use std::ffi::CString;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr;

use rustix::io::Errno;

use super::checked;

/// Who one is after a fork.
pub(crate) enum Side {
    /// The new process.
    Child,
    /// The old one, with the child's id.
    Parent(i32),
}

/// `fork(2)` through the C library, whose allocator stays usable in the child even where there were other threads.
pub(crate) fn fork() -> Result<Side, Errno> {
    // SAFETY: the child of a process with one thread is a full copy; see the module's invariant for the other case.
    match unsafe { libc::fork() } {
        -1 => Err(super::last_error()),
        0 => Ok(Side::Child),
        pid => Ok(Side::Parent(pid)),
    }
}

/// Forks a child into new namespaces. The parent also gets a descriptor for it.
pub(crate) fn clone_into(namespaces: i32) -> Result<(Side, Option<OwnedFd>), Errno> {
    let mut pidfd: i32 = -1;
    let flags = u64::from(namespaces.cast_unsigned()) | (libc::CLONE_PIDFD | libc::SIGCHLD) as u64;
    let nothing = 0_usize;
    // SAFETY: without CLONE_VM this is a fork: no stack is shared, and the null stack means "go on with a copy of this
    // one". The kernel writes one int, the pidfd, to the third argument, which is live. The caller has one thread.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, nothing, &raw mut pidfd, nothing, nothing) };
    match checked(pid)? {
        0 => Ok((Side::Child, None)),
        pid => {
            // SAFETY: the kernel has just made this descriptor for us and nobody else owns it.
            let owned = unsafe { OwnedFd::from_raw_fd(pidfd) };
            Ok((Side::Parent(i32::try_from(pid).unwrap_or(0)), Some(owned)))
        }
    }
}

/// Threads started from now on share one heap. Each would else reserve and cut one of its own when it first takes memory,
/// which costs more than a short command's few turns at a lock. Without effect under another C library.
pub(crate) fn share_one_heap() {
    #[cfg(target_env = "gnu")]
    // SAFETY: sets a number that the allocator reads when a thread first asks it.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

/// Replaces this process's program; returns only with why it could not.
pub(crate) fn execute(program: &CString, arguments: &[CString], environment: &[CString]) -> Errno {
    let pointers = |strings: &[CString]| -> Vec<*const libc::c_char> {
        strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect()
    };
    let (arguments, environment) = (pointers(arguments), pointers(environment));
    // SAFETY: both arrays end with a null pointer, and what they point to lives in the borrowed strings.
    unsafe { libc::execve(program.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
    super::last_error()
}

/// Ends this process at once: no destructor runs, nothing is flushed twice after a fork.
pub(crate) fn leave(code: i32) -> ! {
    // SAFETY: takes a number and does not return.
    unsafe { libc::_exit(code) }
}

/// Ends this process by `signal`, as its command ended; where that signal does not kill, with 128 + signal.
pub(crate) fn die_of(signal: i32) -> ! {
    // SAFETY: sets a default disposition.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
    Signals::of(&[signal]).unblock();
    // SAFETY: raises a signal.
    unsafe { libc::raise(signal) };
    leave(128 + signal)
}

/// Stops this process, as a job-control shell expects of a stopped command.
pub(crate) fn stop_self() {
    // SAFETY: raises a signal.
    unsafe { libc::raise(libc::SIGSTOP) };
}

/// Rust's runtime ignores SIGPIPE; a command expects the default.
pub(crate) fn default_broken_pipe() {
    // SAFETY: sets a default disposition.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
}

/// A set of signals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signals(libc::sigset_t);

impl Signals {
    /// The set of these signals.
    pub(crate) fn of(signals: &[i32]) -> Signals {
        let mut set = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: sigemptyset initialises the set that it is given; sigaddset changes it.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            for signal in signals {
                libc::sigaddset(set.as_mut_ptr(), *signal);
            }
            Signals(set.assume_init())
        }
    }

    /// Blocks these signals in this thread; gives what was blocked before.
    pub(crate) fn block(&self) -> Signals {
        let mut before = Signals::of(&[]);
        // SAFETY: both sets are live and initialised.
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const self.0, &raw mut before.0) };
        before
    }

    /// Lets these signals through again.
    fn unblock(&self) {
        // SAFETY: the set is live and initialised; the old one is not asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const self.0, ptr::null_mut()) };
    }

    /// Makes this exactly what this thread blocks.
    pub(crate) fn restore(&self) {
        // SAFETY: the set is live and initialised; the old one is not asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) };
    }

    /// A descriptor from which these signals, blocked, are read.
    pub(crate) fn descriptor(&self) -> Result<OwnedFd, Errno> {
        // SAFETY: the set is live and initialised.
        let fd = unsafe { libc::signalfd(-1, &raw const self.0, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK) };
        checked(fd.into())?;
        // SAFETY: the kernel has just made this descriptor for us and nobody else owns it.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }
}

/// Signals that this thread blocks for as long as this lives.
#[derive(Debug)]
pub(crate) struct Held(Signals);

impl Held {
    /// Holds these signals back.
    pub(crate) fn hold(signals: &Signals) -> Held {
        Held(signals.block())
    }

    /// What was blocked before.
    pub(crate) fn before(&self) -> &Signals {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.restore();
    }
}

/// The next signal on a signal descriptor, and whether a process sent it (and not the terminal).
pub(crate) fn next_signal(signals: BorrowedFd<'_>) -> Option<(i32, bool)> {
    let mut info = MaybeUninit::<libc::signalfd_siginfo>::zeroed();
    let size = size_of::<libc::signalfd_siginfo>();
    // SAFETY: reads at most `size` bytes into room for as many.
    let count = unsafe { libc::read(signals.as_raw_fd(), info.as_mut_ptr().cast(), size) };
    if usize::try_from(count) != Ok(size) {
        return None;
    }
    // SAFETY: zeroed, then filled by the kernel; every bit pattern of its integers is valid.
    let info = unsafe { info.assume_init() };
    Some((i32::try_from(info.ssi_signo).unwrap_or(0), info.ssi_code <= 0))
}

/// What became of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It ended; the raw wait status.
    Ended(i32),
    /// It stopped by this signal.
    Stopped(i32),
    /// It goes on.
    Continued,
}

/// Waits for the next change of any child; `None` when there is none left.
pub(crate) fn wait_any() -> Result<Option<(i32, Change)>, Errno> {
    let mut status = 0;
    // SAFETY: the kernel writes one int, which is live.
    let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::WUNTRACED | libc::WCONTINUED) };
    match checked(pid.into()) {
        Ok(_) if libc::WIFSTOPPED(status) => Ok(Some((pid, Change::Stopped(libc::WSTOPSIG(status))))),
        Ok(_) if libc::WIFCONTINUED(status) => Ok(Some((pid, Change::Continued))),
        Ok(_) => Ok(Some((pid, Change::Ended(status)))),
        Err(Errno::CHILD) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// Every descriptor from `first` on is closed when a program is executed.
pub(crate) fn close_from_on_exec(first: u32) -> Result<(), Errno> {
    let flags = libc::CLOSE_RANGE_CLOEXEC;
    // SAFETY: only marks descriptors; none is closed under its owner's feet.
    checked(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, flags) }).map(|_| ())
}

/// Leaves the caller's session keyring for an empty one of its own.
pub(crate) fn new_session_keyring() -> Result<(), Errno> {
    const JOIN_SESSION_KEYRING: libc::c_long = 1;
    // SAFETY: a null name asks for an anonymous keyring; no memory is touched.
    let joined = unsafe { libc::syscall(libc::SYS_keyctl, JOIN_SESSION_KEYRING, ptr::null::<libc::c_char>()) };
    checked(joined).map(|_| ())
}

/// Borrows a descriptor known by its number only, if it is open.
pub(crate) fn with_raw<T>(fd: i32, act: impl FnOnce(BorrowedFd<'_>) -> Result<T, Errno>) -> Result<T, Errno> {
    // SAFETY: asks whether the number is an open descriptor; touches no memory.
    checked(unsafe { libc::fcntl(fd, libc::F_GETFD) }.into())?;
    // SAFETY: it is open, not -1, and nothing closes it during the borrow: this process has one thread (module's invariant).
    act(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// Closes a descriptor that no value of this program owns: one that was inherited and is meant for the command.
pub(crate) fn close(fd: i32) {
    // SAFETY: callers pass numbers that the plan names as the command's own; nothing here owns them.
    unsafe { libc::close(fd) };
}

/// Closes every descriptor above 2 except `keep`. For the very start of a program, when none of them is owned by a value.
pub(crate) fn close_all_but(keep: &[i32]) {
    let mut keep: Vec<u32> = keep.iter().filter_map(|fd| u32::try_from(*fd).ok()).filter(|fd| *fd > 2).collect();
    keep.sort_unstable();
    let mut from = 3;
    for fd in keep {
        if fd > from {
            // SAFETY: nothing owns these descriptors yet, by this function's contract.
            unsafe { libc::syscall(libc::SYS_close_range, from, fd - 1, 0) };
        }
        from = fd + 1;
    }
    // SAFETY: as above.
    unsafe { libc::syscall(libc::SYS_close_range, from, u32::MAX, 0) };
}

/// Gives this thread a working directory and a umask of its own.
pub(crate) fn unshare_directory_and_mask() -> Result<(), Errno> {
    // SAFETY: affects only which directory and mask this thread has; memory and descriptors stay shared.
    checked(unsafe { libc::unshare(libc::CLONE_FS) }.into()).map(|_| ())
}

/// Puts this thread into a network namespace of its own.
pub(crate) fn unshare_network() -> Result<(), Errno> {
    // SAFETY: affects only this thread's namespace; memory and descriptors stay as they are.
    checked(unsafe { libc::unshare(libc::CLONE_NEWNET) }.into()).map(|_| ())
}

/// Puts this thread into mount, IPC, host-name and cgroup namespaces of its own.
pub(crate) fn unshare_rest() -> Result<(), Errno> {
    let namespaces = libc::CLONE_NEWNS | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | libc::CLONE_NEWCGROUP;
    // SAFETY: affects only this thread's namespaces; memory and descriptors stay as they are.
    checked(unsafe { libc::unshare(namespaces) }.into()).map(|_| ())
}

/// This process's session; 0 where its leader cannot be seen from here.
pub(crate) fn session() -> i32 {
    // SAFETY: asks about this process; touches no memory.
    unsafe { libc::getsid(0) }
}
