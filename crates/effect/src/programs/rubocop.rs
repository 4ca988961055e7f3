//! rubocop, phpcs, php-cs-fixer and other checkers whose plug-ins are code.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "rubocop",
            "standardrb",
            "reek",
            "brakeman",
            "rubycritic",
            "erb_lint",
            "haml-lint",
            "slim-lint",
            "steep",
            "srb",
            "sorbet",
            "solargraph",
        ],
        effects: |inv, sink| RUBOCOP.say(inv, sink),
    },
    Program {
        names: &["phpcs", "phpstan", "psalm", "phan", "phpmd", "rector-dry", "parallel-lint", "deptrac", "phpmetrics"],
        effects: |inv, sink| PHPCS.say(inv, sink),
    },
    Program { names: &["phpcbf", "php-cs-fixer", "pint", "rector"], effects: |inv, sink| PHPCBF.say(inv, sink) },
];

const RUBOCOP: Described = Described {
    valued: "c config f format o out only except r require",
    options: &[("c|config|r|require", Value::Foreign), ("o|out", Value::Write)],
    flags: &[("a|A|autocorrect|autocorrect-all|auto-correct|auto-correct-all|fix|x", &[Act::Edit(0), Act::WriteTreeAt(".")])],
    otherwise: &[Act::ReadTree(0), Act::Project],
    alone: Some(&[Act::ReadAt("."), Act::Project]),
    ..Described::NEW
};

const PHPCS: Described = Described {
    valued: "standard extensions c configuration l level report memory-limit",
    options: &[
        ("report-file|generate-baseline", Value::Write),
        ("c|configuration|a|autoload-file|bootstrap|standard", Value::Foreign),
    ],
    otherwise: &[Act::ReadTree(0), Act::Project],
    alone: Some(&[Act::ReadAt("."), Act::Project]),
    ..Described::NEW
};

const PHPCBF: Described = Described {
    valued: "standard config rules",
    dry: "dry-run test",
    verbs: &[("list-files, describe, list", &[Act::Ask]), ("fix, process", &[Act::Edit(0), Act::Project])],
    otherwise: &[Act::Edit(0), Act::Project],
    alone: Some(&[Act::WriteTreeAt("."), Act::Project]),
    ..Described::NEW
};
