//! PowerShell's text into commands of words: quotes, escapes, variables, blocks and brackets.

use crate::invocation::{UNKNOWN, Word};

/// A piece of a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// A word. A quoted one that begins the command keeps its quotes, for then it is a value.
    Word(Word),
    /// `&`, `.`, `=`, `+=`.
    Operator(String),
    /// A script block; its text is among the command's blocks.
    Block,
}

/// One command of a pipeline.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    pub(super) words: Vec<Piece>,
    /// Texts of the blocks, brackets and sub-expressions in it: they run as well.
    pub(super) blocks: Vec<String>,
    /// Files its output goes to, and whether it is added.
    pub(super) outputs: Vec<(Word, bool)>,
    /// Whether its output goes to the next.
    pub(super) piped: bool,
    /// Whether it begins with a variable that says what programs load.
    pub(super) loader: bool,
}

/// What a text holds.
pub(super) struct Read {
    pub(super) commands: Vec<Command>,
    /// Whether something never ended.
    pub(super) unsure: bool,
}

/// Tables in tables.
const MAX_DEPTH: usize = 6;

/// The commands of a text.
pub(super) fn commands(text: &str) -> Read {
    commands_at(text, 0)
}

fn commands_at(text: &str, depth: usize) -> Read {
    let mut lexer = Lexer { text, at: 0, depth, commands: Vec::new(), command: Command::default(), unsure: depth > MAX_DEPTH };
    while lexer.at < text.len() && depth <= MAX_DEPTH {
        let before = lexer.at;
        lexer.step();
        // Every step takes something, and ends where a character does.
        lexer.unsure |= lexer.at == before;
        lexer.at += usize::from(lexer.at == before);
        while !text.is_char_boundary(lexer.at.min(text.len())) {
            lexer.at += 1;
        }
    }
    lexer.end(false);
    Read { commands: lexer.commands, unsure: lexer.unsure }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    commands: Vec<Command>,
    command: Command,
    unsure: bool,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn end(&mut self, piped: bool) {
        let mut command = std::mem::take(&mut self.command);
        command.piped = piped;
        if !command.words.is_empty() || !command.blocks.is_empty() || !command.outputs.is_empty() {
            self.commands.push(command);
        }
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        if rest.starts_with("<#") {
            self.at += rest.find("#>").map_or(rest.len(), |end| end + 2);
        } else if first == '#' {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("`\n") || rest.starts_with("`\r\n") {
            self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
        } else if rest.starts_with("&&") || rest.starts_with("||") {
            self.at += 2;
            self.end(false);
        } else if matches!(first, ';' | '\n') {
            self.at += 1;
            self.end(false);
        } else if first == '|' {
            self.at += 1;
            self.end(true);
        } else if matches!(first, '}' | ')') {
            self.at += 1;
            self.unsure = true;
        } else if first == '{' {
            let block = self.balanced('{', '}');
            self.command.blocks.push(block);
            self.command.words.push(Piece::Block);
        } else if first.is_whitespace() || first == ',' {
            self.at += first.len_utf8();
        } else if first == '&' || (first == '.' && rest.get(1..).is_some_and(|rest| rest.starts_with(char::is_whitespace))) {
            self.at += 1;
            self.command.words.push(Piece::Operator(first.to_string()));
        } else if !self.redirection(rest) && !self.assignment(rest) {
            self.word();
        }
    }

    /// `> file`, `2>> file`, `*>&1`.
    fn redirection(&mut self, rest: &str) -> bool {
        let stream = rest.trim_start_matches(|character: char| character.is_ascii_digit() || character == '*');
        let digits = rest.len() - stream.len();
        if digits > 1 || !stream.starts_with('>') {
            return false;
        }
        let appends = stream.starts_with(">>");
        self.at += digits + 1 + usize::from(appends);
        if self.rest().starts_with('&') {
            self.at += 1;
            let stream = self.rest().chars().next().filter(char::is_ascii_digit);
            self.at += usize::from(stream.is_some());
            return true;
        }
        let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        self.at += blank;
        let before = self.command.words.len();
        self.word();
        if let Some(Piece::Word(target)) = self.command.words.get(before).cloned() {
            self.command.words.truncate(before);
            let null = target.text.eq_ignore_ascii_case("nul") || target.text.eq_ignore_ascii_case("/dev/null");
            if !null && target.text != NULL {
                self.command.outputs.push((target, appends));
            }
        }
        true
    }

    /// `=`, `+=` after the first word.
    fn assignment(&mut self, rest: &str) -> bool {
        let sign: String = rest.chars().take_while(|character| "+-*/%?=".contains(*character)).collect();
        let alone = sign.ends_with('=') && sign.len() <= 3 && self.command.words.len() == 1;
        if alone {
            self.at += sign.len();
            self.command.words.push(Piece::Operator(sign));
        }
        alone
    }

    /// A word with its quotes, up to a blank or a sign that ends it.
    fn word(&mut self) {
        let start = self.at;
        let begins = self.command.words.is_empty()
            || matches!(self.command.words.last(), Some(Piece::Operator(sign)) if sign.ends_with('='));
        let mut text = String::new();
        while let Some(first) = self.rest().chars().next() {
            match first {
                '\'' | '"' => {
                    let quoted = self.quoted(first);
                    if begins && text.is_empty() {
                        text.push(first);
                    }
                    text.push_str(&quoted);
                }
                '$' => self.variable(&mut text),
                '@' if matches!(self.rest().chars().nth(1), Some('(' | '{' | '\'' | '"')) => self.collection(&mut text),
                '(' => {
                    let inside = self.balanced('(', ')');
                    // What is called with these keeps its words; they run as well.
                    text.push('(');
                    text.push_str(if inside.contains('$') { "$" } else { &inside });
                    text.push(')');
                    self.command.blocks.push(inside);
                }
                '`' => {
                    self.at += 1;
                    let next = self.rest().chars().next();
                    text.extend(next);
                    self.at += next.map_or(0, char::len_utf8);
                }
                '{' if text.starts_with(UNKNOWN) || text.starts_with('[') => break,
                ';' | '|' | '\n' | '}' | ')' | '{' | ',' | '&' | '>' => break,
                '=' if begins && text.starts_with(UNKNOWN) => break,
                _ if first.is_whitespace() => break,
                _ => {
                    text.push(first);
                    self.at += first.len_utf8();
                }
            }
        }
        if self.at == start {
            // Nothing took the sign: it must not be seen again.
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
            self.unsure = true;
            return;
        }
        self.command.words.push(Piece::Word(Word::literal(text, None)));
    }

    /// `$name`, `${name}`, `$env:NAME`, `$(…)`.
    fn variable(&mut self, text: &mut String) {
        self.at += 1;
        match self.rest().chars().next() {
            Some('(') => {
                let inside = self.balanced('(', ')');
                self.command.blocks.push(inside);
                text.push(UNKNOWN);
            }
            Some('{') => {
                let name = self.balanced('{', '}');
                text.push_str(&value(&name));
            }
            Some(_) | None => {
                let name = variable_name(self.rest());
                self.at += name.len();
                let lower = name.to_ascii_lowercase();
                let loads =
                    ["env:path", "env:ld_", "env:psmodulepath", "env:dyld_", "env:node_options", "env:python", "env:perl5"];
                self.command.loader |= self.command.words.is_empty() && loads.iter().any(|start| lower.starts_with(start));
                text.push_str(&value(name));
            }
        }
    }

    /// `@(…)`, `@{…}`, and texts over several lines.
    fn collection(&mut self, text: &mut String) {
        self.at += 1;
        match self.rest().chars().next() {
            Some('(') => {
                let inside = self.balanced('(', ')');
                self.command.blocks.push(inside);
            }
            Some('{') => {
                // Keys are no commands; what stands in brackets beside them is.
                let inside = self.balanced('{', '}');
                let read = commands_at(&inside, self.depth + 1);
                self.unsure |= read.unsure;
                self.command.blocks.extend(read.commands.into_iter().flat_map(|command| command.blocks));
            }
            Some(quote) => {
                let end = format!("\n{quote}@");
                let rest = self.rest();
                let length = rest.find(&end);
                self.unsure |= length.is_none();
                let body = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
                if quote == '"' && body.contains("$(") {
                    self.unsure = true;
                }
                self.at += length.map_or(rest.len(), |length| length + end.len());
            }
            None => {}
        }
        text.push(UNKNOWN);
    }

    /// A quoted text; in double quotes variables are not known and sub-expressions run.
    fn quoted(&mut self, quote: char) -> String {
        self.at += 1;
        let mut text = String::new();
        while let Some(first) = self.rest().chars().next() {
            let doubled = self.rest().get(1..).is_some_and(|rest| rest.starts_with(quote));
            if first == quote && doubled {
                text.push(quote);
                self.at += 2;
            } else if first == quote {
                self.at += 1;
                return text;
            } else if quote == '"' && first == '$' {
                self.variable(&mut text);
            } else if quote == '"' && first == '`' {
                self.at += 1;
                let next = self.rest().chars().next();
                text.extend(next);
                self.at += next.map_or(0, char::len_utf8);
            } else {
                text.push(first);
                self.at += first.len_utf8();
            }
        }
        self.unsure = true;
        text
    }

    /// What stands in brackets, without them; quotes inside are stepped over.
    fn balanced(&mut self, open: char, close: char) -> String {
        let rest = self.rest();
        let (mut depth, mut quote) = (0_usize, None);
        for (at, character) in rest.char_indices() {
            match (quote, character) {
                (Some(mark), _) if character == mark => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(character),
                (None, _) if character == open => depth += 1,
                (None, _) if character == close => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += at + close.len_utf8();
                        return rest.get(open.len_utf8()..at).unwrap_or_default().to_owned();
                    }
                }
                (None, _) => {}
            }
        }
        self.unsure = true;
        self.at = self.text.len();
        rest.get(open.len_utf8()..).unwrap_or_default().to_owned()
    }
}

/// What `$null` is written as here.
pub(super) const NULL: &str = "/dev/null";

fn variable_name(rest: &str) -> &str {
    let end =
        rest.find(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | ':' | '?')).unwrap_or(rest.len());
    rest.get(..end.max(usize::from(rest.starts_with(['$', '^'])))).unwrap_or_default()
}

/// A variable's value where it is the same everywhere.
fn value(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "home" | "env:home" | "env:userprofile" => "~".to_owned(),
        "null" => NULL.to_owned(),
        "true" | "false" => name.to_owned(),
        "env:temp" | "env:tmp" | "env:tmpdir" => "/tmp".to_owned(),
        "pwd" => ".".to_owned(),
        _ => UNKNOWN.to_string(),
    }
}
