//! rustc and javac, kotlinc, scalac: one language's compiler by itself.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["rustc", "rustdoc", "clippy-driver"], effects: |inv, sink| RUSTC.say(inv, sink) },
    Program {
        names: &[
            "javac",
            "kotlinc",
            "scalac",
            "groovyc",
            "jar",
            "javap",
            "javadoc",
            "jlink",
            "jpackage",
            "keytool",
            "jarsigner",
            "jdeps",
            "jshell",
            "kotlin",
            "scala",
        ],
        effects: |inv, sink| JAVAC.say(inv, sink),
    },
];

const RUSTC: Described = Described {
    valued: "o L l C edition crate-type crate-name emit target print cfg extern A W D out-dir codegen error-format",
    options: &[("o|out-dir", Value::WriteTree)],
    raw: &[("linker=", Value::Program), ("-Clinker=", Value::Program)],
    flags: &[("print|explain|V", &[Act::Ask])],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};

const JAVAC: Described = Described {
    valued: "d cp classpath sourcepath processor processorpath source target release encoding keystore storepass alias s h",
    one_dash: true,
    options: &[
        ("d|s|h", Value::WriteTree),
        ("processor|processorpath|Xplugin|agentlib|javaagent", Value::Script("compiler plug-in")),
        ("keystore", Value::Read),
    ],
    flags: &[("list|exportcert|importcert|genkeypair|genkey|delete|importkeystore", &[Act::Secret("keystore")])],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};
