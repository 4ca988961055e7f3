//! python: code after -c, modules after -m, script files, code over standard input.
//! Modules of the standard library are taken to be those of the standard library, not of a file beside the script.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use crate::args::{self, Grammar};
use crate::invocation::{Inner, Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::{self, project_code};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["python", "python3", "python2", "pypy", "pypy3", "ipython", "ipython3", "py"], effects }];

const GRAMMAR: Grammar = Grammar::valued(&["c", "m", "W", "X", "Q", "check-hash-based-pycs"]);

/// Modules that are programs of their own.
const PROGRAM_MODULES: &[&str] = &[
    "pip",
    "pytest",
    "mypy",
    "black",
    "ruff",
    "isort",
    "flake8",
    "pylint",
    "tox",
    "nox",
    "poetry",
    "pipx",
    "uv",
    "twine",
    "pre_commit",
    "coverage",
    "build",
    "jupyter",
    "gunicorn",
    "uvicorn",
    "flask",
    "django",
    "IPython",
];

/// Modules that only print.
const PRINTING: &[&str] = &["this", "site", "sysconfig", "platform", "calendar", "ast", "tokenize", "dis", "symtable"];

fn effects(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &GRAMMAR, &["c", "m"]);
    if reading.asks_help() {
        return;
    }
    for word in ["PYTHONSTARTUP", "PYTHONHOME", "PYTHONPATH"].iter().filter_map(|name| inv.env(name)) {
        if !is_plain_directory(&word.text) {
            sink.opaque(OpaqueCause::Script, "python", &[], word.span);
        }
    }
    if let Some(code) = reading.values(&["c"]).last() {
        sink.code_with("python", code, &reading.rest);
    } else if let Some(name) = reading.values(&["m"]).last() {
        module(inv, name, &reading.rest, sink);
    } else {
        interpreter::script_or_input(inv, "python", &reading.rest, sink);
    }
}

/// A path inside the working directory, where the project's own code lies.
fn is_plain_directory(path: &str) -> bool {
    !path.starts_with(['/', '~']) && path.is_ascii() && !path.contains("..")
}

fn module(inv: &Invocation<'_>, name: &Word, rest: &[Word], sink: &mut Sink) {
    let parsed = args::parse(rest, &Grammar::valued(&["b", "bind", "d", "directory", "p", "protocol", "n", "s"]));
    match name.text.as_str() {
        "http.server" | "SimpleHTTPServer" => serve(inv, &parsed, sink),
        "venv" | "virtualenv" => parsed.operands.iter().for_each(|word| sink.write_tree(word, WriteMode::Replace)),
        "json.tool" => in_and_out(&parsed, sink),
        "compileall" | "py_compile" => {
            let here = [Word::literal(".", inv.span)];
            let operands = if parsed.operands.is_empty() { &here[..] } else { &parsed.operands };
            operands.iter().for_each(|word| sink.write_tree(word, WriteMode::Change));
        }
        "zipfile" | "tarfile" => archive(rest, sink),
        "timeit" => timed(rest, sink),
        "unittest" | "doctest" | "ensurepip" => project_code(inv, sink),
        "pdb" | "cProfile" | "profile" | "trace" | "runpy" | "asyncio" | "code" => debugged(inv, rest, sink),
        known if PRINTING.contains(&known) => parsed.operands.iter().for_each(|word| sink.read(word)),
        known if PROGRAM_MODULES.contains(&known) => {
            let program = Word::literal(known.to_ascii_lowercase(), name.span);
            let words: Vec<Word> = std::iter::once(program).chain(rest.iter().cloned()).collect();
            sink.run(&words, inv.stdin);
            if known != "pip" {
                project_code(inv, sink);
            }
        }
        _ => sink.opaque(OpaqueCause::Script, "python", &[], name.span),
    }
}

fn serve(inv: &Invocation<'_>, parsed: &args::Parsed, sink: &mut Sink) {
    let address = parsed.value(&["b", "bind"]).map_or("0.0.0.0", |word| &word.text);
    let port = parsed.operand(0).map_or(Some(8000), |word| word.text.parse().ok());
    sink.connect(address, port, "listen", None, true, inv.span);
    let here = Word::literal(".", inv.span);
    sink.read_tree(parsed.value(&["d", "directory"]).unwrap_or(&here));
}

fn in_and_out(parsed: &args::Parsed, sink: &mut Sink) {
    if let Some(from) = parsed.operand(0).filter(|word| word.text != "-") {
        sink.read(from);
    }
    if let Some(to) = parsed.operand(1) {
        sink.write(to, WriteMode::Replace);
    }
}

/// `-l FILE`, `-t FILE`, `-e FILE DIRECTORY`, `-c FILE SOURCE…`.
fn archive(rest: &[Word], sink: &mut Sink) {
    let Some((action, files)) = rest.split_first() else { return };
    let Some((file, others)) = files.split_first() else { return };
    match action.text.as_str() {
        "-l" | "--list" | "-t" | "--test" => sink.read(file),
        "-c" | "--create" => {
            sink.write(file, WriteMode::Replace);
            others.iter().for_each(|source| sink.read_tree(source));
        }
        _ => {
            sink.read(file);
            let here = Word::literal(".", file.span);
            sink.write_tree(others.first().unwrap_or(&here), WriteMode::Replace);
        }
    }
}

fn timed(rest: &[Word], sink: &mut Sink) {
    let parsed = args::parse(rest, &Grammar::valued(&["n", "r", "s", "u", "number", "repeat", "setup", "unit"]));
    for word in parsed.values(&["s", "setup"]).into_iter().chain(&parsed.operands) {
        sink.code("python", word);
    }
}

/// Modules that run another script: `-m pdb script.py`, `-m cProfile -o out script.py`, `-m cProfile -m module`.
fn debugged(inv: &Invocation<'_>, rest: &[Word], sink: &mut Sink) {
    let reading =
        interpreter::read(rest, &Grammar::valued(&["c", "m", "o", "s", "f", "C", "outfile", "sort", "file", "coverdir"]), &["m"]);
    for word in reading.values(&["o", "outfile", "f", "file"]) {
        sink.write(word, WriteMode::Replace);
    }
    for word in reading.values(&["C", "coverdir"]) {
        sink.write_tree(word, WriteMode::Change);
    }
    for word in reading.values(&["c"]) {
        sink.opaque(OpaqueCause::InlineCode, "python", &[], word.span);
    }
    match (reading.values(&["m"]).last(), reading.rest.first()) {
        (Some(_), _) | (None, None) => project_code(inv, sink),
        (None, Some(script)) => sink.inner.push(Inner::CodeFile { language: "python", path: script.clone() }),
    }
}
