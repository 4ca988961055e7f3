//! What the supervisor tells its caller as it happens, and what the caller may answer. In: what a process inside is about
//! to do, with real paths. Out: go on, or refuse. Called from several threads of the supervisor at once, but for one change at
//! a time: from `before` to the act no other change happens. Whoever wants to change something waits meanwhile.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;
use std::path::Path;

use rustix::fs::Stat;
use rustix::io::Errno;

use crate::enforced::Enforced;

/// Whether it may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It may.
    Go,
    /// It fails with this error; EACCES says "not permitted" in most programs' words.
    Refuse(Errno),
}

/// Whether a program may run, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It may; of a leader, as a leader.
    Go,
    /// It may; what the leader has, it does not get.
    Shed,
    /// It fails with this error.
    Refuse(Errno),
}

/// Which process does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Its id outside.
    pub pid: i32,
    /// Whether it has what the plan's leader has.
    pub leads: bool,
}

/// How a command, or a process, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// A name in a directory, found without any race: both descriptors stay what they are, whatever is renamed meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its real absolute path: symbolic links resolved, the last name kept.
    pub path: &'a Path,
    /// The directory that holds (or will hold) it, opened with O_PATH.
    pub parent: BorrowedFd<'a>,
    /// Its name there.
    pub name: &'a OsStr,
    /// What is there now; `None` where nothing is.
    pub existing: Option<Existing<'a>>,
}

/// What a name leads to, not following a symbolic link.
#[derive(Debug, Clone, Copy)]
pub struct Existing<'a> {
    /// Opened with O_PATH | O_NOFOLLOW: read its content by opening `/proc/self/fd/N`.
    pub file: BorrowedFd<'a>,
    /// Its status.
    pub stat: &'a Stat,
}

/// What is about to change.
#[derive(Debug, Clone, Copy)]
pub enum Mutation<'a> {
    /// A file is opened for writing, or cut. `place.existing` is `None` where it is made by that.
    Write {
        /// The file.
        place: Place<'a>,
        /// Whether its content goes at once.
        truncates: bool,
    },
    /// A file without a name is made in this directory; a link may give it one later.
    Unnamed {
        /// The directory.
        directory: &'a Path,
    },
    /// A name goes.
    Remove {
        /// What.
        place: Place<'a>,
        /// Whether it is a directory (which must be empty).
        directory: bool,
    },
    /// A name moves.
    Rename {
        /// From here.
        from: Place<'a>,
        /// To here; `to.existing` is replaced.
        to: Place<'a>,
        /// Whether both change places instead.
        exchange: bool,
    },
    /// A second name for a file.
    Link {
        /// The file's real path as it was known; for a file without a name, where it was made.
        from: &'a Path,
        /// The new name.
        to: Place<'a>,
    },
    /// A symbolic link is made.
    Symlink {
        /// The new name.
        place: Place<'a>,
        /// What it says.
        target: &'a OsStr,
    },
    /// A directory is made.
    MakeDirectory {
        /// The new name.
        place: Place<'a>,
    },
    /// A pipe or a socket is made.
    MakeNode {
        /// The new name.
        place: Place<'a>,
    },
    /// Mode, owner, times or an extended attribute change.
    Metadata {
        /// The real path.
        path: &'a Path,
        /// What is there: O_PATH, the status before.
        existing: Existing<'a>,
        /// Which of them.
        what: Metadata<'a>,
    },
}

/// What of a file's description changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata<'a> {
    /// The mode, to this.
    Mode(u32),
    /// The owner or group (only to what they are: anything else fails).
    Owner,
    /// The times.
    Times,
    /// This extended attribute.
    Attribute(&'a OsStr),
}

/// Whom a socket is about to reach.
#[derive(Debug, Clone, Copy)]
pub enum Peer<'a> {
    /// An address inside the network namespace.
    Internet(SocketAddr),
    /// A socket that was made inside, or one that the plan names.
    Path(&'a Path),
}

/// The caller's side of the wall.
pub trait Watcher: Send + Sync {
    /// What was enforced; once, before the command runs. An error refuses the command.
    ///
    /// # Errors
    /// Why this is not enough.
    fn enforced(&self, enforced: &Enforced) -> Result<(), String>;

    /// A program is about to run in the place of `who`'s. The arguments are as they were when asked: another thread of
    /// the same process may still change them, so this is for judging what honest programs do; the wall holds the others.
    fn exec(&self, who: Who, program: &Path, argv: &[OsString]) -> Start;

    /// A program that may run is about to. `variables` reads its environment as `NAME=VALUE`, as it was when asked (what was
    /// said of the arguments holds for it as well); none where it cannot be read.
    fn starts(&self, _who: Who, _program: &Path, _argv: &[OsString], _variables: &dyn Fn() -> Option<Vec<OsString>>) {}

    /// Something is about to change; it happens only after this returned [`Answer::Go`], and exactly as told. What lies in
    /// private directories (/dev/shm, a private /tmp) is not told, because it goes with the sandbox.
    fn before(&self, who: Who, mutation: &Mutation<'_>) -> Answer;

    /// A socket is about to be connected.
    fn connect(&self, who: Who, peer: &Peer<'_>) -> Answer;

    /// The wall itself refused this call; `path` where one was known.
    fn refused(&self, who: Who, call: &'static str, path: Option<&Path>, errno: Errno);

    /// This program lies where the command itself has made it, and where no right to execute could come along: it is not run.
    /// In the next command it can be.
    fn too_new(&self, who: Who, program: &Path);

    /// The command ended; its background processes may go on. The front is told after this returns.
    fn finished(&self, exit: Exit);

    /// The front has been told of the end: what nobody has to wait for.
    fn told(&self) {}

    /// The last process is gone. The supervisor ends after this returns.
    fn gone(&self);
}
