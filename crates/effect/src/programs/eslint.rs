//! eslint, stylelint, standard, xo: JavaScript and styles looked at, by a configuration that is a program.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "eslint",
        "eslint_d",
        "standard",
        "xo",
        "tslint",
        "stylelint",
        "oxlint-js",
        "jshint",
        "jscs",
        "htmlhint",
        "semistandard",
        "ts-standard",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "ext f format max-warnings parser-options rule ignore-pattern env global cache-location cache-strategy fix-type stdin-filename report-unused-disable-directives-severity s custom-syntax",
    options: &[
        ("c|config|resolve-plugins-relative-to|rulesdir|parser|plugin|ignore-path", Value::Foreign),
        ("o|output-file|cache-file", Value::Write),
    ],
    flags: &[("fix|init", &[Act::Edit(0)])],
    shows: "env-info",
    otherwise: &[Act::ReadTree(0), Act::Project],
    alone: Some(&[Act::ReadAt("."), Act::Project]),
    ..Described::NEW
};
