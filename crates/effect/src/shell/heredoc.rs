//! Here-documents: delimiters when the operator is read, bodies when the line ends, and putting each body into its place
//! in the tree when the list is complete.

use std::vec::IntoIter;

use super::Unread;
use super::ast::{Command, CommandKind, Piece, Redirect, RedirectKind, Script, Word};
use super::cursor::Parser;

/// The here-documents of one list.
#[derive(Default)]
pub(super) struct Documents {
    /// Announced, body not yet seen.
    pub(super) pending: Vec<Document>,
    /// Bodies read, in the order of their operators.
    bodies: Vec<Word>,
}

/// A here-document announced by `<<`.
pub(super) struct Document {
    delimiter: String,
    /// `<<-`
    strip: bool,
    /// Whether any part of the delimiter was quoted: then the body is taken as it is.
    quoted: bool,
}

/// A body being read: its text and the source byte of each of its bytes.
#[derive(Default)]
struct Body {
    text: String,
    map: Vec<u32>,
}

impl Parser<'_, '_> {
    /// Reads the delimiter here and announces the document.
    pub(super) fn delimiter(&mut self, strip: bool) -> Result<(), Unread> {
        let start = self.pos;
        let mut delimiter = String::new();
        let mut quoted = false;
        while self.delimiter_part(&mut delimiter, &mut quoted)? {
            self.spend(1)?;
        }
        if self.pos == start || delimiter.contains('\n') {
            return self.fail("a here-document's delimiter was expected");
        }
        let number = !quoted && delimiter.bytes().all(|byte| byte.is_ascii_digit());
        if number && matches!(self.byte(), Some(b'<' | b'>')) {
            return self.fail("a here-document has no delimiter");
        }
        self.documents.pending.push(Document { delimiter, strip, quoted });
        Ok(())
    }

    /// One part of a delimiter after quote removal; false at its end.
    fn delimiter_part(&mut self, delimiter: &mut String, quoted: &mut bool) -> Result<bool, Unread> {
        let Some(byte) = self.peek() else { return Ok(false) };
        match byte {
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => return Ok(false),
            b'`' => return self.fail("a substitution in a here-document's delimiter"),
            b'$' if matches!(self.second(), Some(b'(' | b'{' | b'[' | b'\'' | b'"')) => {
                return self.fail("an expansion in a here-document's delimiter");
            }
            b'\'' | b'"' | b'\\' => {
                *quoted = true;
                let mut pieces = Vec::new();
                self.delimiter_quote(byte, &mut pieces)?;
                for piece in pieces {
                    let Piece::Text { text, .. } = piece else {
                        return self.fail("an expansion in a here-document's delimiter");
                    };
                    delimiter.push_str(&text);
                }
            }
            _ => self.push_char(delimiter),
        }
        Ok(true)
    }

    fn delimiter_quote(&mut self, byte: u8, pieces: &mut Vec<Piece>) -> Result<(), Unread> {
        match byte {
            b'\'' => self.single_quotes(pieces),
            b'"' => self.double_quotes(pieces),
            _ => self.backslash(pieces),
        }
    }

    /// Appends the character here and passes it.
    fn push_char(&mut self, text: &mut String) {
        let rest = self.slice(self.pos, self.text.len());
        if let Some(char) = rest.chars().next() {
            text.push(char);
            self.pos += char.len_utf8();
        }
    }

    /// Reads the bodies of all announced documents from here, which is the start of a line or the end of the text.
    pub(super) fn gather(&mut self) -> Result<(), Unread> {
        for document in std::mem::take(&mut self.documents.pending) {
            let start = self.pos;
            let mut body = Body::default();
            let end = self.document_lines(&document, &mut body)?;
            body.map.push(self.origin(end));
            let pieces = if document.quoted { raw_pieces(body.text) } else { self.document_pieces(&body)? };
            self.documents.bodies.push(Word { pieces, span: Some(self.span_to(start, end)) });
        }
        Ok(())
    }

    /// Reads lines up to the delimiter's, which is passed; where the body ends.
    fn document_lines(&mut self, document: &Document, body: &mut Body) -> Result<usize, Unread> {
        while self.pos < self.text.len() {
            let line = self.pos;
            let kept = body.text.len();
            let after = self.document_line(document, body);
            self.spend(1 + after - line)?;
            let content = body.text.get(kept..).unwrap_or_default();
            let content = content.strip_suffix('\n').unwrap_or(content);
            if let Some(end) = self.document_end(document, content, after, body)? {
                body.text.truncate(kept);
                body.map.truncate(kept);
                self.pos = end;
                return Ok(line);
            }
            self.pos = after;
        }
        Ok(self.pos)
    }

