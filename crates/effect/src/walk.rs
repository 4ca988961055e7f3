//! Walks a shell command line: syntax tree in, effects out. Every branch that may run is walked; where branches meet,
//! what either may have left is kept.
//!
//! Bounded: by commands walked, effects found, bytes expanded and parsed, nesting. Past a bound it says
//! [`OpaqueCause::Limit`] and stops. It runs nothing; the disk it asks through [`World`].

mod builtins;
mod compound;
mod elsewhere;
mod environment;
pub(crate) mod flow;
mod git_alias;
mod inner;
mod jumps;
mod links;
mod names;
mod package_script;
mod pins;
mod place;
mod redirect;
mod refused;
mod setters;
mod start;
pub(crate) mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause, Span};

use crate::invocation::{Inner, Stdin, Word};
use crate::shell::ast::{self, CommandKind, Join};
use crate::shell::refusal;
use crate::shell::{self, Limits, Unread};
use crate::world::World;
use flow::{Flow, Out};
use state::State;

/// Simple commands walked, every round of a loop counted: scripts in repositories rarely have over 500.
const MAX_COMMANDS: usize = 2_000;
/// Commands of any kind walked, assignments and loops without a program included.
const MAX_STEPS: usize = 10_000;
/// Effects found.
const MAX_EFFECTS: usize = 4_000;
/// Commands inside commands, of any kind; a debug build needs about 8 KiB of stack for each.
const MAX_NESTING: usize = 100;
/// Bytes that expansion may build, all words together.
const MAX_EXPANDED_BYTES: usize = 4_000_000;
/// Bytes parsed, scripts and `eval` texts included.
const MAX_PARSED_BYTES: usize = 524_288;

/// One walk over one call.
pub(crate) struct Walker<'a> {
    /// The disk.
    pub(crate) world: &'a dyn World,
    /// Found so far.
    pub(crate) effects: Vec<Effect>,
    /// The text being walked.
    pub(crate) source: Rc<str>,
    /// The word being expanded, in that text.
    pub(crate) word: Option<Span>,
    /// The span to report in place of every other, while a text is walked that is not the call's own.
    pub(crate) outer: Option<Option<Span>>,
    /// Files written so far, by real path, with their text where that is known.
    pub(crate) written: BTreeMap<String, Option<String>>,
    /// Directories in which anything may have been written.
    pub(crate) written_trees: BTreeSet<String>,
    /// Directories that were made.
    pub(crate) made: BTreeSet<String>,
    /// Process substitutions so far.
    pub(crate) processes: usize,
    /// Texts that came out of an encoding.
    decoded: Vec<String>,
    /// Links that were made.
    links: Vec<links::Link>,
    /// Where loops and functions that are being walked were left early.
    jumps: jumps::Jumps,
    /// Functions being run.
    calls: Vec<String>,
    /// Commands that run commands, at this point.
    depth: usize,
    nesting: usize,
    commands: usize,
    steps: usize,
    expanded: usize,
    parsed: usize,
    spent: bool,
}

/// The effects of a command line read by bash in `cwd`.
#[must_use]
pub(crate) fn shell(command: &str, cwd: &str, world: &dyn World) -> Vec<Effect> {
    let mut walker = Walker::new(world);
    let state = State::new(cwd);
    walker.source = Rc::from(command);
    walker.text(command, state, None);
    walker.effects
}

/// Walks a command of PowerShell.
pub(crate) fn powershell(command: &str, cwd: &str, world: &dyn World) -> Vec<Effect> {
    let mut walker = Walker::new(world);
    let state = State::new(cwd);
    let code = Word::literal(command, None);
    let start = start::Start { argv: &[], environment: &[], span: None, shell: false };
    walker.follow(Inner::Code { language: "powershell", code, args: Vec::new() }, &start, &state);
    walker.effects
}

