//! `bailiwick effects`: the first half of the line alone: a command's effects, resolved, judged by nobody. Reads the
//! disk, touches nothing.

use std::io::BufRead as _;
use std::path::PathBuf;

use bailiwick_effect::resolve::resolve;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::Effect;
use bailiwick_vocab::map::Map;
use serde_json::{Value, json};

use crate::disk::Disk;
use crate::failure::{Failure, Kind};
use crate::reading::effects;
use crate::terminal;

/// Show what a command may do; touches nothing
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick effects -- 'find . -name \"*.o\" -delete && git push --force'")]
pub struct Arguments {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
    /// Read one {"command":…,"cwd":…} a line from standard input, answer one {"effects":[…]} a line
    #[arg(long, conflicts_with_all = ["json", "command"])]
    jsonl: bool,
    /// The directory the command would run in [default: here]
    #[arg(long, value_name = "DIR")]
    cwd: Option<PathBuf>,
    /// The command line; several words are taken as they are
    #[arg(last = true, required_unless_present = "jsonl")]
    command: Vec<String>,
}

/// Prints the effects.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let cwd = arguments.cwd.as_ref().map_or(here.clone(), |cwd| here.join(cwd)).to_string_lossy().into_owned();
    if arguments.jsonl {
        return stream(&cwd);
    }
    let command = match arguments.command.as_slice() {
        [one] => one.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let found = of_command(&command, &cwd);
    if arguments.json {
        return terminal::json(&json!({ "effects": found }));
    }
    if found.is_empty() {
        return terminal::line("nothing that matters");
    }
    found.iter().try_for_each(|effect| terminal::line(&describe(effect)))
}

fn stream(cwd: &str) -> Result<(), Failure> {
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| Failure::new(Kind::Environment, "the commands cannot be read").because(error))?;
        if line.trim().is_empty() {
            continue;
        }
        terminal::json(&answer(&line, cwd))?;
    }
    Ok(())
}

fn answer(line: &str, cwd: &str) -> Value {
    let asked: Value = match serde_json::from_str(line) {
        Ok(asked) => asked,
        Err(error) => return json!({ "error": error.to_string(), "effects": [{ "act": "opaque", "cause": "unparsed" }] }),
    };
    let cwd = asked.get("cwd").and_then(Value::as_str).unwrap_or(cwd);
    match asked.get("command").and_then(Value::as_str) {
        Some(command) => json!({ "effects": of_command(command, cwd) }),
        None => json!({ "error": "no \"command\"", "effects": [{ "act": "opaque", "cause": "unparsed" }] }),
    }
}

fn of_command(command: &str, cwd: &str) -> Vec<Effect> {
    let call = ToolCall {
        id: String::new(),
        tool: "shell".to_owned(),
        request: Request::Shell { command: command.to_owned(), shell: Shell::Bash, background: false, unseen_input: false },
        input: Value::Null,
    };
    let disk = Disk::default();
    resolve(effects(&call, cwd, &Map::default(), &disk), cwd, &disk)
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// One effect as one line for people.
pub fn describe(effect: &Effect) -> String {
    crate::words::effect(effect)
}
