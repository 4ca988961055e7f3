//! Builtins that set what the shell knows: variables, arguments, aliases, functions.

use std::rc::Rc;

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause};

use crate::invocation::{UNKNOWN, Word};

use super::Walker;
use super::flow::{Flow, Out};
use super::start::Start;
use super::state::State;

/// Options of `read` and `mapfile` that take a value.
const READ_VALUED: &[char] = &['d', 'i', 'n', 'N', 'p', 't', 'u', 'O', 's', 'c', 'C'];

impl Walker<'_> {
    /// Runs such a builtin; gives the state back where the name is none.
    pub(super) fn setter(&mut self, name: &str, arguments: &[Word], mut state: State) -> Result<Flow, State> {
        match name {
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(name, arguments, &mut state),
            "unset" => {
                if arguments.iter().any(|word| word.text.starts_with("HIST")) {
                    self.hides_history(arguments.first().and_then(|word| word.span), &state);
                }
                unset(arguments, &mut state);
            }
            "set" => {
                if arguments.windows(2).any(|pair| matches!(pair, [off, what] if off.text == "+o" && what.text == "history")) {
                    self.hides_history(arguments.first().and_then(|word| word.span), &state);
                }
                set_arguments(arguments, &mut state);
            }
            "shift" => shift(arguments, &mut state),
            "read" | "mapfile" | "readarray" | "getopts" | "vared" => self.read_into(name, arguments, &mut state),
            "let" => forget_assigned(arguments, &mut state),
            "alias" => alias(arguments, &mut state),
            "unalias" | "hash" | "bind" | "enable" | "shopt" | "setopt" | "unsetopt" | "emulate" => self.options(name, arguments),
            "printf" if arguments.first().is_some_and(|word| word.text.starts_with("-v")) => {
                let variable = arguments.first().and_then(|word| word.text.strip_prefix("-v")).filter(|text| !text.is_empty());
                let variable = variable.or_else(|| arguments.get(1).map(|word| word.text.as_str()));
                forget(variable, &mut state);
            }
            _ => return Err(state),
        }
        Ok(Flow::same(state, Out::nothing()))
    }

    /// `export NAME=value`, `local NAME` and their kin.
    fn declare(&mut self, kind: &str, arguments: &[Word], state: &mut State) {
        let mut exports = kind == "export";
        let mut functions = false;
        for word in arguments {
            if let Some(option) = word.text.strip_prefix('-').filter(|_| word.known()) {
                exports |= option.contains('x') && kind != "export";
                exports &= !(kind == "export" && option.contains('n'));
                functions |= option.contains(['f', 'F']);
                if option.contains('n') && kind != "export" {
                    // A name for another variable: what is set under the one is read under the other.
                    state.forget_all();
                    self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], word.span);
                }
                continue;
            }
            if functions {
                continue;
            }
            self.declare_one(kind, word, exports, state);
        }
    }

    fn declare_one(&mut self, kind: &str, word: &Word, exports: bool, state: &mut State) {
        let (name, value) = match word.text.split_once('=') {
            Some((name, _)) => (name.trim_end_matches('+'), word.after(&word.text[..=name.len()])),
            None => (word.text.as_str(), None),
        };
        let appends = word.text.split_once('=').is_some_and(|(name, _)| name.ends_with('+'));
        if name.contains(UNKNOWN) {
            // Any variable may be set.
            state.forget_all();
            self.opaque(OpaqueCause::Dynamic, "environment", &[Hint::Runs], word.span);
            return;
        }
        if kind == "local" || (matches!(kind, "declare" | "typeset") && self.in_function()) {
            Rc::make_mut(&mut state.locals).insert(name.to_owned());
        }
        match value {
            Some(_) if appends || name.contains('[') => state.forget(name.split('[').next().unwrap_or(name)),
            Some(mut value) => {
                self.alarming(name, &value, state);
                value.pattern = None;
                value.span = None;
                state.set(name, vec![value]);
            }
            None if kind == "local" => state.set(name, Vec::new()),
            None => {}
        }
        if exports {
            state.export(name);
        }
    }

    /// `read NAME …`: what comes in cannot be known.
    fn read_into(&mut self, kind: &str, arguments: &[Word], state: &mut State) {
        let mut names = 0;
        let mut skip = false;
        for word in arguments {
            if std::mem::take(&mut skip) {
                continue;
            }
            if let Some(option) = word.text.strip_prefix('-').filter(|_| kind != "getopts") {
                skip = option.chars().last().is_some_and(|last| READ_VALUED.contains(&last));
                self.callback(kind, option, arguments);
                if let Some(array) = option.strip_prefix('a') {
                    forget(Some(array).filter(|array| !array.is_empty()), state);
                }
                continue;
            }
            forget(Some(word.text.as_str()), state);
            names += 1;
        }
        if names == 0 {
            for name in ["REPLY", "MAPFILE"] {
                state.forget(name);
            }
        }
        if kind == "getopts" {
            state.forget("OPTARG");
            state.forget("OPTIND");
        }
    }

    /// `mapfile -C CODE` runs code.
    fn callback(&mut self, kind: &str, option: &str, arguments: &[Word]) {
        if option.contains('C') && kind != "read" {
            let span = arguments.first().and_then(|word| word.span);
            self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], span);
        }
    }

    /// `hash -p PATH NAME`, `enable -f FILE NAME` and `bind -x` change what a name runs.
    fn options(&mut self, name: &str, arguments: &[Word]) {
        let risky = match name {
            "hash" => "p",
            "enable" => "fn",
            "bind" => "xf",
            _ => return,
        };
        let first = arguments.first();
        if first.is_some_and(|word| word.text.starts_with('-') && word.text.contains(|letter| risky.contains(letter))) {
            self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], first.and_then(|word| word.span));
        }
    }

    /// A file is read by the shell itself.
    pub(super) fn place_read(&mut self, path: &Word, state: &State) {
        self.place(Effect::new(Deed::Read(path.target()), path.span), state);
    }

    /// Whether a function is being run.
    fn in_function(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Whether a bound was reached.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    /// Asks only the table about a command.
    pub(super) fn table_only(&mut self, name: &str, start: &Start<'_>, state: &State) -> Out {
        let mut argv = vec![Word::literal(name, start.span)];
        argv.extend(start.argv.iter().skip(1).cloned());
        let inner = Start { argv: &argv, environment: start.environment, span: start.span, shell: false };
        self.start(&inner, state.clone()).out
    }
}

