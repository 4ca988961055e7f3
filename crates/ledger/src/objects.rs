//! The object store: large payloads and pre-images under their SHA-256, `objects/<2 hex>/<62 hex>`, whole or not at all.
//!
//! An object may be erased without breaking the log, which holds digests only.

use std::fmt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::disk::{self, IoError, Operation};
use crate::note::hex;

/// The largest object, in bytes. Hashing and syncing 64 MiB takes about a quarter of a second here; an agent waits 60
/// for its hook, and the caller holds the bytes in memory. A larger file has no pre-image: its loss is irreversible.
pub const MAX_OBJECT_BYTES: usize = 64 << 20;

/// Why an object could not be kept, given or erased.
#[derive(Debug)]
pub enum ObjectError {
    /// A file operation failed.
    Io(IoError),
    /// There is none: it was erased, or never put.
    Erased {
        /// The digest that was asked for.
        digest: String,
    },
    /// What is there has another digest.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// It is larger than [`MAX_OBJECT_BYTES`].
    TooLarge {
        /// Its size, in bytes.
        bytes: usize,
    },
    /// What was asked for is no SHA-256 in lower-case hexadecimal.
    NotADigest,
}

impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ObjectError::Io(_) => f.write_str("the object store cannot be used"),
            ObjectError::Erased { digest } => write!(f, "object {digest} is not kept any more"),
            ObjectError::Changed { path } => write!(f, "the object {} is not what was put there", path.display()),
            ObjectError::TooLarge { bytes } => write!(f, "{bytes} bytes are more than {MAX_OBJECT_BYTES} for one object"),
            ObjectError::NotADigest => f.write_str("this is not a SHA-256 in lower-case hexadecimal"),
        }
    }
}

impl std::error::Error for ObjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let ObjectError::Io(error) = self { Some(error) } else { None }
    }
}

/// The objects of one log.
#[derive(Clone, Debug)]
pub struct Objects {
    dir: PathBuf,
}

impl Objects {
    /// The objects of the log in `dir`. Touches nothing.
    #[must_use]
    pub fn at(dir: &Path) -> Objects {
        Objects { dir: dir.join("objects") }
    }

    /// Keeps bytes; gives their SHA-256 in lower-case hexadecimal. On the disk when it returns.
    ///
    /// # Errors
    /// Where they are too many or cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<String, ObjectError> {
        if bytes.len() > MAX_OBJECT_BYTES {
            return Err(ObjectError::TooLarge { bytes: bytes.len() });
        }
        let digest = digest(bytes);
        let path = self.path(&digest).ok_or(ObjectError::NotADigest)?;
        if is_there(&path, bytes)? {
            // Another process may have just named it and not have synced the name yet.
            disk::sync_dir(disk::parent(&path)).map_err(ObjectError::Io)?;
        } else {
            disk::make_dir(disk::parent(&path)).map_err(ObjectError::Io)?;
            disk::replace(&path, bytes).map_err(ObjectError::Io)?;
        }
        Ok(digest)
    }

    /// The bytes of an object, held against their digest.
    ///
    /// # Errors
    /// Where there is none, or another.
    pub fn get(&self, digest_hex: &str) -> Result<Vec<u8>, ObjectError> {
        let path = self.path(digest_hex).ok_or(ObjectError::NotADigest)?;
        let bytes = disk::read_if_there(&path).map_err(ObjectError::Io)?;
        let bytes = bytes.ok_or_else(|| ObjectError::Erased { digest: digest_hex.to_owned() })?;
        if digest(&bytes) == digest_hex { Ok(bytes) } else { Err(ObjectError::Changed { path }) }
    }

    /// Erases an object; `false` where there was none.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub fn erase(&self, digest_hex: &str) -> Result<bool, ObjectError> {
        let path = self.path(digest_hex).ok_or(ObjectError::NotADigest)?;
        match std::fs::remove_file(&path).map_err(IoError::at(Operation::Remove, &path)) {
            Ok(()) => disk::sync_dir(disk::parent(&path)).map(|()| true).map_err(ObjectError::Io),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(ObjectError::Io(error)),
        }
    }

    /// Where an object lies; `None` where this is no digest, so that no other path can ever be named.
    pub(crate) fn path(&self, digest_hex: &str) -> Option<PathBuf> {
        let is_digest = digest_hex.len() == 64 && digest_hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let (directory, name) = digest_hex.split_at_checked(2).filter(|_| is_digest)?;
        Some(self.dir.join(directory).join(name))
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Whether just these bytes are there. The length alone would do after a rename, but what somebody changed is put anew.
fn is_there(path: &Path, bytes: &[u8]) -> Result<bool, ObjectError> {
    Ok(disk::read_if_there(path).map_err(ObjectError::Io)?.as_deref() == Some(bytes))
}
