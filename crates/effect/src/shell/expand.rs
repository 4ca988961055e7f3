//! What bash finds in a word once it is complete: braces, then tildes. Works on pieces, so quoted ones are never touched.

use super::Unread;
use super::ast::{Piece, Word};
use super::cursor::Parser;
use super::word::{Role, is_name, push_text};

/// Most words one range is written out to; a larger one is not known.
const MAX_RANGE: usize = 64;
/// Steps for each word of a range: it costs far more memory than the source's bytes.
const STEPS_PER_WORD: usize = 128;
/// Most unclosed braces in one word.
const MAX_OPEN: usize = 64;

/// An open brace: the alternatives before the last comma, and what came since.
#[derive(Default)]
struct Open {
    alternatives: Vec<Vec<Piece>>,
    current: Vec<Piece>,
}

impl Open {
    /// Nothing closed it: it was text.
    fn into_text(self, outer: &mut Vec<Piece>) {
        push_text(outer, "{", false);
        for alternative in self.alternatives {
            append(outer, alternative);
            push_text(outer, ",", false);
        }
        append(outer, self.current);
    }
}

fn append(outer: &mut Vec<Piece>, pieces: Vec<Piece>) {
    for piece in pieces {
        match piece {
            Piece::Text { text, quoted } => push_text(outer, &text, quoted),
            piece @ (Piece::Tilde(_)
            | Piece::Param { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arith(_)
            | Piece::Brace(_)
            | Piece::Pattern(_)) => outer.push(piece),
        }
    }
}

fn word(pieces: Vec<Piece>) -> Word {
    Word { pieces, span: None }
}

impl Parser<'_, '_> {
    /// Finds `{a,b}` and `{1..5}` in unquoted text.
    pub(super) fn expand_braces(&mut self, pieces: Vec<Piece>) -> Result<Vec<Piece>, Unread> {
        let mut stack = vec![Open::default()];
        for piece in pieces {
            if let Piece::Text { text, quoted: false } = &piece {
                self.spend(text.len())?;
                for part in text.split_inclusive(['{', ',', '}']) {
                    self.brace_part(part, &mut stack)?;
                }
            } else if let Some(top) = stack.last_mut() {
                top.current.push(piece);
            }
        }
        let mut whole = stack.pop().unwrap_or_default();
        while let Some(mut outer) = stack.pop() {
            whole.into_text(&mut outer.current);
            whole = outer;
        }
        Ok(whole.current)
    }

    /// Text that ends in `{`, `,` or `}`, or in none of them at the end.
    fn brace_part(&mut self, part: &str, stack: &mut Vec<Open>) -> Result<(), Unread> {
        let text = part.trim_end_matches(['{', ',', '}']);
        let depth = stack.len();
        let Some(top) = stack.last_mut() else { return Ok(()) };
        if !text.is_empty() {
            push_text(&mut top.current, text, false);
        }
        match part.get(text.len()..).unwrap_or_default() {
            "{" if depth > MAX_OPEN => Err(Unread::Limit),
            "{" => {
                stack.push(Open::default());
                Ok(())
            }
            "," if depth > 1 => {
                top.alternatives.push(std::mem::take(&mut top.current));
                Ok(())
            }
            "}" if depth > 1 => self.close(stack),
            other => {
                if !other.is_empty() {
                    push_text(&mut top.current, other, false);
                }
                Ok(())
            }
        }
    }

    fn close(&mut self, stack: &mut Vec<Open>) -> Result<(), Unread> {
        let Some(open) = stack.pop() else { return Ok(()) };
        let Some(outer) = stack.last_mut() else { return Ok(()) };
        if !open.alternatives.is_empty() {
            let words = open.alternatives.into_iter().chain([open.current]).map(word).collect();
            outer.current.push(Piece::Brace(words));
            return Ok(());
        }
        match range(&open.current) {
            Some(Range::Words(words)) => {
                self.spend(words.len() * STEPS_PER_WORD)?;
                outer.current.push(Piece::Brace(words));
            }
            Some(Range::Unknown) => outer.current.push(Piece::Arith(Vec::new())),
            None => {
                open.into_text(&mut outer.current);
                push_text(&mut outer.current, "}", false);
            }
        }
        Ok(())
    }

    /// Finds `~` where bash expands it.
    pub(super) fn find_tildes(&mut self, pieces: &mut Vec<Piece>, role: Role) -> Result<(), Unread> {
        let has = |piece: &Piece| match piece {
            Piece::Text { text, quoted: false } => text.contains('~'),
            Piece::Brace(_) => true,
            Piece::Text { quoted: true, .. }
            | Piece::Tilde(_)
            | Piece::Param { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arith(_)
            | Piece::Pattern(_) => false,
        };
        if !pieces.iter().any(has) {
            return Ok(());
        }
        if matches!(pieces.as_slice(), [Piece::Text { text, quoted: false }, Piece::Brace(_), ..] if ends_in_tilde(text)) {
            return self.fail("a tilde before braces");
        }
        let rest_keeps_name = match pieces.get(1) {
            None => true,
            Some(Piece::Text { text, quoted: false }) => text.starts_with('/'),
            Some(_) => false,
        };
        if let Some(Piece::Brace(words)) = pieces.first_mut() {
            for word in words {
                self.alternative_tilde(word, rest_keeps_name)?;
            }
        }
        *pieces = split_tildes(std::mem::take(pieces), role);
        Ok(())
    }

    /// An alternative at the word's start: its tilde is the word's, unless what follows the braces changes the name.
    fn alternative_tilde(&mut self, word: &mut Word, rest_keeps_name: bool) -> Result<(), Unread> {
        if let [Piece::Text { text, quoted: false }] = word.pieces.as_slice()
            && text.starts_with('~')
            && !text.contains('/')
            && !rest_keeps_name
        {
            return self.fail("a tilde in braces whose name goes on behind them");
        }
        self.find_tildes(&mut word.pieces, Role::Literal)
    }
}

fn ends_in_tilde(text: &str) -> bool {
    text.starts_with('~') && !text.contains('/')
}

fn split_tildes(pieces: Vec<Piece>, role: Role) -> Vec<Piece> {
    let count = pieces.len();
    let mut colons = role == Role::Value;
    let mut split = Vec::with_capacity(count + 2);
    for (index, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Text { text, quoted: false } if text.contains('~') => {
                let equals = if index == 0 && role != Role::Value { assignment_value(&text, role) } else { None };
                let starts = if index == 0 { Some(equals.unwrap_or(0)) } else { None };
                colons |= equals.is_some();
                split_text(&text, starts, colons, index + 1 == count, &mut split);
            }
            Piece::Text { text, quoted } => {
                colons |= index == 0 && !quoted && assignment_value(&text, role).is_some();
                split.push(Piece::Text { text, quoted });
            }
            piece @ (Piece::Tilde(_)
            | Piece::Param { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arith(_)
            | Piece::Brace(_)
            | Piece::Pattern(_)) => split.push(piece),
        }
    }
    split
}

/// Where the value begins in an argument that looks like an assignment: bash expands tildes there too.
fn assignment_value(text: &str, role: Role) -> Option<usize> {
    let arguments = matches!(role, Role::Argument | Role::Declared | Role::Command);
    let name = text.split('=').next().filter(|name| name.len() < text.len())?;
    (arguments && is_name(name.strip_suffix('+').unwrap_or(name))).then_some(name.len() + 1)
}

/// Splits one text at its tildes: the one at `first`, and with `colons` any after `:`.
fn split_text(text: &str, first: Option<usize>, colons: bool, last: bool, split: &mut Vec<Piece>) {
    let bytes = text.as_bytes();
    let mut kept = 0;
    let mut pos = 0;
    while pos < bytes.len() {
        let begins = first == Some(pos) || colons && pos > 0 && bytes.get(pos - 1) == Some(&b':');
        let name = if begins { tilde_name(text.get(pos..).unwrap_or_default(), colons, last) } else { None };
        let Some(name) = name else {
            pos += 1;
            continue;
        };
        if pos > kept {
            push_text(split, text.get(kept..pos).unwrap_or_default(), false);
        }
        pos += 1 + name.len();
        kept = pos;
        split.push(Piece::Tilde(name));
    }
    if kept < bytes.len() {
        push_text(split, text.get(kept..).unwrap_or_default(), false);
    }
}

/// The user after a tilde, where one is meant.
fn tilde_name(text: &str, colons: bool, last: bool) -> Option<String> {
    let rest = text.strip_prefix('~')?;
    let end = rest.find(|char| char == '/' || colons && char == ':');
    let name = rest.get(..end.unwrap_or(rest.len()))?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte));
    (plain && (end.is_some() || last)).then(|| name.to_owned())
}

