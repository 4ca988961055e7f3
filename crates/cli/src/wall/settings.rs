//! Files of settings that one tool alone changes, and only as it was judged: `git config --global`, `npm config set`,
//! `pip config set`. In: the argument vectors of a call; the processes that run, as the kernel knows them. Out: which files
//! those are, and whether a process is such a tool.
//!
//! What the tool writes is then what its arguments say, as long as nobody else's code runs in it. So the process is the
//! shell that reads the call's command, or was forked by it and has executed nothing else; no code lies in it that the call
//! could have written (such code could exchange the arguments while the kernel reads them); the program is the one that the
//! name means, where the call cannot write; and the variables are those with which the call began.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bailiwick_vocab::effect::{Deed, Effect, Target};
use serde::{Deserialize, Serialize};

use crate::disk::real_path;
use crate::wall::environment::loads_code;

/// The kernel's mark of a process that has not executed anything since it was forked.
const NOTHING_EXECUTED: u64 = 0x40;

/// Variables that steer no code: they may be others than at the beginning.
const HARMLESS: &[&str] = &["_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "EDITOR", "VISUAL", "TERM", "NO_COLOR", "CI"];

/// Programs by which a tool's script comes to its interpreter.
const INTERPRETERS: &[&str] = &["env", "node"];

/// What git is that makes a repository, or changes one's settings.
pub const REPOSITORY: &str = "git in a repository";

/// A tool and its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The tool's name.
    pub tool: String,
    /// The file.
    pub file: PathBuf,
}

/// The tool whose settings this argument vector changes.
pub fn tool_of(argv: &[String]) -> Option<&'static str> {
    let [program, words @ ..] = argv else { return None };
    let words: Vec<&str> = words.iter().map(String::as_str).take(2).collect();
    match (program.rsplit('/').next()?, words.as_slice()) {
        ("git", ["config", ..]) => Some("git"),
        ("npm", ["config", "set" | "delete" | "rm"] | ["set", _]) => Some("npm"),
        ("pip" | "pip3", ["config", "set" | "unset"]) => Some("pip"),
        _ => None,
    }
}

/// The settings that a call changes, where all of what it does was read. What may hold log-ins is hidden where it is there: a
/// tool that could not read it would write it anew, so it gets nothing.
pub fn of(effects: &[Effect], home: &Path) -> Vec<Setting> {
    let mut found: Vec<Setting> = Vec::new();
    // Most of what git sets is a repository's own.
    let users = effects.iter().any(|effect| effect.deed.target().is_some_and(Target::is_git_user_settings));
    for effect in effects {
        let Deed::Execute { argv, .. } = &effect.deed else { continue };
        let Some(tool) = tool_of(argv).filter(|tool| !found.iter().any(|one| one.tool == *tool)) else { continue };
        let file = file_of(tool, home);
        if if tool == "git" { users } else { !file.exists() } {
            found.push(Setting { tool: tool.to_owned(), file });
        }
    }
    found
}

/// Where a tool keeps a user's settings. Of git's two files it takes the second only where there is no first.
fn file_of(tool: &str, home: &Path) -> PathBuf {
    let below = |name: &str| home.join(name);
    let file = match tool {
        "npm" => below(".npmrc"),
        "pip" => below(".config/pip/pip.conf"),
        _ => {
            let [first, second] = [".gitconfig", ".config/git/config"].map(below);
            if !first.exists() && second.exists() { second } else { first }
        }
    };
    real_path(&file, true)
}

/// The processes that are such tools now.
#[derive(Default)]
pub struct Settlers {
    /// The call's own first process, and whether it is the shell that reads the command.
    first: OnceLock<(i32, bool)>,
    /// The variables with which the call began.
    began: Vec<(OsString, OsString)>,
    /// Where the call may write.
    trees: Vec<PathBuf>,
    settling: Mutex<HashMap<i32, Settler>>,
}

struct Settler {
    tool: &'static str,
    /// When the process began: its number may be another's later.
    began: u64,
    /// Its arguments without the program.
    words: Vec<String>,
}

/// A program that is about to start in a process.
pub struct Start<'a> {
    /// The process.
    pub pid: i32,
    /// The program's real path.
    pub program: &'a Path,
    /// Its arguments.
    pub argv: &'a [String],
    /// The tool that it is, where it was judged.
    pub tool: Option<&'static str>,
    /// Its environment; none where it cannot be read.
    pub variables: &'a dyn Fn() -> Option<Vec<OsString>>,
}

