//! Paths as subjects: the path itself, its other names, and what may lie below a tree or behind a pattern.

use bailiwick_vocab::effect::{Facts, Target, WriteMode};

use super::{Kind, Subject, flag, number, text};
use crate::places::Places;
use crate::policy::Traits;

pub(super) fn mode(mode: WriteMode) -> &'static str {
    match mode {
        WriteMode::Replace => "replace",
        WriteMode::Change => "change",
        WriteMode::Metadata => "metadata",
    }
}

/// How one path is seen.
#[derive(Clone, Copy)]
struct View<'t> {
    target: &'t Target,
    mode: &'static str,
    swept: bool,
    directories: bool,
}

/// Everything that a target touches.
pub(super) fn subjects<'p>(target: &Target, mode: &'static str, places: &'p Places, traits: &Traits) -> Vec<Subject<'p>> {
    let view = View { target, mode, swept: false, directories: traits.directories };
    if !target.known {
        let special = is_special(&target.path, places);
        return vec![view.subject(&target.path, if special { vec![SPECIAL] } else { Vec::new() })];
    }
    if target.glob {
        return pattern(view, places);
    }
    let own = places.of_path(&target.path);
    let mut all = Vec::new();
    for other in &target.also {
        let lies_in = places.of_path(other);
        // Where rules name paths, a link's own name is one that they may name.
        if view.directories || lies_in.iter().any(|place| !own.contains(place)) {
            all.push(view.subject(other, lies_in));
        }
    }
    if target.tree {
        all.extend(below(view, &target.path, places));
    }
    all.insert(0, view.subject(&target.path, own));
    all
}

/// The place of a path that is not known, but of which the part that is known may lead into a place of consequence.
const SPECIAL: &str = "special";

/// Places in which a file means more than itself.
const CONSEQUENTIAL: [&str; 10] = [
    "secrets",
    "project-secrets",
    "persistence",
    "agent-settings",
    "agent-permissions",
    "agent-instructions",
    "guard",
    "system",
    "repository-internals",
    "devices",
];

/// Variables that name a file in which a program keeps its settings or its code.
const SETTINGS: [&str; 8] = ["BASH_ENV", "ENV", "ZDOTDIR", "HISTFILE", "KUBECONFIG", "INPUTRC", "MAIL", "SSH_AUTH_SOCK"];

/// Whether a path with variables in it (`$OUT/report.txt`) leads to a place of consequence, wherever they lead: below the
/// home directory, the root, or the workspace.
fn is_special(path: &str, places: &Places) -> bool {
    let Some((front, _)) = path.split_once('$') else { return true };
    let filled = path.split('$').skip(1).fold(front.to_owned(), |all, part| {
        let end = part.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(part.len());
        let (name, rest) = part.split_at_checked(end).unwrap_or((part, ""));
        let known = SETTINGS.contains(&name) || name.contains("CONFIG") || name.contains("PROFILE") || name.ends_with("RC");
        all + if known { ".git/config" } else { "x" } + rest
    });
    let rest = filled.strip_prefix('x').filter(|_| front.is_empty()).unwrap_or(&filled);
    let rest = rest.trim_start_matches('/');
    let roots = if front.starts_with('/') { vec![String::new()] } else { places.roots() };
    roots.iter().any(|root| places.of_path(&format!("{root}/{rest}")).iter().any(|place| CONSEQUENTIAL.contains(place)))
}

/// A pattern that was not written out may be any path that it matches: it is taken for the whole tree of the directory
/// that it begins with, and for what its text itself says.
fn pattern<'p>(view: View<'_>, places: &'p Places) -> Vec<Subject<'p>> {
    let path = &view.target.path;
    let wild = path.find(['*', '?', '[']).unwrap_or(path.len());
    let fixed = path.get(..wild).and_then(|front| front.rfind('/').and_then(|end| front.get(..end))).unwrap_or("");
    let fixed = if fixed.is_empty() { "/" } else { fixed };
    let mut lies_in = places.of_path(path);
    lies_in.extend(
        places.of_path(fixed).into_iter().filter(|place| !place.ends_with("-root") && !matches!(*place, "home" | "root")),
    );
    lies_in.sort_unstable();
    lies_in.dedup();
    let mut all = vec![view.subject(path, lies_in)];
    all.extend(below(view, fixed, places).into_iter().filter(|subject| may_reach(path, &subject.id)));
    all
}

