//! Every failure of the guard's own denies, in the agent's form, says why, and never lets the call run. Each test
//! starts the real binary as the agent would.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bailiwick_dialect::claude::probe::{Speaker, decision};
use bailiwick_dialect::claude::settings::USER;
use bailiwick_dialect::tongue::{Decision, Stage};
use serde_json::json;

/// A home, a workspace and the guard's directories, removed afterwards.
struct Scene {
    root: PathBuf,
}

impl Scene {
    fn new(name: &str) -> Scene {
        let root = std::env::temp_dir().join(format!("bailiwick-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for part in ["home", "home/work", "config"] {
            fs::create_dir_all(root.join(part)).unwrap();
        }
        Scene { root }
    }

    fn state(&self) -> PathBuf {
        self.root.join("state")
    }

    fn hook(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
        command.args(["hook", "claude-code", "--state"]).arg(self.state()).arg("--config").arg(self.root.join("config"));
        command.env("HOME", self.root.join("home")).env_remove("CLAUDE_PROJECT_DIR").current_dir(self.root.join("home/work"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn harmless(&self) -> Vec<u8> {
        self.call("Bash", &json!({ "command": "ls" }))
    }

    fn call(&self, tool: &str, input: &serde_json::Value) -> Vec<u8> {
        let stage = Speaker(Stage { session: "s".into(), cwd: self.root.join("home/work").display().to_string() });
        stage.call("c1", tool, input).into_bytes()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = Command::new("chmod").args(["-R", "u+w"]).arg(&self.root).output();
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn answer(mut command: Command, event: &[u8]) -> Output {
    let mut child = command.spawn().unwrap();
    // A guard that refuses before it has read everything closes the pipe; that is its right.
    let _ = child.stdin.take().unwrap().write_all(event);
    child.wait_with_output().unwrap()
}

fn reason_of_denial(output: &Output) -> String {
    match decision(&output.stdout) {
        Decision::Deny(reason) => reason,
        other @ (Decision::Pass | Decision::Ask(_) | Decision::Garbage) => panic!("{other:?} from {output:?}"),
    }
}

#[test]
fn a_harmless_call_passes_so_that_the_denials_below_mean_something() {
    let scene = Scene::new("harmless");
    let output = answer(scene.hook(), &scene.harmless());
    assert_eq!(decision(&output.stdout), Decision::Pass, "{output:?}");
    assert!(output.status.success());
}

#[test]
fn bytes_that_do_not_parse_are_denied() {
    let scene = Scene::new("bytes");
    for bytes in [&b"{"[..], b"", b"[]", b"\xff\xfe", b"{\"hook_event_name\":\"PreToolUse\"}"] {
        let output = answer(scene.hook(), bytes);
        assert!(!reason_of_denial(&output).is_empty(), "{bytes:?}");
    }
}

#[test]
fn a_doubled_key_is_denied() {
    let scene = Scene::new("double");
    let event =
        String::from_utf8(scene.harmless()).unwrap().replace("\"command\":\"ls\"", "\"command\":\"rm -rf /\",\"command\":\"ls\"");
    assert!(event.contains("rm -rf"));
    reason_of_denial(&answer(scene.hook(), event.as_bytes()));
}

#[test]
fn an_unknown_event_is_denied() {
    let scene = Scene::new("event");
    let event = String::from_utf8(scene.harmless()).unwrap().replace("PreToolUse", "PreToolUseNext");
    reason_of_denial(&answer(scene.hook(), event.as_bytes()));
}

#[test]
fn an_unknown_tool_is_denied() {
    let scene = Scene::new("tool");
    let output = answer(scene.hook(), &scene.call("Teleport", &json!({ "to": "moon" })));
    assert!(reason_of_denial(&output).contains("Teleport"), "{output:?}");
}

#[test]
fn a_policy_that_does_not_load_denies_and_names_the_file() {
    let scene = Scene::new("policy");
    fs::write(scene.root.join("config/mine.cedar"), "permit(principal, action, resource) when { contxt.x };").unwrap();
    let output = answer(scene.hook(), &scene.harmless());
    assert!(reason_of_denial(&output).contains("policy"), "{output:?}");
}

#[test]
fn a_policy_that_errs_denies() {
    let scene = Scene::new("errs");
    let rule = "@id(\"overflow\")\n@reason(\"test\")\nforbid(principal, action, resource) when { 9223372036854775807 + (if context.untrusted then 1 else 2) > 0 };";
    fs::write(scene.root.join("config/mine.cedar"), rule).unwrap();
    let output = answer(scene.hook(), &scene.harmless());
    assert!(reason_of_denial(&output).contains("policy-error"), "{output:?}");
}

#[test]
fn a_map_that_does_not_load_denies() {
    let scene = Scene::new("map");
    fs::write(scene.root.join("config/bailiwick.toml"), "[places.secrets]\npathz = []\n").unwrap();
    reason_of_denial(&answer(scene.hook(), &scene.harmless()));
}

#[test]
fn a_ledger_that_cannot_be_made_denies() {
    let scene = Scene::new("made");
    fs::write(scene.state(), "a file where the state directory should be").unwrap();
    assert!(reason_of_denial(&answer(scene.hook(), &scene.harmless())).contains("cannot"));
}

#[test]
fn a_ledger_on_a_full_disk_denies() {
    let scene = Scene::new("full");
    assert!(answer(scene.hook(), &scene.harmless()).status.success());
    // The kernel refuses to let any file grow: what a full disk does to a write, without root.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -f 0; trap '' XFSZ; exec \"$0\" \"$@\""]);
    let hook = scene.hook();
    command.arg(hook.get_program()).args(hook.get_args());
    command.env("HOME", scene.root.join("home")).current_dir(scene.root.join("home/work"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = answer(command, &scene.harmless());
    assert!(reason_of_denial(&output).contains("ledger"), "{output:?}");
}

#[test]
fn a_ledger_that_somebody_holds_denies_within_the_budget() {
    let scene = Scene::new("held");
    assert!(answer(scene.hook(), &scene.harmless()).status.success());
    let lock = fs::File::options().write(true).open(scene.state().join("ledger/lock")).unwrap();
    lock.lock().unwrap();
    let started = std::time::Instant::now();
    let output = answer(scene.hook(), &scene.harmless());
    assert!(reason_of_denial(&output).contains("ledger"), "{output:?}");
    assert!(started.elapsed().as_secs() < 8);
}

#[test]
fn a_changed_ledger_denies() {
    let scene = Scene::new("changed");
    assert!(answer(scene.hook(), &scene.harmless()).status.success());
    shorten(&scene.state().join("ledger"));
    let output = answer(scene.hook(), &scene.harmless());
    assert!(reason_of_denial(&output).contains("ledger"), "{output:?}");
}

/// Cuts every entry out of a ledger, leaving its signed checkpoint.
fn shorten(ledger: &Path) {
    let head = ledger.join("head");
    let files: Vec<PathBuf> =
        if head.is_dir() { fs::read_dir(&head).unwrap().map(|entry| entry.unwrap().path()).collect() } else { vec![head] };
    for file in files {
        fs::write(file, "").unwrap();
    }
}

#[test]
fn standard_output_that_takes_nothing_ends_in_exit_2_and_a_reason() {
    let scene = Scene::new("devfull");
    let mut command = scene.hook();
    command.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
    let output = answer(command, &scene.harmless());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("call blocked"));
}

#[test]
fn closed_standard_streams_are_denials() {
    let scene = Scene::new("closed");
    for (redirection, on_stdout) in [("<&-", true), (">&-", false), ("<&- >&-", false)] {
        let mut command = Command::new("sh");
        let hook = scene.hook();
        command.arg("-c").arg(format!("exec \"$0\" \"$@\" {redirection}")).arg(hook.get_program()).args(hook.get_args());
        command.env("HOME", scene.root.join("home")).current_dir(scene.root.join("home/work"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = answer(command, &scene.harmless());
        if on_stdout {
            reason_of_denial(&output);
        } else {
            assert_eq!(output.status.code(), Some(2), "{redirection}: {output:?}");
        }
    }
}

#[test]
fn a_parse_bomb_is_opaque_within_the_budget() {
    let scene = Scene::new("bomb");
    let bombs = [
        "(".repeat(50_000),
        "$(".repeat(20_000),
        "\"$(`".repeat(10_000),
        "cat <<A ".repeat(8_000),
        "'".repeat(3_000_001),
        "{".repeat(30_000),
    ];
    for bomb in bombs {
        let started = std::time::Instant::now();
        let output = answer(scene.hook(), &scene.call("Bash", &json!({ "command": bomb })));
        assert_ne!(decision(&output.stdout), Decision::Pass, "{}", &bomb[..20]);
        assert!(started.elapsed().as_secs() < 5);
    }
}

#[test]
fn a_missing_binary_is_blocked_by_the_settings_own_command() {
    let scene = Scene::new("missing");
    let command = bailiwick_dialect::settings::HookCommand {
        program: scene.root.join("no such file").display().to_string(),
        args: Vec::new(),
    };
    let settings = USER.plan_install(None, &command).unwrap().after;
    let found = USER.find_commands(&settings).unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &found[0].command]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = answer(shell, &scene.harmless());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("blocked"));
}

#[test]
fn the_state_is_for_its_owner_alone() {
    let scene = Scene::new("modes");
    assert!(answer(scene.hook(), &scene.harmless()).status.success());
    for directory in [scene.state(), scene.state().join("ledger")] {
        assert_eq!(fs::metadata(directory).unwrap().permissions().mode() & 0o077, 0);
    }
}
