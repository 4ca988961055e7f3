//! `bailiwick policy simulate NEW`: judges every recorded call again, under another policy, and shows what would change.
//! Nothing runs and nothing is recorded.
//!
//! It judges what the ledger holds: effects as they were resolved then, labels and approvals as they stood. Secrets were
//! taken out of them, so a rule that looks for one in an argument cannot be simulated.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use bailiwick_guard::session::Session;
use bailiwick_ledger::objects::Objects;
use bailiwick_ledger::reader::Entry;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::case::{Case, NOBODY_TO_ASK, Ruling, Verdict};
use bailiwick_vocab::effect::Effect;
use bailiwick_vocab::record::CallRecord;

use crate::dirs::{Dirs, workspace_of};
use crate::failure::{Failure, Kind, Naming as _};
use crate::ledger_view::{Filter, call_of, open, unreadable};
use crate::setup::{Choice, Setup};
use crate::station::now_ms;
use crate::terminal::{json, line, shown, verdict};

/// Which policy, and which calls.
#[derive(clap::Args)]
pub struct Arguments {
    /// The new policy: a file (on top of what holds here), a directory (in place of it), or the name of a preset
    new: String,
    /// One JSON object for each call that would be decided otherwise
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    filter: Filter,
}

/// A call that would be decided otherwise.
struct Changed {
    number: u64,
    was: Verdict,
    is: Ruling,
    tool: String,
    what: String,
}

/// Replays and prints.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let filter = arguments.filter.prepare(now_ms())?;
    let mut replay = Replay { dirs, new: new_policy(&arguments.new)?, setups: HashMap::new(), sessions: HashMap::new() };
    let mut reader = open(&dirs.ledger())?;
    let objects = Objects::at(&dirs.ledger());
    let (mut calls, mut changed) = (0_u64, Vec::new());
    for entry in reader.entries(0) {
        let entry = entry.map_err(unreadable)?;
        if let Some(call) = call_of(&entry)
            && filter.wants(&entry)
        {
            calls += 1;
            changed.extend(replay.call(&entry, call, &objects)?);
        }
        replay.sessions.entry(entry.record.session.clone()).or_default().apply(&entry.record);
    }
    if arguments.json { changed.iter().try_for_each(as_json) } else { shown_to_people(calls, &changed) }
}

fn new_policy(name: &str) -> Result<Choice, Failure> {
    let path = Path::new(name);
    if path.is_dir() {
        return Ok(Choice { policy: Some(PathBuf::from(name)), ..Choice::default() });
    }
    if path.is_file() {
        let text = std::fs::read_to_string(path).naming("read", path)?;
        let added = Layer { kind: LayerKind::User, source: name.to_owned(), text, trusted: true };
        return Ok(Choice { added: Some(added), ..Choice::default() });
    }
    if Policy::preset(name).is_some() {
        return Ok(Choice { preset: Some(name.to_owned()), ..Choice::default() });
    }
    Err(Failure::new(Kind::Usage, format!("{name:?} is no file, no directory and no preset"))
        .hint(format!("the presets are {}", Policy::presets().join(", "))))
}

struct Replay<'a> {
    dirs: &'a Dirs,
    new: Choice,
    setups: HashMap<String, Setup>,
    sessions: HashMap<String, Session>,
}

impl Replay<'_> {
    /// The call judged again; `None` where it comes out as it did.
    fn call(&mut self, entry: &Entry, call: &CallRecord, objects: &Objects) -> Result<Option<Changed>, Failure> {
        let record = &entry.record;
        let past = self.sessions.entry(record.session.clone()).or_default();
        let start = if past.first_cwd.is_empty() { &record.cwd } else { &past.first_cwd };
        let workspace = if start.is_empty() { String::new() } else { workspace_of(start) };
        let effects = all_effects(call, objects)?;
        let first_seen: Vec<bool> = effects.iter().map(|effect| !past.has_seen(&effect.deed)).collect();
        let approvals: Vec<String> = call.approval.iter().map(|_| "approved then".to_owned()).collect();
        let case = Case {
            agent: &record.agent,
            session: &record.session,
            tool: &call.tool,
            effects: &effects,
            labels: &call.labels,
            findings: &call.findings,
            first_seen: &first_seen,
            traces: &call.traces,
            asked: &call.asked,
            approvals: &approvals,
        };
        if !self.setups.contains_key(&workspace) {
            let setup = Setup::load(self.dirs, &workspace, &self.new)?;
            self.setups.insert(workspace.clone(), setup);
        }
        let Some(setup) = self.setups.get(&workspace) else { return Ok(None) };
        let is = setup.policy.judge(&case, &setup.places);
        let was = before(&call.ruling);
        let what = call.input.text.clone().unwrap_or_else(|| "(long)".to_owned());
        Ok((is.verdict != was).then(|| Changed { number: entry.number, was, is, tool: call.tool.clone(), what }))
    }
}

/// What was decided, before it counted that nobody could be asked.
fn before(ruling: &Ruling) -> Verdict {
    let nobody = ruling.reasons.iter().any(|reason| reason.policy == NOBODY_TO_ASK);
    if nobody { Verdict::Ask } else { ruling.verdict }
}

fn all_effects(call: &CallRecord, objects: &Objects) -> Result<Vec<Effect>, Failure> {
    let Some(digest) = &call.all_effects else { return Ok(call.effects.clone()) };
    let lost = || Failure::new(Kind::Environment, "a call's effects cannot be read").hint("bailiwick verify");
    let bytes = objects.get(digest).map_err(|error| lost().because(error))?;
    serde_json::from_slice(&bytes).map_err(|error| lost().because(error))
}

fn shown_to_people(calls: u64, changed: &[Changed]) -> Result<(), Failure> {
    let mut kinds: BTreeMap<(Verdict, Verdict), usize> = BTreeMap::new();
    for one in changed {
        *kinds.entry((one.was, one.is.verdict)).or_default() += 1;
        line(&format!(
            "#{} {} → {}  {} {}",
            one.number,
            verdict(one.was),
            verdict(one.is.verdict),
            shown(&one.tool, 40),
            shown(&one.what, 160)
        ))?;
        for reason in one.is.reasons.iter().filter(|reason| reason.verdict == one.is.verdict).take(2) {
            line(&format!("      {}: {}", reason.policy, shown(&reason.text, 200)))?;
        }
    }
    line(&format!("{} of {calls} recorded calls would be decided otherwise", changed.len()))?;
    for ((was, is), count) in kinds {
        line(&format!("  {count:>6}  {} → {}", verdict(was), verdict(is)))?;
    }
    Ok(())
}

fn as_json(changed: &Changed) -> Result<(), Failure> {
    json(&serde_json::json!({
        "entry": changed.number,
        "tool": changed.tool,
        "was": changed.was,
        "is": changed.is.verdict,
        "reasons": changed.is.reasons,
    }))
}
