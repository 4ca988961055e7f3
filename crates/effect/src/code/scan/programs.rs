//! What a call starts or loads: texts for a shell, argument vectors, modules, files of code; and awk's pipes.

use bailiwick_vocab::effect::{Deed, Hint, Target, WriteMode};

use crate::code::lex::{Language, Token};
use crate::code::literal::{arguments, value};
use crate::code::tables;
use crate::code::whole::purpose;
use crate::invocation::UNKNOWN;

use super::{Scanner, bare_word, is_keyword};

impl Scanner {
    pub(super) fn shell(&mut self, command: Option<String>) {
        match command.filter(|command| !command.contains(UNKNOWN)) {
            Some(command) => self.seen.commands.push(command),
            None => self.hint(Some(Hint::Runs)),
        }
    }

    /// A program with its arguments: a list, or a string that a shell reads.
    pub(super) fn program(&mut self, list: &[&[Token]]) {
        let Some(first) = list.first() else { return self.hint(Some(Hint::Runs)) };
        // Another directory, environment or program than it seems.
        let options = list.iter().skip(1).any(|argument| {
            let names =
                argument.iter().filter_map(|token| if let Token::Name(name) = token { Some(name.as_str()) } else { None });
            names.into_iter().any(|name| matches!(name, "cwd" | "env" | "executable" | "preexec_fn" | "shell" | "user" | "chdir"))
                && !is_shell_flag(argument)
        });
        self.complete &= !options;
        let all =
            |items: &[&[Token]]| -> Option<Vec<String>> { items.iter().map(|tokens| value(tokens, &self.constants)).collect() };
        let words = match first {
            [Token::Sign('['), inside @ .., Token::Sign(']')] => all(&arguments(inside)),
            _ => match (value(first, &self.constants), list.get(1)) {
                // spawn("rm", ["-rf", "x"])
                (Some(program), Some([Token::Sign('['), inside @ .., Token::Sign(']')])) => {
                    all(&arguments(inside)).map(|words| std::iter::once(program).chain(words).collect())
                }
                (Some(command), None) => {
                    self.shell(Some(command));
                    return;
                }
                (Some(command), Some(second)) if is_keyword(second) || matches!(second.first(), Some(Token::Sign('{'))) => {
                    self.shell(Some(command));
                    return;
                }
                (Some(_), Some(_)) => all(list),
                (None, _) => None,
            },
        };
        match words {
            Some(words) if !words.is_empty() => self.seen.programs.push(without_zeroth(words)),
            Some(_) | None => self.hint(Some(Hint::Runs)),
        }
    }

    /// A file of the same language runs here.
    pub(super) fn load(&mut self, path: Option<String>) {
        match path.filter(|path| !path.is_empty()) {
            Some(path) => self.seen.loads.push(path),
            None => self.hint(Some(Hint::Dynamic)),
        }
    }

    /// What is loaded by name: a module of the language, a file of data, a file of code, or the project's own.
    pub(super) fn import(&mut self, list: &[&[Token]]) {
        let name = list.first().and_then(|tokens| value(tokens, &self.constants));
        let Some(name) = name else {
            let hint = if bare_word(list) { None } else { Some(Hint::Dynamic) };
            return self.hint(hint);
        };
        match self.language {
            Language::JavaScript if is_path(&name) && is_json(&name) => self.effect(Deed::Read(Target::new(name))),
            Language::Ruby if tables::is_harmless_library(&name) => {}
            Language::Ruby | Language::Perl | Language::Lua if !name.contains('/') => self.hint(purpose(&name)),
            _ if name.starts_with(['/', '~']) || name.starts_with("../") || name.contains("://") => {
                if name.contains("://") {
                    self.hint(Some(Hint::Dynamic))
                } else {
                    self.seen.loads.push(name)
                }
            }
            Language::Php | Language::Lua | Language::Perl if is_path(&name) => self.seen.loads.push(name),
            Language::Python
            | Language::JavaScript
            | Language::Perl
            | Language::Ruby
            | Language::Php
            | Language::Awk
            | Language::Lua => {
                self.hint(purpose(&name));
            }
        }
    }

