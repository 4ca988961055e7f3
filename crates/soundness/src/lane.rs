//! The inside of a throw-away world: builds it, then takes commands from standard input, one JSON object a line, and
//! answers each with its outcome.
//!
//! Between commands the homes and temporary folders are made anew. Where a command touched more, the outcome says that
//! this lane is used up.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use bailiwick_effect::effects::effects;
use bailiwick_effect::resolve::resolve;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::map::Map;

use crate::cage::Job;
use crate::disk::Disk;
use crate::judge::{self, Outcome};
use crate::trace::{Act, Done};
use crate::tree::{Tree, empty};
use crate::{props, run, say, seed, trace};

/// Folders that are emptied after each command that wrote; what was made beside these at the top is removed.
const FRESH: &[&str] = &["/home", "/tmp", "/var/tmp", "/dev/shm"];

/// Names that bash itself runs.
const BUILTINS: &str = ". : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown \
    echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd \
    pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias \
    unset wait";

/// Serves until standard input ends.
pub(crate) fn serve(ground: &str) -> ExitCode {
    let world = match enter(Path::new(ground)) {
        Ok(world) => world,
        Err(problem) => {
            say::problem(&format!("no throw-away world: {problem}"));
            return ExitCode::from(4);
        }
    };
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(job) = serde_json::from_str::<Job>(&line) else { return ExitCode::from(70) };
        let outcome = one(&job, &world);
        let Ok(reply) = serde_json::to_string(&outcome) else { return ExitCode::from(70) };
        say::line(&reply);
        if outcome.dirty || outcome.broken {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// What the world is made anew from.
struct Origin {
    homes: Tree,
    /// What stands at the top.
    top: BTreeSet<OsString>,
}

/// Goes into a new world and fills it.
fn enter(ground: &Path) -> Result<Origin, String> {
    // The first to go when memory runs short.
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
    let homes = seed::homes(&ground.join("project")).map_err(|error| format!("cannot read the project: {error}"))?;
    let root = ground.join("root");
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(include_str!("cage.sh")).arg("cage.sh").arg(&root).stdin(Stdio::null()).stdout(Stdio::null());
    let status = shell.status().map_err(|error| format!("cannot start sh: {error}"))?;
    if !status.success() {
        return Err(format!("building its walls ended with {status}"));
    }
    // Not one step without the walls.
    if ground.exists() || fs::exists("/old").unwrap_or(true) || std::process::id() != 1 {
        return Err("its walls are not where they should be".to_owned());
    }
    homes.write(Path::new("/home")).map_err(|error| format!("cannot write the home: {error}"))?;
    let top = fs::read_dir("/").map_err(|error| format!("cannot list the root: {error}"))?;
    Ok(Origin { homes, top: top.flatten().map(|entry| entry.file_name()).collect() })
}

fn one(job: &Job, world: &Origin) -> Outcome {
    let mut declared = declared(&job.command);
    if let Some(program) = absent(&declared) {
        return Outcome { idle: "a program is not here".to_owned(), programs: vec![program.to_owned()], ..Outcome::default() };
    }
    let props = props::make(&declared, &job.command);
    if props.any() {
        declared = self::declared(&job.command);
    }
    let ran = match run::run(&job.command, job.seconds) {
        Ok(ran) => ran,
        Err(problem) => return Outcome::broken(&problem),
    };
    let Some(acts) = trace::read(&ran.log, &job.command, seed::PROJECT) else {
        return Outcome::broken(&format!("the command's start is not in the log: {}", ran.said.trim()));
    };
    let mut outcome = judge::judge(&job.command, &declared, &acts, &ran);
    outcome.dirty = ran.cut || props.made.iter().any(|path| !world.renews(path)) || acts.iter().any(|act| world.spoilt(act));
    let wrote = ran.exit.is_none() || acts.iter().any(|act| matches!(act.deed, Done::Path { .. } | Done::Local(_)));
    if (wrote || props.any()) && !outcome.dirty {
        outcome.dirty = world.renew().is_err();
    }
    outcome
}

/// The first program of the command, where it is not installed: nothing would run.
fn absent(declared: &[Effect]) -> Option<&str> {
    let program =
        declared.iter().find_map(|effect| if let Deed::Execute { program, .. } = &effect.deed { Some(program) } else { None })?;
    let here = |folder: &str| Path::new(folder).join(program).exists();
    let plain = program.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte));
    let known = !plain || BUILTINS.split_whitespace().any(|name| name == program) || seed::PATH.split(':').any(here);
    (!known).then_some(program)
}

fn declared(command: &str) -> Vec<Effect> {
    let request = Request::Shell { command: command.to_owned(), shell: Shell::Bash, background: false, unseen_input: false };
    let call = ToolCall { id: String::new(), tool: "Bash".to_owned(), request, input: serde_json::Value::Null };
    resolve(effects(&call, seed::PROJECT, &Map::default(), &Disk), seed::PROJECT, &Disk)
}

impl Origin {
    fn renew(&self) -> std::io::Result<()> {
        for entry in fs::read_dir("/")?.flatten() {
            if self.top.contains(&entry.file_name()) {
                continue;
            }
            if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
        }
        for folder in FRESH {
            empty(Path::new(folder))?;
        }
        self.homes.write(Path::new("/home"))
    }

    /// Whether what stands at a path is made anew.
    fn renews(&self, path: &str) -> bool {
        let top = path.split('/').nth(1).unwrap_or_default();
        FRESH.iter().any(|place| path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')))
            || (!top.is_empty() && !self.top.contains(OsStr::new(top)))
    }

    /// Whether an act changed what is not made anew.
    fn spoilt(&self, act: &Act) -> bool {
        let Done::Path { path, .. } = &act.deed else { return false };
        let device =
            is_device(path) || path.starts_with("/dev/pts/") || path.starts_with("/dev/fd/") || path.starts_with("/proc/");
        !act.refused && !device && !self.renews(path)
    }
}

fn is_device(path: &str) -> bool {
    ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/ptmx"]
        .contains(&path)
}
