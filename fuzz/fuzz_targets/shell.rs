//! Any text into the shell parser: it must end soon and never panic, and what it reads must not depend on the budget.
#![no_main]

use bailiwick_effect::shell::{Limits, Unread, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let read = parse(source, &Limits::default());
    if let Err(Unread::Syntax { at, .. }) = read {
        assert!(at as usize <= source.len());
    }
    // Half the budget gives the same answer or none.
    let limits = Limits { max_depth: 32, max_steps: 32_768, ..Limits::default() };
    let hasty = parse(source, &limits);
    assert!(hasty == read || hasty == Err(Unread::Limit));
});
