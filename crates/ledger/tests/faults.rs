//! The log torn at every byte, the disk full or read-only, the lock held, the key gone or wrong: each is recovered from
//! or refused with its own error.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/scratch.rs"]
mod scratch;

use std::fs::{File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bailiwick_ledger::log::{AppendError, Damage, DamageKind, KeyFileError, Ledger, LockError, OpenError, Options, Recovery};
use bailiwick_ledger::reader::{ReadError, Reader};
use bailiwick_ledger::verify::{VerifyOptions, verify};
use scratch::{Scratch, records};

fn head(scratch: &Scratch) -> std::path::PathBuf {
    scratch.log().join("head")
}

fn reopen(scratch: &Scratch) -> Result<Ledger, OpenError> {
    Ledger::open(&scratch.log(), scratch.options())
}

fn damage(result: Result<Ledger, OpenError>) -> Damage {
    match result {
        Err(OpenError::Damaged(damage)) => damage,
        other => panic!("no damage: {other:?}"),
    }
}

/// A log with an answered group of two and a group of three that its writer was killed while writing: the head's bytes
/// with and without that group.
fn interrupted() -> (Scratch, Vec<u8>, usize) {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 2)).unwrap();
    let answered = std::fs::read(head(&scratch)).unwrap().len();
    let latest = std::fs::read(scratch.log().join("latest")).unwrap();
    ledger.append(records(2, 3)).unwrap();
    std::fs::write(scratch.log().join("latest"), latest).unwrap();
    let bytes = std::fs::read(head(&scratch)).unwrap();
    (scratch, bytes, answered)
}

/// After recovery the log holds the answered entries, whole ones of the torn group, and goes on.
fn check_recovered(scratch: &Scratch, torn: &[u8], at: usize) -> Option<Recovery> {
    let mut ledger = reopen(scratch).unwrap();
    let recovery = ledger.recovery().cloned();
    if let Some(recovery) = &recovery {
        assert_eq!(std::fs::read(&recovery.torn).unwrap(), torn, "torn at {at}");
        assert_eq!((recovery.torn_bytes, recovery.size), (torn.len() as u64, 2));
        assert_eq!(ledger.size(), 2 + recovery.kept_entries);
        std::fs::remove_file(&recovery.torn).unwrap();
    }
    let size = ledger.size();
    assert_eq!(ledger.append(records(9, 1)).unwrap()[0].entry(), size);
    assert_eq!(verify(&scratch.log(), &VerifyOptions::default()).unwrap().size, size + 1);
    let read: Vec<_> = Reader::open(&scratch.log()).unwrap().entries(0).map(|entry| entry.unwrap().record).collect();
    assert_eq!(read[..usize::try_from(size).unwrap()], records(0, size)[..], "torn at {at}");
    recovery
}

#[test]
fn an_unanswered_group_torn_at_any_byte_is_cut_off_and_its_whole_entries_are_kept() {
    let (scratch, bytes, answered) = interrupted();
    let latest = std::fs::read(scratch.log().join("latest")).unwrap();
    let mut kept = [0; 4];
    for cut in answered..=bytes.len() {
        std::fs::write(head(&scratch), &bytes[..cut]).unwrap();
        std::fs::write(scratch.log().join("latest"), &latest).unwrap();
        let recovery = check_recovered(&scratch, &bytes[answered..cut], cut);
        assert_eq!(recovery.is_some(), cut != answered && cut != bytes.len(), "cut at {cut}");
        kept[usize::try_from(recovery.map_or(3, |recovery| recovery.kept_entries)).unwrap()] += 1;
    }
    assert!(kept.iter().all(|count| *count > 0), "{kept:?}");
}

