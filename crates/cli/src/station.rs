//! Where events come to be judged and recorded: loads what judging needs, folds the session, appends the record.
//!
//! Used by `hook` for one event, by `judge` for a stream, by `try` for a recorded session. INVARIANT (recorded before
//! answered): the only way out is a [`Receipt`].

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bailiwick_dialect::agents;
use bailiwick_guard::canary::{blanked, purged};
use bailiwick_guard::line::{Judged, Line};
use bailiwick_guard::outcome::{Opinion, Second};
use bailiwick_guard::payload::{Kept, hex, keep};
use bailiwick_guard::session::Session;
use bailiwick_ledger::log::{Ledger, Options};
use bailiwick_ledger::objects::Objects;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::event::{Event, Happening, Scene};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::map::detect::When;
use bailiwick_vocab::record::{Body, Receipt, Record};

use crate::before_after;
use crate::canaries;
use crate::dirs::{Dirs, workspace_of};
use crate::disk::Disk;
use crate::earlier::{self, Past};
use crate::failure::{Failure, Kind};
use crate::folds::Folds;
use crate::irrevocable;
use crate::keeping;
use crate::opinion;
use crate::reading;
use crate::setup::{Choice, Setup};
use crate::wall::carry;
use crate::wall::probe;
use crate::wall::secrets::session as placeholders;
use crate::wall::ticket;

/// How long a loaded policy counts as what is on disk. A hook process lives for less; a long `judge` sees a change of
/// policy this late at most, and a policy that no longer loads refuses.
const FRESH: Duration = Duration::from_secs(1);

/// The open ledger and everything loaded so far.
pub struct Station {
    dirs: Dirs,
    choice: Choice,
    ledger: Ledger,
    setups: HashMap<String, (Instant, Setup)>,
    canaries: Vec<String>,
    /// Whether the tokens were read just now.
    fresh: bool,
    folds: Folds,
    earlier: earlier::Kept,
}

impl Station {
    /// Opens the ledger, making it where there is none.
    pub fn open(dirs: Dirs, choice: Choice) -> Result<Station, Failure> {
        dirs.create_state()?;
        let options = Options::new(dirs.key());
        let ledger = Ledger::open(&dirs.ledger(), options).map_err(|error| unwritable().because(error))?;
        let folds = Folds::new(&dirs)?;
        // Which traps there are is read with each event, and here for whatever is recorded before the first.
        let canaries = canaries::tokens(&dirs)?;
        Ok(Station {
            dirs,
            choice,
            ledger,
            setups: HashMap::new(),
            canaries,
            fresh: true,
            folds,
            earlier: earlier::Kept::default(),
        })
    }

    /// Judges one event and records it.
    pub fn take(&mut self, event: &Event) -> Result<Receipt, Failure> {
        let mut receipts = self.take_all(std::slice::from_ref(event))?;
        receipts.pop().unwrap_or_else(|| Err(unwritable()))
    }

    /// Judges events in order and records them with one durable write. The outer failure is the ledger's and concerns
    /// all; an inner one concerns its event alone.
    pub fn take_all(&mut self, events: &[Event]) -> Result<Vec<Result<Receipt, Failure>>, Failure> {
        self.folds.refresh()?;
        if !std::mem::take(&mut self.fresh) {
            self.canaries = canaries::tokens(&self.dirs)?;
        }
        let mut records = Vec::new();
        let mut outcomes = Vec::new();
        for event in events {
            let event = self.rooted(event)?;
            outcomes.push(self.judge(&event, &records).map(|record| {
                self.folds.judged(&record);
                records.push(record);
            }));
        }
        let appended = self.append(records);
        self.folds.written(appended.as_deref().ok());
        let mut receipts = appended?.into_iter();
        Ok(outcomes.into_iter().map(|outcome| outcome.and_then(|()| receipts.next().ok_or_else(unwritable))).collect())
    }

