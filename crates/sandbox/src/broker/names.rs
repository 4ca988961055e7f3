//! Makes, moves and takes away names, on the caller's behalf. In: paths. Out: the kernel's answer, after the watcher was
//! told. Every act is done in directories that are held open; a name is never looked up twice along a path.

use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, RenameFlags, linkat, mkdirat, mknodat, renameat_with, symlinkat, unlinkat};
use rustix::io::Errno;

use crate::broker::call::{Named, Target};
use crate::broker::caller::own_path;
use crate::broker::walk::{self, Found, Last, Object, Spot};
use crate::broker::{Asking, Reply};
use crate::watcher::Mutation;

/// Flags of rename that are understood: not replacing, exchanging.
const NO_REPLACE: u32 = 1;
const EXCHANGE: u32 = 2;

/// A name that is to appear: nothing may be there.
fn new_name(asking: &Asking<'_>, at: Named, directory: bool) -> Result<Spot, Errno> {
    let path = asking.caller.path(at.path)?;
    let found = asking.walk().find(at.start, &path, Last::Name)?;
    asking.caller.settled()?;
    match found {
        Found::Name(spot) if spot.found.is_some() => Err(Errno::EXIST),
        Found::Name(spot) if spot.slash && !directory => Err(Errno::NOENT),
        Found::Name(spot) => Ok(spot),
        Found::Thing { .. } => Err(Errno::EXIST),
    }
}

/// A name that is there.
fn old_name(asking: &Asking<'_>, at: Named, directory: bool) -> Result<(Spot, Object), Errno> {
    let path = asking.caller.path(at.path)?;
    let ending = path.as_bytes().iter().rev().take_while(|byte| **byte == b'/').count();
    let trimmed = path.as_bytes().get(..path.len() - ending).unwrap_or_default();
    match asking.walk().find(at.start, &path, Last::Name)? {
        Found::Name(mut spot) => {
            let object = spot.found.take().ok_or(Errno::NOENT)?;
            if spot.slash && object.kind() != FileType::Directory {
                return Err(Errno::NOTDIR);
            }
            Ok((spot, object))
        }
        Found::Thing { .. } if !directory => Err(Errno::ISDIR),
        // rmdir has an error for each kind of path that ends without a name.
        Found::Thing { .. } => Err(match trimmed.rsplit(|byte| *byte == b'/').next() {
            Some(b".") => Errno::INVAL,
            Some(b"..") => Errno::NOTEMPTY,
            Some(_) | None => Errno::BUSY,
        }),
    }
}

pub(crate) fn make_directory(asking: &Asking<'_>, at: Named, mode: u32) -> Result<Reply, Errno> {
    let spot = new_name(asking, at, true)?;
    if !asking.is_private(spot.parent.as_fd(), &spot.path) && !asking.rules().writes(&spot.path) {
        return Err(Errno::ACCESS);
    }
    asking.tell(spot.parent.as_fd(), &spot.path, &Mutation::MakeDirectory { place: spot.place(None) })?;
    let mode = Mode::from_raw_mode(mode & 0o1777);
    let top = asking.rules().late(&spot.path).is_some_and(|root| root == spot.path);
    if !top || asking.put_ready(FileType::Directory, &spot, mode).is_none() {
        asking.with_umask(|| mkdirat(&spot.parent, spot.name.as_os_str(), mode))?;
    }
    Ok(Reply::DONE)
}

pub(crate) fn make_node(asking: &Asking<'_>, at: Named, mode: u32) -> Result<Reply, Errno> {
    let kind = match FileType::from_raw_mode(mode) {
        kind @ (FileType::Fifo | FileType::Socket | FileType::RegularFile) => kind,
        FileType::Unknown if mode & libc::S_IFMT == 0 => FileType::RegularFile,
        FileType::Directory | FileType::Symlink | FileType::CharacterDevice | FileType::BlockDevice | FileType::Unknown => {
            return Err(Errno::PERM);
        }
    };
    let spot = new_name(asking, at, false)?;
    asking.may_appear(&spot)?;
    let place = spot.place(None);
    let mutation =
        if kind == FileType::RegularFile { Mutation::Write { place, truncates: false } } else { Mutation::MakeNode { place } };
    asking.tell(spot.parent.as_fd(), &spot.path, &mutation)?;
    let mode = Mode::from_raw_mode(mode & 0o1777);
    asking.with_umask(|| mknodat(&spot.parent, spot.name.as_os_str(), kind, mode, 0))?;
    Ok(Reply::DONE)
}

pub(crate) fn symlink(asking: &Asking<'_>, target: u64, at: Named) -> Result<Reply, Errno> {
    let target = asking.caller.path(target)?;
    let spot = new_name(asking, at, false)?;
    asking.may_appear(&spot)?;
    asking.tell(spot.parent.as_fd(), &spot.path, &Mutation::Symlink { place: spot.place(None), target: &target })?;
    symlinkat(target.as_os_str(), &spot.parent, spot.name.as_os_str())?;
    Ok(Reply::DONE)
}

