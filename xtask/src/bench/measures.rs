//! The measurements themselves. In: the binary and an empty folder. Out: rows. A process that answers wrongly is an
//! error: a fast wrong answer is no figure.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::table::{Row, time};
use crate::shell;

/// Cold starts measured, each beside one bare start.
const STARTS: usize = 150;
/// Calls given to `judge` at once.
const CALLS: usize = 4000;
/// Commands given to `effects`.
const COMMANDS: usize = 6000;
/// Bare writes made durable.
const SYNCS: usize = 400;
/// About the length of a ledger entry, in bytes.
const ENTRY_BYTES: usize = 700;

/// What agents ask for most, of one effect and of several.
const SHAPES: &[&str] =
    &["ls -la src", "git status", "cat README.md", "grep -rn main src", "cargo test 2>&1 | tail -20", "cd src && wc -l *.rs"];

/// All of them.
pub(crate) fn all(binary: &Path, scratch: &Path) -> Result<Vec<Row>, String> {
    let sync = syncs(scratch)?;
    let mut rows = vec![bare("append of one entry's length with fdatasync, median", sync)];
    rows.extend(starts(binary, scratch, sync)?);
    rows.push(judged(binary, &scratch.join("state"), sync)?);
    rows.extend(in_memory(binary)?);
    rows.extend(in_process()?);
    rows.push(analysed(binary, scratch)?);
    Ok(rows)
}

fn bare(figure: &str, value: Duration) -> Row {
    Row { figure: figure.to_owned(), value: time(value), against: String::new(), goal: String::new() }
}

/// The median of appending and syncing.
fn syncs(scratch: &Path) -> Result<Duration, String> {
    let failed = |error: std::io::Error| format!("bare fdatasync: {error}");
    let mut file = File::create(scratch.join("bare")).map_err(failed)?;
    let entry = vec![b'x'; ENTRY_BYTES];
    let mut times = Vec::new();
    for _ in 0..SYNCS {
        let started = Instant::now();
        file.write_all(&entry).map_err(failed)?;
        file.sync_data().map_err(failed)?;
        times.push(started.elapsed());
    }
    Ok(median(times))
}

pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Cold hooks and `/bin/true` by turns.
fn starts(binary: &Path, scratch: &Path, sync: Duration) -> Result<Vec<Row>, String> {
    let home = scratch.join("home");
    let project = home.join("project");
    fs::create_dir_all(project.join(".git")).map_err(|error| format!("cannot make {}: {error}", project.display()))?;
    let (mut hooks, mut trues) = (Vec::new(), Vec::new());
    for number in 0..STARTS {
        let (spent, said) = hook(binary, &home, &project, number)?;
        hooks.push(spent);
        if serde_json::from_str::<Value>(&said).is_err() {
            return Err(format!("the hook said no JSON object: {said:?}"));
        }
        trues.push(timed(&mut Command::new("/bin/true"), "")?.0);
    }
    let (hook, bare_start) = (median(hooks), median(trues));
    let peak = peak_memory(binary, &home, &project)?;
    Ok(vec![
        bare("start of /bin/true, median", bare_start),
        Row {
            figure: "cold `bailiwick hook claude-code`, durable record included, median".to_owned(),
            value: time(hook),
            against: format!(
                "{} of /bin/true, {} of /bin/true + one fdatasync",
                ratio(hook, bare_start),
                ratio(hook, bare_start + sync)
            ),
            goal: "≤ 10 ms on an idle core".to_owned(),
        },
        Row {
            figure: "memory of that hook, most resident".to_owned(),
            value: format!("{:.1} MB", peak / 1e6),
            against: String::new(),
            goal: "< 20 MB".to_owned(),
        },
    ])
}

/// The most memory that one more hook holds, in bytes, as GNU time tells it.
fn peak_memory(binary: &Path, home: &Path, project: &Path) -> Result<f64, String> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%M"]).arg(binary).args(["hook", "claude-code"]).current_dir(project).env("HOME", home);
    command.env_remove("XDG_STATE_HOME").env_remove("XDG_CONFIG_HOME");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let needed = |error: std::io::Error| format!("/usr/bin/time: {error}; install it with `apt-get install time`");
    let mut child = command.spawn().map_err(needed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(event(project, STARTS).as_bytes()).map_err(needed)?;
    }
    let output = child.wait_with_output().map_err(needed)?;
    let told = String::from_utf8_lossy(&output.stderr);
    let kibibytes: f64 =
        told.trim().lines().last().unwrap_or_default().parse().map_err(|_| format!("/usr/bin/time said {told:?}"))?;
    Ok(kibibytes * 1024.0)
}

/// A call as the agent reports it.
fn event(project: &Path, number: usize) -> String {
    let event = json!({"session_id": "bench", "cwd": project, "permission_mode": "default", "hook_event_name": "PreToolUse",
        "tool_name": "Bash", "tool_input": {"command": "ls -la"}, "tool_use_id": format!("call-{number}"), "transcript_path": "/dev/null"});
    format!("{event}\n")
}

fn hook(binary: &Path, home: &Path, project: &Path, number: usize) -> Result<(Duration, String), String> {
    let mut command = Command::new(binary);
    command
        .args(["hook", "claude-code"])
        .current_dir(project)
        .env("HOME", home)
        .env_remove("XDG_STATE_HOME")
        .env_remove("XDG_CONFIG_HOME");
    timed(&mut command, &event(project, number))
}

