//! What a command did: the log of strace in, acts out, each with the process that did it.
//!
//! Counted are acts that succeeded, and those that were refused for want of rights: the command wanted them. A write is
//! counted when a file is opened for it. Reads are not looked at.

mod line;
mod sockets;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use line::Call;

/// The system calls that strace has to report: those below, and those that are needed to follow processes and paths.
pub(crate) const CALLS: &str = "open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,\
    symlinkat,mkdir,mkdirat,rmdir,mknod,mknodat,truncate,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,setxattr,\
    lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,utime,utimes,utimensat,futimesat,mount,umount2,pivot_root,\
    move_mount,swapon,swapoff,reboot,sethostname,setdomainname,settimeofday,clock_settime,init_module,finit_module,\
    delete_module,kexec_load,chroot,ptrace,process_vm_writev,io_uring_setup,execve,execveat,connect,bind,sendto,sendmsg,\
    sendmmsg,kill,tkill,tgkill,pidfd_send_signal,chdir,fchdir,clone,clone3,fork,vfork";

/// One act and who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Act {
    /// The name of the program in the process.
    pub(crate) program: String,
    /// Whether that program lies where packages put theirs.
    pub(crate) packaged: bool,
    /// Whether it is the shell itself that was given the command.
    pub(crate) shell: bool,
    pub(crate) deed: Done,
    /// Whether it was refused for want of rights.
    pub(crate) refused: bool,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
    /// Something at a path, absolute.
    Path { how: How, path: String },
    /// A program was started.
    Run { program: String, argv: Vec<String> },
    /// A socket of the machine was spoken to.
    Local(String),
    /// An address was connected to, or sent to.
    Reach { address: String, port: u16 },
    /// A name was looked up.
    Name(String),
    /// A process was sent a signal.
    Signal { process: i64, own: bool },
    /// The system was set differently, another process traced, or calls hidden from us.
    System(String),
}

/// What was done to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum How {
    /// Opened for writing, or made.
    Write,
    /// Made, where nothing was before.
    Make,
    /// A folder was made.
    Folder,
    /// Removed, or renamed away.
    Delete,
    /// Permissions, owner, times, attributes.
    Metadata,
}

/// A process as far as it is needed.
#[derive(Clone, Debug, Default)]
struct Process {
    cwd: String,
    program: String,
    packaged: bool,
    shell: bool,
    parent: u32,
    /// The process that a thread belongs to; a process's own number.
    leader: u32,
}

/// The state of the reading.
struct Reader<'a> {
    command: &'a str,
    started: bool,
    processes: HashMap<u32, Process>,
    unfinished: HashMap<u32, String>,
    /// Who began to make a process last, for a child that is heard of before its making is.
    maker: u32,
    makes_thread: bool,
    acts: Vec<Act>,
}

/// Reads a log. Only what comes after the shell was started with `command` counts.
pub(crate) fn read(log: &str, command: &str, cwd: &str) -> Option<Vec<Act>> {
    let mut reader = Reader {
        command,
        started: false,
        processes: HashMap::new(),
        unfinished: HashMap::new(),
        maker: 0,
        makes_thread: false,
        acts: Vec::new(),
    };
    for text in log.lines() {
        reader.line(text, cwd);
    }
    reader.started.then_some(reader.acts)
}

