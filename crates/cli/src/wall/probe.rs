//! Whether a wall can be built here. In: nothing but this machine. Out: yes, or what is missing. It is tried, not guessed: a
//! command that does nothing is run behind one, once for each start of the machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use bailiwick_sandbox::front;
use bailiwick_sandbox::plan::{Leader, Plan};
use bailiwick_sandbox::watcher::{Answer, Exit, Mutation, Peer, Start, Watcher, Who};

use crate::dirs::{Dirs, create_private};
use crate::failure::{Failure, Kind};
use crate::wall::lead;

/// What can be tried: one command, or an agent with a tool.
const COMMAND: &str = "command";
const AGENT: &str = "agent";

/// Whether a wall is to be built, by what the map wants: not where it says no, and with a failure where it says yes and none
/// can be. Where it says nothing, commands go on as without; `doctor` says so.
pub fn stands(dirs: &Dirs, wanted: Option<bool>) -> Result<bool, Failure> {
    if wanted == Some(false) {
        return Ok(false);
    }
    let missing = missing(dirs);
    if wanted.is_some() && !missing.is_empty() {
        return Err(Failure::new(Kind::Environment, format!("the map wants a wall, and none can be built here: {missing}")));
    }
    Ok(missing.is_empty())
}

/// What is missing, where something is; empty where the wall stands. From the cache, or tried.
fn missing(dirs: &Dirs) -> String {
    let file = cache(dirs);
    if let Ok(known) = fs::read_to_string(&file) {
        return known;
    }
    again(dirs)
}

/// Tried, and put into the cache.
pub fn again(dirs: &Dirs) -> String {
    let file = cache(dirs);
    let found = tried(COMMAND);
    if create_private(&dirs.state.join("cache")).is_ok() {
        let _ = fs::write(&file, &found);
    }
    found
}

/// What is missing for a whole agent, whose own process has what its tools have not; empty where nothing is.
pub fn missing_for_agents() -> String {
    tried(AGENT)
}

/// Tries it in a process of its own, because whoever builds a wall must have one thread.
fn tried(what: &str) -> String {
    let Ok(program) = std::env::current_exe() else { return "this program does not find itself".to_owned() };
    let run = Command::new(program).args(["exec", "--probe", what]).stdin(Stdio::null()).stdout(Stdio::null()).output();
    match run {
        Ok(output) if output.status.success() => String::new(),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("bailiwick: ").to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Runs a command that does nothing behind a wall that grants nothing but programs; as an agent, it starts one as its tool.
pub fn run(what: &str) -> Result<(), String> {
    let program = ["/bin/true", "/usr/bin/true"].into_iter().find(|path| Path::new(path).exists()).unwrap_or("/bin/true");
    let trees = ["/usr", "/bin", "/lib", "/lib64", "/etc", "/nix"].into_iter().map(PathBuf::from);
    let mut plan = Plan { argv: vec![program.into()], cwd: PathBuf::from("/"), readable: trees.collect(), ..Plan::default() };
    if what == AGENT {
        plan.argv = ["/bin/sh", "-c", &format!("{program}; exit $?")].map(Into::into).to_vec();
        plan.leader = Some(Leader { private: vec!["/etc/hostname".into()], variables: Vec::new(), address: lead::ADDRESS });
    }
    match front::run(&plan, |_| Ok(Silent(AtomicBool::new(false)))) {
        Ok(ended) if ended.exit == Exit::Code(0) => Ok(()),
        Ok(ended) => Err(format!("a command that does nothing ended with {:?}", ended.exit)),
        Err(failure) => {
            let cause = std::error::Error::source(&failure).map(|cause| format!(": {cause}")).unwrap_or_default();
            Err(format!("{failure}{cause}"))
        }
    }
}

fn cache(dirs: &Dirs) -> PathBuf {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    dirs.state.join("cache").join(format!("wall-{}-{}", env!("CARGO_PKG_VERSION"), boot.trim()))
}

/// Whether the first program has been started: that one leads.
struct Silent(AtomicBool);

impl Watcher for Silent {
    fn enforced(&self, _: &bailiwick_sandbox::enforced::Enforced) -> Result<(), String> {
        Ok(())
    }

    fn exec(&self, _: Who, _: &Path, _: &[std::ffi::OsString]) -> Start {
        if self.0.swap(true, Ordering::Relaxed) { Start::Shed } else { Start::Go }
    }

    fn before(&self, _: Who, _: &Mutation<'_>) -> Answer {
        Answer::Refuse(rustix::io::Errno::ACCESS)
    }

    fn connect(&self, _: Who, _: &Peer<'_>) -> Answer {
        Answer::Refuse(rustix::io::Errno::ACCESS)
    }

    fn refused(&self, _: Who, _: &'static str, _: Option<&Path>, _: rustix::io::Errno) {}

    fn too_new(&self, _: Who, _: &Path) {}

    fn finished(&self, _: Exit) {}

    fn gone(&self) {}
}
