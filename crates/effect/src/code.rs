//! A look at code of other languages: text in; what it names (files, hosts, commands), what it may do beyond that, and
//! whether all of it was understood out.
//!
//! It reads words and strings, not the language. Code is understood where every name in it is one of the language's
//! harmless ones, a call that was read to its end, or the code's own; see [`whole`]. All other code is opaque, and what
//! is seen of it is a hint.

mod calls;
mod lex;
mod literal;
mod names;
mod rewrite;
mod scan;
mod tables;
mod whole;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use bailiwick_vocab::effect::{Effect, Hint};

/// What a look showed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Whether it does nothing but what is said here.
    pub(crate) understood: bool,
    /// What it may do beyond what is named.
    pub(crate) hints: BTreeSet<Hint>,
    /// What it does by name.
    pub(crate) effects: Vec<Effect>,
    /// Texts that it gives to a shell.
    pub(crate) commands: Vec<String>,
    /// Argument vectors that it starts.
    pub(crate) programs: Vec<Vec<String>>,
    /// Files of the same language that it runs.
    pub(crate) loads: Vec<String>,
    /// Modules of the language's library that it loads, which a file of that name would replace.
    pub(crate) modules: BTreeSet<String>,
    /// Whether something that is no call could not be read.
    gap: bool,
    /// Whether it turns text into other text that cannot be seen.
    decodes: bool,
}

/// What the command line gives to a code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// Arguments after the code, where known.
    pub(crate) arguments: Vec<Option<String>>,
    /// Variables that the command line has set.
    pub(crate) environment: BTreeMap<String, Option<String>>,
}

/// Longest code that may be understood; what is longer is looked at for hints.
const MAX_BYTES: usize = 65_536;

/// Code of a line or two that can be read in more than one way is likely written so; in a long script it is likely a pattern.
const STRANGE_BELOW: usize = 1_500;

/// Looks at code. A language that is not read may do anything.
pub(crate) fn look(language: &str, code: &str, given: &Given) -> Seen {
    let Some(language) = lex::Language::named(language) else {
        return words::look(code);
    };
    let tokens = lex::tokens(language, code);
    let given = given_values(language, given);
    let constants = names::constants(&tokens.list, &given);
    let list = rewrite::rewritten(language, tokens.list, &constants);
    let names = names::Names::of(language, &list);
    let constants = names::constants(&list, &given);
    let scanned = scan::scan(language, &list, &names, constants);
    let gaps = whole::gaps(language, &list, &names, &scanned.read);
    let mut seen = scanned.seen;
    seen.understood = !(tokens.unsure || tokens.odd || gaps.any || seen.gap || code.len() > MAX_BYTES);
    seen.hints.extend(gaps.hints);
    seen.modules = names.modules;
    // Where a part is not understood, decoded text may be what that part runs.
    let strange = tokens.odd && code.len() < STRANGE_BELOW;
    if tokens.unsure || strange || (seen.decodes && !seen.understood) {
        seen.hints.insert(Hint::Dynamic);
    }
    if language.has_patterns() && !seen.understood {
        seen.hints.extend(calls::words_that_alarm(code, &list));
    }
    seen.understood &= seen.hints.is_empty();
    seen
}

/// What the command line gives, under the names that the language has for it.
fn given_values(language: lex::Language, given: &Given) -> BTreeMap<String, Option<String>> {
    let (arguments, first, variables) = match language {
        lex::Language::Python => (&["sys.argv", "argv"][..], 1, &["os.environ", "environ"][..]),
        lex::Language::JavaScript => (&["process.argv"][..], 1, &["process.env"][..]),
        lex::Language::Ruby => (&["ARGV"][..], 0, &["ENV"][..]),
        lex::Language::Perl => (&["ARGV"][..], 0, &[][..]),
        lex::Language::Php => (&["argv"][..], 1, &[][..]),
        lex::Language::Lua => (&["arg"][..], 1, &[][..]),
        lex::Language::Awk => (&["ARGV"][..], 1, &["ENVIRON"][..]),
    };
    let mut values = BTreeMap::new();
    for (at, argument) in given.arguments.iter().enumerate() {
        values.extend(arguments.iter().map(|name| (format!("{name}[{}]", at + first), argument.clone())));
    }
    for (key, value) in &given.environment {
        values.extend(variables.iter().chain(&["os.environ"]).map(|name| (format!("{name}.{key}"), value.clone())));
    }
    values
}

/// The text that base64 stands for.
pub(crate) fn base64_text(text: &str) -> Option<String> {
    String::from_utf8(base64_bytes(text)?).ok()
}

/// The bytes that base64 stands for.
pub(crate) fn base64_bytes(text: &str) -> Option<Vec<u8>> {
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
    Some(bytes)
}
