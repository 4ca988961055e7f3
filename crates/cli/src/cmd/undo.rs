//! `bailiwick undo CALL`: puts back what a call changed: files that a file tool wrote, from their pre-images; whatever a
//! shell command did behind the wall, from its journal. A file that somebody changed since is shown and left alone. An
//! undo is recorded and can itself be undone.

mod journalled;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bailiwick_ledger::objects::Objects;
use bailiwick_ledger::reader::{Entry, Reader};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::record::{Body, FileState, PreImage, Record, UndoneFile};

use crate::before_after::{UNREADABLE, before, state};
use crate::dirs::Dirs;
use crate::disk::real_path;
use crate::failure::{Failure, Kind, Naming as _};
use crate::ledger_view::{Filter, find, open, unreadable};
use crate::setup::Choice;
use crate::station::{Station, now_ms};
use crate::terminal::{Ink, ink, line, shown};

/// Put back what a call changed
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick undo toolu_01AbC…   or, to undo an undo,   bailiwick undo '#17'")]
pub struct Arguments {
    /// The call's identifier, a beginning of it, or #ENTRY
    #[arg(required_unless_present_any = ["session", "since"])]
    call: Option<String>,
    /// All calls of this session (a beginning of its identifier is enough), the newest first
    #[arg(long, conflicts_with = "call")]
    session: Option<String>,
    /// All calls since then: 2026-11-22, "2026-11-22 19:50", or an age: 15m, 2h, 3d
    #[arg(long, conflicts_with = "call")]
    since: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Undoes and records it.
pub fn run(dirs: Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let mut reader = open(&dirs.ledger())?;
    if let Some(call) = &arguments.call {
        let entry = find(&mut reader, call)?;
        return one(&dirs, &mut reader, &entry, arguments);
    }
    let filter = Filter { session: arguments.session.clone(), since: arguments.since.clone(), ..Filter::default() };
    let wanted = filter.prepare(now_ms())?;
    let mut entries = Vec::new();
    for entry in reader.entries(0) {
        let entry = entry.map_err(unreadable)?;
        if wanted.wants(&entry) && allowed(&entry) {
            entries.push(entry);
        }
    }
    let mut left = 0_u32;
    for entry in entries.iter().rev() {
        if plan(&mut reader, entry)?.is_empty() && journalled::journal_of(&dirs, &mut reader, entry)?.is_none() {
            continue;
        }
        line(&format!("{} {}", ink(Ink::Bold, &format!("#{}", entry.number)), crate::words::record(&entry.record)))?;
        if let Err(failure) = one(&dirs, &mut reader, entry, arguments) {
            line(&format!("{}  {}", ink(Ink::Yellow, "not whole"), failure.line()))?;
            left += 1;
        }
    }
    if left > 0 {
        return Err(Failure::new(Kind::No, format!("{left} call(s) were not put back whole")));
    }
    Ok(())
}

fn allowed(entry: &Entry) -> bool {
    matches!(&entry.record.body, Body::Call(call) if call.ruling.verdict != Verdict::Deny)
}

/// Undoes one call, or one undo.
fn one(dirs: &Dirs, reader: &mut Reader, entry: &Entry, arguments: &Arguments) -> Result<(), Failure> {
    if let Some(journal) = journalled::journal_of(dirs, reader, entry)? {
        return journalled::undo(dirs, entry, &journal, arguments.dry_run);
    }
    let steps = plan(reader, entry)?;
    if steps.is_empty() {
        return Err(Failure::new(Kind::No, format!("entry #{} changed no file that can be put back", entry.number))
            .hint("what a shell command does is kept where it runs behind the wall; bailiwick why tells what this one was"));
    }
    // Opened first: what cannot be recorded is not done.
    let mut station = Station::open(dirs.clone(), Choice::default())?;
    let objects = Objects::at(&dirs.ledger());
    let mut done = Vec::new();
    for step in &steps {
        done.push(if arguments.dry_run { rehearse(step) } else { perform(step, &objects)? });
    }
    for file in &done {
        line(&say(file))?;
    }
    if arguments.dry_run {
        return Ok(());
    }
    let conflicts = done.iter().filter(|file| file.done == CONFLICT).count();
    let number = record(&mut station, entry, done, None)?;
    line(&format!("recorded as entry #{number}; to take it back: bailiwick undo '#{number}'"))?;
    if conflicts > 0 {
        return Err(Failure::new(Kind::No, format!("{conflicts} file(s) changed since and were left alone")));
    }
    Ok(())
}

const CONFLICT: &str = "conflict";

/// One file to put back: as it was, and as the call left it.
struct Step {
    was: PreImage,
    left: Option<FileState>,
}

fn plan(reader: &mut Reader, entry: &Entry) -> Result<Vec<Step>, Failure> {
    match &entry.record.body {
        Body::Call(call) => {
            let left = states_after(reader, entry, &call.call)?;
            let step = |was: &PreImage| {
                let left = left.iter().find(|state| state.path == was.path).cloned();
                Step { was: was.clone(), left }
            };
            Ok(call.before.iter().map(step).collect())
        }
        Body::Undo { files, .. } => {
            let undone = files.iter().filter(|file| file.done == "restored" || file.done == "removed");
            Ok(undone.map(|file| Step { was: file.before.clone(), left: Some(file.after.clone()) }).collect())
        }
        Body::Prompt { .. }
        | Body::Outcome { .. }
        | Body::Session { .. }
        | Body::Approval { .. }
        | Body::Failure { .. }
        | Body::Observed(_) => Ok(Vec::new()),
    }
}

/// How the call's outcome says that it left its files; empty where no outcome came.
fn states_after(reader: &mut Reader, entry: &Entry, call: &str) -> Result<Vec<FileState>, Failure> {
    for later in reader.entries_of_session(&entry.record.session, entry.number + 1) {
        if let Body::Outcome { call: done, after, .. } = later.map_err(unreadable)?.record.body
            && done == call
        {
            return Ok(after);
        }
    }
    Ok(Vec::new())
}

/// What would be done, without doing it.
fn rehearse(step: &Step) -> UndoneFile {
    let now = state(Path::new(&step.was.path));
    let done = if now.sha256.as_deref() == Some(UNREADABLE) {
        CONFLICT
    } else if now.sha256 == step.was.object {
        "unchanged"
    } else if moved(&step.was.path) || step.left.as_ref().is_none_or(|left| left.sha256 != now.sha256) {
        CONFLICT
    } else if step.was.object.is_some() {
        "restored"
    } else {
        "removed"
    };
    let before = PreImage { path: step.was.path.clone(), object: None, mode: None };
    UndoneFile { before, after: now, done: done.to_owned() }
}

/// Whether a link now leads the path elsewhere than when the call was judged.
fn moved(path: &str) -> bool {
    real_path(Path::new(path), true) != Path::new(path)
}

fn perform(step: &Step, objects: &Objects) -> Result<UndoneFile, Failure> {
    let path = Path::new(&step.was.path);
    let mut file = rehearse(step);
    if file.done == CONFLICT || file.done == "unchanged" {
        return Ok(file);
    }
    let kept = before(objects, path)?;
    file.before = kept.ok_or_else(|| Failure::new(Kind::Environment, format!("{} is too large to keep", path.display())))?;
    match &step.was.object {
        None => fs::remove_file(path).naming("remove", path)?,
        Some(object) => {
            let bytes = objects.get(object).map_err(|error| {
                Failure::new(Kind::Environment, format!("the kept content of {} is not there", path.display())).because(error)
            })?;
            restore(path, &bytes, step.was.mode)?;
        }
    }
    file.after = state(path);
    Ok(file)
}

/// Replaces the file whole: a crash leaves the one or the other, never half.
fn restore(path: &Path, bytes: &[u8], mode: Option<u32>) -> Result<(), Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".bailiwick-undo-{}-{}", std::process::id(), now_ms()));
    let temporary = Path::new(&name);
    // `create_new` neither follows nor overwrites what somebody put there.
    let mut file = fs::File::create_new(temporary).naming("make", temporary)?;
    file.write_all(bytes).naming("write", temporary)?;
    if let Some(mode) = mode {
        fs::set_permissions(temporary, fs::Permissions::from_mode(mode)).naming("set the mode of", temporary)?;
    }
    fs::rename(temporary, path).naming("replace", path)
}

