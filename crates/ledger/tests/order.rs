//! What the kernel saw: an append is one write and one `fdatasync`, and nothing is answered before both.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "support/scratch.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod scratch;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use bailiwick_ledger::log::{Ledger, Options};
use scratch::{Scratch, record};

const CHILD: &str = "BAILIWICK_ORDER_DIR";
const APPENDS: usize = 5;

#[test]
fn an_answer_comes_after_one_write_and_one_sync() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return append_and_answer(Path::new(&dir));
    }
    let scratch = Scratch::new();
    let trace = scratch.path().join("trace");
    let name = "an_answer_comes_after_one_write_and_one_sync";
    let output = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=write,pwrite64,fdatasync,fsync", "-o"])
        .arg(&trace)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, scratch.path())
        .output()
        .expect("strace is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = std::fs::read_to_string(&trace).unwrap();
    let calls: Vec<String> = calls.lines().filter_map(step).collect();
    // Opening made the log before the first mark; after it each append reads alike.
    let appends = calls.splitn(2, |call| call == "answer").nth(1).unwrap();
    let expected = ["write head", "sync head", "write latest", "answer"].repeat(APPENDS);
    assert_eq!(appends, expected);
}

fn append_and_answer(dir: &Path) {
    let mut ledger = Ledger::open(&dir.join("log"), Options::new(dir.join("keys/log.key"))).unwrap();
    let mut out = std::io::stdout();
    out.write_all(b"answer\n").unwrap();
    for n in 0..APPENDS {
        ledger.append(vec![record("s", "x", n as u64)]).unwrap();
        out.write_all(b"answer\n").unwrap();
    }
}

/// A traced call in the words of this test; `None` for what is not the ledger's.
fn step(line: &str) -> Option<String> {
    let (call, succeeded) = (line.split_once(' ')?.1.trim_start(), !line.contains("= -1"));
    if call.contains("\"answer\\n\"") {
        return Some("answer".to_owned());
    }
    let file = call.split_once('<')?.1.split_once('>')?.0;
    let name = file.split_once("/log/")?.1;
    let verb = if call.starts_with("pwrite64") || call.starts_with("write") { "write" } else { "sync" };
    succeeded.then(|| format!("{verb} {name}"))
}
