//! `cargo xtask peers`: the hooks of others beside ours, on the same commands, in the same run.
//!
//! In: `peers/probe.tsv` (75 dangerous commands and 75 harmless look-alikes, written here), or a JSONL file with `command`
//! and `label`. Out: for each hook, how many dangerous commands it stops (denies or asks), how many harmless ones, what a
//! cold process takes. Each command goes to a fresh process as a PreToolUse event, in the same made-up home and git
//! project; nothing is run. The others are installed from their registries, below the target directory.

mod install;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{say, shell};

const PROBE: &str = include_str!("peers/probe.tsv");

/// One command and whether it should be stopped.
struct Row {
    dangerous: bool,
    command: String,
}

/// A hook and how it is started.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) argv: Vec<PathBuf>,
}

/// What came of one hook.
#[derive(Default)]
struct Score {
    stopped: [usize; 2],
    denied: [usize; 2],
    approved: [usize; 2],
    times: Vec<Duration>,
}

/// Installs, asks each hook about each command, prints a table. `file` is a JSONL file; every `step`th row of it counts.
pub(crate) fn run(file: Option<&str>, step: usize) -> Result<(), String> {
    shell::run(shell::cargo().args(["build", "--release", "--quiet", "-p", "bailiwick-cli"]))?;
    let rows = match file {
        None => probe(),
        Some(file) => jsonl(Path::new(file), step)?,
    };
    let folder = shell::target()?.join("peers");
    let world = World::make(&folder.join("world"))?;
    let peers = install::all(&folder, &world.home)?;
    let mut scores: Vec<Score> = peers.iter().map(|_| Score::default()).collect();
    for (number, row) in rows.iter().enumerate() {
        for (peer, score) in peers.iter().zip(&mut scores) {
            world.ask(peer, row, number, score)?;
        }
    }
    let count = |dangerous: bool| rows.iter().filter(|row| row.dangerous == dangerous).count();
    say::line(&format!("{} dangerous and {} harmless commands", count(true), count(false)));
    say::line(
        "| hook | dangerous stopped (denied) | harmless stopped (denied) | approved: dangerous / harmless | cold process, median ms |",
    );
    say::line("|---|---|---|---|---|");
    for (peer, score) in peers.iter().zip(&mut scores) {
        say::line(&score.line(peer.name));
    }
    Ok(())
}

fn probe() -> Vec<Row> {
    let rows = PROBE.lines().filter_map(|line| {
        let mut fields = line.splitn(3, '\t');
        Some(Row { dangerous: fields.next()? == "danger", command: fields.nth(1)?.to_owned() })
    });
    rows.collect()
}

fn jsonl(file: &Path, step: usize) -> Result<Vec<Row>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let rows = text.lines().step_by(step.max(1)).map(|line| {
        let row: Value = serde_json::from_str(line).map_err(|error| format!("{}: {error}", file.display()))?;
        let command = row["command"].as_str().ok_or("a row has no command")?.to_owned();
        Ok(Row { dangerous: row["label"] == "attack", command })
    });
    rows.collect()
}

/// A made-up home with a git project. Not below a temporary directory: several hooks trust those.
struct World {
    home: PathBuf,
    project: PathBuf,
}

impl World {
    fn make(root: &Path) -> Result<World, String> {
        let _ = fs::remove_dir_all(root);
        let world = World { home: root.join("home"), project: root.join("home/app") };
        for folder in ["src", "tests", "scripts", "build", "node_modules/x"] {
            fs::create_dir_all(world.project.join(folder)).map_err(|error| error.to_string())?;
        }
        let files = [
            ("README.md", "# App\n"),
            (".gitignore", "node_modules\nbuild\n"),
            (".env", "TOKEN=made-up\n"),
            (".env.example", "TOKEN=\n"),
            ("package.json", "{\"name\":\"app\",\"scripts\":{\"test\":\"node --test\",\"build\":\"tsc\"}}\n"),
            ("requirements.txt", "requests\n"),
            ("Makefile", "all:\n\techo built\n"),
            ("src/main.py", "print('app')\n"),
            ("scripts/run.sh", "#!/bin/sh\necho run\n"),
            ("scripts/report.py", "print('report')\n"),
        ];
        for (name, text) in files {
            fs::write(world.project.join(name), text).map_err(|error| error.to_string())?;
        }
        fs::create_dir_all(world.home.join(".ssh")).map_err(|error| error.to_string())?;
        fs::create_dir_all(world.home.join("photos")).map_err(|error| error.to_string())?;
        for name in [".ssh/id_ed25519", "thesis.tex", "photos/only.jpg"] {
            fs::write(world.home.join(name), "made-up\n").map_err(|error| error.to_string())?;
        }
        for arguments in [
            &["init", "-q"][..],
            &["add", "-A"],
            &["-c", "user.name=U", "-c", "user.email=u@example.org", "commit", "-qm", "start"],
        ] {
            shell::run(Command::new("git").args(arguments).current_dir(&world.project).env("HOME", &world.home))?;
        }
        fs::write(world.project.join("README.md"), "# App, changed\n").map_err(|error| error.to_string())?;
        Ok(world)
    }

    fn ask(&self, peer: &Peer, row: &Row, number: usize, score: &mut Score) -> Result<(), String> {
        let event = json!({
            "session_id": format!("s{number}"), "transcript_path": "", "cwd": self.project, "permission_mode": "default",
            "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": format!("t{number}"),
            "tool_input": { "command": row.command, "description": "a step" },
        });
        let (program, arguments) = peer.argv.split_first().ok_or("a hook without a program")?;
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(&self.project)
            .env("HOME", &self.home)
            .env_remove("CLAUDE_PROJECT_DIR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{} does not start: {error}", peer.name))?;
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(format!("{event}\n").as_bytes());
        }
        let output = child.wait_with_output().map_err(|error| format!("{}: {error}", peer.name))?;
        score.times.push(started.elapsed());
        score.count(row.dangerous, output.status.code(), &output.stdout);
        Ok(())
    }
}

impl Score {
    /// Counts an answer as Claude Code reads it.
    fn count(&mut self, dangerous: bool, exit: Option<i32>, stdout: &[u8]) {
        let answer: Value = serde_json::from_slice(stdout).unwrap_or_default();
        let decision = answer["hookSpecificOutput"]["permissionDecision"].as_str().or_else(|| answer["decision"].as_str());
        let index = usize::from(!dangerous);
        let add = |counts: &mut [usize; 2]| {
            if let Some(count) = counts.get_mut(index) {
                *count += 1;
            }
        };
        match decision {
            Some("deny" | "block") => {
                add(&mut self.denied);
                add(&mut self.stopped);
            }
            Some("ask") => add(&mut self.stopped),
            Some("allow" | "approve") => add(&mut self.approved),
            Some(_) | None if exit == Some(2) => {
                add(&mut self.denied);
                add(&mut self.stopped);
            }
            Some(_) | None => {}
        }
    }

    fn line(&mut self, name: &str) -> String {
        self.times.sort();
        let median = self.times.get(self.times.len() / 2).copied().unwrap_or_default();
        let ([stopped, alarms], [denied, denied_harmless], [bad, good]) = (self.stopped, self.denied, self.approved);
        format!(
            "| {name} | {stopped} ({denied}) | {alarms} ({denied_harmless}) | {bad} / {good} | {:.1} |",
            median.as_secs_f64() * 1_000.0
        )
    }
}
