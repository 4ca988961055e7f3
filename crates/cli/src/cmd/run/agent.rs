//! Which agent a command line starts, and what its own process gets. In: the program and its arguments, the environment, the
//! agent's settings on the disk. Out: a [`Lead`], and what is to be added to the plan. It makes the agent's state directories
//! where they are missing, because what is not there cannot be granted.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use bailiwick_dialect::agents;
use bailiwick_dialect::profile::{Profile, SandboxFlag};
use bailiwick_dialect::tongue::{Form, Tier, Tongue};
use bailiwick_proxy::host::authority;
use bailiwick_sandbox::plan::{Leader, Listen, Plan};

use crate::agents_here::{files, hook_command};
use crate::dirs::{Dirs, home};
use crate::disk::real_path;
use crate::failure::{Failure, Kind, Naming as _};
use crate::wall::desk::DESK;
use crate::wall::grants::{Grants, outermost};
use crate::wall::lead::{self, Endpoint, Image, Lead};
use crate::wall::programs;

/// How much of a script's beginning is read for its first line.
const FIRST_LINE: usize = 256;
/// Most entries of a package looked through for the program that its launcher starts.
const MOST_ENTRIES: usize = 20_000;
/// Programs that run a script given as their argument.
const INTERPRETERS: &[&str] = &["node", "nodejs", "bun", "deno"];

/// A whole agent that is to run inside.
pub struct Inside {
    /// The agent.
    pub tongue: &'static Tongue,
    /// What its own process needs.
    pub profile: &'static Profile,
    /// For the watcher and the gate.
    pub lead: Lead,
    /// What only its own process reads.
    pub private: Vec<PathBuf>,
    /// Where its program lies: to be read.
    pub programs: Vec<PathBuf>,
}

/// The agent that a command line starts; none where it starts something else, or an agent without a profile. A program of the
/// workspace is an agent only where the user says so: a repository could bring one.
pub fn of(
    dirs: &Dirs,
    command: &[OsString],
    cwd: &Path,
    workspace: &str,
    named: Option<&str>,
) -> Result<Option<Inside>, Failure> {
    let Some(start) = Start::of(command, cwd) else { return Ok(None) };
    let tongue = match named {
        Some(name) => {
            Some(agents::named(name).ok_or_else(|| {
                Failure::new(Kind::Usage, format!("there is no agent {name:?} here")).hint("bailiwick run --help")
            })?)
        }
        None => start.agent().filter(|_| workspace.is_empty() || !start.own().starts_with(real_path(Path::new(workspace), true))),
    };
    let Some((tongue, profile)) = tongue.and_then(|tongue| Some((tongue, tongue.profile?))) else {
        return match named {
            Some(name) => Err(Failure::new(Kind::Usage, format!("{name} has no profile: run it without --agent"))),
            None => Ok(None),
        };
    };
    let images = start.images(tongue);
    let state = state(profile)?;
    let lead = Lead {
        closed: profile.closed.iter().filter_map(|path| place(profile, path)).collect(),
        model: model(profile, command),
        hosts: profile.hosts.iter().map(|host| Endpoint { host: (*host).to_owned(), port: None }).collect(),
        hooks: hook_lines(dirs, tongue)?,
        state,
        images,
        ..Lead::default()
    };
    let private = profile.private.iter().filter_map(|path| place(profile, path)).collect();
    Ok(Some(Inside { tongue, profile, private, programs: start.programs(), lead }))
}

impl Inside {
    /// Adds what the agent and its tools may read, and where its own process writes.
    pub fn widen(&self, grants: &mut Grants) {
        grants.readable.extend(self.programs.iter().cloned());
        // Our own, which its hooks start.
        grants.readable.extend(programs::own());
        grants.readable.extend(self.lead.state.iter().cloned());
        grants.hidden.retain(|hidden| !self.private.contains(hidden));
        grants.network = true;
    }

    /// Puts the arguments that the agent needs inside before the user's, and takes out those that ask for a sandbox which could
    /// not be built there. One that asks for more than our wall holds is refused: it must not be lost in silence.
    pub fn add_arguments(&self, argv: &mut Vec<OsString>) -> Result<(), Failure> {
        let own = if self.is_interpreted() { 2 } else { 1 };
        if let Some(flag) = self.profile.sandbox {
            without_sandbox(flag, argv).map_err(|wanted| {
                let heading = format!(
                    "{}'s own sandbox {wanted:?} cannot be built inside, and this wall does not hold that",
                    self.tongue.title
                );
                Failure::new(Kind::Usage, heading).hint("leave it out; with --review its changes wait for you")
            })?;
        }
        let said = argv.iter().skip(own).any(|word| self.profile.unless.iter().any(|unless| word == unless));
        if !said && argv.len() >= own {
            let added: Vec<OsString> = self.profile.arguments.iter().map(OsString::from).collect();
            argv.splice(own..own, added);
        }
        Ok(())
    }

