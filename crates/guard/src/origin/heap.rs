//! Many normalised texts in one string, searched for a value as a whole. In: a text and the entry it stands in. Out: the
//! first entry that holds a value.

use memchr::memmem::{Finder, find_iter};

/// From here on a value made of letters and digits is also looked for with the spaces and dashes between them left out:
/// account and telephone numbers are written in groups.
const GROUPED: usize = 10;

/// Digits of a number that stands everywhere, and how near the word must be that makes it somebody's number.
const SHORT: usize = 3;
const NEAR: usize = 24;

/// Words that make a short number the number of a thing.
const NUMBERED: [&str; 36] = [
    "id",
    "ids",
    "no",
    "nr",
    "number",
    "numbers",
    "nummer",
    "numéro",
    "número",
    "numero",
    "номер",
    "event",
    "file",
    "transaction",
    "mail",
    "email",
    "message",
    "item",
    "entry",
    "order",
    "booking",
    "reservation",
    "invoice",
    "payment",
    "document",
    "note",
    "task",
    "ticket",
    "issue",
    "user",
    "account",
    "meeting",
    "appointment",
    "record",
    "row",
    "transfer",
];

/// What stands between the groups of a number.
const SEPARATORS: [u8; 4] = *b" -./";

/// Texts of one voice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heap {
    /// Each text, and a line end after it: normalised texts hold none.
    text: String,
    /// Where each text begins, and its entry.
    starts: Vec<(usize, u64)>,
}

/// How much must stand around a value for it to be the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edges {
    /// It is not part of a longer name, host or address: what trust is taken from.
    Strict,
    /// It is not part of a longer word: what distrust is taken from.
    Loose,
}

impl Heap {
    /// Adds a normalised text.
    pub(crate) fn add(&mut self, text: &str, entry: u64) {
        if text.is_empty() {
            return;
        }
        self.starts.push((self.text.len(), entry));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Bytes held.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The entry of the first text that is this value and nothing else.
    pub(crate) fn whole(&self, value: &str) -> Option<u64> {
        let bytes = self.text.as_bytes();
        let hit = find_iter(bytes, value.as_bytes()).find(|at| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            before.is_none_or(|byte| *byte == b'\n') && bytes.get(at + value.len()) == Some(&b'\n')
        });
        hit.map(|at| self.entry(at)).or_else(|| self.whole_grouped(value))
    }

    /// The same of a number, however either is grouped.
    fn whole_grouped(&self, value: &str) -> Option<u64> {
        let wanted = squeezed(value);
        if wanted.len() < GROUPED || !is_numeric(&wanted) {
            return None;
        }
        let mut at = 0;
        for line in self.text.split('\n') {
            if line.len() >= wanted.len() && line.len() <= wanted.len() * 2 && squeezed(line) == wanted {
                return Some(self.entry(at));
            }
            at += line.len() + 1;
        }
        None
    }

    /// The entry of the first text that holds the first of these words and fits.
    pub(crate) fn passage(&self, words: &[&str], fits: &dyn Fn(&str) -> bool) -> Option<u64> {
        let finder = Finder::new(words.first()?);
        let mut from = 0;
        while let Some(at) = finder.find(self.text.as_bytes().get(from..)?).map(|at| at + from) {
            let start = self.text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
            let end = self.text.get(at..)?.find('\n').map_or(self.text.len(), |end| end + at);
            if fits(self.text.get(start..end)?) {
                return Some(self.entry(start));
            }
            from = end;
        }
        None
    }

    /// The entry of the first text in which this value stands as a whole.
    pub(crate) fn holds(&self, value: &str, edges: Edges) -> Option<u64> {
        if value.is_empty() {
            return None;
        }
        let finder = Finder::new(value);
        let short = edges == Edges::Loose && value.len() <= SHORT && value.bytes().all(|byte| byte.is_ascii_digit());
        let fits = |at: &usize| self.is_apart(*at, value, edges) && (!short || self.is_reference(*at));
        let hit = finder.find_iter(self.text.as_bytes()).find(fits);
        hit.map(|at| self.entry(at)).or_else(|| self.holds_grouped(value))
    }

    /// The same, where the text writes a number in groups.
    fn holds_grouped(&self, value: &str) -> Option<u64> {
        let wanted = squeezed(value);
        if wanted.len() < GROUPED || !is_numeric(&wanted) || value.contains('@') {
            return None;
        }
        let text = self.text.as_bytes();
        let first = wanted.as_bytes().first()?;
        let found =
            memchr::memchr_iter(*first, text).find(|at| stands_grouped(text.get(*at..).unwrap_or_default(), wanted.as_bytes()));
        found.map(|at| self.entry(at))
    }

    /// Whether a short number is called a number of something: alone it stands everywhere.
    fn is_reference(&self, at: usize) -> bool {
        let before = self.text.as_bytes().get(at.saturating_sub(NEAR)..at).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        let mut words = before.split(|letter: char| !letter.is_alphanumeric());
        before.contains('#') || words.any(|word| NUMBERED.contains(&word))
    }

