//! Whatever a program does, undo brings the tree back: content, modes, owners, times, links, attributes. And undoing the
//! undo brings the program's work back.

use std::path::Path;
use std::thread;

use crate::broker::{Act, perform};
use crate::chance::{Chance, seeds};
use crate::tree::{difference, snapshot};
use crate::world::now_ms;
use bailiwick_journal::budget::Budget;
use bailiwick_journal::journal::Journal;
use bailiwick_journal::past::Past;
use bailiwick_journal::store::Store;
use bailiwick_journal::undo::undo;

const PROGRAMS: u64 = 2_000;
const SEQUENCES: u64 = 300;

struct Ground {
    scratch: tempfile::TempDir,
    store: Store,
    /// Where the store is elsewhere.
    elsewhere: Option<tempfile::TempDir>,
}

/// Half the grounds are in memory, for speed; every fourth has its store on another file system, where nothing can be
/// held.
fn ground(seed: u64) -> Ground {
    let memory = Path::new("/dev/shm");
    let scratch = if seed % 4 < 2 { tempfile::tempdir() } else { tempfile::tempdir_in(memory) }.unwrap();
    std::fs::create_dir(scratch.path().join("w")).unwrap();
    if seed.is_multiple_of(4) {
        let elsewhere = tempfile::tempdir_in(memory).unwrap();
        let store = Store::at(elsewhere.path());
        return Ground { scratch, store, elsewhere: Some(elsewhere) };
    }
    let store = Store::at(&scratch.path().join("store"));
    Ground { scratch, store, elsewhere: None }
}

fn journal(store: &Store, call: &str) -> Journal {
    Journal::open(store, call, Budget::default(), 1).unwrap()
}

/// A tree from before the call: the same acts, told to a journal that nobody reads.
fn furnish(root: &Path, chance: &mut Chance) {
    let nowhere = tempfile::tempdir().unwrap();
    let unread = journal(&Store::at(nowhere.path()), "unread");
    for _ in 0..chance.below(40) {
        perform(&unread, &chance.act(root));
    }
}

fn run(journal: &Journal, programs: &[Vec<Act>]) {
    thread::scope(|scope| {
        for program in programs {
            scope.spawn(move || program.iter().for_each(|act| perform(journal, act)));
        }
    });
}

fn check(seed: u64) {
    let ground = ground(seed);
    let root = ground.scratch.path().join("w");
    let mut chance = Chance(seed);
    furnish(&root, &mut chance);
    let before = snapshot(&root);
    let threads = if seed.is_multiple_of(3) { 1 + chance.below(3) } else { 1 };
    let programs: Vec<Vec<Act>> = (0..threads).map(|_| (0..=chance.below(25)).map(|_| chance.act(&root)).collect()).collect();
    let call = journal(&ground.store, "call");
    run(&call, &programs);
    // A call that was killed has no end; an undo works on what there is.
    if !seed.is_multiple_of(5) {
        call.end(now_ms()).unwrap();
    }
    let after = snapshot(&root);
    let say = |what: &str, lines: &[String]| {
        let near = ground.scratch.path().join("store");
        let store = ground.elsewhere.as_ref().map_or(near.as_path(), |elsewhere| elsewhere.path());
        let read = |call: &str| std::fs::read_to_string(store.join("journals").join(call)).unwrap_or_default();
        let journal = ["call", "undo-1", "undo-2", "undo-3"].map(read).join("\n");
        panic!("seed {seed}: {what}\n{}\n{programs:?}\n{journal}", lines.join("\n"));
    };
    for (round, (from, wanted)) in [("call", &before), ("undo-1", &after), ("undo-2", &before)].into_iter().enumerate() {
        let past = Past::read(&ground.store, from).unwrap();
        let into = journal(&ground.store, &format!("undo-{}", round + 1));
        let undone = undo(&ground.store, &past, &into).unwrap();
        into.end(now_ms()).unwrap();
        if !undone.is_whole() {
            say(&format!("undoing {from}: {:#?}", undone), &difference(wanted, &snapshot(&root)));
        }
        let lines = difference(wanted, &snapshot(&root));
        if !lines.is_empty() {
            say(&format!("after undoing {from}"), &lines);
        }
    }
}

#[test]
fn any_program_is_undone_and_its_undo_too() {
    thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || seeds(0..PROGRAMS).filter(|seed| seed % 2 == half).for_each(check));
        }
    });
}

/// Several calls, undone newest first: what an undo makes anew has other inodes than the older journals know.
/// The store is on the same file system: elsewhere, names that shared an inode may part (the crate's limits say so).
fn check_calls(seed: u64) {
    let ground = ground(seed * 2 + 1);
    let root = ground.scratch.path().join("w");
    let mut chance = Chance(seed);
    furnish(&root, &mut chance);
    let mut trees = vec![snapshot(&root)];
    let calls = 2 + chance.below(3);
    let mut programs = Vec::new();
    for call in 0..calls {
        let program: Vec<Act> = (0..=chance.below(12)).map(|_| chance.act(&root)).collect();
        let journal = journal(&ground.store, &format!("call-{call}"));
        run(&journal, std::slice::from_ref(&program));
        journal.end(now_ms()).unwrap();
        trees.push(snapshot(&root));
        programs.push(program);
    }
    for call in (0..calls).rev() {
        trees.pop();
        let past = Past::read(&ground.store, &format!("call-{call}")).unwrap();
        let into = journal(&ground.store, &format!("undo-{call}"));
        let undone = undo(&ground.store, &past, &into).unwrap();
        into.end(now_ms()).unwrap();
        let lines = difference(trees.last().unwrap(), &snapshot(&root));
        let fine = undone.is_whole() && lines.is_empty();
        assert!(fine, "seed {seed}, undoing call {call}:\n{}\n{undone:#?}\n{programs:?}", lines.join("\n"));
    }
}

#[test]
fn any_calls_are_undone_newest_first() {
    seeds(0..SEQUENCES).for_each(check_calls);
}
