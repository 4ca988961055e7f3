//! What the wall costs: plain, inside, and in bubblewrap with namespaces of the same kinds, in turn, in one run. In: nothing
//! (`--runs N`). Out: a table of medians. Build it with `--release`; on a busy machine run it under `chrt -f 10`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement prints")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SYSTEM: &[&str] = &["/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc"];
const FILES: usize = 500;

/// One thing to measure: its name, the directory, the command, what is done before each run.
struct Task {
    name: &'static str,
    directory: PathBuf,
    argv: Vec<String>,
    clear: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let runs = words.iter().position(|word| word == "--runs").and_then(|at| words.get(at + 1)).map_or(Ok(40), |n| n.parse())?;
    let inside = std::env::current_exe()?.with_file_name("inside");
    let root = std::env::temp_dir().join(format!("bailiwick-overhead-{}", std::process::id()));
    let outcome = prepare(&root).and_then(|tasks| {
        println!("{:<14} {:>9} {:>9} {:>7} {:>9} {:>7}", "median ms", "plain", "inside", "ratio", "bwrap", "ratio");
        tasks.iter().try_for_each(|task| measure(task, &inside, &root, runs))
    });
    fs::remove_dir_all(&root)?;
    outcome
}

fn prepare(root: &Path) -> Result<Vec<Task>, Box<dyn Error>> {
    let repository = root.join("repository");
    for number in 0..FILES {
        let directory = repository.join(format!("d{}", number % 20));
        fs::create_dir_all(&directory)?;
        fs::write(directory.join(format!("f{number}")), "hello world\n".repeat(50))?;
    }
    let setup = "git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm all";
    if !Command::new("sh").args(["-c", setup]).current_dir(&repository).status()?.success() {
        return Err("git could not make the repository".into());
    }
    let library = root.join("library");
    fs::create_dir_all(library.join("src"))?;
    fs::write(library.join("Cargo.toml"), "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n")?;
    let functions: String =
        (0..300).map(|n| format!("pub fn f{n}(x: u64) -> u64 {{ (0..x).map(|a| a * {n}).sum() }}\n")).collect();
    fs::write(library.join("src/lib.rs"), functions)?;
    let task = |name, directory: &Path, argv: &[&str]| Task {
        name,
        directory: directory.to_owned(),
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        clear: None,
    };
    Ok(vec![
        task("true", &repository, &["true"]),
        task("git status", &repository, &["git", "status"]),
        task("rg", &repository, &["rg", "-c", "hello"]),
        Task { clear: Some(library.join("target")), ..task("cargo check", &library, &["cargo", "check", "-q", "--offline"]) },
    ])
}

fn measure(task: &Task, inside: &Path, root: &Path, runs: usize) -> Result<(), Box<dyn Error>> {
    let mut plain = Command::new(task.argv.first().ok_or("no command")?);
    plain.args(task.argv.iter().skip(1));
    let mut walled = Command::new(inside);
    for tree in SYSTEM {
        walled.args(["--read", tree]);
    }
    for home in ["CARGO_HOME", "RUSTUP_HOME", "HOME"].iter().filter_map(std::env::var_os) {
        walled.arg("--read").arg(home);
    }
    walled.args(["--close", ".git/hooks", "--close", ".git/config", "--write"]).arg(root).arg("--").args(&task.argv);
    let mut wrapped = Command::new("bwrap");
    wrapped.args(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind"]).arg(root).arg(root);
    wrapped.arg("--unshare-all").args(&task.argv);
    let mut commands = [plain, walled, wrapped];
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..runs {
        for (command, times) in commands.iter_mut().zip(&mut times) {
            if let Some(clear) = task.clear.as_ref().filter(|clear| clear.exists()) {
                fs::remove_dir_all(clear)?;
            }
            command.current_dir(&task.directory).env_remove("CARGO_TARGET_DIR");
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let begun = Instant::now();
            match command.status() {
                Ok(status) if status.success() => times.push(begun.elapsed()),
                Ok(_) | Err(_) => {}
            }
        }
    }
    let [plain, walled, wrapped] = times.map(median);
    let number = |time: Option<f64>| time.map_or("failed".to_owned(), |time| format!("{time:.2}"));
    let ratio = |time: Option<f64>| number(time.zip(plain).map(|(time, plain)| time / plain));
    println!(
        "{:<14} {:>9} {:>9} {:>7} {:>9} {:>7}",
        task.name,
        number(plain),
        number(walled),
        ratio(walled),
        number(wrapped),
        ratio(wrapped)
    );
    if walled.is_none() {
        eprintln!("{} does not run inside", task.name);
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Option<f64> {
    times.sort();
    times.get(times.len() / 2).map(|time| time.as_secs_f64() * 1000.0)
}
