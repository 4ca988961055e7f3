//! What a writer or reader finds wrong with a log on disk. Never repaired: the caller denies, a person looks.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::disk::IoError;
use crate::head::FrameFault;
use crate::note::NoteError;

/// A file of the log that is not as the log left it.
#[derive(Debug)]
pub struct Damage {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What is wrong with a file of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// It is gone, though the rest of the log is there.
    Missing,
    /// It holds fewer entries than a checkpoint signed for.
    Shorter {
        /// Entries that are there.
        size: u64,
        /// Entries that were signed for.
        signed: u64,
    },
    /// A frame that was whole before is not.
    Frame {
        /// Where it begins.
        offset: u64,
        /// What is wrong with it.
        fault: FrameFault,
    },
    /// The newest frame's signature is not the log's.
    Signature,
    /// The note is not a checkpoint of this log.
    Note(NoteError),
    /// The hashes do not lead to what was signed.
    Hashes,
    /// An entry cannot be read.
    Entry,
}

impl Damage {
    pub(crate) fn new(path: &Path, kind: DamageKind) -> Damage {
        Damage { path: path.to_owned(), kind }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ledger is damaged: {} ", self.path.display())?;
        match self.kind {
            DamageKind::Missing => f.write_str("is missing"),
            DamageKind::Shorter { size, signed } => write!(f, "holds {size} entries, but {signed} were signed for"),
            DamageKind::Frame { offset, .. } => write!(f, "holds no whole frame at byte {offset}"),
            DamageKind::Signature => f.write_str("is not signed by the log's key"),
            DamageKind::Note(_) => f.write_str("holds no checkpoint of this log"),
            DamageKind::Hashes => f.write_str("does not lead to the root that was signed"),
            DamageKind::Entry => f.write_str("holds an entry that cannot be read"),
        }
    }
}

impl std::error::Error for Damage {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            DamageKind::Frame { fault, .. } => Some(fault),
            DamageKind::Note(error) => Some(error),
            DamageKind::Missing | DamageKind::Shorter { .. } | DamageKind::Signature | DamageKind::Hashes | DamageKind::Entry => {
                None
            }
        }
    }
}

/// Looking at the log failed, or showed damage.
#[derive(Debug)]
pub(crate) enum Trouble {
    Io(IoError),
    Damaged(Damage),
}

impl From<IoError> for Trouble {
    fn from(error: IoError) -> Trouble {
        Trouble::Io(error)
    }
}

impl From<Damage> for Trouble {
    fn from(damage: Damage) -> Trouble {
        Trouble::Damaged(damage)
    }
}
