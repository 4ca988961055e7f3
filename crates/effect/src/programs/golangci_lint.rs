//! golangci-lint, staticcheck and other checkers of Go.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["golangci-lint"], effects: |inv, sink| GOLANGCI_LINT.say(inv, sink) },
    Program {
        names: &[
            "staticcheck",
            "revive",
            "gosec",
            "govulncheck",
            "errcheck",
            "ineffassign",
            "gocyclo",
            "golint",
            "gocritic",
            "nilaway",
            "unconvert",
            "misspell",
            "deadcode",
            "structcheck",
        ],
        effects: |inv, sink| STATICCHECK.say(inv, sink),
    },
];

const GOLANGCI_LINT: Described = Described {
    valued: "enable disable E D timeout build-tags out-format concurrency j new-from-rev",
    options: &[
        ("c|config", Value::Foreign),
        ("output.text.path|output.json.path|cpu-profile-path|mem-profile-path|trace-path", Value::Write),
    ],
    flags: &[("fix", &[Act::WriteTreeAt(".")])],
    verbs: &[
        ("custom", &[Act::Project]),
        ("linters, version, config, cache status, formatters, help", &[Act::ReadAt(".")]),
        ("cache clean", &[Act::DeleteTreeAt("~/.cache/golangci-lint")]),
        ("fmt, migrate", &[Act::WriteTreeAt(".")]),
        ("run", &[Act::Project]),
    ],
    ..Described::NEW
};

const STATICCHECK: Described = Described {
    valued: "config exclude formatter fmt checks tags f",
    one_dash: true,
    options: &[("out|o", Value::Write)],
    flags: &[("w", &[Act::Edit(0)])],
    otherwise: &[Act::ReadTree(0)],
    ..Described::NEW
};
