//! Drives `bailiwick judge` as other tools do: a line in, a line out.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// `bailiwick judge` in a home of its own, which goes with it.
pub struct Judge {
    /// Where it lives.
    pub root: PathBuf,
    more: Vec<String>,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Judge {
    /// Starts one with these further arguments.
    pub fn start(name: &str, more: &[&str]) -> Judge {
        Judge::prepared(name, |_| more.iter().map(|word| (*word).to_owned()).collect())
    }

    /// Starts one whose further arguments name what `prepare` puts below its directory.
    pub fn prepared(name: &str, prepare: impl FnOnce(&Path) -> Vec<String>) -> Judge {
        let root = std::env::temp_dir().join(format!("bailiwick-judge-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("home/work")).unwrap();
        let more = prepare(&root);
        let mut child = spawn(&root, &more);
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Judge { root, more, child, input, output }
    }

    /// Ends the process and starts another one in its place.
    pub fn restart(&mut self) {
        drop(self.input.take());
        assert!(self.child.wait().unwrap().success());
        self.child = spawn(&self.root, &self.more);
        self.input = self.child.stdin.take();
        self.output = BufReader::new(self.child.stdout.take().unwrap());
    }

    pub fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    pub fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    pub fn ask(&mut self, event: &Value) -> Value {
        self.send(&event.to_string());
        self.answer()
    }

    pub fn shell(&mut self, id: &str, command: &str) -> Value {
        let cwd = self.root.join("home/work");
        self.ask(
            &json!({ "event": "call", "session": "s", "id": id, "tool": "Bash", "input": { "command": command }, "cwd": cwd }),
        )
    }
}

fn spawn(root: &Path, more: &[String]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_bailiwick"))
        .args(["judge", "--state"])
        .arg(root.join("state"))
        .arg("--config")
        .arg(root.join("config"))
        .args(more)
        .env("HOME", root.join("home"))
        .current_dir(root.join("home/work"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

impl Drop for Judge {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
