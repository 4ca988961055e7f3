//! One text for all the ways to write it: compatibility forms, accents, look-alikes in words that mix scripts, hidden
//! characters, terminal escapes. In: a text. Out: the same text in plain letters with the way back, or nothing where it is
//! plain already. Case of ASCII letters stays: the lexer does not see it.

mod look_alike;

use unicode_normalization::char::decompose_compatible;

use crate::bytes;
use crate::fold::look_alike::look_alike;
use crate::hidden;
use crate::map::Rewritten;

/// Whether nothing is to do, at the cost of one look at each byte.
fn is_plain(text: &str) -> bool {
    bytes::position(text.as_bytes(), needs_a_look).is_none()
}

fn needs_a_look(byte: u8) -> bool {
    (byte >= 0x7F) | ((byte < 0x20) & (byte != b'\n') & (byte != b'\r') & (byte != b'\t'))
}

/// The plain form of a text, where it differs.
pub(crate) fn fold(text: &str) -> Option<Rewritten> {
    if is_plain(text) {
        return None;
    }
    let mut out = Rewritten::with_capacity(text.len());
    let mut at = 0;
    let mut after_latin = false;
    while let Some(rest) = text.as_bytes().get(at..) {
        let Some(offset) = bytes::position(rest, needs_a_look) else {
            out.keep(text.get(at..).unwrap_or_default(), at);
            break;
        };
        let special = at + offset;
        let letters = rest.get(..offset).unwrap_or_default().iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let start = special - letters;
        after_latin |= rest.get(..offset - letters).is_some_and(|part| part.iter().any(u8::is_ascii_alphabetic));
        out.keep(text.get(at..start).unwrap_or_default(), at);
        at = if text.as_bytes().get(special).is_some_and(u8::is_ascii) {
            out.keep(text.get(start..special).unwrap_or_default(), start);
            control(text, special, &mut out)
        } else {
            word(text, start, &mut after_latin, &mut out)
        };
    }
    Some(out)
}

/// A terminal's control characters: sequences are left out, a backspace takes what stands before it.
fn control(text: &str, at: usize, out: &mut Rewritten) -> usize {
    match text.as_bytes().get(at) {
        Some(0x1B) => at + escape_length(text.as_bytes().get(at..).unwrap_or_default()),
        Some(0x08 | 0x7F) => {
            out.take_back();
            at + 1
        }
        Some(_) | None => at + 1,
    }
}

/// The length of an escape sequence: `ESC [ … letter`, `ESC ] … BEL or ESC \`, or two bytes.
fn escape_length(rest: &[u8]) -> usize {
    /// Longer ones are cut off: what follows is text again.
    const LONGEST: usize = 256;
    let body = rest.get(2..rest.len().min(LONGEST)).unwrap_or_default();
    match rest.get(1) {
        Some(b'[') => body.iter().position(|byte| (0x40..0x7F).contains(byte)).map_or(2, |end| end + 3),
        // What an operating-system command holds (a title, a link) is read as text: only its frame goes.
        Some(b']') => 2,
        Some(byte) if byte.is_ascii() => 2,
        Some(_) | None => 1,
    }
}

/// A word with letters beyond ASCII in it, or one character that is no letter. Gives where it ends.
fn word(text: &str, start: usize, after_latin: &mut bool, out: &mut Rewritten) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.char_indices().find(|(_, char)| !belongs(*char)).map_or(rest.len(), |(at, _)| at);
    if length == 0 {
        let char = rest.chars().next().unwrap_or(' ');
        sign(char, start, out);
        return start + char.len_utf8();
    }
    let word = rest.get(..length).unwrap_or_default();
    let kind = kind(word);
    let disguised = kind.look_alike && (kind.latin || (kind.all && kind.odd && *after_latin));
    *after_latin = kind.latin || disguised;
    for (at, char) in word.char_indices() {
        letter(char, disguised, start + at, out);
    }
    start + length
}

/// What a word goes on with: letters, marks, characters without width.
fn belongs(char: char) -> bool {
    char.is_alphabetic() || is_mark(char) || hidden::is_hidden(char) || look_alike(char).is_some()
}

fn is_mark(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{610}'..='\u{61A}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}'
        | '\u{93C}' | '\u{9BC}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

struct Kind {
    latin: bool,
    look_alike: bool,
    all: bool,
    /// One that ordinary Russian and Greek do not have.
    odd: bool,
}

/// Which letters a word has.
fn kind(word: &str) -> Kind {
    let mut kind = Kind { latin: false, look_alike: false, all: true, odd: false };
    for char in word.chars().filter(|char| !is_mark(*char) && !hidden::is_hidden(*char)) {
        kind.latin |= is_latin(char);
        let alike = !is_latin(char) && look_alike(char).is_some();
        kind.look_alike |= alike;
        kind.all &= alike;
        kind.odd |= alike && !matches!(char, '\u{410}'..='\u{44F}' | '\u{391}'..='\u{3C9}');
    }
    kind
}

