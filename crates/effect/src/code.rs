//! A shallow look at code of other languages: text in; what it names (files, hosts, commands) and what it may do beyond
//! that out.
//!
//! It reads words and strings, not the language: it is a signal that makes a question precise, never a proof. So whoever
//! asks reports the code as opaque whatever is seen here.

mod calls;
mod lex;
mod literal;
mod names;
mod scan;

use std::collections::BTreeSet;

use bailiwick_vocab::effect::{Effect, Hint};

/// What a look showed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// What it may do beyond what is named.
    pub(crate) hints: BTreeSet<Hint>,
    /// What it does by name.
    pub(crate) effects: Vec<Effect>,
    /// Texts that it gives to a shell.
    pub(crate) commands: Vec<String>,
    /// Argument vectors that it starts.
    pub(crate) programs: Vec<Vec<String>>,
}

/// Looks at code. A language that is not read may do anything.
pub(crate) fn look(language: &str, code: &str) -> Seen {
    let Some(language) = lex::Language::named(language) else {
        return Seen { hints: BTreeSet::from([Hint::Dynamic]), ..Seen::default() };
    };
    let tokens = lex::tokens(language, code);
    let mut seen = scan::scan(language, &tokens.list);
    if tokens.unsure {
        seen.hints.insert(Hint::Dynamic);
    }
    if language.has_patterns() {
        seen.hints.extend(calls::words_that_alarm(code, &tokens.list));
    }
    seen
}

/// The text that base64 stands for.
pub(crate) fn base64_text(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut held: u32 = 0;
    let mut bits = 0;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}
