//! Takes changes of a layer over into the tree, or lets them go. In: changes, and a journal for what is overwritten. Out:
//! what was done with each. A change that somebody stands against is left alone, in the layer; what was taken or let go is
//! no longer there.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use bailiwick_journal::change::{Change as Told, Spot};
use bailiwick_journal::journal::Journal;

use crate::disk::real_path;
use crate::failure::{Failure, Naming as _};
use crate::review::Layer;
use crate::review::changes::{Change, What};

/// Makes one change in the tree; why not, where it was not made.
pub fn accept(layer: &Layer, change: &Change, journal: &Journal) -> Result<(), String> {
    if let Some(conflict) = change.conflict {
        return Err(conflict.to_owned());
    }
    let (to, from) = (layer.tree.join(&change.path), layer.upper().join(&change.path));
    let parent = to.parent().unwrap_or(&layer.tree);
    if real_path(parent, true) != parent {
        return Err("a link has come into its path since".to_owned());
    }
    let made = match change.what {
        What::Special => return Err("a pipe, a socket or a device is not taken over".to_owned()),
        What::Removed => remove(&to, change.directory, journal),
        What::Mode => mode(&from, &to, journal),
        What::Added if change.directory => directory(&from, &to, journal),
        What::Added | What::Changed => content(&from, &to, journal),
    };
    made.map_err(|failure| failure.line())?;
    forget(layer, change).map_err(|failure| failure.line())
}

/// Lets one change go.
pub fn discard(layer: &Layer, change: &Change) -> Result<(), Failure> {
    if change.what == What::Mode && change.directory {
        let (upper, tree) = (layer.upper().join(&change.path), layer.tree.join(&change.path));
        let mode = fs::metadata(&tree).naming("look at", &tree)?.mode();
        return fs::set_permissions(&upper, fs::Permissions::from_mode(mode)).naming("change", &upper);
    }
    forget(layer, change)
}

/// Takes it out of the layer. A directory goes when nothing is in it; what is left of one changes nothing any more.
fn forget(layer: &Layer, change: &Change) -> Result<(), Failure> {
    let upper = layer.upper().join(&change.path);
    match fs::symlink_metadata(&upper) {
        // Something else has come in its place, and is a change of its own.
        Ok(found) if change.what == What::Removed && !found.file_type().is_char_device() => Ok(()),
        Ok(found) if found.is_dir() => {
            let _ = fs::remove_dir(&upper);
            Ok(())
        }
        Ok(_) => fs::remove_file(&upper).naming("remove", &upper),
        // It went with a directory above it.
        Err(_) => Ok(()),
    }
}

fn tell(journal: &Journal, change: &Told<'_>) -> Result<(), Failure> {
    let told = journal.before(change);
    told.map(drop).map_err(|error| Failure::new(crate::failure::Kind::Environment, "what is there cannot be kept").because(error))
}

fn remove(to: &Path, directory: bool, journal: &Journal) -> Result<(), Failure> {
    tell(journal, &Told::Remove { at: Spot::at(to) })?;
    if directory { fs::remove_dir(to) } else { fs::remove_file(to) }.naming("remove", to)
}

fn mode(from: &Path, to: &Path, journal: &Journal) -> Result<(), Failure> {
    let mode = fs::symlink_metadata(from).naming("look at", from)?.mode();
    tell(journal, &Told::Metadata { at: Spot::at(to) })?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode & 0o7777)).naming("change", to)
}

fn directory(from: &Path, to: &Path, journal: &Journal) -> Result<(), Failure> {
    let mode = fs::metadata(from).naming("look at", from)?.mode();
    tell(journal, &Told::MakeDir { at: Spot::at(to) })?;
    fs::DirBuilder::new().mode(mode & 0o777).create(to).naming("make", to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode & 0o7777)).naming("change", to)
}

/// A file or a link. What is there and of another kind goes first; a file of the same kind stays the file that it is.
fn content(from: &Path, to: &Path, journal: &Journal) -> Result<(), Failure> {
    let new = fs::symlink_metadata(from).naming("look at", from)?;
    let old = fs::symlink_metadata(to).ok();
    if old.as_ref().is_some_and(|old| old.file_type() != new.file_type() || old.is_symlink()) {
        remove(to, false, journal)?;
    }
    if new.is_symlink() {
        let target = fs::read_link(from).naming("read", from)?;
        tell(journal, &Told::Symlink { at: Spot::at(to) })?;
        return std::os::unix::fs::symlink(target, to).naming("make", to);
    }
    tell(journal, &Told::Write { at: Spot::at(to) })?;
    let mut source = fs::File::open(from).naming("read", from)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600).custom_flags(NOFOLLOW);
    let mut target = options.open(to).naming("write", to)?;
    std::io::copy(&mut source, &mut target).naming("write", to)?;
    target.set_permissions(fs::Permissions::from_mode(new.mode() & 0o7777)).naming("change", to)
}

/// A link that has come there since is not followed.
const NOFOLLOW: i32 = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
