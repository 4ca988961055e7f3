//! What was declared, asked the other way round: is this path, this program, this host among it?

use std::collections::BTreeSet;

use bailiwick_effect::glob::glob_match;
use bailiwick_vocab::effect::{Deed, Effect, Target};

use crate::disk::real_path;

/// The declared effects by what they cover.
#[derive(Debug, Default)]
pub(crate) struct Declared<'a> {
    writes: Vec<&'a Target>,
    deletes: Vec<&'a Target>,
    /// Names of declared programs, and every word of their arguments.
    programs: BTreeSet<&'a str>,
    hosts: BTreeSet<&'a str>,
    /// Why some of it cannot be read, as `cause language`.
    pub(crate) opaque: Vec<String>,
    /// Something outside this machine's files is spoken to, and no host names it.
    outward: bool,
    signals: bool,
    system: bool,
    /// Any path may be written.
    anywhere: bool,
}

impl<'a> Declared<'a> {
    /// Sorts effects.
    pub(crate) fn new(effects: &'a [Effect]) -> Self {
        let mut declared = Declared::default();
        for effect in effects {
            declared.add(&effect.deed);
        }
        declared
    }

    fn add(&mut self, deed: &'a Deed) {
        match deed {
            Deed::Read(_) | Deed::UseSecret { .. } => {}
            Deed::Write { target, .. } => {
                self.anywhere |= !target.known;
                self.writes.push(target);
            }
            Deed::Delete(target) => {
                self.anywhere |= !target.known;
                self.deletes.push(target);
            }
            Deed::Execute { program, .. } => {
                self.programs.insert(base(program));
            }
            Deed::Connect { host, .. } => {
                self.hosts.insert(host);
            }
            Deed::Push { .. }
            | Deed::Publish { .. }
            | Deed::Send { .. }
            | Deed::Query { .. }
            | Deed::Deploy { .. }
            | Deed::Pay { .. }
            | Deed::Call { .. } => self.outward = true,
            Deed::Signal { .. } => self.signals = true,
            Deed::Escalate { .. } | Deed::Persist { .. } | Deed::Configure { .. } => self.system = true,
            Deed::Spawn { .. } => self.opaque.push("spawn".to_owned()),
            Deed::Opaque { cause, language, .. } => {
                let cause = serde_json::to_value(cause).ok().and_then(|value| value.as_str().map(str::to_owned));
                self.opaque.push(format!("{} {language}", cause.unwrap_or_default()).trim().to_owned());
            }
        }
    }

    /// The names of declared programs.
    pub(crate) fn programs(&self) -> Vec<String> {
        self.programs.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Whether a program of that name, or with that first argument, was declared.
    pub(crate) fn runs(&self, program: &str, argv: &[String]) -> bool {
        let named = argv.first().map_or("", |name| base(name));
        self.programs.contains(base(program)) || self.programs.contains(named)
    }

    /// Whether it may be written to.
    pub(crate) fn writes(&self, path: &str) -> bool {
        self.anywhere || self.writes.iter().any(|target| covers(target, path))
    }

    /// Whether it may be removed; what may be replaced may be removed for that.
    pub(crate) fn deletes(&self, path: &str) -> bool {
        self.anywhere || self.deletes.iter().any(|target| covers(target, path))
    }

    /// Whether a folder at the path is on the way to something that may be written.
    pub(crate) fn leads(&self, path: &str) -> bool {
        let below = |target: &&&Target| target.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        self.writes.iter().any(|target| below(&target))
    }

    /// Whether the path lies beside something that may be written, in the same folder.
    pub(crate) fn beside(&self, path: &str) -> bool {
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        self.writes
            .iter()
            .any(|target| folder(&target.path) == folder(path) || folder(path).is_some_and(|own| covers(target, &own)))
    }

    /// Whether a host may be spoken to.
    pub(crate) fn reaches(&self, host: &str) -> bool {
        let same = |declared: &&str| *declared == "*" || *declared == host || (is_loopback(declared) && is_loopback(host));
        self.outward || self.hosts.iter().any(same)
    }

    /// Whether anything beyond the files of this machine may be spoken to.
    pub(crate) fn speaks(&self) -> bool {
        self.outward || self.system || !self.hosts.is_empty()
    }

    /// Whether signals may be sent.
    pub(crate) fn signals(&self) -> bool {
        self.signals
    }

    /// Whether the system may be set differently.
    pub(crate) fn sets(&self) -> bool {
        self.system
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0" | "::") || host.starts_with("127.")
}

/// The last part of a path.
pub(crate) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a target covers a path, by any of its names.
fn covers(target: &Target, path: &str) -> bool {
    let names = std::iter::once(&target.path).chain(&target.also).chain(&target.given);
    names.into_iter().any(|name| {
        let name = if name == "/" { "" } else { name.trim_end_matches('/') };
        let whole = if name.is_empty() { "/" } else { name };
        whole == path
            || (target.tree && path.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')))
            || (target.glob && pattern_covers(name, path, target.tree))
    })
}

fn pattern_covers(pattern: &str, path: &str, tree: bool) -> bool {
    let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at)).filter(|_| tree);
    std::iter::once(path).chain(above).any(|path| glob_match(pattern, path))
}

/// The other name of a path: its folder's links followed.
pub(crate) fn other_name(path: &str) -> String {
    real_path(path, false)
}
