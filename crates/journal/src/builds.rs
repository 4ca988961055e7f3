//! Which directories hold build output that is made again rather than kept: known names, and besides that either ignored
//! by the repository's `.gitignore` (or `.git/info/exclude`) or marked by a `CACHEDIR.TAG`. What the call itself put
//! there (a mark, an ignore rule, somebody's directory under such a name) does not count: else a command could have the
//! loss of anything pass for a clean-up.
//!
//! A directory is decided once a journal; then a lookup costs a walk over the path's components.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::facts::{Kind, Meta};

/// Names of directories that tools fill and refill. `.env`, `vendor`, `out` and `bin` are not here: people keep things there.
const NAMES: &[&str] = &[
    "target",
    "node_modules",
    "dist",
    "build",
    ".venv",
    "venv",
    "__pycache__",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".parcel-cache",
    ".gradle",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "zig-cache",
    ".zig-cache",
    "_build",
    ".dart_tool",
    "DerivedData",
];

/// How a cache directory's mark begins (Cache Directory Tagging Specification).
const MARK: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";

/// Longest `.gitignore` that is read, in bytes; a longer one ignores nothing.
const IGNORE_BYTES: u64 = 1 << 20;

/// What the call did to a name so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing.
    Untouched,
    /// It made what is there.
    Born,
    /// It put there something from before.
    Moved,
}

/// What is known of directories so far.
#[derive(Default)]
pub(crate) struct Builds {
    decided: HashMap<PathBuf, bool>,
    /// Something from before was moved or linked in: from then on everything in there is kept.
    mixed: HashSet<PathBuf>,
}

impl Builds {
    /// The outermost directory of build output above a path, if there is one.
    pub(crate) fn above<'p>(&mut self, path: &'p Path, standing: &dyn Fn(&Path) -> Standing) -> Option<&'p Path> {
        let mut ancestors: Vec<&Path> = path.ancestors().skip(1).filter(|dir| is_named_so(dir)).collect();
        ancestors.reverse();
        ancestors.into_iter().find(|dir| self.is_build(dir, standing))
    }

    fn is_build(&mut self, dir: &Path, standing: &dyn Fn(&Path) -> Standing) -> bool {
        if let Some(decided) = self.decided.get(dir) {
            return *decided && !self.mixed.contains(dir);
        }
        let decided = is_build(dir, standing);
        self.decided.insert(dir.to_owned(), decided);
        decided && !self.mixed.contains(dir)
    }

    /// Something from before came into the directory.
    pub(crate) fn mix(&mut self, dir: &Path) {
        self.mixed.insert(dir.to_owned());
    }

    /// A name now leads elsewhere: what was decided there is open again.
    pub(crate) fn moved(&mut self, path: &Path) {
        self.decided.retain(|dir, _| !dir.starts_with(path));
    }

    /// A mark or rule came to be: what was no build directory may be one now.
    pub(crate) fn look_again(&mut self, name: &std::ffi::OsStr) {
        if name == "CACHEDIR.TAG" || name == ".gitignore" {
            self.decided.retain(|_, decided| *decided);
        }
    }
}

fn is_named_so(dir: &Path) -> bool {
    dir.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known))
}

fn is_build(dir: &Path, standing: &dyn Fn(&Path) -> Standing) -> bool {
    let there = crate::disk::look(dir).ok().flatten().is_some_and(|stat| Meta::of(&stat).kind == Kind::Dir);
    let own = standing(dir);
    there && own != Standing::Moved && (is_marked(dir, own, standing) || is_ignored(dir, standing))
}

fn is_marked(dir: &Path, own: Standing, standing: &dyn Fn(&Path) -> Standing) -> bool {
    let mark = dir.join("CACHEDIR.TAG");
    let from_before = own == Standing::Born || standing(&mark) == Standing::Untouched;
    from_before && fs::read(&mark).is_ok_and(|text| text.starts_with(MARK))
}

/// Whether git would ignore the directory. Rules that the call touched make it count as not ignored.
fn is_ignored(dir: &Path, standing: &dyn Fn(&Path) -> Standing) -> bool {
    let Some(root) = dir.ancestors().skip(1).find(|above| above.join(".git").exists()) else { return false };
    let mut rules = Vec::new();
    for above in dir.ancestors().skip(1).take_while(|above| above.starts_with(root)) {
        let Some(found) = rules_of(above, &above.join(".gitignore"), standing) else { return false };
        rules.push(found);
    }
    let Some(found) = rules_of(root, &root.join(".git/info/exclude"), standing) else { return false };
    rules.push(found);
    // Git does not look below an ignored directory: any ignored one above decides.
    dir.ancestors().take_while(|above| *above != root).any(|above| match deepest(&rules, above) {
        Match::Ignore(()) => true,
        Match::None | Match::Whitelist(()) => false,
    })
}

/// What the nearest file with a rule for a directory says.
fn deepest(rules: &[Gitignore], dir: &Path) -> Match<()> {
    for file in rules.iter().filter(|file| dir != file.path() && dir.starts_with(file.path())) {
        let found = file.matched(dir, true).map(|_| ());
        if !found.is_none() {
            return found;
        }
    }
    Match::None
}

/// The rules in a file; `None` where they cannot be relied on.
fn rules_of(base: &Path, file: &Path, standing: &dyn Fn(&Path) -> Standing) -> Option<Gitignore> {
    match fs::metadata(file) {
        Err(_) if standing(file) == Standing::Untouched => return Some(Gitignore::empty()),
        Ok(metadata) if metadata.is_file() && metadata.len() <= IGNORE_BYTES => {}
        Ok(_) | Err(_) => return None,
    }
    if standing(file) != Standing::Untouched {
        return None;
    }
    let mut builder = GitignoreBuilder::new(base);
    // A line that is no rule is passed over, as git does.
    let _passed_over = builder.add(file);
    builder.build().ok()
}
