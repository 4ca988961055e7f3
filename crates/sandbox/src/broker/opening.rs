//! Opens for writing, on the caller's behalf. In: the path and flags of an open. Out: the open file for the caller, after
//! the watcher was told. The file that is opened is the very one that was checked: it is opened again through the
//! descriptor by which it was looked at, or made with O_EXCL where nothing was.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, RawMode, openat};
use rustix::io::Errno;

use crate::broker::call::Named;
use crate::broker::walk::{self, By, Found, Last, Object, Spot, reopen};
use crate::broker::{Asking, Reply};
use crate::filter::CHANGING;
use crate::watcher::Mutation;

/// How often a race for one name may be lost.
const MOST_TRIES: u32 = 40;
/// Flags that say what is to be found or made; the rest say how the file is then used.
const FINDING: OFlags = OFlags::CREATE.union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::DIRECTORY);
/// Major numbers of terminals: consoles, /dev/tty and its kin, pseudo-terminals.
const TERMINAL_MAJORS: std::ops::RangeInclusive<u32> = 136..=143;

/// Set-user-id: nothing inside may make a program that acts for its owner.
pub(crate) const SET_IDS: RawMode = 0o6000;

pub(crate) fn open(asking: &Asking<'_>, at: Named, flags: u32, mode: u32) -> Result<Reply, Errno> {
    let flags = OFlags::from_bits_retain(flags);
    let temporary = flags.contains(OFlags::TMPFILE);
    if flags.contains(OFlags::CREATE | OFlags::DIRECTORY) || temporary && !flags.intersects(OFlags::WRONLY | OFlags::RDWR) {
        return Err(Errno::INVAL);
    }
    if !changes(flags.bits()) {
        return read(asking, at, flags);
    }
    let path = asking.caller.path(at.path)?;
    let creates = flags.contains(OFlags::CREATE) && !temporary;
    let follow = !(flags.contains(OFlags::NOFOLLOW) || creates && flags.contains(OFlags::EXCL));
    let end = match (follow, creates) {
        (true, true) => Last::Make,
        (true, false) => Last::Follow,
        (false, true) => Last::Name,
        (false, false) => Last::Keep,
    };
    let found = asking.walk().find(at.start, &path, end)?;
    asking.caller.settled()?;
    let mode = Mode::from_raw_mode(mode & 0o1777);
    let file = match found {
        Found::Name(spot) if temporary => unnamed(asking, spot.found.as_ref().ok_or(Errno::NOENT)?, &spot.path, flags, mode)?,
        Found::Thing { object, path, .. } if temporary => unnamed(asking, &object, &path, flags, mode)?,
        Found::Name(spot) => named(asking, spot, flags, mode)?,
        Found::Thing { object, path, by } => return thing(asking, &object, &path, by, flags),
    };
    Ok(match file {
        Opened::Now(file) => Reply::File { file, close_on_exec: flags.contains(OFlags::CLOEXEC) },
        Opened::MayBlock(object) => {
            Reply::BlockingOpen { object, flags: plain(flags), close_on_exec: flags.contains(OFlags::CLOEXEC) }
        }
    })
}

/// Whether an open with these flags may change something, as the filter sees it.
pub(crate) fn changes(flags: u32) -> bool {
    flags & CHANGING != 0
}

