//! A journalling process killed at any moment, an undo killed at any moment, a full disk. Runs itself as the process that
//! dies; so it has no harness.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

#[path = "journal/broker.rs"]
mod broker;
#[path = "journal/chance.rs"]
mod chance;
#[path = "journal/tree.rs"]
mod tree;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bailiwick_journal::budget::Budget;
use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::journal::Journal;
use bailiwick_journal::past::Past;
use bailiwick_journal::store::Store;
use bailiwick_journal::undo::undo;
use broker::{Act, Blob, perform};
use chance::{Chance, seeds};
use tree::{Tree, difference, snapshot};

const KILLS: u64 = 100;

fn main() {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let path = |index: usize| PathBuf::from(&arguments[index]);
    let number = |index: usize| arguments[index].to_str().unwrap().parse().unwrap();
    match arguments.get(1).and_then(|name| name.to_str()) {
        Some("journalling") => journalling(&path(2), &path(3), number(4)),
        Some("undoing") => undoing(&path(2), arguments[3].to_str().unwrap()),
        Some("full-disk") => full_disk_inside(&path(2)),
        Some("locked") => locked_inside(&path(2)),
        Some("--list") => println!("all: test"),
        Some(_) | None => {
            timed("a killed call is undone whole, whatever moment it died", killed_calls);
            timed("a killed undo is finished by the next", killed_undos);
            timed("what the call locked its owner out of comes back", locked);
            timed("on a full disk a change is refused before it is made", full_disk);
        }
    }
}

fn timed(name: &str, test: fn()) {
    let start = Instant::now();
    test();
    println!("test {name} ... ok ({:.1} s)", start.elapsed().as_secs_f64());
}

/// Makes changes until it is killed.
fn journalling(store: &Path, root: &Path, seed: u64) {
    let journal = Journal::open(&Store::at(store), "call", Budget::default(), 1).unwrap();
    let mut chance = Chance(seed);
    println!("ready");
    for _ in 0..100_000 {
        perform(&journal, &chance.act(root));
    }
}

fn undoing(store: &Path, into: &str) {
    let store = Store::at(store);
    let past = Past::read(&store, "call").unwrap();
    let into = Journal::open(&store, into, Budget::default(), 1).unwrap();
    println!("ready");
    undo(&store, &past, &into).unwrap();
}

