//! git: global options here, sub-commands by what they touch in `git/`.
//!
//! What a sub-command writes of the repository itself is said as a change somewhere below the working directory: most
//! of it is objects and references, and the rest the sub-commands name.

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause, Reversibility, Target, WriteMode};

use super::Program;
use super::destination::inside;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Inner, Invocation, Sink, UNKNOWN, Word};

mod branches;
mod changes;
mod config;
mod remotes;
mod rewriting;
mod viewing;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["git"], effects: git },
    Program { names: &["gitk", "tig", "lazygit", "gitui"], effects: interface },
    Program { names: &["git-filter-repo", "bfg"], effects: rewriting::filter },
    Program { names: &["git-lfs"], effects: remotes::lfs },
];

/// What one sub-command does, given its own arguments.
type Does = fn(&Invocation<'_>, &mut Sink);

const GLOBAL: Grammar = Grammar {
    optional: &["exec-path"],
    ..Grammar::wrapper(&["C", "c", "git-dir", "work-tree", "namespace", "super-prefix", "config-env", "attr-source"])
};

fn git(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &GLOBAL);
    for setting in parsed.values(&["c"]) {
        config::given(setting, sink);
    }
    let hides = parsed.has(&["config-env"]) || parsed.value(&["exec-path"]).is_some() || parsed.uncertain;
    if hides {
        sink.opaque(OpaqueCause::Dynamic, "git-config", &[Hint::Runs], invocation.span);
    }
    let Some((name, args)) = parsed.operands.split_first() else { return };
    let mut own = Sink::default();
    subcommand(&name.text, &Invocation { args, ..invocation.clone() }, &mut own);
    relocate(own, &parsed, sink);
}

fn subcommand(name: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    let tables = [viewing::TABLE, changes::TABLE, branches::TABLE, rewriting::TABLE, remotes::TABLE, config::TABLE];
    let found = tables.iter().copied().flatten().find(|(names, _)| names.contains(&name));
    let help = invocation.args.iter().any(|word| word.text == "--help" || word.text == "-h");
    match found {
        Some(_) if help && invocation.args.len() == 1 => {}
        Some((_, does)) => does(invocation, sink),
        None => foreign(name, invocation, sink),
    }
}

/// An alias of the settings, or another program. Which settings, the environment and global options may decide.
fn foreign(name: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    let moved = |name: &str| name.starts_with("GIT_") || matches!(name, "HOME" | "XDG_CONFIG_HOME");
    let plain = !name.is_empty() && !name.contains(UNKNOWN) && !name.starts_with('-') && !name.contains('/');
    if !plain || invocation.env.iter().any(|(name, _)| moved(name)) {
        return sink.opaque(OpaqueCause::Dynamic, "git-alias", &[Hint::Runs], invocation.span);
    }
    let words = [Word::literal(name, invocation.span)].into_iter().chain(invocation.args.iter().cloned()).collect();
    sink.inner.push(Inner::GitCommand { words });
}

/// Global options under which other settings hold than the working directory's.
const ELSEWHERE: &[&str] = &["C", "c", "git-dir", "work-tree", "namespace", "config-env", "attr-source", "exec-path"];

/// `-C`, `--work-tree`: relative paths are relative to there.
fn relocate(own: Sink, parsed: &Parsed, sink: &mut Sink) {
    let directory = parsed.values(&["C"]).into_iter().cloned().reduce(|one, two| joined(&one, &two));
    let directory = match (directory, parsed.value(&["work-tree"])) {
        (Some(base), Some(tree)) => Some(joined(&base, tree)),
        (None, Some(tree)) => Some(tree.clone()),
        (base, None) => base,
    };
    if let Some(elsewhere) = parsed.value(&["git-dir"]).filter(|_| own.effects.iter().any(changes_files)) {
        sink.write_tree(elsewhere, WriteMode::Change);
    }
    for mut effect in own.effects {
        if let (Some(directory), Some(target)) = (&directory, effect.deed.target_mut()) {
            move_target(target, directory);
        }
        sink.effects.push(effect);
    }
    for inner in own.inner {
        if matches!(inner, Inner::GitCommand { .. }) && (parsed.has(ELSEWHERE) || parsed.uncertain) {
            sink.opaque(OpaqueCause::Dynamic, "git-alias", &[Hint::Runs], None);
            continue;
        }
        sink.inner.push(move_inner(inner, directory.as_ref()));
    }
    sink.stdout = own.stdout.filter(|_| directory.is_none());
}

fn changes_files(effect: &Effect) -> bool {
    matches!(effect.deed, Deed::Write { .. } | Deed::Delete(_))
}

