//! Replaces a settings file whole, keeping its mode where none is given, and the old text beside it; an empty text takes the file away.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::failure::{Failure, Naming as _};

/// The mode of a hook that is a program.
pub const EXECUTABLE: u32 = 0o755;

/// The mode of a file of the machine's tier, whatever the umask: some agents pass over one that others may write.
pub const MANAGED: u32 = 0o644;

/// Writes `text`, or removes the file where `text` is empty and the file is one of ours alone.
pub fn write(file: &Path, text: &str, mode: Option<u32>) -> Result<(), Failure> {
    // Settings are often a link into a repository of dotfiles: write where it points to, keep the link.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if text.is_empty() {
        return if file.exists() { fs::remove_file(file).naming("remove", file) } else { Ok(()) };
    }
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory).naming("make", directory)?;
    }
    let temporary = beside(file, &format!("bailiwick-{}", std::process::id()));
    if file.exists() {
        let backup = beside(file, "before-bailiwick");
        if !backup.exists() && mode != Some(EXECUTABLE) {
            fs::copy(file, &backup).naming("copy", file)?;
        }
        fs::copy(file, &temporary).naming("copy", file)?;
    }
    fs::write(&temporary, text).naming("write", &temporary)?;
    if let Some(mode) = mode {
        fs::set_permissions(&temporary, fs::Permissions::from_mode(mode)).naming("set the permissions of", &temporary)?;
    }
    fs::rename(&temporary, file).naming("replace", file)
}

fn beside(file: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    file.with_file_name(name)
}
