//! A look at code of a language that nobody here reads: the paths and addresses in its quotes, and what its words
//! suggest. Always with the hint that it was not understood.

use std::collections::BTreeSet;

use bailiwick_vocab::effect::{Deed, Effect, Hint, Target};

use super::Seen;
use super::scan::looks_like_path;
use crate::url;

/// Parts of words by what they suggest, in any language.
const WORDS: &[(&str, Hint)] = &[
    ("system", Hint::Runs),
    ("shell", Hint::Runs),
    ("exec", Hint::Runs),
    ("spawn", Hint::Runs),
    ("popen", Hint::Runs),
    ("os:cmd", Hint::Runs),
    ("process", Hint::Runs),
    ("unlink", Hint::Deletes),
    ("file.remove", Hint::Deletes),
    ("delete", Hint::Deletes),
    ("rmdir", Hint::Deletes),
    ("rm(", Hint::Deletes),
    ("rm_rf", Hint::Deletes),
    ("rm!", Hint::Deletes),
    ("removefile", Hint::Deletes),
    ("removedirectory", Hint::Deletes),
    ("write", Hint::Writes),
    ("writefile", Hint::Writes),
    ("spit", Hint::Writes),
    ("download", Hint::Network),
    ("socket", Hint::Network),
    ("http", Hint::Network),
    ("connect", Hint::Network),
];

/// Quoted texts that are looked at.
const MAX_TEXTS: usize = 64;

pub(super) fn look(code: &str) -> Seen {
    let lower = code.to_lowercase();
    let found = WORDS.iter().filter(|(word, _)| lower.contains(word)).map(|(_, hint)| *hint);
    let hints: BTreeSet<Hint> = found.chain([Hint::Dynamic]).collect();
    let mut effects = Vec::new();
    for text in code.split(['"', '\'', '`']).skip(1).step_by(2).take(MAX_TEXTS) {
        if looks_like_path(text) {
            effects.push(Effect::new(Deed::Read(Target::new(text)), None));
            if hints.contains(&Hint::Deletes) {
                effects.push(Effect::new(Deed::Delete(Target::new(text)), None));
            }
        } else if text.contains("://")
            && let Some(url) = url::parse(text).filter(|url| url.host != "*")
        {
            let deed = Deed::Connect {
                host: url.host,
                port: url.port,
                scheme: url.scheme,
                method: None,
                upload: true,
                path: None,
                bytes: None,
            };
            effects.push(Effect::new(deed, None));
        }
    }
    Seen { hints, effects, ..Seen::default() }
}
