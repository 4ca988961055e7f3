//! Writing and reading: what is appended is read back, laid out as C2SP tlog-tiles wants it, proved and verified.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/scratch.rs"]
mod scratch;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use bailiwick_ledger::log::{AppendError, EntryError, Ledger};
use bailiwick_ledger::note::VerifierKey;
use bailiwick_ledger::reader::{ReadError, Reader};
use bailiwick_ledger::tree::{self, Hash};
use bailiwick_ledger::verify::{VerifyOptions, verify};
use scratch::{Scratch, record, records};

fn leaves(reader: &mut Reader) -> Vec<Hash> {
    reader.entries(0).map(|entry| tree::leaf_hash(&entry.unwrap().raw)).collect()
}

#[test]
fn receipts_number_the_entries_and_the_reader_gives_them_back() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let receipts = ledger.append(records(0, 3)).unwrap();
    assert_eq!(receipts.iter().map(|receipt| receipt.entry()).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(ledger.append(records(3, 1)).unwrap()[0].entry(), 3);
    assert!(ledger.append(Vec::new()).unwrap().is_empty());
    let mut reader = Reader::open(&scratch.log()).unwrap();
    assert_eq!(reader.size(), 4);
    let read: Vec<_> = reader.entries(1).map(|entry| entry.unwrap().record).collect();
    assert_eq!(read, records(1, 3));
    assert!(matches!(reader.entry(4), Err(ReadError::Beyond { asked: 4, size: 4 })));
}

#[test]
fn a_log_grown_in_groups_of_all_sizes_over_many_bundles_verifies_and_is_read_everywhere() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let mut from = 0;
    for group in [1, 254, 1, 1, 255, 300, 700, 256, 3] {
        ledger.append(records(from, group)).unwrap();
        from += group;
        let report = verify(&scratch.log(), &VerifyOptions::default()).unwrap();
        assert_eq!((report.size, report.torn_bytes), (from, 0));
        assert_eq!(report.checkpoint, ledger.checkpoint());
    }
    let mut reader = Reader::open(&scratch.log()).unwrap();
    for number in [0, 255, 256, 511, 512, 1000, from - 1] {
        assert_eq!(reader.entry(number).unwrap().record, records(number, 1)[0]);
    }
    let root = tree::frontier_of(&leaves(&mut reader)).root();
    let key = VerifierKey::parse(ledger.vkey()).unwrap();
    let checkpoint = key.open(&ledger.checkpoint()).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (from, root));
    assert_eq!(reader.checkpoint().unwrap(), ledger.checkpoint());
}

/// Reads a published log as one does who knows tlog-tiles only: `checkpoint` and the tiles of its size.
fn strangers_root(dir: &Path) -> (u64, Hash, Vec<Vec<u8>>) {
    let checkpoint = std::fs::read_to_string(dir.join("checkpoint")).unwrap();
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    let mut entries = Vec::new();
    let mut frontier = tree::Frontier::default();
    for index in 0..size.div_ceil(256) {
        let width = (size - index * 256).min(256);
        let suffix = if width < 256 { format!(".p/{width}") } else { String::new() };
        let bundle = std::fs::read(dir.join(format!("tile/entries/{index:03}{suffix}"))).unwrap();
        let tile = std::fs::read(dir.join(format!("tile/0/{index:03}{suffix}"))).unwrap();
        assert_eq!(tile.len() as u64, 32 * width);
        let mut rest = &bundle[..];
        for hash in tile.chunks(32) {
            let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
            let entry = &rest[2..2 + length];
            assert_eq!(hash, tree::leaf_hash(entry));
            frontier.push(tree::leaf_hash(entry));
            entries.push(entry.to_vec());
            rest = &rest[2 + length..];
        }
        assert!(rest.is_empty());
    }
    let above = size / 256;
    if above > 0 {
        let suffix = if above < 256 { format!(".p/{above}") } else { String::new() };
        let tile = std::fs::read(dir.join(format!("tile/1/000{suffix}"))).unwrap();
        for (index, hash) in tile.chunks(32).enumerate() {
            let below: Vec<Hash> = entries[index * 256..][..256].iter().map(|entry| tree::leaf_hash(entry)).collect();
            assert_eq!(hash, tree::frontier_of(&below).root());
        }
    }
    (size, frontier.root(), entries)
}

