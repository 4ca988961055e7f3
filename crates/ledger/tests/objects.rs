//! The object store keeps bytes under their digest, and nothing else.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/scratch.rs"]
#[expect(dead_code, reason = "shared with tests that use more of it")]
mod scratch;

use bailiwick_ledger::objects::{MAX_OBJECT_BYTES, ObjectError, Objects};
use scratch::Scratch;

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn what_is_put_is_got_until_it_is_erased() {
    let scratch = Scratch::new();
    let objects = Objects::at(scratch.path());
    assert_eq!(objects.put(b"abc").unwrap(), ABC);
    assert_eq!(objects.put(b"abc").unwrap(), ABC);
    assert!(scratch.path().join("objects/ba").join(&ABC[2..]).exists());
    assert_eq!(objects.get(ABC).unwrap(), b"abc");
    assert!(objects.erase(ABC).unwrap());
    assert!(!objects.erase(ABC).unwrap());
    assert!(matches!(objects.get(ABC), Err(ObjectError::Erased { .. })));
}

#[test]
fn a_changed_object_is_not_given_and_is_put_right_by_putting_it_again() {
    let scratch = Scratch::new();
    let objects = Objects::at(scratch.path());
    objects.put(b"abc").unwrap();
    std::fs::write(scratch.path().join("objects/ba").join(&ABC[2..]), b"abd").unwrap();
    assert!(matches!(objects.get(ABC), Err(ObjectError::Changed { .. })));
    objects.put(b"abc").unwrap();
    assert_eq!(objects.get(ABC).unwrap(), b"abc");
}

#[test]
fn only_a_digest_names_an_object() {
    let scratch = Scratch::new();
    let objects = Objects::at(scratch.path());
    let upper = ABC.to_uppercase();
    for name in ["", "..", "../../etc/passwd", &ABC[1..], upper.as_str()] {
        assert!(matches!(objects.get(name), Err(ObjectError::NotADigest)), "{name}");
        assert!(matches!(objects.erase(name), Err(ObjectError::NotADigest)), "{name}");
    }
}

#[test]
fn a_huge_object_is_refused() {
    let scratch = Scratch::new();
    let bytes = vec![0; MAX_OBJECT_BYTES + 1];
    assert!(matches!(Objects::at(scratch.path()).put(&bytes), Err(ObjectError::TooLarge { .. })));
    assert!(!scratch.path().join("objects").exists());
}
