//! What a layer changes. In: the layer and the tree under it. Out: one change a name, in an order in which they can be made:
//! what goes from the bottom up, then what comes from the top down. It reads, and changes nothing.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::failure::{Failure, Naming as _};
use crate::review::{Base, Layer, state, unescaped};

/// What is written on a directory that hides the one below it.
const OPAQUE: &str = "user.overlay.opaque";

/// What happens to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It comes.
    Added,
    /// Its content becomes another; or it becomes another kind of thing.
    Changed,
    /// Only its mode becomes another.
    Mode,
    /// It goes.
    Removed,
    /// It is a pipe, a socket or a device: that is not taken over.
    Special,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// The name, from the tree's root.
    pub path: PathBuf,
    /// What happens to it.
    pub what: What,
    /// Whether it is (or was) a directory.
    pub directory: bool,
    /// What stands against it: somebody has changed it since.
    pub conflict: Option<&'static str>,
}

impl What {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            What::Added => "added",
            What::Changed => "changed",
            What::Mode => "mode",
            What::Removed => "removed",
            What::Special => "special",
        }
    }
}

/// All changes of a layer.
pub fn of(layer: &Layer) -> Result<Vec<Change>, Failure> {
    let mut walk = Walk { layer, bases: bases(layer)?, gone: Vec::new(), come: Vec::new() };
    walk.directory(Path::new(""), false)?;
    let Walk { mut gone, come, .. } = walk;
    gone.sort_by(|one, other| other.path.cmp(&one.path));
    gone.extend(come);
    Ok(gone)
}

/// How each path was when the run first changed it; the first word counts.
fn bases(layer: &Layer) -> Result<HashMap<PathBuf, Option<String>>, Failure> {
    let file = layer.bases();
    let text = fs::read_to_string(&file).naming("read", &file)?;
    let mut bases = HashMap::new();
    for base in text.lines().filter_map(|line| serde_json::from_str::<Base>(line).ok()) {
        bases.entry(unescaped(&base.path)).or_insert(base.was);
    }
    Ok(bases)
}

/// Writes out what directories of the layer hide as a whole, name by name: afterwards each name can be taken over or let go by
/// itself. For a layer that nobody uses any more.
pub fn settle(layer: &Layer) -> Result<(), Failure> {
    spell_out(layer, Path::new(""), false)
}

fn spell_out(layer: &Layer, path: &Path, hidden: bool) -> Result<(), Failure> {
    let (upper, lower) = (layer.upper().join(path), layer.tree.join(path));
    let hidden = hidden || is_opaque(&upper);
    if hidden && fs::symlink_metadata(&lower).is_ok_and(|found| found.is_dir()) {
        for entry in fs::read_dir(&lower).naming("read", &lower)? {
            let gone = upper.join(entry.naming("read", &lower)?.file_name());
            if fs::symlink_metadata(&gone).is_err() {
                mknodat(CWD, &gone, FileType::CharacterDevice, Mode::empty(), 0)
                    .map_err(|errno| std::io::Error::from_raw_os_error(errno.raw_os_error()))
                    .naming("make", &gone)?;
            }
        }
    }
    if is_opaque(&upper) {
        let removed = rustix::fs::lremovexattr(&upper, OPAQUE);
        removed.map_err(|errno| std::io::Error::from_raw_os_error(errno.raw_os_error())).naming("change", &upper)?;
    }
    for entry in fs::read_dir(&upper).naming("read", &upper)? {
        let entry = entry.naming("read", &upper)?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            spell_out(layer, &path.join(entry.file_name()), hidden)?;
        }
    }
    Ok(())
}

fn is_opaque(upper: &Path) -> bool {
    rustix::fs::lgetxattr(upper, OPAQUE, &mut [0_u8; 8][..]).is_ok_and(|length| length > 0)
}

struct Walk<'a> {
    layer: &'a Layer,
    bases: HashMap<PathBuf, Option<String>>,
    gone: Vec<Change>,
    come: Vec<Change>,
}

