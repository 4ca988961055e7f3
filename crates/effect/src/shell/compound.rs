//! Compound commands: groups, conditions, loops, `case`. `[[ ]]` is read in `test`, `(( ))` in `arith`.

use super::Unread;
use super::ast::{Command, CommandKind, Piece, Script, Word};
use super::command::plain_text;
use super::cursor::Parser;
use super::keyword::Keyword;
use super::word::Role;

/// Patterns and body of a `case` arm.
type Arm = (Vec<Word>, Script);

impl Parser<'_, '_> {
    /// A compound command with its redirections; one begins here.
    pub(super) fn compound(&mut self, start: usize) -> Result<Command, Unread> {
        self.enter()?;
        let kind = self.compound_kind()?;
        self.leave();
        let mut end = self.pos;
        let mut redirects = Vec::new();
        while let Some(redirect) = self.trailing_redirect()? {
            redirects.push(redirect);
            end = self.pos;
        }
        Ok(Command { kind, redirects, span: self.span_to(start, end) })
    }

    fn compound_kind(&mut self) -> Result<CommandKind, Unread> {
        let Some((keyword, end)) = self.keyword() else {
            return self.parenthesis();
        };
        self.pos = end;
        match keyword {
            Keyword::BraceOpen => self.group(),
            Keyword::If => self.condition(),
            Keyword::While | Keyword::Until => self.repeat(),
            Keyword::For => self.each(),
            Keyword::Select => self.each_name(),
            Keyword::Case => self.case(),
            Keyword::TestOpen => self.test().map(CommandKind::Test),
            Keyword::Bang
            | Keyword::BraceClose
            | Keyword::Coproc
            | Keyword::Do
            | Keyword::Done
            | Keyword::Elif
            | Keyword::Else
            | Keyword::Esac
            | Keyword::Fi
            | Keyword::Function
            | Keyword::In
            | Keyword::TestClose
            | Keyword::Then
            | Keyword::Time => self.fail("this reserved word opens nothing"),
        }
    }

    /// `(( … ))` or `( … )`.
    fn parenthesis(&mut self) -> Result<CommandKind, Unread> {
        self.expect(b'(', "a compound command was expected")?;
        let start = self.pos;
        if self.eat(b'(') {
            if let Some(pieces) = self.arith_until_parens()? {
                return Ok(CommandKind::Arith(Word { pieces, span: Some(self.span(start)) }));
            }
            self.pos = start;
        }
        let script = self.body()?;
        self.expect(b')', "a subshell is not closed")?;
        Ok(CommandKind::Subshell(script))
    }

    fn group(&mut self) -> Result<CommandKind, Unread> {
        let script = self.body()?;
        self.require(Keyword::BraceClose, "a group is not closed")?;
        Ok(CommandKind::Group(script))
    }

    fn condition(&mut self) -> Result<CommandKind, Unread> {
        let mut arms = vec![self.condition_arm()?];
        while self.take(Keyword::Elif) {
            arms.push(self.condition_arm()?);
        }
        let otherwise = if self.take(Keyword::Else) { Some(self.body()?) } else { None };
        self.require(Keyword::Fi, "`fi` was expected")?;
        Ok(CommandKind::If { arms, otherwise })
    }

    fn condition_arm(&mut self) -> Result<(Script, Script), Unread> {
        let condition = self.body()?;
        self.require(Keyword::Then, "`then` was expected")?;
        Ok((condition, self.body()?))
    }

    fn repeat(&mut self) -> Result<CommandKind, Unread> {
        let condition = self.body()?;
        self.require(Keyword::Do, "`do` was expected")?;
        let body = self.body()?;
        self.require(Keyword::Done, "`done` was expected")?;
        Ok(CommandKind::Loop { condition, body })
    }

    fn each(&mut self) -> Result<CommandKind, Unread> {
        self.blanks()?;
        if self.peek() == Some(b'(') && self.second() == Some(b'(') { self.each_arith() } else { self.each_name() }
    }

