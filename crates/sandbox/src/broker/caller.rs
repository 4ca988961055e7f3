//! The process that waits for its answer: its memory, its descriptors, its directory, its umask. In: a notification. Out:
//! values read from it. INVARIANT (still there): nothing that is read is used before `settled` says that the call still
//! waits; until then the thread's number could have become another process's.

use std::ffi::{CString, OsStr, OsString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use rustix::fs::{CWD, Mode, OFlags, RawMode};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use crate::sys::memory;
use crate::sys::seccomp::{self, Notification};

/// Longest path that the kernel takes, with its end.
const LONGEST_PATH: usize = 4096;
/// The page size of reads: a string near the end of mapped memory is read up to the page's end first.
const PAGE: u64 = 4096;
/// Most bytes of arguments that are read; the kernel's own bound with the usual stack limit is 2 MiB.
const MOST_ARGUMENT_BYTES: usize = 6 << 20;
/// Most arguments.
const MOST_ARGUMENTS: usize = 262_144;

/// One waiting thread.
pub(crate) struct Caller<'a> {
    listener: BorrowedFd<'a>,
    id: u64,
    /// Its thread id outside.
    pub(crate) thread: i32,
}

impl<'a> Caller<'a> {
    /// The caller of a notification.
    pub(crate) fn new(listener: BorrowedFd<'a>, notification: &Notification) -> Caller<'a> {
        Caller { listener, id: notification.id, thread: notification.thread }
    }

    /// That the call still waits, so that what was read is really its own.
    pub(crate) fn settled(&self) -> Result<(), Errno> {
        if seccomp::still_waits(self.listener, self.id) { Ok(()) } else { Err(Errno::INTR) }
    }

    /// The path at an address.
    pub(crate) fn path(&self, address: u64) -> Result<OsString, Errno> {
        let bytes = self.string(address, LONGEST_PATH)?;
        if bytes.len() >= LONGEST_PATH { Err(Errno::NAMETOOLONG) } else { Ok(OsString::from_vec(bytes)) }
    }

    /// The string at an address, at most `most` bytes of it.
    pub(crate) fn string(&self, address: u64, most: usize) -> Result<Vec<u8>, Errno> {
        let mut text = Vec::with_capacity(256);
        let mut at = address;
        while text.len() < most {
            // First a short read, as most strings are; never past the page's end, where memory may end.
            let rest_of_page = usize::try_from(PAGE - at % PAGE).unwrap_or(1);
            let wanted = if text.is_empty() { rest_of_page.min(512) } else { rest_of_page };
            let mut buffer = [0_u8; PAGE as usize];
            let buffer = buffer.get_mut(..wanted).ok_or(Errno::FAULT)?;
            let count = memory::read(self.thread, at, buffer)?;
            let got = buffer.get(..count).filter(|got| !got.is_empty()).ok_or(Errno::FAULT)?;
            if let Some(end) = got.iter().position(|byte| *byte == 0) {
                text.extend_from_slice(got.get(..end).unwrap_or_default());
                return Ok(text);
            }
            text.extend_from_slice(got);
            at = at.checked_add(count as u64).ok_or(Errno::FAULT)?;
        }
        Ok(text)
    }

    /// Exactly `count` bytes at an address.
    pub(crate) fn bytes(&self, address: u64, count: usize) -> Result<Vec<u8>, Errno> {
        let mut buffer = vec![0; count];
        let got = if count == 0 { 0 } else { memory::read(self.thread, address, &mut buffer)? };
        if got == count { Ok(buffer) } else { Err(Errno::FAULT) }
    }

    /// The arguments of an exec.
    pub(crate) fn arguments(&self, address: u64) -> Result<Vec<OsString>, Errno> {
        if address == 0 {
            // Linux takes it for an empty list.
            return Ok(Vec::new());
        }
        let mut words = Vec::new();
        let mut left = MOST_ARGUMENT_BYTES;
        let mut at = address;
        loop {
            let rest_of_page = usize::try_from(PAGE - at % PAGE).unwrap_or(8).max(8);
            let mut buffer = vec![0; rest_of_page];
            let count = memory::read(self.thread, at, &mut buffer)?;
            let (pointers, _) = buffer.get(..count).unwrap_or_default().as_chunks::<8>();
            if pointers.is_empty() {
                return Err(Errno::FAULT);
            }
            for pointer in pointers {
                let pointer = u64::from_ne_bytes(*pointer);
                if pointer == 0 {
                    return Ok(words);
                }
                let word = self.string(pointer, left)?;
                left = left.checked_sub(word.len() + 1).ok_or(Errno::TOOBIG)?;
                words.push(OsString::from_vec(word));
                if words.len() > MOST_ARGUMENTS {
                    return Err(Errno::TOOBIG);
                }
            }
            at = at.checked_add(count as u64).ok_or(Errno::FAULT)?;
        }
    }

    /// The directory that a relative path starts from.
    pub(crate) fn directory(&self, descriptor: i32) -> Result<OwnedFd, Errno> {
        if descriptor == libc::AT_FDCWD { self.open_own("cwd") } else { self.descriptor(descriptor) }
    }

    /// What a descriptor of the caller leads to, opened with O_PATH.
    pub(crate) fn descriptor(&self, descriptor: i32) -> Result<OwnedFd, Errno> {
        if descriptor < 0 {
            return Err(Errno::BADF);
        }
        self.open_own(&format!("fd/{descriptor}")).map_err(|errno| if errno == Errno::NOENT { Errno::BADF } else { errno })
    }

    fn open_own(&self, what: &str) -> Result<OwnedFd, Errno> {
        let path = format!("/proc/{}/{what}", self.thread);
        rustix::fs::openat(CWD, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())
    }

    /// The caller's own open file under this descriptor, shared with it.
    pub(crate) fn share(&self, descriptor: i32) -> Result<OwnedFd, Errno> {
        // PIDFD_THREAD: the thread's own table of descriptors; before Linux 6.9 only that of its process can be had.
        let thread = PidfdFlags::from_bits_retain(libc::O_EXCL.cast_unsigned());
        let pid = Pid::from_raw(self.thread).ok_or(Errno::SRCH)?;
        let pidfd = pidfd_open(pid, thread).or_else(|_| {
            let process = self.status("Tgid:").and_then(|text| text.parse().ok()).and_then(Pid::from_raw);
            pidfd_open(process.ok_or(Errno::SRCH)?, PidfdFlags::empty())
        })?;
        pidfd_getfd(pidfd, descriptor, PidfdGetfdFlags::empty())
    }

    /// The mask for modes of what it makes.
    pub(crate) fn umask(&self) -> Mode {
        // Where it cannot be read: nothing for anybody else.
        let mask = self.status("Umask:").and_then(|text| RawMode::from_str_radix(&text, 8).ok());
        Mode::from_raw_mode(mask.unwrap_or(0o077))
    }

    /// Its process id and thread id as it sees them itself.
    pub(crate) fn inner_ids(&self) -> Option<(i32, i32)> {
        let last = |name: &str| self.status(name)?.split_whitespace().last()?.parse().ok();
        Some((last("NStgid:")?, last("NSpid:")?))
    }

    /// Its process id outside.
    pub(crate) fn process(&self) -> i32 {
        self.status("Tgid:").and_then(|text| text.parse().ok()).unwrap_or(self.thread)
    }

    fn status(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.thread)).ok()?;
        text.lines().find_map(|line| line.strip_prefix(name)).map(|rest| rest.trim().to_owned())
    }
}

/// Session and controlling terminal of a process: the fourth and fifth words after the name in its stat.
pub(crate) fn session_and_terminal(process: &str) -> Option<(i32, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let mut words = rest.split_whitespace().skip(3);
    let session = words.next()?.parse().ok()?;
    let device: i64 = words.next()?.parse().ok()?;
    Some((session, device.cast_unsigned() & 0xFFFF_FFFF))
}

/// The path by which this process opens again what it holds open.
pub(crate) fn own_path(file: BorrowedFd<'_>) -> CString {
    use std::os::fd::AsRawFd as _;
    CString::new(format!("/proc/self/fd/{}", file.as_raw_fd())).unwrap_or_default()
}

/// The real path of what this descriptor leads to; not absolute where it has none.
pub(crate) fn real_path(file: BorrowedFd<'_>) -> Result<PathBuf, Errno> {
    let path = rustix::fs::readlinkat(CWD, own_path(file.as_fd()).as_c_str(), Vec::new())?;
    Ok(PathBuf::from(OsStr::from_bytes(path.as_bytes())))
}
