//! Any bytes as the ledger's files: reading, opening, verifying and proving end without a panic, and whatever verifies
//! is the log that was written.
//!
//! The first byte chooses: the parsers on the rest alone, or a small good log with one of its files patched.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bailiwick_ledger::head::Care;
use bailiwick_ledger::log::{Ledger, Options};
use bailiwick_ledger::note::{SignerKey, VerifierKey};
use bailiwick_ledger::reader::Reader;
use bailiwick_ledger::tree::Hash;
use bailiwick_ledger::verify::{VerifyOptions, verify};
use bailiwick_ledger::{bundle, canonical, head};
use libfuzzer_sys::fuzz_target;

const SIZE: u64 = 4;
const RECORD: &str =
    r#"{"agent":{"client":"fuzz"},"at_ms":9,"detail":"number 9","kind":"session","session":"s","what":"notice"}"#;

struct Good {
    dir: PathBuf,
    files: Vec<(PathBuf, Vec<u8>)>,
    root: Hash,
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    if *choice & 1 == 0 {
        parse(rest);
    } else {
        patch(usize::from(choice >> 1), rest);
    }
});

fn parse(bytes: &[u8]) {
    for care in [Care::All, Care::DigestsAbove(2)] {
        assert!(head::scan(bytes, None, care).end <= bytes.len());
        assert!(head::scan(bytes, Some(3), care).end <= bytes.len());
    }
    let _ = head::last_frame_len(bytes);
    for (_, entry) in bundle::entries(bytes).flatten() {
        let _ = canonical::decode(entry);
    }
    if let Ok(record) = canonical::decode(bytes) {
        assert_eq!(canonical::decode(&canonical::encode(&record).unwrap_or_default()).ok(), Some(record));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(key) = VerifierKey::parse(text) {
            assert_eq!(VerifierKey::parse(&key.to_string()).as_ref(), Ok(&key));
            let _ = key.open(text);
        }
        let _ = SignerKey::parse(text);
    }
}

/// Writes `rest` over one file from a place in it, and holds the log against everything that reads it.
fn patch(which: usize, rest: &[u8]) {
    let Some(([high, low, cut], new)) = rest.split_first_chunk::<3>() else { return };
    let good = good();
    let Some((path, old)) = good.files.get(which % good.files.len()) else { return };
    let at = usize::from(u16::from_be_bytes([*high, *low])) % (old.len() + 1);
    let mut bytes = old.get(..at).unwrap_or_default().to_vec();
    bytes.extend_from_slice(new);
    if cut & 1 == 0 {
        bytes.extend_from_slice(old.get(at + new.len()..).unwrap_or_default());
    }
    std::fs::write(path, &bytes).expect("write");
    let log = good.dir.join("log");
    let result = verify(&log, &VerifyOptions::default());
    if let Ok(report) = &result {
        assert_eq!((report.size, report.root), (SIZE, good.root));
    }
    read(&log);
    if let Ok(ledger) = Ledger::open(&log, Options::new(good.dir.join("keys/log.key"))) {
        assert!(ledger.size() >= SIZE, "answered entries are gone");
    }
    restore(good);
}

fn read(log: &Path) {
    let Ok(mut reader) = Reader::open(log) else { return };
    let size = reader.size().min(64);
    let _ = reader.entries(0).take(64).count();
    let _ = reader.checkpoint();
    for entry in 0..size {
        let _ = reader.prove_inclusion(entry, size);
        let _ = reader.prove_consistency(entry, size);
    }
}

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        // Memory, where there is such a directory: a sync costs nothing there.
        let base = Some(PathBuf::from("/dev/shm")).filter(|dir| dir.is_dir()).unwrap_or_else(std::env::temp_dir);
        let dir = base.join(format!("bailiwick-fuzz-{}", std::process::id()));
        let mut ledger = Ledger::open(&dir.join("log"), Options::new(dir.join("keys/log.key"))).expect("open");
        let record = |n: u64| canonical::decode(RECORD.replace('9', &n.to_string()).as_bytes()).expect("a record");
        ledger.append((0..3).map(record).collect()).expect("append");
        ledger.publish().expect("publish");
        ledger.append(vec![record(3)]).expect("append");
        let root = verify(&dir.join("log"), &VerifyOptions::default()).expect("a good log").root;
        let names = ["head", "latest", "checkpoint", "key.pub", "tile/0/000.p/3", "tile/entries/000.p/3"];
        let files = names.map(|name| (dir.join("log").join(name), std::fs::read(dir.join("log").join(name)).expect("read")));
        Good { dir, files: files.to_vec(), root }
    })
}

fn restore(good: &Good) {
    for entry in std::fs::read_dir(good.dir.join("log")).expect("list").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "torn") {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    for (path, bytes) in &good.files {
        std::fs::write(path, bytes).expect("restore");
    }
}
