//! jj, sl: newer clients over git's or their own repositories.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["jj"], effects: |inv, sink| JJ.say(inv, sink) },
    Program {
        names: &["sl", "gt", "git-branchless", "git-town", "git-absorb", "spr", "av"],
        effects: |inv, sink| SL.say(inv, sink),
    },
];

const JJ: Described = Described {
    target: "repository",
    valued: "R repository at-op r revision revisions m message color T template to from into d destination s source b branch bookmark",
    options: &[("config|config-toml|config-file", Value::Script("jj setting")), ("tool", Value::Script("diff tool"))],
    verbs: &[
        (
            "st, status, log, show, diff, obslog, evolog, op log|show|diff, operation log, files, file list|show|annotate, bookmark list, branch list, git remote list, config list|get|path, root, version, help, tag list, interdiff, workspace list|root, resolve --list",
            &[Act::Ask],
        ),
        ("git push", &[Act::Upload, Act::Change]),
        ("git fetch|clone", &[Act::Read(0), Act::WriteTreeAt(".")]),
        ("config set|edit|unset, git remote set-url", &[Act::Configure("git-config")]),
        ("git remote add|remove|rename", &[Act::WriteTreeAt(".")]),
        (
            // Its log of operations has every state that these leave behind.
            "abandon, undo, op restore|undo, operation restore, bookmark delete|forget, workspace forget, revert",
            &[Act::WriteTreeAt(".")],
        ),
        ("util exec, run, fix", &[Act::Run(0)]),
        ("util gc, op abandon", &[Act::Configure("git-history")]),
    ],
    otherwise: &[Act::WriteTreeAt(".")],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};

const SL: Described = Described {
    target: "repository",
    valued: "r rev m message config R b",
    options: &[("config", Value::Script("sl setting"))],
    verbs: &[
        (
            "status, st, log, ls, diff, show, cat, blame, annotate, smartlog, sl, ssl, isl, root, id, paths, files, grep, bookmarks, whereami, help, sl --help, info, trunk, bottom, up, down",
            &[Act::Ask],
        ),
        ("push, submit, s, ss, pr, land, stack", &[Act::Upload, Act::Change]),
        (
            "strip, hide, uncommit, undo, purge, clean, revert, prune, delete",
            &[Act::Configure("git-history"), Act::WriteTreeAt(".")],
        ),
        ("clone, pull, sync, get", &[Act::Read(0), Act::WriteTreeAt(".")]),
    ],
    otherwise: &[Act::WriteTreeAt(".")],
    ..Described::NEW
};
