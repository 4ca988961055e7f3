//! pyenv, rbenv, asdf, mise, sdk: versions of languages fetched, chosen, and programs run with them.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["pyenv", "rbenv", "goenv", "tfenv", "jenv", "phpenv", "plenv", "luaenv", "swiftenv", "tgenv", "kubenv"],
        effects: |inv, sink| PYENV.say(inv, sink),
    },
    Program { names: &["asdf", "mise", "rtx", "vfox", "proto", "aqua"], effects: |inv, sink| ASDF.say(inv, sink) },
    Program { names: &["sdk", "jabba"], effects: |inv, sink| SDK.say(inv, sink) },
];

const PYENV: Described = Described {
    host: "github.com",
    verbs: &[
        (
            "versions, version, which, whence, root, prefix, commands, help, hooks, shims, version-name, version-file, list, list-remote, completions, init",
            &[Act::Nothing],
        ),
        ("exec", &[Act::Run(0)]),
        ("local", &[Act::WriteAt(".python-version")]),
        ("global, shell, rehash, use, virtualenv-init, activate, deactivate", &[Act::Nothing]),
        ("virtualenv", &[Act::WriteTreeAt("~/.pyenv")]),
        ("install, update", &[Act::Fetch, Act::WriteTreeAt("~/.pyenv"), Act::Opaque(OpaqueCause::Script, "plugin")]),
        ("uninstall, virtualenv-delete", &[Act::DeleteTreeAt("~/.pyenv/versions")]),
    ],
    shows: "list l",
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const ASDF: Described = Described {
    host: "github.com",
    valued: "C cd E env j jobs r raw",
    verbs: &[
        (
            "list, current, where, which, info, latest, ls, ls-remote, env, doctor, settings ls|get, plugin list, plugins ls, plugin list all, outdated, tasks ls, alias ls, config ls, registry, bin-paths, hook-env, version, list all, list-all, activate, tool, completion",
            &[Act::Nothing],
        ),
        ("exec, x", &[Act::RunBehind(0)]),
        ("run, r, watch, tasks run, en", &[Act::Project]),
        ("local, use, set, unset, settings, alias, pin", &[Act::WriteAt(".tool-versions")]),
        ("trust", &[Act::Persist("mise trust")]),
        ("global, reshim, sync, generate", &[Act::Nothing]),
        ("plugin add|update, plugins install|add|update, plugin-add", &[Act::Package("version-manager-plugin")]),
        (
            "install, upgrade, update, self-update, i",
            &[Act::Fetch, Act::WriteTreeAt("~/.local/share"), Act::Opaque(OpaqueCause::Script, "plugin")],
        ),
        ("uninstall, prune, implode, plugin remove, cache clear", &[Act::DeleteTreeAt("~/.local/share/mise")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const SDK: Described = Described {
    host: "api.sdkman.io",
    verbs: &[
        ("list, ls, current, version, help, home, offline, env, use, default, which", &[Act::Nothing]),
        ("install, i, upgrade, update, selfupdate", &[Act::Fetch, Act::WriteTreeAt("~/.sdkman")]),
        ("uninstall, rm, flush", &[Act::DeleteTreeAt("~/.sdkman/candidates")]),
    ],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};
