//! The Landlock half of the wall. In: the plan's trees. Out: a ruleset under which nothing can be changed by path at all,
//! and only the plan's trees can be read or executed.
//!
//! The command gets no right to write anywhere: every changing call is performed by the broker, outside this domain, and
//! the command receives the open descriptor. A changing call that slipped past the filter would meet this wall.

use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, RawDir, openat};
use rustix::io::Errno;

use crate::plan::Plan;
use crate::sys::landlock as kernel;

const EXECUTE: u64 = 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIRECTORY: u64 = 1 << 3;
const DEVICE_REQUESTS: u64 = 1 << 15;
/// All that reading means.
const WHOLE: u64 = EXECUTE | READ_FILE | READ_DIRECTORY;

/// Rights on files by ABI: the first with that many bits.
const FILE_BITS: &[(u32, u32)] = &[(1, 13), (2, 14), (3, 15), (5, 16), (9, 17)];
/// Connecting and binding TCP, from ABI 4. Datagram rights of later ABIs are not taken away: the namespace holds those.
const TCP: u64 = 0b11;
/// Abstract sockets and signals, from ABI 6.
const SCOPES: u64 = 0b11;

/// Devices whose reading gives nothing away, and terminals.
const HARMLESS_DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];
const TERMINALS: &[&str] = &["/dev/tty", "/dev/ptmx", "/dev/pts"];

/// A directory tree whose children are more than this is not spread, so not readable: a bound on start-up time.
const MOST_CHILDREN: usize = 20_000;
/// Room for so many bytes of a directory's names at a time.
const LISTED_AT_ONCE: usize = 16 << 10;

/// From where paths are looked up, and what a ruleset is for.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    /// The root directory with the command's mounts.
    pub(crate) root: BorrowedFd<'a>,
    /// Whether /proc shows only what is inside.
    pub(crate) fresh_proc: bool,
    /// What it keeps from everybody under it: no mount covers it, because a leader has it. Such a ruleset stands inside
    /// another one, and leaves signals and abstract sockets to that: commands of one leader are each in a domain of their
    /// own, and may end each other.
    pub(crate) private: Option<&'a [PathBuf]>,
}

/// A ruleset and what it holds.
pub(crate) struct Ruleset<'a> {
    ground: Ground<'a>,
    pub(crate) descriptor: OwnedFd,
    pub(crate) handled: kernel::Handled,
    pub(crate) abi: u32,
    pub(crate) rules: u32,
}

/// Makes the whole ruleset for a plan. Called where the command's mounts already stand.
pub(crate) fn build<'a>(plan: &Plan, ground: Ground<'a>) -> Result<Ruleset<'a>, Errno> {
    let mut ruleset = readable(plan, ground)?;
    ruleset.finish(plan)?;
    Ok(ruleset)
}

/// Makes the ruleset with what a plan lets be read. A rule is for an inode, so it holds under whatever mounts come later:
/// the supervisor does this half while process 1 still makes them.
pub(crate) fn readable<'a>(plan: &Plan, ground: Ground<'a>) -> Result<Ruleset<'a>, Errno> {
    let abi = kernel::abi()?;
    let mut handled = handled(abi);
    if ground.private.is_some() {
        (handled.network, handled.scopes) = (0, 0);
    }
    let size = match abi {
        0..4 => 8,
        4..6 => 16,
        6.. => 24,
    };
    let mut ruleset = Ruleset { ground, descriptor: kernel::create(&handled, size)?, handled, abi, rules: 0 };
    for tree in &plan.readable {
        ruleset.spread(tree, &plan.hidden)?;
    }
    Ok(ruleset)
}

fn handled(abi: u32) -> kernel::Handled {
    let bits = FILE_BITS.iter().rev().find(|(from, _)| *from <= abi).map_or(0, |(_, bits)| *bits);
    kernel::Handled { files: (1 << bits) - 1, network: if abi >= 4 { TCP } else { 0 }, scopes: if abi >= 6 { SCOPES } else { 0 } }
}

