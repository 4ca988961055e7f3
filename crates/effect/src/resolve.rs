//! Resolution: effects in, the same effects with real paths, matches of patterns, counts of files and hosts out. The
//! one step that looks at the disk, through [`World`].

use bailiwick_vocab::effect::{Deed, Effect, Reversibility, Target, WriteMode};

use crate::effects::without_repeats;
use crate::glob::{escaped, fixed_prefix, is_pattern, unescaped};
use crate::url;
use crate::world::World;

/// Matches of one pattern that become effects of their own; with more the whole directory counts as touched.
const MAX_MATCHES: usize = 256;
/// Effects that are resolved; what comes after is left as it is and marked not known.
const MAX_RESOLVED: usize = 8_000;

/// What a deed does to the last link of a path.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Follows it.
    Followed,
    /// Takes the link itself.
    Kept,
}

/// Where it is looked, and how much.
#[derive(Clone, Copy)]
struct Look<'a> {
    world: &'a dyn World,
    /// Whether it is counted what a tree holds that is only read.
    counts_read: bool,
}

/// Looks up what effects touch. `cwd` is the call's working directory, absolute, or empty where it is not known.
#[must_use]
pub fn resolve(effects: Vec<Effect>, cwd: &str, world: &dyn World) -> Vec<Effect> {
    looked_up(effects, cwd, Look { world, counts_read: true })
}

/// The same effects, with no facts about what is read: for whoever compares what calls do.
#[must_use]
pub fn resolve_to_compare(effects: Vec<Effect>, cwd: &str, world: &dyn World) -> Vec<Effect> {
    looked_up(effects, cwd, Look { world, counts_read: false })
}

fn looked_up(effects: Vec<Effect>, cwd: &str, look: Look<'_>) -> Vec<Effect> {
    let mut resolved = Vec::with_capacity(effects.len());
    for effect in effects {
        if resolved.len() < MAX_RESOLVED {
            resolve_one(effect, cwd, look, &mut resolved);
        } else {
            resolved.push(forgotten(effect));
        }
    }
    without_repeats(resolved)
}

fn resolve_one(mut effect: Effect, cwd: &str, look: Look<'_>, resolved: &mut Vec<Effect>) {
    let world = look.world;
    if let Deed::Push { remote, host, .. } = &mut effect.deed {
        if host.is_none() {
            *host = push_host(remote, cwd, world);
        }
        return resolved.push(effect);
    }
    if let Deed::Connect { host, scheme, .. } = &mut effect.deed
        && scheme == "git-remote"
    {
        // A remote that the repository does not name leads nowhere known: any host.
        *host = push_host(host, cwd, world).unwrap_or_else(|| "*".to_owned());
        "git".clone_into(scheme);
        return resolved.push(effect);
    }
    let Some(target) = effect.deed.target_mut() else { return resolved.push(effect) };
    make_absolute(target, cwd);
    if !target.known {
        return resolved.push(effect);
    }
    if target.glob && is_pattern(&target.path) {
        return expand(effect, look, resolved);
    }
    if std::mem::take(&mut target.glob) {
        target.path = unescaped(&target.path);
    }
    settle(&mut effect, look);
    resolved.push(effect);
}

/// One effect for each path that a pattern matches.
fn expand(effect: Effect, look: Look<'_>, resolved: &mut Vec<Effect>) {
    let world = look.world;
    let Some(given) = effect.deed.target().map(|target| target.path.clone()) else { return };
    let pattern = below_real_directory(&given, world);
    let (paths, more) = world.matches(&pattern, MAX_MATCHES);
    if more {
        let mut whole = effect;
        if let Some(target) = whole.deed.target_mut() {
            retarget(target, fixed_prefix(&pattern), &given);
            target.tree = true;
        }
        settle(&mut whole, look);
        return resolved.push(whole);
    }
    // What is made anew need not match anything yet, and a pattern that matches nothing is taken for a name.
    let makes = matches!(effect.deed, Deed::Write { mode: WriteMode::Replace, .. });
    // `**` reaches further down than the disk was asked.
    let deep = pattern.split('/').any(|segment| segment == "**");
    if paths.is_empty() || makes || deep {
        let mut unmatched = effect.clone();
        if let Some(target) = unmatched.deed.target_mut().filter(|_| given != pattern) {
            target.given.get_or_insert_with(|| given.clone());
            target.path.clone_from(&pattern);
        }
        resolved.push(unmatched);
    }
    for path in paths {
        let mut one = effect.clone();
        if let Some(target) = one.deed.target_mut() {
            retarget(target, path, &given);
        }
        settle(&mut one, look);
        resolved.push(one);
    }
}

