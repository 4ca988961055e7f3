//! A broker as small as can be: tells the journal of a change, then makes it, one at a time. Never stops at an error, as
//! a shell script would not.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::journal::{Journal, Turn};
use rustix::fs::{AtFlags, CWD, Mode, RenameFlags, Timespec, Timestamps, XattrFlags};

/// Bytes that a failing test does not print.
#[derive(Clone)]
pub struct Blob(pub Vec<u8>);

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// One act of a program.
#[derive(Clone, Debug)]
pub enum Act {
    Create(PathBuf, Blob),
    Overwrite(PathBuf, Blob),
    Append(PathBuf, Blob),
    WriteAt(PathBuf, u64, Blob),
    Truncate(PathBuf, u64),
    Remove(PathBuf),
    RemoveTree(PathBuf),
    Rename(PathBuf, PathBuf),
    Exchange(PathBuf, PathBuf),
    Link(PathBuf, PathBuf),
    Symlink(PathBuf, PathBuf),
    MakeDir(PathBuf),
    MakeFifo(PathBuf),
    Chmod(PathBuf, u32),
    Touch(PathBuf, i64),
    SetAttribute(PathBuf, Blob),
}

/// Makes an act after its pre-image is kept. What the kernel refuses is refused.
pub fn perform(journal: &Journal, act: &Act) {
    if let Act::RemoveTree(path) = act {
        return remove_tree(journal, path);
    }
    let mut turn = journal.turn().unwrap();
    // Where no directory is, nothing happens.
    let Some(act) = resolved(act) else { return };
    turn.before(&change(&act)).unwrap();
    match &act {
        Act::Create(path, bytes) | Act::Overwrite(path, bytes) => write(turn, path, |file| {
            file.set_len(0)?;
            file.write_all(&bytes.0)
        }),
        Act::Append(path, bytes) => write(turn, path, |file| {
            file.seek(SeekFrom::End(0))?;
            file.write_all(&bytes.0)
        }),
        Act::WriteAt(path, offset, bytes) => write(turn, path, |file| file.write_all_at(&bytes.0, *offset)),
        Act::Truncate(path, bytes) if is_file(path) => {
            let _ = fs::OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(*bytes));
        }
        Act::Remove(path) => drop(if is_dir(path) { fs::remove_dir(path) } else { fs::remove_file(path) }),
        Act::Rename(from, to) => drop(fs::rename(from, to)),
        Act::Exchange(from, to) => drop(rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE).is_ok()),
        Act::Link(from, to) => drop(fs::hard_link(from, to)),
        Act::Symlink(target, at) => drop(std::os::unix::fs::symlink(target, at)),
        Act::MakeDir(path) => drop(fs::create_dir(path)),
        Act::MakeFifo(path) => drop(rustix::fs::mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR).is_ok()),
        Act::Chmod(path, mode) if is_no_link(path) => drop(fs::set_permissions(path, fs::Permissions::from_mode(*mode))),
        Act::Touch(path, seconds) if is_no_link(path) => {
            let time = Timespec { tv_sec: *seconds, tv_nsec: 7 };
            let times = Timestamps { last_access: time, last_modification: time };
            let _ = rustix::fs::utimensat(CWD, path, &times, AtFlags::empty());
        }
        Act::SetAttribute(path, value) if is_no_link(path) => {
            let _ = rustix::fs::lsetxattr(path, "user.bailiwick", &value.0, XattrFlags::empty());
        }
        Act::Truncate(..) | Act::Chmod(..) | Act::Touch(..) | Act::SetAttribute(..) | Act::RemoveTree(_) => {}
    }
}

/// What the journal is told of an act.
fn change(act: &Act) -> Change<'_> {
    match act {
        Act::Create(path, _) | Act::Overwrite(path, _) | Act::Append(path, _) | Act::WriteAt(path, ..) => {
            Change::Write { at: Spot::at(path) }
        }
        Act::Truncate(path, _) => Change::Truncate { at: Spot::at(path) },
        Act::Remove(path) | Act::RemoveTree(path) => Change::Remove { at: Spot::at(path) },
        Act::Rename(from, to) => Change::Rename { from: Spot::at(from), to: Spot::at(to), exchange: false },
        Act::Exchange(from, to) => Change::Rename { from: Spot::at(from), to: Spot::at(to), exchange: true },
        Act::Link(from, to) => Change::Link { from: Spot::at(from), to: Spot::at(to) },
        Act::Symlink(_, at) => Change::Symlink { at: Spot::at(at) },
        Act::MakeDir(path) => Change::MakeDir { at: Spot::at(path) },
        Act::MakeFifo(path) => Change::MakeNode { at: Spot::at(path) },
        Act::Chmod(path, _) | Act::Touch(path, _) | Act::SetAttribute(path, _) => Change::Metadata { at: Spot::at(path) },
    }
}

/// The same with real paths: a broker follows the links in a path before it speaks of it.
fn resolved(act: &Act) -> Option<Act> {
    let real = |path: &PathBuf| Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    let mut act = act.clone();
    match &mut act {
        Act::Create(path, _)
        | Act::Overwrite(path, _)
        | Act::Append(path, _)
        | Act::WriteAt(path, ..)
        | Act::Truncate(path, _)
        | Act::Remove(path)
        | Act::RemoveTree(path)
        | Act::Symlink(_, path)
        | Act::MakeDir(path)
        | Act::MakeFifo(path)
        | Act::Chmod(path, _)
        | Act::Touch(path, _)
        | Act::SetAttribute(path, _) => *path = real(path)?,
        Act::Rename(from, to) | Act::Exchange(from, to) | Act::Link(from, to) => (*from, *to) = (real(from)?, real(to)?),
    }
    Some(act)
}

fn write(turn: Turn<'_>, path: &Path, act: impl FnOnce(&mut fs::File) -> std::io::Result<()>) {
    if path.is_symlink() || (path.exists() && !is_file(path)) {
        return;
    }
    if let Ok(mut file) = fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path) {
        // The descriptor is handed over; what is written through it comes when it comes.
        drop(turn);
        let _ = act(&mut file);
    }
}

fn remove_tree(journal: &Journal, path: &Path) {
    if is_dir(path) {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            remove_tree(journal, &entry.path());
        }
    }
    perform(journal, &Act::Remove(path.to_owned()));
}

fn is_no_link(path: &Path) -> bool {
    path.exists() && !path.is_symlink()
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

fn is_dir(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}