    /// Whether the command line names an interpreter first.
    fn is_interpreted(&self) -> bool {
        self.lead.images.first().is_some_and(|image| image.script.is_some())
    }

    /// Puts its own process into the plan, and says what is off.
    pub fn place(self, plan: &mut Plan) -> Result<Lead, Failure> {
        let named = |name: &OsStr| {
            let name = name.to_string_lossy();
            self.profile.variables.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(beginning) => name.starts_with(beginning),
                None => name == *pattern,
            })
        };
        let set: Vec<(OsString, OsString)> =
            self.profile.set.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect();
        plan.env.retain(|(name, _)| !set.iter().any(|(own, _)| own == name));
        plan.env.extend(set);
        // What is there already is harmless, or a placeholder of the map's.
        let there: HashSet<OsString> = plan.env.iter().map(|(name, _)| name.clone()).collect();
        plan.env.extend(std::env::vars_os().filter(|(name, _)| named(name) && !there.contains(name)));
        let listening = |plan: &Plan, wanted: SocketAddr| plan.network.listen.contains(&Listen::Tcp(wanted));
        for port in self.lead.own_ports() {
            let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
            if !listening(plan, wanted) && !listening(plan, any) {
                plan.network.listen.push(Listen::Tcp(wanted));
            }
        }
        plan.network.listen.push(Listen::Tcp(SocketAddr::from(DESK)));
        plan.writable = outermost(plan.writable.drain(..).chain(self.lead.state.iter().cloned()).collect());
        plan.leader = Some(Leader {
            private: self.private,
            variables: self.profile.secret_variables.iter().map(|name| (*name).to_owned()).collect(),
            address: lead::ADDRESS,
        });
        if let Some(off) = self.profile.off {
            let said = format!("bailiwick: {}: {off}\n", self.tongue.title);
            std::io::stderr().write_all(said.as_bytes()).naming("write", Path::new("standard error"))?;
        }
        Ok(self.lead)
    }
}

/// Takes the flag out, with its value; the value that is not held, where there is one.
fn without_sandbox(flag: &SandboxFlag, argv: &mut Vec<OsString>) -> Result<(), String> {
    let mut kept: Vec<OsString> = Vec::new();
    let mut words = argv.iter();
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        let joined = flag.names.iter().find_map(|name| text.strip_prefix(name)?.strip_prefix('='));
        let value = match joined {
            Some(value) => Some(value.to_owned()),
            None if flag.names.contains(&text.as_ref()) => {
                Some(words.next().map(|value| value.to_string_lossy().into_owned()).unwrap_or_default())
            }
            None => None,
        };
        match value {
            Some(value) if !flag.held.contains(&value.as_str()) => return Err(value),
            Some(_) => {}
            None if text == "--" => {
                kept.push(word.clone());
                kept.extend(words.by_ref().cloned());
            }
            None => kept.push(word.clone()),
        }
    }
    *argv = kept;
    Ok(())
}

/// What is started: a program, and the script where that is an interpreter.
struct Start {
    /// The name by which it was called.
    called: OsString,
    /// The program's real path.
    file: PathBuf,
    script: Option<PathBuf>,
    search: OsString,
}

impl Start {
    fn of(command: &[OsString], cwd: &Path) -> Option<Start> {
        let called = command.first()?.clone();
        let search = std::env::var_os("PATH").unwrap_or_default();
        let file = found(&called, cwd, &search)?;
        let is_interpreter = file.file_name().is_some_and(|name| INTERPRETERS.iter().any(|known| name == *known));
        let script = command.iter().skip(1).find(|word| !word.to_string_lossy().starts_with('-')).filter(|_| is_interpreter);
        let script = script.map(|script| real_path(&cwd.join(script), true));
        Some(Start { called, file, script, search })
    }

    /// The script, else the program.
    fn own(&self) -> &Path {
        self.script.as_deref().unwrap_or(&self.file)
    }

