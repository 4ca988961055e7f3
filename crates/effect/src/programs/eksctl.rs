//! eksctl: Kubernetes clusters at AWS.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["eksctl", "kops"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    host: "amazonaws.com",
    valued: "cluster n name r region profile p o output nodes node-type version",
    options: &[("f|config-file", Value::Read)],
    dry: "dry-run",
    verbs: &[
        ("get, info, version, completion, utils describe-stacks, utils schema, validate", &[Act::Ask]),
        ("utils write-kubeconfig", &[Act::Configure("kubernetes client")]),
        ("export kubecfg", &[Act::Secret("kubeconfig")]),
        ("toolbox", &[Act::Ask]),
    ],
    ..Described::NEW
};
