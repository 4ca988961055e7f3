//! sed and ed: streams and files edited by a script, which may read, write and run.

use bailiwick_vocab::effect::{Hint, OpaqueCause, WriteMode};

use super::{Program, package_files};
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Stdin, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["sed", "gsed"], effects: sed },
    Program { names: &["ed", "ex", "red"], effects: ed },
    Program { names: &["sd"], effects: sd },
];

const SED: Grammar =
    Grammar { optional: &["i", "in-place"], ..Grammar::valued(&["e", "f", "l", "expression", "file", "line-length"]) };

fn sed(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &SED);
    let scripts = parsed.values(&["e", "expression"]);
    let files = parsed.values(&["f", "file"]);
    let inline = scripts.is_empty() && files.is_empty();
    for file in &files {
        super::readers::read_path(file, false, sink);
        sink.opaque(OpaqueCause::Script, "sed", &[Hint::Dynamic], file.span);
    }
    let in_place = parsed.may_have(&["i", "in-place"]) || macos_in_place(invocation.args);
    for code in scripts.into_iter().chain(parsed.operand(0).filter(|_| inline)) {
        script(code, parsed.has(&["sandbox"]), sink);
        if in_place {
            package_files::edited(code, parsed.operands_from(usize::from(inline)), sink);
        }
    }
    for path in parsed.operands_from(usize::from(inline)) {
        super::readers::read_path(path, false, sink);
        if in_place && path.text != "-" && !path.text.is_empty() {
            sink.write(path, WriteMode::Change);
            backup(&parsed, path, sink);
        }
    }
}

/// `-I` edits in place on BSD.
fn macos_in_place(args: &[Word]) -> bool {
    args.iter().any(|word| word.text == "-I")
}

fn backup(parsed: &Parsed, path: &Word, sink: &mut Sink) {
    let Some(suffix) = parsed.value(&["i", "in-place"]).filter(|suffix| !suffix.text.is_empty()) else { return };
    if suffix.text.contains(['/', '*']) {
        sink.opaque(OpaqueCause::Dynamic, "sed", &[Hint::Writes], suffix.span);
    } else {
        let pattern = path.pattern.as_ref().map(|pattern| pattern.clone() + &suffix.text);
        sink.write(&Word { text: path.text.clone() + &suffix.text, pattern, span: path.span }, WriteMode::Replace);
    }
}

