//! Killed with -9 at whatever moment: the hook, the front, the supervisor or any process inside. Nothing runs on outside the
//! sandbox, what was changed until then is undone to the byte, the ledger verifies, and the next call goes on.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::scene::{Scene, text};

/// Runs in which a process is killed.
const RUNS: u64 = 300;
/// So many at once: each is mostly waiting.
const LANES: u64 = 4;
/// While the wall is being built; every second kill falls into this time.
const START_MICROS: u64 = 30_000;
/// From the first change to the program's end, and some more.
const WORK_MICROS: u64 = 200_000;
/// How long the kernel may take to end what has been killed, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    Supervisor,
    Inside,
    Front,
    Hook,
}

const VICTIMS: &[Victim] = &[Victim::Supervisor, Victim::Inside, Victim::Supervisor, Victim::Front, Victim::Inside, Victim::Hook];

/// Numbers from a seed: a fixed sequence, so that a failing run can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What a tree holds: kind, mode and content of each path.
type Tree = BTreeMap<PathBuf, (char, u32, Vec<u8>)>;

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let meta = fs::symlink_metadata(&path).unwrap();
            let (kind, content) = if meta.is_dir() {
                open.push(path.clone());
                ('d', Vec::new())
            } else if meta.is_symlink() {
                ('l', fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec())
            } else {
                ('f', fs::read(&path).unwrap())
            };
            found.insert(path, (kind, meta.permissions().mode(), content));
        }
    }
    found
}

