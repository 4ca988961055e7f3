//! jest, vitest, mocha, ava, karma: a project's tests in JavaScript.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "jest",
        "vitest",
        "mocha",
        "ava",
        "karma",
        "jasmine",
        "tap",
        "tape",
        "uvu",
        "wtr",
        "web-test-runner",
        "qunit",
        "japa",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "c t testNamePattern testPathPattern w maxWorkers reporter reporters R g grep environment project shard bail require r import loader config coverageReporters",
    options: &[
        ("config|c", Value::Foreign),
        ("outputFile|output-file|output|coverageDirectory|cacheDirectory|cache-dir|coverage.reportsDirectory", Value::Write),
        (
            "globalSetup|globalTeardown|setupFiles|testRunner|resolver|runner|setupFilesAfterEnv|require|r|import|loader|reporter-option",
            Value::Foreign,
        ),
    ],
    verbs: &[("init, create, start", &[Act::Project])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
