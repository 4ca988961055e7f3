//! The sessions of one process, folded to the ledger's end and kept there: by our own records as they are judged, by
//! others' as they are found. A hook process needs one session once; `judge` may meet thousands.

use std::collections::HashMap;
use std::path::PathBuf;

use bailiwick_guard::session::Session;
use bailiwick_ledger::reader::{ReadError, Reader};
use bailiwick_vocab::record::{Receipt, Record};

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::snapshots;

/// Sessions kept in memory; past it all are dropped and folded again when they are needed.
const MAX_SESSIONS: usize = 20_000;

/// Folded sessions by identifier, all up to the same entry.
pub struct Folds {
    dirs: Dirs,
    /// The ledger as it was when this process began: a session that is not known since then can only lie there.
    opening: Option<Reader>,
    /// The ledger as it is.
    reader: Option<Reader>,
    /// Every known session is folded up to this entry.
    upto: u64,
    /// Whether the ledger holds entries since the opening that are not in the folds.
    foreign: bool,
    sessions: HashMap<String, Session>,
}

impl Folds {
    /// Nothing folded yet.
    pub fn new(dirs: &Dirs) -> Result<Folds, Failure> {
        let opening = open(dirs.ledger())?;
        let upto = opening.as_ref().map_or(0, Reader::size);
        Ok(Folds { dirs: dirs.clone(), opening, reader: open(dirs.ledger())?, upto, foreign: false, sessions: HashMap::new() })
    }

    /// Takes in what others have written since.
    pub fn refresh(&mut self) -> Result<(), Failure> {
        if self.sessions.len() > MAX_SESSIONS {
            self.forget();
        }
        if self.reader.is_none() {
            self.reader = open(self.dirs.ledger())?;
        }
        let Some(reader) = &mut self.reader else { return Ok(()) };
        reader.refresh().map_err(unreadable)?;
        let size = reader.size();
        for entry in reader.entries(self.upto) {
            let record = entry.map_err(unreadable)?.record;
            if let Some(session) = self.sessions.get_mut(&record.session) {
                session.apply(&record);
            }
        }
        self.foreign |= size > self.upto;
        self.upto = self.upto.max(size);
        Ok(())
    }

    /// The session, folded.
    pub fn session(&mut self, id: &str) -> Result<&mut Session, Failure> {
        if !self.sessions.contains_key(id) {
            let reader = if self.foreign { &mut self.reader } else { &mut self.opening };
            let state = match reader {
                Some(reader) => snapshots::fold(&self.dirs, reader, id)?,
                None => Session::default(),
            };
            self.sessions.insert(id.to_owned(), state);
        }
        Ok(self.sessions.entry(id.to_owned()).or_default())
    }

    /// The session that an agent's event belongs to: where a sub-agent speaks in one that nothing is known of and that has
    /// another sub-agent's name, the one in which that was started. What flowed in there, it has been told.
    pub fn root(&mut self, session: &str, agent: &str) -> Result<String, Failure> {
        if agent.is_empty() || !self.session(session)?.first_cwd.is_empty() {
            return Ok(session.to_owned());
        }
        let Some(reader) = &mut self.reader else { return Ok(session.to_owned()) };
        Ok(reader.session_of_agent(session).map_err(unreadable)?.unwrap_or_else(|| session.to_owned()))
    }

    /// The number of entries that are known.
    pub fn upto(&self) -> u64 {
        self.upto
    }

    /// A record was judged; it is part of its session from now on.
    pub fn judged(&mut self, record: &Record) {
        if let Some(session) = self.sessions.get_mut(&record.session) {
            session.apply(record);
        }
    }

    /// Drops every fold; from now on a session is folded from the ledger as it is, our own entries included.
    pub fn forget(&mut self) {
        self.sessions.clear();
        self.foreign = true;
    }

    /// The judged records are on disk, or (`None`) could not be written: then, or where others wrote in between, what
    /// was folded in memory is not what the ledger holds, and is dropped.
    pub fn written(&mut self, receipts: Option<&[Receipt]>) {
        let Some(receipts) = receipts else {
            self.forget();
            return;
        };
        let in_a_row = receipts.iter().zip(self.upto..).all(|(receipt, expected)| receipt.entry() == expected);
        if in_a_row {
            self.upto += receipts.len() as u64;
        } else {
            self.forget();
            self.upto = receipts.last().map_or(self.upto, |last| last.entry() + 1);
        }
    }
}

/// A reader, or nothing where there is no log yet.
fn open(directory: PathBuf) -> Result<Option<Reader>, Failure> {
    match Reader::open(&directory) {
        Ok(reader) => Ok(Some(reader)),
        Err(ReadError::NoLog { .. }) => Ok(None),
        Err(error) => Err(unreadable(error)),
    }
}

fn unreadable(error: ReadError) -> Failure {
    Failure::new(Kind::Environment, "the ledger cannot be read").because(error).hint("bailiwick verify")
}
