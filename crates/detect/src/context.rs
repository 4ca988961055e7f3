//! What stands around a sighting, and what that says of it: a text that discusses orders is not one that gives them. In: a
//! view, a sighting. Out: how strong the finding is, or nothing where what is left is no finding.
//!
//! None of it can be trusted to clear a text, since who attacks can write any words: a weaker finding is still one.

use std::ops::Range;

use bailiwick_vocab::finding::Strength;

use crate::lex::Hit;
use crate::lexicon::meaning::{ABOUT, REPORTED};
use crate::place::Place;
use crate::view::View;

/// Words around a sighting among which others' words are looked for, in the counting of hits.
const AROUND: u32 = 80;

/// What lowers or raises, in steps of strength.
pub(crate) struct Circumstances<'a> {
    /// The view that it was seen in.
    pub(crate) view: &'a View<'a>,
    /// Its place in the view.
    pub(crate) range: Range<usize>,
    /// Whether letters of its own were disguised.
    pub(crate) disguised: bool,
    /// Other rules' sightings near by that are more than hints themselves.
    pub(crate) company: usize,
}

/// A strength that the place has yet to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    steps: i32,
    company: bool,
}

impl Level {
    /// The strength at a kind of place in the original.
    pub(crate) fn at(self, place: Option<Place>) -> Strength {
        // What is no more than a hint elsewhere is none the stronger for company or for where it stands.
        let hidden = self.steps > 0 && place.is_some_and(Place::is_hidden);
        let steps = self.steps + i32::from(hidden) + i32::from(self.steps == 0 && self.company);
        match steps {
            ..1 => Strength::Weak,
            1 => Strength::Fair,
            2.. => Strength::Strong,
        }
    }
}

/// What is left of `base`; nothing where it would be less than weak, wherever it stands.
pub(crate) fn level(base: Strength, around: &Circumstances<'_>) -> Option<Level> {
    let hits = &around.view.lexed().hits;
    let mut steps = match base {
        Strength::Weak => 0,
        Strength::Fair => 1,
        Strength::Strong => 2,
    };
    let about = discussion(hits, &around.range);
    let quoted = is_quoted(around.view.text(), &around.range);
    steps -= i32::from(about >= 2) + i32::from(about >= 5);
    steps -= i32::from(quoted) + i32::from(quoted && about > 0);
    steps -= i32::from(is_reported(hits, &around.range));
    steps += i32::from(around.disguised);
    (steps >= 0).then_some(Level { steps, company: around.company > 0 })
}

/// How many words of those who write about the matter stand around.
fn discussion(hits: &[Hit], range: &Range<usize>) -> usize {
    let first = hits.partition_point(|hit| hit.start() < range.start);
    let at = hits.get(first).map_or(0, |hit| hit.at);
    let near = |hit: &&Hit| hit.at.abs_diff(at) <= AROUND;
    let before = hits.get(..first).unwrap_or_default().iter().rev().take(200).take_while(near);
    let after = hits.get(first..).unwrap_or_default().iter().take(200).take_while(near).filter(|hit| hit.start() >= range.end);
    before.chain(after).filter(|hit| hit.mask & ABOUT != 0).count()
}

/// Whether it begins within a word or two of speech that reports: `attackers tell it to ignore …`.
fn is_reported(hits: &[Hit], range: &Range<usize>) -> bool {
    let first = hits.partition_point(|hit| hit.start() < range.start);
    let at = hits.get(first).map_or(0, |hit| hit.at);
    let before = hits.get(..first).unwrap_or_default().iter().rev().take(6);
    before
        .take_while(|hit| at.saturating_sub(hit.at) <= 2)
        .any(|hit| hit.mask & (REPORTED | ABOUT) != 0 && hit.end() <= range.start)
}

/// Whether it stands in quotation marks within a sentence; a string of JSON or code does not count.
fn is_quoted(text: &str, range: &Range<usize>) -> bool {
    const LONGEST: usize = 160;
    const BACK: usize = 40;
    let low = range.start.saturating_sub(BACK);
    let before = text.as_bytes().get(low..range.start).unwrap_or_default();
    let Some(open) = before.iter().rposition(|byte| !byte.is_ascii_alphabetic() && *byte != b' ' && *byte != b',') else {
        return false;
    };
    let quote = before.get(open).copied().unwrap_or(b' ');
    if !matches!(quote, b'"' | b'\'' | b'`' | b'*' | b'_') {
        return false;
    }
    let lead = before.get(..open).unwrap_or_default().trim_ascii_end();
    let code = quote != b'`' && lead.last().is_none_or(|byte| b":=[{(,\\".contains(byte));
    let after = text.as_bytes().get(range.end..).unwrap_or_default();
    let after = after.get(..after.len().min(LONGEST)).unwrap_or_default();
    !code && after.iter().take_while(|byte| **byte != b'\n').any(|byte| *byte == quote)
}
