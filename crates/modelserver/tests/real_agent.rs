//! The real Claude Code plays a script: what this crate promises, and the positive control of the tests that guard it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_modelserver::claude::{self, Mode};
use bailiwick_modelserver::{Ground, Run, Script, Server, Transcript, Turn};
use serde_json::json;

/// A fresh home with a project in it.
fn stage(name: &str) -> (Ground, PathBuf) {
    let home = Ground::clear(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)).unwrap();
    let workspace = home.path().join("project");
    fs::create_dir_all(&workspace).unwrap();
    (home, workspace)
}

fn play(home: &Path, workspace: &Path, script: Script) -> (Server, Transcript) {
    let model = Server::start(script).unwrap();
    let run = Run { home, workspace, path_prefix: Path::new("/usr/bin"), variables: &[], arguments: &[], within: &[] };
    let transcript = claude::run(&claude::find().unwrap(), &model, &run, Mode::Bypass, "begin").unwrap();
    (model, transcript)
}

#[test]
fn without_a_guard_every_call_of_the_script_is_carried_out() {
    let (home, workspace) = stage("unguarded");
    let script = Script::of(vec![
        Turn::call("Bash", json!({"command": "touch made && echo hello-from-bash", "description": "make"})),
        Turn::call(
            "Agent",
            json!({"description": "sub", "prompt": "SUBMARK go", "subagent_type": "general-purpose", "run_in_background": false}),
        ),
        Turn::Say("finished".to_owned()),
    ])
    .with_branch(
        "SUBMARK",
        vec![
            Turn::call("Bash", json!({"command": "touch made-by-sub", "description": "make"})),
            Turn::Say("sub finished".to_owned()),
        ],
    );
    let (model, transcript) = play(home.path(), &workspace, script);
    assert!(transcript.succeeded(), "{transcript:?}");
    assert!(workspace.join("made").exists() && workspace.join("made-by-sub").exists(), "{:?}", model.tool_results());
    assert!(model.tool_results().iter().any(|result| result.text.contains("hello-from-bash")));
    assert!(model.tool_results().iter().any(|result| result.text.contains("sub finished")));
}

#[test]
fn a_hook_that_denies_is_heard_and_its_reason_reaches_the_model() {
    let (home, workspace) = stage("denying");
    let hook = home.path().join("deny.sh");
    let answer = r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"rule 7 says no"}}"#;
    fs::write(&hook, format!("cat >/dev/null\necho '{answer}'\n")).unwrap();
    fs::create_dir_all(home.path().join(".claude")).unwrap();
    let settings =
        json!({"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": format!("sh {}", hook.display())}]}]}});
    fs::write(home.path().join(".claude/settings.json"), settings.to_string()).unwrap();
    let script = Script::of(vec![
        Turn::call("Bash", json!({"command": "touch made", "description": "make"})),
        Turn::Say("finished".to_owned()),
    ]);
    let (model, transcript) = play(home.path(), &workspace, script);
    assert!(transcript.succeeded(), "{transcript:?}");
    assert!(!workspace.join("made").exists());
    assert!(model.tool_results().iter().any(|result| result.is_error && result.text.contains("rule 7 says no")));
}