/// Looks for the commands of a sed script that reach outside: `r R w W e` and the flags `w` and `e` of `s`.
fn script(code: &Word, sandbox: bool, sink: &mut Sink) {
    if !code.known() {
        return sink.opaque(OpaqueCause::Dynamic, "sed", &[], code.span);
    }
    if sandbox {
        return;
    }
    let mut reader = Reader { text: &code.text, at: 0, word: code };
    while reader.at < reader.text.len() {
        if !reader.command(sink) {
            return sink.opaque(OpaqueCause::InlineCode, "sed", &[Hint::Dynamic], code.span);
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    word: &'a Word,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&skipped) {
            self.next();
        }
    }

    /// Reads one command with its addresses; false where it is not understood.
    fn command(&mut self, sink: &mut Sink) -> bool {
        self.skip(|letter| letter.is_whitespace() || letter == ';' || letter == '}');
        if self.peek().is_none() {
            return true;
        }
        if !self.addresses() {
            return false;
        }
        match self.next() {
            Some('s') => self.substitute(sink),
            Some('y') => self.delimited().is_some_and(|delimiter| self.part(delimiter) && self.part(delimiter)),
            Some('r' | 'R') => self.file(sink, |sink, path| super::readers::read_path(path, false, sink)),
            Some('w' | 'W') => self.file(sink, written),
            Some('e') => self.execute(sink),
            Some('a' | 'i' | 'c') => self.text_lines(),
            Some(':' | '#') => {
                self.skip(|letter| letter != '\n');
                true
            }
            Some('b' | 't' | 'T' | 'q' | 'Q' | 'l' | 'L' | 'v') => {
                self.skip(|letter| letter != '\n' && letter != ';' && letter != '}');
                true
            }
            Some('{' | '=' | 'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | 'F') => true,
            None => true,
            Some(_) => false,
        }
    }

    /// `1`, `$`, `/re/I`, `\cREc`, `1~2`, `+3`, joined by a comma, then `!`.
    fn addresses(&mut self) -> bool {
        loop {
            match self.peek() {
                Some('/') => {
                    self.next();
                    if !self.part('/') {
                        return false;
                    }
                    self.skip(|letter| letter == 'I' || letter == 'M');
                }
                Some('\\') => {
                    self.next();
                    let Some(delimiter) = self.next() else { return false };
                    if !self.part(delimiter) {
                        return false;
                    }
                    self.skip(|letter| letter == 'I' || letter == 'M');
                }
                Some(letter) if letter.is_ascii_digit() || matches!(letter, '$' | '~' | '+' | ',' | '!' | ' ' | '\t') => {
                    self.next();
                }
                Some(_) | None => return true,
            }
        }
    }

    fn delimited(&mut self) -> Option<char> {
        self.next().filter(|letter| *letter != '\n' && *letter != '\\')
    }

    /// Skips to behind the next bare delimiter. Whether one inside brackets counts differs between seds; a part that
    /// ends with a bracket open is given up on.
    fn part(&mut self, delimiter: char) -> bool {
        let mut open = false;
        while let Some(letter) = self.next() {
            match letter {
                '\\' => drop(self.next()),
                letter if letter == delimiter => return !open,
                '[' => open = true,
                ']' => open = false,
                _ => {}
            }
        }
        false
    }

    fn substitute(&mut self, sink: &mut Sink) -> bool {
        let Some(delimiter) = self.delimited() else { return false };
        if !self.part(delimiter) || !self.part(delimiter) {
            return false;
        }
        loop {
            match self.peek() {
                Some('w') => {
                    self.next();
                    return self.file(sink, written);
                }
                Some('e') => {
                    self.next();
                    sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], self.word.span);
                }
                Some('g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9') => {
                    self.next();
                }
                Some(' ' | '\t' | ';' | '\n' | '}' | '#') | None => return true,
                Some(_) => return false,
            }
        }
    }

    fn rest_of_line(&mut self) -> &'a str {
        let start = self.at;
        self.skip(|letter| letter != '\n');
        self.text.get(start..self.at).unwrap_or("")
    }

    fn file(&mut self, sink: &mut Sink, act: impl Fn(&mut Sink, &Word)) -> bool {
        let name = self.rest_of_line().trim().to_owned();
        if !name.is_empty() {
            act(sink, &Word::literal(name, self.word.span));
        }
        true
    }

    /// `e command` runs it; `e` alone runs the line.
    fn execute(&mut self, sink: &mut Sink) -> bool {
        let code = self.rest_of_line().trim().to_owned();
        if code.is_empty() || code.starts_with([';', '}']) {
            sink.opaque(OpaqueCause::Dynamic, "shell", &[Hint::Runs], self.word.span);
        } else {
            sink.shell(&Word::literal(code, self.word.span));
        }
        true
    }

    /// The text of `a`, `i`, `c`: to the end of the line, and on after a backslash.
    fn text_lines(&mut self) -> bool {
        loop {
            let line = self.rest_of_line();
            self.next();
            if !line.ends_with('\\') || self.peek().is_none() {
                return true;
            }
        }
    }
}

fn written(sink: &mut Sink, path: &Word) {
    if !matches!(path.text.as_str(), "/dev/stdout" | "/dev/stderr") {
        sink.write(path, WriteMode::Replace);
    }
}

/// ed and ex take their commands from standard input.
fn ed(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &Grammar::valued(&["p", "c", "prompt"]));
    for path in &parsed.operands {
        super::readers::read_path(path, false, sink);
        sink.write(path, WriteMode::Change);
    }
    let quiet = matches!(invocation.stdin, Stdin::Text(text) if text.known() && harmless_ed(&text.text));
    if !quiet {
        sink.opaque(OpaqueCause::InlineCode, "ed", &[Hint::Dynamic], invocation.span);
    }
}

/// No `!`, and no file named in `w`, `r`, `e` or `f`.
fn harmless_ed(text: &str) -> bool {
    let command = |line: &str| line.chars().find(char::is_ascii_alphabetic);
    let names_file = |line: &str| command(line).is_some_and(|letter| "wrefWE".contains(letter));
    !text.contains('!') && text.lines().all(|line| !names_file(line) || matches!(line.trim(), "w" | "wq"))
}

/// sd FIND REPLACE FILE…: edits files in place.
fn sd(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["f", "flags", "n", "max-replacements"]));
    for path in parsed.operands_from(2) {
        sink.read(path);
        if !parsed.has(&["p", "preview"]) {
            sink.write(path, WriteMode::Change);
        }
    }
}
