//! From a forked child to the command: limits, no privileges, Landlock, the filter, exec. In: the plan and the walls.
//! Out: nothing; it becomes the command, or says why not and ends. The order is part of the wall: each step may only take
//! away what the later ones no longer need.

use std::ffi::{CString, OsStr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{Access, CWD, Mode, OFlags};
use rustix::io::{Errno, FdFlags};
use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::enforced::Enforced;
use crate::failure::Step;
use crate::init::{Broken, Walls};
use crate::landlock::{Ground, Ruleset};
use crate::plan::Plan;
use crate::sys::process::{self, Signals};
use crate::sys::{landlock, seccomp};
use crate::wire::{self, Message};

/// More than the kernel has capabilities; the first unknown one ends the loop.
const MOST_CAPABILITIES: u32 = 64;

/// Becomes the command.
pub(crate) fn become_it(plan: &Plan, walls: Walls, supervisor: BorrowedFd<'_>, mask: &Signals) -> ! {
    let Err(Broken(step, errno)) = enter(plan, walls, supervisor, mask);
    let failed = Message::Failed { step: step.code(), errno: errno.raw_os_error(), text: String::new() };
    // If the supervisor is gone, this process is already being killed.
    let _ = wire::send(supervisor, &failed, &[]);
    process::leave(if errno == Errno::NOENT { 127 } else { 126 })
}

fn enter(plan: &Plan, walls: Walls, supervisor: BorrowedFd<'_>, mask: &Signals) -> Result<std::convert::Infallible, Broken> {
    let at = |step: Step| move |errno: Errno| Broken(step, errno);
    rustix::process::chdir(&plan.cwd).map_err(at(Step::Directory))?;
    limit(plan).map_err(at(Step::Limits))?;
    process::close_from_on_exec(3).map_err(at(Step::Descriptors))?;
    keep_open(plan).map_err(at(Step::Descriptors))?;
    process::default_broken_pipe();
    let (argv, env) = (strings(&plan.argv)?, environment(plan)?);

    // So far nothing waited for the supervisor, which lists meanwhile what can be read.
    let Walls { program, root, ready, mut enforced } = walls;
    let ruleset = ruleset(plan, root.as_fd(), &mut enforced, supervisor).map_err(at(Step::Landlock))?;
    let beside: Vec<BorrowedFd<'_>> = [&root].into_iter().chain(&ready).map(AsFd::as_fd).collect();
    let standing = Message::Standing(enforced.encode());
    wire::send(supervisor, &standing, &beside).map_err(at(Step::Mounts))?;

    rustix::thread::set_no_new_privs(true).map_err(at(Step::Privileges))?;
    drop_capabilities().map_err(at(Step::Privileges))?;
    if let Some(ruleset) = &ruleset {
        landlock::restrict(ruleset.as_fd()).map_err(at(Step::Landlock))?;
    }
    let listener = seccomp::install(&program).map_err(at(Step::Filter))?;
    wire::send(supervisor, &Message::Listening, &[listener.as_fd()]).map_err(at(Step::Filter))?;
    drop(listener);
    mask.restore();
    Err(Broken(Step::Program, execute(plan, &argv, &env)))
}

/// What the supervisor has begun, finished here; none where the kernel has no Landlock.
fn ruleset(
    plan: &Plan,
    root: BorrowedFd<'_>,
    enforced: &mut Enforced,
    supervisor: BorrowedFd<'_>,
) -> Result<Option<OwnedFd>, Errno> {
    let Some((Message::Rules(rules), mut beside)) = wire::receive(supervisor)? else { return Err(Errno::BADMSG) };
    let Some(descriptor) = beside.pop() else { return Ok(None) };
    let ground = Ground { root, fresh_proc: enforced.fresh_proc, private: None };
    let mut ruleset = Ruleset::begun(ground, descriptor, rules.unsigned_abs())?;
    ruleset.finish(plan)?;
    enforced.landlock_abi = ruleset.abi;
    enforced.landlock_files = ruleset.handled.files;
    enforced.landlock_network = ruleset.handled.network;
    enforced.landlock_scopes = ruleset.handled.scopes;
    enforced.landlock_rules = ruleset.rules;
    Ok(Some(ruleset.descriptor))
}

/// Tries the program, on the plan's own PATH where it has no slash; gives why none could be executed.
fn execute(plan: &Plan, argv: &[CString], env: &[CString]) -> Errno {
    let Some(program) = plan.argv.first() else { return Errno::INVAL };
    if program.as_bytes().contains(&b'/') {
        return try_one(program, argv, env);
    }
    let path = plan.env.iter().find(|(name, _)| name == "PATH").map_or(OsStr::new("/usr/bin:/bin"), |(_, value)| value);
    let mut worst = Errno::NOENT;
    for directory in path.as_bytes().split(|byte| *byte == b':') {
        let directory = if directory.is_empty() { b"." } else { directory };
        let candidate = Path::new(OsStr::from_bytes(directory)).join(program);
        // The broker need not be asked about what is not there.
        if matches!(rustix::fs::access(&candidate, Access::EXISTS), Err(Errno::NOENT | Errno::NOTDIR)) {
            continue;
        }
        match try_one(candidate.as_os_str(), argv, env) {
            Errno::NOENT | Errno::NOTDIR => {}
            Errno::ACCESS => worst = Errno::ACCESS,
            errno => return errno,
        }
    }
    worst
}

fn try_one(program: &OsStr, argv: &[CString], env: &[CString]) -> Errno {
    CString::new(program.as_bytes()).map_or(Errno::INVAL, |program| process::execute(&program, argv, env))
}

fn strings(argv: &[std::ffi::OsString]) -> Result<Vec<CString>, Broken> {
    let string = |word: &std::ffi::OsString| CString::new(word.as_bytes()).map_err(|_| Broken(Step::Program, Errno::INVAL));
    argv.iter().map(string).collect()
}

fn environment(plan: &Plan) -> Result<Vec<CString>, Broken> {
    let pair = |(name, value): &(std::ffi::OsString, std::ffi::OsString)| {
        CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).map_err(|_| Broken(Step::Program, Errno::INVAL))
    };
    plan.env.iter().map(pair).collect()
}

