//! One call while it is answered: which act it is, and what every act asks of rules and watcher. In: a notification. Out: a
//! reply, or the error that the caller gets.

use std::net::Ipv4Addr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::PoisonError;

use rustix::fs::{FileType, MemfdFlags, Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::broker::call::{self, Call, Target};
use crate::broker::caller;
use crate::broker::rules::Rules;
use crate::broker::sockets::{self, Made};
use crate::broker::walk::{Found, Last, Object, Spot, Walk};
use crate::broker::{Asking, OWN_MASK, Reply, exec, metadata, names, opening, watching};
use crate::sys::seccomp::Notification;
use crate::watcher::{Answer, Existing, Mutation, Place, Watcher, Who};

/// Whether it changes what a path leads to. A program may take its time to start, and a connection to be made.
fn is_change(call: &Call) -> bool {
    match call {
        Call::Open { flags, .. } => opening::changes(*flags),
        Call::MakeDirectory { .. }
        | Call::MakeNode { .. }
        | Call::Remove { .. }
        | Call::Rename { .. }
        | Call::Link { .. }
        | Call::Symlink { .. }
        | Call::Truncate { .. }
        | Call::Describe { .. }
        | Call::Bind { .. } => true,
        Call::Execute { .. } | Call::Connect { .. } | Call::Memory { .. } | Call::Watch { .. } => false,
    }
}

impl<'a> Asking<'a> {
    pub(crate) fn perform(&self, notification: &Notification) -> Result<Reply, Errno> {
        let call = call::read(notification.number, notification.arguments).ok_or(Errno::NOSYS)?;
        let _turn = is_change(&call).then(|| self.broker.turn.lock().unwrap_or_else(PoisonError::into_inner));
        match call {
            Call::Open { at, flags, mode } => opening::open(self, at, flags, mode),
            Call::MakeDirectory { at, mode } => names::make_directory(self, at, mode),
            Call::MakeNode { at, mode } => names::make_node(self, at, mode),
            Call::Remove { at, directory } => names::remove(self, at, directory),
            Call::Rename { from, to, flags } => names::rename(self, from, to, flags),
            Call::Link { from, to } => names::link(self, from, to),
            Call::Symlink { target, at } => names::symlink(self, target, at),
            Call::Truncate { path, length } => metadata::truncate(self, path, length),
            Call::Describe { target, change } => metadata::describe(self, target, change),
            Call::Execute { at, arguments, environment } => {
                self.note_command();
                exec::execute(self, at, arguments, environment)
            }
            Call::Connect { socket, address, length } => sockets::connect(self, socket, address, length),
            Call::Bind { socket, address, length } => sockets::bind(self, socket, address, length),
            Call::Memory { name, flags } => self.memory(name, flags),
            Call::Watch { notices, path, what } => watching::watch(self, notices, path, what),
        }
    }

    /// The first program that asks to run is the command.
    fn note_command(&self) {
        self.broker.command.get_or_init(|| {
            let pid = self.caller.thread;
            (pid, Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok()))
        });
    }

    /// A file in memory that can never be executed.
    fn memory(&self, name: u64, flags: u32) -> Result<Reply, Errno> {
        const EXECUTABLE: u32 = 0x10;
        const NEVER_EXECUTABLE: u32 = 0x8;
        if flags & EXECUTABLE != 0 {
            return Err(Errno::ACCESS);
        }
        let name = self.caller.string(name, 250)?;
        self.caller.settled()?;
        let close_on_exec = flags & MemfdFlags::CLOEXEC.bits() != 0;
        let flags = MemfdFlags::from_bits_retain(flags | NEVER_EXECUTABLE) | MemfdFlags::CLOEXEC;
        let file = rustix::fs::memfd_create(name.as_slice(), flags)?;
        Ok(Reply::File { file, close_on_exec })
    }

    pub(crate) fn refused(&self, number: i64, errno: Errno) {
        if matches!(errno, Errno::ACCESS | Errno::PERM) {
            self.watcher().refused(self.who(), crate::calls::name(number), None, errno);
        }
    }

    pub(crate) fn rules(&self) -> &'a Rules {
        self.broker.lead.as_ref().filter(|_| self.leads).map_or(&self.broker.rules, |lead| &lead.rules)
    }

    /// The caller, for the watcher.
    pub(crate) fn who(&self) -> Who {
        Who { pid: self.caller.thread, leads: self.leads }
    }

    /// The address that a leader's connections come from, and nobody else's.
    pub(crate) fn leaders_address(&self) -> Option<Ipv4Addr> {
        self.broker.lead.as_ref().map(|lead| lead.address)
    }

    pub(crate) fn watcher(&self) -> &'a dyn Watcher {
        self.broker.watcher.as_ref()
    }

    pub(crate) fn made(&self) -> &'a Made {
        &self.broker.made
    }

    pub(crate) fn walk(&self) -> Walk<'_> {
        Walk { root: self.broker.scene.root.as_fd(), caller: &self.caller }
    }

    /// Finds a target that must be there.
    pub(crate) fn find(&self, target: Target) -> Result<Found, Errno> {
        match target {
            Target::Descriptor(descriptor) => self.walk().descriptor(descriptor),
            Target::Path { start, path, follow, empty } => {
                let path = self.caller.path(path)?;
                if path.is_empty() && empty && start != libc::AT_FDCWD {
                    return self.walk().descriptor(start);
                }
                self.walk().find(start, &path, Last::following(follow))
            }
        }
    }

    /// Whether this lies in a directory in memory that goes with the sandbox.
    pub(crate) fn is_private(&self, directory: BorrowedFd<'_>, path: &Path) -> bool {
        let mut named = self.broker.private.iter().filter(|(private, _)| path.starts_with(private)).peekable();
        if named.peek().is_none() {
            return false;
        }
        rustix::fs::fstat(directory).is_ok_and(|stat| named.any(|(_, device)| *device == stat.st_dev))
    }

    /// Whether this is a terminal that was made inside.
    pub(crate) fn is_private_terminal(&self, object: &Object, path: &Path) -> bool {
        path.starts_with("/dev/pts") && self.broker.terminals == Some(object.stat.st_dev)
    }

    /// Whether a file may be read, and Landlock knows nothing of it.
    pub(crate) fn reads_late(&self, spot: &Spot) -> bool {
        self.rules().reads_late(&spot.path) || spot.found.as_ref().is_some_and(|object| self.is_draft(&spot.path, object))
    }

    /// Puts what was made ready under a name, with the mode that the caller's umask leaves.
    pub(crate) fn put_ready(&self, kind: FileType, spot: &Spot, mode: Mode) -> Option<OwnedFd> {
        let mode = mode.difference(self.caller.umask());
        self.broker.ready.put(kind, spot.parent.as_fd(), &spot.name, mode)
    }

    /// Waits until no file is open here that somebody inside already has: it could not be executed.
    pub(crate) fn until_nothing_is_handed_over(&self) {
        drop(self.broker.handing.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the kernel lets a file be executed as far as places go that the command itself has made.
    pub(crate) fn has_rule(&self, object: &Object, path: &Path) -> bool {
        self.rules().late(path).is_none_or(|top| self.broker.ready.rules(self.broker.root(), object, path, top))
    }

    /// Whether a new name may appear here.
    pub(crate) fn may_appear(&self, spot: &Spot) -> Result<(), Errno> {
        let may = self.is_private(spot.parent.as_fd(), &spot.path) || self.rules().moves(&spot.path);
        if may { Ok(()) } else { Err(Errno::ACCESS) }
    }

    /// Whether the file that is there may be written.
    pub(crate) fn may_write(&self, spot: &Spot) -> Result<(), Errno> {
        let may = self.is_private(spot.parent.as_fd(), &spot.path) || self.rules().writes(&spot.path);
        if may { Ok(()) } else { Err(Errno::ACCESS) }
    }

    /// Whether the name that is there may go.
    pub(crate) fn may_vanish(&self, spot: &Spot, object: &Object) -> Result<(), Errno> {
        if self.is_private(spot.parent.as_fd(), &spot.path) {
            return Ok(());
        }
        let root = object.kind() == FileType::Directory && self.rules().is_root(&spot.path);
        if self.rules().moves(&spot.path) && !root && !self.is_served_outside(spot, object) { Ok(()) } else { Err(Errno::ACCESS) }
    }

    /// Whether this is, or holds, a socket at which somebody outside is reached.
    fn is_served_outside(&self, spot: &Spot, object: &Object) -> bool {
        matches!(object.kind(), FileType::Socket | FileType::Directory) && self.broker.listening.lies_at(&spot.path)
    }

    /// Tells the watcher, unless it happens in a private directory.
    pub(crate) fn tell(&self, directory: BorrowedFd<'_>, path: &Path, mutation: &Mutation<'_>) -> Result<(), Errno> {
        if self.is_private(directory, path) { Ok(()) } else { self.tell_always(mutation) }
    }

    /// Tells the watcher.
    pub(crate) fn tell_always(&self, mutation: &Mutation<'_>) -> Result<(), Errno> {
        match self.watcher().before(self.who(), mutation) {
            // A watcher may take long; a caller that was killed meanwhile must not act any more.
            Answer::Go => self.caller.settled(),
            Answer::Refuse(errno) => Err(errno),
        }
    }

    /// Does one act with the caller's umask.
    pub(crate) fn with_umask<T>(&self, act: impl FnOnce() -> Result<T, Errno>) -> Result<T, Errno> {
        rustix::process::umask(self.caller.umask());
        let done = act();
        rustix::process::umask(OWN_MASK);
        done
    }

    /// The caller's controlling terminal: the front's, or one made inside.
    pub(crate) fn controlling_terminal(&self, flags: OFlags) -> Result<OwnedFd, Errno> {
        let own = caller::session_and_terminal(&self.caller.thread.to_string());
        let (session, device) = own.filter(|(_, device)| *device != 0).ok_or(Errno::NXIO)?;
        self.caller.settled()?;
        if session == self.broker.scene.session {
            let terminal = self.broker.scene.terminal.as_ref().ok_or(Errno::NXIO)?;
            return rustix::fs::open(caller::own_path(terminal.as_fd()).as_c_str(), flags, Mode::empty());
        }
        // Pseudo-terminals: the number in the device is the name.
        let path = format!("dev/pts/{}", rustix::fs::minor(device));
        openat(&self.broker.scene.root, path, flags, Mode::empty())
    }
}

impl Spot {
    /// As the watcher sees it.
    pub(crate) fn place<'a>(&'a self, existing: Option<&'a Object>) -> Place<'a> {
        let existing = existing.map(|object| Existing { file: object.file.as_fd(), stat: &object.stat });
        Place { path: &self.path, parent: self.parent.as_fd(), name: &self.name, existing }
    }
}
