//! linkerd: a service mesh, whose commands print manifests for kubectl to apply.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["linkerd", "cilium"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "n namespace context kubeconfig o output set version",
    options: &[("f|values", Value::Read)],
    verbs: &[
        (
            "install, upgrade, inject, check, stat, top, tap, viz, profile, version, identity, diagnostics, routes, edges, status, config view, hubble observe, connectivity",
            &[Act::Ask],
        ),
        ("uninstall|prune", &[Act::Destroy]),
    ],
    ..Described::NEW
};
