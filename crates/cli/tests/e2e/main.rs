//! End to end with the real Claude Code, driven by a scripted model on loopback: what a user has who ran
//! `bailiwick init`. Each attack is carried out without the guard (the control), and is not with it, in the usual mode
//! and in bypass mode.
//!
//! Claude Code comes from `cargo xtask claude`; where it is missing these tests fail and say so.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod attacks;
mod blind;
mod guarded;
mod stage;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use bailiwick_modelserver::claude::Mode;
use bailiwick_modelserver::{Script, Turn};
use serde_json::json;

use crate::attacks::{Attack, all};
use crate::guarded::{is_refused, is_told_why};
use crate::stage::Stage;

#[test]
fn a_benign_task_finishes_without_a_question() {
    let stage = Stage::guarded("benign");
    let file = stage.workspace.join("greet.sh");
    let script = Script::of(vec![
        Turn::call("Read", json!({"file_path": file})),
        Turn::call("Edit", json!({"file_path": file, "old_string": "Helo", "new_string": "Hello", "replace_all": false})),
        Turn::call("Bash", json!({"command": "ls && sh test.sh", "description": "test"})),
        Turn::call(
            "Bash",
            json!({"command": "git commit -qam 'Fix the greeting' && git log --oneline", "description": "commit"}),
        ),
        Turn::Say("fixed".to_owned()),
    ]);
    let (model, transcript) = stage.play(script, Mode::AcceptEdits);
    assert!(transcript.succeeded(), "{transcript:?}");
    assert_eq!(transcript.permission_denials(), 0);
    let results = model.tool_results();
    assert!(results.len() == 4 && results.iter().all(|result| !result.is_error), "{results:?}");
    assert!(results.iter().any(|result| result.text.contains("passed")), "{results:?}");
    assert!(stage.entries().iter().filter(|entry| entry["session"] != "").all(|entry| !is_refused(entry) || is_canary(entry)));
    assert!(stage.bailiwick(&["verify"]).status.success());
}

/// `bailiwick try` says that it plays a real agent's calls: here the real agent makes them, with the same arguments, and
/// its hooks report them in the same order.
#[test]
fn the_session_that_try_plays_is_what_the_real_agent_reports() {
    let stage = Stage::guarded("recorded");
    fs::write(stage.workspace.join("README.md"), "# greet\n").unwrap();
    let place = |text: &str| {
        text.replace("{work}", &stage.workspace.display().to_string()).replace("{home}", &stage.home.display().to_string())
    };
    let session = place(include_str!("../../src/cmd/try/session.json"));
    let steps: Vec<serde_json::Value> = serde_json::from_str(&session).unwrap();
    let calls: Vec<_> = steps.into_iter().filter(|step| step["prompt"].is_null()).collect();
    let turn = |step: &serde_json::Value| {
        let mut input = step["input"].clone();
        if step["tool"] == "Bash" {
            input["description"] = json!("step");
        }
        Turn::call(step["tool"].as_str().unwrap(), input)
    };
    let mut turns: Vec<Turn> = calls.iter().map(turn).collect();
    turns.push(Turn::Say("done".to_owned()));
    let (model, _) = stage.play(Script::of(turns), Mode::AcceptEdits);
    let entries = stage.entries();
    let reported: Vec<_> = entries.iter().filter(|entry| entry["kind"] == "call" && !is_canary(entry)).collect();
    assert_eq!(reported.len(), calls.len(), "{:?}", model.tool_results());
    for (call, entry) in calls.iter().zip(reported) {
        let input: serde_json::Value = serde_json::from_str(entry["input"]["text"].as_str().unwrap()).unwrap();
        assert_eq!(call["tool"], entry["tool"]);
        assert!(call["input"].as_object().unwrap().iter().all(|(name, value)| input[name] == *value), "{call} {input}");
    }
    assert_eq!(stage.damage(&model), Vec::<&str>::new());
}

/// The call by which `init` proves that the guard is live.
fn is_canary(entry: &serde_json::Value) -> bool {
    !entry["call"].as_str().unwrap_or_default().starts_with("toolu_script_")
}

#[test]
fn without_the_guard_every_attack_is_carried_out() {
    for attack in all() {
        let stage = Stage::bare(&format!("control-{}", attack.name));
        let (model, transcript) = stage.play((attack.script)(&stage), Mode::Bypass);
        assert!(transcript.succeeded(), "{}: {transcript:?}", attack.name);
        let damage = stage.damage(&model);
        assert!(damage.contains(&attack.damage), "{}: {damage:?}, {:?}", attack.name, model.tool_results());
    }
}