fn say(file: &UndoneFile) -> String {
    let path = shown(&file.before.path, 200);
    match file.done.as_str() {
        "restored" => format!("{}  {path}", ink(Ink::Green, "restored")),
        "removed" => format!("{}   {path} (the call had made it)", ink(Ink::Green, "removed")),
        "unchanged" => format!("{} {path} (already as it was)", ink(Ink::Dim, "unchanged")),
        _ => format!("{}  {path} has changed since: left alone", ink(Ink::Yellow, CONFLICT)),
    }
}

fn record(station: &mut Station, entry: &Entry, files: Vec<UndoneFile>, journal: Option<String>) -> Result<u64, Failure> {
    let call = match &entry.record.body {
        Body::Call(call) => call.call.clone(),
        Body::Undo { call, .. } => call.clone(),
        Body::Prompt { .. }
        | Body::Outcome { .. }
        | Body::Session { .. }
        | Body::Approval { .. }
        | Body::Failure { .. }
        | Body::Observed(_) => String::new(),
    };
    let record = Record {
        at_ms: now_ms(),
        session: entry.record.session.clone(),
        agent: Agent { client: "bailiwick".to_owned(), ..Agent::default() },
        cwd: entry.record.cwd.clone(),
        body: Body::Undo { call, files, journal },
    };
    let receipts = station.append(vec![record])?;
    receipts.first().map(bailiwick_vocab::record::Receipt::entry).ok_or_else(|| Failure::new(Kind::Environment, "no receipt"))
}

impl Arguments {
    /// The arguments that undo one call.
    pub fn of_call(call: &str) -> Arguments {
        Arguments { call: Some(call.to_owned()), session: None, since: None, dry_run: false }
    }
}
