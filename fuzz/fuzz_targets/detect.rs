//! Any bytes as a file: reading, taking off disguises, matching and redacting end without a panic; spans lie within the text,
//! on characters; what is redacted has nothing left to redact; a planted token is found in place.
#![no_main]

use bailiwick_detect::{Limits, canary, redact, scan, scan_bytes};
use libfuzzer_sys::fuzz_target;

const TOKEN: &str = "bwc-7Qm3xK9tLp2Rz8Vd";

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { classifier: Some(0.1), ..Limits::default() };
    let _ = scan_bytes(bytes, &limits);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for finding in scan(text, &limits) {
        let (start, end) = (finding.span.start as usize, finding.span.end as usize);
        assert!(start <= end && text.get(start..end).is_some());
    }
    let once = redact(text).text;
    assert_eq!(redact(&once).text, once);
    let planted = format!("{text} {TOKEN} ");
    assert!(canary::seen(&planted, &[TOKEN]).iter().any(|one| planted.get(one.span.clone()).is_some()));
});
