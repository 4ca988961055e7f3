//! Strings, patterns and the quoting words of Perl and Ruby into tokens.

use crate::invocation::UNKNOWN;

use super::interpolation::{closing_brace, interpolated, opens, unescaped};
use super::{Language, Lexer, Token};

impl Lexer {
    /// A quoted string; how many bytes it took.
    pub(super) fn string(&mut self, rest: &str, quote: char, prefix: &str, depth: usize) -> usize {
        let triple = quote.to_string().repeat(3);
        let long = self.language == Language::Python && rest.starts_with(&triple);
        let closing = if long { triple } else { quote.to_string() };
        let raw = prefix.contains(['r', 'R']) || (self.language == Language::Php && quote == '\'');
        let interpolates = match self.language {
            Language::Python => prefix.contains(['f', 'F', 't', 'T']),
            Language::JavaScript => quote == '`',
            Language::Perl | Language::Ruby | Language::Php => quote != '\'',
            Language::Awk | Language::Lua => false,
        };
        let body_start = closing.len();
        let (body, used) = self.until(rest.get(body_start..).unwrap_or_default(), &closing, interpolates);
        let one_line = match self.language {
            Language::Python => !long,
            Language::JavaScript => quote != '`',
            Language::Awk | Language::Lua => true,
            Language::Perl | Language::Ruby | Language::Php => false,
        };
        // A line's end inside is a mistake there, and the string may end elsewhere than it seems.
        self.odd |= one_line && body.replace("\\\n", "").contains('\n');
        // In awk a single quote opens nothing, in Lua a backquote neither.
        self.odd |= matches!((self.language, quote), (Language::Awk, '\'' | '`') | (Language::Lua | Language::Python, '`'));
        let command = quote == '`' && matches!(self.language, Language::Perl | Language::Ruby | Language::Php);
        self.finish(&body, raw, interpolates, command, depth);
        body_start + used
    }

    /// Text up to a closing mark that no backslash precedes and no interpolated code holds, and the bytes up to its end.
    fn until(&mut self, text: &str, closing: &str, interpolates: bool) -> (String, usize) {
        let mut escaped = false;
        let mut skip = 0;
        for (at, character) in text.char_indices() {
            if at < skip {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let opened = if interpolates && !escaped { opens(self.language, rest) } else { 0 };
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if rest.starts_with(closing) {
                return (text.get(..at).unwrap_or_default().to_owned(), at + closing.len());
            } else if self.language == Language::Python && interpolates && rest.starts_with("{{") {
                skip = at + 2;
            } else if opened > 0 {
                match closing_brace(rest.get(opened..).unwrap_or_default()) {
                    Some(end) => skip = at + opened + end + 1,
                    None => self.odd = true,
                }
            }
        }
        self.unsure = true;
        (text.to_owned(), text.len())
    }

    /// `%x{…}`, `%q(…)` of Ruby.
    pub(super) fn percent_string(&mut self, rest: &str, depth: usize) -> Option<usize> {
        let after = rest.strip_prefix('%').filter(|_| self.language == Language::Ruby)?;
        let kind = after.chars().next().filter(|kind| "xqQwWiI".contains(*kind))?;
        let open = after.chars().nth(1).filter(|open| "{([<|!/".contains(*open))?;
        let (body, used) = self.between(after.get(1..)?, open);
        self.finish(&body, false, !matches!(kind, 'q' | 'w' | 'i'), kind == 'x', depth);
        Some(2 + used)
    }

    /// `q(…)`, `qx{…}`, `m!…!`, `s/…/…/e`, `tr/…/…/` of Perl; how many bytes follow the word.
    pub(super) fn quote_like(&mut self, word: &str, after: &str, depth: usize) -> Option<usize> {
        if !matches!(word, "q" | "qq" | "qx" | "qw" | "qr" | "m" | "s" | "tr" | "y") {
            return None;
        }
        let variable = matches!(self.list.last(), Some(Token::Sign('$' | '@' | '%' | '&')));
        let blank = after.len() - after.trim_start().len();
        let open = after.trim_start().chars().next()?;
        let starts = after.get(blank..)?;
        let is_word = variable || starts.starts_with("=>") || matches!(open, ';' | ')' | '}') || (blank > 0 && open == '#');
        if is_word || open.is_alphanumeric() || open == '_' {
            return None;
        }
        self.odd |= matches!(open, ',' | '=' | '-' | '.') || (open.is_whitespace());
        let (body, used) = self.between(starts, open);
        let mut end = blank + used;
        match word {
            "q" | "qw" => self.finish(&body, false, false, false, depth),
            "qq" => self.finish(&body, false, open != '\'', false, depth),
            "qx" => self.finish(&body, false, open != '\'', true, depth),
            "m" | "qr" => end += self.matched(&body, after.get(end..)?, depth),
            "s" => end += self.substituted(&body, open, after.get(end..)?, depth),
            _ => {
                let (_, second) = self.second(open, after.get(end..)?);
                end += second;
                end += flags(after.get(end..)?).len();
                self.list.push(Token::Text(UNKNOWN.to_string()));
            }
        }
        Some(end)
    }

    /// A pattern of Perl: its variables may hold code only where it says so.
    fn matched(&mut self, body: &str, after: &str, depth: usize) -> usize {
        self.odd |= body.contains("(?{") || body.contains("(??{") || body.contains("@{") || body.contains("${");
        self.finish(&body.replace(['\\', '@'], " "), false, false, false, depth);
        if let Some(Token::Text(text)) = self.list.last_mut() {
            *text = UNKNOWN.to_string();
        }
        flags(after).len()
    }

    fn substituted(&mut self, pattern: &str, open: char, after: &str, depth: usize) -> usize {
        let (replacement, used) = self.second(open, after);
        let flags = flags(after.get(used..).unwrap_or_default());
        self.matched(pattern, "", depth);
        if flags.contains("ee") {
            self.unsure = true;
        }
        if flags.contains('e') {
            // The replacement is code.
            self.apart(vec![replacement], depth);
        } else {
            self.list.push(Token::Sign(','));
            self.finish(&replacement, false, open != '\'', false, depth);
            if let Some(Token::Text(text)) = self.list.last_mut() {
                *text = UNKNOWN.to_string();
            }
        }
        used + flags.len()
    }

    /// The second half of `s` and `tr`: with brackets it has its own.
    fn second(&mut self, open: char, after: &str) -> (String, usize) {
        if closing_of(open) == open {
            let (body, used) = self.until(after, &open.to_string(), false);
            return (body, used);
        }
        let blank = after.len() - after.trim_start().len();
        let rest = after.trim_start();
        match rest.chars().next() {
            Some(second) => {
                let (body, used) = self.between(rest, second);
                (body, blank + used)
            }
            None => {
                self.unsure = true;
                (String::new(), after.len())
            }
        }
    }

    /// What stands between a mark and its counterpart, brackets of the same kind inside included.
    fn between(&mut self, rest: &str, open: char) -> (String, usize) {
        let close = closing_of(open);
        let start = open.len_utf8();
        let text = rest.get(start..).unwrap_or_default();
        if close == open {
            let (body, used) = self.until(text, &close.to_string(), false);
            return (body, start + used);
        }
        let (mut depth, mut escaped) = (0_usize, false);
        for (at, character) in text.char_indices() {
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
            } else if character == open {
                depth += 1;
            } else if character == close && depth == 0 {
                return (text.get(..at).unwrap_or_default().to_owned(), start + at + close.len_utf8());
            } else if character == close {
                depth -= 1;
            }
        }
        self.unsure = true;
        (text.to_owned(), rest.len())
    }