impl Reader<'_> {
    fn line(&mut self, text: &str, cwd: &str) {
        let Some((process, body)) = text.split_once(' ') else { return };
        let Ok(process) = process.parse::<u32>() else { return };
        let body = body.trim_start();
        if let Some(begun) = body.strip_suffix(" <unfinished ...>") {
            self.unfinished.insert(process, begun.to_owned());
            if ["clone(", "clone3(", "fork(", "vfork("].iter().any(|name| begun.starts_with(name)) {
                self.maker = process;
                self.makes_thread = begun.contains("CLONE_THREAD");
            }
            return;
        }
        let whole = match body.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            Some((_, rest)) => format!("{}{rest}", self.unfinished.remove(&process).unwrap_or_default()),
            None => body.to_owned(),
        };
        let Some(call) = line::parse(&whole) else { return };
        if !self.processes.contains_key(&process) {
            let mut new =
                self.processes.get(&self.maker).cloned().unwrap_or_else(|| Process { cwd: cwd.to_owned(), ..Process::default() });
            new.parent = self.maker;
            if !self.makes_thread || new.leader == 0 {
                new.leader = process;
            }
            self.processes.insert(process, new);
        }
        self.call(process, &call);
    }

    fn call(&mut self, process: u32, call: &Call<'_>) {
        match call.name {
            "clone" | "clone3" | "fork" | "vfork" => return self.made(process, call),
            "chdir" | "fchdir" if call.error.is_none() => {
                let to = if call.name == "chdir" { self.path(process, call, None, 0) } else { call.place(0) };
                if let (Some(to), Some(own)) = (to, self.processes.get_mut(&process)) {
                    own.cwd = to;
                }
                return;
            }
            "execve" | "execveat" => return self.started_program(process, call),
            _ => {}
        }
        if !self.started {
            return;
        }
        if call.name.starts_with("send") || matches!(call.name, "connect" | "bind") {
            for deed in sockets::deeds(call) {
                self.push(process, deed, false);
            }
            return;
        }
        let refused = matches!(call.error, Some("EACCES" | "EPERM" | "EROFS"));
        if call.error.is_some() && !refused {
            return;
        }
        for deed in self.deeds(process, call) {
            self.push(process, deed, refused);
        }
    }

    fn made(&mut self, process: u32, call: &Call<'_>) {
        let Ok(child) = call.result.split('<').next().unwrap_or_default().trim().parse::<u32>() else { return };
        let mut own = self.processes.get(&process).cloned().unwrap_or_default();
        own.parent = process;
        if !call.mentions("CLONE_THREAD") {
            own.leader = child;
        }
        // A child heard of before its making stands already; only what it is is not known yet.
        let leader = own.leader;
        self.processes.entry(child).or_insert(own).leader = leader;
    }

    fn started_program(&mut self, process: u32, call: &Call<'_>) {
        let at = usize::from(call.name == "execveat");
        if call.error.is_some() || call.result.starts_with('?') {
            return;
        }
        let base = (at == 1).then_some(0);
        let (Some(program), argv) = (self.path(process, call, base, at), call.texts(at + 1)) else { return };
        let was_started = self.started;
        if !was_started {
            self.started =
                argv.first().is_some_and(|name| name == "bash") && argv.get(2).is_some_and(|text| text == self.command);
        } else {
            self.push(process, Done::Run { program: program.clone(), argv }, false);
        }
        let begins = !was_started && self.started;
        if let Some(own) = self.processes.get_mut(&process) {
            own.shell = begins;
            own.packaged = ["/usr/", "/bin/", "/sbin/", "/lib", "/etc/init.d/"].iter().any(|place| program.starts_with(place));
            own.program = program.rsplit('/').next().unwrap_or_default().to_owned();
        }
    }

    fn push(&mut self, process: u32, deed: Done, refused: bool) {
        let own = self.processes.get(&process).cloned().unwrap_or_default();
        let act = Act { program: own.program, packaged: own.packaged, shell: own.shell, deed, refused };
        if self.acts.last() != Some(&act) {
            self.acts.push(act);
        }
    }

    /// The path in argument `at`, absolute: below the directory in argument `base`, or the working directory.
    fn path(&self, process: u32, call: &Call<'_>, base: Option<usize>, at: usize) -> Option<String> {
        let text = call.text(at)?;
        if text.starts_with('/') {
            return Some(lexical(&text));
        }
        let cwd = || self.processes.get(&process).map(|own| own.cwd.clone());
        let base = base.and_then(|base| call.place(base)).or_else(cwd)?;
        Some(lexical(&format!("{base}/{text}")))
    }

    fn deeds(&self, process: u32, call: &Call<'_>) -> Vec<Done> {
        let on = |how: How, base: Option<usize>, at: usize| {
            self.path(process, call, base, at).map(|path| Done::Path { how, path }).into_iter().collect::<Vec<Done>>()
        };
        let descriptor = || call.place(0).map(|path| Done::Path { how: How::Metadata, path }).into_iter().collect();
        match call.name {
            "open" | "creat" => self.opened(process, call, None, 0),
            "openat" | "openat2" => self.opened(process, call, Some(0), 1),
            "unlink" | "rmdir" => on(How::Delete, None, 0),
            "unlinkat" => on(How::Delete, Some(0), 1),
            "rename" => [on(How::Delete, None, 0), on(How::Write, None, 1)].concat(),
            "renameat" | "renameat2" => [on(How::Delete, Some(0), 1), on(How::Write, Some(2), 3)].concat(),
            "link" => on(How::Write, None, 1),
            "linkat" => on(How::Write, Some(2), 3),
            "symlink" => on(How::Write, None, 1),
            "symlinkat" => on(How::Write, Some(1), 2),
            "mkdir" => on(How::Folder, None, 0),
            "mkdirat" => on(How::Folder, Some(0), 1),
            "mknod" => on(How::Write, None, 0),
            "mknodat" => on(How::Write, Some(0), 1),
            "truncate" => on(How::Write, None, 0),
            "chmod" | "chown" | "lchown" | "setxattr" | "lsetxattr" | "removexattr" | "lremovexattr" | "utime" | "utimes" => {
                on(How::Metadata, None, 0)
            }
            "fchmodat" | "fchownat" | "futimesat" => on(How::Metadata, Some(0), 1),
            "utimensat" if call.text(1).is_none() => descriptor(),
            "utimensat" => on(How::Metadata, Some(0), 1),
            "fchmod" | "fchown" | "fsetxattr" | "fremovexattr" => descriptor(),
            "kill" | "tkill" | "tgkill" | "pidfd_send_signal" => self.signal(process, call),
            name => vec![Done::System(name.to_owned())],
        }
    }

    fn opened(&self, process: u32, call: &Call<'_>, base: Option<usize>, at: usize) -> Vec<Done> {
        let flags = if call.name == "creat" { "O_WRONLY|O_CREAT|O_TRUNC" } else { call.argument(at + 1) };
        let has = |flag: &str| flags.split(|c: char| !c.is_ascii_uppercase() && c != '_').any(|one| one == flag);
        if !["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| has(flag)) || has("O_TMPFILE") {
            return Vec::new();
        }
        let how = if has("O_CREAT") && has("O_EXCL") { How::Make } else { How::Write };
        // The kernel's own name of what was opened, where it was.
        let path = call.opened().or_else(|| self.path(process, call, base, at));
        path.map(|path| Done::Path { how, path }).into_iter().collect()
    }

    fn signal(&self, process: u32, call: &Call<'_>) -> Vec<Done> {
        let last = if call.name == "tgkill" { 2 } else { 1 };
        if call.argument(last) == "0" {
            return Vec::new();
        }
        let to: i64 = call.argument(0).split('<').next().and_then(|text| text.parse().ok()).unwrap_or(-1);
        let leader = self.processes.get(&process).map_or(process, |own| own.leader);
        // Programs signal what they started, and their own parts each other; kill and its like mean what they are told.
        let own = self.processes.get(&process);
        let told =
            own.is_none_or(|own| own.shell || ["kill", "pkill", "killall", "skill", "fuser"].contains(&own.program.as_str()));
        let ours = |to: u32| self.descends(to, process) || (!told && self.processes.contains_key(&to));
        let own = to == i64::from(process) || to == i64::from(leader) || u32::try_from(to.abs()).is_ok_and(ours);
        vec![Done::Signal { process: to, own }]
    }

    /// Whether `child` was made by `parent`, directly or not.
    fn descends(&self, child: u32, parent: u32) -> bool {
        let mut at = child;
        for _ in 0..64 {
            match self.processes.get(&at) {
                Some(own) if own.parent == parent => return true,
                Some(own) if own.parent != 0 && own.parent != at => at = own.parent,
                Some(_) | None => return false,
            }
        }
        false
    }
}

/// A path without `.`, `..` and empty parts, links not looked at.
fn lexical(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests;
