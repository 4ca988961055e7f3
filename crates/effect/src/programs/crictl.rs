//! crictl and ctr: the containers that a node runs, below Kubernetes and Docker.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["crictl"], effects: |inv, sink| CRICTL.say(inv, sink) },
    Program { names: &["ctr"], effects: |inv, sink| CTR.say(inv, sink) },
];

const CRICTL: Described = Described {
    target: "containers",
    valued: "r runtime-endpoint i image-endpoint c config t timeout o output name label",
    verbs: &[
        ("ps|pods|images|img|inspect|inspecti|inspectp|logs|stats|statsp|info|version|imagefsinfo|events|config", &[Act::Ask]),
        ("exec|attach", &[Act::RemoteShell]),
        ("rm|rmi|rmp|stopp", &[Act::Destroy]),
        ("pull", &[Act::Fetch]),
        ("port-forward", &[Act::Listen]),
    ],
    ..Described::NEW
};

const CTR: Described = Described {
    target: "containers",
    valued: "n namespace a address snapshotter",
    options: &[("mount", Value::ReadTree)],
    flags: &[("privileged|net-host", &[Act::Escalate("privileged container")])],
    verbs: &[
        ("images|image|i ls|list|check", &[Act::Ask]),
        ("images|image|i pull", &[Act::Fetch]),
        ("images|image|i push", &[Act::Upload, Act::Publish]),
        ("images|image|i export", &[Act::WriteOne(0)]),
        ("images|image|i import", &[Act::ReadOne(0)]),
        ("images|image|i mount", &[Act::Escalate("mount")]),
        ("containers|container|c|tasks|task|t ls|list|info|ps|metrics", &[Act::Ask]),
        ("tasks|task|t exec", &[Act::RemoteShell]),
        ("containers|container|c|tasks|task|t rm|delete|kill|del", &[Act::Destroy]),
        ("run", &[Act::RemoteShell, Act::Change]),
    ],
    ..Described::NEW
};
