//! A home, a project that is a repository, a map with secrets, and an agent's shell in front of it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use bailiwick_dialect::claude::probe::Speaker;
use bailiwick_dialect::tongue::Stage;
use serde_json::{Value, json};

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub struct Scene {
    pub root: PathBuf,
    variables: Vec<(String, String)>,
}

impl Scene {
    /// With this map; every name below `.test` is one of this machine's own.
    pub fn new(map: &str) -> Scene {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("bailiwick-secrets-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for part in ["home/work/src", "home/.npm/_cacache", "home/.npm/_logs", "config", "bin"] {
            fs::create_dir_all(root.join(part)).unwrap();
        }
        let root = root.canonicalize().unwrap();
        fs::write(root.join("home/work/src/a.txt"), "one\n").unwrap();
        let scene = Scene { root, variables: Vec::new() };
        scene.map(map);
        scene.git(&["init", "-q", "-b", "main"]);
        scene.git(&["add", "-A"]);
        scene.git(&["commit", "-qm", "x"]);
        scene
    }

    pub fn map(&self, map: &str) {
        let text = format!("[wall]\nexec = true\n[places.loopback]\nhosts = [\".test\"]\n{map}");
        fs::write(self.root.join("config/bailiwick.toml"), text).unwrap();
    }

    /// The agent is started with this variable.
    pub fn with(mut self, name: &str, value: &str) -> Scene {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn work(&self) -> PathBuf {
        self.root.join("home/work")
    }

    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    pub fn outside(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.work()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", self.home()).env("SHELL", "/bin/bash").env("LANG", "C.UTF-8").stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn git(&self, words: &[&str]) {
        let mut git = self.outside("git");
        let done = git.args(["-c", "user.name=a", "-c", "user.email=a@a.test"]).args(words).output().unwrap();
        assert!(done.status.success(), "{words:?}: {done:?}");
    }

    pub fn guard(&self) -> Command {
        let mut command = self.outside(env!("CARGO_BIN_EXE_bailiwick"));
        command.arg("--state").arg(self.root.join("state")).arg("--config").arg(self.root.join("config"));
        command
    }

    /// What the hook says to a shell call.
    pub fn hook(&self, session: &str, call: &str, command: &str) -> Value {
        let stage = Speaker(Stage { session: session.into(), cwd: self.work().display().to_string() });
        let event = stage.call(call, "Bash", &json!({ "command": command }));
        let mut child = self.guard();
        let mut child = child.args(["hook", "claude-code"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), event.as_bytes()).unwrap();
        serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
    }

    /// The agent tells what a command printed.
    pub fn outcome(&self, session: &str, call: &str, command: &str, said: &str) {
        let event = json!({
            "session_id": session, "transcript_path": "", "cwd": self.work(), "hook_event_name": "PostToolUse", "tool_name": "Bash",
            "tool_input": { "command": command }, "tool_use_id": call,
            "tool_response": { "stdout": said, "stderr": "", "interrupted": false, "isImage": false },
        });
        let mut child = self.guard();
        let mut child = child.args(["hook", "claude-code"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), event.to_string().as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{out:?}");
    }

    /// Runs a command as the agent's shell would.
    pub fn run_in(&self, session: &str, call: &str, command: &str) -> Output {
        let answer = self.hook(session, call, command);
        let line = answer["hookSpecificOutput"]["updatedInput"]["command"].as_str().map(str::to_owned);
        let line = line.ok_or_else(|| format!("the hook put no command in its place: {answer}")).unwrap();
        self.outside("bash").args(["-c", &line]).output().unwrap()
    }

    pub fn run(&self, call: &str, command: &str) -> Output {
        self.run_in("s", call, command)
    }

    /// Runs code that no analyser reads: a project's own program.
    pub fn hidden(&self, call: &str, script: &str) -> Output {
        fs::write(self.work().join("tool.bin"), script).unwrap();
        fs::write(self.work().join("Makefile"), "all:\n\t@bash tool.bin\n").unwrap();
        self.run(call, "make -s")
    }

    /// The newest record of what a call did, once there are so many.
    pub fn observed(&self, count: usize) -> Value {
        for _ in 0..200 {
            let lines = self.ledger();
            let seen: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "observed").collect();
            if seen.len() >= count {
                return seen[seen.len() - 1].clone();
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        Value::Null
    }

    pub fn ledger(&self) -> Vec<Value> {
        let out = self.guard().args(["log", "--all", "--json"]).output().unwrap();
        String::from_utf8(out.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Every byte that the guard and the commands left on the disk.
    pub fn left(&self, directories: &[&str]) -> Vec<u8> {
        let mut all = Vec::new();
        let mut todo: Vec<PathBuf> = directories.iter().map(|name| self.root.join(name)).collect();
        while let Some(path) = todo.pop() {
            if path.is_dir() {
                todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else {
                all.extend(fs::read(&path).unwrap_or_default());
            }
        }
        all
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}
