//! Modes, owners, times, extended attributes and cutting by name, on the caller's behalf. In: a target and a change. Out:
//! the kernel's answer, after the watcher was told. Landlock knows none of these: the broker is their only wall.

use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, Timespec, Timestamps, UTIME_NOW, XattrFlags, chmodat, chownat, ftruncate, removexattr,
    setxattr, utimensat,
};
use rustix::io::Errno;

use crate::broker::call::{Change, Target, TimeForm};
use crate::broker::caller::own_path;
use crate::broker::opening::SET_IDS;
use crate::broker::walk::{self, Found, Last, Object, reopen};
use crate::broker::{Asking, Reply};
use crate::watcher::{Existing, Metadata, Mutation};

/// Longest name and value of an extended attribute.
const LONGEST_NAME: usize = 256;
const LONGEST_VALUE: u64 = 65_536;
/// Leaves an owner or group as it is.
const UNCHANGED: u32 = u32::MAX;

/// What a change needs of the caller's memory, read before it is asked whether it may.
enum Ready {
    Mode(Mode),
    Owner,
    Times(Timestamps),
    Set { name: Vec<u8>, value: Vec<u8>, flags: XattrFlags },
    Remove { name: Vec<u8> },
}

pub(crate) fn describe(asking: &Asking<'_>, target: Target, change: Change) -> Result<Reply, Errno> {
    let ready = prepare(asking, change)?;
    let found = asking.find(target)?;
    asking.caller.settled()?;
    let (object, path) = match found {
        Found::Name(mut spot) => (spot.found.take().ok_or(Errno::NOENT)?, spot.path),
        Found::Thing { object, path, .. } => (object, path),
    };
    permit(asking, &object, &path, &ready)?;
    perform(&object, ready)?;
    Ok(Reply::DONE)
}

fn prepare(asking: &Asking<'_>, change: Change) -> Result<Ready, Errno> {
    Ok(match change {
        Change::Mode(mode) => Ready::Mode(Mode::from_raw_mode(mode & 0o7777)),
        Change::Owner(user, group) => {
            let same = |wanted: u32, now: u32| wanted == UNCHANGED || wanted == now;
            let ours = same(user, rustix::process::geteuid().as_raw()) && same(group, rustix::process::getegid().as_raw());
            if ours { Ready::Owner } else { return Err(Errno::PERM) }
        }
        Change::Times(address, form) => Ready::Times(times(asking, address, form)?),
        Change::SetAttribute { name, value, size, flags } => {
            let name = attribute_name(asking, name)?;
            if size > LONGEST_VALUE {
                return Err(Errno::TOOBIG);
            }
            let value = asking.caller.bytes(value, usize::try_from(size).unwrap_or(0))?;
            Ready::Set { name, value, flags: XattrFlags::from_bits(flags).ok_or(Errno::INVAL)? }
        }
        Change::RemoveAttribute { name } => Ready::Remove { name: attribute_name(asking, name)? },
    })
}

/// The user's own attributes and access lists; the kernel's and those of security modules are not a program's to set.
fn attribute_name(asking: &Asking<'_>, address: u64) -> Result<Vec<u8>, Errno> {
    let name = asking.caller.string(address, LONGEST_NAME)?;
    if name.starts_with(b"user.") || name.starts_with(b"system.posix_acl_") { Ok(name) } else { Err(Errno::PERM) }
}