    fn is_apart(&self, at: usize, value: &str, edges: Edges) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let after = self.text.get(at + value.len()..).unwrap_or_default();
        let starts_word = value.starts_with(char::is_alphanumeric);
        let ends_word = value.ends_with(char::is_alphanumeric);
        let apart = |near: Option<char>| near.is_none_or(|near| !near.is_alphanumeric());
        if (starts_word && !apart(before.chars().next_back())) || (ends_word && !apart(after.chars().next())) {
            return false;
        }
        edges == Edges::Loose || !(joined_before(before) || joined_after(after))
    }

    fn entry(&self, at: usize) -> u64 {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        next.checked_sub(1).and_then(|own| self.starts.get(own)).map_or(0, |(_, entry)| *entry)
    }

    /// What it takes to make it again.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend((self.starts.len() as u64).to_le_bytes());
        for (start, entry) in &self.starts {
            out.extend((*start as u64).to_le_bytes());
            out.extend(entry.to_le_bytes());
        }
        out.extend((self.text.len() as u64).to_le_bytes());
        out.extend(self.text.as_bytes());
    }

    /// A heap from the beginning of these bytes, and the rest of them; `None` where it is not one.
    pub(crate) fn read(bytes: &[u8]) -> Option<(Heap, &[u8])> {
        let (count, mut rest) = number(bytes)?;
        let mut starts = Vec::new();
        for _ in 0..count {
            let (start, more) = number(rest)?;
            let (entry, more) = number(more)?;
            starts.push((usize::try_from(start).ok()?, entry));
            rest = more;
        }
        let (length, rest) = number(rest)?;
        let (text, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        Some((Heap { text: String::from_utf8(text.to_vec()).ok()?, starts }, rest))
    }
}

/// A number from the beginning of these bytes.
pub(crate) fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    bytes.split_first_chunk::<8>().map(|(number, rest)| (u64::from_le_bytes(*number), rest))
}

/// Whether what stands before makes the value the end of a longer host, address or hyphenated name. `www.` does not.
fn joined_before(before: &str) -> bool {
    if before.ends_with("www.") {
        return joined_before(before.strip_suffix("www.").unwrap_or_default());
    }
    let mut last = before.chars().rev();
    let joins = last.next().is_some_and(|near| matches!(near, '.' | '-' | '_' | '@' | '+'));
    joins && last.next().is_some_and(char::is_alphanumeric)
}

fn joined_after(after: &str) -> bool {
    let mut next = after.chars();
    let joins = next.next().is_some_and(|near| matches!(near, '.' | '-' | '_' | '@'));
    joins && next.next().is_some_and(char::is_alphanumeric)
}

/// Whether a text begins with a number, whatever separates its groups.
fn stands_grouped(text: &[u8], wanted: &[u8]) -> bool {
    let mut rest = text.iter().filter(|byte| !SEPARATORS.contains(byte));
    wanted.iter().all(|byte| rest.next() == Some(byte))
}

/// Whether most of it is digits.
fn is_numeric(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() * 2 >= text.len()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !u8::try_from(*letter).is_ok_and(|byte| SEPARATORS.contains(&byte))).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn heap(texts: &[&str]) -> Heap {
        let mut heap = Heap::default();
        for (text, entry) in texts.iter().zip(10..) {
            heap.add(text, entry);
        }
        heap
    }

    #[test]
    fn a_part_of_a_longer_name_is_another_name() {
        let heap =
            heap(&["write to ann@mail.example, or see www.shop.example/new.", "not-bank.example and bank.example.evil.example"]);
        for found in ["ann@mail.example", "shop.example", "shop.example/new"] {
            assert_eq!(heap.holds(found, Edges::Strict), Some(10), "{found}");
        }
        for other in ["mail.example", "bank.example", "an", "xample"] {
            assert_eq!(heap.holds(other, Edges::Strict), None, "{other}");
        }
        assert_eq!(heap.holds("bank.example", Edges::Loose), Some(11));
    }

    #[test]
    fn numbers_are_found_however_they_are_grouped() {
        let heap = heap(&["nothing", "my account is gb29 nwbk 6016-1331 9268 19"]);
        assert_eq!(heap.holds("gb29nwbk60161331926819", Edges::Strict), Some(11));
        assert_eq!(heap.holds("gb29nwbk60161331926810", Edges::Strict), None);
    }

    #[test]
    fn a_short_number_is_a_things_only_where_it_is_called_so() {
        let heap = heap(&["we meet at 13 in room 7", "remove the file with id '13', and mail #7"]);
        assert_eq!((heap.holds("13", Edges::Loose), heap.holds("7", Edges::Loose)), (Some(11), Some(11)));
        assert_eq!(heap.holds("13", Edges::Strict), Some(10));
    }

    #[test]
    fn a_whole_value_is_neither_more_nor_less() {
        let heap = heap(&["general", "the general channel"]);
        assert_eq!(heap.whole("general"), Some(10));
        assert_eq!((heap.whole("the general"), heap.whole("channel"), heap.whole("")), (None, None, None));
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let heap = heap(&["one", "two"]);
        let mut bytes = Vec::new();
        heap.write(&mut bytes);
        bytes.push(7);
        assert_eq!(Heap::read(&bytes).unwrap(), (heap, &[7][..]));
        for cut in 0..bytes.len() - 1 {
            assert!(Heap::read(&bytes[..cut]).is_none());
        }
    }
}
