//! What the agent's own process has inside, and how it is told from its tools. In: the agent's profile, where its program
//! lies. Out: answers for the watcher and the gate. The sandbox says which process leads; here stands of which programs a
//! leader may become one and still lead: those by which the agent itself is started, each once, in order. So no tool can
//! start the agent again and be it.

use std::collections::HashSet;
use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bailiwick_sandbox::watcher::Who;

use crate::disk::real_path;
use crate::wall::programs::is_own;

/// From where the leader's connections come.
pub const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 66, 97, 108);

/// How far above a hook's process the one that the agent started may be: a shell, a watchdog, and one to spare.
const MOST_ABOVE: usize = 4;

/// Where a model answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// A name, or `.name` for all below.
    pub host: String,
    /// The port; none for all.
    pub port: Option<u16>,
}

/// A program by which the agent is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its real path.
    pub file: PathBuf,
    /// The script that it runs, where it is an interpreter.
    pub script: Option<PathBuf>,
}

/// The agent's own process.
#[derive(Debug, Default)]
pub struct Lead {
    /// Where its state lies; it writes there.
    pub state: Vec<PathBuf>,
    /// What not even it writes there.
    pub closed: Vec<PathBuf>,
    /// Where its model answers; nobody else gets there.
    pub model: Vec<Endpoint>,
    /// Further hosts that it reaches.
    pub hosts: Vec<Endpoint>,
    /// The shell lines by which its settings start our hook.
    pub hooks: Vec<String>,
    /// The programs by which it is started, in order.
    pub images: Vec<Image>,
    /// How many of these have been started.
    pub started: Mutex<usize>,
    /// Processes that the agent has started as hooks of ours.
    pub helpers: Mutex<HashSet<i32>>,
}

impl Endpoint {
    /// Whether this is it.
    fn is(&self, host: &str, port: u16) -> bool {
        let named = match self.host.strip_prefix('.') {
            Some(above) => host.strip_suffix(above).is_some_and(|below| below.ends_with('.')),
            None => self.host == host,
        };
        named && self.port.is_none_or(|own| own == port)
    }
}

impl Lead {
    /// Whether a place is one of its state's that it may write.
    pub fn writes(&self, path: &Path) -> bool {
        let below = |trees: &[PathBuf]| trees.iter().any(|tree| path.starts_with(tree));
        below(&self.state) && !below(&self.closed)
    }

    /// Whether a place is of its state: others write there only what the policy lets be written.
    pub fn holds(&self, path: &Path) -> bool {
        self.state.iter().any(|tree| path.starts_with(tree))
    }

    /// Whether it reaches this host.
    pub fn reaches(&self, host: &str, port: u16) -> bool {
        self.model.iter().chain(&self.hosts).any(|endpoint| endpoint.is(host, port))
    }

    /// Whether its model answers there.
    pub fn is_model(&self, host: &str, port: u16) -> bool {
        self.model.iter().any(|endpoint| endpoint.is(host, port))
    }

    /// This machine's own ports at which its model answers.
    pub fn own_ports(&self) -> impl Iterator<Item = u16> {
        let own = |endpoint: &&Endpoint| matches!(endpoint.host.as_str(), "localhost" | "127.0.0.1");
        self.model.iter().filter(own).filter_map(|endpoint| endpoint.port)
    }

    /// Whether a name is one that the leader may ask for.
    pub fn knows(&self, name: &str) -> bool {
        self.model.iter().chain(&self.hosts).any(|endpoint| Endpoint { port: None, ..endpoint.clone() }.is(name, 0))
    }

    /// Whether a program that a leader becomes is still the agent: the next by which it is started.
    pub fn goes_on(&self, who: Who, program: &Path, argv: &[OsString], cwd: &Path) -> bool {
        if !who.leads {
            return false;
        }
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = self.images.get(*started..).unwrap_or_default();
        let found = rest.iter().position(|image| image.file == program && image.runs(argv, cwd));
        if let Some(at) = found {
            *started += at + 1;
        }
        found.is_some()
    }

