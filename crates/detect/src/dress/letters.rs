//! Words whose letters are dressed up: digits for letters, something between the letters, words cut up or run together. In: a
//! passage and where it begins. Out: the passage in ordinary words, with the way back.

use crate::dress::{Dress, Undressed};
use crate::lex::{leet_best, leet_letter, leet_one};
use crate::lexicon::meaning::{ABOUT, FILLER, REPORTED};
use crate::lexicon::{self, SEED, grow};
use crate::map::Rewritten;

/// Digits and signs for letters, in words that have letters too or that mean something once read so.
pub(super) fn leet(passage: &str, start: usize) -> Option<Undressed> {
    let mut made = Rewritten::with_capacity(passage.len());
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"@$!|".contains(&byte);
    for (at, word) in runs(passage, part) {
        let inner = word.trim_end_matches('!');
        let digits = inner.bytes().filter(|byte| !byte.is_ascii_alphabetic()).count();
        let best = leet_best(inner.as_bytes());
        let is_leet = digits > 0 && (best.is_some() || (digits < inner.len() && inner.len() >= 3));
        if !is_leet || !part(word.bytes().next().unwrap_or(b' ')) {
            made.keep(word, start + at);
            continue;
        }
        let (_, choice) = best.unwrap_or((0, 0));
        let mut seen = 0;
        let plain: String = inner.bytes().map(|byte| char::from(leet_letter(byte, leet_one(choice, byte, &mut seen)))).collect();
        made.keep(&plain, start + at);
        made.keep(word.get(inner.len()..).unwrap_or_default(), start + at + inner.len());
    }
    Some(Undressed { dress: Dress::Leet, made })
}

/// The passage in runs of bytes that belong to a class and runs of others.
fn runs(passage: &str, class: impl Fn(u8) -> bool) -> Vec<(usize, &str)> {
    let bytes = passage.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let kind = class(*first);
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| class(*byte) != kind).unwrap_or(rest.len());
        out.push((at, passage.get(at..at + length).unwrap_or_default()));
        at += length;
    }
    out
}

/// Places where a tag stands within a word: `ig<b>nore`.
pub(super) fn cut_by_tags(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let opens = text.match_indices('<').map(|(at, _)| at);
    let cuts = opens.filter(|at| *at > 0 && letter(at - 1) && tags_end(bytes, *at).is_some_and(letter));
    cuts.collect()
}

/// Where the tags that begin here, one after the other, end.
fn tags_end(bytes: &[u8], at: usize) -> Option<usize> {
    const MOST: usize = 8;
    let mut end = tag_end(bytes, at)?;
    for _ in 1..MOST {
        match tag_end(bytes, end).filter(|_| bytes.get(end) == Some(&b'<')) {
            Some(next) => end = next,
            None => break,
        }
    }
    Some(end)
}

/// Where the tag that begins here ends.
fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    const LONGEST: usize = 200;
    let rest = bytes.get(at + 1..)?;
    let first = rest.first()?;
    if !first.is_ascii_alphabetic() && !matches!(first, b'/' | b'!') {
        return None;
    }
    let end = rest.iter().take(LONGEST).position(|byte| matches!(byte, b'>' | b'<' | b'\n'))?;
    (rest.get(end) == Some(&b'>')).then_some(at + end + 2)
}

/// Leaves out what stands within words: tags, signs without a space, a hyphen at the end of a line, the seam of two strings.
pub(super) fn joined(passage: &str, start: usize) -> Option<Undressed> {
    let bytes = passage.as_bytes();
    let mut made = Rewritten::with_capacity(passage.len());
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        match seam(bytes, at) {
            Some(end) => {
                made.keep(passage.get(copied..at).unwrap_or_default(), start + copied);
                copied = end;
                at = end;
            }
            None => at += 1,
        }
    }
    made.keep(passage.get(copied..).unwrap_or_default(), start + copied);
    Some(Undressed { dress: Dress::CutUp, made })
}

