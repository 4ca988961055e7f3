//! What a writer knows of the head file: where it ends, the tree's frontier there, and whether something torn follows.
//!
//! Reads only; called under the lock. A torn rest is handed to [`crate::recover`].

use std::fs::File;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;
use std::sync::Arc;

use crate::damage::{Damage, DamageKind, Trouble};
use crate::disk::{self, IoError, Operation};
use crate::head::{self, Care, Frame, FrameFault};
use crate::note::{Checkpoint, NoteError, SignerKey, VerifierKey};
use crate::paths::Paths;
use crate::tree::Frontier;

/// Read at once from the end: holds the last frame where that is one call without a huge argument.
const QUICK_BYTES: u64 = 8_192;

/// The head as a writer last saw it.
#[derive(Clone, Debug)]
pub(crate) struct Tail {
    pub(crate) file: Arc<File>,
    identity: (u64, u64),
    /// Where the good frames end.
    pub(crate) len: u64,
    /// The entry that the head begins with.
    pub(crate) start: u64,
    pub(crate) frontier: Frontier,
    pub(crate) signature: [u8; 64],
}

/// A tail, and what follows it that is no frame.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) tail: Tail,
    pub(crate) torn: Vec<u8>,
}

/// Reads `latest` and checks its signature.
pub(crate) fn latest(paths: &Paths, key: &VerifierKey) -> Result<Checkpoint, Trouble> {
    let path = paths.latest();
    let damaged = |kind| Trouble::Damaged(Damage::new(&path, kind));
    let Some(bytes) = disk::read_if_there(&path)? else { return Err(damaged(DamageKind::Missing)) };
    let note = std::str::from_utf8(&bytes).map_err(|_| damaged(DamageKind::Note(NoteError::Form)))?;
    key.open(note).map_err(|error| damaged(DamageKind::Note(error)))
}

impl Tail {
    /// Reads the head's end; the whole head where frames follow that no checkpoint in `latest` covers.
    pub(crate) fn load(paths: &Paths, signer: &SignerKey) -> Result<Seen, Trouble> {
        let path = paths.head();
        let file = match disk::open(&path) {
            Err(error) if error.is_missing() => return Err(Damage::new(&path, DamageKind::Missing).into()),
            file => file?,
        };
        let signed = latest(paths, signer.verifier())?.size;
        let metadata = file.metadata().map_err(IoError::at(Operation::Stat, &path))?;
        let head = Head { path: &path, file: Arc::new(file), identity: (metadata.dev(), metadata.ino()), len: metadata.len() };
        let seen = match head.quick(signed)? {
            Some(tail) => Seen { tail, torn: Vec::new() },
            None => head.whole(signed)?,
        };
        seen.tail.check_signature(&path, signer)?;
        Ok(seen)
    }

    /// Takes in what others have appended since; `None` where the head is another file now and must be loaded anew.
    pub(crate) fn catch_up(&mut self, paths: &Paths, signer: &SignerKey) -> Result<Option<Vec<u8>>, Trouble> {
        let path = paths.head();
        let metadata = match std::fs::metadata(&path).map_err(IoError::at(Operation::Stat, &path)) {
            Err(error) if error.is_missing() => return Err(Damage::new(&path, DamageKind::Missing).into()),
            metadata => metadata?,
        };
        if (metadata.dev(), metadata.ino()) != self.identity {
            return Ok(None);
        }
        if metadata.len() == self.len {
            return Ok(Some(Vec::new()));
        }
        if metadata.len() < self.len {
            let kind = DamageKind::Frame { offset: metadata.len(), fault: FrameFault::Cut };
            return Err(Damage::new(&path, kind).into());
        }
        let bytes = self.read(&path, self.len, metadata.len())?;
        let scan = head::scan(&bytes, Some(self.frontier.size()), Care::All);
        if let Some((_, frame)) = scan.frames.last() {
            self.advance(scan.end as u64, frame);
            self.check_signature(&path, signer)?;
        }
        Ok(Some(bytes.get(scan.end..).unwrap_or_default().to_vec()))
    }

