//! The broker does what the kernel does: random file-system programs give the same results and leave the same tree inside as
//! outside, step by step, errors included.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[path = "escapes/inside.rs"]
mod inside;
#[path = "escapes/walled.rs"]
mod walled;

const PROGRAM: &str = include_str!("escapes/program.py");
const PROGRAMS: u32 = 50;
const STEPS: u32 = 150;
/// Where a program runs: deep enough that its `..` stay in the workspace.
const DEEP: &str = "x/y/z/w";

/// Names of one length: a link that holds its path is then as long inside as outside.
fn workspace(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("bailiwick-sameness-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(path.join(DEEP)).unwrap();
    path
}

/// Removes a tree whose directories may have lost their owner's rights.
fn clear(path: &Path) {
    let _ = Command::new("chmod").args(["-R", "u+rwx"]).arg(path).stderr(Stdio::null()).status();
    let _ = fs::remove_dir_all(path);
}

/// Runs one program in a fresh directory of a workspace.
fn run(mut command: Command, workspace: &Path, seed: u32) -> String {
    let directory = workspace.join(DEEP);
    clear(&directory);
    fs::create_dir(&directory).unwrap();
    command.args(["python3", "-c", PROGRAM, &seed.to_string(), &STEPS.to_string()]).current_dir(&directory);
    let out = command.env("PATH", inside::PATH).stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn random_programs_give_the_same_inside_as_outside() {
    let (plain, walled) = (workspace("outer"), workspace("inner"));
    for seed in 0..PROGRAMS {
        // Without root's power over modes, which nobody has inside.
        let mut outside = Command::new("setpriv");
        if rustix::process::geteuid().is_root() {
            outside.args(["--bounding-set=-all", "--inh-caps=-all"]);
        } else {
            outside.arg("--no-new-privs");
        }
        let expected = run(outside, &plain, seed);
        let mut command = walled::command(&walled, &[]);
        command.arg("--");
        let got = run(command, &walled, seed);
        for (expected, got) in expected.lines().zip(got.lines()) {
            assert_eq!(got, expected, "program {seed}");
        }
        assert_eq!(got.lines().count(), expected.lines().count(), "program {seed}");
    }
    clear(&plain);
    clear(&walled);
}
