//! What things are called. In: things as outcomes tell of them, what a new thing is to be called. Out: whether somebody else
//! wants to have one taken away that the user did not name, or a new one made.

use std::collections::BTreeMap;

use bailiwick_vocab::origin::Wish;
use serde::{Deserialize, Serialize};

use crate::origin::asked::{is_asked, is_demanding, is_making, is_ordering};
use crate::origin::heap::{Edges, Heap};

/// Things remembered. What comes later is not known by name.
const MAX_THINGS: usize = 4_096;

/// Letters of a word that says which thing it is.
const LEAST: usize = 3;

/// Words of names that say nothing of the thing.
const NOTHING: &str = "the and for with from info mail office noreply com org net example txt pdf doc docx xls xlsx csv png jpg mp4 \
    re fwd www http https";

/// Names by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Names(BTreeMap<String, Vec<String>>);

impl Names {
    /// Takes what a thing is called; normalised.
    pub(crate) fn add(&mut self, ids: &[String], names: &[String]) {
        for id in ids {
            if self.0.len() < MAX_THINGS || self.0.contains_key(id) {
                let known = self.0.entry(id.clone()).or_default();
                known.extend(names.iter().filter(|name| !name.is_empty() && !known.contains(name)).cloned().collect::<Vec<_>>());
                known.truncate(8);
            }
        }
    }

    /// Where others name the thing, by what it is called.
    pub(crate) fn named(&self, id: &str, others: &[&Heap]) -> Option<u64> {
        let names = self.0.get(id)?;
        names.iter().find_map(|name| others.iter().find_map(|heap| heap.holds(name, Edges::Loose)))
    }

    /// Where others want to have the thing taken away, by a name that the user's words do not hold.
    pub(crate) fn wanted_away(&self, id: &str, user: &str, others: &[&Heap]) -> Option<u64> {
        let names = self.0.get(id)?;
        names.iter().find_map(|name| {
            let words = telling(name);
            let named = words.is_empty() || words.iter().all(|word| stands(user, word));
            let wants = |text: &str| words.iter().all(|word| stands(text, word)) && is_asked(text, Wish::Remove);
            if named { None } else { others.iter().find_map(|heap| heap.passage(&words, &wants)) }
        })
    }
}

/// What new things are.
const THING: &str = "event calendar appointment meeting reminder file note document task entry contact list folder issue ticket page \
    termin kalender datei fichier rendez agenda evento archivo cita file promemoria";

/// How far around a name the words stand that ask for it, in bytes.
const NEAR: usize = 100;

/// Where others ask for a new thing of this name, of several words, and the user's words do not hold it.
pub(crate) fn demanded(name: &str, user: &str, others: &[&Heap]) -> Option<u64> {
    if !name.contains(' ') || user.contains(name) {
        return None;
    }
    let asks = |text: &str| {
        let near = |at: usize| {
            let (start, end) =
                (text.floor_char_boundary(at.saturating_sub(NEAR)), text.ceil_char_boundary(at + name.len() + NEAR));
            let around = text.get(start..end).unwrap_or_default();
            is_making(around) && THING.split_ascii_whitespace().any(|thing| stands(around, thing))
        };
        text.match_indices(name).any(|(at, _)| near(at))
    };
    others.iter().find_map(|heap| heap.passage(&[name], &asks))
}

/// Whether others tell somebody to do something with what goes by this number.
pub(crate) fn ordered(id: &str, others: &Heap) -> bool {
    let asks = |text: &str| {
        text.match_indices(id).any(|(at, _)| {
            let (start, end) = (text.floor_char_boundary(at.saturating_sub(NEAR)), text.ceil_char_boundary(at + id.len() + NEAR));
            is_ordering(text.get(start..end).unwrap_or_default())
        })
    };
    others.passage(&[id], &asks).is_some()
}

/// Where members tell somebody to send this on, or to let this one in.
pub(crate) fn pressed(value: &str, members: &Heap) -> Option<u64> {
    let asks = |text: &str| {
        text.match_indices(value).any(|(at, _)| {
            let start = text.floor_char_boundary(at.saturating_sub(NEAR));
            is_demanding(text.get(start..at).unwrap_or_default())
        })
    };
    members.passage(&[value], &asks)
}

/// The words of a name that tell which thing it is.
fn telling(name: &str) -> Vec<&str> {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().count() >= LEAST && !NOTHING.split_ascii_whitespace().any(|none| none == *word)).collect()
}

/// Whether a word stands in a text, as a whole.
fn stands(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric()).any(|other| other == word)
}
