//! Compound commands: branches, loops, functions. Everything that may run is walked.

use std::rc::Rc;

use crate::invocation::{UNKNOWN, Word};
use crate::shell::ast::{self, Script};

use super::Walker;
use super::flow::{Flow, Out};
use super::jumps::{Frame, with_left};
use super::state::{Body, Function, State};

/// Rounds of a `for` loop that are walked one by one; a loop over more words is walked with its variable unknown.
const MAX_ROUNDS: usize = 16;
/// Rounds until a loop's variables have settled; after these nothing that is set is known.
const MAX_WIDENINGS: usize = 4;

impl Walker<'_> {
    pub(super) fn subshell(&mut self, script: &Script, state: State) -> Flow {
        let flow = self.script(script, state.clone());
        Flow::same(state, flow.out)
    }

    pub(super) fn conditional(&mut self, arms: &[(Script, Script)], otherwise: Option<&Script>, state: State) -> Flow {
        let mut pending = state;
        let mut done: Option<Flow> = None;
        for (condition, body) in arms {
            let tested = self.script(condition, pending);
            let flow = self.script(body, tested.ok);
            done = Some(either(done, flow));
            pending = tested.err;
        }
        let last = match otherwise {
            Some(body) => self.script(body, pending),
            None => Flow::same(pending, Out::Unknown),
        };
        let mut flow = either(done, last);
        flow.out = Out::Unknown;
        flow
    }

    pub(super) fn case(&mut self, word: &ast::Word, arms: &[(Vec<ast::Word>, Script)], mut state: State) -> Flow {
        self.run_inside(word, &mut state);
        let mut done = Flow::same(state.clone(), Out::Unknown);
        // The tree does not keep how an arm ends: with `;&` the next one goes on from there.
        let falls = self.source.contains(";&");
        for (patterns, body) in arms {
            for pattern in patterns {
                self.run_inside(pattern, &mut state);
            }
            let start = if falls { done.clone().after().0 } else { state.clone() };
            let flow = self.script(body, start);
            done = either(Some(done), flow);
        }
        done.out = Out::Unknown;
        done
    }

    pub(super) fn test(&mut self, words: &[ast::Word], mut state: State) -> Flow {
        for word in words {
            self.run_inside(word, &mut state);
        }
        Flow::same(state, Out::nothing())
    }

    /// `(( … ))` may assign to any variable that it names.
    pub(super) fn arith(&mut self, word: &ast::Word, mut state: State) -> Flow {
        self.run_inside(word, &mut state);
        forget_named(word, &mut state);
        Flow::same(state, Out::nothing())
    }

    pub(super) fn for_arith(&mut self, arith: &ast::Word, body: &Script, mut state: State) -> Flow {
        self.run_inside(arith, &mut state);
        forget_named(arith, &mut state);
        self.repeat(state, |walker, state| walker.script(body, state))
    }

    /// One round of `while` or `until`.
    pub(super) fn round(&mut self, condition: &Script, body: &Script, state: State) -> Flow {
        let (tested, _) = self.script(condition, state).after();
        let (after, _) = self.script(body, tested.clone()).after();
        Flow::same(after.join(&tested), Out::Unknown)
    }

    /// Walks a loop until another round changes nothing that is known.
    pub(super) fn repeat(&mut self, state: State, mut round: impl FnMut(&mut Self, State) -> Flow) -> Flow {
        let mut before = state;
        for _ in 0..MAX_WIDENINGS {
            let start = before.clone();
            let (flow, left) = self.framed(Frame::Loop, |walker| round(walker, start));
            let after = with_left(alive(flow), left.as_ref());
            let widened = before.clone().widen(&after);
            if widened == before {
                return Flow::same(before, Out::Unknown);
            }
            before = widened;
        }
        before.forget_all();
        let start = before.clone();
        self.framed(Frame::Loop, |walker| round(walker, start));
        Flow::same(before, Out::Unknown)
    }

    pub(super) fn for_each(&mut self, name: &str, words: Option<&[ast::Word]>, body: &Script, mut state: State) -> Flow {
        let values = match words {
            Some(words) => Some(self.words(words, &mut state)),
            None => state.arguments.as_ref().map(|arguments| arguments.as_ref().clone()),
        };
        match values {
            Some(values) if values.len() <= MAX_ROUNDS && values.iter().all(Word::known) => {
                self.unrolled(name, values, body, state)
            }
            Some(_) | None => self.repeat(state, |walker, mut state| {
                state.forget(name);
                walker.script(body, state)
            }),
        }
    }

    fn unrolled(&mut self, name: &str, values: Vec<Word>, body: &Script, state: State) -> Flow {
        let mut out = Out::nothing();
        let mut state = state;
        let mut early: Option<State> = None;
        for mut value in values {
            value.span = None;
            let several = value.pattern.is_some();
            state.set(name, vec![value]);
            let before = state.clone();
            let printed = self.one_round(body, &mut state, &mut early);
            out = out.then(printed);
            if several {
                // A pattern stands for any number of rounds.
                state = before.widen(&state);
                self.one_round(body, &mut state, &mut early);
                out = Out::Unknown;
            }
        }
        if early.is_some() {
            out = Out::Unknown;
        }
        Flow::same(with_left(state, early.as_ref()), out)
    }

    /// One round of a `for` loop; `break` may make it the last one, so what it leaves is kept for the end.
    fn one_round(&mut self, body: &Script, state: &mut State, early: &mut Option<State>) -> Out {
        let start = state.clone();
        let (flow, left) = self.framed(Frame::Loop, |walker| walker.script(body, start));
        let out = flow.out.clone();
        *state = with_left(alive(flow), left.as_ref());
        if let Some(left) = left {
            *early = Some(with_left(left, early.as_ref()));
        }
        out
    }

    pub(super) fn define(&mut self, name: &str, body: &ast::Command, mut state: State) -> Flow {
        let body = Body { command: Rc::new(body.clone()), source: Rc::clone(&self.source), outer: self.outer };
        let function = Function { bodies: vec![body], maybe_absent: false };
        if BY_THEMSELVES.contains(&name) {
            // What comes of it is in the effects; when it runs, and with what left behind, is not known.
            let _ = self.call(name, &function, &[], state.clone());
        }
        Rc::make_mut(&mut state.functions).insert(name.to_owned(), function);
        Flow::same(state, Out::nothing())
    }

    /// Calls a function with its arguments; what it declares local ends with it.
    pub(super) fn call(&mut self, name: &str, function: &Function, arguments: &[Word], state: State) -> Flow {
        self.calls.push(name.to_owned());
        let mut done: Option<Flow> = None;
        for body in &function.bodies {
            let mut inside = state.clone();
            inside.arguments = Some(Rc::new(settled(arguments)));
            inside.locals = Rc::default();
            let (mut flow, left) = self.framed(Frame::Call, |walker| walker.body(body, inside));
            if let Some(left) = left {
                flow = Flow { ok: flow.ok.join(&left), err: flow.err.join(&left), out: Out::Unknown };
            }
            for after in [&mut flow.ok, &mut flow.err] {
                leave(after, &state);
            }
            done = Some(match done {
                Some(_) => Flow { out: Out::Unknown, ..either(done, flow) },
                None => flow,
            });
        }
        self.calls.pop();
        done.unwrap_or_else(|| Flow::same(state, Out::Unknown))
    }

    fn body(&mut self, body: &Body, state: State) -> Flow {
        let source = std::mem::replace(&mut self.source, Rc::clone(&body.source));
        let outer = std::mem::replace(&mut self.outer, body.outer);
        let flow = self.command(&body.command, state);
        self.source = source;
        self.outer = outer;
        flow
    }
}

