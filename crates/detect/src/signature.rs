//! Signatures: what an order to an agent looks like, as meanings of words near each other, so that one rule holds in all
//! languages of the lexicon and in every wording that uses its words. One file a rule, below `signature/`.
//!
//! In: the hits of one view. Out: the places where a rule's words stand together, each with the rule's own strength; what
//! surrounds a place is `context`'s matter.

use bailiwick_vocab::finding::Strength;

use crate::lex::Hit;
use crate::lexicon::meaning::Meaning;

mod answer;
mod beacon;
mod conceal;
mod credentials;
mod decode_and_obey;
mod drop_context;
mod drop_orders;
mod exfiltrate;
mod new_orders;
mod persist;
mod persona;
mod pressure;
mod quietly;
mod reveal_prompt;
mod run_remote;
mod shadow;
mod steer;
mod system_voice;
mod tool_first;
mod weaken;

/// One rule.
#[derive(Debug)]
pub(crate) struct Signature {
    /// `family/name`.
    pub(crate) id: &'static str,
    /// What a match means, for people.
    pub(crate) means: &'static str,
    /// The ways in which it shows.
    pub(crate) forms: &'static [Form],
    /// Texts that it must catch, with at least fair strength.
    pub(crate) catches: &'static [&'static str],
    /// Texts that it must not catch with fair strength.
    pub(crate) spares: &'static [&'static str],
}

/// One way in which a rule shows.
#[derive(Debug)]
pub(crate) struct Form {
    /// The first word's meaning.
    pub(crate) anchor: Meaning,
    /// The others.
    pub(crate) rest: &'static [Step],
    /// Whether the others may stand in any order on both sides.
    pub(crate) loose: bool,
    /// No match where such a word stands among the two before the anchor.
    pub(crate) unless: Meaning,
    /// What it says where nothing around it says otherwise.
    pub(crate) strength: Strength,
}

/// A further word of a form.
#[derive(Debug)]
pub(crate) struct Step {
    /// One of these meanings.
    pub(crate) want: Meaning,
    /// All of these.
    pub(crate) also: Meaning,
    /// Words between it and the one before (or the anchor, where the order is free), fillers apart.
    pub(crate) gap: u32,
}

/// A word with one of some meanings, so many words further on at most.
pub(crate) const fn then(gap: u32, want: Meaning) -> Step {
    Step { want, also: 0, gap }
}

/// Words in this order.
pub(crate) const fn form(anchor: Meaning, rest: &'static [Step], strength: Strength) -> Form {
    Form { anchor, rest, loose: false, unless: 0, strength }
}

/// Words in any order, each so near to the anchor.
pub(crate) const fn near(anchor: Meaning, rest: &'static [Step], strength: Strength) -> Form {
    Form { anchor, rest, loose: true, unless: 0, strength }
}

/// The same, but not after such a word.
pub(crate) const fn unless(form: Form, unless: Meaning) -> Form {
    Form { anchor: form.anchor, rest: form.rest, loose: form.loose, unless, strength: form.strength }
}

/// Every signature.
pub(crate) const SIGNATURES: [&Signature; 20] = [
    &drop_orders::RULE,
    &drop_context::RULE,
    &new_orders::RULE,
    &reveal_prompt::RULE,
    &persona::RULE,
    &system_voice::RULE,
    &exfiltrate::RULE,
    &beacon::RULE,
    &credentials::RULE,
    &conceal::RULE,
    &quietly::RULE,
    &tool_first::RULE,
    &shadow::RULE,
    &pressure::RULE,
    &run_remote::RULE,
    &decode_and_obey::RULE,
    &persist::RULE,
    &weaken::RULE,
    &steer::RULE,
    &answer::RULE,
];

/// A place where a rule's words stand together: the first and the last hit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting {
    pub(crate) rule: &'static Signature,
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) strength: Strength,
}

/// Hits looked at for one step at most: a bound on time in texts of nothing but such words.
const MOST_TRIED: usize = 24;
/// Hits taken for one form at one anchor at most: the bound where each step has several.
const MOST_TRIES: u32 = 64;

/// All sightings; of one rule, at most one for each anchor, the strongest.
pub(crate) fn sightings(hits: &[Hit]) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    for (index, hit) in hits.iter().enumerate().filter(|(_, hit)| hit.mask & ANCHORS != 0) {
        let mut rules = anchored(hit.mask & ANCHORS);
        while let Some(rule) = SIGNATURES.get(rules.trailing_zeros() as usize) {
            rules &= rules - 1;
            let best =
                rule.forms.iter().filter(|form| form.anchor & hit.mask != 0).filter_map(|form| look(hits, index, rule, form));
            if let Some(best) = best.max_by_key(|sighting| (sighting.strength, std::cmp::Reverse(sighting.last - sighting.first)))
            {
                push(&mut found, hits, best);
            }
        }
    }
    found
}

