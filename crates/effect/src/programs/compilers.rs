//! gcc, clang and their kin: sources read, programs written, and the ways in which a compiler runs something else.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "gcc",
            "g++",
            "cc",
            "c++",
            "clang",
            "clang++",
            "cpp",
            "icc",
            "icx",
            "tcc",
            "c99",
            "c89",
            "nvcc",
            "hipcc",
            "emcc",
            "em++",
            "x86_64-linux-gnu-gcc",
            "musl-gcc",
            "afl-gcc",
            "afl-clang-fast",
        ],
        effects: |inv, sink| GCC.say(inv, sink),
    },
    Program {
        names: &[
            "ld",
            "ld.lld",
            "lld",
            "ld.gold",
            "mold",
            "gold",
            "as",
            "nasm",
            "yasm",
            "ranlib",
            "objcopy",
            "strip",
            "dlltool",
            "windres",
            "lipo",
            "install_name_tool",
            "libtool",
            "patchelf",
        ],
        effects: |inv, sink| LD.say(inv, sink),
    },
    Program {
        names: &[
            "size",
            "addr2line",
            "c++filt",
            "gprof",
            "ctags",
            "etags",
            "cscope",
            "cflow",
            "indent",
            "bison",
            "yacc",
            "flex",
            "lex",
            "swig",
            "gperf",
            "m4",
            "re2c",
            "ragel",
            "moc",
            "uic",
            "rcc",
            "protoc-gen",
        ],
        effects: |inv, sink| SIZE.say(inv, sink),
    },
];

const GCC: Described = Described {
    valued: "o I L l D U x isystem include idirafter T Xlinker Xassembler Xpreprocessor target MF MT MQ u z imacros arch framework F aux-info dumpbase",
    options: &[
        ("o|MF|aux-info", Value::Write),
        ("include|imacros|T|isystem", Value::ReadTree),
        ("B", Value::Script("compiler plug-in")),
    ],
    raw: &[
        ("-fplugin=", Value::Script("compiler plug-in")),
        ("-specs=", Value::Script("compiler plug-in")),
        ("--specs=", Value::Script("compiler plug-in")),
        ("-wrapper", Value::Script("compiler plug-in")),
        ("-load", Value::Script("compiler plug-in")),
        ("--config=", Value::Script("compiler plug-in")),
        ("-fuse-ld=", Value::Program),
        ("--ld-path=", Value::Program),
        ("-save-temps=", Value::WriteTree),
        ("-fdump-tree-all=", Value::WriteTree),
    ],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};

const LD: Described = Described {
    valued: "o L l T m e f I rpath soname plugin dynamic-linker set-interpreter set-rpath add-needed",
    options: &[("o|Map|map|dump-file", Value::Write), ("plugin", Value::Script("linker plug-in"))],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};

const SIZE: Described = Described {
    valued: "o f d e p output",
    options: &[("o|output|f", Value::Write)],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};