    /// The event in the session that it belongs to.
    fn rooted<'e>(&mut self, event: &'e Event) -> Result<Cow<'e, Event>, Failure> {
        let root = self.folds.root(&event.scene.session, &event.scene.agent.id)?;
        if root == event.scene.session {
            return Ok(Cow::Borrowed(event));
        }
        let scene = Scene { session: root, ..event.scene.clone() };
        Ok(Cow::Owned(Event { scene, ..event.clone() }))
    }

    /// Whether a person has approved these effects in a session, and nothing has used that up.
    pub fn is_approved(&mut self, session: &str, effects: &str) -> Result<bool, Failure> {
        self.folds.refresh()?;
        Ok(!self.folds.session(session)?.approvers(effects, now_ms()).is_empty())
    }

    /// Forgets what was folded in memory: after a panic it may hold what never reached the ledger.
    pub fn forget(&mut self) {
        self.folds.forget();
    }

    /// Appends records that no event made (undo, approvals, failures).
    pub fn append(&mut self, records: Vec<Record>) -> Result<Vec<Receipt>, Failure> {
        let records = records.into_iter().map(|record| purged(record, &self.canaries)).collect();
        self.ledger.append(records).map_err(|error| unwritable().because(error))
    }

    /// A text as it may be recorded, without secrets and planted tokens.
    pub fn kept(&self, text: &str) -> Kept {
        keep(blanked(text, &self.canaries).as_deref().unwrap_or(text))
    }

    /// The object store.
    pub fn objects(&self) -> &Objects {
        self.ledger.objects()
    }

    /// The agent's own command, where a line is one that we put in its place.
    pub fn inside(&self, line: &str) -> Option<String> {
        ticket::inside(&self.dirs, line)
    }

    /// The commands that run an allowed shell call behind the wall, each in the place of its own; none where the call is no
    /// such call, or no wall is wanted. `by_default` says whether the agent takes such commands as they are, none that it
    /// takes none.
    ///
    /// # Errors
    /// Where the map demands a wall that cannot be had.
    pub fn walled(&mut self, event: &Event, receipt: &Receipt, by_default: Option<bool>) -> Result<Option<Vec<String>>, Failure> {
        let event = &*self.rooted(event)?;
        let Happening::Call(call) = &event.happening else { return Ok(None) };
        if !runs_shell(&call.request) || receipt.ruling().is_none_or(|ruling| ruling.verdict == Verdict::Deny) {
            return Ok(None);
        }
        let session = self.folds.session(&event.scene.session)?;
        let (workspace, labels) = (workspace(event, session), session.labels.clone());
        let Some((_, setup)) = self.setups.get(&workspace) else { return Ok(None) };
        let wanted = setup.map.wall.as_ref().and_then(|wall| wall.exec);
        if (wanted.is_none() && by_default != Some(true)) || !probe::stands(&self.dirs, wanted)? {
            return Ok(None);
        }
        let shells = by_default.and_then(|_| shells(&call.request));
        let Some(shells) = shells else { return if wanted.is_none() { Ok(None) } else { Err(no_wall(event)) } };
        // All are looked at first: where one of them stays outside, none gets a ticket.
        let mut tickets = Vec::new();
        for (command, request) in shells {
            let call = ToolCall { request: request.clone(), ..call.clone() };
            let effects = reading::resolved(&call, &event.scene.cwd, &setup.map);
            if wanted.is_none() && is_for_others(request, &effects) {
                return Ok(None);
            }
            let mut ticket = ticket::of(event, &call, receipt, setup, &effects, labels.clone(), workspace.clone());
            ticket.not_undone = irrevocable::lines(&effects, &keeping::budget(&setup.map.undo), &self.dirs.ledger());
            tickets.push((ticket, command, carry::needs_shell(&effects)));
        }
        let issued = tickets.iter().map(|(ticket, command, needs_shell)| {
            Ok(ticket::command(&self.dirs, &ticket.issue(&self.dirs)?, command, *needs_shell))
        });
        issued.collect::<Result<_, _>>().map(Some)
    }

    /// What a call may do that was not denied (nothing, where it is no call), and what has flowed into its session.
    pub fn foreseen(&mut self, event: &Event, receipt: &Receipt) -> Result<(Vec<Effect>, Labels), Failure> {
        let event = &*self.rooted(event)?;
        let session = self.folds.session(&event.scene.session)?;
        let (workspace, labels) = (workspace(event, session), session.labels.clone());
        let denied = receipt.ruling().is_none_or(|ruling| ruling.verdict == Verdict::Deny);
        let (Happening::Call(call), false, Some((_, setup))) = (&event.happening, denied, self.setups.get(&workspace)) else {
            return Ok((Vec::new(), labels));
        };
        Ok((reading::resolved(call, &event.scene.cwd, &setup.map), labels))
    }

    /// Judges an event that comes after `unwritten`.
    fn judge(&mut self, event: &Event, unwritten: &[Record]) -> Result<Record, Failure> {
        let session = self.folds.session(&event.scene.session)?;
        let workspace = workspace(event, session);
        if self.setups.get(&workspace).is_none_or(|(loaded, _)| loaded.elapsed() > FRESH) {
            self.setups.remove(&workspace);
            let setup = Setup::load(&self.dirs, &workspace, &self.choice)?;
            self.setups.insert(workspace.clone(), (Instant::now(), setup));
        }
        let Some((_, setup)) = self.setups.get(&workspace) else {
            return Err(Failure::new(Kind::Configuration, "the policy was not loaded"));
        };
        let disk = Disk::default();
        let name = &event.scene.session;
        let placeholders = if setup.map.secrets.is_empty() { Vec::new() } else { placeholders::given(&self.dirs, name) };
        let nonce = if matches!(event.happening, Happening::Outcome(_)) { nonce()? } else { String::new() };
        let past = Past {
            dirs: &self.dirs,
            objects: self.ledger.objects(),
            session: name,
            disk: &disk,
            map: &setup.map,
            unwritten: (unwritten, self.folds.upto()),
            kept: &self.earlier,
            folded: OnceCell::new(),
        };
        let judge = setup.map.detect.judge.as_ref();
        let ask = |text: &str, around: Range<usize>| match judge {
            Some(judge) => opinion::ask(judge, text, around),
            None => Opinion::None("there is no judge".to_owned()),
        };
        let second = judge.map(|judge| Second { always: judge.when == When::Always, ask: &ask });
        let line = Line {
            earlier: &past,
            reading: reading::effects,
            policy: &setup.policy,
            policy_digest: &setup.digest,
            places: &setup.places,
            map: &setup.map,
            world: &disk,
            placeholders: &placeholders,
            canaries: &self.canaries,
            nonce: &nonce,
            second,
        };
        let session = &*self.folds.session(&event.scene.session)?;
        let Judged { mut record, objects } = line.judge(event, session, now_ms());
        for object in &objects {
            self.objects().put(object).map_err(|error| unwritable().because(error))?;
        }
        before_after::note(self.objects(), event, &mut record)?;
        if let (Body::Call(call), Happening::Call(asked)) = (&mut record.body, &event.happening) {
            let wanted = setup.map.wall.as_ref().and_then(|wall| wall.exec);
            irrevocable::tell(call, &asked.request, &keeping::budget(&setup.map.undo), || self.keeps(event, wanted));
        }
        Ok(record)
    }
}

