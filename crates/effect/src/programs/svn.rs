//! svn: Subversion: every commit goes to a server.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["svn", "svnmucc"], effects: |inv, sink| SVN.say(inv, sink) },
    Program {
        names: &["svnadmin", "svnlook", "svnserve", "svnsync", "svnrdump", "svndumpfilter", "git-svn"],
        effects: |inv, sink| SVNADMIN.say(inv, sink),
    },
];

const SVN: Described = Described {
    target: "repository",
    valued: "r revision m message u username p password depth cl changelist set-depth encoding x",
    options: &[
        ("F|file|T|targets", Value::Read),
        ("config-dir", Value::Script("svn settings")),
        ("diff-cmd|diff3-cmd|merge-cmd|editor-cmd|config-option", Value::Script("svn setting")),
    ],
    verbs: &[
        (
            "status, stat, st, diff, di, log, info, list, ls, cat, blame, annotate, praise, propget, pg, proplist, pl, help, auth, mergeinfo",
            &[Act::Ask],
        ),
        (
            "update, up, checkout, co, switch, sw, export, merge, resolve, revert, cleanup, patch, relocate, upgrade",
            &[Act::Read(0), Act::WriteTreeAt(".")],
        ),
        ("add, propset, ps, propedit, copy, cp, mkdir, move, mv, rename, lock, unlock, changelist", &[Act::WriteTreeAt(".")]),
        ("delete, del, remove, rm", &[Act::DeleteTree(0), Act::Change]),
        ("commit, ci, import", &[Act::Upload, Act::Change]),
        ("f, shelve", &[Act::WriteTreeAt(".")]),
    ],
    ..Described::NEW
};

const SVNADMIN: Described = Described {
    target: "repository",
    verbs: &[
        ("verify, info, lstxns, lslocks, tree, log, changed, cat, diff, history, youngest, dump", &[Act::Ask]),
        ("create, hotcopy", &[Act::WriteTreeOne(0)]),
        ("load, rmtxns, rmlocks, setlog, setrevprop, recover, upgrade, pack", &[Act::Change]),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};
