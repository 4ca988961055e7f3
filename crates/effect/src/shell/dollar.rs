//! What `$` begins: parameters, command substitutions, arithmetic, and the two quotes `$'…'` and `$"…"`.

use super::Unread;
use super::ast::{ParamOp, Piece, Word};
use super::cursor::Parser;
use super::word::{Role, push_text};

/// The quoting around an expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    /// None.
    None,
    /// Double quotes.
    Double,
    /// A here-document's body: like double quotes, but `"` means itself.
    Document,
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

impl Parser<'_, '_> {
    /// Stands at `$`.
    pub(super) fn dollar(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), Unread> {
        self.spend(1)?;
        self.pos += 1;
        let quoted = quote != Quote::None;
        let Some(byte) = self.peek() else {
            push_text(pieces, "$", quoted);
            return Ok(());
        };
        match byte {
            b'(' => {
                let piece = self.dollar_parenthesis(quoted)?;
                pieces.push(piece);
            }
            b'{' => {
                let piece = self.braced(quote)?;
                pieces.push(piece);
            }
            b'[' => {
                let inner = self.bracketed(Quote::Double)?;
                self.no_quoted_code(&inner)?;
                pieces.push(Piece::Arith(inner));
            }
            b'\'' if !quoted => self.ansi_quotes(pieces)?,
            b'"' if !quoted => self.double_quotes(pieces)?,
            _ if starts_name(byte) => pieces.push(plain_param(self.name()?, quoted)),
            _ if byte.is_ascii_digit() || is_special(byte) => {
                self.pos += 1;
                pieces.push(plain_param(char::from(byte).to_string(), quoted));
            }
            _ => push_text(pieces, "$", quoted),
        }
        Ok(())
    }

    /// `$(( … ))`, else `$( … )`.
    fn dollar_parenthesis(&mut self, quoted: bool) -> Result<Piece, Unread> {
        self.pos += 1;
        let start = self.pos;
        if self.eat(b'(') {
            self.enter()?;
            let arith = self.arith_until_parens()?;
            self.leave();
            if let Some(inner) = arith {
                return Ok(Piece::Arith(inner));
            }
            self.pos = start;
        }
        let script = self.substitution()?;
        Ok(Piece::Command { script, quoted })
    }

    fn name(&mut self) -> Result<String, Unread> {
        self.run_of(|byte| starts_name(byte) || byte.is_ascii_digit())
    }

    /// The ASCII characters here that `belongs` takes.
    fn run_of(&mut self, belongs: fn(u8) -> bool) -> Result<String, Unread> {
        let mut text = String::new();
        while let Some(byte) = self.peek().filter(|&byte| belongs(byte)) {
            text.push(char::from(byte));
            self.pos += 1;
        }
        self.spend(1 + text.len())?;
        Ok(text)
    }

    /// `${ … }`: stands at the brace.
    fn braced(&mut self, quote: Quote) -> Result<Piece, Unread> {
        self.enter()?;
        self.pos += 1;
        let prefix = self.prefix();
        let name = self.parameter()?;
        let subscript = if self.peek() == Some(b'[') { Some(self.parameter_subscript(quote)?) } else { None };
        let op = match prefix {
            Some(b'#') => {
                self.expect(b'}', "`}` was expected after a length")?;
                other(subscript.unwrap_or_default())
            }
            Some(_) => {
                self.names_suffix();
                let op = self.operator_and_word(quote)?;
                other(op_pieces(subscript.unwrap_or_default(), op))
            }
            None => {
                let op = self.operator_and_word(quote)?;
                match subscript {
                    Some(subscript) => other(op_pieces(subscript, op)),
                    None => op,
                }
            }
        };
        self.leave();
        Ok(Piece::Param { name, op, quoted: quote != Quote::None })
    }

    fn parameter_subscript(&mut self, quote: Quote) -> Result<Vec<Piece>, Unread> {
        let subscript = self.bracketed(quote)?;
        // One reading of bash closes the `${` at any `}`.
        let brace = |piece: &Piece| matches!(piece, Piece::Text { text, .. } if text.contains('}'));
        if subscript.iter().any(brace) {
            return self.fail("`}` in a subscript");
        }
        self.no_quoted_code(&subscript).map(|()| subscript)
    }

    /// Passes the `#` of a length or the `!` of an indirection.
    fn prefix(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        let next = self.second()?;
        let after = self.past_continuations(self.pos + 1);
        let third = self.text.as_bytes().get(self.past_continuations(after + 1)).copied();
        let names = starts_name(next) || next.is_ascii_digit() || matches!(next, b'@' | b'*');
        let lone = is_special(next) && third == Some(b'}');
        let is_prefix = match byte {
            b'#' | b'!' => names || lone,
            _ => false,
        };
        if is_prefix {
            self.pos += 1;
        }
        is_prefix.then_some(byte)
    }

    /// `*` or `@` of `${!prefix*}`.
    fn names_suffix(&mut self) {
        if matches!(self.peek(), Some(b'*' | b'@')) && self.second() == Some(b'}') {
            self.pos += 1;
        }
    }

