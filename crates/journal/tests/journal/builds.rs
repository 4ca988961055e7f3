//! Build output is noted, not kept; and nothing a command does makes anything else pass for build output.

use std::fs;

use crate::broker::{Act, perform};
use crate::world::{World, put};
use bailiwick_journal::budget::{Budget, Kept, Why};
use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::forecast::will_not_keep;
use bailiwick_journal::plan::{Clash, What};

const MARK: &str = "Signature: 8a477f597d28d172789f06886806bc55\n";

/// A repository whose `.gitignore` says this.
fn repository(ignore: &str) -> World {
    let world = World::new();
    fs::create_dir(world.path(".git")).unwrap();
    world.write(".gitignore", ignore);
    world
}

fn write_is_kept(world: &World, name: &str) -> bool {
    let path = world.write(name, "before");
    let journal = world.open(&format!("call{}", world.store.calls().unwrap().len()));
    journal.before(&Change::Write { at: Spot::at(&path) }).unwrap() == Kept::Whole
}

#[test]
fn an_ignored_build_directory_is_noted_and_everything_else_kept() {
    let world = repository("/target\nnode_modules/\n.env\nsecret-build/\n*.log\n");
    assert!(!write_is_kept(&world, "target/debug/app"));
    assert!(!write_is_kept(&world, "packages/a/node_modules/b/index.js"));
    // Ignored, but no build directory: a person's.
    assert!(write_is_kept(&world, "q.env"));
    let env = world.write(".env", "KEY=1");
    let journal = world.open("env");
    assert_eq!(journal.before(&Change::Remove { at: Spot::at(&env) }).unwrap(), Kept::Whole);
    assert!(write_is_kept(&world, "secret-build/notes"));
    assert!(write_is_kept(&world, "server.log"));
    // Named like one, but not ignored.
    assert!(write_is_kept(&world, "build/notes"));
    assert!(write_is_kept(&world, "packages/target/notes"));
}

#[test]
fn a_rule_taken_back_and_a_deeper_rule_count_as_git_counts_them() {
    let world = repository("dist\n!keep/dist\n");
    assert!(!write_is_kept(&world, "a/dist/x"));
    assert!(write_is_kept(&world, "keep/dist/x"));
    world.write("deep/.gitignore", "build/\n");
    assert!(!write_is_kept(&world, "deep/er/build/x"));
    assert!(write_is_kept(&world, "build/x"));
    world.write(".git/info/exclude", ".venv\n");
    assert!(!write_is_kept(&world, ".venv/bin/python"));
}

#[test]
fn a_cache_mark_counts_without_git() {
    let world = World::new();
    world.write("target/CACHEDIR.TAG", MARK);
    assert!(!write_is_kept(&world, "target/debug/app"));
    world.write("build/CACHEDIR.TAG", "nothing");
    assert!(write_is_kept(&world, "build/x"));
}

#[test]
fn a_call_cannot_declare_a_directory_build_output() {
    let world = repository("nothing\n");
    let precious = world.write("build/thesis", "ten years");
    let journal = world.open("call");
    perform(&journal, &put(&world.path("build/CACHEDIR.TAG"), MARK));
    perform(&journal, &put(&world.path(".gitignore"), "build\n"));
    assert_eq!(journal.before(&Change::Remove { at: Spot::at(&precious) }).unwrap(), Kept::Whole);
}

#[test]
fn moving_something_into_a_build_directory_keeps_it() {
    let world = repository("target\n");
    world.write("target/debug/app", "built");
    world.write("src/main.rs", "written");
    world.write("notes", "written too");
    let before = "written".to_owned();
    world.call(
        "call",
        &[
            put(&world.path("target/debug/app"), "rebuilt"),
            Act::Rename(world.path("src"), world.path("target/src")),
            Act::Link(world.path("notes"), world.path("target/notes")),
            put(&world.path("target/notes"), "changed by its other name"),
            Act::RemoveTree(world.path("target/src")),
        ],
    );
    world.undo("call", "undo");
    assert_eq!(world.read("src/main.rs"), before);
    assert_eq!(world.read("notes"), "written too");
}

