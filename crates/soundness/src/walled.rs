//! The other way to see what commands do: through the real hook and behind the real wall. In: the guard's binary and
//! commands. Out: for each that the policy allows, what the wall saw (the ledger's `observed`) held against the effects of the
//! ledger's call. Coarser than strace, which sees which process does what; but it is what every user's ledger holds.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use bailiwick_vocab::effect::{Deed, Effect};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::corpus::Row;
use crate::declared::base;
use crate::judge::{self, Outcome};
use crate::run::Ran;
use crate::seed;
use crate::trace::{Act, Done, How};
use crate::tree::{Tree, empty};

/// How long the last records may take to be written.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a command was not run: the policy asks about it, or denies it.
pub(crate) const HELD_BACK: &str = "the policy asks or denies";

/// What timeout(1) ends with where it ended the command.
const TIMED_OUT: i32 = 124;
const KILLED: i32 = 137;

/// A made-up home, and the guard of its developer.
pub(crate) struct Scene {
    root: PathBuf,
    guard: PathBuf,
    homes: Tree,
}

/// Every path below a directory, and whether it is one itself.
type Paths = BTreeMap<PathBuf, bool>;

/// What a run left behind.
struct Left {
    exit: Option<i32>,
    said: String,
    /// Paths of the home, and which of them are directories.
    after: Paths,
}

/// What the wall noted, as far as it is compared.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Seen {
    execs: Vec<Vec<String>>,
    changed: Vec<String>,
    connects: Vec<(String, u64, u64)>,
    refused: Vec<String>,
    left_out: u64,
}

/// Runs them all, one after the other.
pub(crate) fn run_all(guard: &Path, rows: &[Row], seconds: u64) -> Result<Vec<(Row, Outcome)>, String> {
    let scene = Scene::new(guard)?;
    let before = scene.renew()?;
    let mut left = HashMap::new();
    for (number, row) in rows.iter().enumerate() {
        if let Some(line) = scene.hook(number, &row.command)? {
            left.insert(number, scene.run(&line, seconds)?);
            scene.renew()?;
        }
    }
    let entries = scene.entries(left.len())?;
    let outcome = |number: usize, row: &Row| match left.get(&number) {
        None => Outcome { idle: HELD_BACK.to_owned(), ..Outcome::default() },
        Some(left) => scene.compare(&row.command, &before, left, &entries, number),
    };
    Ok(rows.iter().enumerate().map(|(number, row)| (row.clone(), outcome(number, row))).collect())
}

impl Scene {
    fn new(guard: &Path) -> Result<Scene, String> {
        let said = |error: std::io::Error| format!("the made-up home cannot be made: {error}");
        let root = std::env::temp_dir().join(format!("bailiwick-walled-{}", std::process::id()));
        for part in ["home", "repository", "config", "tmp"] {
            fs::create_dir_all(root.join(part)).map_err(said)?;
        }
        let root = root.canonicalize().map_err(said)?;
        fs::write(root.join("config/bailiwick.toml"), "[wall]\nexec = true\n").map_err(said)?;
        seed::repository(&root.join("repository"))?;
        let homes = seed::homes(&root.join("repository")).map_err(said)?;
        // A copy: whoever builds meanwhile takes the other one away.
        fs::copy(guard, root.join("guard")).map_err(|error| format!("{}: {error}", guard.display()))?;
        Ok(Scene { guard: root.join("guard"), root, homes })
    }

    fn home(&self) -> PathBuf {
        self.root.join("home/dev")
    }

