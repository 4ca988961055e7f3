//! `bailiwick review`: shows what a run with `--review` has changed, and takes it over into the workspace or lets it go, whole
//! or by path. What is taken over is recorded, and can be undone. For people: it refuses to run below an agent.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bailiwick_journal::budget::Budget;
use bailiwick_journal::diff::between;
use bailiwick_journal::journal::Journal;
use bailiwick_journal::store::Store;
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::record::{Body, Observed, Receipt, Record};
use serde_json::json;

use crate::agents_here::agent_above;
use crate::dirs::Dirs;
use crate::disk::real_path;
use crate::failure::{Failure, Kind};
use crate::review::changes::{self, Change, What};
use crate::review::{Layer, take};
use crate::setup::Choice;
use crate::station::{Station, now_ms};
use crate::terminal::{Ink, ink, json, line, shown};

/// How long, and how often, the end of the supervisor is waited for: three seconds.
const PATIENCE: u32 = 150;
const PAUSE: Duration = Duration::from_millis(20);

/// Show, accept or discard what `run --review` has changed
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bailiwick review                      what the run has changed
  bailiwick review --diff               the same with every line
  bailiwick review --accept             take all of it over into the workspace
  bailiwick review --accept src docs    only what lies there; the rest waits
  bailiwick review --discard            let it go")]
pub struct Arguments {
    /// The run's session, or a beginning of it [default: the only one]
    session: Option<String>,
    /// Show what changes line by line
    #[arg(long, conflicts_with_all = ["accept", "discard"])]
    diff: bool,
    /// Take changes over: all, or those of these paths (from the workspace, or absolute)
    #[arg(long, value_name = "PATH", num_args = 0.., conflicts_with = "discard")]
    accept: Option<Vec<PathBuf>>,
    /// Let changes go: all, or those of these paths
    #[arg(long, value_name = "PATH", num_args = 0..)]
    discard: Option<Vec<PathBuf>>,
    /// One JSON object, for programs
    #[arg(long)]
    json: bool,
}

/// Does what the flags say; without one it lists.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let layer = Layer::find(dirs, arguments.session.as_deref())?;
    let chosen = arguments.accept.as_ref().or(arguments.discard.as_ref());
    let Some(paths) = chosen else {
        let changes = changes::of(&layer)?;
        return if arguments.json { as_json(&layer, &changes) } else { list(&layer, &changes, arguments.diff) };
    };
    if let Some(agent) = agent_above() {
        let heading = format!("this runs under {agent}: taking over is for people");
        return Err(Failure::new(Kind::No, heading).hint("run it in a terminal of your own"));
    }
    let _held = layer.hold()?;
    changes::settle(&layer)?;
    let wanted: Vec<Change> = changes::of(&layer)?.into_iter().filter(|change| is_meant(&layer, change, paths)).collect();
    if wanted.is_empty() && !paths.is_empty() {
        return Err(Failure::new(Kind::No, "the run has changed nothing there").hint("bailiwick review"));
    }
    let left = if arguments.accept.is_some() { accept(dirs, &layer, &wanted)? } else { discard(dirs, &layer, &wanted, paths)? };
    if left > 0 {
        return Err(Failure::new(Kind::No, format!("{left} path(s) were left alone, and wait")).hint("bailiwick review --diff"));
    }
    Ok(())
}

/// At the end of a run: asks on a terminal, else says how to go on.
pub fn at_end(dirs: &Dirs, layer: &Layer) -> Result<(), Failure> {
    // The supervisor ends a little later than the program, or lives on with what goes on in the background.
    let Some(_held) = (0..PATIENCE).find_map(|_| layer.hold().inspect_err(|_| std::thread::sleep(PAUSE)).ok()) else {
        say("bailiwick: processes of the run go on in the background; when they have ended: bailiwick review\n");
        return Ok(());
    };
    changes::settle(layer)?;
    let changes = changes::of(layer)?;
    if changes.is_empty() {
        return layer.remove();
    }
    let session = &layer.session;
    let how = format!("bailiwick review {session} --diff, --accept [PATH…] or --discard [PATH…]");
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        say(&format!("bailiwick: {} change(s) wait for your review: {how}\n", changes.len()));
        return Ok(());
    }
    list(layer, &changes, false)?;
    loop {
        match asked("accept all, show the diff, choose by file, discard all, or later? [a/d/f/x/L] ").as_str() {
            "a" => return finished(accept(dirs, layer, &changes)?),
            "d" => list(layer, &changes, true)?,
            "f" => return by_file(dirs, layer, &changes),
            "x" => return finished(discard(dirs, layer, &changes, &[])?),
            _ => {
                say(&format!("bailiwick: they wait: {how}\n"));
                return Ok(());
            }
        }
    }
}

