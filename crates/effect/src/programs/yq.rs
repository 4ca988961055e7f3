//! yq: like jq, for YAML and kin, and able to write: in place, and one file for each part.

use bailiwick_vocab::effect::{Deed, Target, WriteMode};

use super::Program;
use super::readers::read_path;
use crate::args::{Grammar, Parsed, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["yq", "xq", "tomlq"], effects: yq }];

const YQ: Grammar = Grammar {
    optional: &["indent"],
    ..Grammar::valued(&[
        "o",
        "output-format",
        "p",
        "input-format",
        "I",
        "s",
        "split-exp",
        "from-file",
        "expression",
        "f",
        "front-matter",
        "header-preprocess-file",
        "split-exp-file",
        "xml-attribute-prefix",
        "xml-content-name",
        "csv-separator",
        "w",
        "width",
        "L",
    ])
};
const VERBS: &[&str] = &["e", "eval", "ea", "eval-all"];

fn yq(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &YQ);
    for path in parsed.values(&["from-file", "split-exp-file"]) {
        sink.read(path);
    }
    let given = parsed.operands_from(usize::from(parsed.operand(0).is_some_and(|word| VERBS.contains(&word.text.as_str()))));
    let separate = !parsed.values(&["from-file", "expression"]).is_empty();
    let (expression, files) = if separate { (None, given) } else { (given.first(), given.get(1..).unwrap_or(&[])) };
    for code in expression.into_iter().chain(parsed.values(&["expression"])) {
        loads(code, sink);
        super::package_files::filtered(code, sink);
    }
    // One word alone is the file where it does not look like an expression.
    let looks_like_code =
        |word: &Word| word.text.starts_with(['.', '(', '[', '{']) && !word.text.starts_with("./") && !word.text.contains(".y");
    let only_file = files.is_empty() && !separate && !given.iter().any(looks_like_code);
    for file in if only_file { given } else { files } {
        read_path(file, false, sink);
        if parsed.may_have(&["i", "inplace", "in-place"]) && file.text != "-" {
            sink.write(file, WriteMode::Change);
        }
    }
    splits(&parsed, invocation, sink);
}

/// `load("file")`, `strload`, `xmlload` … read files that the expression names.
fn loads(code: &Word, sink: &mut Sink) {
    if code.text.contains("load") {
        sink.deed(Deed::Read(Target::unknown("a file that the expression names")), code.span);
    }
}

/// `-s` writes a file for each part, named by an expression.
fn splits(parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
    if parsed.has(&["s", "split-exp", "split-exp-file"]) {
        sink.write_tree(&Word::literal(".", invocation.span), WriteMode::Change);
    }
}
