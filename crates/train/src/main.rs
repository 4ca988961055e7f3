//! Trains the classifier of crate detect and measures it. In: a directory of labelled texts. Out: a weights' file, or a table.
//!
//! One thread, fixed seeds: the same rows give the same weights. Nothing shipped depends on this crate.

mod corpus;
mod dice;
mod document;
mod generate;
mod held;
mod learn;
mod measure;
mod salad;
mod say;
mod weights;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo run --release -p bailiwick-train -- ACT --data DIRECTORY

  train --out FILE   trains on the rows of fold train and writes the weights
  eval               measures the weights in this build on the rows of fold test, by source, and their speed
  sources            trains once for each group of sources without it, and measures it on that group
  choose             the same without a look at fold test: the figures to choose between models by
  wrong              some rows of fold train that those models are wrong about
  files FILE...      (without --data) the probability of each file and its strongest passage

DIRECTORY holds files KIND_LABEL.jsonl or .jsonl.gz (see crates/train/README.md); gzip must be installed.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["train", "--data", data, "--out", out] | ["train", "--out", out, "--data", data] => train(data, out),
        ["eval", "--data", data] => measure::shipped(data),
        ["sources", "--data", data] => held::run(data, false, None),
        ["choose", "--data", data] => held::run(data, true, None),
        ["wrong", "--data", data] => held::run(data, true, Some(60)),
        ["files", files @ ..] => files.iter().try_for_each(|file| measure::file(file)),
        _ => {
            say::problem(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say::problem(&format!("failed: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn train(data: &str, out: &str) -> Result<(), String> {
    let rows = corpus::load(Path::new(data))?;
    let shelf = document::Shelf::new(&rows);
    let (held, learning): (Vec<_>, Vec<_>) = shelf.without(&|_| false).into_iter().partition(|(document, _)| document.held);
    say::line(&format!("{} texts to learn from, {} to calibrate on", learning.len(), held.len()));
    let model = learn::learn(&learning);
    let bytes = weights::quantise(&model, &held);
    std::fs::write(out, bytes).map_err(|error| format!("cannot write {out}: {error}"))
}
