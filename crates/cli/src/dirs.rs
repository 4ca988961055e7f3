//! Where things lie: the state directory (ledger, objects, caches), the configuration directory, the homes to protect.
//!
//! The hook command that `init` writes names them outright: an environment variable set by a project's settings must
//! not move the guard's own files.

use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::disk::{passwd_home, real_path};
use crate::failure::{Failure, Kind, Naming as _};

/// The guard's own directories.
#[derive(Clone, Debug)]
pub struct Dirs {
    /// Ledger, objects, keys, caches.
    pub state: PathBuf,
    /// The user's policy, map and list of trusted files.
    pub config: PathBuf,
}

impl Dirs {
    /// The given directories, or the XDG ones.
    pub fn find(state: Option<PathBuf>, config: Option<PathBuf>) -> Result<Dirs, Failure> {
        let state = state.map_or_else(|| xdg("XDG_STATE_HOME", ".local/state"), absolute)?;
        let config = config.map_or_else(|| xdg("XDG_CONFIG_HOME", ".config"), absolute)?;
        Ok(Dirs { state, config })
    }

    /// The ledger's directory.
    pub fn ledger(&self) -> PathBuf {
        self.state.join("ledger")
    }

    /// The file with the key that signs the ledger's checkpoints.
    pub fn key(&self) -> PathBuf {
        self.state.join("keys").join("ledger.key")
    }

    /// Makes the state directory, for its owner alone.
    pub fn create_state(&self) -> Result<(), Failure> {
        create_private(&self.state)
    }
}

/// Makes a directory and its parents, mode 0700.
pub fn create_private(path: &Path) -> Result<(), Failure> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).naming("make", path)
}

/// Writes a file of a cache, whole or not at all. Best effort: what is not there is made again.
pub fn keep_cached(directory: &Path, name: &str, bytes: &[u8]) {
    let temporary = directory.join(format!("{name}.{}", std::process::id()));
    if create_private(directory).is_ok() && std::fs::write(&temporary, bytes).is_ok() {
        let _ = std::fs::rename(&temporary, directory.join(name));
    }
}

/// A path made absolute. A leading `~/`, as the managed tier's command has it for whoever runs it, is below the home that
/// the user database gives: no environment variable moves it.
fn absolute(path: PathBuf) -> Result<PathBuf, Failure> {
    if let Ok(below) = path.strip_prefix("~") {
        let home = database_home();
        return home
            .map(|home| home.join(below))
            .ok_or_else(|| Failure::new(Kind::Environment, "the user has no home directory"));
    }
    std::path::absolute(&path).naming("find", &path)
}

fn xdg(variable: &str, below_home: &str) -> Result<PathBuf, Failure> {
    let base = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    match base.or_else(|| home().map(|home| home.join(below_home))) {
        Some(base) => Ok(base.join("bailiwick")),
        None => Err(Failure::new(Kind::Environment, "no home directory").hint("set HOME, or give --state and --config")),
    }
}

/// The user's home directory: `HOME`, else the user database.
pub fn home() -> Option<PathBuf> {
    let named = std::env::var_os("HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    named.or_else(database_home)
}

/// The home directory that the user database gives, whatever `HOME` says.
pub fn database_home() -> Option<PathBuf> {
    let user = std::fs::metadata("/proc/self").ok()?.uid().to_string();
    passwd_home(|fields| fields.get(2) == Some(&user.as_str())).map(PathBuf::from)
}

/// The name that the user database gives whoever runs this, else their number.
pub fn database_user() -> String {
    let number = std::fs::metadata("/proc/self").map(|found| found.uid().to_string()).unwrap_or_default();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut lines = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let found = lines
        .find(|fields| fields.get(2) == Some(&number.as_str()))
        .and_then(|fields| fields.first().copied().map(str::to_owned));
    found.unwrap_or(number)
}

/// The directory that a session started in `cwd` is about: its repository, or `cwd` itself where there is none or the
/// repository is the home directory or above it.
pub fn workspace_of(cwd: &str) -> String {
    let cwd = Path::new(cwd);
    let home = home().unwrap_or_default();
    let repository = crate::git::repository_of(cwd).filter(|found| !home.starts_with(found));
    repository.unwrap_or_else(|| cwd.to_owned()).to_string_lossy().into_owned()
}

/// A directory as written and as it really is.
pub fn both_forms(path: &str) -> Vec<String> {
    let real = real_path(Path::new(path), true).to_string_lossy().into_owned();
    if real == path { vec![real] } else { vec![path.to_owned(), real] }
}
