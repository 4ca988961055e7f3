//! What a ruling grants, for a sandbox. In: the resolved effects that were allowed, the policy, the places, the disk. Out:
//! trees that may be read and written, what stays closed in them, hosts. Only what the policy permits, or the ruling
//! named, is in it.

use std::path::{Path, PathBuf};

use bailiwick_effect::world::World;
use bailiwick_vocab::case::{Case, Verdict};
use bailiwick_vocab::effect::{Deed, Effect, OpaqueCause, Target, WriteMode};
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::label::Labels;
use serde::{Deserialize, Serialize};

use crate::disk::real_path;
use crate::setup::Setup;
use crate::wall::drafts;
use crate::wall::forge::{self, Repository};
use crate::wall::programs;
use crate::wall::settings::{self, Setting};

/// Where programs, libraries and their data lie on Unix systems.
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/opt",
    "/etc",
    "/nix",
    "/snap",
    "/sys",
    "/var/lib",
    "/var/cache",
    "/home/linuxbrew",
    "/run/systemd/resolve",
    "/run/current-system",
];

/// Directories of a home that hold tools, besides those that begin with a dot.
const TOOLS: &[&str] = &["bin", "go", "sdk", "miniconda3", "anaconda3", "miniforge3", "mambaforge", "perl5", "R", "snap"];

/// Most paths that one pattern of a place is written out to.
const MOST: usize = 64;

/// Sub-commands of git that write the repository's settings as part of what they are for.
const GIT_SETS: &[&str] = &[
    "config",
    "remote",
    "branch",
    "push",
    "clone",
    "init",
    "submodule",
    "worktree",
    "checkout",
    "switch",
    "pull",
    "fetch",
    "lfs",
    "sparse-checkout",
    "maintenance",
    "commit",
    "gc",
    "subtree",
    "flow",
];

/// What one call gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// Trees and files that may be read and executed.
    pub readable: Vec<PathBuf>,
    /// Trees in which ordinary names may be changed.
    pub writable: Vec<PathBuf>,
    /// Trees that are made first: tools would make them at their first use.
    pub made: Vec<PathBuf>,
    /// Files and trees that the ruling named, which may be changed whatever they are called.
    pub named: Vec<PathBuf>,
    /// Of these, what is to be removed as a whole.
    #[serde(default)]
    pub removed: Vec<PathBuf>,
    /// The user's own settings of tools, which each tool alone changes.
    #[serde(default)]
    pub user_settings: Vec<Setting>,
    /// Files that the ruling lets be written: they may be put together beside their place.
    #[serde(default)]
    pub rewritten: Vec<PathBuf>,
    /// How the names begin that the call's programs make up for that, and how many characters follow.
    #[serde(default)]
    pub beginnings: Vec<(String, usize)>,
    /// What is never changed.
    pub closed: Vec<PathBuf>,
    /// What is neither read nor changed.
    pub hidden: Vec<PathBuf>,
    /// Hosts that the ruling named.
    pub hosts: Vec<String>,
    /// Of these, the ones that it sends data to.
    pub uploads: Vec<String>,
    /// Whether it reaches people or services without naming their host.
    pub outward: bool,
    /// Repositories that it pushes to.
    pub pushes: Vec<Repository>,
    /// Whether what is there may be overwritten by that.
    pub forced: bool,
    /// The workspace's remotes, where its requests are seen or it pushes.
    pub remotes: Vec<(String, Repository)>,
    /// Whether it may reach anything over the network at all.
    pub network: bool,
    /// Whether git may write a repository's settings and make its hooks' directory.
    pub git_settings: bool,
    /// The same, where code runs that nobody read: git alone, as it was judged.
    #[serde(default)]
    pub git_alone: bool,
    /// Whether it may use the user's keys: it pushes to where the ruling says.
    pub keys: bool,
}

/// Who asks, for the policy.
pub struct Asker<'a> {
    /// The agent.
    pub agent: &'a Agent,
    /// Its session.
    pub session: &'a str,
    /// The tool.
    pub tool: &'a str,
    /// What has flowed into the session.
    pub labels: &'a Labels,
}

/// Whether the policy lets this be done without a person's yes.
pub fn permits(setup: &Setup, asker: &Asker<'_>, effect: Effect) -> bool {
    verdict(setup, asker, effect) == Verdict::Allow
}

