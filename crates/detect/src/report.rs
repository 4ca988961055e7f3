//! From sightings to findings: strength by what stands around, one finding for what several rules' views show alike, order,
//! and bounds. In: a text's views. Out: its findings.

use std::ops::Range;

use bailiwick_vocab::effect::Span;
use bailiwick_vocab::finding::{Finding, Strength};

use crate::context::{self, Circumstances};
use crate::dress::Dress;
use crate::find::{self, Match};
use crate::place::{Place, place};
use crate::rule::{CLASSIFIER, Rule, TOO_DEEP, TOO_MANY};
use crate::signature::{self, Sighting, Signature};
use crate::view::{View, views};
use crate::{Likeliest, Limits, classifier, fold, hidden, personal, secret};

/// Something seen, in bytes of the original.
#[derive(Clone, Debug)]
struct Seen {
    rule: &'static str,
    means: &'static str,
    range: Range<usize>,
    strength: Strength,
    dress: String,
    /// How likely it is, where the rule says that.
    probability: Option<f32>,
}

/// What was seen so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    seen: Vec<Seen>,
    unread: Vec<(&'static Rule, Range<usize>)>,
    /// How many places were looked up: each costs kilobytes, and more findings than this are cut off anyway.
    placed: usize,
    /// The strongest passage by the classifier over all views: its probability, where it stands, in which dress.
    likeliest: Option<(f32, Range<usize>, String)>,
}

/// Places looked up for one text at most.
const MOST_PLACES: usize = 512;
/// Sightings of other rules within so many bytes make company.
const NEAR: usize = 400;

impl Report {
    /// Reads all views of a text; `always`: with the classifier, even where no bar makes a finding of what it says.
    pub(crate) fn read(&mut self, text: &str, limits: &Limits, always: bool) {
        for found in hidden::all(text) {
            self.push(found.rule, found.start..found.end, Strength::Strong, String::new());
        }
        let mut all = views(text, limits.depth);
        for view in &mut all {
            self.exact(text, &view);
            let sightings = signature::sightings(&view.lexed().hits);
            self.signatures(text, &view, &sightings);
            if always || limits.classifier.is_some() {
                self.judge(&view, &sightings, limits.classifier);
            }
        }
        for range in all.unread().iter().take(8) {
            self.unread(&TOO_DEEP, range.clone());
        }
    }

    /// Says that a part was not read.
    pub(crate) fn unread(&mut self, rule: &'static Rule, range: Range<usize>) {
        self.unread.push((rule, range));
    }

    fn push(&mut self, rule: &'static Rule, range: Range<usize>, strength: Strength, dress: String) {
        self.seen.push(Seen { rule: rule.id, means: rule.means, range, strength, dress, probability: None });
    }

    /// Secrets, personal data and markup: what is found by its exact signs.
    fn exact(&mut self, text: &str, view: &View<'_>) {
        if !view.dress().iter().all(|dress| keeps_letters(*dress)) {
            return;
        }
        let mut found = find::all(view.text());
        found.extend(personal::all(view.text()));
        for one in found {
            let source = view.source(one.start..one.end);
            if !one.rule.id.starts_with("instruction/") {
                let strength = secret::check::strength(one.rule, view.text().get(one.start..one.end).unwrap_or_default());
                self.push(one.rule, source, strength, view.seen());
                continue;
            }
            let range = one.start..one.end;
            let around = Circumstances { view, range, disguised: false, company: 0 };
            if let Some(level) = context::level(one.rule.strength, &around) {
                let place = self.place(text, source.start);
                let strength = level.at(place);
                self.push(one.rule, source, strength, dress(view, place, false));
            }
        }
    }

    fn place(&mut self, text: &str, at: usize) -> Option<Place> {
        self.placed += 1;
        if self.placed > MOST_PLACES { None } else { place(text, at) }
    }

