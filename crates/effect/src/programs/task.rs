//! task, mage, invoke, doit: a project's tasks by name.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["task", "go-task", "mage", "xc"], effects: |inv, sink| TASK.say(inv, sink) },
    Program {
        names: &["invoke", "inv", "doit", "fab", "poe", "taskipy", "nox-task", "duty"],
        effects: |inv, sink| INVOKE.say(inv, sink),
    },
];

const TASK: Described = Described {
    valued: "d dir o output C concurrency w",
    options: &[("t|taskfile", Value::Foreign)],
    flags: &[("init|i", &[Act::WriteAt("Taskfile.yml")]), ("y|g|global", &[Act::Project])],
    shows: "list l list-all a summary status n",
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const INVOKE: Described = Described {
    valued: "c collection r search-root f file H hosts i identity",
    options: &[("i|identity", Value::Read)],
    flags: &[("H|hosts", &[Act::RemoteShell]), ("l|list", &[Act::Project])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
