//! Finds what a caller's path means, for the caller and without a race. In: a starting directory and a path. Out: the real
//! parent directory as a descriptor with the last name, or an object that has no such name (a magic link's, a root).
//!
//! Symbolic links are followed by hand and every directory is held open, so that nobody can put another one in its place
//! between the look and the act.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, ResolveFlags, Stat, fstat, openat, openat2, readlinkat};
use rustix::io::Errno;

use crate::broker::caller::{Caller, own_path, real_path};

/// As many symbolic links as the kernel follows.
const MOST_LINKS: u32 = 40;
/// The root of every proc file system.
const PROC_ROOT_INODE: u64 = 1;
const PROC_MAGIC: u64 = 0x9FA0;

const LOOK: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// A name in a directory that is held open.
pub(crate) struct Spot {
    /// The real parent.
    pub(crate) parent: OwnedFd,
    /// One component, neither `.` nor `..`.
    pub(crate) name: OsString,
    /// The real path of both.
    pub(crate) path: PathBuf,
    /// What is there now.
    pub(crate) found: Option<Object>,
    /// Whether the caller wrote a `/` behind it.
    pub(crate) slash: bool,
}

/// Something held open with O_PATH.
pub(crate) struct Object {
    pub(crate) file: OwnedFd,
    pub(crate) stat: Stat,
}

impl Object {
    pub(crate) fn new(file: OwnedFd) -> Result<Object, Errno> {
        let stat = fstat(&file)?;
        Ok(Object { file, stat })
    }

    pub(crate) fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }
}

/// What a path leads to.
pub(crate) enum Found {
    /// A name, with something there or not.
    Name(Spot),
    /// Something without a name of its own in the path: `/`, `.`, `..`, a magic link of /proc. `by` tells them apart.
    Thing { object: Object, path: PathBuf, by: By },
}

/// How a thing without a name was come to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// As a directory along the path.
    Path,
    /// By a magic link of /proc.
    Jump,
    /// By this descriptor of the caller itself.
    Descriptor(i32),
}

/// What becomes of a symbolic link at the end of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Last {
    /// It is followed.
    Follow,
    /// It is what is meant, unless a `/` is behind it.
    Keep,
    /// It is followed, unless a `/` is behind it: then no file can be made, whatever is there.
    Make,
    /// It is the name that is meant: of calls that make, move or take away names.
    Name,
}

impl Last {
    fn follows(self, slash: bool) -> bool {
        match self {
            Last::Follow => true,
            Last::Keep => slash,
            Last::Make => !slash,
            Last::Name => false,
        }
    }

    /// For calls with a flag that says whether to follow.
    pub(crate) fn following(follow: bool) -> Last {
        if follow { Last::Follow } else { Last::Keep }
    }
}

/// A walk for one caller.
pub(crate) struct Walk<'a> {
    pub(crate) root: BorrowedFd<'a>,
    pub(crate) caller: &'a Caller<'a>,
}

/// Where a walk stands.
struct Standing {
    directory: OwnedFd,
    names: VecDeque<Vec<u8>>,
    links: u32,
    slash: bool,
}

