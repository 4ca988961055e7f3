//! A broker as small as can be: tells the journal of a change, then makes it, one at a time. Never stops at an error, as
//! a shell script would not.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::journal::Journal;
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
    match act {
        Act::Create(path, bytes) | Act::Overwrite(path, bytes) => write(journal, path, |file| {
            file.set_len(0)?;
            file.write_all(&bytes.0)
        }),
        Act::Append(path, bytes) => write(journal, path, |file| {
            file.seek(SeekFrom::End(0))?;
            file.write_all(&bytes.0)
        }),
        Act::WriteAt(path, offset, bytes) => write(journal, path, |file| file.write_all_at(&bytes.0, *offset)),
        Act::Truncate(path, bytes) => {
            let turn = tell(journal, Change::Truncate { at: Spot::at(path) });
            if is_file(path) {
                let _ = fs::OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(*bytes));
            }
            drop(turn);
        }
        Act::Remove(path) => remove(journal, path),
        Act::RemoveTree(path) => remove_tree(journal, path),
        Act::Rename(from, to) => {
            let turn = tell(journal, Change::Rename { from: Spot::at(from), to: Spot::at(to), exchange: false });
            let _ = fs::rename(from, to);
            drop(turn);
        }
        Act::Exchange(from, to) => {
            let turn = tell(journal, Change::Rename { from: Spot::at(from), to: Spot::at(to), exchange: true });
            let _ = rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE);
            drop(turn);
        }
        Act::Link(from, to) => {
            let turn = tell(journal, Change::Link { from: Spot::at(from), to: Spot::at(to) });
            let _ = rustix::fs::linkat(CWD, from, CWD, to, AtFlags::empty());
            drop(turn);
        }
        Act::Symlink(target, at) => {
            let turn = tell(journal, Change::Symlink { at: Spot::at(at) });
            let _ = std::os::unix::fs::symlink(target, at);
            drop(turn);
        }
        Act::MakeDir(path) => {
            let turn = tell(journal, Change::MakeDir { at: Spot::at(path) });
            let _ = fs::create_dir(path);
            drop(turn);
        }
        Act::MakeFifo(path) => {
            let turn = tell(journal, Change::MakeNode { at: Spot::at(path) });
            let _ = rustix::fs::mkfifoat(CWD, path, Mode::RUSR | Mode::WUSR);
            drop(turn);
        }
        Act::Chmod(..) | Act::Touch(..) | Act::SetAttribute(..) => metadata(journal, act),
    }
}

fn metadata(journal: &Journal, act: &Act) {
    let (Act::Chmod(path, _) | Act::Touch(path, _) | Act::SetAttribute(path, _)) = act else { return };
    let turn = tell(journal, Change::Metadata { at: Spot::at(path) });
    if path.is_symlink() || !path.exists() {
        return;
    }
    match act {
        Act::Chmod(path, mode) => drop(fs::set_permissions(path, fs::Permissions::from_mode(*mode))),
        Act::Touch(path, seconds) => {
            let time = Timespec { tv_sec: *seconds, tv_nsec: 7 };
            let times = Timestamps { last_access: time, last_modification: time };
            let _ = rustix::fs::utimensat(CWD, path, &times, AtFlags::empty());
        }
        Act::SetAttribute(path, value) => {
            let _ = rustix::fs::lsetxattr(path, "user.bailiwick", &value.0, XattrFlags::empty());
        }
        _ => {}
    }
    drop(turn);
}

fn write(journal: &Journal, path: &Path, act: impl FnOnce(&mut fs::File) -> std::io::Result<()>) {
    let turn = tell(journal, Change::Write { at: Spot::at(path) });
    if path.is_symlink() || (path.exists() && !is_file(path)) {
        return;
    }
    if let Ok(mut file) = fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path) {
        // The descriptor is handed over; what is written through it comes when it comes.
        drop(turn);
        let _ = act(&mut file);
    }
}

fn remove(journal: &Journal, path: &Path) {
    let turn = tell(journal, Change::Remove { at: Spot::at(path) });
    let _ = if is_dir(path) { fs::remove_dir(path) } else { fs::remove_file(path) };
    drop(turn);
}

fn remove_tree(journal: &Journal, path: &Path) {
    if is_dir(path) {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            remove_tree(journal, &entry.path());
        }
    }
    remove(journal, path);
}

fn tell<'a>(journal: &'a Journal, change: Change<'_>) -> bailiwick_journal::journal::Turn<'a> {
    let mut turn = journal.turn().unwrap();
    turn.before(&change).unwrap();
    turn
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

fn is_dir(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}
