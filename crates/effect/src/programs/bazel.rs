//! bazel, buck2 and pants: builds of large trees.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["bazel", "bazelisk"], effects: |inv, sink| BAZEL.say(inv, sink) },
    Program { names: &["buck2", "buck", "pants", "please_build"], effects: |inv, sink| BUCK2.say(inv, sink) },
];

const BAZEL: Described = Described {
    valued: "c config output_base output_user_root",
    options: &[("bazelrc", Value::Script("bazelrc")), ("run_under", Value::Shell), ("symlink_prefix", Value::Write)],
    verbs: &[
        ("query, cquery, aquery, info, version, help, dump, license, analyze-profile, print_action", &[Act::Project]),
        ("clean", &[Act::DeleteTreeAt("bazel-out")]),
        ("shutdown", &[Act::Ask]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const BUCK2: Described = Described {
    valued: "c config target-platforms",
    verbs: &[
        ("query, cquery, uquery, targets, audit, status, log, list, dependencies, peek", &[Act::Project]),
        ("clean, kill", &[Act::DeleteTreeAt("buck-out")]),
        ("publish", &[Act::Project, Act::Publish]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};
