//! The escape table: each attempt of `cases/` is first made outside, where it must succeed, then inside, where it must fail
//! with the error that the page says. Where a page has a `check`, that looks from outside whether the deed was done.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bailiwick_casebook::Case;

#[path = "escapes/inside.rs"]
mod inside;

const PRELUDE: &str = include_str!("escapes/prelude.py");
/// As many attempts as the issue wants at least.
const LEAST: usize = 60;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A throw-away home, workspace and neighbourhood, with services and a victim outside.
struct World {
    root: PathBuf,
    tcp: u16,
    udp: u16,
    udp6: u16,
    victim: Child,
}

impl World {
    fn new() -> World {
        // The services of an earlier world may still listen: each world has a number of its own.
        static WORLDS: AtomicUsize = AtomicUsize::new(0);
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("bailiwick-escapes-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for directory in ["home/.ssh", "other", "repo/.git/hooks", "repo/.claude", "repo/sub", "repo/served", "tmp", "readable"] {
            fs::create_dir_all(root.join(directory)).unwrap();
        }
        let files = [
            ("home/.ssh/id", "SECRET KEY"),
            ("home/.bashrc", "# theirs\n"),
            ("other/secret.txt", "SECRET OF ANOTHER PROJECT"),
            ("outside.txt", "theirs\n"),
            ("readable/file", "theirs\n"),
            ("repo/file", "ours\n"),
            ("repo/.env", "SECRET=1"),
            ("repo/.git/config", "[core]\n"),
            ("repo/.git/HEAD", "ref: refs/heads/main\n"),
            ("repo/.git/hooks/old", "#!/bin/sh\n"),
        ];
        for (path, text) in files {
            fs::write(root.join(path), text).unwrap();
        }
        fs::set_permissions(root.join("repo/.env"), fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(root.join("outside.txt"), root.join("repo/link_out")).unwrap();
        std::os::unix::fs::symlink(root.join("home/.ssh/id"), root.join("repo/link_key")).unwrap();
        let (tcp, udp, udp6) = services(&root);
        let victim =
            Command::new("sleep").arg("60").env("SECRET", "of the victim").current_dir(&root).stdin(Stdio::null()).spawn();
        World { root, tcp, udp, udp6, victim: victim.unwrap() }
    }

    fn script(&self, body: &str) -> String {
        let mut text = PRELUDE.to_owned();
        writeln!(text, "W = {:?}", self.root.to_str().unwrap()).unwrap();
        writeln!(text, "TCP, UDP, UDP6, VICTIM = {}, {}, {}, {}", self.tcp, self.udp, self.udp6, self.victim.id()).unwrap();
        writeln!(text, "ABSTRACT = '\\0' + {:?}", abstract_name(&self.root)).unwrap();
        text.push_str("def attempt():\n");
        for line in body.lines() {
            writeln!(text, "    {line}").unwrap();
        }
        text.push_str(
            "try:\n    said = attempt()\n    print('done' if said is None else said)\n\
             except OSError as error:\n    print(errno.errorcode.get(error.errno, error.errno))\n\
             except MemoryError:\n    print('ENOMEM')\n",
        );
        text
    }

    /// Runs an attempt; gives its last line, or how it ended.
    fn run(&self, body: &str, wall: Option<&[&str]>) -> String {
        let script = self.root.join("repo/attempt.py");
        fs::write(&script, self.script(body)).unwrap();
        // The command inherits an open file and an open directory, as a careless parent leaves them.
        let inherit = "exec 8<\"$0/home\" 9<\"$0/other/secret.txt\"; exec \"$@\"";
        let mut command = Command::new("bash");
        command.args(["-c", inherit]).arg(&self.root);
        if let Some(more) = wall {
            command.arg(inside::program()).args(self.wall()).args(more).arg("--");
        }
        command.arg("python3").arg(&script).current_dir(self.root.join("repo"));
        command.env_clear().envs([("PATH", inside::PATH), ("API_TOKEN", "SECRET"), ("LANG", "C.UTF-8")]);
        command.env("HOME", self.root.join("home")).env("TMPDIR", self.root.join("tmp"));
        let out = command.stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout);
        match (text.lines().last(), out.status.success()) {
            (Some(line), true) => line.to_owned(),
            (_, success) => {
                let error = String::from_utf8_lossy(&out.stderr);
                format!("ended ({success}): {} {}", out.status, error.lines().last().unwrap_or_default())
            }
        }
    }

    fn wall(&self) -> Vec<String> {
        let at = |path: &str| self.root.join(path).to_str().unwrap().to_owned();
        let mut words: Vec<String> = Vec::new();
        for tree in inside::SYSTEM {
            words.extend(["--read".to_owned(), (*tree).to_owned()]);
        }
        for (word, value) in [
            ("--read", at("readable")),
            ("--read", at("home")),
            ("--write", at("repo")),
            ("--write", at("tmp")),
            ("--hide", at("home/.ssh")),
            ("--hide", at("repo/.env")),
            ("--close", ".git/hooks".to_owned()),
            ("--close", ".git/config".to_owned()),
            ("--close", ".claude".to_owned()),
            ("--close", ".vscode".to_owned()),
            ("--close", ".mcp.json".to_owned()),
            ("--refuse", "forbidden".to_owned()),
        ] {
            words.extend([word.to_owned(), value]);
        }
        words
    }

