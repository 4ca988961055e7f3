//! What the shell knows at one point of a command line: working directory, variables, functions, arguments, input.
//!
//! A state is cheap to copy, since every branch copies one. Where branches meet, [`State::join`] keeps every value
//! that either may have left, up to a bound, beyond which the value is not known.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use bailiwick_vocab::effect::Span;

use crate::invocation::{Stdin, Word};
use crate::shell::ast;

/// Working directories that are kept apart; with more the directory is not known.
const MAX_CWDS: usize = 4;
/// Values of one variable that are kept apart; with more the value is not known.
pub(crate) const MAX_VALUES: usize = 16;

/// A variable's value: the elements of an array, one word for a plain value, none while it is unset.
pub(crate) type Value = Vec<Word>;

/// What is known of a variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Variable {
    /// Every value it may have; empty where that is not known.
    pub(crate) values: Vec<Value>,
    /// Whether started programs get it.
    pub(crate) exported: bool,
}

/// A function's body with the text it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Body {
    /// What runs.
    pub(crate) command: Rc<ast::Command>,
    /// The text its spans are bytes of.
    pub(crate) source: Rc<str>,
    /// The span to report in place of its own, where that text is not the call's.
    pub(crate) outer: Option<Option<Span>>,
}

/// What a function's name may run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Function {
    /// Every body it may have.
    pub(crate) bodies: Vec<Body>,
    /// Whether it may be undefined, so that the program of that name runs.
    pub(crate) maybe_absent: bool,
}

/// The shell at one point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    /// Every working directory it may be in, absolute; empty where that is not known.
    pub(crate) cwds: Rc<Vec<String>>,
    /// The directory before the last `cd`, where known.
    pub(crate) previous: Option<Rc<str>>,
    /// The stack of `pushd`; `None` where not known.
    pub(crate) stack: Option<Rc<Vec<String>>>,
    /// Variables that the command line has set.
    pub(crate) variables: Rc<BTreeMap<String, Variable>>,
    /// Functions that it has defined.
    pub(crate) functions: Rc<BTreeMap<String, Function>>,
    /// Names that it has made aliases.
    pub(crate) aliases: Rc<BTreeSet<String>>,
    /// `$1` …; `None` where not known.
    pub(crate) arguments: Option<Rc<Vec<Word>>>,
    /// Variables that end with the running function.
    pub(crate) locals: Rc<BTreeSet<String>>,
    /// Directories that are searched for programs before all others: a package's own.
    pub(crate) bins: Rc<Vec<String>>,
    /// Where a command's input comes from unless it says otherwise.
    pub(crate) stdin: Rc<Stdin>,
    /// Whether this point is never reached (after `exit`).
    pub(crate) dead: bool,
}

impl State {
    /// A fresh shell in `cwd`, which is not known where it is not absolute.
    pub(crate) fn new(cwd: &str) -> State {
        let cwds = if cwd.starts_with('/') { vec![cwd.to_owned()] } else { Vec::new() };
        State {
            cwds: Rc::new(cwds),
            previous: None,
            stack: Some(Rc::new(Vec::new())),
            variables: Rc::default(),
            functions: Rc::default(),
            aliases: Rc::default(),
            arguments: None,
            locals: Rc::default(),
            bins: Rc::default(),
            stdin: Rc::new(Stdin::Inherited),
            dead: false,
        }
    }

    /// The one working directory, where there is only one.
    pub(crate) fn cwd(&self) -> Option<&str> {
        if let [only] = self.cwds.as_slice() { Some(only) } else { None }
    }

