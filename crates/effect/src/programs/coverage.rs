//! coverage, nyc, c8: another program run under a measure.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["coverage"], effects: |inv, sink| COVERAGE.say(inv, sink) },
    Program { names: &["nyc", "c8", "kcov"], effects: |inv, sink| NYC.say(inv, sink) },
];

const COVERAGE: Described = Described {
    valued: "rcfile source include omit m data-file",
    wrapper: true,
    options: &[("o|d|directory", Value::WriteTree)],
    verbs: &[
        ("run", &[Act::RunWith("python", 0)]),
        ("erase", &[Act::DeleteTreeAt(".coverage")]),
        ("html", &[Act::WriteTreeAt("htmlcov")]),
        ("xml", &[Act::WriteAt("coverage.xml")]),
        ("json|lcov", &[Act::WriteAt("coverage.json")]),
        ("combine", &[Act::WriteAt(".coverage")]),
        ("report, debug, annotate", &[Act::ReadAt(".coverage")]),
    ],
    ..Described::NEW
};

const NYC: Described = Described {
    valued: "reporter r report-dir temp-dir include exclude t",
    wrapper: true,
    options: &[("report-dir|temp-dir", Value::WriteTree)],
    verbs: &[("report, check-coverage, merge", &[Act::WriteTreeAt("coverage")])],
    otherwise: &[Act::WriteTreeAt("coverage"), Act::Run(0)],
    ..Described::NEW
};