/// What the policy says of this.
pub fn verdict(setup: &Setup, asker: &Asker<'_>, effect: Effect) -> Verdict {
    verdict_on(setup, asker, effect, &[])
}

/// The same, where detection saw something in what is sent.
pub fn verdict_on(setup: &Setup, asker: &Asker<'_>, effect: Effect, findings: &[Finding]) -> Verdict {
    let effects = [effect];
    let case = Case {
        agent: asker.agent,
        session: asker.session,
        tool: asker.tool,
        effects: &effects,
        labels: asker.labels,
        findings,
        first_seen: &[false],
        traces: &[],
        asked: &[],
        approvals: &[],
    };
    setup.policy.judge(&case, &setup.places).verdict
}

/// What these effects name.
pub fn named_by(effects: &[Effect], workspace: &str) -> Grants {
    let mut grants = Grants::default();
    if effects.iter().any(|effect| matches!(effect.deed, Deed::Push { .. })) {
        grants.remotes = forge::remotes(workspace);
    }
    effects.iter().for_each(|effect| grants.add(&effect.deed));
    grants
}

/// What these effects get.
pub fn of(setup: &Setup, asker: &Asker<'_>, effects: &[Effect], workspace: &str, world: &dyn World) -> Grants {
    let mut grants = Grants { readable: readable(workspace, world), ..Grants::default() };
    grants.writable = writable(setup, asker, workspace, world);
    if let Some(home) = world.home() {
        grants.made = programs::first_use(effects, Path::new(&home));
        grants.made.retain(|tree| permits(setup, asker, write(&tree.join("bailiwick-probe"), false)));
        grants.writable.extend(grants.made.iter().cloned());
    }
    let looks = !setup.map.secrets.is_empty() || !setup.map.egress.is_empty();
    if looks || effects.iter().any(|effect| matches!(effect.deed, Deed::Push { .. })) {
        grants.remotes = forge::remotes(workspace);
    }
    for effect in effects {
        grants.add(&effect.deed);
    }
    grants.network |= effects.iter().any(|effect| reaches(&effect.deed));
    let unread = effects.iter().any(|effect| matches!(&effect.deed, Deed::Opaque { .. }));
    if let Some(home) = world.home() {
        grants.user_settings = settings::of(effects, Path::new(&home));
    }
    grants.rewritten.retain(|file| !grants.writable.iter().any(|tree| file.starts_with(tree)));
    if !grants.rewritten.is_empty() {
        grants.beginnings = drafts::beginnings(effects);
    }
    let sets = effects.iter().any(|effect| matches!(&effect.deed, Deed::Execute { argv, .. } if sets_git(argv)));
    (grants.git_settings, grants.git_alone) = (sets && !unread, sets && unread);
    grants.closed = own(setup);
    let keys = grants.keys;
    grants.hidden = hidden(setup, world).into_iter().filter(|path| !(grants.names(path) || keys && is_key(path))).collect();
    grants
}

impl Grants {
    fn add(&mut self, deed: &Deed) {
        match deed {
            Deed::Read(target) => self.readable.extend(place(target)),
            // Sweeping over a tree says nothing of the hooks and settings in it.
            Deed::Write { target, .. } if target.tree => self.writable.extend(place(target)),
            Deed::Write { target, .. } => {
                self.rewritten.extend(place(target));
                self.named.extend(place(target));
            }
            Deed::Delete(target) => {
                self.removed.extend(place(target));
                self.named.extend(place(target));
            }
            Deed::Connect { host, upload, .. } => {
                self.hosts.push(host.clone());
                self.uploads.extend(upload.then(|| host.clone()));
            }
            Deed::Push { remote, host, force, .. } => {
                self.keys = true;
                self.forced |= *force;
                self.pushes.extend(forge::named(remote, host.as_deref(), &self.remotes));
                self.hosts.extend(host.clone());
                self.hosts.push(remote.clone());
            }
            Deed::Publish { .. } | Deed::Send { .. } | Deed::Query { .. } | Deed::Deploy { .. } | Deed::Pay { .. } => {
                self.outward = true;
            }
            Deed::Execute { .. }
            | Deed::UseSecret { .. }
            | Deed::Spawn { .. }
            | Deed::Signal { .. }
            | Deed::Escalate { .. }
            | Deed::Persist { .. }
            | Deed::Configure { .. }
            | Deed::Call { .. }
            | Deed::Opaque { .. } => {}
        }
    }

