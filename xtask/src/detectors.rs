//! `cargo xtask detectors --data DIRECTORY`: the detectors of others that run without a model to download beside ours, on the same
//! texts, in one run.
//!
//! In: a directory of `*.jsonl` and `*.jsonl.gz` (not part of this repository); rows of fold test, at most so many of each source,
//! evenly spread. Out: for each source what share each detector flags. The others are installed from their registries, below the
//! target directory; what cannot be installed is left out and said.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{say, shell};

const FILES: [&str; 5] =
    ["injection_attack", "carrier_benign", "hard_negative_benign", "prompt_benign", "tool_definition_benign"];
/// Rows of one source at most: some of the others take milliseconds a kilobyte.
const MOST: usize = 60;
/// Sources with fewer rows in the sample stand in the sums alone.
const FEWEST: usize = 3;
const PYTHON: [&str; 2] = ["injectionguard==0.4.0", "agentbastion==0.14.0"];
const NPM: [&str; 3] = ["@andersmyrmel/vard@1.2.0", "@claude-flow/aidefence@3.0.3", "llm_guardrail@2.1.2"];

/// What is asked about and what it is.
struct Row {
    /// `attack injection/SOURCE`, or `harmless KIND`.
    group: String,
    attack: bool,
    line: String,
}

/// A detector's name, and of each group how many rows it flags.
type Flags = BTreeMap<String, Vec<bool>>;

/// Runs all and prints the table.
pub(crate) fn run(directory: &str) -> Result<(), String> {
    let rows = rows(Path::new(directory))?;
    say::step(&format!("{} texts", rows.len()));
    let folder = shell::target()?.join("detectors");
    install(&folder)?;
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-detect", "--example", "eval"]))?;
    let mut flags = Flags::new();
    let mut ours = Command::new(shell::target()?.join("release/examples/eval"));
    ask("bailiwick", ours.arg("--each"), &rows, &mut flags);
    let here = shell::root().join("xtask/src/detectors");
    // One of them writes a log where it is started.
    let mut python = Command::new(folder.join("py/bin/python"));
    ask("PyPI", python.current_dir(&folder).arg(here.join("peers.py")), &rows, &mut flags);
    ask("npm", Command::new("node").current_dir(&folder).arg("peers.mjs"), &rows, &mut flags);
    table(&rows, &flags);
    Ok(())
}

fn rows(directory: &Path) -> Result<Vec<Row>, String> {
    let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for name in FILES {
        for line in content(directory, name)?.lines() {
            let row: Value = serde_json::from_str(line).map_err(|error| format!("{name}: {error}"))?;
            let Some(text) = text(&row).filter(|_| row["fold"] == "test" && row["meta"]["weak_label"] != true) else { continue };
            let (kind, source) = (row["kind"].as_str().unwrap_or("?"), row["source"].as_str().unwrap_or("?"));
            let attack = row["label"] == "attack";
            let plain = matches!(row["meta"]["framing"].as_str(), Some("bare" | "polite"));
            let group = match (attack, plain) {
                (true, true) => format!("attack {source}, plain requests"),
                (true, false) => format!("attack {source}"),
                (false, _) => format!("harmless {kind}"),
            };
            // Harmless rows are spread by source, so that none outweighs the others.
            let line = serde_json::json!({ "text": text }).to_string();
            groups.entry(format!("{group} {source}")).or_default().push(Row { group, attack, line });
        }
    }
    let sampled = groups.into_values().flat_map(|rows| {
        let step = rows.len().div_ceil(MOST).max(1);
        rows.into_iter().step_by(step)
    });
    let rows: Vec<Row> = sampled.collect();
    if rows.is_empty() { Err(format!("there is no corpus in {}", directory.display())) } else { Ok(rows) }
}

fn text(row: &Value) -> Option<String> {
    row["text"]
        .as_str()
        .map(str::to_owned)
        .or_else(|| Some(row["tool"].as_object()?).map(|tool| Value::from(tool.clone()).to_string()))
}

fn content(directory: &Path, name: &str) -> Result<String, String> {
    let packed = directory.join(format!("{name}.jsonl.gz"));
    if packed.exists() {
        return shell::output(shell::at_root("gzip").arg("-dc").arg(packed));
    }
    let plain = directory.join(format!("{name}.jsonl"));
    fs::read_to_string(&plain).map_err(|error| format!("cannot read {}: {error}", plain.display()))
}

/// What is missing is installed; what fails is seen when it is asked.
fn install(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    if !folder.join("py/bin/python").exists() {
        say::step("installing detectors from PyPI");
        let _ = shell::run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("py")));
        let _ = shell::run(Command::new(folder.join("py/bin/pip")).args(["install", "-q"]).args(PYTHON));
    }
    if !folder.join("node_modules").exists() {
        say::step("installing detectors from npm");
        let _ = fs::write(folder.join("package.json"), "{\"private\":true}\n");
        let _ = shell::run(Command::new("npm").current_dir(folder).args(["install", "--silent", "--no-audit"]).args(NPM));
    }
    let script = shell::root().join("xtask/src/detectors/peers.mjs");
    fs::copy(script, folder.join("peers.mjs")).map(drop).map_err(|error| error.to_string())
}

/// Gives every row to a program that answers each with a line of JSON, `{"name": flagged}`.
fn ask(what: &str, command: &mut Command, rows: &[Row], flags: &mut Flags) {
    say::step(&format!("asking {what}"));
    let answered = answers(command, rows);
    let lines = answered.as_ref().map_or(0, Vec::len);
    if lines != rows.len() {
        let why = answered.err().unwrap_or_else(|| format!("{lines} answers to {} texts", rows.len()));
        say::problem(&format!("the detectors of {what} are left out: {why}"));
        return;
    }
    for line in answered.into_iter().flatten() {
        for (name, flagged) in line.as_object().into_iter().flatten() {
            flags.entry(name.clone()).or_default().push(flagged == true);
        }
    }
}

fn answers(command: &mut Command, rows: &[Row]) -> Result<Vec<Value>, String> {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let lines: Vec<String> = rows.iter().map(|row| format!("{}\n", row.line)).collect();
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| stdin.write_all(line.as_bytes())));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let _ = writer.join();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}

/// A line a group and one for all attacks but plain requests and one for all harmless texts.
fn table(rows: &[Row], flags: &Flags) {
    let names: Vec<&str> = flags.keys().map(String::as_str).collect();
    say::line(&format!("| texts | count | {} |\n|---|---|{}", names.join(" | "), "---|".repeat(names.len())));
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        groups.entry(&row.group).or_default().push(index);
        let all = if row.attack { "~ all attacks, plain requests apart" } else { "~ all harmless" };
        if !row.group.ends_with("plain requests") {
            groups.entry(all).or_default().push(index);
        }
    }
    for (group, indices) in groups.iter().filter(|(_, indices)| indices.len() >= FEWEST) {
        let shares = names.iter().map(|name| share(flags.get(*name).map_or(&[][..], Vec::as_slice), indices));
        say::line(&format!(
            "| {} | {} | {} |",
            group.trim_start_matches("~ "),
            indices.len(),
            shares.collect::<Vec<_>>().join(" | ")
        ));
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn share(flags: &[bool], indices: &[usize]) -> String {
    let flagged = indices.iter().filter(|index| flags.get(**index) == Some(&true)).count();
    format!("{:.1}%", 100.0 * flagged as f64 / indices.len().max(1) as f64)
}
