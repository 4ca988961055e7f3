//! The commands for people, run as people run them: undo and its conflicts, verify on copies that somebody changed, the
//! log's filters, policy diagnostics, and the trial that a newcomer starts with.
#![expect(clippy::unwrap_used, reason = "tests")]

mod approve;
mod user;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use bailiwick_dialect::claude::probe::decision;
use bailiwick_dialect::tongue::Decision;
use serde_json::{Value, json};

use crate::user::User;

#[test]
fn an_undo_puts_back_removes_what_was_made_and_can_be_undone() {
    let user = User::new("undo");
    fs::write(user.work("old.txt"), "before").unwrap();
    user.writes("c1", "old.txt", "after");
    user.writes("c2", "new.txt", "made");
    assert!(user.said(&["undo", "c1", "--dry-run"]).contains("restored"));
    assert_eq!(user.text("old.txt").as_deref(), Some("after"), "a rehearsal changes nothing");
    user.said(&["undo", "c1"]);
    user.said(&["undo", "c2"]);
    assert_eq!((user.text("old.txt").as_deref(), user.text("new.txt")), (Some("before"), None));
    let undone: Vec<Value> = user.said(&["log", "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let number = undone.iter().position(|entry| entry["kind"] == "undo").unwrap();
    user.said(&["undo", &format!("#{number}")]);
    assert_eq!(user.text("old.txt").as_deref(), Some("after"));
}

#[test]
fn a_file_that_changed_since_is_shown_and_left_alone() {
    let user = User::new("conflict");
    fs::write(user.work("a.txt"), "before").unwrap();
    user.writes("c1", "a.txt", "after");
    fs::write(user.work("a.txt"), "mine").unwrap();
    let output = user.run(&["undo", "c1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("conflict"));
    assert_eq!(user.text("a.txt").as_deref(), Some("mine"));
}

#[test]
fn a_shell_command_is_not_said_to_be_undone() {
    let user = User::new("shell");
    user.hook(&user.stage().call("c1", "Bash", &json!({ "command": "touch x" })));
    assert_eq!(user.run(&["undo", "c1"]).status.code(), Some(1));
}

#[test]
fn verify_names_the_byte_where_a_copy_was_changed() {
    let user = User::new("verify");
    user.writes("c1", "a.txt", "one");
    user.writes("c2", "a.txt", "two");
    assert!(user.said(&["verify"]).contains("verifies"));
    let copy = user.root.join("copy");
    copied(&user.root.join("state/ledger"), &copy);
    assert!(user.said(&["verify", &copy.display().to_string()]).contains("verifies"));
    let head = copy.join("head");
    let mut bytes = fs::read(&head).unwrap();
    let at = bytes.windows(5).position(|window| window == b"a.txt").unwrap();
    if let Some(byte) = bytes.get_mut(at) {
        *byte = b'b';
    }
    fs::write(&head, bytes).unwrap();
    let output = user.run(&["verify", &copy.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("head") && said.contains("byte"), "{said}");
}

#[test]
fn a_log_made_anew_does_not_pass_for_the_one_whose_checkpoint_was_kept() {
    let user = User::new("pinned");
    user.writes("c1", "a.txt", "one");
    let kept = user.root.join("kept");
    fs::write(&kept, user.said(&["verify", "--print-checkpoint"]) + "\n").unwrap();
    user.writes("c2", "a.txt", "two");
    let pinned = ["verify", "--checkpoint", &kept.display().to_string()].map(str::to_owned);
    let pinned: Vec<&str> = pinned.iter().map(String::as_str).collect();
    assert!(user.said(&pinned).contains("kept checkpoint"));
    fs::remove_dir_all(user.root.join("state/ledger")).unwrap();
    user.writes("c3", "a.txt", "three");
    assert_eq!(user.run(&pinned).status.code(), Some(1));
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn the_log_is_filtered_by_verdict_host_path_and_time() {
    let user = User::new("log");
    user.writes("c1", "a.txt", "one");
    user.hook(&user.stage().call("c2", "Bash", &json!({ "command": "cat ~/.ssh/id_rsa" })));
    user.hook(&user.stage().call("c3", "Bash", &json!({ "command": "curl -s https://docs.example.org/x" })));
    let calls = |arguments: &[&str]| -> Vec<String> {
        let all = [&["log", "--json"], arguments].concat();
        let lines: Vec<Value> = user.said(&all).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.iter().filter_map(|entry| entry["call"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(calls(&["--verdict", "deny"]), ["c2"]);
    assert_eq!(calls(&["--host", "example.org"]), ["c3"]);
    assert_eq!(calls(&["--host", "ample.org"]), Vec::<String>::new());
    let path = user.work("a.txt").display().to_string();
    assert_eq!(calls(&["--path", &path, "--verdict", "allow"]), ["c1"]);
    assert_eq!(calls(&["--until", "2020-01-01"]), Vec::<String>::new());
    assert!(user.said(&["why", "c2"]).contains("credentials"));
    assert!(user.said(&["show", "s1"]).contains("id_rsa"));
}

#[test]
fn a_secret_in_a_command_does_not_reach_the_disk() {
    let user = User::new("redacted");
    let secret = ["ghp_", "Zx9Kq2Lw8Rt4Vb6Nm1Pc3Df5Gh7Jk0SaYuIo"].concat();
    let command = format!("curl -H 'Authorization: Bearer {secret}' https://api.example.org/");
    user.hook(&user.stage().call("c1", "Bash", &json!({ "command": command })));
    let found = Command::new("grep").args(["-r", &secret]).arg(user.root.join("state")).output().unwrap();
    assert_eq!(found.status.code(), Some(1), "{}", String::from_utf8_lossy(&found.stdout));
    assert!(user.said(&["why", "c1"]).contains("redacted"));
}

#[test]
fn a_policy_that_does_not_load_is_shown_with_its_source_underlined() {
    let user = User::new("policy");
    let file = user.root.join("mine.cedar");
    fs::write(&file, "@id(\"x\")\n@reason(\"r\")\nforbid(principal, action == Action::\"reed\", resource);\n").unwrap();
    let output = user.run(&["policy", "check", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("reed") && said.contains("^^^"), "{said}");
}

#[test]
fn a_projects_policy_only_narrows_until_it_is_trusted() {
    let user = User::new("trust");
    fs::create_dir_all(user.work(".bailiwick")).unwrap();
    let rules = "@id(\"open\")\n@reason(\"all is free\")\npermit(principal, action, resource);\n@id(\"no-notes\")\n@reason(\"notes stay\")\nforbid(principal, action == Action::\"write\", resource) when { resource.name == \"notes.txt\" };\n";
    fs::write(user.work(".bailiwick/project.cedar"), rules).unwrap();
    let push = user.stage().call("c1", "Bash", &json!({ "command": "git push origin main" }));
    let note = user.stage().call("c2", "Write", &json!({ "file_path": user.work("notes.txt"), "content": "x" }));
    let undescribed = user.stage().call("c3", "mcp__unheard__of", &json!({}));
    assert!(matches!(user.hook(&push), Decision::Ask(_)));
    assert!(matches!(user.hook(&note), Decision::Deny(_)));
    assert!(matches!(user.hook(&undescribed), Decision::Ask(_)), "an untrusted permit opens nothing");
    user.said(&["trust"]);
    assert_eq!(user.hook(&undescribed), Decision::Pass);
    fs::write(user.work(".bailiwick/project.cedar"), format!("{rules}// changed\n")).unwrap();
    assert!(matches!(user.hook(&undescribed), Decision::Ask(_)), "a changed file is untrusted again");
}

#[test]
fn a_change_of_settings_that_weakens_the_guard_is_refused_and_others_pass() {
    let user = User::new("settings");
    let file = user.root.join("home/settings.local.json");
    let event = json!({
        "session_id": "s1", "cwd": user.root.join("home/work"), "hook_event_name": "ConfigChange",
        "source": "local_settings", "file_path": file,
    });
    let blocks = |text: &str| {
        fs::write(&file, text).unwrap();
        matches!(user.hook(&event.to_string()), Decision::Deny(_))
    };
    assert!(!blocks("{\"permissions\":{\"allow\":[\"Bash(ls)\"]}}"));
    assert!(blocks("{\"disableAllHooks\":true}"));
    assert!(blocks("{\"env\":{\"ANTHROPIC_BASE_URL\":\"http://203.0.113.9\"}}"));
}

#[test]
fn a_home_behind_a_link_is_protected_by_both_names() {
    let user = User::new("linked");
    let link = user.root.join("link");
    std::os::unix::fs::symlink(user.root.join("home"), &link).unwrap();
    for home in [user.root.join("home"), link.clone()] {
        let key = home.join(".gnupg/private-keys-v1.d/k").display().to_string();
        let event = user.stage().call("c1", "Read", &json!({ "file_path": key }));
        let mut child = user.command(&["hook", "claude-code"]).env("HOME", &link).spawn().unwrap();
        child.stdin.take().unwrap().write_all(event.as_bytes()).unwrap();
        let answer = child.wait_with_output().unwrap().stdout;
        assert!(matches!(decision(&answer), Decision::Deny(_)), "{key}: {}", String::from_utf8_lossy(&answer));
    }
}

#[test]
fn an_undo_does_not_follow_a_link_that_came_since() {
    let user = User::new("planted");
    fs::write(user.work("a.txt"), "before").unwrap();
    user.writes("c1", "a.txt", "after");
    fs::write(user.root.join("victim"), "after").unwrap();
    fs::remove_file(user.work("a.txt")).unwrap();
    std::os::unix::fs::symlink(user.root.join("victim"), user.work("a.txt")).unwrap();
    assert_eq!(user.run(&["undo", "c1"]).status.code(), Some(1));
    assert_eq!(fs::read_to_string(user.root.join("victim")).unwrap(), "after");
}

#[test]
fn an_outcome_that_cannot_be_read_taints_all_the_same() {
    let user = User::new("lost");
    let input = json!({ "url": "https://docs.example.org/x", "prompt": "p" });
    assert_eq!(user.hook(&user.stage().call("c1", "WebFetch", &input)), Decision::Pass);
    let outcome = user.stage().outcome("c1", "WebFetch", &input, &json!({ "result": "x" }));
    user.hook(&outcome.replace("\"x\"}", "\"\\ud800\"}"));
    user.hook(&user.stage().call("c2", "Bash", &json!({ "command": "ls" })));
    let log = user.said(&["log", "--json"]);
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert!(last["labels"]["untrusted"].to_string().contains("docs.example.org"), "{log}");
}

#[test]
fn the_trial_runs_by_itself_and_leaves_what_it_says() {
    let user = User::new("try");
    let directory = user.root.join("home/trial");
    let started = std::time::Instant::now();
    let said = user.said(&["try", "--directory", &directory.display().to_string()]);
    assert!(started.elapsed().as_secs() < 20, "under 5 s as released, on a machine that does nothing else");
    assert!(said.contains("the ledger verifies") && said.contains("restored"), "{said}");
    assert!(directory.join("home/photos/only-copy.jpg").exists());
    assert_eq!(fs::read_to_string(directory.join("home/.bashrc")).unwrap(), "# nothing yet\n");
    assert!(fs::read_to_string(directory.join("home/greet/greet.sh")).unwrap().contains("Helo"));
}

#[test]
fn a_simulation_shows_what_another_policy_would_have_decided() {
    let user = User::new("simulate");
    let stage = user.stage();
    user.hook(&stage.call("c1", "Read", &json!({ "file_path": user.work("notes.txt") })));
    user.hook(&stage.call("c2", "Bash", &json!({ "command": "rm -r ~/photos" })));
    user.hook(&stage.call("c3", "Bash", &json!({ "command": "git status" })));
    let same = user.said(&["policy", "simulate", "coding-agent"]);
    assert!(same.contains("0 of 3 recorded calls"), "{same}");
    let rule = "@id(\"no-git\")\n@reason(\"Not here.\")\n@match(\"execute git status\")\n@no_match(\"execute ls\")\nforbid (principal, action == Action::\"execute\", resource) when { resource.name == \"git\" };\n";
    fs::write(user.root.join("new.cedar"), rule).unwrap();
    let new = user.root.join("new.cedar").display().to_string();
    let changed = user.said(&["policy", "simulate", &new, "--json"]);
    let changed: Vec<Value> = changed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!((&changed[0]["entry"], &changed[0]["was"], &changed[0]["is"]), (&json!(2), &json!("allow"), &json!("deny")));
    let observed = user.said(&["policy", "simulate", "observe", "--json"]);
    assert!(observed.contains("\"was\":\"ask\""), "{observed}");
    assert!(user.said(&["policy", "simulate", "coding-agent"]).contains("0 of 3"), "simulating records nothing");
}
