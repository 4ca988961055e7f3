//! Figures. In: scores of labelled texts. Out: recall at a rate of false alarms, by source; speed.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use bailiwick_detect::classifier::{Model, ONE_IN_A_HUNDRED, ONE_IN_A_THOUSAND, strongest};
use bailiwick_detect::view::{Depth, views};

use crate::corpus::{self, Row};
use crate::say;

/// Kinds whose texts an agent reads as data: over them a rate of false alarms is taken.
const ORDINARY: &[&str] = &["carrier", "prompt", "tool_definition"];

/// The score that `rate` of ordinary harmless texts reach.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
pub(crate) fn threshold(scored: &[(&Row, f32)], rate: f64) -> f32 {
    let mut ordinary: Vec<f32> =
        scored.iter().filter(|(row, _)| !row.attack && ORDINARY.contains(&row.kind)).map(|(_, score)| *score).collect();
    ordinary.sort_by(|one, two| two.total_cmp(one));
    ordinary.get((ordinary.len() as f64 * rate) as usize).copied().unwrap_or(f32::INFINITY)
}

/// The name under which rows are counted.
pub(crate) fn group(row: &Row) -> String {
    let source = match row.source.split_once('-') {
        Some((first @ ("docs" | "code" | "skills" | "prompts"), _)) => format!("{first}-*"),
        Some(("agent", rest)) if rest.starts_with("rules-") || rest.starts_with("files-") => "agent-files".to_owned(),
        _ => row.source.clone(),
    };
    let apart = match (row.attack, row.weak, row.plain_request, row.addressed, row.dressed) {
        (false, ..) => "",
        (true, true, ..) => ", doubtful label",
        (true, _, true, ..) => ", plain request",
        (true, _, _, false, _) => ", addresses nobody",
        (true, _, _, true, true) => ", disguised",
        (true, false, false, true, false) => "",
    };
    format!("{}/{source}{apart}", row.kind)
}

/// A line for each group: how many, and the share above each threshold.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
pub(crate) fn table(scored: &[(&Row, f32)], thresholds: &[f32]) -> Vec<String> {
    let mut groups: BTreeMap<(bool, String), Vec<f32>> = BTreeMap::new();
    for (row, score) in scored {
        groups.entry((!row.attack, group(row))).or_default().push(*score);
        if !row.attack {
            groups.entry((true, format!("{}, all", row.kind))).or_default().push(*score);
        }
    }
    let line = |((benign, name), scores): (&(bool, String), &Vec<f32>)| {
        let shares = thresholds.iter().map(|bar| {
            let above = scores.iter().filter(|score| **score > *bar).count();
            format!(" {:.1}% |", 100.0 * above as f64 / scores.len() as f64)
        });
        let label = if *benign { "harmless" } else { "attack" };
        format!("| {label} | {name} | {} |{}", scores.len(), shares.collect::<String>())
    };
    groups.iter().map(line).collect()
}

/// Whether a row is an order that addresses an agent and is surely one.
pub(crate) fn addresses(row: &Row) -> bool {
    row.attack && !row.weak && !row.plain_request && row.addressed
}

/// Says the probability of a file and its strongest passage.
pub(crate) fn file(path: &str) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let text = String::from_utf8_lossy(&bytes);
    match strongest(&text) {
        Some(found) => say::line(&format!("{:.3} {path} {:?}", found.probability, text.get(found.span).unwrap_or_default())),
        None => say::line(&format!("{:.3} {path}", 0.0)),
    }
    Ok(())
}

/// Measures the weights of this build on the rows of fold test.
pub(crate) fn shipped(data: &str) -> Result<(), String> {
    let rows = corpus::load(Path::new(data))?;
    let model = Model::shipped();
    let test: Vec<&Row> = rows.iter().filter(|row| row.test).collect();
    let scored: Vec<(&Row, f32)> = test.iter().map(|row| (*row, plain(&model, &row.text))).collect();
    told("as they stand", &model, &scored);
    calibration(&model, &scored);
    let seen: Vec<(&Row, f32)> = test.iter().map(|row| (*row, through_views(&model, &row.text))).collect();
    told("through crate detect's views", &model, &seen);
    speed(&rows);
    Ok(())
}