    /// Notes a process that the agent starts as a hook of ours: its shell, with exactly the line of its settings, or our
    /// program itself.
    pub fn note_helper(&self, who: Who, program: &Path, argv: &[OsString]) {
        let hook = argv.iter().any(|word| word.to_str().is_some_and(|word| self.hooks.iter().any(|line| line == word.trim())));
        let ours = is_own(program) && argv.get(1).is_some_and(|word| word == "hook");
        if who.leads && (hook || ours) {
            self.helpers().insert(who.pid);
        }
    }

    /// Whether a process is our own hook, started by the agent.
    pub fn is_helper(&self, thread: i32) -> bool {
        let Some(process) = status(thread, "Tgid:") else { return false };
        let program = std::fs::read_link(format!("/proc/{process}/exe")).unwrap_or_default();
        let mut above = Some(process);
        for _ in 0..=MOST_ABOVE {
            let Some(pid) = above else { return false };
            if self.helpers().contains(&pid) {
                return is_own(&program);
            }
            above = status(pid, "PPid:");
        }
        false
    }

    fn helpers(&self) -> std::sync::MutexGuard<'_, HashSet<i32>> {
        self.helpers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Image {
    /// Whether these are the arguments with which it runs the agent.
    fn runs(&self, argv: &[OsString], cwd: &Path) -> bool {
        let Some(script) = &self.script else { return true };
        let mut words = argv.iter().skip(1);
        // What stands before the script may only be what its own first line says: nothing that loads code.
        let first = words.find(|word| !harmless(&word.to_string_lossy()));
        first.is_some_and(|word| real_path(&cwd.join(word), true) == *script)
    }
}

/// Options of an interpreter that load nothing.
fn harmless(word: &str) -> bool {
    ["--no-warnings", "--max-old-space-size=", "--max-semi-space-size=", "--enable-source-maps"]
        .iter()
        .any(|option| word.starts_with(option))
}

fn status(process: i32, name: &str) -> Option<i32> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead() -> Lead {
        let image = |file: &str, script: Option<&str>| Image { file: file.into(), script: script.map(PathBuf::from) };
        Lead {
            state: vec!["/h/.agent".into()],
            closed: vec!["/h/.agent/settings.json".into()],
            model: vec![
                Endpoint { host: ".model.example".to_owned(), port: None },
                Endpoint { host: "127.0.0.1".to_owned(), port: Some(80) },
            ],
            images: vec![image("/p/agent.js", None), image("/usr/bin/node", Some("/p/agent.js"))],
            ..Lead::default()
        }
    }

    #[test]
    fn the_agent_is_started_once() {
        let lead = lead();
        let goes_on = |leads: bool, program: &str, words: &[&str]| {
            let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
            lead.goes_on(Who { pid: 1, leads }, Path::new(program), &argv, Path::new("/p"))
        };
        assert!(!goes_on(false, "/p/agent.js", &["agent"]));
        assert!(goes_on(true, "/p/agent.js", &["agent"]));
        assert!(!goes_on(true, "/usr/bin/node", &["node", "/w/other.js", "/p/agent.js"]));
        assert!(!goes_on(true, "/usr/bin/node", &["node", "--require=/w/x.js", "/p/agent.js"]));
        assert!(!goes_on(true, "/bin/sh", &["sh", "-c", "true"]));
        assert!(goes_on(true, "/usr/bin/node", &["node", "--no-warnings=DEP0040", "agent.js", "-p", "x"]));
        assert!(!goes_on(true, "/usr/bin/node", &["node", "/p/agent.js"]));
        assert!(!goes_on(true, "/p/agent.js", &["agent"]));
    }

    #[test]
    fn state_and_model_are_the_leaders() {
        let lead = lead();
        assert!(lead.writes(Path::new("/h/.agent/log/x")) && !lead.writes(Path::new("/h/.agent/settings.json")));
        assert!(!lead.writes(Path::new("/h/.agents")));
        assert!(
            lead.is_model("a.model.example", 443) && !lead.is_model("model.example", 443) && !lead.is_model("amodel.example", 1)
        );
        assert!(lead.is_model("127.0.0.1", 80) && !lead.is_model("127.0.0.1", 81) && lead.knows("a.model.example"));
    }
}
