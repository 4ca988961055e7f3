//! How much is kept, what is not kept and why, and when a change must not be made at all.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::disk::IoError;

/// How much one call's journal keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The largest file that is copied, in bytes. A file that is only removed is not copied: it gets a name in the store.
    pub file_bytes: u64,
    /// All copies of a call together, in bytes.
    pub copied_bytes: u64,
    /// All removed files of a call that are held by a name in the store together, in bytes: disk that is not freed.
    pub held_bytes: u64,
    /// The most files kept of a call.
    pub files: u64,
}

impl Default for Budget {
    /// Copying 256 MiB takes about half a second here, 2 GiB several: more than anyone waits for a shell command's first
    /// write. Held files cost no time, only disk that stays taken. 200,000 files are the largest checkouts there are.
    fn default() -> Budget {
        Budget { file_bytes: 256 << 20, copied_bytes: 2 << 30, held_bytes: 16 << 30, files: 200_000 }
    }
}

/// Why something is noted but its content not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// It lies in a directory of build output that git ignores or that calls itself a cache.
    BuildDirectory {
        /// The directory's name.
        name: String,
    },
    /// The file is larger than the budget's `file_bytes`.
    TooLarge {
        /// Its size, in bytes.
        bytes: u64,
    },
    /// The call has used up its budget of bytes or files.
    OverBudget,
    /// Its content cannot be read.
    Unreadable,
    /// A socket or device: it has no content, and cannot be made again.
    Special,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::BuildDirectory { name } => write!(f, "it is build output in {name}, which is made again, not kept"),
            Why::TooLarge { bytes } => write!(f, "its {bytes} bytes are more than is kept of one file"),
            Why::OverBudget => f.write_str("the budget of what is kept for one call is used up"),
            Why::Unreadable => f.write_str("it cannot be read"),
            Why::Special => f.write_str("it is a socket or a device"),
        }
    }
}

/// What became of a change's pre-image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// All that undo needs is kept.
    Whole,
    /// The change can be made, but not be undone whole.
    Noted(Why),
}

impl Kept {
    /// Of two the one that says more.
    pub(crate) fn and(self, other: Kept) -> Kept {
        if self == Kept::Whole { other } else { self }
    }
}

/// Why the change must not be made: its pre-image could not be kept.
#[derive(Debug)]
pub enum Refused {
    /// A file operation failed; a full disk is one of these.
    Io(IoError),
    /// The path is relative, or ends in no name.
    NotAName {
        /// The path.
        path: PathBuf,
    },
    /// The path does not lead to the directory that would change: a symbolic link stands in it, or it moved meanwhile.
    ThroughLink {
        /// The path.
        path: PathBuf,
    },
    /// An earlier failure left the journal unusable.
    Broken,
}

impl Refused {
    /// Whether the disk that holds the journal is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Refused::Io(error) => error.is_full(),
            Refused::NotAName { .. } | Refused::ThroughLink { .. } | Refused::Broken => false,
        }
    }

    pub(crate) fn not_a_name(path: &Path) -> Refused {
        Refused::NotAName { path: path.to_owned() }
    }
}

impl From<IoError> for Refused {
    fn from(error: IoError) -> Refused {
        Refused::Io(error)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Io(_) => f.write_str("what the change would overwrite cannot be kept"),
            Refused::NotAName { path } => write!(f, "{} names nothing that can change", path.display()),
            Refused::ThroughLink { path } => write!(f, "{} is not the real path of a directory", path.display()),
            Refused::Broken => f.write_str("the journal of this call failed before and takes no more"),
        }
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Refused::Io(error) => Some(error),
            Refused::NotAName { .. } | Refused::ThroughLink { .. } | Refused::Broken => None,
        }
    }
}
