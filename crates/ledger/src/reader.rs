//! The reader: entries, sessions, checkpoints and proofs out of a log that others may be writing to. Takes no lock,
//! needs no key, changes nothing.
//!
//! It believes the files; [`crate::verify`] is what does not. It sees an entry as soon as its frame is whole, which may
//! be a moment before its writer has the receipt.

mod files;

use std::fmt;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bailiwick_vocab::record::Record;

use crate::canonical::{self, DecodeError};
use crate::damage::{Damage, DamageKind};
use crate::disk::{IoError, Operation};
use crate::head::Care;
use crate::keys::{self, KeyFileError};
use crate::note::{Checkpoint, VerifierKey};
use crate::paths::Paths;
use crate::proof::{self, ConsistencyProof, HashText, InclusionProof, Nodes};
use crate::tile::{self, TILE_HEIGHT, TILE_WIDTH};
use crate::tree::{self, Hash};

use files::{Bundle, Head, entry_at, read_tile};

/// How often [`Reader::wait`] looks: a person following a log sees no delay, and a look costs one `stat`.
const POLL: Duration = Duration::from_millis(50);

/// Why something could not be read from a log.
#[derive(Debug)]
pub enum ReadError {
    /// There is no log in the directory.
    NoLog {
        /// Which directory.
        dir: PathBuf,
    },
    /// The log has no such entry, or is not that large.
    Beyond {
        /// The number asked for.
        asked: u64,
        /// The log's size.
        size: u64,
    },
    /// A file cannot be read.
    Io(IoError),
    /// The log is not as it was left.
    Damaged(Damage),
    /// An entry is no record.
    Entry {
        /// Its number.
        number: u64,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The log's public key cannot be read.
    Key(KeyFileError),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NoLog { dir } => write!(f, "there is no ledger in {}", dir.display()),
            ReadError::Beyond { asked, size } => write!(f, "the ledger has {size} entries; {asked} is beyond"),
            ReadError::Entry { number, .. } => write!(f, "entry {number} of the ledger cannot be read"),
            ReadError::Io(_) | ReadError::Damaged(_) | ReadError::Key(_) => f.write_str("the ledger cannot be read"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Io(error) => Some(error),
            ReadError::Damaged(damage) => Some(damage),
            ReadError::Entry { source, .. } => Some(source),
            ReadError::Key(error) => Some(error),
            ReadError::NoLog { .. } | ReadError::Beyond { .. } => None,
        }
    }
}

impl From<IoError> for ReadError {
    fn from(error: IoError) -> ReadError {
        ReadError::Io(error)
    }
}

/// An entry as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, from 0.
    pub number: u64,
    /// What it says.
    pub record: Record,
    /// Its bytes, which are what the tree's leaf is the hash of.
    pub raw: Vec<u8>,
}

/// A log, open for reading.
#[derive(Debug)]
pub struct Reader {
    paths: Paths,
    head: Head,
    bundle: Option<Bundle>,
    tiles: Option<(u32, u64, Vec<Hash>)>,
}

