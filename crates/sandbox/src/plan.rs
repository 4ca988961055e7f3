//! What a command may do: the plan from which the wall is built. In: what the caller has decided (a ruling's grants, the
//! places of the map). Out: plain data. It looks at nothing; whether it could be enforced says `enforced.rs`.

use std::ffi::{OsStr, OsString};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};

use crate::closed::Pattern;

/// One command and the wall around it. Everything that is not granted is denied.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The program and its arguments. A program without `/` is searched on the plan's own PATH.
    pub argv: Vec<OsString>,
    /// Where it starts: an absolute real path.
    pub cwd: PathBuf,
    /// Its whole environment, scrubbed by the caller ([`scrub`] helps).
    pub env: Vec<(OsString, OsString)>,
    /// Trees (or single files) that may be read and executed. Real paths; one that is missing is passed over.
    pub readable: Vec<PathBuf>,
    /// Trees (or single files, existing or not) that may be changed; they may be read as well. Real paths.
    pub writable: Vec<PathBuf>,
    /// Of `writable`, directories that may themselves be taken away or moved. One that was not there may be as well.
    pub removable: Vec<PathBuf>,
    /// Names that the command may make beside a file of `writable`, to write there what then takes the file's place.
    pub drafts: Vec<Draft>,
    /// A directory of the caller's own, which it hides, made at need and removed at the end: for what is put in the place of
    /// names that the command makes where no rule of Landlock would hold what is made. Best on the same mount as those.
    pub ready: Option<PathBuf>,
    /// Paths that are never changed, even inside writable trees, existing or not.
    pub closed: Vec<Pattern>,
    /// Paths that are neither read nor changed, even inside readable trees: secrets. Real paths. One that exists is also
    /// covered by an empty mount, so that not even its names can be listed.
    pub hidden: Vec<PathBuf>,
    /// Files that hold something else inside, read-only: each covers one that exists outside, or lies in a hidden directory.
    /// Real paths. One that cannot be shown ends everything.
    pub shown: Vec<Shown>,
    /// Trees whose changes go elsewhere: outside they stay as they are. Where one cannot be laid over, nothing runs.
    pub overlays: Vec<Overlay>,
    /// Devices (or other files below /dev and /sys) that may be opened for writing, on top of the usual harmless ones.
    pub devices: Vec<PathBuf>,
    /// Pathname sockets of processes outside to which the command may connect. Each is a way out.
    pub sockets: Vec<PathBuf>,
    /// The network.
    pub network: Network,
    /// Whether /tmp is a fresh, private directory in memory. Give it also in `writable`.
    pub private_tmp: bool,
    /// Descriptors above 2 that the command inherits.
    pub keep_descriptors: Vec<RawFd>,
    /// Bounds on what it uses up.
    pub limits: Limits,
    /// What the command's own process has beyond the programs that it starts.
    pub leader: Option<Leader>,
    /// What may be missing of the wall without a refusal.
    pub weakenings: Vec<Weakening>,
}

/// Names beside a file, under which a program writes what then takes the file's place. Only files that the command itself has
/// made there count: they may be written, removed, and moved onto the file. What is left of them at the end is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The file.
    pub of: PathBuf,
    /// What the names look like.
    pub names: Vec<DraftName>,
}

/// A name with a part that a program makes up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftName {
    /// How it begins.
    pub before: String,
    /// How many letters, digits and `_` follow.
    pub made_up: usize,
}

impl Draft {
    /// Whether this is one of the names.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        let made_up = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let fits = |name: &str, draft: &DraftName| {
            name.strip_prefix(&draft.before).is_some_and(|rest| rest.len() == draft.made_up && made_up(rest))
        };
        let name = path.file_name().and_then(OsStr::to_str);
        path != self.of
            && path.parent() == self.of.parent()
            && name.is_some_and(|name| self.names.iter().any(|one| fits(name, one)))
    }
}

/// A tree and where its changes go, in the form of the kernel's overlay file system: what is removed is a character device
/// 0:0, a directory made anew has `user.overlay.opaque`. Real paths; `upper` and `work` are empty directories of one file
/// system that is not the tree's own child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// The tree.
    pub tree: PathBuf,
    /// Where changed files go.
    pub upper: PathBuf,
    /// Room that the kernel needs for it.
    pub work: PathBuf,
}

/// A file as it is inside. Its text is in no file outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where.
    pub path: PathBuf,
    /// What it holds.
    pub text: Vec<u8>,
}

/// What the command's own process has, and keeps only until it executes another program: the watcher says of each program
/// that it starts whether that one leads as well. Everything below `readable` and `writable` is for all.
#[derive(Debug, Clone)]
pub struct Leader {
    /// Files and trees of the plan whose content no other program reads or changes.
    pub private: Vec<PathBuf>,
    /// Variables that no other program gets: names, or beginnings that end with `*`.
    pub variables: Vec<String>,
    /// A loopback address from which the connections of the leader come, and nobody else's.
    pub address: Ipv4Addr,
}

