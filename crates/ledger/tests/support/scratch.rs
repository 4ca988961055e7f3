//! What the tests share: a directory that goes when the test ends, and records to write.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use bailiwick_ledger::log::{Ledger, Options};
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::record::{Body, Record};

/// A directory of its own below cargo's, removed when dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("ledger-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The log's directory inside.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log")
    }

    pub(crate) fn options(&self) -> Options {
        Options::new(self.0.join("keys/log.key"))
    }

    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.log(), self.options()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A small record.
pub(crate) fn record(session: &str, detail: &str, at_ms: u64) -> Record {
    let body = Body::Session { what: "notice".to_owned(), detail: detail.to_owned(), ruling: None, approval: None };
    let agent = Agent { client: "test".to_owned(), ..Agent::default() };
    Record { at_ms, session: session.to_owned(), agent, cwd: String::new(), body }
}

/// `count` records, numbered from `from`.
pub(crate) fn records(from: u64, count: u64) -> Vec<Record> {
    (from..from + count).map(|n| record(&format!("s{}", n % 3), &format!("number {n}"), 1_000 + n)).collect()
}
