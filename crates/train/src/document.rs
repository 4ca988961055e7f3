//! A text as the learner sees it: the slots of its words, where its sentences begin, which part may hold the order.

use std::collections::HashMap;

use bailiwick_detect::classifier::feature::{FEATURES, Reader};
use bailiwick_detect::classifier::passage::{Cutter, SENTENCES};
use bailiwick_detect::classifier::token::tokens;

use crate::corpus::Row;
use crate::dice::digest;
use crate::generate;
use crate::salad::Salad;

/// Slots of every word and the passages over them.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) words: Vec<[u32; FEATURES]>,
    /// The first word of each sentence, and the end.
    pub(crate) cuts: Vec<u32>,
    pub(crate) attack: bool,
    pub(crate) weight: f32,
    /// Sentences that may hold the order: all, where that is not known.
    pub(crate) suspect: std::ops::Range<usize>,
    /// Kept from the learner, for the calibration.
    pub(crate) held: bool,
}

impl Document {
    /// Reads a text; `payload` is the byte range of the inserted passage.
    pub(crate) fn read(text: &str, payload: Option<std::ops::Range<usize>>) -> Document {
        let (mut reader, mut cutter) = (Reader::default(), Cutter::default());
        let (mut words, mut cuts) = (Vec::new(), vec![0]);
        let (mut first, mut last) = (usize::MAX, 0);
        for token in tokens(text) {
            if cutter.cuts(token.breaks) {
                cuts.push(u32::try_from(words.len()).unwrap_or(u32::MAX));
            }
            let inside = payload.as_ref().is_none_or(|range| range.start <= token.start && token.end <= range.end);
            if inside {
                first = first.min(cuts.len() - 1);
                last = cuts.len();
            }
            words.push(reader.slots(&token));
        }
        cuts.push(u32::try_from(words.len()).unwrap_or(u32::MAX));
        Document { words, cuts, attack: false, weight: 1.0, suspect: first.min(last)..last, held: false }
    }

    /// The words that may be the order.
    pub(crate) fn suspects(&self) -> &[[u32; FEATURES]] {
        let bound = |sentence: usize| self.cuts.get(sentence).map_or(0, |cut| *cut as usize);
        self.words.get(bound(self.suspect.start)..bound(self.suspect.end)).unwrap_or_default()
    }

    /// Every passage, as a range of words: those that end inside the sentences given.
    pub(crate) fn passages(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let range = if self.attack { self.suspect.clone() } else { 0..self.cuts.len().saturating_sub(1) };
        range.clone().flat_map(move |sentence| {
            let first = (sentence + 1).saturating_sub(SENTENCES).max(if self.attack { range.start } else { 0 });
            (first..=sentence).filter_map(move |from| {
                let start = *self.cuts.get(from)? as usize;
                let end = *self.cuts.get(sentence + 1)? as usize;
                (start < end).then_some(start..end)
            })
        })
    }
}

/// How many rows of a source count in full; a larger source's rows share what they have.
const FULL: f32 = 150.0;

/// The documents to learn from: rows of fold train whose source is wanted, and generated ones.
pub(crate) fn training(rows: &[Row], wanted: &dyn Fn(&str) -> bool) -> Vec<Document> {
    let usable: Vec<&Row> = rows.iter().filter(|row| !row.test && usable(row) && (!row.attack || wanted(&row.source))).collect();
    let mut of_source: HashMap<&str, f32> = HashMap::new();
    for row in usable.iter().filter(|row| row.attack) {
        *of_source.entry(&row.source).or_default() += 1.0;
    }
    let mut documents: Vec<Document> = usable.iter().filter_map(|row| document(row, &of_source)).collect();
    let mut salad = Salad::new(rows);
    for row in usable.iter().filter(|row| row.attack) {
        documents.extend(salad.of(row.payload.as_ref().unwrap_or(&row.text)));
    }
    documents.extend(generate::documents(&mut salad));
    documents
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

fn document(row: &Row, of_source: &HashMap<&str, f32>) -> Option<Document> {
    let place = row.payload.as_ref().and_then(|payload| row.text.find(payload.as_str()).map(|at| at..at + payload.len()));
    // Without a place, a long text teaches its carrier.
    if row.attack && place.is_none() && row.kind != "jailbreak" && row.text.len() > 1500 {
        return None;
    }
    let mut document = Document::read(&row.text, place.filter(|_| row.attack));
    document.attack = row.attack;
    document.held = held(row);
    document.weight = weight(row, of_source);
    (!document.words.is_empty()).then_some(document)
}

fn weight(row: &Row, of_source: &HashMap<&str, f32>) -> f32 {
    if !row.attack {
        return if row.kind == "hard_negative" { 2.0 } else { 1.0 };
    }
    let of_source = of_source.get(row.source.as_str()).copied().unwrap_or(1.0);
    let kind = if row.kind == "jailbreak" { 0.5 } else { 1.0 };
    kind * (FULL / of_source).sqrt().min(1.0) * if row.plain_request { 0.3 } else { 1.0 }
}