    /// Where reading goes on if `content` is the last line of a document.
    fn document_end(&self, document: &Document, content: &str, after: usize, body: &Body) -> Result<Option<usize>, Unread> {
        let Some(rest) = content.strip_prefix(document.delimiter.as_str()) else { return Ok(None) };
        if rest.is_empty() {
            return Ok(Some(after));
        }
        if !self.substituted || !rest.contains(')') {
            return Ok(None);
        }
        // Inside `$( )`, bash ends the document here too and reads on behind the delimiter; releases differ on the rest.
        let end = after - rest.len() - usize::from(body.text.ends_with('\n'));
        if !rest.starts_with(')') || !self.slice(end, after).starts_with(rest) {
            return self.fail("a here-document's end may be read in two ways");
        }
        Ok(Some(end))
    }

    /// Appends the line here as bash sees it and gives the place after it. Does not move.
    fn document_line(&self, document: &Document, body: &mut Body) -> usize {
        let bytes = self.text.as_bytes();
        let mut pos = self.pos;
        while document.strip && bytes.get(pos) == Some(&b'\t') {
            pos += 1;
        }
        let mut start = pos;
        while let Some(&byte) = bytes.get(pos) {
            let escape = byte == b'\\' && !document.quoted;
            if escape && bytes.get(pos + 1) == Some(&b'\n') {
                self.keep(body, start, pos);
                start = pos + 2;
            }
            pos += if escape && pos + 1 < bytes.len() { 2 } else { 1 };
            if byte == b'\n' {
                break;
            }
        }
        self.keep(body, start, pos);
        pos
    }

    fn keep(&self, body: &mut Body, start: usize, end: usize) {
        body.text.push_str(self.slice(start, end));
        body.map.extend((start..end).map(|pos| self.origin(pos)));
    }

    fn document_pieces(&mut self, body: &Body) -> Result<Vec<Piece>, Unread> {
        self.enter()?;
        let mut inner = Parser::new(&body.text, Some(&body.map), &mut *self.budget);
        let pieces = inner.document_text()?;
        self.leave();
        Ok(pieces)
    }

    /// Puts the bodies read for this list into its redirections.
    pub(super) fn fill_documents(&mut self, script: &mut Script) -> Result<(), Unread> {
        if self.documents.bodies.is_empty() {
            return Ok(());
        }
        let mut bodies = std::mem::take(&mut self.documents.bodies).into_iter();
        fill_script(script, &mut bodies);
        if bodies.len() > 0 { self.fail("a here-document belongs to no command") } else { Ok(()) }
    }
}

fn raw_pieces(text: String) -> Vec<Piece> {
    vec![Piece::Text { text, quoted: true }]
}

fn fill_script(script: &mut Script, bodies: &mut IntoIter<Word>) {
    for item in &mut script.items {
        let pipelines = std::iter::once(&mut item.first).chain(item.rest.iter_mut().map(|(_, pipeline)| pipeline));
        for command in pipelines.flat_map(|pipeline| &mut pipeline.commands) {
            fill_command(command, bodies);
        }
    }
}

/// In the order of the source: what is inside a command stands before its own redirections.
fn fill_command(command: &mut Command, bodies: &mut IntoIter<Word>) {
    match &mut command.kind {
        CommandKind::Group(script) | CommandKind::Subshell(script) => fill_script(script, bodies),
        CommandKind::If { arms, otherwise } => {
            for (condition, body) in arms {
                fill_script(condition, bodies);
                fill_script(body, bodies);
            }
            otherwise.iter_mut().for_each(|body| fill_script(body, bodies));
        }
        CommandKind::Loop { condition, body } => {
            fill_script(condition, bodies);
            fill_script(body, bodies);
        }
        CommandKind::For { body, .. } | CommandKind::ForArith { body, .. } => fill_script(body, bodies),
        CommandKind::Case { arms, .. } => arms.iter_mut().for_each(|(_, body)| fill_script(body, bodies)),
        CommandKind::Function { body, .. } | CommandKind::Coproc(body) => fill_command(body, bodies),
        CommandKind::Simple { .. } | CommandKind::Test(_) | CommandKind::Arith(_) => {}
    }
    command.redirects.iter_mut().for_each(|redirect| fill_redirect(redirect, bodies));
}

fn fill_redirect(redirect: &mut Redirect, bodies: &mut IntoIter<Word>) {
    if redirect.kind == RedirectKind::HereDoc
        && redirect.target.span.is_none()
        && let Some(body) = bodies.next()
    {
        redirect.target = body;
    }
}
