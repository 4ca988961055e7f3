//! Any changed, dropped, swapped or truncated byte is found, and named by file, byte and entry.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/scratch.rs"]
mod scratch;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bailiwick_ledger::log::Ledger;
use bailiwick_ledger::note::NoteError;
use bailiwick_ledger::tree;
use bailiwick_ledger::verify::{Fault, VerifyFailure, VerifyOptions, VerifyReport, verify};
use bailiwick_vocab::record::{Body, Payload, Record};
use proptest::prelude::*;
use scratch::{Scratch, record, records};

fn failure(dir: &Path) -> VerifyFailure {
    match verify(dir, &VerifyOptions::default()) {
        Err(failure) => failure,
        Ok(report) => panic!("nothing was found: {report:?}"),
    }
}

fn pinned(note: &str) -> VerifyOptions {
    VerifyOptions { key: None, pinned: Some(note.to_owned()) }
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

fn with_object(text: &str, ledger: &Ledger, at_ms: u64) -> Record {
    let object = ledger.objects().put(text.as_bytes()).unwrap();
    let payload = Payload { sha256: object.clone(), bytes: text.len() as u64, text: None, object: Some(object), redacted: 0 };
    Record {
        body: Body::Prompt { text: payload, findings: Vec::new(), labels: bailiwick_vocab::label::Labels::default() },
        ..record("s", "", at_ms)
    }
}

/// Three sealed bundles, a published partial one, a few entries after that, an object.
fn build(scratch: &Scratch) -> Ledger {
    let mut ledger = scratch.open();
    ledger.append(records(0, 770)).unwrap();
    ledger.append(vec![with_object("a long text", &ledger, 5_000)]).unwrap();
    ledger.publish().unwrap();
    ledger.append(records(771, 2)).unwrap();
    ledger.append(records(773, 1)).unwrap();
    ledger
}

/// The files that hold the log, relative to its directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let (mut files, mut todo) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(path) = todo.pop() {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.file_name().unwrap() != "lock" {
                files.push(path.strip_prefix(dir).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

#[test]
fn an_untouched_log_stands_and_its_report_counts_everything() {
    let scratch = Scratch::new();
    let ledger = build(&scratch);
    let report = verify(&scratch.log(), &pinned(&ledger.checkpoint())).unwrap();
    let VerifyReport { size, bundles, tiles, objects, torn_bytes, pinned, .. } = report.clone();
    assert_eq!((size, bundles, tiles, objects, torn_bytes, pinned), (774, 3, 6, 1, 0, Some(774)));
    assert_eq!(report.erased, []);
    assert_eq!(report.clock_back, [771], "the record with the object was written late");
    assert_eq!(files(&scratch.log()).len(), 16, "{:?}", files(&scratch.log()));
}

#[test]
fn a_copy_verifies_without_the_log_and_with_a_given_key() {
    let (scratch, copy) = (Scratch::new(), Scratch::new());
    let ledger = build(&scratch);
    for file in files(&scratch.log()) {
        let to = copy.path().join(&file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(scratch.log().join(&file), to).unwrap();
    }
    std::fs::remove_file(copy.path().join("key.pub")).unwrap();
    assert!(matches!(failure(copy.path()).fault, Fault::Missing | Fault::Key(_)));
    let key = Some(ledger.vkey().to_owned());
    assert_eq!(verify(copy.path(), &VerifyOptions { key, pinned: None }).unwrap().size, 774);
    let other = Some(Scratch::new().open().vkey().to_owned());
    let failure = verify(copy.path(), &VerifyOptions { key: other, pinned: None }).unwrap_err();
    assert!(matches!(failure.fault, Fault::Note(NoteError::Origin)));
}

#[test]
fn every_changed_byte_of_head_notes_and_key_is_found_in_its_file() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 2)).unwrap();
    ledger.append(records(2, 1)).unwrap();
    ledger.publish().unwrap();
    for name in ["head", "latest", "checkpoint", "key.pub", "tile/entries/000.p/3", "tile/0/000.p/3"] {
        let path = scratch.log().join(name);
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            edit(&path, |bytes| bytes[at] ^= 1 << (at % 8));
            let failure = failure(&scratch.log());
            assert_eq!(failure.file, Path::new(name), "byte {at}: {failure}");
            assert!(failure.offset <= at as u64 || name == "head", "byte {at}: {failure}");
            std::fs::write(&path, &bytes).unwrap();
        }
        for cut in 0..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let failure = failure(&scratch.log());
            // A key file without its last line break is still that key.
            assert_eq!(failure.file, Path::new(name), "cut at {cut}: {failure}");
            std::fs::write(&path, &bytes).unwrap();
            if name == "key.pub" && cut + 2 == bytes.len() {
                break;
            }
        }
    }
    verify(&scratch.log(), &VerifyOptions::default()).unwrap();
}

