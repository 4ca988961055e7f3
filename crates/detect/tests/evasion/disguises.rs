//! Disguises that can be put on a text from outside: what changes its letters, and what goes around it.

use std::fmt::Write as _;

/// A disguise: its name, and how a text looks in it.
pub(crate) type Disguise = (&'static str, fn(&str) -> String);

pub(crate) const DISGUISES: [Disguise; 46] = [
    ("upper case", |text| text.to_uppercase()),
    ("aLtErNaTiNg", |text| {
        text.chars()
            .enumerate()
            .map(|(at, char)| if at % 2 == 0 { char.to_ascii_lowercase() } else { char.to_ascii_uppercase() })
            .collect()
    }),
    ("wide spaces", |text| text.replace(' ', "   ")),
    ("a word a line", |text| text.replace(' ', "\n")),
    ("blank lines", |text| text.replace(' ', "\n\n")),
    ("no-break spaces", |text| text.replace(' ', "\u{a0}")),
    ("underscores", |text| text.replace(' ', "_")),
    ("hyphens", |text| text.replace(' ', "-")),
    ("spaced letters", |text| each(text, " ")),
    ("dotted letters", |text| each(text, ".")),
    ("zero-width", |text| each(text, "\u{200b}")),
    ("soft hyphens", |text| each(text, "\u{ad}")),
    ("word joiners", |text| each(text, "\u{2060}")),
    ("combining marks", |text| letters(text, |char| format!("{char}\u{336}"))),
    ("Cyrillic", |text| {
        swap(text, &[('a', 'а'), ('e', 'е'), ('o', 'о'), ('p', 'р'), ('c', 'с'), ('i', 'і'), ('s', 'ѕ'), ('y', 'у'), ('x', 'х')])
    }),
    ("Greek", |text| swap(text, &[('o', 'ο'), ('a', 'α'), ('i', 'ι'), ('v', 'ν'), ('u', 'υ'), ('p', 'ρ')])),
    ("full width", |text| plane(text, 0xFF21, 0xFF41)),
    ("bold", |text| plane(text, 0x1D400, 0x1D41A)),
    ("script", |text| plane(text, 0x1D4D0, 0x1D4EA)),
    ("circled", |text| plane(text, 0x24B6, 0x24D0)),
    ("leet", |text| swap(text, &[('o', '0'), ('i', '1'), ('e', '3'), ('a', '4'), ('s', '5'), ('t', '7')])),
    ("base64", |text| base64(text.as_bytes())),
    ("base64 twice", |text| base64(base64(text.as_bytes()).as_bytes())),
    ("base64 UTF-16", |text| base64(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>())),
    ("hex", |text| bytes(text, |byte| format!("{byte:02x}"))),
    ("hex numbers", |text| bytes(text, |byte| format!("0x{byte:02x}, "))),
    ("decimal numbers", |text| text.bytes().fold(String::new(), |all, byte| format!("{all}{byte} "))),
    ("bits", |text| bytes(text, |byte| format!("{byte:08b} "))),
    ("URL encoding", |text| bytes(text, |byte| format!("%{byte:02X}"))),
    ("URL encoding thrice", |text| bytes(text, |byte| format!("%252525{byte:02X}")).replace("%252525", "%2525")),
    ("entities", |text| text.chars().fold(String::new(), |all, char| format!("{all}&#x{:x};", u32::from(char)))),
    ("quoted-printable", |text| bytes(text, |byte| format!("={byte:02X}"))),
    ("escapes", |text| text.encode_utf16().fold(String::new(), |all, unit| format!("{all}\\u{unit:04x}"))),
    ("ROT13", rot13),
    ("mirror", |text| text.chars().rev().collect()),
    ("tags", |text| {
        format!(
            "fine{}",
            text.chars()
                .filter(char::is_ascii)
                .map(|char| char::from_u32(0xE0000 + u32::from(char)).unwrap())
                .collect::<String>()
        )
    }),
    ("HTML within words", |text| {
        text.split(' ')
            .map(|word| {
                let mid = word.char_indices().nth(word.chars().count() / 2).map_or(0, |(at, _)| at);
                format!("{}<b></b>{}", &word[..mid], &word[mid..])
            })
            .collect::<Vec<_>>()
            .join(" ")
    }),
    ("small capitals", |text| {
        text.chars()
            .map(|char| {
                "abcdefghijklmnopqrstuvwxyz".find(char.to_ascii_lowercase()).and_then(|at| SMALL.chars().nth(at)).unwrap_or(char)
            })
            .collect()
    }),
    ("squared", |text| plane(text, 0x1F130, 0x1F130)),
    ("base32", |text| base32(text.as_bytes())),
    ("base64 over lines", |text| {
        let encoded = base64(format!("{text} {}", "The door is green. ".repeat(5)).as_bytes());
        encoded.as_bytes().chunks(60).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join("\n")
    }),
    ("gzip in base64", |text| {
        let long = format!("{text} {}", "The door is green. ".repeat(5));
        let packed = miniz_oxide::deflate::compress_to_vec(long.as_bytes(), 6);
        base64(&[&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], packed.as_slice()].concat())
    }),
    ("bytes in escapes", |text| bytes(text, |byte| format!("\\x{byte:02x}"))),
    ("octal escapes", |text| bytes(text, |byte| format!("\\{byte:03o}"))),
    ("base64 in URL encoding", |text| bytes(&base64(text.as_bytes()), |byte| format!("%{byte:02X}"))),
    ("ANSI colours", |text| text.split(' ').map(|word| format!("\u{1b}[31m{word}\u{1b}[0m")).collect::<Vec<_>>().join(" ")),
];

