//! Four writers are killed with SIGKILL at random moments, 500 times: every answered call is in the log afterwards,
//! the log opens again and verifies, and nothing that was there before is lost.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, reason = "tests")]

#[path = "support/scratch.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod scratch;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bailiwick_ledger::log::{Ledger, Options};
use bailiwick_ledger::reader::Reader;
use bailiwick_ledger::verify::{VerifyOptions, verify};
use scratch::{Scratch, record};

const RUNS: u32 = 500;
const WRITERS: u32 = 4;
/// A log is used for so many runs, so that making it, growing it and sealing it are all interrupted.
const RUNS_A_LOG: u32 = 20;
/// Longest life of a writer; starting one takes a few of these.
const MAX_LIFE: Duration = Duration::from_millis(24);
const CHILD: &str = "BAILIWICK_KILL_CHILD";

/// Numbers that look random, from a seed that a failure can name.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Not a test of its own: what a writer does until it is killed. It says `ack ENTRY TEXT` once it holds the receipt.
#[test]
fn writer() {
    let Ok(name) = std::env::var(CHILD) else { return };
    let dir = std::env::var("BAILIWICK_KILL_DIR").expect("the parent names the directory");
    let dir = Path::new(&dir);
    let mut dice = Dice(u64::from(std::process::id()) | 1 << 40);
    let mut ledger = Ledger::open(&dir.join("log"), Options::new(dir.join("keys/log.key"))).unwrap();
    let mut out = std::io::stdout();
    for n in 0..u64::MAX {
        // Some groups span pages, so that a kill may cut a write in the middle.
        let padding = "x".repeat([0, 40, 9_000][usize::try_from(dice.roll(3)).unwrap()]);
        let group = (0..=dice.roll(30)).map(|k| record("kill", &format!("{name}-{n}-{k} {padding}"), n)).collect();
        for receipt in ledger.append(group).unwrap() {
            let text = serde_json::to_value(receipt.record()).unwrap()["detail"].as_str().unwrap().to_owned();
            let id = text.split(' ').next().unwrap();
            // One write a line: a line that is cut was not answered.
            out.write_all(format!("ack {} {id}\n", receipt.entry()).as_bytes()).unwrap();
        }
    }
}

fn spawn(dir: &Path, name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--nocapture", "--test-threads=1"])
        .env(CHILD, name)
        .env("BAILIWICK_KILL_DIR", dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The acknowledgements among what a writer said.
fn acks(said: &str) -> Vec<(u64, String)> {
    let whole = said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    let words = whole.filter_map(|line| line.split_once("ack ")).filter_map(|(_, ack)| ack.split_once(' '));
    words.map(|(entry, id)| (entry.parse().unwrap(), id.to_owned())).collect()
}

/// Reads a pipe to its end beside us: a full one would stop the writer before it is killed.
fn listen(mut pipe: impl std::io::Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut said = Vec::new();
        pipe.read_to_end(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    })
}

/// Starts the writers, kills each at its own moment, and gives what they acknowledged.
fn run(dir: &Path, run: u32, dice: &mut Dice) -> Vec<(u64, String)> {
    let began = Instant::now();
    let mut writers = Vec::new();
    for n in 0..WRITERS {
        let mut child = spawn(dir, &format!("r{run}w{n}"));
        let life = Duration::from_micros(dice.roll(u64::try_from(MAX_LIFE.as_micros()).unwrap()));
        let (out, err) = (listen(child.stdout.take().unwrap()), listen(child.stderr.take().unwrap()));
        writers.push((began.elapsed() + life, child, out, err));
    }
    writers.sort_by_key(|(end, ..)| *end);
    let mut acknowledged = Vec::new();
    for (end, mut child, out, err) in writers {
        std::thread::sleep(end.saturating_sub(began.elapsed()));
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(acks(&out.join().unwrap()));
        let complaint = err.join().unwrap();
        assert!(!complaint.contains("panicked"), "a writer failed by itself: {complaint}");
    }
    acknowledged
}

/// Every acknowledged entry must be in the log under its number.
fn check(scratch: &Scratch, answered: &BTreeMap<u64, String>, size_before: u64) -> (u64, bool) {
    let recovered = scratch.open().recovery().is_some();
    let report = verify(&scratch.log(), &VerifyOptions::default()).unwrap();
    assert_eq!(report.torn_bytes, 0);
    assert!(report.size >= size_before, "the log shrank");
    let mut reader = Reader::open(&scratch.log()).unwrap();
    for (entry, id) in answered {
        let raw = String::from_utf8(reader.entry(*entry).expect("an answered entry is lost").raw).unwrap();
        assert!(raw.contains(&format!("\"{id} ")), "entry {entry} is not {id}: {raw}");
    }
    (report.size, recovered)
}

#[test]
fn every_answered_call_survives_killing_its_writer() {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).unwrap();
    let seed = u64::from_le_bytes(seed) | 1;
    eprintln!("seed {seed}");
    let mut dice = Dice(seed);
    let (mut total, mut entries, mut recoveries) = (0, 0, 0);
    let began = Instant::now();
    for first in (0..RUNS).step_by(RUNS_A_LOG as usize) {
        let scratch = Scratch::new();
        let (mut answered, mut size) = (BTreeMap::new(), 0);
        for n in first..first + RUNS_A_LOG {
            for (entry, id) in run(scratch.path(), n, &mut dice) {
                assert_eq!(answered.insert(entry, id), None, "entry {entry} was given twice");
            }
            let (grown, recovered) = check(&scratch, &answered, size);
            size = grown;
            recoveries += u32::from(recovered);
        }
        total += answered.len();
        entries += size;
    }
    let seconds = began.elapsed().as_secs_f32();
    println!("{RUNS} runs in {seconds:.1} s: {total} answered of {entries} entries, {recoveries} torn ends");
    assert!(total > RUNS as usize, "too few answers ({total}) to show anything");
}