#[test]
fn a_group_with_zeros_where_pages_never_reached_the_disk_is_cut_off() {
    let (scratch, bytes, answered) = interrupted();
    let latest = std::fs::read(scratch.log().join("latest")).unwrap();
    for from in (answered..bytes.len()).step_by(7) {
        for to in [bytes.len(), (from + 40).min(bytes.len())] {
            let mut torn = bytes.clone();
            torn[from..to].fill(0);
            if torn == bytes {
                continue;
            }
            std::fs::write(head(&scratch), &torn).unwrap();
            std::fs::write(scratch.log().join("latest"), &latest).unwrap();
            assert!(check_recovered(&scratch, &torn[answered..], from).is_some(), "zeros {from}..{to}");
        }
    }
}

#[test]
fn a_whole_frame_behind_a_torn_one_does_not_hide_it() {
    let (scratch, mut bytes, answered) = interrupted();
    // Another writer's frame follows, whole; neither was synced when the power went.
    let mut ledger = reopen(&scratch).unwrap();
    let latest = std::fs::read(scratch.log().join("latest")).unwrap();
    ledger.append(records(5, 1)).unwrap();
    bytes = [bytes, std::fs::read(head(&scratch)).unwrap()[bytes_len(&scratch, answered)..].to_vec()].concat();
    bytes[answered + 30] ^= 0xff;
    std::fs::write(head(&scratch), &bytes).unwrap();
    std::fs::write(scratch.log().join("latest"), latest).unwrap();
    let ledger = reopen(&scratch).unwrap();
    assert_eq!((ledger.size(), ledger.recovery().map(|recovery| recovery.size)), (2, Some(2)));
}

/// Where the frame begins that was appended last in [`a_whole_frame_behind_a_torn_one_does_not_hide_it`].
fn bytes_len(scratch: &Scratch, answered: usize) -> usize {
    let bytes = std::fs::read(head(scratch)).unwrap();
    answered + bailiwick_ledger::head::read(&bytes[answered..]).unwrap().len
}

#[test]
fn a_writer_finds_what_another_left_torn_while_it_was_waiting() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 2)).unwrap();
    let mut bytes = std::fs::read(head(&scratch)).unwrap();
    bytes.extend_from_slice(b"bwf1");
    std::fs::write(head(&scratch), bytes).unwrap();
    assert_eq!(ledger.append(records(2, 1)).unwrap()[0].entry(), 2);
    assert_eq!(ledger.recovery().unwrap().torn_bytes, 4);
    assert_eq!(verify(&scratch.log(), &VerifyOptions::default()).unwrap().size, 3);
}

#[test]
fn a_head_shorter_than_its_checkpoint_is_refused_at_every_length_and_left_alone() {
    let scratch = Scratch::new();
    scratch.open().append(records(0, 2)).unwrap();
    scratch.open().append(records(2, 2)).unwrap();
    let bytes = std::fs::read(head(&scratch)).unwrap();
    for cut in 0..bytes.len() {
        std::fs::write(head(&scratch), &bytes[..cut]).unwrap();
        assert_eq!(damage(reopen(&scratch)).path, head(&scratch), "cut at {cut}");
        assert_eq!(std::fs::read(head(&scratch)).unwrap(), &bytes[..cut]);
        let failure = verify(&scratch.log(), &VerifyOptions::default()).unwrap_err();
        assert_eq!(failure.file, Path::new("head"), "cut at {cut}");
    }
}

#[test]
fn a_head_that_shrinks_under_a_writer_is_refused() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 2)).unwrap();
    let file = File::options().write(true).open(head(&scratch)).unwrap();
    file.set_len(file.metadata().unwrap().len() - 1).unwrap();
    assert!(matches!(ledger.append(records(2, 1)), Err(AppendError::Damaged(_))));
}

#[test]
fn a_log_whose_files_are_taken_away_is_not_made_anew() {
    for name in ["head", "latest"] {
        let scratch = Scratch::new();
        scratch.open().append(records(0, 1)).unwrap();
        std::fs::remove_file(scratch.log().join(name)).unwrap();
        let damage = damage(reopen(&scratch));
        assert_eq!((damage.path, damage.kind), (scratch.log().join(name), DamageKind::Missing));
    }
    let scratch = Scratch::new();
    scratch.open().append(records(0, 256)).unwrap();
    for name in ["head", "latest", "checkpoint"] {
        std::fs::remove_file(scratch.log().join(name)).unwrap();
    }
    assert_eq!(damage(reopen(&scratch)).kind, DamageKind::Missing);
}

