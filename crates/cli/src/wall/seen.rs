//! What is noted while a command runs inside the wall, and the policy that is asked about what was not foreseen. Shared by
//! the watcher of system calls and the gate of connections, which are asked from many threads.

pub mod bound;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bailiwick_guard::canary;
use bailiwick_vocab::call::{Request, Shell};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::{Deed, Effect, Span};
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, Observed, Record};

use crate::canaries;
use crate::dirs::Dirs;
use crate::failure::Failure;
use crate::keeping;
use crate::review::Bases;
use crate::setup::{Choice, Setup};
use crate::station::{Station, now_ms};
use crate::wall::asking::Asking;
use crate::wall::forget;
use crate::wall::grants::{self, Asker, Grants};
use crate::wall::lead::Lead;
use crate::wall::secrets::session;
use crate::wall::seen::bound::bounded;
use crate::wall::ticket::{Ticket, argv_digest, sweep};

/// Most of each kind that is written down; the rest is counted.
const MOST: usize = 200;

/// Most credentials used and leaks that are written down: the first of them tell what happens.
const FEW: usize = 20;

/// Most refusals that the command's caller is told.
const MOST_SAID: usize = 5;

/// Most answers of the policy that are remembered; then all are asked for again.
const MOST_ANSWERS: usize = 10_000;

/// Everything about one running call.
pub struct Seen {
    /// What it was allowed.
    pub ticket: Ticket,
    dirs: Dirs,
    /// The policy, from the first time that it is needed; none where it does not load.
    setup: OnceLock<Option<Setup>>,
    answered: Mutex<HashMap<String, Verdict>>,
    /// Planted tokens, from the first request on.
    canaries: OnceLock<Result<Vec<String>, Failure>>,
    notes: Mutex<Notes>,
    /// The agent's own process, where a whole agent runs.
    pub lead: Option<Lead>,
    /// The workspace under a layer, where changes wait for a review.
    pub bases: Option<Bases>,
    /// What has flowed into the session.
    labels: Mutex<Labels>,
    /// What calls that were judged meanwhile may do besides.
    allowed: Mutex<Allowed>,
    asking: Asking,
}

/// What the calls of an agent inside were allowed, from its hooks.
#[derive(Default)]
struct Allowed {
    /// Commands that users are asked about, bare, with what they do.
    asked: Vec<(String, Vec<Effect>)>,
    /// Paths that only the agent's own process may change.
    agents: HashSet<PathBuf>,
    programs: HashSet<String>,
    hosts: HashSet<String>,
    named: HashSet<PathBuf>,
    uploads: HashSet<String>,
    outward: bool,
    pushes: Grants,
}

/// From when on what a call was judged to do counts.
pub enum Counts {
    /// It was allowed: at once.
    AtOnce,
    /// Its user is asked first: when the agent starts this command, for it does that only after a yes.
    Started(String),
    /// Its user is asked first, and the agent's own process does it by itself: for that process.
    ForAgent,
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
    /// Hosts that planted tokens were on their way to, and in which dress.
    canaries: BTreeSet<(String, String)>,
    refused: BTreeSet<String>,
    unpredicted: BTreeSet<String>,
    not_kept: Vec<String>,
    left_out: u64,
}

impl Seen {
    /// Nothing yet.
    pub fn new(dirs: Dirs, ticket: Ticket) -> Seen {
        Seen {
            labels: Mutex::new(ticket.labels.clone()),
            ticket,
            dirs,
            setup: OnceLock::new(),
            answered: Mutex::default(),
            canaries: OnceLock::new(),
            notes: Mutex::default(),
            lead: None,
            bases: None,
            allowed: Mutex::default(),
            asking: Asking::default(),
        }
    }

    /// The same, around a whole run.
    pub fn around(mut self, lead: Option<Lead>, bases: Option<Bases>) -> Seen {
        (self.lead, self.bases) = (lead, bases);
        self
    }

    /// Where the guard's own files lie.
    pub fn dirs(&self) -> &Dirs {
        &self.dirs
    }

