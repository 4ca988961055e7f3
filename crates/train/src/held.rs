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

/// Says some of the orders that are missed at the 1% bar and the harmless texts that are above it, each by its strongest passage:
/// to think about kinds by. Only rows of fold train are shown.
fn shown(model: &Model<'_>, scored: &[(&Row, f32)], most: usize) {
    let bar = measure::threshold(scored, 0.01);
    for attack in [true, false] {
        let wrong: Vec<&(&Row, f32)> = scored
            .iter()
            .filter(|(row, score)| row.attack == attack && (*score > bar) != attack && !row.test && !row.plain_request)
            .collect();
        let step = (wrong.len() / most.max(1)).max(1);
        for (row, score) in wrong.iter().step_by(step) {
            let text = if attack { row.payload.as_deref().unwrap_or(&row.text) } else { &row.text };
            let passage = model.raw(&row.text).and_then(|(_, span)| row.text.get(span)).unwrap_or_default();
            let cut = |text: &str| text.chars().take(260).collect::<String>();
            let beside = if attack { cut(text) } else { String::new() };
            say::line(&format!("{attack} {} {:.2} {:?} <- {:?}", row.source, score - bar, cut(passage), beside));
        }
    }
}

/// Trains and measures once for each group. Rows of the group left out are tried and harmless rows that no training saw: all of
/// the group and the harmless of fold test; or, to choose between models by (`choose`), of fold train alone.
pub(crate) fn run(data: &str, choose: bool, show: Option<usize>) -> Result<(), String> {
    let rows = corpus::load(Path::new(data))?;
    say::line("| without | label | texts | count | above the 1% bar | above the 0.1% bar |\n|---|---|---|---|---|---|");
    let shelf = document::Shelf::new(&rows);
    let mut sum = Sum::default();
    for (name, prefixes) in GROUPS {
        let left_out = |source: &str| prefixes.iter().any(|prefix| source.starts_with(prefix));
        let documents = shelf.without(&left_out);
        let learning: Vec<_> = documents.into_iter().filter(|(document, _)| !choose || !document.held).collect();
        let bytes = weights::quantise(&learn::learn(&learning), &[]);
        let Some(bytes) = bytes.first_chunk() else { return Err("the weights have a wrong length".to_owned()) };
        let model = Model::read(bytes);
        let score = |row: &Row| measure::through_views(&model, &row.text);
        let harmless = |row: &Row| if choose { !row.test && document::held(row) } else { row.test };
        let tried = rows.iter().filter(|row| {
            if row.attack { left_out(&row.source) && !(choose && (row.test || row.dressed || row.weak)) } else { harmless(row) }
        });
        let scored: Vec<(&Row, f32)> = tried.map(|row| (row, score(row))).collect();
        if let Some(most) = show {
            shown(&model, &scored, most);
            continue;
        }
        let bars = [measure::threshold(&scored, 0.01), measure::threshold(&scored, 0.001)];
        sum.add(name, &scored, &bars);
        for line in measure::table(&scored, &bars) {
            if line.starts_with("| attack") || line.contains("hard_negative, all") {
                say::line(&format!("| {name} {line}"));
            }
        }
    }
    sum.told();
    Ok(())
}

/// Rates of false alarms over whose bars a mean is taken: a dozen texts make one bar, and a model that is better by chance at
/// one of them is not at all.
const RATES: [f64; 16] =
    [0.005, 0.006, 0.007, 0.008, 0.009, 0.01, 0.011, 0.012, 0.013, 0.014, 0.015, 0.016, 0.017, 0.018, 0.019, 0.02];

/// Over all groups: of the injections that address an agent how many are above each bar, by group and in one count.
#[derive(Default)]
struct Sum {
    groups: Vec<Above>,
}

/// Of one group's injections how many there are, how many are above the bars of 1% and 0.1%, and their mean over [`RATES`].
struct Above {
    name: &'static str,
    count: usize,
    bars: [usize; 2],
    mean: f64,
}

impl Sum {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn add(&mut self, name: &'static str, scored: &[(&Row, f32)], bars: &[f32; 2]) {
        let of: Vec<f32> = scored
            .iter()
            .filter(|(row, _)| row.kind == "injection" && measure::addresses(row))
            .map(|(_, score)| *score)
            .collect();
        let above = |bar: f32| of.iter().filter(|score| **score > bar).count();
        let mean = RATES.iter().map(|rate| above(measure::threshold(scored, *rate)) as f64).sum::<f64>() / RATES.len() as f64;
        self.groups.push(Above { name, count: of.len(), bars: bars.map(above), mean });
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of rows")]
    fn told(&self) {
        say::line(
            "\n| injections that address an agent, without | count | above the 1% bar | above the 0.1% bar | mean, bars of 0.5 to 2% |\n\
             |---|---|---|---|---|",
        );
        let line = |name: &str, count: usize, bars: [usize; 2], mean: f64| {
            let share = |part: f64| format!(" {:.1}% |", 100.0 * part / count.max(1) as f64);
            say::line(&format!("| {name} | {count} |{}{}{}", share(bars[0] as f64), share(bars[1] as f64), share(mean)));
        };
        for group in self.groups.iter().filter(|group| group.count > 0) {
            line(group.name, group.count, group.bars, group.mean);
        }
        let bar = |index: usize| self.groups.iter().filter_map(|group| group.bars.get(index)).sum();
        let count = self.groups.iter().map(|group| group.count).sum();
        let mean = self.groups.iter().map(|group| group.mean).sum();
        line("**all, each without its own**", count, [bar(0), bar(1)], mean);
    }
}
