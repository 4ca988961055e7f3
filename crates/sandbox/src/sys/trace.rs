//! Another process as its tracer has it: attach, wait, registers, a system call made by it, detach. In: a process id. Out:
//! what stopped it. Every function is called by the one thread that attached. What is done with it stands in
//! `broker/shed.rs`.

#![expect(unsafe_code, reason = "ptrace has no safe wrapper")]

use std::ptr;

use rustix::io::Errno;

use super::checked;

/// Why a traced process stopped, or that it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It has executed a new program and has run none of it.
    Executed,
    /// Because it was asked to: it is about to go on with its program.
    Asked,
    /// A signal is about to reach it.
    Signal(i32),
    /// It has ended.
    Gone,
}

fn request(what: libc::c_uint, pid: i32, address: usize, data: usize) -> Result<libc::c_long, Errno> {
    let (address, data) =
        (ptr::without_provenance_mut::<libc::c_void>(address), ptr::without_provenance_mut::<libc::c_void>(data));
    // SAFETY: the requests of this module that go this way take numbers in both places, or an address in the other process
    // that the kernel checks; none writes to memory of ours.
    checked(unsafe { libc::ptrace(what, pid, address, data) })
}

/// Becomes the tracer of a thread without stopping it; told when it executes a program.
pub(crate) fn seize(thread: i32) -> Result<(), Errno> {
    let options = usize::try_from(libc::PTRACE_O_TRACEEXEC).unwrap_or(0);
    request(libc::PTRACE_SEIZE, thread, 0, options).map(|_| ())
}

/// Lets it stop before it next goes on with its program; a system call that it is in is finished first.
pub(crate) fn interrupt(thread: i32) -> Result<(), Errno> {
    request(libc::PTRACE_INTERRUPT, thread, 0, 0).map(|_| ())
}

/// Lets it go on, with a signal or with none (0).
pub(crate) fn go_on(thread: i32, signal: i32) -> Result<(), Errno> {
    request(libc::PTRACE_CONT, thread, 0, usize::try_from(signal).unwrap_or(0)).map(|_| ())
}

/// Lets it go for good.
pub(crate) fn detach(thread: i32) -> Result<(), Errno> {
    request(libc::PTRACE_DETACH, thread, 0, 0).map(|_| ())
}

/// Waits for its next stop. Only what this very thread traces is waited for.
pub(crate) fn wait(thread: i32) -> Result<Stop, Errno> {
    let mut status = 0;
    // SAFETY: the kernel writes one int, which is live.
    let mut waited = || unsafe { libc::waitpid(thread, &raw mut status, libc::__WALL | libc::__WNOTHREAD) };
    rustix::io::retry_on_intr(|| checked(waited().into()))?;
    if !libc::WIFSTOPPED(status) {
        return Ok(Stop::Gone);
    }
    Ok(match status >> 16 {
        libc::PTRACE_EVENT_EXEC => Stop::Executed,
        libc::PTRACE_EVENT_STOP => Stop::Asked,
        _ => Stop::Signal(libc::WSTOPSIG(status)),
    })
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{Registers, SYSTEM_CALL};

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use super::{Errno, checked, ptr};

    /// `syscall; int3`: a system call, and a stop after it.
    pub(crate) const SYSTEM_CALL: [u8; 3] = [0x0f, 0x05, 0xcc];
    /// The code segment of a 64-bit program.
    const WIDE: u64 = 0x33;

    /// The registers of a stopped process.
    #[derive(Clone, Copy)]
    pub(crate) struct Registers(libc::user_regs_struct);

    impl Registers {
        /// Reads them.
        pub(crate) fn of(thread: i32) -> Result<Registers, Errno> {
            let mut registers = std::mem::MaybeUninit::<libc::user_regs_struct>::zeroed();
            // SAFETY: the request writes one `user_regs_struct`, for which there is room.
            let done =
                unsafe { libc::ptrace(libc::PTRACE_GETREGS, thread, ptr::null_mut::<libc::c_void>(), registers.as_mut_ptr()) };
            checked(done)?;
            // SAFETY: zeroed and then filled by the kernel; every bit pattern of its integers is valid.
            Ok(Registers(unsafe { registers.assume_init() }))
        }

        /// Writes them.
        pub(crate) fn put(&self, thread: i32) -> Result<(), Errno> {
            // SAFETY: the request reads one `user_regs_struct`, which is live.
            let done = unsafe { libc::ptrace(libc::PTRACE_SETREGS, thread, ptr::null_mut::<libc::c_void>(), &raw const self.0) };
            checked(done).map(|_| ())
        }

        /// Whether it runs a program of this machine's own width.
        pub(crate) fn is_wide(&self) -> bool {
            self.0.cs == WIDE
        }

        /// The next instruction.
        pub(crate) fn instruction(&self) -> u64 {
            self.0.rip
        }

        /// The stack's end.
        pub(crate) fn stack(&self) -> u64 {
            self.0.rsp
        }

        /// With the stack's end elsewhere.
        pub(crate) fn with_stack(mut self, stack: u64) -> Registers {
            self.0.rsp = stack;
            self
        }

        /// Set up for a system call of two arguments; none is restarted after it.
        pub(crate) fn calling(mut self, number: i64, arguments: [u64; 2]) -> Registers {
            let [first, second] = arguments;
            (self.0.rax, self.0.rdi, self.0.rsi) = (number.cast_unsigned(), first, second);
            self.0.orig_rax = u64::MAX;
            self
        }

        /// Not in a system call any more.
        pub(crate) fn at_rest(mut self) -> Registers {
            self.0.orig_rax = u64::MAX;
            self
        }

        /// What the call gave.
        pub(crate) fn result(&self) -> i64 {
            self.0.rax.cast_signed()
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) use elsewhere::{Registers, SYSTEM_CALL};

/// On other machines nobody leads: the plan is refused before anything runs.
#[cfg(not(target_arch = "x86_64"))]
mod elsewhere {
    use super::Errno;

    /// Never executed.
    pub(crate) const SYSTEM_CALL: [u8; 3] = [0; 3];

    /// There are none.
    #[derive(Clone, Copy)]
    pub(crate) enum Registers {}

    impl Registers {
        pub(crate) fn of(_: i32) -> Result<Registers, Errno> {
            Err(Errno::NOSYS)
        }

        pub(crate) fn put(&self, _: i32) -> Result<(), Errno> {
            match *self {}
        }

        pub(crate) fn is_wide(&self) -> bool {
            match *self {}
        }

        pub(crate) fn instruction(&self) -> u64 {
            match *self {}
        }

        pub(crate) fn stack(&self) -> u64 {
            match *self {}
        }

        pub(crate) fn with_stack(self, _: u64) -> Registers {
            self
        }

        pub(crate) fn calling(self, _: i64, _: [u64; 2]) -> Registers {
            self
        }

        pub(crate) fn at_rest(self) -> Registers {
            self
        }

        pub(crate) fn result(&self) -> i64 {
            match *self {}
        }
    }
}
