//! Reads values as Python prints them: what many tools return. In: a text. Out: its pieces, or nothing where any of it is
//! something else.
//!
//! Literals, calls with literals in them (`datetime(2024, 5, 1)`, `Mail(id='3')`), members of enumerations, and the fields of
//! one object (`id='3' sender='a'`). It evaluates nothing. As YAML reads single quotes otherwise, whoever writes a string
//! could make fields of it there: this reader goes first.

use std::borrow::Cow;

use crate::origin::pieces::Piece;

/// Values in each other that are followed.
const MAX_DEPTH: usize = 64;

/// Calls whose arguments are numbers, and that stand for one value.
const MOMENTS: [&str; 5] = ["datetime", "date", "time", "timedelta", "timezone"];

/// The pieces of what Python printed: one value, one value a line, or one object's fields.
pub(crate) fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut read = Read { text, at: 0, found: Vec::new() };
    if read.begins_with_field() {
        return read.object();
    }
    let mut values = 0;
    let mut starts = Vec::new();
    loop {
        read.blank();
        if read.rest().is_empty() {
            break;
        }
        // A further one begins a line.
        let before = read.text.get(..read.at).unwrap_or_default();
        if values > 0 && !before.trim_end_matches([' ', '\t', '\r']).ends_with('\n') {
            return None;
        }
        starts.push(read.found.len());
        read.value(0)?;
        values += 1;
    }
    let opens = starts.iter().all(|start| matches!(read.found.get(*start), Some(Piece::List | Piece::Fields)));
    match values {
        0 => None,
        1 => Some(read.found),
        _ if opens => Some([Piece::List].into_iter().chain(read.found).chain([Piece::End]).collect()),
        _ => None,
    }
}

struct Read<'a> {
    text: &'a str,
    at: usize,
    found: Vec<Piece<'a>>,
}

