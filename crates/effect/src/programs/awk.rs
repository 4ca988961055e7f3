//! awk: its code goes to the reader of code, its operands are read.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
use super::readers::read_path;
use crate::args::{Grammar, parse};
use crate::invocation::{Inner, Invocation, Sink, Stdin, Word};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["awk", "gawk", "mawk", "nawk", "goawk"], effects: awk }];

const AWK: Grammar = Grammar {
    optional: &["o", "d", "p", "D", "pretty-print", "dump-variables", "profile", "debug"],
    ..Grammar::valued(&[
        "F",
        "v",
        "f",
        "e",
        "i",
        "l",
        "E",
        "field-separator",
        "assign",
        "file",
        "source",
        "include",
        "load",
        "exec",
    ])
};

fn awk(invocation: &Invocation<'_>, sink: &mut Sink) {
    // Options end at the program; what follows are files and assignments.
    let parsed = parse(invocation.args, &Grammar { stop_at_operand: true, ..AWK });
    let files = parsed.values(&["f", "file", "E", "exec", "i", "include"]);
    let sources = parsed.values(&["e", "source"]);
    let inline = sources.is_empty() && parsed.values(&["f", "file", "E", "exec"]).is_empty();
    let in_place = files.iter().any(|path| path.text == "inplace");
    for path in files.into_iter().filter(|path| path.text != "inplace") {
        match (path.text.as_str(), invocation.stdin) {
            ("-" | "/dev/stdin", Stdin::Text(text)) => sink.code("awk", text),
            _ => sink.inner.push(Inner::CodeFile { language: "awk", path: path.clone() }),
        }
    }
    for path in parsed.values(&["l", "load"]) {
        sink.inner.push(Inner::CodeFile { language: "native", path: path.clone() });
    }
    for (name, usual) in [("o", "awkprof.out"), ("d", "awkvars.out"), ("p", "awkprof.out")] {
        if parsed.has(&[name]) {
            let usual = Word::literal(usual, invocation.span);
            sink.write(parsed.value(&[name]).unwrap_or(&usual), WriteMode::Replace);
        }
    }
    for code in sources.into_iter().chain(parsed.operand(0).filter(|_| inline)) {
        sink.code("awk", code);
    }
    for path in parsed.operands_from(usize::from(inline)) {
        if !is_assignment(&path.text) {
            read_path(path, false, sink);
            if in_place {
                sink.write(path, WriteMode::Change);
            }
        }
    }
}

fn is_assignment(text: &str) -> bool {
    let name = text.split('=').next().unwrap_or("");
    name.len() < text.len() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