/// From start to end of a process, and what it wrote.
pub(super) fn timed(command: &mut Command, input: &str) -> Result<(Duration, String), String> {
    let failed = |error: std::io::Error| format!("cannot run a measured process: {error}");
    let started = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A process that reads nothing (`true`) may be gone already.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(failed)?;
    let spent = started.elapsed();
    if !output.status.success() {
        return Err(format!("a measured process ended with {}", output.status));
    }
    Ok((spent, String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// `judge` with its ledger on a disk.
fn judged(binary: &Path, state: &Path, sync: Duration) -> Result<Row, String> {
    let each = judge(binary, state, "ls -la")?;
    Ok(Row {
        figure: format!("`bailiwick judge`, {CALLS} calls given at once, durable"),
        value: format!("{:.0} calls/s", 1.0 / each.as_secs_f64()),
        against: format!("{} of one fdatasync a call", ratio(each, sync)),
        goal: "≥ 2,000 calls/s".to_owned(),
    })
}

/// The line without a disk: `judge` with its ledger in memory, so that fdatasync costs nothing.
fn in_memory(binary: &Path) -> Result<Option<Row>, String> {
    let memory = Path::new("/dev/shm");
    if !memory.is_dir() {
        return Ok(None);
    }
    let state = memory.join(format!("bailiwick-bench-{}", std::process::id()));
    let each = judge(binary, &state, "ls");
    let _ = fs::remove_dir_all(&state);
    Ok(Some(Row {
        figure: "one call of one effect through `judge`, ledger in memory, JSON in and out included".to_owned(),
        value: time(each?),
        against: String::new(),
        goal: "≤ 150 µs without JSON and ledger".to_owned(),
    }))
}

/// Time a call takes when all are given at once.
fn judge(binary: &Path, state: &Path, command: &str) -> Result<Duration, String> {
    fs::create_dir_all(state).map_err(|error| format!("cannot make {}: {error}", state.display()))?;
    let calls: Vec<String> = (0..CALLS)
        .map(|number| json!({"event": "call", "session": "bench", "id": format!("c{number}"), "tool": "Bash", "input": {"command": command}, "cwd": state}).to_string())
        .collect();
    let (spent, answers) = fed(Command::new(binary).arg("judge").arg("--state").arg(state), calls)?;
    let wrong =
        answers.iter().find(|answer| serde_json::from_str::<Value>(answer).is_ok_and(|answer| answer["verdict"].is_null()));
    if let Some(wrong) = wrong {
        return Err(format!("judge answered without a verdict: {wrong}"));
    }
    per(spent, answers.len(), CALLS)
}

/// `effects --jsonl` over common commands.
fn analysed(binary: &Path, scratch: &Path) -> Result<Row, String> {
    let lines = SHAPES.iter().cycle().take(COMMANDS).map(|command| json!({"command": command, "cwd": scratch}).to_string());
    let (spent, answers) = fed(Command::new(binary).args(["effects", "--jsonl"]), lines.collect())?;
    Ok(Row {
        figure: "effects of one command through `effects --jsonl`, mean, JSON in and out included".to_owned(),
        value: time(per(spent, answers.len(), COMMANDS)?),
        against: String::new(),
        goal: "≤ 60 µs at the median without JSON".to_owned(),
    })
}

/// What the bench of crate guard prints, by name, with the figure's words and goal.
const IN_PROCESS: &[(&str, &str, &str)] = &[
    ("effects-of-one-command", "effects of one command, in-process, median (99th percentile)", "≤ 60 µs"),
    (
        "line-one-effect",
        "the line for one call of one effect, in-process, without the ledger, median (99th percentile)",
        "≤ 150 µs",
    ),
    ("line-shell-command", "the line for one shell command, in-process, without the ledger, median (99th percentile)", ""),
];

/// `NAME MEDIAN_US P99_US` lines of `cargo bench -p bailiwick-guard`.
fn in_process() -> Result<Vec<Row>, String> {
    let text = shell::output(shell::cargo().args(["bench", "--quiet", "-p", "bailiwick-guard", "--bench", "line"]))?;
    IN_PROCESS.iter().map(|(name, figure, goal)| row_of(&text, name, figure, goal)).collect()
}

fn row_of(text: &str, name: &str, figure: &str, goal: &str) -> Result<Row, String> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let numbers: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
    let [median, last] = numbers.as_slice() else {
        return Err(format!("the bench of crate guard prints no {name}"));
    };
    Ok(Row {
        figure: figure.to_owned(),
        value: format!("{median} µs ({last} µs)"),
        against: String::new(),
        goal: goal.to_owned(),
    })
}

/// Gives lines to a process and takes as many back; the time runs from the first line in to the last line out.
fn fed(command: &mut Command, lines: Vec<String>) -> Result<(Duration, Vec<String>), String> {
    let failed = |error: std::io::Error| format!("cannot run a measured process: {error}");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().map_err(failed)?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("a measured process without pipes".to_owned());
    };
    let started = Instant::now();
    let feeder = thread::spawn(move || lines.iter().try_for_each(|line| writeln!(stdin, "{line}")));
    let answers: Vec<String> = BufReader::new(stdout).lines().map_while(Result::ok).collect();
    let spent = started.elapsed();
    let fed = feeder.join().map_err(|_| "the feeding thread panicked".to_owned())?;
    fed.map_err(failed)?;
    child.wait().map_err(failed)?;
    Ok((spent, answers))
}

fn per(spent: Duration, answers: usize, asked: usize) -> Result<Duration, String> {
    let count = u32::try_from(asked).unwrap_or(u32::MAX).max(1);
    if answers == asked { Ok(spent / count) } else { Err(format!("{answers} answers to {asked} questions")) }
}

pub(super) fn ratio(one: Duration, other: Duration) -> String {
    format!("{:.1} ×", one.as_secs_f64() / other.as_secs_f64().max(1e-9))
}
