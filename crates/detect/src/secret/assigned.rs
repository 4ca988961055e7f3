//! Secrets without a shape of their own, known only by the name they are given to: `DB_PASSWORD=…`, `"api_key": "…"`,
//! `--token …`, `<password>…`. The value must look like a secret: neither a word nor code nor an example.

use crate::bytes::{distinct, entropy, word};
use crate::rule::Place;
use crate::secret::{REDACTED, is_exact, is_placeholder};

/// Values longer than this are texts.
const LONGEST: usize = 512;

/// What stands before `key` in names of keys that are secret.
const KEYS: [&[u8]; 12] = [
    b"api",
    b"access",
    b"secret",
    b"private",
    b"account",
    b"auth",
    b"encryption",
    b"signing",
    b"master",
    b"service",
    b"shared",
    b"license",
];

/// How a value must look for its name.
struct Looks {
    shortest: usize,
    entropy: f64,
    /// Whether only what keys and tokens are made of may be in it.
    plain: bool,
}

/// A value given to a name that ends in `password` or the like.
pub(crate) fn password(place: &Place<'_>) -> Option<(usize, usize)> {
    value(place, &Looks { shortest: 6, entropy: 2.2, plain: false })
}

/// A value given to a name that ends in `secret`.
pub(crate) fn secret(place: &Place<'_>) -> Option<(usize, usize)> {
    value(place, &Looks { shortest: 10, entropy: 2.8, plain: true })
}

/// A value given to a name that ends in `token`.
pub(crate) fn token(place: &Place<'_>) -> Option<(usize, usize)> {
    value(place, &Looks { shortest: 16, entropy: 3.0, plain: true })
}

/// A value given to a name that ends in `key`, where the name says that the key is secret.
pub(crate) fn key(place: &Place<'_>) -> Option<(usize, usize)> {
    let before = place.before(12).to_ascii_lowercase();
    let before = before.strip_suffix(b"_").or(before.strip_suffix(b"-")).unwrap_or(&before);
    let says_so = KEYS.iter().any(|kind| before.ends_with(kind));
    if says_so { value(place, &Looks { shortest: 16, entropy: 3.0, plain: true }) } else { None }
}

fn value(place: &Place<'_>, looks: &Looks) -> Option<(usize, usize)> {
    let from = after_separator(place)?;
    let (start, end, quoted) = extent(place, from);
    let value = place.text.get(start..end)?;
    // What is left of a value that held a secret of its own is no secret again.
    if place.text.get(end..)?.starts_with(REDACTED.as_bytes()) {
        return None;
    }
    let stands = value.len() >= looks.shortest && value.len() < LONGEST && !is_placeholder(value) && !is_exact(place.text, start);
    (stands && is_secret(value, looks, quoted)).then_some((start, end))
}

/// Where the value begins, past the name's closing quote, the separator and its white space.
fn after_separator(place: &Place<'_>) -> Option<usize> {
    if word(place.byte(place.after)) {
        return None;
    }
    let at = place.run(place.after, 6, |byte| b"\\\"']".contains(&byte));
    let at = place.run(at, 8, |byte| matches!(byte, b' ' | b'\t'));
    let after = match (place.byte(at), place.byte(at + 1)) {
        (b'=', b'=' | b'~') => return None,
        (b'=', b'>') | (b':', b'=') => at + 2,
        (b'=' | b':', _) => at + 1,
        (b'>', _) if before_name(place) == *b"<" => at + 1,
        _ if at > place.after && place.byte(at - 1) == b' ' && is_option(place) => at,
        _ => return None,
    };
    Some(place.run(after, 8, |byte| matches!(byte, b' ' | b'\t')))
}

/// The byte before the name that ends at the place.
fn before_name<'a>(place: &'a Place<'_>) -> &'a [u8] {
    let name = name_before(place).len();
    let all = place.before(name + 1);
    all.get(..all.len() - name).unwrap_or_default()
}

/// What stands before the beginning in the same name.
fn name_before<'a>(place: &'a Place<'_>) -> &'a [u8] {
    let head = place.before(40);
    let start = head.iter().rposition(|byte| !word(*byte) && *byte != b'-').map_or(0, |last| last + 1);
    head.get(start..).unwrap_or_default()
}

/// Whether the name is a long option: `--password VALUE`.
fn is_option(place: &Place<'_>) -> bool {
    name_before(place).starts_with(b"--")
}

/// The value's first byte, the byte past its last, and whether it stands in quotes.
fn extent(place: &Place<'_>, from: usize) -> (usize, usize, bool) {
    let open = place.run(from, 4, |byte| byte == b'\\');
    let quote = place.byte(open);
    if matches!(quote, b'"' | b'\'' | b'`') {
        let end = place.run(open + 1, LONGEST, |byte| byte != quote && !matches!(byte, b'\n' | b'\r' | b'\\'));
        return (open + 1, end, true);
    }
    (from, place.run(from, LONGEST, |byte| byte > b' ' && !b",;&()[]{}<>\"'`|\\".contains(&byte)), false)
}

/// No white space, enough variety, and more than one kind of character; outside quotes a digit too, since code gives names
/// to names.
fn is_secret(value: &[u8], looks: &Looks, quoted: bool) -> bool {
    let digit = value.iter().any(u8::is_ascii_digit);
    let letter = value.iter().any(u8::is_ascii_alphabetic);
    let capital = value.iter().any(u8::is_ascii_uppercase) && value.iter().any(u8::is_ascii_lowercase);
    let other = value.iter().any(|byte| !byte.is_ascii_alphanumeric());
    let kinds = usize::from(digit) + usize::from(letter) + usize::from(capital) + usize::from(other);
    let plain = !looks.plain || (digit && value.iter().all(|byte| word(*byte) || b"-./+=:~".contains(byte)));
    let no_space = !value.iter().any(u8::is_ascii_whitespace);
    no_space && plain && kinds >= 2 && letter && (quoted || digit) && distinct(value) > 4 && entropy(value) >= looks.entropy
}
