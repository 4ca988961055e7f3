//! black, isort, autopep8, yapf, pyupgrade and others that write Python anew.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "black",
            "blue",
            "darker",
            "docformatter",
            "pyupgrade",
            "autoflake",
            "autoimport",
            "unify",
            "add-trailing-comma",
            "ssort",
            "absolufy-imports",
        ],
        effects: |inv, sink| BLACK.say(inv, sink),
    },
    Program { names: &["isort"], effects: |inv, sink| ISORT.say(inv, sink) },
    Program { names: &["autopep8", "yapf"], effects: |inv, sink| AUTOPEP8.say(inv, sink) },
];

const BLACK: Described = Described {
    valued: "l line-length t target-version include exclude extend-exclude stdin-filename workers W c code",
    options: &[("config", Value::Read)],
    dry: "check diff c code",
    otherwise: &[Act::Edit(0)],
    ..Described::NEW
};

const ISORT: Described = Described {
    valued: "l line-length profile sl p k src",
    options: &[("settings-path|sp|settings-file", Value::Read)],
    dry: "check check-only c diff df show-files show-config",
    otherwise: &[Act::Edit(0)],
    ..Described::NEW
};

const AUTOPEP8: Described = Described {
    valued: "max-line-length ignore select aggressive j l line-range style indent-size e exclude",
    options: &[("p|style-file", Value::Read)],
    flags: &[("i|in-place", &[Act::Edit(0)])],
    otherwise: &[Act::ReadTree(0)],
    ..Described::NEW
};
