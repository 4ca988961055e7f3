//! What every agent's dialect gives, as one table a dialect: how it is read and answered, where its hooks stand, how it
//! is found and proved live, and what its hooks cannot enforce. `cli` knows agents through this alone.

use bailiwick_vocab::event::Event;
use bailiwick_vocab::record::Receipt;

use crate::error::ParseError;
use crate::profile::Profile;
use crate::project::ProjectFile;
use crate::settings::{Change, Closing, HookCommand, Layout, SettingsError};
use crate::trust::Trust;

/// One agent's contract.
#[derive(Debug)]
pub struct Tongue {
    /// What stands after `hook`, and what policy and ledger call the client.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Names of its program on the search path.
    pub programs: &'static [&'static str],
    /// Directories below the home that show that it has been used.
    pub homes: &'static [&'static str],
    /// Whether people have terminals of their own inside it, as in an editor.
    pub hosts_terminals: bool,
    /// The environment variable in which the agent tells hooks the project's directory, where there is one.
    pub project_variable: Option<&'static str>,
    /// Environment variables that switch its hooks off or move its settings, for `doctor`.
    pub switches: &'static [&'static str],
    /// Reads one hook message. What does not parse is refused.
    pub parse: fn(&[u8]) -> Result<Event, ParseError>,
    /// The answer to a recorded event: the message as it came, the event read from it, its receipt.
    pub render: fn(&[u8], &Event, &Receipt) -> Answer,
    /// The answer that puts other shell commands in the place of allowed ones, where the agent honours that and its own
    /// questions remain.
    pub rewrite: Option<Rewrite>,
    /// The answer where there is no record: the message as it came (perhaps broken), the reason.
    pub refuse: fn(&[u8], &str) -> Answer,
    /// The session of a message that did not parse, as far as it can be told.
    pub session_of: fn(&[u8]) -> Option<&str>,
    /// Files that `init` writes, the user's tier first. All of a tier are needed together.
    pub placements: &'static [Placement],
    /// Files of a project by which it could leave our hooks out, for `doctor`.
    pub project: &'static [ProjectFile],
    /// How it is told to trust the user's hooks; none where it runs them as they are written.
    pub trust: Option<&'static Trust>,
    /// What its own process needs when the whole agent runs behind the wall; none where that was not tried.
    pub profile: Option<&'static Profile>,
    /// Speaks as the agent would, for `doctor`.
    pub probe: Probe,
    /// What hooks cannot enforce in this agent, and what closes the gap.
    pub residue: &'static [Residue],
}

/// How an agent is given another command.
#[derive(Clone, Copy, Debug)]
pub struct Rewrite {
    /// The answer: the message as it came, the event, its receipt, and the commands, in the place of as many.
    pub answer: fn(&[u8], &Event, &Receipt, &[String]) -> Option<Answer>,
    /// Whether the agent takes it as its own command in every respect. Where not, a user has to ask for it.
    pub by_default: bool,
}

impl Rewrite {
    /// One that changes nothing for the agent.
    pub const fn always(answer: fn(&[u8], &Event, &Receipt, &[String]) -> Option<Answer>) -> Option<Rewrite> {
        Some(Rewrite { answer, by_default: true })
    }
}

/// What the agent gets back from the hook process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Standard output, whole.
    pub stdout: Vec<u8>,
    /// Standard error, whole; empty for most.
    pub stderr: String,
    /// The exit code.
    pub exit: u8,
}

impl Answer {
    /// One JSON line on standard output and exit code 0.
    #[must_use]
    pub fn says(stdout: Vec<u8>) -> Answer {
        Answer { stdout, stderr: String::new(), exit: 0 }
    }
}

/// Whose settings a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The user's, whom the agent acts for: it may be edited by it where nothing else stands in the way.
    User,
    /// The machine's, owned by root.
    Managed,
}

/// One file that `init` writes.
#[derive(Debug)]
pub struct Placement {
    /// Whose it is.
    pub tier: Tier,
    /// Absolute, or below the home with `~/`.
    pub path: &'static str,
    /// An environment variable that moves it, and the directory (a beginning of `path`) that the variable stands for.
    pub moved_by: Option<(&'static str, &'static str)>,
    /// What is written there.
    pub form: Form,
}

/// What is written into a placement.
#[derive(Debug)]
pub enum Form {
    /// Hooks among other settings, as JSON.
    Settings(&'static Layout),
    /// A file that is wholly ours, its text given the command. Its first line, or its second after `#!`, holds
    /// [`MARK`]. Executable where the flag says.
    Own(fn(&HookCommand) -> String, bool),
}

/// Stands in a file that is wholly ours.
pub const MARK: &str = "written by bailiwick init";

/// A gap, and what closes it. For people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residue {
    /// The gap.
    pub what: &'static str,
    /// What closes it.
    pub cure: &'static str,
}