#[test]
fn an_unsigned_head_is_refused() {
    let (one, two) = (Scratch::new(), Scratch::new());
    one.open().append(records(0, 1)).unwrap();
    two.open().append(records(0, 1)).unwrap();
    std::fs::copy(head(&two), head(&one)).unwrap();
    assert_eq!(damage(reopen(&one)).kind, DamageKind::Signature);
}

#[test]
fn a_changed_tile_is_not_built_on() {
    let scratch = Scratch::new();
    let mut ledger = scratch.open();
    ledger.append(records(0, 256)).unwrap();
    let tile = scratch.log().join("tile/1/000.p/1");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[5] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    ledger.append(records(256, 256)).unwrap();
    assert!(matches!(ledger.publish(), Err(AppendError::Damaged(Damage { kind: DamageKind::Hashes, .. }))));
}

#[test]
fn a_held_lock_is_waited_for_until_the_deadline_and_no_longer() {
    let scratch = Scratch::new();
    let options = Options { lock_wait: Duration::from_millis(50), ..scratch.options() };
    let mut ledger = Ledger::open(&scratch.log(), options.clone()).unwrap();
    let holder = File::open(scratch.log().join("lock")).unwrap();
    holder.lock().unwrap();
    let began = Instant::now();
    let error = ledger.append(records(0, 1)).unwrap_err();
    assert!(matches!(error, AppendError::Lock(LockError::TimedOut { waited }) if waited >= options.lock_wait));
    assert!(began.elapsed() < Duration::from_secs(2));
    let error = Ledger::open(&scratch.log(), options).unwrap_err();
    assert!(matches!(error, OpenError::Lock(LockError::TimedOut { .. })));
    drop(holder);
    assert_eq!(ledger.append(records(0, 1)).unwrap()[0].entry(), 0);
}

#[test]
fn a_key_that_is_corrupt_missing_open_to_others_or_another_is_refused() {
    let scratch = Scratch::new();
    scratch.open().append(records(0, 1)).unwrap();
    let key = scratch.options().key;
    let text = std::fs::read(&key).unwrap();
    let key_error = || match reopen(&scratch) {
        Err(OpenError::Key(error)) => error,
        other => panic!("no key error: {other:?}"),
    };
    std::fs::write(&key, &text[..text.len() - 9]).unwrap();
    assert!(matches!(key_error(), KeyFileError::Invalid { .. }));
    std::fs::write(&key, Scratch::new().open().vkey()).unwrap();
    assert!(matches!(key_error(), KeyFileError::Invalid { .. }));
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(key_error(), KeyFileError::Missing { .. }));
    let other = Scratch::new();
    other.open();
    std::fs::copy(other.options().key, &key).unwrap();
    assert!(matches!(key_error(), KeyFileError::Mismatch { .. }));
    std::fs::write(&key, &text).unwrap();
    std::fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(key_error(), KeyFileError::Exposed { mode: 0o644, .. }));
    std::fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    std::fs::write(scratch.log().join("key.pub"), "x").unwrap();
    assert!(matches!(key_error(), KeyFileError::Invalid { .. }));
    std::fs::remove_file(scratch.log().join("latest")).unwrap();
    std::fs::remove_file(scratch.log().join("head")).unwrap();
    assert!(matches!(Reader::open(&scratch.log()), Err(ReadError::Damaged(_))));
}

/// Runs test `name` again in a child whose shell first runs `setup`.
fn in_child(name: &str, setup: &str, dir: &Path) {
    let script = format!("{setup} && exec \"$0\" --exact {name} --nocapture");
    let mut command = Command::new("unshare");
    // A user and mount namespace of its own: what is mounted goes with the child, and no root is needed.
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).arg(std::env::current_exe().unwrap());
    let output = command.env("BAILIWICK_FAULT_DIR", dir).output().expect("util-linux has unshare");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{name} in a child: {said}");
}