#[test]
fn a_changed_entry_is_named_by_bundle_byte_and_number() {
    let scratch = Scratch::new();
    build(&scratch);
    let bundle = scratch.log().join("tile/entries/001");
    let bytes = std::fs::read(&bundle).unwrap();
    let at = bytes.windows(10).position(|window| window == b"number 300").unwrap();
    edit(&bundle, |bytes| bytes[at + 7] = b'9');
    let failure = failure(&scratch.log());
    assert_eq!((failure.file.as_path(), failure.entry), (Path::new("tile/entries/001"), Some(300)));
    assert!(matches!(failure.fault, Fault::Changed));
    let start = usize::try_from(failure.offset).unwrap();
    assert!(start < at && bytes[start + 2..].starts_with(b"{\"agent\""), "the entry's own start is named");
    assert!(failure.to_string().starts_with("tile/entries/001, byte "), "{failure}");
}

#[test]
fn a_byte_that_breaks_an_entrys_form_is_named_itself() {
    let scratch = Scratch::new();
    build(&scratch);
    let bundle = scratch.log().join("tile/entries/001");
    let at = std::fs::read(&bundle).unwrap().windows(10).position(|window| window == b"number 300").unwrap();
    edit(&bundle, |bytes| bytes[at + 6] = b'\n');
    let failure = failure(&scratch.log());
    assert_eq!(failure.offset, (at + 6) as u64);
    assert!(matches!(failure.fault, Fault::Entry(_)));
}

#[test]
fn a_changed_tile_is_told_from_a_changed_entry() {
    let scratch = Scratch::new();
    build(&scratch);
    for (name, at) in [("tile/0/001", 4_444), ("tile/1/000.p/3", 40), ("tile/0/003.p/3", 70)] {
        edit(&scratch.log().join(name), |bytes| bytes[at] ^= 1);
        let failure = failure(&scratch.log());
        assert_eq!((failure.file.as_path(), failure.offset), (Path::new(name), at as u64));
        assert!(matches!(failure.fault, Fault::Tile));
        edit(&scratch.log().join(name), |bytes| bytes[at] ^= 1);
    }
}

/// The entries of a bundle.
fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    bailiwick_ledger::bundle::entries(bytes).map(|entry| entry.unwrap().1.to_vec()).collect()
}

fn join(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    entries.iter().for_each(|entry| assert!(bailiwick_ledger::bundle::push(&mut bytes, entry)));
    bytes
}

fn edit_entries(path: &Path, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    edit(path, |bytes| {
        let mut entries = split(bytes);
        change(&mut entries);
        *bytes = join(&entries);
    });
}

#[test]
fn a_dropped_added_or_swapped_entry_is_named() {
    let scratch = Scratch::new();
    build(&scratch);
    let bundle = scratch.log().join("tile/entries/001");
    let bytes = std::fs::read(&bundle).unwrap();
    let number = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        edit_entries(&bundle, |entries| change(entries));
        let failure = failure(&scratch.log());
        std::fs::write(&bundle, &bytes).unwrap();
        assert_eq!(failure.file, Path::new("tile/entries/001"), "{failure}");
        failure.entry
    };
    assert_eq!(number(&|entries| entries.swap(7, 200)), Some(263));
    assert_eq!(number(&|entries| drop(entries.remove(9))), Some(265));
    assert_eq!(number(&|entries| drop(entries.pop())), Some(511));
    assert_eq!(number(&|entries| entries.insert(3, entries[3].clone())), None, "one too many");
    assert_eq!(number(&|entries| *entries = Vec::new()), Some(256));
}

#[test]
fn an_entry_changed_together_with_all_tiles_above_it_is_found_by_the_signature() {
    let scratch = Scratch::new();
    build(&scratch);
    let bundle = scratch.log().join("tile/entries/001");
    edit_entries(&bundle, |entries| {
        let text = String::from_utf8(entries[50].clone()).unwrap();
        entries[50] = text.replace("number 306", "number 666").into_bytes();
    });
    let hashes: Vec<_> = split(&std::fs::read(&bundle).unwrap()).iter().map(|entry| tree::leaf_hash(entry)).collect();
    std::fs::write(scratch.log().join("tile/0/001"), hashes.concat()).unwrap();
    let below = failure(&scratch.log());
    assert_eq!((below.file.as_path(), below.entry), (Path::new("tile/entries/001"), Some(256)), "the tile above knows which");
    edit(&scratch.log().join("tile/1/000.p/3"), |bytes| bytes[32..64].copy_from_slice(&tree::frontier_of(&hashes).root()));
    let above = failure(&scratch.log());
    assert!(matches!(above.fault, Fault::Root), "{above}");
    assert_eq!(above.entry, Some(0), "the first entry that the broken part of the signed tree covers");
}

