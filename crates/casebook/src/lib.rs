//! Runs Markdown case pages: each heading states a behaviour, its fenced blocks are the input, and the fence with
//! info string `out` is what must come out.
//!
//! `UPDATE=1 cargo test` rewrites the `out` fences in place; the diff is then reviewed like any other change. A page
//! without a case, a case without an input, one of which nothing comes out (its fence has a name that nobody reads) and a
//! directory without a page are failures, never silent.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One case: a heading and its blocks.
#[derive(Debug, Clone)]
pub struct Case {
    /// The heading's text.
    pub title: String,
    /// Input blocks in order: info string and body (with its final newline).
    pub inputs: Vec<(String, String)>,
}

impl Case {
    /// The body of the first input block whose info string is `info`, without its final newline; empty where there is none.
    #[must_use]
    pub fn input(&self, info: &str) -> &str {
        self.inputs.iter().find(|(name, _)| name == info).map_or("", |(_, body)| body.strip_suffix('\n').unwrap_or(body))
    }

    /// Whether there is such a block.
    #[must_use]
    pub fn has(&self, info: &str) -> bool {
        self.inputs.iter().any(|(name, _)| name == info)
    }
}

/// Runs every `*.md` page below `dir` (recursively, by name) through `check`, which turns a case into its output text.
///
/// # Errors
/// All mismatches as one readable text; also a missing directory, an unreadable page, a page without cases.
pub fn run(dir: &Path, check: &dyn Fn(&Case) -> String) -> Result<usize, String> {
    let mut pages = Vec::new();
    collect(dir, &mut pages)?;
    if pages.is_empty() {
        return Err(format!("no case pages below {}", dir.display()));
    }
    let update = std::env::var_os("UPDATE").is_some();
    let mut count = 0;
    let mut failures = String::new();
    for page in &pages {
        let text = fs::read_to_string(page).map_err(|error| format!("cannot read {}: {error}", page.display()))?;
        let (rewritten, cases, problems) = run_page(&text, check);
        if cases == 0 {
            let _ = writeln!(failures, "{}: no case on this page", page.display());
        }
        count += cases;
        if update && rewritten != text {
            fs::write(page, rewritten).map_err(|error| format!("cannot write {}: {error}", page.display()))?;
        } else if !update {
            for problem in problems {
                let _ = writeln!(failures, "{}: {problem}", page.display());
            }
        }
    }
    if failures.is_empty() { Ok(count) } else { Err(failures) }
}

fn collect(dir: &Path, pages: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(dir).map_err(|error| format!("cannot read {}: {error}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

/// Checks one page: its text with fresh `out` fences, the number of cases, and what did not match.
fn run_page(text: &str, check: &dyn Fn(&Case) -> String) -> (String, usize, Vec<String>) {
    let mut rewritten = String::with_capacity(text.len());
    let mut problems = Vec::new();
    let mut cases = 0;
    let mut case = Case { title: String::new(), inputs: Vec::new() };
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        rewritten.push_str(line);
        if let Some(title) = line.trim_end().strip_prefix('#') {
            case = Case { title: title.trim_start_matches('#').trim().to_owned(), inputs: Vec::new() };
        }
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks < 3 {
            continue;
        }
        let fence = "`".repeat(ticks);
        let info = line.trim_end().trim_start_matches('`').to_owned();
        let body: String = lines.by_ref().take_while(|line| line.trim_end() != fence).collect();
        if info == "out" {
            cases += 1;
            let mut got = check(&case);
            if !got.is_empty() && !got.ends_with('\n') {
                got.push('\n');
            }
            if case.inputs.is_empty() {
                problems.push(format!("case {:?} has no input", case.title));
            }
            if got.is_empty() {
                problems.push(format!("case {:?} says nothing: does anybody read {:?}?", case.title, case.inputs));
            }
            if got != body {
                problems.push(format!(
                    "case {:?}\n  input: {:?}\n  expected:\n{}  got:\n{}",
                    case.title,
                    case.inputs,
                    indent(&body),
                    indent(&got)
                ));
            }
            rewritten.push_str(&got);
            case.inputs.clear();
        } else {
            rewritten.push_str(&body);
            case.inputs.push((info, body));
        }
        rewritten.push_str(&fence);
        rewritten.push('\n');
    }
    (rewritten, cases, problems)
}

fn indent(text: &str) -> String {
    text.lines().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "    {line}");
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_output_is_a_problem_and_is_rewritten() {
        let page = "# one\n```sh\nls\n```\n```out\nwrong\n```\n";
        let (rewritten, cases, problems) = run_page(page, &|case| case.input("sh").to_uppercase());
        assert_eq!(cases, 1);
        assert_eq!(problems.len(), 1);
        assert_eq!(rewritten, "# one\n```sh\nls\n```\n```out\nLS\n```\n");
    }

    #[test]
    fn a_case_without_input_is_a_problem() {
        let (_, _, problems) = run_page("# one\n```out\nx\n```\n", &|_| "x".to_owned());
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_case_whose_fence_nobody_reads_is_a_problem() {
        let page = "# one\n```shh\nls\n```\n```out\n```\n";
        let (_, _, problems) = run_page(page, &|case| case.input("sh").to_uppercase());
        assert_eq!(problems.len(), 1);
    }
}
