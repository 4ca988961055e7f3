//! The inside of a throw-away world: builds it, then takes commands from standard input, one JSON object a line, and
//! answers each with its outcome.
//!
//! Between commands the homes and temporary folders are made anew. Where a command touched more, the outcome says that
//! this lane is used up.

use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use bailiwick_effect::effects::effects;
use bailiwick_effect::resolve::resolve;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::Effect;
use bailiwick_vocab::map::Map;

use crate::cage::Job;
use crate::disk::Disk;
use crate::judge::{self, Outcome};
use crate::trace::{Act, Done};
use crate::tree::{Tree, empty};
use crate::{props, run, say, seed, trace};

/// Folders that are emptied after each command that wrote.
const FRESH: &[&str] = &["/home", "/tmp", "/var/tmp", "/dev/shm"];

/// Serves until standard input ends.
pub(crate) fn serve(ground: &str) -> ExitCode {
    let homes = match enter(Path::new(ground)) {
        Ok(homes) => homes,
        Err(problem) => {
            say::problem(&format!("no throw-away world: {problem}"));
            return ExitCode::from(4);
        }
    };
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(job) = serde_json::from_str::<Job>(&line) else { return ExitCode::from(70) };
        let outcome = one(&job, &homes);
        let Ok(reply) = serde_json::to_string(&outcome) else { return ExitCode::from(70) };
        say::line(&reply);
        if outcome.dirty || outcome.broken {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Goes into a new world and fills it.
fn enter(ground: &Path) -> Result<Tree, String> {
    // The first to go when memory runs short.
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
    let homes = seed::homes(&ground.join("project")).map_err(|error| format!("cannot read the project: {error}"))?;
    let root = ground.join("root");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(include_str!("cage.sh")).arg("cage.sh").arg(&root).stdin(Stdio::null()).stdout(Stdio::null());
    let status = shell.status().map_err(|error| format!("cannot start sh: {error}"))?;
    if !status.success() {
        return Err(format!("building its walls ended with {status}"));
    }
    // Not one step without the walls.
    if ground.exists() || fs::exists("/old").unwrap_or(true) || std::process::id() != 1 {
        return Err("its walls are not where they should be".to_owned());
    }
    homes.write(Path::new("/home")).map_err(|error| format!("cannot write the home: {error}"))?;
    Ok(homes)
}

fn one(job: &Job, homes: &Tree) -> Outcome {
    let mut declared = declared(&job.command);
    let props = props::make(&declared, &job.command);
    if props.any() {
        declared = self::declared(&job.command);
    }
    let ran = match run::run(&job.command, job.seconds) {
        Ok(ran) => ran,
        Err(problem) => return Outcome::broken(&problem),
    };
    let Some(acts) = trace::read(&ran.log, &job.command, seed::PROJECT) else {
        return Outcome::broken(&format!("the command's start is not in the log: {}", ran.said.trim()));
    };
    let mut outcome = judge::judge(&job.command, &declared, &acts, &ran);
    outcome.dirty = ran.cut || props.outside || acts.iter().any(outside);
    let wrote = ran.exit.is_none() || acts.iter().any(|act| matches!(act.deed, Done::Path { .. } | Done::Local(_)));
    if (wrote || props.any()) && !outcome.dirty {
        outcome.dirty = renew(homes).is_err();
    }
    outcome
}

fn declared(command: &str) -> Vec<Effect> {
    let request = Request::Shell { command: command.to_owned(), shell: Shell::Bash, background: false, unseen_input: false };
    let call = ToolCall { id: String::new(), tool: "Bash".to_owned(), request, input: serde_json::Value::Null };
    resolve(effects(&call, seed::PROJECT, &Map::default(), &Disk), seed::PROJECT, &Disk)
}

fn renew(homes: &Tree) -> std::io::Result<()> {
    for folder in FRESH {
        empty(Path::new(folder))?;
    }
    homes.write(Path::new("/home"))
}

/// Whether an act changed what is not made anew.
fn outside(act: &Act) -> bool {
    let Done::Path { path, .. } = &act.deed else { return false };
    let kept = |place: &&str| path.strip_prefix(*place).is_some_and(|rest| rest.starts_with('/'));
    !act.refused && !path.starts_with("/proc/") && !path.starts_with("/dev/") && !FRESH.iter().any(kept)
        || (path.starts_with("/dev/") && path.matches('/').count() == 2 && !is_device(path))
}

fn is_device(path: &str) -> bool {
    ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/ptmx"]
        .contains(&path)
}
