//! mypy, pylint, flake8, pyright, bandit and other checkers of Python.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "mypy",
        "dmypy",
        "pylint",
        "flake8",
        "pyright",
        "basedpyright",
        "pyre",
        "bandit",
        "vulture",
        "pydocstyle",
        "pycodestyle",
        "pyflakes",
        "prospector",
        "pytype",
        "ty",
        "radon",
        "xenon",
        "pyroma",
        "semgrep-py",
        "safety",
        "pip-audit",
        "import-linter",
        "lint-imports",
        "interrogate",
        "deptry",
        "refurb",
        "wemake-python-styleguide",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "m p module package python-version max-line-length select ignore extend-ignore exclude format f j per-file-ignores r severity-level confidence-level disable enable stubPath pythonversion level",
    options: &[
        ("config-file|rcfile|config|append-config|ini|p-config", Value::Foreign),
        ("load-plugins|python-executable|custom-typeshed-dir", Value::Foreign),
        ("init-hook", Value::Code("python")),
        ("junit-xml|output-file", Value::Write),
        (
            "html-report|txt-report|linecount-report|any-exprs-report|cobertura-xml-report|xml-report|lineprecision-report|cache-dir",
            Value::WriteTree,
        ),
        ("o|output", Value::Write),
    ],
    flags: &[("install-types", &[Act::Package("python-package")])],
    verbs: &[("run, check, start, status, stop, restart, recheck, suggest", &[Act::ReadTree(0)])],
    otherwise: &[Act::ReadTree(0)],
    alone: Some(&[Act::ReadAt(".")]),
    ..Described::NEW
};
