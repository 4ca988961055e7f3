//! Starts a command: a function, a builtin of the shell, or a program from the table.

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause};

use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};
use crate::programs;
use bailiwick_vocab::effect::Span;

use super::Walker;
use super::environment::is_system_directory;
use super::flow::{Flow, Out};
use super::names;
use super::state::State;

/// Programs that one pattern may name; with more what runs is not known.
const MAX_NAMED: usize = 8;

/// Builtins that start nothing.
const SILENT: &[&str] = &[
    "echo", "printf", "test", "[", "true", "false", ":", "pwd", "wait", "jobs", "bg", "fg", "times", "umask", "ulimit", "type",
    "disown", "kill",
];

/// Builtins that take names of variables, and run the commands in a subscript even where it was quoted.
const SUBSCRIPTED: &[&str] =
    &["test", "[", "declare", "typeset", "local", "export", "readonly", "read", "unset", "let", "mapfile", "readarray", "wait"];

/// A command about to start.
pub(super) struct Start<'a> {
    /// The program and its arguments.
    pub(super) argv: &'a [Word],
    /// Assignments before it, last first.
    pub(super) environment: &'a [(String, Word)],
    /// The whole command.
    pub(super) span: Option<Span>,
    /// Whether a shell starts it, so that functions and builtins count.
    pub(super) shell: bool,
}

