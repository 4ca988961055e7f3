//! nix, guix and their kin: packages built from descriptions that are programs, and shells with them.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["nix"], effects: |inv, sink| NIX.say(inv, sink) },
    Program { names: &["nix-shell"], effects: |inv, sink| NIX_SHELL.say(inv, sink) },
    Program {
        names: &["nix-build", "nix-instantiate", "nix-prefetch-url", "nix-prefetch-git"],
        effects: |inv, sink| NIX_BUILD.say(inv, sink),
    },
    Program { names: &["nix-collect-garbage"], effects: |inv, sink| NIX_COLLECT_GARBAGE.say(inv, sink) },
    Program {
        names: &["nix-store", "nixos-rebuild", "home-manager", "darwin-rebuild", "nix-channel"],
        effects: |inv, sink| NIX_STORE.say(inv, sink),
    },
    Program { names: &["guix", "spack"], effects: |inv, sink| GUIX.say(inv, sink) },
];

const NIX: Described = Described {
    host: "cache.nixos.org",
    valued: "f file I arg argstr option profile p extra-experimental-features inputs-from override-input",
    options: &[("o|out-link", Value::Write), ("c|command", Value::Program)],
    flags: &[("expr|impure", &[Act::Project])],
    verbs: &[
        ("build, develop, eval, flake check|show, fmt, repl, derivation, flake lock|update", &[Act::Project, Act::Fetch]),
        ("flake init|new", &[Act::WriteTreeAt(".")]),
        ("shell, run", &[Act::Fetch, Act::Opaque(OpaqueCause::Script, "nix-package")]),
        ("profile install|upgrade|add", &[Act::Package("nix-package")]),
        ("profile remove|rollback|wipe-history", &[Act::Destroy]),
        (
            "search, path-info, store ls|cat|info|ping, flake metadata|info, profile list|history, log, why-depends, hash, show-config, config show, registry list, doctor, key --help",
            &[Act::Ask],
        ),
        ("store gc|delete|optimise, collect-garbage", &[Act::Destroy]),
        ("copy, store add", &[Act::Upload]),
        ("upgrade-nix, registry, config", &[Act::Configure("nix")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const NIX_SHELL: Described = Described {
    host: "cache.nixos.org",
    valued: "A attr I arg argstr i",
    options: &[("run|command", Value::Shell), ("p|packages", Value::Script("nix-package"))],
    otherwise: &[Act::Project, Act::Fetch],
    alone: Some(&[Act::Project, Act::Fetch]),
    ..Described::NEW
};

const NIX_BUILD: Described = Described {
    host: "cache.nixos.org",
    valued: "A attr I arg argstr",
    options: &[("o|out-link", Value::Write), ("E|expr", Value::Script("nix"))],
    otherwise: &[Act::Project, Act::Fetch],
    alone: Some(&[Act::Project, Act::Fetch]),
    ..Described::NEW
};

const NIX_COLLECT_GARBAGE: Described =
    Described { target: "nix", otherwise: &[Act::Destroy], alone: Some(&[Act::Destroy]), ..Described::NEW };

const NIX_STORE: Described = Described {
    target: "nix",
    host: "cache.nixos.org",
    flags: &[("d|delete-old|delete-older-than|gc|delete", &[Act::Destroy]), ("q|query|list|verify", &[Act::Ask])],
    verbs: &[
        ("switch, boot, test, rollback, expire-generations", &[Act::Configure("system"), Act::Escalate("nixos")]),
        ("build, dry-build, dry-activate, generations, news", &[Act::Project]),
    ],
    otherwise: &[Act::Ask],
    ..Described::NEW
};

const GUIX: Described = Described {
    target: "packages",
    host: "guix.gnu.org",
    valued: "m manifest L",
    options: &[("e|f|m", Value::Script("scheme"))],
    verbs: &[
        ("search, show, describe, size, graph, lint, weather, list, find, info, spec, compilers, package -I", &[Act::Ask]),
        ("shell, environment, run, time-machine", &[Act::Package("guix-package")]),
        ("package, install, pull, upgrade, build, system, home, load", &[Act::Package("guix-package")]),
        ("gc, remove, uninstall, delete-generations", &[Act::Destroy]),
    ],
    ..Described::NEW
};
