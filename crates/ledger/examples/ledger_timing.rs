//! Measures the ledger against a bare write and `fdatasync` in the same run and on the same disk:
//! `cargo run --release -p bailiwick-ledger --example ledger_timing [DIRECTORY]`. Prints; asserts nothing.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a chore, whose failures are its output")]

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bailiwick_ledger::log::{Ledger, Options};
use bailiwick_ledger::reader::Reader;
use bailiwick_ledger::verify::{VerifyOptions, verify};
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::record::{Body, Record};

const ENTRIES: u64 = 100_000;
const ROUNDS: usize = 1_000;

fn record(n: u64) -> Record {
    let detail = format!("{n} {}", "what a call with one effect and its ruling takes ".repeat(10));
    let body = Body::Session { what: "notice".to_owned(), detail, ruling: None, approval: None };
    Record {
        at_ms: n,
        session: format!("session-{}", n % 50),
        agent: Agent::default(),
        cwd: "/home/user/project".to_owned(),
        body,
    }
}

fn quantiles(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1e6;
    println!("{name:<44} p50 {:>8.1} us   p99 {:>8.1} us", at(50), at(99));
}

fn timed(rounds: usize, mut action: impl FnMut()) -> Vec<Duration> {
    let one = |()| {
        let began = Instant::now();
        action();
        began.elapsed()
    };
    std::iter::repeat_n((), rounds).map(one).collect()
}

fn bare(dir: &Path) -> Vec<Duration> {
    let mut file = OpenOptions::new().create(true).append(true).open(dir.join("bare")).unwrap();
    let bytes = [b'x'; 800];
    timed(1, || {
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
    })
}

/// Many writers append one record at a time, each as a process of its own would.
fn together(writers: u64, log: &Path, options: &Options) {
    const EACH: u64 = 200;
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..writers {
            scope.spawn(|| {
                let mut ledger = Ledger::open(log, options.clone()).unwrap();
                (0..EACH).for_each(|n| drop(ledger.append(vec![record(n)]).unwrap()));
            });
        }
    });
    let rate = (writers * EACH) as f64 / began.elapsed().as_secs_f64();
    println!("{writers:>2} writers at once: {rate:.0} appends/s");
}

fn main() {
    let base = std::env::args().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let dir = base.join(format!("ledger-measure-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (log, options) = (dir.join("log"), Options::new(dir.join("keys/log.key")));
    let mut ledger = Ledger::open(&log, options.clone()).unwrap();

    let (mut bares, mut ones, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bares.extend(bare(&dir));
        ones.extend(timed(1, || drop(ledger.append(vec![record(ledger.size())]).unwrap())));
    }
    for _ in 0..ROUNDS / 4 {
        let group: Vec<Record> = (0..64).map(|k| record(ledger.size() + k)).collect();
        let mut group = Some(group);
        groups.extend(timed(1, || drop(ledger.append(group.take().unwrap_or_default()).unwrap())));
    }
    quantiles("bare write of 800 bytes + fdatasync", bares);
    quantiles("append of one record", ones);
    quantiles("append of 64 records, the group", groups);

    for writers in [1, 4, 16] {
        together(writers, &log, &options);
    }

    while ledger.size() < ENTRIES - 100 {
        let more = (ENTRIES - 100 - ledger.size()).min(5_000);
        drop(ledger.append((0..more).map(|k| record(ledger.size() + k)).collect()).unwrap());
    }
    for _ in 0..100 {
        drop(ledger.append(vec![record(ledger.size())]).unwrap());
    }
    drop(ledger);
    println!("entries: {}", Reader::open(&log).unwrap().size());
    quantiles("open for writing", timed(ROUNDS, || drop(Ledger::open(&log, options.clone()).unwrap())));
    quantiles("open for reading", timed(ROUNDS, || drop(Reader::open(&log).unwrap())));
    let open_and_append = || {
        let mut ledger = Ledger::open(&log, options.clone()).unwrap();
        drop(ledger.append(vec![record(ledger.size())]).unwrap());
    };
    quantiles("open and append one, as a hook does", timed(ROUNDS, open_and_append));

    let began = Instant::now();
    let report = verify(&log, &VerifyOptions::default()).unwrap();
    let seconds = began.elapsed().as_secs_f64();
    println!("verify: {:.0} entries/s ({} entries in {seconds:.2} s)", report.size as f64 / seconds, report.size);
    let mut reader = Reader::open(&log).unwrap();
    let began = Instant::now();
    let found = reader.entries_of_session("session-7", 0).filter(|entry| entry.is_ok()).count();
    println!("entries of one session: {found} of {ENTRIES} in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
    std::fs::remove_dir_all(&dir).unwrap();
}
