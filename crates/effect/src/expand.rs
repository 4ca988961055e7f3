//! Expansion: a word of the syntax tree in, the words the program will get out, as far as they can be known without
//! running anything. Substitutions are walked for their effects; what they print is used where it is static.
//!
//! A variable with several possible values is pinned to one of them before ([`crate::walk`] goes through them all).

mod fields;
mod operator;
mod parameter;

use std::rc::Rc;

use bailiwick_vocab::effect::Span;

use crate::invocation::{Stdin, UNKNOWN, Word};
use crate::shell::ast::{self, Piece};
use crate::walk::Walker;
use crate::walk::flow::Out;
use crate::walk::state::State;
use fields::Fields;

/// Words that braces may make of one word; with more it is one word that is not known.
const MAX_BRACES: usize = 64;
/// Words of one command; with more its arguments are not known.
const MAX_WORDS: usize = 2_048;

impl Walker<'_> {
    /// The words that several words become.
    pub(crate) fn words(&mut self, words: &[ast::Word], state: &mut State) -> Vec<Word> {
        let mut all = Vec::with_capacity(words.len());
        for word in words {
            self.word_into(word, state, &mut all);
            if all.len() > MAX_WORDS {
                self.limit(self.span(word.span));
                break;
            }
        }
        all
    }

    /// The words that one word becomes: none, one, or several.
    pub(crate) fn word(&mut self, word: &ast::Word, state: &mut State) -> Vec<Word> {
        let mut all = Vec::new();
        self.word_into(word, state, &mut all);
        all
    }

    /// The one word it becomes where nothing is split (assignments, here-documents, `case`).
    pub(crate) fn whole(&mut self, word: &ast::Word, state: &mut State) -> Word {
        let span = self.span(word.span);
        let mut fields = Fields::new(span);
        let outside = std::mem::replace(&mut self.word, word.span);
        self.pieces(&word.pieces, true, &mut fields, state);
        self.word = outside;
        fields.finish().into_iter().next().unwrap_or_else(|| Word::literal("", span))
    }

    /// Walks what a word runs, whatever it becomes.
    pub(crate) fn run_inside(&mut self, word: &ast::Word, state: &mut State) {
        let _ = self.whole(word, state);
    }

    fn word_into(&mut self, word: &ast::Word, state: &mut State, all: &mut Vec<Word>) {
        let outside = std::mem::replace(&mut self.word, word.span);
        self.split_into(word, state, all);
        self.word = outside;
    }

    fn split_into(&mut self, word: &ast::Word, state: &mut State, all: &mut Vec<Word>) {
        let span = self.span(word.span);
        if !word.pieces.iter().any(|piece| matches!(piece, Piece::Brace(_))) {
            let mut fields = Fields::new(span);
            self.pieces(&word.pieces, false, &mut fields, state);
            all.extend(fields.finish());
            return;
        }
        match braces(&word.pieces) {
            Some(variants) => {
                for pieces in variants {
                    let mut fields = Fields::new(span);
                    for piece in pieces {
                        self.piece(piece, false, &mut fields, state);
                    }
                    all.extend(fields.finish());
                }
            }
            None => all.push(Word::literal(UNKNOWN.to_string(), span)),
        }
    }

    fn pieces(&mut self, pieces: &[Piece], whole: bool, fields: &mut Fields, state: &mut State) {
        for piece in pieces {
            self.piece(piece, whole, fields, state);
        }
    }

    fn piece(&mut self, piece: &Piece, whole: bool, fields: &mut Fields, state: &mut State) {
        match piece {
            Piece::Text { text, quoted } => fields.text(text, *quoted || whole),
            Piece::Tilde(user) => self.tilde(user, fields, state),
            Piece::Param { name, op, quoted } => self.parameter(name, op, *quoted || whole, fields, state),
            Piece::Command { script, quoted } => {
                let out = self.substitute(script, state);
                insert(out, *quoted || whole, fields, state);
            }
            Piece::Process { script, output } => {
                let path = self.process(script, *output, state);
                fields.text(&path, true);
            }
            Piece::Arith(inside) => {
                self.pieces(inside, true, &mut Fields::new(None), state);
                self.assigned_in_arithmetic(state);
                fields.number();
            }
            // Only where braces are not expanded; then every word in them runs what it runs.
            Piece::Brace(words) => {
                for word in words {
                    self.run_inside(word, state);
                }
                fields.unknown();
            }
            Piece::Pattern(inside) => {
                self.pieces(inside, true, &mut Fields::new(None), state);
                fields.unknown();
            }
        }
        self.charge(fields.len());
    }

    /// `$((x=1))` sets a variable; which one, the word's text says.
    fn assigned_in_arithmetic(&self, state: &mut State) {
        let span = self.word.map_or(0..0, |span| span.start as usize..span.end as usize);
        let text = self.source.get(span).unwrap_or_default();
        if !text.contains('=') && !text.contains("++") && !text.contains("--") {
            return;
        }
        let names: Vec<String> = state.variables.keys().filter(|name| text.contains(name.as_str())).cloned().collect();
        for name in names {
            state.forget(&name);
        }
    }

    fn tilde(&mut self, user: &str, fields: &mut Fields, state: &State) {
        let home = match user {
            "" => return self.variable_value("HOME", true, fields, state),
            "+" => return self.variable_value("PWD", true, fields, state),
            "-" => state.previous.as_deref().map(str::to_owned),
            name => self.world.home_of(name),
        };
        match home {
            Some(home) => fields.text(&home, true),
            None => fields.unknown(),
        }
    }

    /// Runs `$( … )` in a copy of the shell and says what it prints.
    fn substitute(&mut self, script: &ast::Script, state: &State) -> Out {
        let inside = state.clone();
        self.nested(None, |walker| walker.script(script, inside).out).unwrap_or(Out::Unknown)
    }

    /// Runs `<( … )` or `>( … )` in a copy of the shell and gives the path that stands for it.
    fn process(&mut self, script: &ast::Script, output: bool, state: &State) -> String {
        let mut inside = state.clone();
        if output {
            inside.stdin = Rc::new(Stdin::Pipe);
        }
        let out = self.nested(None, |walker| walker.script(script, inside).out).unwrap_or(Out::Unknown);
        self.processes += 1;
        let path = format!("/dev/fd/{}", 60 + self.processes);
        let text = if let Out::Text(word) = out { Some(word.text) } else { None };
        self.written.insert(path.clone(), text.filter(|_| !output));
        path
    }

    /// The span to report for a place in the text being walked.
    pub(crate) fn span(&self, span: Option<Span>) -> Option<Span> {
        self.outer.unwrap_or(span)
    }
}

/// Puts what a substitution prints into a word, without the newlines at its end.
fn insert(out: Out, quoted: bool, fields: &mut Fields, state: &State) {
    match out {
        Out::Text(mut word) if word.pattern.is_none() => {
            word.text.truncate(word.text.trim_end_matches('\n').len());
            parameter::insert(&word, quoted, fields, state);
        }
        Out::Text(word) => fields.value(&word, quoted),
        Out::File(_) | Out::Unknown => fields.unknown(),
    }
}

/// Every choice through a word's braces; `None` where they are too many.
fn braces(pieces: &[Piece]) -> Option<Vec<Vec<&Piece>>> {
    let mut variants: Vec<Vec<&Piece>> = vec![Vec::new()];
    for piece in pieces {
        let Piece::Brace(words) = piece else {
            variants.iter_mut().for_each(|variant| variant.push(piece));
            continue;
        };
        let mut choices = Vec::new();
        for word in words {
            choices.extend(braces(&word.pieces)?);
        }
        if variants.len() * choices.len() > MAX_BRACES {
            return None;
        }
        variants = variants
            .iter()
            .flat_map(|variant| choices.iter().map(|choice| variant.iter().chain(choice).copied().collect()))
            .collect();
    }
    Some(variants)
}
