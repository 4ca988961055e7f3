//! Files that were written while strangers' text was in play: whoever reads them reads strangers' text, in any session. A
//! fold over all records of the ledger; what version control holds is looked at by people and does not count (the reader
//! of a file asks that). A file that a clean session replaces is clean again.

use std::collections::BTreeMap;

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

    fn call(&mut self, entry: u64, call: &CallRecord) {
        let source = source(&call.labels).or_else(|| source(&call.flows));
        for effect in &call.effects {
            let Deed::Write { target, mode } = &effect.deed else { continue };
            match &source {
                Some(source) if target.known && !target.tree => self.add(&target.path, source),
                None if *mode == WriteMode::Replace => {
                    self.files.remove(&target.path);
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
