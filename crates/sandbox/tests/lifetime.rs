//! Whatever is killed at whatever moment, nothing runs on outside, and nothing inside outlives the supervisor.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[path = "escapes/inside.rs"]
mod inside;
#[path = "escapes/walled.rs"]
mod walled;

/// Runs in which a process is killed.
const RUNS: u32 = 300;
/// The longest delay before a kill: starting takes some milliseconds, running goes on for ever.
const LONGEST_DELAY_MICROS: u64 = 40_000;
/// While the sandbox is being built: every second kill falls into this time.
const START_MICROS: u64 = 2_000;
/// How long the kernel may take to end what has been killed, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Processes of this machine whose arguments hold this word.
fn marked(mark: &str) -> Vec<u32> {
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
    let holds =
        |pid: &u32| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(mark));
    numbers.filter(holds).collect()
}

/// The supervisor: the front's only child, as soon as there is one.
fn supervisor(front: u32) -> u32 {
    let end = Instant::now() + PATIENCE;
    loop {
        let children = fs::read_to_string(format!("/proc/{front}/task/{front}/children")).unwrap();
        if let Some(child) = children.split_whitespace().next() {
            return child.parse().unwrap();
        }
        assert!(Instant::now() < end, "no supervisor");
    }
}

/// Numbers from a seed: a fixed sequence, so that a failing run can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
fn a_kill_at_any_moment_leaves_nothing_running() {
    let workspace: PathBuf = std::env::temp_dir().join(format!("bailiwick-lifetime-{}", std::process::id()));
    fs::create_dir_all(&workspace).unwrap();
    let mut numbers = Numbers(7);
    let mut ran = 0;
    for run in 0..RUNS {
        let mark = format!("bailiwick-mark-{}-{run}", std::process::id());
        let script =
            format!(": {mark}; echo > started-{run}; (setsid bash -c 'while :; do echo x > tick; done' {mark} &); sleep 100");
        let mut command = walled::command(&workspace, &[]);
        command.args(["--", "bash", "-c", &script, &mark]).stdin(Stdio::null()).stderr(Stdio::null());
        let mut front = command.spawn().unwrap();
        std::thread::sleep(Duration::from_micros(numbers.below(if run % 2 == 0 { START_MICROS } else { LONGEST_DELAY_MICROS })));
        let victim = supervisor(front.id());
        let _ = Command::new("kill").args(["-KILL", &victim.to_string()]).status().unwrap();
        let status = front.wait().unwrap();
        assert_eq!(status.code(), Some(70));
        let end = Instant::now() + PATIENCE;
        while !marked(&mark).is_empty() {
            assert!(Instant::now() < end, "run {run}: {:?} run on", marked(&mark));
            std::thread::sleep(Duration::from_millis(1));
        }
        ran += u32::from(workspace.join(format!("started-{run}")).exists());
    }
    // Otherwise the kills all came before anything ran.
    assert!(ran > RUNS / 10, "the command had started in {ran} of {RUNS} runs");
    let _ = fs::remove_dir_all(&workspace);
}
