//! Tickets: the right to run one allowed call, once. In: a recorded call and its grants. Out: a file that only its owner
//! reads, and that whoever claims it removes. Without the file there is no call; with it there is exactly one.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use bailiwick_guard::approval::effects_digest;
use bailiwick_guard::payload::hex;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::event::{Agent, Event};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::map::secret::Secret;
use bailiwick_vocab::map::{Egress, Map, Undo};
use bailiwick_vocab::record::Receipt;
use serde::{Deserialize, Serialize};

use crate::dirs::{Dirs, create_private};
use crate::disk::Disk;
use crate::failure::{Failure, Kind, Naming as _};
use crate::reading;
use crate::setup::{Setup, digest_of};
use crate::station::now_ms;
use crate::wall::carry;
use crate::wall::grants::{self, Asker, Grants};

/// How long a ticket stands. A person who is asked by the agent answers within it; what is never run does not lie about.
const LASTS_MS: u64 = 60 * 60 * 1000;

/// How far the clock may have gone back since.
const SKEW_MS: u64 = 5_000;

/// One call that may run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ticket {
    /// The ledger's entry that allowed it.
    pub entry: u64,
    /// The session.
    pub session: String,
    /// Who asked.
    pub agent: Agent,
    /// The agent's identifier of the call.
    pub call: String,
    /// The agent's name of the tool.
    pub tool: String,
    /// Where it runs, absolute.
    pub cwd: String,
    /// The session's workspace, absolute.
    pub workspace: String,
    /// Whether what is typed into it later is not seen.
    pub unseen_input: bool,
    /// SHA-256 of the command's text.
    pub command: String,
    /// Digest of the resolved effects.
    pub effects: String,
    /// What has flowed into the session.
    pub labels: Labels,
    /// Digests of the argument vectors that the effects foresee: the vectors may hold secrets.
    pub programs: Vec<String>,
    /// What it gets.
    pub grants: Grants,
    /// What undo will not bring back of it, in lines that are said before it starts.
    pub not_undone: Vec<String>,
    /// How much undo keeps.
    pub undo: Undo,
    /// The map's secrets: where they come from, not what they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, Secret>,
    /// What the map says of the way out.
    #[serde(default, skip_serializing_if = "Egress::is_empty")]
    pub egress: Egress,
    /// When it was made, in milliseconds since the Unix epoch.
    pub made_ms: u64,
}

/// The ticket of a call that was allowed, or that its user is about to be asked about.
pub fn of(
    event: &Event,
    call: &ToolCall,
    receipt: &Receipt,
    setup: &Setup,
    effects: &[Effect],
    labels: Labels,
    workspace: String,
) -> Ticket {
    let scene = &event.scene;
    let asker = Asker { agent: &scene.agent, session: &scene.session, tool: &call.tool, labels: &labels };
    let programs = effects
        .iter()
        .filter_map(|effect| if let Deed::Execute { argv, .. } = &effect.deed { Some(argv_digest(argv)) } else { None });
    let (command, unseen_input) = if let Request::Shell { command, unseen_input, .. } = &call.request {
        (command.as_str(), *unseen_input)
    } else {
        ("", false)
    };
    let mut grants = grants::of(setup, &asker, effects, &workspace, &Disk::default());
    let files = grants::programs(effects, Some(Path::new(&scene.cwd)).filter(|_| !carry::is_wanted(command)));
    grants.readable.extend(files.filter(|path| grants::permits(setup, &asker, grants::read(path))));
    Ticket {
        entry: receipt.entry(),
        session: scene.session.clone(),
        agent: scene.agent.clone(),
        call: call.id.clone(),
        tool: call.tool.clone(),
        cwd: scene.cwd.clone(),
        unseen_input,
        command: digest_of(command),
        effects: digest(effects),
        programs: programs.collect(),
        grants,
        not_undone: Vec::new(),
        undo: setup.map.undo.clone(),
        secrets: setup.map.secrets.clone(),
        egress: setup.map.egress.clone(),
        labels: labels.clone(),
        workspace,
        made_ms: now_ms(),
    }
}