fn forget(name: Option<&str>, state: &mut State) {
    match name {
        Some(name) if name.contains(UNKNOWN) => state.forget_all(),
        Some(name) => state.forget(name.split('[').next().unwrap_or(name)),
        None => {}
    }
}

fn unset(arguments: &[Word], state: &mut State) {
    for word in arguments.iter().filter(|word| !word.text.starts_with('-')) {
        if !word.known() {
            state.forget_all();
            for function in Rc::make_mut(&mut state.functions).values_mut() {
                function.maybe_absent = true;
            }
            continue;
        }
        let name = word.text.split('[').next().unwrap_or_default();
        if word.text.contains('[') {
            state.forget(name);
        } else {
            state.set(name, Vec::new());
        }
        // `unset -f`, or a name that is no variable.
        if let Some(function) = Rc::make_mut(&mut state.functions).get_mut(name) {
            function.maybe_absent = true;
        }
    }
}

/// `set -- a b`, `set a b`; options alone leave the arguments.
fn set_arguments(arguments: &[Word], state: &mut State) {
    let mut rest = arguments;
    while let Some((first, after)) = rest.split_first() {
        if first.text == "--" || first.text == "-" {
            state.arguments = Some(Rc::new(after.to_vec()));
            return;
        }
        if !first.text.starts_with(['-', '+']) {
            break;
        }
        rest = if first.text == "-o" || first.text == "+o" || first.text.ends_with('o') {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
    }
    if !rest.is_empty() {
        state.arguments = Some(Rc::new(rest.to_vec()));
    }
    if state.arguments.as_ref().is_some_and(|arguments| arguments.iter().any(|word| !word.known())) {
        // A word that is not known may be none or several.
        state.arguments = None;
    }
}

fn shift(arguments: &[Word], state: &mut State) {
    let count = arguments.first().map_or(Some(1), |word| word.text.parse::<usize>().ok());
    state.arguments = match (state.arguments.take(), count) {
        (Some(mut all), Some(count)) if count <= all.len() => {
            Rc::make_mut(&mut all).drain(..count);
            Some(all)
        }
        (Some(all), Some(_)) => Some(all),
        (Some(_) | None, _) => None,
    };
}

/// `let x=5 y+=1`: a number comes out, whatever it is.
fn forget_assigned(arguments: &[Word], state: &mut State) {
    for word in arguments {
        let names = word.text.split(|character: char| !character.is_alphanumeric() && character != '_' && character != UNKNOWN);
        for name in names.filter(|name| !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit())) {
            forget(Some(name), state);
        }
    }
}

fn alias(arguments: &[Word], state: &mut State) {
    for word in arguments {
        if let Some((name, _)) = word.text.split_once('=') {
            Rc::make_mut(&mut state.aliases).insert(name.to_owned());
        }
    }
}
