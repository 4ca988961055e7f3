//! What the tests need beside the Rust toolchain: Debian packages (as root alone), and Claude Code from npm.
//!
//! Installed below the target directory where possible. Where it may not install, it says exactly what is missing and
//! how to get it; the tests that need it then fail.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{say, shell};

/// The version that the tests are written against. `doctor` and the dialect know its contract.
const CLAUDE: &str = "2.1.330";

/// Programs that tests run, with the Debian package of each.
const PROGRAMS: &[(&str, &str)] = &[
    ("git", "git"),
    ("curl", "curl"),
    ("npm", "npm"),
    ("strace", "strace"),
    ("ip", "iproute2"),
    ("perl", "perl"),
    ("vim", "vim"),
    // The system's own: another one's programs may lie where a command can write.
    ("/usr/bin/pip", "python3-pip"),
];

/// Installs the programs that are missing.
pub(crate) fn programs() -> Result<(), String> {
    let missing: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| !shell::works(Command::new(program).arg(version_option(program))))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("missing: {}; install with `apt-get install {}`", missing.join(" "), missing.join(" "));
    if !is_root() || !shell::works(Command::new("apt-get").arg("--version")) {
        return Err(by_hand);
    }
    say::step(&format!("installing {}", missing.join(" ")));
    shell::run(Command::new("apt-get").args(["update", "-qq"])).map_err(|error| format!("{error}; {by_hand}"))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "--no-install-recommends"]).args(&missing);
    shell::run(&mut install).map_err(|error| format!("{error}; {by_hand}"))
}

/// `ip` alone says its version in its own way.
fn version_option(program: &str) -> &'static str {
    if program == "ip" { "-Version" } else { "--version" }
}

fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs Claude Code below the target directory and gives the path of its binary.
///
/// The package `claude-code` only fetches the binary of the platform's own package, in an install script that npm may
/// not run; so that package is installed itself, at the same version.
pub(crate) fn claude() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("BAILIWICK_CLAUDE") {
        return Ok(PathBuf::from(given));
    }
    let package = format!("@anthropic-ai/claude-code-{}", platform()?);
    let folder = shell::target()?.join("npm");
    let binary = folder.join("node_modules").join(&package).join("claude");
    if binary.is_file() && version(&binary).contains(CLAUDE) {
        return Ok(binary);
    }
    say::step(&format!("installing Claude Code {CLAUDE} from npm"));
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let manifest = folder.join("package.json");
    fs::write(&manifest, "{\"private\":true}\n").map_err(|error| format!("cannot write {}: {error}", manifest.display()))?;
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]).arg(format!("{package}@{CLAUDE}"));
    shell::run(&mut npm).map_err(|error| {
        format!("{error}; the end-to-end tests need Claude Code {CLAUDE}: let npm reach its registry, or name a binary in BAILIWICK_CLAUDE")
    })?;
    let got = version(&binary);
    if got.contains(CLAUDE) { Ok(binary) } else { Err(format!("{} says version {got:?}, not {CLAUDE}", binary.display())) }
}

fn version(binary: &std::path::Path) -> String {
    shell::output(Command::new(binary).arg("--version")).unwrap_or_default().trim().to_owned()
}

fn platform() -> Result<&'static str, String> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("linux-x64"),
        ("linux", "aarch64") => Ok("linux-arm64"),
        ("macos", "aarch64") => Ok("darwin-arm64"),
        (system, machine) => Err(format!("no Claude Code for {system} on {machine} is known here; name one in BAILIWICK_CLAUDE")),
    }
}
