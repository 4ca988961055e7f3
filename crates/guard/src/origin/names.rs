//! What things are called. In: things as outcomes tell of them, what a new thing is to be called. Out: whether somebody else
//! wants to have one taken away that the user did not name, or a new one made.

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bailiwick_vocab::origin::Wish;

use crate::origin::asked::{is_asked, is_demanding, is_making, is_ordering};
use crate::origin::heap::{Heap, number};

/// Bytes of names remembered. Past it whatever is not known counts as named by others.
const MAX_BYTES: usize = 256 << 10;

/// Letters of a word that says which thing it is.
const LEAST: usize = 3;

/// Words of names that say nothing of the thing.
const NOTHING: &str =
    "the and for with from info mail office noreply txt pdf doc docx xls xlsx csv png jpg mp4 re fwd www http https";

/// Names by number: a line each, so that a hook reads them as they lie in its file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// A line end, then `number`, a tab, the name, and a line end.
    lines: String,
    /// Whether there were more.
    full: bool,
    /// The digests of the lines, once one is added.
    known: Option<HashSet<u64>>,
}

impl Names {
    /// Takes what a thing is called; normalised.
    pub(crate) fn add(&mut self, ids: &[String], names: &[String]) {
        for id in ids {
            for name in names.iter().filter(|name| !name.is_empty() && !id.is_empty()) {
                self.line(&format!("{id}\t{name}"));
            }
        }
    }

    fn line(&mut self, line: &str) {
        let known = self.known.get_or_insert_with(|| self.lines.lines().map(digest).collect());
        if known.contains(&digest(line)) {
            return;
        }
        if self.lines.len() + line.len() > MAX_BYTES {
            self.full = true;
            return;
        }
        known.insert(digest(line));
        if self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    fn of<'s>(&'s self, id: &str) -> impl Iterator<Item = &'s str> {
        let start = format!("\n{id}\t");
        let ends = self.lines.match_indices(&start).map(|(at, found)| at + found.len()).collect::<Vec<_>>();
        ends.into_iter().filter_map(|at| self.lines.get(at..)?.split('\n').next())
    }

    /// Whether nothing is known of it because there was too much.
    fn is_lost(&self, id: &str) -> bool {
        self.full && self.of(id).next().is_none()
    }

    /// Where others name the thing by what it is called, and tell somebody to do something with it.
    pub(crate) fn named(&self, id: &str, others: &Heap) -> Option<u64> {
        if self.is_lost(id) {
            return Some(0);
        }
        self.of(id).find_map(|name| ordered(name, is_ordering, others))
    }

    /// Where others want to have the thing taken away, by a name that the user's words do not hold.
    pub(crate) fn wanted_away(&self, id: &str, user: &str, others: &[&Heap]) -> Option<u64> {
        if self.is_lost(id) {
            return Some(0);
        }
        self.of(id).find_map(|name| {
            let words = telling(name);
            let named = words.is_empty() || words.iter().all(|word| stands(user, word));
            let left = Cell::new(MAX_READ);
            let wants = |text: &str| {
                let all = words.iter().all(|word| text.contains(word));
                left.set(left.get().saturating_sub(if all { text.len() } else { 0 }));
                let meant = || words.iter().all(|word| stands(text, word)) && is_asked(text, Wish::Remove);
                all && (left.get() == 0 || meant())
            };
            if named { None } else { others.iter().find_map(|heap| heap.passage(&words, &wants)) }
        })
    }

    /// What it takes to make it again.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.full));
        out.extend((self.lines.len() as u64).to_le_bytes());
        out.extend(self.lines.as_bytes());
    }

    /// Names from the beginning of these bytes, and the rest of them.
    pub(crate) fn read(bytes: &[u8]) -> Option<(Names, &[u8])> {
        let (full, rest) = bytes.split_first()?;
        let (length, rest) = number(rest)?;
        let (lines, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        let lines = String::from_utf8(lines.to_vec()).ok()?;
        Some((Names { lines, full: *full != 0, known: None }, rest))
    }
}