#[test]
fn a_missing_file_is_named() {
    let scratch = Scratch::new();
    build(&scratch);
    for file in files(&scratch.log()) {
        let path = scratch.log().join(&file);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let result = verify(&scratch.log(), &VerifyOptions::default());
        if file.starts_with("objects") {
            assert_eq!(result.unwrap().erased[0].entry, 770, "an erased object breaks nothing");
        } else if is_needed(&file) {
            assert_eq!(result.unwrap_err().file, file);
        }
        std::fs::write(&path, bytes).unwrap();
    }
}

/// Partial tiles of sizes between the last seal and an older one stay until their tile is full; nobody needs them.
fn is_needed(file: &Path) -> bool {
    !["tile/1/000.p/1", "tile/1/000.p/2"].iter().any(|left| file == Path::new(left))
}

#[test]
fn a_changed_object_is_found() {
    let scratch = Scratch::new();
    build(&scratch);
    let object = files(&scratch.log()).into_iter().find(|file| file.starts_with("objects")).unwrap();
    edit(&scratch.log().join(&object), |bytes| bytes[0] ^= 1);
    let failure = failure(&scratch.log());
    assert_eq!((failure.file, failure.entry), (object, Some(770)));
}

#[test]
fn truncation_and_forks_are_found_against_a_kept_checkpoint() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 3)).unwrap();
    let old = Scratch::new();
    let _ = std::process::Command::new("cp").arg("-rT").arg(scratch.path()).arg(old.path()).status().unwrap();
    ledger.append(records(3, 2)).unwrap();
    let kept = ledger.checkpoint();
    verify(&old.log(), &VerifyOptions::default()).unwrap();
    let short = verify(&old.log(), &pinned(&kept)).unwrap_err();
    assert!(matches!(short.fault, Fault::Shorter { size: 3, signed: 5 }), "{short}");
    old.open().append(records(100, 9)).unwrap();
    verify(&old.log(), &VerifyOptions::default()).unwrap();
    let fork = verify(&old.log(), &pinned(&kept)).unwrap_err();
    assert!(matches!(fork.fault, Fault::Root), "{fork}");
    assert_eq!(fork.file, Path::new("kept checkpoint"));
    ledger.append(records(5, 600)).unwrap();
    assert_eq!(verify(&scratch.log(), &pinned(&kept)).unwrap().pinned, Some(5));
    let forged = verify(&scratch.log(), &pinned(&kept.replace("\n5\n", "\n4\n"))).unwrap_err();
    assert!(matches!(forged.fault, Fault::Note(NoteError::Signature)));
}

#[derive(Clone, Debug)]
enum Tamper {
    Change(u8),
    Drop(usize),
    Insert(u8),
    Truncate,
    Swap(usize, usize),
}

fn tampers() -> impl Strategy<Value = Tamper> {
    prop_oneof![
        (1u8..=255).prop_map(Tamper::Change),
        (1usize..600).prop_map(Tamper::Drop),
        any::<u8>().prop_map(Tamper::Insert),
        Just(Tamper::Truncate),
        (1usize..400, 1usize..400).prop_map(|(len, gap)| Tamper::Swap(len, gap)),
    ]
}

fn tampered(bytes: &[u8], at: usize, tamper: &Tamper) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let at = at.min(bytes.len().saturating_sub(1));
    match *tamper {
        Tamper::Change(mask) => changed[at] ^= mask,
        Tamper::Drop(len) => drop(changed.drain(at..(at + len).min(bytes.len()))),
        Tamper::Insert(byte) => changed.insert(at, byte),
        Tamper::Truncate => changed.truncate(at),
        Tamper::Swap(len, gap) => {
            let (first, second) = (at.min(bytes.len()), (at + len + gap).min(bytes.len()));
            let (a, rest) = bytes.split_at(first);
            let (b, c) = rest.split_at(second - first);
            let (b, moved) = b.split_at(len.min(b.len()));
            changed = [a, moved, b, c].concat();
        }
    }
    changed
}

fn shared() -> &'static Scratch {
    static SHARED: OnceLock<Scratch> = OnceLock::new();
    SHARED.get_or_init(|| {
        let scratch = Scratch::new();
        build(&scratch);
        scratch
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_is_done_to_any_file_is_found_in_that_file(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), tamper in tampers()) {
        let log = shared().log();
        let files: Vec<PathBuf> = files(&log).into_iter().filter(|file| is_needed(file)).collect();
        let file = which.get(&files);
        let bytes = std::fs::read(log.join(file)).unwrap();
        let changed = tampered(&bytes, at.index(bytes.len()), &tamper);
        // The line break that ends a key file may go.
        prop_assume!(changed != bytes && !(file == Path::new("key.pub") && bytes.starts_with(&changed) && changed.len() + 1 == bytes.len()));
        std::fs::write(log.join(file), &changed).unwrap();
        let result = verify(&log, &VerifyOptions::default());
        std::fs::write(log.join(file), &bytes).unwrap();
        let failure = result.expect_err("nothing was found");
        prop_assert_eq!(&failure.file, file);
    }
}
