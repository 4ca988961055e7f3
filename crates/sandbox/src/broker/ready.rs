//! What is made in the place of a name where Landlock has no rule. In: empty directories and files that were made, with a rule
//! each, before the command. Out: one of them under the name that a caller makes: the rule is for the inode and comes along,
//! so that what is made there can be executed in the same call. Where none fits, the name is made as ever.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, RenameFlags, Timespec, Timestamps, UTIME_NOW, chmodat, fgetxattr, fstat, openat,
    renameat_with, unlinkat, utimensat,
};
use rustix::io::Errno;

use crate::broker::caller::own_path;
use crate::broker::walk::Object;

/// Whoever makes a name in such a directory would have its group, not the maker's.
const SET_GROUP: u32 = 0o2000;
/// What a name gets from its directory when it is made there, and not when it is moved there.
const DEFAULT_ACCESS: &str = "system.posix_acl_default";
const LABEL: &str = "security.selinux";
/// Longest label that is compared.
const LONGEST_LABEL: usize = 256;

/// An inode: device and number. Those that a ruleset names are not given to another file as long as it lives.
type Inode = (u64, u64);

/// What is ready, and what has a rule.
#[derive(Default)]
pub(crate) struct Ready {
    directory: Option<OwnedFd>,
    all: Vec<(FileType, String)>,
    left: Mutex<Vec<(FileType, String)>>,
    ruled: Mutex<HashSet<Inode>>,
}

impl Ready {
    /// `directory` holds what is ready; of `late`, what is there already has a rule of its own.
    pub(crate) fn new(
        directory: Option<OwnedFd>,
        names: Vec<(FileType, String)>,
        root: BorrowedFd<'_>,
        late: &[PathBuf],
    ) -> Ready {
        let there = late.iter().filter_map(|path| {
            let below = path.strip_prefix("/").ok()?;
            let found = openat(root, below, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty()).ok()?;
            Some(inode(&fstat(found).ok()?))
        });
        Ready { directory, all: names.clone(), left: Mutex::new(names), ruled: Mutex::new(there.collect()) }
    }

    /// What is ready and was not used, in its directory.
    fn directory(&self) -> Option<BorrowedFd<'_>> {
        self.directory.as_ref().map(OwnedFd::as_fd)
    }

    /// Puts something of this kind, with exactly this mode, under a name where nothing is. What is there now; none where
    /// nothing fits.
    pub(crate) fn put(&self, kind: FileType, parent: BorrowedFd<'_>, name: &OsStr, mode: Mode) -> Option<OwnedFd> {
        let directory = self.directory()?;
        let own = self.take(kind)?;
        self.try_put(directory, &own, parent, name, mode).ok()
    }

    fn take(&self, kind: FileType) -> Option<String> {
        let mut left = locked(&self.left);
        let at = left.iter().position(|(one, _)| *one == kind)?;
        Some(left.swap_remove(at).1)
    }

    fn try_put(
        &self,
        directory: BorrowedFd<'_>,
        own: &str,
        parent: BorrowedFd<'_>,
        name: &OsStr,
        mode: Mode,
    ) -> Result<OwnedFd, Errno> {
        let file = openat(directory, own, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        if inherits(parent, directory)? {
            return Err(Errno::OPNOTSUPP);
        }
        let held = own_path(file.as_fd());
        chmodat(CWD, held.as_c_str(), mode, AtFlags::empty())?;
        let now = || Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let times = Timestamps { last_access: now(), last_modification: now() };
        utimensat(CWD, held.as_c_str(), &times, AtFlags::empty())?;
        renameat_with(directory, own, parent, name, RenameFlags::NOREPLACE)?;
        locked(&self.ruled).insert(inode(&fstat(&file)?));
        Ok(file)
    }

    /// Whether a rule holds this object, or a directory above it up to `top`.
    pub(crate) fn rules(&self, root: BorrowedFd<'_>, object: &Object, path: &Path, top: &Path) -> bool {
        let ruled = locked(&self.ruled);
        if ruled.contains(&inode(&object.stat)) {
            return true;
        }
        path.ancestors().skip(1).take_while(|above| above.starts_with(top)).any(|above| {
            let below = above.strip_prefix("/").unwrap_or(above);
            let found = openat(root, below, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty());
            found.and_then(fstat).is_ok_and(|stat| ruled.contains(&inode(&stat)))
        })
    }

    /// Does something with each that was not used yet.
    pub(crate) fn each_left<F>(&self, mut act: F) -> Result<(), Errno>
    where
        F: FnMut(BorrowedFd<'_>, &str, FileType) -> Result<(), Errno>,
    {
        let Some(directory) = self.directory() else { return Ok(()) };
        locked(&self.left).iter().try_for_each(|(kind, name)| act(directory, name, *kind))
    }

    /// Takes away what was not used.
    pub(crate) fn clear(&self) {
        let Some(directory) = self.directory() else { return };
        for (kind, name) in &self.all {
            let flags = if *kind == FileType::Directory { AtFlags::REMOVEDIR } else { AtFlags::empty() };
            // Most have gone to their place.
            let _ = unlinkat(directory, name.as_str(), flags);
        }
    }
}

/// Whether what is made in `parent` gets anything from it that what is made in `own` has not.
fn inherits(parent: BorrowedFd<'_>, own: BorrowedFd<'_>) -> Result<bool, Errno> {
    let open = |directory| openat(directory, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
    let (parent, own) = (open(parent)?, open(own)?);
    let has = |directory: &OwnedFd, name| {
        let mut value = vec![0; LONGEST_LABEL];
        match fgetxattr(directory, name, value.as_mut_slice()) {
            Ok(length) => {
                value.truncate(length);
                Ok(value)
            }
            Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(Vec::new()),
            Err(errno) => Err(errno),
        }
    };
    let group = fstat(&parent)?.st_mode & SET_GROUP != 0;
    Ok(group || !has(&parent, DEFAULT_ACCESS)?.is_empty() || has(&parent, LABEL)? != has(&own, LABEL)?)
}

fn inode(stat: &rustix::fs::Stat) -> Inode {
    (stat.st_dev, stat.st_ino)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
