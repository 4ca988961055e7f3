//! The batch interface, driven as other tools drive it: lines in, lines out, in order, flushed per line.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Judge {
    root: PathBuf,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Judge {
    fn start(name: &str, more: &[&str]) -> Judge {
        let root = std::env::temp_dir().join(format!("bailiwick-judge-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join("home/work")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_bailiwick"))
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
            .unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Judge { root, child, input, output }
    }

    fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn ask(&mut self, event: &Value) -> Value {
        self.send(&event.to_string());
        self.answer()
    }

    fn shell(&mut self, id: &str, command: &str) -> Value {
        let cwd = self.root.join("home/work");
        self.ask(
            &json!({ "event": "call", "session": "s", "id": id, "tool": "Bash", "input": { "command": command }, "cwd": cwd }),
        )
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

#[test]
fn each_answer_comes_before_the_next_question() {
    let mut judge = Judge::start("order", &[]);
    for number in 0..20 {
        let answer = judge.shell(&format!("c{number}"), "ls -la");
        assert_eq!(answer["id"], json!(format!("c{number}")));
        assert_eq!(answer["verdict"], "allow", "{answer}");
        assert_eq!(answer["entry"], json!(number));
    }
}

#[test]
fn lines_that_come_together_are_answered_in_order() {
    let mut judge = Judge::start("group", &["--preset", "coding-agent"]);
    let event = |id: usize| json!({ "event": "call", "session": "s", "id": format!("{id}"), "tool": "Bash", "input": { "command": "pwd" } });
    let all: Vec<String> = (0..200).map(|id| event(id).to_string()).collect();
    judge.send(&all.join("\n"));
    for id in 0..200 {
        assert_eq!(judge.answer()["id"], json!(format!("{id}")));
    }
}

#[test]
fn a_bad_line_is_denied_and_the_stream_goes_on() {
    let mut judge = Judge::start("bad", &[]);
    for bad in ["{", "[]", "{\"event\":\"dance\"}", "{\"event\":\"call\",\"id\":\"x\"}"] {
        judge.send(bad);
        assert_eq!(judge.answer()["verdict"], "deny", "{bad}");
    }
    assert_eq!(judge.shell("c", "ls")["verdict"], "allow");
}

#[test]
fn an_answer_names_effects_and_reasons() {
    let mut judge = Judge::start("effects", &[]);
    let answer = judge.shell("c", "env nice rm -rf ~/photos");
    assert_ne!(answer["verdict"], "allow", "{answer}");
    let effects = answer["effects"].as_array().unwrap();
    let photos = judge.root.join("home/photos").display().to_string();
    assert!(effects.iter().any(|effect| effect["act"] == "delete" && effect["path"] == json!(photos)), "{answer}");
    assert!(!answer["reasons"][0]["policy"].as_str().unwrap().is_empty());
}

#[test]
fn what_was_read_labels_the_session() {
    let mut judge = Judge::start("labels", &[]);
    judge.ask(&json!({ "event": "prompt", "session": "s", "text": "look it up" }));
    let fetch = json!({ "event": "call", "session": "s", "id": "w", "tool": "WebFetch", "input": { "url": "https://docs.example/x", "prompt": "p" } });
    judge.ask(&fetch);
    let before = judge.shell("c1", "ls");
    assert_eq!(before["labels"]["untrusted"], json!([]), "nothing has been read yet: {before}");
    let passed = judge.ask(&json!({ "event": "outcome", "session": "s", "id": "w", "text": "hello", "error": null }));
    assert_eq!(passed["text"], "hello");
    let after = judge.shell("c2", "ls");
    assert!(after["labels"]["untrusted"].to_string().contains("docs.example"), "{after}");
}

#[test]
fn a_record_that_cannot_be_written_denies_and_loses_no_label() {
    let mut judge = Judge::start("toolarge", &[]);
    let fetch = json!({ "event": "call", "session": "s", "id": "w", "tool": "WebFetch", "input": { "url": "https://docs.example/x", "prompt": "p" } });
    judge.ask(&fetch);
    judge.ask(&json!({ "event": "outcome", "session": "s", "id": "w", "text": "hello", "error": null }));
    let huge = json!({ "event": "call", "session": "s", "id": "h", "tool": "T".repeat(70_000), "input": {} });
    assert_eq!(judge.ask(&huge)["verdict"], "deny");
    let after = judge.shell("c", "ls");
    assert!(after["labels"]["untrusted"].to_string().contains("docs.example"), "{after}");
}

#[test]
fn a_policy_directory_replaces_the_preset() {
    let root = std::env::temp_dir().join(format!("bailiwick-judge-policy-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    let rule = "@id(\"reads\")\n@reason(\"reading is free\")\npermit(principal, action == Action::\"read\", resource);\n";
    std::fs::write(root.join("mine.cedar"), rule).unwrap();
    let mut judge = Judge::start("directory", &["--policy", &root.display().to_string()]);
    let read = json!({ "event": "call", "session": "s", "id": "r", "tool": "Read", "input": { "file_path": "/etc/hostname" } });
    assert_eq!(judge.ask(&read)["verdict"], "allow");
    assert_eq!(judge.shell("c", "touch x")["verdict"], "deny");
    std::fs::remove_dir_all(&root).unwrap();
}

#[test]
fn a_policy_that_changes_under_a_long_process_counts() {
    let root = std::env::temp_dir().join(format!("bailiwick-judge-changing-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    let rule = "@id(\"reads\")\n@reason(\"reading is free\")\npermit(principal, action == Action::\"read\", resource);\n";
    std::fs::write(root.join("mine.cedar"), rule).unwrap();
    let mut judge = Judge::start("reload", &["--policy", &root.display().to_string()]);
    let read = json!({ "event": "call", "session": "s", "id": "r", "tool": "Read", "input": { "file_path": "/etc/hostname" } });
    assert_eq!(judge.ask(&read)["verdict"], "allow");
    std::fs::write(root.join("mine.cedar"), rule.replace("permit", "forbid")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(judge.ask(&read)["verdict"], "deny");
    std::fs::write(root.join("mine.cedar"), "permit(").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(judge.ask(&read)["verdict"], "deny", "what does not load refuses");
    std::fs::remove_dir_all(&root).unwrap();
}
