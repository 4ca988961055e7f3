//! Process 1 of the sandbox: makes the mounts and the network, forks the command, reaps, reports. In: the plan and a
//! socket to the supervisor. Out: messages there; it never returns. It dies with the supervisor, and everything inside
//! dies with it.

use std::ffi::CStr;
use std::fs;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_bind, mount_change};
use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal};

use crate::broker::hung_up;
use crate::command;
use crate::enforced::Enforced;
use crate::failure::Step;
use crate::filter::{self, Switches};
use crate::network;
use crate::plan::{Overlay, Plan};
use crate::shown;
use crate::sys::process::{self, Change, Side, Signals};
use crate::wire::{self, Message};

/// Where files that become bind mounts are made.
pub(crate) const SHM: &str = "/dev/shm";
/// The least pid limit that the kernel takes.
const LEAST_PID_LIMIT: u64 = 301;

/// Who the command is outside; both are mapped to themselves.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    pub(crate) user: u32,
    pub(crate) group: u32,
}

/// What process 1 is told besides the plan.
#[derive(Clone, Copy)]
pub(crate) struct Given {
    pub(crate) ids: Ids,
    pub(crate) switches: Switches,
    /// Whether anything waits for names that the command makes.
    pub(crate) ready: bool,
}

/// A step that failed.
pub(crate) struct Broken(pub(crate) Step, pub(crate) Errno);

/// Lives the life of process 1.
pub(crate) fn live(plan: &Plan, given: Given, supervisor: &OwnedFd, mask: &Signals) -> ! {
    let done = build(plan, given, supervisor.as_fd()).and_then(|walls| {
        // The command's process group and terminal are the front's: it is forked before this process leaves both.
        match process::fork().map_err(|errno| Broken(Step::Fork, errno))? {
            Side::Child => command::become_it(plan, walls, supervisor.as_fd(), mask),
            Side::Parent(pid) => Ok(pid),
        }
    });
    match done {
        Ok(command) => reap(plan, command, supervisor.as_fd()),
        Err(Broken(step, errno)) => {
            let failed = Message::Failed { step: step.code(), errno: errno.raw_os_error(), text: String::new() };
            // If the supervisor is gone there is nobody to tell, and nothing runs either.
            let _ = wire::send(supervisor.as_fd(), &failed, &[]);
            process::leave(1)
        }
    }
}

/// What the command needs from the walls built here.
pub(crate) struct Walls {
    pub(crate) program: Vec<crate::sys::seccomp::Instruction>,
    /// The root directory with all mounts.
    pub(crate) root: OwnedFd,
    /// The directory of what waits for names, by the mount that names inside are made on: soon it is covered.
    pub(crate) ready: Option<OwnedFd>,
    /// What stands so far.
    pub(crate) enforced: Enforced,
}

fn build(plan: &Plan, given: Given, supervisor: BorrowedFd<'_>) -> Result<Walls, Broken> {
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|errno| Broken(Step::Namespaces, errno))?;
    // A supervisor that died before this was set sends no signal; but then its end of the socket is closed.
    if hung_up(supervisor) {
        process::leave(1);
    }
    make_network(plan, supervisor).map_err(|errno| Broken(Step::Network, errno))?;
    build_walls(plan, given)
}

/// Makes the network namespace with everything in it, and sends its sockets to the supervisor.
fn make_network(plan: &Plan, supervisor: BorrowedFd<'_>) -> Result<(), Errno> {
    process::unshare_network()?;
    let listeners = network::build(&plan.network)?;
    let borrowed: Vec<BorrowedFd<'_>> = listeners.iter().map(AsFd::as_fd).collect();
    wire::send(supervisor, &Message::Network, &borrowed)
}

/// Everything else: mounts, bounds, the filter's program.
fn build_walls(plan: &Plan, given: Given) -> Result<Walls, Broken> {
    map_ids(given.ids).and_then(|()| process::unshare_rest()).map_err(|errno| Broken(Step::Namespaces, errno))?;
    let mut enforced = Enforced { namespaces: true, ..Enforced::default() };
    let open = |path: &Path| rustix::fs::openat(CWD, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
    let ready = plan.ready.as_deref().filter(|_| given.ready).and_then(|path| open(path).ok());
    mounts(plan, &mut enforced).map_err(|errno| Broken(Step::Mounts, errno))?;
    bounds(plan, &mut enforced);
    let root = open(Path::new("/")).map_err(|errno| Broken(Step::Mounts, errno))?;
    let rows = crate::calls::table();
    let program = filter::program(&rows, given.switches);
    enforced.filter_calls = u32::try_from(rows.len()).unwrap_or(0);
    enforced.filter_steps = u32::try_from(program.len()).unwrap_or(0);
    enforced.fresh_keyring = process::new_session_keyring().is_ok();
    Ok(Walls { program, root, ready, enforced })
}

fn map_ids(ids: Ids) -> Result<(), Errno> {
    let write =
        |name: &str, text: String| fs::write(name, text).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO));
    write("/proc/self/setgroups", "deny".to_owned())?;
    write("/proc/self/uid_map", format!("{0} {0} 1", ids.user))?;
    write("/proc/self/gid_map", format!("{0} {0} 1", ids.group))
}

