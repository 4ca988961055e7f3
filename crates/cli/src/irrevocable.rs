//! What undo will not take back of a call, said before it runs: acts towards others, and files that the journal would not
//! keep. In: the resolved effects, and what keeps files. Out: a sentence for whoever is asked, lines for whoever runs it.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use bailiwick_journal::budget::{Budget, Why};
use bailiwick_journal::forecast::will_not_keep;
use bailiwick_vocab::call::Request;
use bailiwick_vocab::case::{NOBODY_TO_ASK, Reason, Verdict};
use bailiwick_vocab::effect::{Deed, Effect, QueryKind, Reversibility, Target};
use bailiwick_vocab::record::CallRecord;

use crate::terminal::shown;

/// The rule by which it is said.
const RULE: &str = "guard/not-undone";

/// Rules told before it; an agent is told three.
const BEFORE: usize = 2;

/// Most lines that a command says before it starts.
const MOST: usize = 3;

/// Adds it to the reasons of a call that somebody is asked about. `journal` tells where its journal would lie: only what
/// runs behind the wall has one.
pub fn tell(call: &mut CallRecord, request: &Request, budget: &Budget, journal: impl FnOnce() -> Option<PathBuf>) {
    let asked = call.ruling.verdict == Verdict::Ask || call.ruling.reasons.iter().any(|reason| reason.policy == NOBODY_TO_ASK);
    if !asked {
        return;
    }
    let mut parts: Vec<String> = acts(&call.effects).into_iter().collect();
    match request {
        Request::Shell { .. } => parts.extend(of_shell(&call.effects, budget, journal)),
        // The guard keeps what a file tool overwrites, and has said in the effects where it could not.
        Request::Write { .. } | Request::Edit { .. } | Request::Delete { .. } | Request::Many { .. } => {
            let lost = |effect: &Effect| changes(effect).is_some() && effect.reversible == Reversibility::Irreversible;
            let one = call.effects.iter().any(lost);
            parts.extend(one.then(|| "does not bring back what is there now: it is too large, or no plain file".to_owned()));
        }
        Request::Read { .. }
        | Request::Type { .. }
        | Request::Search { .. }
        | Request::Fetch { .. }
        | Request::WebSearch { .. }
        | Request::Spawn { .. }
        | Request::Skill { .. }
        | Request::Mcp { .. }
        | Request::Internal { .. }
        | Request::Named { .. } => {}
    }
    if !parts.is_empty() {
        let text = format!("Undo {}.", parts.join("; it "));
        let reason = Reason { policy: RULE.to_owned(), text, effect: None, verdict: call.ruling.verdict };
        call.ruling.reasons.insert(BEFORE.min(call.ruling.reasons.len()), reason);
    }
}

/// Kinds and counts, no names: the agent reads it too.
fn acts(effects: &[Effect]) -> Option<String> {
    let mut acts: Vec<&str> = Vec::new();
    for effect in effects.iter().filter(|effect| is_outward(effect)) {
        let act = if matches!(effect.deed, Deed::Connect { .. }) { "sending data" } else { effect.deed.act() };
        if !acts.contains(&act) {
            acts.push(act);
        }
    }
    (!acts.is_empty()).then(|| format!("does not take back this: {}", acts.join(", ")))
}

fn of_shell(effects: &[Effect], budget: &Budget, journal: impl FnOnce() -> Option<PathBuf>) -> Option<String> {
    if !effects.iter().any(|effect| changes(effect).is_some()) {
        return None;
    }
    let Some(store) = journal() else { return Some("does not bring back files here: nothing keeps them".to_owned()) };
    let lost = lost(effects, budget, &store);
    let (_, why) = lost.first()?;
    Some(format!("does not bring back {} of the files; of one: {why}", lost.len()))
}

/// What a command says before it starts, where the journal will not keep a file that its effects name.
pub fn lines(effects: &[Effect], budget: &Budget, store: &Path) -> Vec<String> {
    let lost = lost(effects, budget, store);
    let mut lines: Vec<String> = lost
        .iter()
        .take(MOST)
        .map(|(path, why)| format!("bailiwick: undo will not bring back {}: {why}", shown(&path.to_string_lossy(), 200)))
        .collect();
    if lost.len() > MOST {
        lines.push(format!("bailiwick: undo will not bring back {} more", lost.len() - MOST));
    }
    lines
}

/// What of the named files would not be kept. Trees in which a program may write anywhere say nothing of any one file.
fn lost(effects: &[Effect], budget: &Budget, store: &Path) -> Vec<(PathBuf, Why)> {
    let device = |path: &Path| fs::symlink_metadata(path).map(|found| found.dev()).ok();
    let store = device(store);
    let mut lost = Vec::new();
    for effect in effects {
        let Some((target, removed)) = changes(effect).filter(|(target, removed)| *removed || !target.tree) else { continue };
        let path = Path::new(&target.path);
        if !target.known || target.glob || !path.is_absolute() {
            continue;
        }
        // Held as the inode it is, where the store lies in the same file system.
        let held = removed && store.is_some() && device(path) == store;
        let found = will_not_keep(path, budget, held);
        // Build output that is written again and again says it every time.
        lost.extend(found.into_iter().filter(|(_, why)| removed || !matches!(why, Why::BuildDirectory { .. })));
    }
    lost
}

/// The file that an effect changes, and whether it goes. What goes into a device was never there.
fn changes(effect: &Effect) -> Option<(&Target, bool)> {
    let found = match &effect.deed {
        Deed::Write { target, .. } => Some((target, false)),
        Deed::Delete(target) => Some((target, true)),
        Deed::Read(_)
        | Deed::Execute { .. }
        | Deed::Connect { .. }
        | Deed::Push { .. }
        | Deed::Publish { .. }
        | Deed::Send { .. }
        | Deed::Query { .. }
        | Deed::Deploy { .. }
        | Deed::Pay { .. }
        | Deed::UseSecret { .. }
        | Deed::Spawn { .. }
        | Deed::Signal { .. }
        | Deed::Escalate { .. }
        | Deed::Persist { .. }
        | Deed::Configure { .. }
        | Deed::Call { .. }
        | Deed::Opaque { .. } => None,
    };
    found.filter(|(target, _)| !target.path.starts_with("/dev/") && !target.path.starts_with("/proc/"))
}

/// Whether others see it, or feel it.
fn is_outward(effect: &Effect) -> bool {
    match &effect.deed {
        Deed::Push { .. }
        | Deed::Publish { .. }
        | Deed::Send { .. }
        | Deed::Deploy { .. }
        | Deed::Pay { .. }
        | Deed::Signal { .. } => true,
        Deed::Connect { upload, .. } => *upload,
        Deed::Query { kind, .. } => !matches!(kind, QueryKind::Read),
        Deed::Call { .. } => effect.reversible == Reversibility::Irreversible,
        Deed::Read(_)
        | Deed::Write { .. }
        | Deed::Delete(_)
        | Deed::Execute { .. }
        | Deed::UseSecret { .. }
        | Deed::Spawn { .. }
        | Deed::Escalate { .. }
        | Deed::Persist { .. }
        | Deed::Configure { .. }
        | Deed::Opaque { .. } => false,
    }
}
