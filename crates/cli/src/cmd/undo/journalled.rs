//! Undo by a journal: everything that a shell command changed behind the wall, links, modes and removed trees too.

use bailiwick_journal::budget::Budget;
use bailiwick_journal::journal::Journal;
use bailiwick_journal::past::Past;
use bailiwick_journal::plan::{Plan, Step, What};
use bailiwick_journal::store::Store;
use bailiwick_journal::undo::undo as put_back;
use bailiwick_ledger::reader::{Entry, Reader};
use bailiwick_vocab::record::{Body, FileState, PreImage, UndoneFile};

use super::{CONFLICT, record};
use crate::dirs::Dirs;
use crate::failure::{Failure, Kind};
use crate::ledger_view::unreadable;
use crate::setup::Choice;
use crate::station::{Station, now_ms};
use crate::terminal::{Ink, ink, line, shown};
use crate::wall::ticket::is_journal_of;

/// The journal of a call that ran behind the wall, or of an undo that went by one.
pub fn journal_of(dirs: &Dirs, reader: &mut Reader, entry: &Entry) -> Result<Option<String>, Failure> {
    if let Body::Undo { journal, .. } = &entry.record.body {
        return Ok(journal.clone());
    }
    for later in reader.entries_of_session(&entry.record.session, entry.number + 1) {
        if let Body::Observed(seen) = later.map_err(unreadable)?.record.body
            && seen.entry == entry.number
        {
            return Ok(seen.journal);
        }
    }
    // Still running, or whoever would have recorded it was killed.
    let names = Store::at(&dirs.ledger()).calls().map_err(|error| unkept().because(error))?;
    Ok(names.into_iter().find(|name| is_journal_of(name, entry.number)))
}

/// Undoes what the journal tells of and records it.
pub fn undo(dirs: &Dirs, entry: &Entry, name: &str, dry_run: bool) -> Result<(), Failure> {
    let store = Store::at(&dirs.ledger());
    let past = Past::read(&store, name).map_err(|error| unkept().because(error))?;
    if past.ended_at_ms().is_none() {
        line(&ink(Ink::Yellow, "the call has not ended: what others changed since cannot be told from what it changed"))?;
    }
    for (path, why) in past.noted() {
        line(&format!("{}  {}: {why}", ink(Ink::Dim, "not kept"), shown(&path.to_string_lossy(), 200)))?;
    }
    if dry_run {
        return rehearse(&store, &past);
    }
    let mut station = Station::open(dirs.clone(), Choice::default())?;
    let own = format!("undo-{}-{}", entry.number, now_ms());
    let into = Journal::open(&store, &own, Budget::default(), now_ms()).map_err(|error| unkept().because(error))?;
    let undone = put_back(&store, &past, &into).map_err(|error| unkept().because(error))?;
    into.end(now_ms()).and_then(|()| into.settle()).map_err(|error| unkept().because(error))?;
    let files: Vec<UndoneFile> =
        undone.done.iter().filter(|done| touches(&done.step)).map(|done| told(&done.step, done.failed.is_some())).collect();
    for done in undone.done.iter().filter(|done| touches(&done.step)) {
        line(&say(&done.step, done.failed.as_ref().map(|failed| failed.to_string())))?;
    }
    let number = record(&mut station, entry, files, Some(own))?;
    line(&format!("recorded as entry #{number}; to take it back: bailiwick undo '#{number}'"))?;
    if let Some(stopped) = undone.stopped {
        return Err(Failure::new(Kind::Environment, "the undo stopped before its end; run it again to go on").because(stopped));
    }
    if undone.is_whole() {
        return Ok(());
    }
    let left =
        undone.done.iter().filter(|done| done.failed.is_some() || matches!(done.step.what, What::Conflict(_) | What::Lost(_)));
    Err(Failure::new(Kind::No, format!("{} path(s) were left alone", left.count())))
}

fn rehearse(store: &Store, past: &Past) -> Result<(), Failure> {
    let plan = Plan::of(store, past);
    for step in plan.steps.iter().filter(|step| touches(step)) {
        line(&say(step, None))?;
        if let Ok(Some(diff)) = step.diff(store, past) {
            for text in diff.lines() {
                line(&format!("    {}", shown(text, 200)))?;
            }
        }
    }
    Ok(())
}

fn touches(step: &Step) -> bool {
    !matches!(step.what, What::Unchanged)
}

fn told(step: &Step, failed: bool) -> UndoneFile {
    let path = step.path.to_string_lossy().into_owned();
    let done = match &step.what {
        _ if failed => CONFLICT,
        What::Unchanged => "unchanged",
        What::Remove => "removed",
        What::PutBack | What::MoveBack { .. } | What::Content | What::Metadata => "restored",
        What::Conflict(_) | What::Lost(_) => CONFLICT,
    };
    let before = PreImage { path: path.clone(), object: None, mode: None };
    UndoneFile { before, after: FileState { path, sha256: None }, done: done.to_owned() }
}

fn say(step: &Step, failed: Option<String>) -> String {
    let path = shown(&step.path.to_string_lossy(), 200);
    if let Some(why) = failed {
        return format!("{}  {path}: {why}", ink(Ink::Yellow, CONFLICT));
    }
    match &step.what {
        What::Unchanged => format!("{} {path} (already as it was)", ink(Ink::Dim, "unchanged")),
        What::Remove => format!("{}   {path} (the call had made it)", ink(Ink::Green, "removed")),
        What::PutBack => format!("{}  {path} (the call had removed it)", ink(Ink::Green, "restored")),
        What::MoveBack { from } => format!("{}  {path} from {}", ink(Ink::Green, "moved"), shown(&from.to_string_lossy(), 200)),
        What::Content => format!("{}  {path}", ink(Ink::Green, "restored")),
        What::Metadata => format!("{}  {path} (mode, owner or times)", ink(Ink::Green, "restored")),
        What::Conflict(clash) => format!("{}  {path}: {clash}: left alone", ink(Ink::Yellow, CONFLICT)),
        What::Lost(why) => format!("{}      {path}: {why}", ink(Ink::Yellow, "lost")),
    }
}

fn unkept() -> Failure {
    Failure::new(Kind::Environment, "what the call changed cannot be put back")
}
