//! clang-tidy, cppcheck and other checkers of C.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["clang-tidy", "clang-check", "run-clang-tidy", "clang-apply-replacements"],
        effects: |inv, sink| CLANG_TIDY.say(inv, sink),
    },
    Program {
        names: &["cppcheck", "cpplint", "flawfinder", "splint", "oclint", "iwyu", "include-what-you-use", "clang-doc"],
        effects: |inv, sink| CPPCHECK.say(inv, sink),
    },
];

const CLANG_TIDY: Described = Described {
    valued: "p checks config header-filter line-filter warnings-as-errors extra-arg style format-style",
    options: &[("export-fixes", Value::Write), ("config-file", Value::Read), ("load", Value::Script("compiler plug-in"))],
    flags: &[("fix|fix-errors|fix-notes|fixit", &[Act::Edit(0)])],
    otherwise: &[Act::ReadTree(0)],
    ..Described::NEW
};

const CPPCHECK: Described = Described {
    valued: "I D U j enable std suppress platform template",
    options: &[
        ("output-file|plist-output|cppcheck-build-dir", Value::Write),
        ("project|rule-file|suppressions-list|library|config", Value::Read),
        ("addon", Value::Script("cppcheck add-on")),
    ],
    otherwise: &[Act::ReadTree(0)],
    alone: Some(&[Act::ReadAt(".")]),
    ..Described::NEW
};