impl<'a> Ruleset<'a> {
    /// One that the supervisor has begun, on this ground.
    pub(crate) fn begun(ground: Ground<'a>, descriptor: OwnedFd, rules: u32) -> Result<Ruleset<'a>, Errno> {
        let abi = kernel::abi()?;
        Ok(Ruleset { ground, descriptor, handled: handled(abi), abi, rules })
    }

    /// Adds what may be changed (which can be read as well), devices, and what only the command's own mounts hold.
    pub(crate) fn finish(&mut self, plan: &Plan) -> Result<(), Errno> {
        for tree in &plan.writable {
            match self.ground.private {
                Some(private) => self.spread(tree, private)?,
                None => self.allow(tree, WHOLE)?,
            }
        }
        for shown in &plan.shown {
            self.allow(&shown.path, READ_FILE)?;
        }
        for device in HARMLESS_DEVICES {
            self.allow(Path::new(device), READ_FILE)?;
        }
        for terminal in TERMINALS {
            self.allow(Path::new(terminal), READ_FILE | READ_DIRECTORY | DEVICE_REQUESTS)?;
        }
        if self.ground.fresh_proc {
            self.allow(Path::new("/proc"), READ_FILE | READ_DIRECTORY)?;
        }
        self.allow(Path::new("/dev/shm"), READ_FILE | READ_DIRECTORY)
    }

    /// Allows all that reading means, of a directory or file that may come to lie elsewhere: the rule goes with the inode.
    pub(crate) fn allow_whole(&mut self, path: &Path) -> Result<(), Errno> {
        self.allow(path, WHOLE)
    }

    /// The same, of a name in a directory that is held open.
    pub(crate) fn allow_whole_at(&mut self, directory: BorrowedFd<'_>, name: &str, kind: FileType) -> Result<(), Errno> {
        self.allow_at(directory, name, kind, WHOLE)
    }

    /// Allows `rights` beneath `path`; what is missing is passed over, because there is nothing to allow.
    fn allow(&mut self, path: &Path, rights: u64) -> Result<(), Errno> {
        self.allow_at(self.ground.root, below_root(path), FileType::Unknown, rights)
    }

    /// Allows `rights` beneath a name in a directory, which is of this kind as far as is known.
    fn allow_at<P: rustix::path::Arg>(
        &mut self,
        directory: BorrowedFd<'_>,
        name: P,
        kind: FileType,
        rights: u64,
    ) -> Result<(), Errno> {
        if kind == FileType::Symlink {
            // What a link leads to has its own rule or none.
            return Ok(());
        }
        let opened = match openat(directory, name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()) {
            Ok(opened) => opened,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS) => return Ok(()),
            Err(errno) => return Err(errno),
        };
        match self.rule(opened.as_fd(), kind, rights) {
            // It has become something else since.
            Err(Errno::INVAL) if kind != FileType::Unknown => self.rule(opened.as_fd(), FileType::Unknown, rights),
            done => done,
        }
    }

    fn rule(&mut self, opened: BorrowedFd<'_>, kind: FileType, rights: u64) -> Result<(), Errno> {
        let known = kind != FileType::Unknown;
        let kind = if known { kind } else { FileType::from_raw_mode(rustix::fs::fstat(opened)?.st_mode) };
        let rights = match kind {
            FileType::Directory => rights,
            FileType::Symlink => return Ok(()),
            FileType::RegularFile
            | FileType::CharacterDevice
            | FileType::BlockDevice
            | FileType::Fifo
            | FileType::Socket
            | FileType::Unknown => rights & !READ_DIRECTORY,
        };
        kernel::allow(self.descriptor.as_fd(), opened, rights & self.handled.files)?;
        self.rules += 1;
        Ok(())
    }

    /// Allows a tree to be read without what is hidden in it. What comes into a spread directory later is not readable:
    /// a secret that another program replaces by a new file stays hidden.
    fn spread(&mut self, tree: &Path, hidden: &[PathBuf]) -> Result<(), Errno> {
        if hidden.iter().any(|hidden| tree.starts_with(hidden)) {
            return Ok(());
        }
        let below: Vec<PathBuf> = hidden.iter().filter(|hidden| hidden.starts_with(tree)).cloned().collect();
        if below.is_empty() {
            return self.allow(tree, WHOLE);
        }
        // Listing is allowed beneath as well; hidden directories are covered by mounts besides.
        self.allow(tree, READ_DIRECTORY)?;
        let listing = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let Ok(directory) = openat(self.ground.root, below_root(tree), listing, Mode::empty()) else { return Ok(()) };
        let mut space = Vec::with_capacity(LISTED_AT_ONCE);
        let mut children = RawDir::new(&directory, space.spare_capacity_mut());
        for _ in 0..MOST_CHILDREN {
            let Some(Ok(child)) = children.next() else { break };
            let name = child.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let path = tree.join(OsStr::from_bytes(name.to_bytes()));
            if below.iter().any(|hidden| hidden.starts_with(&path)) {
                self.spread(&path, &below)?;
            } else {
                self.allow_at(directory.as_fd(), name, child.file_type(), WHOLE)?;
            }
        }
        Ok(())
    }
}

fn below_root(path: &Path) -> &Path {
    path.strip_prefix("/").ok().filter(|below| !below.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
