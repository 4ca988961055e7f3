//! The log's key on disk: the secret half where the caller says, the public half as `key.pub` in the log's directory.
//!
//! INVARIANT (one key a log): where `key.pub` stands, no other key is ever made or accepted.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::disk::{self, IoError, Operation};
use crate::note::{KeyError, SignerKey, VerifierKey};

/// Why the log's key cannot be used.
#[derive(Debug)]
pub enum KeyFileError {
    /// The file cannot be read or made.
    Io(IoError),
    /// The file holds no key.
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: KeyError,
    },
    /// The log is there, its secret key is not.
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Others than the owner may read the secret key.
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The secret key is not the one that the log's `key.pub` names.
    Mismatch {
        /// The public key file.
        path: PathBuf,
    },
    /// The system gave no random bytes for a new key.
    Random(getrandom::Error),
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyFileError::Io(_) => f.write_str("the log's key file cannot be used"),
            KeyFileError::Invalid { path, .. } => write!(f, "{} holds no usable key", path.display()),
            KeyFileError::Missing { path } => write!(f, "the log's secret key is missing: {}", path.display()),
            KeyFileError::Exposed { path, mode } => {
                write!(f, "the log's secret key is open to others: {} has mode {mode:03o}, not 600", path.display())
            }
            KeyFileError::Mismatch { path } => write!(f, "the secret key is not the one that {} belongs to", path.display()),
            KeyFileError::Random(_) => f.write_str("no random bytes for a new key"),
        }
    }
}

impl std::error::Error for KeyFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            KeyFileError::Io(error) => Some(error),
            KeyFileError::Invalid { source, .. } => Some(source),
            KeyFileError::Random(error) => Some(error),
            KeyFileError::Missing { .. } | KeyFileError::Exposed { .. } | KeyFileError::Mismatch { .. } => None,
        }
    }
}

/// Reads a public key file.
///
/// # Errors
/// Where it cannot be read or holds no key.
pub fn read_public(path: &Path) -> Result<VerifierKey, KeyFileError> {
    let bytes = disk::read(path).map_err(KeyFileError::Io)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| invalid(path, KeyError::Form))?;
    VerifierKey::parse(text).map_err(|source| invalid(path, source))
}

/// The log's key: read, and held against `key.pub`; made, where the log is new.
pub(crate) fn open(secret: &Path, public: &Path) -> Result<SignerKey, KeyFileError> {
    let known = match read_public(public) {
        Err(KeyFileError::Io(error)) if error.is_missing() => None,
        known => Some(known?),
    };
    let signer = match read_secret(secret)? {
        Some(signer) => signer,
        None if known.is_some() => return Err(KeyFileError::Missing { path: secret.to_owned() }),
        None => make(secret)?,
    };
    match known {
        Some(known) if known == *signer.verifier() => Ok(signer),
        Some(_) => Err(KeyFileError::Mismatch { path: public.to_owned() }),
        None => publish(signer, public),
    }
}

fn read_secret(path: &Path) -> Result<Option<SignerKey>, KeyFileError> {
    let Some(bytes) = disk::read_if_there(path).map_err(KeyFileError::Io)? else { return Ok(None) };
    let metadata = std::fs::metadata(path).map_err(IoError::at(Operation::Stat, path)).map_err(KeyFileError::Io)?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Exposed { path: path.to_owned(), mode });
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| invalid(path, KeyError::Form))?;
    SignerKey::parse(text).map(Some).map_err(|source| invalid(path, source))
}

/// Makes a key file; where another process was faster, its key is taken.
fn make(path: &Path) -> Result<SignerKey, KeyFileError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(KeyFileError::Random)?;
    let signer = SignerKey::from_seed(&seed).map_err(|source| invalid(path, source))?;
    disk::make_dir(disk::parent(path)).map_err(KeyFileError::Io)?;
    if disk::create_new(path, signer.secret_text().as_bytes()).map_err(KeyFileError::Io)? {
        return Ok(signer);
    }
    read_secret(path)?.ok_or_else(|| KeyFileError::Missing { path: path.to_owned() })
}

fn publish(signer: SignerKey, public: &Path) -> Result<SignerKey, KeyFileError> {
    let text = format!("{}\n", signer.verifier());
    disk::create_new(public, text.as_bytes()).map_err(KeyFileError::Io)?;
    let published = read_public(public)?;
    if published == *signer.verifier() { Ok(signer) } else { Err(KeyFileError::Mismatch { path: public.to_owned() }) }
}

fn invalid(path: &Path, source: KeyError) -> KeyFileError {
    KeyFileError::Invalid { path: path.to_owned(), source }
}
