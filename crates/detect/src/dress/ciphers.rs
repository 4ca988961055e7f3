//! Whole passages turned letter by letter: ROT13 and mirror writing.

use crate::dress::{Dress, Undressed};
use crate::map::Rewritten;

/// The passage with its letters 13 on, byte for byte in place.
pub(super) fn rotated(passage: &str, start: usize) -> Option<Undressed> {
    let text: String = passage.chars().map(rotate).collect();
    let mut made = Rewritten::with_capacity(text.len());
    made.keep(&text, start);
    Some(Undressed { dress: Dress::Rot13, made })
}

fn rotate(char: char) -> char {
    let turn = |first: u8, byte: u8| char::from((byte - first + 13) % 26 + first);
    match u8::try_from(char) {
        Ok(byte @ b'a'..=b'z') => turn(b'a', byte),
        Ok(byte @ b'A'..=b'Z') => turn(b'A', byte),
        Ok(_) | Err(_) => char,
    }
}

/// The passage from its end to its beginning; it stands for the whole.
pub(super) fn mirrored(passage: &str, start: usize) -> Option<Undressed> {
    let text: String = passage.chars().rev().collect();
    Some(Undressed { dress: Dress::Mirrored, made: Rewritten::whole(text, start..start + passage.len()) })
}
