//! The supervisor: makes the namespaces, asks the caller's watcher, serves the broker, reports to the front, and lives until
//! the last process inside is gone. In: the plan. Out: messages to the front; it never returns.
//!
//! INVARIANT (one life): when this process dies, for whatever reason, process 1 inside is killed by the kernel, and with it
//! everything inside.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{CWD, FileType, Mode, OFlags};
use rustix::io::Errno;
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior};

use crate::broker::caller::session_and_terminal;
use crate::broker::{Broker, Scene, hung_up};
use crate::command;
use crate::enforced::Enforced;
use crate::failure::Step;
use crate::filter::Switches;
use crate::front;
use crate::init::{self, Given, Ids};
use crate::landlock;
use crate::memory_watch;
use crate::plan::{Plan, Weakening};
use crate::ready;
use crate::sys::process::{self, Side, Signals};
use crate::watcher::Watcher;
use crate::wire::{self, Message};

/// The namespaces that only a new process can enter; it makes the others itself.
const NAMESPACES: i32 = libc::CLONE_NEWUSER | libc::CLONE_NEWPID;

/// How often the memory of all processes is added up, where the plan bounds it.
const MEMORY_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Why nothing runs.
struct Refusal {
    step: Step,
    errno: Errno,
    text: String,
}

impl Refusal {
    fn at(step: Step) -> impl FnOnce(Errno) -> Refusal {
        move |errno| Refusal { step, errno, text: String::new() }
    }

    /// Tells the front; gives the supervisor's own exit code.
    fn tell(self, front: BorrowedFd<'_>) -> i32 {
        let failed = Message::Failed { step: self.step.code(), errno: self.errno.raw_os_error(), text: self.text };
        // Without a front there is nobody to tell.
        let _ = wire::send(front, &failed, &[]);
        1
    }

    fn saying(step: Step, text: String) -> Refusal {
        Refusal { step, errno: Errno::PERM, text }
    }
}

/// Lives the supervisor's life.
pub(crate) fn live<S, W>(plan: &Plan, front: OwnedFd, mask: &Signals, station: S) -> !
where
    S: FnOnce(Vec<OwnedFd>) -> Result<W, String>,
    W: Watcher + 'static,
{
    let code = match divide(plan, front, mask) {
        Ok(parts) => {
            let front = parts.front.as_fd();
            match stand(plan, front, &parts, mask, station) {
                Ok(broker) => Inside { init: parts.init.as_fd(), messages: parts.messages.as_fd(), broker }.attend(plan, front),
                Err(refusal) => refusal.tell(front),
            }
        }
        Err((front, refusal)) => refusal.tell(front.as_fd()),
    };
    process::leave(code)
}

/// What the supervisor holds once process 1 lives: the ways to the front and to it, and what it was told.
struct Parts {
    front: OwnedFd,
    messages: OwnedFd,
    init: OwnedFd,
    loose: Vec<PathBuf>,
    ready: Vec<(FileType, String)>,
}

/// Makes process 1. It keeps none of the supervisor's ends: both it and the front must see when the supervisor is gone.
fn divide(plan: &Plan, front: OwnedFd, mask: &Signals) -> Result<Parts, (OwnedFd, Refusal)> {
    let loose = plan.loose();
    let ids = Ids { user: rustix::process::geteuid().as_raw(), group: rustix::process::getegid().as_raw() };
    let (messages, theirs) = match wire::pair() {
        Ok(pair) => pair,
        Err(errno) => return Err((front, Refusal::at(Step::Supervisor)(errno))),
    };
    let late = plan.late(&loose);
    let wanted = late.len() + plan.drafts.len();
    let ready = plan.ready.as_ref().filter(|_| wanted > 0).map_or_else(Vec::new, |directory| ready::make(directory, wanted));
    match process::clone_into(NAMESPACES) {
        Ok((Side::Parent(_), Some(init))) => Ok(Parts { front, messages, init, loose, ready }),
        Ok((Side::Child | Side::Parent(_), _)) => {
            drop((front, messages));
            let switches = Switches { netlink: plan.network.netlink, reads: !late.is_empty() };
            init::live(plan, Given { ids, switches, ready: !ready.is_empty() }, &theirs, mask)
        }
        Err(errno) => Err((front, Refusal::at(Step::Namespaces)(errno))),
    }
}

/// The sandbox as the supervisor attends to it.
struct Inside<'a> {
    init: BorrowedFd<'a>,
    messages: BorrowedFd<'a>,
    broker: Arc<Broker>,
}

