//! The front: stays in the caller's process group and terminal and behaves as the command does. In: a plan, and what
//! makes the caller's watcher in the supervisor. Out: how the command ended.
//!
//! Call it while the process has one thread: it forks, and the supervisor goes on with a copy of this process.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use crate::failure::{Failure, Step};
use crate::plan::Plan;
use crate::supervisor;
use crate::sys::process::{self, Held, Side, Signals};
use crate::watcher::{Exit, Watcher};
use crate::wire::{self, Message};

/// Signals that a process sends to the front alone and that mean the command. Those of the terminal reach the command by
/// the process group.
const PASSED_ON: &[i32] =
    &[libc::SIGTERM, libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGUSR1, libc::SIGUSR2, libc::SIGALRM];

/// A stop that the terminal made has stopped the front as well; when both go on, the report of the stop is stale. After
/// this pause the command's state tells.
const STOP_SETTLES: Duration = Duration::from_millis(5);

/// A command that has ended. Until this is dropped, the signals that were the command's do not touch the front: the
/// terminal sends an interrupt to one process after the other, and the front's may come when the command has answered its own.
#[derive(Debug)]
#[must_use]
pub struct Ended {
    /// How it ended.
    pub exit: Exit,
    held: Held,
}

/// Runs the plan's command inside the wall and waits for its end; background processes may outlive it, inside.
///
/// `station` runs in the supervisor, a process of its own, with the plan's listeners in their order. It makes the watcher
/// and may start threads.
///
/// # Errors
/// The command did not run, or the supervisor was killed. Nothing runs on then.
pub fn run<S, W>(plan: &Plan, station: S) -> Result<Ended, Failure>
where
    S: FnOnce(Vec<OwnedFd>) -> Result<W, String>,
    W: Watcher + 'static,
{
    let refused = |step: Step| move |errno: Errno| Failure::Refused { step, errno };
    let passed_on = Signals::of(PASSED_ON);
    let held = Held::hold(&passed_on);
    let signals = passed_on.descriptor().map_err(refused(Step::Supervisor))?;
    let (ours, theirs) = wire::pair().map_err(refused(Step::Supervisor))?;
    match process::fork().map_err(refused(Step::Fork))? {
        Side::Child => {
            drop((ours, signals));
            supervisor::live(plan, theirs, held.before(), station)
        }
        Side::Parent(_) => {
            drop(theirs);
            Ok(Ended { exit: attend(ours.as_fd(), signals.as_fd())?, held })
        }
    }
}

/// Ends this process as the command ended: by its code or by its signal.
pub fn end_as(ended: Ended) -> ! {
    // The process ends before the signals are let through.
    let Ended { exit, held: _held } = ended;
    match exit {
        Exit::Code(code) => process::leave(code),
        Exit::Signal(signal) => process::die_of(signal),
    }
}

/// Closes every descriptor above 2 except `keep`. The first thing that a program does which will call [`run`]: what it
/// inherited must not stay open in the supervisor. Call it before any file is opened.
pub fn close_inherited(keep: &[i32]) {
    process::close_all_but(keep);
}

fn attend(supervisor: BorrowedFd<'_>, signals: BorrowedFd<'_>) -> Result<Exit, Failure> {
    loop {
        let mut both = [PollFd::new(&supervisor, PollFlags::IN), PollFd::new(&signals, PollFlags::IN)];
        match poll(&mut both, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(Failure::Refused { step: Step::Supervisor, errno }),
        }
        let [said, sent] = both.map(|one| !one.revents().is_empty());
        if sent && let Some((signal, true)) = process::next_signal(signals) {
            // A supervisor that is gone says so below.
            let _ = wire::send(supervisor, &Message::Signal(signal), &[]);
        }
        if said && let Some(end) = hear(supervisor)? {
            return Ok(end);
        }
    }
}

/// Takes one message of the supervisor; `Some` when the command ended.
fn hear(supervisor: BorrowedFd<'_>) -> Result<Option<Exit>, Failure> {
    let message = match wire::receive(supervisor) {
        Ok(Some((message, _))) => message,
        Ok(None) | Err(_) => return Err(Failure::SupervisorDied),
    };
    match message {
        Message::Ended(status) => Ok(Some(exit(status))),
        Message::Failed { step, errno, text } => Err(failure(Step::from_code(step), errno, text)),
        Message::Stopped(command) => {
            if is_stopped(command) {
                std::thread::sleep(STOP_SETTLES);
                if is_stopped(command) {
                    process::stop_self();
                    // Somebody let the front go on; where that was not the whole group, the command has to be told.
                    let _ = wire::send(supervisor, &Message::Signal(libc::SIGCONT), &[]);
                }
            }
            Ok(None)
        }
        Message::Continued
        | Message::Network
        | Message::Standing(_)
        | Message::Listening
        | Message::Signal(_)
        | Message::Rules(_) => Ok(None),
    }
}

/// What a raw wait status says.
pub(crate) fn exit(status: i32) -> Exit {
    if libc::WIFSIGNALED(status) { Exit::Signal(libc::WTERMSIG(status)) } else { Exit::Code(libc::WEXITSTATUS(status)) }
}

fn failure(step: Step, errno: i32, text: String) -> Failure {
    let errno = Errno::from_raw_os_error(errno);
    match step {
        Step::Program => Failure::Program(errno),
        Step::Supervisor if !text.is_empty() => Failure::Caller(text),
        Step::Landlock if !text.is_empty() => Failure::Missing(text),
        Step::Fork
        | Step::Namespaces
        | Step::Network
        | Step::Mounts
        | Step::Landlock
        | Step::Filter
        | Step::Directory
        | Step::Limits
        | Step::Descriptors
        | Step::Privileges
        | Step::Supervisor => Failure::Refused { step, errno },
    }
}

/// Whether the process is stopped now; its state is the first word after the last parenthesis.
fn is_stopped(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('T'))
}