impl Settlers {
    /// With the variables and places of the plan.
    pub fn new(began: Vec<(OsString, OsString)>, trees: Vec<PathBuf>) -> Settlers {
        Settlers { began, trees, ..Settlers::default() }
    }

    /// The call's first process has started; whether it is the shell that reads the command.
    pub fn note_first(&self, pid: i32, is_shell: bool) {
        self.first.get_or_init(|| (pid, is_shell));
    }

    /// A program is about to start: as a tool that changes what is its own, or as anything else.
    pub fn starts(&self, start: &Start<'_>) {
        let before = self.locked().remove(&start.pid);
        let Some(process) = Process::of(start.pid) else { return };
        let goes_on = before.filter(|settler| settler.began == process.began && goes_on(settler, start.argv));
        let own = self.first.get().is_none_or(|(first, shell)| *shell && (start.pid == *first || process.is_forked_by(*first)));
        let tool = match &goes_on {
            Some(settler) => Some(settler.tool),
            None => start.tool.filter(|_| own && self.is_meant(start.program, start.argv)),
        };
        let Some(tool) = tool.filter(|_| self.is_sound(start)) else { return };
        let words = goes_on.map_or_else(|| start.argv.get(1..).unwrap_or_default().to_vec(), |settler| settler.words);
        self.locked().insert(start.pid, Settler { tool, began: process.began, words });
    }

    /// Whether a process, by the number of one of its threads, is this tool.
    pub fn holds(&self, thread: i32, tool: &str) -> bool {
        let pid = group_of(thread).unwrap_or(thread);
        let settling = self.locked();
        let settler = settling.get(&pid).filter(|settler| settler.tool == tool);
        settler.is_some_and(|settler| Process::of(pid).is_some_and(|process| process.began == settler.began))
    }

    fn is_sound(&self, start: &Start<'_>) -> bool {
        !self.is_written(start.program)
            && self.has_no_foreign_code(start.pid)
            && (start.variables)().is_some_and(|variables| self.are_as_begun(&variables))
    }

    fn is_written(&self, path: &Path) -> bool {
        self.trees.iter().any(|tree| path.starts_with(tree))
    }

    /// Whether the program is the one that its name means on the search path with which the call began.
    fn is_meant(&self, program: &Path, argv: &[String]) -> bool {
        let Some(name) = argv.first() else { return false };
        let path = self.began.iter().find(|(variable, _)| variable == "PATH").map(|(_, path)| path.as_os_str());
        let candidate = if name.contains('/') {
            Some(PathBuf::from(name))
        } else {
            std::env::split_paths(path.unwrap_or_default()).map(|directory| directory.join(name)).find(|path| path.is_file())
        };
        candidate.is_some_and(|path| path.is_absolute() && !self.is_written(&path) && real_path(&path, true) == program)
    }

    /// Whether all code in a process comes from files that the call cannot write.
    fn has_no_foreign_code(&self, pid: i32) -> bool {
        let Ok(maps) = std::fs::read_to_string(format!("/proc/{pid}/maps")) else { return false };
        maps.lines().all(|line| {
            let mut words = line.splitn(6, ' ');
            let executable = words.nth(1).is_none_or(|rights| rights.contains('x'));
            let file = words.nth(3).unwrap_or_default().trim_start();
            let systems = file.starts_with('/') && !file.ends_with(" (deleted)") && !self.is_written(Path::new(file));
            !executable || systems || matches!(file, "[vdso]" | "[vsyscall]")
        })
    }

    fn are_as_begun(&self, variables: &[OsString]) -> bool {
        variables.iter().all(|variable| {
            let bytes = variable.as_bytes();
            let Some(at) = bytes.iter().position(|byte| *byte == b'=') else { return false };
            let (name, value) = (bytes.get(..at).unwrap_or_default(), bytes.get(at + 1..).unwrap_or_default());
            if loads_code(&String::from_utf8_lossy(name)) && !self.leads_nowhere_written(value) {
                return false;
            }
            HARMLESS.iter().any(|harmless| harmless.as_bytes() == name)
                || self.began.iter().any(|(own, was)| own.as_bytes() == name && was.as_bytes() == value)
        })
    }

