//! Where events come to be judged and recorded: loads what judging needs, folds the session, appends the record.
//!
//! Used by `hook` for one event, by `judge` for a stream, by `try` for a recorded session. INVARIANT (recorded before
//! answered): the only way out is a [`Receipt`].

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick_guard::line::{Judged, Line};
use bailiwick_guard::session::{Session, Snapshot};
use bailiwick_ledger::log::{Ledger, Options};
use bailiwick_ledger::objects::Objects;
use bailiwick_ledger::reader::Reader;
use bailiwick_vocab::event::Event;
use bailiwick_vocab::record::{Receipt, Record};

use crate::before_after;
use crate::dirs::{Dirs, workspace_of};
use crate::disk::Disk;
use crate::failure::{Failure, Kind};
use crate::setup::{Choice, Setup};
use crate::snapshots;

/// The open ledger and everything loaded so far.
pub struct Station {
    dirs: Dirs,
    choice: Choice,
    ledger: Ledger,
    setups: HashMap<String, Setup>,
    sessions: HashMap<String, Snapshot>,
}

impl Station {
    /// Opens the ledger, making it where there is none.
    pub fn open(dirs: Dirs, choice: Choice) -> Result<Station, Failure> {
        dirs.create_state()?;
        let options = Options::new(dirs.key());
        let ledger = Ledger::open(&dirs.ledger(), options).map_err(|error| unwritable().because(error))?;
        Ok(Station { dirs, choice, ledger, setups: HashMap::new(), sessions: HashMap::new() })
    }

    /// Judges one event and records it.
    pub fn take(&mut self, event: &Event) -> Result<Receipt, Failure> {
        let mut receipts = self.take_all(std::slice::from_ref(event))?;
        receipts.pop().unwrap_or_else(|| Err(unwritable()))
    }

    /// Judges events in order and records them with one durable write. The outer failure is the ledger's and concerns
    /// all; an inner one concerns its event alone.
    pub fn take_all(&mut self, events: &[Event]) -> Result<Vec<Result<Receipt, Failure>>, Failure> {
        self.refresh(events)?;
        let mut records = Vec::new();
        let mut outcomes = Vec::new();
        for event in events {
            match self.judge(event) {
                Ok(record) => {
                    if let Some(snapshot) = self.sessions.get_mut(&event.scene.session) {
                        snapshot.state.apply(&record);
                    }
                    outcomes.push(Ok(()));
                    records.push(record);
                }
                Err(failure) => outcomes.push(Err(failure)),
            }
        }
        let appended = self.append(records);
        if appended.is_err() {
            // What was folded in memory is not on disk: fold again from the ledger.
            self.sessions.clear();
        }
        let mut receipts = appended?.into_iter();
        self.settle(events);
        Ok(outcomes.into_iter().map(|outcome| outcome.and_then(|()| receipts.next().ok_or_else(unwritable))).collect())
    }

    /// Appends records that no event made (undo, approvals, failures).
    pub fn append(&mut self, records: Vec<Record>) -> Result<Vec<Receipt>, Failure> {
        self.ledger.append(records).map_err(|error| unwritable().because(error))
    }

    /// The object store.
    pub fn objects(&self) -> &Objects {
        self.ledger.objects()
    }

    /// Brings the sessions of these events up to the ledger's end.
    fn refresh(&mut self, events: &[Event]) -> Result<(), Failure> {
        let size = self.ledger.size();
        for event in events {
            let id = &event.scene.session;
            if self.sessions.get(id).is_none_or(|snapshot| snapshot.upto != size) {
                let known = self.sessions.remove(id);
                let mut reader = Reader::open(&self.dirs.ledger()).map_err(|error| unreadable().because(error))?;
                let snapshot = snapshots::fold(&self.dirs, &mut reader, id, known)?;
                self.sessions.insert(id.clone(), snapshot);
            }
        }
        Ok(())
    }

    /// After an append: sessions that were folded in memory reach to the ledger's new end, if nobody else wrote
    /// meanwhile; the others are folded again when they are needed.
    fn settle(&mut self, events: &[Event]) {
        let size = self.ledger.size();
        let written = events.len() as u64;
        for event in events {
            if let Some(snapshot) = self.sessions.get_mut(&event.scene.session)
                && snapshot.upto + written >= size
            {
                snapshot.upto = size;
            }
        }
        self.sessions.retain(|_, snapshot| snapshot.upto == size);
    }

    fn judge(&mut self, event: &Event) -> Result<Record, Failure> {
        let snapshot = self.sessions.get(&event.scene.session);
        let session = snapshot.map(|snapshot| snapshot.state.clone()).unwrap_or_default();
        let workspace = workspace(event, &session);
        if !self.setups.contains_key(&workspace) {
            let setup = Setup::load(&self.dirs, &workspace, &self.choice)?;
            self.setups.insert(workspace.clone(), setup);
        }
        let Some(setup) = self.setups.get(&workspace) else {
            return Err(Failure::new(Kind::Configuration, "the policy was not loaded"));
        };
        let disk = Disk::default();
        let line =
            Line { policy: &setup.policy, policy_digest: &setup.digest, places: &setup.places, map: &setup.map, world: &disk };
        let Judged { mut record, objects } = line.judge(event, &session, now_ms());
        for object in &objects {
            self.objects().put(object).map_err(|error| unwritable().because(error))?;
        }
        before_after::note(self.objects(), event, &mut record)?;
        Ok(record)
    }
}

/// The workspace of an event: where its session began.
fn workspace(event: &Event, session: &Session) -> String {
    let start = if session.first_cwd.is_empty() { &event.scene.cwd } else { &session.first_cwd };
    match (&event.scene.project, start.is_empty()) {
        (Some(project), _) => workspace_of(project),
        (None, false) => workspace_of(start),
        (None, true) => String::new(),
    }
}

/// Milliseconds since the Unix epoch.
pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn unwritable() -> Failure {
    Failure::new(Kind::Environment, "the ledger cannot be written").hint("bailiwick doctor")
}

fn unreadable() -> Failure {
    Failure::new(Kind::Environment, "the ledger cannot be read").hint("bailiwick verify")
}