/// An open for reading, where the plan has what Landlock knows nothing of: that is opened here. Everything else the kernel
/// opens for the caller, under Landlock, whatever its path has become by then.
fn read(asking: &Asking<'_>, at: Named, flags: OFlags) -> Result<Reply, Errno> {
    let path = asking.caller.path(at.path)?;
    let end = if flags.contains(OFlags::NOFOLLOW) { Last::Keep } else { Last::Follow };
    let found = asking.walk().find(at.start, &path, end);
    asking.caller.settled()?;
    let close_on_exec = flags.contains(OFlags::CLOEXEC);
    let opened = match found {
        Ok(Found::Name(mut spot)) if asking.reads_late(&spot) => match spot.found.take() {
            Some(object) => existing(asking, &spot, object, flags)?,
            None => return Err(Errno::NOENT),
        },
        // The directory itself: `.` and what leads up to it.
        Ok(Found::Thing { object, path, by: By::Path })
            if object.kind() == FileType::Directory && asking.rules().reads_late(&path) =>
        {
            Opened::Now(reopen(&object, plain(flags))?)
        }
        Ok(Found::Name(_) | Found::Thing { .. }) | Err(_) => return Ok(Reply::GoOn),
    };
    Ok(match opened {
        Opened::Now(file) => Reply::File { file, close_on_exec },
        Opened::MayBlock(object) => Reply::BlockingOpen { object, flags: plain(flags), close_on_exec },
    })
}

/// An open file, or a pipe whose opening waits for the other end.
enum Opened {
    Now(OwnedFd),
    MayBlock(Object),
}

/// A terminal opened here must not become the supervisor's own.
fn plain(flags: OFlags) -> OFlags {
    flags.difference(FINDING) | OFlags::CLOEXEC | OFlags::NOCTTY
}

fn wants_write(flags: OFlags) -> bool {
    flags.intersects(OFlags::WRONLY | OFlags::RDWR | OFlags::TRUNC)
}

fn wants_read(flags: OFlags) -> bool {
    !flags.contains(OFlags::WRONLY)
}

fn named(asking: &Asking<'_>, mut spot: Spot, flags: OFlags, mode: Mode) -> Result<Opened, Errno> {
    if spot.slash && flags.contains(OFlags::CREATE) {
        return Err(Errno::ISDIR);
    }
    for _ in 0..MOST_TRIES {
        if let Some(object) = spot.found.take() {
            return existing(asking, &spot, object, flags);
        }
        if !flags.contains(OFlags::CREATE) {
            return Err(Errno::NOENT);
        }
        match create(asking, &spot, flags, mode) {
            Err(Errno::EXIST) if !flags.contains(OFlags::EXCL) => spot.look_again()?,
            result => return result.map(Opened::Now),
        }
    }
    Err(Errno::AGAIN)
}

fn create(asking: &Asking<'_>, spot: &Spot, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    if !asking.may_draft(&spot.path) {
        asking.may_appear(spot)?;
    }
    asking.tell(spot.parent.as_fd(), &spot.path, &Mutation::Write { place: spot.place(None), truncates: false })?;
    let file = match made_ready(asking, spot, flags, mode)? {
        Some(file) => file,
        None => {
            let flags = plain(flags).difference(OFlags::TRUNC) | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
            asking.with_umask(|| openat(&spot.parent, spot.name.as_os_str(), flags, mode))?
        }
    };
    asking.note_draft(&spot.path, file.as_fd())?;
    Ok(file)
}

/// A file that waited for a name where no rule of Landlock would hold it, opened; none where there is no such, or nothing fits.
fn made_ready(asking: &Asking<'_>, spot: &Spot, flags: OFlags, mode: Mode) -> Result<Option<OwnedFd>, Errno> {
    let as_made = asking.rules().late(&spot.path).is_some_and(|root| root == spot.path) || asking.may_draft(&spot.path);
    // Opened again by its maker it must give what its maker would get.
    let opens = mode.contains(Mode::RUSR | Mode::WUSR);
    let put = if as_made && opens { asking.put_ready(FileType::RegularFile, spot, mode) } else { None };
    let Some(file) = put else { return Ok(None) };
    // This very file, whatever has the name by now.
    reopen(&Object::new(file)?, plain(flags).difference(OFlags::TRUNC)).map(Some)
}

