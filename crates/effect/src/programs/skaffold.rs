//! skaffold: a project built, run in a cluster and rebuilt on every change.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["skaffold"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "f p profile n namespace t tag d default-repo m module cache-file",
    options: &[("filename|build-artifacts", Value::Read), ("o|output|file-output", Value::Write)],
    verbs: &[
        ("diagnose, config list, schema|version|survey|options|inspect|find-configs|lint", &[Act::ReadAt(".")]),
        ("delete", &[Act::Destroy]),
        ("render|build|test|verify", &[Act::Project]),
        ("init|fix", &[Act::WriteAt("skaffold.yaml")]),
        ("config", &[Act::Configure("skaffold")]),
        ("run|dev|debug|deploy|apply|exec", &[Act::Project, Act::Change]),
    ],
    ..Described::NEW
};
