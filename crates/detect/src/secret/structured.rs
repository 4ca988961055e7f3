//! Tokens of several parts with dots between them.

use crate::bytes::base64url;
use crate::rule::Place;

/// A JSON web token: two parts that are JSON objects in base64 (`eyJ` is `{"`), then a signature.
pub(crate) fn jwt(place: &Place<'_>) -> Option<(usize, usize)> {
    if !place.apart() {
        return None;
    }
    let head = part(place, place.after, 8)?;
    let body_starts = place.text.get(head + 1..head + 4)? == b"eyJ";
    let body = part(place, head + 1, 8).filter(|_| body_starts)?;
    let end = place.run(body + 1, usize::MAX, base64url);
    (end - body > 16).then_some((place.at, end))
}

/// `SG.`, 22 characters, a dot, 43 characters.
pub(crate) fn sendgrid(place: &Place<'_>) -> Option<(usize, usize)> {
    let dot = place.run(place.after, 23, base64url);
    let end = place.run(dot + 1, 44, base64url);
    let fits = dot - place.after == 22 && place.byte(dot) == b'.' && end - dot - 1 == 43;
    fits.then_some((place.at, end))
}

/// Where the dot is that ends the part of at least `min` bytes that begins at `from`.
fn part(place: &Place<'_>, from: usize, min: usize) -> Option<usize> {
    let end = place.run(from, usize::MAX, base64url);
    (end - from >= min && place.byte(end) == b'.').then_some(end)
}
