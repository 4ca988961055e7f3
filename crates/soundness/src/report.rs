//! What is said of the outcomes: one line of JSON each, one command in full, or the figures with the work list.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use crate::corpus::Row;
use crate::judge::{Outcome, described};
use crate::say;

/// Examples shown for one entry of the work list.
const EXAMPLES: usize = 3;

/// One line of JSON.
pub(crate) fn json(row: &Row, outcome: &Outcome) {
    let line = json!({
        "id": row.id, "command": row.command, "verdict": outcome.verdict(), "misses": outcome.misses, "opaque": outcome.opaque,
        "hidden": outcome.hidden, "programs": outcome.programs, "exit": outcome.exit, "why": outcome.idle, "excused": outcome.excused,
    });
    say::line(&line.to_string());
}

/// All that is known of each.
pub(crate) fn whole(results: &[(Row, Outcome)]) {
    for (row, outcome) in results {
        let mut text = format!("{}\n{}: {}\n", row.command, outcome.verdict(), outcome.idle);
        for effect in &outcome.declared {
            let _ = writeln!(text, "  declared {}", serde_json::to_string(&effect.deed).unwrap_or_default());
        }
        for act in &outcome.seen {
            let _ = writeln!(text, "  seen     {}", serde_json::to_string(act).unwrap_or_default());
        }
        for miss in outcome.misses.iter().chain(&outcome.hidden) {
            let _ = writeln!(text, "  outside  {}: {}", miss.program, miss.what);
        }
        let _ = write!(text, "  excused {:?}, exit {:?}, said: {}", outcome.excused, outcome.exit, outcome.said);
        say::line(&text);
    }
}

/// What the wall refused.
pub(crate) fn refused(work: &Work, quiet: bool) {
    let mut text = String::new();
    list(&mut text, "refused by the wall", work);
    if !quiet && !text.is_empty() {
        say::line(text.trim_end());
    }
}

/// Figures and work list.
pub(crate) fn summary(results: &[(Row, Outcome)], quiet: bool, memory: &str) {
    let ran: Vec<&(Row, Outcome)> = results.iter().filter(|(_, outcome)| outcome.idle.is_empty()).collect();
    let count = |wanted: &str| ran.iter().filter(|(_, outcome)| outcome.verdict() == wanted).count();
    let ended = ran.iter().filter(|(_, outcome)| outcome.exit == Some(0)).count();
    let stopped = ran.iter().filter(|(_, outcome)| outcome.exit.is_none()).count();
    let strange = ran.iter().filter(|(_, outcome)| !outcome.misses.is_empty() && !described(&outcome.programs)).count();
    let needless = ran.iter().filter(|(_, outcome)| is_needless(outcome)).count();
    let share = |part: usize| 100.0 * part as f64 / ran.len().max(1) as f64;
    let mut text = String::new();
    if !quiet {
        list(&mut text, "missed", &misses(&ran));
        list(&mut text, "opaque for nothing seen", &opaques(&ran));
    }
    let _ = writeln!(
        text,
        "{} commands, {} runnable here ({ended} of them ended well, {stopped} were stopped; {memory})",
        results.len(),
        ran.len()
    );
    let _ = writeln!(
        text,
        "of {} runnable: {} missed ({:.2}%; {strange} of them with a program that nobody described), {} sound, {} opaque ({:.1}%, {needless} of them for nothing seen)",
        ran.len(),
        count("missed"),
        share(count("missed")),
        count("sound"),
        count("opaque"),
        share(count("opaque")),
    );
    let mut failures = BTreeMap::<&str, usize>::new();
    for (_, outcome) in results.iter().filter(|(_, outcome)| outcome.broken) {
        *failures.entry(&outcome.idle).or_default() += 1;
    }
    for (failure, times) in failures {
        let _ = writeln!(text, "the harness failed ({times} times): {failure}");
    }
    if quiet { say::problem(text.trim_end()) } else { say::line(text.trim_end()) }
}

fn is_needless(outcome: &Outcome) -> bool {
    outcome.verdict() == "opaque" && outcome.hidden.is_empty()
}

type Work = BTreeMap<String, Vec<String>>;

fn misses(ran: &[&(Row, Outcome)]) -> Work {
    let mut work = Work::new();
    for (row, outcome) in ran {
        let mut programs: Vec<&str> = outcome.misses.iter().map(|miss| miss.program.as_str()).collect();
        programs.dedup();
        for program in programs {
            let first = outcome.misses.iter().find(|miss| miss.program == program).map_or("", |miss| miss.what.as_str());
            work.entry(program.to_owned()).or_default().push(format!("{first} <- {}", row.command));
        }
    }
    work
}

fn opaques(ran: &[&(Row, Outcome)]) -> Work {
    let mut work = Work::new();
    for (row, outcome) in ran.iter().filter(|(_, outcome)| is_needless(outcome)) {
        let cause = outcome.opaque.first().map_or("", String::as_str);
        let program = outcome.programs.first().map_or("", String::as_str);
        work.entry(format!("{cause}: {program}")).or_default().push(row.command.clone());
    }
    work
}

fn list(text: &mut String, title: &str, work: &Work) {
    let mut entries: Vec<_> = work.iter().collect();
    entries.sort_by_key(|(_, examples)| std::cmp::Reverse(examples.len()));
    for (name, examples) in entries {
        let _ = writeln!(text, "{title}: {name} ({})", examples.len());
        for example in examples.iter().take(EXAMPLES) {
            let line: String = example.replace('\n', "\\n").chars().take(200).collect();
            let _ = writeln!(text, "    {line}");
        }
    }
}
