//! Characters that people do not see and models read: direction controls, zero-width characters, tags, variation selectors
//! in numbers. What scripts and emoji need is left alone: joiners between letters that join, one selector after a sign,
//! the tags of a flag.

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
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut before = '\0';
    let mut chars = text.char_indices().peekable();
    while let Some((start, char)) = chars.next() {
        let Some(rule) = rule_of(char) else {
            before = char;
            continue;
        };
        let mut run = vec![char];
        let mut end = start + char.len_utf8();
        while let Some((at, next)) = chars.next_if(|(_, next)| rule_of(*next).is_some_and(|other| std::ptr::eq(other, rule))) {
            end = at + next.len_utf8();
            run.push(next);
        }
        let after = chars.peek().map_or('\0', |(_, next)| *next);
        if is_suspect(rule, before, &run, after, start) {
            found.push(Match { rule, start, end });
        }
        before = char;
    }
    found
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

fn is_suspect(rule: &Rule, before: char, run: &[char], after: char, start: usize) -> bool {
    match rule.id {
        "hidden/zero-width" => !(is_joining(before, run, after) || (start == 0 && run == ['\u{FEFF}'])),
        "hidden/tag-characters" => !(before == FLAG && run.len() <= FLAG_TAGS && run.last() == Some(&'\u{E007F}')),
        "hidden/variation-selectors" => {
            run.len() > 1 || (before.is_ascii() && !before.is_ascii_digit() && !matches!(before, '#' | '*'))
        }
        _ => true,
    }
}

/// One joiner or non-joiner between characters that are not ASCII, as in Persian, Hindi or emoji.
fn is_joining(before: char, run: &[char], after: char) -> bool {
    matches!(run, ['\u{200C}' | '\u{200D}']) && !before.is_ascii() && !after.is_ascii()
}
