//! The writer: records in, receipts out, each after its record is on the disk under a signed checkpoint.
//!
//! **An append is one write and one `fdatasync`.** All that is new goes as one frame to the end of the file `head`:
//! entries, the tree's frontier after them, and the signature of the checkpoint of that size (see [`crate::head`]).
//! The write happens under the lock, the sync outside it, so that many processes' syncs run together and the kernel
//! commits them as a group: a sync covers every frame before one's own. Then, unsynced, `latest` is overwritten in
//! place with the newest checkpoint that is known to be on disk: that is what makes a shortened head tampering and not
//! a crash. It is never ahead of the synced head.
//!
//! **Tiles come in final form.** When 256 entries are in the head, or someone asks to publish, bundle and hash tiles are
//! written as C2SP tlog-tiles wants them, then `checkpoint`, then a new head. `checkpoint` is therefore always a size
//! whose tiles are all there, up to 255 entries behind `latest`; readers of ours look at tiles and head alike.

use std::fmt;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bailiwick_vocab::record::{Receipt, Record};

pub use crate::canonical::EntryError;
pub use crate::damage::{Damage, DamageKind};
pub use crate::disk::IoError;
pub use crate::keys::KeyFileError;
pub use crate::lock::LockError;
pub use crate::recover::Recovery;

use crate::damage::Trouble;
use crate::disk::{self, Operation};
use crate::lock::{Held, LockFile};
use crate::note::SignerKey;
use crate::objects::Objects;
use crate::paths::Paths;
use crate::tail::Tail;
use crate::tile::TILE_WIDTH;
use crate::tree::{Frontier, leaf_hash};
use crate::{bundle, canonical, head, keys, note, recover, seal, tail};

/// Sealing is tried after every append from 256 entries on, and a busy lock or a full disk may put it off; from this
/// many on, an append insists on it, so that the head stays small enough to read at once (16 bundles, at most 256 MiB).
const MAX_HEAD_ENTRIES: u64 = 16 * TILE_WIDTH;

/// Bytes of entries in one append. A frame's length has 32 bits; a group is held in memory a few times over.
const MAX_GROUP_BYTES: usize = 64 << 20;

/// How a log is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The secret key's file.
    pub key: PathBuf,
    /// How long to wait for other writers. A write takes 20 µs, sealing a few milliseconds.
    pub lock_wait: Duration,
}

impl Options {
    /// With this key file, waiting two seconds for the lock.
    #[must_use]
    pub fn new(key: impl Into<PathBuf>) -> Options {
        Options { key: key.into(), lock_wait: Duration::from_secs(2) }
    }
}

/// Why a log could not be opened.
#[derive(Debug)]
pub enum OpenError {
    /// The lock could not be had.
    Lock(LockError),
    /// A file could not be read or written.
    Io(IoError),
    /// The log's key cannot be used.
    Key(KeyFileError),
    /// The log is not as it was left.
    Damaged(Damage),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the ledger cannot be opened")
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OpenError::Lock(error) => Some(error),
            OpenError::Io(error) => Some(error),
            OpenError::Key(error) => Some(error),
            OpenError::Damaged(damage) => Some(damage),
        }
    }
}

impl From<Trouble> for OpenError {
    fn from(trouble: Trouble) -> OpenError {
        match trouble {
            Trouble::Io(error) => OpenError::Io(error),
            Trouble::Damaged(damage) => OpenError::Damaged(damage),
        }
    }
}

/// Why records were not appended. None of them is acknowledged.
#[derive(Debug)]
pub enum AppendError {
    /// The lock could not be had.
    Lock(LockError),
    /// A file could not be written.
    Io(IoError),
    /// A record has no entry form.
    Entry {
        /// Which of the records.
        index: usize,
        /// What is wrong with it.
        source: EntryError,
    },
    /// The records together are too large for one append.
    TooLarge {
        /// Their size, in bytes.
        bytes: usize,
    },
    /// The log is not as it was left.
    Damaged(Damage),
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppendError::Entry { index, .. } => write!(f, "record {index} cannot be an entry of the ledger"),
            AppendError::TooLarge { bytes } => write!(f, "{bytes} bytes of records are more than {MAX_GROUP_BYTES} at once"),
            AppendError::Lock(_) | AppendError::Io(_) | AppendError::Damaged(_) => f.write_str("the ledger cannot be written"),
        }
    }
}

impl std::error::Error for AppendError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            AppendError::Lock(error) => Some(error),
            AppendError::Io(error) => Some(error),
            AppendError::Entry { source, .. } => Some(source),
            AppendError::Damaged(damage) => Some(damage),
            AppendError::TooLarge { .. } => None,
        }
    }
}