    /// Whether a list of directories from which code is loaded names none that the call can write.
    fn leads_nowhere_written(&self, value: &[u8]) -> bool {
        let mut parts = value.split(|byte| *byte == b':').map(|part| Path::new(OsStr::from_bytes(part)));
        parts.all(|part| part.is_absolute() && !self.is_written(&real_path(part, true)))
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<i32, Settler>> {
        self.settling.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a tool's script comes to its interpreter: the same words, behind the script's name.
fn goes_on(settler: &Settler, argv: &[String]) -> bool {
    let interpreter = argv.first().and_then(|program| program.rsplit('/').next());
    interpreter.is_some_and(|name| INTERPRETERS.contains(&name))
        && argv.len() > settler.words.len()
        && argv.ends_with(&settler.words)
}

/// What the kernel says of a process.
struct Process {
    pid: i32,
    parent: i32,
    flags: u64,
    threads: u64,
    began: u64,
}

impl Process {
    fn of(pid: i32) -> Option<Process> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name, in brackets, may hold anything.
        let (_, rest) = text.rsplit_once(')')?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let number = |at: usize| words.get(at)?.parse().ok();
        Some(Process { pid, parent: words.get(1)?.parse().ok()?, flags: number(6)?, threads: number(17)?, began: number(19)? })
    }

    /// A program can have itself forked as its parent's child; then it is still that program.
    fn is_forked_by(&self, shell: i32) -> bool {
        let program = |pid| std::fs::metadata(format!("/proc/{pid}/exe")).map(|file| (file.dev(), file.ino())).ok();
        let same = program(self.pid).is_some_and(|own| program(shell) == Some(own));
        self.parent == shell && self.flags & NOTHING_EXECUTED != 0 && self.threads == 1 && same
    }
}

fn group_of(thread: i32) -> Option<i32> {
    let text = std::fs::read_to_string(format!("/proc/{thread}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("Tgid:"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_those_with_which_the_call_began_and_load_nothing_that_it_wrote() {
        let began = [("PATH", "/usr/bin"), ("PYTHONPATH", "/opt/lib"), ("NODE_PATH", "/opt/lib:/w/lib"), ("PERL5LIB", "lib")];
        let began = began.map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let settlers = Settlers::new(began.to_vec(), vec!["/w".into()]);
        let are = |variable: &str| settlers.are_as_begun(&[OsString::from(variable)]);
        for variable in ["PATH=/usr/bin", "PYTHONPATH=/opt/lib", "SHLVL=2", "EDITOR=vi"] {
            assert!(are(variable), "{variable}");
        }
        let others = ["PATH=/w", "LD_PRELOAD=/opt/x.so", "FOO=1", "NODE_PATH=/opt/lib:/w/lib", "PERL5LIB=lib", "LD_PRELOAD"];
        for variable in others {
            assert!(!are(variable), "{variable}");
        }
    }

    #[test]
    fn a_script_goes_on_to_its_interpreter_and_nowhere_else() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let settler = Settler { tool: "npm", began: 1, words: words("config set a b") };
        assert!(goes_on(&settler, &words("/usr/bin/node /usr/bin/npm config set a b")));
        assert!(!goes_on(&settler, &words("node /usr/bin/npm config set a c")));
        assert!(!goes_on(&settler, &words("sh /usr/bin/npm config set a b")));
        assert_eq!(tool_of(&words("npm config list")), None);
        assert_eq!(tool_of(&words("/usr/bin/pip3 config set a b")), Some("pip"));
    }

    #[test]
    fn an_environment_that_cannot_be_read_is_none_that_the_call_began_with() {
        let began = vec![(OsString::from("HOME"), OsString::from("/h"))];
        let settlers = Settlers::new(began, Vec::new());
        let sound = |variables: &dyn Fn() -> Option<Vec<OsString>>| {
            let pid = std::process::id().cast_signed();
            settlers.is_sound(&Start { pid, program: Path::new("/usr/bin/git"), argv: &[], tool: None, variables })
        };
        assert!(sound(&|| Some(vec![OsString::from("HOME=/h")])));
        assert!(!sound(&|| Some(vec![OsString::from("LD_PRELOAD=/w/x.so")])));
        assert!(!sound(&|| None));
    }
}
