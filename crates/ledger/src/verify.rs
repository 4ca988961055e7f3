//! Verification: a log's directory, or a copy of it, in; a report or the first thing that is wrong out. Offline,
//! changes nothing, believes nothing but the public key and a checkpoint kept elsewhere, where one is given.
//!
//! Every entry is hashed and held against its tile, every tile against its parent and the tree, the tree against every
//! signature in the directory. Bytes that no checkpoint covers yet (a torn end) are counted, not believed.
//! It cannot see that a whole tail was taken away together with `latest` and put back to an older state: that is what
//! keeping a checkpoint elsewhere is for.

mod blame;
mod head;
mod walk;

use std::fmt;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::canonical::DecodeError;
use crate::disk::{self, IoError};
use crate::head::FrameFault;
use crate::keys::{self, KeyFileError};
use crate::note::{Checkpoint, KeyError, NoteError, VerifierKey};
use crate::paths::Paths;
use crate::tree::Hash;

/// A log that is written to may seal a bundle while it is read; then it is read again, this often.
const MAX_TRIES: usize = 5;

/// What to verify against.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// The public key in vkey form; otherwise the log's own `key.pub` is believed.
    pub key: Option<String>,
    /// A checkpoint that was kept elsewhere: the log must still begin with what it signed for.
    pub pinned: Option<String>,
}

/// A log that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// Number of entries.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
    /// The log's name.
    pub origin: String,
    /// How many sealed bundles were read.
    pub bundles: u64,
    /// How many hash tiles were read.
    pub tiles: u64,
    /// How many objects were read and have their digests.
    pub objects: u64,
    /// Objects that entries name and that are not there.
    pub erased: Vec<Erased>,
    /// Entries whose time is before that of the entry before them. Writers' clocks differ; no failure.
    pub clock_back: Vec<u64>,
    /// Bytes behind the last whole frame, which the next writer will set aside.
    pub torn_bytes: u64,
    /// The size that the kept checkpoint signed for.
    pub pinned: Option<u64>,
    /// The newest signed checkpoint: keep it elsewhere.
    pub checkpoint: String,
}

/// An object that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The first entry that names it.
    pub entry: u64,
    /// Its digest.
    pub object: String,
}

/// The first thing that is wrong.
#[derive(Debug)]
pub struct VerifyFailure {
    /// In which file, relative to the log's directory.
    pub file: PathBuf,
    /// At which byte: exactly, where only one byte can be it; else where the smallest unit begins that does not check.
    pub offset: u64,
    /// In which entry.
    pub entry: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong.
#[derive(Debug)]
pub enum Fault {
    /// The file is gone.
    Missing,
    /// The file cannot be read.
    Io(IoError),
    /// The public key cannot be used.
    Key(KeyFileError),
    /// The public key that was given is none.
    GivenKey(KeyError),
    /// The note is no checkpoint of this log signed by its key.
    Note(NoteError),
    /// The head's frame is not whole, or does not follow the one before.
    Frame(FrameFault),
    /// The frame's signature is not the log's.
    Signature,
    /// The bundle does not hold the entries it should.
    Bundle,
    /// The entry is not in canonical form or no record.
    Entry(DecodeError),
    /// The entry is not the one that was signed for.
    Changed,
    /// The hash is not that of the tree.
    Tile,
    /// The tree is not the one that the checkpoint signed for.
    Root,
    /// The log holds fewer entries than were signed for.
    Shorter {
        /// Entries that are there.
        size: u64,
        /// Entries that were signed for.
        signed: u64,
    },
    /// The object has another digest.
    Object,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Missing => "the file is missing",
            Fault::Io(_) => "the file cannot be read",
            Fault::Key(_) | Fault::GivenKey(_) => "the public key cannot be used",
            Fault::Note(_) => "this is no checkpoint of the log",
            Fault::Frame(_) => "this is no whole frame in its place",
            Fault::Signature => "the signature is not the log's",
            Fault::Bundle => "the bundle does not hold its entries",
            Fault::Entry(_) => "the entry is not in its form",
            Fault::Changed => "the entry is not the one that was signed for",
            Fault::Tile => "the hash is not that of the tree",
            Fault::Root => "the tree is not the one that was signed for",
            Fault::Shorter { size, signed } => {
                return write!(f, "the log holds {size} entries, but {signed} were signed for");
            }
            Fault::Object => "the object is not what its digest says",
        })
    }
}