/// Runs this program in another role and kills it some microseconds after it is ready.
fn run_and_kill(arguments: &[&std::ffi::OsStr], after: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap()).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = [0; 6];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut line).unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn now_ms() -> u64 {
    u64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn furnish(root: &Path, chance: &mut Chance) -> Tree {
    fs::create_dir(root).unwrap();
    let nowhere = tempfile::tempdir().unwrap();
    let unread = Journal::open(&Store::at(nowhere.path()), "unread", Budget::default(), 1).unwrap();
    for _ in 0..60 {
        perform(&unread, &chance.act(root));
    }
    snapshot(root)
}

fn undone(dir: &Path, into: &str) {
    let store = Store::at(dir);
    let past = Past::read(&store, "call").unwrap();
    let into = Journal::open(&store, into, Budget::default(), 1).unwrap();
    let undone = undo(&store, &past, &into).unwrap();
    let said = || fs::read_to_string(dir.join("journals/call")).unwrap();
    assert!(undone.is_whole(), "{undone:#?}\n{}", said());
}

fn killed_calls() {
    let mut changed = 0;
    for seed in seeds(0..KILLS) {
        let scratch = tempfile::tempdir().unwrap();
        let (store, root) = (scratch.path().join("store"), scratch.path().join("w"));
        let mut chance = Chance(seed);
        let before = furnish(&root, &mut chance);
        let after = Duration::from_micros(chance.below(30_000));
        let seed_text = chance.next().to_string();
        run_and_kill(&["journalling".as_ref(), store.as_os_str(), root.as_os_str(), seed_text.as_ref()], after);
        changed += u64::from(snapshot(&root) != before);
        undone(&store, "undo");
        let lines = difference(&before, &snapshot(&root));
        assert!(lines.is_empty(), "seed {seed}: {}", lines.join("\n"));
    }
    assert!(changed > 0, "none did anything before it died");
}

fn killed_undos() {
    let mut unfinished = 0;
    for seed in seeds(0..KILLS) {
        let scratch = tempfile::tempdir().unwrap();
        let (store, root) = (scratch.path().join("store"), scratch.path().join("w"));
        let mut chance = Chance(seed + 1000);
        let before = furnish(&root, &mut chance);
        let journal = Journal::open(&Store::at(&store), "call", Budget::default(), 1).unwrap();
        (0..60).for_each(|_| perform(&journal, &chance.act(&root)));
        journal.end(now_ms()).unwrap();
        drop(journal);
        // The clock of inodes is coarse: what the undo makes must be later than the end.
        let ended = Instant::now();
        while ended.elapsed() < Duration::from_millis(20) {}
        let after = Duration::from_micros(chance.below(6_000));
        run_and_kill(&["undoing".as_ref(), store.as_os_str(), "first".as_ref()], after);
        unfinished += u64::from(store.join("held/call/undoing").exists());
        undone(&store, "second");
        let lines = difference(&before, &snapshot(&root));
        assert!(lines.is_empty(), "seed {seed}: {}", lines.join("\n"));
    }
    assert!(unfinished > 0, "none died before it was done");
}

/// As a user who is not root, for root is let in everywhere.
fn locked() {
    let scratch = tempfile::tempdir().unwrap();
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-user=1000", "--"]).arg(std::env::current_exe().unwrap()).arg("locked");
    let status = command.arg(scratch.path()).status().unwrap();
    assert!(status.success(), "needs unshare(1) and user namespaces: {status}");
}

fn locked_inside(scratch: &Path) {
    let root = scratch.join("w");
    let path = |name: &str| root.join(name);
    fs::create_dir_all(path("a/b/c")).unwrap();
    for name in ["a/one", "a/b/two", "a/b/c/three", "four", "five"] {
        fs::write(path(name), name).unwrap();
    }
    fs::hard_link(path("five"), path("six")).unwrap();
    let before = snapshot(&root);
    let dir = scratch.join("store");
    let journal = Journal::open(&Store::at(&dir), "call", Budget::default(), 1).unwrap();
    let bytes = || Blob(b"by the call".to_vec());
    for act in [
        Act::Overwrite(path("a/b/two"), bytes()),
        Act::Remove(path("a/b/c/three")),
        Act::Create(path("a/b/c/new"), bytes()),
        Act::MakeDir(path("made")),
        Act::Create(path("made/inside"), bytes()),
        Act::Overwrite(path("four"), bytes()),
        Act::Overwrite(path("five"), bytes()),
        Act::Chmod(path("four"), 0),
        Act::Chmod(path("five"), 0),
        Act::Chmod(path("a/b/c"), 0),
        Act::Chmod(path("a/b"), 0o500),
        Act::Chmod(path("a"), 0),
        Act::Chmod(path("made"), 0),
    ] {
        perform(&journal, &act);
    }
    assert!(fs::read_dir(path("a")).is_err(), "it is shut");
    journal.end(now_ms()).unwrap();
    undone(&dir, "undo");
    assert_eq!(difference(&before, &snapshot(&root)), Vec::<String>::new());
}

/// A store on a file system of its own that holds little, in a user namespace of its own.
fn full_disk() {
    let scratch = tempfile::tempdir().unwrap();
    fs::create_dir(scratch.path().join("small")).unwrap();
    let script = "mount -t tmpfs -o size=256k none \"$1/small\" && exec \"$0\" full-disk \"$1\"";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.arg(std::env::current_exe().unwrap()).arg(scratch.path());
    let status = command.status().unwrap();
    assert!(status.success(), "needs unshare(1) and user namespaces: {status}");
}

fn full_disk_inside(scratch: &Path) {
    let store = Store::at(&scratch.join("small/store"));
    let root = scratch.join("w");
    fs::create_dir(&root).unwrap();
    let file = |index: u32| root.join(format!("file{index}"));
    (0..40).for_each(|index| fs::write(file(index), vec![u8::try_from(index).unwrap(); 10_000]).unwrap());
    let before = snapshot(&root);
    let journal = Journal::open(&store, "call", Budget::default(), 1).unwrap();
    let mut refused = 0;
    for index in 0..40 {
        match journal.before(&Change::Write { at: Spot::at(&file(index)) }) {
            Ok(_) => fs::write(file(index), "overwritten").unwrap(),
            Err(error) => {
                assert!(error.is_full(), "{error:?}");
                refused += 1;
            }
        }
    }
    assert!((5..40).contains(&refused), "{refused} of 40 were refused");
    // With not a byte left the journal's own line does not fit either; when there is room again it goes on.
    let filler = scratch.join("small/filler");
    let _full = fs::write(&filler, vec![0; 1 << 20]);
    let mut names = 0;
    while journal.before(&Change::MakeDir { at: Spot::at(&root.join(format!("{names:0200}"))) }).is_ok() {
        names += 1;
        assert!(names < 100, "lines without end on a full disk");
    }
    fs::remove_file(&filler).unwrap();
    perform(&journal, &Act::Create(root.join("new"), Blob(b"made".to_vec())));
    // The end may not fit either; what was kept is good without it.
    if let Err(error) = journal.end(now_ms()) {
        assert!(error.is_full(), "{error:?}");
    }
    drop(journal);
    let past = Past::read(&store, "call").unwrap();
    assert_eq!(past.torn_bytes, 0);
    // The undo keeps what it overwrites too: on the full disk it stops, with room it goes on.
    let into = Journal::open(&store, "first", Budget::default(), 1).unwrap();
    let stopped = match undo(&store, &past, &into) {
        Ok(undone) => undone.stopped.is_some_and(|refused| refused.is_full()),
        Err(error) => error.is_full(),
    };
    assert!(stopped, "the undo's own journal fitted on a full disk");
    let grown = Command::new("mount").args(["-o", "remount,size=4m"]).arg(scratch.join("small")).status().unwrap();
    assert!(grown.success());
    undone(&scratch.join("small/store"), "second");
    assert_eq!(difference(&before, &snapshot(&root)), Vec::<String>::new());
}
