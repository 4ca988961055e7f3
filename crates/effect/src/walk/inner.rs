//! Follows what a command runs in turn: argument vectors, shell text, scripts, code of other languages.

use std::rc::Rc;

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause, Span};

use crate::code;
use crate::glob::is_pattern;
use crate::invocation::{Inner, Sink, Stdin, UNKNOWN, Word};
use crate::powershell;

use super::Walker;
use super::compound::settled;
use super::flow::{Flow, Out};
use super::start::Start;
use super::state::State;

/// Commands that run commands that run commands.
const MAX_DEPTH: usize = 8;
/// Longest script followed.
pub(super) const MAX_SCRIPT_BYTES: usize = 65_536;

/// Where everybody may put files.
pub(super) const SHARED: &[&str] = &["/tmp", "/var/tmp", "/dev/shm", "/private/tmp"];

/// Whether a program gives its own standard input, unread, to the shell that it starts.
fn hands_on(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or_default();
    [
        "sh", "bash", "dash", "zsh", "ksh", "ash", "busybox", "sudo", "su", "doas", "runuser", "sg", "env", "eval", "nohup",
        "setsid", "time", "timeout", "script", "unbuffer", "nice", "npm", "yarn", "pnpm",
    ]
    .contains(&name)
}

/// What is known of a script before it runs.
pub(super) enum Script {
    /// Its text.
    Text(String),
    /// This command line may write it, and what comes is not known.
    Rewritten,
    /// A part of the directory it is in may be written; what it holds now.
    Unsure(Option<String>),
    /// No such file, or no text.
    Absent,
    /// No such file below the working directory, and nothing in this command line that may make it.
    Nowhere,
}

