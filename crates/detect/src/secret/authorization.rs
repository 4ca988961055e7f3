//! Values of `Authorization` headers, and bearer tokens that stand alone.

use crate::bytes::{base64url, distinct};
use crate::rule::Place;
use crate::secret::{is_exact, is_placeholder};

/// How much of a value decides.
const HEAD: usize = 64;

const SCHEMES: [&[u8]; 5] = [b"bearer", b"basic", b"token", b"digest", b"apikey"];

/// What follows the scheme in `Authorization: SCHEME VALUE`, with or without quotes around name and value.
pub(crate) fn header(place: &Place<'_>) -> Option<(usize, usize)> {
    let colon = place.run(place.after, 4, |byte| b"\\\"' ".contains(&byte));
    if !matches!(place.byte(colon), b':' | b'=') {
        return None;
    }
    let from = place.run(colon + 1, 6, |byte| b"\\\"' ".contains(&byte));
    let word = place.run(from, 8, |byte| byte.is_ascii_alphabetic());
    let scheme = place.text.get(from..word)?;
    let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) && place.byte(word) == b' ';
    value(place, if known { place.run(word, 4, |byte| byte == b' ') } else { from }, if known { 8 } else { 20 })
}

/// What follows `Bearer `.
pub(crate) fn bearer(place: &Place<'_>) -> Option<(usize, usize)> {
    value(place, place.after, 16)
}

/// The head decides, so that saying no costs little however long the value is.
fn value(place: &Place<'_>, from: usize, min: usize) -> Option<(usize, usize)> {
    if is_exact(place.text, from) {
        return None;
    }
    let class = |byte| base64url(byte) || b".~+/=".contains(&byte);
    let head = place.text.get(from..place.run(from, HEAD, class))?;
    let varied = distinct(head) > 5 && head.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let stands = head.len() >= min && varied && !is_placeholder(head);
    stands.then(|| (from, place.run(from, usize::MAX, class)))
}
