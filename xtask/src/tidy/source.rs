//! The shape of one Rust file. In: its path and text. Out: its breaches.
//!
//! Works on lines as rustfmt leaves them; it does not parse Rust. What stands in a comment does not count; what stands
//! in a string may, so the words looked for are put together here from halves.

use super::File;

/// Most lines of code in a file, blank lines, comments and test modules apart: STYLE "Small".
const MAX_CODE_LINES: usize = 600;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "core", "manager"];

/// All rules for one file.
pub(crate) fn check(file: &File) -> Vec<String> {
    let lines = code_lines(&file.text);
    let mut breaches = Vec::new();
    if !file.text.starts_with("//!") {
        breaches.push(format!("{}:1: begins without `//!`", file.path));
    }
    breaches.extend(name(&file.path));
    breaches.extend(size(file, &lines));
    for line in &lines {
        breaches.extend(words(file, line));
    }
    breaches
}

/// A line of code.
struct Line<'a> {
    number: usize,
    text: &'a str,
    in_test_module: bool,
}

/// Lines that are neither blank nor comment, with whether they are inside a `#[cfg(test)] mod`.
fn code_lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut test_attribute = false;
    let mut in_test_module = false;
    for (index, line) in text.lines().enumerate() {
        let code = line.trim();
        if code.is_empty() || code.starts_with("//") {
            continue;
        }
        if test_attribute && code.starts_with("mod ") && code.ends_with('{') {
            in_test_module = true;
        }
        lines.push(Line { number: index + 1, text: code, in_test_module: in_test_module || line == "#[cfg(test)]" });
        // rustfmt puts the brace that closes a module of the file's top level in the first column.
        in_test_module &= line != "}";
        test_attribute = line == "#[cfg(test)]" || (test_attribute && code.starts_with("#["));
    }
    lines
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "benches" || part == "examples" || part == "fuzz_targets")
        || path.ends_with("/tests.rs")
}