    /// A hook's call was judged, and not denied: the agent runs it, or asks its user first. What it was judged to do is not
    /// asked about again, and what has flowed into its session counts from now on.
    pub fn foresee(&self, effects: Vec<Effect>, labels: Labels, counts: Counts) {
        match counts {
            Counts::AtOnce => self.allow(&effects),
            Counts::Started(command) => locked(&self.allowed).asked.push((bare(&command), effects)),
            Counts::ForAgent => {
                let named = grants::named_by(&effects, &self.ticket.workspace).named;
                locked(&self.allowed).agents.extend(named);
            }
        }
        self.learn(labels);
    }

    fn allow(&self, effects: &[Effect]) {
        let mut allowed = locked(&self.allowed);
        for effect in effects {
            if let Deed::Execute { argv, .. } = &effect.deed {
                allowed.programs.insert(argv_digest(argv));
            }
        }
        let grants = grants::named_by(effects, &self.ticket.workspace);
        allowed.pushes.add_pushes(&grants);
        allowed.uploads.extend(grants.uploads);
        allowed.outward |= grants.outward;
        allowed.hosts.extend(grants.hosts);
        allowed.named.extend(grants.named);
    }

    /// The agent itself starts a program: where its words hold a command that its user was asked about, the user said yes.
    pub fn agent_starts(&self, argv: &[String]) {
        let words: Vec<String> = argv.iter().map(|word| bare(word)).collect();
        let is_started = |command: &str| !command.is_empty() && words.iter().any(|word| word.contains(command));
        let started: Vec<Vec<Effect>> = {
            let mut allowed = locked(&self.allowed);
            let (started, waiting) = std::mem::take(&mut allowed.asked).into_iter().partition(|(command, _)| is_started(command));
            allowed.asked = waiting;
            let started: Vec<(String, Vec<Effect>)> = started;
            started.into_iter().map(|(_, effects)| effects).collect()
        };
        started.iter().for_each(|effects| self.allow(effects));
    }

    /// Whether a call of the agent's own tool for files, which its user was asked about, named this path.
    pub fn names_for_agent(&self, path: &Path) -> bool {
        locked(&self.allowed).agents.iter().any(|named| path.starts_with(named))
    }

    /// More has flowed into the session.
    pub fn learn(&self, labels: Labels) {
        let mut now = locked(&self.labels);
        if *now != labels {
            *now = labels;
            locked(&self.answered).clear();
        }
    }

    /// Whether an argument vector was foreseen by what was judged.
    pub fn foresees(&self, argv: &[String]) -> bool {
        let digest = argv_digest(argv);
        self.ticket.programs.contains(&digest) || locked(&self.allowed).programs.contains(&digest)
    }

    /// Whether what was judged named this host.
    pub fn names_host(&self, host: &str) -> bool {
        self.ticket.grants.hosts.iter().any(|named| named == host) || locked(&self.allowed).hosts.contains(host)
    }

    /// Whether what was judged named a host above this one, or reaches some service without naming its host.
    pub fn names_above(&self, host: &str) -> bool {
        let below = |named: &String| host.strip_suffix(named.as_str()).is_some_and(|rest| rest.ends_with('.'));
        let (grants, allowed) = (&self.ticket.grants, locked(&self.allowed));
        grants.outward || allowed.outward || grants.hosts.iter().chain(&allowed.hosts).any(below)
    }

    /// Whether what was judged sends data to this host.
    pub fn sends_to(&self, host: &str) -> bool {
        let (grants, allowed) = (&self.ticket.grants, locked(&self.allowed));
        grants.outward || allowed.outward || grants.uploads.iter().any(|named| named == host) || allowed.uploads.contains(host)
    }

    /// Whether what was judged pushes to this repository.
    pub fn pushes_to(&self, host: &str, path: &str) -> bool {
        let pushes = |grants: &Grants| grants.pushes.iter().any(|named| named.is(host, path));
        pushes(&self.ticket.grants) || pushes(&locked(&self.allowed).pushes)
    }