    /// What is known of a variable that was set here.
    pub(crate) fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// Sets a variable to one value.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        self.set_all(name, vec![value]);
    }

    /// Makes a variable's value unknown.
    pub(crate) fn forget(&mut self, name: &str) {
        self.set_all(name, Vec::new());
    }

    /// Sets every value that a variable may have.
    pub(crate) fn set_all(&mut self, name: &str, values: Vec<Value>) {
        let variables = Rc::make_mut(&mut self.variables);
        let variable = variables.entry(name.to_owned()).or_default();
        variable.values = values;
    }

    /// Marks a variable as passed on to programs; one that was not set here keeps its unknown value.
    pub(crate) fn export(&mut self, name: &str) {
        Rc::make_mut(&mut self.variables).entry(name.to_owned()).or_default().exported = true;
    }

    /// Makes every variable that was set here unknown.
    pub(crate) fn forget_all(&mut self) {
        for variable in Rc::make_mut(&mut self.variables).values_mut() {
            variable.values.clear();
        }
        self.cwds = Rc::new(Vec::new());
        self.arguments = None;
    }

    /// Moves to other working directories; the last one is remembered for `cd -`.
    pub(crate) fn enter(&mut self, mut cwds: Vec<String>) {
        cwds.dedup();
        if cwds.len() > MAX_CWDS {
            cwds.clear();
        }
        self.previous = self.cwd().map(Rc::from);
        self.cwds = Rc::new(cwds);
    }

    /// Everything that either state may hold. A point never reached adds nothing.
    pub(crate) fn join(self, other: &State) -> State {
        if self.dead {
            return other.clone();
        }
        if other.dead || self.same_as(other) {
            return self;
        }
        State {
            cwds: join_cwds(&self.cwds, &other.cwds),
            previous: if self.previous == other.previous { self.previous } else { None },
            stack: if self.stack == other.stack { self.stack } else { None },
            variables: join_variables(self.variables, &other.variables),
            functions: join_functions(self.functions, &other.functions),
            aliases: if self.aliases == other.aliases {
                self.aliases
            } else {
                Rc::new(self.aliases.union(&other.aliases).cloned().collect())
            },
            arguments: if self.arguments == other.arguments { self.arguments } else { None },
            locals: self.locals,
            bins: self.bins,
            stdin: if self.stdin == other.stdin { self.stdin } else { Rc::new(Stdin::Pipe) },
            dead: false,
        }
    }

    /// Like `join`, for the second round of a loop: what a round changes is not known any more.
    pub(crate) fn widen(self, after: &State) -> State {
        let before = self.clone();
        let mut joined = self.join(after);
        if joined.cwds != before.cwds {
            joined.cwds = Rc::new(Vec::new());
        }
        if joined.variables != before.variables {
            for (name, variable) in Rc::make_mut(&mut joined.variables).iter_mut() {
                if before.variables.get(name) != Some(variable) {
                    variable.values.clear();
                }
            }
        }
        joined
    }

    fn same_as(&self, other: &State) -> bool {
        Rc::ptr_eq(&self.cwds, &other.cwds)
            && Rc::ptr_eq(&self.variables, &other.variables)
            && Rc::ptr_eq(&self.functions, &other.functions)
            && Rc::ptr_eq(&self.stdin, &other.stdin)
            && self == other
    }
}

fn join_cwds(one: &Rc<Vec<String>>, other: &Rc<Vec<String>>) -> Rc<Vec<String>> {
    if one == other {
        return Rc::clone(one);
    }
    if one.is_empty() || other.is_empty() {
        return Rc::new(Vec::new());
    }
    let mut all = one.as_ref().clone();
    all.extend(other.iter().filter(|cwd| !one.contains(cwd)).cloned());
    if all.len() > MAX_CWDS {
        all.clear();
    }
    Rc::new(all)
}

fn join_variables(
    mut one: Rc<BTreeMap<String, Variable>>,
    other: &Rc<BTreeMap<String, Variable>>,
) -> Rc<BTreeMap<String, Variable>> {
    if Rc::ptr_eq(&one, other) {
        return one;
    }
    let mine = Rc::make_mut(&mut one);
    for (name, variable) in mine.iter_mut() {
        match other.get(name) {
            Some(theirs) => join_values(variable, theirs),
            // Untouched over there: whatever it was before this command line.
            None => variable.values.clear(),
        }
    }
    for (name, variable) in other.iter() {
        mine.entry(name.clone()).or_insert_with(|| Variable { values: Vec::new(), exported: variable.exported });
    }
    one
}

fn join_values(variable: &mut Variable, other: &Variable) {
    variable.exported |= other.exported;
    if variable.values.is_empty() || other.values.is_empty() {
        variable.values.clear();
        return;
    }
    for value in &other.values {
        if !variable.values.contains(value) {
            variable.values.push(value.clone());
        }
    }
    if variable.values.len() > MAX_VALUES {
        variable.values.clear();
    }
}

fn join_functions(
    mut one: Rc<BTreeMap<String, Function>>,
    other: &Rc<BTreeMap<String, Function>>,
) -> Rc<BTreeMap<String, Function>> {
    if Rc::ptr_eq(&one, other) || one == *other {
        return one;
    }
    let mine = Rc::make_mut(&mut one);
    for (name, function) in mine.iter_mut() {
        function.maybe_absent |= !other.contains_key(name);
    }
    for (name, theirs) in other.iter() {
        let function = mine.entry(name.clone()).or_insert_with(|| Function { bodies: Vec::new(), maybe_absent: true });
        function.maybe_absent |= theirs.maybe_absent;
        for body in &theirs.bodies {
            if !function.bodies.contains(body) {
                function.bodies.push(body.clone());
            }
        }
    }
    one
}