fn limit(plan: &Plan) -> Result<(), Errno> {
    // A core file is written by the kernel, past the broker. One byte and not none: that also keeps the kernel from piping
    // it to a program outside.
    lower(Resource::Core, 1, 1)?;
    let limits = &plan.limits;
    if let Some(seconds) = limits.cpu_seconds {
        // First the signal that says so, a second later the one that ends it.
        lower(Resource::Cpu, seconds, seconds.saturating_add(1))?;
    }
    let wanted =
        [(Resource::Fsize, limits.file_bytes), (Resource::Data, limits.memory_bytes), (Resource::Nproc, limits.processes)];
    wanted.into_iter().try_for_each(|(resource, value)| value.map_or(Ok(()), |value| lower(resource, value, value)))
}

/// Sets both limits, never higher than they are.
fn lower(resource: Resource, soft: u64, hard: u64) -> Result<(), Errno> {
    let now = rustix::process::getrlimit(resource).maximum.unwrap_or(u64::MAX);
    setrlimit(resource, Rlimit { current: Some(soft.min(now)), maximum: Some(hard.min(now)) })
}

fn keep_open(plan: &Plan) -> Result<(), Errno> {
    plan.keep_descriptors.iter().try_for_each(|fd| process::with_raw(*fd, |fd| rustix::io::fcntl_setfd(fd, FdFlags::empty())))
}

/// Gives up every capability, and the way to any.
pub(crate) fn drop_capabilities() -> Result<(), Errno> {
    for number in 0..MOST_CAPABILITIES {
        let Some(one) = CapabilitySet::from_bits(1 << number) else { break };
        match rustix::thread::remove_capability_from_bounding_set(one) {
            Ok(()) => {}
            Err(Errno::INVAL) => break,
            Err(errno) => return Err(errno),
        }
    }
    rustix::thread::clear_ambient_capability_set()?;
    let none = CapabilitySet::empty();
    rustix::thread::set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })
}

/// Replaces standard input and outputs by nothing and closes what the command alone inherits: a reader of the command's
/// output must see its end when the command is gone.
pub(crate) fn let_go_of_inherited(plan: &Plan) {
    if let Ok(nothing) = rustix::fs::openat(CWD, "/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()) {
        let _ = rustix::stdio::dup2_stdin(&nothing);
        let _ = rustix::stdio::dup2_stdout(&nothing);
        let _ = rustix::stdio::dup2_stderr(&nothing);
    }
    plan.keep_descriptors.iter().for_each(|fd| process::close(*fd));
}