fn mounts(plan: &Plan, enforced: &mut Enforced) -> Result<(), Errno> {
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    let size = plan.limits.scratch_bytes.map_or_else(String::new, |bytes| format!(",size={bytes}"));
    let safe = MountFlags::NOSUID | MountFlags::NODEV;
    enforced.fresh_proc = mount("proc", "/proc", "proc", safe | MountFlags::NOEXEC, None::<&CStr>).is_ok();
    memory_directory(SHM, safe | MountFlags::NOEXEC, &format!("mode=1777{size}"))?;
    enforced.private_shm = true;
    if plan.private_tmp {
        memory_directory("/tmp", safe, &format!("mode=1777{size}"))?;
        enforced.private_tmp = true;
    }
    enforced.private_terminals = terminals().is_ok();
    plan.overlays.iter().try_for_each(lay_over)?;
    if let Some(text) = &plan.network.resolv_conf {
        enforced.resolv_conf = shown::replace(Path::new("/etc/resolv.conf"), text.as_bytes()).is_ok();
    }
    cover(plan, enforced);
    shown::show(plan)
}

fn memory_directory(path: &str, flags: MountFlags, options: &str) -> Result<(), Errno> {
    let options = std::ffi::CString::new(options).map_err(|_| Errno::INVAL)?;
    mount("tmpfs", path, "tmpfs", flags, Some(options.as_c_str()))
}

/// Lays a writable layer over a tree. The directories are named by descriptors: their names may hold what the options do not
/// take.
fn lay_over(overlay: &Overlay) -> Result<(), Errno> {
    let open = |path: &Path| rustix::fs::openat(CWD, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
    let (tree, upper, work) = (open(&overlay.tree)?, open(&overlay.upper)?, open(&overlay.work)?);
    let at = |file: &OwnedFd| format!("/proc/self/fd/{}", file.as_raw_fd());
    let options = format!("lowerdir={},upperdir={},workdir={},userxattr", at(&tree), at(&upper), at(&work));
    let options = std::ffi::CString::new(options).map_err(|_| Errno::INVAL)?;
    mount("overlay", &overlay.tree, "overlay", MountFlags::NOSUID | MountFlags::NODEV, Some(options.as_c_str()))
}

/// An instance of terminals of its own: those of other sessions of the same user cannot be opened.
fn terminals() -> Result<(), Errno> {
    let options = c"newinstance,ptmxmode=0666,mode=0620";
    mount("devpts", "/dev/pts", "devpts", MountFlags::NOSUID | MountFlags::NOEXEC, Some(options))?;
    mount_bind("/dev/pts/ptmx", "/dev/ptmx")
}

/// Covers every hidden place that exists: a file by an unreadable empty one, a directory by an unreadable empty one.
fn cover(plan: &Plan, enforced: &mut Enforced) {
    let source = Path::new(SHM).join("cover");
    let mut made = false;
    // What is shown covers by itself.
    for hidden in plan.hidden.iter().filter(|hidden| !plan.shown.iter().any(|shown| shown.path == **hidden)) {
        let Ok(status) = fs::metadata(hidden) else { continue };
        let covered = if status.is_dir() && shown::lies_below(plan, hidden) {
            shown::cover(plan, hidden)
        } else if status.is_dir() {
            mount(
                "tmpfs",
                hidden,
                "tmpfs",
                MountFlags::NOSUID | MountFlags::NODEV | MountFlags::RDONLY,
                Some(c"mode=000,size=4k"),
            )
        } else {
            made = made || unreadable_file(&source).is_ok();
            mount_bind(&source, hidden)
        };
        match covered {
            Ok(()) => enforced.covered += 1,
            Err(_) => enforced.uncovered += 1,
        }
    }
    if made {
        // Left behind it would only be an empty file in a private directory.
        let _ = fs::remove_file(&source);
    }
}

fn unreadable_file(path: &Path) -> Result<(), Errno> {
    rustix::fs::openat(CWD, path, OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty()).map(|_| ())
}

/// Kernel settings of the namespaces: no further user namespace, a bound on processes.
fn bounds(plan: &Plan, enforced: &mut Enforced) {
    if !enforced.fresh_proc {
        return;
    }
    enforced.no_more_namespaces = fs::write("/proc/sys/user/max_user_namespaces", "0").is_ok();
    if let Some(processes) = plan.limits.processes {
        let limit = processes.max(LEAST_PID_LIMIT).to_string();
        enforced.processes_bounded = fs::write("/proc/sys/kernel/pid_max", limit).is_ok();
    }
}

/// Reaps until the last process is gone; reports what becomes of the command.
fn reap(plan: &Plan, command: i32, supervisor: BorrowedFd<'_>) -> ! {
    step_aside(plan);
    loop {
        let message = match process::wait_any() {
            Ok(None) => process::leave(0),
            Ok(Some((pid, change))) if pid == command => match change {
                Change::Ended(status) => Message::Ended(status),
                Change::Stopped(signal) => Message::Stopped(signal),
                Change::Continued => Message::Continued,
            },
            Ok(Some(_)) | Err(_) => continue,
        };
        // If the supervisor is gone, this process is already being killed.
        let _ = wire::send(supervisor, &message, &[]);
    }
}

/// Leaves the front's session (a signal to the front's process group must not end the background processes of the command),
/// gives up the capabilities and what the command inherited.
fn step_aside(plan: &Plan) {
    let _ = rustix::process::setsid();
    let _ = command::drop_capabilities();
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    command::let_go_of_inherited(plan);
}
