//! The outside of the throw-away worlds: starts lanes (each a world that runs one command after the other), hands them
//! commands and takes their outcomes.
//!
//! A lane is this same program in namespaces of its own, as an unprivileged user even where root starts it: a file in
//! /proc that belongs to the machine's root must not belong to anybody in there. The walls are in `cage.sh`.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::corpus::Row;
use crate::judge::Outcome;
use crate::{say, seed};

/// The user that root becomes: an id that no package hands out.
const USER: &str = "61234";
/// What a lane needs beyond a command's own time, on a busy machine.
const GRACE: Duration = Duration::from_secs(30);
/// Bytes of memory for all lanes together, where a control group can be made.
const MEMORY: &str = "4294967296";
/// What must be installed, with Debian's package of each.
const NEEDED: &[(&str, &str)] = &[
    ("strace", "strace"),
    ("unshare", "util-linux"),
    ("setpriv", "util-linux"),
    ("prlimit", "util-linux"),
    ("git", "git"),
    ("ip", "iproute2"),
];

/// One command for a lane.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) command: String,
    pub(crate) seconds: u64,
}

/// What all lanes share: a folder with this program and the made-up repository, readable for the lanes' user.
pub(crate) struct Ground {
    folder: PathBuf,
    groups: Vec<PathBuf>,
    root: bool,
}

impl Ground {
    /// Looks for what is needed and makes the folder.
    pub(crate) fn prepare() -> Result<Ground, String> {
        let missing: Vec<&str> = NEEDED.iter().filter(|(program, _)| !installed(program)).map(|(_, package)| *package).collect();
        if !missing.is_empty() {
            return Err(format!("missing: {0}; install with `apt-get install {0}`", missing.join(" ")));
        }
        let folder = std::env::temp_dir().join(format!("bailiwick-soundness-{}", std::process::id()));
        let ground = Ground { groups: groups(), root: is_root(), folder };
        ground.fill().map_err(|error| format!("cannot prepare {}: {error}", ground.folder.display()))?;
        Ok(ground)
    }

    fn fill(&self) -> Result<(), String> {
        let said = |error: std::io::Error| error.to_string();
        fs::create_dir(&self.folder).map_err(said)?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o755)).map_err(said)?;
        let program = std::env::current_exe().map_err(said)?;
        fs::copy(program, self.program()).map_err(said)?;
        fs::create_dir(self.folder.join("root")).map_err(said)?;
        fs::create_dir(self.folder.join("project")).map_err(said)?;
        seed::repository(&self.folder.join("project"))?;
        let open = Command::new("chmod").args(["-R", "a+rX"]).arg(&self.folder).status().map_err(said)?;
        if open.success() { Ok(()) } else { Err(format!("chmod ended with {open}")) }
    }

    fn program(&self) -> PathBuf {
        self.folder.join("lane")
    }

    /// In words, what bounds the memory.
    pub(crate) fn memory(&self) -> &'static str {
        if self.groups.is_empty() { "memory bounded for each process" } else { "memory bounded by a control group" }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        for group in &self.groups {
            let _ = fs::remove_dir(group);
        }
    }
}

fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Control groups that bound memory, old and new style, where this user may make one.
fn groups() -> Vec<PathBuf> {
    let name = format!("bailiwick-soundness-{}", std::process::id());
    let places = [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")];
    let made = places.iter().filter_map(|(place, limit)| {
        let group = Path::new(place).join(&name);
        fs::create_dir(&group).ok()?;
        if fs::write(group.join(limit), MEMORY).is_ok() {
            return Some(group);
        }
        let _ = fs::remove_dir(&group);
        None
    });
    made.take(1).collect()
}

/// One running lane.
struct Lane {
    child: Child,
    input: ChildStdin,
    replies: Receiver<String>,
}

impl Lane {
    fn start(ground: &Ground) -> Result<Lane, String> {
        let groups: Vec<String> = ground.groups.iter().map(|group| group.join("cgroup.procs").display().to_string()).collect();
        // Into the groups while it still may.
        let mut words = vec!["sh", "-c", "for file in $0; do echo $$ >$file; done; exec \"$@\""];
        let files = groups.join(" ");
        words.push(&files);
        if ground.root {
            words.extend(["setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs"]);
        }
        // A session of its own: no way to the terminal that we were started from.
        words.extend(["setsid", "--wait", "unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--net"]);
        words.extend(["--ipc", "--uts", "--cgroup", "--kill-child"]);
        let mut command = Command::new("sh");
        command.args(words.get(1..).unwrap_or_default()).arg(ground.program()).arg("lane").arg(&ground.folder);
        command.current_dir("/").env_clear().env("PATH", seed::PATH);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start a lane: {error}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a lane without pipes".to_owned());
        };
        let (sender, replies) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Lane { child, input, replies })
    }

    fn ask(&mut self, job: &Job) -> Option<Outcome> {
        let line = serde_json::to_string(job).ok()?;
        writeln!(self.input, "{line}").ok()?;
        self.input.flush().ok()?;
        let reply = self.replies.recv_timeout(Duration::from_secs(job.seconds) + GRACE).ok()?;
        serde_json::from_str(&reply).ok()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        // Its whole world dies with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs all commands in some lanes; `heard` is told each outcome as it comes. The results are in the rows' order.
pub(crate) fn run_all(
    ground: &Ground,
    rows: &[Row],
    lanes: usize,
    seconds: u64,
    heard: &(dyn Fn(&Row, &Outcome) + Sync),
) -> Result<Vec<(Row, Outcome)>, String> {
    let todo: Mutex<VecDeque<usize>> = Mutex::new((0..rows.len()).collect());
    let done: Mutex<Vec<(usize, Outcome)>> = Mutex::new(Vec::new());
    let failed = thread::scope(|scope| {
        let work = || work(ground, rows, seconds, &todo, &done, heard);
        let workers: Vec<_> = (0..lanes.min(rows.len())).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().map_or(Some("a worker panicked".to_owned()), Result::err)).next()
    });
    if let Some(problem) = failed {
        return Err(problem);
    }
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().filter_map(|(index, outcome)| Some((rows.get(index)?.clone(), outcome))).collect())
}

/// One worker: keeps a lane, and takes a fresh one when a command has left traces that the lane cannot wipe out.
fn work(
    ground: &Ground,
    rows: &[Row],
    seconds: u64,
    todo: &Mutex<VecDeque<usize>>,
    done: &Mutex<Vec<(usize, Outcome)>>,
    heard: &(dyn Fn(&Row, &Outcome) + Sync),
) -> Result<(), String> {
    let mut lane: Option<Lane> = None;
    let mut silent = 0;
    loop {
        let next = todo.lock().ok().and_then(|mut todo| todo.pop_front());
        let Some((index, row)) = next.and_then(|index| Some((index, rows.get(index)?))) else { return Ok(()) };
        let mut current = match lane.take() {
            Some(lane) => lane,
            None => Lane::start(ground)?,
        };
        let outcome = current.ask(&Job { command: row.command.clone(), seconds });
        silent = if outcome.is_some() { 0 } else { silent + 1 };
        if silent == 3 {
            return Err("three lanes in a row gave no answer; user namespaces may be forbidden on this machine".to_owned());
        }
        let outcome = outcome.unwrap_or_else(|| {
            say::problem(&format!("no answer from a lane for: {}", row.command));
            Outcome::broken("the lane gave no answer")
        });
        if !outcome.dirty && !outcome.broken {
            lane = Some(current);
        }
        heard(row, &outcome);
        if let Ok(mut done) = done.lock() {
            done.push((index, outcome));
        }
    }
}
