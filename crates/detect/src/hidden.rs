//! Characters that people do not see and models read: direction controls, zero-width characters, tags, variation selectors
//! in numbers. What scripts and emoji need is left alone: joiners between letters that join, one selector after a sign,
//! the tags of a flag.

use crate::bytes;
use crate::find::Match;
use crate::rule::{Rule, elsewhere};

static BIDI: Rule = elsewhere("hidden/bidi-control", "characters that change the order in which the text is shown");
static ZERO_WIDTH: Rule = elsewhere("hidden/zero-width", "characters without width within the text");
static TAGS: Rule = elsewhere("hidden/tag-characters", "tag characters: a text that is not shown");
static SELECTORS: Rule =
    elsewhere("hidden/variation-selectors", "variation selectors that select nothing: they can carry a text");

/// Every rule.
pub(crate) static RULES: [&Rule; 4] = [&BIDI, &ZERO_WIDTH, &TAGS, &SELECTORS];

/// A black flag, the only base that tags belong to.
const FLAG: char = '\u{1F3F4}';

/// The longest tag sequence of a flag (`gbsct` and its end), with room.
const FLAG_TAGS: usize = 8;

/// Runs of hidden characters, one match a run.
pub(crate) fn all(text: &str) -> Vec<Match> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let mut at = 0;
    while let Some(start) = next_candidate(text, at) {
        let (rule, length) = run(text.get(start..).unwrap_or_default());
        at = start + length.max(1);
        let before = text.get(..start).and_then(|head| head.chars().next_back()).unwrap_or('\0');
        let after = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\0');
        if let Some((rule, run)) = rule.zip(text.get(start..at))
            && is_suspect(rule, before, run, after, start)
        {
            found.push(Match { rule, start, end: at });
        }
    }
    found
}

/// The next byte that can begin a hidden character: all of them begin with one of four, and no other character has one of
/// these within it.
fn next_candidate(text: &str, from: usize) -> Option<usize> {
    let begins = |byte: u8| (byte == 0xE1) | (byte == 0xE2) | (byte == 0xEF) | (byte == 0xF3);
    bytes::position(text.as_bytes().get(from..)?, begins).map(|offset| from + offset)
}

/// The rule of the first character, and the length in bytes of the run under it.
fn run(text: &str) -> (Option<&'static Rule>, usize) {
    let rule = text.chars().next().and_then(rule_of);
    let same = |char: char| rule_of(char).zip(rule).is_some_and(|(one, other)| std::ptr::eq(one, other));
    (rule, text.find(|char| !same(char)).unwrap_or(text.len()))
}

/// Whether a character has no width of its own; soft hyphens and fillers too, which are no findings.
pub(crate) fn is_hidden(char: char) -> bool {
    let filler = matches!(char, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{200E}' | '\u{200F}'
        | '\u{206A}'..='\u{206F}' | '\u{3164}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}');
    filler || (!char.is_ascii() && rule_of(char).is_some())
}

fn rule_of(char: char) -> Option<&'static Rule> {
    match char {
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Some(&BIDI),
        '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{180E}' => Some(&ZERO_WIDTH),
        '\u{E0000}'..='\u{E007F}' => Some(&TAGS),
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Some(&SELECTORS),
        _ => None,
    }
}

fn is_suspect(rule: &Rule, before: char, run: &str, after: char, start: usize) -> bool {
    match rule.id {
        "hidden/zero-width" => !(is_joining(before, run, after) || (start == 0 && run == "\u{FEFF}")),
        "hidden/tag-characters" => !(before == FLAG && run.chars().count() <= FLAG_TAGS && run.ends_with('\u{E007F}')),
        "hidden/variation-selectors" => run.chars().nth(1).is_some() || selects_nothing(before),
        _ => true,
    }
}

/// A selector belongs to a sign that is not ASCII, or to a key cap.
fn selects_nothing(before: char) -> bool {
    before.is_ascii() && !before.is_ascii_digit() && !matches!(before, '#' | '*')
}

/// One joiner or non-joiner between characters that are not ASCII, as in Persian, Hindi or emoji.
fn is_joining(before: char, run: &str, after: char) -> bool {
    matches!(run, "\u{200C}" | "\u{200D}") && !before.is_ascii() && !after.is_ascii()
}