#[test]
fn a_stranger_who_knows_tiles_only_reads_what_was_published() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let key = VerifierKey::parse(ledger.vkey()).unwrap();
    for (group, sealed) in [(10, 0), (246, 256), (300, 512)] {
        ledger.append(records(ledger.size(), group)).unwrap();
        assert_eq!(strangers_root(&scratch.log()).0, sealed);
        ledger.publish().unwrap();
        let (size, root, entries) = strangers_root(&scratch.log());
        let note = std::fs::read_to_string(scratch.log().join("checkpoint")).unwrap();
        assert_eq!(key.open(&note).unwrap().root, root);
        assert_eq!((size, entries.len() as u64), (ledger.size(), ledger.size()));
        verify(&scratch.log(), &VerifyOptions::default()).unwrap();
    }
    assert!(!scratch.log().join("tile/entries/000.p").exists(), "partial bundles of a full one are removed");
}

#[test]
fn more_than_a_tile_of_tiles_is_sealed_into_the_second_level() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let mut size = 0;
    while size < 65_536 + 600 {
        ledger.append(records(size, 4_096)).unwrap();
        size += 4_096;
    }
    assert!(scratch.log().join("tile/1/000").exists());
    assert!(scratch.log().join("tile/2/000.p/1").exists());
    assert_eq!(verify(&scratch.log(), &VerifyOptions::default()).unwrap().size, size);
    let mut reader = Reader::open(&scratch.log()).unwrap();
    let key = VerifierKey::parse(ledger.vkey()).unwrap();
    let root = key.open(&ledger.checkpoint()).unwrap().root;
    for entry in [0, 65_535, 65_536, size - 1] {
        assert!(reader.prove_inclusion(entry, size).unwrap().verify(&root));
    }
}

#[test]
fn proofs_from_tiles_and_head_verify_against_signed_roots() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let key = VerifierKey::parse(ledger.vkey()).unwrap();
    let mut roots = Vec::new();
    for group in [3, 97, 156, 1, 300, 43] {
        ledger.append(records(ledger.size(), group)).unwrap();
        roots.push(key.open(&ledger.checkpoint()).unwrap());
    }
    let mut reader = Reader::open(&scratch.log()).unwrap();
    for new in &roots {
        for entry in [0, 1, new.size / 2, new.size - 1] {
            let proof = reader.prove_inclusion(entry, new.size).unwrap();
            assert!(proof.verify(&new.root), "entry {entry} in {}", new.size);
        }
        for old in roots.iter().filter(|old| old.size <= new.size) {
            assert!(reader.prove_consistency(old.size, new.size).unwrap().verify(&old.root, &new.root));
        }
    }
    assert!(matches!(reader.prove_inclusion(5, 5), Err(ReadError::Beyond { .. })));
    assert!(matches!(reader.prove_consistency(1, 601), Err(ReadError::Beyond { .. })));
}

#[test]
fn two_writers_see_each_others_entries_and_seal_only_once() {
    let scratch = Scratch::new();
    let (mut one, mut two) = (scratch.open(), scratch.open());
    for round in 0..300 {
        assert_eq!(one.append(records(2 * round, 1)).unwrap()[0].entry(), 2 * round);
        assert_eq!(two.append(records(2 * round + 1, 1)).unwrap()[0].entry(), 2 * round + 1);
    }
    assert_eq!(verify(&scratch.log(), &VerifyOptions::default()).unwrap().size, 600);
    let read: Vec<_> = Reader::open(&scratch.log()).unwrap().entries(0).map(|entry| entry.unwrap().record).collect();
    assert_eq!(read, records(0, 600));
}

