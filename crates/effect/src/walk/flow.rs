//! What comes out of a command: the shell's state after success and after failure, and what it prints.

use crate::invocation::{Stdin, Word};

use super::state::State;

/// Longest printed text that is followed.
const MAX_PRINTED_BYTES: usize = 65_536;

/// What a command prints on standard output.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Out {
    /// Exactly this text.
    Text(Word),
    /// What stands in this file.
    File(Word),
    /// Cannot be known.
    Unknown,
}

impl Out {
    /// Nothing.
    pub(crate) fn nothing() -> Out {
        Out::Text(Word::literal("", None))
    }

    /// Text.
    pub(crate) fn text(text: impl Into<String>) -> Out {
        Out::Text(Word::literal(text, None))
    }

    /// This, then that.
    pub(crate) fn then(self, after: Out) -> Out {
        match (self, after) {
            (Out::Text(word), after) if word.text.is_empty() && word.pattern.is_none() => after,
            (before, Out::Text(word)) if word.text.is_empty() && word.pattern.is_none() => before,
            (Out::Text(mut one), Out::Text(two)) if one.pattern.is_none() && two.pattern.is_none() => {
                if one.text.len() + two.text.len() > MAX_PRINTED_BYTES {
                    return Out::Unknown;
                }
                one.text.push_str(&two.text);
                Out::Text(one)
            }
            (Out::Text(_) | Out::File(_) | Out::Unknown, _) => Out::Unknown,
        }
    }

    /// The same as the input of the next command.
    pub(crate) fn into_stdin(self) -> Stdin {
        match self {
            Out::Text(word) => Stdin::Text(word),
            Out::File(word) => Stdin::File(word),
            Out::Unknown => Stdin::Pipe,
        }
    }

    /// What a command prints that prints its input.
    pub(crate) fn of_stdin(stdin: &Stdin) -> Out {
        match stdin {
            Stdin::Text(word) => Out::Text(word.clone()),
            Stdin::File(word) => Out::File(word.clone()),
            Stdin::Inherited | Stdin::Pipe => Out::Unknown,
        }
    }
}

/// The shell after a command.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// Where it succeeded.
    pub(crate) ok: State,
    /// Where it failed.
    pub(crate) err: State,
    /// What it printed.
    pub(crate) out: Out,
}

impl Flow {
    /// The same state whether it succeeds or fails.
    pub(crate) fn same(state: State, out: Out) -> Flow {
        Flow { err: state.clone(), ok: state, out }
    }

    /// What holds after it, whichever way it ended.
    pub(crate) fn after(self) -> (State, Out) {
        (self.ok.join(&self.err), self.out)
    }
}