/// Dress that goes around a text.
pub(crate) const WRAPS: [Disguise; 25] = [
    ("HTML comment", |text| format!("<p>Hello.</p><!-- {text} --><p>More.</p>")),
    ("hidden element", |text| format!("<p>Hello.</p><div style=\"display:none\">{text}</div>")),
    ("alt text", |text| format!("<img src=\"a.png\" alt=\"{}\">", text.replace('"', "'"))),
    ("Markdown comment", |text| format!("# Title\n\n[//]: # ({text})\n")),
    ("JSON string", |text| format!("{{\"id\":7,\"body\":{}}}", serde_json::to_string(text).unwrap())),
    ("code comment", |text| format!("fn main() {{\n    // {text}\n}}\n")),
    ("CSV field", |text| format!("id,note\n7,\"{}\"\n", text.replace('"', "\"\""))),
    ("JSON in JSON", |text| {
        let inner = serde_json::json!({ "note": text }).to_string();
        serde_json::json!({ "body": inner }).to_string()
    }),
    ("two JSON fields", |text| halves(text, |first, second| serde_json::json!({ "a": first, "b": second }).to_string())),
    ("a JSON list of words", |text| serde_json::json!(text.split(' ').collect::<Vec<_>>()).to_string()),
    ("two CSV cells", |text| halves(text, |first, second| format!("id,a,b\n7,\"{first}\",\"{second}\"\n"))),
    ("two lines of a comment", |text| {
        halves(text, |first, second| format!("fn main() {{\n    // {first}\n    // {second}\n}}\n"))
    }),
    ("a block comment", |text| format!("/*\n * {}\n */\n", text.replace(". ", ".\n * "))),
    ("two strings joined", |text| halves(text, |first, second| format!("let s = \"{first} \" + \"{second}\";"))),
    ("a string cut within a word", |text| {
        let mid = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
        format!("s = '{}' + '{}'", &text[..mid], &text[mid..])
    }),
    ("YAML, folded", |text| halves(text, |first, second| format!("note: >\n  {first}\n  {second}\nid: 7\n"))),
    ("Markdown emphasis", |text| text.split(' ').map(|word| format!("**{word}**")).collect::<Vec<_>>().join(" ")),
    ("Markdown quotation", |text| halves(text, |first, second| format!("Hello.\n\n> {first}\n> {second}\n"))),
    ("Markdown list of words", |text| text.split(' ').map(|word| format!("- {word}\n")).collect()),
    ("Markdown table cells", |text| format!("| a | b |\n|---|---|\n| {} |\n", text.replace(' ', " | "))),
    ("Markdown link text", |text| format!("See [{text}](https://a.example/).")),
    ("HTML around each word", |text| text.split(' ').map(|word| format!("<span>{word}</span>")).collect::<Vec<_>>().join(" ")),
    ("HTML table cells", |text| {
        format!("<table><tr>{}</tr></table>", text.split(' ').map(|word| format!("<td>{word}</td>")).collect::<String>())
    }),
    ("no-break entities", |text| text.replace(' ', "&nbsp;")),
    ("far down", |text| format!("Hello.{}{text}", "\n".repeat(5000))),
];

/// The Latin letters that look like small capitals.
const SMALL: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀsᴛᴜᴠᴡxʏᴢ";

/// Two halves of a text, cut between words.
fn halves(text: &str, join: impl Fn(&str, &str) -> String) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let (first, second) = words.split_at(words.len() / 2);
    join(&first.join(" "), &second.join(" "))
}

fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let value = |chunk: &[u8]| (0..5).fold(0_usize, |value, at| value << 1 | usize::from(chunk.get(at).copied().unwrap_or(0)));
    bits.chunks(5).map(|chunk| char::from(DIGITS[value(chunk)])).collect()
}

fn each(text: &str, between: &str) -> String {
    let mut out = String::new();
    for word in text.split(' ') {
        let letters: Vec<String> = word.chars().map(String::from).collect();
        write!(out, "{}{}", letters.join(between), if between == " " { "   " } else { " " }).unwrap();
    }
    out
}

fn letters(text: &str, change: impl Fn(char) -> String) -> String {
    text.chars().map(|char| if char.is_alphabetic() { change(char) } else { char.to_string() }).collect()
}

fn swap(text: &str, pairs: &[(char, char)]) -> String {
    text.chars()
        .map(|char| pairs.iter().find(|(from, _)| *from == char.to_ascii_lowercase()).map_or(char, |(_, to)| *to))
        .collect()
}

fn plane(text: &str, capital: u32, small: u32) -> String {
    let turn = |char: char| match char {
        'A'..='Z' => char::from_u32(capital + u32::from(char) - 65).unwrap(),
        'a'..='z' => char::from_u32(small + u32::from(char) - 97).unwrap(),
        other => other,
    };
    text.chars().map(turn).collect()
}

fn bytes(text: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let value = chunk.iter().chain(&[0, 0]).take(3).fold(0_usize, |value, byte| value << 8 | usize::from(*byte));
        for place in 0..4 {
            out.push(if place <= chunk.len() { char::from(DIGITS[value >> (18 - 6 * place) & 63]) } else { '=' });
        }
    }
    out
}

fn rot13(text: &str) -> String {
    let turn = |char: char| match char {
        'a'..='z' => char::from((char as u8 - b'a' + 13) % 26 + b'a'),
        'A'..='Z' => char::from((char as u8 - b'A' + 13) % 26 + b'A'),
        other => other,
    };
    text.chars().map(turn).collect()
}
