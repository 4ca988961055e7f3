//! nomad: jobs on a cluster, planned, run, stopped.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["nomad"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "nomad",
    valued: "namespace region token var check-index detach",
    one_dash: true,
    options: &[("address", Value::Host), ("var-file|ca-cert|client-cert|client-key", Value::Read)],
    verbs: &[
        (
            "status, version, ui, node status, job status, job history, job inspect, job validate, job plan, alloc status, alloc logs, alloc fs, plan, inspect, validate, monitor, server members, operator api",
            &[Act::Ask],
        ),
        ("logs|fs", &[Act::Ask]),
        ("var get|list", &[Act::Secret("nomad variables")]),
        ("acl token", &[Act::Secret("nomad token")]),
        ("alloc exec", &[Act::RemoteShell]),
        ("exec", &[Act::RemoteShell]),
        ("job stop|purge", &[Act::Destroy]),
        ("stop, system gc", &[Act::Destroy]),
        ("agent|agent-dev", &[Act::Listen, Act::Change]),
    ],
    ..Described::NEW
};