    fn signatures(&mut self, text: &str, view: &View<'_>, sightings: &[Sighting]) {
        let hits = &view.lexed().hits;
        let range = |sighting: &Sighting| {
            let start = hits.get(sighting.first).map_or(0, |hit| hit.start());
            start..hits.get(sighting.last).map_or(start, |hit| hit.end())
        };
        for (index, sighting) in sightings.iter().enumerate() {
            let here = range(sighting);
            let begins = here.start;
            let near = |other: &Sighting| range(other).start.abs_diff(begins) <= NEAR;
            let low = sightings.get(index.saturating_sub(8)..index).unwrap_or_default();
            let high = sightings.get(index + 1..sightings.len().min(index + 9)).unwrap_or_default();
            let others = low
                .iter()
                .chain(high)
                .filter(|other| !std::ptr::eq(other.rule, sighting.rule) && other.strength > Strength::Weak && near(other));
            let source = view.source(here.clone());
            let same = text.get(source.clone()) == view.text().get(here.clone());
            if same && !view.dress().is_empty() {
                // The disguise stood elsewhere in the passage: the outer view shows this one as it is.
                continue;
            }
            let disguised =
                text.get(source.clone()).is_some_and(fold::is_disguised) || view.dress().iter().any(|dress| dress.is_disguise());
            let around = Circumstances { view, range: here, disguised, company: others.count() };
            if let Some(level) = context::level(sighting.strength, &around) {
                let place = self.place(text, source.start);
                let strength = level.at(place);
                let dress = dress(view, place, disguised);
                let Signature { id: rule, means, .. } = sighting.rule;
                self.seen.push(Seen { rule, means, range: source, strength, dress, probability: None });
            }
        }
    }

    /// What the classifier says of a view's strongest passage: a finding from the bar on, where there is one.
    fn judge(&mut self, view: &View<'_>, sightings: &[Sighting], bar: Option<f32>) {
        if is_short(view.text()) {
            return;
        }
        let Some(judged) = classifier::strongest_in(view, sightings) else { return };
        let probability = judged.probability;
        if bar.is_some_and(|bar| probability >= bar) {
            let sure = probability >= classifier::ONE_IN_A_THOUSAND;
            let strength = if sure { Strength::Fair } else { Strength::Weak };
            self.push(&CLASSIFIER, view.source(judged.span.clone()), strength, view.seen());
            self.seen.last_mut().into_iter().for_each(|seen| seen.probability = Some(probability));
        }
        if self.likeliest.as_ref().is_none_or(|(most, _, _)| probability > *most) {
            self.likeliest = Some((probability, view.source(judged.span), view.seen()));
        }
    }

    /// What the classifier takes for the likeliest order, once all was read.
    pub(crate) fn likeliest(&mut self, text: &str) -> Option<Likeliest> {
        let (probability, range, seen) = self.likeliest.take()?;
        let start = text.floor_char_boundary(range.start);
        let end = text.ceil_char_boundary(range.end).max(start);
        Some(Likeliest { probability, span: span(&(start..end)), seen })
    }

    /// In order, one of those that say the same of the same place, so many at most.
    pub(crate) fn finish(mut self, text: &str, most: usize) -> Vec<Finding> {
        for seen in &mut self.seen {
            seen.range.start = text.floor_char_boundary(seen.range.start);
            seen.range.end = text.ceil_char_boundary(seen.range.end).max(seen.range.start);
        }
        self.seen.retain(|seen| !seen.range.is_empty());
        // The strongest first, among these the plainest dress.
        self.seen.sort_by_key(|seen| (seen.rule, std::cmp::Reverse(seen.strength), seen.dress.len(), seen.range.start));
        let mut kept: Vec<Seen> = Vec::new();
        let mut from = 0;
        for seen in self.seen {
            if kept.last().is_some_and(|last| last.rule != seen.rule) {
                from = kept.len();
            }
            let of_rule = kept.get(from..).unwrap_or_default();
            // Against all would take a square; what a text has more of than this is cut off below anyway.
            let doubled = |other: &Seen| other.range.start < seen.range.end && seen.range.start < other.range.end;
            let double = of_rule.iter().rev().take(64).any(doubled) || of_rule.iter().take(256).any(doubled);
            if !double {
                kept.push(seen);
            }
        }
        kept.sort_by_key(|seen| (seen.range.start, std::cmp::Reverse(seen.range.end)));
        // An order within another order's words, as strong or weaker, says nothing new.
        let mut last: Option<(usize, usize, Strength)> = None;
        kept.retain(|seen| {
            if !seen.rule.starts_with("instruction/") || seen.rule == CLASSIFIER.id {
                return true;
            }
            let inside = last.is_some_and(|(start, end, strength)| {
                start == seen.range.start && end >= seen.range.end && strength >= seen.strength
            });
            if !inside {
                last = Some((seen.range.start, seen.range.end, seen.strength));
            }
            !inside
        });
        let firm: Vec<Range<usize>> = kept.iter().filter(|seen| seen.is_firm_order()).map(|seen| seen.range.clone()).collect();
        kept.retain(|seen| seen.rule != CLASSIFIER.id || !firm.iter().any(|range| seen.overlaps(range)));
        kept.sort_by_key(|seen| (seen.range.start, seen.range.end));
        let mut findings: Vec<Finding> = kept.iter().take(most).map(Seen::finding).collect();
        if let Some(first) = kept.get(most) {
            self.unread.push((&TOO_MANY, first.range.start..text.len()));
        }
        self.unread.sort_by_key(|(_, range)| range.start);
        let unread = self.unread.iter().map(|(rule, range)| finding(&Match { rule, start: range.start, end: range.end }));
        findings.extend(unread);
        findings
    }
}

