//! Where the example program is that builds the wall, and what every command may read. For the test programs.

use std::path::PathBuf;

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
