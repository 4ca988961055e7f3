//! Leaving sources out: for each group of sources, training without it and its recall. In: the rows. Out: a table.

use std::path::Path;

use bailiwick_detect::classifier::Model;

use crate::corpus::{self, Row};
use crate::{document, learn, measure, say, weights};

/// Sources that share an author or templates leave together.
const GROUPS: &[(&str, &[&str])] = &[
    ("composed", &["composed-"]),
    ("agent-threat-rules", &["agent-threat-rules"]),
    ("spikee", &["spikee"]),
    ("garak-latentinjection", &["garak-latentinjection"]),
    ("lakera-gandalf", &["lakera-gandalf"]),
    ("jailbreaks in the wild", &["verazuo-", "garak-inthewild", "garak-dan", "garak-tap"]),
    (
        "small sets",
        &[
            "bastioncorpus",
            "agent-governance-toolkit-corpus",
            "agent-injection-bench",
            "jailbreak-corpus-mini",
            "giskard-",
            "bipia-",
            "deepteam",
            "damn-vulnerable-mcp",
        ],
    ),
];

/// Trains and measures once for each group. Rows of the group left out are tried and harmless rows that no training saw: all of
/// the group and the harmless of fold test; or, to choose between models by (`choose`), of fold train alone.
pub(crate) fn run(data: &str, choose: bool) -> Result<(), String> {
    let rows = corpus::load(Path::new(data))?;
    say::line("| without | label | texts | count | above the 1% bar | above the 0.1% bar |\n|---|---|---|---|---|---|");
    for (name, prefixes) in GROUPS {
        let left_out = |source: &str| prefixes.iter().any(|prefix| source.starts_with(prefix));
        let documents = document::training(&rows, &|source| !left_out(source));
        let learning: Vec<_> = documents.into_iter().filter(|document| !choose || !document.held).collect();
        let bytes = weights::quantise(&learn::learn(&learning), &[]);
        let Some(bytes) = bytes.first_chunk() else { return Err("the weights have a wrong length".to_owned()) };
        let model = Model::read(bytes);
        let score = |row: &Row| model.raw(&row.text).map_or(f32::MIN, |(score, _)| score);
        let harmless = |row: &Row| if choose { !row.test && document::held(row) } else { row.test };
        let tried = rows.iter().filter(|row| {
            if row.attack { left_out(&row.source) && !(choose && (row.test || row.dressed || row.weak)) } else { harmless(row) }
        });
        let scored: Vec<(&Row, f32)> = tried.map(|row| (row, score(row))).collect();
        let bars = [measure::threshold(&scored, 0.01), measure::threshold(&scored, 0.001)];
        for line in measure::table(&scored, &bars) {
            if line.starts_with("| attack") || line.contains("hard_negative, all") {
                say::line(&format!("| {name} {line}"));
            }
        }
    }
    Ok(())
}