/// Functions that a shell calls without being told to.
const BY_THEMSELVES: [&str; 9] = [
    "command_not_found_handle",
    "command_not_found_handler",
    "precmd",
    "preexec",
    "chpwd",
    "periodic",
    "zshexit",
    "zshaddhistory",
    "fish_prompt",
];

/// Arguments as a function counts them: one that is not known may be none or several, so later ones may be any.
pub(super) fn settled(arguments: &[Word]) -> Vec<Word> {
    let mut lost = false;
    let one = |word: &Word| {
        let settled = if lost { Word::literal(UNKNOWN.to_string(), word.span) } else { word.clone() };
        lost |= !word.known();
        settled
    };
    arguments.iter().map(one).collect()
}

/// Puts back what a function's locals hid, and the caller's arguments.
fn leave(after: &mut State, before: &State) {
    after.arguments.clone_from(&before.arguments);
    let locals = std::mem::replace(&mut after.locals, Rc::clone(&before.locals));
    if locals.is_empty() {
        return;
    }
    let variables = Rc::make_mut(&mut after.variables);
    for name in locals.iter() {
        match before.variables.get(name) {
            Some(variable) => variables.insert(name.clone(), variable.clone()),
            None => variables.remove(name),
        };
    }
}

/// The state after a round of a loop; one that ended in `break` or `exit` counts too.
fn alive(flow: Flow) -> State {
    let (mut state, _) = flow.after();
    state.dead = false;
    state
}

fn either(one: Option<Flow>, other: Flow) -> Flow {
    match one {
        None => other,
        Some(one) => Flow { ok: one.ok.join(&other.ok), err: one.err.join(&other.err), out: Out::Unknown },
    }
}

/// Every variable set here whose name stands in the text of an arithmetic expression may be assigned there.
fn forget_named(word: &ast::Word, state: &mut State) {
    let mut text = String::new();
    for piece in &word.pieces {
        if let ast::Piece::Text { text: part, .. } = piece {
            text.push_str(part);
            text.push(' ');
        }
    }
    if word.pieces.is_empty() || text.trim().is_empty() {
        // The tree keeps only substitutions of an arithmetic expression: any plain number may change.
        forget_numbers(state);
        return;
    }
    let names: Vec<String> = state.variables.keys().filter(|name| text.contains(name.as_str())).cloned().collect();
    for name in names {
        state.forget(&name);
    }
}

/// Variables whose every value is a plain number become unknown.
fn forget_numbers(state: &mut State) {
    let number = |word: &Word| word.text.parse::<i64>().is_ok() || word.text.is_empty();
    let names: Vec<String> = state
        .variables
        .iter()
        .filter(|(_, variable)| variable.values.iter().flatten().all(number))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        state.forget(&name);
    }
}
