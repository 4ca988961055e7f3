//! Chores. In: the name of one. Out: its work done and said, exit code 0, or what is wrong and 1 (2 for a wrong name).
//!
//! Nothing here is shipped; nothing shipped depends on it.

mod agentdojo;
mod agents;
mod bench;
mod corpora;
mod detect_eval;
mod detectors;
mod fuzz;
mod install;
mod measurements;
mod outcomes;
mod peers;
mod picture;
mod say;
mod shell;
mod soundness;
mod test;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask CHORE

  test               formatting, clippy, tidy, all tests with the real agents; installs what it needs
  tidy               the rules of layout alone
  claude             installs the Claude Code that the tests run, below the target directory
  agents [NAME]      installs the other agents that the tests run, or one of them
  bench [--write]    measures, prints a table; --write puts it into docs/measurements.md
  bench wall FILE    what the wall costs, by this binary, beside plain commands and other sandboxes
  corpora DIRECTORY [--list-asked N] [--list-allowed N] [--write]
                     what the default policy says to a corpus of commands, by source
  detect-eval --data DIRECTORY [--write | --missed N SOURCE | --flagged N SOURCE]
                     what the rules of detection flag of a corpus of texts, by source, and how fast
  outcomes --data DIRECTORY [--write]
                     what the usual policy does with texts of a corpus that a tool gives back
  agentdojo [SUITE…] [--write]
                     AgentDojo's ground truth through `bailiwick judge` with a drafted map and the preset `assistant`
  detectors --data DIRECTORY
                     the detectors of others that run offline beside ours, on the same texts, by source
  picture [--check]  renders docs/try.svg from the real output of `bailiwick try`
  peers [FILE [STEP]] the hooks of others beside ours, on the same commands (or on every STEPth row of a JSONL file)
  fuzz [MINUTES]     each fuzz target for so long (default 10)
  soundness [...]    runs commands under strace in throw-away worlds and compares with the declared effects; with --walled
                     what the wall saw of them; see `cargo xtask soundness --help`
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => test::run(),
        ["tidy"] => tidy::run(),
        ["claude"] => install::claude().map(|path| say::line(&path.display().to_string())),
        ["agents"] => agents::install_all(),
        ["agents", name] => agents::install(name),
        ["bench"] => bench::run(false),
        ["bench", "--write"] => bench::run(true),
        ["bench", "wall", binary] => bench::wall(std::path::Path::new(binary)),
        ["corpora", directory, rest @ ..] => match corpora::wishes(rest) {
            Some(wishes) => corpora::run(directory, wishes),
            None => Err("corpora takes a directory, --list-asked N, --list-allowed N, --write".to_owned()),
        },
        ["detectors", "--data", directory] => detectors::run(directory),
        ["detect-eval", "--data", directory, rest @ ..] => detect_eval::run(directory, rest),
        ["outcomes", "--data", directory] => outcomes::run(directory, false),
        ["outcomes", "--data", directory, "--write"] => outcomes::run(directory, true),
        ["agentdojo", rest @ ..] => agentdojo::run(rest),
        ["picture"] => picture::write(),
        ["picture", "--check"] => picture::check(),
        ["peers"] => peers::run(None, 1),
        ["peers", file] => peers::run(Some(file), 1),
        ["peers", file, step] => peers::run(Some(file), step.parse().unwrap_or(1)),
        ["fuzz"] => fuzz::run("10"),
        ["fuzz", minutes] => fuzz::run(minutes),
        ["soundness", arguments @ ..] => soundness::run(arguments),
        [] | ["help" | "--help" | "-h"] => {
            say::line(USAGE);
            return ExitCode::SUCCESS;
        }
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
