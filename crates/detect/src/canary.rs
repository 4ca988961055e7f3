//! Tokens that nobody should repeat. In: a text and the tokens that were planted. Out: which of them it holds, where, and in
//! which dress: openly, in any encoding that [`crate::view`] takes off, in other case, backwards, in ROT13, with anything
//! between the characters.

use std::ops::Range;

use crate::view::{Depth, View, views};

/// A planted token that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Its place in the list of tokens.
    pub token: usize,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// In which dress; empty where it stands openly.
    pub seen: String,
}

/// Tokens with fewer letters and digits are not looked for: chance would find them.
const SHORTEST: usize = 8;

/// The tokens that a text holds, each once.
#[must_use]
pub fn seen(text: &str, tokens: &[&str]) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    let needles: Vec<Needle> = tokens.iter().enumerate().flat_map(|(index, token)| needles(index, token)).collect();
    if needles.is_empty() {
        return found;
    }
    for view in views(text, Depth::default()) {
        look(&view, &needles, &mut found);
        if tokens.iter().enumerate().all(|(index, _)| found.iter().any(|one| one.token == index)) {
            break;
        }
    }
    found
}

/// A token as its letters and digits in lower case, turned in one way.
struct Needle {
    token: usize,
    letters: Vec<u8>,
    how: &'static str,
}

fn needles(token: usize, text: &str) -> Vec<Needle> {
    let letters: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
    if letters.len() < SHORTEST {
        return Vec::new();
    }
    let mirrored = letters.iter().rev().copied().collect();
    let turn = |byte: &u8| if byte.is_ascii_lowercase() { (byte - b'a' + 13) % 26 + b'a' } else { *byte };
    let rotated = letters.iter().map(turn).collect();
    [("", letters), ("mirror writing", mirrored), ("ROT13", rotated)]
        .map(|(how, letters)| Needle { token, letters, how })
        .into_iter()
        .collect()
}

fn look(view: &View<'_>, needles: &[Needle], found: &mut Vec<Sighting>) {
    let places: Vec<usize> =
        view.text().bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()).map(|(at, _)| at).collect();
    let letters: Vec<u8> = view.text().bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect();
    for needle in needles {
        if found.iter().any(|one| one.token == needle.token) {
            continue;
        }
        let Some(at) = position(&letters, &needle.letters) else { continue };
        let (Some(start), Some(last)) = (places.get(at), places.get(at + needle.letters.len() - 1)) else { continue };
        let dress = view.seen();
        let open = last + 1 - start == needle.letters.len();
        let how = if needle.how.is_empty() && !open && dress.is_empty() { "pieces" } else { needle.how };
        let seen = if how.is_empty() || dress.is_empty() { format!("{how}{dress}") } else { format!("{how} in {dress}") };
        found.push(Sighting { token: needle.token, span: view.source(*start..last + 1), seen });
    }
}

/// The first place of `part` in `text`, in time linear in the text for parts without repetition.
fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    let first = *part.first()?;
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == first)?;
        if text.get(at..)?.starts_with(part) {
            return Some(at);
        }
        at += 1;
    }
}