fn size(file: &File, lines: &[Line<'_>]) -> Option<String> {
    let count = lines.iter().filter(|line| !line.in_test_module).count();
    (count > MAX_CODE_LINES && !is_test(&file.path))
        .then(|| format!("{}:1: {count} lines of code, {MAX_CODE_LINES} are the most", file.path))
}

fn name(path: &str) -> Option<String> {
    let parts = path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let empty = parts.clone().find(|part| EMPTY_NAMES.contains(part));
    if path.ends_with("/mod.rs") {
        return Some(format!("{path}:1: a module's file is foo.rs beside foo/"));
    }
    empty.map(|part| format!("{path}:1: `{part}` says nothing about what is inside"))
}

/// Rules about single lines.
fn words(file: &File, line: &Line<'_>) -> Vec<String> {
    let text = line.text;
    let mut breaches = Vec::new();
    let mut breach = |what: &str| breaches.push(format!("{}:{}: {what}", file.path, line.number));
    if text.starts_with("pub use ") && text.ends_with("::*;") {
        breach("a glob re-export hides where a name comes from");
    }
    if text.starts_with(concat!("#[ig", "nore")) {
        breach("an ignored test is a test that cannot fail");
    }
    if let Some(module) = inline_module(text).filter(|module| EMPTY_NAMES.contains(module)) {
        breach(&format!("`{module}` says nothing about what is inside"));
    }
    if !file.path.starts_with(UNSAFE_HOME) && UNSAFE.iter().any(|form| text.contains(form)) {
        breach("unsafe code is in crate sandbox, below sys, and nowhere else");
    }
    if text.contains(concat!("issued_by", "_ledger")) && !may_issue(file, line) {
        breach("only crate ledger makes a receipt");
    }
    breaches
}

/// Where the kernel's interfaces are that no safe crate offers.
const UNSAFE_HOME: &str = "crates/sandbox/src/sys/";

const UNSAFE: &[&str] = &[
    concat!("uns", "afe {"),
    concat!("uns", "afe fn"),
    concat!("uns", "afe impl"),
    concat!("uns", "afe extern"),
    concat!("uns", "afe trait"),
    concat!("#[uns", "afe("),
    concat!("(uns", "afe_code"),
];

/// INVARIANT (recorded before answered): in shipped code the ledger alone makes a receipt. Tests of a dialect have no
/// ledger to ask, so test code may.
fn may_issue(file: &File, line: &Line<'_>) -> bool {
    ["crates/vocab/src/", "crates/ledger/src/"].iter().any(|home| file.path.starts_with(home))
        || is_test(&file.path)
        || line.in_test_module
}

fn inline_module(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("pub(crate) ").or_else(|| text.strip_prefix("pub ")).unwrap_or(text);
    rest.strip_prefix("mod ")?.split([' ', ';', '{']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> Vec<String> {
        check(&File { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_file_begins_with_what_it_is() {
        assert!(breaches("crates/x/src/a.rs", "//! A.\nfn f() {}\n").is_empty());
        assert_eq!(breaches("crates/x/src/a.rs", "fn f() {}\n").len(), 1);
    }

    #[test]
    fn a_file_of_more_than_600_code_lines_is_a_breach_tests_apart() {
        let long = format!("//! A.\n{}", "let x = 1;\n".repeat(601));
        assert_eq!(breaches("crates/x/src/a.rs", &long).len(), 1);
        assert!(breaches("crates/x/tests/a.rs", &long).is_empty());
        let comments = format!("//! A.\n{}", "// why\n\n".repeat(601));
        assert!(breaches("crates/x/src/a.rs", &comments).is_empty());
        let module = format!("//! A.\nfn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "    let x = 1;\n".repeat(601));
        assert!(breaches("crates/x/src/a.rs", &module).is_empty());
    }

    #[test]
    fn code_after_a_test_module_counts_again() {
        let text = format!("//! A.\n#[cfg(test)]\nmod tests {{\n    fn t() {{}}\n}}\n{}", "let x = 1;\n".repeat(601));
        assert_eq!(breaches("crates/x/src/a.rs", &text).len(), 1);
    }

    #[test]
    fn names_that_say_nothing_are_breaches() {
        for path in ["crates/x/src/util.rs", "crates/x/src/helpers/a.rs", "crates/x/src/a/mod.rs"] {
            assert_eq!(breaches(path, "//! A.\n").len(), 1, "{path}");
        }
        assert_eq!(breaches("crates/x/src/a.rs", "//! A.\npub(crate) mod common {\n}\n").len(), 1);
        assert!(breaches("crates/x/src/utility_bill.rs", "//! A.\nmod coreutils;\n").is_empty());
    }

    #[test]
    fn glob_re_exports_and_ignored_tests_are_breaches() {
        assert_eq!(breaches("crates/x/src/a.rs", "//! A.\npub use crate::b::*;\n").len(), 1);
        assert!(breaches("crates/x/src/a.rs", "//! A.\nuse super::*;\npub use crate::b::C;\n").is_empty());
        assert_eq!(breaches("crates/x/src/a.rs", concat!("//! A.\n#[ig", "nore]\nfn f() {}\n")).len(), 1);
    }

    #[test]
    fn unsafe_code_is_a_breach_and_the_word_in_a_comment_is_not() {
        assert_eq!(breaches("crates/x/src/a.rs", concat!("//! A.\nuns", "afe { f() }\n")).len(), 1);
        assert!(breaches("crates/x/src/a.rs", concat!("//! A.\n// uns", "afe { f() } would do\nf();\n")).is_empty());
    }

    #[test]
    fn only_the_ledger_makes_a_receipt_but_a_test_may() {
        let text = concat!("//! A.\nReceipt::issued_by", "_ledger(0, record);\n");
        assert_eq!(breaches("crates/guard/src/a.rs", text).len(), 1);
        assert!(breaches("crates/ledger/src/a.rs", text).is_empty());
        assert!(breaches("crates/dialect/tests/cases.rs", text).is_empty());
        let module = concat!("//! A.\n#[cfg(test)]\nmod tests {\n    Receipt::issued_by", "_ledger(0, record);\n}\n");
        assert!(breaches("crates/dialect/src/a.rs", module).is_empty());
    }
}
