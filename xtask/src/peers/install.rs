//! Puts the hooks of others below the target directory, at the versions named here, and says how each is started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::peers::Peer;
use crate::{say, shell};

const PYTHON: [&str; 3] = ["nah==0.11.0", "bashgate==0.2.0", "claude-safety-guard==0.2.0"];
const NPM: &str = "cc-safety-net@2.4.5";
const CRATES: [(&str, &str, &str); 2] = [("shellfirm", "0.4.1", "shellfirm"), ("destructive_command_guard", "0.16.0", "dcg")];

/// Ours first, then every other that could be installed.
pub(crate) fn all(folder: &Path, home: &Path) -> Result<Vec<Peer>, String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let ours = shell::target()?.join("release/bailiwick");
    let state = folder.join("state");
    let _ = fs::remove_dir_all(&state);
    let config = home.join(".config/bailiwick");
    let words = ["hook".into(), "claude-code".into(), "--state".into(), state, "--config".into(), config];
    let mut peers = vec![Peer { name: "bailiwick", argv: std::iter::once(ours).chain(words).collect() }];
    let python = folder.join("py/bin");
    let others: [(&'static str, PathBuf, &[&str]); 6] = [
        ("shellfirm 0.4.1", folder.join("bin/shellfirm"), &["check", "--hook", "claude-code"]),
        ("dcg 0.16.0", folder.join("bin/dcg"), &[]),
        ("nah 0.11.0", python.join("python"), &["-m", "nah.hook"]),
        ("cc-safety-net 2.4.5", folder.join("node_modules/.bin/cc-safety-net"), &["hook", "--claude-code"]),
        ("bashgate 0.2.0", python.join("bashgate"), &["hook"]),
        ("claude-safety-guard 0.2.0", python.join("claude-safety-guard"), &["hook"]),
    ];
    install(folder);
    for (name, program, arguments) in others {
        if program.exists() {
            peers.push(Peer { name, argv: std::iter::once(program).chain(arguments.iter().map(PathBuf::from)).collect() });
        } else {
            say::problem(&format!("{name} could not be installed and is left out"));
        }
    }
    Ok(peers)
}

/// What is missing is installed; what fails is seen by its absence.
fn install(folder: &Path) {
    let missing = |file: &str| !folder.join(file).exists();
    if missing("py/bin/claude-safety-guard") {
        say::step("installing hooks from PyPI");
        let _ = shell::run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("py")));
        for package in PYTHON {
            let _ = shell::run(Command::new(folder.join("py/bin/pip")).args(["install", "-q", package]));
        }
    }
    if missing("node_modules/.bin/cc-safety-net") {
        say::step("installing a hook from npm");
        let _ = fs::write(folder.join("package.json"), "{\"private\":true}\n");
        let _ = shell::run(Command::new("npm").current_dir(folder).args(["install", "--silent", "--no-audit", NPM]));
    }
    for (name, version, binary) in CRATES {
        if missing(&format!("bin/{binary}")) {
            say::step(&format!("building {name} {version}"));
            let mut install = shell::cargo();
            install.args(["install", "--quiet", "--locked", "--version", version, name, "--root"]).arg(folder);
            let _ = shell::run(install.env("CARGO_TARGET_DIR", folder.join("build")));
        }
    }
}