impl From<Trouble> for AppendError {
    fn from(trouble: Trouble) -> AppendError {
        match trouble {
            Trouble::Io(error) => AppendError::Io(error),
            Trouble::Damaged(damage) => AppendError::Damaged(damage),
        }
    }
}

/// A log, open for appending. Many processes may hold one each.
#[derive(Debug)]
pub struct Ledger {
    paths: Paths,
    lock: LockFile,
    lock_wait: Duration,
    signer: SignerKey,
    vkey: String,
    latest: File,
    tail: Tail,
    objects: Objects,
    recovery: Option<Recovery>,
}

impl Ledger {
    /// Opens the log in `dir`, which is made where there is none. A torn end is cut off: see [`Ledger::recovery`].
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path, options: Options) -> Result<Ledger, OpenError> {
        disk::make_dir(dir).map_err(OpenError::Io)?;
        let paths = Paths::new(dir);
        let lock = LockFile::open(&paths.lock()).map_err(OpenError::Lock)?;
        let held = lock.acquire(options.lock_wait).map_err(OpenError::Lock)?;
        let signer = keys::open(&options.key, &paths.public_key()).map_err(OpenError::Key)?;
        if !paths.head().exists() {
            create(&paths, &signer)?;
        }
        let seen = Tail::load(&paths, &signer)?;
        let latest = disk::open(&paths.latest()).map_err(OpenError::Io)?;
        let vkey = signer.verifier().to_string();
        let (tail, lock_wait, objects) = (seen.tail, options.lock_wait, Objects::at(dir));
        let mut ledger = Ledger { paths, lock, lock_wait, signer, vkey, latest, tail, objects, recovery: None };
        ledger.recover(&held, &seen.torn)?;
        Ok(ledger)
    }

    /// Appends records and waits until they are on the disk, under a signed checkpoint. All of them or none.
    ///
    /// # Errors
    /// See [`AppendError`]; then no receipt exists, and the caller must deny. After an error of the sync itself the
    /// records may nevertheless be found in the log later.
    pub fn append(&mut self, records: Vec<Record>) -> Result<Vec<Receipt>, AppendError> {
        let entries = encode(&records)?;
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let held = self.lock.acquire(self.lock_wait).map_err(AppendError::Lock)?;
        self.refresh(&held)?;
        if self.tail.entries() >= MAX_HEAD_ENTRIES {
            self.seal(&held)?;
        }
        let first = self.tail.frontier.size();
        self.write(&held, &entries)?;
        drop(held);
        let head = self.paths.head();
        self.tail.file.sync_data().map_err(IoError::at(Operation::Sync, &head)).map_err(AppendError::Io)?;
        self.after_sync();
        Ok(records.into_iter().zip(first..).map(|(record, entry)| Receipt::issued_by_ledger(entry, record)).collect())
    }

    /// Writes the partial tiles of the present size and its checkpoint, for readers that know tiles only.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn publish(&mut self) -> Result<(), AppendError> {
        let held = self.lock.acquire(self.lock_wait).map_err(AppendError::Lock)?;
        self.refresh(&held)?;
        self.seal(&held)?;
        Ok(seal::publish(&self.paths, &self.signer, &self.tail)?)
    }

    /// The number of entries, as this writer last saw it.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tail.frontier.size()
    }

    /// The signed checkpoint of [`Ledger::size`]. Kept elsewhere, it shows later that nothing was taken away.
    #[must_use]
    pub fn checkpoint(&self) -> String {
        let checkpoint = self.signer.checkpoint(self.size(), self.tail.frontier.root());
        self.signer.verifier().note(&checkpoint, &self.tail.signature)
    }

    /// The public key in vkey form.
    #[must_use]
    pub fn vkey(&self) -> &str {
        &self.vkey
    }

    /// The objects beside the log.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// What was last cut off the log by this writer, if anything.
    #[must_use]
    pub fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// Takes in what other writers did since.
    fn refresh(&mut self, held: &Held) -> Result<(), Trouble> {
        let torn = match self.tail.catch_up(&self.paths, &self.signer)? {
            Some(torn) => torn,
            None => {
                let seen = Tail::load(&self.paths, &self.signer)?;
                self.tail = seen.tail;
                seen.torn
            }
        };
        self.recover(held, &torn)
    }

    fn recover(&mut self, held: &Held, torn: &[u8]) -> Result<(), Trouble> {
        if torn.is_empty() {
            return Ok(());
        }
        let (recovery, entries) = recover::cut(&self.paths, &self.tail, torn)?;
        self.recovery = Some(recovery);
        if !entries.is_empty() {
            self.write(held, &entries)?;
            self.tail.file.sync_data().map_err(IoError::at(Operation::Sync, &self.paths.head()))?;
        }
        Ok(())
    }

    /// Writes one frame to the end of the head, unsynced. What a failed write left is cut off again.
    fn write(&mut self, _held: &Held, entries: &[Vec<u8>]) -> Result<(), Trouble> {
        let (bytes, frontier, signature) = self.frame(entries);
        let path = self.paths.head();
        if let Err(error) = self.tail.file.write_all_at(&bytes, self.tail.len) {
            // Where cutting fails as well, the next writer finds the torn rest and recovers.
            let _ = self.tail.file.set_len(self.tail.len);
            return Err(IoError::at(Operation::Write, &path)(error).into());
        }
        self.tail.len += bytes.len() as u64;
        self.tail.frontier = frontier;
        self.tail.signature = signature;
        Ok(())
    }

    fn frame(&self, entries: &[Vec<u8>]) -> (Vec<u8>, Frontier, [u8; 64]) {
        let mut content = Vec::with_capacity(entries.iter().map(|entry| entry.len() + 2).sum());
        let mut frontier = self.tail.frontier.clone();
        for entry in entries {
            // Encoding has held each entry and the sum of them against their limits.
            let _ = bundle::push(&mut content, entry);
            frontier.push(leaf_hash(entry));
        }
        let signature = self.signer.sign(&self.signer.checkpoint(frontier.size(), frontier.root()));
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        (head::write(&content, count, &frontier, &signature).unwrap_or_default(), frontier, signature)
    }

    /// What may be put off: the records are on the disk and signed, so nothing here fails the append. Another writer's
    /// lock is not waited for; it will do the same after its own sync.
    fn after_sync(&mut self) {
        let Ok(Some(held)) = self.lock.try_acquire() else { return };
        let _ = self.advance_latest();
        if self.tail.entries() >= TILE_WIDTH && self.refresh(&held).is_ok() {
            let _ = self.seal(&held);
        }
    }

    /// Overwrites `latest` with our checkpoint, unless a newer one stands there. A note never gets shorter, and one
    /// under 512 bytes is one sector, so that neither a crash nor a reader sees half of it.
    fn advance_latest(&self) -> std::io::Result<()> {
        let mut there = [0; 512];
        let len = self.latest.read_at(&mut there, 0)?;
        if note::claimed_size(there.get(..len).unwrap_or_default()).is_none_or(|size| size < self.size()) {
            self.latest.write_all_at(self.checkpoint().as_bytes(), 0)?;
        }
        Ok(())
    }

    fn seal(&mut self, _held: &Held) -> Result<(), Trouble> {
        if self.tail.entries() < TILE_WIDTH {
            return Ok(());
        }
        seal::seal(&self.paths, &self.signer, &self.tail)?;
        self.tail = Tail::load(&self.paths, &self.signer)?.tail;
        Ok(())
    }
}

