//! The part of Starlark that rules files are written in: calls with named arguments, of texts and lists of texts. In: a
//! text. Out: the calls in order, or the line that is anything else. Nothing is evaluated.

use std::iter::Peekable;
use std::str::Chars;

/// Lists in lists are no deeper than this.
const DEEPEST: usize = 8;

/// `name(key = value, …)`; a first argument without a name has an empty key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Item)>,
    /// From 1.
    pub(super) line: usize,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Text(String),
    List(Vec<Item>),
    /// `True`, `None`, a number.
    Word(String),
}

struct Reader<'t> {
    letters: Peekable<Chars<'t>>,
    line: usize,
}

/// Reads all calls.
///
/// # Errors
/// What stands there instead, with its line.
pub(super) fn calls(text: &str) -> Result<Vec<Call>, String> {
    let mut reader = Reader { letters: text.chars().peekable(), line: 1 };
    let mut calls = Vec::new();
    loop {
        reader.skip();
        if reader.letters.peek().is_none() {
            return Ok(calls);
        }
        calls.push(reader.call()?);
    }
}

impl Reader<'_> {
    fn wrong<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("line {}: {what}", self.line))
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.letters.next();
        self.line += usize::from(letter == Some('\n'));
        letter
    }

    /// White space, comments, and semicolons between calls.
    fn skip(&mut self) {
        while let Some(letter) = self.letters.peek() {
            match letter {
                '#' => {
                    while self.letters.peek().is_some_and(|letter| *letter != '\n') {
                        self.next();
                    }
                }
                letter if letter.is_whitespace() || *letter == ';' => {
                    self.next();
                }
                _ => return,
            }
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip();
        let found = self.letters.peek() == Some(&wanted);
        if found {
            self.next();
        }
        found
    }

    fn name(&mut self) -> String {
        self.skip();
        let mut name = String::new();
        while let Some(letter) = self.letters.peek().filter(|letter| letter.is_ascii_alphanumeric() || **letter == '_') {
            name.push(*letter);
            self.next();
        }
        name
    }

    fn call(&mut self) -> Result<Call, String> {
        let (line, name) = (self.line, self.name());
        if name.is_empty() || !self.take('(') {
            return self.wrong("only calls such as prefix_rule(…) are read here");
        }
        let mut arguments: Vec<(String, Item)> = Vec::new();
        while !self.take(')') {
            self.skip();
            // Only the first argument may go without its name.
            let nameless = arguments.is_empty() && matches!(self.letters.peek(), Some('"' | '\'' | '['));
            let key = if nameless { String::new() } else { self.name() };
            if !nameless && (key.is_empty() || !self.take('=')) {
                return self.wrong("an argument is not of the form name = value");
            }
            if arguments.iter().any(|(own, _)| *own == key) {
                return self.wrong("an argument is given twice");
            }
            let value = self.item(0)?;
            arguments.push((key, value));
            if !self.take(',') {
                if self.take(')') {
                    break;
                }
                return self.wrong("a comma or parenthesis is missing");
            }
        }
        Ok(Call { name, arguments, line })
    }

    fn item(&mut self, depth: usize) -> Result<Item, String> {
        self.skip();
        match self.letters.peek() {
            Some('"' | '\'') => self.text().map(Item::Text),
            Some('[' | '(') if depth < DEEPEST => self.list(depth),
            Some(letter) if letter.is_ascii_alphanumeric() => Ok(Item::Word(self.name())),
            Some(_) | None => self.wrong("a value is neither a text nor a list of texts"),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Item, String> {
        let close = if self.take('[') { ']' } else { ')' };
        if close == ')' {
            self.take('(');
        }
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.item(depth + 1)?);
            if !self.take(',') {
                if self.take(close) {
                    break;
                }
                return self.wrong("a list is not closed");
            }
        }
        Ok(Item::List(items))
    }

    fn text(&mut self) -> Result<String, String> {
        let Some(quote) = self.next() else { return self.wrong("a text is missing") };
        let mut text = String::new();
        loop {
            match self.next() {
                Some(letter) if letter == quote => break,
                Some('\\') => match self.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(letter @ ('\\' | '"' | '\'')) => text.push(letter),
                    Some(_) | None => return self.wrong("an escape in a text is not known here"),
                },
                Some('\n') | None => return self.wrong("a text is not closed on its line"),
                Some(letter) => text.push(letter),
            }
        }
        // Three quotes open a text over several lines; an empty text before another one would be read for it.
        if text.is_empty() && self.letters.peek() == Some(&quote) {
            self.wrong("texts over several lines are not read here")
        } else {
            Ok(text)
        }
    }
}
