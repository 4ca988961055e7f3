//! Which real paths may be read, changed, moved. In: the plan and a path. Out: yes or no. Pure: it sees no disk.

use std::path::{Path, PathBuf};

use crate::closed::Pattern;
use crate::plan::{Draft, Plan};

/// Devices that every program writes to.
const DEVICES: &[&str] = &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/ptmx", "/dev/pts/ptmx"];

/// File systems whose files are the kernel itself.
const KERNEL_TREES: &[&str] = &["/sys", "/proc"];

/// The plan's paths.
pub(crate) struct Rules {
    readable: Vec<PathBuf>,
    writable: Vec<PathBuf>,
    /// Of these, what may go as a whole.
    loose: Vec<PathBuf>,
    /// Of those, what Landlock cannot let be read.
    late: Vec<PathBuf>,
    drafts: Vec<Draft>,
    hidden: Vec<PathBuf>,
    closed: Vec<Pattern>,
    devices: Vec<PathBuf>,
    sockets: Vec<PathBuf>,
}

impl Rules {
    /// The rules of a plan for its leader; `loose` is [`Plan::loose`].
    pub(crate) fn new(plan: &Plan, loose: &[PathBuf]) -> Rules {
        // The broker removes names outside, where what is shown is mounted on nothing.
        let shown = plan.shown.iter().map(|shown| Pattern::new(&shown.path));
        Rules {
            readable: plan.readable.clone(),
            writable: plan.writable.clone(),
            loose: loose.to_vec(),
            late: plan.late(loose),
            drafts: plan.drafts.clone(),
            hidden: plan.hidden.clone(),
            closed: plan.closed.iter().cloned().chain(shown).collect(),
            devices: plan.devices.clone(),
            sockets: plan.sockets.clone(),
        }
    }

    /// Whether a file there may be read.
    pub(crate) fn reads(&self, path: &Path) -> bool {
        let inside = |trees: &[PathBuf]| trees.iter().any(|tree| path.starts_with(tree));
        !inside(&self.hidden) && (inside(&self.readable) || inside(&self.writable))
    }

    /// Whether a file there may be read, and Landlock knows nothing of it.
    pub(crate) fn reads_late(&self, path: &Path) -> bool {
        self.late(path).is_some() && self.reads(path)
    }

    /// The name, of those that Landlock knows nothing of, that this is or lies below.
    pub(crate) fn late(&self, path: &Path) -> Option<&Path> {
        self.late.iter().find(|tree| path.starts_with(tree)).map(PathBuf::as_path)
    }

    /// The file that something of this name may take the place of, made by the command beside it.
    pub(crate) fn draft_of(&self, path: &Path) -> Option<&Path> {
        let of = self.drafts.iter().find(|draft| draft.is_at(path)).map(|draft| draft.of.as_path())?;
        let closed =
            self.closed.iter().any(|pattern| pattern.closes(path)) || self.hidden.iter().any(|tree| path.starts_with(tree));
        (self.writes(of) && !closed).then_some(of)
    }

    /// Whether what is there may be made or changed.
    pub(crate) fn writes(&self, path: &Path) -> bool {
        let inside = |trees: &[PathBuf]| trees.iter().any(|tree| path.starts_with(tree));
        // Settings of the kernel are no files: a grant of all the tree does not mean them.
        let kernels = |tree: &&str| path.starts_with(tree) && !self.writable.iter().any(|granted| granted.starts_with(tree));
        !KERNEL_TREES.iter().any(kernels)
            && inside(&self.writable)
            && !inside(&self.hidden)
            && !self.closed.iter().any(|pattern| pattern.closes(path))
    }

    /// Whether the name may be taken away, moved, or made to lead elsewhere: nothing closed, hidden or granted by itself
    /// may lie inside it.
    pub(crate) fn moves(&self, path: &Path) -> bool {
        let above = |trees: &[PathBuf]| trees.iter().any(|tree| tree.starts_with(path) && tree != path);
        self.writes(path)
            && !above(&self.hidden)
            && !above(&self.writable)
            && !self.closed.iter().any(|pattern| pattern.is_below(path))
    }

    /// Whether it is the root of a granted tree, and stays.
    pub(crate) fn is_root(&self, path: &Path) -> bool {
        let is = |trees: &[PathBuf]| trees.iter().any(|tree| tree == path);
        is(&self.writable) && !is(&self.loose)
    }

    /// Whether a device there may be opened for writing.
    pub(crate) fn device(&self, path: &Path) -> bool {
        DEVICES.iter().any(|device| path == Path::new(device)) || self.devices.iter().any(|tree| path.starts_with(tree))
    }

    /// Whether a socket of somebody outside may be connected to.
    pub(crate) fn socket(&self, path: &Path) -> bool {
        self.sockets.iter().any(|socket| socket == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let plan = Plan {
            readable: vec!["/usr".into(), "/home/u".into()],
            writable: vec!["/home/u/w".into()],
            hidden: vec!["/home/u/.ssh".into(), "/home/u/w/.env".into()],
            closed: vec![Pattern::new(".git/hooks"), Pattern::new("/home/u/w/.mcp.json")],
            ..Plan::default()
        };
        Rules::new(&plan, &[])
    }

    #[test]
    fn what_was_not_there_may_go_again_and_is_read_past_landlock_where_no_tree_holds_it() {
        let trees = ["/home/u/new", "/srv/x", "/srv/kept"].map(PathBuf::from);
        let plan = Plan { readable: vec!["/home/u".into()], writable: trees.to_vec(), ..Plan::default() };
        let rules = Rules::new(&plan, &trees[..2]);
        assert!(!rules.is_root(Path::new("/srv/x")) && rules.is_root(Path::new("/srv/kept")));
        assert!(rules.reads_late(Path::new("/srv/x/a")) && !rules.reads_late(Path::new("/srv/kept/a")));
        assert!(!rules.reads_late(Path::new("/home/u/new/a")) && !rules.reads_late(Path::new("/srv")));
    }

    #[test]
    fn secrets_are_neither_read_nor_changed() {
        let rules = rules();
        assert!(rules.reads(Path::new("/home/u/x")) && rules.reads(Path::new("/home/u/w/x")));
        assert!(!rules.reads(Path::new("/home/u/.ssh/id")) && !rules.reads(Path::new("/home/u/w/.env")));
        assert!(!rules.writes(Path::new("/home/u/w/.env")) && !rules.reads(Path::new("/etc/shadow")));
    }

    #[test]
    fn closed_places_and_what_lies_above_them_stay() {
        let rules = rules();
        assert!(rules.writes(Path::new("/home/u/w/.git/index")) && rules.writes(Path::new("/home/u/w/.git")));
        assert!(!rules.writes(Path::new("/home/u/w/.git/hooks/x")) && !rules.writes(Path::new("/home/u/w/.mcp.json")));
        assert!(!rules.moves(Path::new("/home/u/w/.git")) && !rules.moves(Path::new("/home/u/w")));
        assert!(rules.moves(Path::new("/home/u/w/src")) && !rules.moves(Path::new("/home/u/src")));
    }
}