    /// Whose program it is, by its name and by where it lies.
    fn agent(&self) -> Option<&'static Tongue> {
        let mut names: Vec<String> = self.own().file_name().iter().map(|name| stem(name)).collect();
        if self.script.is_none() {
            names.push(stem(Path::new(&self.called).file_name().unwrap_or_default()));
        }
        agents::all().iter().copied().find(|agent| names.iter().any(|name| agent.programs.contains(&name.as_str())))
    }

    /// The programs by which the agent is started, in order: its script, the interpreter, what a launcher starts.
    fn images(&self, tongue: &Tongue) -> Vec<Image> {
        let mut images = vec![Image { file: self.file.clone(), script: self.script.clone() }];
        let mut launcher = self.script.clone();
        if let Some(line) = first_line(&self.file) {
            launcher = Some(self.file.clone());
            let interpreter = interpreter(&line).and_then(|name| found(OsStr::new(&name), Path::new("/"), &self.search));
            images.extend(interpreter.map(|file| Image { file, script: Some(self.file.clone()) }));
        }
        images.extend(launcher.and_then(|script| native(&script, tongue)).map(|file| Image { file, script: None }));
        images
    }

    /// Trees to be read: the package that the program is of.
    fn programs(&self) -> Vec<PathBuf> {
        vec![package(self.own()).unwrap_or_else(|| self.own().to_owned()), self.file.clone()]
    }
}

fn stem(name: &OsStr) -> String {
    let name = name.to_string_lossy();
    ["js", "mjs", "cjs", "exe"].iter().find_map(|end| name.strip_suffix(&format!(".{end}"))).unwrap_or(&name).to_owned()
}

/// The real path of a program, by name on the search path.
fn found(program: &OsStr, cwd: &Path, search: &OsStr) -> Option<PathBuf> {
    let candidates: Vec<PathBuf> = if program.to_string_lossy().contains('/') {
        vec![cwd.join(program)]
    } else {
        std::env::split_paths(search).map(|directory| cwd.join(directory).join(program)).collect()
    };
    candidates.into_iter().find(|path| path.is_file()).map(|path| real_path(&path, true))
}

fn beginning(file: &Path) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let _ = fs::File::open(file).map(|file| file.take(FIRST_LINE as u64).read_to_end(&mut bytes));
    bytes
}

/// The first line of a script, without `#!`.
fn first_line(file: &Path) -> Option<String> {
    let bytes = beginning(file);
    let line = bytes.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    Some(String::from_utf8_lossy(line).trim().to_owned())
}

/// The program that `env` looks for; none where the line names it outright, so that the kernel itself starts it.
fn interpreter(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let env = words.next().is_some_and(|program| program.ends_with("/env"));
    words.find(|word| !word.starts_with('-')).filter(|_| env).map(str::to_owned)
}

/// The directory of the package, with its neighbours of the same maker: `…/node_modules/@maker` or `…/node_modules/name`.
fn package(file: &Path) -> Option<PathBuf> {
    let mut below = file;
    for above in file.ancestors().skip(1) {
        if above.file_name().is_some_and(|name| name == "node_modules") {
            return Some(below.to_owned());
        }
        below = above;
    }
    None
}

/// The machine program that a launcher starts: of the same package, called as the agent is.
fn native(launcher: &Path, tongue: &Tongue) -> Option<PathBuf> {
    let mut open = vec![package(launcher)?];
    let mut left = MOST_ENTRIES;
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            left = left.checked_sub(1)?;
            let Ok(kind) = entry.file_type() else { continue };
            let called = tongue.programs.contains(&stem(&entry.file_name()).as_str());
            if kind.is_file() && called && beginning(&entry.path()).starts_with(b"\x7fELF") {
                return Some(real_path(&entry.path(), true));
            }
            if kind.is_dir() {
                open.push(entry.path());
            }
        }
    }
    None
}

/// Where a path of a profile lies for this user.
fn place(profile: &Profile, path: &str) -> Option<PathBuf> {
    let moved = profile.state.iter().find_map(|state| {
        let rest = Path::new(path).strip_prefix(state.path).ok()?;
        let base = std::env::var_os(state.moved_by?).map(PathBuf::from).filter(|base| base.is_absolute())?;
        Some(if rest.as_os_str().is_empty() { base } else { base.join(rest) })
    });
    let user = fs::metadata("/proc/self").map(|found| found.uid()).unwrap_or_default();
    let usual = || match path.strip_prefix("~/") {
        Some(below) => home().map(|home| home.join(below)),
        None => Some(PathBuf::from(path.replace("{uid}", &user.to_string()))),
    };
    moved.or_else(usual).map(|path| real_path(&path, true))
}

