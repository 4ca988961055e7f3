//! The few file operations the log is made of, each durable in the way its name says and with errors that name
//! operation and path. Files are 0600, directories 0700.
//!
//! Knows nothing of what the bytes mean.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// What was being done to a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Opening it.
    Open,
    /// Making it.
    Create,
    /// Reading it.
    Read,
    /// Writing to it.
    Write,
    /// Waiting until it is on the disk.
    Sync,
    /// Giving it its name.
    Rename,
    /// Cutting it.
    Truncate,
    /// Asking for its facts.
    Stat,
    /// Removing it.
    Remove,
    /// Locking it.
    Lock,
}

/// A file operation that failed.
#[derive(Debug)]
pub struct IoError {
    /// What was being done.
    pub operation: Operation,
    /// To what.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl IoError {
    /// For `map_err`.
    pub(crate) fn at(operation: Operation, path: &Path) -> impl FnOnce(io::Error) -> IoError {
        let path = path.to_owned();
        move |source| IoError { operation, path, source }
    }

    /// Whether the thing was not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.operation {
            Operation::Open => "open",
            Operation::Create => "create",
            Operation::Read => "read",
            Operation::Write => "write",
            Operation::Sync => "sync",
            Operation::Rename => "rename",
            Operation::Truncate => "truncate",
            Operation::Stat => "look at",
            Operation::Remove => "remove",
            Operation::Lock => "lock",
        };
        write!(f, "cannot {verb} {}", self.path.display())
    }
}

impl std::error::Error for IoError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Makes a directory and its parents; those that were missing are synced into their parents.
pub(crate) fn make_dir(dir: &Path) -> Result<(), IoError> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        make_dir(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(IoError::at(Operation::Create, dir)(error)),
        _ => sync_dir(parent.unwrap_or(Path::new("."))),
    }
}

/// Waits until a directory's names are on the disk.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), IoError> {
    let file = File::open(dir).map_err(IoError::at(Operation::Open, dir))?;
    file.sync_all().map_err(IoError::at(Operation::Sync, dir))
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, IoError> {
    std::fs::read(path).map_err(IoError::at(Operation::Read, path))
}

/// Reads a whole file; `None` where there is none.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, IoError> {
    match read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file for reading and writing, made with mode 0600 where it is not there.
pub(crate) fn open_or_create(path: &Path) -> Result<File, IoError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(IoError::at(Operation::Open, path))
}

/// Opens a file that is there for reading and writing.
pub(crate) fn open(path: &Path) -> Result<File, IoError> {
    OpenOptions::new().read(true).write(true).open(path).map_err(IoError::at(Operation::Open, path))
}

/// Puts `bytes` under `path`, whole or not at all, over what was there, and waits until content and name are on the disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    let temporary = write_temporary(path, bytes)?;
    let renamed = std::fs::rename(&temporary, path).map_err(IoError::at(Operation::Rename, path));
    finish(&temporary, path, renamed)
}

/// As [`replace`], but gives `false` and changes nothing where something is there already.
pub(crate) fn create_new(path: &Path, bytes: &[u8]) -> Result<bool, IoError> {
    let temporary = write_temporary(path, bytes)?;
    // A hard link, unlike a rename, fails where the name is taken.
    let linked = std::fs::hard_link(&temporary, path);
    let created = match linked {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return finish(&temporary, path, Err(IoError::at(Operation::Create, path)(error))).map(|()| false),
    };
    let _ = std::fs::remove_file(&temporary);
    sync_dir(parent(path))?;
    Ok(created)
}

fn finish(temporary: &Path, path: &Path, named: Result<(), IoError>) -> Result<(), IoError> {
    if named.is_err() {
        let _ = std::fs::remove_file(temporary);
    }
    named.and_then(|()| sync_dir(parent(path)))
}

/// A synced file with these bytes beside `path`, under a name of its own.
fn write_temporary(path: &Path, bytes: &[u8]) -> Result<PathBuf, IoError> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".tmp-{}-{number}", std::process::id()));
    let temporary = PathBuf::from(name);
    let written = write_synced(&temporary, bytes);
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written.map(|()| temporary)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    // Not `create_new`: a process of the same number may have been killed here before.
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path).map_err(IoError::at(Operation::Create, path))?;
    file.write_all(bytes).map_err(IoError::at(Operation::Write, path))?;
    file.sync_data().map_err(IoError::at(Operation::Sync, path))
}

/// The directory that holds `path`.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