impl Reader {
    /// Opens the log in `dir`.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn open(dir: &Path) -> Result<Reader, ReadError> {
        let paths = Paths::new(dir);
        if !paths.head().exists() {
            return Err(missing_head(&paths, dir));
        }
        let head = Head::open(&paths)?;
        Ok(Reader { paths, head, bundle: None, tiles: None })
    }

    /// The number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.head.frontier.size()
    }

    /// The entry with this number.
    ///
    /// # Errors
    /// Where it is beyond the log, or cannot be read.
    pub fn entry(&mut self, number: u64) -> Result<Entry, ReadError> {
        let raw = self.raw(number)?.to_vec();
        let record = canonical::decode_unchecked(&raw).map_err(|source| ReadError::Entry { number, source })?;
        Ok(Entry { number, record, raw })
    }

    /// The entries from this number to the end as it is known now.
    pub fn entries(&mut self, from: u64) -> Entries<'_> {
        Entries { reader: self, next: from, needle: None, session: None }
    }

    /// As [`Reader::entries`], but only those of one session. Others are passed over without being parsed.
    pub fn entries_of_session(&mut self, session: &str, from: u64) -> Entries<'_> {
        let needle = format!("\"session\":{}", canonical::quoted(session));
        Entries { reader: self, next: from, needle: Some(needle), session: Some(session.to_owned()) }
    }

    /// The session in which this sub-agent was last seen, if it is another than the one that has the sub-agent's name.
    ///
    /// # Errors
    /// Where an entry that names it, or any at all, cannot be read.
    pub fn session_of_agent(&mut self, agent: &str) -> Result<Option<String>, ReadError> {
        let needle = format!("\"id\":{}", canonical::quoted(agent));
        for number in (0..self.size()).rev() {
            if contains(self.raw(number)?, &needle) {
                let record = self.entry(number)?.record;
                if record.agent.id == agent && record.session != agent {
                    return Ok(Some(record.session));
                }
            }
        }
        Ok(None)
    }

    /// Takes in what was appended since; `true` where that is anything.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn refresh(&mut self) -> Result<bool, ReadError> {
        let path = self.paths.head();
        let metadata = std::fs::metadata(&path).map_err(IoError::at(Operation::Stat, &path))?;
        let before = self.size();
        if (metadata.dev(), metadata.ino()) != self.head.identity {
            self.head = Head::open(&self.paths)?;
        } else if metadata.len() != self.head.end as u64 {
            self.head.read_on(&path, Care::All)?;
        }
        Ok(self.size() > before)
    }

    /// Waits until the log has grown, at most `timeout`; `true` where it has.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn wait(&mut self, timeout: Duration) -> Result<bool, ReadError> {
        let began = Instant::now();
        loop {
            if self.refresh()? {
                return Ok(true);
            }
            let left = timeout.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            std::thread::sleep(left.min(POLL));
        }
    }

    /// The signed checkpoint of [`Reader::size`].
    ///
    /// # Errors
    /// Where the log's public key cannot be read.
    pub fn checkpoint(&self) -> Result<String, ReadError> {
        let key: VerifierKey = keys::read_public(&self.paths.public_key()).map_err(ReadError::Key)?;
        let frontier = &self.head.frontier;
        let checkpoint = Checkpoint { origin: key.name().to_owned(), size: frontier.size(), root: frontier.root() };
        Ok(key.note(&checkpoint, &self.head.signature))
    }

    /// The proof that an entry stands in the tree of this size.
    ///
    /// # Errors
    /// Where the log is not that large, or the entry is not in that tree.
    pub fn prove_inclusion(&mut self, entry: u64, size: u64) -> Result<InclusionProof, ReadError> {
        self.check_size(size)?;
        if entry >= size {
            return Err(ReadError::Beyond { asked: entry, size });
        }
        let leaf = HashText(tree::leaf_hash(self.raw(entry)?));
        Ok(InclusionProof { entry, size, leaf, path: proof::inclusion_path(self, entry, size)? })
    }

    /// The proof that the tree of size `new` begins with that of size `old`.
    ///
    /// # Errors
    /// Where the log is not that large, or `old` is larger than `new`.
    pub fn prove_consistency(&mut self, old: u64, new: u64) -> Result<ConsistencyProof, ReadError> {
        self.check_size(new)?;
        if old > new {
            return Err(ReadError::Beyond { asked: old, size: new });
        }
        Ok(ConsistencyProof { old, new, path: proof::consistency_path(self, old, new)? })
    }

    fn check_size(&self, asked: u64) -> Result<(), ReadError> {
        let size = self.size();
        if asked > size { Err(ReadError::Beyond { asked, size }) } else { Ok(()) }
    }

    /// The bytes of an entry.
    fn raw(&mut self, number: u64) -> Result<&[u8], ReadError> {
        let size = self.size();
        if number >= size {
            return Err(ReadError::Beyond { asked: number, size });
        }
        if number >= self.head.start {
            let entry = entry_at(&self.head.bytes, &self.head.entries, number - self.head.start);
            return entry.ok_or_else(|| damaged(&self.paths.head(), DamageKind::Entry));
        }
        let index = number / TILE_WIDTH;
        let path = self.paths.inside(&tile::bundle_path(index, TILE_WIDTH));
        let bundle = match self.bundle.take() {
            Some(bundle) if bundle.index == index => bundle,
            _ => Bundle::read(&path, index)?,
        };
        let bundle = self.bundle.insert(bundle);
        entry_at(&bundle.bytes, &bundle.entries, number % TILE_WIDTH).ok_or_else(|| damaged(&path, DamageKind::Entry))
    }

    /// The hashes of a tile, full or of the width it has where the head begins.
    fn tile(&mut self, level: u32, index: u64) -> Result<&[Hash], ReadError> {
        let there = tile::level_len(self.head.start, level) - index * TILE_WIDTH;
        let width = there.min(TILE_WIDTH);
        let hashes = match self.tiles.take() {
            Some((l, i, hashes)) if l == level && i == index && hashes.len() as u64 == width => hashes,
            _ => read_tile(&self.paths.inside(&tile::hash_tile_path(level, index, width)), width)?,
        };
        Ok(&self.tiles.insert((level, index, hashes)).2)
    }
}