impl fmt::Display for VerifyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, byte {}", self.file.display(), self.offset)?;
        if let Some(entry) = self.entry {
            write!(f, " (entry {entry})")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for VerifyFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) => Some(error),
            Fault::Key(error) => Some(error),
            Fault::GivenKey(error) => Some(error),
            Fault::Note(error) => Some(error),
            Fault::Frame(error) => Some(error),
            Fault::Entry(error) => Some(error),
            Fault::Missing
            | Fault::Signature
            | Fault::Bundle
            | Fault::Changed
            | Fault::Tile
            | Fault::Root
            | Fault::Shorter { .. }
            | Fault::Object => None,
        }
    }
}

impl VerifyFailure {
    fn new(file: impl Into<PathBuf>, offset: usize, entry: Option<u64>, fault: Fault) -> VerifyFailure {
        VerifyFailure { file: file.into(), offset: offset as u64, entry, fault }
    }
}

/// The checkpoints to hold the tree against.
struct Notes {
    latest: Checkpoint,
    published: Checkpoint,
    pinned: Option<Checkpoint>,
}

/// Verifies the log in `dir`.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(dir: &Path, options: &VerifyOptions) -> Result<VerifyReport, VerifyFailure> {
    let paths = Paths::new(dir);
    let mut tries = 1;
    loop {
        let before = head_identity(&paths);
        match once(&paths, options) {
            // A writer that seals a bundle meanwhile gives the head a new file.
            Err(_) if head_identity(&paths) != before && tries < MAX_TRIES => tries += 1,
            result => return result,
        }
    }
}

fn once(paths: &Paths, options: &VerifyOptions) -> Result<VerifyReport, VerifyFailure> {
    let key = public_key(paths, options)?;
    // Notes first: what they sign for is in a head that is read after them.
    let notes = notes(paths, &key, options)?;
    let bytes = read(paths, "head")?;
    let head = head::check(&bytes, &key, notes.latest.size)?;
    for signed in [&notes.published, &notes.latest].into_iter().chain(&notes.pinned).map(|note| note.size) {
        if signed > head.size() {
            return Err(VerifyFailure::new("head", head.end, None, Fault::Shorter { size: head.size(), signed }));
        }
    }
    walk::walk(paths, &key, &notes, &head)
}

fn head_identity(paths: &Paths) -> Option<(u64, u64)> {
    std::fs::metadata(paths.head()).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

fn public_key(paths: &Paths, options: &VerifyOptions) -> Result<VerifierKey, VerifyFailure> {
    let fail = |fault| VerifyFailure::new("key.pub", 0, None, fault);
    match &options.key {
        Some(text) => VerifierKey::parse(text).map_err(|error| fail(Fault::GivenKey(error))),
        None => keys::read_public(&paths.public_key()).map_err(|error| fail(Fault::Key(error))),
    }
}

fn notes(paths: &Paths, key: &VerifierKey, options: &VerifyOptions) -> Result<Notes, VerifyFailure> {
    let open = |name: &str, bytes: &[u8]| {
        let fail = |error| VerifyFailure::new(name, 0, None, Fault::Note(error));
        key.open(std::str::from_utf8(bytes).map_err(|_| fail(NoteError::Form))?).map_err(fail)
    };
    let published = open("checkpoint", &read(paths, "checkpoint")?)?;
    let latest = open("latest", &read(paths, "latest")?)?;
    let pinned = options.pinned.as_ref().map(|note| open("kept checkpoint", note.as_bytes())).transpose()?;
    Ok(Notes { latest, published, pinned })
}

fn read(paths: &Paths, relative: &str) -> Result<Vec<u8>, VerifyFailure> {
    disk::read(&paths.inside(relative)).map_err(|error| {
        let fault = if error.is_missing() { Fault::Missing } else { Fault::Io(error) };
        VerifyFailure::new(relative, 0, None, fault)
    })
}
