//! bw, bws, lpass, rbw and other password stores.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["bw", "bws", "rbw"], effects: |inv, sink| BW.say(inv, sink) },
    Program {
        names: &[
            "lpass",
            "dashlane",
            "dcli",
            "keepassxc-cli",
            "keepass",
            "kpcli",
            "nordpass",
            "enpass-cli",
            "keeper",
            "psono-ci",
            "ph",
        ],
        effects: |inv, sink| LPASS.say(inv, sink),
    },
];

const BW: Described = Described {
    target: "bitwarden",
    valued: "session code method organizationid access-token o output",
    options: &[("output", Value::Write)],
    verbs: &[
        (
            "status, sync, list organizations|collections|folders, sdk-version, update, lock, logout, completion, template, ls --help",
            &[Act::Ask],
        ),
        ("config, login, serve", &[Act::Configure("secret store")]),
        ("delete, purge, remove, rm", &[Act::Destroy]),
        ("create, edit, import, move, share, confirm, restore, add", &[Act::Change]),
        ("run", &[Act::Secret("bitwarden items"), Act::Run(0)]),
    ],
    otherwise: &[Act::Secret("bitwarden items")],
    ..Described::NEW
};

const LPASS: Described = Described {
    target: "password store",
    valued: "k key-file y f s attributes",
    options: &[("k|key-file", Value::Read)],
    verbs: &[
        ("status, logout, sync, login, diceware, estimate, generate", &[Act::Ask]),
        ("rm, delete, rmdir, destroy", &[Act::Destroy]),
        ("add, edit, mkdir, mv, import, share, merge", &[Act::Change]),
    ],
    otherwise: &[Act::Secret("password store")],
    ..Described::NEW
};
