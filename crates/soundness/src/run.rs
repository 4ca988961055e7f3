//! Runs one command in the lane's world, as an unprivileged user in process and user namespaces of its own, under strace.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::seed;
use crate::trace;

/// Bytes of strace's log that are read; a command that does more is stopped there.
const MAX_LOG: usize = 32 << 20;
/// Bytes of standard error that are kept.
const MAX_SAID: usize = 16 << 10;
/// Bounds on every process: how many of them, bytes of own memory, bytes of a file, open files, no core.
const LIMITS: &[&str] = &["--nproc=192", "--data=1073741824", "--fsize=67108864", "--nofile=1024", "--core=0"];

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    /// strace's log.
    pub(crate) log: String,
    /// What the command said on standard error.
    pub(crate) said: String,
    /// How it ended, `None` where it was stopped.
    pub(crate) exit: Option<i32>,
    /// Whether the log was cut.
    pub(crate) cut: bool,
}

/// Runs it.
pub(crate) fn run(command: &str, seconds: u64) -> Result<Ran, String> {
    let mut child = start(command).map_err(|error| format!("cannot start: {error}"))?;
    let (Some(log), Some(said)) = (child.stdout.take(), child.stderr.take()) else {
        return Err("no pipes".to_owned());
    };
    let (log, said) = (drain(log, MAX_LOG), drain(said, MAX_SAID));
    let exit = wait(&mut child, Duration::from_secs(seconds)).map_err(|error| error.to_string())?;
    let (log, cut) = log.recv().map_err(|error| error.to_string())?;
    let (said, _) = said.recv().map_err(|error| error.to_string())?;
    Ok(Ran { log: String::from_utf8_lossy(&log).into_owned(), said: String::from_utf8_lossy(&said).into_owned(), exit, cut })
}

/// strace is the first process of the new process namespace: what the command leaves running ends with it. Its log goes
/// to our pipe, which the command itself does not get.
fn start(command: &str) -> std::io::Result<Child> {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-user=1000", "--map-group=1000", "--pid", "--fork", "--mount", "--mount-proc", "--ipc"]);
    unshare.args(["--kill-child", "prlimit"]).args(LIMITS);
    unshare.args(["strace", "-f", "-qq", "-yy", "-s", "65536", "--seccomp-bpf", "-e", "signal=none", "-e"]);
    unshare.arg(format!("trace={}", trace::CALLS)).args(["-o", "/proc/self/fd/1"]);
    unshare.args(["sh", "-c", "exec >/dev/null; exec bash -c \"$1\"", "sh", command]);
    unshare.current_dir(seed::PROJECT).env_clear().envs(seed::ENVIRONMENT.iter().copied());
    unshare.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

/// Reads to the end, keeping so much.
fn drain(mut from: impl Read + Send + 'static, most: usize) -> Receiver<(Vec<u8>, bool)> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut cut = false;
        let mut buffer = vec![0; 1 << 16];
        while let Ok(count) = from.read(&mut buffer) {
            let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else { break };
            let room = most - kept.len();
            cut |= read.len() > room;
            kept.extend_from_slice(read.get(..read.len().min(room)).unwrap_or_default());
        }
        let _ = sender.send((kept, cut));
    });
    receiver
}

/// Waits for the end, or makes it.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<i32>> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(20));
    }
}
