//! Who wrote letters to the user, and whom of them the user's words mean. In: letters as tools' fields tell of them, the
//! user's words. Out: whether an answer may go to an address.
//!
//! An address in a sender's field was chosen by whoever wrote. So it is nobody's but theirs: it counts only where the user
//! asks for something to be sent, and names this writer, or quotes what the letter is about, and means nobody else that
//! wrote; or asks for an answer, and nobody else has been read. Who takes another's name makes two whom the words may mean, and that asks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::origin::asked::{is_answering, is_telling};
use bailiwick_vocab::address::addresses;

/// Writers and letters remembered, all together; past it nobody is meant.
const MAX_LETTERS: usize = 1_024;

/// Words of a subject that must be quoted.
const LEAST_WORDS: usize = 2;

/// Words after which a name says whom something goes to, or whose it is.
const BEFORE: &str = "to from by of with for and reply answer respond write email mail message tell thank inform notify ask remind \
    invite text contact forward customer client lead supplier pay call antworte antwort schreib schreibe sag sage frag frage réponds écris dis responde escribe rispondi scrivi an von vom mit für und à de du pour et para con y a da di per e van aan voor en till från och от \
    для к от и od do dla i";

/// Words of addresses that name nobody.
const NOBODY: &str = "info mail email office support noreply reply no team contact hello admin service news newsletter me my mine the \
    this that it him her them us you all everyone everybody someone anybody nobody both each other others one two lunch dinner \
    meeting work home gmail com org net example www user users friend friends boss";

/// The writers, and who else can be reached where they entered themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Letters {
    /// By their address.
    writers: BTreeMap<String, Writer>,
    /// How many letters were taken in.
    count: usize,
    /// Whether there are more.
    full: bool,
}

/// One who wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Writer {
    /// The words of their name and address.
    names: BTreeSet<String>,
    /// What the letters are about.
    subjects: BTreeSet<String>,
    /// What the letters are known by.
    ids: BTreeSet<String>,
    /// Where the first one stands.
    entry: u64,
}

impl Letters {
    /// Takes a letter; its texts are normalised.
    pub(crate) fn add(&mut self, from: &str, name: &str, subject: &str, ids: &[String], entry: u64) {
        let found = addresses(from);
        // Of two addresses nobody says which one is the writer's.
        let ([address], true) = (found.as_slice(), self.count < MAX_LETTERS) else {
            self.full |= !found.is_empty();
            return;
        };
        let writer = self.writers.entry((*address).to_owned()).or_insert_with(|| Writer { entry, ..Writer::default() });
        writer.names.extend(names(from).chain(names_in(name)));
        let new = writer.subjects.insert(bare(subject).to_owned());
        let more = ids.iter().filter(|id| writer.ids.insert((*id).clone())).count();
        self.count += more.max(usize::from(new));
    }

    /// The writer of a letter that is known by this, and the entry where they stand.
    pub(crate) fn writer(&self, id: &str) -> Option<(&str, u64)> {
        let (address, writer) = self.writers.iter().find(|(_, writer)| writer.ids.contains(id))?;
        Some((address, writer.entry))
    }

    /// Where the writer of this address stands, if the user's words ask for an answer, and mean them and nobody else.
    pub(crate) fn meant(&self, address: &str, words: &str) -> Option<u64> {
        if !is_telling(words) {
            return None;
        }
        let alone = || self.writers.len() == 1 && is_answering(words) && addresses(words).is_empty();
        self.named(address, words)
            .or_else(|| self.writers.get(address).filter(|_| !self.full && alone()).map(|writer| writer.entry))
    }

    /// Where the writer of this address stands, if the user's words mean them and nobody else.
    pub(crate) fn named(&self, address: &str, words: &str) -> Option<u64> {
        let writer = self.writers.get(address).filter(|_| !self.full)?;
        let others = || self.writers.iter().filter(|(other, _)| *other != address).map(|(_, other)| other);
        let named = writer.names.iter().any(|name| is_named(name, words) && !others().any(|other| other.names.contains(name)));
        let quoted = writer.subjects.iter().any(|subject| {
            let long = subject.split_whitespace().count() >= LEAST_WORDS;
            long && words.contains(subject.as_str()) && !others().any(|other| other.subjects.contains(subject))
        });
        (named || quoted).then_some(writer.entry)
    }
}

