//! The same attacks with a guard that takes every shell command for a harmless one: it allows them all, and the wall alone must
//! hold them. A file tool has no wall of its own; the path that it names is what is judged, and nothing is analysed there. With
//! the whole agent inside (`bailiwick run`) not even that is needed.

use std::fs;
use std::path::Path;
use std::process::Command;

use bailiwick_modelserver::claude::Mode;

use crate::attacks::all;
use crate::guarded::is_refused;
use crate::stage::{Stage, blind};

/// What only a build that reads no command can say.
const MARK: &[u8] = b"this-build-reads-no-command.example";

/// In bypass mode, where the agent itself asks nobody.
fn held(names: &[&str]) {
    for attack in all().into_iter().filter(|attack| names.contains(&attack.name)) {
        let stage = Stage::blind(&format!("blind-{}", attack.name));
        let (model, transcript) = stage.play((attack.script)(&stage), Mode::Bypass);
        assert!(transcript.succeeded(), "{}: {transcript:?}", attack.name);
        assert_eq!(stage.damage(&model), [""; 0], "{}: {:?}", attack.name, model.tool_results());
        let entries = stage.entries();
        for call in attack.refused {
            let of_call = |kind: &str| entries.iter().find(|entry| entry["kind"] == kind && entry["call"] == *call);
            let entry = of_call("call").unwrap_or_else(|| panic!("{}: no entry for {call}", attack.name));
            let by_shell = entry["tool"] == "Bash";
            // The reading was harmless, so the line let it pass; the command ran, and behind the wall.
            assert_eq!(is_refused(entry), !by_shell, "{}: {entry}", attack.name);
            assert_eq!(of_call("observed").is_some(), by_shell, "{}: {call} was not behind the wall", attack.name);
        }
        assert!(stage.bailiwick(&["verify"]).status.success());
    }
}

#[test]
fn the_wall_alone_holds_what_deletes_and_writes() {
    held(&["wrapped-delete", "start-up-file", "own-settings", "script"]);
}

#[test]
fn the_wall_alone_holds_what_reads_sends_and_pushes() {
    held(&["private-key", "upload", "force-push", "sub-agent"]);
}

/// The whole agent inside, without any hook: its file tools are held as well.
fn held_inside(names: &[&str]) {
    for attack in all().into_iter().filter(|attack| names.contains(&attack.name)) {
        let stage = Stage::blind_without_hooks(&format!("blind-run-{}", attack.name));
        let guard = stage.guard().display().to_string();
        let (model, transcript) = stage.play_within(&[&guard, "run", "--"], (attack.script)(&stage), Mode::Bypass);
        assert!(transcript.succeeded(), "{}: {transcript:?}", attack.name);
        assert!(model.tool_results().len() >= attack.refused.len(), "{}: {:?}", attack.name, model.tool_results());
        assert_eq!(stage.damage(&model), [""; 0], "{}: {:?}", attack.name, model.tool_results());
        // What a tool process does is judged as it happens: no call of the agent's was told to the guard.
        let told = |entry: &serde_json::Value| entry["call"].as_str().is_some_and(|call| call.starts_with("toolu_script_"));
        assert!(!stage.entries().iter().any(told), "{}: a hook was asked", attack.name);
    }
}

#[test]
fn the_wall_around_a_whole_agent_holds_what_deletes_and_writes() {
    held_inside(&["wrapped-delete", "start-up-file", "own-settings", "script"]);
}

#[test]
fn the_wall_around_a_whole_agent_holds_what_reads_sends_and_pushes() {
    held_inside(&["private-key", "upload", "force-push", "sub-agent"]);
}

#[test]
fn the_shipped_binary_cannot_be_made_blind() {
    let holds = |file: &[u8]| file.windows(MARK.len()).any(|window| window == MARK);
    assert!(holds(&fs::read(blind()).unwrap()), "the control: the blind build does not hold its mark");
    assert!(!holds(&fs::read(env!("CARGO_BIN_EXE_bailiwick")).unwrap()));
    // What ships reads the same command, and finds a blind guard out: the canary call is not denied.
    let stage = Stage::blind("unseeing");
    let reads = |program: &Path| {
        let out = Command::new(program).args(["effects", "--json", "--", "rm -rf ../photos"]).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        String::from_utf8_lossy(&out.stdout).contains("photos")
    };
    assert!(reads(Path::new(env!("CARGO_BIN_EXE_bailiwick"))) && !reads(&stage.guard()));
    let doctor = stage.bailiwick(&["doctor"]);
    assert!(!doctor.status.success(), "{doctor:?}");
}