impl Walk<'_> {
    /// Compares a directory of the layer with the tree's; with `anew` nothing of the tree's shows through.
    fn directory(&mut self, path: &Path, anew: bool) -> Result<(), Failure> {
        let upper = self.layer.upper().join(path);
        let mut names = Vec::new();
        for entry in fs::read_dir(&upper).naming("read", &upper)? {
            names.push(entry.naming("read", &upper)?.file_name());
        }
        names.sort();
        if anew {
            let lower = self.layer.tree.join(path);
            for entry in fs::read_dir(lower).into_iter().flatten().flatten() {
                if !names.contains(&entry.file_name()) {
                    self.removed(&path.join(entry.file_name()));
                }
            }
        }
        for name in names {
            self.name(&path.join(name), anew)?;
        }
        Ok(())
    }

    fn name(&mut self, path: &Path, anew: bool) -> Result<(), Failure> {
        let upper = self.layer.upper().join(path);
        let new = fs::symlink_metadata(&upper).naming("look at", &upper)?;
        let old = fs::symlink_metadata(self.layer.tree.join(path)).ok();
        if new.file_type().is_char_device() && new.rdev() == 0 {
            if old.is_some() {
                self.removed(path);
            }
            return Ok(());
        }
        if new.is_dir() {
            return self.made(path, &upper, &new, old.as_ref(), anew);
        }
        if old.as_ref().is_some_and(Metadata::is_dir) {
            self.removed(path);
        }
        let kind = new.file_type();
        let what = match old.filter(|old| !old.is_dir()) {
            _ if !(kind.is_file() || kind.is_symlink()) => Some(What::Special),
            None => Some(What::Added),
            Some(old) if old.file_type() != kind => Some(What::Changed),
            Some(old) if !self.is_same(path, &upper, &new, &old)? => Some(What::Changed),
            Some(old) => (kind.is_file() && old.mode() != new.mode()).then_some(What::Mode),
        };
        if let Some(what) = what {
            let change = self.change(path, what, false);
            self.come.push(change);
        }
        Ok(())
    }

    fn made(&mut self, path: &Path, upper: &Path, new: &Metadata, old: Option<&Metadata>, anew: bool) -> Result<(), Failure> {
        let below = old.is_some_and(Metadata::is_dir);
        if old.is_some() && !below {
            self.removed(path);
        }
        let what = match old.filter(|_| below) {
            None => Some(What::Added),
            Some(old) => (old.mode() != new.mode()).then_some(What::Mode),
        };
        if let Some(what) = what {
            let change = self.change(path, what, true);
            self.come.push(change);
        }
        self.directory(path, below && (is_opaque(upper) || anew))
    }

    /// A name goes, with everything below it.
    fn removed(&mut self, path: &Path) {
        let lower = self.layer.tree.join(path);
        let directory = fs::symlink_metadata(&lower).is_ok_and(|found| found.is_dir());
        if directory {
            for entry in fs::read_dir(&lower).into_iter().flatten().flatten() {
                self.removed(&path.join(entry.file_name()));
            }
        }
        let change = self.change(path, What::Removed, directory);
        self.gone.push(change);
    }

    fn change(&self, path: &Path, what: What, directory: bool) -> Change {
        let whole = self.layer.tree.join(path);
        let now = state(&whole);
        let conflict = match self.bases.get(&whole) {
            Some(was) if *was == now => None,
            Some(Some(_)) => Some("somebody has changed it since"),
            Some(None) => Some("somebody has made it since"),
            None if now.is_none() && what == What::Added => None,
            None => Some("it was not there, or otherwise, when the run began"),
        };
        Change { path: path.to_owned(), what, directory, conflict }
    }

    fn is_same(&self, path: &Path, upper: &Path, new: &Metadata, old: &Metadata) -> Result<bool, Failure> {
        let lower = self.layer.tree.join(path);
        if new.is_symlink() {
            return Ok(fs::read_link(upper).naming("read", upper)? == fs::read_link(&lower).naming("read", &lower)?);
        }
        Ok(new.size() == old.size() && same_content(upper, &lower)?)
    }
}

fn same_content(one: &Path, other: &Path) -> Result<bool, Failure> {
    use std::io::Read as _;
    const PIECE: usize = 256 << 10;
    let mut files = [fs::File::open(one).naming("read", one)?, fs::File::open(other).naming("read", other)?];
    loop {
        let mut pieces = [Vec::new(), Vec::new()];
        for (file, piece) in files.iter_mut().zip(&mut pieces) {
            file.take(PIECE as u64).read_to_end(piece).naming("read", one)?;
        }
        let [first, second] = &pieces;
        if first != second || first.is_empty() {
            return Ok(first == second);
        }
    }
}