fn by_file(dirs: &Dirs, layer: &Layer, changes: &[Change]) -> Result<(), Failure> {
    let mut wanted = Vec::new();
    for change in changes {
        line(&told(change))?;
        if asked("accept this? [y/N] ") == "y" {
            wanted.push(change.clone());
        }
    }
    finished(accept(dirs, layer, &wanted)?)
}

fn finished(left: usize) -> Result<(), Failure> {
    if left > 0 {
        say(&format!("bailiwick: {left} path(s) were left alone, and wait: bailiwick review\n"));
    }
    Ok(())
}

fn asked(question: &str) -> String {
    say(question);
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    answer.trim().to_lowercase()
}

/// On standard error: standard output is the program's.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Whether a change lies at or below one of these paths; none means all. The directories above a path that is wanted are
/// wanted with it where they come.
fn is_meant(layer: &Layer, change: &Change, paths: &[PathBuf]) -> bool {
    let whole = layer.tree.join(&change.path);
    let given = |path: &PathBuf| real_path(&std::env::current_dir().unwrap_or_default().join(path), false);
    let below_tree = |path: &PathBuf| layer.tree.join(path);
    let meant = |path: &PathBuf| {
        let comes = change.directory && change.what == What::Added;
        [given(path), below_tree(path)].iter().any(|path| whole.starts_with(path) || (comes && path.starts_with(&whole)))
    };
    paths.is_empty() || paths.iter().any(meant)
}

fn list(layer: &Layer, changes: &[Change], diff: bool) -> Result<(), Failure> {
    line(&format!(
        "{} in {}",
        ink(Ink::Bold, &format!("{} change(s)", changes.len())),
        shown(&layer.tree.to_string_lossy(), 200)
    ))?;
    for change in changes {
        line(&told(change))?;
        if diff {
            lines_of(layer, change)?;
        }
    }
    Ok(())
}

fn told(change: &Change) -> String {
    let colour = match change.what {
        What::Added => Ink::Green,
        What::Changed | What::Mode => Ink::Yellow,
        What::Removed => Ink::Red,
        What::Special => Ink::Dim,
    };
    let slash = if change.directory { "/" } else { "" };
    let conflict = change.conflict.map(|why| format!("  {}: {why}", ink(Ink::Red, "conflict"))).unwrap_or_default();
    let word = ink(colour, &format!("{:8}", change.what.word()));
    format!("  {word} {}{slash}{conflict}", shown(&change.path.to_string_lossy(), 200))
}

fn lines_of(layer: &Layer, change: &Change) -> Result<(), Failure> {
    let (old, new) = (layer.tree.join(&change.path), layer.upper().join(&change.path));
    let is_link = |path: &Path| path.is_symlink();
    let note = |text: String| line(&format!("    {}", shown(&text, 200)));
    match change.what {
        What::Special => return Ok(()),
        What::Mode => {
            let mode = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.mode() & 0o7777);
            return note(format!("mode {:o}, was {:o}", mode(&new), mode(&old)));
        }
        What::Added | What::Changed | What::Removed if change.directory => return Ok(()),
        What::Added | What::Changed if is_link(&new) => {
            return note(format!("a link to {}", std::fs::read_link(&new).unwrap_or_default().display()));
        }
        What::Added | What::Changed | What::Removed => {}
    }
    let was = (change.what != What::Added && old.is_file() && !is_link(&old)).then_some(old.as_path());
    let will = (change.what != What::Removed).then_some(new.as_path());
    match between(was, will, &change.path.to_string_lossy()) {
        Ok(Some(diff)) => diff.lines().try_for_each(|text| note(text.to_owned())),
        Ok(None) => note("not text, or too long to show".to_owned()),
        Err(error) => note(error.to_string()),
    }
}

