//! hg: Mercurial, whose settings, hooks and aliases run code as git's do.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["hg", "chg"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "repository",
    valued: "R repository cwd r rev b branch u user d date m message l I X encoding debugger profile config-file k",
    options: &[("config", Value::Script("hg setting")), ("e|ssh|remotecmd", Value::Shell), ("logfile", Value::Read)],
    dry: "dry-run n",
    verbs: &[
        (
            "status, st, log, history, diff, cat, annotate, blame, heads, identify, id, branch, branches, bookmarks, tags, parents, paths, root, summary, manifest, files, grep, incoming, in, outgoing, out, version, help, showconfig, config, phase, tip, verify, resolve -l, resolve --list, export, locate",
            &[Act::Ask],
        ),
        (
            "update, up, checkout, co, revert, merge, resolve, graft, backout, shelve, unshelve, import, patch",
            &[Act::WriteTreeAt(".")],
        ),
        ("add, commit, ci, tag, copy, cp, rename, mv, addremove, bookmark, amend", &[Act::WriteTreeAt(".hg")]),
        ("rm, remove, forget, purge, clean", &[Act::DeleteTreeAt(".")]),
        ("strip, debugstrip, histedit, rebase, rollback, uncommit, prune, fold, evolve", &[Act::Configure("git-history")]),
        ("clone", &[Act::Read(0), Act::WriteTreeAt(".")]),
        ("pull", &[Act::Read(0), Act::WriteTreeAt(".hg")]),
        ("push", &[Act::Upload, Act::Change]),
        ("serve", &[Act::Listen]),
        ("init", &[Act::WriteTreeAt(".")]),
        ("extdiff, fetch, bisect, debugshell, debugpython", &[Act::Project]),
        ("archive, bundle, unbundle", &[Act::WriteOne(0)]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};
