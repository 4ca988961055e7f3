//! How long it takes to find where values come from, in a session of 200 steps whose outcomes are 10 kB each. Prints the
//! median and the 99th percentile in microseconds: taking in one outcome, looking up a value that is nowhere and one that
//! stands in the last outcome, and reading the whole from the bytes that a hook finds.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_types,
    reason = "a measurement"
)]

use std::hint::black_box;
use std::time::Instant;

use bailiwick_guard::origin::texts::Texts;
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::map::Map;
use bailiwick_vocab::record::{Body, Payload, Record};

const STEPS: u64 = 200;
const BYTES: usize = 10_000;

fn main() {
    let map = Map::default();
    let mut texts = Texts::default();
    for step in 0..STEPS {
        take(&mut texts, step, &map);
    }
    println!("{:<28} {:>10} {:>10}", "µs", "median", "99th");
    let mut more = texts.clone();
    measure("take in one outcome", 50, |round| take(&mut more, STEPS + round as u64, &map));
    measure("a value that is nowhere", 400, |_| {
        black_box(texts.origin("nobody@nowhere.example"));
    });
    measure("a value in the last outcome", 400, |_| {
        black_box(texts.origin("last-199@mail.example"));
    });
    measure("an account number", 400, |_| {
        black_box(texts.origin("GB29NWBK60161331926819"));
    });
    measure("whether others press for it", 200, |_| {
        black_box(texts.is_sent_to("last-199@mail.example"));
    });
    measure("whether others want a new one", 200, |_| {
        black_box(texts.demanded("words of no meaning"));
    });
    let bytes = texts.to_bytes();
    measure("read all of it", 100, |_| {
        black_box(Texts::from_bytes(&bytes).unwrap());
    });
    println!("{} bytes kept of {}", bytes.len(), STEPS as usize * BYTES);
}

/// Takes in an outcome of strangers' text.
fn take(texts: &mut Texts, step: u64, map: &Map) {
    let line =
        format!("- sender: someone-{step}@mail.example\n  body: What was said at step {step} of this, in words of no meaning.\n");
    let mut text = line.repeat(BYTES / line.len());
    text.push_str(&format!("last-{step}@mail.example"));
    let payload = Payload { sha256: String::new(), bytes: text.len() as u64, text: Some(text), object: None, redacted: 0 };
    let labels = Labels { untrusted: ["mcp:mail".to_owned()].into(), ..Labels::default() };
    let body = Body::Outcome {
        call: step.to_string(),
        tool: "read_mail".to_owned(),
        text: payload,
        failed: false,
        duration_ms: None,
        findings: Vec::new(),
        labels,
        after: Vec::new(),
        treatment: None,
    };
    let record = Record { at_ms: 0, session: "s".to_owned(), agent: Agent::default(), cwd: String::new(), body };
    texts.apply(step, &record, map, &mut |payload| payload.text.clone());
}

fn measure(name: &str, rounds: usize, mut work: impl FnMut(usize)) {
    let mut times: Vec<f64> = (0..rounds)
        .map(|round| {
            let started = Instant::now();
            work(round);
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<28} {:>10.1} {:>10.1}", times[rounds / 2], times[rounds * 99 / 100]);
}
