//! Code into names, strings and signs. Comments are dropped, interpolated code is read as code after its string.

use crate::invocation::UNKNOWN;

/// Strings inside strings inside strings.
const MAX_DEPTH: usize = 6;

/// A language whose words we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    JavaScript,
    Perl,
    Ruby,
    Php,
    Awk,
    Lua,
}

impl Language {
    pub(super) fn named(name: &str) -> Option<Language> {
        Some(match name {
            "python" => Language::Python,
            "javascript" | "typescript" => Language::JavaScript,
            "perl" => Language::Perl,
            "ruby" => Language::Ruby,
            "php" => Language::Php,
            "awk" => Language::Awk,
            "lua" => Language::Lua,
            _ => return None,
        })
    }

    /// Whether `/` may begin a pattern, so that strings may be misread.
    pub(super) fn has_patterns(self) -> bool {
        matches!(self, Language::JavaScript | Language::Perl | Language::Ruby | Language::Awk)
    }

    /// Whether a call needs no parentheses.
    pub(super) fn calls_without_parens(self) -> bool {
        matches!(self, Language::Perl | Language::Ruby | Language::Awk | Language::Lua | Language::Php)
    }

    fn comment(self, rest: &str) -> bool {
        match self {
            Language::Python | Language::Perl | Language::Ruby | Language::Awk => rest.starts_with('#'),
            Language::Php => rest.starts_with('#') || rest.starts_with("//"),
            Language::JavaScript => rest.starts_with("//"),
            Language::Lua => rest.starts_with("--"),
        }
    }

    fn block_comment(self) -> bool {
        matches!(self, Language::JavaScript | Language::Php)
    }
}

/// One piece of code.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name with its path: `os.remove`, `.unlink` after a value.
    Name(String),
    /// A string; [`UNKNOWN`] stands for what is put into it.
    Text(String),
    /// A string that a shell runs (backquotes, `qx`, `%x`).
    Command(String),
    /// Anything else.
    Sign(char),
}

/// The tokens of a code.
pub(super) struct Tokens {
    /// In order; a line's end is a `Sign('\n')`.
    pub(super) list: Vec<Token>,
    /// Whether a string never ended, or strings nest too deep.
    pub(super) unsure: bool,
}

pub(super) fn tokens(language: Language, code: &str) -> Tokens {
    let mut lexer = Lexer { language, list: Vec::new(), later: Vec::new(), unsure: false };
    lexer.run(code, 0);
    lexer.list.append(&mut lexer.later);
    Tokens { list: lexer.list, unsure: lexer.unsure }
}

struct Lexer {
    language: Language,
    list: Vec<Token>,
    /// Code that stands in strings: its order does not matter to a shallow look.
    later: Vec<Token>,
    unsure: bool,
}

