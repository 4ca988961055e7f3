//! Personal data that has a shape and a check: card and account numbers, identity numbers. In: a text. Out: where they stand.
//! Names and addresses have none and are not found here.
//!
//! All are runs of digits (an IBAN has two letters before): one pass looks at runs alone.

use bailiwick_vocab::finding::Strength;

use crate::bytes;
use crate::find::Match;
use crate::rule::{Look, Rule};

/// Every rule.
pub(crate) static RULES: [Rule; 5] = [
    rule("personal/card-number", "the number of a payment card", Strength::Fair),
    rule("personal/iban", "the number of a bank account (IBAN)", Strength::Strong),
    rule("personal/us-ssn", "a United States social security number", Strength::Fair),
    rule("personal/cpf", "a Brazilian taxpayer number (CPF)", Strength::Fair),
    rule("personal/cn-resident", "a Chinese resident identity number", Strength::Strong),
];

const fn rule(id: &'static str, means: &'static str, strength: Strength) -> Rule {
    Rule { id, means, strength, starts: &[], any_case: false, look: Look::Elsewhere }
}

/// A run of digits with single spaces, dots or hyphens between: its digits and what stands between them.
struct Run {
    digits: Vec<u8>,
    gaps: Vec<usize>,
    start: usize,
    end: usize,
}

/// The longest run that is looked at: an IBAN with spaces.
const LONGEST: usize = 34;

/// The fewest digits of anything here, with at most four other characters among them.
const FEWEST: usize = 9;

/// Everything personal.
pub(crate) fn all(text: &str) -> Vec<Match> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = bytes.get(at..).and_then(|rest| bytes::position(rest, |byte| byte.is_ascii_digit())) {
        let start = at + offset;
        let country = bytes.get(start.saturating_sub(2)..start).is_some_and(|two| two.iter().all(u8::is_ascii_uppercase));
        let short = bytes.get(start..).unwrap_or_default().iter().take(FEWEST + 4).filter(|byte| byte.is_ascii_digit()).count();
        if short < FEWEST && !country {
            let rest = bytes.get(start..).unwrap_or_default();
            at = start + rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
            continue;
        }
        let run = run(bytes, start);
        at = run.end;
        let before = bytes.get(..run.start).unwrap_or_default();
        if let Some(start) = iban(before, bytes, &run) {
            found.push(Match { rule: &RULES[1], start: start.0, end: start.1 });
            at = start.1.max(at);
        } else if let Some((rule, end)) = kind(bytes, &run).filter(|_| !before.last().is_some_and(|byte| in_word(*byte))) {
            found.push(Match { rule, start: run.start, end });
        }
    }
    found
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/' | b'#' | b'=' | b'+')
}

fn run(bytes: &[u8], start: usize) -> Run {
    let mut run = Run { digits: Vec::new(), gaps: Vec::new(), start, end: start };
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        let digit_next = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => {
                run.digits.push(*byte - b'0');
                run.end = at + 1;
            }
            b' ' | b'-' | b'.' if digit_next && run.digits.len() < LONGEST => run.gaps.push(run.digits.len()),
            _ => break,
        }
        at += 1;
    }
    run
}

/// Which number a run of digits is, and where it ends.
fn kind(bytes: &[u8], run: &Run) -> Option<(&'static Rule, usize)> {
    let after = bytes.get(run.end).copied().unwrap_or(b' ');
    let digits = run.digits.as_slice();
    match digits.len() {
        17 if matches!(after, b'X' | b'x') && run.gaps.is_empty() && resident(digits, 10) => Some((&RULES[4], run.end + 1)),
        _ if after.is_ascii_alphanumeric() || after == b'_' => None,
        9 if run.gaps == [3, 5] && social(digits) => Some((&RULES[2], run.end)),
        11 if run.gaps == [3, 6, 9] && cpf(digits) => Some((&RULES[3], run.end)),
        18 if run.gaps.is_empty() && resident(digits, u32::from(*digits.get(17)?)) => Some((&RULES[4], run.end)),
        13..=19 if card(digits, &run.gaps) => Some((&RULES[0], run.end)),
        _ => None,
    }
}

/// An issuer's beginning and length, the grouping of a card or none, and the Luhn check.
fn card(digits: &[u8], gaps: &[usize]) -> bool {
    let head = digits.iter().take(4).fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let length = digits.len();
    let issued = match head {
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        6011 | 6440..=6599 | 6200..=6299 | 3528..=3589 => (16..=19).contains(&length),
        3000..=3059 | 3600..=3699 | 3800..=3899 => length == 14,
        _ => false,
    };
    let grouped = gaps.is_empty() || gaps == [4, 8, 12] || gaps == [4, 10];
    issued && grouped && luhn(digits) && digits.iter().any(|digit| Some(digit) != digits.get(1))
}

fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| if index % 2 == 1 { doubled(u32::from(*digit)) } else { u32::from(*digit) })
        .sum();
    sum.is_multiple_of(10)
}

/// Written as 3-2-4, and a number that is given out.
fn social(digits: &[u8]) -> bool {
    let number = |range: std::ops::Range<usize>| {
        digits.get(range).unwrap_or_default().iter().fold(0_u32, |all, digit| all * 10 + u32::from(*digit))
    };
    let area = number(0..3);
    area != 0 && area != 666 && area < 900 && number(3..5) != 0 && number(5..9) != 0 && digits != [1, 2, 3, 4, 5, 6, 7, 8, 9]
}

fn cpf(digits: &[u8]) -> bool {
    let check = |length: u32| {
        let sum: u32 = digits.iter().zip((2..=length + 1).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        (sum * 10 % 11) % 10
    };
    let given = |index: usize| digits.get(index).map(|digit| u32::from(*digit));
    given(9) == Some(check(9)) && given(10) == Some(check(10)) && digits.iter().any(|digit| Some(digit) != digits.first())
}

/// ISO 7064 MOD 11-2 over the first 17, and a date of birth.
fn resident(digits: &[u8], last: u32) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let number = |range: std::ops::Range<usize>| {
        digits.get(range).unwrap_or_default().iter().fold(0_u32, |all, digit| all * 10 + u32::from(*digit))
    };
    let dated = (1900..2100).contains(&number(6..10)) && (1..=12).contains(&number(10..12)) && (1..=31).contains(&number(12..14));
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    dated && (12 - sum % 11) % 11 == last
}

/// Two letters, two check digits, up to thirty letters and digits, with or without spaces; ISO 7064 MOD 97-10.
fn iban(before: &[u8], bytes: &[u8], run: &Run) -> Option<(usize, usize)> {
    let start = run.start.checked_sub(2)?;
    let country = before.get(start..)?;
    let apart = !before.get(..start)?.last().is_some_and(|byte| in_word(*byte));
    if !apart || !country.iter().all(u8::is_ascii_uppercase) || run.digits.len() < 2 {
        return None;
    }
    let mut code = Vec::new();
    let mut end = start;
    for (at, byte) in bytes.iter().enumerate().skip(start).take(LONGEST + 8) {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' => {
                code.push(*byte);
                end = at + 1;
            }
            b' ' if code.len() % 4 == 0 => {}
            _ => break,
        }
    }
    let fits = (15..=LONGEST).contains(&code.len()) && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (fits && mod_97(&code) == 1).then_some((start, end))
}

fn mod_97(code: &[u8]) -> u32 {
    let turned = code.iter().skip(4).chain(code.iter().take(4));
    turned.fold(0, |rest, byte| {
        let value = char::from(*byte).to_digit(36).unwrap_or(0);
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}
