//! Runs the case pages: what a message says, and what is answered.
//!
//! Claude Code's pages: a fence `json` is the message on standard input (its lines are joined); `raw` is the same byte for
//! byte with `\xNN` for any byte; `json answers` also shows what each verdict is answered with. Settings' pages: see
//! `settings.rs`; permissions' pages: `permissions.rs`. The batch tongue's pages: a fence `line`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod agents;
mod dump;
mod permissions;
mod settings;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bailiwick_casebook::Case;
use bailiwick_dialect::{claude, judge};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::handling::Handling;

fn pages(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(name)
}

#[test]
fn claude_code() {
    bailiwick_casebook::run(&pages("claude"), &claude_case).unwrap();
}

/// One folder of pages for each agent, and an agent for each folder.
#[test]
#[expect(clippy::disallowed_methods, reason = "the pages' folders, not the product's")]
fn every_other_agent() {
    let others = bailiwick_dialect::agents::all().iter().filter(|agent| agent.name != claude::CLIENT);
    let mut known: Vec<&str> = others.clone().map(|agent| agent.name).collect();
    for agent in others {
        bailiwick_casebook::run(&pages(agent.name), &|case| agents::check(agent, case)).unwrap();
    }
    known.extend(["claude", "judge", "permissions", "settings"]);
    for folder in std::fs::read_dir(pages("")).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name.as_str()), "{name} is no agent in the table");
    }
}

#[test]
fn settings_file() {
    bailiwick_casebook::run(&pages("settings"), &settings::check).unwrap();
}

#[test]
fn permissions() {
    bailiwick_casebook::run(&pages("permissions"), &permissions::check).unwrap();
}

#[test]
fn batch() {
    bailiwick_casebook::run(&pages("judge"), &judge_case).unwrap();
}

fn claude_case(case: &Case) -> String {
    let (info, body) = case.inputs.first().unwrap();
    let bytes = if info == "raw" {
        raw(body.strip_suffix('\n').unwrap_or(body))
    } else {
        body.lines().map(str::trim).collect::<String>().into_bytes()
    };
    let event = match claude::parse(&bytes) {
        Ok(event) => event,
        Err(error) => return format!("error: {error}\n{}", text(claude::refuse(&bytes, &error.to_string()))),
    };
    let mut out = dump::event(&event);
    let hook = claude::hook(&event);
    writeln!(out, "hook {hook:?}").unwrap();
    if info.ends_with("handled") {
        out.push_str(&dump::handled(&claude::TONGUE, &bytes, &event));
    }
    if info.ends_with("answers") {
        for verdict in [Verdict::Allow, Verdict::Ask, Verdict::Deny] {
            let receipt = dump::receipt(&event, verdict);
            writeln!(out, "{verdict:?}: {}", text(claude::render(hook, &receipt)).trim_end()).unwrap();
        }
        let other = dump::mismatched();
        writeln!(out, "another event's record: {}", text(claude::render(hook, &other)).trim_end()).unwrap();
        writeln!(out, "failure: {}", text(claude::render(hook, &dump::failure())).trim_end()).unwrap();
        writeln!(out, "refusal: {}", text(claude::refuse(&bytes, "the ledger is full")).trim_end()).unwrap();
    }
    out
}

fn judge_case(case: &Case) -> String {
    let body: String = case.inputs.first().unwrap().1.lines().map(str::trim).collect();
    match judge::parse(body.as_bytes()) {
        Err(bad) => format!("error: {}\n{}", bad.error, text(judge::refuse(&bad.id, &bad.error.to_string()))),
        Ok(line) => {
            let mut out = dump::event(&line.event);
            if case.inputs.first().unwrap().0.ends_with("handled") {
                for wanted in [Handling::Annotate, Handling::Redact, Handling::Withhold] {
                    out.push_str(&text(judge::answer(&line, &dump::treated(&line.event, wanted))));
                }
                return out;
            }
            let answer = judge::answer(&line, &dump::receipt(&line.event, Verdict::Deny));
            out.push_str(&text(answer));
            out
        }
    }
}

fn text(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.ends_with('\n') && text.matches('\n').count() == 1, "one line: {text:?}");
    let _: serde_json::Value = serde_json::from_str(&text).unwrap();
    text
}

/// `\xNN` becomes that byte.
fn raw(body: &str) -> Vec<u8> {
    let mut parts = body.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend(rest.as_bytes());
    }
    bytes
}
