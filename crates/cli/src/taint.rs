//! The fold of tainted files over the whole ledger, kept in a file so that a hook need not read it from the beginning. The
//! file is a cache: losing it costs one long reading.

use std::fs;
use std::path::PathBuf;

use bailiwick_guard::taint::Taint;
use bailiwick_ledger::reader::Reader;

use crate::dirs::{Dirs, keep_cached};

/// Its name.
const NAME: &str = "tainted";

/// The file is written again when this many entries had to be looked at.
const WRITE_AFTER_ENTRIES: u64 = 8;

/// What was known when it was last written down.
pub fn load(dirs: &Dirs) -> Taint {
    fs::read(directory(dirs).join(NAME)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Takes in what has been recorded since; `false` where that cannot be known now. An entry that cannot be read, of whatever
/// session, may have written anything.
pub fn catch_up(dirs: &Dirs, taint: &mut Taint, reader: &mut Reader) -> bool {
    let refreshed = reader.refresh().is_ok();
    let (size, from) = (reader.size(), taint.upto);
    if from > size {
        *taint = Taint::default();
    }
    while taint.upto < size {
        let mut next = taint.upto;
        for entry in reader.entries(taint.upto) {
            match entry {
                Ok(entry) => taint.apply(entry.number, &entry.record),
                // It is the last one that comes.
                Err(_) => taint.lose(),
            }
            next += 1;
        }
        taint.upto = next.min(size);
    }
    if size >= from + WRITE_AFTER_ENTRIES
        && let Ok(bytes) = serde_json::to_vec(taint)
    {
        keep_cached(&directory(dirs), NAME, &bytes);
    }
    refreshed
}

fn directory(dirs: &Dirs) -> PathBuf {
    dirs.state.join("cache")
}
