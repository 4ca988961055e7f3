//! The broker: performs every changing call for the processes inside. In: notifications of the filter. Out: answers. It
//! never lets the kernel go on with a changing call, because its arguments could be exchanged after the check; the one
//! call that goes on is execve, which nobody can perform for another.

mod asking;
mod call;
pub(crate) mod caller;
mod draft;
mod exec;
mod listening;
mod metadata;
mod names;
mod opening;
mod ready;
mod rules;
mod shed;
mod sockets;
mod walk;
mod watching;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::process::{Signal, pidfd_send_signal};

use crate::broker::caller::Caller;
use crate::broker::draft::Drafts;
use crate::broker::listening::Listening;
use crate::broker::ready::Ready;
use crate::broker::rules::Rules;
use crate::broker::shed::Lead;
use crate::broker::sockets::Made;
use crate::broker::walk::Object;
use crate::plan::Plan;
use crate::sys::process;
use crate::sys::seccomp::{self, Notification};
use crate::sys::socket::{self, Address};
use crate::watcher::Watcher;

/// Threads that answer; more are started while all are busy (a watcher may wait for a person), up to this.
const MOST_WORKERS: usize = 64;
/// Threads that each wait in one blocking act (a pipe without a reader, a full backlog).
const MOST_WAITING: usize = 256;
/// What the supervisor's own files are made with between two acts for a caller.
const OWN_MASK: Mode = Mode::RWXG.union(Mode::RWXO);

/// What the supervisor brings.
pub(crate) struct Scene {
    /// The root directory as processes inside see it.
    pub(crate) root: OwnedFd,
    /// The front's session.
    pub(crate) session: i32,
    /// The front's terminal.
    pub(crate) terminal: Option<OwnedFd>,
    /// What waits for names that the command makes, and where.
    pub(crate) ready: (Option<OwnedFd>, Vec<(FileType, String)>),
}

/// The broker of one sandbox.
pub(crate) struct Broker {
    scene: Scene,
    /// The filter's listener, once it is there.
    listener: OnceLock<OwnedFd>,
    rules: Rules,
    /// What a leader has, where there is one.
    lead: Option<Lead>,
    watcher: Box<dyn Watcher>,
    /// Private directories and their devices.
    private: Vec<(PathBuf, u64)>,
    terminals: Option<u64>,
    made: Made,
    listening: Listening,
    drafts: Drafts,
    pub(crate) ready: Ready,
    command: OnceLock<(i32, Option<OwnedFd>)>,
    /// Held over resolving a path, telling the watcher and acting: one change at a time, so that what the watcher was told
    /// is still so when it happens. Without it a file could be written between the word that it goes and its going.
    turn: Mutex<()>,
    /// Read while an open file is handed over and still open here too: the kernel executes no file that anybody has open for
    /// writing, and its new owner may already have closed it. An exec waits for it.
    handing: RwLock<()>,
    idle: AtomicUsize,
    workers: AtomicUsize,
    waiting: AtomicUsize,
}

/// How a call is answered.
pub(crate) enum Reply {
    Value(i64),
    File {
        file: OwnedFd,
        close_on_exec: bool,
    },
    GoOn,
    /// An exec of a leader, after which it leads no more.
    Shed,
    /// An open that waits for another process.
    BlockingOpen {
        object: Object,
        flags: OFlags,
        close_on_exec: bool,
    },
    /// A connect, which may wait. `held` keeps the socket file that the address names.
    Connect {
        socket: OwnedFd,
        address: Address,
        held: Option<OwnedFd>,
    },
}

impl Reply {
    pub(crate) const DONE: Reply = Reply::Value(0);
}

/// One call that is being answered.
pub(crate) struct Asking<'a> {
    broker: &'a Broker,
    pub(crate) caller: Caller<'a>,
    /// Whether the caller has what the plan's leader has.
    pub(crate) leads: bool,
}

impl Broker {
    /// A broker for a plan.
    pub(crate) fn new(
        plan: &Plan,
        loose: &[PathBuf],
        scene: Scene,
        fresh_proc: bool,
        watcher: Box<dyn Watcher>,
    ) -> Result<Broker, Errno> {
        let device = |path: &str| -> Result<u64, Errno> {
            let directory = openat(&scene.root, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
            Ok(rustix::fs::fstat(directory)?.st_dev)
        };
        let mut private = vec![(PathBuf::from("/dev/shm"), device("dev/shm")?)];
        if plan.private_tmp {
            private.push((PathBuf::from("/tmp"), device("tmp")?));
        }
        let terminals = device("dev/pts").ok();
        let mut scene = scene;
        let (directory, names) = std::mem::take(&mut scene.ready);
        let ready = Ready::new(directory, names, scene.root.as_fd(), &plan.late(loose));
        let without = shed::without_private(plan);
        let lead = Lead::of(plan, &without, loose, fresh_proc)?;
        Ok(Broker {
            scene,
            listener: OnceLock::new(),
            rules: Rules::new(plan.leader.as_ref().map_or(plan, |_| &without), loose),
            lead,
            watcher,
            private,
            terminals,
            made: Made::default(),
            listening: Listening::default(),
            drafts: Drafts::default(),
            ready,
            command: OnceLock::new(),
            turn: Mutex::new(()),
            handing: RwLock::new(()),
            idle: AtomicUsize::new(0),
            workers: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
        })
    }

    /// The caller's watcher.
    pub(crate) fn watcher(&self) -> &dyn Watcher {
        self.watcher.as_ref()
    }

    /// The command's process id outside; 0 before it asked to run.
    pub(crate) fn command(&self) -> i32 {
        self.command.get().map_or(0, |(pid, _)| *pid)
    }

    /// The root directory as processes inside see it.
    pub(crate) fn root(&self) -> BorrowedFd<'_> {
        self.scene.root.as_fd()
    }

