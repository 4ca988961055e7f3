//! meson: builds set up, compiled and installed.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["meson", "muon"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "C backend buildtype prefix D cross-file native-file j t suite wrap",
    options: &[("wrap|gdb-path", Value::Program), ("destdir", Value::WriteTree)],
    verbs: &[
        ("introspect, help, format --check-only", &[Act::ReadAt(".")]),
        ("setup, configure", &[Act::Project, Act::WriteTreeOne(0)]),
        ("install", &[Act::Project, Act::WriteTreeAt("/usr/local")]),
        ("subprojects, wrap install|update|promote", &[Act::Fetch, Act::WriteTreeAt("subprojects")]),
        ("wrap search|list|info|status", &[Act::Fetch]),
        ("init, rewrite", &[Act::WriteTreeAt(".")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};