    /// Takes in a frame that ends `bytes` further on.
    pub(crate) fn advance(&mut self, bytes: u64, frame: &Frame<'_>) {
        self.len += bytes;
        self.frontier = frame.frontier.clone();
        self.signature = frame.signature;
    }

    /// How many entries the head holds.
    pub(crate) fn entries(&self) -> u64 {
        self.frontier.size() - self.start
    }

    pub(crate) fn read(&self, path: &Path, from: u64, to: u64) -> Result<Vec<u8>, IoError> {
        read_range(&self.file, path, from, to)
    }

    fn check_signature(&self, path: &Path, signer: &SignerKey) -> Result<(), Damage> {
        let checkpoint = signer.checkpoint(self.frontier.size(), self.frontier.root());
        if signer.verifier().signed(&checkpoint, &self.signature) {
            Ok(())
        } else {
            Err(Damage::new(path, DamageKind::Signature))
        }
    }
}

/// The head file as it is on disk.
struct Head<'a> {
    path: &'a Path,
    file: Arc<File>,
    identity: (u64, u64),
    len: u64,
}

impl Head<'_> {
    /// The tail from the last frame alone. Sound only where `signed`, which is written after a sync, covers all that
    /// stands before that frame: after a power failure a whole frame may stand behind a torn one.
    fn quick(&self, signed: u64) -> Result<Option<Tail>, Trouble> {
        let first = read_range(&self.file, self.path, 0, self.len.min(head::HEADER_BYTES as u64))?;
        let end = read_range(&self.file, self.path, self.len.saturating_sub(QUICK_BYTES), self.len)?;
        let Some(first) = head::Header::read(&first).filter(|first| first.count == 0) else { return Ok(None) };
        let Some(last_len) = head::last_frame_len(&end).filter(|last| *last as u64 <= self.len) else { return Ok(None) };
        let bytes = match end.len().checked_sub(last_len) {
            Some(at) => end.get(at..).unwrap_or_default().to_vec(),
            None => read_range(&self.file, self.path, self.len - last_len as u64, self.len)?,
        };
        let Ok(frame) = head::read(&bytes) else { return Ok(None) };
        let covered = frame.base().is_some_and(|base| base <= signed) && frame.frontier.size() >= signed;
        let whole = frame.len == bytes.len() && first.size <= frame.frontier.size();
        Ok((covered && whole).then(|| self.tail(self.len, first.size, &frame)))
    }

    fn whole(&self, signed: u64) -> Result<Seen, Trouble> {
        let bytes = read_range(&self.file, self.path, 0, self.len)?;
        let scan = head::scan(&bytes, None, Care::All);
        let damaged = |kind| Trouble::Damaged(Damage::new(self.path, kind));
        let fault = DamageKind::Frame { offset: scan.end as u64, fault: scan.fault.unwrap_or(FrameFault::Cut) };
        // The first frame came by a rename and cannot be torn.
        let (Some((_, first)), Some((_, last))) = (scan.frames.first(), scan.frames.last()) else { return Err(damaged(fault)) };
        let size = last.frontier.size();
        if size < signed {
            return Err(damaged(if scan.fault.is_some() { fault } else { DamageKind::Shorter { size, signed } }));
        }
        let tail = self.tail(scan.end as u64, first.frontier.size(), last);
        Ok(Seen { tail, torn: bytes.get(scan.end..).unwrap_or_default().to_vec() })
    }

    fn tail(&self, len: u64, start: u64, last: &Frame<'_>) -> Tail {
        let (file, identity) = (Arc::clone(&self.file), self.identity);
        Tail { file, identity, len, start, frontier: last.frontier.clone(), signature: last.signature }
    }
}

fn read_range(file: &File, path: &Path, from: u64, to: u64) -> Result<Vec<u8>, IoError> {
    let len = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
    let mut bytes = vec![0; len];
    file.read_exact_at(&mut bytes, from).map_err(IoError::at(Operation::Read, path))?;
    Ok(bytes)
}
