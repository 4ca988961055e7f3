//! consul: a registry of services, with keys and values, locks and remote commands.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["consul"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "consul",
    valued: "token datacenter namespace partition stale",
    one_dash: true,
    options: &[
        ("http-addr", Value::Host),
        ("ca-file|client-key|config-dir|config-file", Value::ReadTree),
        ("data-dir", Value::WriteTree),
    ],
    verbs: &[
        (
            "catalog, members, info, version, validate, rtt, monitor, operator raft list-peers, intention list, intention check",
            &[Act::Ask],
        ),
        ("kv get|export", &[Act::Ask]),
        ("kv delete", &[Act::Destroy]),
        ("kv put|import", &[Act::Change, Act::Upload]),
        ("exec", &[Act::RemoteShell]),
        ("lock|watch", &[Act::Shell(1)]),
        ("leave|force-leave", &[Act::Destroy]),
        ("acl token create|read|list", &[Act::Secret("consul token")]),
        ("acl bootstrap", &[Act::Secret("consul token")]),
        ("keygen", &[Act::Ask]),
        ("agent", &[Act::Listen, Act::Change]),
        ("snapshot save", &[Act::WriteOne(0)]),
        ("snapshot restore", &[Act::Destroy, Act::ReadOne(0)]),
        ("connect envoy|proxy", &[Act::Listen]),
    ],
    ..Described::NEW
};