impl Walker<'_> {
    /// Walks what a program starts; what that prints.
    pub(super) fn follow(&mut self, inner: Inner, start: &Start<'_>, state: &State) -> Out {
        if self.depth >= MAX_DEPTH {
            self.opaque(OpaqueCause::Limit, "shell", &[], start.span);
            return Out::Unknown;
        }
        self.depth += 1;
        let out = self.nested(start.span, |walker| walker.follow_one(inner, start, state)).unwrap_or(Out::Unknown);
        self.depth -= 1;
        out
    }

    fn follow_one(&mut self, inner: Inner, start: &Start<'_>, state: &State) -> Out {
        let mut child = child(start, state);
        match inner {
            Inner::Argv { words, stdin, cwd, env } => {
                child.stdin = Rc::new(stdin);
                if let Some(cwd) = cwd {
                    let cwds = if cwd.known() { self.paths(&cwd, &child) } else { Vec::new() };
                    child.enter(cwds);
                }
                for (name, value) in env {
                    self.alarming(&name, &value, &child);
                    give(&mut child, &name, value);
                }
                let inner = Start { argv: &words, environment: &[], span: start.span, shell: false };
                self.start(&inner, child).out
            }
            Inner::Shell { code, args } => {
                // Others than these may write to the shell that they start.
                if *child.stdin == Stdin::Inherited && !start.argv.first().is_none_or(|program| hands_on(&program.text)) {
                    child.stdin = Rc::new(Stdin::Pipe);
                }
                child.arguments = Some(Rc::new(settled(args.get(1..).unwrap_or_default())));
                if let Some(zeroth) = args.first() {
                    give(&mut child, "0", zeroth.clone());
                }
                self.run_text(&code, child, start.span).out
            }
            Inner::ShellFile { path, args } => {
                child.arguments = Some(Rc::new(settled(&args)));
                self.run_file(&path, child, start.span).out
            }
            Inner::Code { language, code, args } => {
                let given = given(&args, &child);
                self.code(language, &code, &given, OpaqueCause::InlineCode, &child, start.span);
                Out::Unknown
            }
            Inner::CodeFile { language, path } => {
                self.code_file(language, &path, &child, start.span);
                Out::Unknown
            }
            Inner::PackageScript(asked) => {
                self.package_script(&asked, start, child);
                Out::Unknown
            }
            Inner::GitCommand { words } => {
                self.git_alias(&words, start, &mut child);
                Out::Unknown
            }
        }
    }

    /// A shell reads a text. Where a part of it is not known it may run anything; the rest is walked all the same.
    pub(super) fn run_text(&mut self, code: &Word, state: State, span: Option<Span>) -> Flow {
        if !code.known() {
            self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], span);
        }
        if self.decoded.iter().any(|text| code.text.contains(text.as_str())) {
            // Nobody hides from the reader what is fit to be read.
            self.opaque(OpaqueCause::InlineCode, "encoded", &[Hint::Dynamic], span);
        }
        if code.text.chars().all(|character| character == UNKNOWN) {
            return Flow::same(state, if code.text.is_empty() { Out::nothing() } else { Out::Unknown });
        }
        self.other_text(&code.text, state, span)
    }

    /// A shell reads a file.
    pub(super) fn run_file(&mut self, path: &Word, state: State, span: Option<Span>) -> Flow {
        let mut joined: Option<Flow> = None;
        for script in self.scripts(path, &state) {
            let flow = self.run_script(script, state.clone(), span);
            joined = Some(match joined {
                None => flow,
                Some(one) => Flow { ok: one.ok.join(&flow.ok), err: one.err.join(&flow.err), out: Out::Unknown },
            });
        }
        joined.unwrap_or_else(|| Flow::same(state, Out::Unknown))
    }

    fn run_script(&mut self, script: Script, state: State, span: Option<Span>) -> Flow {
        match script {
            Script::Text(text) => self.run_text(&Word::literal(text, span), state, span),
            Script::Rewritten => {
                self.opaque(OpaqueCause::Script, "shell", &[Hint::Dynamic], span);
                Flow::same(state, Out::Unknown)
            }
            Script::Unsure(text) => {
                self.opaque(OpaqueCause::Script, "shell", &[], span);
                match text {
                    Some(text) => self.other_text(&text, state, span),
                    None => Flow::same(state, Out::Unknown),
                }
            }
            Script::Absent => {
                self.opaque(OpaqueCause::Script, "shell", &[Hint::Dynamic], span);
                Flow::same(state, Out::Unknown)
            }
            Script::Nowhere => {
                self.opaque(OpaqueCause::Script, "project", &[], span);
                Flow::same(state, Out::Unknown)
            }
        }
    }

    /// A file of another language.
    fn code_file(&mut self, language: &'static str, path: &Word, state: &State, span: Option<Span>) {
        for script in self.scripts(path, state) {
            match script {
                Script::Text(text) => {
                    let code = Word::literal(text, span);
                    self.code(language, &code, &given(&[], state), OpaqueCause::Script, state, span);
                }
                Script::Unsure(Some(text)) => {
                    self.opaque(OpaqueCause::Script, language, &[], span);
                    let code = Word::literal(text, span);
                    self.code(language, &code, &given(&[], state), OpaqueCause::Script, state, span);
                }
                Script::Nowhere => self.opaque(OpaqueCause::Script, "project", &[], span),
                Script::Rewritten | Script::Unsure(None) | Script::Absent => {
                    self.opaque(OpaqueCause::Script, language, &[Hint::Dynamic], span);
                }
            }
        }
    }

    /// What is known of the text of every file that a word may name.
    fn scripts(&self, path: &Word, state: &State) -> Vec<Script> {
        if !path.known() && self.is_inherited(path, state) {
            return vec![Script::Nowhere];
        }
        if !path.known() || path.pattern.as_deref().is_some_and(is_pattern) {
            return vec![Script::Absent];
        }
        let paths = self.paths(path, state);
        if paths.is_empty() {
            return vec![Script::Absent];
        }
        paths
            .iter()
            .map(|path| match self.script_at(path) {
                Script::Absent if self.is_nowhere(path, state) => Script::Nowhere,
                script @ (Script::Text(_) | Script::Rewritten | Script::Unsure(_) | Script::Absent | Script::Nowhere) => script,
            })
            .collect()
    }

    /// Whether a script lies in a directory that a variable from outside this command line names, and nothing so far has
    /// brought anything.
    fn is_inherited(&self, path: &Word, state: &State) -> bool {
        let text = path.span.and_then(|span| self.inherited_text(span, state));
        text.is_some_and(|text| text.contains('/')) && !self.has_brought()
    }

    /// Whether something so far may have brought what a name now stands for.
    pub(super) fn has_brought(&self) -> bool {
        self.effects.iter().any(|effect| matches!(&effect.deed, Deed::Connect { .. } | Deed::Write { .. }))
    }

    /// Whether nothing is there to be run, below the working directory, and nothing so far may have put it there.
    fn is_nowhere(&self, path: &str, state: &State) -> bool {
        let real = self.world.real_path(path, true);
        let brings = |effect: &Effect| {
            matches!(&effect.deed, Deed::Connect { .. } | Deed::Call { .. })
                || matches!(&effect.deed, Deed::Write { target, .. } if !target.known || target.tree)
                || matches!(&effect.deed, Deed::Opaque { language, .. } if language != "project")
        };
        state.cwds.iter().any(|cwd| is_below(&real, cwd))
            && !SHARED.iter().any(|directory| is_below(&real, directory))
            && !self.world.facts(&real, false).exists
            && !self.effects.iter().any(brings)
    }

    /// Whether a program lies below the working directory, or is named from there and is not where everybody may write.
    fn is_near(&self, program: &Word, state: &State) -> bool {
        self.paths(program, state).iter().all(|path| {
            let real = self.world.real_path(path, true);
            let shared = SHARED.iter().any(|directory| is_below(&real, directory));
            state.cwds.iter().any(|cwd| is_below(&real, cwd)) || !shared && !program.text.starts_with('/')
        })
    }

    pub(super) fn script_at(&self, path: &str) -> Script {
        if let Some(text) = self.written.get(path) {
            return text.clone().map_or(Script::Rewritten, Script::Text);
        }
        let real = self.world.real_path(path, true);
        if let Some(text) = self.written.get(&real) {
            return text.clone().map_or(Script::Rewritten, Script::Text);
        }
        let text = self.world.text(&real, MAX_SCRIPT_BYTES).filter(|text| text.len() < MAX_SCRIPT_BYTES);
        let below = |tree: &String| real.strip_prefix(tree.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'));
        if self.written_trees.iter().any(below) {
            return Script::Unsure(text);
        }
        text.map_or(Script::Absent, Script::Text)
    }

    /// A program that is not the system's: a script is followed, anything else cannot be read.
    pub(super) fn own_program(&mut self, program: &Word, arguments: &[Word], start: &Start<'_>, state: &State) {
        if !program.known() && self.is_inherited(program, state) {
            return self.opaque(OpaqueCause::Script, "environment", &[], start.span);
        }
        if !program.known() || state.cwds.is_empty() && !program.text.starts_with('/') {
            // It may lie anywhere, and where the unknown part is empty another word is the program.
            return self.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], start.span);
        }
        for script in self.scripts(program, state) {
            let language = match &script {
                Script::Text(text) | Script::Unsure(Some(text)) => language(text),
                Script::Rewritten | Script::Unsure(None) | Script::Absent | Script::Nowhere => None,
            };
            match language {
                Some("shell") => {
                    self.follow(Inner::ShellFile { path: program.clone(), args: arguments.to_vec() }, start, state);
                }
                Some(language @ ("python" | "javascript" | "perl" | "ruby" | "php" | "awk" | "lua")) => {
                    self.follow(Inner::CodeFile { language, path: program.clone() }, start, state);
                }
                Some(language) => self.opaque(OpaqueCause::Script, language, &[], start.span),
                None => {
                    let own = matches!(script, Script::Nowhere) || self.is_near(program, state);
                    let hints: &[Hint] = if matches!(script, Script::Rewritten) { &[Hint::Dynamic] } else { &[] };
                    self.opaque(OpaqueCause::Script, if own { "project" } else { "foreign" }, hints, start.span);
                }
            }
        }
    }

    /// Looks at code of another language as far as that goes. What is understood does what it says and nothing else.
    fn code(
        &mut self,
        language: &'static str,
        text: &Word,
        given: &code::Given,
        cause: OpaqueCause,
        state: &State,
        span: Option<Span>,
    ) {
        if powershell::reads(language) {
            return self.powershell(language, text, state, span);
        }
        let outer = self.outer.replace(span);
        let seen = code::look(language, &text.text, given);
        let mut hints = seen.hints;
        if !text.known() {
            hints.insert(Hint::Dynamic);
        }
        let replaced = language == "python" && seen.modules.iter().any(|module| self.is_replaced(module, state));
        if !seen.understood || !text.known() || replaced {
            self.place(Effect::new(Deed::Opaque { cause, language: language.to_owned(), hints }, span), state);
        }
        for mut effect in seen.effects {
            self.at_home(&mut effect);
            self.place(effect, state);
        }
        let start = Start { argv: &[], environment: &[], span, shell: false };
        // Code may write to what it starts.
        let piped = State { stdin: Rc::new(Stdin::Pipe), ..state.clone() };
        for command in seen.commands {
            let code = Word::literal(command, span);
            self.follow(Inner::Shell { code, args: Vec::new() }, &start, &piped);
        }
        for argv in seen.programs {
            let words: Vec<Word> = argv.into_iter().map(|text| Word::literal(text, span)).collect();
            self.follow(Inner::Argv { words, stdin: Stdin::Pipe, cwd: None, env: Vec::new() }, &start, state);
        }
        for path in seen.loads {
            self.follow(Inner::CodeFile { language, path: Word::literal(path, span) }, &start, state);
        }
        self.outer = outer;
    }

    /// PowerShell and `cmd`: their commands one by one.
    fn powershell(&mut self, language: &str, text: &Word, state: &State, span: Option<Span>) {
        let outer = self.outer.replace(span);
        let mut sink = Sink::default();
        powershell::read(language, text, &mut sink);
        let mut state = state.clone();
        if let Some(to) = sink.chdir {
            // Where it goes, and where it was: what comes before and after is not told apart.
            let mut cwds = if to.known() { self.paths(&to, &state) } else { Vec::new() };
            if to.known() {
                cwds.extend(state.cwds.iter().cloned());
            }
            state.enter(cwds);
        }
        for mut effect in sink.effects {
            self.at_home(&mut effect);
            self.place(effect, &state);
        }
        let start = Start { argv: &[], environment: &[], span, shell: false };
        for inner in sink.inner {
            self.follow(inner, &start, &state);
        }
        self.outer = outer;
    }

    /// Whether a file beside takes the place of a module of the library.
    fn is_replaced(&self, module: &str, state: &State) -> bool {
        let first = module.split('.').next().unwrap_or(module);
        state.cwds.is_empty()
            || state.cwds.iter().any(|cwd| {
                let path = format!("{}/{first}", cwd.trim_end_matches('/'));
                let files = [format!("{path}.py"), format!("{path}/__init__.py")];
                files.iter().any(|file| self.written.contains_key(file) || self.world.facts(file, false).exists)
            })
    }
}

