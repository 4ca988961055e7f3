//! Programs that remove files: rm, rmdir, unlink, shred, and macOS's srm and trash.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["rm", "grm", "srm"], effects: rm },
    Program { names: &["rmdir", "grmdir", "unlink", "gunlink"], effects: remove_one },
    Program { names: &["trash", "trash-put", "rimraf", "del-cli", "rip"], effects: remove_trees },
    Program { names: &["shred", "gshred", "wipe"], effects: shred },
];

fn rm(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::PLAIN);
    let tree = parsed.may_have(&["r", "R", "recursive"]);
    for operand in &parsed.operands {
        if tree { sink.delete_tree(operand) } else { sink.delete(operand) }
    }
}

fn remove_one(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::PLAIN);
    for operand in &parsed.operands {
        sink.delete(operand);
        if parsed.may_have(&["p", "parents"]) {
            above(operand).iter().for_each(|parent| sink.delete(parent));
        }
    }
}

/// The directories that a relative path goes through.
fn above(path: &Word) -> Vec<Word> {
    let text = path.text.trim_end_matches('/');
    let ends = text.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
    ends.filter_map(|end| text.get(..end)).map(|parent| Word::literal(parent, path.span)).collect()
}

fn remove_trees(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    for operand in &parse(invocation.args, &Grammar::PLAIN).operands {
        sink.delete_tree(operand);
    }
}

fn shred(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar { optional: &["remove"], ..Grammar::valued(&["n", "iterations", "s", "size", "random-source"]) };
    let parsed = parse(invocation.args, &grammar);
    let removes = parsed.may_have(&["u", "remove"]);
    for operand in parsed.operands.iter().filter(|operand| operand.text != "-") {
        sink.write(operand, WriteMode::Replace);
        if removes {
            sink.delete(operand);
        }
    }
}