#[test]
fn a_precious_directory_under_a_build_name_is_kept() {
    let world = repository("target\nbuild\n");
    world.write("target/app", "built");
    world.write("src/main.rs", "written");
    world.call(
        "call",
        &[
            put(&world.path("target/app"), "rebuilt"),
            Act::RemoveTree(world.path("target")),
            Act::Rename(world.path("src"), world.path("target")),
            Act::RemoveTree(world.path("target")),
        ],
    );
    world.undo("call", "undo");
    assert_eq!(world.read("src/main.rs"), "written");
}

#[test]
fn a_file_shared_with_elsewhere_is_kept_inside_a_build_directory() {
    let world = repository("node_modules\n");
    let stored = world.write("store/index.js", "shared");
    fs::create_dir(world.path("node_modules")).unwrap();
    fs::hard_link(&stored, world.path("node_modules/index.js")).unwrap();
    world.call("call", &[put(&world.path("node_modules/index.js"), "patched")]);
    assert!(world.undo("call", "undo").is_whole());
    assert_eq!(world.read("store/index.js"), "shared");
}

#[test]
fn a_build_directory_that_the_call_made_goes_whole_unless_it_changed_since() {
    let world = repository("target\n");
    let build = |call: &str| {
        world.call(
            call,
            &[
                Act::MakeDir(world.path("target")),
                Act::MakeDir(world.path("target/debug")),
                put(&world.path("target/debug/app"), "built"),
                put(&world.path("Cargo.lock"), "made"),
            ],
        );
    };
    build("one");
    assert!(world.undo("one", "undo-one").is_whole());
    assert!(!world.path("target").exists());
    build("two");
    // The clock of inodes is coarse.
    while world.past("two").ended_at_ms().unwrap() + 20 > crate::world::now_ms() {}
    world.write("target/debug/notes", "by a person");
    let path = world.path("target");
    let what = world.plan("two").steps.into_iter().find(|step| step.path == path).unwrap().what;
    assert_eq!(what, What::Conflict(Clash::NotEmpty));
    world.undo("two", "undo-two");
    assert_eq!(world.read("target/debug/notes"), "by a person");
    assert!(!world.path("Cargo.lock").exists());
}

#[test]
fn building_leaves_one_line_in_the_journal() {
    let world = repository("target\n");
    let journal = world.open("call");
    for index in 0..1000 {
        perform(&journal, &put(&world.path(&format!("target/f{index}")), "x"));
    }
    drop(journal);
    let lines = fs::read_to_string(world.store_dir().join("journals/call")).unwrap().lines().count();
    assert!(lines <= 2, "{lines} lines");
}

#[test]
fn what_will_not_come_back_is_said_before() {
    let world = repository("target\n");
    world.write("target/debug/app", "built");
    let large = world.write("data/large", &"x".repeat(5000));
    world.write("data/small", "x");
    let budget = Budget { file_bytes: 1000, ..Budget::default() };
    let build = (world.path("target"), Why::BuildDirectory { name: "target".to_owned() });
    assert_eq!(will_not_keep(&world.root(), &budget, true), vec![build.clone()]);
    let mut said = will_not_keep(&world.root(), &budget, false);
    said.sort_by(|one, two| one.0.cmp(&two.0));
    assert_eq!(said, vec![(large, Why::TooLarge { bytes: 5000 }), build]);
    assert_eq!(will_not_keep(&world.path("data/small"), &budget, false), vec![]);
    let used_up = Budget { held_bytes: 10, ..Budget::default() };
    assert!(will_not_keep(&world.path("data"), &used_up, true).iter().any(|(_, why)| *why == Why::OverBudget));
}
