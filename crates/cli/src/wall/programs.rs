//! What is known here of programs that are installed: which is our own, whether the search path has one, and which directories of the home a
//! tool makes at its first use. They are made before the wall is built: what is not there cannot be granted.

use std::io;
use std::path::{Path, PathBuf};

use bailiwick_vocab::effect::{Deed, Effect};

/// Tools, and what they make below the home; all of it lies in the place `caches`.
const FIRST_USE: &[(&str, &[&str])] = &[
    ("cargo", &[".cargo/registry", ".cargo/git"]),
    ("npm", &[".npm/_cacache", ".npm/_logs", ".npm/_npx"]),
    ("go", &["go/pkg", ".cache/go-build"]),
    ("pip", &[".cache/pip"]),
    ("pip3", &[".cache/pip"]),
    ("uv", &[".cache/uv", ".local/share/uv"]),
    ("pnpm", &[".cache/pnpm", ".local/share/pnpm"]),
    ("yarn", &[".cache/yarn"]),
    ("mvn", &[".m2/repository"]),
    ("gradle", &[".gradle/caches"]),
    ("deno", &[".cache/deno"]),
    ("bun", &[".bun/install"]),
];

/// Programs that run another by the same cache.
const KIN: &[(&str, &str)] = &[("npx", "npm"), ("uvx", "uv"), ("pnpx", "pnpm"), ("bunx", "bun"), ("rustc", "cargo")];

/// Whether the search path has a program of this name.
pub fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    !name.contains('/') && std::env::split_paths(&path).any(|directory| directory.join(name).is_file())
}

/// This program's own file, links followed.
///
/// # Errors
/// It cannot be found: removed, or nobody tells.
pub fn own() -> io::Result<PathBuf> {
    std::env::current_exe().and_then(std::fs::canonicalize)
}

/// Whether a real path is this program's own.
pub fn is_own(program: &Path) -> bool {
    own().is_ok_and(|own| own == program)
}

/// Directories that tools of this call would make and that are not there yet; where code that nobody read runs, those of
/// every tool that is installed.
pub fn first_use(effects: &[Effect], home: &Path) -> Vec<PathBuf> {
    let named: Vec<&str> = effects.iter().filter_map(program).collect();
    let unread = effects.is_empty() || effects.iter().any(|effect| matches!(effect.deed, Deed::Opaque { .. }));
    let uses = |tool: &str| named.contains(&tool) || (unread && is_installed(tool));
    let missing = |below: &&str| Some(home.join(below)).filter(|path| !path.exists());
    FIRST_USE
        .iter()
        .filter(|(_, made)| made.iter().any(|below| missing(below).is_some()))
        .filter(|(tool, _)| uses(tool))
        .flat_map(|(_, made)| made.iter().filter_map(missing))
        .collect()
}

fn program(effect: &Effect) -> Option<&str> {
    let Deed::Execute { program, .. } = &effect.deed else { return None };
    let name = program.rsplit('/').next().unwrap_or_default();
    Some(KIN.iter().find(|(kin, _)| *kin == name).map_or(name, |(_, tool)| tool))
}
