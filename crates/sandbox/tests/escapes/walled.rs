//! A command inside, with a workspace. For the test programs.

use std::path::Path;
use std::process::Command;

use crate::inside::{PATH, SYSTEM, program};

/// The program with the system readable and one workspace writable, which is the working directory too.
pub fn command(workspace: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(program());
    for tree in SYSTEM {
        command.args(["--read", tree]);
    }
    command.arg("--write").arg(workspace).args(more).current_dir(workspace);
    command.env_clear().envs([("PATH", PATH), ("LANG", "C.UTF-8")]).env("HOME", workspace).env("TMPDIR", workspace);
    command
}
