//! kustomize: manifests put together from a directory, whose generators may be programs.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["kustomize"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "load-restrictor mount env e network-name helm-command",
    options: &[("o|output", Value::WriteTree)],
    flags: &[("enable-exec|enable-alpha-plugins|enable-helm", &[Act::Opaque(OpaqueCause::Script, "kustomize-plugin")])],
    verbs: &[
        ("build", &[Act::ReadTree(0)]),
        ("edit", &[Act::WriteAt("kustomization.yaml")]),
        ("create|localize", &[Act::WriteTreeAt(".")]),
        ("cfg cat|count|grep|tree", &[Act::ReadTree(0)]),
        ("cfg|fn", &[Act::Project, Act::Edit(1)]),
    ],
    ..Described::NEW
};
