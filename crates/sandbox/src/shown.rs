//! Files that hold something else inside. In: the plan's texts, the mounts as they stand so far. Out: each mounted read-only
//! over the file of that name; in a hidden directory nothing else of which is there, made there. No text is written to a disk.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::io::Errno;
use rustix::mount::{MountFlags, mount, mount_bind, mount_remount};

use crate::init::SHM;
use crate::plan::{Plan, Shown};

/// Shows what does not lie in a hidden directory; [`cover`] has done that.
pub(crate) fn show(plan: &Plan) -> Result<(), Errno> {
    let covered = |shown: &&Shown| plan.hidden.iter().any(|hidden| shown.path.starts_with(hidden) && shown.path != *hidden);
    plan.shown.iter().filter(|shown| !covered(shown)).try_for_each(|shown| replace(&shown.path, &shown.text))
}

/// Whether anything is shown below a directory.
pub(crate) fn lies_below(plan: &Plan, directory: &Path) -> bool {
    plan.shown.iter().any(|shown| shown.path.starts_with(directory))
}

/// Covers a hidden directory by one that holds what is shown below it, and nothing else.
pub(crate) fn cover(plan: &Plan, hidden: &Path) -> Result<(), Errno> {
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    mount("tmpfs", hidden, "tmpfs", flags, Some(c"mode=0755,size=4m"))?;
    for shown in plan.shown.iter().filter(|shown| shown.path.starts_with(hidden)) {
        let above = shown.path.parent().ok_or(Errno::INVAL)?;
        fs::create_dir_all(above).map_err(errno)?;
        write(&shown.path, &shown.text)?;
    }
    read_only(hidden)
}

/// Mounts a file with this text over `path`, or over what it leads to.
pub(crate) fn replace(path: &Path, text: &[u8]) -> Result<(), Errno> {
    let source = Path::new(SHM).join("replacement");
    write(&source, text)?;
    let mounted = mount_bind(&source, path).and_then(|()| read_only(path));
    fs::remove_file(&source).map_err(errno)?;
    mounted
}

/// Whatever the umask says, its owner may read it.
fn write(path: &Path, text: &[u8]) -> Result<(), Errno> {
    fs::write(path, text).and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o444))).map_err(errno)
}

fn read_only(path: &Path) -> Result<(), Errno> {
    let flags = MountFlags::BIND | MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV;
    mount_remount(path, flags, c"")
}

fn errno(error: std::io::Error) -> Errno {
    Errno::from_io_error(&error).unwrap_or(Errno::IO)
}