impl Walker<'_> {
    /// Walks one command.
    pub(super) fn start(&mut self, start: &Start<'_>, state: State) -> Flow {
        let Some((program, arguments)) = start.argv.split_first() else { return Flow::same(state, Out::Unknown) };
        if !self.count(start.span) {
            return Flow::same(state, Out::Unknown);
        }
        let name = program.text.rsplit('/').next().unwrap_or_default();
        if name.contains(UNKNOWN) || program.text.is_empty() {
            if !program.text.is_empty() {
                self.execute(start, &state);
                self.unknown_program(program, arguments, start, &state);
            }
            return Flow::same(state, Out::Unknown);
        }
        if let Some(pattern) = program.pattern.as_ref().filter(|pattern| may_match(pattern)) {
            return self.named_by_pattern(pattern, start, state);
        }
        if start.shell && !program.text.contains('/') {
            return self.by_name(&program.text, arguments, start, state);
        }
        let out = self.program(start, &state);
        Flow::same(state, out)
    }

    /// A program of which no name is known. A variable from outside this command line is what its name says, or nothing,
    /// so that the next word is the program.
    fn unknown_program(&mut self, program: &Word, arguments: &[Word], start: &Start<'_>, state: &State) {
        if let Some(name) = self.variable_alone(program, state).filter(|_| !self.has_brought()) {
            let follows = arguments.first().is_some_and(|word| word.known() && programs::lookup(&word.text).is_some());
            let named = match name.as_str() {
                "SHELL" | "BASH" => "sh".to_owned(),
                _ => name.to_ascii_lowercase(),
            };
            if programs::lookup(&named).is_some() {
                let argv: Vec<Word> =
                    std::iter::once(Word::literal(named, program.span)).chain(arguments.iter().cloned()).collect();
                self.program(&Start { argv: &argv, ..*start }, state);
            }
            if follows {
                self.program(&Start { argv: arguments, ..*start }, state);
            }
            return self.opaque(OpaqueCause::Script, "environment", &[], program.span);
        }
        let text = program
            .span
            .filter(|_| self.outer.is_none())
            .and_then(|span| self.source.get(span.start as usize..span.end as usize));
        let language = if text.is_some_and(names::prints_names) { "names" } else { "shell" };
        self.opaque(OpaqueCause::Dynamic, language, &[Hint::Runs], program.span);
    }

    /// The variable's name, where a word is nothing but a variable from outside this command line.
    fn variable_alone(&self, word: &Word, state: &State) -> Option<String> {
        let text = self.inherited_text(word.span?, state)?;
        let name = text.strip_prefix('$')?;
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        plain.then(|| name.to_owned())
    }

    /// What the shell itself knows by that name, or the program.
    fn by_name(&mut self, name: &str, arguments: &[Word], start: &Start<'_>, state: State) -> Flow {
        if state.aliases.contains(name) {
            self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], start.span);
        }
        if let Some(function) = state.functions.get(name).cloned() {
            if self.calls.iter().any(|running| running == name) {
                self.opaque(OpaqueCause::Limit, "shell", &[], start.span);
                return Flow::same(state, Out::Unknown);
            }
            let called = self.call(name, &function, arguments, state.clone());
            if !function.maybe_absent {
                return called;
            }
            let out = self.program(start, &state);
            let (after, _) = called.after();
            return Flow::same(after.join(&state), if out == Out::nothing() { out } else { Out::Unknown });
        }
        let subscript = |word: &Word| word.text.contains('[') && (word.text.contains("$(") || word.text.contains('`'));
        let names_variables = SUBSCRIPTED.contains(&name) || (name == "printf" && arguments.iter().any(|word| word.text == "-v"));
        if names_variables && arguments.iter().any(subscript) {
            self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], start.span);
        }
        match self.builtin(name, arguments, start, state) {
            Ok(flow) => flow,
            Err(state) => {
                let out = self.program(start, &state);
                Flow::same(state, out)
            }
        }
    }

    /// `/bin/r?`: the disk says what that is.
    fn named_by_pattern(&mut self, pattern: &str, start: &Start<'_>, state: State) -> Flow {
        let Some(program) = start.argv.first() else { return Flow::same(state, Out::Unknown) };
        let pattern = Word { text: pattern.to_owned(), pattern: None, span: None };
        let mut found = Vec::new();
        for pattern in self.paths(&pattern, &state) {
            let (paths, more) = self.world.matches(&pattern, MAX_NAMED);
            found.extend(paths);
            if more {
                found.clear();
                break;
            }
        }
        // `[r]m` and `run[all of it]`, but not `/bin/r?`: what stands there at another time is not known here.
        let bracket =
            program.text.find(['*', '?', '[']).is_some_and(|at| program.text.get(at..).is_some_and(|rest| rest.starts_with('[')));
        let own = bracket && !program.text.starts_with('/') && self.is_written(program);
        if found.is_empty() && own {
            // Nothing matches: the shell takes the pattern for a name.
            let mut argv = start.argv.to_vec();
            argv.iter_mut().take(1).for_each(|word| word.pattern = None);
            let out = self.program(&Start { argv: &argv, ..*start }, &state);
            return Flow::same(state, out);
        }
        // A number that is not known looks like a pattern, and may be no word at all.
        if found.is_empty() || !pattern.text.starts_with('/') && !own {
            self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], start.span);
        }
        let Some((_, arguments)) = start.argv.split_first() else { return Flow::same(state, Out::Unknown) };
        for path in found {
            let mut argv = vec![Word::literal(path, start.span)];
            argv.extend_from_slice(arguments);
            self.program(&Start { argv: &argv, environment: start.environment, span: start.span, shell: false }, &state);
        }
        Flow::same(state, Out::Unknown)
    }

    /// Whether a word stands in the text as it is.
    fn is_written(&self, word: &Word) -> bool {
        let span = word.span.filter(|_| self.outer.is_none());
        span.and_then(|span| self.source.get(span.start as usize..span.end as usize))
            .is_some_and(|text| text.replace(['"', '\''], "") == word.text.replace(['"', '\''], ""))
    }

    fn execute(&mut self, start: &Start<'_>, state: &State) {
        let Some(program) = start.argv.first() else { return };
        let argv = start.argv.iter().map(|word| word.text.clone()).collect();
        self.place(Effect::new(Deed::Execute { program: program.text.clone(), argv }, start.span), state);
    }

    /// Runs a program: says so, asks the table, follows what it starts in turn.
    fn program(&mut self, start: &Start<'_>, state: &State) -> Out {
        let Some((program, arguments)) = start.argv.split_first() else { return Out::Unknown };
        let name = program.text.rsplit('/').next().unwrap_or_default();
        let silent = start.shell && !program.text.contains('/') && SILENT.contains(&name);
        if !silent {
            self.execute(start, state);
        }
        if program.text.contains('/') && !self.is_system_program(program, arguments, start, state) {
            self.own_program(program, arguments, start, state);
        }
        if self.is_of_project(&program.text, state) {
            self.project(start.span);
        }
        let out = self.ask_table(name, program, arguments, start, state);
        if let (None, "base64", Some(Out::Text(word))) = (&out, name, printed(name, arguments, state)) {
            self.decoded.extend(Some(word.text.trim().to_owned()).filter(|text| text.len() > 2));
        }
        if name == "ln" {
            self.note_links(arguments, state);
        }
        out.or_else(|| if name == "mktemp" { self.fresh_name(arguments, start, state) } else { printed(name, arguments, state) })
            .unwrap_or(Out::Unknown)
    }

    /// Whether a path leads to a program of the system. A link's name may say something else than its target's, so both
    /// are looked up.
    fn is_system_program(&mut self, program: &Word, arguments: &[Word], start: &Start<'_>, state: &State) -> bool {
        if !program.known() {
            return false;
        }
        let written = parent(&program.text);
        let paths = self.paths(program, state);
        let mut system = !paths.is_empty();
        for path in paths {
            let real = self.world.real_path(&path, true);
            let named = real.rsplit('/').next().unwrap_or_default();
            if !is_system_directory(parent(&real)) {
                system &= is_system_directory(written);
            } else if program.text.rsplit('/').next() != Some(named) {
                self.ask_table(named, program, arguments, start, state);
            }
        }
        system
    }

    /// Asks the table what a program does; what it prints, where that is known.
    fn ask_table(&mut self, name: &str, program: &Word, arguments: &[Word], start: &Start<'_>, state: &State) -> Option<Out> {
        let entry = programs::lookup(name);
        if entry.is_none() && (program.text.contains('/') || SILENT.contains(&name)) {
            return None;
        }
        let environment = environment(start, state);
        let invocation = Invocation { name, program, args: arguments, env: &environment, stdin: &state.stdin, span: start.span };
        let mut sink = Sink::default();
        if entry.is_some() {
            crate::unfamiliar::statement(&invocation, &mut sink);
        }
        entry.map_or(crate::unfamiliar::effects as fn(&Invocation<'_>, &mut Sink), |entry| entry.effects)(&invocation, &mut sink);
        self.absorb(name, sink, start, state)
    }

    /// `mktemp`: a name that is not there yet, shown by its template. Elsewhere than in the usual place it might fail, and
    /// print nothing.
    fn fresh_name(&self, arguments: &[Word], start: &Start<'_>, state: &State) -> Option<Out> {
        let plain = arguments.iter().all(|word| matches!(word.text.as_str(), "-d" | "-q" | "-dq" | "--directory"));
        let moved = start.environment.iter().any(|(name, _)| name == "TMPDIR") || state.variable("TMPDIR").is_some();
        let directory = self.world.variable("TMPDIR").unwrap_or_else(|| "/tmp".to_owned());
        let there = directory == "/tmp" || (directory.starts_with('/') && self.world.facts(&directory, false).directory);
        (plain && !moved && there).then(|| Out::text(format!("{}/tmp.XXXXXXXXXX", directory.trim_end_matches('/'))))
    }

    fn absorb(&mut self, name: &str, sink: Sink, start: &Start<'_>, state: &State) -> Option<Out> {
        let elsewhere = self.takes_from_elsewhere(start.argv.get(1..).unwrap_or_default(), state);
        for mut effect in sink.effects {
            // A path that the table itself names, and no word of the call.
            if effect.deed.target().is_some_and(|target| target.given.as_ref() == Some(&target.path)) {
                self.at_home(&mut effect);
            }
            if let (true, Deed::Write { target, .. }) = (matches!(name, "mkdir" | "mktemp") && !self.is_spent(), &effect.deed) {
                let word = Word::literal(target.path.clone(), None);
                for path in self.paths(&word, state) {
                    self.note_directory(path.trim_end_matches('/').to_owned());
                }
            }
            if let Deed::Opaque { cause: OpaqueCause::Script, language, .. } = &mut effect.deed
                && language == "project"
                && elsewhere
            {
                *language = "foreign".to_owned();
            }
            self.place(effect, state);
        }
        let mut out = sink.stdout.map(Out::Text);
        for inner in sink.inner {
            let flow = self.follow(inner, start, state);
            out = out.or(Some(flow));
        }
        out
    }
}

/// Whether a pattern can match anything but its own text: a bracket that nothing closes is a bracket.
fn may_match(pattern: &str) -> bool {
    pattern.contains(['*', '?']) || pattern.split_once('[').is_some_and(|(_, rest)| rest.contains(']'))
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The variables a program is given by this command line, the nearest first.
pub(super) fn environment(start: &Start<'_>, state: &State) -> Vec<(String, Word)> {
    let mut all = start.environment.to_vec();
    for (name, variable) in state.variables.iter().filter(|(_, variable)| variable.exported) {
        let value = match variable.values.as_slice() {
            [value] => value.first().cloned().unwrap_or_else(|| Word::literal("", None)),
            [] | [..] => Word::literal(UNKNOWN.to_string(), None),
        };
        all.push((name.clone(), value));
    }
    all
}

/// What some common programs print, as far as paths made of it are concerned.
fn printed(name: &str, arguments: &[Word], state: &State) -> Option<Out> {
    match name {
        "echo" => echoed(arguments),
        "printf" => formatted(arguments),
        "cat" | "tee" => {
            let options = arguments.iter().any(|word| word.text.starts_with('-'));
            match arguments {
                [] => Some(Out::of_stdin(&state.stdin)),
                [_] if name == "tee" => Some(Out::of_stdin(&state.stdin)),
                [file] if name == "cat" && !options && file.known() && file.pattern.is_none() => Some(Out::File(file.clone())),
                [_, ..] => None,
            }
        }
        "base64" => decoded(arguments, &state.stdin),
        "date" | "wc" | "nproc" | "uname" | "whoami" | "hostname" | "id" | "uuidgen" | "seq" => {
            let paths = arguments.iter().any(|word| !word.known() || word.text.contains('/'));
            (!paths).then(|| Out::Text(Word { text: "*".to_owned(), pattern: Some("*".to_owned()), span: None }))
        }
        "basename" => match arguments {
            [path] | [path, _] if !path.text.starts_with('-') => {
                let last = path.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let known = path.known() && path.pattern.is_none() && arguments.len() == 1;
                Some(if known { Out::text(last) } else { Out::Unknown })
            }
            [] | [..] => None,
        },
        "dirname" => match arguments {
            [path] if path.known() && path.pattern.is_none() && !path.text.starts_with('-') => {
                let directory = path.text.trim_end_matches('/').rsplit_once('/').map_or(".", |(directory, _)| directory);
                Some(Out::text(if directory.is_empty() { "/" } else { directory }))
            }
            [] | [..] => None,
        },
        "which" => match arguments {
            [name] if !name.text.starts_with('-') && !name.text.contains('/') => {
                Some(Out::text(format!("{UNKNOWN}/{}", name.text)))
            }
            [] | [..] => None,
        },
        _ => None,
    }
}

/// `echo`: its words, as bash prints them without options and escapes.
fn echoed(arguments: &[Word]) -> Option<Out> {
    let (words, newline) = match arguments {
        [first, rest @ ..] if first.text == "-n" => (rest, ""),
        all => (all, "\n"),
    };
    if words.first().is_some_and(|word| word.text.starts_with('-')) || words.iter().any(|word| word.text.contains('\\')) {
        return None;
    }
    if let Some(only) = words.first().filter(|word| words.len() == 1 && word.pattern.is_some()) {
        return Some(Out::Text(only.clone()));
    }
    if words.iter().any(|word| word.pattern.is_some()) {
        return None;
    }
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    Some(Out::text(texts.join(" ") + newline))
}

/// `printf` with plain text, `%s` and `\n` only.
fn formatted(arguments: &[Word]) -> Option<Out> {
    let (format, rest) = arguments.split_first()?;
    if !format.known() || format.text.starts_with('-') || arguments.iter().any(|word| word.pattern.is_some()) {
        return None;
    }
    let format = format.text.replace("\\n", "\n").replace("\\t", "\t");
    let holes = format.matches("%s").count();
    if format.contains('\\') || format.matches('%').count() != holes {
        return None;
    }
    if holes == 0 {
        return Some(Out::text(format));
    }
    let mut text = String::new();
    // The format is used again until the words are used up.
    for chunk in rest.chunks(holes) {
        let mut words = chunk.iter();
        for (index, part) in format.split("%s").enumerate() {
            if index > 0 {
                text.push_str(words.next().map_or("", |word| word.text.as_str()));
            }
            text.push_str(part);
        }
    }
    Some(Out::text(text))
}

/// `base64 -d` of known text.
fn decoded(arguments: &[Word], stdin: &Stdin) -> Option<Out> {
    let [option] = arguments else { return None };
    if !matches!(option.text.as_str(), "-d" | "-D" | "--decode" | "--d" | "-di" | "-id") {
        return None;
    }
    let Stdin::Text(word) = stdin else { return None };
    if !word.known() {
        return None;
    }
    crate::code::base64_text(&word.text).map(Out::text)
}
