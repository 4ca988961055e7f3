//! Approvals: what they let pass, how often, and for whom.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use bailiwick_dialect::tongue::Decision;
use serde_json::{Value, json};

use crate::user::User;

/// Approves from outside of every agent's process tree: the suite itself may run under one.
fn approve(user: &User, arguments: &str) -> String {
    let (said, done) = (user.root.join("said"), user.root.join("done"));
    let _ = fs::remove_file(&done);
    let program = env!("CARGO_BIN_EXE_bailiwick");
    let root = user.root.display();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!(
        "(setsid '{program}' approve {arguments} --state '{root}/state' --config '{root}/config' >'{}' 2>&1; echo $? >'{}') &",
        said.display(),
        done.display()
    ));
    assert!(shell.env("HOME", user.root.join("home")).stdin(Stdio::null()).status().unwrap().success());
    let started = std::time::Instant::now();
    while fs::read_to_string(&done).unwrap_or_default().trim().is_empty() {
        assert!(started.elapsed().as_secs() < 60, "approve does not end");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    format!("{} {}", fs::read_to_string(&done).unwrap().trim(), fs::read_to_string(&said).unwrap())
}

#[test]
fn an_approval_lets_the_same_effects_pass_once_and_nothing_else() {
    let user = User::new("approve");
    let stage = user.stage();
    fs::create_dir_all(user.root.join("home/old")).unwrap();
    fs::write(user.root.join("home/old/letters.txt"), "the only copy").unwrap();
    let ask = |id: &str, command: &str| user.hook(&stage.call(id, "Bash", &json!({ "command": command })));
    assert!(matches!(ask("a1", "rm -r ~/old"), Decision::Ask(_)));
    assert!(approve(&user, "a1 --yes").starts_with("0 "));
    // Another act does not pass on it; the same act does, once.
    assert!(matches!(ask("a2", "rm -r ~/old ~/older"), Decision::Ask(_)));
    assert_eq!(ask("a3", "rm  -r  ~/old"), Decision::Pass);
    assert!(matches!(ask("a4", "rm -r ~/old"), Decision::Ask(_)));
    // It ends by itself.
    assert!(approve(&user, "a4 --yes --for 1s").starts_with("0 "));
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    assert!(matches!(ask("a5", "rm -r ~/old"), Decision::Ask(_)));
    // What no yes lifts cannot be approved, and nobody approves without a person.
    assert!(matches!(ask("a6", "rm -rf ~"), Decision::Deny(_)));
    assert!(approve(&user, "a6 --yes").starts_with("1 "));
    assert!(approve(&user, "a5").contains("nobody is there to ask"));
}

/// Hooks of the user's tier and of the machine's each judge the same call, one right after the other.
#[test]
fn both_tiers_hooks_let_the_approved_call_pass_and_no_third_does() {
    let user = User::new("approve-tiers");
    let stage = user.stage();
    fs::create_dir_all(user.root.join("home/old")).unwrap();
    let ask = |id: &str, command: &str| user.hook(&stage.call(id, "Bash", &json!({ "command": command })));
    assert!(matches!(ask("a1", "rm -r ~/old"), Decision::Ask(_)));
    assert!(approve(&user, "a1 --yes").starts_with("0 "));
    assert_eq!(ask("a2", "rm -r ~/old"), Decision::Pass);
    assert!(matches!(ask("a2", "rm -r ~/old ~/older"), Decision::Ask(_)), "another act");
    assert!(matches!(ask("a3", "rm -r ~/old"), Decision::Ask(_)), "another call");
    assert_eq!(ask("a2", "rm -r ~/old"), Decision::Pass, "the other tier's hook");
    assert!(matches!(ask("a2", "rm -r ~/old"), Decision::Ask(_)), "there are two tiers");
    // A call whose outcome has come is over, even at once.
    assert!(approve(&user, "a3 --yes").starts_with("0 "));
    assert_eq!(ask("a4", "rm -r ~/old"), Decision::Pass);
    user.hook(&stage.outcome("a4", "Bash", &json!({ "command": "rm -r ~/old" }), &json!("done")));
    assert!(matches!(ask("a4", "rm -r ~/old"), Decision::Ask(_)), "it has run");
}

