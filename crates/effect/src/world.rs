//! What resolution asks of the disk: a small interface, given by the caller. The real one is in `cli`; tests use
//! [`Imagined`].

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_vocab::effect::Facts;

use crate::glob::glob_match;

/// Links followed one after another, as in Linux.
const MAX_HOPS: usize = 40;

/// The questions. Every answer is bounded by the one who answers.
pub trait World {
    /// The home directory of the user, absolute.
    fn home(&self) -> Option<String>;
    /// The home directory of another user (`~name`).
    fn home_of(&self, user: &str) -> Option<String>;
    /// A variable of the environment the command will run in.
    fn variable(&self, name: &str) -> Option<String>;
    /// The real path of an absolute path: symbolic links of the longest existing prefix followed, the rest appended and
    /// made lexically normal. With `last` false a link in the last place is kept (as unlink and rename see it).
    fn real_path(&self, path: &str, last: bool) -> String;
    /// Absolute paths that an absolute pattern matches, at most `limit`; the second is whether there were more.
    fn matches(&self, pattern: &str, limit: usize) -> (Vec<String>, bool);
    /// What is there: existence, files below for a tree (counting stops at a bound), how many of them version control
    /// does not hold.
    fn facts(&self, path: &str, tree: bool) -> Facts;
    /// The first bytes of a regular file as text, `None` where there is none or it is not text.
    fn text(&self, path: &str, limit: usize) -> Option<String>;
    /// The push URL of a git remote in the repository that holds `cwd`; an empty `remote` asks for the default one.
    fn git_remote(&self, cwd: &str, remote: &str) -> Option<String>;
}

/// A world made up for tests and for analysis that must touch nothing: files by absolute path with their text,
/// links by absolute path with their target.
#[derive(Clone, Debug, Default)]
pub struct Imagined {
    /// The home directory.
    pub home: Option<String>,
    /// Environment.
    pub variables: BTreeMap<String, String>,
    /// Files and their text.
    pub files: BTreeMap<String, String>,
    /// Directories, empty ones too; those that hold something need not be named.
    pub directories: BTreeSet<String>,
    /// Symbolic links and where they point, absolute.
    pub links: BTreeMap<String, String>,
    /// Git remotes and their URLs.
    pub remotes: BTreeMap<String, String>,
    /// Files that version control holds.
    pub tracked: Vec<String>,
}

fn segments(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty() && *segment != ".")
}

impl Imagined {
    /// Follows links in every place but, where `last` is false, the last; `..` is taken after links are followed.
    fn follow(&self, path: &str, last: bool) -> String {
        let mut hops = 0;
        let mut real = String::new();
        let mut ahead: Vec<&str> = segments(path).rev().collect();
        while let Some(segment) = ahead.pop() {
            if segment == ".." {
                real.truncate(real.rfind('/').unwrap_or(0));
                continue;
            }
            let parent = real.len();
            real.push('/');
            real.push_str(segment);
            let keep = !last && ahead.is_empty();
            if let Some(target) = self.links.get(&real).filter(|_| !keep && hops < MAX_HOPS) {
                hops += 1;
                real.truncate(if target.starts_with('/') { 0 } else { parent });
                ahead.extend(segments(target).rev());
            }
        }
        if real.is_empty() { "/".to_owned() } else { real }
    }

    fn directory(&self, path: &str) -> bool {
        let below = format!("{}/", path.trim_end_matches('/'));
        path == "/" || self.directories.contains(path) || self.everything().any(|other| other.starts_with(&below))
    }

    fn everything(&self) -> impl Iterator<Item = &String> {
        self.files.keys().chain(self.links.keys()).chain(&self.directories)
    }
}

impl World for Imagined {
    fn home(&self) -> Option<String> {
        self.home.clone()
    }

    fn home_of(&self, user: &str) -> Option<String> {
        (user == "root").then(|| "/root".to_owned())
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn real_path(&self, path: &str, last: bool) -> String {
        self.follow(path, last)
    }

    fn matches(&self, pattern: &str, limit: usize) -> (Vec<String>, bool) {
        let mut found = BTreeSet::new();
        for path in self.everything() {
            // A directory is there because of what is in it.
            let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
            for prefix in ends.filter_map(|end| path.get(..end)) {
                if !found.contains(prefix) && glob_match(pattern.trim_end_matches('/'), prefix) {
                    found.insert(prefix.to_owned());
                }
            }
        }
        let more = found.len() > limit;
        (found.into_iter().take(limit).collect(), more)
    }

    fn facts(&self, path: &str, tree: bool) -> Facts {
        if self.files.contains_key(path) || self.links.contains_key(path) {
            let untracked = u64::from(!self.tracked.iter().any(|tracked| tracked == path));
            return Facts { exists: true, directory: false, files: 1, untracked };
        }
        if !self.directory(path) {
            return Facts::default();
        }
        let below = format!("{}/", path.trim_end_matches('/'));
        let inside: Vec<&String> =
            self.files.keys().chain(self.links.keys()).filter(|other| tree && other.starts_with(&below)).collect();
        let untracked = inside.iter().filter(|file| !self.tracked.contains(file)).count();
        Facts { exists: true, directory: true, files: inside.len() as u64, untracked: untracked as u64 }
    }

    fn text(&self, path: &str, limit: usize) -> Option<String> {
        let text = self.files.get(&self.real_path(path, true))?;
        let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end))?;
        text.get(..end).map(str::to_owned)
    }

    fn git_remote(&self, _cwd: &str, remote: &str) -> Option<String> {
        let name = if remote.is_empty() { "origin" } else { remote };
        self.remotes.get(name).cloned()
    }
}