impl<'a> Walker<'a> {
    fn new(world: &'a dyn World) -> Walker<'a> {
        Walker {
            world,
            effects: Vec::new(),
            source: Rc::from(""),
            word: None,
            outer: None,
            written: BTreeMap::new(),
            written_trees: BTreeSet::new(),
            made: BTreeSet::new(),
            processes: 0,
            decoded: Vec::new(),
            links: Vec::new(),
            jumps: jumps::Jumps::default(),
            calls: Vec::new(),
            depth: 0,
            nesting: 0,
            commands: 0,
            steps: 0,
            expanded: 0,
            parsed: 0,
            spent: false,
        }
    }

    /// Parses and walks a text; what cannot be parsed is opaque.
    pub(crate) fn text(&mut self, text: &str, state: State, span: Option<Span>) -> Flow {
        self.parsed += text.len();
        if self.parsed > MAX_PARSED_BYTES {
            self.limit(span);
            return Flow::same(state, Out::Unknown);
        }
        match shell::parse(text, &Limits::default()) {
            Ok(script) => self.script(&script, state),
            Err(unread) if refusal::is_certain(text, &unread) => self.refused(text, unread, state, span),
            Err(unread) => {
                let cause = match unread {
                    Unread::Limit => OpaqueCause::Limit,
                    Unread::Syntax { .. } => OpaqueCause::Unparsed,
                };
                self.opaque(cause, "shell", &[], span);
                Flow::same(state, Out::Unknown)
            }
        }
    }

    /// Walks a list of commands.
    pub(crate) fn script(&mut self, script: &ast::Script, state: State) -> Flow {
        let mut flow = Flow::same(state, Out::nothing());
        for item in &script.items {
            let (mut state, before) = flow.after();
            // Commands after `exit` are walked all the same: it may have been redefined.
            state.dead = false;
            flow = self.item(item, state);
            flow.out = before.then(flow.out);
        }
        flow
    }

    fn item(&mut self, item: &ast::Item, state: State) -> Flow {
        if item.background {
            let mut inside = state.clone();
            inside.stdin = Rc::new(Stdin::Inherited);
            let flow = self.chain(item, inside);
            return Flow::same(state, if flow.out == Out::nothing() { flow.out } else { Out::Unknown });
        }
        self.chain(item, state)
    }

    /// Pipelines joined by `&&` and `||`.
    fn chain(&mut self, item: &ast::Item, state: State) -> Flow {
        let mut flow = self.pipeline(&item.first, state);
        for (join, pipeline) in &item.rest {
            flow = match join {
                Join::And => {
                    let next = self.pipeline(pipeline, flow.ok);
                    Flow { ok: next.ok, err: next.err.join(&flow.err), out: flow.out.then(next.out) }
                }
                Join::Or => {
                    let next = self.pipeline(pipeline, flow.err);
                    let out = if next.out == Out::nothing() && flow.ok.dead { flow.out } else { Out::Unknown };
                    Flow { ok: next.ok.join(&flow.ok), err: next.err, out }
                }
            };
        }
        flow
    }

    /// Commands joined by pipes: each but the last in a copy of the shell (in some shells the last too).
    fn pipeline(&mut self, pipeline: &ast::Pipeline, state: State) -> Flow {
        let negated = self.is_negated(pipeline);
        let mut flow = match pipeline.commands.as_slice() {
            [only] => self.command(only, state),
            several => self.piped(several, state),
        };
        if negated {
            std::mem::swap(&mut flow.ok, &mut flow.err);
        }
        flow
    }

    fn piped(&mut self, commands: &[ast::Command], state: State) -> Flow {
        let mut stdin = Rc::clone(&state.stdin);
        let mut last = Flow::same(state.clone(), Out::nothing());
        for command in commands {
            let mut inside = state.clone();
            inside.stdin = stdin;
            last = self.command(command, inside);
            stdin = Rc::new(std::mem::replace(&mut last.out, Out::Unknown).into_stdin());
        }
        let out = match stdin.as_ref() {
            Stdin::Text(word) => Out::Text(word.clone()),
            Stdin::File(word) => Out::File(word.clone()),
            Stdin::Inherited | Stdin::Pipe => Out::Unknown,
        };
        let (mut after, _) = last.after();
        after.stdin = Rc::clone(&state.stdin);
        after.dead = false;
        Flow::same(state.join(&after), out)
    }

    /// One command with its redirections.
    pub(crate) fn command(&mut self, command: &ast::Command, state: State) -> Flow {
        let span = self.span(Some(command.span));
        if self.spent || self.nesting >= MAX_NESTING {
            self.limit(span);
            return Flow::same(state, Out::Unknown);
        }
        self.nesting += 1;
        let flow = if let CommandKind::Simple { .. } = command.kind {
            self.pinned(command, state)
        } else {
            self.redirected(command, state)
        };
        self.nesting -= 1;
        flow
    }

    /// One command whose variables have one value each.
    fn redirected(&mut self, command: &ast::Command, mut state: State) -> Flow {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            self.limit(self.span(Some(command.span)));
            return Flow::same(state, Out::Unknown);
        }
        let stdin = if is_exec(command) { Rc::new(Stdin::Pipe) } else { Rc::clone(&state.stdin) };
        let mut outputs = redirect::Outputs::default();
        for redirect in &command.redirects {
            self.redirect(redirect, &mut state, &mut outputs);
        }
        let mut flow = self.kind(command, state);
        for state in [&mut flow.ok, &mut flow.err] {
            state.stdin = Rc::clone(&stdin);
        }
        let out = if is_exec(command) { Out::Unknown } else { flow.out };
        flow.out = self.deliver(outputs, out);
        flow
    }

