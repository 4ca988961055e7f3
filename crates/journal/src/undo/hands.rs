//! The acts of an undo. Each is told to the undo's own journal before it is made, so an undo can be undone; each replaces
//! a file whole, except where it has other names that must see the old content again.

use std::cell::Cell;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Gid, Mode, Timespec, Timestamps, UTIME_OMIT, Uid, XattrFlags};
use rustix::io::Errno;

use crate::budget::Refused;
use crate::change::{Change, Spot};
use crate::disk::{self, IoError, create_new, digest, pour};
use crate::escape::Bytes;
use crate::facts::{Kind, Meta};
use crate::journal::Journal;
use crate::keep::attributes;
use crate::plan::{Clash, aside};
use crate::store::Store;

/// Why one thing was not put back.
#[derive(Debug)]
pub enum Failed {
    /// A file operation failed.
    Act(IoError),
    /// It was left alone.
    Clash(Clash),
    /// What the undo itself would change could not be kept; the undo stopped here.
    Refused(Refused),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::Act(error) => error.fmt(f),
            Failed::Clash(clash) => clash.fmt(f),
            Failed::Refused(refused) => refused.fmt(f),
        }
    }
}

impl From<IoError> for Failed {
    fn from(error: IoError) -> Failed {
        Failed::Act(error)
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Failed {
        Failed::Refused(refused)
    }
}

/// Mode, owner, times and attributes to give.
pub(crate) struct Dress<'a> {
    pub(crate) meta: &'a Meta,
    pub(crate) attributes: Option<&'a [(Bytes, Bytes)]>,
}

/// Acts and tells.
pub(crate) struct Hands<'a> {
    pub(crate) store: &'a Store,
    pub(crate) into: &'a Journal,
    /// The call that is undone.
    pub(crate) call: &'a str,
    pub(crate) next: Cell<u64>,
}

