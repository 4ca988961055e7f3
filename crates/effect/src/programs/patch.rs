//! patch: files changed as a difference says, which may name files anywhere below, or with -p0 outside.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["patch"], effects: |inv, sink| PATCH.say(inv, sink) },
    Program {
        names: &["applypatch", "wiggle", "filterdiff", "lsdiff", "interdiff", "combinediff", "splitdiff", "rediff", "git-apply"],
        effects: |inv, sink| APPLYPATCH.say(inv, sink),
    },
];

const PATCH: Described = Described {
    valued: "p strip d directory D ifdef F fuzz V g get B prefix Y Z suffix",
    options: &[("i|input", Value::Read), ("o|output|r|reject-file", Value::Write), ("d|directory", Value::WriteTree)],
    dry: "dry-run",
    otherwise: &[Act::Edit(0), Act::WriteTreeAt(".")],
    alone: Some(&[Act::WriteTreeAt(".")]),
    ..Described::NEW
};

const APPLYPATCH: Described =
    Described { valued: "p i x o", options: &[("o", Value::Write)], otherwise: &[Act::Read(0)], ..Described::NEW };