/// Makes an empty log. The head comes last: where it is not, but anything shows that entries were, it was taken away.
fn create(paths: &Paths, signer: &SignerKey) -> Result<(), Trouble> {
    let first_tile = paths.inside(&crate::tile::hash_tile_path(0, 0, TILE_WIDTH));
    let was_there = match tail::latest(paths, signer.verifier()) {
        Ok(latest) => latest.size > 0,
        Err(Trouble::Damaged(Damage { kind: DamageKind::Missing, .. })) => false,
        Err(trouble) => return Err(trouble),
    };
    if was_there || first_tile.exists() {
        return Err(Damage::new(&paths.head(), DamageKind::Missing).into());
    }
    let empty = Frontier::default();
    let checkpoint = signer.checkpoint(0, empty.root());
    let signature = signer.sign(&checkpoint);
    let note = signer.verifier().note(&checkpoint, &signature);
    disk::replace(&paths.latest(), note.as_bytes())?;
    disk::replace(&paths.checkpoint(), note.as_bytes())?;
    disk::replace(&paths.head(), &head::write(&[], 0, &empty, &signature).unwrap_or_default())?;
    Ok(())
}

fn encode(records: &[Record]) -> Result<Vec<Vec<u8>>, AppendError> {
    let mut entries = Vec::with_capacity(records.len());
    let mut bytes = 0;
    for (index, record) in records.iter().enumerate() {
        let entry = canonical::encode(record).map_err(|source| AppendError::Entry { index, source })?;
        bytes += entry.len() + 2;
        entries.push(entry);
    }
    if bytes > MAX_GROUP_BYTES { Err(AppendError::TooLarge { bytes }) } else { Ok(entries) }
}
