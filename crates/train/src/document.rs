//! A text as the learner sees it: the slots of its words, where its sentences begin, which part may hold the order.

use std::collections::HashMap;
use std::ops::Range;

use bailiwick_detect::classifier::passage::{Cutter, SENTENCES, about_class};
use bailiwick_detect::classifier::{about_in, read};
use bailiwick_detect::view::{Depth, views};

use crate::corpus::Row;
use crate::dice::digest;
use crate::generate;
use crate::salad::Salad;

/// Slots of every word and the passages over them.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The slots of all words, one word after the other.
    pub(crate) slots: Vec<u32>,
    /// Where in `slots` each word ends.
    pub(crate) words: Vec<u32>,
    /// The first word of each sentence, and the end.
    pub(crate) cuts: Vec<u32>,
    /// Where each sentence stands in the text in plain letters.
    pub(crate) spans: Vec<Range<usize>>,
    /// Where the words of those who write about the matter stand in it.
    pub(crate) about: Vec<usize>,
    pub(crate) attack: bool,
    pub(crate) weight: f32,
    /// Sentences that may hold the order: all, where that is not known.
    pub(crate) suspect: Range<usize>,
    /// Kept from the learner, for the calibration.
    pub(crate) held: bool,
}

/// A passage: its words, and the class of what stands around.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    pub(crate) words: Range<usize>,
    pub(crate) about: usize,
}

impl Document {
    /// Reads a text in plain letters; `payload` is the byte range of the inserted passage in the text as it stands.
    pub(crate) fn read(text: &str, payload: Option<Range<usize>>) -> Document {
        Document::read_as(text, payload, true)
    }

    /// The same; `meanings`: with those of its words.
    pub(crate) fn read_as(text: &str, payload: Option<Range<usize>>, meanings: bool) -> Document {
        let mut cutter = Cutter::default();
        let (mut slots, mut words, mut cuts) = (Vec::new(), Vec::new(), vec![0]);
        let (mut spans, mut about): (Vec<Range<usize>>, Vec<usize>) = (Vec::new(), Vec::new());
        let (mut first, mut last) = (usize::MAX, 0);
        if let Some(view) = views(text, Depth { nested: 0, times: 0 }).next() {
            about = about_in(&view);
            read(&view, |token, of_word, of_meanings| {
                if cutter.cuts(token.breaks) {
                    cuts.push(place(words.len()));
                }
                if spans.len() < cuts.len() {
                    spans.push(token.start..token.end);
                }
                spans.last_mut().into_iter().for_each(|span| span.end = token.end);
                let source = view.source(token.start..token.end);
                if payload.as_ref().is_none_or(|range| range.start <= source.start && source.end <= range.end) {
                    first = first.min(cuts.len() - 1);
                    last = cuts.len();
                }
                slots.extend(of_word);
                slots.extend(of_meanings.iter().filter(|_| meanings));
                words.push(place(slots.len()));
            });
        }
        cuts.push(place(words.len()));
        Document { slots, words, cuts, spans, about, attack: false, weight: 1.0, suspect: first.min(last)..last, held: false }
    }

    /// The slots of a range of words.
    pub(crate) fn of(&self, words: Range<usize>) -> &[u32] {
        let bound = |word: usize| word.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, |end| *end as usize);
        self.slots.get(bound(words.start)..bound(words.end)).unwrap_or_default()
    }

    /// The slots of the words that may be the order.
    pub(crate) fn suspects(&self) -> &[u32] {
        let bound = |sentence: usize| self.cuts.get(sentence).map_or(0, |cut| *cut as usize);
        self.of(bound(self.suspect.start)..bound(self.suspect.end))
    }

    /// Every passage: those that end inside the sentences given.
    pub(crate) fn passages(&self) -> impl Iterator<Item = Passage> + '_ {
        let range = if self.attack { self.suspect.clone() } else { 0..self.cuts.len().saturating_sub(1) };
        range.clone().flat_map(move |sentence| {
            let first = (sentence + 1).saturating_sub(SENTENCES).max(if self.attack { range.start } else { 0 });
            (first..=sentence).filter_map(move |from| {
                let start = *self.cuts.get(from)? as usize;
                let end = *self.cuts.get(sentence + 1)? as usize;
                let span = self.spans.get(from)?.start..self.spans.get(sentence)?.end;
                (start < end).then(|| Passage { words: start..end, about: about_class(&self.about, &span) })
            })
        })
    }
}

