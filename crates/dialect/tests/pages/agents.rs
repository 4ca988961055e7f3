//! The pages of every agent but Claude Code, which has pages of its own shape: `cases/NAME/` for each that is known.
//!
//! A fence `json` is the message on standard input (its lines are joined), `raw` the same byte for byte with `\xNN` for
//! any byte; with `answers` after it, what each verdict is answered with is shown too, with `handled`
//! each handling of an outcome. `install N` and `uninstall N` hold
//! the text that is there before in the agent's placement number N; a lone `-` is no file.

use std::fmt::Write as _;

use bailiwick_casebook::Case;
use bailiwick_dialect::settings::{Change, SettingsError};
use bailiwick_dialect::tongue::{Answer, Tongue};
use bailiwick_vocab::case::Verdict;

use crate::dump;
use crate::settings::command;

pub(crate) fn check(agent: &Tongue, case: &Case) -> String {
    let (info, body) = case.inputs.first().unwrap();
    let mut words = info.split(' ');
    let first = words.next().unwrap_or_default();
    match (first, words.next()) {
        ("install" | "uninstall", Some(index)) => {
            let existing = if body == "-\n" { None } else { Some(body.as_str()) };
            placed(agent, first, index.parse().unwrap(), existing)
        }
        ("raw", more) => message(agent, &crate::raw(body.strip_suffix('\n').unwrap_or(body)), more),
        (_, more) => message(agent, &body.lines().map(str::trim).collect::<String>().into_bytes(), more),
    }
}

fn message(agent: &Tongue, bytes: &[u8], more: Option<&str>) -> String {
    let refused = || shown(&(agent.refuse)(bytes, "the ledger is full"));
    let event = match (agent.parse)(bytes) {
        Ok(event) => event,
        Err(error) => return format!("error: {error}\n{}\n", refused()),
    };
    let mut out = dump::event(&event);
    if event.scene.unattended {
        out.push_str("nobody is asked here\n");
    }
    if more == Some("handled") {
        out.push_str(&dump::handled(agent, bytes, &event));
    } else if more.is_some() {
        for verdict in [Verdict::Allow, Verdict::Ask, Verdict::Deny] {
            let receipt = dump::receipt(&event, verdict);
            writeln!(out, "{verdict:?}: {}", shown(&(agent.render)(bytes, &event, &receipt))).unwrap();
        }
        let mismatched = (agent.render)(bytes, &event, &dump::mismatched());
        writeln!(out, "another event's record: {}", shown(&mismatched)).unwrap();
        writeln!(out, "failure: {}", shown(&(agent.render)(bytes, &event, &dump::failure()))).unwrap();
        writeln!(out, "refusal: {}", refused()).unwrap();
    }
    out
}

fn shown(answer: &Answer) -> String {
    let stdout = String::from_utf8(answer.stdout.clone()).unwrap();
    let mut out = stdout.trim_end().to_owned();
    if !answer.stderr.is_empty() {
        write!(out, " stderr {:?}", answer.stderr).unwrap();
    }
    if answer.exit != 0 {
        write!(out, " exit {}", answer.exit).unwrap();
    }
    out
}

/// Also holds what must be so for every text: nothing is missing afterwards, and a second time there is nothing to do.
fn placed(agent: &Tongue, what: &str, index: usize, existing: Option<&str>) -> String {
    let placement = &agent.placements[index];
    let change = if what == "install" {
        placement.plan_install(existing, &command())
    } else {
        placement.plan_uninstall(existing.unwrap_or_default())
    };
    if let (Ok(change), "install") = (&change, what) {
        assert_eq!(placement.missing(&change.after, &command()).unwrap(), Vec::<&str>::new());
        assert!(placement.plan_install(Some(&change.after), &command()).unwrap().is_nothing());
        let out = placement.plan_uninstall(&change.after).unwrap();
        assert!(!out.is_nothing() && !out.after.contains("bailiwick"));
    }
    format!("{}\n{}", placement.path, planned(change))
}

fn planned(change: Result<Change, SettingsError>) -> String {
    match change {
        Err(error) => format!("error: {error}\n"),
        Ok(change) => {
            let steps: String = change.steps.iter().map(|step| format!("- {step}\n")).collect();
            let warnings: String = change.warnings.iter().map(|warning| format!("! {warning}\n")).collect();
            steps + &warnings + &change.after
        }
    }
}
