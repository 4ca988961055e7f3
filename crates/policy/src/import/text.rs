//! Cedar's texts: strings, patterns of `like`, lists. Whatever stands in a foreign rule stays inside its quotes.

use std::fmt::Write as _;

use bailiwick_vocab::permission::{Piece, Wild};

/// A string with its quotes.
pub(super) fn string(text: &str) -> String {
    format!("\"{}\"", escaped(text, false))
}

/// A pattern with its quotes: any of the pieces' `*` match anything, a star in a text only itself.
pub(super) fn pattern(pieces: &[Piece]) -> String {
    let parts = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => escaped(text, true),
        Piece::Any => "*".to_owned(),
    });
    format!("\"{}\"", parts.collect::<String>())
}

fn escaped(text: &str, star: bool) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '*' if star => out.push_str("\\*"),
            letter if letter.is_control() || !letter.is_ascii() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => out.push(letter),
        }
        out
    })
}

/// A set of strings.
pub(super) fn list<T: AsRef<str>>(texts: &[T]) -> String {
    format!("[{}]", texts.iter().map(|text| string(text.as_ref())).collect::<Vec<_>>().join(", "))
}

/// `attribute` is this text, with its `*` standing for anything.
pub(super) fn is(attribute: &str, wild: &[Piece]) -> String {
    match wild {
        [] => format!("{attribute} == \"\""),
        [Piece::Text(text)] => format!("{attribute} == {}", string(text)),
        pieces => format!("{attribute} like {}", pattern(pieces)),
    }
}

/// Pieces with neighbouring texts joined.
pub(super) fn joined(parts: &[&[Piece]]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in parts.iter().flat_map(|part| part.iter()) {
        match (out.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(text),
            (Some(Piece::Any), Piece::Any) => {}
            (_, piece) => out.push(piece.clone()),
        }
    }
    out
}

/// A text as pieces.
pub(super) fn plain(text: &str) -> Vec<Piece> {
    if text.is_empty() { Vec::new() } else { Wild::text(text).0 }
}
