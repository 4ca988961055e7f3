//! The real disk, as resolution asks for it. Reads only; every answer is bounded in entries and bytes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use bailiwick_effect::glob::glob_match;
use bailiwick_effect::world::World;
use bailiwick_vocab::effect::Facts;

use crate::git::{Index, remote_url, repository_of};

/// Links followed in one path, as the kernel's own bound.
const MAX_LINKS: usize = 40;

/// Directory entries looked at to answer one question. At about 1 µs each this is 20 ms, a hundredth of the time budget.
const MAX_ENTRIES: u64 = 20_000;

/// The machine's file system and the environment that commands will inherit.
#[derive(Default)]
pub struct Disk {
    indexes: RefCell<HashMap<PathBuf, Option<Index>>>,
    /// The repository of each directory asked about.
    repositories: RefCell<HashMap<PathBuf, Option<PathBuf>>>,
}

impl World for Disk {
    fn home(&self) -> Option<String> {
        std::env::var("HOME").ok().filter(|home| home.starts_with('/'))
    }

    fn home_of(&self, user: &str) -> Option<String> {
        passwd_home(|fields| fields.first() == Some(&user))
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn real_path(&self, path: &str, last: bool) -> String {
        real_path(Path::new(path), last).to_string_lossy().into_owned()
    }

    fn matches(&self, pattern: &str, limit: usize) -> (Vec<String>, bool) {
        let mut budget = MAX_ENTRIES;
        let mut found = vec!["/".to_owned()];
        for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
            found = found.iter().flat_map(|base| below(base, segment, &mut budget)).collect();
        }
        let more = found.len() > limit || budget == 0;
        found.truncate(limit);
        (found, more)
    }

    fn facts(&self, path: &str, tree: bool) -> Facts {
        let path = Path::new(path);
        let Ok(metadata) = fs::symlink_metadata(path) else { return Facts::default() };
        let mut facts = Facts { exists: true, directory: metadata.is_dir(), files: 0, untracked: 0 };
        if !metadata.is_dir() {
            facts.files = 1;
            facts.untracked = u64::from(!self.tracked(path));
        } else if tree {
            let mut budget = MAX_ENTRIES;
            self.count(path, &mut facts, &mut budget);
        }
        facts
    }

    fn text(&self, path: &str, limit: usize) -> Option<String> {
        if !fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        fs::File::open(path).ok()?.take(limit as u64).read_to_end(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn git_remote(&self, cwd: &str, remote: &str) -> Option<String> {
        remote_url(&repository_of(Path::new(cwd))?, remote)
    }
}

impl Disk {
    /// Whether version control holds this file as it is now: somebody could have looked at it there.
    pub fn is_staged(&self, path: &Path) -> bool {
        let Ok(now) = fs::symlink_metadata(path) else { return false };
        self.in_index(path, |index, inside| index.holds_as_it_is(inside, &now))
    }

    /// Whether version control holds this file.
    fn tracked(&self, path: &Path) -> bool {
        self.in_index(path, Index::holds)
    }

    fn in_index(&self, path: &Path, holds: impl FnOnce(&Index, &Path) -> bool) -> bool {
        let Some(parent) = path.parent() else { return false };
        let mut repositories = self.repositories.borrow_mut();
        let found = repositories.entry(parent.to_owned()).or_insert_with(|| repository_of(parent));
        let Some(repository) = found.as_ref() else { return false };
        let Ok(inside) = path.strip_prefix(repository) else { return false };
        let mut indexes = self.indexes.borrow_mut();
        let index = indexes.entry(repository.clone()).or_insert_with(|| Index::read(repository));
        index.as_ref().is_some_and(|index| holds(index, inside))
    }

    fn count(&self, directory: &Path, facts: &mut Facts, budget: &mut u64) {
        let mut open = vec![directory.to_owned()];
        while let Some(directory) = open.pop() {
            let Ok(entries) = fs::read_dir(&directory) else { continue };
            for entry in entries.flatten() {
                if *budget == 0 {
                    return;
                }
                *budget -= 1;
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    open.push(entry.path());
                } else {
                    facts.files += 1;
                    facts.untracked += u64::from(!self.tracked(&entry.path()));
                }
            }
        }
    }
}

/// Follows every link of the longest existing prefix, also dangling ones (a write through one makes its target), and
/// takes `.` and `..` out as the kernel would.
pub fn real_path(path: &Path, last: bool) -> PathBuf {
    let mut real = PathBuf::from("/");
    let mut todo: Vec<std::ffi::OsString> = reversed_parts(path);
    let mut links = 0;
    while let Some(part) = todo.pop() {
        if part == ".." {
            real.pop();
            continue;
        }
        let candidate = real.join(&part);
        let follow = (last || !todo.is_empty()) && links < MAX_LINKS;
        match fs::read_link(&candidate) {
            Ok(target) if follow => {
                links += 1;
                if target.is_absolute() {
                    real = PathBuf::from("/");
                }
                todo.extend(reversed_parts(&target));
            }
            Ok(_) | Err(_) => real = candidate,
        }
    }
    real
}

fn reversed_parts(path: &Path) -> Vec<std::ffi::OsString> {
    path.components()
        .rev()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .collect()
}

/// The paths one pattern segment further down.
fn below(base: &str, segment: &str, budget: &mut u64) -> Vec<String> {
    let base = base.trim_end_matches('/');
    if !segment.contains(['*', '?', '[']) {
        let path = format!("{base}/{}", segment.replace('\\', ""));
        return if fs::symlink_metadata(&path).is_ok() { vec![path] } else { Vec::new() };
    }
    let directory = if base.is_empty() { "/" } else { base };
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        if let Ok(name) = entry.file_name().into_string()
            && glob_match(segment, &name)
        {
            found.push(format!("{base}/{name}"));
        }
    }
    found.sort();
    found
}

/// The home directory in the first line of the user database that `wanted` accepts.
pub fn passwd_home(wanted: impl Fn(&[&str]) -> bool) -> Option<String> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        wanted(&fields).then(|| fields.get(5).map(|home| (*home).to_owned())).flatten()
    })
}
