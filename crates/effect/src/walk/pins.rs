//! Pins: where a command uses variables with several possible values, it is walked once for each combination, so that
//! values that belong together stay together.

use crate::shell::ast::{self, Command, CommandKind, ParamOp, Piece};

use super::Walker;
use super::flow::{Flow, Out};
use super::state::State;

/// Combinations walked for one command; with more the variables are not known.
const MAX_COMBINATIONS: usize = 16;

impl Walker<'_> {
    /// Walks a simple command once for each combination of its variables' values.
    pub(super) fn pinned(&mut self, command: &Command, state: State) -> Flow {
        let open: Vec<String> =
            state.variables.iter().filter(|(_, variable)| variable.values.len() > 1).map(|(name, _)| name.clone()).collect();
        if open.is_empty() {
            return self.redirected(command, state);
        }
        let used: Vec<&String> = open.iter().filter(|name| uses(command, name)).collect();
        if used.is_empty() {
            return self.redirected(command, state);
        }
        let mut all: Option<Flow> = None;
        for pinned in combinations(&used, state) {
            let flow = self.redirected(command, pinned);
            all = Some(match all {
                None => flow,
                Some(one) => Flow {
                    ok: one.ok.join(&flow.ok),
                    err: one.err.join(&flow.err),
                    out: if one.out == flow.out { one.out } else { Out::Unknown },
                },
            });
        }
        all.unwrap_or_else(|| Flow::same(State::new(""), Out::Unknown))
    }
}

/// The state with every combination of values; one where they are not known if that would be too many.
fn combinations(names: &[&String], state: State) -> Vec<State> {
    let mut states = vec![state];
    for name in names {
        let values =
            states.first().and_then(|state| state.variable(name)).map(|variable| variable.values.clone()).unwrap_or_default();
        if states.len() * values.len() > MAX_COMBINATIONS {
            states.iter_mut().for_each(|state| state.forget(name));
            continue;
        }
        states = states
            .iter()
            .flat_map(|state| {
                values.iter().map(|value| {
                    let mut pinned = state.clone();
                    pinned.set(name, value.clone());
                    pinned
                })
            })
            .collect();
    }
    states
}

fn uses(command: &Command, name: &str) -> bool {
    let CommandKind::Simple { assigns, words } = &command.kind else { return false };
    words.iter().any(|word| in_word(word, name))
        || assigns
            .iter()
            .any(|assign| (assign.append && assign.name == name) || assign.values.iter().any(|word| in_word(word, name)))
        || command.redirects.iter().any(|redirect| in_word(&redirect.target, name))
}

fn in_word(word: &ast::Word, name: &str) -> bool {
    word.pieces.iter().any(|piece| in_piece(piece, name))
}

/// Substitutions are left out: their own commands are pinned when they are walked.
fn in_piece(piece: &Piece, name: &str) -> bool {
    match piece {
        Piece::Param { name: used, op, .. } => used == name || in_op(op, name),
        Piece::Tilde(user) => user.is_empty() && name == "HOME",
        Piece::Arith(pieces) | Piece::Pattern(pieces) => pieces.iter().any(|piece| in_piece(piece, name)),
        Piece::Brace(words) => words.iter().any(|word| in_word(word, name)),
        Piece::Text { .. } | Piece::Command { .. } | Piece::Process { .. } => false,
    }
}

fn in_op(op: &ParamOp, name: &str) -> bool {
    match op {
        ParamOp::Plain => false,
        ParamOp::Default(word)
        | ParamOp::Assign(word)
        | ParamOp::Alternative(word)
        | ParamOp::Error(word)
        | ParamOp::Other(word) => in_word(word, name),
    }
}
