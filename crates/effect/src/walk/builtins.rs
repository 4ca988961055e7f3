//! Builtins that steer the shell: where it is, what it runs in itself, when it ends. What only a program would do is in
//! the table.

use std::rc::Rc;

use bailiwick_vocab::effect::{Hint, OpaqueCause};

use crate::invocation::{Stdin, UNKNOWN, Word};

use super::Walker;
use super::flow::{Flow, Out};
use super::jumps::Frame;
use super::start::Start;
use super::state::State;

impl Walker<'_> {
    /// Runs a builtin; gives the state back where the name is none of ours.
    pub(super) fn builtin(&mut self, name: &str, arguments: &[Word], start: &Start<'_>, state: State) -> Result<Flow, State> {
        Ok(match name {
            "cd" | "chdir" => self.change_directory(arguments, state),
            "pushd" => self.push_directory(arguments, state),
            "popd" => self.pop_directory(state),
            "dirs" => Flow::same(state, Out::Unknown),
            "pwd" => self.print_directory(state),
            "eval" => self.evaluate(arguments, start, state),
            "source" | "." => self.source(arguments, start, state),
            "exec" => self.replace(arguments, start, state),
            "command" | "builtin" | "nocorrect" | "noglob" | "-" => self.plainly(name, arguments, start, state),
            "time" => self.timed(arguments, start, state),
            "trap" => self.trap(arguments, start, state),
            "exit" => end(arguments, state),
            "return" => self.leave_early(Frame::Call, arguments, state),
            "break" | "continue" => self.leave_early(Frame::Loop, arguments, state),
            name => return self.setter(name, arguments, state),
        })
    }

    fn change_directory(&mut self, arguments: &[Word], state: State) -> Flow {
        let mut operands = arguments.iter().skip_while(|word| word.text.len() > 1 && word.text.starts_with('-') && word.known());
        let to = match (operands.next(), arguments.is_empty()) {
            (Some(word), _) if word.text == "-" => state.previous.as_deref().map(|path| Word::literal(path, word.span)),
            (Some(word), _) => Some(word.clone()),
            (None, _) => self.home_of_shell(&state),
        };
        self.go(to, state)
    }

    /// Goes to a directory. Where it may not be there, failing leaves the shell where it was.
    fn go(&mut self, to: Option<Word>, state: State) -> Flow {
        let err = state.clone();
        let mut ok = state;
        let Some(to) = to.filter(|word| word.known() && ok.variable("CDPATH").is_none()) else {
            ok.enter(Vec::new());
            return Flow { ok, err, out: Out::nothing() };
        };
        let cwds = match &to.pattern {
            Some(pattern) => self.matching_directories(pattern, &ok),
            None => self.paths(&to, &ok).iter().map(|path| crate::resolve::normal(path)).collect(),
        };
        let certain = to.pattern.is_none() && !cwds.is_empty() && cwds.iter().all(|cwd| self.is_directory(cwd));
        ok.enter(cwds);
        let mut err = err;
        err.dead = certain;
        Flow { ok, err, out: Out::nothing() }
    }

    fn matching_directories(&self, pattern: &str, state: &State) -> Vec<String> {
        let pattern = Word::literal(pattern, None);
        let patterns = self.paths(&pattern, state);
        let found: Vec<(Vec<String>, bool)> = patterns.iter().map(|pattern| self.world.matches(pattern, 8)).collect();
        if found.iter().any(|(_, more)| *more) { Vec::new() } else { found.into_iter().flat_map(|(paths, _)| paths).collect() }
    }

    fn home_of_shell(&self, state: &State) -> Option<Word> {
        match state.variable("HOME") {
            Some(variable) => match variable.values.as_slice() {
                [value] => value.first().cloned(),
                [] | [..] => None,
            },
            None => self.world.home().map(|home| Word::literal(home, None)),
        }
    }

    fn push_directory(&mut self, arguments: &[Word], mut state: State) -> Flow {
        let plain = arguments.first().filter(|word| !word.text.starts_with(['-', '+'])).cloned();
        state.stack = match (state.stack.take(), state.cwd(), &plain) {
            (Some(mut stack), Some(cwd), Some(_)) => {
                Rc::make_mut(&mut stack).push(cwd.to_owned());
                Some(stack)
            }
            _ => None,
        };
        self.go(plain, state)
    }

    fn pop_directory(&mut self, mut state: State) -> Flow {
        let top = match state.stack.as_mut() {
            Some(stack) => Rc::make_mut(stack).pop(),
            None => None,
        };
        self.go(top.map(|path| Word::literal(path, None)), state)
    }

    fn print_directory(&mut self, state: State) -> Flow {
        let out = state.cwd().map_or(Out::Unknown, |cwd| Out::text(format!("{cwd}\n")));
        Flow::same(state, out)
    }

    /// `eval`: its words, joined, are read again.
    fn evaluate(&mut self, arguments: &[Word], start: &Start<'_>, state: State) -> Flow {
        let text: Vec<&str> = arguments.iter().map(|word| word.text.as_str()).skip_while(|text| *text == "--").collect();
        self.run_text(&Word::literal(text.join(" "), start.span), state, start.span)
    }

    fn source(&mut self, arguments: &[Word], start: &Start<'_>, mut state: State) -> Flow {
        let Some((path, rest)) = arguments.split_first() else { return Flow::same(state, Out::Unknown) };
        self.place_read(path, &state);
        let before = state.arguments.clone();
        if !rest.is_empty() {
            state.arguments = Some(Rc::new(rest.to_vec()));
        }
        if path.text == "/dev/stdin" {
            return self.source_input(start, state);
        }
        let (mut flow, left) = self.framed(Frame::Call, |walker| walker.run_file(path, state, start.span));
        if let Some(left) = left {
            flow = Flow { ok: flow.ok.join(&left), err: flow.err.join(&left), out: Out::Unknown };
        }
        for after in [&mut flow.ok, &mut flow.err] {
            after.arguments.clone_from(&before);
            after.dead = false;
        }
        flow
    }

    fn source_input(&mut self, start: &Start<'_>, state: State) -> Flow {
        match state.stdin.as_ref().clone() {
            Stdin::Text(text) => self.run_text(&text, state, start.span),
            Stdin::File(path) => self.run_file(&path, state, start.span),
            Stdin::Inherited | Stdin::Pipe => {
                self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], start.span);
                Flow::same(state, Out::Unknown)
            }
        }
    }

    /// `exec`: another program in the shell's place.
    fn replace(&mut self, arguments: &[Word], start: &Start<'_>, state: State) -> Flow {
        let mut rest = arguments;
        while let Some((first, after)) = rest.split_first() {
            match first.text.as_str() {
                "-c" | "-l" | "-cl" | "-lc" | "--" => rest = after,
                "-a" => rest = after.get(1..).unwrap_or_default(),
                _ => break,
            }
        }
        if rest.is_empty() {
            return Flow::same(state, Out::nothing());
        }
        let inner = Start { argv: rest, environment: start.environment, span: start.span, shell: false };
        self.start(&inner, state)
    }

    /// `command` and `builtin`: no function of that name. `command -v` only looks.
    fn plainly(&mut self, name: &str, arguments: &[Word], start: &Start<'_>, mut state: State) -> Flow {
        let mut rest = arguments;
        while let Some((first, after)) = rest.split_first().filter(|(first, _)| name == "command" && first.text.starts_with('-'))
        {
            if first.text.contains(['v', 'V']) {
                return Flow::same(state, looked_up(after));
            }
            rest = after;
        }
        if rest.is_empty() {
            return Flow::same(state, Out::nothing());
        }
        let functions = std::mem::take(&mut state.functions);
        let aliases = std::mem::take(&mut state.aliases);
        let inner = Start { argv: rest, environment: start.environment, span: start.span, shell: true };
        let mut flow = self.start(&inner, state);
        for after in [&mut flow.ok, &mut flow.err] {
            // What runs in between may define more (`command eval`); those count too.
            for (name, function) in functions.iter() {
                Rc::make_mut(&mut after.functions).entry(name.clone()).or_insert_with(|| function.clone());
            }
            Rc::make_mut(&mut after.aliases).extend(aliases.iter().cloned());
        }
        flow
    }

    fn timed(&mut self, arguments: &[Word], start: &Start<'_>, state: State) -> Flow {
        let rest: Vec<Word> = arguments.iter().skip_while(|word| word.text == "-p" || word.text == "--").cloned().collect();
        if rest.first().is_none_or(|word| word.text.starts_with('-')) {
            let out = self.table_only("time", start, &state);
            return Flow::same(state, out);
        }
        self.start(&Start { argv: &rest, environment: start.environment, span: start.span, shell: true }, state)
    }

    /// `break`, `continue`, `return`: outside of what they leave they do nothing.
    fn leave_early(&mut self, frame: Frame, arguments: &[Word], state: State) -> Flow {
        let all = frame == Frame::Loop && !arguments.is_empty();
        if self.jump(frame, all, &state) { end(arguments, state) } else { Flow::same(state, Out::nothing()) }
    }

    /// `trap 'code' SIGNAL`: the code runs some time later.
    fn trap(&mut self, arguments: &[Word], start: &Start<'_>, state: State) -> Flow {
        let mut operands = arguments.iter().skip_while(|word| word.text == "--");
        let code = operands.next();
        let signals = operands.count();
        if let Some(code) = code.filter(|word| signals > 0 && word.text != "-" && !word.text.is_empty()) {
            let after = self.run_text(code, state.clone(), start.span).after().0;
            let mut after = after;
            after.dead = false;
            return Flow::same(state.join(&after), Out::nothing());
        }
        Flow::same(state, Out::nothing())
    }
}

/// `exit` and its kin: with one number at most nothing after it is reached.
fn end(arguments: &[Word], mut state: State) -> Flow {
    let number =
        |word: &Word| word.known() && word.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*' || byte == b'?');
    state.dead = arguments.len() <= 1 && arguments.iter().all(number);
    Flow::same(state, Out::nothing())
}

/// What `command -v NAME` prints: the name's path, of which the directory is not known.
fn looked_up(names: &[Word]) -> Out {
    match names {
        [name] if name.known() && !name.text.contains('/') => Out::text(format!("{UNKNOWN}/{}\n", name.text)),
        [] | [..] => Out::Unknown,
    }
}