fn child_dir() -> Option<std::path::PathBuf> {
    std::env::var_os("BAILIWICK_FAULT_DIR").map(Into::into)
}

#[test]
fn a_full_disk_refuses_and_what_was_answered_stays() {
    let Some(dir) = child_dir() else {
        let scratch = Scratch::new();
        let mount = "mount -t tmpfs -o size=512k none \"$BAILIWICK_FAULT_DIR\"";
        return in_child("a_full_disk_refuses_and_what_was_answered_stays", mount, scratch.path());
    };
    std::fs::write(dir.join("ballast"), [1; 65_536]).unwrap();
    let mut ledger = Ledger::open(&dir.join("log"), Options::new(dir.join("keys/log.key"))).unwrap();
    let error = loop {
        assert!(ledger.size() < 20_000, "the disk never filled");
        if let Err(error) = ledger.append(records(ledger.size(), 20)) {
            break error;
        }
    };
    let AppendError::Io(error) = error else { panic!("not an I/O error: {error}") };
    assert_eq!(error.source.kind(), ErrorKind::StorageFull);
    let report = verify(&dir.join("log"), &VerifyOptions::default()).unwrap();
    assert_eq!((report.size, report.torn_bytes), (ledger.size(), 0));
    assert!(ledger.objects().put(&[1; 600_000]).is_err());
    // With room again, the same writer goes on.
    std::fs::remove_file(dir.join("ballast")).unwrap();
    assert_eq!(ledger.append(records(report.size, 1)).unwrap()[0].entry(), report.size);
    assert_eq!(verify(&dir.join("log"), &VerifyOptions::default()).unwrap().size, report.size + 1);
}

#[test]
fn a_file_that_may_not_grow_refuses_and_is_left_whole() {
    let Some(dir) = child_dir() else {
        let scratch = Scratch::new();
        scratch.open().append(records(0, 20)).unwrap();
        // The limit is in kibibytes or half of them; the head has 3 KiB, the write below over 40.
        let limit = "trap '' XFSZ && ulimit -f 16";
        return in_child("a_file_that_may_not_grow_refuses_and_is_left_whole", limit, scratch.path());
    };
    let mut ledger = Ledger::open(&dir.join("log"), Options::new(dir.join("keys/log.key"))).unwrap();
    let error = ledger.append(records(20, 200)).unwrap_err();
    assert!(matches!(error, AppendError::Io(error) if error.source.kind() == ErrorKind::FileTooLarge));
    assert_eq!(ledger.append(records(20, 1)).unwrap()[0].entry(), 20);
    let report = verify(&dir.join("log"), &VerifyOptions::default()).unwrap();
    assert_eq!((report.size, report.torn_bytes), (21, 0));
}

#[test]
fn a_read_only_disk_refuses_writers_and_lets_readers_read() {
    let Some(dir) = child_dir() else {
        let scratch = Scratch::new();
        scratch.open().append(records(0, 2)).unwrap();
        let mount = "mount --bind \"$BAILIWICK_FAULT_DIR\" \"$BAILIWICK_FAULT_DIR\" && \
                     mount -o remount,bind,ro \"$BAILIWICK_FAULT_DIR\"";
        return in_child("a_read_only_disk_refuses_writers_and_lets_readers_read", mount, scratch.path());
    };
    let error = Ledger::open(&dir.join("log"), Options::new(dir.join("keys/log.key"))).unwrap_err();
    let OpenError::Lock(LockError::Io(error)) = error else { panic!("not an I/O error: {error:?}") };
    assert_eq!(error.source.kind(), ErrorKind::ReadOnlyFilesystem);
    assert_eq!(Reader::open(&dir.join("log")).unwrap().size(), 2);
    assert_eq!(verify(&dir.join("log"), &VerifyOptions::default()).unwrap().size, 2);
}
