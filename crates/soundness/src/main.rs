//! `cargo xtask soundness`: commands in, for each of them whether what it really did lies within the effects that
//! `bailiwick-effect` declares for it.
//!
//! Every command runs under strace in a throw-away world ([`cage`]), or as users run it ([`walled`]). Nothing of this is
//! shipped.

mod cage;
mod corpus;
mod declared;
mod disk;
mod filters;
mod judge;
mod lane;
mod props;
mod report;
mod run;
mod say;
mod seed;
mod trace;
mod tree;
mod walled;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask soundness [OPTIONS]

  --corpus PATH   JSON lines with a `command` each, also .gz; without it the sample that is kept here
  --count N       so many of them, evenly spread
  --command TEXT  this one command, with all that was declared and seen
  --seconds N     how long a command may run (default 3)
  --lanes N       how many run at once (default 2)
  --walled GUARD  through the hook and behind the wall of this binary, instead of under strace (the chore builds it)
  --json          one line of JSON for each command
";

/// Commands of the sample that must find their programs: what it holds of coreutils, bash and git.
const LEAST_RUNNABLE: usize = 200;

/// What was asked for.
#[derive(Debug)]
struct Asked {
    corpus: Option<PathBuf>,
    count: Option<usize>,
    command: Option<String>,
    seconds: u64,
    lanes: usize,
    json: bool,
    walled: Option<PathBuf>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "lane") {
        return lane::serve(words.get(1).map_or("", String::as_str));
    }
    let done = match asked(&words) {
        Some(asked) => soundness(&asked),
        None => {
            say::problem(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            say::problem(&format!("failed: {problem}"));
            ExitCode::from(4)
        }
    }
}

fn asked(words: &[String]) -> Option<Asked> {
    let mut asked = Asked { corpus: None, count: None, command: None, seconds: 3, lanes: 2, json: false, walled: None };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--corpus" => asked.corpus = Some(PathBuf::from(words.next()?)),
            "--count" => asked.count = Some(words.next()?.parse().ok()?),
            "--command" => asked.command = Some(words.next()?.clone()),
            "--seconds" => asked.seconds = words.next()?.parse().ok().filter(|seconds| *seconds > 0)?,
            "--lanes" => asked.lanes = words.next()?.parse().ok().filter(|lanes| *lanes > 0)?,
            "--json" => asked.json = true,
            "--walled" => asked.walled = Some(PathBuf::from(words.next()?)),
            "--help" => return None,
            _ => return None,
        }
    }
    Some(asked)
}

/// Runs them behind the wall. The answer is whether nothing was missed.
fn walled(guard: &Path, commands: &[corpus::Row], asked: &Asked) -> Result<bool, String> {
    let results = walled::run_all(guard, commands, asked.seconds)?;
    if asked.json {
        results.iter().for_each(|(row, outcome)| report::json(row, outcome));
    }
    if asked.command.is_some() {
        report::whole(&results);
    } else {
        report::refused(&walled::refusals(&results), asked.json);
        report::summary(&results, asked.json, "behind the wall");
    }
    let passed = results.iter().filter(|(_, outcome)| outcome.idle != walled::HELD_BACK).count();
    let ran = results.iter().filter(|(_, outcome)| outcome.idle.is_empty()).count();
    if 4 * ran < passed || passed == 0 {
        return Err(format!("only {ran} of {passed} commands that were let run did: that shows little"));
    }
    Ok(results.iter().all(|(_, outcome)| outcome.misses.is_empty() && !outcome.broken))
}

/// Runs them all. The answer is whether nothing was missed.
fn soundness(asked: &Asked) -> Result<bool, String> {
    let commands = match (&asked.command, &asked.corpus) {
        (Some(command), _) => vec![corpus::Row { command: command.clone(), ..corpus::Row::default() }],
        (None, Some(path)) => corpus::read(path, asked.count)?,
        (None, None) => corpus::sample(asked.count)?,
    };
    if let Some(guard) = &asked.walled {
        return walled(guard, &commands, asked);
    }
    let ground = cage::Ground::prepare()?;
    let results = cage::run_all(&ground, &commands, asked.lanes, asked.seconds, &|row, outcome| {
        if asked.json {
            report::json(row, outcome);
        }
    })?;
    if asked.command.is_some() {
        report::whole(&results);
    } else {
        report::summary(&results, asked.json, ground.memory());
    }
    if asked.corpus.is_none() && asked.count.is_none() && asked.command.is_none() {
        let ran = results.iter().filter(|(_, outcome)| outcome.idle.is_empty()).count();
        if ran < LEAST_RUNNABLE {
            return Err(format!(
                "only {ran} commands of the sample can run here, {LEAST_RUNNABLE} are the least that show anything"
            ));
        }
    }
    Ok(results.iter().all(|(_, outcome)| outcome.misses.is_empty() && !outcome.broken))
}