impl Hands<'_> {
    fn tell(&self, change: &Change<'_>) -> Result<(), Failed> {
        self.into.before(change)?;
        Ok(())
    }

    /// A name in the same directory that nothing has yet.
    fn temporary(&self, path: &Path) -> PathBuf {
        self.next.set(self.next.get() + 1);
        path.with_file_name(format!("{}t{}-{}", aside(self.call), std::process::id(), self.next.get()))
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), Failed> {
        self.tell(&Change::Rename { from: Spot::at(from), to: Spot::at(to), exchange: false })?;
        Ok(fs::rename(from, to).map_err(IoError::at("move", from))?)
    }

    pub(crate) fn remove(&self, path: &Path, kind: Kind) -> Result<(), Failed> {
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        let removed = match kind {
            Kind::Dir => fs::remove_dir(path),
            Kind::File | Kind::Link | Kind::Fifo | Kind::Special => fs::remove_file(path),
        };
        Ok(removed.map_err(IoError::at("remove", path))?)
    }

    /// Removes a directory of build output and all below it. What is in there is not kept.
    pub(crate) fn remove_build(&self, path: &Path) -> Result<(), Failed> {
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        Ok(fs::remove_dir_all(path).map_err(IoError::at("remove", path))?)
    }

    pub(crate) fn make_dir(&self, path: &Path) -> Result<(), Failed> {
        self.tell(&Change::MakeDir { at: Spot::at(path) })?;
        Ok(rustix::fs::mkdirat(CWD, path, Mode::RWXU).map_err(IoError::at("make", path))?)
    }

    /// Puts a copy that was kept at a name, whatever file is there now.
    pub(crate) fn put_object(&self, path: &Path, sha256: &str, dress: &Dress<'_>) -> Result<(), Failed> {
        let object = self.object(sha256)?;
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        let temporary = self.temporary(path);
        let made = create_new(&temporary)?;
        let poured = pour(&object, &made).map_err(IoError::at("write", &temporary));
        let checked = poured.map_err(Failed::Act).and_then(|poured| {
            let whole = poured == sha256;
            if whole { dress_up(&temporary, dress).map_err(Failed::Act) } else { Err(Failed::Clash(Clash::Damaged)) }
        });
        self.finish(&temporary, path, checked)
    }

    /// Puts a copy that was kept into the file that is there, which has other names.
    pub(crate) fn pour_object(&self, path: &Path, sha256: &str) -> Result<(), Failed> {
        let object = self.object(sha256)?;
        if digest(&object).map_err(IoError::at("read", path))? != sha256 {
            return Err(Failed::Clash(Clash::Damaged));
        }
        self.tell(&Change::Write { at: Spot::at(path) })?;
        let flags = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default();
        let file = OpenOptions::new().write(true).truncate(true).custom_flags(flags).open(path);
        let file = file.map_err(IoError::at("open", path))?;
        pour(&object, &file).map_err(IoError::at("write", path))?;
        Ok(())
    }

    fn object(&self, sha256: &str) -> Result<File, Failed> {
        match self.store.open(sha256) {
            Ok(file) => Ok(file),
            Err(error) if error.is_missing() => Err(Failed::Clash(Clash::Damaged)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a held inode a name again. It leaves the store.
    pub(crate) fn put_held(&self, held: &Path, path: &Path) -> Result<(), Failed> {
        let shared = disk::look(held)?.is_some_and(|stat| Meta::of(&stat).nlink > 1);
        if shared {
            // Its content, if it is put back next, is that of names which this undo does not touch: it must be met.
            return self.rename(held, path);
        }
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        Ok(fs::rename(held, path).map_err(IoError::at("put back", path))?)
    }

    pub(crate) fn put_link(&self, path: &Path, target: &Bytes, dress: &Dress<'_>) -> Result<(), Failed> {
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        let temporary = self.temporary(path);
        let made = rustix::fs::symlinkat(target.os().as_bytes(), CWD, &temporary);
        let made = made.map_err(IoError::at("make", &temporary)).and_then(|()| dress_up(&temporary, dress));
        self.finish(&temporary, path, made.map_err(Failed::Act))
    }

    pub(crate) fn put_fifo(&self, path: &Path, dress: &Dress<'_>) -> Result<(), Failed> {
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        let temporary = self.temporary(path);
        let made = rustix::fs::mkfifoat(CWD, &temporary, Mode::RUSR | Mode::WUSR);
        let made = made.map_err(IoError::at("make", &temporary)).and_then(|()| dress_up(&temporary, dress));
        self.finish(&temporary, path, made.map_err(Failed::Act))
    }

    /// Gives a file one more name.
    pub(crate) fn put_name(&self, from: &Path, path: &Path) -> Result<(), Failed> {
        self.tell(&Change::Link { from: Spot::at(from), to: Spot::at(path) })?;
        self.tell(&Change::Remove { at: Spot::at(path) })?;
        let temporary = self.temporary(path);
        let made = fs::hard_link(from, &temporary).map_err(IoError::at("link", from));
        self.finish(&temporary, path, made.map_err(Failed::Act))
    }

    fn finish(&self, temporary: &Path, path: &Path, made: Result<(), Failed>) -> Result<(), Failed> {
        let named = made.and_then(|()| Ok(fs::rename(temporary, path).map_err(IoError::at("name", path))?));
        if named.is_err() {
            let _gone = fs::remove_file(temporary);
        }
        named
    }

    /// Gives a thing that is there its mode, owner, times and attributes, where they differ.
    pub(crate) fn dress(&self, path: &Path, dress: &Dress<'_>) -> Result<(), Failed> {
        if !wears(path, dress)? {
            self.tell(&Change::Metadata { at: Spot::at(path) })?;
            dress_up(path, dress)?;
        }
        Ok(())
    }
}

fn wears(path: &Path, dress: &Dress<'_>) -> Result<bool, IoError> {
    let Some(now) = disk::look(path)?.map(|stat| Meta::of(&stat)) else { return Ok(true) };
    let meta = dress.meta;
    let mode = now.mode == meta.mode || meta.kind == Kind::Link;
    let values = match dress.attributes {
        Some(kept) => {
            let there = attributes(path)?;
            there.len() == kept.len() && there.iter().all(|value| kept.contains(value))
        }
        None => true,
    };
    Ok(mode && values && now.uid == meta.uid && now.gid == meta.gid && now.mtime == meta.mtime)
}

/// Sets what differs. The time comes last, for the rest does not touch it but attributes may.
fn dress_up(path: &Path, dress: &Dress<'_>) -> Result<(), IoError> {
    let Some(now) = disk::look(path)?.map(|stat| Meta::of(&stat)) else { return Ok(()) };
    let meta = dress.meta;
    if (now.uid, now.gid) != (meta.uid, meta.gid) {
        let (owner, group) = (Some(Uid::from_raw(meta.uid)), Some(Gid::from_raw(meta.gid)));
        rustix::fs::chownat(CWD, path, owner, group, AtFlags::SYMLINK_NOFOLLOW).map_err(IoError::at("set the owner of", path))?;
    }
    if let Some(kept) = dress.attributes {
        set_attributes(path, kept)?;
    }
    if meta.kind != Kind::Link {
        // After the owner, whose change drops set-user-ID bits.
        rustix::fs::chmodat(CWD, path, Mode::from_raw_mode(meta.mode), AtFlags::empty())
            .map_err(IoError::at("set the mode of", path))?;
    }
    let (tv_sec, tv_nsec) = meta.mtime;
    let times =
        Timestamps { last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT }, last_modification: Timespec { tv_sec, tv_nsec } };
    rustix::fs::utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW).map_err(IoError::at("set the time of", path))
}

fn set_attributes(path: &Path, kept: &[(Bytes, Bytes)]) -> Result<(), IoError> {
    let there = attributes(path)?;
    for (name, _) in there.iter().filter(|(name, _)| !kept.iter().any(|(wanted, _)| wanted == name)) {
        rustix::fs::lremovexattr(path, name.os()).map_err(IoError::at("remove an attribute of", path))?;
    }
    for (name, value) in kept.iter().filter(|value| !there.contains(value)) {
        match rustix::fs::lsetxattr(path, name.os(), &value.0, XattrFlags::empty()) {
            // Only the system sets `security.*`; the content matters more than that.
            Ok(()) | Err(Errno::PERM | Errno::OPNOTSUPP) => {}
            Err(error) => return Err(IoError::at("set an attribute of", path)(error)),
        }
    }
    Ok(())
}
