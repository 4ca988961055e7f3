//! Runs a command inside a plan given by words. In: `--read PATH`, `--write PATH`, `--remove PATH`, `--ready DIRECTORY`, `--draft FILE=BEGINNING`, `--close PATTERN`, `--hide PATH`, `--show PATH=TEXT`,
//! `--refuse PROGRAM`, `--leads PROGRAM`, `--overlay TREE=DIRECTORY`, `--private PATH`, `--sheds VARIABLE`, `--log FILE`, `--limit NAME=NUMBER`, `--listen ADDRESS`, `--any-address`, `--netlink`, `--private-tmp`, `--keep-env`, then `--` and the
//! command. Out: what the command does and its exit. For tests and measurements; the product's front is `bailiwick exec`.

#![expect(clippy::print_stderr, reason = "a program for tests says why it fails")]

use std::ffi::OsString;
use std::fs::File;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use bailiwick_sandbox::closed::Pattern;
use bailiwick_sandbox::enforced::Enforced;
use bailiwick_sandbox::failure::Failure;
use bailiwick_sandbox::front;
use bailiwick_sandbox::plan::{Draft, DraftName, Leader, Listen, Overlay, Plan, Shown, scrub};
use bailiwick_sandbox::watcher::{Answer, Exit, Mutation, Peer, Start, Watcher, Who};
use rustix::io::Errno;

/// From where a leader's connections come.
const LEADER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Writes down what it is told; refuses programs by name.
struct Notes {
    log: Option<Mutex<File>>,
    refused: Vec<String>,
    leads: Vec<String>,
}

impl Notes {
    fn say(&self, line: &str) {
        if let Some(log) = &self.log
            && let Ok(mut log) = log.lock()
        {
            let _ = writeln!(log, "{line}");
        }
    }
}

impl Watcher for Notes {
    fn enforced(&self, enforced: &Enforced) -> Result<(), String> {
        self.say(&format!("{enforced:?}"));
        Ok(())
    }

    fn exec(&self, who: Who, program: &Path, argv: &[OsString]) -> Start {
        self.say(&format!("exec {} {argv:?}", program.display()));
        let names = |word: &Path| self.refused.iter().any(|name| word.ends_with(name));
        let refused = names(program) || argv.iter().any(|word| names(Path::new(word)));
        let leads = who.leads && self.leads.iter().any(|name| program.ends_with(name));
        match (refused, leads) {
            (true, _) => Start::Refuse(Errno::ACCESS),
            (false, true) => Start::Go,
            (false, false) => Start::Shed,
        }
    }

    fn before(&self, _: Who, mutation: &Mutation<'_>) -> Answer {
        if self.log.is_some() {
            self.say(&told(mutation));
        }
        Answer::Go
    }

    fn connect(&self, _: Who, peer: &Peer<'_>) -> Answer {
        self.say(&format!("connect {peer:?}"));
        Answer::Go
    }

    fn refused(&self, _: Who, call: &'static str, path: Option<&Path>, errno: Errno) {
        self.say(&format!("refused {call} {path:?} {errno}"));
    }

    fn too_new(&self, _: Who, program: &Path) {
        self.say(&format!("too new {}", program.display()));
    }

    fn finished(&self, exit: Exit) {
        self.say(&format!("finished {exit:?}"));
    }

    fn gone(&self) {
        self.say("gone");
    }
}

fn told(mutation: &Mutation<'_>) -> String {
    match mutation {
        Mutation::Write { place, truncates } => {
            let how = if place.existing.is_none() {
                "makes"
            } else if *truncates {
                "cuts"
            } else {
                "writes"
            };
            format!("{how} {}", place.path.display())
        }
        Mutation::Unnamed { directory } => format!("makes without a name in {}", directory.display()),
        Mutation::Remove { place, .. } => format!("removes {}", place.path.display()),
        Mutation::Rename { from, to, exchange } => format!("renames {} {} {exchange}", from.path.display(), to.path.display()),
        Mutation::Link { from, to } => format!("links {} {}", from.display(), to.path.display()),
        Mutation::Symlink { place, target } => format!("symlinks {} {}", place.path.display(), target.display()),
        Mutation::MakeDirectory { place } => format!("makes directory {}", place.path.display()),
        Mutation::MakeNode { place } => format!("makes node {}", place.path.display()),
        Mutation::Metadata { path, what, .. } => format!("describes {} {what:?}", path.display()),
    }
}