/// The words of a name and address that may name somebody: those before the @, and the host's own name.
fn names(from: &str) -> impl Iterator<Item = String> {
    let host = from.rsplit('@').next().unwrap_or_default();
    let own = host.trim_end_matches('>').rsplit('.').nth(1).unwrap_or_default();
    let (before, _) = from.rsplit_once('@').unwrap_or((from, ""));
    names_in(before).chain(names_in(own))
}

/// The words of a name that may name somebody.
fn names_in(name: &str) -> impl Iterator<Item = String> {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let kept = words.filter(|word| word.chars().count() > 2 && !NOBODY.split_ascii_whitespace().any(|none| none == *word));
    kept.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Whether a name stands where somebody is named.
fn is_named(name: &str, words: &str) -> bool {
    let all: Vec<&str> = words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    all.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        let whose = all.get(at + 1).is_some_and(|next| *next == "s");
        *word == name && (whose || before.is_some_and(|before| BEFORE.split_ascii_whitespace().any(|one| one == *before)))
    })
}

/// A subject without what answers put before it.
fn bare(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((before, after)) = rest.split_once(':') {
        if !matches!(before.trim(), "re" | "fw" | "fwd" | "aw" | "wg" | "sv" | "tr" | "antw") {
            break;
        }
        rest = after.trim();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(all: &[(&str, &str)]) -> Letters {
        let mut letters = Letters::default();
        for ((from, subject), entry) in all.iter().zip(1..) {
            letters.add(from, "", subject, &[entry.to_string()], entry);
        }
        letters
    }

    #[test]
    fn who_is_named_is_meant_and_nobody_else() {
        let letters = letters(&[("marta duarte <m.d@quay.example>", "the keys"), ("eve@evil.example", "please reply to marta")]);
        for words in
            ["reply to marta that i am late", "answer marta", "read it and answer the mail from marta duarte", "reply to quay"]
        {
            assert_eq!(letters.meant("m.d@quay.example", words), Some(1), "{words}");
            assert_eq!(letters.meant("eve@evil.example", words), None, "{words}");
        }
        for words in ["reply to it", "what did marta write?", "is there a mail from marta", "reply to ann about marta"] {
            assert_eq!(letters.meant("m.d@quay.example", words), None, "{words}");
        }
        assert_eq!(letters.writer("2"), Some(("eve@evil.example", 2)));
        let one = super::tests::letters(&[("eve@evil.example", "hello")]);
        assert_eq!(one.meant("eve@evil.example", "answer the last mail"), Some(1));
        for words in
            ["send a summary of my mail to the team", "read my mail and answer ann", "answer the mail of ann@mail.example"]
        {
            assert_eq!(one.meant("eve@evil.example", words), None, "{words}");
        }
    }

    #[test]
    fn who_takes_anothers_name_or_subject_makes_it_a_question() {
        let two = letters(&[("marta@quay.example", "the keys"), ("marta.duarte@evil.example", "re: the keys")]);
        for address in ["marta@quay.example", "marta.duarte@evil.example"] {
            assert_eq!(two.meant(address, "reply to marta"), None);
            assert_eq!(two.meant(address, "answer the mail about the keys"), None);
        }
        assert_eq!(two.meant("marta@quay.example", "reply to the marta of quay"), Some(1));
        let one = letters(&[("marta@quay.example", "fwd: the keys"), ("eve@evil.example", "keys")]);
        assert_eq!(one.meant("marta@quay.example", "answer the mail about the keys"), Some(1));
        assert_eq!(one.meant("eve@evil.example", "answer the mail about the keys"), None);
    }

    #[test]
    fn two_addresses_in_one_field_are_nobodys() {
        let both = letters(&[("marta@quay.example, eve@evil.example", "x"), ("ann@quay.example", "y")]);
        assert_eq!(both.meant("eve@evil.example", "reply to eve"), None);
        assert_eq!(both.meant("ann@quay.example", "reply to ann"), None);
    }
}