/// How `doctor` speaks as the agent does.
#[derive(Debug)]
pub struct Probe {
    /// A shell call about to run, as the agent reports it: the stage, the call's identifier, the command.
    pub shell: fn(&Stage, &str, &str) -> String,
    /// What an answer means to the agent.
    pub decision: fn(&Reply<'_>) -> Decision,
}

/// Where and in whose session the events are said to happen.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The session.
    pub session: String,
    /// The working directory, absolute.
    pub cwd: String,
}

/// What a hook process gave back.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The exit code; none where a signal ended it.
    pub exit: Option<i32>,
    /// Standard output.
    pub stdout: &'a [u8],
    /// Standard error.
    pub stderr: &'a [u8],
}

/// What an answer before a call means to the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No objection: the agent's own permissions decide.
    Pass,
    /// The agent asks its user.
    Ask(String),
    /// The call does not run.
    Deny(String),
    /// Not an answer that the agent understands: it would run the call.
    Garbage,
}

impl Tongue {
    /// The lines by which hook settings start this command, with and without what makes a failure a refusal.
    #[must_use]
    pub fn hook_lines(&self, command: &HookCommand) -> Vec<String> {
        let mut lines = vec![command.line(self.name, None), command.line(self.name, Some(Closing::ExitTwo))];
        let layouts = self.placements.iter().filter_map(|placement| match &placement.form {
            Form::Settings(layout) => Some(command.line(self.name, Some(layout.closing))),
            Form::Own(..) => None,
        });
        lines.extend(layouts);
        lines
    }
}

impl Placement {
    /// What `init` would make of the file.
    ///
    /// # Errors
    /// Where the file is there and cannot be changed safely.
    pub fn plan_install(&self, existing: Option<&str>, command: &HookCommand) -> Result<Change, SettingsError> {
        match &self.form {
            Form::Settings(layout) => layout.plan_install(existing, command),
            Form::Own(text, _) => {
                let after = text(command);
                let steps = match existing {
                    None => vec!["make it".to_owned()],
                    Some(existing) if existing == after => Vec::new(),
                    Some(existing) if is_own(existing) => vec!["renew it".to_owned()],
                    Some(_) => return Err(SettingsError::Foreign),
                };
                Ok(Change { after, steps, warnings: Vec::new() })
            }
        }
    }

    /// What `init --undo` would make of the file. An empty text is no file.
    ///
    /// # Errors
    /// Where the file cannot be changed safely.
    pub fn plan_uninstall(&self, existing: &str) -> Result<Change, SettingsError> {
        match &self.form {
            Form::Settings(layout) => layout.plan_uninstall(existing),
            Form::Own(..) if is_own(existing) => {
                Ok(Change { after: String::new(), steps: vec!["remove it".to_owned()], warnings: Vec::new() })
            }
            Form::Own(..) => Ok(Change { after: existing.to_owned(), steps: Vec::new(), warnings: Vec::new() }),
        }
    }

    /// What is not there that should be.
    ///
    /// # Errors
    /// Where the file cannot be read as what it should be.
    pub fn missing(&self, existing: &str, command: &HookCommand) -> Result<Vec<&'static str>, SettingsError> {
        match &self.form {
            Form::Settings(layout) => layout.missing(existing, command),
            Form::Own(text, _) => Ok(if existing == text(command) { Vec::new() } else { vec!["the guard's own text"] }),
        }
    }
}

impl Placement {
    /// The command that the agent runs before a tool, as the file has it; the first entry of a layout is that event.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn before_tool(&self, existing: &str, agent: &Tongue, command: &HookCommand) -> Result<String, String> {
        let Form::Settings(layout) = &self.form else { return Ok(command.line(agent.name, None)) };
        let event = layout.entries.first().map_or("", |entry| entry.event);
        let found = layout.find_commands(existing).map_err(|error| error.to_string())?;
        let mut ours = found.into_iter().filter(|found| found.ours && found.event == event);
        match (ours.next(), ours.next()) {
            (Some(hook), None) => Ok(hook.command),
            (None, _) => Err(format!("none of our hooks stands for {event}")),
            (Some(_), Some(_)) => Err(format!("more than one of our hooks stands for {event}")),
        }
    }
}

fn is_own(text: &str) -> bool {
    text.lines().take(2).any(|line| line.contains(MARK))
}
