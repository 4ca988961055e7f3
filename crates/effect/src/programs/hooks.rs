//! pre-commit, husky, lefthook, lint-staged, commitlint: checks around commits.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["pre-commit", "prek"], effects: |inv, sink| PRE_COMMIT.say(inv, sink) },
    Program {
        names: &["husky", "lefthook", "overcommit", "simple-git-hooks", "captain-hook"],
        effects: |inv, sink| HUSKY.say(inv, sink),
    },
    Program {
        names: &["lint-staged", "commitlint", "commitizen", "cz", "git-cz"],
        effects: |inv, sink| LINT_STAGED.say(inv, sink),
    },
];

const PRE_COMMIT: Described = Described {
    valued: "c config hook-stage color t hook-type from-ref to-ref files",
    options: &[("config|c", Value::Script("project"))],
    verbs: &[
        ("run, try-repo, validate-config, validate-manifest, hook-impl", &[Act::Project]),
        ("install, init-templatedir", &[Act::Persist("git hook"), Act::Project]),
        ("uninstall", &[Act::Configure("git hooks")]),
        ("autoupdate, migrate-config, sample-config", &[Act::Fetch, Act::WriteAt(".pre-commit-config.yaml")]),
        ("clean, gc", &[Act::DeleteTreeAt("~/.cache/pre-commit")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const HUSKY: Described = Described {
    verbs: &[("run, validate, dump, check-install, version", &[Act::Project]), ("uninstall", &[Act::Configure("git hooks")])],
    otherwise: &[Act::Persist("git hook")],
    alone: Some(&[Act::Persist("git hook")]),
    ..Described::NEW
};

const LINT_STAGED: Described = Described {
    valued: "c config e edit from to",
    verbs: &[("bump, c, commit", &[Act::Project])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
