//! Where the log's files lie below its directory.

use std::path::{Path, PathBuf};

/// A log's directory.
#[derive(Clone, Debug)]
pub(crate) struct Paths(PathBuf);

impl Paths {
    pub(crate) fn new(dir: &Path) -> Paths {
        Paths(dir.to_owned())
    }

    /// The growing edge; see [`crate::head`].
    pub(crate) fn head(&self) -> PathBuf {
        self.0.join("head")
    }

    /// The newest checkpoint, rewritten in place after every append.
    pub(crate) fn latest(&self) -> PathBuf {
        self.0.join("latest")
    }

    /// The published checkpoint, whose tiles are all there.
    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    pub(crate) fn public_key(&self) -> PathBuf {
        self.0.join("key.pub")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// A tile or bundle by its path inside the log.
    pub(crate) fn inside(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// Where torn bytes found at tree size `size` are kept; the `attempt`th name for them.
    pub(crate) fn torn(&self, size: u64, attempt: u32) -> PathBuf {
        self.0.join(if attempt == 0 { format!("head.{size}.torn") } else { format!("head.{size}.{attempt}.torn") })
    }
}
