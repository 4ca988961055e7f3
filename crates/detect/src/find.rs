//! One pass over the text for every rule that has a beginning.
//!
//! Three tables, filled at compile time, say for each of three bytes in a row which rules could begin so; only where all
//! three agree is a rule asked. A secret's bytes are passed over once it is found, and a rule that says no has looked at a
//! bounded number of bytes, so time is linear. A general automaton would find the same; building one takes longer than the
//! whole process may.

use crate::bytes;
use crate::markup;
use crate::rule::{Look, Place, Rule, Token};
use crate::secret;

/// Something seen, in bytes, end exclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match {
    pub(crate) rule: &'static Rule,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// How much of a run decides whether it varies enough.
const HEAD: usize = 64;

/// Rules by bit: bit `n` of `byte[k][b]` says that rule `n` may have byte `b` at place `k` of a beginning.
struct Tables {
    byte: [[u64; 256]; 3],
}

const SECRETS: usize = secret::RULES.len();
const ALL: usize = SECRETS + markup::RULES.len();
static TABLES: Tables = tables();

const fn rule_at(index: usize) -> &'static Rule {
    if index < SECRETS { &secret::RULES[index] } else { &markup::RULES[index - SECRETS] }
}

const fn tables() -> Tables {
    const { assert!(ALL <= 64, "one bit a rule") };
    let mut byte = [[0; 256]; 3];
    let mut index = 0;
    while index < ALL {
        let rule = rule_at(index);
        let mut start = 0;
        while start < rule.starts.len() {
            let begin = rule.starts[start].as_bytes();
            assert!(begin.len() >= 3, "a beginning has three bytes");
            let mut place = 0;
            while place < 3 {
                byte[place][begin[place] as usize] |= 1 << index;
                if rule.any_case {
                    byte[place][begin[place].to_ascii_lowercase() as usize] |= 1 << index;
                    byte[place][begin[place].to_ascii_uppercase() as usize] |= 1 << index;
                }
                place += 1;
            }
            start += 1;
        }
        index += 1;
    }
    Tables { byte }
}

/// Everything that a rule with a beginning matches, in order. Secrets that overlap are one, under the first one's rule.
pub(crate) fn all(text: &str) -> Vec<Match> {
    let text = text.as_bytes();
    let mut pass = Pass { found: Vec::new(), at: 0, ended: 0, ahead: None };
    while let Some(hit) = next_candidate(text, pass.at) {
        pass.look_at(text, hit);
    }
    pass.found.sort_by_key(|found| (found.start, found.end));
    merged(pass.found)
}

/// Where the one pass stands.
struct Pass {
    found: Vec<Match>,
    /// Where to look on.
    at: usize,
    /// Where the last secret that was passed over ended: a word that begins there stands apart.
    ended: usize,
    /// A secret known to stand further on: what is before it is still looked at, it itself is passed over.
    ahead: Option<(usize, usize)>,
}

impl Pass {
    fn look_at(&mut self, text: &[u8], hit: usize) {
        self.at = hit + 1;
        if let Some((start, end)) = self.ahead
            && hit >= start
        {
            self.ahead = None;
            if hit < end {
                self.pass_over(end);
                return;
            }
            self.ended = end;
        }
        for one in at_place(text, hit, self.ended) {
            self.found.push(one);
            if one.rule.is_secret() {
                if one.start == hit {
                    self.pass_over(one.end);
                } else {
                    self.ahead = Some((one.start, one.end));
                }
                return;
            }
        }
    }

    fn pass_over(&mut self, end: usize) {
        self.at = end;
        self.ended = end;
    }
}

/// Overlapping secrets made one, so that no part of any is left over.
fn merged(found: Vec<Match>) -> Vec<Match> {
    let mut kept: Vec<Match> = Vec::with_capacity(found.len());
    let mut last_secret = None;
    for one in found {
        let last = last_secret.and_then(|index: usize| kept.get_mut(index)).filter(|last| one.start < last.end);
        match last {
            Some(last) if one.rule.is_secret() => last.end = last.end.max(one.end),
            _ => {
                if one.rule.is_secret() {
                    last_secret = Some(kept.len());
                }
                kept.push(one);
            }
        }
    }
    kept
}

/// The first place from `from` on where some rule may begin.
fn next_candidate(text: &[u8], from: usize) -> Option<usize> {
    let [first, second, third] = &TABLES.byte;
    let rest = text.get(from..)?;
    let candidate = rest.windows(3).position(|window| match window {
        [a, b, c] => first[usize::from(*a)] & second[usize::from(*b)] & third[usize::from(*c)] != 0,
        _ => false,
    });
    candidate.map(|offset| from + offset)
}

/// What the rules say of one place.
fn at_place(text: &[u8], at: usize, ended: usize) -> impl Iterator<Item = Match> {
    let place = |offset: usize, index: usize| {
        let byte = text.get(at + offset).copied().unwrap_or(0);
        TABLES.byte.get(index).map_or(0, |table| table[usize::from(byte)])
    };
    let mut bits = place(0, 0) & place(1, 1) & place(2, 2);
    std::iter::from_fn(move || {
        while bits != 0 {
            let index = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if let Some(found) = look(rule_at(index), text, at, ended) {
                return Some(found);
            }
        }
        None
    })
}

/// Whether one rule matches at a place. `ended` is where the last secret ended.
pub(crate) fn look(rule: &'static Rule, text: &[u8], at: usize, ended: usize) -> Option<Match> {
    let rest = text.get(at..)?;
    let begin = rule.starts.iter().find(|begin| begins(rest, begin.as_bytes(), rule.any_case))?;
    let place = Place { text, at, after: at + begin.len(), ended };
    let (start, end) = match &rule.look {
        Look::Token(shape) => token(shape, &place)?,
        Look::With(look) => look(&place)?,
        Look::Elsewhere => return None,
    };
    Some(Match { rule, start, end })
}

fn begins(rest: &[u8], begin: &[u8], any_case: bool) -> bool {
    rest.get(..begin.len()).is_some_and(|head| if any_case { head.eq_ignore_ascii_case(begin) } else { head == begin })
}

/// A run that is long enough, not too long, and not a few bytes over and over as in an example. The head decides, so that
/// saying no costs little however long the run is.
fn token(shape: &Token, place: &Place<'_>) -> Option<(usize, usize)> {
    if shape.apart && !place.apart() {
        return None;
    }
    let head = place.run(place.after, shape.min.max(HEAD), shape.class);
    let body = place.text.get(place.after..head)?;
    if body.len() < shape.min || bytes::distinct(body) <= 4 {
        return None;
    }
    let end = place.run(place.after, shape.max.saturating_add(1), shape.class);
    (end - place.after <= shape.max).then_some((place.at, end))
}