impl Ticket {
    /// Puts it on the disk; the name under which it is claimed.
    pub fn issue(&self, dirs: &Dirs) -> Result<String, Failure> {
        let directory = directory(dirs);
        create_private(&directory)?;
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random)
            .map_err(|error| Failure::new(Kind::Environment, format!("no random number for a ticket: {error}")))?;
        let name = hex(&random);
        let text = serde_json::to_vec(self).map_err(|error| Failure::new(Kind::Environment, format!("a ticket: {error}")))?;
        let path = directory.join(&name);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).naming("make", &path)?;
        file.write_all(&text).naming("write", &path)?;
        Ok(name)
    }

    /// Takes it from the disk: of all who try, one succeeds, once.
    pub fn claim(dirs: &Dirs, name: &str, now_ms: u64) -> Result<Ticket, Failure> {
        let plain = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = directory(dirs).join(name);
        let mine = directory(dirs).join(format!("{name}.{}", std::process::id()));
        if !plain || fs::rename(&path, &mine).is_err() {
            return Err(refused("there is no such ticket: it was used, or never was"));
        }
        let text = fs::read(&mine).naming("read", &mine);
        let _ = fs::remove_file(&mine);
        let ticket: Ticket = serde_json::from_slice(&text?).map_err(|_| refused("the ticket cannot be read"))?;
        if now_ms > ticket.made_ms.saturating_add(LASTS_MS) {
            return Err(refused("the ticket has expired"));
        }
        if now_ms.saturating_add(SKEW_MS) < ticket.made_ms {
            return Err(refused("the ticket is from later than now: the clock was set back"));
        }
        Ok(ticket)
    }

    /// Whether this is the command that was judged.
    pub fn is_for(&self, command: &str) -> Result<(), Failure> {
        if digest_of(command) == self.command { Ok(()) } else { Err(refused("the ticket is for another command")) }
    }

    /// Whether the command still does what was judged.
    pub fn still_does(&self, command: &str) -> Result<(), String> {
        if digest(&self.effects_of(command, self.unseen_input)) == self.effects {
            return Ok(());
        }
        Err("the command would now do something else than what was judged; let the agent call its tool again".to_owned())
    }

    /// What a shell command would do, where this ticket's runs, as the disk is now, without what the digest leaves out. A map
    /// tells of tools, not of commands.
    pub fn effects_of(&self, command: &str, unseen_input: bool) -> Vec<Effect> {
        let request = Request::Shell { command: command.to_owned(), shell: Shell::Bash, background: false, unseen_input };
        let call = ToolCall { id: self.call.clone(), tool: self.tool.clone(), input: serde_json::Value::Null, request };
        reading::to_compare(&call, &self.cwd, &Map::default())
    }
}

/// The name of the journal of an entry's call. It tells the entry by itself: where everything is killed at once, nobody
/// records which journal was whose.
pub fn journal_name(entry: u64, once: &str) -> String {
    format!("call-{entry}-{once}")
}

/// Whether a journal of this name is of an entry's call.
pub fn is_journal_of(name: &str, entry: u64) -> bool {
    name.strip_prefix("call-").and_then(|rest| rest.split_once('-')).is_some_and(|(number, _)| number == entry.to_string())
}

/// The digest of an argument vector, whichever way its program was found.
pub fn argv_digest(argv: &[String]) -> String {
    let mut text = String::new();
    for (at, word) in argv.iter().enumerate() {
        let word = if at == 0 { word.rsplit('/').next().unwrap_or_default() } else { word };
        text.push_str(word);
        text.push('\0');
    }
    digest_of(&text)
}

/// The digest of resolved effects, without counts of files, and whichever process's files in /proc are meant: those change
/// while other programs run, `/proc/self` with whoever asks, and behind the wall only its own processes are there.
pub fn digest(effects: &[Effect]) -> String {
    let mut bare: Vec<Effect> = Vec::with_capacity(effects.len());
    for effect in effects {
        let mut effect = effect.clone();
        let Some(target) = effect.deed.target_mut() else {
            bare.push(effect);
            continue;
        };
        target.facts = None;
        if let Some(file) = process_file(&target.path) {
            target.path = format!("/proc/*/{file}");
            (target.given, target.also) = (None, Vec::new());
            if bare.contains(&effect) {
                continue;
            }
        }
        bare.push(effect);
    }
    effects_digest(&bare)
}

