//! Files that were written while strangers' text was in play: whoever reads them reads strangers' text, in any session. A
//! fold over all records of the ledger; what version control holds is looked at by people and does not count (the reader
//! of a file asks that). A file that a clean session replaces is clean again.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::{Deed, WriteMode};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, CallRecord, Record};
use serde::{Deserialize, Serialize};

/// Files remembered; past it the first in the alphabet goes, for a bound there must be.
const MAX_FILES: usize = 50_000;

/// Calls whose observation has not come, remembered.
const MAX_OPEN: usize = 256;

/// The files, and how far the ledger has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taint {
    /// Entries that have been looked at.
    pub upto: u64,
    /// Each file with the source that was in play.
    files: BTreeMap<String, String>,
    /// Calls in whose session strangers' text was in play, by entry: what the wall saw them change is to come.
    open: BTreeMap<u64, String>,
    /// Whether an entry could not be read: what it wrote may be anything.
    #[serde(default)]
    lost: bool,
    /// Files that clean sessions have replaced since.
    #[serde(default)]
    clean: BTreeSet<String>,
}

impl Taint {
    /// Takes the next record, of any session.
    pub fn apply(&mut self, entry: u64, record: &Record) {
        match &record.body {
            Body::Call(call) if call.ruling.verdict != Verdict::Deny => self.call(entry, call),
            Body::Observed(seen) => {
                if let Some(source) = self.open.remove(&seen.entry) {
                    seen.changed.iter().for_each(|path| self.add(path, &source));
                }
            }
            Body::Call(_)
            | Body::Prompt { .. }
            | Body::Outcome { .. }
            | Body::Session { .. }
            | Body::Undo { .. }
            | Body::Approval { .. }
            | Body::Failure { .. } => {}
        }
    }

    /// An entry cannot be read: every file may be one that it wrote under strangers' influence, until version control holds
    /// it as it is, or a clean session is known to have replaced it since.
    pub fn lose(&mut self) {
        self.lost = true;
        self.clean.clear();
    }

    /// Whether nothing is known against a file but that an entry could not be read.
    #[must_use]
    pub fn may_be(&self, path: &str) -> bool {
        self.lost && !self.clean.contains(path)
    }

    fn call(&mut self, entry: u64, call: &CallRecord) {
        let source = source(&call.labels).or_else(|| source(&call.flows));
        for effect in &call.effects {
            let Deed::Write { target, mode } = &effect.deed else { continue };
            match &source {
                Some(source) if target.known && !target.tree => self.add(&target.path, source),
                None if *mode == WriteMode::Replace => {
                    self.files.remove(&target.path);
                    if self.lost && self.clean.len() < MAX_FILES {
                        self.clean.insert(target.path.clone());
                    }
                }
                Some(_) | None => {}
            }
        }
        if let Some(source) = source {
            if self.open.len() >= MAX_OPEN {
                self.open.pop_first();
            }
            self.open.insert(entry, source);
        }
    }

    fn add(&mut self, path: &str, source: &str) {
        self.clean.remove(path);
        if self.files.len() >= MAX_FILES {
            self.files.pop_first();
        }
        self.files.insert(path.to_owned(), source.to_owned());
    }

    /// The files at or below a path.
    pub fn below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        let own = path.trim_end_matches('/');
        let inside = move |file: &&String| file.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.files
            .range(own.to_owned()..)
            .map(|(file, _)| file)
            .take_while(move |file| file.starts_with(own))
            .filter(inside)
            .map(String::as_str)
    }
}

fn source(labels: &Labels) -> Option<String> {
    labels.untrusted.first().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_what_cannot_be_read_every_file_may_be_tainted_and_what_is_known_stays_so() {
        let mut taint = Taint::default();
        taint.add("/w/known", "web:x");
        assert!(!taint.may_be("/w/any"));
        taint.lose();
        assert!(taint.may_be("/w/any") && taint.may_be("/w/known"));
        taint.clean.insert("/w/any".to_owned());
        assert!(!taint.may_be("/w/any"));
        taint.add("/w/any", "web:x");
        assert!(taint.may_be("/w/any"));
        taint.clean.insert("/w/other".to_owned());
        taint.lose();
        assert!(taint.may_be("/w/other"));
    }
}
