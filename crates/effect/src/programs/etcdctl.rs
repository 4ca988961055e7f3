//! etcdctl: keys of a cluster's store.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["etcdctl", "etcdutl"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "etcd",
    valued: "user w write-out dial-timeout command-timeout lease limit",
    options: &[("endpoints", Value::Host), ("cacert|cert|key", Value::Read)],
    verbs: &[
        (
            "get, member list, endpoint status|health|hashkv, version, watch, auth status, alarm list, lease list|timetolive, user list|get, role list|get, check, snapshot status, hashkv",
            &[Act::Ask],
        ),
        ("snapshot save", &[Act::WriteOne(0)]),
        ("snapshot restore, defrag, compact, compaction", &[Act::Destroy]),
        ("lock, elect", &[Act::Change]),
    ],
    ..Described::NEW
};