impl Nodes for Reader {
    type Error = ReadError;

    fn node(&mut self, height: u32, index: u64) -> Result<Hash, ReadError> {
        if (index + 1) << height <= self.head.start {
            let (level, width) = (height / TILE_HEIGHT, 1usize << (height % TILE_HEIGHT));
            let first = index << (height % TILE_HEIGHT);
            let hashes = self.tile(level, first / TILE_WIDTH)?;
            let at = usize::try_from(first % TILE_WIDTH).unwrap_or(usize::MAX);
            let part = hashes.get(at..).and_then(|rest| rest.get(..width));
            return Ok(tree::frontier_of(part.unwrap_or_default()).root());
        }
        if height == 0 {
            return Ok(tree::leaf_hash(self.raw(index)?));
        }
        let left = self.node(height - 1, index * 2)?;
        let right = self.node(height - 1, index * 2 + 1)?;
        Ok(tree::node_hash(&left, &right))
    }
}

/// The entries of a log, or of one session of it.
#[derive(Debug)]
pub struct Entries<'a> {
    reader: &'a mut Reader,
    next: u64,
    needle: Option<String>,
    session: Option<String>,
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.next < self.reader.size() {
            let number = self.next;
            self.next += 1;
            let raw = match self.reader.raw(number) {
                Ok(raw) => raw,
                Err(error) => return self.end(error),
            };
            if self.needle.as_deref().is_some_and(|needle| !contains(raw, needle)) {
                continue;
            }
            match self.reader.entry(number) {
                // The needle may stand inside another field's value.
                Ok(entry) if self.session.as_deref().is_some_and(|session| entry.record.session != session) => {}
                Ok(entry) => return Some(Ok(entry)),
                Err(error) => return self.end(error),
            }
        }
        None
    }
}

impl Entries<'_> {
    /// An error is the last thing that comes.
    fn end(&mut self, error: ReadError) -> Option<Result<Entry, ReadError>> {
        self.next = u64::MAX;
        Some(Err(error))
    }
}

/// Whether an entry holds a text; one that is not UTF-8 is let through, so that parsing it gives the error.
fn contains(raw: &[u8], needle: &str) -> bool {
    std::str::from_utf8(raw).map_or(true, |text| text.contains(needle))
}

fn damaged(path: &Path, kind: DamageKind) -> ReadError {
    ReadError::Damaged(Damage::new(path, kind))
}

/// Without a head there is no log, unless its other files are there.
fn missing_head(paths: &Paths, dir: &Path) -> ReadError {
    if paths.latest().exists() || paths.checkpoint().exists() {
        damaged(&paths.head(), DamageKind::Missing)
    } else {
        ReadError::NoLog { dir: dir.to_owned() }
    }
}
