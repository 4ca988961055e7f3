//! What a run with `--review` has changed: kept in a layer over the workspace, which itself stays as it is until a person
//! accepts. In: a session. Out: its layer on the disk (`STATE/reviews/SESSION`), and how each file was when the run first
//! changed it, so that what others changed since is seen.

pub mod changes;
pub mod take;

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bailiwick_sandbox::plan::Overlay;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::dirs::{Dirs, create_private};
use crate::disk::real_path;
use crate::failure::{Failure, Kind, Naming as _};

/// One session's layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layer {
    /// The session.
    pub session: String,
    /// The ledger's entry that it began with.
    pub entry: u64,
    /// The tree that it lies over, real.
    pub tree: PathBuf,
    /// Where it is kept; not in its own file.
    #[serde(skip)]
    pub directory: PathBuf,
}

impl Layer {
    /// An empty one over a workspace.
    pub fn make(dirs: &Dirs, session: &str, entry: u64, workspace: &str) -> Result<Layer, Failure> {
        let tree = real_path(Path::new(workspace), true);
        let directory = real_path(&dirs.state, true).join("reviews").join(session);
        if !tree.is_dir() || directory.starts_with(&tree) {
            let heading = format!("{} holds the guard's own files, or is no directory: no layer can lie over it", tree.display());
            return Err(Failure::new(Kind::Usage, heading).hint("start it in a project's directory"));
        }
        create_private(&directory.join("work"))?;
        let mode = fs::metadata(&tree).naming("look at", &tree)?.mode();
        let upper = directory.join("upper");
        fs::DirBuilder::new().mode(mode & 0o777).create(&upper).naming("make", &upper)?;
        let layer = Layer { session: session.to_owned(), entry, tree, directory };
        let file = layer.directory.join("layer.json");
        let text = serde_json::to_vec(&layer).map_err(|error| Failure::new(Kind::Environment, "a layer").because(error))?;
        fs::write(&file, text).naming("write", &file)?;
        Ok(layer)
    }

    /// All that are there, the oldest first.
    pub fn all(dirs: &Dirs) -> Vec<Layer> {
        let entries = fs::read_dir(dirs.state.join("reviews")).into_iter().flatten().flatten();
        let read = |path: PathBuf| {
            let layer: Layer = serde_json::from_slice(&fs::read(path.join("layer.json")).ok()?).ok()?;
            Some(Layer { directory: path, ..layer })
        };
        let mut all: Vec<Layer> = entries.filter_map(|entry| read(entry.path())).collect();
        all.sort_by_key(|layer| layer.entry);
        all
    }

    /// The one meant: by a beginning of its session, or the only one.
    pub fn find(dirs: &Dirs, session: Option<&str>) -> Result<Layer, Failure> {
        let mut all = Layer::all(dirs);
        all.retain(|layer| session.is_none_or(|wanted| layer.session.starts_with(wanted)));
        match (all.pop(), all.is_empty()) {
            (Some(layer), true) => Ok(layer),
            (None, _) => Err(Failure::new(Kind::No, "no run waits for a review").hint("bailiwick run --review -- AGENT")),
            (Some(last), false) => {
                all.push(last);
                let names: Vec<String> = all.into_iter().map(|layer| layer.session).collect();
                Err(Failure::new(Kind::Usage, "more than one run waits for a review")
                    .hint(format!("name one: {}", names.join(" "))))
            }
        }
    }

    /// As the sandbox lays it.
    pub fn overlay(&self) -> Overlay {
        Overlay { tree: self.tree.clone(), upper: self.upper(), work: self.directory.join("work") }
    }

    /// Where changed files are.
    pub fn upper(&self) -> PathBuf {
        self.directory.join("upper")
    }

    /// Says that it is in use, for as long as the file that is given back stays open.
    pub fn hold(&self) -> Result<File, Failure> {
        let path = self.directory.join("in-use");
        let file =
            fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path).naming("open", &path)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| Failure::new(Kind::No, format!("{} still runs", self.session)).hint("wait for its end"))?;
        Ok(file)
    }

    /// Removes it.
    pub fn remove(&self) -> Result<(), Failure> {
        // The kernel leaves a directory in it that nobody may look into.
        let kernels = self.directory.join("work/work");
        if kernels.exists() {
            let _ = fs::set_permissions(&kernels, std::os::unix::fs::PermissionsExt::from_mode(0o700));
        }
        fs::remove_dir_all(&self.directory).naming("remove", &self.directory)
    }

    fn bases(&self) -> PathBuf {
        self.directory.join("bases")
    }
}

/// One line of `bases`.
#[derive(Serialize, Deserialize)]
struct Base {
    path: String,
    was: Option<String>,
}

/// Writes down how each file of the tree is when the run first changes it.
#[derive(Debug)]
pub struct Bases {
    tree: PathBuf,
    kept: Mutex<(File, HashSet<PathBuf>)>,
    /// Holds the layer.
    _held: File,
}

impl Bases {
    /// For a layer that begins, and is held from now on.
    pub fn begin(layer: &Layer) -> Result<Bases, Failure> {
        let path = layer.bases();
        let file = fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path).naming("make", &path)?;
        Ok(Bases { tree: layer.tree.clone(), kept: Mutex::new((file, HashSet::new())), _held: layer.hold()? })
    }

    /// Whether a path lies in the tree: what is changed there is in the layer.
    pub fn cover(&self, path: &Path) -> bool {
        path.starts_with(&self.tree)
    }

    /// Just before a change.
    ///
    /// # Errors
    /// Where it cannot be written down; then the change must not happen.
    pub fn note(&self, path: &Path) -> std::io::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.1.insert(path.to_owned()) {
            return Ok(());
        }
        let mut line = serde_json::to_vec(&Base { path: escaped(path), was: state(path) })?;
        line.push(b'\n');
        kept.0.write_all(&line)
    }
}

/// How a path is, in a word that is another one as soon as anybody changes it; of a directory only that it is one, and its
/// mode, because names come and go in it.
pub fn state(path: &Path) -> Option<String> {
    let found = fs::symlink_metadata(path).ok()?;
    if found.is_dir() {
        return Some(format!("d{:o}", found.mode()));
    }
    let (mtime, ctime) = ((found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec()));
    Some(format!("{:o} {} {} {mtime:?} {ctime:?}", found.mode(), found.size(), found.ino()))
}

/// A path as text that holds every byte of it.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'%' | 0..=0x1f | 0x7f..=0xff => text.push_str(&format!("%{byte:02x}")),
            _ => text.push(char::from(*byte)),
        }
    }
    text
}

fn unescaped(text: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, more)) = rest.split_first() {
        let pair = more.split_at_checked(2).filter(|_| *byte == b'%');
        let code = pair.and_then(|(code, rest)| Some((u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?, rest)));
        let (byte, left) = code.unwrap_or((*byte, more));
        bytes.push(byte);
        rest = left;
    }
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_comes_back() {
        let odd = std::ffi::OsString::from_vec((1..=255).collect());
        for path in [Path::new("/a b/%41"), Path::new(&odd)] {
            assert_eq!(unescaped(&escaped(path)), path);
        }
    }
}
