//! What can go wrong around a walled call: a ticket that is none, a kernel that lacks something, a full disk, odd names,
//! descriptors without number. A clear word, nothing lost, nothing run.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::scene::{Scene, text};

/// Where python and the usual tools are, whatever the tester's own path says.
const PATH: &str = "/usr/bin:/bin:/usr/sbin:/sbin";
/// Starts what follows where the kernel knows no Landlock: the system call answers as an older kernel does.
const WITHOUT_LANDLOCK: &str = include_str!("bad_input/without_landlock.py");
/// The same where no user namespace can be made.
const WITHOUT_NAMESPACES: &str = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"";
const HOUR_MS: u64 = 60 * 60 * 1000;

/// What somebody makes of a ticket.
type Spoil<'a> = &'a dyn Fn(&str) -> String;

impl Scene {
    /// The ticket that stands in a line.
    fn ticket(&self, line: &str) -> PathBuf {
        self.root.join("state/tickets").join(line.split(" exec ").nth(1).unwrap().split(' ').next().unwrap())
    }

    fn shell(&self, line: &str) -> Output {
        self.outside("bash").args(["-c", line]).stdin(Stdio::null()).output().unwrap()
    }

    /// Starts a program where something is missing.
    fn crippled(&self, how: &str, program: &[&OsStr]) -> Output {
        let mut command = match how {
            "landlock" => {
                let mut command = self.outside("python3");
                command.args(["-c", WITHOUT_LANDLOCK]);
                command
            }
            _ => {
                let mut command = self.outside("unshare");
                command.args(["--user", "--map-root-user", "sh", "-c", WITHOUT_NAMESPACES, "sh"]);
                command
            }
        };
        command.args(program).env("PATH", PATH).stdin(Stdio::null()).output().unwrap()
    }
}

/// Nothing ran, and it says so in these words.
fn nothing_ran(scene: &Scene, out: &Output, word: &str) {
    assert!(!out.status.success() && out.stdout.is_empty(), "{out:?}");
    assert!(text(&out.stderr).contains(word) && text(&out.stderr).contains("nothing was run"), "{word}: {out:?}");
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "one\n");
}

#[test]
fn a_ticket_that_is_old_or_damaged_or_from_later_than_now_runs_nothing() {
    let scene = Scene::new();
    let made = |shift: fn(u64) -> u64| {
        move |ticket: &str| {
            let mut ticket: Value = serde_json::from_str(ticket).unwrap();
            ticket["made_ms"] = Value::from(shift(ticket["made_ms"].as_u64().unwrap()));
            ticket.to_string()
        }
    };
    let (past, future) = (made(|at| at - 2 * HOUR_MS), made(|at| at + HOUR_MS));
    let changes: [(&str, &str, Spoil<'_>); 5] = [
        ("old", "the ticket has expired", &past),
        ("clock", "the clock was set back", &future),
        ("torn", "the ticket cannot be read", &|ticket| ticket[..ticket.len() / 2].to_owned()),
        ("empty", "the ticket cannot be read", &|_| String::new()),
        ("other", "the ticket cannot be read", &|_| "[1]".to_owned()),
    ];
    for (call, word, change) in changes {
        let line = scene.line(call, "echo two >> src/a.txt");
        let ticket = scene.ticket(&line);
        let changed = change(&fs::read_to_string(&ticket).unwrap());
        fs::write(&ticket, changed).unwrap();
        nothing_ran(&scene, &scene.shell(&line), word);
        // It is gone, too.
        nothing_ran(&scene, &scene.shell(&line), "no such ticket");
    }
    for name in ["", "../x", "/etc/passwd", "0", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "0123456789abcdef0123456789abcdef.7"] {
        let out = scene.guard().args(["exec", name, "--", "echo two >> src/a.txt"]).output().unwrap();
        nothing_ran(&scene, &out, "no such ticket");
    }
    // The control: as it was made, it runs.
    assert!(scene.shell(&scene.line("good", "echo two >> src/a.txt")).status.success());
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "one\ntwo\n");
}