    /// Whether this is the push that the ruling is about: git starts further programs for it, which name it by its URL.
    pub fn means(&self, deed: &Deed) -> bool {
        let Deed::Push { remote, host, force, .. } = deed else { return false };
        let to = forge::named(remote, host.as_deref(), &self.remotes);
        let said = |one: &Repository| self.pushes.iter().any(|named| named.is(&one.host, &one.path));
        !to.is_empty() && to.iter().all(said) && (self.forced || !force)
    }

    /// Takes in what others push.
    pub fn add_pushes(&mut self, others: &Grants) {
        self.pushes.extend(others.pushes.iter().cloned());
        self.forced |= others.forced;
        if !others.remotes.is_empty() {
            self.remotes.clone_from(&others.remotes);
        }
    }

    /// The tool whose settings lie here, or on the way here.
    pub fn settings_of(&self, path: &Path) -> Option<&str> {
        self.user_settings.iter().find(|setting| setting.file.starts_with(path)).map(|setting| setting.tool.as_str())
    }

    /// Whether something that the ruling named, or a tree, lies below this path.
    pub fn lead_through(&self, path: &Path) -> bool {
        self.named.iter().chain(&self.writable).any(|granted| granted.starts_with(path))
    }

    /// Whether the ruling named this very path, or a tree that holds it.
    pub fn names(&self, path: &Path) -> bool {
        self.named.iter().any(|named| path.starts_with(named))
    }
}

/// A target as a path that can be granted: a known one without a pattern, and never a whole tree that holds others'.
fn place(target: &Target) -> Option<PathBuf> {
    let path = PathBuf::from(&target.path);
    let wide = path.components().count() <= 2 && target.tree;
    (target.known && !target.glob && path.is_absolute() && !wide).then_some(path)
}

fn reaches(deed: &Deed) -> bool {
    match deed {
        Deed::Connect { .. }
        | Deed::Push { .. }
        | Deed::Publish { .. }
        | Deed::Send { .. }
        | Deed::Query { .. }
        | Deed::Deploy { .. }
        | Deed::Pay { .. } => true,
        Deed::Opaque { cause, .. } => !matches!(cause, OpaqueCause::Unparsed),
        Deed::Read(_)
        | Deed::Write { .. }
        | Deed::Delete(_)
        | Deed::Execute { .. }
        | Deed::UseSecret { .. }
        | Deed::Spawn { .. }
        | Deed::Signal { .. }
        | Deed::Escalate { .. }
        | Deed::Persist { .. }
        | Deed::Configure { .. }
        | Deed::Call { .. } => false,
    }
}

/// Whether this is git, doing what writes a repository's settings.
pub fn sets_git(argv: &[String]) -> bool {
    let program = argv.first().map_or("", |program| program.rsplit('/').next().unwrap_or_default());
    program == "git" && argv.iter().skip(1).any(|word| GIT_SETS.contains(&word.as_str()))
}

fn readable(workspace: &str, world: &dyn World) -> Vec<PathBuf> {
    let mut trees: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
    let path = world.variable("PATH").unwrap_or_default();
    trees.extend(path.split(':').filter(|directory| directory.starts_with('/')).map(PathBuf::from));
    if let Some(home) = world.home() {
        // What begins with a dot is tools' state; the rest of a home is other work.
        let entries = std::fs::read_dir(&home).into_iter().flatten().flatten();
        let tool = |name: &str| name.starts_with('.') || TOOLS.contains(&name);
        trees.extend(entries.filter(|entry| entry.file_name().to_str().is_some_and(tool)).map(|entry| entry.path()));
    }
    if !workspace.is_empty() {
        trees.push(PathBuf::from(workspace));
    }
    let real: Vec<PathBuf> = trees.iter().map(|tree| real_path(tree, true)).filter(|tree| tree.exists()).collect();
    outermost(real)
}

