//! What undo puts back, what it leaves alone, and what it says of either.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use crate::broker::{Act, Blob, perform};
use crate::tree::{difference, snapshot};
use crate::world::{World, now_ms, put};
use bailiwick_journal::budget::{Budget, Kept, Why};
use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::collect::{Limits, collect};
use bailiwick_journal::past::{Past, ReadError};
use bailiwick_journal::plan::{Clash, What};

fn what_of(world: &World, call: &str, name: &str) -> What {
    let path = world.path(name);
    let plan = world.plan(call);
    let step = plan.steps.iter().find(|step| step.path == path);
    step.unwrap_or_else(|| panic!("{name} is not in {:?}", plan.steps)).what.clone()
}

#[test]
fn removing_a_tree_of_ten_thousand_files_comes_back_whole() {
    let world = World::new();
    for dir in 0..100 {
        for file in 0..100 {
            world.write(&format!("d{dir}/e{}/f{file}", file % 3), &format!("{dir} {file}"));
        }
    }
    let before = snapshot(&world.root());
    world.call("rm", &[Act::RemoveTree(world.root())]);
    assert!(!world.root().exists());
    let undone = world.undo("rm", "undo");
    assert!(undone.is_whole());
    assert_eq!(difference(&before, &snapshot(&world.root())), Vec::<String>::new());
}

#[test]
fn a_file_changed_since_is_shown_and_left_alone() {
    let world = World::new();
    let (one, two) = (world.write("one", "before"), world.write("two", "before"));
    world.call("call", &[put(&one, "by the call"), put(&two, "by the call")]);
    fs::write(&one, "by a person").unwrap();
    assert_eq!(what_of(&world, "call", "one"), What::Conflict(Clash::Changed));
    assert_eq!(what_of(&world, "call", "two"), What::Content);
    let undone = world.undo("call", "undo");
    assert!(!undone.is_whole());
    assert_eq!((world.read("one"), world.read("two")), ("by a person".to_owned(), "before".to_owned()));
}