fn as_json(layer: &Layer, changes: &[Change]) -> Result<(), Failure> {
    let changes: Vec<_> = changes
        .iter()
        .map(|change| {
            json!({
                "path": change.path.to_string_lossy(),
                "what": change.what.word(),
                "directory": change.directory,
                "conflict": change.conflict,
            })
        })
        .collect();
    json(&json!({ "session": layer.session, "tree": layer.tree.to_string_lossy(), "changes": changes }))
}

/// Takes changes over, records it; how many were left alone.
fn accept(dirs: &Dirs, layer: &Layer, wanted: &[Change]) -> Result<usize, Failure> {
    // Opened first: what cannot be recorded is not done.
    let mut station = Station::open(dirs.clone(), Choice::default())?;
    let store = Store::at(&dirs.ledger());
    let name = format!("review-{}-{}", layer.entry, now_ms());
    let unkept =
        |error| Failure::new(Kind::Environment, "what is there cannot be kept, so nothing was taken over").because(error);
    let journal = Journal::open(&store, &name, Budget::default(), now_ms()).map_err(unkept)?;
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for change in wanted {
        match take::accept(layer, change, &journal) {
            Ok(()) => {
                taken.push(layer.tree.join(&change.path).to_string_lossy().into_owned());
                line(&told(change))?;
            }
            Err(why) => {
                line(&format!(
                    "{}  {}",
                    told(&Change { conflict: None, ..change.clone() }),
                    ink(Ink::Yellow, &format!("left alone: {why}"))
                ))?;
                left.push(format!("{}: {why}", change.path.display()));
            }
        }
    }
    journal.end(now_ms()).and_then(|()| journal.settle()).map_err(unkept)?;
    let missing = left.len();
    let number = record(&mut station, layer, taken, left, name)?;
    line(&format!("recorded as entry #{number}; to take it back: bailiwick undo '#{number}'"))?;
    if changes::of(layer)?.is_empty() {
        layer.remove()?;
    }
    Ok(missing)
}

/// Lets changes go, records it.
fn discard(dirs: &Dirs, layer: &Layer, wanted: &[Change], paths: &[PathBuf]) -> Result<usize, Failure> {
    let mut station = Station::open(dirs.clone(), Choice::default())?;
    let entry = said(layer, format!("discarded {} change(s) of {}", wanted.len(), layer.session));
    station.append(vec![entry])?;
    if paths.is_empty() {
        layer.remove()?;
    } else {
        // What comes last goes first: a directory when it is empty.
        wanted.iter().rev().try_for_each(|change| take::discard(layer, change))?;
        if changes::of(layer)?.is_empty() {
            layer.remove()?;
        }
    }
    line(&format!("{} {} change(s)", ink(Ink::Green, "discarded"), wanted.len()))?;
    Ok(0)
}

fn said(layer: &Layer, detail: String) -> Record {
    Record {
        at_ms: now_ms(),
        session: layer.session.clone(),
        agent: Agent { client: "bailiwick".to_owned(), ..Agent::default() },
        cwd: layer.tree.to_string_lossy().into_owned(),
        body: Body::Session { what: "review".to_owned(), detail, ruling: None, approval: None },
    }
}

/// Two entries: what was accepted, and what that changed, by which it is undone.
fn record(
    station: &mut Station,
    layer: &Layer,
    changed: Vec<String>,
    left: Vec<String>,
    journal: String,
) -> Result<u64, Failure> {
    let detail = format!("accepted {} change(s) of {}, left {} alone", changed.len(), layer.session, left.len());
    let first = said(layer, detail);
    let receipts = station.append(vec![first.clone()])?;
    let entry = receipts.first().map_or(0, Receipt::entry);
    let observed =
        Observed { entry, exit: "exit 0".to_owned(), changed, refused: left, journal: Some(journal), ..Observed::default() };
    let observed = crate::wall::seen::bound::bounded(observed);
    station.append(vec![Record { body: Body::Observed(Box::new(observed)), ..first }])?;
    Ok(entry)
}