/// Where the seam that begins here ends, if a letter stands on both sides.
fn seam(bytes: &[u8], at: usize) -> Option<usize> {
    const LONGEST: usize = 8;
    let letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    if !bytes.get(at.checked_sub(1)?).is_some_and(letter) || bytes.get(at).is_some_and(letter) {
        return None;
    }
    let end = match bytes.get(at)? {
        b'<' => tags_end(bytes, at)?,
        _ => at + bytes.get(at..)?.iter().take(LONGEST).position(letter)?,
    };
    let gap = bytes.get(at..end)?;
    let blank = gap.iter().any(|byte| byte.is_ascii_whitespace());
    let digit = gap.first()? != &b'<' && gap.iter().any(u8::is_ascii_digit);
    let quotes = gap.iter().filter(|byte| matches!(byte, b'"' | b'\'' | b'`')).count();
    let strings =
        quotes >= 2 && gap.iter().any(|byte| matches!(byte, b'+' | b'.' | b'&' | b'|' | b'\n')) || quotes == 2 && gap.len() <= 3;
    let hyphen = gap.first() == Some(&b'-') && gap.iter().skip(1).all(|byte| matches!(byte, b'\n' | b'\r' | b' '));
    let is_seam = !digit && (!blank || strings || hyphen) && bytes.get(end).is_some_and(letter);
    is_seam.then_some(end)
}

/// Letters with one and the same thing between each, put together; more between two letters is the space between words.
pub(super) fn closed(passage: &str, start: usize) -> Option<Undressed> {
    let letters: Vec<(usize, char)> = passage.char_indices().filter(|(_, char)| char.is_alphanumeric()).collect();
    let mut made = Rewritten::with_capacity(passage.len());
    let mut copied = 0;
    let mut index = 0;
    while index < letters.len() {
        let run = spaced_run(passage, letters.get(index..).unwrap_or_default());
        if run.len() < 5 {
            index += run.len().max(1);
            continue;
        }
        let (first, last) = (run.first()?, run.last()?);
        made.keep(passage.get(copied..first.0)?, start + copied);
        close(passage, run, start, &mut made);
        copied = last.0 + last.1.len_utf8();
        index += run.len();
    }
    made.keep(passage.get(copied..)?, start + copied);
    Some(Undressed { dress: Dress::SpacedLetters, made })
}

/// The letters that stand alone from the first on: between any two at least one other character and at most four.
fn spaced_run<'a>(passage: &str, letters: &'a [(usize, char)]) -> &'a [(usize, char)] {
    let gap = |pair: &[(usize, char)]| {
        let (first, second) = (pair.first()?, pair.get(1)?);
        let gap = passage.get(first.0 + first.1.len_utf8()..second.0)?;
        (1..=8).contains(&gap.chars().count()).then_some(())
    };
    let joins = letters.windows(2).take_while(|pair| gap(pair).is_some()).count();
    let mut run = letters.get(..letters.len().min(joins + 1)).unwrap_or_default();
    // The last one may be the first letter of an ordinary word.
    if run.len() < letters.len() && joins > 0 {
        run = run.get(..run.len() - 1).unwrap_or_default();
    }
    run
}

/// Puts a run together; where its gaps are all alike, the words are found in the lexicon.
fn close(passage: &str, run: &[(usize, char)], start: usize, made: &mut Rewritten) {
    let end = |letter: &(usize, char)| letter.0 + letter.1.len_utf8();
    let gap = |pair: &[(usize, char)]| match pair {
        [first, second] => passage.get(end(first)..second.0).unwrap_or_default(),
        _ => "",
    };
    let narrow = run.windows(2).map(gap).min_by_key(|gap| gap.len()).unwrap_or(" ");
    let between = narrow.chars().next().unwrap_or(' ');
    let wide = run.windows(2).any(|pair| is_wide(gap(pair), between));
    let text: String = run.iter().map(|(_, char)| *char).collect();
    let breaks = if wide { Vec::new() } else { word_ends(&text) };
    let mut written = 0;
    for pair in run.windows(2) {
        let (Some(letter), Some(next)) = (pair.first(), pair.get(1)) else { return };
        made.keep(passage.get(letter.0..end(letter)).unwrap_or_default(), start + letter.0);
        written += letter.1.len_utf8();
        let gap = gap(pair);
        let is_break = breaks.contains(&written) || is_wide(gap, between);
        let signs: String = gap.chars().filter(|char| *char != between && !char.is_whitespace()).collect();
        let signs = if is_break { format!("{signs} ") } else { signs };
        made.put(&signs, start + end(letter)..start + next.0);
    }
    if let Some(last) = run.last() {
        made.keep(passage.get(last.0..end(last)).unwrap_or_default(), start + last.0);
    }
}