    fn parameter(&mut self) -> Result<String, Unread> {
        match self.peek() {
            Some(byte) if starts_name(byte) => self.name(),
            Some(byte) if byte.is_ascii_digit() => self.run_of(|byte| byte.is_ascii_digit()),
            Some(byte) if is_special(byte) => {
                self.pos += 1;
                Ok(char::from(byte).to_string())
            }
            Some(_) | None => self.fail("a parameter was expected"),
        }
    }

    /// What stands between the parameter and its closing brace, which is passed.
    fn operator_and_word(&mut self, quote: Quote) -> Result<ParamOp, Unread> {
        if self.eat(b'}') {
            return Ok(ParamOp::Plain);
        }
        let colon = self.eat(b':');
        let make = match self.peek() {
            Some(b'-') => ParamOp::Default,
            Some(b'=') => ParamOp::Assign,
            Some(b'+') => ParamOp::Alternative,
            Some(b'?') => ParamOp::Error,
            Some(_) if colon => {
                let offset = self.parameter_word(quote, false)?;
                return self.no_quoted_code(&offset).map(|()| other(offset));
            }
            Some(b'@') if self.second() == Some(b'P') => return self.fail("`@P` runs what the variable holds"),
            Some(b'#' | b'%' | b'/' | b'^' | b',' | b'@' | b'~') => {
                self.pos += 1;
                return self.parameter_word(quote, true).map(other);
            }
            Some(_) => return self.fail("an operator of `${` that is not read"),
            None => return self.fail("`${` is not closed"),
        };
        self.pos += 1;
        let start = self.pos;
        let mut pieces = self.parameter_word(quote, false)?;
        if quote == Quote::None {
            self.find_tildes(&mut pieces, Role::Literal)?;
        }
        let span = Some(self.span_to(start, self.pos - 1));
        Ok(make(Box::new(Word { pieces, span })))
    }

    /// Pieces up to the first `}`, which is passed. In a pattern quotes are quotes, whatever stands around.
    fn parameter_word(&mut self, quote: Quote, pattern: bool) -> Result<Vec<Piece>, Unread> {
        let mut pieces = Vec::new();
        // In quoted text, bash pairs single quotes to find the brace but expands what is between them.
        let mut paired = true;
        loop {
            self.parameter_run(&mut pieces, quote)?;
            let Some(byte) = self.byte() else { return self.fail("`${` is not closed") };
            if !paired && byte != b'\'' && byte != b'$' {
                return self.fail("a single quote inside \"${…}\" may be read in two ways");
            }
            match byte {
                b'}' => {
                    self.pos += 1;
                    return Ok(pieces);
                }
                b'\'' if quote != Quote::None && !pattern => {
                    paired = !paired;
                    push_text(&mut pieces, "'", true);
                    self.pos += 1;
                }
                b'$' if quote != Quote::None && self.second() == Some(b'\'') => {
                    if !pattern {
                        return self.fail("$' inside \"${…}\" may be read in two ways");
                    }
                    self.pos += 1;
                    self.peek();
                    self.ansi_quotes(&mut pieces)?;
                }
                _ => self.parameter_part(byte, &mut pieces, quote, pattern)?,
            }
        }
    }

    fn parameter_run(&mut self, pieces: &mut Vec<Piece>, quote: Quote) -> Result<(), Unread> {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        while bytes.get(self.pos).is_some_and(|byte| !b"}$`\\'\"<>".contains(byte)) {
            self.pos += 1;
        }
        if self.pos > start {
            push_text(pieces, self.slice(start, self.pos), quote != Quote::None);
        }
        self.spend(1 + self.pos - start)
    }

    fn parameter_part(&mut self, byte: u8, pieces: &mut Vec<Piece>, quote: Quote, pattern: bool) -> Result<(), Unread> {
        match byte {
            b'$' => self.dollar(pieces, quote),
            b'`' => self.backquotes(pieces, quote),
            b'\'' => self.single_quotes(pieces),
            b'"' => self.double_quotes(pieces),
            b'\\' if quote == Quote::None => self.backslash(pieces),
            b'\\' if self.text.as_bytes().get(self.pos + 1) == Some(&b'}') => {
                push_text(pieces, "}", true);
                self.pos += 2;
                Ok(())
            }
            b'\\' => self.quoted_part(byte, pieces, quote),
            // In a pattern it runs even between double quotes; in other words where the `}` closes is not sure.
            _ if self.second() == Some(b'(') && (quote == Quote::None || pattern) => {
                self.fail("a process substitution inside `${…}`")
            }
            _ => {
                push_text(pieces, self.slice(self.pos, self.pos + 1), quote != Quote::None);
                self.pos += 1;
                Ok(())
            }
        }
    }
}

fn plain_param(name: String, quoted: bool) -> Piece {
    Piece::Param { name, op: ParamOp::Plain, quoted }
}

fn other(pieces: Vec<Piece>) -> ParamOp {
    ParamOp::Other(Box::new(Word { pieces, span: None }))
}

/// A subscript's pieces and those of the operator's word: all that may run.
fn op_pieces(mut pieces: Vec<Piece>, op: ParamOp) -> Vec<Piece> {
    match op {
        ParamOp::Plain => {}
        ParamOp::Default(word)
        | ParamOp::Assign(word)
        | ParamOp::Alternative(word)
        | ParamOp::Error(word)
        | ParamOp::Other(word) => pieces.extend(word.pieces),
    }
    pieces
}