fn times(asking: &Asking<'_>, address: u64, form: TimeForm) -> Result<Timestamps, Errno> {
    if address == 0 {
        let now = || Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        return Ok(Timestamps { last_access: now(), last_modification: now() });
    }
    let count = if form == TimeForm::Seconds { 16 } else { 32 };
    let bytes = asking.caller.bytes(address, count)?;
    let (chunks, _) = bytes.as_chunks::<8>();
    let words: Vec<i64> = chunks.iter().map(|chunk| i64::from_ne_bytes(*chunk)).collect();
    let time = |seconds: i64, rest: i64| Timespec { tv_sec: seconds, tv_nsec: rest };
    match (form, words.as_slice()) {
        (TimeForm::Seconds, [access, modification]) => {
            Ok(Timestamps { last_access: time(*access, 0), last_modification: time(*modification, 0) })
        }
        (TimeForm::Nano, [a, b, c, d]) => Ok(Timestamps { last_access: time(*a, *b), last_modification: time(*c, *d) }),
        (TimeForm::Micro, [a, b, c, d]) if (0..1_000_000).contains(b) && (0..1_000_000).contains(d) => {
            Ok(Timestamps { last_access: time(*a, b * 1000), last_modification: time(*c, d * 1000) })
        }
        (TimeForm::Seconds | TimeForm::Nano | TimeForm::Micro, _) => Err(Errno::INVAL),
    }
}

fn permit(asking: &Asking<'_>, object: &Object, path: &Path, ready: &Ready) -> Result<(), Errno> {
    let gone = walk::is_gone(object);
    let path = if gone { walk::without_mark(path) } else { path.to_owned() };
    let anonymous = !path.is_absolute() || gone && path.as_os_str().as_bytes().starts_with(b"/memfd:");
    if let Ready::Mode(mode) = ready
        && mode.as_raw_mode() & SET_IDS != 0
        && object.kind() != FileType::Directory
    {
        return Err(Errno::PERM);
    }
    if anonymous || asking.is_private(object.file.as_fd(), &path) || asking.is_private_terminal(object, &path) {
        return Ok(());
    }
    if !asking.rules().writes(&path) && !asking.is_draft(&path, object) {
        return Err(Errno::PERM);
    }
    let what = match ready {
        Ready::Mode(mode) => Metadata::Mode(mode.as_raw_mode()),
        Ready::Owner => Metadata::Owner,
        Ready::Times(_) => Metadata::Times,
        Ready::Set { name, .. } | Ready::Remove { name } => Metadata::Attribute(OsStr::from_bytes(name)),
    };
    let existing = Existing { file: object.file.as_fd(), stat: &object.stat };
    asking.tell_always(&Mutation::Metadata { path: &path, existing, what })
}

/// The path through our own descriptor leads to exactly the object that was checked, a symbolic link itself included.
fn perform(object: &Object, ready: Ready) -> Result<(), Errno> {
    let held = own_path(object.file.as_fd());
    let held = held.as_c_str();
    match ready {
        Ready::Mode(mode) => chmodat(CWD, held, mode, AtFlags::empty()),
        Ready::Owner => chownat(CWD, held, Some(rustix::process::geteuid()), Some(rustix::process::getegid()), AtFlags::empty()),
        Ready::Times(times) => utimensat(CWD, held, &times, AtFlags::empty()),
        Ready::Set { name, value, flags } => setxattr(held, name.as_slice(), &value, flags),
        Ready::Remove { name } => removexattr(held, name.as_slice()),
    }
}

pub(crate) fn truncate(asking: &Asking<'_>, path: u64, length: i64) -> Result<Reply, Errno> {
    let length = u64::try_from(length).map_err(|_| Errno::INVAL)?;
    let path = asking.caller.path(path)?;
    let found = asking.walk().find(libc::AT_FDCWD, &path, Last::Follow)?;
    asking.caller.settled()?;
    let Found::Name(mut spot) = found else { return Err(Errno::ISDIR) };
    let object = spot.found.take().ok_or(Errno::NOENT)?;
    match object.kind() {
        FileType::RegularFile => {}
        FileType::Directory => return Err(Errno::ISDIR),
        FileType::Symlink
        | FileType::Fifo
        | FileType::Socket
        | FileType::CharacterDevice
        | FileType::BlockDevice
        | FileType::Unknown => return Err(Errno::INVAL),
    }
    asking.may_write(&spot)?;
    let mutation = Mutation::Write { place: spot.place(Some(&object)), truncates: true };
    asking.tell(spot.parent.as_fd(), &spot.path, &mutation)?;
    let file = reopen(&object, OFlags::WRONLY | OFlags::CLOEXEC)?;
    ftruncate(&file, length)?;
    Ok(Reply::DONE)
}
