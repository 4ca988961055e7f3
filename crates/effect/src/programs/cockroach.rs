//! cockroach, dolt, surreal: databases whose server and client are one program.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["cockroach", "dolt", "surreal", "tidb"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "database",
    valued: "host p port u user d database certs-dir url format",
    options: &[("e|execute|q|query", Value::Sql), ("f|file", Value::SqlFile)],
    verbs: &[
        (
            "version, status, log, ls, diff, schema show|export, node status|ls, gen, demo --help, blame, tag, remote, export --help, validate",
            &[Act::Ask],
        ),
        ("sql", &[Act::SqlInput]),
        ("start, start-single-node, sql-server, demo", &[Act::Listen]),
        ("node drain|decommission, quit, reset, branch -D, gc", &[Act::Destroy]),
        ("dump, export", &[Act::Ask, Act::WriteTreeAt("doltdump")]),
        ("push", &[Act::Upload, Act::Change]),
        (
            "commit, add, merge, checkout, branch, init, pull, clone, fetch, import, stash, rebase",
            &[Act::Read(0), Act::WriteTreeAt(".dolt")],
        ),
    ],
    ..Described::NEW
};
