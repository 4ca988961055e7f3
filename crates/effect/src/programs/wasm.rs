//! wasm-pack, trunk, wasmtime: programs for WebAssembly, built and run.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["wasm-pack", "trunk", "wasm-bindgen", "cargo-component", "jco"],
        effects: |inv, sink| WASM_PACK.say(inv, sink),
    },
    Program {
        names: &["wasmtime", "wasmer", "wasm3", "wazero", "iwasm", "wasmedge"],
        effects: |inv, sink| WASMTIME.say(inv, sink),
    },
];

const WASM_PACK: Described = Described {
    host: "registry.npmjs.org",
    valued: "d out-dir target t",
    options: &[("d|out-dir|dist", Value::WriteTree)],
    verbs: &[
        ("build, test, new, pack", &[Act::Project]),
        ("publish", &[Act::Project, Act::Publish]),
        ("login", &[Act::Secret("npm token")]),
        ("serve, watch", &[Act::Project, Act::Listen]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const WASMTIME: Described = Described {
    valued: "env W S O",
    options: &[("dir|mapdir", Value::ReadTree)],
    verbs: &[("run", &[Act::CodeFile("wasm", 0)]), ("compile, validate, explore, inspect", &[Act::Read(0), Act::ElseWrite(".")])],
    otherwise: &[Act::CodeFile("wasm", 0)],
    ..Described::NEW
};
