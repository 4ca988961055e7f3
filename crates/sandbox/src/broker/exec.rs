//! Programs that are about to run. In: the path and arguments. Out: go on, or an error. The kernel then reads both again:
//! what another thread changes meanwhile is not seen here, and still meets every other part of the wall.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use rustix::fs::FileType;
use rustix::io::Errno;

use crate::broker::call::Target;
use crate::broker::walk::{self, Found, Object};
use crate::broker::{Asking, Reply};
use crate::watcher::{Start, Who};

pub(crate) fn execute(asking: &Asking<'_>, at: Target, arguments: u64, environment: u64) -> Result<Reply, Errno> {
    let (object, path): (Object, PathBuf) = match asking.find(at)? {
        Found::Name(mut spot) => (spot.found.take().ok_or(Errno::NOENT)?, spot.path),
        Found::Thing { object, path, .. } => (object, path),
    };
    let words = asking.caller.arguments(arguments)?;
    asking.caller.settled()?;
    if object.kind() == FileType::Directory {
        return Err(Errno::ACCESS);
    }
    // A program without a file leaves nothing to look at afterwards; memfd_create is answered so that it fails anyway.
    if walk::is_gone(&object) && path.as_os_str().as_bytes().starts_with(b"/memfd:") {
        return Err(Errno::ACCESS);
    }
    if !asking.has_rule(&object, &path) {
        asking.watcher().too_new(asking.who(), &path);
        return Err(Errno::ACCESS);
    }
    let who = Who { pid: asking.caller.process(), leads: asking.leads };
    asking.until_nothing_is_handed_over();
    let start = asking.watcher().exec(who, &path, &words);
    if !matches!(start, Start::Refuse(_)) {
        asking.watcher().starts(who, &path, &words, &|| asking.caller.arguments(environment).ok());
        asking.caller.settled()?;
    }
    match start {
        // Another thread than the first would take that one's number by its exec, and could not be followed.
        Start::Shed if who.leads && who.pid != asking.caller.thread => Err(Errno::ACCESS),
        Start::Shed if who.leads => Ok(Reply::Shed),
        Start::Go | Start::Shed => Ok(Reply::GoOn),
        Start::Refuse(errno) => Err(errno),
    }
}
