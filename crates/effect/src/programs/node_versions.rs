//! nvm, fnm, volta, n: versions of Node fetched and chosen.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["nvm", "fnm", "volta", "nodenv", "nvs"], effects: |inv, sink| NVM.say(inv, sink) },
    Program { names: &["n"], effects: |inv, sink| N.say(inv, sink) },
];

const NVM: Described = Described {
    host: "nodejs.org",
    valued: "log-level arch default",
    verbs: &[
        (
            "ls, list, current, which, version, ls-remote, list-remote, env, alias, versions, global, local, whence, cache dir, completions",
            &[Act::Nothing],
        ),
        ("exec", &[Act::Run(1)]),
        ("run", &[Act::RunWith("node", 1)]),
        (
            "install, i, fetch, pin, add, reinstall-packages, upgrade, install-latest-npm",
            &[Act::Fetch, Act::WriteTreeAt("~/.nvm")],
        ),
        ("uninstall, remove, cache clear, prune", &[Act::DeleteTreeAt("~/.nvm/versions")]),
        ("use, default, deactivate, unload, unuse, set-colors, setup, link, on, off, rehash", &[Act::Nothing]),
        ("unalias", &[Act::Nothing]),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const N: Described = Described {
    host: "nodejs.org",
    verbs: &[
        ("ls, lsr, which, bin, doctor, ls-remote", &[Act::Nothing]),
        ("rm, prune, uninstall", &[Act::DeleteTreeAt("/usr/local/n")]),
        ("run, as, use", &[Act::RunWith("node", 1)]),
        ("exec", &[Act::Run(1)]),
    ],
    otherwise: &[Act::Fetch, Act::WriteTreeAt("/usr/local")],
    ..Described::NEW
};
