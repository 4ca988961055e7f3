//! Where the example program is that builds the wall, and what every command may read.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Trees of the system.
pub const SYSTEM: &[&str] = &["/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc"];

/// Where programs are.
pub const PATH: &str = "/usr/bin:/bin:/usr/sbin:/sbin";

/// The program; built by `cargo test` beside the tests, or named where they were copied.
pub fn program() -> PathBuf {
    std::env::var_os("INSIDE").map_or_else(
        || std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("examples/inside"),
        PathBuf::from,
    )
}

/// The program with the system readable and one workspace writable, which is the working directory too.
pub fn inside(workspace: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(program());
    for tree in SYSTEM {
        command.args(["--read", tree]);
    }
    command.arg("--write").arg(workspace).args(more).current_dir(workspace);
    command.env_clear().envs([("PATH", PATH), ("LANG", "C.UTF-8")]).env("HOME", workspace).env("TMPDIR", workspace);
    command
}