impl Lexer {
    fn run(&mut self, code: &str, depth: usize) {
        if depth > MAX_DEPTH {
            self.unsure = true;
            return;
        }
        let mut rest = code;
        while let Some(first) = rest.chars().next() {
            let used = self.step(rest, first, depth).max(first.len_utf8());
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    /// Takes one token; how many bytes it took.
    fn step(&mut self, rest: &str, first: char, depth: usize) -> usize {
        if self.language.comment(rest) {
            return rest.find('\n').unwrap_or(rest.len());
        }
        if self.language.block_comment() && rest.starts_with("/*") {
            return rest.find("*/").map_or(rest.len(), |end| end + 2);
        }
        if first == '\n' {
            self.list.push(Token::Sign('\n'));
            return 1;
        }
        if first.is_whitespace() {
            return first.len_utf8();
        }
        if first.is_alphabetic() || first == '_' {
            return self.word(rest, depth);
        }
        if matches!(first, '\'' | '"' | '`') {
            return self.string(rest, first, "", depth);
        }
        if let Some(used) = self.percent_string(rest, depth).or_else(|| self.pattern(rest)) {
            return used;
        }
        if first == '.' && self.after_value() && rest.chars().nth(1).is_some_and(|next| next.is_alphabetic() || next == '_') {
            let name = name(rest.get(1..).unwrap_or_default());
            self.list.push(Token::Name(format!(".{}", dotted(name))));
            return 1 + name.len();
        }
        self.list.push(Token::Sign(first));
        first.len_utf8()
    }

    /// A name, or the letters before a string.
    fn word(&mut self, rest: &str, depth: usize) -> usize {
        let plain = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (letters, after) = rest.split_at(plain);
        let quote = after.chars().next().unwrap_or(' ');
        if self.language == Language::Python
            && plain <= 2
            && matches!(quote, '\'' | '"')
            && letters.chars().all(|c| "rRbBfFuUtT".contains(c))
        {
            return plain + self.string(after, quote, letters, depth);
        }
        if matches!(self.language, Language::Perl)
            && matches!(letters, "q" | "qq" | "qx" | "qw")
            && matches!(quote, '{' | '(' | '[' | '<' | '/' | '|' | '!')
        {
            return plain + self.delimited(after, quote, letters == "qx", letters != "q", depth);
        }
        let name = name(rest);
        self.list.push(Token::Name(dotted(name)));
        name.len()
    }

    /// A quoted string; how many bytes it took.
    fn string(&mut self, rest: &str, quote: char, prefix: &str, depth: usize) -> usize {
        let triple = quote.to_string().repeat(3);
        let closing = if self.language == Language::Python && rest.starts_with(&triple) { triple } else { quote.to_string() };
        let raw = prefix.contains(['r', 'R']);
        let interpolates = match self.language {
            Language::Python => prefix.contains(['f', 'F', 't', 'T']),
            Language::JavaScript => quote == '`',
            Language::Perl | Language::Ruby | Language::Php => quote != '\'',
            Language::Awk | Language::Lua => false,
        };
        let body_start = closing.len();
        let (body, used) = self.until(rest.get(body_start..).unwrap_or_default(), &closing);
        let command = quote == '`' && matches!(self.language, Language::Perl | Language::Ruby | Language::Php);
        self.finish(&body, raw, interpolates, command, depth);
        body_start + used
    }

    /// Text up to a closing mark that no backslash precedes, and the bytes up to its end.
    fn until(&mut self, text: &str, closing: &str) -> (String, usize) {
        let mut escaped = false;
        for (at, character) in text.char_indices() {
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if text.get(at..).is_some_and(|rest| rest.starts_with(closing)) {
                return (text.get(..at).unwrap_or_default().to_owned(), at + closing.len());
            }
        }
        self.unsure = true;
        (text.to_owned(), text.len())
    }

    /// `%x{…}`, `%q(…)` of Ruby.
    fn percent_string(&mut self, rest: &str, depth: usize) -> Option<usize> {
        let after = rest.strip_prefix('%').filter(|_| self.language == Language::Ruby)?;
        let kind = after.chars().next().filter(|kind| "xqQwW".contains(*kind))?;
        let open = after.chars().nth(1).filter(|open| "{([<|!/".contains(*open))?;
        Some(2 + self.delimited(after.get(1..)?, open, kind == 'x', kind != 'q', depth))
    }

    fn delimited(&mut self, rest: &str, open: char, command: bool, interpolates: bool, depth: usize) -> usize {
        let close = match open {
            '{' => '}',
            '(' => ')',
            '[' => ']',
            '<' => '>',
            other => other,
        };
        let (body, used) = self.until(rest.get(1..).unwrap_or_default(), &close.to_string());
        self.finish(&body, false, interpolates, command, depth);
        1 + used
    }

    /// A pattern between slashes, where a value cannot stand.
    fn pattern(&mut self, rest: &str) -> Option<usize> {
        if !self.language.has_patterns() || !rest.starts_with('/') || self.after_value() {
            return None;
        }
        let line = rest.get(1..)?.split('\n').next()?;
        let mut escaped = false;
        let mut class = false;
        for (at, character) in line.char_indices() {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => class = true,
                ']' => class = false,
                '/' if !class => {
                    self.list.push(Token::Text(UNKNOWN.to_string()));
                    return Some(at + 2);
                }
                _ => {}
            }
        }
        None
    }

    fn after_value(&self) -> bool {
        match self.list.last() {
            Some(Token::Text(_) | Token::Command(_) | Token::Sign(')' | ']' | '}')) => true,
            Some(Token::Name(name)) => {
                !matches!(name.as_str(), "return" | "typeof" | "case" | "in" | "of" | "if" | "and" | "or" | "not" | "split")
            }
            Some(Token::Sign(sign)) => sign.is_ascii_digit(),
            None => false,
        }
    }

    /// Ends a string: escapes taken out, what is put into it read as code after it.
    fn finish(&mut self, body: &str, raw: bool, interpolates: bool, command: bool, depth: usize) {
        let (text, inside) = if interpolates { interpolated(self.language, body) } else { (body.to_owned(), Vec::new()) };
        let text = if raw { text } else { unescaped(&text) };
        self.list.push(if command { Token::Command(text) } else { Token::Text(text) });
        if inside.is_empty() {
            return;
        }
        // Read apart, so that it is no part of the expression around the string.
        let mut apart = Lexer { language: self.language, list: Vec::new(), later: Vec::new(), unsure: false };
        for code in inside {
            apart.list.push(Token::Sign(';'));
            apart.run(&code, depth + 1);
        }
        self.unsure |= apart.unsure;
        self.later.push(Token::Sign(';'));
        self.later.append(&mut apart.list);
        self.later.append(&mut apart.later);
    }
}

fn name(rest: &str) -> &str {
    let mut end = 0;
    let bytes = rest.as_bytes();
    loop {
        let part = rest.get(end..).unwrap_or_default();
        let length = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
        end += length;
        let joint = [".", "::", "->", "?."].iter().find(|joint| rest.get(end..).is_some_and(|rest| rest.starts_with(**joint)));
        let next = joint.and_then(|joint| rest.get(end + joint.len()..)).and_then(|rest| rest.chars().next());
        match joint {
            Some(joint) if length > 0 && next.is_some_and(|next| next.is_alphabetic() || next == '_') => end += joint.len(),
            Some(_) | None => break,
        }
    }
    rest.get(..end.min(bytes.len())).unwrap_or_default()
}

fn dotted(name: &str) -> String {
    name.replace("::", ".").replace("->", ".").replace("?.", ".")
}

/// A string's text with unknown stretches, and the code in it.
fn interpolated(language: Language, body: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut inside = Vec::new();
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let opens = match language {
            Language::Python => {
                if rest.starts_with("{{") {
                    0
                } else {
                    usize::from(first == '{')
                }
            }
            Language::JavaScript => {
                if rest.starts_with("${") {
                    2
                } else {
                    0
                }
            }
            Language::Ruby => {
                if rest.starts_with("#{") {
                    2
                } else {
                    0
                }
            }
            Language::Perl => {
                if rest.starts_with("${") || rest.starts_with("@{") {
                    2
                } else {
                    0
                }
            }
            Language::Php => {
                if rest.starts_with("{$") || rest.starts_with("${") {
                    2
                } else {
                    0
                }
            }
            Language::Awk | Language::Lua => 0,
        };
        if opens > 0 {
            let code = rest.get(opens..).unwrap_or_default();
            let end = closing_brace(code);
            inside.push(code.get(..end).unwrap_or_default().to_owned());
            text.push(UNKNOWN);
            rest = code.get((end + 1).min(code.len())..).unwrap_or_default();
            continue;
        }
        let variable = matches!(language, Language::Perl | Language::Php) && matches!(first, '$' | '@');
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        if variable && after.starts_with(|next: char| next.is_alphabetic() || next == '_') {
            text.push(UNKNOWN);
            let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
            rest = after.get(end..).unwrap_or_default();
            continue;
        }
        text.push(first);
        rest = after;
        let doubled = language == Language::Python && first == '{';
        if let Some(next) = rest.chars().next().filter(|_| first == '\\' || doubled) {
            text.extend(Some(next).filter(|_| !doubled));
            rest = rest.get(next.len_utf8()..).unwrap_or_default();
        }
    }
    (text, inside)
}

fn closing_brace(code: &str) -> usize {
    let mut depth = 0;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// Backslash escapes taken out; an escape by number is not known.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('\n') | None => {}
            Some('x' | 'u' | 'U' | 'N' | '0'..='7') => plain.push(UNKNOWN),
            Some(other) => plain.push(other),
        }
    }
    plain
}