/// The rest of a path into a process's directory, or a thread's.
fn process_file(path: &str) -> Option<&str> {
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let (process, file) = path.strip_prefix("/proc/")?.split_once('/')?;
    let of_thread = file.strip_prefix("task/").and_then(|rest| rest.split_once('/')).filter(|(thread, _)| is_number(thread));
    let one = matches!(process, "self" | "thread-self") || is_number(process);
    one.then(|| of_thread.map_or(file, |(_, file)| file))
}

/// The command line that runs a ticket's command, in the agent's own shell: with what that shell knows where a command needs
/// it, and where the command may change what that shell goes on with, it is told.
pub fn command(dirs: &Dirs, name: &str, command: &str, needs_shell: bool) -> String {
    let ours = ours(dirs);
    if !needs_shell && !carry::is_wanted(command) {
        return format!("{ours} {name} -- {}", quoted(command));
    }
    let giving = if needs_shell { carry::GIVING } else { "" };
    format!("{giving}{ours} {name} --carry -- {}{}", quoted(command), after(&ours, name))
}

/// The command inside such a line, word for word; `None` where the line is anything else.
pub fn inside(dirs: &Dirs, line: &str) -> Option<String> {
    let ours = ours(dirs);
    let line = line.strip_prefix(carry::GIVING).unwrap_or(line);
    let (name, rest) = line.strip_prefix(&ours)?.strip_prefix(' ')?.split_at_checked(32)?;
    let rest = rest.strip_prefix(" --carry").unwrap_or(rest).strip_prefix(" -- ")?;
    let text = rest.strip_suffix(&after(&ours, name)).unwrap_or(rest);
    let command = text.strip_prefix('\'')?.strip_suffix('\'')?.replace("'\\''", "'");
    (name.bytes().all(|byte| byte.is_ascii_hexdigit()) && quoted(&command) == text).then_some(command)
}

/// What makes the agent's shell go on where the command's ended, with its exit code.
fn after(ours: &str, name: &str) -> String {
    format!("; eval \"$({ours} {name} --after $?)\"")
}

fn ours(dirs: &Dirs) -> String {
    let program = std::env::current_exe().map_or_else(|_| "bailiwick".to_owned(), |path| path.to_string_lossy().into_owned());
    let [state, config] = [&dirs.state, &dirs.config].map(|path| quoted(&path.to_string_lossy()));
    format!("{} --state {state} --config {config} exec", quoted(&program))
}

/// A word as a shell reads it back.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Removes tickets that nobody claimed in time.
pub fn sweep(dirs: &Dirs) {
    let old = |entry: &fs::DirEntry| {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age.as_millis() > u128::from(LASTS_MS))
    };
    let entries = fs::read_dir(directory(dirs)).into_iter().flatten().flatten();
    entries.filter(old).for_each(|entry| drop(fs::remove_file(entry.path())));
}

fn directory(dirs: &Dirs) -> PathBuf {
    dirs.state.join("tickets")
}

fn refused(why: &str) -> Failure {
    Failure::new(Kind::No, format!("{why}: nothing was run")).hint("let the agent call its tool again")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_command_comes_out_of_its_line_and_of_no_other() {
        let dirs = Dirs { state: "/s".into(), config: "/c".into() };
        let name = "0123456789abcdef0123456789abcdef";
        for text in ["ls", "echo 'it''s'", "cd /tmp && pwd", "printf '%s\n' \"a b\""] {
            for needs_shell in [false, true] {
                assert_eq!(inside(&dirs, &command(&dirs, name, text, needs_shell)).as_deref(), Some(text));
            }
            let line = command(&dirs, name, text, false);
            assert_eq!(inside(&dirs, &line).unwrap(), text);
            for other in [format!("{line}; rm x"), format!("x {line}"), line.replace(name, "x"), line.replace("exec", "hook")] {
                assert_eq!(inside(&dirs, &other), None, "{other}");
            }
        }
    }
}