/// The strongest score of a text in plain letters.
fn plain(model: &Model<'_>, text: &str) -> f32 {
    let first = views(text, Depth { nested: 0, times: 0 }).next();
    first.and_then(|view| model.raw_of(&view)).map_or(f32::MIN, |(score, _)| score)
}

/// The strongest score over a text in plain letters and every passage without its disguise.
pub(crate) fn through_views(model: &Model<'_>, text: &str) -> f32 {
    let scores = views(text, Depth::default()).filter_map(|view| model.raw_of(&view).map(|(score, _)| score));
    scores.fold(f32::MIN, f32::max)
}

fn told(how: &str, model: &Model<'_>, scored: &[(&Row, f32)]) {
    let bars = [threshold(scored, 0.01), threshold(scored, 0.001)];
    say::line(&format!("\nTexts {how}.\n"));
    say::line(&format!("probability at 1%: {:.4}, at 0.1%: {:.4}", model.probability(bars[0]), model.probability(bars[1])));
    shipped_bars(model, scored);
    say::line("| label | texts | count | above the 1% bar | above the 0.1% bar |\n|---|---|---|---|---|");
    for line in table(scored, &bars) {
        say::line(&line);
    }
}

/// What the bars that crate detect names cost in harmless texts.
#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn shipped_bars(model: &Model<'_>, scored: &[(&Row, f32)]) {
    for bar in [ONE_IN_A_HUNDRED, ONE_IN_A_THOUSAND] {
        let share = |of: &dyn Fn(&Row) -> bool| {
            let of: Vec<f32> = scored.iter().filter(|(row, _)| of(row)).map(|(_, score)| model.probability(*score)).collect();
            100.0 * of.iter().filter(|probability| **probability >= bar).count() as f64 / of.len().max(1) as f64
        };
        let ordinary = share(&|row| !row.attack && ORDINARY.contains(&row.kind));
        let hard = share(&|row| !row.attack && row.kind == "hard_negative");
        let found = share(&|row| row.kind == "injection" && addresses(row));
        say::line(&format!(
            "at {bar}: {ordinary:.2}% of ordinary texts, {hard:.2}% of hard negatives, {found:.1}% of injections"
        ));
    }
}

/// How many texts of each band of probability are attacks.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of rows")]
fn calibration(model: &Model<'_>, scored: &[(&Row, f32)]) {
    let mut bands = [(0_usize, 0_usize, 0.0_f64); 10];
    for (row, score) in scored.iter().filter(|(row, _)| !row.dressed && !row.weak) {
        let probability = model.probability(*score);
        if let Some((count, attacks, sum)) = bands.get_mut(((probability * 10.0) as usize).min(9)) {
            *count += 1;
            *attacks += usize::from(row.attack);
            *sum += f64::from(probability);
        }
    }
    let total: usize = bands.iter().map(|(count, ..)| count).sum();
    let mut error = 0.0;
    for (count, attacks, sum) in bands.iter().filter(|(count, ..)| *count > 0) {
        say::line(&format!("said {:.3}, were attacks {:.3} of {count}", sum / *count as f64, *attacks as f64 / *count as f64));
        error += (sum - *attacks as f64).abs() / total as f64;
    }
    say::line(&format!("expected calibration error {error:.3} over {total} texts"));
}

#[expect(clippy::cast_precision_loss, reason = "counts of bytes")]
fn speed(rows: &[Row]) {
    let model = Model::shipped();
    let texts: Vec<&str> = rows.iter().filter(|row| row.kind == "carrier").map(|row| row.text.as_str()).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        let words: f32 = texts.iter().filter_map(|text| model.raw(text)).map(|(score, _)| score).sum();
        std::hint::black_box(words);
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = bytes as f64 / best;
    say::line(&format!("{:.0} MB/s on Markdown and code, {:.0} µs per 10 kB (best of 5)", rate / 1e6, 1e4 / rate * 1e6));
}