/// The places of its state, made where they are missing.
fn state(profile: &Profile) -> Result<Vec<PathBuf>, Failure> {
    let mut places = Vec::new();
    for state in profile.state {
        let Some(path) = place(profile, state.path) else { continue };
        if !path.exists() {
            match state.file {
                Some(text) => fs::write(&path, text).naming("make", &path)?,
                None => fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).naming("make", &path)?,
            }
        }
        places.push(path);
    }
    Ok(places)
}

/// Where its model answers: at its maker's, and where variables, settings and arguments say.
fn model(profile: &Profile, command: &[OsString]) -> Vec<Endpoint> {
    let makers = profile.model.iter().map(|host| Endpoint { host: (*host).to_owned(), port: None });
    let mut addresses: Vec<String> = profile.endpoints.iter().filter_map(|name| std::env::var(name).ok()).collect();
    if let Some((file, key)) = profile.endpoint_key {
        let settings = place(profile, file).and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        addresses.extend(after_key(&settings, key));
        command.iter().for_each(|word| addresses.extend(after_key(&word.to_string_lossy(), key)));
    }
    makers.chain(addresses.iter().filter_map(|address| endpoint(address))).collect()
}

/// The texts in quotes after every `key =`.
fn after_key(text: &str, key: &str) -> Vec<String> {
    let value = |rest: &str| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        rest.split(quote).nth(1).map(str::to_owned)
    };
    text.split(key).skip(1).filter_map(value).collect()
}

fn endpoint(address: &str) -> Option<Endpoint> {
    let (scheme, rest) = address.split_once("://")?;
    let default = if scheme.eq_ignore_ascii_case("http") { 80 } else { 443 };
    let named = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority(named.rsplit('@').next()?, Some(default)).ok()?;
    Some(Endpoint { host: host.to_string(), port: Some(port) })
}

/// The lines by which its settings start our hook: those that `init` would write, and those that stand there.
fn hook_lines(dirs: &Dirs, tongue: &'static Tongue) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for tier in [Tier::User, Tier::Managed] {
        lines.extend(tongue.hook_lines(&hook_command(dirs, tier)?));
        for (placement, path) in files(tongue, tier)? {
            let text = fs::read_to_string(path).unwrap_or_default();
            if let Form::Settings(layout) = &placement.form {
                let found = layout.find_commands(&text).unwrap_or_default();
                lines.extend(found.into_iter().filter(|found| found.ours).map(|found| found.command.trim().to_owned()));
            }
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_found_where_they_are_named() {
        let named = |address: &str| endpoint(address).map(|found| (found.host, found.port));
        assert_eq!(named("http://127.0.0.1:8080/v1"), Some(("127.0.0.1".to_owned(), Some(8080))));
        assert_eq!(named("https://Gate.Example/x?y"), Some(("gate.example".to_owned(), Some(443))));
        assert_eq!(named("gate.example"), None);
        let text = "[a]\nbase_url = \"http://one/\"\n[b]\nbase_url='http://two'\nbase_urls = 1";
        assert_eq!(after_key(text, "base_url"), ["http://one/", "http://two"]);
        assert_eq!(after_key("x={name=\"n\",base_url=\"http://three/v1\"}", "base_url"), ["http://three/v1"]);
    }

    #[test]
    fn a_sandbox_of_its_own_is_left_out_or_refused() {
        let flag = SandboxFlag { names: &["-s", "--sandbox"], held: &["write"] };
        let after = |words: &[&str]| {
            let mut argv: Vec<OsString> = words.iter().map(OsString::from).collect();
            without_sandbox(&flag, &mut argv).map(|()| argv.join(OsStr::new(" ")).to_string_lossy().into_owned())
        };
        assert_eq!(after(&["codex", "-s", "write", "exec", "x"]), Ok("codex exec x".to_owned()));
        assert_eq!(after(&["codex", "exec", "--sandbox=write", "--", "-s", "read"]), Ok("codex exec -- -s read".to_owned()));
        assert_eq!(after(&["codex", "-s", "read"]), Err("read".to_owned()));
        assert_eq!(after(&["codex", "--sandbox=read"]), Err("read".to_owned()));
    }

    #[test]
    fn an_interpreter_is_what_env_looks_for() {
        assert_eq!(interpreter("/usr/bin/env -S node --no-warnings=DEP0040").as_deref(), Some("node"));
        assert_eq!(interpreter("/usr/bin/env node").as_deref(), Some("node"));
        assert_eq!(interpreter("/usr/bin/node"), None);
        assert_eq!(package(Path::new("/g/node_modules/@maker/agent/bin/x.js")), Some("/g/node_modules/@maker".into()));
        assert_eq!(package(Path::new("/opt/agent")), None);
    }
}