fn is_latin(char: char) -> bool {
    char.is_ascii_alphabetic() || matches!(char, '\u{C0}'..='\u{2AF}' | '\u{1E00}'..='\u{1EFF}' | '\u{FF21}'..='\u{FF5A}')
}

/// One letter of a word; `disguised` where letters of other scripts stand for Latin ones.
fn letter(char: char, disguised: bool, at: usize, out: &mut Rewritten) {
    let range = at..at + char.len_utf8();
    let mut bytes = [0; 4];
    if char.is_ascii() {
        out.put(char.encode_utf8(&mut bytes), range);
    } else if hidden::is_hidden(char) || is_mark(char) {
        // Left out.
    } else if let Some(plain) = look_alike(char).filter(|_| disguised || is_latin(char) || is_boxed(char)) {
        out.put(char::from(plain).encode_utf8(&mut bytes), range);
    } else {
        let mut text = String::new();
        decomposed(char, disguised, &mut text);
        out.put(&text, range);
    }
}

/// Letters in circles and squares, which belong to no script.
fn is_boxed(char: char) -> bool {
    matches!(char, '\u{1F100}'..='\u{1F1FF}' | '\u{2460}'..='\u{24FF}' | '\u{1D00}'..='\u{1DBF}' | '\u{A730}'..='\u{A7FF}')
}

/// The letter's compatibility form without marks, in lower case.
fn decomposed(char: char, disguised: bool, text: &mut String) {
    let special = match char {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        'ð' | 'Ð' => "d",
        '\u{6CC}' => "\u{64A}",
        '\u{6A9}' => "\u{643}",
        '\u{6C1}' => "\u{647}",
        _ => "",
    };
    if !special.is_empty() {
        text.push_str(special);
    } else if decomposes(char) {
        decompose_compatible(char, |part| {
            if !is_mark(part) {
                let plain = look_alike(part).filter(|_| disguised || is_latin(part)).map(char::from);
                text.extend(plain.unwrap_or(part).to_lowercase());
            }
        });
    } else {
        text.push(char);
    }
}

/// The blocks whose compatibility forms say something; Hangul and kana stay whole.
fn decomposes(char: char) -> bool {
    matches!(char,
        '\u{A0}'..='\u{52F}' | '\u{622}'..='\u{6D3}' | '\u{929}'..='\u{95F}' | '\u{1E00}'..='\u{1FFF}' | '\u{2000}'..='\u{218F}'
        | '\u{2460}'..='\u{24FF}' | '\u{2C60}'..='\u{2C7F}' | '\u{3000}' | '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FEFE}' | '\u{FF00}'..='\u{FF5E}' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F100}'..='\u{1F1FF}')
}

/// A character that is no letter: quotes, dashes and spaces in their plain forms.
fn sign(char: char, at: usize, out: &mut Rewritten) {
    let range = at..at + char.len_utf8();
    let plain = match char {
        '\u{2018}'..='\u{201B}' | '\u{2BC}' | '\u{B4}' | '\u{2032}' => "'",
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' | '\u{300A}'..='\u{300F}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        '\u{3002}' | '\u{FF61}' | '\u{964}' => ".",
        '\u{3001}' => ",",
        _ => "",
    };
    if !plain.is_empty() {
        out.put(plain, range);
    } else if decomposes(char) {
        let mut text = String::new();
        decomposed(char, true, &mut text);
        out.put(&text, range);
    } else {
        let mut bytes = [0; 4];
        out.put(char.encode_utf8(&mut bytes), range);
    }
}

/// Whether letters of a passage are not the ones they look like, or others that are not shown stand among them. Accents,
/// curly quotes and other scripts' own words are not meant.
pub(crate) fn is_disguised(passage: &str) -> bool {
    if passage.is_ascii() {
        return passage.contains('\u{8}');
    }
    let styled = |char: char| {
        is_boxed(char) || matches!(char, '\u{1D400}'..='\u{1D7FF}' | '\u{FF21}'..='\u{FF5A}' | '\u{2100}'..='\u{214F}')
    };
    let unseen = |char: char| {
        hidden::is_hidden(char) && !matches!(char, '\u{200C}' | '\u{200D}' | '\u{AD}' | '\u{FE0F}' | '\u{200E}' | '\u{200F}')
    };
    passage.chars().any(|char| styled(char) || unseen(char))
        || passage.split(|char: char| !belongs(char)).any(|word| {
            let kind = kind(word);
            kind.look_alike && kind.latin && !word.is_ascii()
        })
}
