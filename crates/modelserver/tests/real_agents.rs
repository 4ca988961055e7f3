//! Each real agent plays a script: what this crate promises, and the positive control of the tests that guard them.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bailiwick_modelserver::{Ground, Run, Script, Server, Transcript, Turn, cline, codex, copilot, gemini, opencode, qwen};
use serde_json::{Value, json};

/// An agent: how it is found and run, and the calls by which it runs a command and writes a file.
struct Agent {
    name: &'static str,
    find: fn() -> Result<PathBuf, String>,
    run: fn(&Path, &Server, &Run<'_>, &str) -> io::Result<Transcript>,
    shell: fn(&str) -> Turn,
    write: fn(&Path, &str) -> Turn,
}

fn shell(tool: &str, mut rest: Value, command: &str) -> Turn {
    rest["command"] = json!(command);
    Turn::call(tool, rest)
}

/// The agent makes a file by a command and another with its own tool, hears of both, and comes to an end.
fn plays(agent: &Agent) {
    let ground = Ground::clear(Path::new(env!("CARGO_TARGET_TMPDIR")).join(agent.name)).unwrap();
    let home = ground.path();
    let workspace = home.join("project");
    fs::create_dir_all(&workspace).unwrap();
    let script = Script::of(vec![
        // It lasts a moment: Qwen Code's terminal now and then loses what a command writes at its very end.
        (agent.shell)("touch made && expr 40 + 1002 && sleep 0.3"),
        (agent.write)(&workspace.join("written.txt"), "hello from a tool"),
        Turn::Say("finished".to_owned()),
    ]);
    let model = Server::start(script).unwrap();
    let run =
        Run { home, workspace: &workspace, path_prefix: Path::new("/usr/bin"), variables: &[], arguments: &[], within: &[] };
    let transcript = (agent.run)(&(agent.find)().unwrap(), &model, &run, "please begin now").unwrap();
    let results = model.tool_results();
    assert!(transcript.succeeded(), "{transcript:?} {results:?}");
    assert!(workspace.join("made").exists(), "{results:?}");
    assert!(fs::read_to_string(workspace.join("written.txt")).unwrap().contains("hello from a tool"), "{results:?}");
    assert!(results.iter().any(|result| result.text.contains("1042")), "{results:?}");
    assert_eq!(results.len(), 2, "{results:?}");
}

#[test]
fn codex_plays_a_script() {
    plays(&Agent {
        name: "codex",
        find: codex::find,
        run: codex::run,
        shell: |command| Turn::call("exec_command", json!({"cmd": command})),
        write: |_, text| {
            Turn::call("apply_patch", json!(format!("*** Begin Patch\n*** Add File: written.txt\n+{text}\n*** End Patch\n")))
        },
    });
}

#[test]
fn gemini_plays_a_script() {
    plays(&Agent {
        name: "gemini",
        find: gemini::find,
        run: gemini::run,
        shell: |command| shell("run_shell_command", json!({"description": "go on"}), command),
        write: |file, text| Turn::call("write_file", json!({"file_path": file, "content": text})),
    });
}

#[test]
fn copilot_plays_a_script() {
    plays(&Agent {
        name: "copilot",
        find: copilot::find,
        run: copilot::run,
        shell: |command| shell("bash", json!({"description": "go on"}), command),
        write: |file, text| Turn::call("create", json!({"path": file, "file_text": text})),
    });
}

#[test]
fn qwen_plays_a_script() {
    plays(&Agent {
        name: "qwen",
        find: qwen::find,
        run: qwen::run,
        shell: |command| shell("run_shell_command", json!({"description": "go on", "is_background": false}), command),
        write: |file, text| Turn::call("write_file", json!({"file_path": file, "content": text})),
    });
}

#[test]
fn opencode_plays_a_script() {
    plays(&Agent {
        name: "opencode",
        find: opencode::find,
        run: opencode::run,
        shell: |command| shell("bash", json!({"description": "go on"}), command),
        write: |file, text| Turn::call("write", json!({"filePath": file, "content": text})),
    });
}

#[test]
fn cline_plays_a_script() {
    plays(&Agent {
        name: "cline",
        find: cline::find,
        run: cline::run,
        shell: |command| Turn::call("run_commands", json!({"commands": [command]})),
        write: |file, text| Turn::call("editor", json!({"path": file, "new_text": text})),
    });
}