    /// awk: `print > "file"`.
    pub(super) fn awk_output(&mut self, at: usize, tokens: &[Token]) {
        if !prints(at, tokens) {
            return;
        }
        let next = tokens.get(at + 1..).unwrap_or_default();
        match next {
            [Token::Sign('>'), Token::Text(path), rest @ ..] if ends_target(rest) => self.awk_write(path, WriteMode::Change),
            [Token::Text(path), rest @ ..] if ends_target(rest) && tokens.get(at.wrapping_sub(1)) == Some(&Token::Sign('>')) => {
                self.awk_write(path, WriteMode::Change);
            }
            [Token::Text(path), rest @ ..] if ends_target(rest) => self.awk_write(path, WriteMode::Replace),
            [..] => self.hint(Some(Hint::Writes)),
        }
    }

    fn awk_write(&mut self, path: &str, mode: WriteMode) {
        if path.starts_with("/inet") {
            return self.hint(Some(Hint::Network));
        }
        self.write(Some(path.to_owned()).filter(|path| !path.contains(UNKNOWN)), mode);
    }

    /// awk: `getline x < "file"`.
    pub(super) fn awk_input(&mut self, at: usize, tokens: &[Token]) {
        let before = tokens.get(at.saturating_sub(6)..at).unwrap_or_default();
        let reads = before.iter().rev().take_while(|token| !matches!(token, Token::Sign(';' | '{' | '\n' | '('))).any(is_getline);
        if !reads {
            return;
        }
        match tokens.get(at + 1..) {
            Some([Token::Text(path), rest @ ..])
                if ends_target(rest) && !path.contains(UNKNOWN) && !path.starts_with("/inet") =>
            {
                self.read(Some(path.clone()), None);
            }
            Some(rest) => self.read(None, rest.get(..1)),
            None => {}
        }
    }

    /// awk: `"cmd" | getline` and `print | "cmd"`.
    pub(super) fn awk_pipe(&mut self, at: usize, tokens: &[Token]) {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let rest = tokens.get(at + 1..).unwrap_or_default();
        match (before, rest.first()) {
            (Some(Token::Sign('|')), _) | (_, Some(Token::Sign('|'))) => {}
            (Some(Token::Text(command)), Some(Token::Name(name))) if name == "getline" && begins_pipe(at - 1, tokens) => {
                self.shell(Some(command.clone()));
            }
            (_, Some(Token::Text(command))) if ends_target(rest.get(1..).unwrap_or_default()) => {
                self.shell(Some(command.clone()))
            }
            (Some(_) | None, _) => self.hint(Some(Hint::Runs)),
        }
    }
}

/// `execv("/bin/rm", ["rm", "-rf"])` gives the program's name once more.
fn without_zeroth(mut words: Vec<String>) -> Vec<String> {
    let base = |word: &String| word.rsplit('/').next().unwrap_or_default().to_owned();
    let twice = matches!(words.as_slice(), [program, zeroth, ..] if program.contains('/') && base(program) == base(zeroth));
    if twice {
        words.remove(1);
    }
    words
}

/// `shell=True`, which the walk sees by its string.
fn is_shell_flag(argument: &[Token]) -> bool {
    matches!(argument, [Token::Name(name), Token::Sign('='), Token::Name(_)] if name == "shell")
}

fn is_path(name: &str) -> bool {
    name.starts_with(['.', '/', '~'])
}

fn is_json(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|ending| ending == "json")
}

fn is_getline(token: &Token) -> bool {
    matches!(token, Token::Name(name) if name == "getline")
}

/// Whether the sign stands in a `print` outside of all brackets: inside them it compares.
fn prints(at: usize, tokens: &[Token]) -> bool {
    let mut depth = 0_i32;
    for token in tokens.get(at.saturating_sub(200)..at).unwrap_or_default().iter().rev() {
        match token {
            Token::Sign(')') => depth += 1,
            Token::Sign('(') => depth -= 1,
            Token::Sign(';' | '{' | '}' | '\n') => return false,
            Token::Name(name) if (name == "print" || name == "printf") && depth == 0 => return true,
            Token::Name(_) | Token::Sign(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
    false
}

/// Nothing is put behind the text.
fn ends_target(rest: &[Token]) -> bool {
    !matches!(rest.first(), Some(Token::Text(_) | Token::Name(_) | Token::Number(_) | Token::Sign('$' | '(' | '-' | '+' | '!')))
}

/// Nothing is put before the text.
fn begins_pipe(at: usize, tokens: &[Token]) -> bool {
    match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        None | Some(Token::Sign('(' | '{' | ';' | '\n' | '}')) => true,
        Some(Token::Name(name)) => name == "while" || name == "if",
        Some(_) => false,
    }
}
