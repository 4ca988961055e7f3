//! What keeping costs, by act, beside the act alone. `cargo run --release -p bailiwick-journal --example cost [DIR]`; the
//! files lie in DIR, by default the temporary directory.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "prints figures")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bailiwick_journal::budget::Budget;
use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::journal::Journal;
use bailiwick_journal::past::Past;
use bailiwick_journal::store::Store;
use bailiwick_journal::undo::undo;

const COUNT: usize = 10_000;

fn main() {
    let base = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let dir = base.join(format!("bailiwick-cost-{}", std::process::id()));
    fs::create_dir(&dir).unwrap();
    each(&dir);
    build(&dir);
    large(&dir);
    tree(&dir);
    fs::remove_dir_all(&dir).unwrap();
}

fn journal(dir: &Path, call: &str) -> (Store, Journal) {
    let store = Store::at(&dir.join("store"));
    let journal = Journal::open(&store, call, Budget::default(), 1).unwrap();
    (store, journal)
}

fn micros(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e6
}

/// One act on each of many files in directories of a hundred: without and with `before`.
fn each(dir: &Path) {
    let content: Vec<Vec<u8>> = (0..COUNT).map(|index| format!("{index:010}").repeat(1000).into_bytes()).collect();
    let file = |index: usize| dir.join(format!("each/{}/{index}", index / 100));
    let make = || {
        let _old = fs::remove_dir_all(dir.join("each"));
        (0..COUNT / 100).for_each(|index| fs::create_dir_all(dir.join(format!("each/{index}"))).unwrap());
    };
    let fill = || (0..COUNT).for_each(|index| fs::write(file(index), &content[index]).unwrap());
    let run = |name: &str, filled: bool, change: fn(&Path) -> Change<'_>, act: &dyn Fn(&Path)| {
        // The first round warms the caches and does not count.
        let mut sums = [0.0; 3];
        for (told, sum) in sums.iter_mut().enumerate() {
            make();
            if filled {
                fill();
            }
            let (_, journal) = journal(dir, &format!("{}-{told}", name.replace(' ', "-")));
            for index in 0..COUNT {
                let path = file(index);
                let start = Instant::now();
                if told == 2 {
                    journal.before(&change(&path)).unwrap();
                }
                act(&path);
                *sum += micros(start);
            }
        }
        let [_, alone, kept] = sums.map(|sum| sum / COUNT as f64);
        println!("{name:<22} {alone:7.1} µs alone, {kept:7.1} µs kept: {:6.1} µs for keeping", kept - alone);
    };
    run("create", false, |path| Change::Write { at: Spot::at(path) }, &|path| drop(fs::File::create(path).unwrap()));
    run("overwrite 10 kB", true, |path| Change::Write { at: Spot::at(path) }, &|path| fs::write(path, "new").unwrap());
    run("unlink 10 kB", true, |path| Change::Remove { at: Spot::at(path) }, &|path| fs::remove_file(path).unwrap());
    run("chmod", true, |path| Change::Metadata { at: Spot::at(path) }, &|path| {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    });
    make();
    let (_, journal) = journal(dir, "again");
    let path = file(0);
    journal.before(&Change::Write { at: Spot::at(&path) }).unwrap();
    fs::write(&path, "made").unwrap();
    let start = Instant::now();
    (0..COUNT).for_each(|_| drop(journal.before(&Change::Write { at: Spot::at(&path) }).unwrap()));
    println!("{:<22} {:6.1} µs for a file that is in the journal already", "write again", micros(start) / COUNT as f64);
}

/// Files made in an ignored build directory.
fn build(dir: &Path) {
    let target = dir.join("repository/target");
    fs::create_dir_all(dir.join("repository/.git")).unwrap();
    fs::create_dir_all(&target).unwrap();
    fs::write(dir.join("repository/.gitignore"), "target\n").unwrap();
    let (_, journal) = journal(dir, "build");
    let start = Instant::now();
    for index in 0..COUNT {
        journal.before(&Change::Write { at: Spot::at(&target.join(index.to_string())) }).unwrap();
    }
    println!("{:<22} {:6.1} µs for keeping", "create in target/", micros(start) / COUNT as f64);
}

fn large(dir: &Path) {
    let path = dir.join("large");
    let content: Vec<u8> = (0..100_u32 << 18).flat_map(u32::to_le_bytes).collect();
    fs::write(&path, &content).unwrap();
    let (_, journal) = journal(dir, "large");
    let start = Instant::now();
    journal.before(&Change::Write { at: Spot::at(&path) }).unwrap();
    println!("{:<22} {:6.1} ms for keeping", "overwrite 100 MiB", micros(start) / 1e3);
    let other = dir.join("other");
    fs::write(&other, &content).unwrap();
    let start = Instant::now();
    journal.before(&Change::Remove { at: Spot::at(&other) }).unwrap();
    println!("{:<22} {:6.3} ms for keeping", "unlink 100 MiB", micros(start) / 1e3);
}

/// `rm -rf` of 10,000 files and its undo.
fn tree(dir: &Path) {
    let root = dir.join("tree");
    for index in 0..COUNT {
        let path = root.join(format!("{}/{index}", index / 100));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, index.to_string().repeat(100)).unwrap();
    }
    let (store, call) = journal(dir, "tree");
    let start = Instant::now();
    remove(&call, &root);
    println!("{:<22} {:6.0} ms", "rm -rf 10,000 files", micros(start) / 1e3);
    let start = Instant::now();
    call.end(2).unwrap();
    println!("{:<22} {:6.0} ms", "its end", micros(start) / 1e3);
    let into = Journal::open(&store, "undo", Budget::default(), 1).unwrap();
    let start = Instant::now();
    let undone = undo(&store, &Past::read(&store, "tree").unwrap(), &into).unwrap();
    println!("{:<22} {:6.0} ms, whole: {}", "its undo", micros(start) / 1e3, undone.is_whole());
    let start = Instant::now();
    into.end(2).unwrap();
    println!("{:<22} {:6.0} ms (takes 10,000 digests)", "the undo's end", micros(start) / 1e3);
}

fn remove(journal: &Journal, path: &Path) {
    let is_dir = path.symlink_metadata().unwrap().is_dir();
    if is_dir {
        fs::read_dir(path).unwrap().for_each(|entry| remove(journal, &entry.unwrap().path()));
    }
    journal.before(&Change::Remove { at: Spot::at(path) }).unwrap();
    if is_dir { fs::remove_dir(path).unwrap() } else { fs::remove_file(path).unwrap() }
}