/// These give their calls no identifier, but each event a time, the same for the hooks of all tiers.
#[test]
fn of_two_equal_calls_without_an_identifier_one_passes() {
    let arguments = || json!({"command": "rm -r ~/old", "description": "x"});
    let gemini = |at: u64| {
        json!({"hook_event_name": "BeforeTool", "session_id": "s", "transcript_path": "", "timestamp": format!("2026-05-04T10:00:00.{at}Z"),
               "tool_name": "run_shell_command", "tool_input": arguments()})
    };
    let copilot =
        |at: u64| json!({"sessionId": "s", "timestamp": 1_795_438_695_000 + at, "toolName": "bash", "toolArgs": arguments()});
    let agents: [(&str, &dyn Fn(u64) -> Value); 2] = [("gemini-cli", &gemini), ("copilot-cli", &copilot)];
    for (agent, event) in agents {
        let user = User::new(&format!("approve-equal-{agent}"));
        fs::create_dir_all(user.root.join("home/old")).unwrap();
        let passes = |at: u64| {
            let mut event = event(at);
            event["cwd"] = json!(user.root.join("home/work"));
            let said = answer(&user, agent, &event);
            !said.contains("\"deny\"") && !said.contains("\"ask\"")
        };
        assert!(!passes(100));
        assert!(approve(&user, "'#0' --yes").starts_with("0 "));
        assert!(passes(200));
        assert!(!passes(450), "another call of {agent}");
        assert!(passes(200), "the other tier's hook of {agent}");
        assert!(!passes(200) && !passes(450), "there are two tiers");
    }
}

#[test]
fn an_agent_cannot_approve() {
    let user = User::new("approve-agent");
    let agent = user.root.join("claude");
    fs::write(&agent, "#!/bin/sh\nsh -c \"$1\"; exit $?\n").unwrap();
    fs::set_permissions(&agent, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let asked = user.hook(&user.stage().call("b1", "Bash", &json!({ "command": "rm -r ~/photos" })));
    assert!(matches!(asked, Decision::Ask(_)));
    let root = user.root.display();
    let command =
        format!("'{}' approve b1 --yes --state '{root}/state' --config '{root}/config'", env!("CARGO_BIN_EXE_bailiwick"));
    let output = Command::new(&agent).arg(command).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("runs under Claude Code"), "{output:?}");
}