/// The network namespace that every command gets; there is no plan without one.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Sockets made inside the namespace before the command starts, whose descriptors the supervisor gets in this order.
    pub listen: Vec<Listen>,
    /// Networks that lead to the loopback interface, so that listeners on the unspecified address receive what is sent to
    /// any address in them. Address and prefix length.
    pub any_address: Vec<(Ipv4Addr, u8)>,
    /// What /etc/resolv.conf says inside; `None` leaves it as it is.
    pub resolv_conf: Option<String>,
    /// Whether programs may ask for the namespace's interfaces by netlink (some programs end without it).
    pub netlink: bool,
}

/// One socket inside the namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// A listening TCP socket.
    Tcp(SocketAddr),
    /// A bound UDP socket.
    Udp(SocketAddr),
}

/// Bounds; `None` leaves what the caller's process has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Memory of all its processes together, in bytes: looked at ten times a second; each single process is held by the kernel.
    pub memory_bytes: Option<u64>,
    /// Processes and threads at one time; at least 301 where the kernel's pid limit is used.
    pub processes: Option<u64>,
    /// The longest file it may write, in bytes.
    pub file_bytes: Option<u64>,
    /// Processor time of each process, in seconds.
    pub cpu_seconds: Option<u64>,
    /// Size of each private directory in memory, in bytes.
    pub scratch_bytes: Option<u64>,
}

/// A part of the wall that the plan allows to be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakening {
    /// No Landlock, or not the rights of ABI 6: reads are then not restricted.
    Landlock,
    /// No fresh /proc: processes outside can be seen.
    Proc,
    /// No private terminals: other terminals of the same user can be written to.
    Terminals,
    /// No bound on the number of processes.
    Processes,
    /// Hidden places are not covered (Landlock still denies their content).
    Covers,
    /// /etc/resolv.conf stays the machine's.
    ResolvConf,
}

impl Plan {
    /// Of what may be changed, what may go as a whole: what is to be removed, is not there yet, or is a file, which programs
    /// replace by another one. A Landlock rule is for an inode, and none is known of what will be there then.
    pub(crate) fn loose(&self) -> Vec<PathBuf> {
        self.writable.iter().filter(|tree| self.removable.contains(tree) || !tree.is_dir()).cloned().collect()
    }

    /// Of these, what no rule of Landlock will hold: it lies below no directory that is granted, or not far enough below, for
    /// what comes into a directory beside hidden places has no rule.
    pub(crate) fn late(&self, loose: &[PathBuf]) -> Vec<PathBuf> {
        let holds = |above: &PathBuf, path: &PathBuf| path != above && path.starts_with(above) && !loose.contains(above);
        let there = |above: &&Path| above.is_dir() || self.readable.iter().any(|tree| tree == above);
        let read = |above: &Path| {
            let spread = self.hidden.iter().any(|hidden| hidden.starts_with(above));
            !spread && self.readable.iter().any(|tree| above.starts_with(tree))
        };
        let held = |path: &PathBuf| {
            path.ancestors().skip(1).find(there).is_some_and(read) || self.writable.iter().any(|tree| holds(tree, path))
        };
        loose.iter().filter(|path| !held(path)).cloned().collect()
    }
}

/// What passes [`scrub`] always: names without which programs do not behave.
const HARMLESS_NAMES: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "LANG",
    "LANGUAGE",
    "TZ",
    "PWD",
    "OLDPWD",
    "SHLVL",
    "TMPDIR",
    "EDITOR",
    "VISUAL",
    "PAGER",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "LINES",
    "CI",
    "HOSTNAME",
];

/// Beginnings of names that pass as well.
const HARMLESS_BEGINNINGS: &[&str] = &["LC_", "XDG_"];

/// The variables of `env` that are harmless by name, or named in `keep` (a name, or a beginning that ends with `*`).
#[must_use]
pub fn scrub(env: impl IntoIterator<Item = (OsString, OsString)>, keep: &[&str]) -> Vec<(OsString, OsString)> {
    let kept = |name: &OsStr| {
        let Some(name) = name.to_str() else { return false };
        HARMLESS_NAMES.contains(&name)
            || HARMLESS_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
            || keep.iter().any(|keep| keep.strip_suffix('*').map_or(*keep == name, |beginning| name.starts_with(beginning)))
    };
    env.into_iter().filter(|(name, _)| kept(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_and_named_variables_remain() {
        let env = ["PATH", "AWS_SECRET_ACCESS_KEY", "LC_ALL", "CARGO_HOME", "RUSTFLAGS", "LD_PRELOAD"];
        let env = env.map(|name| (OsString::from(name), OsString::from("x")));
        let names: Vec<OsString> = scrub(env, &["CARGO_*"]).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["PATH", "LC_ALL", "CARGO_HOME"]);
    }
}
