//! What of each signature is left when its examples are disguised: every rule with examples, under every disguise that can be
//! put on from outside. Prints a table and holds the floor: each rule survives at least twelve, each disguise nearly all rules.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bailiwick_detect::{Limits, rules, scan};

/// A disguise: its name, and how a text looks in it.
type Disguise = (&'static str, fn(&str) -> String);

const DISGUISES: [Disguise; 38] = [
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
    ("ANSI colours", |text| text.split(' ').map(|word| format!("\u{1b}[31m{word}\u{1b}[0m")).collect::<Vec<_>>().join(" ")),
];

/// Dress that goes around a text.
const WRAPS: [Disguise; 8] = [
    ("HTML comment", |text| format!("<p>Hello.</p><!-- {text} --><p>More.</p>")),
    ("hidden element", |text| format!("<p>Hello.</p><div style=\"display:none\">{text}</div>")),
    ("alt text", |text| format!("<img src=\"a.png\" alt=\"{}\">", text.replace('"', "'"))),
    ("Markdown comment", |text| format!("# Title\n\n[//]: # ({text})\n")),
    ("JSON string", |text| format!("{{\"id\":7,\"body\":{}}}", serde_json::to_string(text).unwrap())),
    ("code comment", |text| format!("fn main() {{\n    // {text}\n}}\n")),
    ("CSV field", |text| format!("id,note\n7,\"{}\"\n", text.replace('"', "\"\""))),
    ("far down", |text| format!("Hello.{}{text}", "\n".repeat(5000))),
];

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

/// The share of a rule's examples that are still caught, by the rule itself or by any other about orders.
fn survives(catches: &[&str], disguise: fn(&str) -> String) -> (usize, usize) {
    let ascii: Vec<&&str> = catches.iter().filter(|text| text.is_ascii()).collect();
    let caught =
        |text: &&&&str| scan(&disguise(text), &Limits::default()).iter().any(|finding| finding.family() == "instruction");
    (ascii.iter().filter(caught).count(), ascii.len())
}

#[test]
fn signatures_survive_disguises() {
    let all: Vec<Disguise> = DISGUISES.iter().chain(&WRAPS).copied().collect();
    let mut by_disguise: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut weak = Vec::new();
    for rule in rules().filter(|rule| !rule.catches.is_empty()) {
        let mut whole = 0;
        let mut lost = Vec::new();
        for (name, disguise) in &all {
            let (caught, of) = survives(rule.catches, *disguise);
            let sum = by_disguise.entry(name).or_default();
            sum.0 += caught;
            sum.1 += of;
            if caught == of { whole += 1 } else { lost.push(*name) }
        }
        println!("{:32} {whole:2} of {} lost: {}", rule.id, all.len(), lost.join(", "));
        if whole < 30 {
            weak.push(format!("{} survives {whole}", rule.id));
        }
    }
    for (name, (caught, of)) in &by_disguise {
        println!("{name:24} {caught:3} of {of}");
        if caught * 10 < of * 7 {
            weak.push(format!("{name}: {caught} of {of}"));
        }
    }
    assert!(weak.is_empty(), "{weak:#?}");
}