fn place(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What a text about injection, or with its words in it, counts beside another harmless text.
const HARD_WEIGHT: f32 = 3.0;
/// How many rows of a source count in full; a larger source's rows share what they have.
const FULL: f32 = 150.0;

/// Every document that may be learnt from, read once: rows of fold train, and generated ones.
pub(crate) struct Shelf {
    /// With the source of the attack, or nothing where it belongs to no source.
    documents: Vec<(Option<String>, Document)>,
}

impl Shelf {
    /// Reads the rows.
    pub(crate) fn new(rows: &[Row]) -> Shelf {
        let usable: Vec<&Row> = rows.iter().filter(|row| !row.test && usable(row)).collect();
        let mut salad = Salad::new(rows);
        let mut documents = Vec::new();
        for row in usable {
            let source = row.attack.then(|| row.source.clone());
            documents.extend(document(row).map(|document| (source.clone(), document)));
            if row.attack {
                let shuffled = salad.of(row.payload.as_ref().unwrap_or(&row.text));
                documents.extend(shuffled.into_iter().map(|document| (source.clone(), document)));
            }
        }
        documents.extend(generate::documents(&mut salad).into_iter().map(|document| (None, document)));
        Shelf { documents }
    }

    /// The documents without the attacks of unwanted sources, each with what it counts; a large source's rows count less.
    pub(crate) fn without(&self, unwanted: &dyn Fn(&str) -> bool) -> Vec<(&Document, f32)> {
        let wanted = |source: &Option<String>| source.as_ref().is_none_or(|source| !unwanted(source));
        let mut of_source: HashMap<&str, f32> = HashMap::new();
        for source in self.documents.iter().filter(|(_, document)| document.attack).filter_map(|(source, _)| source.as_deref()) {
            *of_source.entry(source).or_default() += 1.0;
        }
        let weighed = |(source, document): &(Option<String>, Document)| {
            let count = source.as_deref().filter(|_| document.attack).and_then(|source| of_source.get(source));
            let share = count.map_or(1.0, |count| (FULL / count).sqrt().min(1.0));
            document.weight * share
        };
        self.documents.iter().filter(|(source, _)| wanted(source)).map(|one| (&one.1, weighed(one))).collect()
    }
}

/// Rows that teach the wrong thing are left out: doubtful labels, disguises (views undo them), commands and tools that do harm
/// without addressing anyone.
fn usable(row: &Row) -> bool {
    if !row.attack {
        return true;
    }
    let addressed = match row.kind {
        "injection" | "jailbreak" | "rules_file" => true,
        "skill" | "tool_definition" => row.payload.is_some() || row.source == "damn-vulnerable-mcp",
        _ => false,
    };
    addressed && !row.weak && !row.dressed
}

/// Whether a row is kept from the learner: one template in ten.
pub(crate) fn held(row: &Row) -> bool {
    digest(&row.key).is_multiple_of(10)
}

fn document(row: &Row) -> Option<Document> {
    let place = row.payload.as_ref().and_then(|payload| row.text.find(payload.as_str()).map(|at| at..at + payload.len()));
    // Without a place, a long text teaches its carrier.
    if row.attack && place.is_none() && row.kind != "jailbreak" && row.text.len() > 1500 {
        return None;
    }
    let mut document = Document::read(&row.text, place.filter(|_| row.attack));
    document.attack = row.attack;
    document.held = held(row);
    document.weight = weight(row);
    (!document.words.is_empty()).then_some(document)
}

fn weight(row: &Row) -> f32 {
    if !row.attack {
        return if row.kind == "hard_negative" { HARD_WEIGHT } else { 1.0 };
    }
    let kind = if row.kind == "jailbreak" { 0.5 } else { 1.0 };
    kind * if row.plain_request { 0.3 } else { 1.0 }
}
