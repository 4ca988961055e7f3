//! autoconf, automake, configure's makers, pkg-config, protoc.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "autoconf",
            "automake",
            "autoreconf",
            "aclocal",
            "autoheader",
            "libtoolize",
            "autopoint",
            "gettextize",
            "intltoolize",
        ],
        effects: |inv, sink| AUTOCONF.say(inv, sink),
    },
    Program {
        names: &[
            "pkg-config",
            "pkgconf",
            "xml2-config",
            "python-config",
            "python3-config",
            "llvm-config",
            "php-config",
            "ncurses-config",
            "sdl2-config",
            "gsl-config",
            "pg-config",
            "curl-config",
            "icu-config",
        ],
        effects: |inv, sink| PKG_CONFIG.say(inv, sink),
    },
    Program {
        names: &[
            "protoc",
            "buf",
            "flatc",
            "thrift",
            "capnp",
            "grpc_tools_node_protoc",
            "openapi-generator",
            "openapi-generator-cli",
            "swagger-codegen",
        ],
        effects: |inv, sink| PROTOC.say(inv, sink),
    },
];

const AUTOCONF: Described = Described {
    valued: "I o output W",
    options: &[("o|output", Value::Write)],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const PKG_CONFIG: Described = Described { otherwise: &[Act::Ask], ..Described::NEW };

const PROTOC: Described = Described {
    valued: "I proto_path o template config path g i c",
    options: &[("o|descriptor_set_out|output", Value::WriteTree), ("plugin", Value::Program)],
    verbs: &[
        ("lint, breaking, format --diff, ls-files, config, dep, validate, list", &[Act::ReadAt(".")]),
        ("push, registry", &[Act::Upload, Act::Publish]),
        ("login", &[Act::Secret("registry credentials")]),
    ],
    otherwise: &[Act::ReadTree(0), Act::Project],
    ..Described::NEW
};