    /// Whether this is a push that was judged, as a further program names it.
    pub fn means(&self, deed: &Deed) -> bool {
        self.ticket.grants.means(deed) || locked(&self.allowed).pushes.means(deed)
    }

    /// Whether what was judged named this path, or a tree that holds it.
    pub fn names(&self, path: &Path) -> bool {
        self.ticket.grants.names(path) || locked(&self.allowed).named.iter().any(|named| path.starts_with(named))
    }

    /// Whether the policy lets this be done without a person's yes; asked once for each `key`.
    pub fn permits(&self, key: String, effect: impl FnOnce() -> Effect) -> bool {
        self.verdict(key, effect) == Verdict::Allow
    }

    /// What the policy says of this; asked once for each `key`. Where no policy loads, no.
    pub fn verdict(&self, key: String, effect: impl FnOnce() -> Effect) -> Verdict {
        if let Some(answer) = locked(&self.answered).get(&key) {
            return *answer;
        }
        let ticket = &self.ticket;
        let labels = locked(&self.labels).clone();
        let asker = Asker { agent: &ticket.agent, session: &ticket.session, tool: &ticket.tool, labels: &labels };
        let answer = self.setup().map_or(Verdict::Deny, |setup| grants::verdict(setup, &asker, effect()));
        let mut answered = locked(&self.answered);
        if answered.len() >= MOST_ANSWERS {
            answered.clear();
        }
        answered.insert(key, answer);
        answer
    }

    /// Whether the policy lets this be done, or a person does who is asked about `command`, which does the same.
    pub fn lets(&self, key: String, effect: impl FnOnce() -> Effect, command: String) -> Result<(), String> {
        if self.permits(key.clone(), effect) {
            return Ok(());
        }
        let wait = self.setup().and_then(|setup| setup.map.wall.as_ref()).map_or(0, |wall| wall.wait);
        let request = Request::Shell { command, shell: Shell::Bash, background: false, unseen_input: false };
        self.asking.ask(&self.dirs, &self.ticket, Duration::from_secs(u64::from(wait)), key, request)
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

    /// What was refused so far, in few words.
    pub fn refusals(&self) -> Vec<String> {
        let notes = locked(&self.notes);
        let (first, rest) = (notes.refused.iter().take(MOST_SAID), notes.refused.len().saturating_sub(MOST_SAID));
        let mut said: Vec<String> = first.map(|text| format!("bailiwick: refused {text}")).collect();
        if rest > 0 {
            said.push(format!("bailiwick: and {rest} more; `bailiwick log` has them"));
        }
        said
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
            self.note_few(|notes| (&mut notes.credentials, format!("{name} to {to}")));
        }
    }

    /// A credential's placeholder was on its way to a host that it is not for, and was stopped.
    pub fn leaked(&self, credential: &str, host: &str) {
        self.note_few(|notes| (&mut notes.leaks, (credential.to_owned(), host.to_owned())));
    }

    /// Whether one of these texts, on its way to a host, holds a planted token that the policy does not let go there.
    pub fn traps(&self, host: &str, effect: Effect, texts: &[&str]) -> bool {
        let Ok(tokens) = self.canaries.get_or_init(|| canaries::tokens(&self.dirs)) else { return true };
        let found: Vec<Finding> = texts.iter().flat_map(|text| canary::findings(text, tokens)).collect();
        let Some(first) = found.first() else { return false };
        self.note_few(|notes| (&mut notes.canaries, (host.to_owned(), first.seen.clone())));
        let ticket = &self.ticket;
        let labels = locked(&self.labels).clone();
        let asker = Asker { agent: &ticket.agent, session: &ticket.session, tool: &ticket.tool, labels: &labels };
        let lets = |setup: &Setup| grants::verdict_on(setup, &asker, effect, &found) == Verdict::Allow;
        !self.setup().is_some_and(lets)
    }

    /// What cannot be undone.
    pub fn not_kept(&self, what: Vec<String>) {
        locked(&self.notes).not_kept = what;
    }

    fn note<T: Ord>(&self, one: impl FnOnce(&mut Notes) -> (&mut BTreeSet<T>, T)) {
        self.note_to(MOST, one);
    }

