//! A tree as one can compare it: each name with kind, mode, owner, time, content, attributes, and which names share an
//! inode.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// All names below a root, the root itself included.
pub type Tree = BTreeMap<PathBuf, String>;

/// Looks at everything below a root.
pub fn snapshot(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut groups = HashMap::new();
    visit(root, root, &mut tree, &mut groups);
    tree
}

fn visit(root: &Path, path: &Path, tree: &mut Tree, groups: &mut HashMap<u64, PathBuf>) {
    let metadata = path.symlink_metadata().unwrap();
    let kind = metadata.file_type();
    let name = path.strip_prefix(root).unwrap().to_owned();
    let content = if kind.is_file() {
        let first = groups.entry(metadata.ino()).or_insert_with(|| name.clone());
        let digest = Sha256::digest(fs::read(path).unwrap());
        format!("file {} {:02x?} as {first:?}", metadata.len(), &digest[..6])
    } else if kind.is_symlink() {
        format!("link {:?}", fs::read_link(path).unwrap())
    } else if kind.is_fifo() {
        "fifo".to_owned()
    } else {
        "dir".to_owned()
    };
    let mut value = [0; 64];
    let attribute = rustix::fs::lgetxattr(path, "user.bailiwick", value.as_mut_slice()).unwrap_or(0);
    let (mode, uid, gid) = (metadata.mode(), metadata.uid(), metadata.gid());
    let time = format!("{}.{}", metadata.mtime(), metadata.mtime_nsec());
    tree.insert(name, format!("{content} {mode:o} {uid}:{gid} {time} {:?}", &value[..attribute]));
    if kind.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| visit(root, entry, tree, groups));
    }
}

/// What differs, line by line; empty where nothing does.
pub fn difference(before: &Tree, after: &Tree) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, was) in before {
        match after.get(path) {
            None => lines.push(format!("{path:?} is gone: {was}")),
            Some(now) if now != was => lines.push(format!("{path:?}\n   was {was}\n   is  {now}")),
            Some(_) => {}
        }
    }
    let new = after.iter().filter(|(path, _)| !before.contains_key(*path));
    lines.extend(new.map(|(path, now)| format!("{path:?} is new: {now}")));
    lines
}