    fn each_arith(&mut self) -> Result<CommandKind, Unread> {
        let start = self.pos;
        self.expect(b'(', "`((` was expected")?;
        self.expect(b'(', "`((` was expected")?;
        let Some(pieces) = self.arith_until_parens()? else {
            return self.fail("`))` was expected");
        };
        if separators(&pieces) != 2 {
            return self.fail("`for ((` takes three expressions");
        }
        let arith = Word { pieces, span: Some(self.span(start)) };
        self.blanks()?;
        self.eat(b';');
        let body = self.do_group()?;
        Ok(CommandKind::ForArith { arith, body })
    }

    fn each_name(&mut self) -> Result<CommandKind, Unread> {
        self.blanks()?;
        let word = self.word(Role::Literal)?;
        let Some(name) = plain_text(&word).map(str::to_owned) else {
            return self.fail("a loop's variable is not plain");
        };
        self.blanks()?;
        let words = if self.eat(b';') { None } else { self.each_words()? };
        let body = self.do_group()?;
        Ok(CommandKind::For { name, words, body })
    }

    fn each_words(&mut self) -> Result<Option<Vec<Word>>, Unread> {
        self.linebreak()?;
        if !self.take(Keyword::In) {
            return Ok(None);
        }
        let mut words = Vec::new();
        loop {
            self.blanks()?;
            match self.peek() {
                Some(b'\n') => return Ok(Some(words)),
                Some(b';') => {
                    self.pos += 1;
                    return Ok(Some(words));
                }
                Some(_) | None => words.push(self.word(Role::Argument)?),
            }
        }
    }

    fn do_group(&mut self) -> Result<Script, Unread> {
        self.linebreak()?;
        let close = if self.take(Keyword::BraceOpen) {
            Keyword::BraceClose
        } else {
            self.require(Keyword::Do, "`do` was expected")?;
            Keyword::Done
        };
        let body = self.body()?;
        self.require(close, "a loop's body is not closed")?;
        Ok(body)
    }

    fn case(&mut self) -> Result<CommandKind, Unread> {
        self.blanks()?;
        let word = self.word(Role::Literal)?;
        self.linebreak()?;
        self.require(Keyword::In, "`in` was expected")?;
        let mut arms = Vec::new();
        let mut open = true;
        loop {
            self.linebreak()?;
            if self.take(Keyword::Esac) {
                return Ok(CommandKind::Case { word, arms });
            }
            if !open {
                return self.fail("`esac` was expected");
            }
            let (arm, ended) = self.case_arm()?;
            arms.push(arm);
            open = ended;
        }
    }

    /// One arm, and whether `;;`, `;&` or `;;&` ended it.
    fn case_arm(&mut self) -> Result<(Arm, bool), Unread> {
        self.eat(b'(');
        let mut patterns = Vec::new();
        loop {
            self.blanks()?;
            patterns.push(self.word(Role::Literal)?);
            self.blanks()?;
            if !self.eat(b'|') {
                break;
            }
        }
        self.expect(b')', "`)` was expected after a pattern")?;
        let body = self.list()?;
        let ended = self.eat(b';');
        if ended && self.eat(b';') {
            self.eat(b'&');
        } else if ended {
            self.expect(b'&', "`;;` was expected")?;
        }
        Ok(((patterns, body), ended))
    }
}

/// How many semicolons stand in the text of an arithmetic expression.
fn separators(pieces: &[Piece]) -> usize {
    let count = |piece: &Piece| match piece {
        Piece::Text { text, quoted: false } => text.matches(';').count(),
        Piece::Text { quoted: true, .. }
        | Piece::Tilde(_)
        | Piece::Param { .. }
        | Piece::Command { .. }
        | Piece::Process { .. }
        | Piece::Arith(_)
        | Piece::Brace(_)
        | Piece::Pattern(_) => 0,
    };
    pieces.iter().map(count).sum()
}
