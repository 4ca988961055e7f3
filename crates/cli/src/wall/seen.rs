//! What is noted while a command runs inside the wall, and the policy that is asked about what was not foreseen. Shared by
//! the watcher of system calls and the gate of connections, which are asked from many threads.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bailiwick_vocab::effect::{Effect, Span};
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::record::{Body, Observed, Record};

use crate::dirs::Dirs;
use crate::setup::{Choice, Setup};
use crate::station::{Station, now_ms};
use crate::wall::forget;
use crate::wall::grants::{self, Asker};
use crate::wall::secrets::session;
use crate::wall::ticket::{Ticket, sweep};

/// Most of each kind that is written down; the rest is counted.
const MOST: usize = 200;

/// Everything about one running call.
pub struct Seen {
    /// What it was allowed.
    pub ticket: Ticket,
    dirs: Dirs,
    /// The policy, from the first time that it is needed; none where it does not load.
    setup: OnceLock<Option<Setup>>,
    answered: Mutex<HashMap<String, bool>>,
    notes: Mutex<Notes>,
}

/// What is noted, before it is a record.
#[derive(Default)]
struct Notes {
    wall: Vec<String>,
    execs: BTreeSet<Vec<String>>,
    changed: BTreeSet<String>,
    connects: Vec<(String, u64, u64)>,
    credentials: BTreeSet<String>,
    leaks: BTreeSet<(String, String)>,
    refused: BTreeSet<String>,
    unpredicted: BTreeSet<String>,
    not_kept: Vec<String>,
    left_out: u64,
}

impl Seen {
    /// Nothing yet.
    pub fn new(dirs: Dirs, ticket: Ticket) -> Seen {
        Seen { ticket, dirs, setup: OnceLock::new(), answered: Mutex::default(), notes: Mutex::default() }
    }

    /// Whether the policy lets this be done without a person's yes; asked once for each `key`.
    pub fn permits(&self, key: String, effect: impl FnOnce() -> Effect) -> bool {
        if let Some(answer) = locked(&self.answered).get(&key) {
            return *answer;
        }
        let ticket = &self.ticket;
        let asker = Asker { agent: &ticket.agent, session: &ticket.session, tool: &ticket.tool, labels: &ticket.labels };
        let answer = self.setup().is_some_and(|setup| grants::permits(setup, &asker, effect()));
        locked(&self.answered).insert(key, answer);
        answer
    }

    /// Whether a path lies in one of these places; a policy that does not load puts everything everywhere.
    pub fn lies_in(&self, path: &Path, places: &[&str]) -> bool {
        self.setup().is_none_or(|setup| setup.lies_in(path, places))
    }

    /// Whether a host is one of this machine or of a private network by what it is called; none is where no policy loads.
    pub fn is_inside(&self, host: &str) -> bool {
        self.host_lies_in(host, &["loopback", "private-networks"])
    }

    /// Whether a host lies in one of these places; none does where no policy loads.
    pub fn host_lies_in(&self, host: &str, places: &[&str]) -> bool {
        self.setup().is_some_and(|setup| setup.host_lies_in(host, places))
    }

    fn setup(&self) -> Option<&Setup> {
        self.setup.get_or_init(|| Setup::load(&self.dirs, &self.ticket.workspace, &Choice::default()).ok()).as_ref()
    }

    /// What was enforced.
    pub fn enforced(&self, wall: Vec<String>) {
        locked(&self.notes).wall = wall;
    }

    /// A program was started.
    pub fn exec(&self, argv: Vec<String>) {
        self.note(|notes| (&mut notes.execs, argv));
    }

    /// A path was changed.
    pub fn changed(&self, path: &Path) {
        self.note(|notes| (&mut notes.changed, path.to_string_lossy().into_owned()));
    }

    /// Something was refused.
    pub fn refused(&self, text: String) {
        self.note(|notes| (&mut notes.refused, text));
    }

    /// Something happened that the effects do not say.
    pub fn unpredicted(&self, text: String) {
        self.note(|notes| (&mut notes.unpredicted, text));
    }

    /// A connection has ended.
    pub fn connected(&self, to: String, bytes_out: u64, bytes_in: u64) {
        let mut notes = locked(&self.notes);
        if notes.connects.len() < MOST {
            notes.connects.push((to, bytes_out, bytes_in));
        } else {
            notes.left_out += 1;
        }
    }

    /// Credentials were put in, towards a host.
    pub fn credentials(&self, names: &[String], to: &str) {
        for name in names {
            self.note(|notes| (&mut notes.credentials, format!("{name} to {to}")));
        }
    }

    /// A credential's placeholder was on its way to a host that it is not for, and was stopped.
    pub fn leaked(&self, credential: &str, host: &str) {
        self.note(|notes| (&mut notes.leaks, (credential.to_owned(), host.to_owned())));
    }

    /// What cannot be undone.
    pub fn not_kept(&self, what: Vec<String>) {
        locked(&self.notes).not_kept = what;
    }

    fn note<T: Ord>(&self, one: impl FnOnce(&mut Notes) -> (&mut BTreeSet<T>, T)) {
        let mut notes = locked(&self.notes);
        let (set, value) = one(&mut notes);
        let full = set.len() >= MOST && !set.contains(&value);
        if !full {
            set.insert(value);
        }
        notes.left_out += u64::from(full);
    }

    /// Forgets tickets and journals that are too old.
    pub fn forget_old(&self, running: &str) {
        sweep(&self.dirs);
        session::sweep(&self.dirs);
        forget::sometimes(&self.dirs, running);
    }

    /// Puts into the ledger what came after the record, where anything did.
    pub fn record_rest(&self) {
        let rest = {
            let notes = locked(&self.notes);
            let changes = !notes.execs.is_empty() || !notes.changed.is_empty() || !notes.refused.is_empty();
            changes || !notes.connects.is_empty() || !notes.leaks.is_empty()
        };
        if rest {
            self.record("background".to_owned(), None);
        }
    }

    /// Puts it all into the ledger.
    pub fn record(&self, exit: String, journal: Option<String>) {
        let notes = std::mem::take(&mut *locked(&self.notes));
        let hide = |text: String| bailiwick_detect::redact(&text).text;
        let observed = Observed {
            call: self.ticket.call.clone(),
            entry: self.ticket.entry,
            exit,
            wall: notes.wall,
            execs: notes.execs.into_iter().map(|argv| argv.into_iter().map(hide).collect()).collect(),
            changed: notes.changed.into_iter().collect(),
            connects: notes.connects,
            credentials: notes.credentials.into_iter().collect(),
            findings: notes.leaks.into_iter().map(leak).collect(),
            refused: notes.refused.into_iter().map(hide).collect(),
            unpredicted: notes.unpredicted.into_iter().map(hide).collect(),
            left_out: notes.left_out,
            journal,
            not_kept: notes.not_kept,
        };
        let record = Record {
            at_ms: now_ms(),
            session: self.ticket.session.clone(),
            agent: self.ticket.agent.clone(),
            cwd: self.ticket.cwd.clone(),
            body: Body::Observed(Box::new(observed)),
        };
        // The command has run: where this cannot be written, the entry of the call stands without what came of it.
        if let Ok(mut station) = Station::open(self.dirs.clone(), Choice::default()) {
            let _ = station.append(vec![record]);
        }
    }
}

fn leak((credential, host): (String, String)) -> Finding {
    Finding {
        rule: "leak/credential".to_owned(),
        span: Span { start: 0, end: 0 },
        text: format!("the credential {credential} was on its way to {host}, which it is not for; it was stopped"),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
