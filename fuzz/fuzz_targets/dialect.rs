//! Any bytes as an agent's message or settings: parsing ends, a refusal is one JSON object, and settings that are
//! accepted stay as they should.
#![no_main]

use bailiwick_dialect::claude::settings::USER;
use bailiwick_dialect::settings::HookCommand;
use bailiwick_dialect::{claude, judge};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(event) = claude::parse(bytes) {
        let _ = claude::hook(&event);
    }
    let refusal = claude::refuse(bytes, "fuzz");
    assert!(refusal.starts_with(b"{") && refusal.ends_with(b"}\n"));
    if let Err(bad) = judge::parse(bytes) {
        assert!(judge::refuse(&bad.id, "fuzz").ends_with(b"}\n"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        settings(text);
    }
});

fn settings(text: &str) {
    let command = HookCommand { program: "/opt/bailiwick".to_owned(), args: Vec::new() };
    let Ok(change) = USER.plan_install(Some(text), &command) else { return };
    assert_eq!(USER.missing(&change.after, &command), Ok(Vec::new()));
    assert!(USER.plan_install(Some(&change.after), &command).is_ok_and(|again| again.is_nothing()));
    assert!(USER.plan_uninstall(&change.after).is_ok());
}
