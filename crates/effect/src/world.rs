//! What resolution asks of the disk: a small interface, given by the caller. The real one is in `cli`; tests use
//! [`Imagined`].

use std::collections::BTreeMap;

use bailiwick_vocab::effect::Facts;

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
    /// Symbolic links and where they point, absolute.
    pub links: BTreeMap<String, String>,
    /// Git remotes and their URLs.
    pub remotes: BTreeMap<String, String>,
    /// Files that version control holds.
    pub tracked: Vec<String>,
}
