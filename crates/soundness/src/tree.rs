//! A small tree of files in memory: taken from a directory, or made up, and written out as often as needed.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

/// What stands at one path, relative to the tree's root.
#[derive(Clone, Debug)]
enum Node {
    Folder,
    File { bytes: Vec<u8>, mode: u32 },
    Link(PathBuf),
}

/// Folders stand before what is in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<(PathBuf, Node)>,
}

impl Tree {
    /// Adds a file.
    pub(crate) fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.file_with(path, bytes, 0o644);
    }

    /// Adds a file with these permissions.
    pub(crate) fn file_with(&mut self, path: &str, bytes: impl Into<Vec<u8>>, mode: u32) {
        self.nodes.push((PathBuf::from(path), Node::File { bytes: bytes.into(), mode }));
    }

    /// Adds an empty folder.
    pub(crate) fn folder(&mut self, path: &str) {
        self.nodes.push((PathBuf::from(path), Node::Folder));
    }

    /// Takes what is below a directory, under `at` in this tree.
    pub(crate) fn take(&mut self, directory: &Path, at: &Path) -> io::Result<()> {
        self.nodes.push((at.to_path_buf(), Node::Folder));
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let (path, at) = (entry.path(), at.join(entry.file_name()));
            let metadata = fs::symlink_metadata(&path)?;
            if metadata.is_dir() {
                self.take(&path, &at)?;
            } else if metadata.is_symlink() {
                self.nodes.push((at, Node::Link(fs::read_link(&path)?)));
            } else {
                let mode = metadata.permissions().mode();
                self.nodes.push((at, Node::File { bytes: fs::read(&path)?, mode }));
            }
        }
        Ok(())
    }

    /// Writes it out below a directory.
    pub(crate) fn write(&self, directory: &Path) -> io::Result<()> {
        for (path, node) in &self.nodes {
            let path = directory.join(path);
            match node {
                Node::Folder => fs::create_dir_all(&path)?,
                Node::Link(target) => symlink(target, &path)?,
                Node::File { bytes, mode } => {
                    if let Some(parent) = path.parent() {
                        fs::create_dir_all(parent)?;
                    }
                    fs::write(&path, bytes)?;
                    if *mode & 0o777 != 0o644 {
                        fs::set_permissions(&path, fs::Permissions::from_mode(*mode))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Empties a directory, whatever permissions were left in it.
pub(crate) fn empty(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
