//! Cuts off what a killed writer or a power failure left torn behind the last whole frame: the torn bytes are kept
//! beside the log, entries among them that are whole are appended again, and what was done is told.
//!
//! Called under the lock. Nothing that was ever answered is torn: a receipt comes after the sync of its frame.

use std::path::PathBuf;

use crate::bundle;
use crate::canonical;
use crate::damage::Trouble;
use crate::disk::{self, IoError, Operation};
use crate::head::{HEADER_BYTES, Header};
use crate::paths::Paths;
use crate::tail::Tail;

/// What was cut off a log when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Where the torn bytes are kept.
    pub torn: PathBuf,
    /// How many they are.
    pub torn_bytes: u64,
    /// How many whole entries were found among them and are in the log now.
    pub kept_entries: u64,
    /// The log's size before those.
    pub size: u64,
}

/// Keeps the torn bytes aside and cuts them off the head. Gives what to tell, and the whole entries to append again.
pub(crate) fn cut(paths: &Paths, tail: &Tail, torn: &[u8]) -> Result<(Recovery, Vec<Vec<u8>>), Trouble> {
    let size = tail.frontier.size();
    let aside = keep_aside(paths, size, torn)?;
    let head = paths.head();
    tail.file.set_len(tail.len).map_err(IoError::at(Operation::Truncate, &head))?;
    tail.file.sync_data().map_err(IoError::at(Operation::Sync, &head))?;
    let entries = whole_entries(torn);
    let kept_entries = entries.len() as u64;
    Ok((Recovery { torn: aside, torn_bytes: torn.len() as u64, kept_entries, size }, entries))
}

fn keep_aside(paths: &Paths, size: u64, torn: &[u8]) -> Result<PathBuf, IoError> {
    let mut attempt = 0;
    loop {
        let path = paths.torn(size, attempt);
        if disk::create_new(&path, torn)? {
            return Ok(path);
        }
        // Killed between keeping and cutting, we find the same bytes kept already.
        if disk::read(&path)? == torn {
            return Ok(path);
        }
        attempt += 1;
    }
}

/// The entries at the start of a torn frame that are whole: canonical records, no more than the frame announced.
fn whole_entries(torn: &[u8]) -> Vec<Vec<u8>> {
    let Some(header) = Header::read(torn) else { return Vec::new() };
    let rest = torn.get(HEADER_BYTES..).unwrap_or_default();
    let entries = rest.get(..header.entries_bytes).unwrap_or(rest);
    bundle::entries(entries)
        .map_while(Result::ok)
        .map(|(_, entry)| entry)
        .take(usize::try_from(header.count).unwrap_or(usize::MAX))
        .take_while(|entry| canonical::decode(entry).is_ok())
        .map(<[u8]>::to_vec)
        .collect()
}
