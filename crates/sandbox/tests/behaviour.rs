//! A command inside behaves as outside: exits, signals, input, background jobs, terminals, descriptors, usual programs.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[path = "escapes/inside.rs"]
mod inside;
#[path = "escapes/walled.rs"]
mod walled;

/// Longest that something may take to come about on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct Workspace(PathBuf);

impl Workspace {
    fn new() -> Workspace {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("bailiwick-behaviour-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Workspace(path)
    }

    fn command(&self, more: &[&str], argv: &[&str]) -> Command {
        let mut command = walled::command(&self.0, more);
        command.arg("--").args(argv).stdin(Stdio::null());
        command
    }

    fn shell(&self, script: &str) -> Output {
        self.command(&[], &["bash", "-c", script]).output().unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap().trim_end()
}

/// Waits until this holds.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

fn state(pid: u32) -> char {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next()).unwrap_or('-')
}

#[test]
fn exit_codes_and_output_are_the_commands() {
    let workspace = Workspace::new();
    let out = workspace.shell("echo out; echo err >&2; exit 37");
    assert_eq!((out.status.code(), text(&out.stdout), text(&out.stderr)), (Some(37), "out", "err"));
    assert_eq!(workspace.command(&[], &["no-such-program"]).output().unwrap().status.code(), Some(127));
    assert_eq!(workspace.command(&[], &["/etc/passwd"]).output().unwrap().status.code(), Some(126));
}

#[test]
fn death_by_a_signal_is_death_by_that_signal() {
    let workspace = Workspace::new();
    for number in [9, 15, 6, 11] {
        assert_eq!(workspace.shell(&format!("kill -{number} $$")).status.signal(), Some(number));
    }
}

#[test]
fn input_reaches_the_command_and_its_end_too() {
    let workspace = Workspace::new();
    let mut child = workspace.command(&[], &["cat"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"through").unwrap();
    assert_eq!(text(&child.wait_with_output().unwrap().stdout), "through");
}

#[test]
fn a_signal_to_the_front_reaches_the_command() {
    let workspace = Workspace::new();
    let script = "trap 'echo caught > caught; exit 5' TERM; echo > ready; while :; do sleep 0.05; done";
    let mut child = workspace.command(&[], &["bash", "-c", script]).spawn().unwrap();
    eventually("readiness", || workspace.path("ready").exists());
    signal(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(5));
    assert!(workspace.path("caught").exists());
}

#[test]
fn a_stop_of_the_command_stops_the_front_and_a_continue_goes_on() {
    let workspace = Workspace::new();
    let mut child = workspace.command(&[], &["bash", "-c", "kill -STOP $$; exit 6"]).spawn().unwrap();
    eventually("the stop", || state(child.id()) == 'T');
    signal(&child, "-CONT");
    assert_eq!(child.wait().unwrap().code(), Some(6));
}

#[test]
fn background_jobs_outlive_the_command_and_do_not_hold_its_output() {
    let workspace = Workspace::new();
    let begun = Instant::now();
    let script = "(sleep 2; echo late > late) >/dev/null 2>&1 </dev/null & echo early";
    let out = workspace.shell(script);
    assert_eq!(text(&out.stdout), "early");
    assert!(begun.elapsed() < Duration::from_secs(2) && !workspace.path("late").exists(), "it waited for the background job");
    eventually("the late file", || workspace.path("late").exists());
}

#[test]
fn the_front_killed_takes_the_command_with_it() {
    let workspace = Workspace::new();
    let script = "echo > ready; while :; do date +%s%N > tick; sleep 0.02; done";
    let mut child = workspace.command(&[], &["bash", "-c", script]).spawn().unwrap();
    eventually("readiness", || workspace.path("tick").exists());
    signal(&child, "-KILL");
    child.wait().unwrap();
    stands_still(&workspace.path("tick"));
}

#[test]
fn the_supervisor_killed_takes_everything_with_it() {
    let workspace = Workspace::new();
    let script = "(setsid bash -c 'while :; do date +%s%N > tick; sleep 0.02; done' &) ; sleep 60";
    let mut child = workspace.command(&[], &["bash", "-c", script]).spawn().unwrap();
    eventually("readiness", || workspace.path("tick").exists());
    let supervisor = children(child.id()).pop().unwrap();
    assert!(Command::new("kill").args(["-KILL", &supervisor.to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(70));
    stands_still(&workspace.path("tick"));
}

fn children(pid: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    text.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

/// That nobody writes to a file any more.
fn stands_still(path: &Path) {
    eventually("rest", || {
        let before = fs::read(path).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        fs::read(path).unwrap() == before
    });
}

#[test]
fn a_terminal_is_a_terminal() {
    let workspace = Workspace::new();
    // script(1) outside gives the front a controlling terminal. Its shell hands itself over to the front: a dash that stayed
    // would die of the terminal's interrupt.
    let inner: Vec<String> = std::iter::once(inside::program().to_str().unwrap().to_owned())
        .chain(inside::SYSTEM.iter().flat_map(|tree| ["--read".to_owned(), (*tree).to_owned()]))
        .chain(["--write".to_owned(), workspace.0.to_str().unwrap().to_owned(), "--".to_owned()])
        .chain(["bash -c '[ -t 0 ] && [ -t 1 ] && echo tty; echo direct > /dev/tty; stty size < /dev/tty; trap \"echo int; exit 9\" INT; echo ready; sleep 20 & wait'".to_owned()])
        .collect();
    let mut child = Command::new("script")
        .args(["-q", "-e", "-c", &format!("exec {}", inner.join(" ")), "/dev/null"])
        .env("SHELL", "/bin/sh")
        .current_dir(&workspace.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut seen = Vec::new();
    let mut output = child.stdout.take().unwrap();
    while !String::from_utf8_lossy(&seen).contains("ready") {
        let mut buffer = [0; 256];
        let count = output.read(&mut buffer).unwrap();
        assert!(count > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&buffer[..count]);
    }
    let shown = String::from_utf8_lossy(&seen).into_owned();
    assert!(shown.contains("tty\r\ndirect\r\n"), "{shown}");
    // The interrupt character of the terminal.
    child.stdin.as_mut().unwrap().write_all(&[3]).unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("int"), "{rest}");
    assert_eq!(child.wait().unwrap().code(), Some(9));
}

#[test]
fn usual_shell_constructions_work() {
    let workspace = Workspace::new();
    let script = "echo a > /dev/null; echo b > /dev/stdout; cat <(echo c); echo d | tee e > /dev/null; cat e; cat <<< f; \
        mkfifo p; (cat p &); echo g > p; wait; sleep 0.1; : > /dev/stderr; umask 027; touch m; stat -c %a m; mkdir -p x/y/z && rm -r x; \
        exec 5<>n; echo h >&5; cat n; echo i >> n; wc -l < n; ln -s n s; ln n l; cp -a n o; mv o q; truncate -s 1 q; touch -d @1 q; stat -c %Y q";
    let out = workspace.shell(script);
    assert_eq!(text(&out.stderr), "");
    assert_eq!(text(&out.stdout), "b\nc\nd\nf\ng\n640\nh\n2\n1");
}

#[test]
fn git_works_and_sees_nothing_that_is_not_there() {
    let workspace = Workspace::new();
    let script = "git init -q r && cd r && echo 1 > f && git add f && git -c user.name=a -c user.email=a@b commit -qm one && \
        git checkout -qb other && echo 2 > f && git -c user.name=a -c user.email=a@b commit -qam two && git checkout -q - && \
        git merge -q other && git gc -q && git status --porcelain && git log --format=%s";
    let out = workspace.shell(script);
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("two\none", ""));
}

#[test]
fn python_with_threads_processes_sockets_and_temporary_files_works() {
    let workspace = Workspace::new();
    let program = "
import asyncio, multiprocessing, os, socket, subprocess, tempfile, threading
if __name__ == '__main__':
    with multiprocessing.Pool(2) as pool: assert pool.map(abs, [-1, -2]) == [1, 2]
    with tempfile.TemporaryFile() as f: f.write(b'x'); f.flush(); os.fchmod(f.fileno(), 0o600)
    with tempfile.TemporaryDirectory() as d: open(d + '/x', 'w').close()
    server = socket.create_server(('127.0.0.1', 0)); client = socket.create_connection(server.getsockname()); server.accept()
    unix = socket.socket(socket.AF_UNIX); unix.bind('u.sock'); unix.listen(); socket.socket(socket.AF_UNIX).connect('u.sock')
    async def main():
        p = await asyncio.create_subprocess_exec('true'); assert await p.wait() == 0
    asyncio.run(main())
    print('fine')
";
    let out = workspace.command(&[], &["python3", "-c", program]).output().unwrap();
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("fine", ""));
}

#[test]
fn the_watcher_hears_of_everything_before_it_happens() {
    let workspace = Workspace::new();
    let log = std::env::temp_dir().join(format!("bailiwick-log-{}", std::process::id()));
    let script = "echo a > f; echo b > f; echo c >> f; mv f g; ln g h; ln -s g i; chmod 600 g; mkdir d; rmdir d; rm h; touch /dev/shm/private";
    let out = workspace.command(&["--log", log.to_str().unwrap()], &["bash", "-c", script]).output().unwrap();
    assert_eq!(text(&out.stderr), "");
    eventually("the end", || fs::read_to_string(&log).unwrap().ends_with("gone\n"));
    let told = fs::read_to_string(&log).unwrap().replace(workspace.0.to_str().unwrap(), "W");
    let _ = fs::remove_file(&log);
    let mutations: Vec<&str> = told.lines().filter(|line| line.contains("W/") && !line.starts_with("exec")).collect();
    let expected = [
        "makes W/f",
        "cuts W/f",
        "writes W/f",
        "renames W/f W/g false",
        "links W/g W/h",
        "symlinks W/i g",
        "describes W/g Mode(384)",
        "makes directory W/d",
        "removes W/d",
        "removes W/h",
    ];
    assert_eq!(mutations, expected);
    assert!(told.contains("exec /usr/bin/mv [\"mv\", \"f\", \"g\"]") && told.contains("finished Code(0)"), "{told}");
}

#[test]
fn listeners_inside_are_served_from_outside_whatever_address_is_called() {
    let workspace = Workspace::new();
    let program = "
import socket
for address in ('127.0.0.1', '198.18.7.9', '198.19.255.1'):
    print(address, socket.create_connection((address, 443), 5).makefile().readline().strip())
for address in ('10.0.0.1', '1.1.1.1'):
    try: socket.create_connection((address, 443), 5)
    except OSError as error: print(address, error.errno)
print(open('/etc/resolv.conf').read().strip())
";
    let network = ["--listen", "0.0.0.0:443", "--any-address", "--resolv", "nameserver 127.0.0.1"];
    let out = workspace.command(&network, &["python3", "-c", program]).output().unwrap();
    let expected = "127.0.0.1 from outside\n198.18.7.9 from outside\n198.19.255.1 from outside\n10.0.0.1 101\n1.1.1.1 101\n\
        nameserver 127.0.0.1";
    assert_eq!((text(&out.stdout), text(&out.stderr)), (expected, ""));
}

#[test]
fn a_private_tmp_is_empty_and_goes_with_the_sandbox() {
    let mut command = walled::command(Path::new("/usr"), &["--private-tmp", "--write", "/tmp"]);
    let out = command.args(["--", "sh", "-c", "ls -A /tmp; echo x > /tmp/made; cat /tmp/made"]).output().unwrap();
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("x", ""));
    assert!(!Path::new("/tmp/made").exists());
}

#[test]
fn a_file_shown_inside_is_another_one_and_stays_as_it_is() {
    let workspace = Workspace::new();
    fs::create_dir_all(workspace.path("keys")).unwrap();
    for (name, content) in [("plain", "outside"), ("hidden", "outside"), ("keys/id", "outside"), ("keys/other", "outside")] {
        fs::write(workspace.path(name), content).unwrap();
    }
    let path = |name: &str| workspace.path(name).display().to_string();
    let shows: Vec<String> =
        ["plain", "hidden", "keys/id", "keys/deep/new"].map(|name| format!("{}=inside", path(name))).to_vec();
    let mut words: Vec<&str> = shows.iter().flat_map(|show| ["--show", show.as_str()]).collect();
    let (keys, hidden) = (path("keys"), path("hidden"));
    words.extend(["--hide", &keys, "--hide", &hidden]);
    let script = "cat plain hidden keys/id keys/deep/new; for f in plain keys/id keys/made; do echo x > $f; done 2>/dev/null; \
        rm -f plain keys/id 2>/dev/null; mv keys/id away 2>/dev/null; cat plain; ls keys; cat plain keys/other";
    let out = workspace.command(&words, &["bash", "-c", script]).output().unwrap();
    assert_eq!(text(&out.stdout), format!("{}deep\nid\ninside", "inside".repeat(5)), "{out:?}");
    for name in ["plain", "hidden", "keys/id", "keys/other"] {
        assert_eq!(fs::read_to_string(workspace.path(name)).unwrap(), "outside", "{name}");
    }
    assert!(!workspace.path("keys/deep").exists() && !workspace.path("keys/made").exists());
    // What cannot be shown is no command.
    let nowhere = format!("{}=inside", path("nowhere/at-all"));
    let out = workspace.command(&["--show", &nowhere], &["true"]).output().unwrap();
    assert!(!out.status.success(), "{out:?}");
}

#[test]
fn less_than_planned_is_refused() {
    let workspace = Workspace::new();
    // Inside a wall the kernel gives no namespaces for a second one: nothing runs, and the reason is said.
    let program = inside::program();
    let readable = program.parent().unwrap().to_str().unwrap();
    let mut nested = workspace.command(&["--read", readable], &[program.to_str().unwrap(), "--", "true"]);
    let out = nested.output().unwrap();
    assert_eq!(out.status.code(), Some(70), "{}", text(&out.stderr));
    assert!(text(&out.stderr).contains("no namespaces"), "{}", text(&out.stderr));
}

#[test]
fn a_tree_under_an_overlay_stays_as_it_is() {
    let workspace = Workspace::new();
    let (tree, aside) = (workspace.path("tree, with: marks"), workspace.path("aside"));
    for directory in [tree.join("sub/deep"), aside.join("upper"), aside.join("work")] {
        fs::create_dir_all(directory).unwrap();
    }
    fs::write(tree.join("kept"), "one\n").unwrap();
    fs::write(tree.join("sub/deep/gone"), "two\n").unwrap();
    let script = "cd tree*; echo more >> kept; rm -r sub; mkdir made; ln -s kept made/link; chmod 700 kept; cat kept; \
                  mv kept renamed; git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm x && ls -A";
    let word = format!("{}={}", tree.display(), aside.display());
    let out = workspace.command(&["--overlay", &word], &["bash", "-c", script]).output().unwrap();
    assert_eq!(text(&out.stdout), "one\nmore\n.git\nmade\nrenamed", "{out:?}");
    assert_eq!(fs::read_to_string(tree.join("kept")).unwrap(), "one\n");
    assert!(tree.join("sub/deep/gone").exists() && !tree.join("made").exists() && !tree.join(".git").exists());
    assert!(fs::symlink_metadata(aside.join("upper/made/link")).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(aside.join("upper/renamed")).unwrap(), "one\nmore\n");
}

/// Two things that may be made beside the workspace, one that may be removed, and what nobody granted.
fn beside(script: &str) -> String {
    let root = Workspace::new();
    let work = Workspace(root.path("work"));
    for directory in ["work", "other", "old/sub"] {
        fs::create_dir_all(root.path(directory)).unwrap();
    }
    fs::write(root.path("other/secret"), "SECRET\n").unwrap();
    fs::write(root.path("old/sub/a"), "OLD\n").unwrap();
    let paths = ["new", "new.txt", "old"].map(|name| root.path(name).to_str().unwrap().to_owned());
    let [new, file, old] = &paths;
    let more = ["--write", new, "--write", file, "--write", old, "--remove", old];
    let out = work.command(&more, &["bash", "-c", script]).output().unwrap();
    String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
}

/// No rule of Landlock is known of what is not there yet.
#[test]
fn what_was_not_there_is_read_once_it_is_made() {
    assert_eq!(
        beside("mkdir ../new && echo a > ../new/a && cat ../new/a && ls ../new && cd ../new && ls . && ls $PWD"),
        "a\na\na\na\n"
    );
    assert_eq!(
        beside("mkdir -p ../new/b/c; echo x > ../new/b/c/d; cd ../new/b; cat c/d ./c/../c/d; find ../../new -type f"),
        "x\nx\n../../new/b/c/d\n"
    );
    assert_eq!(
        beside("echo a > ../new.txt; cat ../new.txt; echo b > t; mv t ../new.txt; cat ../new.txt; rm ../new.txt; cat ../new.txt"),
        "a\nb\ncat: ../new.txt: No such file or directory\n"
    );
    assert_eq!(
        beside("mkdir d; echo moved > d/a; mv d ../new; cat ../new/a; mkfifo ../new/p; (echo piped > ../new/p &); cat ../new/p"),
        "moved\npiped\n"
    );
    assert_eq!(
        beside("mkdir ../new; rmdir ../new; mkdir ../new; echo again > ../new/a; cat ../new/a; rm -r ../new; ls ../new"),
        "again\nls: cannot access '../new': No such file or directory\n"
    );
    assert_eq!(beside("rm -r ../old && mkdir ../old && echo fresh > ../old/a && cat ../old/a"), "fresh\n");
}

#[test]
fn what_lies_beside_something_new_is_not_read_through_it() {
    let tries = [
        "cat ../other/secret",
        "ls ..",
        "mkdir ../new; ln -s ../other/secret ../new/link; cat ../new/link",
        "mkdir ../new; ln -s ../other ../new/link; ls ../new/link; cat ../new/link/secret",
        "ln -s other ../new; cat ../new/secret",
        "mkdir ../new; cd ../new; cat ../other/secret",
        "mkdir ../new; ln ../other/secret ../new/hard; cat ../new/hard",
        "mv ../other ../new; cat ../new/secret",
        "mkdir ../new; cat ../new/../other/secret; exec 3< ../new; cat /proc/self/fd/3/../other/secret",
    ];
    for script in tries {
        let said = beside(script);
        assert!(!said.contains("SECRET") && !said.lines().any(|line| line == "other" || line == "secret"), "{script}: {said}");
        assert!(said.contains("Permission denied"), "{script}: {said}");
    }
    // A path that is exchanged while it is looked at meets Landlock.
    let race = "mkdir ../new; echo mine > ../new/mine; ln -s mine ../new/x; \
        (for i in $(seq 300); do ln -sfn ../other/secret ../new/x; ln -sfn mine ../new/x; done) & \
        for i in $(seq 300); do cat ../new/x 2>/dev/null; done; wait";
    assert!(!beside(race).contains("SECRET"));
}

/// Whoever opened a file for a command has closed it when the command executes what it has written.
#[test]
fn what_was_just_written_is_executed() {
    let workspace = Workspace::new();
    let one = "for i in $(seq 150); do cp /bin/true t$1.$i && ./t$1.$i || echo \"$1.$i\"; done";
    let script = format!("f() {{ {one}; }}; for j in 1 2 3 4 5 6; do f $j & done; wait");
    let out = workspace.shell(&script);
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("", ""));
}

/// What nobody listens on any more goes like any file.
#[test]
fn a_socket_that_a_server_left_behind_can_be_removed() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path("d")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(workspace.path("d/left.sock")).unwrap());
    let out = workspace.shell("mv d e && rm -r e && python3 -m http.server --help >/dev/null && ls");
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("", ""));
}

/// Watches are made for the command, on what it may read.
#[test]
fn a_directory_of_the_workspace_can_be_watched() {
    let workspace = Workspace::new();
    fs::write(workspace.path("file"), "x").unwrap();
    let script = "
import ctypes, os, struct
libc = ctypes.CDLL(None, use_errno=True)
notices = libc.inotify_init1(0)
for path, what in ((b'.', 0x100), (b'file', 0x2), (b'/dev/null', 0x2), (b'/etc', 0x100 | 0x1000000)):
    assert libc.inotify_add_watch(notices, path, what) > 0, (path, ctypes.get_errno())
assert libc.inotify_add_watch(notices, b'gone', 0x100) == -1 and ctypes.get_errno() == 2
assert libc.inotify_add_watch(0, b'.', 0x100) == -1 and ctypes.get_errno() == 22, ctypes.get_errno()
open('made', 'w').close()
_, what, _, length = struct.unpack('iIII', os.read(notices, 4096)[:16])
print(what)
";
    let out = workspace.command(&[], &["python3", "-c", script]).output().unwrap();
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("256", ""));
}
