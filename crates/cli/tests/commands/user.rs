//! A user of ours with a home of their own, whose agent speaks to the hooks of the real binary.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use bailiwick_dialect::claude::probe::{Speaker, decision};
use bailiwick_dialect::tongue::{Decision, Stage};
use serde_json::json;

/// A user with a workspace, whose agent edits it.
pub struct User {
    pub root: PathBuf,
}

impl User {
    pub fn new(name: &str) -> User {
        let root = std::env::temp_dir().join(format!("bailiwick-commands-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("home/work")).unwrap();
        fs::create_dir_all(root.join("config")).unwrap();
        User { root }
    }

    pub fn work(&self, name: &str) -> PathBuf {
        self.root.join("home/work").join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
        command.args(arguments).arg("--state").arg(self.root.join("state")).arg("--config").arg(self.root.join("config"));
        command.env("HOME", self.root.join("home")).env_remove("CLAUDE_PROJECT_DIR").current_dir(self.root.join("home/work"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn hook(&self, event: &str) -> Decision {
        let mut child = self.command(&["hook", "claude-code"]).spawn().unwrap();
        child.stdin.take().unwrap().write_all(event.as_bytes()).unwrap();
        decision(&child.wait_with_output().unwrap().stdout)
    }

    pub fn stage(&self) -> Speaker {
        Speaker(Stage { session: "s1".into(), cwd: self.root.join("home/work").display().to_string() })
    }

    /// The agent writes a file, through the hooks, really.
    pub fn writes(&self, id: &str, name: &str, content: &str) {
        let input = json!({ "file_path": self.work(name), "content": content });
        assert_eq!(self.hook(&self.stage().call(id, "Write", &input)), Decision::Pass);
        fs::write(self.work(name), content).unwrap();
        let response = json!({ "type": "update", "filePath": self.work(name), "content": content });
        self.hook(&self.stage().outcome(id, "Write", &input, &response));
    }

    pub fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.work(name)).ok()
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}
