//! tilt: a project kept running in a cluster while it is worked on.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["tilt", "garden", "devspace", "okteto"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "f file port host context namespace n stream",
    verbs: &[
        ("get|describe|doctor|version|logs|dump|explain|api-resources|list|status|analyze", &[Act::Ask]),
        ("down|delete|destroy|purge|cleanup", &[Act::Destroy]),
        ("up|dev|ci|deploy|run|test|build|start", &[Act::Project, Act::Change]),
        ("args|config|use|login|alpha", &[Act::Configure("tilt")]),
    ],
    ..Described::NEW
};