#[test]
fn a_kernel_that_lacks_a_part_of_the_wall_runs_nothing_and_says_which() {
    for (how, word) in [("landlock", "Landlock"), ("namespaces", "namespaces")] {
        let scene = Scene::new();
        let line = scene.line("c1", "echo two >> src/a.txt");
        let words: Vec<&OsStr> = ["bash", "-c", &line].map(OsStr::new).to_vec();
        nothing_ran(&scene, &scene.crippled(how, &words), word);
        // Whoever finds no wall there, denies where the map asks for one, and otherwise says so and runs it as before.
        let guard = |words: &str, event: &str| {
            let file = scene.root.join("event");
            fs::write(&file, event).unwrap();
            let line = format!(
                "'{}' --state '{2}/state-{how}' --config '{2}/config' {1} < '{2}/event' | cat",
                env!("CARGO_BIN_EXE_bailiwick"),
                words,
                scene.root.display()
            );
            text(&scene.crippled(how, &["bash", "-c", &line].map(OsStr::new)).stdout)
        };
        let event = scene.event("c2", "echo two >> src/a.txt");
        let denied = guard("hook claude-code", &event);
        assert!(denied.contains("\"deny\"") && denied.contains(word), "{denied}");
        fs::remove_file(scene.root.join("config/bailiwick.toml")).unwrap();
        assert_eq!(guard("hook claude-code", &event).trim(), "{}");
        let doctor = guard("doctor", "");
        assert!(doctor.contains(word), "{doctor}");
    }
}

/// The guard's state on a file system of its own that is all but full.
const FULL_DISK: &str = r#"
set -e
mount -t tmpfs -o size=6m none "$ROOT/state"
line=$($GUARD hook claude-code < "$ROOT/event" | python3 -c 'import json, sys; print(json.load(sys.stdin)["hookSpecificOutput"]["updatedInput"]["command"])')
cat /dev/zero > "$ROOT/state/filler" 2>/dev/null || true
truncate -s -300K "$ROOT/state/filler"
bash -c "$line" || echo "exit $?"
rm "$ROOT/state/filler"
$GUARD verify > /dev/null && echo verified
sha256sum < big.bin
cat small.txt
for try in $(seq 100); do $GUARD log --all --json | grep -q '"observed"' && break; sleep 0.05; done
$GUARD undo c1 > "$ROOT/undone" && echo undone
cat small.txt
"#;

