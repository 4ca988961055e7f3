//! What is about to happen to the file system, as the caller tells it before it acts.

use std::ffi::OsStr;
use std::os::fd::BorrowedFd;
use std::path::Path;

/// A name in a directory. The path is absolute and real: no component but the last may be a symbolic link, and the last
/// is taken as it stands, never followed.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    pub(crate) path: &'a Path,
    pub(crate) dir: Option<BorrowedFd<'a>>,
}

impl<'a> Spot<'a> {
    /// The name that this path gives.
    #[must_use]
    pub fn at(path: &'a Path) -> Spot<'a> {
        Spot { path, dir: None }
    }

    /// The same, with its parent directory held open: what is looked at is then surely what the caller will act on.
    #[must_use]
    pub fn within(dir: BorrowedFd<'a>, path: &'a Path) -> Spot<'a> {
        Spot { path, dir: Some(dir) }
    }
}

impl<'a> From<&'a Path> for Spot<'a> {
    fn from(path: &'a Path) -> Spot<'a> {
        Spot::at(path)
    }
}

/// One change, before it is made.
#[derive(Clone, Copy, Debug)]
pub enum Change<'a> {
    /// A file is opened for writing, or for reading and writing, with or without creating or truncating it.
    Write {
        /// The file.
        at: Spot<'a>,
    },
    /// A file's length is set.
    Truncate {
        /// The file.
        at: Spot<'a>,
    },
    /// A name goes away: unlink or rmdir.
    Remove {
        /// The name.
        at: Spot<'a>,
    },
    /// A name becomes another; what the other led to is lost, or with `exchange` gets the first name.
    Rename {
        /// The old name.
        from: Spot<'a>,
        /// The new one.
        to: Spot<'a>,
        /// Whether the two change places.
        exchange: bool,
    },
    /// A file gets one more name. What has no name yet (`O_TMPFILE`) is a [`Change::MakeNode`].
    Link {
        /// The name it has.
        from: Spot<'a>,
        /// The one it gets.
        to: Spot<'a>,
    },
    /// A symbolic link is made.
    Symlink {
        /// Where.
        at: Spot<'a>,
    },
    /// A directory is made.
    MakeDir {
        /// Where.
        at: Spot<'a>,
    },
    /// A fifo, socket, device or regular file is made.
    MakeNode {
        /// Where.
        at: Spot<'a>,
    },
    /// Mode, owner, times or extended attributes change.
    Metadata {
        /// Of what.
        at: Spot<'a>,
    },
}

/// What a change does to the thing a name leads to, as far as keeping it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The name comes to be, or leads elsewhere later: only what it led to matters.
    Name,
    /// The content may change in place.
    Alter,
    /// The name is lost, and with the last name the thing.
    Lose,
    /// Mode, owner, times or attributes change.
    Attributes,
}

impl<'a> Change<'a> {
    /// The names a change touches, each with its role.
    pub(crate) fn touches(&self) -> [Option<(Spot<'a>, Role)>; 2] {
        match *self {
            Change::Write { at } | Change::Truncate { at } => [Some((at, Role::Alter)), None],
            Change::Remove { at } => [Some((at, Role::Lose)), None],
            Change::Rename { from, to, exchange } => {
                [Some((from, Role::Name)), Some((to, if exchange { Role::Name } else { Role::Lose }))]
            }
            Change::Link { from, to } => [Some((from, Role::Name)), Some((to, Role::Name))],
            Change::Symlink { at } | Change::MakeDir { at } | Change::MakeNode { at } => [Some((at, Role::Name)), None],
            Change::Metadata { at } => [Some((at, Role::Attributes)), None],
        }
    }

    /// Whether something that is there may move: what was concluded from paths before is then stale.
    pub(crate) fn moves(&self) -> bool {
        matches!(self, Change::Rename { .. } | Change::Link { .. })
    }
}

impl Change<'_> {
    /// Whether two things change places.
    pub(crate) fn exchanges(&self) -> bool {
        matches!(self, Change::Rename { exchange: true, .. })
    }
}

/// The directory and the name in it; `None` for a root, a relative path and one that ends in no name.
pub(crate) fn parts(path: &Path) -> Option<(&Path, &OsStr)> {
    if path.is_absolute() { Some((path.parent()?, path.file_name()?)) } else { None }
}