    fn note_few<T: Ord>(&self, one: impl FnOnce(&mut Notes) -> (&mut BTreeSet<T>, T)) {
        self.note_to(FEW, one);
    }

    fn note_to<T: Ord>(&self, most: usize, one: impl FnOnce(&mut Notes) -> (&mut BTreeSet<T>, T)) {
        let mut notes = locked(&self.notes);
        let (set, value) = one(&mut notes);
        let full = set.len() >= most && !set.contains(&value);
        if !full {
            set.insert(value);
        }
        notes.left_out += u64::from(full);
    }

    /// Forgets tickets and journals that are too old.
    pub fn forget_old(&self, running: &str) {
        sweep(&self.dirs);
        session::sweep(&self.dirs);
        forget::sometimes(&self.dirs, running, keeping::limits(&self.ticket.undo));
    }

    /// Puts into the ledger what came after the record, where anything did.
    pub fn record_rest(&self) {
        let rest = {
            let notes = locked(&self.notes);
            let changes = !notes.execs.is_empty() || !notes.changed.is_empty() || !notes.refused.is_empty();
            changes || !notes.connects.is_empty() || !notes.leaks.is_empty() || !notes.canaries.is_empty()
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
            findings: notes.leaks.into_iter().map(leak).chain(notes.canaries.into_iter().map(trap)).collect(),
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
            body: Body::Observed(Box::new(bounded(observed))),
        };
        // The command has run: where this cannot be written, the entry of the call stands without what came of it.
        if let Ok(mut station) = Station::open(self.dirs.clone(), Choice::default()) {
            let _ = station.append(vec![record]);
        }
    }
}

fn leak((credential, host): (String, String)) -> Finding {
    let means = format!("the credential {credential} was on its way to {host}, which it is not for; it was stopped");
    Finding::new("leak/credential", Span { start: 0, end: 0 }, means)
}

fn trap((host, seen): (String, String)) -> Finding {
    let means = format!("a token that was planted as a trap was on its way to {host}");
    Finding { seen, ..Finding::new(canary::RULE, Span { start: 0, end: 0 }, means) }
}

/// A command without what quoting adds to it: the agent quotes it anew for its shell.
fn bare(command: &str) -> String {
    command.chars().filter(|char| !char.is_whitespace() && !matches!(char, '\'' | '"' | '\\')).collect()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_is_asked_about_counts_when_the_agent_starts_it() {
        let root = std::env::temp_dir().join(format!("bailiwick-seen-{}", std::process::id()));
        let dirs = Dirs { state: root.join("state"), config: root.join("config") };
        let ticket = Ticket {
            entry: 0,
            session: "s".to_owned(),
            agent: bailiwick_vocab::event::Agent::default(),
            call: String::new(),
            tool: "run".to_owned(),
            cwd: "/".to_owned(),
            workspace: String::new(),
            unseen_input: true,
            command: String::new(),
            effects: String::new(),
            labels: Labels::default(),
            programs: Vec::new(),
            grants: Grants::default(),
            not_undone: Vec::new(),
            undo: bailiwick_vocab::map::Undo::default(),
            secrets: std::collections::BTreeMap::new(),
            egress: bailiwick_vocab::map::Egress::default(),
            made_ms: 0,
        };
        let seen = Seen::new(dirs, ticket);
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let push = words("git push --force");
        let effect = Effect::new(Deed::Execute { program: "git".to_owned(), argv: push.clone() }, None);
        seen.foresee(vec![effect], Labels::default(), Counts::Started("cd 'a b' && git push --force".to_owned()));
        assert!(!seen.foresees(&push));
        seen.agent_starts(&words("bash -c ls"));
        assert!(!seen.foresees(&push));
        seen.agent_starts(&[
            "bash".to_owned(),
            "-c".to_owned(),
            r#"eval 'cd '"'"'a b'"'"' && git push --force' < /dev/null"#.to_owned(),
        ]);
        assert!(seen.foresees(&push));
        let _ = std::fs::remove_dir_all(root);
    }
}
