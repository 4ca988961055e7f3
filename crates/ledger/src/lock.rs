//! The lock that writers take around a write: an advisory lock on a file, waited for with a deadline.
//!
//! The kernel frees it when its holder dies, kill -9 included. Readers take none.

use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::disk::{self, IoError, Operation};

/// First and longest pause between two tries. A holder writes in about 20 µs; sealing a bundle takes a few milliseconds.
const FIRST_PAUSE: Duration = Duration::from_micros(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(1);

/// Why the lock could not be had.
#[derive(Debug)]
pub enum LockError {
    /// Somebody held it all the time.
    TimedOut {
        /// How long it was waited for.
        waited: Duration,
    },
    /// The lock file cannot be used.
    Io(IoError),
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockError::TimedOut { waited } => write!(f, "the ledger was locked by another process for {} ms", waited.as_millis()),
            LockError::Io(_) => f.write_str("the ledger's lock file cannot be used"),
        }
    }
}

impl std::error::Error for LockError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let LockError::Io(error) = self { Some(error) } else { None }
    }
}

/// An open lock file, not locked.
#[derive(Debug)]
pub(crate) struct LockFile {
    file: Arc<File>,
    path: PathBuf,
}

/// The lock, held until dropped.
#[derive(Debug)]
pub(crate) struct Held(Arc<File>);

impl Drop for Held {
    fn drop(&mut self) {
        // Closing the file unlocks as well, so a failure here cannot be waited on by anybody for long.
        let _ = self.0.unlock();
    }
}

impl LockFile {
    pub(crate) fn open(path: &Path) -> Result<LockFile, LockError> {
        let file = disk::open_or_create(path).map_err(LockError::Io)?;
        Ok(LockFile { file: Arc::new(file), path: path.to_owned() })
    }

    /// The lock, if nobody holds it now.
    pub(crate) fn try_acquire(&self) -> Result<Option<Held>, LockError> {
        match self.file.try_lock() {
            Ok(()) => Ok(Some(Held(Arc::clone(&self.file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => {
                Err(LockError::Io(IoError { operation: Operation::Lock, path: self.path.clone(), source }))
            }
        }
    }

    /// The lock, waited for no longer than `wait`.
    pub(crate) fn acquire(&self, wait: Duration) -> Result<Held, LockError> {
        let began = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(held) = self.try_acquire()? {
                return Ok(held);
            }
            let waited = began.elapsed();
            if waited >= wait {
                return Err(LockError::TimedOut { waited });
            }
            std::thread::sleep(pause.min(wait - waited));
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
