//! Private keys in their armour, whole or cut off, on lines of their own or escaped into one (`\n`).

use crate::bytes::base64;
use crate::rule::Place;

/// What a line of armour has before its key: two lines of an encrypted key of the old kind.
const HEADERS: [&[u8]; 4] = [b"Proc-Type:", b"4,ENCRYPTED", b"DEK-Info:", b"Comment:"];

/// The shortest run that is taken for a line of the key when its end is not in sight.
const LINE: usize = 16;

/// From the first dash to the last of the end line; where that is missing, to the last line of the key.
pub(crate) fn look(place: &Place<'_>) -> Option<(usize, usize)> {
    let label_end = place.run(place.after, 40, |byte| byte.is_ascii_uppercase() || byte == b' ');
    let label = place.text.get(place.after..label_end)?;
    if !label.ends_with(b"PRIVATE KEY") && !label.ends_with(b"PRIVATE KEY BLOCK") {
        return None;
    }
    let open = dashes(place, label_end)?;
    let end = body(place, open);
    (end > open).then_some((place.at, end))
}

fn dashes(place: &Place<'_>, at: usize) -> Option<usize> {
    (place.text.get(at..at + 5)? == b"-----").then_some(at + 5)
}

/// The end of the key's lines that begin at `open`.
fn body(place: &Place<'_>, open: usize) -> usize {
    let mut end = open;
    loop {
        let next = gap(place, end);
        if let Some(after) = end_line(place, next) {
            return after;
        }
        if let Some(header) = HEADERS.iter().find(|header| place.text.get(next..).is_some_and(|rest| rest.starts_with(header))) {
            end = place.run(next + header.len(), 80, |byte| !matches!(byte, b'\n' | b'\r' | b'\\'));
            continue;
        }
        let run = place.run(next, usize::MAX, base64);
        let is_last = run > next && end_line(place, gap(place, run)).is_some();
        if run - next < LINE && !is_last {
            return end;
        }
        end = run;
    }
}

/// White space, line breaks written as `\n`, and quotes between lines joined by a program.
fn gap(place: &Place<'_>, from: usize) -> usize {
    let mut at = from;
    let most = from + 64;
    while at < most {
        match (place.byte(at), place.byte(at + 1)) {
            (b'\\', b'n' | b'r' | b't') => at += 2,
            (b' ' | b'\n' | b'\r' | b'\t' | b'\\' | b'"', _) => at += 1,
            _ => break,
        }
    }
    at
}

fn end_line(place: &Place<'_>, at: usize) -> Option<usize> {
    if place.text.get(at..at + 9)? != b"-----END " {
        return None;
    }
    let label = place.run(at + 9, 40, |byte| byte.is_ascii_uppercase() || byte == b' ');
    Some(dashes(place, label).unwrap_or(label))
}
