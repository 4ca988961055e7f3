//! Parameters: what `$NAME`, `${NAME:-word}`, `$1` and `$@` become.
//!
//! Beyond what the command line sets itself, only a short list of harmless variables is taken from the environment: the
//! shell that runs the command may not have the same environment as the one who asks.

use crate::invocation::{UNKNOWN, Word};
use crate::shell::ast::{self, ParamOp};
use crate::walk::Walker;
use crate::walk::state::State;

use super::Fields;
use super::operator::{self, Given};

/// Longest value followed; a longer one is not known.
const MAX_VALUE_BYTES: usize = 16_384;
/// Variables taken from the environment. A missing one is unset.
const ENVIRONMENT: &[&str] =
    &["USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"];
/// Parameters that are always a number.
const NUMBERS: &[&str] = &[
    "#",
    "?",
    "$",
    "!",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "LINENO",
    "PPID",
    "UID",
    "EUID",
    "BASHPID",
    "EPOCHSECONDS",
    "COLUMNS",
    "LINES",
];

/// What a parameter holds.
enum Held {
    /// Cannot be known.
    Unknown,
    /// A number that is not known.
    Number,
    /// Nothing.
    Unset,
    /// These words (one for a plain variable).
    Words(Vec<Word>),
}

impl Walker<'_> {
    /// Puts a parameter into a word.
    pub(super) fn parameter(&mut self, name: &str, op: &ParamOp, quoted: bool, fields: &mut Fields, state: &mut State) {
        match op {
            ParamOp::Plain => self.variable_value(name, quoted, fields, state),
            ParamOp::Error(word) => {
                self.run_inside(word, state);
                self.variable_value(name, quoted, fields, state);
            }
            ParamOp::Default(word) => self.fallback(name, word, quoted, fields, state, false),
            ParamOp::Assign(word) => self.fallback(name, word, quoted, fields, state, true),
            ParamOp::Alternative(word) => match self.held(name, state) {
                Held::Unset => self.run_inside(word, state),
                Held::Words(words) if words.iter().all(|word| !word.text.is_empty()) => {
                    self.pieces(&word.pieces, quoted, fields, state);
                }
                Held::Words(_) | Held::Unknown | Held::Number => {
                    self.run_inside(word, state);
                    fields.unknown();
                }
            },
            ParamOp::Other(word) => {
                self.run_inside(word, state);
                self.operated(name, quoted, fields, state);
            }
        }
    }

    /// `${NAME%…}` and its kin.
    fn operated(&mut self, name: &str, quoted: bool, fields: &mut Fields, state: &State) {
        let value = state
            .variable(name)
            .and_then(|variable| if let [one] = variable.values.as_slice() { Some(one.clone()) } else { None });
        let value = value.or_else(|| if let Held::Words(words) = self.held(name, state) { Some(words) } else { None });
        let span = self.word.map_or(0..0, |span| span.start as usize..span.end as usize);
        let operator = self.source.get(span).and_then(|text| operator::spelled(text, name));
        match (operator, value) {
            (Some(operator), Some(value)) if name != "@" && name != "*" => match operator::apply(operator, &value) {
                Some(Given::Words(words)) => insert_all(if operator == "[*]" { "*" } else { "@" }, &words, quoted, fields, state),
                Some(Given::Number) => fields.number(),
                None => fields.unknown(),
            },
            (Some("#"), _) => fields.number(),
            (Some(_) | None, _) => fields.unknown(),
        }
    }

    /// `${NAME:-word}` and `${NAME:=word}`.
    fn fallback(&mut self, name: &str, word: &ast::Word, quoted: bool, fields: &mut Fields, state: &mut State, assign: bool) {
        match self.held(name, state) {
            Held::Unset => {
                if assign {
                    let value = self.whole(word, state);
                    state.set(name, vec![value.clone()]);
                    insert(&value, quoted, fields, state);
                } else {
                    self.pieces(&word.pieces, quoted, fields, state);
                }
            }
            Held::Words(words) if words.iter().any(|word| !word.text.is_empty()) => {
                self.run_inside(word, state);
                insert_all(name, &words, quoted, fields, state);
            }
            // Empty but set: `-` and `:-` differ, and the tree does not say which it was.
            Held::Words(_) | Held::Unknown => {
                self.run_inside(word, state);
                fields.unknown();
                if assign {
                    state.forget(name);
                }
            }
            Held::Number => fields.number(),
        }
    }

    /// Puts a parameter's plain value into a word.
    pub(super) fn variable_value(&mut self, name: &str, quoted: bool, fields: &mut Fields, state: &State) {
        match self.held(name, state) {
            Held::Unknown => fields.unknown(),
            Held::Number => fields.number(),
            Held::Unset => {
                if quoted && name != "@" {
                    fields.text("", true);
                }
            }
            Held::Words(words) => insert_all(name, &words, quoted, fields, state),
        }
    }

    fn held(&self, name: &str, state: &State) -> Held {
        if let Some(variable) = state.variable(name) {
            return match variable.values.as_slice() {
                [value] if value.iter().any(|word| word.text.len() > MAX_VALUE_BYTES) => Held::Unknown,
                [value] => value.first().map_or(Held::Unset, |first| Held::Words(vec![first.clone()])),
                [] | [..] => Held::Unknown,
            };
        }
        if name == "@" || name == "*" {
            return match &state.arguments {
                Some(arguments) if arguments.is_empty() => Held::Unset,
                Some(arguments) => Held::Words(arguments.as_ref().clone()),
                None => Held::Unknown,
            };
        }
        if NUMBERS.contains(&name) {
            return Held::Number;
        }
        if let Ok(position) = name.parse::<usize>() {
            return positional(position, state);
        }
        self.given_outside(name, state)
    }

    fn given_outside(&self, name: &str, state: &State) -> Held {
        let value = match name {
            "HOME" => return self.world.home().map_or(Held::Unknown, one),
            "PWD" => return state.cwd().map_or(Held::Unknown, |cwd| one(cwd.to_owned())),
            "OLDPWD" => return state.previous.as_deref().map_or(Held::Unknown, |cwd| one(cwd.to_owned())),
            name if ENVIRONMENT.contains(&name) => self.world.variable(name),
            _ => return Held::Unknown,
        };
        value.map_or(Held::Unset, one)
    }
}

fn one(text: String) -> Held {
    Held::Words(vec![Word::literal(text, None)])
}

fn positional(position: usize, state: &State) -> Held {
    match &state.arguments {
        Some(arguments) if position > 0 => {
            arguments.get(position - 1).map_or(Held::Unset, |word| Held::Words(vec![word.clone()]))
        }
        Some(_) | None => Held::Unknown,
    }
}

/// `"$@"` keeps its words apart, `"$*"` joins them.
fn insert_all(name: &str, words: &[Word], quoted: bool, fields: &mut Fields, state: &State) {
    for (index, word) in words.iter().enumerate() {
        if index > 0 && name == "*" && quoted {
            fields.text(" ", true);
        } else if index > 0 {
            fields.cut();
        }
        insert(word, quoted, fields, state);
    }
}

/// Puts a value into a word. Where the shell splits at other characters than white space, an unquoted value that is
/// more than one plain word is not known.
pub(super) fn insert(value: &Word, quoted: bool, fields: &mut Fields, state: &State) {
    let plain = |text: &str| text.chars().all(|character| character.is_alphanumeric() || character == UNKNOWN);
    if !quoted && state.variable("IFS").is_some() && !plain(&value.text) {
        fields.unknown();
    } else {
        fields.value(value, quoted);
    }
}
