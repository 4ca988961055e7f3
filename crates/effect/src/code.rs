//! A shallow look at code of other languages.

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

/// Looks at code.
pub(crate) fn look(_language: &str, _code: &str) -> Seen {
    Seen { hints: BTreeSet::from([Hint::Dynamic]), ..Seen::default() }
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
            b'+' => 62,
            b'/' => 63,
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
