//! pytest: a project's tests in Python.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["pytest", "py.test"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "k m n o W p rootdir c tb color maxfail durations confcutdir cov cov-config dist timeout ignore deselect import-mode log-level",
    options: &[
        ("junitxml|junit-xml|log-file|html|resultlog|report-log|json-report-file", Value::Write),
        ("basetemp", Value::DeleteTree),
        ("cov-report", Value::Foreign),
        ("rootdir|confcutdir|c|config-file", Value::Foreign),
    ],
    flags: &[("pdb|trace", &[Act::Project])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