    /// What the check says. Services note what reached them a moment later than it does: outside they are waited for, inside
    /// they get the time that they would need.
    fn seen(&self, check: &str, outside: bool) -> String {
        let reached = self.root.join("reached");
        if check.contains("reached") {
            let pause = Duration::from_millis(10);
            let most = if outside { 500 } else { 10 };
            (0..most).take_while(|_| !reached.exists()).for_each(|_| thread::sleep(pause));
        }
        self.look(check)
    }

    fn look(&self, body: &str) -> String {
        let mut text =
            format!("import os, stat\nW = {:?}\ndef read(path):\n    return open(path).read()\n", self.root.to_str().unwrap());
        text.push_str(body);
        let out = Command::new("/usr/bin/python3").arg("-c").arg(text).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout).trim().to_owned();
        if out.status.success() { said } else { format!("check failed: {}", String::from_utf8_lossy(&out.stderr)) }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.victim.kill();
        let _ = self.victim.wait();
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn abstract_name(root: &Path) -> String {
    root.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Listens on everything that a sandbox might forget; whoever gets through is written down in `reached`.
fn services(root: &Path) -> (u16, u16, u16) {
    let note = |root: &Path, what: &str| {
        let file = fs::OpenOptions::new().append(true).create(true).open(root.join("reached"));
        if let Ok(mut file) = file {
            let _ = writeln!(file, "{what}");
        }
    };
    for path in ["outside.sock", "repo/outside.sock", "repo/served/outside.sock"] {
        let listener = UnixListener::bind(root.join(path)).unwrap();
        let root = root.to_owned();
        thread::spawn(move || {
            while listener.accept().is_ok() {
                note(&root, "unix")
            }
        });
    }
    let datagram = UnixDatagram::bind(root.join("outside.dgram")).unwrap();
    let own = root.to_owned();
    thread::spawn(move || {
        while datagram.recv(&mut [0; 64]).is_ok() {
            note(&own, "datagram")
        }
    });
    let abstract_socket = UnixListener::bind_addr(&SocketAddr::from_abstract_name(abstract_name(root)).unwrap()).unwrap();
    let own = root.to_owned();
    thread::spawn(move || {
        while abstract_socket.accept().is_ok() {
            note(&own, "abstract")
        }
    });
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let tcp_port = tcp.local_addr().unwrap().port();
    let own = root.to_owned();
    thread::spawn(move || {
        while tcp.accept().is_ok() {
            note(&own, "tcp")
        }
    });
    let ports = ["127.0.0.1:0", "[::1]:0"].map(|address| {
        let udp = UdpSocket::bind(address).unwrap();
        let port = udp.local_addr().unwrap().port();
        let own = root.to_owned();
        thread::spawn(move || {
            while udp.recv(&mut [0; 64]).is_ok() {
                note(&own, "udp")
            }
        });
        port
    });
    (tcp_port, ports[0], ports[1])
}

/// One attempt: outside, then inside, each in a world of its own.
fn attempt(case: &Case) -> String {
    let body = case.input("python");
    let plan = case.input("plan").to_owned();
    let words: Vec<&str> = plan.split_whitespace().collect();
    let mut out = String::new();
    for (place, wall) in [("outside", None), ("inside", Some(words.as_slice()))] {
        let world = World::new();
        let said = world.run(body, wall);
        // A control that fails proves nothing, whatever the page says.
        let failed = said.starts_with('E') || said.starts_with("ended") || said == "nothing";
        assert!(wall.is_some() || !failed, "{:?} does not succeed outside: {said}", case.title);
        let seen =
            if case.has("check") { format!("; {}", world.seen(case.input("check"), wall.is_none())) } else { String::new() };
        writeln!(out, "{place}: {said}{seen}").unwrap();
    }
    out
}

#[test]
fn every_attempt_succeeds_outside_and_fails_inside() {
    let count = Cell::new(0);
    let check = |case: &Case| {
        count.set(count.get() + 1);
        attempt(case)
    };
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut problems = String::new();
    for page in ["files", "secrets", "closed", "sockets", "processes", "limits"] {
        if let Err(text) = bailiwick_casebook::run(&cases.join(page), &check) {
            problems.push_str(&text);
        }
    }
    // Attempts that only root can make outside prove nothing for another user.
    if is_root()
        && let Err(text) = bailiwick_casebook::run(&cases.join("root"), &check)
    {
        problems.push_str(&text);
    }
    assert!(problems.is_empty(), "{problems}");
    assert!(count.get() >= LEAST, "{} attempts", count.get());
}