    /// A pattern between slashes, where a value cannot stand.
    pub(super) fn pattern(&mut self, rest: &str, depth: usize) -> Option<usize> {
        if !self.language.has_patterns() || !rest.starts_with('/') {
            return None;
        }
        let line = rest.get(1..)?.split('\n').next()?;
        let end = pattern_end(line);
        if self.after_value() {
            // A division, unless what stands before is the end of a condition, a block or a call without parentheses.
            let plain = matches!(self.list.last(), Some(Token::Number(_) | Token::Text(_) | Token::Sign(']')));
            let no_call = matches!(self.list.last(), Some(Token::Name(_)))
                && (matches!(self.language, Language::JavaScript | Language::Awk) || self.before_is_sigil());
            self.odd |= end.is_some() && !plain && !no_call;
            return None;
        }
        // `a++ / b / c`.
        self.odd |=
            matches!(self.list.as_slice(), [.., Token::Sign('+'), Token::Sign('+')] | [.., Token::Sign('-'), Token::Sign('-')]);
        let end = end?;
        let body = line.get(..end).unwrap_or_default();
        match self.language {
            Language::Perl => drop(self.matched(body, "", depth)),
            Language::Ruby => {
                self.finish(body, true, true, false, depth);
                if let Some(Token::Text(text)) = self.list.last_mut() {
                    *text = UNKNOWN.to_string();
                }
            }
            Language::JavaScript | Language::Awk | Language::Python | Language::Php | Language::Lua => {
                self.list.push(Token::Text(UNKNOWN.to_string()));
            }
        }
        let flags = if self.language == Language::Awk { "" } else { flags(line.get(end + 1..).unwrap_or_default()) };
        Some(end + 2 + flags.len())
    }

    fn before_is_sigil(&self) -> bool {
        matches!(self.list.as_slice(), [.., Token::Sign('$' | '@'), Token::Name(_)])
    }

    /// Ends a string: escapes taken out, what is put into it read as code after it.
    pub(super) fn finish(&mut self, body: &str, raw: bool, interpolates: bool, command: bool, depth: usize) {
        let (text, inside, whole) =
            if interpolates { interpolated(self.language, body) } else { (body.to_owned(), Vec::new(), true) };
        self.odd |= !whole;
        let text = if raw { text } else { unescaped(&text) };
        self.list.push(if command { Token::Command(text) } else { Token::Text(text) });
        self.apart(inside, depth);
    }

    /// Code that stands in strings is read apart, so that it is no part of the expression around them.
    fn apart(&mut self, inside: Vec<String>, depth: usize) {
        if inside.is_empty() {
            return;
        }
        let mut apart = Lexer::new(self.language);
        for code in inside {
            apart.list.push(Token::Sign(';'));
            apart.run(&code, depth + 1);
        }
        self.unsure |= apart.unsure;
        self.odd |= apart.odd;
        self.later.push(Token::Sign(';'));
        self.later.append(&mut apart.list);
        self.later.append(&mut apart.later);
    }
}

/// Where a pattern ends in its line.
fn pattern_end(line: &str) -> Option<usize> {
    let (mut escaped, mut class) = (false, false);
    for (at, character) in line.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return Some(at),
            _ => {}
        }
    }
    None
}

fn flags(rest: &str) -> &str {
    let end = rest.find(|character: char| !character.is_ascii_lowercase()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn closing_of(open: char) -> char {
    match open {
        '{' => '}',
        '(' => ')',
        '[' => ']',
        '<' => '>',
        other => other,
    }
}
