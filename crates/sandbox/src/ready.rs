//! Empty directories and files that wait, each with a rule of Landlock's, until the command makes a name where no rule could
//! hold it. In: the plan's directory for them. Out: their names. `broker/ready.rs` gives them away.

use std::fs::{self, DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::FileType;

/// Most of each kind: a call makes few trees beside those that are there.
const MOST: usize = 16;

/// Makes them, for so many names that may come; the names of those that could be made.
pub(crate) fn make(directory: &Path, wanted: usize) -> Vec<(FileType, String)> {
    if DirBuilder::new().recursive(true).mode(0o700).create(directory).is_err() {
        return Vec::new();
    }
    // One more than there are names: what is made anew after it was removed.
    let each = (wanted + 1).min(MOST);
    let directories = (0..each).map(|number| format!("d{number}"));
    let directories = directories.filter(|name| DirBuilder::new().mode(0o700).create(directory.join(name)).is_ok());
    let mut made: Vec<(FileType, String)> = directories.map(|name| (FileType::Directory, name)).collect();
    let file = |name: &String| {
        let path = directory.join(name);
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).is_ok()
    };
    made.extend((0..each).map(|number| format!("f{number}")).filter(file).map(|name| (FileType::RegularFile, name)));
    made
}

/// Removes the directory itself, when nothing is left in it.
pub(crate) fn remove(directory: &Path) {
    let _ = fs::remove_dir(directory);
}