impl Station {
    /// Where the journal of a shell call of this agent would lie, where it has one.
    fn keeps(&self, event: &Event, wanted: Option<bool>) -> Option<PathBuf> {
        let rewrite = agents::named(&event.scene.agent.client).and_then(|tongue| tongue.rewrite);
        let rewrites = rewrite.is_some_and(|rewrite| rewrite.by_default || wanted == Some(true));
        (rewrites && probe::stands(&self.dirs, wanted).is_ok_and(|stands| stands)).then(|| self.dirs.ledger())
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

/// Random text that nobody can foresee.
fn nonce() -> Result<String, Failure> {
    let mut random = [0_u8; 8];
    let filled = getrandom::fill(&mut random);
    filled.map_err(|error| Failure::new(Kind::Environment, format!("no random number for a note: {error}")))?;
    Ok(hex(&random))
}

fn unwritable() -> Failure {
    Failure::new(Kind::Environment, "the ledger cannot be written").hint("bailiwick doctor")
}

/// The shell commands of which a call consists, in their order; none where there is anything else in it.
fn shells(request: &Request) -> Option<Vec<(&str, &Request)>> {
    if let Request::Shell { command, shell: Shell::Bash, .. } = request {
        return Some(vec![(command, request)]);
    }
    let Request::Many { requests } = request else { return None };
    let all: Option<Vec<_>> = requests.iter().map(shells).collect();
    all.map(|all| all.into_iter().flatten().collect()).filter(|all: &Vec<_>| !all.is_empty())
}

/// Whether a shell has any part in a call.
fn runs_shell(request: &Request) -> bool {
    if let Request::Many { requests } = request {
        return requests.iter().any(runs_shell);
    }
    matches!(request, Request::Shell { .. })
}

/// The map demands a wall, and the agent or the shell has no place for one.
pub fn no_wall(event: &Event) -> Failure {
    let client = &event.scene.agent.client;
    let heading = format!("[wall] exec is on, and no wall can be put around this command of {client}");
    Failure::new(Kind::Configuration, heading).hint("start the agent with `bailiwick run -- AGENT`, or take exec out of the map")
}

/// Whether a command goes on after its call, or listens. A server is there for others: behind the wall nobody would reach
/// it. Where the map asks for the wall, it stands.
fn is_for_others(request: &Request, effects: &[Effect]) -> bool {
    let background = matches!(request, Request::Shell { background: true, .. });
    background || effects.iter().any(|effect| matches!(&effect.deed, Deed::Connect { scheme, .. } if scheme == "listen"))
}
