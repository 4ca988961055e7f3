//! Whole agents behind the wall, with `bailiwick run`: the real ones do their work there; their hooks go on working; without
//! any hook the attacks do nothing either; and no tool has what the agent's own process has.

use std::fs;

use bailiwick_modelserver::{Script, Server, Transcript, Turn};
use serde_json::Value;

use crate::agent::Agent;
use crate::scenario::{ATTACKS, Attack};
use crate::stage::Stage;

/// A stage that goes with its test: four agents' homes are a gigabyte.
struct Inside<'a>(Stage<'a>);

impl<'a> Inside<'a> {
    /// The guard is there, and no hook of it.
    fn bare(agent: &'a Agent, name: &str) -> Inside<'a> {
        let stage = Stage::bare(agent, &format!("inside-{name}"));
        stage.place_guard();
        Inside(stage)
    }

    fn guarded(agent: &'a Agent, name: &str) -> Inside<'a> {
        Inside(Stage::guarded(agent, &format!("inside-{name}")))
    }

    /// Runs the agent inside, with these calls of its model and then one that shows that it goes on.
    fn play(&mut self, turns: Vec<Turn>) -> (Server, Transcript) {
        self.play_with(&[], turns)
    }

    /// The same with flags of `run`.
    fn play_with(&mut self, flags: &[&str], mut turns: Vec<Turn>) -> (Server, Transcript) {
        turns.extend([(self.0.agent.shell)("touch went-on"), Turn::Say("that is all".to_owned())]);
        let guard = self.0.home.join("guard");
        let mut words = vec![
            self.0.guard().display().to_string(),
            "--state".to_owned(),
            guard.join("state").display().to_string(),
            "--config".to_owned(),
            guard.join("config").display().to_string(),
            "run".to_owned(),
        ];
        words.extend(flags.iter().map(|flag| (*flag).to_owned()));
        words.push("--".to_owned());
        self.0.within = words;
        let played = self.0.play(Script::of(turns));
        self.0.within.clear();
        played
    }

    /// What the ledger holds of the whole run, once it is there.
    fn observed(&self) -> Value {
        for _ in 0..100 {
            let output = self.0.bailiwick(&["log", "--all", "--json"]);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let found = text
                .lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                .find(|entry| entry["kind"] == "observed");
            if let Some(found) = found {
                return found;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Value::Null
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0.home);
    }
}

/// It reads, writes and runs, and comes to its end; what its tools do is seen.
pub fn works(agent: &Agent) {
    let mut inside = Inside::bare(agent, "works");
    let turns = vec![
        (agent.read)(&inside.0.workspace.join("greet.sh")),
        (agent.write)(&inside.0.workspace.join("NOTES.md"), "greet says hello"),
        (agent.shell)("sh greet.sh World && git status --short"),
    ];
    let (model, transcript) = inside.play(turns);
    let results = model.tool_results();
    let observed = inside.observed();
    let done = transcript.succeeded() && inside.0.made("went-on") && inside.0.made("NOTES.md");
    assert!(done, "{observed} {results:?} {transcript:?}");
    assert!(results.iter().any(|result| result.text.contains("Hello, World")), "{results:?}");
    assert!(observed["execs"].to_string().contains("greet.sh"), "{observed}");
    assert!(observed["connects"].to_string().contains("127.0.0.1"), "{observed}");
}

/// A sandbox of the agent's own, which cannot be built inside: its commands run all the same.
pub fn needs_no_sandbox_of_its_own(agent: &Agent) {
    let mut inside = Inside::bare(agent, "own-sandbox");
    match agent.name {
        "claude-code" => {
            let settings = r#"{"sandbox": {"enabled": true, "autoAllowBashIfSandboxed": true}}"#;
            fs::write(inside.0.home.join(".claude/settings.json"), settings).unwrap();
        }
        "codex" => inside.0.arguments.extend(["-s", "workspace-write"].map(str::to_owned)),
        "gemini-cli" => inside.0.variables.push(("GEMINI_SANDBOX".to_owned(), "docker".to_owned())),
        _ => {}
    }
    let (model, transcript) = inside.play(vec![(agent.shell)("sh greet.sh World")]);
    let results = model.tool_results();
    assert!(transcript.succeeded() && inside.0.made("went-on"), "{results:?} {transcript:?}");
    assert!(results.iter().any(|result| result.text.contains("Hello, World")), "{results:?}");
}

/// What the agent and its tools change waits for a person.
pub fn waits_for_a_review(agent: &Agent) {
    let mut inside = Inside::bare(agent, "review");
    let notes = inside.0.workspace.join("NOTES.md");
    let turns = vec![
        (agent.write)(&notes, "greet says hello"),
        (agent.shell)("cat NOTES.md; echo '# more' >> greet.sh; git status --short"),
    ];
    let (model, transcript) = inside.play_with(&["--review"], turns);
    let results = model.tool_results();
    assert!(transcript.succeeded(), "{results:?} {transcript:?}");
    assert!(results.iter().any(|result| result.text.contains("greet says hello")), "{results:?}");
    assert!(!notes.exists() && !inside.0.made("went-on"), "{results:?}");
    let listed = inside.0.bailiwick(&["review", "--json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let paths: Vec<&str> = listed["changes"].as_array().unwrap().iter().filter_map(|change| change["path"].as_str()).collect();
    for path in ["NOTES.md", "greet.sh", "went-on"] {
        assert!(paths.contains(&path), "{listed}");
    }
    let accepted = inside.0.bailiwick(&["review", "--accept", "NOTES.md"]);
    assert!(accepted.status.success() && notes.exists() && !inside.0.made("went-on"), "{accepted:?}");
}

/// What the agent's own process has, its tools have not.
pub fn is_alone(agent: &Agent) {
    let mut inside = Inside::bare(agent, "alone");
    let profile = bailiwick_dialect::agents::named(agent.name).unwrap().profile.unwrap();
    let log_in = profile.private.first().unwrap().replace("~/", "");
    let file = inside.0.home.join(&log_in);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    if !file.exists() {
        fs::write(&file, "{}").unwrap();
    }
    let shell = |command: String| (agent.shell)(&command);
    let turns = vec![
        shell(format!("cat ~/{log_in} && echo READ-THE-LOG-IN")),
        shell(format!("echo x >> ~/{log_in} && echo WROTE-THE-LOG-IN")),
        shell("env | grep -ci 'api_key=.*scripted' | sed s/^/KEYS=/".to_owned()),
        shell("for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ; done 2>/dev/null | grep -c 'API_KEY=scripted' | sed s/^/SEEN=/".to_owned()),
        shell("url=$(cat model-url); curl -fsS --max-time 5 $url/models && echo REACHED-THE-MODEL".to_owned()),
    ];
    let (model, transcript) = inside.play(turns);
    let told: String = model.tool_results().iter().map(|result| result.text.clone()).collect();
    assert!(transcript.succeeded(), "{transcript:?} {told}");
    for sign in ["READ-THE-LOG-IN\n", "WROTE-THE-LOG-IN\n", "REACHED-THE-MODEL\n"] {
        assert!(!told.contains(sign), "{sign}: {told}");
    }
    assert!(told.contains("KEYS=0") && told.contains("SEEN=0"), "{told}");
}

/// A signal opens the debugger of an agent that runs in Node; no tool gets there, or it would be the agent.
pub fn keeps_its_debugger_to_itself(agent: &Agent) {
    let mut inside = Inside::bare(agent, "debugger");
    // Process 1 is the sandbox's own; the first that it starts is the agent.
    let script = "kill -USR1 2; sleep 1; \
                  grep -c ':240D .* 0A ' /proc/net/tcp | sed s/^/OPEN=/; \
                  curl -sS --max-time 5 http://127.0.0.1:9229/json/list && echo REACHED";
    let (model, transcript) = inside.play(vec![(agent.shell)(script)]);
    let told: String = model.tool_results().iter().map(|result| result.text.clone()).collect();
    assert!(transcript.succeeded() && told.contains("OPEN=1"), "the control: the debugger opens: {told} {transcript:?}");
    assert!(!told.contains("REACHED\n") && !told.contains("devtools"), "{told}");
}

/// Its hooks speak with the guard outside: calls are judged and recorded as ever.
pub fn keeps_its_hooks(agent: &Agent) {
    let mut inside = Inside::guarded(agent, "hooks");
    let turns = vec![(agent.shell)("sh greet.sh World"), (agent.shell)("cat ~/.ssh/id_ed25519")];
    let (model, transcript) = inside.play(turns);
    let results = model.tool_results();
    assert!(transcript.succeeded() && inside.0.made("went-on"), "{transcript:?} {results:?}");
    assert_eq!(inside.0.verdicts("greet"), ["allow"], "{results:?}");
    assert_eq!(inside.0.verdicts("id_ed25519"), ["deny"], "{results:?}");
    assert!(inside.0.damage(&model).is_empty());
    let verified = inside.0.bailiwick(&["verify"]);
    assert!(verified.status.success(), "{verified:?}");
}

/// Without any hook no attack does what it is for, the agent goes on, and what was refused is recorded.
pub fn holds_without_hooks(agent: &Agent) {
    for attack in ATTACKS {
        let mut inside = Inside::bare(agent, attack.name);
        let turn = (attack.call)(&inside.0);
        let (model, transcript) = inside.play(vec![turn]);
        withstood(&inside, attack, &model, &transcript);
    }
}

fn withstood(inside: &Inside<'_>, attack: &Attack, model: &Server, transcript: &Transcript) {
    let damage = inside.0.damage(model);
    assert!(damage.is_empty(), "{}: {damage:?} {:?} {transcript:?}", attack.name, model.tool_results());
    assert!(inside.0.made("went-on"), "{}: {:?} {transcript:?}", attack.name, model.tool_results());
    let observed = inside.observed();
    let refused = observed["refused"].as_array().is_some_and(|refused| !refused.is_empty());
    // What may not be read is refused by the kernel, which tells nobody.
    assert!(refused || attack.damage == "key told", "{}: {observed}", attack.name);
}

/// A program that does by itself what asks: the exec is judged, and stopped, and the shell around it goes on.
pub fn is_judged_as_it_happens(agent: &Agent) {
    let mut inside = Inside::bare(agent, "exec");
    fs::write(inside.0.workspace.join("tool.bin"), "git push --force https://example.org/x.git HEAD:main && echo PUS''HED\n")
        .unwrap();
    let (model, transcript) = inside.play(vec![(agent.shell)("bash tool.bin")]);
    let results = model.tool_results();
    assert!(transcript.succeeded() && inside.0.made("went-on"), "{results:?} {transcript:?}");
    assert!(results.iter().any(|result| result.text.contains("Permission denied")), "{results:?}");
    assert!(!results.iter().any(|result| result.text.contains("PUSHED")), "{results:?}");
    let observed = inside.observed();
    assert!(observed["refused"].to_string().contains("rewriting history"), "{observed}");
}