fn main() {
    front::close_inherited(&[]);
    let (plan, log, refused, leads) = read(std::env::args_os().skip(1));
    let station = |listeners: Vec<OwnedFd>| {
        listeners.into_iter().for_each(greet);
        let log = log.map(|path| File::create(path).map(Mutex::new)).transpose().map_err(|error| error.to_string())?;
        Ok(Notes { log, refused, leads })
    };
    match front::run(&plan, station) {
        Ok(ended) => front::end_as(ended),
        Err(failure) => {
            eprintln!("inside: {failure}: {:?}", std::error::Error::source(&failure).map(ToString::to_string));
            std::process::exit(failure.program_exit_code().unwrap_or(match failure {
                Failure::Missing(_) => 71,
                Failure::Refused { .. } | Failure::Program(_) | Failure::Caller(_) | Failure::SupervisorDied => 70,
            }));
        }
    }
}

/// Answers every connection that reaches a listener inside with one line from outside.
fn greet(listener: OwnedFd) {
    let listener = TcpListener::from(listener);
    std::thread::spawn(move || {
        while let Ok((mut stream, peer)) = listener.accept() {
            let whom = if peer.ip() == LEADER { " to the leader" } else { "" };
            let _ = stream.write_all(format!("from outside{whom}\n").as_bytes());
        }
    });
}

fn read(words: impl Iterator<Item = OsString>) -> (Plan, Option<PathBuf>, Vec<String>, Vec<String>) {
    let mut words = words;
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let mut plan = Plan { cwd, ..Plan::default() };
    let (mut log, mut refused, mut leads, mut keep) = (None, Vec::new(), Vec::new(), false);
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_default();
        match word.to_str().unwrap_or_default() {
            "--read" => plan.readable.push(next().into()),
            "--write" => plan.writable.push(next().into()),
            "--remove" => plan.removable.push(next().into()),
            "--hide" => plan.hidden.push(next().into()),
            "--show" => {
                let word = next().to_string_lossy().into_owned();
                let (path, text) = word.split_once('=').unwrap_or((&word, ""));
                plan.shown.push(Shown { path: path.into(), text: text.as_bytes().to_vec() });
            }
            "--ready" => plan.ready = Some(next().into()),
            "--draft" => plan.drafts.extend(draft(&next().to_string_lossy())),
            "--close" => plan.closed.push(Pattern::new(next())),
            "--socket" => plan.sockets.push(next().into()),
            "--log" => log = Some(PathBuf::from(next())),
            "--refuse" => refused.push(next().to_string_lossy().into_owned()),
            "--overlay" => plan.overlays.extend(overlay(&next().to_string_lossy())),
            "--leads" => leads.push(next().to_string_lossy().into_owned()),
            "--private" => plan.leader.get_or_insert_with(leader).private.push(next().into()),
            "--sheds" => plan.leader.get_or_insert_with(leader).variables.push(next().to_string_lossy().into_owned()),
            "--limit" => limit(&mut plan, &next().to_string_lossy()),
            "--listen" => plan.network.listen.extend(next().to_str().and_then(|word| word.parse().ok()).map(Listen::Tcp)),
            "--any-address" => plan.network.any_address.push((Ipv4Addr::new(198, 18, 0, 0), 15)),
            "--netlink" => plan.network.netlink = true,
            "--private-tmp" => plan.private_tmp = true,
            "--keep-env" => keep = true,
            "--resolv" => plan.network.resolv_conf = Some(next().to_string_lossy().into_owned()),
            "--" => plan.argv = words.by_ref().collect(),
            other => {
                eprintln!("inside: unknown word {other:?}");
                std::process::exit(2);
            }
        }
    }
    plan.env = scrub(std::env::vars_os(), if keep { &["*"] } else { &["CARGO_*", "RUSTUP_*", "RUST*", "PYENV*", "GIT_*"] });
    (plan, log, refused, leads)
}

/// `FILE=BEGINNING`: six letters follow.
fn draft(word: &str) -> Option<Draft> {
    let (of, before) = word.split_once('=')?;
    Some(Draft { of: of.into(), names: vec![DraftName { before: before.to_owned(), made_up: 6 }] })
}

/// `TREE=DIRECTORY`: below the directory lie `upper` and `work`.
fn overlay(word: &str) -> Option<Overlay> {
    let (tree, directory) = word.split_once('=')?;
    let below = |name: &str| PathBuf::from(directory).join(name);
    Some(Overlay { tree: tree.into(), upper: below("upper"), work: below("work") })
}

fn leader() -> Leader {
    Leader { private: Vec::new(), variables: Vec::new(), address: LEADER }
}

fn limit(plan: &mut Plan, word: &str) {
    let (name, number) = word.split_once('=').unwrap_or((word, ""));
    let number = number.parse().ok();
    match name {
        "memory" => plan.limits.memory_bytes = number,
        "processes" => plan.limits.processes = number,
        "file" => plan.limits.file_bytes = number,
        "cpu" => plan.limits.cpu_seconds = number,
        "scratch" => plan.limits.scratch_bytes = number,
        _ => std::process::exit(2),
    }
}
