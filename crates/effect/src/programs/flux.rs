//! flux: a cluster that follows repositories: sources, releases, bootstrap.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["flux"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "n namespace context kubeconfig url branch path interval export-dir source source-ref o components-extra owner repository",
    options: &[("file|kubeconfig-file|private-key-file|ca-file|password-file", Value::Read)],
    verbs: &[
        ("get|logs|events|stats|trace|tree|diff|check|version|completion|debug", &[Act::Ask]),
        ("build", &[Act::ReadTree(1)]),
        ("export", &[Act::Ask]),
        ("delete|uninstall", &[Act::Destroy]),
        ("bootstrap", &[Act::Change, Act::Upload]),
    ],
    ..Described::NEW
};