fn existing(asking: &Asking<'_>, spot: &Spot, object: Object, flags: OFlags) -> Result<Opened, Errno> {
    if flags.contains(OFlags::CREATE | OFlags::EXCL) {
        return Err(Errno::EXIST);
    }
    let kind = object.kind();
    match kind {
        FileType::Symlink if flags.contains(OFlags::DIRECTORY) => return Err(Errno::NOTDIR),
        FileType::Symlink => return Err(Errno::LOOP),
        FileType::Directory if wants_write(flags) || flags.contains(OFlags::CREATE) => return Err(Errno::ISDIR),
        FileType::Socket => return Err(Errno::NXIO),
        FileType::Directory
        | FileType::RegularFile
        | FileType::Fifo
        | FileType::CharacterDevice
        | FileType::BlockDevice
        | FileType::Unknown => {}
    }
    if kind != FileType::Directory && (spot.slash || flags.contains(OFlags::DIRECTORY)) {
        return Err(Errno::NOTDIR);
    }
    if matches!(kind, FileType::CharacterDevice | FileType::BlockDevice) {
        return device(asking, &object, &spot.path, By::Path, flags).map(Opened::Now);
    }
    let private = asking.is_private(spot.parent.as_fd(), &spot.path);
    if !private && is_process_file(&spot.path) {
        return process_file(&object, &spot.path, flags).map(Opened::Now);
    }
    let draft = asking.is_draft(&spot.path, &object);
    if wants_read(flags) && !private && !draft && !asking.rules().reads(&spot.path) {
        return Err(Errno::ACCESS);
    }
    if wants_write(flags) {
        if !draft {
            asking.may_write(spot)?;
        }
        let truncates = flags.contains(OFlags::TRUNC);
        asking.tell(spot.parent.as_fd(), &spot.path, &Mutation::Write { place: spot.place(Some(&object)), truncates })?;
    }
    if kind == FileType::Fifo && !flags.contains(OFlags::NONBLOCK) {
        return Ok(Opened::MayBlock(object));
    }
    reopen(&object, plain(flags)).map(Opened::Now)
}

/// A file without a name, in a directory.
fn unnamed(asking: &Asking<'_>, directory: &Object, path: &Path, flags: OFlags, mode: Mode) -> Result<Opened, Errno> {
    if directory.kind() != FileType::Directory {
        return Err(Errno::NOTDIR);
    }
    if !asking.is_private(directory.file.as_fd(), path) {
        if !asking.rules().writes(path) {
            return Err(Errno::ACCESS);
        }
        asking.tell_always(&Mutation::Unnamed { directory: path })?;
    }
    let flags = flags.difference(OFlags::NOFOLLOW) | OFlags::CLOEXEC;
    asking.with_umask(|| openat(&directory.file, ".", flags, mode)).map(Opened::Now)
}

/// What has no name of its own in the path: mostly a descriptor of the caller, opened again through /proc or /dev/fd.
fn thing(asking: &Asking<'_>, object: &Object, path: &Path, by: By, flags: OFlags) -> Result<Reply, Errno> {
    let close_on_exec = flags.contains(OFlags::CLOEXEC);
    let kind = object.kind();
    if flags.contains(OFlags::CREATE | OFlags::EXCL) {
        return Err(Errno::EXIST);
    }
    let file = match kind {
        FileType::Directory => return Err(Errno::ISDIR),
        FileType::Socket => return Err(Errno::NXIO),
        FileType::Symlink => return Err(Errno::LOOP),
        FileType::CharacterDevice | FileType::BlockDevice => device(asking, object, path, by, flags)?,
        FileType::Fifo if !path.is_absolute() && flags.contains(OFlags::NONBLOCK) => reopen(object, plain(flags))?,
        FileType::Fifo if !path.is_absolute() => {
            return Ok(Reply::BlockingOpen {
                object: Object::new(rustix::io::dup(&object.file)?)?,
                flags: plain(flags),
                close_on_exec,
            });
        }
        FileType::Fifo | FileType::RegularFile | FileType::Unknown => again(asking, object, path, by, flags)?,
    };
    Ok(Reply::File { file, close_on_exec })
}

