//! kind: clusters inside containers, for tests.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["kind", "k3d"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "local cluster",
    valued: "name n config image kubeconfig loglevel v agents servers p port volume",
    options: &[("config|c", Value::Read)],
    verbs: &[
        ("get kubeconfig", &[Act::Secret("kubeconfig")]),
        ("kubeconfig get|write|merge", &[Act::Secret("kubeconfig")]),
        ("get, version, completion, node list, cluster list, registry list, image list, config", &[Act::Ask]),
        ("export logs", &[Act::WriteTreeOne(0)]),
        ("export|kubeconfig", &[Act::Configure("kubernetes client")]),
        ("delete", &[Act::Destroy]),
        ("cluster|node|registry delete", &[Act::Destroy]),
        ("create|cluster|load|build|node|registry|image", &[Act::Change]),
    ],
    ..Described::NEW
};