/// What an agent's hook process answers; each of these agents says a denial by `"behavior":"deny"` or
/// `"permissionDecision":"deny"`.
fn answer(user: &User, agent: &str, event: &Value) -> String {
    let mut child = user.command(&["hook", agent]).spawn().unwrap();
    child.stdin.take().unwrap().write_all(event.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An agent that asks its user after our hook has let a call pass, as it reports both.
struct Asker {
    agent: &'static str,
    tool: &'static str,
    /// In which our own asks are denials.
    mode: &'static str,
    /// Members of the call alone.
    call: fn(&str) -> Value,
    /// Members of the request alone: it has other arguments beside the command, and no identifier.
    request: fn() -> Value,
}

const ASKERS: [Asker; 3] = [
    Asker {
        agent: "codex",
        tool: "Bash",
        mode: "default",
        call: |id| json!({"tool_use_id": id, "turn_id": "t1"}),
        request: || json!({"turn_id": "t1", "description": "they are old"}),
    },
    Asker {
        agent: "qwen-code",
        tool: "run_shell_command",
        mode: "auto-edit",
        call: |id| json!({"tool_use_id": id, "tool_call_id": id, "is_background": false}),
        request: || json!({"is_background": false}),
    },
    Asker {
        agent: "claude-code",
        tool: "Bash",
        mode: "dontAsk",
        call: |id| json!({"tool_use_id": id}),
        request: || json!({"permission_suggestions": []}),
    },
];

impl Asker {
    fn event(&self, user: &User, name: &str, command: &str, more: Value) -> Value {
        let mut event = json!({
            "session_id": "s1", "transcript_path": "", "cwd": user.root.join("home/work"), "permission_mode": self.mode,
            "model": "m", "hook_event_name": name, "tool_name": self.tool, "tool_input": {"command": command},
        });
        for (key, value) in more.as_object().unwrap() {
            let place =
                if matches!(key.as_str(), "description" | "is_background") { &mut event["tool_input"] } else { &mut event };
            place[key] = value.clone();
        }
        event
    }

    /// Whether the call passes our hook.
    fn calls(&self, user: &User, id: &str, command: &str) -> bool {
        !answer(user, self.agent, &self.event(user, "PreToolUse", command, (self.call)(id))).contains("deny")
    }

    /// What the ledger holds of the permission that the agent asks for, after it was answered accordingly.
    fn requests(&self, user: &User, command: &str, more: Value) -> Value {
        let mut members = (self.request)();
        members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = answer(user, self.agent, &self.event(user, "PermissionRequest", command, members));
        let log = user.said(&["log", "--all", "--json"]);
        let entry: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        assert_eq!(entry["what"], "permission-request", "{entry}");
        assert_eq!(entry["ruling"]["verdict"] == "deny", answer.contains("deny"), "{entry} {answer}");
        entry
    }
}

#[test]
fn the_permission_request_of_the_call_that_used_an_approval_up_passes_and_no_other_does() {
    for asker in ASKERS {
        let user = User::new(&format!("asks-{}", asker.agent));
        fs::create_dir_all(user.root.join("home/old")).unwrap();
        fs::write(user.root.join("home/old/letters.txt"), "the only copy").unwrap();
        let (command, none) = ("rm -r ~/old", json!({}));
        let passes = |command: &str, more: &Value| asker.requests(&user, command, more.clone())["ruling"]["verdict"] == "allow";
        let agent = asker.agent;

        assert!(!asker.calls(&user, "a1", command), "{agent}");
        assert!(!passes(command, &none), "{agent}: nobody has approved");
        assert!(approve(&user, "a1 --yes").starts_with("0 "), "{agent}");
        assert!(asker.calls(&user, "a2", command), "{agent}");
        // Another act, another agent and another call of that name do not pass on it.
        assert!(!passes("rm -r ~/old ~/older", &none), "{agent}");
        assert!(!passes(command, &json!({"agent_id": "sub-1", "agent_type": "general"})), "{agent}");
        assert!(!passes(command, &json!({"tool_use_id": "a9"})), "{agent}");
        // The call itself does, and the ledger says by which approval: the one that the call used up.
        let entry = asker.requests(&user, "rm  -r  ~/old", none.clone());
        assert_eq!(entry["ruling"]["verdict"], "allow", "{agent}: {entry}");
        let log = user.said(&["log", "--json"]);
        let entries: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let used = entries.iter().find(|entry| entry["call"] == "a2").unwrap();
        assert!(used["approval"].is_string() && used["approval"] == entry["approval"], "{agent}: {used} {entry}");
        assert!(user.said(&["log", "--all"]).contains("under approval"), "{agent}");
        // Asking has not made it stand for another call.
        assert!(!asker.calls(&user, "a3", command), "{agent}");

        // With the call's outcome it is over.
        let response = json!({"tool_use_id": "a2", "tool_response": "", "is_background": false});
        answer(&user, agent, &asker.event(&user, "PostToolUse", command, response));
        assert!(!passes(command, &none), "{agent}: the call has ended");
    }
}

#[test]
fn what_an_approval_let_pass_is_over_when_the_user_speaks_again_or_its_time_is_up() {
    let user = User::new("asks-later");
    fs::create_dir_all(user.root.join("home/old")).unwrap();
    let [codex, ..] = ASKERS;
    let passes = || codex.requests(&user, "rm -r ~/old", json!({}))["ruling"]["verdict"] == "allow";
    assert!(!codex.calls(&user, "a1", "rm -r ~/old"));
    assert!(approve(&user, "a1 --yes").starts_with("0 "));
    assert!(codex.calls(&user, "a2", "rm -r ~/old") && passes());
    let prompt = json!({
        "session_id": "s1", "turn_id": "t2", "transcript_path": null, "cwd": user.root.join("home/work"), "model": "m",
        "permission_mode": "default", "hook_event_name": "UserPromptSubmit", "prompt": "go on",
    });
    answer(&user, "codex", &prompt);
    assert!(!passes(), "the user has spoken");
    assert!(approve(&user, "a1 --yes --for 2s").starts_with("0 "));
    assert!(codex.calls(&user, "a3", "rm -r ~/old"));
    std::thread::sleep(std::time::Duration::from_millis(2_200));
    assert!(!passes(), "its time is up");
}
