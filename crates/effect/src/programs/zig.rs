//! zig, nim, crystal, v, d and other compilers that build and run in one.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["zig"], effects: |inv, sink| ZIG.say(inv, sink) },
    Program {
        names: &[
            "nim",
            "crystal",
            "v",
            "dmd",
            "ldc2",
            "dub",
            "vala",
            "valac",
            "odin",
            "gdc",
            "gfortran",
            "fpc",
            "haxe",
            "raku",
            "sbcl",
            "clisp",
            "ocaml",
            "ocamlfind",
            "racket",
            "chez",
            "guile-x",
            "gforth",
            "swipl",
        ],
        effects: |inv, sink| NIM.say(inv, sink),
    },
    Program {
        names: &[
            "nimble", "shards", "opam", "dune", "esy", "alire", "raco", "zef", "cpanm", "cpan", "cpanplus", "luarocks", "fpm",
            "vcpkg", "conan", "xmake", "xrepo",
        ],
        effects: |inv, sink| NIMBLE.say(inv, sink),
    },
];

const ZIG: Described = Described {
    valued: "O target mcpu femit-bin D I L l",
    options: &[("femit-bin|prefix|p|cache-dir|global-cache-dir", Value::WriteTree)],
    verbs: &[
        ("version, env, targets, zen, libc, std, ast-check", &[Act::Ask]),
        ("fmt", &[Act::Edit(0)]),
        ("build, test", &[Act::Project]),
        ("run", &[Act::CodeFile("zig", 0)]),
        ("fetch", &[Act::Fetch, Act::WriteAt("build.zig.zon")]),
        ("init, init-exe, init-lib", &[Act::WriteTreeAt(".")]),
        (
            "cc, c++, ar, dlltool, lib, ranlib, objcopy, build-exe, build-lib, build-obj, translate-c",
            &[Act::ReadTree(0), Act::ElseWrite(".")],
        ),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const NIM: Described = Described {
    valued: "o out outdir path I L d e eval",
    options: &[("o|out|outdir", Value::WriteTree), ("e|eval", Value::Code("other"))],
    verbs: &[
        ("run, r", &[Act::CodeFile("other", 0)]),
        ("build, test, c, compile, check, spec, fmt, tool, doc, docs, js, cpp", &[Act::Project]),
    ],
    otherwise: &[Act::CodeFile("other", 0)],
    alone: Some(&[Act::Input("other")]),
    ..Described::NEW
};

const NIMBLE: Described = Described {
    host: "*",
    valued: "g b p y switch root",
    verbs: &[
        (
            "list, search, show, info, dump, tree, config list, env, var, switch list, path, lint, status, outdated, inspect, graph",
            &[Act::Ask],
        ),
        ("install, add, update, upgrade, reinstall, get, fetch, download, require", &[Act::Package("package")]),
        ("publish, upload, create-upload", &[Act::Upload, Act::Publish]),
        ("uninstall, remove, switch remove, clean, purge", &[Act::DeleteTreeAt("~/.local/share")]),
        ("exec, run", &[Act::Run(0)]),
        ("init, new, create, lock, pin", &[Act::WriteTreeAt(".")]),
        ("build, test, check, c, fmt, make, runtest, promote, utop, doc", &[Act::Project]),
    ],
    otherwise: &[Act::Package("package")],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