fn stand<S, W>(plan: &Plan, front: BorrowedFd<'_>, parts: &Parts, mask: &Signals, station: S) -> Result<Arc<Broker>, Refusal>
where
    S: FnOnce(Vec<OwnedFd>) -> Result<W, String>,
    W: Watcher + 'static,
{
    let messages = &parts.messages;
    let (terminal, session) = (terminal(), process::session());
    step_aside(plan, mask);

    // Process 1 makes its namespaces meanwhile.
    rules(plan, &parts.ready, messages.as_fd()).map_err(Refusal::at(Step::Landlock))?;
    let listeners = expect(messages.as_fd(), &Message::Network)?;
    process::share_one_heap();
    let watcher = station(listeners).map_err(|text| Refusal::saying(Step::Supervisor, text))?;
    let (enforced, root, directory) = standing(messages.as_fd())?;
    refuse_less(plan, &enforced)?;
    watcher.enforced(&enforced).map_err(|text| Refusal::saying(Step::Supervisor, text))?;
    let scene = Scene { root, session, terminal, ready: (directory, parts.ready.clone()) };
    let broker =
        Broker::new(plan, &parts.loose, scene, enforced.fresh_proc, Box::new(watcher)).map_err(Refusal::at(Step::Supervisor))?;
    let broker = Arc::new(broker);
    // The workers start while the command still arms itself, and wait for the listener.
    Broker::serve(&broker).map_err(Refusal::at(Step::Supervisor))?;
    let listener = expect(messages.as_fd(), &Message::Listening)?.pop();
    if hung_up(front) {
        // Whoever wanted the command is gone before it began.
        return Err(Refusal::at(Step::Supervisor)(Errno::PIPE));
    }
    broker.listen(listener.ok_or_else(|| Refusal::at(Step::Filter)(Errno::BADF))?);
    Ok(broker)
}

/// Begins the ruleset and hands it to process 1. A process 1 that is gone has said why.
fn rules(plan: &Plan, ready: &[(FileType, String)], messages: BorrowedFd<'_>) -> Result<(), Errno> {
    let root = rustix::fs::openat(CWD, "/", OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let ground = landlock::Ground { root: root.as_fd(), fresh_proc: false, private: None };
    let begun = match landlock::readable(plan, ground) {
        Ok(mut ruleset) => {
            if let Some(directory) = &plan.ready {
                ready.iter().try_for_each(|(_, name)| ruleset.allow_whole(&directory.join(name)))?;
            }
            Some(ruleset)
        }
        Err(Errno::NOSYS | Errno::OPNOTSUPP) => None,
        Err(errno) => return Err(errno),
    };
    let count = begun.as_ref().map_or(0, |ruleset| i32::try_from(ruleset.rules).unwrap_or(i32::MAX));
    let beside: Vec<BorrowedFd<'_>> = begun.iter().map(|ruleset| ruleset.descriptor.as_fd()).collect();
    match wire::send(messages, &Message::Rules(count), &beside) {
        Err(Errno::PIPE) => Ok(()),
        sent => sent,
    }
}

/// The front's controlling terminal, by its own name: opened as /dev/tty it could not be opened again for somebody inside.
fn terminal() -> Option<OwnedFd> {
    let (_, device) = session_and_terminal("self")?;
    let path = match (rustix::fs::major(device), rustix::fs::minor(device)) {
        (136, minor) => format!("/dev/pts/{minor}"),
        (4, minor) => format!("/dev/tty{minor}"),
        _ => return None,
    };
    let opened = rustix::fs::openat(CWD, path, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    rustix::fs::fstat(&opened).is_ok_and(|stat| stat.st_rdev == device).then_some(opened)
}

/// Leaves the front's session and its standard input and outputs, and gives up root's powers over other users' files.
fn step_aside(plan: &Plan, mask: &Signals) {
    let _ = rustix::process::setsid();
    // It may hold several descriptors for each waiting thread inside.
    let limit = rustix::process::getrlimit(Resource::Nofile);
    let _ = rustix::process::setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    command::let_go_of_inherited(plan);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let none = rustix::thread::CapabilitySet::empty();
    let sets = rustix::thread::CapabilitySets { effective: none, permitted: none, inheritable: none };
    let _ = rustix::thread::set_capabilities(None, sets);
    mask.restore();
}

fn expect(messages: BorrowedFd<'_>, wanted: &Message) -> Result<Vec<OwnedFd>, Refusal> {
    match next(messages)? {
        (message, descriptors) if message == *wanted => Ok(descriptors),
        _ => Err(Refusal::at(Step::Supervisor)(Errno::BADMSG)),
    }
}

/// What stands, the root directory inside, and the directory of what waits for names, as it is reached inside.
fn standing(messages: BorrowedFd<'_>) -> Result<(Enforced, OwnedFd, Option<OwnedFd>), Refusal> {
    let (message, descriptors) = next(messages)?;
    let Message::Standing(facts) = message else { return Err(Refusal::at(Step::Supervisor)(Errno::BADMSG)) };
    let enforced = Enforced::decode(&facts).ok_or_else(|| Refusal::at(Step::Supervisor)(Errno::BADMSG))?;
    let mut descriptors = descriptors.into_iter();
    let root = descriptors.next().ok_or_else(|| Refusal::at(Step::Mounts)(Errno::BADF))?;
    Ok((enforced, root, descriptors.next()))
}

/// The next message from inside; a failure there, or its end, is a refusal here.
fn next(messages: BorrowedFd<'_>) -> Result<(Message, Vec<OwnedFd>), Refusal> {
    match wire::receive(messages) {
        Ok(Some((Message::Failed { step, errno, text }, _))) => {
            Err(Refusal { step: Step::from_code(step), errno: Errno::from_raw_os_error(errno), text })
        }
        Ok(Some(both)) => Ok(both),
        Ok(None) => Err(Refusal::at(Step::Namespaces)(Errno::CHILD)),
        Err(errno) => Err(Refusal::at(Step::Supervisor)(errno)),
    }
}

/// INVARIANT (no less than planned): what is missing and not named by the plan ends everything here, before the first program.
fn refuse_less(plan: &Plan, enforced: &Enforced) -> Result<(), Refusal> {
    let permitted = |part: Weakening| plan.weakenings.contains(&part);
    let missing = enforced.missing(plan.network.resolv_conf.is_some(), plan.limits.processes.is_some());
    let words: Vec<&str> = missing.iter().filter(|missing| !permitted(missing.part)).map(|missing| missing.what).collect();
    if words.is_empty() { Ok(()) } else { Err(Refusal::saying(Step::Landlock, words.join(", "))) }
}

impl Inside<'_> {
    /// Until the last process inside is gone.
    fn attend(&self, plan: &Plan, front: BorrowedFd<'_>) -> i32 {
        let mut front_lives = true;
        let mut ended = false;
        loop {
            let mut three = vec![PollFd::new(&self.init, PollFlags::IN), PollFd::new(&self.messages, PollFlags::IN)];
            if front_lives {
                three.push(PollFd::new(&front, PollFlags::IN));
            }
            let interval = plan.limits.memory_bytes.map(|_| &MEMORY_INTERVAL);
            let waited = poll(&mut three, interval);
            let ready: Vec<bool> = three.iter().map(|one| !one.revents().is_empty()).collect();
            drop(three);
            if waited == Ok(0) && self.holds_too_much(plan) {
                self.kill_everything();
            }
            if ready.get(1) == Some(&true) {
                ended |= self.hear(front);
            }
            if ready.get(2) == Some(&true) {
                front_lives = self.obey(front, ended);
            }
            if ready.first() == Some(&true) {
                return self.finish(plan, front, ended);
            }
        }
    }

    /// Takes one message from inside; whether the command is over by it.
    fn hear(&self, front: BorrowedFd<'_>) -> bool {
        let Ok(Some((message, _))) = wire::receive(self.messages) else { return false };
        match message {
            Message::Ended(status) => {
                self.end(front, status);
                true
            }
            Message::Stopped(_) => {
                let _ = wire::send(front, &Message::Stopped(self.broker.command()), &[]);
                false
            }
            Message::Failed { .. } => {
                let _ = wire::send(front, &message, &[]);
                true
            }
            Message::Continued
            | Message::Network
            | Message::Standing(_)
            | Message::Listening
            | Message::Signal(_)
            | Message::Rules(_) => false,
        }
    }

    /// The command has ended, with this wait status.
    fn end(&self, front: BorrowedFd<'_>, status: i32) {
        let watcher = self.broker.watcher();
        watcher.finished(front::exit(status));
        // A front that is gone hears nothing.
        let _ = wire::send(front, &Message::Ended(status), &[]);
        watcher.told();
    }

    /// Takes one message of the front; whether it still lives. A front that was killed takes the command with it, as a
    /// killed shell would; what the command left in the background goes on.
    fn obey(&self, front: BorrowedFd<'_>, ended: bool) -> bool {
        match wire::receive(front) {
            Ok(Some((Message::Signal(signal), _))) => {
                self.signal_command(signal);
                true
            }
            Ok(Some(_)) => true,
            Ok(None) | Err(_) => {
                if !ended {
                    self.signal_command(libc::SIGKILL);
                }
                false
            }
        }
    }

    fn signal_command(&self, signal: i32) {
        if let Some(signal) = Signal::from_named_raw(signal) {
            self.broker.signal(signal);
        }
    }

    fn finish(&self, plan: &Plan, front: BorrowedFd<'_>, ended: bool) -> i32 {
        let mut ended = ended;
        while !ended {
            match wire::receive(self.messages) {
                Ok(Some((Message::Ended(status), _))) => {
                    self.end(front, status);
                    ended = true;
                }
                Ok(Some((failed @ Message::Failed { .. }, _))) => {
                    let _ = wire::send(front, &failed, &[]);
                    ended = true;
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => break,
            }
        }
        if !ended {
            // Process 1 itself was killed, and everything with it.
            self.end(front, libc::SIGKILL);
        }
        self.broker.remove_drafts();
        self.broker.ready.clear();
        if let Some(directory) = &plan.ready {
            ready::remove(directory);
        }
        self.broker.watcher().gone();
        0
    }

    fn holds_too_much(&self, plan: &Plan) -> bool {
        plan.limits.memory_bytes.is_some_and(|most| memory_watch::resident_bytes(self.broker.root()) > most)
    }

    fn kill_everything(&self) {
        let _ = rustix::process::pidfd_send_signal(self.init, Signal::KILL);
    }
}