    /// Gives the command a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Some((_, Some(pidfd))) = self.command.get() {
            // An error means that it has ended.
            let _ = pidfd_send_signal(pidfd, signal);
        }
    }

    /// Gives the workers the filter's listener.
    pub(crate) fn listen(&self, listener: OwnedFd) {
        seccomp::wake_in_turn(listener.as_fd());
        self.listener.get_or_init(|| listener);
    }

    /// The filter's listener; waits for it.
    fn listener(&self) -> BorrowedFd<'_> {
        self.listener.wait().as_fd()
    }

    /// Starts the first workers.
    pub(crate) fn serve(broker: &Arc<Broker>) -> Result<(), Errno> {
        Broker::start_worker(broker)?;
        Broker::start_worker(broker)
    }

    fn start_worker(broker: &Arc<Broker>) -> Result<(), Errno> {
        broker.workers.fetch_add(1, Ordering::Relaxed);
        broker.idle.fetch_add(1, Ordering::Relaxed);
        let own = Arc::clone(broker);
        let started = thread::Builder::new().name("broker".to_owned()).spawn(move || Broker::work(&own));
        started.map(|_| ()).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::AGAIN))
    }

    fn work(broker: &Arc<Broker>) {
        // Each worker has a umask of its own, because it takes on that of its caller for one act.
        if process::unshare_directory_and_mask().is_err() {
            return;
        }
        rustix::process::umask(OWN_MASK);
        loop {
            let notification = match seccomp::receive(broker.listener()) {
                Ok(notification) => notification,
                // The caller died before it could be read; or nothing is under the filter any more, which this error says as well.
                Err(Errno::INTR | Errno::NOENT) if !hung_up(broker.listener()) => continue,
                Err(_) => return,
            };
            let busy = broker.idle.fetch_sub(1, Ordering::Relaxed) == 1;
            if busy && broker.workers.load(Ordering::Relaxed) < MOST_WORKERS {
                // Without another one the calls only wait longer.
                let _ = Broker::start_worker(broker);
            }
            broker.answer(broker, &notification);
            broker.idle.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn answer(&self, own: &Arc<Broker>, notification: &Notification) {
        let listener = self.listener();
        let caller = Caller::new(listener, notification);
        let leads = self.lead.as_ref().is_some_and(|lead| lead.is_unmarked(caller.thread));
        let asking = Asking { broker: self, caller, leads };
        let id = notification.id;
        // An error of an answer means that the caller died meanwhile.
        let _ = match asking.perform(notification) {
            Ok(Reply::Value(value)) => seccomp::answer(listener, id, Ok(value)),
            Ok(Reply::File { file, close_on_exec }) => {
                let _held = self.handing.read().unwrap_or_else(PoisonError::into_inner);
                let handed = hand_over(listener, id, file.as_fd(), close_on_exec);
                drop(file);
                handed
            }
            Ok(Reply::GoOn) => seccomp::let_go_on(listener, id),
            Ok(Reply::Shed) => match &self.lead {
                Some(lead) => lead.let_go_on(listener, id, asking.caller.thread, self.scene.root.as_fd(), &self.ready),
                None => seccomp::let_go_on(listener, id),
            },
            Ok(Reply::BlockingOpen { object, flags, close_on_exec }) => {
                Broker::wait_for(own, id, move |listener| match walk::reopen(&object, flags) {
                    Ok(file) => hand_over(listener, id, file.as_fd(), close_on_exec),
                    Err(errno) => seccomp::answer(listener, id, Err(errno)),
                })
            }
            Ok(Reply::Connect { socket, address, held }) => Broker::wait_for(own, id, move |listener| {
                let connected = socket::connect(socket.as_fd(), &address);
                drop(held);
                seccomp::answer(listener, id, connected.map(|()| 0))
            }),
            Err(errno) => {
                asking.refused(notification.number, errno);
                seccomp::answer(listener, id, Err(errno))
            }
        };
    }

    /// Does something that may wait in a thread of its own.
    fn wait_for<F>(own: &Arc<Broker>, id: u64, act: F) -> Result<(), Errno>
    where
        F: FnOnce(BorrowedFd<'_>) -> Result<(), Errno> + Send + 'static,
    {
        let thread_of = Arc::clone(own);
        let room = own.waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING;
        let started = room.then(|| {
            thread::Builder::new().name("waiting".to_owned()).spawn(move || {
                let _ = act(thread_of.listener());
                thread_of.waiting.fetch_sub(1, Ordering::Relaxed);
            })
        });
        match started {
            Some(Ok(_)) => Ok(()),
            Some(Err(_)) | None => {
                own.waiting.fetch_sub(1, Ordering::Relaxed);
                seccomp::answer(own.listener(), id, Err(Errno::AGAIN))
            }
        }
    }
}

/// Whether nobody is at the other end: of a listener, whether the last process under the filter is gone.
pub(crate) fn hung_up(listener: BorrowedFd<'_>) -> bool {
    let mut one = [PollFd::new(&listener, PollFlags::IN)];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut one, Some(&at_once)).is_ok() && one.iter().any(|one| one.revents().contains(PollFlags::HUP))
}

/// A caller without room for another descriptor gets that error itself.
fn hand_over(listener: BorrowedFd<'_>, id: u64, file: BorrowedFd<'_>, close_on_exec: bool) -> Result<(), Errno> {
    seccomp::hand_over(listener, id, file, close_on_exec).or_else(|errno| seccomp::answer(listener, id, Err(errno)))
}
