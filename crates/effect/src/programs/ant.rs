//! ant, scons, waf, sbt, lein and mill: builds by a project's own program.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ant"], effects: |inv, sink| ANT.say(inv, sink) },
    Program { names: &["scons", "waf"], effects: |inv, sink| SCONS.say(inv, sink) },
    Program { names: &["sbt", "mill", "scala-cli"], effects: |inv, sink| SBT.say(inv, sink) },
    Program { names: &["lein", "boot"], effects: |inv, sink| LEIN.say(inv, sink) },
];

const ANT: Described = Described {
    valued: "D l lib propertyfile listener logger",
    one_dash: true,
    options: &[("logfile", Value::Write), ("f|file|buildfile", Value::Foreign)],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const SCONS: Described = Described {
    valued: "C directory j",
    options: &[("f|file", Value::Foreign)],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const SBT: Described = Described {
    valued: "java-home sbt-dir ivy",
    verbs: &[
        ("publish, publishSigned, sonatypeRelease", &[Act::Project, Act::Publish]),
        ("console, repl", &[Act::Project, Act::Input("scala")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const LEIN: Described = Described {
    host: "clojars.org",
    verbs: &[
        ("deploy, release", &[Act::Project, Act::Publish]),
        ("deps, ancient, deps :tree, version", &[Act::Project]),
        ("repl", &[Act::Project]),
        ("new", &[Act::Fetch, Act::WriteTreeAt(".")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
