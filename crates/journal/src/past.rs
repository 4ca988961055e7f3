//! A journal read back: what it holds, whether it ended, whether its last line was torn.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::budget::Why;
use crate::disk::IoError;
use crate::facts::{Facts, Line, VERSION};
use crate::log;
use crate::store::Store;

/// The journal of a call that is over, or was cut short.
#[derive(Debug)]
pub struct Past {
    pub(crate) call: String,
    pub(crate) facts: Facts,
    /// When it began, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// Bytes after the last whole line: what a crash tore. The change they were written for was never made.
    pub torn_bytes: usize,
}

/// Why a journal cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// There is none.
    NoJournal {
        /// The call.
        call: String,
    },
    /// A file operation failed.
    Io(IoError),
    /// It begins with no line of this format.
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NoJournal { call } => write!(f, "nothing was kept of {call}"),
            ReadError::Io(_) => f.write_str("the journal cannot be read"),
            ReadError::NotAJournal { path } => write!(f, "{} is no journal that this version reads", path.display()),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Io(error) => Some(error),
            ReadError::NoJournal { .. } | ReadError::NotAJournal { .. } => None,
        }
    }
}

impl Past {
    /// Reads a call's journal.
    ///
    /// # Errors
    /// Where there is none or it cannot be read. A torn end is no error.
    pub fn read(store: &Store, call: &str) -> Result<Past, ReadError> {
        let missing = || ReadError::NoJournal { call: call.to_owned() };
        let path = store.journal(call).ok_or_else(missing)?;
        let (lines, torn_bytes) = match log::read(&path) {
            Ok(read) => read,
            Err(error) if error.is_missing() => return Err(missing()),
            Err(error) => return Err(ReadError::Io(error)),
        };
        let mut lines = lines.into_iter();
        let Some(Line::Journal { version: VERSION, at_ms, .. }) = lines.next() else {
            return Err(ReadError::NotAJournal { path });
        };
        let mut facts = Facts::default();
        lines.for_each(|line| facts.take(line));
        Ok(Past { call: call.to_owned(), facts, at_ms, torn_bytes })
    }

    /// The call's name.
    #[must_use]
    pub fn call(&self) -> &str {
        &self.call
    }

    /// When the call's end was written down, in milliseconds since the Unix epoch; `None` where it was cut short: then a
    /// later change by somebody else cannot be told from the call's own.
    #[must_use]
    pub fn ended_at_ms(&self) -> Option<u64> {
        self.facts.ended_at_ms
    }

    /// Places that the call changed and that were not kept.
    #[must_use]
    pub fn noted(&self) -> Vec<(PathBuf, Why)> {
        self.facts.not_kept()
    }

    /// Whether a path that the call touched, as it was called before, is in the journal.
    #[must_use]
    pub fn touched(&self, path: &Path) -> bool {
        self.facts.names.iter().any(|name| {
            let dir = self.facts.path_before(name.dir);
            dir.is_some_and(|dir| dir.join(name.name.path()) == path)
        })
    }
}
