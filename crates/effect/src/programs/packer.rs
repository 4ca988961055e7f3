//! packer: machine images built from a template, whose steps are code.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["packer"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "machine image",
    host: "releases.hashicorp.com",
    valued: "var only except parallel-builds on-error color",
    one_dash: true,
    options: &[("var-file", Value::Read)],
    verbs: &[
        ("validate, inspect, version, console, plugins installed, plugins required", &[Act::Project]),
        ("fmt", &[Act::WriteTreeAt(".")]),
        ("fix", &[Act::ReadOne(0)]),
        ("init|plugins", &[Act::Package("packer-plugin")]),
        ("build", &[Act::Project, Act::Change]),
    ],
    ..Described::NEW
};
