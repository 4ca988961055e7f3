//! swift: packages built, tested, run.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["swift"], effects: |inv, sink| SWIFT.say(inv, sink) },
    Program { names: &["swiftc"], effects: |inv, sink| SWIFTC.say(inv, sink) },
];

const SWIFT: Described = Described {
    valued: "c configuration package-path product target scratch-path build-path Xswiftc Xcc filter",
    options: &[("scratch-path|build-path", Value::WriteTree)],
    flags: &[("disable-sandbox", &[Act::Escalate("build sandbox off")])],
    verbs: &[
        ("build, test, run, package describe|show-dependencies|dump-package|resolve|update, sdk list", &[Act::Project]),
        ("package init, package add-dependency", &[Act::WriteTreeAt(".")]),
        ("package clean|reset", &[Act::DeleteTreeAt(".build")]),
        ("package-registry publish", &[Act::Publish]),
        ("package plugin", &[Act::Project]),
        ("repl", &[Act::Ask]),
        ("sdk install", &[Act::Package("swift-sdk")]),
    ],
    otherwise: &[Act::CodeFile("swift", 0)],
    alone: Some(&[Act::Input("swift")]),
    ..Described::NEW
};

const SWIFTC: Described = Described {
    valued: "o I L F D O Xcc target sdk module-name emit-module-path",
    options: &[("o|emit-module-path", Value::Write), ("load-plugin-library|plugin-path", Value::Script("swift"))],
    otherwise: &[Act::ReadTree(0), Act::ElseWrite(".")],
    ..Described::NEW
};