/// Meanings that a form of some rule begins with.
const ANCHORS: Meaning = {
    let mut all = 0;
    let mut bit = 0;
    while bit < BEGUN_BY.len() {
        if BEGUN_BY[bit] != 0 {
            all |= 1 << bit;
        }
        bit += 1;
    }
    all
};

/// For each meaning the rules of which a form begins with it, a bit each.
static BEGUN_BY_TABLE: [u32; Meaning::BITS as usize] = BEGUN_BY;
const BEGUN_BY: [u32; Meaning::BITS as usize] = {
    let mut table = [0; Meaning::BITS as usize];
    let mut rule = 0;
    while rule < SIGNATURES.len() {
        let mut form = 0;
        while form < SIGNATURES[rule].forms.len() {
            let anchor = SIGNATURES[rule].forms[form].anchor;
            let mut bit = 0;
            while bit < table.len() {
                table[bit] |= ((anchor >> bit & 1) as u32) << rule;
                bit += 1;
            }
            form += 1;
        }
        rule += 1;
    }
    table
};

/// The rules that may begin with a word of these meanings.
fn anchored(mut mask: Meaning) -> u32 {
    let mut rules = 0;
    while let Some(of) = BEGUN_BY_TABLE.get(mask.trailing_zeros() as usize) {
        rules |= of;
        mask &= mask - 1;
    }
    rules
}

/// Sightings of one rule that overlap are one, as strong as the strongest.
fn push(found: &mut Vec<Sighting>, hits: &[Hit], new: Sighting) {
    let begins = |sighting: &Sighting| hits.get(sighting.first).map_or(0, |hit| hit.start());
    let ends = |sighting: &Sighting| hits.get(sighting.last).map_or(0, |hit| hit.end());
    let same = found.iter_mut().rev().take(8).find(|old| std::ptr::eq(old.rule, new.rule) && ends(old) >= begins(&new));
    match same {
        Some(old) if new.strength > old.strength => *old = new,
        Some(_) => {}
        None => found.push(new),
    }
}

fn look(hits: &[Hit], anchor: usize, rule: &'static Signature, form: &Form) -> Option<Sighting> {
    let hit = hits.get(anchor)?;
    if form.unless != 0 && stands_before(hits, anchor, hit, form.unless) {
        return None;
    }
    let mut tries = MOST_TRIES;
    let (first, last) =
        if form.loose { around(hits, anchor, form.rest)? } else { (anchor, after(hits, anchor, form.rest, &mut tries)?) };
    Some(Sighting { rule, first, last, strength: form.strength })
}

/// Whether a word of `mask` stands within two words before.
fn stands_before(hits: &[Hit], anchor: usize, hit: &Hit, mask: Meaning) -> bool {
    let before = hits.get(anchor.saturating_sub(4)..anchor).unwrap_or_default();
    before.iter().any(|other| other.mask & mask != 0 && hit.at.saturating_sub(other.at) <= 4 && other.start() < hit.start())
}

fn fits(hit: &Hit, step: &Step) -> bool {
    hit.mask & step.want != 0 && hit.mask & step.also == step.also
}

/// The index of the last word of a form whose words follow each other.
fn after(hits: &[Hit], at: usize, rest: &[Step], tries: &mut u32) -> Option<usize> {
    let Some((step, rest)) = rest.split_first() else { return Some(at) };
    let from = hits.get(at)?;
    for (index, hit) in hits.iter().enumerate().skip(at + 1).take(MOST_TRIED) {
        *tries = tries.checked_sub(1)?;
        if hit.at.saturating_sub(from.at) > 2 * step.gap + 2 {
            return None;
        }
        if fits(hit, step)
            && hit.start() >= from.end()
            && let Some(last) = after(hits, index, rest, tries)
        {
            return Some(last);
        }
    }
    None
}

/// The first and last word of a form whose words stand around its anchor.
fn around(hits: &[Hit], anchor: usize, rest: &[Step]) -> Option<(usize, usize)> {
    let hit = hits.get(anchor)?;
    let (mut first, mut last) = (anchor, anchor);
    let mut taken = [usize::MAX; 6];
    for (slot, step) in taken.iter_mut().zip(rest) {
        let low = anchor.saturating_sub(MOST_TRIED);
        let window = hits.get(low..hits.len().min(anchor + MOST_TRIED)).unwrap_or_default();
        let index = window.iter().enumerate().map(|(offset, other)| (low + offset, other)).find(|(index, other)| {
            let apart = other.start() >= hit.end() || other.end() <= hit.start();
            *index != anchor && apart && other.at.abs_diff(hit.at) <= 2 * step.gap + 2 && fits(other, step)
        });
        let (index, _) = index?;
        *slot = index;
        first = first.min(index);
        last = last.max(index);
    }
    Some((first, last))
}
