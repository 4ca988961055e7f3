//! Attacks in other languages than English with their words shuffled, as harmless texts.
//!
//! The rows have next to no harmless text in other languages: without these, `de`, `и` and `ist` would be signs of an attack.
//! With them a single word says nothing there, and what counts is which words stand together.

use std::collections::{HashMap, HashSet};

use bailiwick_detect::classifier::token::tokens;

use crate::corpus::Row;
use crate::dice::Dice;
use crate::document::Document;

/// A word that so many harmless texts have is taken for English.
const TEXTS_MIN: usize = 20;
/// Shuffles of one text.
const TIMES: usize = 3;
const SEED: u64 = 11;
const WEIGHT: f32 = 2.0;

/// Tells English by the words of the harmless rows, and shuffles what is not.
pub(crate) struct Salad {
    english: HashSet<u32>,
    dice: Dice,
}

impl Salad {
    /// Learns which words are English.
    pub(crate) fn new(rows: &[Row]) -> Salad {
        let mut texts: HashMap<u32, usize> = HashMap::new();
        for row in rows.iter().filter(|row| !row.attack && !row.test) {
            let words: HashSet<u32> = tokens(&row.text).map(|token| token.word).collect();
            words.into_iter().for_each(|word| *texts.entry(word).or_default() += 1);
        }
        let english = texts.into_iter().filter(|(_, count)| *count >= TEXTS_MIN).map(|(word, _)| word).collect();
        Salad { english, dice: Dice::new(SEED) }
    }

    /// Shuffles of a text that is not English; none of one that is.
    pub(crate) fn of(&mut self, text: &str) -> Vec<Document> {
        let words: Vec<(u32, &str)> =
            tokens(text).filter_map(|token| Some((token.word, text.get(token.start..token.end)?))).collect();
        let english = words.iter().filter(|(word, _)| self.english.contains(word)).count();
        if english * 10 > words.len() * 6 {
            return Vec::new();
        }
        (0..TIMES).map(|_| self.shuffled(words.iter().map(|(_, word)| *word).collect())).collect()
    }

    fn shuffled(&mut self, mut words: Vec<&str>) -> Document {
        self.dice.shuffle(&mut words);
        // Their meanings, which all languages share, would teach that an order's meanings are harmless.
        Document { weight: WEIGHT, ..Document::read_as(&words.join(" "), None, false) }
    }
}