/// What a `{x..y}` stands for.
enum Range {
    Words(Vec<Word>),
    Unknown,
}

fn range(pieces: &[Piece]) -> Option<Range> {
    let [Piece::Text { text, quoted: false }] = pieces else { return None };
    let mut parts = text.split("..");
    let (first, last, step) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let step = match step {
        Some(step) => step.parse::<i64>().ok()?,
        None => 1,
    };
    numbers(first, last, step).or_else(|| letters(first, last, step))
}

fn numbers(first: &str, last: &str, step: i64) -> Option<Range> {
    let from = first.parse::<i64>().ok()?;
    let to = last.parse::<i64>().ok()?;
    let padded = [first, last].iter().any(|text| {
        let digits = text.trim_start_matches(['-', '+']);
        digits.len() > 1 && digits.starts_with('0')
    });
    let width = if padded { first.len().max(last.len()) } else { 0 };
    Some(counted(from, to, step, |number| Some(format!("{number:0width$}"))))
}

fn letters(first: &str, last: &str, step: i64) -> Option<Range> {
    let letter = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(i64::from(*byte)),
        _ => None,
    };
    let (from, to) = (letter(first)?, letter(last)?);
    // Between `Z` and `a` stand quotes and a backslash, which bash treats specially.
    if (from <= 90) != (to <= 90) {
        return Some(Range::Unknown);
    }
    Some(counted(from, to, step, |number| u8::try_from(number).ok().map(|byte| char::from(byte).to_string())))
}

fn counted(from: i64, to: i64, step: i64, show: impl Fn(i64) -> Option<String>) -> Range {
    let size = step.unsigned_abs().max(1);
    let count = to.abs_diff(from) / size;
    let (Ok(size), Ok(count)) = (i64::try_from(size), usize::try_from(count)) else { return Range::Unknown };
    if count >= MAX_RANGE {
        return Range::Unknown;
    }
    let mut words = Vec::with_capacity(count + 1);
    let mut number = from;
    for _ in 0..=count {
        let Some(text) = show(number) else { return Range::Unknown };
        words.push(word(vec![Piece::Text { text, quoted: false }]));
        number = if to >= from { number.saturating_add(size) } else { number.saturating_sub(size) };
    }
    Range::Words(words)
}