/// The same pattern below the real path of its fixed directory, without empty and `.` segments.
fn below_real_directory(pattern: &str, world: &dyn World) -> String {
    let segments: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty() && *segment != ".").collect();
    let fixed = segments.iter().take_while(|segment| !is_pattern(segment)).count();
    let (directory, rest) = segments.split_at(fixed);
    let directory = format!("/{}", unescaped(&directory.join("/")));
    let real = world.real_path(&directory, true);
    let slash = if pattern.ends_with('/') { "/" } else { "" };
    format!("{}/{}{slash}", escaped(real.trim_end_matches('/')), rest.join("/"))
}

fn retarget(target: &mut Target, path: String, pattern: &str) {
    target.given.get_or_insert_with(|| unescaped(pattern));
    target.path = path;
    target.glob = false;
}

/// Makes a target's path real and says what is there.
fn settle(effect: &mut Effect, look: Look<'_>) {
    let world = look.world;
    let last = if matches!(effect.deed, Deed::Delete(_)) { Last::Kept } else { Last::Followed };
    let needs_facts = if let Deed::Read(target) = &effect.deed { target.tree && look.counts_read } else { true };
    let Some(target) = effect.deed.target_mut() else { return };
    make_real(target, last, world);
    if needs_facts {
        target.facts = Some(world.facts(&target.path, target.tree));
    }
    refine(effect);
}

fn make_real(target: &mut Target, last: Last, world: &dyn World) {
    // `link/` is the directory that the link leads to.
    let through = target.path.ends_with('/') || target.path.ends_with("/.");
    let real = world.real_path(&target.path, last == Last::Followed || through);
    let lexical = normal(&target.path);
    if real == target.path {
        return;
    }
    if lexical != real && !target.also.contains(&lexical) {
        target.also.push(lexical);
    }
    let written = std::mem::replace(&mut target.path, real);
    target.given.get_or_insert(written);
}

/// What the disk says of how bad it would be. Only writes and deletes have facts.
fn refine(effect: &mut Effect) {
    let Some(facts) = effect.deed.target().and_then(|target| target.facts) else { return };
    // What goes into a device is not there to be taken back.
    let device = effect.deed.target().is_some_and(|target| target.path.starts_with("/dev/"));
    if effect.reversible != Reversibility::Irreversible || device {
        return;
    }
    // Version control holds what was there, or there was nothing.
    let held = facts.untracked == 0;
    if matches!(effect.deed, Deed::Delete(_)) && !facts.exists {
        effect.reversible = Reversibility::Reversible;
    } else if held {
        effect.reversible = Reversibility::Compensable;
    }
}

fn make_absolute(target: &mut Target, cwd: &str) {
    if target.path.starts_with('/') || !target.known {
        return;
    }
    if !cwd.starts_with('/') {
        target.known = false;
        return;
    }
    let base = if target.glob { escaped(cwd) } else { cwd.to_owned() };
    let full = format!("{}/{}", base.trim_end_matches('/'), target.path);
    let written = std::mem::replace(&mut target.path, full);
    target.given.get_or_insert(written);
}

/// Where a push goes: a URL of its own, or a remote's.
fn push_host(remote: &str, cwd: &str, world: &dyn World) -> Option<String> {
    let address = if remote.contains("://") || remote.contains('@') || (remote.contains(':') && !remote.starts_with('/')) {
        Some(remote.to_owned())
    } else {
        world.git_remote(cwd, remote)
    };
    let address = address?;
    if address.starts_with('/') || address.starts_with('.') || address.starts_with("file:") {
        return Some("localhost".to_owned());
    }
    url::ssh_host(&address).map(|(host, _)| host)
}

fn forgotten(mut effect: Effect) -> Effect {
    if let Some(target) = effect.deed.target_mut() {
        target.known = false;
    }
    effect
}

/// Without `.`, `..` and empty segments, links not followed: as the shell's own `cd` reads a path.
pub(crate) fn normal(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            name => kept.push(name),
        }
    }
    format!("/{}", kept.join("/"))
}
