//! The agents that end-to-end tests run beside Claude Code, from npm.
//!
//! In: a folder `xtask/agents/NAME` each, with exact versions and the digests of all packages. Out: the packages below
//! the target directory, where the crate modelserver looks for them. Install scripts are not run: the agents start
//! without them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::{say, shell};

/// The agents, by the names of their folders. Together some 1.3 GB, and half a minute where the registry is near.
pub(crate) const NAMES: &[&str] = &["codex", "gemini", "copilot", "qwen", "opencode", "cline"];

/// What npm reads.
const INPUTS: &[&str] = &["package.json", "package-lock.json"];

/// Installs all that are missing; all are tried, so that one message names all that failed.
pub(crate) fn install_all() -> Result<(), String> {
    let problems: Vec<String> = NAMES.iter().filter_map(|name| install(name).err()).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

/// Installs one agent where what is there is not what its lock says.
pub(crate) fn install(name: &str) -> Result<(), String> {
    if !NAMES.contains(&name) {
        return Err(format!("no agent {name}; known: {}", NAMES.join(" ")));
    }
    if (std::env::consts::OS, std::env::consts::ARCH) != ("linux", "x86_64") {
        return Err("the locks in xtask/agents hold the packages for Linux on x86-64 alone".to_owned());
    }
    let from = shell::root().join("xtask/agents").join(name);
    let into = shell::target()?.join("npm").join(name);
    if INPUTS.iter().all(|file| same(&from.join(file), &into.join("installed").join(file))) {
        return Ok(());
    }
    say::step(&format!("installing {name} from npm"));
    let started = Instant::now();
    copy(&from, &into)?;
    let mut npm = Command::new("npm");
    // Not `npm ci`: it refuses a lock without the packages of platforms other than this one.
    npm.current_dir(&into).args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit-lockfile-registry-resolved"]);
    shell::run(&mut npm).map_err(|error| format!("{error}; the end-to-end tests with {name} need npm to reach its registry"))?;
    copy(&from, &into.join("installed"))?;
    say::line(&format!("{name}: {:.1} s", started.elapsed().as_secs_f64()));
    Ok(())
}

fn same(one: &Path, other: &Path) -> bool {
    fs::read(one).is_ok_and(|bytes| fs::read(other).is_ok_and(|others| bytes == others))
}

fn copy(from: &Path, into: &Path) -> Result<(), String> {
    fs::create_dir_all(into).map_err(|error| format!("cannot make {}: {error}", into.display()))?;
    for file in INPUTS {
        fs::copy(from.join(file), into.join(file))
            .map_err(|error| format!("cannot copy {file} to {}: {error}", into.display()))?;
    }
    Ok(())
}
