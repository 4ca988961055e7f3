//! Paths that are never changed, by pattern. In: a pattern and a real path. Out: whether the path is closed, or lies
//! above something closed and so may not be moved or replaced. It looks at no disk: what does not exist yet is closed too.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};

/// A closed place: `/absolute/path`, or `name/below` that counts at any depth. Letters of ASCII are compared without case,
/// because file systems exist where `.GIT` is `.git`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    anchored: bool,
    names: Vec<Vec<u8>>,
}

impl Pattern {
    /// Reads a pattern. Each name may hold `*` for any run of characters.
    #[must_use]
    pub fn new(text: impl AsRef<OsStr>) -> Pattern {
        let path = Path::new(text.as_ref());
        Pattern { anchored: path.is_absolute(), names: names(path) }
    }

    /// Whether `path` is the closed place or lies inside it.
    #[must_use]
    pub fn closes(&self, path: &Path) -> bool {
        let path = names(path);
        let count = self.names.len();
        if self.anchored {
            return path.len() >= count && self.begins(&path);
        }
        path.windows(count.max(1)).any(|window| count > 0 && self.begins(window))
    }

    /// Whether the closed place could lie inside `path`: moving or replacing `path` would change what is closed.
    #[must_use]
    pub fn is_below(&self, path: &Path) -> bool {
        let path = names(path);
        if self.anchored {
            return path.len() < self.names.len() && self.begins(&path);
        }
        (1..self.names.len())
            .any(|count| path.len().checked_sub(count).and_then(|from| path.get(from..)).is_some_and(|end| self.begins(end)))
    }

    /// Whether as many of our names as there are in `path`, or all, match it from its start.
    fn begins(&self, path: &[Vec<u8>]) -> bool {
        self.names.iter().zip(path).all(|(pattern, name)| matches(pattern, name))
    }
}

fn names(path: &Path) -> Vec<Vec<u8>> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.as_bytes().to_ascii_lowercase()),
            Component::RootDir | Component::CurDir | Component::ParentDir | Component::Prefix(_) => None,
        })
        .collect()
}

/// Matches one name against a pattern with `*`; linear in both, by going back to the last star only.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, from));
            at += 1;
        } else if pattern.get(at).is_some() && pattern.get(at) == name.get(from) {
            at += 1;
            from += 1;
        } else if let Some((after, taken)) = star {
            star = Some((after, taken + 1));
            at = after + 1;
            from = taken + 1;
        } else {
            return false;
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_closes_itself_and_what_is_inside_at_any_depth() {
        let hooks = Pattern::new(".git/hooks");
        for path in ["/w/.git/hooks", "/w/a/.git/hooks/pre-commit", "/w/.GIT/Hooks/x"] {
            assert!(hooks.closes(Path::new(path)), "{path}");
        }
        for path in ["/w/.git", "/w/.git/config", "/w/hooks", "/w/.git/x/hooks", "/"] {
            assert!(!hooks.closes(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn what_lies_above_something_closed_is_known_before_it_exists() {
        let hooks = Pattern::new(".git/hooks");
        assert!(hooks.is_below(Path::new("/w/.git")));
        assert!(!hooks.is_below(Path::new("/w")));
        let anchored = Pattern::new("/w/sub/.vscode");
        assert!(anchored.is_below(Path::new("/w/sub")) && anchored.is_below(Path::new("/w")));
        assert!(!anchored.is_below(Path::new("/w/other")));
        assert!(anchored.closes(Path::new("/w/sub/.vscode/tasks.json")) && !anchored.closes(Path::new("/x/sub/.vscode")));
    }

    #[test]
    fn a_star_matches_any_run_within_one_name() {
        let env = Pattern::new(".env*");
        assert!(env.closes(Path::new("/w/.env")) && env.closes(Path::new("/w/.env.local")));
        assert!(!env.closes(Path::new("/w/x.env")));
        assert!(matches(b"a*b*c", b"aXbYbZc") && !matches(b"a*b*c", b"aXbYbZ"));
    }
}
