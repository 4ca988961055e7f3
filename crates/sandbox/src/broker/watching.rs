//! Watches over files and directories, on the caller's behalf: they tell of names that others make, so whatever is watched
//! must be what may be read. In: the caller's notices and a path. Out: the kernel's answer, for what was checked.

use std::os::fd::AsFd as _;

use rustix::fs::inotify::{WatchFlags, add_watch};
use rustix::io::Errno;

use crate::broker::caller::own_path;
use crate::broker::walk::{Found, Last};
use crate::broker::{Asking, Reply};

pub(crate) fn watch(asking: &Asking<'_>, notices: i32, path: u64, what: u32) -> Result<Reply, Errno> {
    let path = asking.caller.path(path)?;
    let flags = WatchFlags::from_bits_retain(what);
    let end = Last::following(!flags.contains(WatchFlags::DONT_FOLLOW));
    let (object, path) = match asking.walk().find(libc::AT_FDCWD, &path, end)? {
        Found::Name(mut spot) => (spot.found.take().ok_or(Errno::NOENT)?, spot.path),
        Found::Thing { object, path, .. } => (object, path),
    };
    let own = asking.is_private(object.file.as_fd(), &path) || asking.rules().device(&path) || asking.rules().reads(&path);
    if !own {
        return Err(Errno::ACCESS);
    }
    let notices = asking.caller.share(notices)?;
    asking.caller.settled()?;
    // The link in /proc is followed to what was checked, and no further.
    let watch = add_watch(&notices, own_path(object.file.as_fd()).as_c_str(), flags.difference(WatchFlags::DONT_FOLLOW))?;
    Ok(Reply::Value(i64::from(watch)))
}
