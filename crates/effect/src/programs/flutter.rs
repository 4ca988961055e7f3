//! flutter and dart: applications analysed, built, published.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["flutter"], effects: |inv, sink| FLUTTER.say(inv, sink) },
    Program { names: &["dart"], effects: |inv, sink| DART.say(inv, sink) },
];

const FLUTTER: Described = Described {
    host: "pub.dev",
    valued: "d device-id t target dart-define flavor o output-dir",
    verbs: &[
        ("doctor, devices, emulators, config --list, logs, --version, channel", &[Act::Ask]),
        ("pub publish", &[Act::Publish]),
        ("pub global activate", &[Act::Package("dart-package")]),
        ("pub get, pub upgrade, pub add, upgrade", &[Act::Fetch, Act::Project]),
        ("clean", &[Act::DeleteTreeAt("build")]),
        ("create", &[Act::WriteTreeAt(".")]),
        ("config", &[Act::Configure("flutter")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const DART: Described = Described {
    host: "pub.dev",
    valued: "o output",
    verbs: &[
        ("pub publish", &[Act::Publish]),
        ("pub global activate, install", &[Act::Package("dart-package")]),
        ("pub global run", &[Act::Project]),
        ("pub deps, pub outdated, info", &[Act::Ask]),
        ("pub get, pub upgrade, pub add", &[Act::Fetch, Act::Project]),
        ("format, fix", &[Act::WriteTreeAt(".")]),
        ("analyze", &[Act::ReadAt(".")]),
        ("create", &[Act::WriteTreeAt(".")]),
        ("test, compile, run, build, doc", &[Act::Project]),
    ],
    otherwise: &[Act::CodeFile("dart", 0)],
    ..Described::NEW
};