impl<'a> Read<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes these letters, where they come next.
    fn takes(&mut self, wanted: &str) -> bool {
        self.blank();
        let there = self.rest().starts_with(wanted);
        self.at += if there { wanted.len() } else { 0 };
        there
    }

    fn while_letters(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|letter| !fits(letter)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn word(&mut self) -> &'a str {
        self.while_letters(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.')
    }

    /// Whether a name and `=` come next.
    fn begins_with_field(&self) -> bool {
        let rest = self.rest().trim_start();
        let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        end > 0
            && !rest.starts_with(|letter: char| letter.is_ascii_digit())
            && rest.get(end..).is_some_and(|rest| rest.starts_with('='))
    }

    /// `id='3' sender='a'`, to the text's end.
    fn object(mut self) -> Option<Vec<Piece<'a>>> {
        self.found.push(Piece::Fields);
        loop {
            self.blank();
            if self.rest().is_empty() {
                self.found.push(Piece::End);
                return Some(self.found);
            }
            self.field(0)?;
            let ended = self.rest().is_empty() || self.rest().starts_with(char::is_whitespace) || self.takes(",");
            if !ended {
                return None;
            }
        }
    }

    /// A name, `=` and a value.
    fn field(&mut self, depth: usize) -> Option<()> {
        if !self.begins_with_field() {
            return None;
        }
        self.blank();
        let name = self.while_letters(|letter| letter.is_alphanumeric() || letter == '_');
        self.found.push(Piece::Scalar(Cow::Borrowed(name)));
        self.takes("=").then_some(())?;
        self.value(depth)
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.blank();
        match self.rest().chars().next()? {
            '[' => self.list(depth, "[", "]"),
            '(' => self.list(depth, "(", ")"),
            '{' => self.fields(depth),
            '<' => self.member(depth),
            '\'' | '"' => self.string(),
            'b' | 'u' if matches!(self.rest().as_bytes().get(1), Some(b'\'' | b'"')) => {
                self.at += 1;
                self.string()
            }
            letter if letter.is_ascii_digit() || matches!(letter, '-' | '.') => {
                let number =
                    self.while_letters(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '+' | '_'));
                self.found.push(Piece::Scalar(Cow::Borrowed(number)));
                Some(())
            }
            letter if letter.is_alphabetic() || letter == '_' => self.named(depth),
            _ => None,
        }
    }

    fn list(&mut self, depth: usize, open: &str, close: &str) -> Option<()> {
        self.takes(open).then_some(())?;
        self.found.push(Piece::List);
        self.items(depth, close, Read::value)
    }

    /// Values with commas between them, up to the closing sign.
    fn items(&mut self, depth: usize, close: &str, one: impl Fn(&mut Read<'a>, usize) -> Option<()>) -> Option<()> {
        while !self.takes(close) {
            one(self, depth + 1)?;
            if !self.takes(",") {
                self.takes(close).then_some(())?;
                break;
            }
        }
        self.found.push(Piece::End);
        Some(())
    }

    /// A dictionary or a set.
    fn fields(&mut self, depth: usize) -> Option<()> {
        self.takes("{").then_some(())?;
        let open = self.found.len();
        self.found.push(Piece::Fields);
        if self.takes("}") {
            self.found.push(Piece::End);
            return Some(());
        }
        self.value(depth + 1)?;
        if self.takes(":") {
            // A name is one value.
            matches!(self.found.get(open + 1), Some(Piece::Scalar(_))).then_some(())?;
            self.value(depth + 1)?;
            if self.takes(",") {
                return self.items(depth, "}", Read::pair);
            }
        } else {
            *self.found.get_mut(open)? = Piece::List;
            if self.takes(",") {
                return self.items(depth, "}", Read::value);
            }
        }
        self.takes("}").then_some(())?;
        self.found.push(Piece::End);
        Some(())
    }

    fn pair(&mut self, depth: usize) -> Option<()> {
        let name = self.found.len();
        self.value(depth)?;
        matches!(self.found.get(name), Some(Piece::Scalar(_))).then_some(())?;
        self.takes(":").then_some(())?;
        self.value(depth)
    }

    /// `<Status.sent: 'sent'>`
    fn member(&mut self, depth: usize) -> Option<()> {
        self.takes("<").then_some(())?;
        let name = self.word();
        (!name.is_empty() && self.takes(":")).then_some(())?;
        self.value(depth + 1)?;
        self.takes(">").then_some(())
    }

    /// `None`, `Status.sent`, `datetime.date(2024, 5, 1)`, `Decimal('1')`, `Mail(id='3')`
    fn named(&mut self, depth: usize) -> Option<()> {
        let start = self.at;
        let name = self.word();
        if !self.rest().starts_with('(') {
            self.found.push(Piece::Scalar(Cow::Borrowed(name)));
            return Some(());
        }
        self.takes("(").then_some(())?;
        let open = self.found.len();
        if self.begins_with_field() {
            self.found.push(Piece::Fields);
            self.items(depth, ")", Read::field)?;
        } else {
            self.found.push(Piece::List);
            self.items(depth, ")", Read::argument)?;
        }
        let moment = MOMENTS.contains(&name.rsplit('.').next().unwrap_or(name));
        if moment {
            self.found.truncate(open);
            self.found.push(Piece::Scalar(Cow::Borrowed(self.text.get(start..self.at)?)));
            return Some(());
        }
        // One argument is the value itself; of several nobody says what they are.
        let fields = matches!(self.found.get(open), Some(Piece::Fields));
        let alone = self.found.len() == open + 3;
        match (fields, alone) {
            (true, _) => Some(()),
            (false, true) => {
                self.found.pop();
                self.found.remove(open);
                Some(())
            }
            (false, false) => None,
        }
    }

    /// An argument of a call, with or without a name.
    fn argument(&mut self, depth: usize) -> Option<()> {
        if self.begins_with_field() { self.field(depth) } else { self.value(depth) }
    }

    fn string(&mut self) -> Option<()> {
        let rest = self.rest();
        let quote = rest.chars().next()?;
        let body = rest.get(1..)?;
        let end = body.char_indices().scan(false, |escaped, (at, letter)| {
            let ends = letter == quote && !*escaped;
            *escaped = letter == '\\' && !*escaped;
            Some((at, ends, letter))
        });
        let end = end.take_while(|(_, _, letter)| *letter != '\n').find(|(_, ends, _)| *ends).map(|(at, _, _)| at)?;
        let inside = body.get(..end)?;
        self.at += end + 2;
        let value = if inside.contains('\\') { Cow::Owned(unescaped(inside)?) } else { Cow::Borrowed(inside) };
        self.found.push(Piece::Scalar(value));
        Some(())
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let coded = |letters: &mut std::str::Chars<'_>, digits: usize| {
            let code: String = letters.take(digits).collect();
            (code.len() == digits).then(|| u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)).flatten()
        };
        out.push(match letters.next()? {
            same @ ('\\' | '\'' | '"') => same,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'x' => coded(&mut letters, 2)?,
            'u' => coded(&mut letters, 4)?,
            'U' => coded(&mut letters, 8)?,
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces as text: `[`, `{`, `)` and values in bars.
    fn read(text: &str) -> String {
        let show = |piece: Piece<'_>| match piece {
            Piece::List => "[".to_owned(),
            Piece::Fields => "{".to_owned(),
            Piece::End => ")".to_owned(),
            Piece::Scalar(value) => format!("|{value}|"),
        };
        pieces(text).map_or_else(|| "nothing".to_owned(), |pieces| pieces.into_iter().map(show).collect())
    }

    #[test]
    fn what_python_prints_is_read() {
        for (text, wanted) in [
            ("[{'id': '3', 'sender': 'a@b.c'}]", "[{|id||3||sender||a@b.c|))"),
            (r#"{'a': "it's", 'b': 'say \'no\'\n', 'c': None}"#, "{|a||it's||b||say 'no'\n||c||None|)"),
            (
                "{'at': datetime.datetime(2024, 5, 1, 10, 0), 'n': -1.5e3}",
                "{|at||datetime.datetime(2024, 5, 1, 10, 0)||n||-1.5e3|)",
            ),
            ("[Mail(id='3', status=<Status.sent: 'sent'>)]", "[{|id||3||status||sent|))"),
            ("id='3' to=['a', 'b'] size=Decimal('1.0')", "{|id||3||to|[|a||b|)|size||1.0|)"),
            ("{'a', 'b'}", "[|a||b|)"),
            ("(1, 2,)", "[|1||2|)"),
            ("{}", "{)"),
            ("{'a': 1}\n{'a': 2}\n", "[{|a||1|){|a||2|))"),
            (r"['\u00e4\x41']", "[|äA|)"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in [
            "",
            "hello there",
            "[1, 2",
            "{'a' 'b'}",
            "{'a': 'b' 'c'}",
            "['a\nb']",
            "{['a']: 1}",
            "{'a': __import__('os', 'b')}",
            "{'a': 1} {'a': 2}",
            "['\\q']",
            "lambda: 1",
            "[1] and [2]",
            "id='3' and more",
        ] {
            assert_eq!(read(text), "nothing", "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), "nothing");
        assert_eq!(read(&format!("{}{}", "[".repeat(1_000), "]".repeat(1_000))), "nothing");
    }
}