/// Without what lies below another one.
pub fn outermost(mut trees: Vec<PathBuf>) -> Vec<PathBuf> {
    trees.sort();
    let mut kept: Vec<PathBuf> = Vec::new();
    for tree in trees {
        if !kept.iter().any(|above| tree.starts_with(above)) {
            kept.push(tree);
        }
    }
    kept
}

/// The trees in which the policy lets an ordinary file be written.
fn writable(setup: &Setup, asker: &Asker<'_>, workspace: &str, world: &dyn World) -> Vec<PathBuf> {
    let mut trees: Vec<PathBuf> = vec![PathBuf::from(workspace)];
    for place in ["temp", "caches", "agent-scratch"] {
        let globs = setup.places.rooted(place);
        for tree in globs.iter().filter_map(|glob| glob.strip_suffix("/**")) {
            if has_pattern(Path::new(tree)) {
                // npm's cache is one.
                trees.extend(world.matches(tree, MOST).0.into_iter().map(PathBuf::from));
            } else {
                trees.push(PathBuf::from(tree));
            }
        }
    }
    let mut real: Vec<PathBuf> = trees.iter().filter(|tree| tree.is_absolute()).map(|tree| real_path(tree, true)).collect();
    // A home in a temporary directory is no scratch place: what lies beside it there is judged name by name.
    let home = world.home().map(|home| real_path(Path::new(&home), true));
    real.retain(|tree| !home.as_ref().is_some_and(|home| home.starts_with(tree)));
    real.retain(|tree| tree.is_dir() && permits(setup, asker, write(&tree.join("bailiwick-probe"), false)));
    outermost(real)
}

/// The programs that these effects name by a path; a relative one from `cwd`, where the command stays there.
pub fn programs<'a>(effects: &'a [Effect], cwd: Option<&'a Path>) -> impl Iterator<Item = PathBuf> + 'a {
    let named = effects.iter().filter_map(|effect| {
        let Deed::Execute { program, .. } = &effect.deed else { return None };
        Some(Path::new(program)).filter(|_| program.contains('/'))
    });
    let whole = named.filter_map(move |path| if path.is_absolute() { Some(path.to_owned()) } else { Some(cwd?.join(path)) });
    whole.map(|path| real_path(&path, true)).filter(|path| path.is_file())
}

/// The effect of reading one file.
pub fn read(path: &Path) -> Effect {
    let mut target = Target::new(path.to_string_lossy());
    target.facts = Some(bailiwick_vocab::effect::Facts { exists: true, files: 1, ..bailiwick_vocab::effect::Facts::default() });
    Effect::new(Deed::Read(target), None)
}

/// The effect of writing one file.
pub fn write(path: &Path, exists: bool) -> Effect {
    let mut target = Target::new(path.to_string_lossy());
    target.facts = Some(bailiwick_vocab::effect::Facts { exists, files: 1, ..bailiwick_vocab::effect::Facts::default() });
    Effect::new(Deed::Write { target, mode: WriteMode::Change }, None)
}

/// The guard's own files.
fn own(setup: &Setup) -> Vec<PathBuf> {
    let globs = setup.places.rooted("guard");
    globs.iter().map(|glob| PathBuf::from(glob.trim_end_matches("/**"))).filter(|path| !has_pattern(path)).collect()
}

/// Secrets, as they lie on the disk.
fn hidden(setup: &Setup, world: &dyn World) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for place in ["secrets", "guard"] {
        // Inside, /proc is another one.
        for glob in setup.places.rooted(place).iter().filter(|glob| !glob.starts_with("/proc/")) {
            let glob = glob.trim_end_matches("/**");
            if has_pattern(Path::new(glob)) {
                found.extend(world.matches(glob, MOST).0.into_iter().map(PathBuf::from));
            } else {
                found.push(PathBuf::from(glob));
            }
        }
    }
    // A program of the guard's is run, and shows nothing that it should not.
    let program = programs::own().ok();
    let mut real: Vec<PathBuf> = found.iter().filter(|path| path.exists()).map(|path| real_path(path, true)).collect();
    real.retain(|path| (path.is_dir() || setup.lies_in(path, &["secrets", "guard"])) && Some(path) != program.as_ref());
    outermost(real)
}

fn has_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn is_key(path: &Path) -> bool {
    path.parent().is_some_and(|parent| parent.ends_with(".ssh")) || path.ends_with(".git-credentials") || path.ends_with(".netrc")
}
