//! Forgets old journals, so that what undo keeps does not grow for ever. Once a day, when a call's last process is gone.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use bailiwick_journal::collect::{Limits, collect};
use bailiwick_journal::store::Store;

use crate::dirs::Dirs;
use crate::ledger_view::open;
use crate::station::now_ms;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long what waits for a call's own names may lie there: a call that needs it longer has made its names.
const READY_LASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// Where a call's directories and files wait for the names that it makes; a call that was killed leaves them.
pub fn ready(dirs: &Dirs, call: &str) -> PathBuf {
    dirs.state.join("ready").join(call)
}

/// Looks, where a day has gone by; `running` is the caller's own journal.
pub fn sometimes(dirs: &Dirs, running: &str, limits: Limits) {
    let stamp = dirs.state.join("cache/forgotten");
    let age = fs::metadata(&stamp).and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
    if age.is_some_and(|age| age < EVERY) || fs::write(&stamp, "").is_err() {
        return;
    }
    sweep_ready(dirs);
    // Whatever looks like a digest in the ledger is needed; a ledger that cannot be read needs everything.
    let Some(needed) = digests(dirs) else { return };
    let store = Store::at(&dirs.ledger());
    let _ = collect(&store, limits, now_ms(), &[running.to_owned()], &|digest| needed.contains(digest));
}

fn sweep_ready(dirs: &Dirs) {
    let old = |entry: &fs::DirEntry| {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > READY_LASTS)
    };
    let entries = fs::read_dir(dirs.state.join("ready")).into_iter().flatten().flatten();
    entries.filter(old).for_each(|entry| drop(fs::remove_dir_all(entry.path())));
}

fn digests(dirs: &Dirs) -> Option<HashSet<String>> {
    let mut reader = open(&dirs.ledger()).ok()?;
    let mut found = HashSet::new();
    for entry in reader.entries(0) {
        let raw = entry.ok()?.raw;
        let words = raw.split(|byte| !byte.is_ascii_hexdigit()).filter(|word| word.len() == 64);
        found.extend(words.map(|word| String::from_utf8_lossy(word).into_owned()));
    }
    Some(found)
}
