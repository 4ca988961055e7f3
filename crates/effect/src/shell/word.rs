//! Words: literal text, quotes, expansions and substitutions up to the next operator or blank, and what a word turns out
//! to be (an assignment, the descriptor of a redirection).

use super::Unread;
use super::ast::{Assign, Piece, Redirect, Word};
use super::cursor::Parser;
use super::dollar::Quote;
use super::keyword::ends_word;

/// Where a word stands, which decides how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Before or at the program: may be an assignment.
    Command,
    /// An argument.
    Argument,
    /// An argument of `declare` and the like: may be `NAME=( … )`.
    Declared,
    /// A redirection's target.
    Redirected,
    /// An element of an array.
    Element,
    /// The value of an assignment.
    Value,
    /// `case`, `[[ ]]`, `<<<`: no braces are expanded.
    Literal,
    /// The right side of `=~`: parentheses and bars are its own.
    Regex,
}

/// What stands at a place of a simple command.
pub(super) enum Token {
    Nothing,
    Word(Word),
    Assign(Assign),
    Redirect(Redirect),
}

/// A word being read.
pub(super) struct Building {
    pub(super) pieces: Vec<Piece>,
    start: usize,
    /// An unquoted `{` was seen.
    braces: bool,
    /// The subscript read after a name, while the word may still be an assignment.
    subscript: Option<Vec<Piece>>,
}

/// Whether a byte means itself in an unquoted word wherever it stands.
const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let special = b"\0\t\n \"$&'();<>\\`|{=[";
    let mut index = 0;
    while index < special.len() {
        plain[special[index] as usize] = false;
        index += 1;
    }
    plain
};

/// Appends literal text, to the last piece where it is quoted alike.
pub(super) fn push_text(pieces: &mut Vec<Piece>, new: &str, is_quoted: bool) {
    if let Some(Piece::Text { text, quoted }) = pieces.last_mut()
        && *quoted == is_quoted
    {
        text.push_str(new);
        return;
    }
    if pieces.is_empty() {
        // Most words are one piece; the usual first allocation holds four.
        pieces.reserve_exact(1);
    }
    pieces.push(Piece::Text { text: new.to_owned(), quoted: is_quoted });
}

/// Whether `text` is a variable's name.
pub(super) fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The text of pieces without any quoting or expansion.
fn plain(pieces: &[Piece]) -> Option<&str> {
    match pieces {
        [Piece::Text { text, quoted: false }] => Some(text),
        _ => None,
    }
}

impl Parser<'_, '_> {
    /// A word; fails where none stands.
    pub(super) fn word(&mut self, role: Role) -> Result<Word, Unread> {
        let mut building = self.building();
        self.parts(role, &mut building)?;
        self.finish(role, building)
    }

    fn building(&mut self) -> Building {
        self.peek();
        Building { pieces: Vec::new(), start: self.pos, braces: false, subscript: None }
    }

    fn finish(&mut self, role: Role, building: Building) -> Result<Word, Unread> {
        if building.pieces.is_empty() {
            return self.fail("a word was expected");
        }
        let expands = building.braces && !matches!(role, Role::Value | Role::Literal | Role::Regex);
        let mut pieces = building.pieces;
        if expands {
            pieces = self.expand_braces(pieces)?;
        }
        self.find_tildes(&mut pieces, role)?;
        Ok(Word { pieces, span: Some(self.span(building.start)) })
    }

    /// What stands here in a simple command.
    pub(super) fn token(&mut self, role: Role) -> Result<Token, Unread> {
        let mut building = self.building();
        if self.at_redirect() {
            return self.redirect(building.start, None).map(Token::Redirect);
        }
        if self.parts(role, &mut building)? {
            return self.assign(building).map(Token::Assign);
        }
        if building.pieces.is_empty() {
            return Ok(Token::Nothing);
        }
        if matches!(self.byte(), Some(b'<' | b'>'))
            && let Some(text) = plain(&building.pieces)
        {
            if text.bytes().all(|byte| byte.is_ascii_digit()) {
                let fd = self.descriptor(text)?;
                return self.redirect(building.start, Some(fd)).map(Token::Redirect);
            }
            if names_descriptor_variable(text) {
                return self.redirect(building.start, None).map(Token::Redirect);
            }
        }
        self.finish(role, building).map(Token::Word)
    }

