//! Where tests of real agents play: a directory that no policy takes for temporary.

use std::path::{Path, PathBuf};

/// Below the build's own directory for tests, else below the home's cache; `name` is the suite's.
///
/// # Errors
/// Where both lie below a temporary directory, which agents and policies treat otherwise.
pub fn ground(tests: &str, name: &str) -> Result<PathBuf, String> {
    let below_target = Path::new(tests).join(name);
    let cache = std::env::home_dir().map(|home| home.join(format!(".cache/bailiwick-{name}")));
    let given = std::env::var_os("TMPDIR").map(PathBuf::from);
    let temporary = |path: &Path| {
        ["/tmp", "/var/tmp", "/dev/shm"].iter().any(|temp| path.starts_with(temp))
            || given.as_ref().is_some_and(|given| path.starts_with(given))
    };
    let found = [Some(below_target), cache].into_iter().flatten().find(|path| !temporary(path));
    found.ok_or_else(|| "these tests need a target or home directory that is not below a temporary one".to_owned())
}
