//! What was judged, as tables. In: rows and answers. Out: Markdown.

use std::collections::BTreeMap;

use super::Row;
use super::drive::Answer;
use crate::{say, shell};

/// Rows with their answers, in the same order.
pub(super) struct Judged<'a> {
    pub(super) rows: &'a [Row],
    pub(super) answers: &'a [Answer],
}

/// Of some rows, how many.
#[derive(Clone, Copy, Default)]
struct Count {
    rows: usize,
    asked: usize,
    denied: usize,
    opaque: usize,
}

impl Count {
    fn add(&mut self, answer: &Answer) {
        self.rows += 1;
        self.asked += usize::from(answer.verdict == "ask");
        self.denied += usize::from(answer.verdict == "deny");
        self.opaque += usize::from(answer.opaque);
    }

    fn line(self, name: &str) -> String {
        let stopped = self.asked + self.denied;
        let share = |part: usize| 100.0 * part as f64 / self.rows.max(1) as f64;
        format!(
            "| {name} | {} | {} | {} | {} | {:.1}% | {:.1}% |\n",
            self.rows,
            self.rows - stopped,
            self.asked,
            self.denied,
            share(stopped),
            share(self.opaque)
        )
    }
}

impl<'a> Judged<'a> {
    fn pairs(&self) -> impl Iterator<Item = (&'a Row, &'a Answer)> {
        self.rows.iter().zip(self.answers)
    }

    fn count(&self, wanted: impl Fn(&Row) -> bool) -> Count {
        self.pairs().filter(|(row, _)| wanted(row)).fold(Count::default(), |mut count, (_, answer)| {
            count.add(answer);
            count
        })
    }

    fn table(&self, what: &str) -> String {
        let mut text = format!(
            "| {what} | rows | allowed | asked | denied | not allowed | with an opaque part |\n|---|---|---|---|---|---|---|\n"
        );
        let mut sources: Vec<&str> = self.rows.iter().map(|row| row.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        for source in sources {
            text += &self.count(|row| row.source == source).line(source);
        }
        text += &self.count(|row| row.train).line("*all, fold train*");
        text += &self.count(|row| !row.train).line("*all, fold test*");
        text + &self.count(|_| true).line("**all**")
    }
}

/// Both tables under a line that says how they came about.
pub(super) fn tables(dangerous: &Judged<'_>, harmless: &Judged<'_>) -> String {
    let date = shell::output(shell::at_root("date").arg("+%F")).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "`cargo xtask corpora DIRECTORY`, {}, {cores} cores. Preset coding-agent, a fresh session for each command.\n\n{}\n{}",
        date.trim(),
        dangerous.table("dangerous"),
        harmless.table("harmless")
    )
}

/// Which policies stopped harmless commands.
pub(super) fn reasons(harmless: &Judged<'_>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in harmless.answers.iter().filter(|answer| answer.verdict != "allow") {
        answer.policies.iter().for_each(|policy| *counts.entry(policy).or_default() += 1);
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(policy, count)| (std::cmp::Reverse(*count), *policy));
    let lines = counts.into_iter().map(|(policy, count)| format!("{count:7}  {policy}\n"));
    lines.fold("Policies that stopped harmless commands:\n".to_owned(), |all, line| all + &line)
}

/// Some commands of the training fold: the other fold is for measuring, not for reading.
pub(super) fn list(title: &str, judged: &Judged<'_>, most: usize, wanted: impl Fn(&Answer) -> bool) {
    let found = judged.pairs().filter(|(row, answer)| row.train && wanted(answer)).take(most);
    for (number, (row, answer)) in found.enumerate() {
        if number == 0 {
            say::line(&format!("\n{title}:"));
        }
        say::line(&format!("[{}] {} {:?}", row.source, answer.policies.join(","), row.command));
    }
}