/// Opens a file again that the caller holds open, perhaps only for reading: by its real path's rules.
fn again(asking: &Asking<'_>, object: &Object, path: &Path, by: By, flags: OFlags) -> Result<OwnedFd, Errno> {
    let gone = walk::is_gone(object);
    let path = if gone { walk::without_mark(path) } else { path.to_owned() };
    let memory = gone && path.to_str().is_some_and(|path| path.starts_with("/memfd:"));
    let private = asking.is_private(object.file.as_fd(), &path);
    if !memory && !private && !holds_as_much(asking, object, by, flags) {
        if is_process_file(&path) || !asking.rules().reads(&path) {
            return Err(Errno::ACCESS);
        }
        if wants_write(flags) {
            if !asking.rules().writes(&path) {
                return Err(Errno::ACCESS);
            }
            if !gone {
                // Its name may have changed since; the directory is looked for again so that the watcher can keep what is there.
                return by_path(asking, object, &path, flags);
            }
        }
    }
    reopen(object, plain(flags))
}

/// Whether the caller's own descriptor of this very file is open for all that is asked: then opening it again gives nothing
/// new. So output that leads to a file of whoever started the command can be reached as /dev/stdout.
fn holds_as_much(asking: &Asking<'_>, object: &Object, by: By, flags: OFlags) -> bool {
    let By::Descriptor(descriptor) = by else { return false };
    let held = asking.caller.share(descriptor).and_then(|held| {
        let stat = rustix::fs::fstat(&held)?;
        Ok((rustix::fs::fcntl_getfl(&held)?, stat.st_dev, stat.st_ino))
    });
    let Ok((held, device, inode)) = held else { return false };
    let reads = held.contains(OFlags::RDWR) || !held.contains(OFlags::WRONLY);
    let writes = held.intersects(OFlags::RDWR | OFlags::WRONLY);
    let path_only = held.contains(OFlags::PATH);
    (device, inode) == (object.stat.st_dev, object.stat.st_ino)
        && !path_only
        && (reads || !wants_read(flags))
        && (writes || !wants_write(flags))
}

/// As `existing`, for a file whose name is known from its descriptor.
fn by_path(asking: &Asking<'_>, object: &Object, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let Found::Name(spot) = asking.walk().find(libc::AT_FDCWD, path.as_os_str(), Last::Name)? else { return Err(Errno::ACCESS) };
    let same = spot
        .found
        .as_ref()
        .is_some_and(|found| found.stat.st_dev == object.stat.st_dev && found.stat.st_ino == object.stat.st_ino);
    if !same {
        return Err(Errno::ACCESS);
    }
    asking.caller.settled()?;
    asking.may_write(&spot)?;
    let truncates = flags.contains(OFlags::TRUNC);
    asking.tell(spot.parent.as_fd(), &spot.path, &Mutation::Write { place: spot.place(Some(object)), truncates })?;
    reopen(object, plain(flags))
}

/// A device: the harmless ones, the plan's, terminals made inside, and the one that the caller has as its own.
fn device(asking: &Asking<'_>, object: &Object, path: &Path, by: By, flags: OFlags) -> Result<OwnedFd, Errno> {
    let number = object.stat.st_rdev;
    let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
    if object.kind() == FileType::CharacterDevice && (major, minor) == (5, 0) {
        return asking.controlling_terminal(plain(flags));
    }
    let held_terminal = by != By::Path && TERMINAL_MAJORS.contains(&major);
    if held_terminal || asking.is_private_terminal(object, path) || asking.rules().device(path) {
        return reopen(object, plain(flags));
    }
    Err(Errno::ACCESS)
}

fn is_process_file(path: &Path) -> bool {
    path.starts_with("/proc")
}

/// Files of /proc that a process writes about itself; all others, `mem` first, are closed.
fn process_file(object: &Object, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let harmless = ["comm", "oom_score_adj", "coredump_filter", "timerslack_ns"].contains(&name);
    if harmless && !path.starts_with("/proc/1/") && !path.starts_with("/proc/sys") {
        reopen(object, plain(flags))
    } else {
        Err(Errno::ACCESS)
    }
}
