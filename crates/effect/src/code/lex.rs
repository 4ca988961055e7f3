//! Code into names, strings, numbers and signs. Comments are dropped, interpolated code is read as code after its string.
//!
//! Where a piece may be read in more than one way, the tokens are marked as odd: then they are a hint, never the whole.

mod interpolation;
mod quoted;

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

    /// Whether a dot joins names; elsewhere it puts strings together.
    fn dot_joins(self) -> bool {
        matches!(self, Language::Python | Language::JavaScript | Language::Ruby | Language::Lua)
    }

    fn comment(self, rest: &str) -> bool {
        match self {
            Language::Python | Language::Perl | Language::Ruby | Language::Awk => rest.starts_with('#'),
            Language::Php => (rest.starts_with('#') && !rest.starts_with("#[")) || rest.starts_with("//"),
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
    /// A string; [`crate::invocation::UNKNOWN`] stands for what is put into it.
    Text(String),
    /// A string that a shell runs (backquotes, `qx`, `%x`).
    Command(String),
    /// A number as written.
    Number(String),
    /// Anything else.
    Sign(char),
}

/// The tokens of a code.
pub(super) struct Tokens {
    /// In order; a line's end is a `Sign('\n')`.
    pub(super) list: Vec<Token>,
    /// Whether a string never ended, or strings nest too deep.
    pub(super) unsure: bool,
    /// Whether something can be read in more than one way.
    pub(super) odd: bool,
}

pub(super) fn tokens(language: Language, code: &str) -> Tokens {
    let mut lexer = Lexer::new(language);
    lexer.odd = has_odd_lines(language, code);
    lexer.run(code, 0);
    lexer.list.append(&mut lexer.later);
    lexer.odd |= !balanced(&lexer.list);
    Tokens { list: lexer.list, unsure: lexer.unsure, odd: lexer.odd }
}

/// Whether every bracket that opens closes: what does not is no code, or was misread.
fn balanced(tokens: &[Token]) -> bool {
    let mut open = Vec::new();
    for token in tokens {
        match token {
            Token::Sign('(') => open.push(')'),
            Token::Sign('[') => open.push(']'),
            Token::Sign('{') => open.push('}'),
            Token::Sign(sign @ (')' | ']' | '}')) if open.pop() != Some(*sign) => return false,
            Token::Sign(_) | Token::Name(_) | Token::Text(_) | Token::Command(_) | Token::Number(_) => {}
        }
    }
    open.is_empty()
}

/// Line ends that only some languages take as such, text that is no code (embedded pages, documentation, what follows
/// the program's end), and comments in old forms.
fn has_odd_lines(language: Language, code: &str) -> bool {
    let strange_end = |character: char| matches!(character, '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' | '\0');
    if code.replace("\r\n", "\n").contains('\r') || code.contains(strange_end) {
        return true;
    }
    let line_begins = |start: &str| code.starts_with(start) || code.contains(&format!("\n{start}"));
    match language {
        Language::JavaScript => code.contains("<!--") || code.contains("-->"),
        Language::Php => {
            let body = code.trim_start().strip_prefix("<?php").unwrap_or(code);
            body.contains("?>") || body.contains("<?") || body.contains("<<<") || body.contains("__halt_compiler")
        }
        Language::Perl => {
            let documentation = |(at, _): (usize, &str)| {
                code.get(at + 1..).and_then(|rest| rest.chars().next()).is_some_and(|next| next.is_ascii_alphabetic())
            };
            code.match_indices("\n=").any(|(at, found)| documentation((at + found.len() - 1, found)))
                || code.starts_with('=')
                || code.contains("__END__")
                || code.contains("__DATA__")
                || line_begins("format ")
        }
        Language::Ruby => line_begins("=begin") || code.contains("__END__"),
        Language::Lua => code.contains("--[") || code.contains("[[") || code.contains("[="),
        Language::Python | Language::Awk => false,
    }
}

struct Lexer {
    language: Language,
    list: Vec<Token>,
    /// Code that stands in strings: its order does not matter to a shallow look.
    later: Vec<Token>,
    unsure: bool,
    odd: bool,
}

impl Lexer {
    fn new(language: Language) -> Lexer {
        Lexer { language, list: Vec::new(), later: Vec::new(), unsure: false, odd: false }
    }

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
            return rest.get(2..).and_then(|body| body.find("*/")).map_or(rest.len(), |end| end + 4);
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
        if first.is_ascii_digit() {
            let number = number(rest);
            self.list.push(Token::Number(number.to_owned()));
            return number.len();
        }
        if let Some(used) = self.punctuation_variable(rest) {
            return used;
        }
        if matches!(first, '\'' | '"' | '`') {
            return self.string(rest, first, "", depth);
        }
        if let Some(used) = self.percent_string(rest, depth).or_else(|| self.pattern(rest, depth)) {
            return used;
        }
        let next = rest.chars().nth(1).unwrap_or(' ');
        if first == '.' && self.language.dot_joins() && self.after_value() && (next.is_alphabetic() || next == '_') {
            let name = name(self.language, rest.get(1..).unwrap_or_default());
            self.named(&format!(".{}", dotted(name)));
            return 1 + name.len();
        }
        self.sign(first, next);
        first.len_utf8()
    }

    fn sign(&mut self, sign: char, next: char) {
        let quote = matches!(next, '\'' | '"' | '`');
        self.odd |= match self.language {
            // A character written `?'`; text that follows the line; a string in a form that we do not read.
            Language::Ruby => {
                (sign == '?' && quote)
                    || (sign == '<' && matches!(self.list.last(), Some(Token::Sign('<'))) && !next.is_whitespace())
                    || (sign == '%' && !self.after_value())
            }
            Language::Perl => {
                let document = matches!(self.list.last(), Some(Token::Sign('<'))) && (next == '~' || next.is_alphabetic());
                sign == '<' && (quote || document)
            }
            Language::JavaScript => sign == '\\' || sign == '#',
            Language::Python => (sign == '\\' && next != '\n') || matches!(sign, '`' | '?'),
            Language::Php | Language::Awk | Language::Lua => false,
        };
        self.list.push(Token::Sign(sign));
    }

    /// `$/`, `$'`, `$#` of Perl and Ruby: their sign opens nothing.
    fn punctuation_variable(&mut self, rest: &str) -> Option<usize> {
        if !matches!(self.language, Language::Perl | Language::Ruby) || !rest.starts_with('$') {
            return None;
        }
        let sign = rest.chars().nth(1).filter(|sign| "/\\,;.&'\"`+!@|#^?~<>:-".contains(*sign))?;
        // What Ruby loads from, and has loaded.
        self.odd |= self.language == Language::Ruby && matches!(sign, ':' | '"');
        self.odd |= sign == '^';
        self.list.push(Token::Sign('$'));
        self.list.push(Token::Name("_".to_owned()));
        Some(1 + sign.len_utf8())
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
        if self.language == Language::Perl
            && let Some(used) = self.quote_like(letters, after, depth)
        {
            return plain + used;
        }
        let name = name(self.language, rest);
        self.named(&dotted(name));
        name.len()
    }

    fn named(&mut self, name: &str) {
        // Letters that look like others, or that the language takes for others, are nobody's plain names.
        self.odd |= !name.is_ascii();
        self.list.push(Token::Name(name.to_owned()));
    }

    fn after_value(&self) -> bool {
        match self.list.last() {
            // In awk a brace ends a block, never a value.
            Some(Token::Sign('}')) if self.language == Language::Awk => false,
            Some(Token::Text(_) | Token::Command(_) | Token::Number(_) | Token::Sign(')' | ']' | '}')) => true,
            Some(Token::Name(name)) => !matches!(
                name.as_str(),
                "return"
                    | "typeof"
                    | "case"
                    | "in"
                    | "of"
                    | "if"
                    | "and"
                    | "or"
                    | "not"
                    | "split"
                    | "unless"
                    | "when"
                    | "print"
                    | "grep"
                    | "void"
                    | "delete"
                    | "throw"
                    | "else"
                    | "do"
                    | "yield"
                    | "await"
                    | "while"
                    | "until"
                    | "instanceof"
            ),
            Some(Token::Sign(_)) | None => false,
        }
    }
}

fn number(rest: &str) -> &str {
    let mut end = 0;
    for (at, character) in rest.char_indices() {
        let next = rest.get(at + 1..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
        if !(character.is_ascii_alphanumeric() || character == '_' || (character == '.' && next.is_ascii_digit())) {
            break;
        }
        end = at + 1;
    }
    rest.get(..end).unwrap_or_default()
}

fn name(language: Language, rest: &str) -> &str {
    let joints: &[&str] = if language.dot_joins() { &[".", "::", "?."] } else { &["::", "->"] };
    let mut end = 0;
    loop {
        let part = rest.get(end..).unwrap_or_default();
        let length = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
        end += length;
        let joint = joints.iter().find(|joint| rest.get(end..).is_some_and(|rest| rest.starts_with(**joint)));
        let next = joint.and_then(|joint| rest.get(end + joint.len()..)).and_then(|rest| rest.chars().next());
        match joint {
            Some(joint) if length > 0 && next.is_some_and(|next| next.is_alphabetic() || next == '_') => end += joint.len(),
            Some(_) | None => break,
        }
    }
    rest.get(..end).unwrap_or_default()
}

fn dotted(name: &str) -> String {
    name.replace("::", ".").replace("->", ".").replace("?.", ".")
}
