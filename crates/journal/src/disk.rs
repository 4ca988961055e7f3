//! The few file operations a journal is made of, with errors that name operation and path. Nothing here follows a
//! symbolic link in a last component.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, OFlags, SeekFrom, StatxFlags};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

use crate::escape::hex;

/// Bytes read at once when a file is copied or hashed.
const CHUNK_BYTES: usize = 256 << 10;

/// A file operation that failed.
#[derive(Debug)]
pub struct IoError {
    /// What was being done, as a verb.
    pub doing: &'static str,
    /// To what.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl IoError {
    /// For `map_err`.
    pub(crate) fn at<E: Into<io::Error>>(doing: &'static str, path: &Path) -> impl FnOnce(E) -> IoError {
        let path = path.to_owned();
        move |source| IoError { doing, path, source: source.into() }
    }

    /// Whether the disk or the quota is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    }

    /// Whether the thing was not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self.source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    }

    /// Whether it was not permitted.
    pub(crate) fn is_denied(&self) -> bool {
        self.source.kind() == io::ErrorKind::PermissionDenied
    }
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}", self.doing, self.path.display())
    }
}

impl std::error::Error for IoError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// What is asked of an inode: `statx`, because it alone tells when the inode was made.
pub(crate) type Stat = rustix::fs::Statx;

/// What a name leads to, the last component not followed; `None` where nothing is there.
pub(crate) fn look(path: &Path) -> Result<Option<Stat>, IoError> {
    look_in(CWD, path, path)
}

/// The same below an open directory; `path` is for the error.
pub(crate) fn look_in<D: AsFd>(dir: D, name: &Path, path: &Path) -> Result<Option<Stat>, IoError> {
    let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::EMPTY_PATH | AtFlags::NO_AUTOMOUNT;
    match rustix::fs::statx(dir, name, flags, StatxFlags::BASIC_STATS | StatxFlags::BTIME) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(IoError::at("look at", path)(error)),
    }
}

/// Makes a directory of our own, and its parents.
pub(crate) fn make_dirs(path: &Path) -> Result<(), IoError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(IoError::at("make", path))
}

/// Opens a file to read it: no link, and never waiting for a fifo's writer.
pub(crate) fn open_read(path: &Path) -> Result<File, IoError> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).unwrap_or_default();
    OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(IoError::at("open", path))
}

/// Makes a file of our own that is not there yet, for its owner alone.
pub(crate) fn create_new(path: &Path) -> Result<File, IoError> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path).map_err(IoError::at("make", path))
}

/// Copies a file's content, holes staying holes; gives its SHA-256 in lower-case hexadecimal.
pub(crate) fn pour(mut from: &File, to: &File) -> io::Result<String> {
    let mut sink = to;
    let mut hash = Sha256::new();
    let end = walk(&mut from, |at, piece| {
        match piece {
            Piece::Hole(bytes) => hash_zeros(&mut hash, bytes),
            Piece::Data(data) => {
                hash.update(data);
                sink.seek(io::SeekFrom::Start(at))?;
                sink.write_all(data)?;
            }
        }
        Ok(())
    })?;
    to.set_len(end)?;
    Ok(hex(&hash.finalize()))
}

/// The SHA-256 of a file's content, in lower-case hexadecimal.
pub(crate) fn digest(mut from: &File) -> io::Result<String> {
    let mut hash = Sha256::new();
    walk(&mut from, |_, piece| {
        match piece {
            Piece::Hole(bytes) => hash_zeros(&mut hash, bytes),
            Piece::Data(data) => hash.update(data),
        }
        Ok(())
    })?;
    Ok(hex(&hash.finalize()))
}

enum Piece<'a> {
    Hole(u64),
    Data(&'a [u8]),
}

/// Goes over a file's data and holes from its start; gives its length. A file system without holes has one piece of data.
fn walk(from: &mut &File, mut each: impl FnMut(u64, Piece<'_>) -> io::Result<()>) -> io::Result<u64> {
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut at = 0;
    loop {
        let length = from.metadata()?.len();
        let data = match rustix::fs::seek(&**from, SeekFrom::Data(at)) {
            Ok(data) => data,
            Err(Errno::NXIO) => length.max(at),
            Err(Errno::INVAL | Errno::OPNOTSUPP) => at,
            Err(error) => return Err(error.into()),
        };
        if data > at {
            each(at, Piece::Hole(data - at))?;
        }
        if data >= length {
            return Ok(data);
        }
        let hole = rustix::fs::seek(&**from, SeekFrom::Hole(data)).unwrap_or(length);
        at = data;
        from.seek(io::SeekFrom::Start(at))?;
        while at < hole {
            let most = usize::try_from(hole - at).unwrap_or(CHUNK_BYTES).min(CHUNK_BYTES);
            let Some(window) = buffer.get_mut(..most) else { break };
            let read = from.read(window)?;
            if read == 0 {
                return Ok(at);
            }
            each(at, Piece::Data(window.get(..read).unwrap_or_default()))?;
            at += read as u64;
        }
    }
}

fn hash_zeros(hash: &mut Sha256, mut bytes: u64) {
    static ZEROS: [u8; 64 << 10] = [0; 64 << 10];
    while bytes > 0 {
        let most = usize::try_from(bytes).unwrap_or(ZEROS.len()).min(ZEROS.len());
        hash.update(ZEROS.get(..most).unwrap_or(&ZEROS));
        bytes -= most as u64;
    }
}