#[test]
fn many_processes_may_make_the_log_at_once() {
    let scratch = Scratch::new();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let scratch = &scratch;
            scope.spawn(move || scratch.open().append(records(n, 1)).unwrap());
        }
    });
    assert_eq!(verify(&scratch.log(), &VerifyOptions::default()).unwrap().size, 8);
}

#[test]
fn a_session_is_found_among_others_whatever_its_name() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let odd = "a\"b\\\n\u{1f600}";
    let decoy = "\"session\":\"x\"";
    ledger.append(vec![record(odd, "1", 1), record("x", "2", 2), record("y", decoy, 3), record(odd, "4", 4)]).unwrap();
    let mut reader = Reader::open(&scratch.log()).unwrap();
    let mut numbers =
        |session: &str| -> Vec<u64> { reader.entries_of_session(session, 0).map(|entry| entry.unwrap().number).collect() };
    assert_eq!(numbers(odd), [0, 3]);
    assert_eq!(numbers("x"), [1]);
    assert!(numbers("nobody").is_empty());
}

#[test]
fn a_reader_follows_through_appends_and_seals() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let mut reader = Reader::open(&scratch.log()).unwrap();
    assert!(!reader.wait(Duration::ZERO).unwrap());
    let mut seen = 0;
    for _ in 0..40 {
        ledger.append(records(ledger.size(), 13)).unwrap();
        assert!(reader.refresh().unwrap());
        for entry in reader.entries(seen) {
            assert_eq!(entry.unwrap().record, records(seen, 1)[0]);
            seen += 1;
        }
    }
    assert_eq!(seen, 520);
    assert!(!reader.refresh().unwrap());
}

#[test]
fn a_reader_sees_only_whole_frames() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 2)).unwrap();
    let head = scratch.log().join("head");
    let mut bytes = std::fs::read(&head).unwrap();
    bytes.extend_from_slice(b"bwf1 and then the writer was interrupted");
    std::fs::write(&head, bytes).unwrap();
    assert_eq!(Reader::open(&scratch.log()).unwrap().size(), 2);
}

#[test]
fn a_directory_without_a_log_says_so() {
    let scratch = Scratch::new();
    assert!(matches!(Reader::open(scratch.path()), Err(ReadError::NoLog { .. })));
}

#[test]
fn one_record_without_entry_form_refuses_the_whole_group() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    let group = vec![record("s", "fine", 1), record("s", &"x".repeat(70_000), 2)];
    let error = ledger.append(group).unwrap_err();
    assert!(matches!(error, AppendError::Entry { index: 1, source: EntryError::TooLarge { .. } }));
    let error = ledger.append(vec![record("s", "never", u64::MAX)]).unwrap_err();
    assert!(matches!(error, AppendError::Entry { index: 0, source: EntryError::Number(_) }));
    let many = (0..1_100).map(|n| record("s", &"x".repeat(65_000), n)).collect();
    assert!(matches!(ledger.append(many), Err(AppendError::TooLarge { .. })));
    assert_eq!(ledger.append(records(0, 1)).unwrap()[0].entry(), 0);
}

#[test]
fn nobody_else_may_read_anything() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 300)).unwrap();
    ledger.publish().unwrap();
    ledger.objects().put(b"text").unwrap();
    let mut seen = 0;
    for top in ["log", "keys"] {
        let mut todo = vec![scratch.path().join(top)];
        while let Some(path) = todo.pop() {
            let metadata = std::fs::metadata(&path).unwrap();
            let wanted = if metadata.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(metadata.permissions().mode() & 0o777, wanted, "{}", path.display());
            seen += 1;
            if metadata.is_dir() {
                todo.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        }
    }
    assert!(seen > 15);
}

#[test]
fn a_ledger_may_move_to_another_thread() {
    fn movable<T: Send>() {}
    movable::<Ledger>();
    movable::<Reader>();
}
