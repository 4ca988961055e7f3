//! The files of a log as a reader holds them: the head and one bundle at a time, read whole, with the places of their
//! entries.

use std::fs::File;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use super::{ReadError, damaged};
use crate::damage::DamageKind;
use crate::disk::{self, IoError, Operation};
use crate::head::{self, Care};
use crate::paths::Paths;
use crate::tree::{Frontier, Hash};
use crate::{bundle, note, tile};

/// The head file, read whole.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) file: File,
    pub(super) identity: (u64, u64),
    pub(super) bytes: Vec<u8>,
    /// Where the good frames end; what follows may be a frame that is just being written.
    pub(super) end: usize,
    pub(super) start: u64,
    pub(super) frontier: Frontier,
    pub(super) signature: [u8; 64],
    /// Offsets of the entries' length prefixes.
    pub(super) entries: Vec<usize>,
}

/// A sealed bundle, read whole.
#[derive(Debug)]
pub(super) struct Bundle {
    pub(super) index: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) entries: Vec<usize>,
}

impl Head {
    pub(super) fn open(paths: &Paths) -> Result<Head, ReadError> {
        let path = paths.head();
        let file = File::open(&path).map_err(IoError::at(Operation::Open, &path))?;
        let metadata = file.metadata().map_err(IoError::at(Operation::Stat, &path))?;
        let identity = (metadata.dev(), metadata.ino());
        let (frontier, signature, entries) = (Frontier::default(), [0; 64], Vec::new());
        let mut head = Head { file, identity, bytes: Vec::new(), end: 0, start: 0, frontier, signature, entries };
        // Frames up to `latest` were whole once, and whether they still are is for `verify` to say.
        let seen = disk::read_if_there(&paths.latest())?.and_then(|note| note::claimed_size(&note)).unwrap_or(0);
        head.read_on(&path, Care::DigestsAbove(seen))?;
        if head.end == 0 {
            let fault = head::read(&head.bytes).err().unwrap_or(head::FrameFault::Order);
            return Err(damaged(&path, DamageKind::Frame { offset: 0, fault }));
        }
        Ok(head)
    }

    /// Reads what follows the good frames, and takes in those that have become whole.
    pub(super) fn read_on(&mut self, path: &Path, care: Care) -> Result<(), ReadError> {
        self.bytes.truncate(self.end);
        let metadata = self.file.metadata().map_err(IoError::at(Operation::Stat, path))?;
        let more = metadata.len().saturating_sub(self.end as u64);
        let mut bytes = vec![0; usize::try_from(more).unwrap_or(0)];
        let read = read_up_to(&self.file, &mut bytes, self.end as u64).map_err(IoError::at(Operation::Read, path))?;
        self.bytes.extend_from_slice(bytes.get(..read).unwrap_or_default());
        let after = (self.end > 0).then(|| self.frontier.size());
        let rest = self.bytes.get(self.end..).unwrap_or_default();
        let scan = head::scan(rest, after, care);
        for (offset, frame) in &scan.frames {
            let content = self.end + offset + head::HEADER_BYTES;
            self.entries.extend(bundle::entries(frame.entries).map_while(Result::ok).map(|(at, _)| content + at));
        }
        if let (None, Some((_, first))) = (after, scan.frames.first()) {
            self.start = first.frontier.size();
        }
        if let Some((_, last)) = scan.frames.last() {
            self.frontier = last.frontier.clone();
            self.signature = last.signature;
        }
        self.end += scan.end;
        Ok(())
    }
}

impl Bundle {
    pub(super) fn read(path: &Path, index: u64) -> Result<Bundle, ReadError> {
        let bytes = read_part(path)?;
        let entries = bundle::entries(&bytes).map_while(Result::ok).map(|(at, _)| at).collect();
        Ok(Bundle { index, bytes, entries })
    }
}

pub(super) fn entry_at<'a>(bytes: &'a [u8], offsets: &[usize], index: u64) -> Option<&'a [u8]> {
    let offset = *offsets.get(usize::try_from(index).ok()?)?;
    bundle::entries(bytes.get(offset..)?).next()?.ok().map(|(_, entry)| entry)
}

pub(super) fn read_tile(path: &Path, width: u64) -> Result<Vec<Hash>, ReadError> {
    let bytes = read_part(path)?;
    if bytes.len() as u64 == 32 * width { Ok(tile::tile_hashes(&bytes)) } else { Err(damaged(path, DamageKind::Hashes)) }
}

/// A file that the log must have.
fn read_part(path: &Path) -> Result<Vec<u8>, ReadError> {
    disk::read_if_there(path)?.ok_or_else(|| damaged(path, DamageKind::Missing))
}

/// Reads until the buffer is full or the file ends: it may be cut while we read.
fn read_up_to(file: &File, buffer: &mut [u8], from: u64) -> std::io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, from + done as u64)? {
            0 => break,
            read => done += read,
        }
    }
    Ok(done)
}
