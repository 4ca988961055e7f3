//! Runs the case pages of drafts: `tools` is what a server says of its tools, `out` the entries of the map.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use bailiwick_casebook::{Case, run};
use bailiwick_guard::draft::{drafts, offered};

#[test]
fn pages() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/draft");
    match run(&dir, &check) {
        Ok(count) => assert!(count > 0),
        Err(problems) => assert!(problems.is_empty(), "{problems}"),
    }
}

fn check(case: &Case) -> String {
    let listed = serde_json::from_str(case.input("tools")).unwrap();
    match offered(&listed) {
        Err(why) => format!("{why}\n"),
        Ok(tools) => {
            drafts(&tools).iter().map(|(name, tool)| format!("{name}: {}\n", serde_json::to_string(tool).unwrap())).collect()
        }
    }
}