/// Whether more stands between two letters than between those of one word.
fn is_wide(gap: &str, between: char) -> bool {
    let same = gap.chars().filter(|char| *char == between).count();
    let others = gap.chars().count() - same;
    same > others + 1 || (!between.is_whitespace() && gap.chars().any(char::is_whitespace))
}

/// Whether the word that begins here is several.
pub(super) fn is_several(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
    !word_ends(rest.get(..end).unwrap_or_default()).is_empty()
}

/// Long words that are several, with the spaces that belong between.
pub(super) fn apart(passage: &str, start: usize) -> Option<Undressed> {
    let mut made = Rewritten::with_capacity(passage.len() + 32);
    let mut changed = false;
    for (at, word) in runs(passage, |byte| byte.is_ascii_alphabetic()) {
        let ends = if word.len() >= 16 { word_ends(word) } else { Vec::new() };
        if ends.len() < 2 {
            made.keep(word, start + at);
            continue;
        }
        changed = true;
        let mut from = 0;
        for end in ends {
            made.keep(word.get(from..end)?, start + at + from);
            made.put(" ", start + at + end..start + at + end);
            from = end;
        }
        made.keep(word.get(from..)?, start + at + from);
    }
    changed.then_some(Undressed { dress: Dress::RunTogether, made })
}

/// Where the words of a text without spaces end that has a capital at each of them; nothing where it has not. Names in code are
/// written so: this costs less, and makes no words out of parts of theirs.
fn capital_ends(bytes: &[u8]) -> Option<Vec<usize>> {
    const LONGEST_MEAN: usize = 14;
    const SHORTEST_MEAN: usize = 3;
    let begins = |pair: &[u8]| matches!(pair, [before, after] if before.is_ascii_lowercase() && after.is_ascii_uppercase());
    let words = bytes.windows(2).filter(|pair| begins(pair)).count() + 1;
    if words < 3 || !(SHORTEST_MEAN * words..=LONGEST_MEAN * words).contains(&bytes.len()) {
        return None;
    }
    let ends: Vec<usize> = (1..bytes.len()).filter(|at| bytes.get(at - 1..=*at).is_some_and(begins)).collect();
    let from = std::iter::once(0).chain(ends.iter().copied());
    let to = ends.iter().copied().chain([bytes.len()]);
    let means = |(from, to): (usize, usize)| {
        let word = bytes.get(from..to).unwrap_or_default();
        let mask = lexicon::word(word.iter().fold(SEED, |hash, byte| grow(hash, byte.to_ascii_lowercase())));
        mask & !(FILLER | REPORTED | ABOUT) != 0
    };
    Some(if from.zip(to).filter(|piece| means(*piece)).count() >= 3 { ends } else { Vec::new() })
}

/// Where the words of a text without spaces end, by the lexicon and by capitals; empty unless three of them mean something.
fn word_ends(text: &str) -> Vec<usize> {
    const LONGEST: usize = 14;
    let bytes = text.as_bytes();
    if let Some(ends) = capital_ends(bytes) {
        return ends;
    }
    let mut ends = Vec::new();
    let mut known = 0;
    let mut at = 0;
    let mut loose = false;
    while at < bytes.len() {
        let mut hash = SEED;
        let mut best = None;
        for (offset, byte) in bytes.get(at..).unwrap_or_default().iter().take(LONGEST).enumerate() {
            hash = grow(hash, byte.to_ascii_lowercase());
            let mask = lexicon::word(hash);
            if mask != 0 && text.is_char_boundary(at + offset + 1) && (offset > 0 || matches!(byte, b'a' | b'A' | b'i' | b'I')) {
                best = Some((at + offset + 1, mask));
            }
        }
        if let Some((end, mask)) = best {
            if loose {
                ends.push(at);
            }
            known += usize::from(mask & !(FILLER | REPORTED | ABOUT) != 0);
            ends.push(end);
            at = end;
            loose = false;
        } else {
            loose = true;
            at += 1;
        }
    }
    ends.dedup();
    ends.retain(|end| *end < bytes.len());
    if known >= 3 { ends } else { Vec::new() }
}
