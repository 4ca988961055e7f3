//! Commands that stop machines, run in the throw-away world: the machine is as before, and the next command still works.
//!
//! Every attempt that can be is first made outside, where it succeeds (the file, the process and the port that it means
//! are this test's own), so that a failure inside shows the walls and not a mistake in the attempt.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

/// What nobody must be able to do to the machine. `DIR`, `PID` and `PORT` are this test's own.
const HOSTILE: &[&str] = &[
    "rm -rf --no-preserve-root / ; rm -rf /* ; rm -rf ~",
    "f() { f | f & }; f",
    "echo b > /proc/sysrq-trigger; echo c > /proc/sysrq-trigger; echo 1 > /proc/sys/kernel/sysrq",
    "echo '|/bin/false' > /proc/sys/kernel/core_pattern; echo 0 > /proc/sys/vm/overcommit_memory",
    "dd if=/dev/zero of=/dev/sda bs=1M count=1; dd if=/dev/zero of=/dev/vda bs=1M count=1; mkfs.ext4 -F /dev/vda",
    "cat /dev/zero > ~/fill; head -c 9G /dev/zero > /tmp/fill; head -c 9G /dev/zero > /var/lib/fill",
    "tail /dev/zero & tail /dev/zero & tail /dev/zero & wait",
    "kill -9 -1; kill -9 1; kill -9 PID; killall5 -9",
    "rm -f /dev/null; mv /dev/zero /dev/null; chmod 000 /dev/random; ln -sf /etc/passwd /dev/null",
    "mount -o remount,rw /usr; touch /usr/hostile; umount -l /usr; umount -l /",
    "unshare -Urm sh -c 'mount -o remount,bind,rw /usr; touch /usr/hostile; mount -t proc p /mnt; echo b > /mnt/sysrq-trigger'",
    "nsenter -t 1 -a rm -rf DIR; chroot /proc/1/root rm -rf DIR; ls /proc/PID/root/",
    "shutdown -h now; reboot -f; halt -f; poweroff -f; systemctl reboot; init 0; telinit 6",
    "hostname hostile; sysctl -w kernel.hostname=hostile; date -s 2001-01-01; swapoff -a",
    "echo hostile > DIR/canary; rm -rf DIR; mkdir -p DIR && echo hostile > DIR/canary",
    "exec 3<>/dev/tcp/127.0.0.1/PORT && echo hostile >&3",
    "for n in $(seq 200000); do mkdir -p /tmp/d/$n; done",
];

fn soundness(folder: &Path, commands: &[String]) -> Vec<Value> {
    let corpus = folder.join("commands.jsonl");
    let lines: Vec<String> = commands.iter().map(|command| serde_json::json!({ "command": command }).to_string()).collect();
    fs::write(&corpus, lines.join("\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick-soundness"));
    let output = command.args(["--json", "--seconds", "3", "--corpus"]).arg(&corpus).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), commands.len(), "an outcome for each: {}", String::from_utf8_lossy(&output.stderr));
    lines
}

struct Own {
    folder: PathBuf,
    sleeper: Child,
}

impl Own {
    /// A folder and a process that anybody on the machine may reach, as far as rights go.
    fn new(name: &str) -> Own {
        let folder = std::env::temp_dir().join(format!("bailiwick-cage-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("open")).unwrap();
        for path in [folder.clone(), folder.join("open")] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
        }
        Own { folder, sleeper: Command::new("sleep").arg("600").spawn().unwrap() }
    }

    fn canary(&self) -> PathBuf {
        self.folder.join("open/canary")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.sleeper.kill();
        let _ = self.sleeper.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Counts who connects.
fn listen() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            drop(stream);
            seen.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, count)
}

#[test]
fn what_stops_machines_does_not_get_out() {
    let mut own = Own::new("hostile");
    let (port, connections) = listen();
    let folder = own.folder.join("open");

    // Outside, the same attempts on what is our own succeed.
    let bash = |text: &str| Command::new("bash").args(["-c", text]).status().unwrap().success();
    assert!(bash(&format!("echo calm > {}/canary", folder.display())));
    assert!(TcpStream::connect(("127.0.0.1", port)).unwrap().write_all(b"x").is_ok());
    assert!(bash(&format!("kill -0 {}", own.sleeper.id())));
    let hostname = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();

    let filled = |text: &str| {
        let text = text.replace("DIR", &folder.display().to_string()).replace("PID", &own.sleeper.id().to_string());
        text.replace("PORT", &port.to_string())
    };
    let mut commands = Vec::new();
    for hostile in HOSTILE {
        commands.push(filled(hostile));
        commands.push("cat README.md > copy.txt && test -c /dev/null && test -s copy.txt".to_owned());
    }
    let outcomes = soundness(&own.folder, &commands);

    for outcome in outcomes.iter().filter(|outcome| outcome["command"].as_str().unwrap().starts_with("cat README")) {
        assert_eq!((&outcome["verdict"], &outcome["exit"]), (&"sound".into(), &0.into()), "{outcome}");
    }
    assert_eq!(fs::read_to_string(own.canary()).unwrap(), "calm\n");
    assert_eq!(connections.load(Ordering::SeqCst), 1, "only our own connection arrived");
    assert!(own.sleeper.try_wait().unwrap().is_none(), "our process lives");
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert!(!Path::new("/usr/hostile").exists());
    assert_eq!(fs::read_to_string("/proc/sys/kernel/hostname").unwrap(), hostname);
    assert_eq!(fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap(), pattern);
}

#[test]
fn what_ordinary_commands_do_is_found_within_what_was_declared() {
    let own = Own::new("verdicts");
    let commands = [
        "cp notes.txt copy.txt",
        "rm -r data && mkdir -p data/new",
        "git add -A && git commit -q -m x",
        "curl -s http://localhost:9/",
        "sed -i s/alpha/omega/ notes.txt && grep -q omega notes.txt",
        "definitely-not-installed --now",
    ];
    let commands: Vec<String> = commands.iter().map(|command| (*command).to_owned()).collect();
    let outcomes = soundness(&own.folder, &commands);
    let verdict = |command: &str| {
        let outcome = outcomes.iter().find(|outcome| outcome["command"] == command).unwrap();
        (outcome["verdict"].as_str().unwrap().to_owned(), outcome["exit"].as_i64())
    };
    for command in commands.iter().take(3) {
        assert_eq!(verdict(command), ("sound".to_owned(), Some(0)), "{command}");
    }
    assert_eq!(verdict("curl -s http://localhost:9/"), ("sound".to_owned(), Some(7)), "nobody listens");
    assert_eq!(verdict("definitely-not-installed --now"), ("could-not-run".to_owned(), None));
}
