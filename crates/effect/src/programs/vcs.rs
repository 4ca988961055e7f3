//! fossil, bzr, cvs, darcs, p4 and other keepers of versions.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "fossil",
        "bzr",
        "brz",
        "darcs",
        "pijul",
        "cvs",
        "rcs",
        "rcsdiff",
        "p4",
        "accurev",
        "tla",
        "mtn",
        "git-annex",
        "dvc",
        "lakefs",
        "lakectl",
        "oxen",
        "xet",
        "git-crypt",
        "transcrypt",
        "repo",
        "vcstool",
        "gclient",
        "west",
        "mepo",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "repository",
    valued: "R m comment r revision d u c user j b i n f",
    options: &[("e|editor|ssh", Value::Program)],
    verbs: &[
        (
            "status, st, changes, log, timeline, diff, di, info, ls, finfo, annotate, blame, cat, show, whatsnew, opened, files, filelog, describe, have, where, annotate, version, changes, list, whereis, find, leaf, leaves, branch ls, tag ls, dag, plots, params, metrics, overview, manifest, topic, history, root",
            &[Act::Ask],
        ),
        ("push, commit, ci, send, submit, record, import, copy, upload, sync, publish, rebase", &[Act::Upload, Act::Change]),
        (
            "clone, open, pull, get, update, up, co, checkout, fetch, init, start, unpack, initremote, enableremote",
            &[Act::Read(0), Act::WriteTreeAt(".")],
        ),
        (
            "undo, revert, clean, obliterate, unrecord, amend-record, purge, uncommit, gc, drop, dropunused, destroy, remove, rm, delete, scrub, stash",
            &[Act::Configure("git-history"), Act::DeleteTreeAt(".")],
        ),
        ("forall, foreach", &[Act::Project, Act::Shell(1)]),
        ("sqlite, sql, test-eval, server, ui, serve, exp run, repro, stage, run", &[Act::Project]),
        ("unlock, export-key, add-gpg-user", &[Act::Secret("repository key")]),
        ("remote, config, setting, settings, set, client, user, passwd", &[Act::Configure("version control")]),
    ],
    otherwise: &[Act::WriteTreeAt(".")],
    ..Described::NEW
};