/// Whether a path lies below a directory.
pub(super) fn is_below(path: &str, directory: &str) -> bool {
    let directory = directory.trim_end_matches('/');
    !directory.is_empty() && path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

impl Walker<'_> {
    /// Code that means the home directory says `~`.
    pub(super) fn at_home(&self, effect: &mut Effect) {
        let Some(target) = effect.deed.target_mut() else { return };
        if target.path != "~" && !target.path.starts_with("~/") {
            return;
        }
        match self.world.home() {
            Some(home) => target.path = format!("{home}{}", target.path.get(1..).unwrap_or_default()),
            None => target.known = false,
        }
    }
}

/// What the command line gives to a code: its arguments, and variables that are set there.
fn given(args: &[Word], state: &State) -> code::Given {
    let known = |word: &Word| Some(word.text.clone()).filter(|_| word.known() && word.pattern.is_none());
    let value = |variable: &super::state::Variable| match variable.values.as_slice() {
        [one] => match one.as_slice() {
            [word] => known(word),
            [..] => None,
        },
        [..] => None,
    };
    code::Given {
        arguments: args.iter().map(known).collect(),
        environment: state.variables.iter().map(|(name, variable)| (name.clone(), value(variable))).collect(),
    }
}

/// The state a program starts in: it gets the environment, not the shell's own variables and functions.
fn child(start: &Start<'_>, state: &State) -> State {
    let mut child = state.clone();
    child.functions = Rc::default();
    child.aliases = Rc::default();
    child.locals = Rc::default();
    if child.variables.values().any(|variable| !variable.exported) {
        for (name, variable) in Rc::make_mut(&mut child.variables).iter_mut() {
            // A variable that was in the environment before stays exported; whether it was is not known.
            if !variable.exported && name != "HOME" && name != "PATH" && name != "TMPDIR" {
                variable.values.clear();
            }
        }
    }
    for (name, value) in start.environment.iter().rev() {
        give(&mut child, name, value.clone());
    }
    child
}

fn give(child: &mut State, name: &str, mut value: Word) {
    value.span = None;
    child.set(name, vec![value]);
    child.export(name);
}

/// The language of a script by its first line; `None` where it is no script.
fn language(text: &str) -> Option<&'static str> {
    let first = text.lines().next().unwrap_or_default();
    let Some(line) = first.strip_prefix("#!") else {
        // The shell runs text without a first line itself.
        return Some("shell");
    };
    let mut words = line.split_whitespace();
    let mut name = words.next()?.rsplit('/').next()?;
    if name == "env" {
        name = words.find(|word| !word.starts_with('-') && !word.contains('='))?.rsplit('/').next()?;
    }
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    match stem {
        "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" => Some("shell"),
        "python" | "pypy" => Some("python"),
        "node" | "nodejs" | "bun" | "deno" => Some("javascript"),
        "perl" => Some("perl"),
        "ruby" => Some("ruby"),
        "php" => Some("php"),
        "awk" | "gawk" | "mawk" => Some("awk"),
        "lua" => Some("lua"),
        _ => Some("script"),
    }
}