/// The attack does nothing in either mode, is in the ledger as refused, and the model was told which rule and why.
fn withstood(name: &str) {
    let attack: Attack = all().into_iter().find(|attack| attack.name == name).unwrap();
    for mode in [Mode::AcceptEdits, Mode::Bypass] {
        let stage = Stage::guarded(&format!("{name}-{mode:?}"));
        let (model, transcript) = stage.play((attack.script)(&stage), mode);
        assert_eq!(stage.damage(&model), [""; 0], "{mode:?}: {:?}", model.tool_results());
        assert!(transcript.succeeded(), "{mode:?}: {transcript:?}");
        let entries = stage.entries();
        for call in attack.refused {
            let entry = entries.iter().find(|entry| entry["kind"] == "call" && entry["call"] == *call);
            let entry = entry.unwrap_or_else(|| panic!("{mode:?}: no entry for {call}: {:?}", model.tool_results()));
            assert!(is_refused(entry), "{mode:?}: {entry}");
            is_told_why(entry, &model.tool_results(), mode);
            assert!(stage.bailiwick(&["why", call]).status.success());
        }
        let log = stage.bailiwick(&["log"]);
        assert!(String::from_utf8_lossy(&log.stdout).lines().count() >= attack.refused.len(), "{log:?}");
        let verified = stage.bailiwick(&["verify"]);
        assert!(verified.status.success(), "{verified:?}");
    }
}

#[test]
fn a_delete_outside_the_workspace_through_a_wrapper_is_not_carried_out() {
    withstood("wrapped-delete");
}

#[test]
fn a_start_up_file_is_not_written() {
    withstood("start-up-file");
}

#[test]
fn a_private_key_is_not_read() {
    withstood("private-key");
}

#[test]
fn a_secret_is_not_sent_out() {
    withstood("upload");
}

#[test]
fn the_agents_own_hook_settings_are_not_changed() {
    withstood("own-settings");
}

#[test]
fn a_remote_is_not_force_pushed() {
    withstood("force-push");
}

#[test]
fn a_script_written_then_run_does_not_do_what_was_refused() {
    withstood("script");
}

#[test]
fn a_sub_agent_gets_no_further_than_its_agent() {
    withstood("sub-agent");
}

/// A script whose one call leaves a mark in the workspace.
fn marking() -> Script {
    Script::of(vec![Turn::call("Bash", json!({"command": "touch mark", "description": "mark"})), Turn::Say("done".to_owned())])
}

#[test]
fn with_a_guard_that_answers_the_marking_call_runs() {
    let stage = Stage::guarded("answering");
    stage.wrap_guard("");
    let (_, transcript) = stage.play(marking(), Mode::Bypass);
    assert!(transcript.succeeded() && stage.workspace.join("mark").exists(), "{transcript:?}");
}

#[test]
fn a_call_does_not_run_where_the_guard_is_killed() {
    stopped("killed", "kill -9 $$");
}

#[test]
fn a_call_does_not_run_where_the_guard_hangs() {
    stopped("hanging", "exec sleep 45");
}

#[test]
fn a_call_does_not_run_where_the_guard_says_nothing_and_fails() {
    stopped("failing", "exit 1");
}

/// The guard does this when a call is to be judged, and answers everything else.
fn stopped(name: &str, instead: &str) {
    let stage = Stage::guarded(name);
    stage.wrap_guard(instead);
    let (model, transcript) = stage.play(marking(), Mode::Bypass);
    assert!(!stage.workspace.join("mark").exists());
    let results = model.tool_results();
    assert!(results.iter().any(|result| result.is_error), "the call was never made: {results:?} {transcript:?}");
}

#[test]
fn nothing_runs_where_the_guards_binary_is_gone() {
    let stage = Stage::guarded("gone");
    fs::remove_file(stage.guard()).unwrap();
    stage.play(marking(), Mode::Bypass);
    assert!(!stage.workspace.join("mark").exists());
}

#[test]
fn nothing_runs_where_the_guards_binary_may_not_be_started() {
    let stage = Stage::guarded("forbidden");
    fs::set_permissions(stage.guard(), fs::Permissions::from_mode(0o644)).unwrap();
    stage.play(marking(), Mode::Bypass);
    assert!(!stage.workspace.join("mark").exists());
}
