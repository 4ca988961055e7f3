//! The shell's own record of what was typed.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use crate::invocation::{Invocation, Sink};

pub(super) const PROGRAM: Program = Program { names: &["history"], effects: history };

/// `-c` and `-d` forget lines; `-w`, `-a` and `-n` go to or come from a file.
fn history(invocation: &Invocation<'_>, sink: &mut Sink) {
    let letters = |wanted: &[char]| {
        invocation
            .args
            .iter()
            .any(|word| word.text.starts_with('-') && !word.text.starts_with("--") && word.text.contains(wanted))
    };
    if letters(&['c', 'd']) || invocation.args.iter().any(|word| !word.known()) {
        sink.deed(Deed::Configure { what: "shell history".to_owned() }, invocation.span);
    }
    if letters(&['w', 'a']) {
        let files = invocation.args.iter().filter(|word| !word.text.starts_with('-'));
        files.for_each(|word| sink.write(word, WriteMode::Change));
    }
}