fn furnish(scene: &Scene) -> Tree {
    let work = scene.work();
    for directory in 0..4 {
        fs::create_dir_all(work.join(format!("d{directory}"))).unwrap();
        for number in 0..6 {
            fs::write(work.join(format!("d{directory}/f{number}")), format!("{directory} {number}\n").repeat(300)).unwrap();
        }
    }
    fs::write(work.join(OsString::from_vec(b"d0/odd \xff\n".to_vec())), "odd").unwrap();
    fs::set_permissions(work.join("d1/f1"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("f1", work.join("d1/l")).unwrap();
    fs::hard_link(work.join("d2/f2"), work.join("d3/same")).unwrap();
    fs::write(work.join("Makefile"), "all:\n\t@PATH=/usr/bin:/bin python3 work.py $(SEED) $(MARK)\n").unwrap();
    fs::write(work.join("work.py"), include_str!("kills/work.py")).unwrap();
    tree(&work)
}

/// Processes of this machine whose arguments hold this word, each with its arguments.
fn marked(mark: &str) -> Vec<(u32, String)> {
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
    let line = |pid: u32| Some((pid, text(&fs::read(format!("/proc/{pid}/cmdline")).ok()?)));
    numbers.filter_map(line).filter(|(_, line)| line.contains(mark)).collect()
}

/// Children of all of a process's threads.
fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let texts = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    texts.flat_map(|text| text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>()).collect()
}

fn below(pid: u32) -> Vec<u32> {
    let mut all = children(pid);
    let mut at = 0;
    while let Some(pid) = all.get(at).copied() {
        all.extend(children(pid));
        at += 1;
    }
    all
}

fn kill(pid: u32) {
    // It may have ended by itself.
    let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status().unwrap();
}

/// Runs a line as an agent's shell does, and kills somebody after a while.
fn run_and_kill(scene: &Scene, line: &str, victim: Victim, at_work: bool, numbers: &mut Numbers) {
    let mut shell = scene.outside("bash");
    shell.args(["-c", &format!("exec {line}")]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut front = shell.spawn().unwrap();
    if at_work {
        let (begun, end) = (scene.work().join("begun"), Instant::now() + PATIENCE);
        while !begun.exists() {
            assert!(Instant::now() < end && front.try_wait().unwrap().is_none(), "the command did nothing");
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_micros(numbers.below(WORK_MICROS)));
    } else {
        sleep(Duration::from_micros(numbers.below(START_MICROS)));
    }
    let supervisor = children(front.id()).first().copied();
    let inside = supervisor.map(below).unwrap_or_default();
    let pid = match victim {
        Victim::Supervisor => supervisor,
        Victim::Inside => inside.get(usize::try_from(numbers.below(inside.len().max(1) as u64)).unwrap()).copied(),
        Victim::Front | Victim::Hook => None,
    };
    kill(pid.unwrap_or(front.id()));
    front.wait().unwrap();
}

/// The guard's hook is killed while it judges, or just when it has answered.
fn kill_the_hook(scene: &Scene, event: &str, numbers: &mut Numbers) {
    let mut hook = scene.guard();
    let mut hook = hook.args(["hook", "claude-code"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    hook.stdin.take().unwrap().write_all(event.as_bytes()).unwrap();
    sleep(Duration::from_micros(numbers.below(60_000)));
    kill(hook.id());
    hook.wait().unwrap();
}

/// All that is still marked is our own, or inside; and soon nothing is.
fn nothing_runs_on(mark: &str, what: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        let left = marked(mark);
        if left.is_empty() {
            return;
        }
        for (pid, line) in &left {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let ours = line.split('\0').next().is_some_and(|program| program.ends_with("bailiwick"));
            assert!(ours || status.is_empty() || status.contains("Seccomp:\t2"), "{what}: outside the wall: {line}\n{status}");
        }
        assert!(Instant::now() < end, "{what}: {left:?} run on");
        sleep(Duration::from_millis(2));
    }
}

/// One run; whether the tree was another one when the kill had done its work.
fn killed(scene: &Scene, before: &Tree, run: u64) -> (Victim, bool) {
    let mut numbers = Numbers(run);
    let count = VICTIMS.len() as u64;
    let (victim, at_work) = (VICTIMS[usize::try_from(run % count).unwrap()], run / count % 2 == 1);
    let what = format!("run {run}, {victim:?} killed");
    let (call, mark) = (format!("c{run}-"), format!("bailiwick-mark-{}-{run}-", std::process::id()));
    let command = format!("make -s SEED={} MARK={mark}", numbers.below(1 << 20));
    if victim == Victim::Hook {
        kill_the_hook(scene, &scene.event(&call, &command), &mut numbers);
    } else {
        let line = scene.line(&call, &command);
        run_and_kill(scene, &line, victim, at_work, &mut numbers);
    }
    nothing_runs_on(&mark, &what);
    let changed = tree(&scene.work()) != *before;
    let undone = scene.guard().args(["undo", &call]).output().unwrap();
    let said = text(&undone.stdout) + &text(&undone.stderr);
    let said: Vec<_> =
        said.lines().filter(|line| !["restored", "removed", "unchanged"].iter().any(|done| line.starts_with(done))).collect();
    let said = said.join("\n");
    assert!(undone.status.success() || !changed, "{what}: {said}");
    let after = tree(&scene.work());
    let odd: Vec<_> = before.iter().filter(|(path, was)| after.get(*path) != Some(was)).map(|(path, _)| path).collect();
    let new: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
    assert!(odd.is_empty() && new.is_empty(), "{what}: after the undo these are not as before: {odd:?} {new:?}\n{said}");
    let verified = scene.guard().arg("verify").output().unwrap();
    assert!(verified.status.success(), "{what}: {verified:?}");
    (victim, changed)
}

#[test]
fn a_kill_at_any_moment_leaves_nothing_running_and_is_undone() {
    let lane = |lane: u64| {
        let scene = Scene::new();
        let before = furnish(&scene);
        let results: Vec<_> = (lane..RUNS).step_by(LANES as usize).map(|run| killed(&scene, &before, run)).collect();
        let told = scene.ledger().contains("killed with the wall's supervisor");
        (results, told)
    };
    let lanes: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..LANES).map(|number| scope.spawn(move || lane(number))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(lanes.iter().any(|(_, told)| *told), "no killed supervisor is in the ledger");
    for victim in [Victim::Supervisor, Victim::Inside, Victim::Front] {
        let of_it = || lanes.iter().flat_map(|(results, _)| results).filter(|(killed, _)| *killed == victim);
        let (all, changed) = (of_it().count(), of_it().filter(|(_, changed)| *changed).count());
        // Otherwise the kills all came before anything was done.
        assert!(changed * 3 > all, "{victim:?}: the command had changed something in {changed} of {all} runs");
    }
}
