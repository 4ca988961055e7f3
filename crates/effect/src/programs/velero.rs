//! velero: backups of a cluster, made, restored, deleted.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["velero", "ark"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "n namespace kubeconfig kubecontext o output include-namespaces exclude-namespaces selector from-backup schedule ttl storage-location",
    options: &[("secret-file|credentials-file", Value::Read)],
    verbs: &[
        ("backup|restore|schedule get|describe|logs", &[Act::Ask]),
        ("backup download", &[Act::Ask, Act::WriteTreeAt(".")]),
        ("get|describe|version|completion|client|debug", &[Act::Ask]),
        ("backup|restore|schedule create|pause|unpause", &[Act::Change]),
        ("backup|restore|schedule delete", &[Act::Destroy]),
        ("delete|uninstall", &[Act::Destroy]),
    ],
    ..Described::NEW
};