    /// Makes the home anew; gives its paths.
    fn renew(&self) -> Result<Paths, String> {
        let home = self.root.join("home");
        empty(&home).and_then(|()| self.homes.write(&home)).map_err(|error| format!("the home cannot be made anew: {error}"))?;
        Ok(paths(&self.home()))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.home().join("project")).env_clear().envs(seed::ENVIRONMENT.iter().copied());
        // A home below /tmp is no scratch place: what is temporary goes elsewhere.
        command.env("HOME", self.home()).env("PWD", self.home().join("project")).env("TMPDIR", self.root.join("tmp"));
        command
    }

    fn guard(&self) -> Command {
        let mut command = self.command(&self.guard);
        command.arg("--state").arg(self.root.join("state")).arg("--config").arg(self.root.join("config"));
        command
    }

    /// The line that runs in the command's place; none where the policy asks or denies.
    fn hook(&self, number: usize, command: &str) -> Result<Option<String>, String> {
        let failed = |error: std::io::Error| format!("the hook cannot be run: {error}");
        let event = json!({"session_id": format!("s{number}"), "cwd": self.home().join("project"), "permission_mode": "default",
            "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": command},
            "tool_use_id": call(number), "transcript_path": "/dev/null"});
        let mut hook = self.guard();
        hook.args(["hook", "claude-code"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = hook.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(event.to_string().as_bytes()).map_err(failed)?;
        }
        let answer = child.wait_with_output().map_err(failed)?.stdout;
        let answer: Value = serde_json::from_slice(&answer).map_err(|error| format!("the hook's answer: {error}"))?;
        let answer = &answer["hookSpecificOutput"];
        if !answer["permissionDecision"].is_null() {
            return Ok(None);
        }
        let line = answer["updatedInput"]["command"].as_str().map(str::to_owned);
        line.map(Some).ok_or_else(|| format!("{command:?} was let run without a wall: {answer}"))
    }

    fn run(&self, line: &str, seconds: u64) -> Result<Left, String> {
        let failed = |error: std::io::Error| format!("a walled command cannot be run: {error}");
        let complaints = self.root.join("complaints");
        let mut shell = self.command(Path::new("timeout"));
        shell.args(["--kill-after=1", &seconds.to_string(), "/bin/bash", "-c", line]);
        shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&complaints).map_err(failed)?);
        let exit = shell.status().map_err(failed)?.code().filter(|code| ![TIMED_OUT, KILLED].contains(code));
        let said = fs::read(&complaints).map(|text| String::from_utf8_lossy(&text).into_owned()).map_err(failed)?;
        Ok(Left { exit, said, after: paths(&self.home()) })
    }

    /// The ledger's entries, when so many runs are recorded; the home's place in them is what the seed calls it.
    fn entries(&self, runs: usize) -> Result<Vec<Value>, String> {
        let end = Instant::now() + PATIENCE;
        loop {
            let out = self.guard().args(["log", "--all", "--json"]).output().map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&out.stdout).replace(&*self.home().to_string_lossy(), seed::HOME);
            let entries: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            let recorded = entries.iter().filter(|entry| entry["kind"] == "observed").count();
            if recorded >= runs || Instant::now() > end {
                return Ok(entries);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn compare(&self, command: &str, before: &Paths, left: &Left, entries: &[Value], number: usize) -> Outcome {
        let of_kind = |kind: &str| entries.iter().find(|entry| entry["kind"] == kind && entry["call"] == call(number));
        let (Some(asked), Some(seen)) = (of_kind("call"), of_kind("observed")) else {
            return Outcome::broken("its call or what was seen of it is not in the ledger");
        };
        let effects = serde_json::from_value::<Vec<Effect>>(asked["effects"].clone());
        let (Ok(effects), Ok(seen)) = (effects, Seen::deserialize(seen)) else {
            return Outcome::broken("an entry of the ledger cannot be read");
        };
        if !asked["all_effects"].is_null() || seen.left_out > 0 {
            return Outcome { idle: "more than an entry holds".to_owned(), ..Outcome::default() };
        }
        let ran = Ran { log: String::new(), said: left.said.clone(), exit: left.exit, cut: false };
        let mut outcome = judge::judge(command, &effects, &self.acts(&effects, before, left, &seen), &ran);
        outcome.refused = seen.refused;
        outcome
    }

    /// What the wall saw, as the trace would tell it. It does not say who did it: the first program stands for all.
    fn acts(&self, effects: &[Effect], before: &Paths, left: &Left, seen: &Seen) -> Vec<Act> {
        let program = effects.iter().find_map(program).unwrap_or("bash").to_owned();
        let act = |deed: Done| Act { program: program.clone(), packaged: true, shell: false, deed, refused: false };
        let mut deeds = Vec::new();
        for path in &seen.changed {
            let own = Path::new(path).strip_prefix(seed::HOME).map(|below| self.home().join(below));
            let own = own.unwrap_or_else(|_| PathBuf::from(path));
            let (was, is) = (before.contains_key(&own), left.after.get(&own));
            // Of what is gone again only what came below it tells that it was a directory.
            let above =
                || seen.changed.iter().any(|other| other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/')));
            let done: &[How] = match (was, is) {
                (true, Some(_)) => &[How::Write],
                (true, None) => &[How::Delete],
                (false, Some(true)) => &[How::Folder],
                (false, Some(false)) => &[How::Make],
                (false, None) if above() => &[How::Folder, How::Delete],
                (false, None) => &[How::Make, How::Delete],
            };
            deeds.extend(done.iter().map(|how| Done::Path { how: *how, path: path.clone() }));
        }
        let run = |argv: &Vec<String>| Done::Run { program: found(argv.first().map_or("", String::as_str)), argv: argv.clone() };
        let whole = |argv: &Vec<String>| argv.iter().map(|word| shortened(word).to_owned()).collect();
        deeds.extend(seen.execs.iter().map(whole).map(|argv| run(&argv)));
        deeds.extend(
            seen.connects
                .iter()
                .map(|(to, _, _)| Done::Name(to.rsplit_once(':').map_or(to.as_str(), |(host, _)| host).to_owned())),
        );
        deeds.into_iter().map(act).collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn call(number: usize) -> String {
    format!("row-{number}-")
}

/// A word without what the ledger says of the part that it leaves out: `… (5170 bytes)`.
fn shortened(word: &str) -> &str {
    word.strip_suffix(" bytes)").and_then(|rest| rest.rsplit_once("… (")).map_or(word, |(kept, _)| kept)
}

/// The name of a program that an effect starts.
fn program(effect: &Effect) -> Option<&str> {
    if let Deed::Execute { program, .. } = &effect.deed { Some(base(program)) } else { None }
}

/// Where a program of that name lies.
fn found(name: &str) -> String {
    let mut places = seed::PATH.split(':').map(|folder| format!("{folder}/{name}"));
    places.find(|path| !name.contains('/') && Path::new(path).exists()).unwrap_or_else(|| name.to_owned())
}

/// Every path below a directory.
fn paths(root: &Path) -> Paths {
    let mut found = Paths::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if directory {
                open.push(entry.path());
            }
            found.insert(entry.path(), directory);
        }
    }
    found
}

/// What the wall refused of commands whose effects were all known, by what it was: either the analysis missed it, or the
/// wall is too narrow.
pub(crate) fn refusals(results: &[(Row, Outcome)]) -> BTreeMap<String, Vec<String>> {
    let mut work = BTreeMap::<String, Vec<String>>::new();
    for (row, outcome) in results.iter().filter(|(_, outcome)| outcome.idle.is_empty() && outcome.opaque.is_empty()) {
        for refused in &outcome.refused {
            let kind = refused.split([' ', ':']).next().unwrap_or_default().to_owned();
            work.entry(kind).or_default().push(format!("{refused} <- {}", row.command));
        }
    }
    work
}