    fn kind(&mut self, command: &ast::Command, state: State) -> Flow {
        let span = self.span(Some(command.span));
        match &command.kind {
            CommandKind::Simple { assigns, words } => self.simple(assigns, words, state, span),
            CommandKind::Group(script) => self.script(script, state),
            CommandKind::Subshell(script) => self.subshell(script, state),
            CommandKind::If { arms, otherwise } => self.conditional(arms, otherwise.as_ref(), state),
            CommandKind::Loop { condition, body } => self.repeat(state, |walker, state| walker.round(condition, body, state)),
            CommandKind::For { name, words, body } => self.for_each(name, words.as_deref(), body, state),
            CommandKind::ForArith { arith, body } => self.for_arith(arith, body, state),
            CommandKind::Case { word, arms } => self.case(word, arms, state),
            CommandKind::Test(words) => self.test(words, state),
            CommandKind::Arith(word) => self.arith(word, state),
            CommandKind::Function { name, body } => self.define(name, body, state),
            CommandKind::Coproc(body) => {
                let mut inside = state.clone();
                inside.stdin = Rc::new(Stdin::Pipe);
                self.command(body, inside);
                Flow::same(state, Out::nothing())
            }
        }
    }

    /// Whether `!` stands before a pipeline; the tree does not keep it, the text does.
    fn is_negated(&self, pipeline: &ast::Pipeline) -> bool {
        let start = pipeline.commands.first().map_or(0, |command| command.span.start as usize);
        let before = self.source.get(..start).unwrap_or_default().trim_end();
        let mut words = before.rsplit([' ', '\t', '\n', ';', '&', '|', '(', '{']);
        words.next() == Some("!") || before.ends_with("!") && before.len() == 1
    }

    /// Runs something in a text, or a depth, of its own; `None` past a bound.
    pub(crate) fn nested<T>(&mut self, span: Option<Span>, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.spent || self.nesting >= MAX_NESTING {
            self.limit(span);
            return None;
        }
        self.nesting += 1;
        let result = run(self);
        self.nesting -= 1;
        Some(result)
    }

    /// Walks a text that is not the call's own: everything in it is reported at `span`.
    pub(crate) fn other_text(&mut self, text: &str, state: State, span: Option<Span>) -> Flow {
        let source = std::mem::replace(&mut self.source, Rc::from(text));
        let outer = self.outer.replace(span);
        let fallback = state.clone();
        let flow = self.nested(span, |walker| walker.text(text, state, span));
        self.outer = outer;
        self.source = source;
        flow.unwrap_or_else(|| Flow::same(fallback, Out::Unknown))
    }

    /// Counts what expansion builds.
    pub(crate) fn charge(&mut self, bytes: usize) {
        self.expanded += bytes;
        if self.expanded > MAX_EXPANDED_BYTES {
            self.limit(None);
        }
    }

    /// A bound is reached: says so once, and ends the walk.
    pub(crate) fn limit(&mut self, span: Option<Span>) {
        if !self.spent {
            self.spent = true;
            self.effects.push(opaque(OpaqueCause::Limit, "shell", &[], span));
        }
    }