pub(crate) fn remove(asking: &Asking<'_>, at: Named, directory: bool) -> Result<Reply, Errno> {
    let (spot, object) = old_name(asking, at, directory)?;
    asking.caller.settled()?;
    match (directory, object.kind() == FileType::Directory) {
        (true, false) => return Err(Errno::NOTDIR),
        (false, true) => return Err(Errno::ISDIR),
        (true, true) | (false, false) => {}
    }
    let draft = asking.is_draft(&spot.path, &object);
    if !draft {
        asking.may_vanish(&spot, &object)?;
    }
    let mutation = Mutation::Remove { place: spot.place(Some(&object)), directory };
    asking.tell(spot.parent.as_fd(), &spot.path, &mutation)?;
    let flags = if directory { AtFlags::REMOVEDIR } else { AtFlags::empty() };
    unlinkat(&spot.parent, spot.name.as_os_str(), flags)?;
    if draft {
        asking.forget_draft(&spot.path);
    }
    Ok(Reply::DONE)
}

/// The file system in which a name lies.
fn device(found: &Found) -> Result<u64, Errno> {
    match found {
        Found::Name(spot) => Ok(rustix::fs::fstat(&spot.parent)?.st_dev),
        Found::Thing { object, .. } => Ok(object.stat.st_dev),
    }
}

pub(crate) fn rename(asking: &Asking<'_>, from: Named, to: Named, flags: u32) -> Result<Reply, Errno> {
    if flags & !(NO_REPLACE | EXCHANGE) != 0 || flags == NO_REPLACE | EXCHANGE {
        return Err(Errno::INVAL);
    }
    let exchange = flags == EXCHANGE;
    let (from_path, to_path) = (asking.caller.path(from.path)?, asking.caller.path(to.path)?);
    let (from, to) =
        (asking.walk().find(from.start, &from_path, Last::Name)?, asking.walk().find(to.start, &to_path, Last::Name)?);
    asking.caller.settled()?;
    // The kernel's own order of errors.
    if device(&from)? != device(&to)? {
        return Err(Errno::XDEV);
    }
    let Found::Name(mut from) = from else { return Err(Errno::BUSY) };
    let Found::Name(mut to) = to else { return Err(if flags == NO_REPLACE { Errno::EXIST } else { Errno::BUSY }) };
    let moved = from.found.take().ok_or(Errno::NOENT)?;
    let replaced = to.found.take();
    if flags == NO_REPLACE && replaced.is_some() {
        return Err(Errno::EXIST);
    }
    if exchange && replaced.is_none() {
        return Err(Errno::NOENT);
    }
    if moved.kind() != FileType::Directory && (from.slash || to.slash && !exchange) {
        return Err(Errno::NOTDIR);
    }
    if exchange && to.slash && replaced.as_ref().is_some_and(|replaced| replaced.kind() != FileType::Directory) {
        return Err(Errno::NOTDIR);
    }
    match &replaced {
        Some(replaced) => asking.may_vanish(&to, replaced)?,
        None => asking.may_appear(&to)?,
    }
    let draft = asking.draft_takes_its_place(&from, &moved, &to, exchange);
    if !draft {
        asking.may_vanish(&from, &moved)?;
    }
    let mutation = Mutation::Rename { from: from.place(Some(&moved)), to: to.place(replaced.as_ref()), exchange };
    if !asking.is_private(to.parent.as_fd(), &to.path) || !asking.is_private(from.parent.as_fd(), &from.path) {
        asking.tell_always(&mutation)?;
    }
    let plain = flags == 0;
    // Where nothing was, nothing may be replaced: what came there meanwhile was not told to the watcher.
    let flags = match (exchange, &replaced) {
        (true, _) => RenameFlags::EXCHANGE,
        (false, None) => RenameFlags::NOREPLACE,
        (false, Some(_)) => RenameFlags::empty(),
    };
    let act = |flags| renameat_with(&from.parent, from.name.as_os_str(), &to.parent, to.name.as_os_str(), flags);
    match act(flags) {
        // A file system that cannot do it without replacing: the plain form, if there still is nothing.
        Err(Errno::INVAL) if flags == RenameFlags::NOREPLACE && plain => {
            if to.is_there()? {
                Err(Errno::AGAIN)
            } else {
                act(RenameFlags::empty())
            }
        }
        done => done,
    }?;
    if draft {
        asking.forget_draft(&from.path);
    }
    Ok(Reply::DONE)
}

pub(crate) fn link(asking: &Asking<'_>, from: Target, to: Named) -> Result<Reply, Errno> {
    let (object, path) = match asking.find(from)? {
        Found::Name(mut spot) => (spot.found.take().ok_or(Errno::NOENT)?, spot.path),
        Found::Thing { object, path, .. } => (object, path),
    };
    let to = new_name(asking, to, false)?;
    if object.kind() == FileType::Directory {
        return Err(Errno::PERM);
    }
    let path: PathBuf = if walk::is_gone(&object) { walk::without_mark(&path) } else { path };
    // A second name gives the right to change the file by that name: it takes the right to change it by the first.
    if !asking.is_private(object.file.as_fd(), &path) && !asking.rules().writes(&path) {
        return Err(Errno::ACCESS);
    }
    asking.may_appear(&to)?;
    asking.tell(to.parent.as_fd(), &to.path, &Mutation::Link { from: Path::new(&path), to: to.place(None) })?;
    linkat(CWD, own_path(object.file.as_fd()).as_c_str(), &to.parent, to.name.as_os_str(), AtFlags::SYMLINK_FOLLOW)?;
    Ok(Reply::DONE)
}
