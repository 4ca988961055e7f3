//! Races for a path: somebody outside exchanges a directory for a link to a place outside, again and again, while a command
//! inside acts through that name. Whoever checks a name and then uses it loses; the broker must not.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::fs::{CWD, RenameFlags, renameat_with};

#[path = "escapes/inside.rs"]
mod inside;
#[path = "escapes/walled.rs"]
mod walled;

/// Attempts of each kind.
const ITERATIONS: usize = 10_000;

/// Makes, cuts, renames and removes through `repo/d`, which is now a directory and now a link to `target`.
const ACT: &str = "
import os, sys
count, repo = int(sys.argv[1]), sys.argv[2]
won = 0
for i in range(count):
    for act in (lambda: os.close(os.open(repo + '/d/f', os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)),
                lambda: os.rename(repo + '/d/f', repo + '/d/g'),
                lambda: os.unlink(repo + '/d/g')):
        try: act(); won += 1
        except OSError: pass
print(won)
";

fn world(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("bailiwick-races-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("repo/d")).unwrap();
    fs::create_dir_all(root.join("target")).unwrap();
    fs::write(root.join("target/f"), "theirs").unwrap();
    std::os::unix::fs::symlink(root.join("target"), root.join("repo/link")).unwrap();
    root
}

/// Exchanges until told to stop; gives how often.
fn exchange(repo: PathBuf, stop: Arc<AtomicBool>) -> thread::JoinHandle<u64> {
    thread::spawn(move || {
        let mut count = 0;
        while !stop.load(Ordering::Relaxed) {
            renameat_with(CWD, repo.join("d"), CWD, repo.join("link"), RenameFlags::EXCHANGE).unwrap();
            count += 1;
        }
        count
    })
}

/// Runs the acts in a race; gives how many succeeded, and whether what is outside is still as it was.
fn race(root: &Path, command: &mut Command) -> (u64, bool) {
    let stop = Arc::new(AtomicBool::new(false));
    let exchanger = exchange(root.join("repo"), Arc::clone(&stop));
    let out = command.stdin(Stdio::null()).output().unwrap();
    stop.store(true, Ordering::Relaxed);
    let exchanges = exchanger.join().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert!(exchanges > 100, "{exchanges} exchanges are no race");
    let won = String::from_utf8_lossy(&out.stdout).trim().parse().unwrap();
    let untouched = fs::read_to_string(root.join("target/f")).is_ok_and(|text| text == "theirs")
        && fs::read_dir(root.join("target")).unwrap().count() == 1;
    (won, untouched)
}

/// How often the race is run outside until it is won.
const MOST_CONTROLS: usize = 50;

#[test]
fn a_race_for_a_path_is_won_outside_and_never_inside() {
    let control = world("control");
    let repo = control.join("repo");
    // On a busy machine both sides may run on one core, one after the other.
    let won = (0..MOST_CONTROLS).any(|_| {
        let mut plain = Command::new("/usr/bin/python3");
        !race(&control, plain.args(["-c", ACT, "200"]).arg(&repo)).1
    });
    assert!(won, "outside, the race must be won, or this proves nothing");
    let _ = fs::remove_dir_all(&control);

    let root = world("inside");
    let repo = root.join("repo");
    let mut walled = walled::command(&repo, &[]);
    walled.args(["--", "python3", "-c", ACT, &ITERATIONS.to_string()]).arg(&repo);
    let (won, untouched) = race(&root, &mut walled);
    assert!(untouched, "something outside was changed");
    assert!(won > 100, "only {won} acts in the workspace itself succeeded: that is no race either");
    let _ = fs::remove_dir_all(&root);
}