#[test]
fn a_mode_changed_since_is_a_change() {
    let world = World::new();
    let one = world.write("one", "before");
    world.call("call", &[put(&one, "by the call")]);
    fs::set_permissions(&one, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(what_of(&world, "call", "one"), What::Conflict(Clash::Changed));
}

#[test]
fn what_a_person_put_into_a_directory_of_the_calls_stays() {
    let world = World::new();
    world.call("call", &[Act::MakeDir(world.path("new")), put(&world.path("new/made"), "by the call")]);
    world.write("new/mine", "by a person");
    assert_eq!(what_of(&world, "call", "new"), What::Conflict(Clash::NotEmpty));
    world.undo("call", "undo");
    assert_eq!(world.read("new/mine"), "by a person");
    assert!(!world.path("new/made").exists());
}

#[test]
fn a_person_who_removed_it_again_is_not_overruled() {
    let world = World::new();
    let one = world.write("one", "before");
    world.call("call", &[put(&one, "by the call")]);
    fs::remove_file(&one).unwrap();
    assert_eq!(what_of(&world, "call", "one"), What::Conflict(Clash::Changed));
    world.undo("call", "undo");
    assert!(!one.exists());
}

#[test]
fn calls_are_undone_newest_first() {
    let world = World::new();
    let one = world.write("d/one", "first");
    let before = snapshot(&world.root());
    world.call("1", &[Act::Rename(one.clone(), world.path("d/two"))]);
    world.call("2", &[put(&world.path("d/two"), "second"), Act::Link(world.path("d/two"), world.path("three"))]);
    world.call("3", &[Act::RemoveTree(world.path("d")), Act::Remove(world.path("three"))]);
    for call in ["3", "2", "1"] {
        let undone = world.undo(call, &format!("undo-{call}"));
        assert!(undone.is_whole(), "{call}: {undone:?}");
    }
    assert_eq!(difference(&before, &snapshot(&world.root())), Vec::<String>::new());
}

#[test]
fn one_of_two_names_comes_back_as_the_same_file() {
    let world = World::new();
    let one = world.write("one", "shared");
    fs::hard_link(&one, world.path("two")).unwrap();
    let before = snapshot(&world.root());
    world.call("call", &[put(&one, "changed"), Act::Remove(one.clone())]);
    assert_eq!(world.read("two"), "changed");
    assert!(world.undo("call", "undo").is_whole());
    assert_eq!(difference(&before, &snapshot(&world.root())), Vec::<String>::new());
    assert_eq!(fs::metadata(&one).unwrap().nlink(), 2);
}

#[test]
fn a_file_that_was_not_removed_after_all_is_kept_when_it_changes() {
    let world = World::new();
    let one = world.write("one", "before");
    let journal = world.open("call");
    // The removal is told of but fails, as it does in a directory with the sticky bit.
    journal.before(&Change::Remove { at: Spot::at(&one) }).unwrap();
    perform(&journal, &put(&one, "after"));
    journal.end(now_ms()).unwrap();
    assert!(world.undo("call", "undo").is_whole());
    assert_eq!(world.read("one"), "before");
}

#[test]
fn a_hundred_megabytes_and_a_hole_come_back() {
    let world = World::new();
    let (large, sparse) = (world.path("large"), world.path("sparse"));
    fs::write(&large, vec![7; 100 << 20]).unwrap();
    fs::File::create(&sparse).unwrap().set_len(200 << 20).unwrap();
    perform(&world.open("unread"), &Act::WriteAt(sparse.clone(), 150 << 20, Blob(b"inside".to_vec())));
    let before = snapshot(&world.root());
    world.call("call", &[put(&large, "small now"), put(&sparse, "small now")]);
    assert!(world.undo("call", "undo").is_whole());
    assert_eq!(difference(&before, &snapshot(&world.root())), Vec::<String>::new());
    assert!(fs::metadata(&sparse).unwrap().blocks() * 512 < 1 << 20, "the hole is a hole again");
}

#[test]
fn what_is_over_budget_is_said_and_not_lost_silently() {
    let world = World::new();
    let (large, small) = (world.write("large", &"x".repeat(2000)), world.write("small", "x"));
    let budget = Budget { file_bytes: 1000, ..Budget::default() };
    let journal = world.open_with("call", budget);
    let kept = journal.before(&Change::Write { at: Spot::at(&large) }).unwrap();
    assert_eq!(kept, Kept::Noted(Why::TooLarge { bytes: 2000 }));
    assert_eq!(journal.before(&Change::Write { at: Spot::at(&small) }).unwrap(), Kept::Whole);
    // A file that is only removed is not copied, so its size does not matter.
    let other = world.write("other", &"y".repeat(3000));
    assert_eq!(journal.before(&Change::Remove { at: Spot::at(&other) }).unwrap(), Kept::Whole);
    fs::write(&large, "gone").unwrap();
    journal.end(now_ms()).unwrap();
    assert_eq!(what_of(&world, "call", "large"), What::Lost(Why::TooLarge { bytes: 2000 }));
    assert_eq!(world.past("call").noted(), vec![(large, Why::TooLarge { bytes: 2000 })]);
    assert!(!world.undo("call", "undo").is_whole());
}

#[test]
fn a_budget_of_bytes_and_of_files_ends() {
    let world = World::new();
    let files: Vec<_> = (0..4).map(|index| world.write(&format!("f{index}"), &"x".repeat(400))).collect();
    let count = |budget: Budget, call: &str| {
        let journal = world.open_with(call, budget);
        files.iter().filter(|path| journal.before(&Change::Write { at: Spot::at(path) }).unwrap() == Kept::Whole).count()
    };
    assert_eq!(count(Budget { copied_bytes: 1000, ..Budget::default() }, "bytes"), 2);
    assert_eq!(count(Budget { files: 3, ..Budget::default() }, "files"), 3);
}

#[test]
fn a_damaged_copy_is_not_put_back() {
    let world = World::new();
    let one = world.write("one", "before");
    world.call("call", &[put(&one, "after")]);
    let objects = walk(&world.store_dir().join("objects"));
    objects.iter().for_each(|object| fs::write(object, "foul").unwrap());
    assert_eq!(objects.len(), 1);
    let undone = world.undo("call", "undo");
    assert!(!undone.is_whole());
    assert_eq!(world.read("one"), "after");
}

fn walk(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_held_file_that_somebody_wrote_into_is_not_put_back() {
    let world = World::new();
    let one = world.write("one", "before");
    let open = fs::OpenOptions::new().append(true).open(&one).unwrap();
    let journal = world.open("call");
    perform(&journal, &Act::Remove(one.clone()));
    journal.end(now_ms()).unwrap();
    journal.settle().unwrap();
    std::io::Write::write_all(&mut &open, b" and after").unwrap();
    assert_eq!(what_of(&world, "call", "one"), What::Conflict(Clash::Damaged));
    assert!(!world.undo("call", "undo").is_whole());
}

#[test]
fn names_that_are_no_text_come_back() {
    let world = World::new();
    let name = std::ffi::OsStr::from_bytes(b"\xff\n%00 \\\"");
    let path = world.root().join(name);
    fs::write(&path, "before").unwrap();
    let before = snapshot(&world.root());
    world.call("call", &[Act::Rename(path.clone(), world.path("plain")), put(&world.path("plain"), "after")]);
    assert!(world.undo("call", "undo").is_whole());
    assert_eq!(difference(&before, &snapshot(&world.root())), Vec::<String>::new());
}

#[test]
fn a_clock_set_back_loses_nothing() {
    let world = World::new();
    let one = world.write("one", "first");
    let before = snapshot(&world.root());
    let journal = bailiwick_journal::journal::Journal::open(&world.store, "call", Budget::default(), u64::MAX / 2).unwrap();
    perform(&journal, &put(&one, "second"));
    perform(&journal, &Act::Touch(one.clone(), 4_000_000_000));
    journal.end(5).unwrap();
    let limits = Limits { age_ms: 1000, bytes: u64::MAX };
    let collected = collect(&world.store, limits, now_ms(), &[], &|_| false).unwrap();
    assert_eq!(collected.calls, Vec::<String>::new());
    assert!(world.undo("call", "undo").is_whole());
    assert_eq!(difference(&before, &snapshot(&world.root())), Vec::<String>::new());
}

#[test]
fn old_journals_go_and_what_others_need_stays() {
    let world = World::new();
    let (one, two) = (world.write("one", "shared"), world.write("two", "own"));
    let day = 86_400_000;
    for (call, path, at) in [("old", &one, 0), ("oldest", &two, 0), ("new", &one, 20 * day)] {
        let journal = bailiwick_journal::journal::Journal::open(&world.store, call, Budget::default(), at).unwrap();
        let content = fs::read_to_string(path).unwrap();
        perform(&journal, &put(path, "other"));
        fs::write(path, content).unwrap();
    }
    assert_eq!(walk(&world.store_dir().join("objects")).len(), 2);
    let later = now_ms() + 2 * 3_600_000;
    let limits = Limits { age_ms: later - 10 * day, bytes: u64::MAX };
    let open = ["oldest".to_owned()];
    let collected = collect(&world.store, limits, later, &open, &|_| false).unwrap();
    assert_eq!(collected.calls, ["old"]);
    assert_eq!(walk(&world.store_dir().join("objects")).len(), 2, "the new journal names one, the open one the other");
    let needed = collect(&world.store, limits, later, &[], &|_| true).unwrap();
    assert_eq!((needed.calls, walk(&world.store_dir().join("objects")).len()), (vec!["oldest".to_owned()], 2));
    let tight = Limits { age_ms: u64::MAX, bytes: 0 };
    let collected = collect(&world.store, tight, later, &[], &|_| false).unwrap();
    assert_eq!(collected.calls, ["new"]);
    assert!(matches!(Past::read(&world.store, "new"), Err(ReadError::NoJournal { .. })));
    assert_eq!(collected.kept_bytes, 0);
}

#[test]
fn a_fresh_object_is_not_collected() {
    let world = World::new();
    let one = world.write("one", "content");
    world.call("call", &[put(&one, "other")]);
    collect(&world.store, Limits { age_ms: u64::MAX, bytes: 0 }, now_ms(), &[], &|_| false).unwrap();
    assert_eq!(walk(&world.store_dir().join("objects")).len(), 1);
}

#[test]
fn the_plan_shows_what_text_would_change() {
    let world = World::new();
    let one = world.write("one", "a\nb\nc\n");
    world.call("call", &[put(&one, "a\nB\nc\n"), put(&world.path("new"), "fresh\n")]);
    let past = world.past("call");
    let diffs: Vec<String> = world.plan("call").steps.iter().filter_map(|step| step.diff(&world.store, &past).unwrap()).collect();
    assert!(diffs.iter().any(|diff| diff.contains("-B\n+b\n")), "{diffs:?}");
    assert!(diffs.iter().any(|diff| diff.contains("-fresh\n")), "{diffs:?}");
    assert!(!world.plan("call").is_done());
    world.undo("call", "undo");
    assert!(world.plan("call").is_done());
}

#[test]
fn a_name_is_used_once_and_must_be_plain() {
    let world = World::new();
    world.open("call");
    for call in ["call", "", "..", "a/b", ".hidden", "new\nline"] {
        let opened = bailiwick_journal::journal::Journal::open(&world.store, call, Budget::default(), 0);
        assert!(opened.is_err(), "{call:?}");
    }
}

#[test]
fn a_path_through_a_link_is_refused() {
    let world = World::new();
    world.write("real/one", "before");
    std::os::unix::fs::symlink("real", world.path("link")).unwrap();
    let journal = world.open("call");
    let through = world.path("link/one");
    let refused = journal.before(&Change::Write { at: Spot::at(&through) }).unwrap_err();
    assert!(matches!(refused, bailiwick_journal::budget::Refused::ThroughLink { .. }), "{refused:?}");
    let held = fs::File::open(world.path("real")).unwrap();
    let within = Spot::within(std::os::fd::AsFd::as_fd(&held), &through);
    assert!(journal.before(&Change::Write { at: within }).is_err(), "the path must be the directory's");
}
