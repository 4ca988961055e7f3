//! Where journals and what they keep lie: `journals/CALL`, copies in `objects/<2 hex>/<62 hex>` under their SHA-256 (the
//! ledger's layout, so one directory can serve both), and in `held/CALL/` files that the call removed, as the inodes they
//! are. Files are 0600, directories 0700; a held file has the mode it had.
//!
//! A copy is in the kernel, whole or not at all, when `keep` returns; it survives a killed process. [`Store::sync`] makes
//! it survive a power loss.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

use crate::disk::{IoError, create_new, digest, make_dirs, open_read, pour};
use crate::escape::hex;
use crate::facts::Id;

/// Files up to this are read whole, so that a content that is kept already is not written again.
const SMALL_BYTES: u64 = 256 << 10;

/// The directory of journals and of what they keep.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// The store in a directory. Touches nothing.
    #[must_use]
    pub fn at(dir: &Path) -> Store {
        Store { dir: dir.to_owned() }
    }

    /// Where a call's journal lies; `None` where the call's name is no file name.
    pub(crate) fn journal(&self, call: &str) -> Option<PathBuf> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let fine = !call.is_empty() && call.len() <= 200 && !call.starts_with('.') && call.bytes().all(plain);
        fine.then(|| self.journals().join(call))
    }

    pub(crate) fn journals(&self) -> PathBuf {
        self.dir.join("journals")
    }

    /// Where a call's held files lie.
    pub(crate) fn held(&self, call: &str) -> PathBuf {
        self.dir.join("held").join(call)
    }

    /// Where an object lies.
    pub(crate) fn object(&self, sha256: &str) -> PathBuf {
        let (head, tail) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.dir.join("objects").join(head).join(tail)
    }

    /// Makes the directories that every journal needs. Most calls hold nothing, and need no directory for that.
    pub(crate) fn prepare(&self) -> Result<(), IoError> {
        make_dirs(&self.journals())?;
        make_dirs(&self.dir.join("objects"))
    }

    /// Keeps a copy of an open file's content.
    pub(crate) fn keep(&self, file: &File, path: &Path) -> Result<String, IoError> {
        let bytes = file.metadata().map_err(IoError::at("look at", path))?.len();
        if bytes <= SMALL_BYTES { self.keep_small(file, path) } else { self.keep_large(file, path) }
    }

    fn keep_small(&self, mut file: &File, path: &Path) -> Result<String, IoError> {
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(IoError::at("read", path))?;
        let sha256 = hex(&Sha256::digest(&content));
        let object = self.object(&sha256);
        if is_there(&object, &content) && refreshed(&object)? {
            return Ok(sha256);
        }
        let (mut copy, temporary) = self.temporary(&object)?;
        let written = copy.write_all(&content).map_err(IoError::at("write", &temporary));
        finish(&temporary, &object, written)?;
        Ok(sha256)
    }

    fn keep_large(&self, file: &File, path: &Path) -> Result<String, IoError> {
        let (copy, temporary) = self.temporary(&self.dir.join("objects/large"))?;
        // Shares the blocks where the file system can: then the content is only read once, not written.
        let poured = match rustix::fs::ioctl_ficlone(&copy, file) {
            Ok(()) => digest(&copy),
            Err(_) => pour(file, &copy),
        };
        let poured = poured.map_err(IoError::at("copy", path));
        let object = poured.as_ref().map(|sha256| self.object(sha256)).unwrap_or_default();
        let made = poured.as_ref().ok().and(object.parent()).map_or(Ok(()), make_dirs);
        finish(&temporary, &object, made.and(poured))
    }

    /// An empty file beside where the object will lie.
    fn temporary(&self, object: &Path) -> Result<(File, PathBuf), IoError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let mut name = object.as_os_str().to_owned();
        name.push(format!(".{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        let path = PathBuf::from(name);
        match create_new(&path) {
            Err(error) if error.is_missing() => {
                make_dirs(path.parent().unwrap_or(&self.dir))?;
                Ok((create_new(&path)?, path))
            }
            other => Ok((other?, path)),
        }
    }

    /// Gives an inode a name in the store, so that losing its own name does not lose it. `false` where it cannot be:
    /// another file system, or the system does not let us link it.
    pub(crate) fn hold(&self, call: &str, path: &Path, id: Id) -> Result<bool, IoError> {
        let link = || rustix::fs::linkat(CWD, path, CWD, self.held_file(call, id), AtFlags::empty());
        let linked = match link() {
            // The first of its call.
            Err(Errno::NOENT) => {
                make_dirs(&self.held(call))?;
                link()
            }
            linked => linked,
        };
        match linked {
            Ok(()) => Ok(true),
            Err(Errno::XDEV | Errno::PERM | Errno::ACCESS | Errno::MLINK | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(false),
            Err(error) => Err(IoError::at("hold", path)(error)),
        }
    }

    /// The name of a held node.
    pub(crate) fn held_file(&self, call: &str, id: Id) -> PathBuf {
        self.held(call).join(id.to_string())
    }

    /// Stands there while an undo of the call is under way; its directory may have to be made.
    pub(crate) fn undoing(&self, call: &str) -> PathBuf {
        self.held(call).join("undoing")
    }

    /// Opens an object; what it holds must still be checked against its name.
    pub(crate) fn open(&self, sha256: &str) -> Result<File, IoError> {
        open_read(&self.object(sha256))
    }

    /// Waits until all that is kept is on the disk. Syncs the whole file system, so it may take long.
    ///
    /// # Errors
    /// Where the store is not there or the disk fails.
    pub fn sync(&self) -> Result<(), IoError> {
        let dir = File::open(&self.dir).map_err(IoError::at("open", &self.dir))?;
        rustix::fs::syncfs(&dir).map_err(IoError::at("sync", &self.dir))
    }

    /// The names of the calls that have a journal.
    ///
    /// # Errors
    /// Where the directory cannot be read. A store that was never used has none.
    pub fn calls(&self) -> Result<Vec<String>, IoError> {
        let dir = self.journals();
        let entries = match fs::read_dir(&dir).map_err(IoError::at("read", &dir)) {
            Ok(entries) => entries,
            Err(error) if error.is_missing() => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let names = entries.map(|entry| entry.map(|entry| entry.file_name()).map_err(IoError::at("read", &dir)));
        let mut calls = Vec::new();
        for name in names {
            calls.extend(std::str::from_utf8(name?.as_bytes()).map(str::to_owned));
        }
        calls.sort();
        Ok(calls)
    }
}

/// Whether just these bytes are there. An object that somebody changed is put anew.
fn is_there(object: &Path, content: &[u8]) -> bool {
    fs::read(object).is_ok_and(|there| there == content)
}

/// Sets an object's time to now, by which collecting knows that it is wanted; `false` where it was just collected.
fn refreshed(object: &Path) -> Result<bool, IoError> {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    let times = Timestamps { last_access: now, last_modification: now };
    match rustix::fs::utimensat(CWD, object, &times, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(()) => Ok(true),
        Err(Errno::NOENT) => Ok(false),
        Err(error) => Err(IoError::at("refresh", object)(error)),
    }
}

/// Names the temporary file, or removes it where something failed.
fn finish<T>(temporary: &Path, object: &Path, done: Result<T, IoError>) -> Result<T, IoError> {
    let named = done.and_then(|done| {
        fs::rename(temporary, object).map_err(IoError::at("name", object))?;
        Ok(done)
    });
    if named.is_err() {
        // It fails only where the file is gone already, which is what is wanted.
        let _gone = fs::remove_file(temporary);
    }
    named
}