impl Seen {
    /// Whether a rule names an order here: the classifier, which cannot say what it is, has nothing to add.
    fn is_firm_order(&self) -> bool {
        self.rule.starts_with("instruction/") && self.rule != CLASSIFIER.id && self.strength > Strength::Weak
    }

    fn overlaps(&self, range: &Range<usize>) -> bool {
        self.range.start < range.end && range.start < self.range.end
    }

    fn finding(&self) -> Finding {
        let means = match self.probability {
            Some(probability) => format!("{} (probability {probability:.2})", self.means),
            None => self.means.to_owned(),
        };
        let mut finding = Finding::new(self.rule, span(&self.range), means);
        finding.strength = self.strength;
        finding.seen.clone_from(&self.dress);
        finding
    }
}

/// Whether a text is a word or two: the classifier has too little to go by.
fn is_short(text: &str) -> bool {
    if text.is_ascii() { text.split_whitespace().nth(2).is_none() } else { text.chars().nth(7).is_none() }
}

/// Whether what comes out of a dress is byte for byte what went in, so that a key in it is that key.
fn keeps_letters(dress: Dress) -> bool {
    match dress {
        Dress::Base64
        | Dress::Base32
        | Dress::Hex
        | Dress::Numbers
        | Dress::Compressed
        | Dress::UrlEncoding
        | Dress::Entities
        | Dress::QuotedPrintable
        | Dress::Escapes
        | Dress::Rot13
        | Dress::Mirrored
        | Dress::Tags
        | Dress::Selectors
        | Dress::ZeroWidth
        | Dress::Pdf
        | Dress::Office
        | Dress::Utf16 => true,
        Dress::Leet | Dress::SpacedLetters | Dress::RunTogether | Dress::CutUp => false,
    }
}

/// `base64 in an HTML comment`.
fn dress(view: &View<'_>, place: Option<Place>, disguised: bool) -> String {
    let mut parts = Vec::new();
    if disguised && !view.dress().iter().any(|dress| dress.is_disguise()) {
        parts.push("disguised letters".to_owned());
    }
    if !view.dress().is_empty() {
        parts.push(view.seen());
    }
    parts.extend(place.map(|place| place.name().to_owned()));
    parts.join(" in ")
}

/// Whether a dress, as [`dress`] words it, hides from people who look at the text what stands there.
pub(crate) fn is_unseen(seen: &str) -> bool {
    let places = [Place::HtmlComment, Place::HiddenElement, Place::MarkdownComment, Place::FarRight];
    let dresses = [Dress::Tags, Dress::Selectors, Dress::ZeroWidth];
    let mut names = places.iter().filter(|place| place.is_hidden()).map(|place| place.name());
    names.any(|name| seen.contains(name)) || dresses.iter().any(|dress| seen.contains(dress.name()))
}

/// A finding of a rule with exact signs.
pub(crate) fn finding(found: &Match) -> Finding {
    let mut finding = Finding::new(found.rule.id, span(&(found.start..found.end)), found.rule.means);
    finding.strength = found.rule.strength;
    finding
}

/// Texts of more than 4 GiB do not come here; should one, its far end is named by the last offset there is.
fn span(range: &Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: offset(range.start), end: offset(range.end) }
}
