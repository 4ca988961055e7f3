//! How many rows of a corpus the rules alone flag, by kind and source, and how fast. In: rows of JSON on standard input, with
//! `source`, `kind`, `label`, `fold` and one of `text`, `command`, `tool`, `trace`. Out: a table. `cargo xtask detect-eval`
//! feeds it. With `--each`, a line of JSON for each row instead: what rules and classifier flag. With `--missed N SOURCE` or `--flagged N SOURCE`, rows of fold train instead.
#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::disallowed_methods, reason = "a program for development reads its input")]

use std::collections::BTreeMap;
use std::io::BufRead as _;

use bailiwick_detect::{Limits, classifier, read, scan};
use bailiwick_vocab::finding::{Finding, Strength};

#[derive(Default)]
struct Count {
    rows: usize,
    flagged: usize,
    weak: usize,
    strong: usize,
}

/// What decides whether a row counts as flagged: for rows about secrets, a secret; else an instruction that is at least fair.
fn strongest(findings: &[Finding], kind: &str) -> Option<Strength> {
    let family = if kind == "secret" { "secret" } else { "instruction" };
    findings.iter().filter(|finding| finding.family() == family).map(|finding| finding.strength).max()
}

fn text_of(row: &serde_json::Value) -> String {
    let string = |name: &str| row[name].as_str().map(str::to_owned);
    let json = |name: &str| row.get(name).filter(|value| !value.is_null()).map(ToString::to_string);
    string("text").or_else(|| string("command")).or_else(|| json("tool")).or_else(|| json("trace")).unwrap_or_default()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [what @ ("--missed" | "--flagged"), number, source] => {
            Some(((*what).to_owned(), number.parse().unwrap_or(10), (*source).to_owned()))
        }
        _ => None,
    };
    if arguments.first().is_some_and(|first| first == "--each") {
        return each();
    }
    let mut shown = 0_usize;
    let mut counts: BTreeMap<(String, String, String, String), Count> = BTreeMap::new();
    let mut rules: BTreeMap<(String, String), [usize; 2]> = BTreeMap::new();
    let mut speeds: BTreeMap<(String, String), (usize, u64)> = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(row) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        let name = |field: &str| row[field].as_str().unwrap_or("?").to_owned();
        let text = text_of(&row);
        let start = on_cpu();
        let findings = scan(&text, &Limits::default());
        let took = on_cpu().saturating_sub(start);
        let speed = speeds.entry((name("kind"), name("label"))).or_default();
        speed.0 += text.len();
        speed.1 += took;
        let strength = strongest(&findings, &name("kind"));
        let flagged = strength >= Some(Strength::Fair);
        let source = name("source").split(':').next().unwrap_or_default().to_owned();
        if let Some((what, most, of)) = &wanted {
            if name("fold") == "train"
                && (source == *of || name("kind") == *of)
                && flagged == (what == "--flagged")
                && shown < *most
            {
                shown += 1;
                show(&row, &text, &findings);
            }
            continue;
        }
        let count = counts.entry((name("fold"), name("label"), name("kind"), source)).or_default();
        count.rows += 1;
        count.flagged += usize::from(flagged);
        count.weak += usize::from(strength.is_some());
        count.strong += usize::from(strength == Some(Strength::Strong));
        let mut seen: Vec<&str> =
            findings.iter().filter(|finding| finding.strength >= Strength::Fair).map(|finding| finding.rule.as_str()).collect();
        seen.sort_unstable();
        seen.dedup();
        for rule in seen {
            let entry = rules.entry((name("kind"), rule.to_owned())).or_default();
            entry[usize::from(name("label") == "benign")] += 1;
        }
    }
    if wanted.is_none() {
        table(&counts, &rules);
        speed(&speeds);
    }
}

/// Says of each row what the rules flag, what the classifier does at either of its bars, and what both together do.
fn each() {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(row) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        let (findings, likeliest) = read(&text_of(&row), &Limits::default());
        let flagged = strongest(&findings, "") >= Some(Strength::Fair);
        let above = |bar: f32| likeliest.as_ref().is_some_and(|likeliest| likeliest.probability >= bar);
        let sure = above(classifier::ONE_IN_A_THOUSAND);
        println!(
            "{}",
            serde_json::json!({
                "bailiwick, rules": flagged,
                "bailiwick, classifier at 1%": above(classifier::ONE_IN_A_HUNDRED),
                "bailiwick, classifier at 0.1%": sure,
                "bailiwick, rules or classifier at 0.1%": flagged || sure,
            })
        );
    }
}

/// Nanoseconds of processor time of this thread: a busy machine does not count.
fn on_cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "a report")]
fn speed(speeds: &BTreeMap<(String, String), (usize, u64)>) {
    println!("\n| kind | label | bytes | MB/s of processor time |\n|---|---|---|---|");
    let all = speeds.values().fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    let line = |kind: &str, label: &str, (bytes, ns): (usize, u64)| {
        println!("| {kind} | {label} | {bytes} | {:.1} |", bytes as f64 * 1e3 / (ns.max(1) as f64));
    };
    for ((kind, label), one) in speeds {
        line(kind, label, *one);
    }
    line("**all**", "", all);
}

fn show(row: &serde_json::Value, text: &str, findings: &[Finding]) {
    println!("=== {} {}", row["source"], row["meta"]);
    let payload = row["meta"]["payload"].as_str().unwrap_or(text);
    println!("{}", payload.chars().take(500).collect::<String>());
    for finding in findings.iter().filter(|finding| finding.family() == "instruction") {
        let span = text.get(finding.span.start as usize..finding.span.end as usize).unwrap_or_default();
        let before = text
            .get(text.floor_char_boundary((finding.span.start as usize).saturating_sub(60))..finding.span.start as usize)
            .unwrap_or_default();
        println!(
            "   -> {} {} [{}] {:?} >> {:?}",
            finding.strength.word(),
            finding.rule,
            finding.seen,
            before,
            span.chars().take(160).collect::<String>()
        );
    }
}

fn table(counts: &BTreeMap<(String, String, String, String), Count>, rules: &BTreeMap<(String, String), [usize; 2]>) {
    println!("| fold | label | kind | source | rows | flagged | strong | any |\n|---|---|---|---|---|---|---|---|");
    let mut sums: BTreeMap<(String, String, String), Count> = BTreeMap::new();
    for ((fold, label, kind, source), count) in counts {
        line(&[fold, label, kind, source], count);
        let sum = sums.entry((fold.clone(), label.clone(), kind.clone())).or_default();
        sum.rows += count.rows;
        sum.flagged += count.flagged;
        sum.weak += count.weak;
        sum.strong += count.strong;
    }
    for ((fold, label, kind), count) in &sums {
        line(&[fold, label, kind, "**all**"], count);
    }
    println!("\n| kind | rule | attack rows | benign rows |\n|---|---|---|---|");
    for ((kind, rule), [attack, benign]) in rules {
        println!("| {kind} | {rule} | {attack} | {benign} |");
    }
}

#[expect(clippy::cast_precision_loss, reason = "a report")]
fn line(names: &[&str], count: &Count) {
    let share = |part: usize| format!("{:.1}%", part as f64 * 100.0 / count.rows.max(1) as f64);
    println!(
        "| {} | {} | {} | {} | {} |",
        names.join(" | "),
        count.rows,
        share(count.flagged),
        share(count.strong),
        share(count.weak)
    );
}