    fn descriptor(&self, digits: &str) -> Result<u32, Unread> {
        // Bash takes a number that does not fit for a word.
        match digits.parse::<i32>().ok().and_then(|number| u32::try_from(number).ok()) {
            Some(fd) => Ok(fd),
            None => self.fail("a descriptor's number is too large"),
        }
    }

    fn at_redirect(&mut self) -> bool {
        match self.peek() {
            Some(b'<' | b'>') => self.second() != Some(b'('),
            Some(b'&') => self.second() == Some(b'>'),
            Some(_) | None => false,
        }
    }

    /// Reads parts up to the word's end, or up to the `=` of an assignment, which is not passed: then true.
    pub(super) fn parts(&mut self, role: Role, building: &mut Building) -> Result<bool, Unread> {
        loop {
            self.plain_run(&mut building.pieces)?;
            let Some(byte) = self.byte() else { return Ok(false) };
            match byte {
                b'=' if role == Role::Command && is_assignment(building) => return Ok(true),
                b'[' if role == Role::Command && building.subscript.is_none() => self.maybe_subscript(building)?,
                b'[' if role == Role::Element && building.pieces.is_empty() => self.maybe_key(building)?,
                b'=' | b'[' => self.literal_byte(&mut building.pieces),
                b'{' => {
                    building.braces = true;
                    self.literal_byte(&mut building.pieces);
                }
                b'(' => {
                    if !self.parenthesis_in_word(role, building)? {
                        return Ok(false);
                    }
                }
                b'|' if role == Role::Regex => self.literal_byte(&mut building.pieces),
                b'\0' => return self.fail("a NUL"),
                _ => {
                    if !self.part(byte, &mut building.pieces)? {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// A quote, escape, expansion or substitution; false where `byte` ends a word.
    fn part(&mut self, byte: u8, pieces: &mut Vec<Piece>) -> Result<bool, Unread> {
        match byte {
            b'\\' => self.backslash(pieces)?,
            b'\'' => self.single_quotes(pieces)?,
            b'"' => self.double_quotes(pieces)?,
            b'$' => self.dollar(pieces, Quote::None)?,
            b'`' => self.backquotes(pieces, Quote::None)?,
            b'<' | b'>' if self.second() == Some(b'(') => self.process(byte, pieces)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn plain_run(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        while bytes.get(self.pos).is_some_and(|&byte| PLAIN[usize::from(byte)]) {
            self.pos += 1;
        }
        if self.pos > start {
            push_text(pieces, self.slice(start, self.pos), false);
        }
        self.spend(1 + self.pos - start)
    }

    /// Passes the byte here, which means itself.
    fn literal_byte(&mut self, pieces: &mut Vec<Piece>) {
        push_text(pieces, self.slice(self.pos, self.pos + 1), false);
        self.pos += 1;
    }

    fn process(&mut self, byte: u8, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        self.pos += 1;
        self.expect(b'(', "`(` was expected")?;
        let script = self.substitution()?;
        pieces.push(Piece::Process { script, output: byte == b'>' });
        Ok(())
    }

    /// `(` inside a word: a pattern's, a regular expression's or an array's; false where it ends the word.
    fn parenthesis_in_word(&mut self, role: Role, building: &mut Building) -> Result<bool, Unread> {
        let pieces = &mut building.pieces;
        if role == Role::Regex {
            self.balanced(pieces)?;
            return Ok(true);
        }
        let before = match pieces.last() {
            Some(Piece::Text { text, quoted: false }) => text.as_str(),
            Some(_) | None => "",
        };
        if role == Role::Declared && is_array_start(pieces) {
            self.flattened_array(pieces)?;
            return Ok(true);
        }
        if before.ends_with(['?', '*', '+', '@', '!']) {
            self.pattern(pieces)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// `@( … )`: the character before the parenthesis is already in the text.
    fn pattern(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        let mut inner = Vec::new();
        if let Some(Piece::Text { text, .. }) = pieces.last_mut() {
            let sign = text.pop().map(String::from).unwrap_or_default();
            if text.is_empty() {
                pieces.pop();
            }
            push_text(&mut inner, &sign, false);
        }
        if self.second() == Some(b')') {
            return self.fail("an empty pattern may be a function's parentheses");
        }
        self.balanced(&mut inner)?;
        pieces.push(Piece::Pattern(inner));
        Ok(())
    }

    /// From a parenthesis to its partner; blanks and operators between mean themselves.
    fn balanced(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        let mut depth = 0_usize;
        loop {
            self.plain_run(pieces)?;
            let Some(byte) = self.byte() else { return self.fail("a pattern is not closed") };
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' | b'\'' | b'"' | b'$' | b'`' => {
                    self.part(byte, pieces)?;
                    continue;
                }
                b'<' | b'>' if self.second() == Some(b'(') => return self.fail("a process substitution in a pattern"),
                b'\0' => return self.fail("a NUL"),
                _ => {}
            }
            self.literal_byte(pieces);
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// After a name: `[ … ]` as a subscript if an assignment follows, else as text.
    fn maybe_subscript(&mut self, building: &mut Building) -> Result<(), Unread> {
        if !plain(&building.pieces).is_some_and(is_name) {
            self.literal_byte(&mut building.pieces);
            return Ok(());
        }
        let subscript = self.bracketed(Quote::None)?;
        let assigns = self.peek() == Some(b'=') || self.peek() == Some(b'+') && self.second() == Some(b'=');
        if assigns {
            self.no_quoted_code(&subscript)?;
            building.subscript = Some(subscript);
            return Ok(());
        }
        push_text(&mut building.pieces, "[", false);
        building.pieces.extend(subscript);
        push_text(&mut building.pieces, "]", false);
        Ok(())
    }

    /// At an array element's start: `[key]=`, whose brackets are no pattern, or any other word.
    fn maybe_key(&mut self, building: &mut Building) -> Result<(), Unread> {
        let start = self.pos;
        let key = self.bracketed(Quote::None)?;
        let assigns = self.peek() == Some(b'=') || self.peek() == Some(b'+') && self.second() == Some(b'=');
        if !assigns {
            self.pos = start;
            self.literal_byte(&mut building.pieces);
            return Ok(());
        }
        self.no_quoted_code(&key)?;
        push_text(&mut building.pieces, "[", true);
        building.pieces.extend(key);
        push_text(&mut building.pieces, "]", true);
        Ok(())
    }

    /// `NAME=…`: stands at the `=`.
    fn assign(&mut self, building: Building) -> Result<Assign, Unread> {
        let text = plain(&building.pieces).unwrap_or_default();
        let append = text.ends_with('+');
        let name = text.trim_end_matches('+').to_owned();
        let subscript = building.subscript.map(|pieces| Word { pieces, span: None });
        self.pos += 1;
        let compound = self.peek() == Some(b'(');
        let values = if compound { self.array()? } else { vec![self.value()?] };
        if compound && !ends_word(self.peek()) {
            return self.fail("a word goes on behind an array");
        }
        let array = compound || subscript.is_some();
        Ok(Assign { name, subscript, values, append, array, span: self.span(building.start) })
    }

    fn value(&mut self) -> Result<Word, Unread> {
        let mut building = self.building();
        self.parts(Role::Value, &mut building)?;
        let mut pieces = building.pieces;
        self.find_tildes(&mut pieces, Role::Value)?;
        Ok(Word { pieces, span: Some(self.span(building.start)) })
    }

    /// `( … )` after `NAME=`.
    fn array(&mut self) -> Result<Vec<Word>, Unread> {
        self.expect(b'(', "`(` was expected")?;
        let mut values = Vec::new();
        loop {
            self.linebreak()?;
            if self.eat(b')') {
                return Ok(values);
            }
            values.push(self.word(Role::Element)?);
        }
    }

    /// An array as an argument of `declare`: its elements become parts of the word.
    fn flattened_array(&mut self, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        push_text(pieces, "(", true);
        for (index, value) in self.array()?.into_iter().enumerate() {
            if index > 0 {
                push_text(pieces, " ", true);
            }
            pieces.extend(value.pieces);
        }
        push_text(pieces, ")", true);
        Ok(())
    }
}

/// Whether what was read up to a `=` is a name, with a subscript or `+` at most.
fn is_assignment(building: &Building) -> bool {
    plain(&building.pieces).is_some_and(|text| is_name(text.strip_suffix('+').unwrap_or(text)))
}

/// Whether a word so far is `NAME=` or `NAME+=`.
fn is_array_start(pieces: &[Piece]) -> bool {
    let name = plain(pieces).and_then(|text| text.strip_suffix('='));
    name.is_some_and(|name| is_name(name.strip_suffix('+').unwrap_or(name)))
}

/// Whether a word before a redirection is `{NAME}` or `{NAME[…]}`.
fn names_descriptor_variable(text: &str) -> bool {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|inner| is_name(inner.split('[').next().unwrap_or(inner)))
}
