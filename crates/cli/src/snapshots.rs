//! Folds a session from the ledger, starting from a snapshot file where there is one. The snapshot is a cache: it is
//! written when folding grew long, and losing it loses nothing.

use std::fs;
use std::path::PathBuf;

use bailiwick_guard::session::{Session, Snapshot};
use bailiwick_ledger::reader::Reader;

use crate::dirs::{Dirs, keep_cached};
use crate::failure::{Failure, Kind};
use crate::setup::digest_of;

/// A snapshot is written when this many entries had to be looked at since the last one: at about 20 µs an entry that
/// is 1 ms, a tenth of what a hook may take.
const WRITE_AFTER_ENTRIES: u64 = 48;

/// The session up to the reader's end.
pub fn fold(dirs: &Dirs, reader: &mut Reader, session: &str) -> Result<Session, Failure> {
    let size = reader.size();
    let mut snapshot = load(dirs, session).filter(|snapshot| snapshot.upto <= size).unwrap_or_default();
    session.clone_into(&mut snapshot.session);
    let from = snapshot.upto;
    for entry in reader.entries_of_session(session, from) {
        let entry = entry.map_err(|error| Failure::new(Kind::Environment, "the ledger cannot be read").because(error))?;
        snapshot.state.apply(&entry.record);
    }
    snapshot.upto = size;
    if size - from >= WRITE_AFTER_ENTRIES {
        save(dirs, &snapshot);
    }
    Ok(snapshot.state)
}

/// Where what is known of sessions lies, each under its digest.
pub fn directory(dirs: &Dirs) -> PathBuf {
    dirs.state.join("sessions")
}

fn load(dirs: &Dirs, session: &str) -> Option<Snapshot> {
    let bytes = fs::read(directory(dirs).join(digest_of(session))).ok()?;
    serde_json::from_slice(&bytes).ok().filter(|snapshot: &Snapshot| snapshot.session == session)
}

/// Best effort: a snapshot that cannot be written is folded again next time.
fn save(dirs: &Dirs, snapshot: &Snapshot) {
    if let Ok(bytes) = serde_json::to_vec(snapshot) {
        keep_cached(&directory(dirs), &digest_of(&snapshot.session), &bytes);
    }
}
