//! `bailiwick try`: plays the recorded calls of a real agent's session through the real hook, in a throw-away project
//! with a poisoned README and a fake secret, really executing what is allowed; then verifies the ledger and undoes an
//! edit. No network, nothing to configure.

mod project;
mod session;
mod tools;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bailiwick_dialect::claude::probe::{Speaker, decision};
use bailiwick_dialect::tongue::{Decision, Stage};
use bailiwick_ledger::reader::{Entry, Reader};
use bailiwick_ledger::verify::{VerifyOptions, verify};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::record::Body;
use serde_json::Value;

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind, Naming as _};
use crate::ledger_view::{call_of, open, unreadable};
use crate::terminal::{Ink, ink, line, shown, verdict};
use crate::words;

use project::Project;
use session::{Step, steps};
use tools::perform;

/// See it work: a real session's calls through the real line, in a throw-away project
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick try")]
pub struct Arguments {
    /// Where to make the throw-away project [default: a new directory below the temporary one]
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// Plays the session.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let root = match &arguments.directory {
        Some(directory) => directory.clone(),
        None => std::env::temp_dir().join(format!("bailiwick-try-{}", std::process::id())),
    };
    let project = Project::make(&root)?;
    line(&ink(Ink::Bold, "A coding agent works in a throw-away project. Its README has been poisoned."))?;
    line(&ink(
        Ink::Dim,
        &format!("{} (the agent: Claude Code; its calls: recorded; the line and what runs: real)", project.root.display()),
    ))?;
    let play =
        Play { stage: Speaker(Stage { session: "try".to_owned(), cwd: project.work.display().to_string() }), project: &project };
    play.hook(&play.stage.session_start())?;
    for (number, step) in steps(&project)?.iter().enumerate() {
        play.step(number, step)?;
    }
    closing(&project)
}

struct Play<'a> {
    stage: Speaker,
    project: &'a Project,
}

impl Play<'_> {
    fn step(&self, number: usize, step: &Step) -> Result<(), Failure> {
        match step {
            Step::Prompt(text) => {
                line("")?;
                line(&format!("{} {text}", ink(Ink::Bold, "user ")))?;
                self.hook(&self.stage.prompt(text)).map(drop)
            }
            Step::Call { tool, input } => self.call(&format!("try_{number:02}"), tool, input),
        }
    }

    fn call(&self, id: &str, tool: &str, input: &Value) -> Result<(), Failure> {
        let answer = self.hook(&self.stage.call(id, tool, input))?;
        let entry = self.last_entry()?;
        line("")?;
        describe(&entry, tool, input).iter().try_for_each(|text| line(&self.project.shortened(text)))?;
        match decision(&answer) {
            Decision::Pass => self.execute(id, tool, input),
            Decision::Ask(_) => line(&ink(Ink::Dim, "      → a person would be asked; nobody is here, so it does not run")),
            Decision::Deny(_) => line(&ink(Ink::Dim, "      → it does not run; the agent is told why")),
            Decision::Garbage => Err(Failure::new(Kind::Environment, "the hook did not answer").hint("this is a bug")),
        }
    }

    fn execute(&self, id: &str, tool: &str, input: &Value) -> Result<(), Failure> {
        let event = match perform(self.project, tool, input) {
            Ok(response) => self.stage.outcome(id, tool, input, &response),
            Err(error) => self.stage.failure(id, tool, input, &error),
        };
        self.hook(&event)?;
        let entry = self.last_entry()?;
        let outcome = self.project.shortened(&words::record(&entry.record));
        line(&ink(Ink::Dim, &format!("      → ran: {}", shown(&outcome, 100))))?;
        let Body::Outcome { findings, .. } = &entry.record.body else { return Ok(()) };
        let mut found =
            findings.iter().map(|found| format!("      ! {} {}", ink(Ink::Bold, &found.rule), shown(&found.text, 100)));
        found.try_for_each(|text| line(&text))
    }

    /// Starts `bailiwick hook` as the agent would and gives its answer.
    fn hook(&self, event: &str) -> Result<Vec<u8>, Failure> {
        let program = std::env::current_exe()
            .map_err(|error| Failure::new(Kind::Environment, "this program's own path cannot be found").because(error))?;
        let mut child = self
            .project
            .environment(Command::new(&program).arg("hook").arg("claude-code"))
            .arg("--state")
            .arg(&self.project.state)
            .arg("--config")
            .arg(&self.project.config)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .naming("start", &program)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(event.as_bytes()).naming("write to", &program)?;
        }
        Ok(child.wait_with_output().naming("wait for", &program)?.stdout)
    }

    fn last_entry(&self) -> Result<Entry, Failure> {
        let mut reader: Reader = open(&self.project.state.join("ledger"))?;
        let last = reader.size().saturating_sub(1);
        reader.entry(last).map_err(unreadable)
    }
}