fn joined(base: &Word, path: &Word) -> Word {
    if path.text.starts_with('/') { path.clone() } else { inside(base, &path.text) }
}

fn move_target(target: &mut Target, directory: &Word) {
    if target.path.starts_with('/') || !target.known {
        return;
    }
    let base = directory.target();
    let prefix = match (target.glob, base.glob) {
        (true, false) => super::destination::escaped(&base.path),
        (_, _) => base.path.clone(),
    };
    let rest = if base.glob && !target.glob { super::destination::escaped(&target.path) } else { target.path.clone() };
    target.path = if rest == "." { prefix } else { format!("{}/{rest}", prefix.trim_end_matches('/')) };
    target.known &= base.known;
    target.glob |= base.glob;
}

fn move_inner(inner: Inner, directory: Option<&Word>) -> Inner {
    let Some(directory) = directory else { return inner };
    match inner {
        Inner::Argv { words, stdin, cwd, env } => {
            Inner::Argv { words, stdin, cwd: Some(cwd.map_or_else(|| directory.clone(), |cwd| joined(directory, &cwd))), env }
        }
        Inner::Shell { code, args } => {
            let words = [Word::literal("sh", code.span), Word::literal("-c", code.span), code].into_iter().chain(args).collect();
            let stdin = crate::invocation::Stdin::Pipe;
            Inner::Argv { words, stdin, cwd: Some(directory.clone()), env: Vec::new() }
        }
        Inner::ShellFile { path, args } => Inner::ShellFile { path: joined(directory, &path), args },
        Inner::Code { language, code, args } => Inner::Code { language, code, args },
        Inner::GitCommand { words } => Inner::GitCommand { words },
        Inner::PackageScript(asked) => {
            let inside = asked.directory.as_ref().map_or_else(|| directory.clone(), |below| joined(directory, below));
            Inner::PackageScript(crate::invocation::PackageScript { directory: Some(inside), ..asked })
        }
        Inner::CodeFile { language, path } => Inner::CodeFile { language, path: joined(directory, &path) },
    }
}

fn here(invocation: &Invocation<'_>) -> Word {
    Word::literal(".", invocation.span)
}

/// The repository's records change in a way that its own history can take back.
fn records(invocation: &Invocation<'_>, sink: &mut Sink) {
    let deed = Deed::Write { target: here(invocation).target().tree(), mode: WriteMode::Change };
    sink.effects.push(Effect { reversible: Reversibility::Compensable, ..Effect::new(deed, invocation.span) });
}

/// Only the repository's records are read.
fn viewing_only(invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.read_tree(&Word::literal(".git", invocation.span));
}

/// Something that only the repository held is given up.
fn loses(what: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    let deed = Deed::Configure { what: what.to_owned() };
    sink.effects.push(Effect { reversible: Reversibility::Irreversible, ..Effect::new(deed, invocation.span) });
}

fn loses_history(invocation: &Invocation<'_>, sink: &mut Sink) {
    records(invocation, sink);
    loses("git-history", invocation, sink);
}

/// Changes that were not committed are overwritten below `paths`; all of them where there are none.
fn overwrites(paths: &[Word], invocation: &Invocation<'_>, sink: &mut Sink) {
    let whole = |path: &Word| {
        !path.known() || matches!(path.text.as_str(), "." | "./" | "*" | ":/" | ":" | "..") || path.text.starts_with(":(")
    };
    if paths.is_empty() || paths.iter().any(whole) {
        sink.write_tree(&here(invocation), WriteMode::Replace);
        return loses("git-uncommitted", invocation, sink);
    }
    for path in paths {
        sink.write_tree(path, WriteMode::Replace);
    }
    loses("git-uncommitted", invocation, sink);
}

/// Words from a list that a file or standard input gives.
fn paths_from(parsed: &Parsed, sink: &mut Sink) -> bool {
    let list = parsed.value(&["pathspec-from-file"]);
    if let Some(list) = list {
        super::readers::read_path(list, false, sink);
    }
    list.is_some()
}

/// Everything after `--`, where it stands.
fn after_dashes<'a>(invocation: &Invocation<'a>) -> Option<&'a [Word]> {
    let at = invocation.args.iter().position(|word| word.text == "--")?;
    invocation.args.get(at + 1..)
}

/// Interactive programs over a repository: what a person does there cannot be seen.
fn interface(invocation: &Invocation<'_>, sink: &mut Sink) {
    if !asks_help(invocation.args) {
        records(invocation, sink);
    }
}
