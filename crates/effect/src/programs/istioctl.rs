//! istioctl: a service mesh in a cluster.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["istioctl"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "n namespace c kubeconfig context o output set r revision i istioNamespace",
    options: &[("f|filename|file", Value::ReadTree)],
    dry: "dry-run",
    verbs: &[
        (
            "analyze|proxy-status|ps|proxy-config|pc|version|validate|verify-install|x|experimental|precheck|remote-clusters|bug-report",
            &[Act::Ask],
        ),
        ("manifest generate|diff", &[Act::ReadTree(0)]),
        ("uninstall, tag remove", &[Act::Destroy]),
        ("dashboard|d", &[Act::Listen, Act::Ask]),
        ("install|upgrade", &[Act::Change]),
    ],
    ..Described::NEW
};
