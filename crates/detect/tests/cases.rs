//! Runs the case pages, and holds that every rule has a text that it matches and one that it must not.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use bailiwick_casebook::Case;
use bailiwick_detect::{Limits, redact, rules, scan};
use bailiwick_vocab::finding::{Finding, Strength};

/// `·` is taken out, `\u{…}` becomes that character.
fn text(page: &str) -> String {
    let page = page.replace('·', "");
    let mut parts = page.split("\\u{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        text.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        text.push_str(rest);
    }
    text
}

/// What comes out: each finding with its place, then the redacted text where that differs.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for found in scan(text, &Limits::default()) {
        let strength = if found.strength.is_strong() { String::new() } else { format!(" {}", found.strength.word()) };
        let seen = if found.seen.is_empty() { String::new() } else { format!(" ({})", found.seen) };
        writeln!(out, "{} {}..{}{strength}{seen}", found.rule, found.span.start, found.span.end).unwrap();
    }
    let redacted = redact(text);
    if redacted.count > 0 {
        writeln!(out, "---\n{}", redacted.text).unwrap();
    }
    if out.is_empty() { "nothing\n".to_owned() } else { out }
}

#[test]
fn cases() {
    let matched = RefCell::new(BTreeSet::new());
    let spared = RefCell::new(BTreeSet::new());
    let check = |case: &Case| {
        let (info, body) = case.inputs.first().unwrap();
        let text = text(body.strip_suffix('\n').unwrap_or(body));
        let findings = scan(&text, &Limits::default());
        let found: BTreeSet<String> = findings.iter().map(|found| found.rule.clone()).collect();
        if let Some(rule) = info.strip_prefix("not ") {
            let firm = |one: &Finding| one.rule == rule && one.strength > Strength::Weak;
            assert!(!findings.iter().any(firm), "{rule} must not match in {:?}", case.title);
            spared.borrow_mut().insert(rule.to_owned());
        }
        matched.borrow_mut().extend(found);
        shown(&text)
    };
    bailiwick_casebook::run(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases")), &check).unwrap();
    // What the classifier says moves with its training: `tests/classifier.rs`, and its own file.
    let of_pages = |id: &str| !id.starts_with("unscanned/") && id != "instruction/classifier";
    for rule in rules().filter(|rule| of_pages(rule.id) && rule.catches.is_empty()) {
        assert!(matched.borrow().contains(rule.id), "no case matches {}", rule.id);
        assert!(spared.borrow().contains(rule.id), "no case spares {}", rule.id);
    }
}
