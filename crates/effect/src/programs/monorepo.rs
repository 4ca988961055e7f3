//! nx, turbo, lerna, rush, changesets: tasks over many packages of one repository.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["nx", "nx-cloud"], effects: |inv, sink| NX.say(inv, sink) },
    Program { names: &["turbo", "moon", "wireit"], effects: |inv, sink| TURBO.say(inv, sink) },
    Program {
        names: &["lerna", "changeset", "changesets", "np", "release-it", "semantic-release", "standard-version", "auto"],
        effects: |inv, sink| LERNA.say(inv, sink),
    },
];

const NX: Described = Described {
    valued: "t target p projects base head",
    verbs: &[
        ("graph, show, list, report, print-affected, affected:graph, format:check, daemon", &[Act::Project]),
        ("release, run-many -t publish, publish", &[Act::Project, Act::Publish]),
        ("reset", &[Act::DeleteTreeAt(".nx")]),
        ("migrate, add, init, connect", &[Act::Fetch, Act::Project]),
        ("g, generate, format:write, format", &[Act::Project]),
        ("exec", &[Act::Run(0)]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const TURBO: Described = Described {
    valued: "filter F token team api cache-dir o",
    options: &[("api", Value::Host), ("cache-dir", Value::WriteTree)],
    dry: "dry dry-run graph",
    verbs: &[
        ("ls, info, scan, query, prune", &[Act::ReadAt("."), Act::WriteTreeAt("out")]),
        ("login, link, logout, unlink, telemetry", &[Act::Configure("turbo")]),
        ("gen, generate", &[Act::Project]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const LERNA: Described = Described {
    host: "registry.npmjs.org",
    valued: "scope since registry tag preid",
    dry: "dry-run",
    verbs: &[
        ("ls, list, ll, la, changed, diff, info, status", &[Act::Project]),
        ("exec", &[Act::Project, Act::Shell(0)]),
        ("publish", &[Act::Project, Act::Upload, Act::Publish]),
        ("run, test, build, bootstrap, clean, init, add, create, version, tag, pre", &[Act::Project]),
    ],
    otherwise: &[Act::Project, Act::Publish],
    alone: Some(&[Act::Project, Act::Publish]),
    ..Described::NEW
};