fn digest(line: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    hasher.finish()
}

/// What new things are.
const THING: &str = "event calendar appointment meeting reminder file note document task entry contact list folder issue ticket page \
    termin kalender datei fichier rendez agenda evento archivo cita file promemoria";

/// Places that are looked at for one value, and bytes of texts for one name: more would take longer than a call may.
const MAX_LOOKS: usize = 96;
const MAX_READ: usize = 128 << 10;

/// How far around a name the words stand that ask for it, in bytes.
const NEAR: usize = 100;

/// Where others ask for a new thing of this name, of several words, and the user's words do not hold it.
pub(crate) fn demanded(name: &str, user: &str, others: &[&Heap]) -> Option<u64> {
    if !name.contains(' ') || user.contains(name) {
        return None;
    }
    let asks = |around: &str| is_making(around) && THING.split_ascii_whitespace().any(|thing| stands(around, thing));
    others.iter().find_map(|heap| near(name, NEAR, heap, asks))
}

/// Where others tell somebody to do something with what goes by this number or name.
pub(crate) fn ordered(id: &str, orders: fn(&str) -> bool, others: &Heap) -> Option<u64> {
    near(id, NEAR, others, orders)
}

/// Where members tell somebody to send this on, or to let this one in.
pub(crate) fn pressed(value: &str, members: &Heap) -> Option<u64> {
    near(value, 0, members, is_demanding)
}

/// The first text in which what stands around a value says so. Where it stands too often to look at all of it, it does.
fn near(value: &str, after: usize, heap: &Heap, says: impl Fn(&str) -> bool) -> Option<u64> {
    let left = Cell::new(MAX_LOOKS);
    let fits = |text: &str| {
        text.match_indices(value).any(|(at, _)| {
            left.set(left.get().saturating_sub(1));
            let end = if after == 0 { at } else { text.ceil_char_boundary(at + value.len() + after) };
            let around = text.get(text.floor_char_boundary(at.saturating_sub(NEAR))..end);
            left.get() == 0 || says(around.unwrap_or_default())
        })
    };
    heap.passage(&[value], &fits)
}

/// The words of a name that tell which thing it is.
fn telling(name: &str) -> Vec<&str> {
    // The end of an address is everybody's.
    let name =
        if name.contains('@') { name.trim_end_matches('>').rsplit_once('.').map_or(name, |(before, _)| before) } else { name };
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().count() >= LEAST && !NOTHING.split_ascii_whitespace().any(|none| none == *word)).collect()
}

/// Whether a word stands in a text, as a whole.
fn stands(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric()).any(|other| other == word)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn names_are_read_as_they_were_written_and_past_the_bound_all_counts_as_named() {
        let mut names = Names::default();
        let add = |names: &mut Names, id: &str, name: &str| names.add(&[id.to_owned()], &[name.to_owned()]);
        add(&mut names, "7", "tax return");
        add(&mut names, "7", "tax return");
        let mut bytes = Vec::new();
        names.write(&mut bytes);
        bytes.push(9);
        let (mut again, rest) = Names::read(&bytes).unwrap();
        assert_eq!((again.of("7").collect::<Vec<_>>(), rest), (vec!["tax return"], &[9][..]));
        add(&mut again, "7", "tax return");
        assert_eq!(again.of("7").count(), 1);
        let mut heap = Heap::default();
        heap.add("please delete the old tax return at once", 5);
        assert_eq!(again.wanted_away("7", "delete the film", &[&heap]), Some(5));
        assert_eq!(again.wanted_away("7", "delete my tax return", &[&heap]), None);
        assert_eq!(again.wanted_away("8", "delete the film", &[&heap]), None);
        for id in 0..40_000 {
            add(&mut again, &id.to_string(), "a name");
        }
        assert_eq!(again.wanted_away("none", "delete the film", &[&heap]), Some(0));
    }
}
