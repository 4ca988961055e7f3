//! Jumps: `break`, `continue` and `return` leave a loop or a function with the state of the place they stand at.

use super::Walker;
use super::state::State;

/// For each loop and each function or sourced file being walked, innermost last, the states it was left with.
#[derive(Default)]
pub(super) struct Jumps {
    loops: Vec<Option<State>>,
    calls: Vec<Option<State>>,
}

/// What is being walked.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Frame {
    /// A loop.
    Loop,
    /// A function or a sourced file.
    Call,
}

impl Walker<'_> {
    /// Walks a loop or a function; its result takes in the states it was left with early.
    pub(super) fn framed<T>(&mut self, frame: Frame, run: impl FnOnce(&mut Self) -> T) -> (T, Option<State>) {
        self.frames(frame).push(None);
        let result = run(self);
        let left = self.frames(frame).pop().flatten();
        (result, left)
    }

    /// Leaves the loop or function around this place; whether there is one.
    pub(super) fn jump(&mut self, frame: Frame, all: bool, state: &State) -> bool {
        let mut live = state.clone();
        live.dead = false;
        let frames = self.frames(frame);
        let count = if all { frames.len() } else { 1 };
        for left in frames.iter_mut().rev().take(count) {
            *left = Some(match left.take() {
                Some(before) => before.join(&live),
                None => live.clone(),
            });
        }
        !frames.is_empty()
    }

    fn frames(&mut self, frame: Frame) -> &mut Vec<Option<State>> {
        match frame {
            Frame::Loop => &mut self.jumps.loops,
            Frame::Call => &mut self.jumps.calls,
        }
    }
}

/// A state with one that was left early.
pub(super) fn with_left(state: State, left: Option<&State>) -> State {
    match left {
        Some(left) => state.join(left),
        None => state,
    }
}
