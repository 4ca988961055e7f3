//! phpunit, rspec, bats, behave, ctest and other test runners: a project's own code.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["phpunit", "pest", "codecept", "behat", "phpspec", "atoum", "infection", "paratest"],
        effects: |inv, sink| PHPUNIT.say(inv, sink),
    },
    Program {
        names: &[
            "rspec",
            "cucumber",
            "minitest",
            "behave",
            "robot",
            "lettuce",
            "green",
            "nose2",
            "nosetests",
            "trial",
            "stestr",
            "testr",
            "unittest",
            "hypothesis",
            "ward",
            "pyresttest",
        ],
        effects: |inv, sink| RSPEC.say(inv, sink),
    },
    Program {
        names: &[
            "bats",
            "shunit2",
            "shellspec",
            "roundup",
            "ctest",
            "gotestsum",
            "ginkgo",
            "goss",
            "dgoss",
            "molecule",
            "kitchen",
            "terratest",
            "venom",
            "hurl",
            "newman",
            "dredd",
            "schemathesis",
            "tavern",
            "step-ci",
            "bruno",
            "bru",
        ],
        effects: |inv, sink| BATS.say(inv, sink),
    },
];

const PHPUNIT: Described = Described {
    valued: "c configuration filter testsuite group bootstrap log-junit coverage-html coverage-clover",
    options: &[
        ("bootstrap|c|configuration", Value::Foreign),
        ("log-junit|coverage-html|coverage-clover|coverage-text|testdox-html", Value::Write),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const RSPEC: Described = Described {
    valued: "f format o out t tags e example r require I require-path d outputdir P p",
    options: &[("o|out|outputdir|junit-directory", Value::Write), ("r|require", Value::Foreign)],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const BATS: Described = Described {
    valued: "f filter j jobs o output T timeout env e variables-file R E L test-dir C report-formatter",
    options: &[("o|output|output-junit|O|output-on-failure-file|junitfile|reporter-junit-export|report-junit", Value::Write)],
    flags: &[("N|show-only|print-labels", &[Act::ReadAt(".")])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