impl Walk<'_> {
    /// Finds `path`, starting at the caller's descriptor `start` where it is relative.
    pub(crate) fn find(&self, start: i32, path: &OsStr, end: Last) -> Result<Found, Errno> {
        let bytes = path.as_bytes();
        if bytes.is_empty() {
            return Err(Errno::NOENT);
        }
        let directory = if bytes.first() == Some(&b'/') { self.root_again()? } else { self.caller.directory(start)? };
        let mut standing = Standing { directory, names: VecDeque::new(), links: 0, slash: false };
        standing.push(bytes);
        self.go(standing, end)
    }

    /// What a descriptor of the caller leads to, as if it had been named.
    pub(crate) fn descriptor(&self, descriptor: i32) -> Result<Found, Errno> {
        let object = Object::new(self.caller.descriptor(descriptor)?)?;
        let path = real_path(object.file.as_fd())?;
        Ok(Found::Thing { object, path, by: By::Descriptor(descriptor) })
    }

    fn root_again(&self) -> Result<OwnedFd, Errno> {
        rustix::io::fcntl_dupfd_cloexec(self.root, 3)
    }

    fn go(&self, mut standing: Standing, end: Last) -> Result<Found, Errno> {
        loop {
            self.leap(&mut standing)?;
            let Some(name) = standing.names.pop_front() else {
                let path = real_path(standing.directory.as_fd())?;
                return Ok(Found::Thing { object: Object::new(standing.directory)?, path, by: By::Path });
            };
            let last = standing.names.is_empty();
            let looked = match name.as_slice() {
                b"." => {
                    // It takes the right to enter the directory.
                    standing.directory = openat(&standing.directory, ".", LOOK, Mode::empty())?;
                    continue;
                }
                b".." => {
                    standing.directory = self.up(&standing)?;
                    continue;
                }
                name => look(standing.directory.as_fd(), name),
            };
            let found = match looked {
                Ok(file) => Object::new(file)?,
                Err(Errno::NOENT) if last => return standing.name(name, None),
                Err(errno) => return Err(errno),
            };
            match found.kind() {
                FileType::Symlink if !last || end.follows(standing.slash) => {
                    if let Some(thing) = self.follow(&mut standing, &name, &found)? {
                        return Ok(thing);
                    }
                }
                kind if last => {
                    if standing.slash && matches!(end, Last::Follow | Last::Keep) && kind != FileType::Directory {
                        return Err(Errno::NOTDIR);
                    }
                    return standing.name(name, Some(found));
                }
                FileType::Directory => standing.directory = found.file,
                FileType::Symlink
                | FileType::RegularFile
                | FileType::Fifo
                | FileType::Socket
                | FileType::CharacterDevice
                | FileType::BlockDevice
                | FileType::Unknown => return Err(Errno::NOTDIR),
            }
        }
    }

    /// All directories before the last name in one step, where no link lies among them: the usual case.
    fn leap(&self, standing: &mut Standing) -> Result<(), Errno> {
        if standing.names.len() < 3 {
            return Ok(());
        }
        let before = standing.names.iter().take(standing.names.len() - 1);
        if before.clone().any(|name| name == b"..") {
            return Ok(());
        }
        let path = before.fold(Vec::new(), |mut path, name| {
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(name);
            path
        });
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let only_directories = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS | ResolveFlags::BENEATH;
        match openat2(&standing.directory, path.as_slice(), flags, Mode::empty(), only_directories) {
            Ok(directory) => {
                standing.directory = directory;
                let last = standing.names.pop_back();
                standing.names.clear();
                standing.names.extend(last);
                Ok(())
            }
            // A link, a race, or a kernel without it: one by one.
            Err(Errno::LOOP | Errno::AGAIN | Errno::XDEV | Errno::NOSYS) => Ok(()),
            Err(errno) => Err(errno),
        }
    }

    /// The directory above, never above the root.
    fn up(&self, standing: &Standing) -> Result<OwnedFd, Errno> {
        openat(&standing.directory, "..", LOOK | OFlags::DIRECTORY, Mode::empty())
    }

    /// Follows a symbolic link: puts what it says before the names that are left, or jumps.
    fn follow(&self, standing: &mut Standing, name: &[u8], link: &Object) -> Result<Option<Found>, Errno> {
        standing.links += 1;
        if standing.links > MOST_LINKS {
            return Err(Errno::LOOP);
        }
        if is_proc(standing.directory.as_fd())? {
            return self.follow_proc(standing, name);
        }
        let target = readlinkat(&link.file, "", Vec::new())?;
        self.put(standing, target.as_bytes())?;
        Ok(None)
    }

    fn put(&self, standing: &mut Standing, target: &[u8]) -> Result<(), Errno> {
        if target.is_empty() {
            return Err(Errno::NOENT);
        }
        if target.first() == Some(&b'/') {
            standing.directory = self.root_again()?;
        }
        standing.push(target);
        Ok(())
    }

    /// Links below /proc: `self` means the caller and not us; those of a process jump to an object.
    fn follow_proc(&self, standing: &mut Standing, name: &[u8]) -> Result<Option<Found>, Errno> {
        if fstat(&standing.directory)?.st_ino == PROC_ROOT_INODE {
            let (process, thread) = self.caller.inner_ids().ok_or(Errno::NOENT)?;
            let target = match name {
                b"self" => process.to_string().into_bytes(),
                b"thread-self" => format!("{process}/task/{thread}").into_bytes(),
                name => readlinkat(&standing.directory, name, Vec::new())?.into_bytes(),
            };
            self.put(standing, &target)?;
            return Ok(None);
        }
        // Process 1 is ours, not the sandbox's: the kernel would refuse the caller, so we do.
        let directory = real_path(standing.directory.as_fd())?;
        if directory.starts_with("/proc/1") {
            return Err(Errno::ACCESS);
        }
        let jumped = openat(&standing.directory, name, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let object = Object::new(jumped)?;
        if standing.names.is_empty() {
            let path = real_path(object.file.as_fd())?;
            let by = self.own_descriptor(&directory, name).map_or(By::Jump, By::Descriptor);
            return Ok(Some(Found::Thing { object, path, by }));
        }
        if object.kind() != FileType::Directory {
            return Err(Errno::NOTDIR);
        }
        standing.directory = object.file;
        Ok(None)
    }
}

