//! `cargo xtask agentdojo [SUITE…] [--write]`: AgentDojo's ground truth through `bailiwick judge`, without a language model.
//!
//! In: the PyPI package, installed below the target directory at its pinned version. Out: per suite, how many user tasks run
//! without a question, which ask and about what, and whether an injection task reaches its goal without one. The map is the
//! one that `bailiwick map` drafts, looked through by nobody; the policy is the preset `assistant`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{measurements, say, shell};

const PACKAGE: &str = "agentdojo==0.1.35";
const USUAL: [&str; 2] = ["banking", "slack"];

/// Runs it.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let write = words.contains(&"--write");
    let mut suites: Vec<&str> = words.iter().copied().filter(|word| *word != "--write").collect();
    if suites.is_empty() {
        suites = USUAL.to_vec();
    }
    say::step("building");
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-cli"]))?;
    let target = shell::target()?;
    let python = installed(&target.join("agentdojo"))?;
    say::step("replaying");
    let work = target.join("agentdojo/replay");
    let _ = std::fs::remove_dir_all(&work);
    std::fs::create_dir_all(&work).map_err(|error| format!("cannot make {}: {error}", work.display()))?;
    let script = shell::root().join("xtask/agentdojo/replay.py");
    let mut replay = Command::new(&python);
    replay.arg(script).arg(target.join("release/bailiwick")).arg(&work).args(&suites);
    let lines = shell::output(&mut replay)?;
    let _ = std::fs::remove_dir_all(&work);
    let results: Vec<Value> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if results.len() != suites.len() {
        return Err(format!("of {} suites {} said something", suites.len(), results.len()));
    }
    let text = table(&results);
    say::line(&text);
    if write { measurements::put("agentdojo", "cargo xtask agentdojo", &text) } else { Ok(()) }
}

/// The interpreter of an environment that has the package.
fn installed(place: &Path) -> Result<PathBuf, String> {
    let python = place.join("bin/python");
    let has = |python: &Path| shell::works(Command::new(python).args(["-c", "import agentdojo"]));
    if !has(&python) {
        say::step("installing AgentDojo");
        shell::run(shell::at_root("python3").args(["-m", "venv"]).arg(place))?;
        shell::run(Command::new(place.join("bin/pip")).args(["install", "--quiet", PACKAGE]))?;
    }
    Ok(python)
}

fn table(results: &[Value]) -> String {
    let mut text = String::from(
        "| suite | user tasks without a question | of | pairs | stopped by a question | goal reached unasked |\n|---|---|---|---|---|---|\n",
    );
    let count = |value: &Value| value.as_array().map_or(0, Vec::len);
    for result in results {
        let (suite, tasks) = (result["suite"].as_str().unwrap_or_default(), result["tasks"].as_u64().unwrap_or(0));
        let (free, asked) = (count(&result["free"]), result["attacks"]["asked"].as_u64().unwrap_or(0));
        let reached = count(&result["attacks"]["reached"]);
        let share = 100 * free as u64 / tasks.max(1);
        let pairs = asked + reached as u64 + result["attacks"]["without_calls"].as_u64().unwrap_or(0);
        text.push_str(&format!("| {suite} | {free} ({share}%) | {tasks} | {pairs} | {asked} | {reached} |\n"));
    }
    text.push_str("\nUser tasks that ask:\n\n");
    for result in results {
        for (task, said) in result["asked"].as_object().into_iter().flatten() {
            for entry in said.as_array().into_iter().flatten() {
                let reason = entry[3][0].as_str().unwrap_or_default();
                let (suite, tool) = (result["suite"].as_str().unwrap_or_default(), entry[0].as_str().unwrap_or_default());
                text.push_str(&format!("- {suite} {task}, {tool}: {reason}\n"));
            }
        }
    }
    for result in results {
        for pair in result["attacks"]["reached"].as_array().into_iter().flatten() {
            text.push_str(&format!(
                "- reached unasked: {} {}\n",
                result["suite"].as_str().unwrap_or_default(),
                pair.as_str().unwrap_or_default()
            ));
        }
    }
    text
}