/// The call, its effects, its verdict and why.
fn describe(entry: &Entry, tool: &str, input: &Value) -> Vec<String> {
    let Some(call) = call_of(entry) else { return vec![words::record(&entry.record)] };
    let mut text = vec![format!("{} {} {}", verdict(call.ruling.verdict), ink(Ink::Bold, tool), shown(&asked(input), 100))];
    for effect in &call.effects {
        text.push(format!("      {}", words::effect(effect)));
    }
    if call.ruling.verdict > Verdict::Allow {
        let decisive = call.ruling.reasons.iter().filter(|reason| reason.verdict == call.ruling.verdict);
        text.extend(
            decisive.take(3).map(|reason| format!("      {} {}", ink(Ink::Bold, &reason.policy), shown(&reason.text, 110))),
        );
    }
    text
}

/// The argument that tells most.
fn asked(input: &Value) -> String {
    let first = ["command", "file_path", "url"].iter().find_map(|name| input.get(*name).and_then(Value::as_str));
    first.map_or_else(|| input.to_string(), str::to_owned)
}

fn closing(project: &Project) -> Result<(), Failure> {
    let ledger = project.state.join("ledger");
    let report = verify(&ledger, &VerifyOptions::default())
        .map_err(|failure| Failure::new(Kind::No, format!("the ledger does not verify: {failure}")))?;
    line("")?;
    crate::cmd::verify::in_words(&report).iter().try_for_each(|text| line(&ink(Ink::Green, text)))?;
    let edited = project.work.join(session::EDITED);
    let after_edit = fs::read_to_string(&edited).naming("read", &edited)?;
    let dirs = Dirs { state: project.state.clone(), config: project.config.clone() };
    crate::cmd::undo::run(dirs, &crate::cmd::undo::Arguments::of_call(&edit_call(project)?))?;
    if fs::read_to_string(&edited).naming("read", &edited)? == after_edit {
        return Err(Failure::new(Kind::No, "the undo changed nothing"));
    }
    where_it_lies(project)
}

/// The identifier of the edit that is taken back.
fn edit_call(project: &Project) -> Result<String, Failure> {
    let mut reader = open(&project.state.join("ledger"))?;
    for entry in reader.entries(0) {
        let entry = entry.map_err(unreadable)?;
        if let Some(call) = call_of(&entry)
            && call.tool == "Edit"
        {
            return Ok(call.call.clone());
        }
    }
    Err(Failure::new(Kind::No, "the session's edit is not in the ledger"))
}

fn where_it_lies(project: &Project) -> Result<(), Failure> {
    let program = std::env::args().next().unwrap_or_else(|| "bailiwick".to_owned());
    let program = if Path::new(&program).components().count() > 1 { program } else { "bailiwick".to_owned() };
    line("")?;
    line(&format!("project  {}", project.work.display()))?;
    line(&format!("ledger   {}", project.state.join("ledger").display()))?;
    line(&ink(Ink::Bold, "what to type next"))?;
    line(&format!("  {program} why try_06 --state {}", project.state.display()))?;
    line(&format!("  {program} show --state {}", project.state.display()))?;
    line(&format!("  {program} init                    put the guard into your own agent's settings"))
}