    /// Something that cannot be read.
    pub(crate) fn opaque(&mut self, cause: OpaqueCause, language: &str, hints: &[Hint], span: Option<Span>) {
        self.add(opaque(cause, language, hints, span));
    }

    /// Adds an effect whose paths are complete.
    pub(crate) fn add(&mut self, effect: Effect) {
        if self.spent {
            return;
        }
        if self.effects.len() >= MAX_EFFECTS {
            self.limit(effect.span);
            return;
        }
        self.effects.push(effect);
    }

    /// Counts a simple command; false past the bound.
    fn count(&mut self, span: Option<Span>) -> bool {
        self.commands += 1;
        if self.commands > MAX_COMMANDS {
            self.limit(span);
        }
        !self.spent
    }

    fn simple(&mut self, assigns: &[ast::Assign], words: &[ast::Word], mut state: State, span: Option<Span>) -> Flow {
        let argv = self.words(words, &mut state);
        let mut environment = Vec::new();
        for assign in assigns {
            if let Some(value) = self.assign(assign, argv.is_empty(), &mut state) {
                environment.push((assign.name.clone(), value));
            }
        }
        environment.reverse();
        if argv.is_empty() {
            return Flow::same(state, Out::nothing());
        }
        self.start(&start::Start { argv: &argv, environment: &environment, span, shell: true }, state)
    }

    /// One assignment: into the shell where no command follows it, else for that command's environment.
    fn assign(&mut self, assign: &ast::Assign, keep: bool, state: &mut State) -> Option<Word> {
        if let Some(subscript) = &assign.subscript {
            self.run_inside(subscript, state);
        }
        let value = if assign.array && assign.subscript.is_none() {
            self.words(&assign.values, state)
        } else {
            assign.values.iter().map(|word| self.whole(word, state)).collect()
        };
        let first = value.first().cloned().unwrap_or_else(|| Word::literal("", self.span(Some(assign.span))));
        self.alarming(&assign.name, &first, state);
        if keep {
            self.store(assign, value, state);
            return None;
        }
        Some(first)
    }

    fn store(&mut self, assign: &ast::Assign, value: Vec<Word>, state: &mut State) {
        let name = assign.name.as_str();
        if assign.subscript.is_some() {
            state.forget(name);
        } else if !assign.append {
            let value = if value.is_empty() && !assign.array { vec![Word::literal("", None)] } else { value };
            state.set(name, value);
        } else if assign.array {
            append_elements(name, value, state);
        } else {
            append_text(name, value.first(), state);
        }
    }
}

/// `exec` without a command: its redirections last, so that what goes through them later is not known.
fn is_exec(command: &ast::Command) -> bool {
    let CommandKind::Simple { words, .. } = &command.kind else { return false };
    let [word] = words.as_slice() else { return false };
    matches!(word.pieces.as_slice(), [ast::Piece::Text { text, .. }] if text == "exec")
}

fn append_elements(name: &str, value: Vec<Word>, state: &mut State) {
    let old =
        state.variable(name).and_then(|variable| if let [one] = variable.values.as_slice() { Some(one.clone()) } else { None });
    match old {
        Some(mut all) if all.len() + value.len() < 256 => {
            all.extend(value);
            state.set(name, all);
        }
        Some(_) | None => state.forget(name),
    }
}

fn append_text(name: &str, value: Option<&Word>, state: &mut State) {
    let old = state
        .variable(name)
        .and_then(|variable| if let [one] = variable.values.as_slice() { one.first().cloned() } else { None });
    match (old, value) {
        (Some(mut word), Some(more)) if word.pattern.is_none() && more.pattern.is_none() => {
            word.text.push_str(&more.text);
            state.set(name, vec![word]);
        }
        (Some(_) | None, _) => state.forget(name),
    }
}

fn opaque(cause: OpaqueCause, language: &str, hints: &[Hint], span: Option<Span>) -> Effect {
    let hints: BTreeSet<Hint> = hints.iter().copied().collect();
    Effect::new(Deed::Opaque { cause, language: language.to_owned(), hints }, span)
}
