//! Where tests of real agents play: a directory that no policy takes for temporary, and that goes when its test is done.
//!
//! An agent leaves up to 300 MB in its home; all scenes of a whole run together would fill a disk.

use std::path::{Path, PathBuf};
use std::{fs, io, thread};

/// A directory of one test's own. It is removed at the end, and stays to be looked at where the test has failed.
#[derive(Debug)]
pub struct Ground(PathBuf);

impl Ground {
    /// An empty directory here; what was left of an earlier run goes.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn clear(path: PathBuf) -> io::Result<Ground> {
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path)?;
        Ok(Ground(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if !thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

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
