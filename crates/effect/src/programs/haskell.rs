//! stack, cabal, ghc: Haskell projects.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["stack"], effects: |inv, sink| STACK.say(inv, sink) },
    Program { names: &["cabal"], effects: |inv, sink| CABAL.say(inv, sink) },
    Program { names: &["ghc", "ghcup"], effects: |inv, sink| GHC.say(inv, sink) },
];

const STACK: Described = Described {
    host: "hackage.haskell.org",
    valued: "stack-yaml resolver work-dir docker-run-args p package ghc-options test-arguments",
    options: &[("stack-yaml", Value::Script("project"))],
    verbs: &[
        ("exec, run --, x", &[Act::Run(0)]),
        ("build, test, bench, install, ghci, ghc, repl, haddock, eval", &[Act::Project]),
        ("path, list, ls, query, dot, templates, config --help", &[Act::Ask]),
        ("upload", &[Act::Upload, Act::Publish]),
        ("new, init, unpack, update, setup, upgrade", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("clean, purge", &[Act::DeleteTreeAt(".stack-work")]),
        ("script, runghc", &[Act::CodeFile("haskell", 0)]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const CABAL: Described = Described {
    host: "hackage.haskell.org",
    valued: "w with-compiler builddir project-file enable flags f constraint",
    options: &[("w|with-compiler|with-ghc", Value::Program), ("builddir", Value::WriteTree)],
    verbs: &[
        ("list, info, outdated, check, path, gen-bounds", &[Act::Ask]),
        ("upload", &[Act::Upload, Act::Publish]),
        ("update, get, fetch, unpack, init", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("exec", &[Act::Run(0)]),
        ("install", &[Act::Fetch, Act::Project]),
        ("clean", &[Act::DeleteTreeAt("dist-newstyle")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const GHC: Described = Described {
    valued: "o outputdir odir hidir i l L O package",
    options: &[
        ("o|outputdir|odir|hidir", Value::WriteTree),
        ("e", Value::Code("haskell")),
        ("F|pgmF|pgmP|pgmc|pgml", Value::Program),
    ],
    verbs: &[
        ("list, whereis, tui, config", &[Act::Ask]),
        ("install, set, upgrade, compile, run", &[Act::Package("ghc")]),
        ("rm, nuke, gc", &[Act::DeleteTreeAt("~/.ghcup")]),
    ],
    otherwise: &[Act::ReadTree(0), Act::ElseWrite(".")],
    ..Described::NEW
};
