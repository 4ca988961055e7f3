//! A scratch tree with a store beside it, and calls made in it.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_journal::budget::Budget;
use bailiwick_journal::journal::Journal;
use bailiwick_journal::past::Past;
use bailiwick_journal::plan::Plan;
use bailiwick_journal::store::Store;
use bailiwick_journal::undo::{Undone, undo};

use crate::broker::{Act, Blob, perform};

pub struct World {
    scratch: tempfile::TempDir,
    pub store: Store,
}

impl World {
    pub fn new() -> World {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("w")).unwrap();
        let store = Store::at(&scratch.path().join("store"));
        World { scratch, store }
    }

    pub fn root(&self) -> PathBuf {
        self.scratch.path().join("w")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub fn store_dir(&self) -> PathBuf {
        self.scratch.path().join("store")
    }

    /// Writes a file, and the directories to it, outside any call.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn open(&self, call: &str) -> Journal {
        self.open_with(call, Budget::default())
    }

    pub fn open_with(&self, call: &str, budget: Budget) -> Journal {
        Journal::open(&self.store, call, budget, now_ms()).unwrap()
    }

    /// Runs a whole call.
    pub fn call(&self, call: &str, acts: &[Act]) {
        let journal = self.open(call);
        acts.iter().for_each(|act| perform(&journal, act));
        journal.end(now_ms()).unwrap();
    }

    pub fn past(&self, call: &str) -> Past {
        Past::read(&self.store, call).unwrap()
    }

    pub fn plan(&self, call: &str) -> Plan {
        Plan::of(&self.store, &self.past(call))
    }

    pub fn undo(&self, call: &str, into: &str) -> Undone {
        let journal = self.open(into);
        let undone = undo(&self.store, &self.past(call), &journal).unwrap();
        journal.end(now_ms()).unwrap();
        undone
    }
}

pub fn now_ms() -> u64 {
    u64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Replaces a file's content.
pub fn put(path: &Path, content: &str) -> Act {
    Act::Overwrite(path.to_owned(), Blob(content.as_bytes().to_vec()))
}
