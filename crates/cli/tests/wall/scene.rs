//! Where a walled command runs: a home with a key, a project that is a repository, and the guard with its wall on.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use bailiwick_dialect::claude::probe::Speaker;
use bailiwick_dialect::tongue::Stage;
use serde_json::{Value, json};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Not below `target`, which is a build directory, so that undo keeps nothing of it.
pub struct Scene {
    pub root: PathBuf,
}

impl Scene {
    pub fn new() -> Scene {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("bailiwick-wall-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for part in ["home/.ssh", "home/work/src", "home/other", "config"] {
            fs::create_dir_all(root.join(part)).unwrap();
        }
        fs::write(root.join("home/.ssh/id_ed25519"), "KEY").unwrap();
        fs::write(root.join("home/.bashrc"), "# mine\n").unwrap();
        fs::write(root.join("home/other/notes.txt"), "NOTES").unwrap();
        fs::write(root.join("home/work/src/a.txt"), "one\n").unwrap();
        fs::write(root.join("config/bailiwick.toml"), "[wall]\nexec = true\n").unwrap();
        let scene = Scene { root };
        for words in [
            &["init", "-q", "-b", "main"][..],
            &["add", "-A"],
            &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
        ] {
            assert!(scene.outside("git").args(words).status().unwrap().success());
        }
        scene
    }

    pub fn work(&self) -> PathBuf {
        self.root.join("home/work")
    }

    pub fn outside(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.work())
            .env("HOME", self.root.join("home"))
            .env_remove("CLAUDE_PROJECT_DIR")
            .env("SHELL", "/bin/bash");
        command
    }

    pub fn guard(&self) -> Command {
        let mut command = self.outside(env!("CARGO_BIN_EXE_bailiwick"));
        command.arg("--state").arg(self.root.join("state")).arg("--config").arg(self.root.join("config"));
        command
    }

    /// A shell call as the agent tells of it.
    pub fn event(&self, call: &str, command: &str) -> String {
        let stage = Speaker(Stage { session: "s".into(), cwd: self.work().display().to_string() });
        stage.call(call, "Bash", &json!({ "command": command }))
    }

    /// What the hook says to a shell call.
    pub fn hook(&self, call: &str, command: &str) -> Value {
        let event = self.event(call, command);
        let mut child = self.guard();
        child.args(["hook", "claude-code"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = child.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), event.as_bytes()).unwrap();
        serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
    }

    /// The line that runs instead of the command.
    pub fn line(&self, call: &str, command: &str) -> String {
        let answer = self.hook(call, command);
        answer["hookSpecificOutput"]["updatedInput"]["command"].as_str().unwrap_or_else(|| panic_with(&answer)).to_owned()
    }

    /// Runs a command as the agent's shell would.
    pub fn run(&self, call: &str, command: &str) -> Output {
        let line = self.line(call, command);
        self.outside("bash").env("MY_TOKEN", "t0ken").args(["-c", &line]).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs code that no analyser reads: a project's own program.
    pub fn hidden(&self, call: &str, script: &str) -> Output {
        self.make_does(script);
        self.run(call, "make -s")
    }

    /// What `make` runs from now on.
    pub fn make_does(&self, script: &str) {
        fs::write(self.work().join("tool.bin"), script).unwrap();
        fs::write(self.work().join("Makefile"), "all:\n\t@bash tool.bin\n").unwrap();
    }

    /// Approves an entry as a person does: not from below an agent, which these tests may well run under.
    pub fn approve(&self, entry: &str) {
        let (done, root) = (self.root.join("approved"), self.root.display());
        let _ = fs::remove_file(&done);
        let program = env!("CARGO_BIN_EXE_bailiwick");
        let dirs = format!("--state '{root}/state' --config '{root}/config'");
        let line =
            format!("(setsid '{program}' approve '#{entry}' --yes {dirs} >'{root}/said' 2>&1; echo $? >'{root}/approved') &");
        assert!(self.outside("sh").args(["-c", &line]).status().unwrap().success());
        let ended = (0..200).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            fs::read_to_string(&done).ok().filter(|code| !code.is_empty())
        });
        assert_eq!(ended.as_deref(), Some("0\n"), "{}", fs::read_to_string(self.root.join("said")).unwrap_or_default());
    }

    pub fn ledger(&self) -> String {
        // The record is written while the front already ends.
        for _ in 0..100 {
            let out = self.guard().args(["log", "--all", "--json"]).output().unwrap();
            let text = String::from_utf8_lossy(&out.stdout).into_owned();
            if text.contains("\"observed\"") {
                return text;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        String::new()
    }
}

#[expect(clippy::panic, reason = "tests")]
fn panic_with(answer: &Value) -> ! {
    panic!("the hook put no command in its place: {answer}")
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