/// Whether a pattern may match something at or below `sample`, itself a path or a pattern: compared name by name as far as
/// both go, up to the first `**`.
fn may_reach(pattern: &str, sample: &str) -> bool {
    for (own, other) in pattern.split('/').zip(sample.split('/')) {
        if own.contains("**") {
            return !only_made(pattern) || matches_name(last(pattern).as_bytes(), last(sample).as_bytes(), &mut 10_000);
        }
        let unsure = other.contains(['*', '?', '[', '{']) || own.contains(['[', '\\']);
        if !unsure
            && !matches_name(own.as_bytes(), other.to_ascii_lowercase().as_bytes(), &mut 10_000)
            && !matches_name(own.as_bytes(), other.as_bytes(), &mut 10_000)
        {
            return false;
        }
    }
    true
}

/// Endings of files that tools make, which hold no settings and no secrets wherever they lie.
const MADE: [&str; 8] = ["pyc", "pyo", "o", "obj", "class", "log", "gcda", "gcno"];

/// Whether a pattern is for such files alone: `**/*.pyc`.
fn only_made(pattern: &str) -> bool {
    last(pattern).rsplit_once('.').is_some_and(|(_, ending)| MADE.contains(&ending))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `*` and `?` in one name. Out of steps, it may match.
fn matches_name(pattern: &[u8], name: &[u8], steps: &mut usize) -> bool {
    *steps = steps.saturating_sub(1);
    match (pattern, name) {
        _ if *steps == 0 => true,
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|at| matches_name(rest, name.get(at..).unwrap_or_default(), steps)),
        ([b'?', rest @ ..], [_, after @ ..]) => matches_name(rest, after, steps),
        ([one, rest @ ..], [other, after @ ..]) => one == other && matches_name(rest, after, steps),
        ([], _) | (_, []) => false,
    }
}

fn below<'p>(view: View<'_>, dir: &str, places: &'p Places) -> Vec<Subject<'p>> {
    let view = View { swept: true, ..view };
    let each = places.covered(dir).into_iter().map(|(place, sample)| {
        let mut lies_in = places.of_path(&sample);
        if !lies_in.contains(&place) {
            lies_in.push(place);
        }
        view.subject(&sample, lies_in)
    });
    each.collect()
}

impl View<'_> {
    fn subject<'p>(self, path: &str, places: Vec<&'p str>) -> Subject<'p> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(stem, end)| if stem.is_empty() { "" } else { end });
        let facts = self.target.facts.unwrap_or(Facts { exists: true, directory: self.target.tree, files: 1, untracked: 0 });
        let attributes = vec![
            ("path", text(path)),
            ("name", text(name)),
            ("extension", text(extension)),
            ("known", flag(self.target.known)),
            ("pattern", flag(self.target.glob)),
            ("tree", flag(self.target.tree)),
            ("swept", flag(self.swept)),
            ("exists", flag(facts.exists)),
            ("directory", flag(facts.directory)),
            ("files", number(facts.files)),
            ("untracked", number(facts.untracked)),
            ("mode", text(self.mode)),
        ];
        let within = if self.directories && self.target.known { ancestors(path) } else { Vec::new() };
        Subject { kind: Kind::Path, id: path.to_owned(), attributes, within, places }
    }
}

fn ancestors(path: &str) -> Vec<(Kind, String)> {
    let ends = path.match_indices('/').map(|(at, _)| at.max(1));
    ends.filter_map(|end| path.get(..end)).filter(|dir| *dir != path).map(|dir| (Kind::Path, dir.to_owned())).collect()
}