impl Walk<'_> {
    /// The number, where this is one of the caller's own descriptors in /proc.
    fn own_descriptor(&self, directory: &Path, name: &[u8]) -> Option<i32> {
        let (process, _) = self.caller.inner_ids()?;
        let own = Path::new("/proc").join(process.to_string()).join("fd");
        if directory == own { std::str::from_utf8(name).ok()?.parse().ok() } else { None }
    }
}

impl Standing {
    /// Puts a path's names before those that are left.
    fn push(&mut self, path: &[u8]) {
        if self.names.is_empty() {
            self.slash |= path.last() == Some(&b'/');
        }
        let parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
        for part in parts.rev() {
            self.names.push_front(part.to_vec());
        }
    }

    fn name(self, name: Vec<u8>, found: Option<Object>) -> Result<Found, Errno> {
        let name = OsString::from_vec(name);
        let path = real_path(self.directory.as_fd())?.join(&name);
        if !path.is_absolute() {
            return Err(Errno::NOENT);
        }
        Ok(Found::Name(Spot { parent: self.directory, name, path, found, slash: self.slash }))
    }
}

/// Opens a name below a directory to look at it, not following a link in its last place.
pub(crate) fn open_name(directory: BorrowedFd<'_>, name: &OsStr) -> Result<OwnedFd, Errno> {
    look(directory, name.as_bytes())
}

/// Opens a name to look at it.
fn look(directory: BorrowedFd<'_>, name: &[u8]) -> Result<OwnedFd, Errno> {
    openat(directory, name, LOOK, Mode::empty())
}

fn is_proc(directory: BorrowedFd<'_>) -> Result<bool, Errno> {
    Ok(rustix::fs::fstatfs(directory)?.f_type.cast_unsigned() == PROC_MAGIC)
}

impl Spot {
    /// Whether something is there now.
    pub(crate) fn is_there(&self) -> Result<bool, Errno> {
        match look(self.parent.as_fd(), self.name.as_bytes()) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(errno) => Err(errno),
        }
    }

    /// Looks again at what is there, after a race was lost.
    pub(crate) fn look_again(&mut self) -> Result<(), Errno> {
        self.found = match look(self.parent.as_fd(), self.name.as_bytes()) {
            Ok(file) => Some(Object::new(file)?),
            Err(Errno::NOENT) => None,
            Err(errno) => return Err(errno),
        };
        Ok(())
    }
}

/// Opens what is held with O_PATH for real.
pub(crate) fn reopen(object: &Object, flags: OFlags) -> Result<OwnedFd, Errno> {
    rustix::fs::open(own_path(object.file.as_fd()).as_c_str(), flags, Mode::empty())
}

/// Whether the path says that its file is gone; such a path means nothing any more.
pub(crate) fn is_gone(object: &Object) -> bool {
    object.stat.st_nlink == 0
}

/// The path without the mark that the kernel puts behind one whose file is gone.
pub(crate) fn without_mark(path: &Path) -> PathBuf {
    let bytes = path.as_os_str().as_bytes();
    PathBuf::from(OsStr::from_bytes(bytes.strip_suffix(b" (deleted)").unwrap_or(bytes)))
}
