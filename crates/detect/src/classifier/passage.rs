//! Where a text is cut, and what the model looks at: every part of a sentence, and up to four of them in a row.
//!
//! An order to an agent is a few sentences in a long text, so the text's score is that of its strongest passage, never a mean
//! over all of it. Sums of word scores go in by sentence; the best passage so far is kept, and nothing else.

use std::ops::Range;

/// A shorter sentence goes together with the next one.
const SENTENCE_MIN: usize = 4;
/// A longer one is cut: in tables, code and minified text no sentence ends.
const SENTENCE_MAX: usize = 32;
/// Parts of sentences in a passage: an order is often one half of a sentence, the other half of which is harmless.
pub const SENTENCES: usize = 4;
/// Length classes of passages: up to 3, 7, 15, 31, 63 words, and more.
pub const LENGTHS: usize = 6;

/// Classes of how many words of those who write about the matter stand around: none, one, up to three, more.
pub const ABOUTS: usize = 4;
/// How far around a passage these are counted, in bytes.
const AROUND: usize = 700;

/// The class of a passage, by where all such words stand, in order.
#[must_use]
pub fn about_class(about: &[usize], span: &Range<usize>) -> usize {
    let first = about.partition_point(|at| at + AROUND < span.start);
    let last = about.partition_point(|at| *at < span.end + AROUND);
    match last.saturating_sub(first) {
        few @ 0..=1 => few,
        2..=3 => 2,
        _ => 3,
    }
}

/// Cuts words into sentences.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cutter {
    words: usize,
}

impl Cutter {
    /// Whether a new sentence begins with this word.
    #[inline]
    pub fn cuts(&mut self, breaks: bool) -> bool {
        let cut = (breaks && self.words >= SENTENCE_MIN) || self.words >= SENTENCE_MAX;
        self.words = if cut { 1 } else { self.words + 1 };
        cut
    }
}

/// The length class of a passage.
#[must_use]
pub fn length_class(words: usize) -> usize {
    (words.max(2).ilog2() as usize).saturating_sub(1).min(LENGTHS - 1)
}

/// How much the words' sum counts in a passage of so many: noise grows with the root of the length, and so does the divisor.
#[must_use]
pub fn share(words: usize) -> f32 {
    SHARES.get(words).copied().unwrap_or(SHORTEST_SHARE)
}

/// Words of the longest passage.
const WORDS_MAX: usize = SENTENCES * SENTENCE_MAX;
/// `1 / sqrt(words + 4)`, for every number of words.
static SHARES: [f32; WORDS_MAX + 1] = {
    let mut table = [0.0; WORDS_MAX + 1];
    let mut words = 0;
    while words < table.len() {
        table[words] = root_share(words);
        words += 1;
    }
    table
};
const SHORTEST_SHARE: f32 = root_share(WORDS_MAX);

/// By Newton's steps, since no root can be taken at compile time.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "at most 128 words; a weight needs no more")]
const fn root_share(words: usize) -> f32 {
    let square = words as f64 + 4.0;
    let mut root = square / 2.0;
    let mut step = 0;
    while step < 20 {
        root = (root + square / root) / 2.0;
        step += 1;
    }
    (1.0 / root) as f32
}

/// A sentence that has been read.
#[derive(Clone, Debug, Default)]
struct Sentence {
    sum: f32,
    words: usize,
    span: Range<usize>,
}

/// The strongest passage of a text read so far.
#[derive(Clone, Debug)]
pub struct Passages<'m> {
    /// What a passage of each length class has from the start.
    offsets: &'m [f32; LENGTHS],
    /// The same for each class of what stands around.
    abouts: &'m [f32; ABOUTS],
    /// Where the words of those who write about the matter stand.
    about: &'m [usize],
    /// The most that what stands around can add.
    most_about: f32,
    last: [Sentence; SENTENCES],
    now: Sentence,
    cutter: Cutter,
    best: Option<(f32, Range<usize>)>,
}

impl<'m> Passages<'m> {
    /// Before the first word.
    #[must_use]
    pub fn new(offsets: &'m [f32; LENGTHS], abouts: &'m [f32; ABOUTS], about: &'m [usize]) -> Passages<'m> {
        Passages {
            offsets,
            abouts,
            about,
            most_about: abouts.iter().copied().fold(f32::MIN, f32::max),
            last: Default::default(),
            now: Sentence::default(),
            cutter: Cutter::default(),
            best: None,
        }
    }

    /// The next word: its score, whether a sentence ended before it, where it stands.
    pub fn push(&mut self, score: f32, breaks: bool, span: Range<usize>) {
        if self.cutter.cuts(breaks) {
            self.end_sentence();
        }
        if self.now.words == 0 {
            self.now.span = span.clone();
        }
        self.now.sum += score;
        self.now.words += 1;
        self.now.span.end = span.end;
    }

    /// The strongest passage of all: its score and where it stands. None in a text without words.
    #[must_use]
    pub fn best(mut self) -> Option<(f32, Range<usize>)> {
        self.end_sentence();
        self.best
    }

    fn end_sentence(&mut self) {
        if self.now.words == 0 {
            return;
        }
        self.last.rotate_left(1);
        if let Some(newest) = self.last.last_mut() {
            *newest = std::mem::take(&mut self.now);
        }
        let (mut sum, mut words, mut end) = (0.0, 0, None);
        for sentence in self.last.iter().rev().take_while(|sentence| sentence.words > 0) {
            sum += sentence.sum;
            words += sentence.words;
            let end = *end.get_or_insert(sentence.span.end);
            let offset = |table: &[f32], class: usize| table.get(class).copied().unwrap_or_default();
            let alone = sum * share(words) + offset(self.offsets, length_class(words));
            let beaten = |score: f32| self.best.as_ref().is_some_and(|(best, _)| score <= *best);
            // What stands around is counted only where that could decide.
            if beaten(alone + self.most_about) {
                continue;
            }
            let span = sentence.span.start..end;
            let score = alone + offset(self.abouts, about_class(self.about, &span));
            if !beaten(score) {
                self.best = Some((score, span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_at_least_four_words_and_at_most_thirty_two() {
        let mut cutter = Cutter::default();
        let cuts: Vec<usize> = (0..80).filter(|word| cutter.cuts(*word == 2 || *word == 10)).collect();
        assert_eq!(cuts, [10, 42, 74]);
    }

    #[test]
    fn the_best_passage_is_found_wherever_it_stands() {
        let offsets = [0.0; LENGTHS];
        for place in 0..60 {
            let mut passages = Passages::new(&offsets, &[0.0; ABOUTS], &[]);
            for word in 0..64_usize {
                let score = if word / 4 == place / 4 { 1.0 } else { -1.0 };
                passages.push(score, word % 4 == 0, word..word + 1);
            }
            let (score, span) = passages.best().unwrap_or_default();
            assert_eq!(span, place / 4 * 4..place / 4 * 4 + 4);
            assert!((score - 4.0 * share(4)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_passage_spans_four_parts_at_most() {
        let offsets = [0.0; LENGTHS];
        let mut passages = Passages::new(&offsets, &[0.0; ABOUTS], &[]);
        for word in 0..40_usize {
            passages.push(1.0, word % 5 == 0, word..word + 1);
        }
        assert_eq!(passages.best().map(|(_, span)| span.len()), Some(20));
    }
}
