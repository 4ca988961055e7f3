//! earthly and act: builds and workflows inside containers.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["earthly"], effects: |inv, sink| EARTHLY.say(inv, sink) },
    Program {
        names: &["act", "dagger", "woodpecker-cli", "drone", "gitlab-runner", "circleci", "buildkite-agent"],
        effects: |inv, sink| ACT.say(inv, sink),
    },
];

const EARTHLY: Described = Described {
    host: "registry-1.docker.io",
    valued: "build-arg secret config",
    options: &[("env-file|secret-file|secret-file-path|arg-file-path|env-file-path|config", Value::Read)],
    flags: &[("push|ci", &[Act::Upload, Act::Publish]), ("P|allow-privileged", &[Act::Escalate("privileged container")])],
    verbs: &[
        ("ls, doc, --version", &[Act::ReadAt(".")]),
        ("prune", &[Act::Destroy]),
        ("account, org, login, secrets", &[Act::Secret("earthly secrets")]),
        ("bootstrap", &[Act::Configure("earthly")]),
    ],
    otherwise: &[Act::Project, Act::Fetch],
    ..Described::NEW
};

const ACT: Described = Described {
    host: "registry-1.docker.io",
    valued: "W workflows j job e eventpath P platform C directory container-architecture s secret env var",
    options: &[("secret-file|env-file|var-file|eventpath|e", Value::Read)],
    flags: &[("privileged|bind|b", &[Act::Escalate("privileged container")])],
    shows: "l list n dryrun g graph",
    verbs: &[
        ("lint, validate, config validate, list, functions, local --help", &[Act::ReadAt(".")]),
        ("register, start, install, run --help", &[Act::Persist("runner")]),
        ("login", &[Act::Secret("runner token")]),
        // What the service keeps for the project: contexts, secrets, shared steps.
        (
            "context *, secret *, orb *, project *, namespace *, repo *, cron *, org *, user *, server *, build *, pipeline *, env-var *",
            &[Act::Family],
        ),
    ],
    otherwise: &[Act::Project, Act::Fetch],
    alone: Some(&[Act::Project, Act::Fetch]),
    ..Described::NEW
};