#[test]
fn on_a_full_disk_a_change_that_cannot_be_kept_is_refused_before_it_happens() {
    let scene = Scene::new();
    let work = scene.work();
    fs::create_dir_all(scene.root.join("state")).unwrap();
    fs::write(work.join("big.bin"), b"0123456789abcdef".repeat(100_000)).unwrap();
    fs::write(work.join("small.txt"), "small\n").unwrap();
    fs::write(work.join("tool.bin"), "echo more >> small.txt\n: > big.bin\nrm -f big.bin\nmv small.txt big.bin\n").unwrap();
    fs::write(work.join("Makefile"), "all:\n\t@bash tool.bin\n").unwrap();
    fs::write(scene.root.join("event"), scene.event("c1", "make -s")).unwrap();
    let sum = text(&Command::new("sha256sum").stdin(fs::File::open(work.join("big.bin")).unwrap()).output().unwrap().stdout);
    let guard = format!("{} --state {1}/state --config {1}/config", env!("CARGO_BIN_EXE_bailiwick"), scene.root.display());
    let mut shell = scene.outside("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "bash", "-c", FULL_DISK]);
    let out = shell.env("PATH", PATH).env("ROOT", &scene.root).env("GUARD", guard).output().unwrap();
    let (said, complaints) = (text(&out.stdout), text(&out.stderr));
    assert_eq!(complaints.matches("No space left on device").count(), 3, "{said}\n{complaints}");
    assert_eq!(said, format!("exit 2\nverified\n{sum}small\nmore\nundone\nsmall\n"), "{complaints}");
}

#[test]
fn a_program_that_closes_every_descriptor_is_held_all_the_same() {
    let scene = Scene::new();
    let program = "import os\nos.closerange(0, 70000)\nfor path in ('inside.txt', '../other/notes.txt', '../.bashrc'):\n    try: os.write(os.open(path, os.O_WRONLY | os.O_CREAT), b'x')\n    except OSError: pass\n";
    fs::write(scene.work().join("close.py"), program).unwrap();
    let outside = [scene.root.join("home/other/notes.txt"), scene.root.join("home/.bashrc")];
    let before = outside.clone().map(|path| fs::read(path).unwrap());
    scene.hidden("c1", "PATH=/usr/bin:/bin exec python3 close.py");
    assert_eq!(fs::read(scene.work().join("inside.txt")).unwrap(), b"x");
    assert_eq!(outside.clone().map(|path| fs::read(path).unwrap()), before);
    // The control: without the wall it writes them.
    assert!(scene.outside("python3").env("PATH", PATH).arg("close.py").status().unwrap().success());
    assert_ne!(outside.map(|path| fs::read(path).unwrap()), before);
}

#[test]
fn ten_thousand_descriptors_are_neither_inherited_nor_too_many() {
    let scene = Scene::new();
    let many = "import os, resource, sys\nhard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\nresource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))\nassert hard > 10050, 'needs a hard limit of more than 10,050 descriptors'\n";
    let inherits = format!(
        "{many}for _ in range(10000): os.set_inheritable(os.open('/dev/null', os.O_RDWR), True)\nos.execvp(sys.argv[1], sys.argv[1:])\n"
    );
    let line = scene.line("c1", "ls /proc/self/fd | wc -l");
    let out = scene.outside("python3").env("PATH", PATH).args(["-c", &inherits, "bash", "-c", &line]).output().unwrap();
    assert_eq!(text(&out.stdout).trim(), "4", "{out:?}");
    let opens = format!(
        "{many}held = [os.open('all', os.O_WRONLY | os.O_CREAT) for _ in range(10000)]\nos.write(held[-1], b'last')\nprint(len(held))\n"
    );
    fs::write(scene.work().join("many.py"), opens).unwrap();
    let out = scene.hidden("c2", "PATH=/usr/bin:/bin exec python3 many.py");
    assert_eq!(text(&out.stdout), "10000\n", "{out:?}");
    assert_eq!(fs::read(scene.work().join("all")).unwrap(), b"last");
}

#[test]
fn names_that_are_no_text_are_changed_seen_and_undone_and_such_a_command_is_refused() {
    let scene = Scene::new();
    let odd = scene.work().join(OsStr::from_bytes(b"src/\xff\xfe"));
    fs::write(&odd, "odd\n").unwrap();
    let out = scene.hidden("c1", "for f in src/*; do echo more >> \"$f\"; done; mv src/$'\\xff'* src/$'\\xfd\\n'");
    assert!(out.status.success(), "{out:?}");
    assert!(!odd.exists() && scene.ledger().contains("changed"));
    assert!(scene.guard().args(["undo", "c1"]).output().unwrap().status.success());
    assert_eq!(fs::read_to_string(&odd).unwrap(), "odd\n");
    let line = scene.line("c2", "echo two >> src/a.txt");
    let ticket = scene.ticket(&line);
    let mut exec = scene.guard();
    exec.arg("exec").arg(ticket.file_name().unwrap()).arg("--").arg(OsStr::from_bytes(b"echo \xff >> src/a.txt"));
    let out = exec.output().unwrap();
    assert!(!out.status.success() && text(&out.stderr).contains("UTF-8"), "{out:?}");
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "one\n");
}
