//! How many programs the table knows, counted so that the figure cannot flatter: files with their pages, names, and
//! names that are not another's alias.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test, and it counts files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What issue 3 asks for.
const FILES: usize = 200;
const DISTINCT: usize = 450;

fn below(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && path.extension().is_some_and(|given| given == extension) {
            found.push(path);
        }
    }
    found
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Files of `src/programs` that put programs into the table.
fn program_files() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/programs");
    let holds = |path: &PathBuf| std::fs::read_to_string(path).unwrap().contains("const PROGRAMS: &[Program]");
    below(&dir, "rs").into_iter().filter(holds).collect()
}

#[test]
fn every_file_of_programs_has_a_page_and_there_are_enough() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/programs");
    let pages: BTreeSet<String> = below(&pages, "md").iter().map(|path| stem(path)).collect();
    let files = program_files();
    let without: Vec<String> = files.iter().map(|path| stem(path)).filter(|name| !pages.contains(name)).collect();
    assert!(without.is_empty(), "no page: {without:?}");
    assert!(files.len() >= FILES, "{} files", files.len());
}

/// Names that are the same program by another name, which the count leaves out: GNU tools with a `g` before them,
/// versions, suffixes, systems' own spellings.
fn is_alias(name: &str, all: &BTreeSet<&str>) -> bool {
    let known = |shorter: Option<&str>| shorter.is_some_and(|shorter| all.contains(shorter));
    let versioned = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.').trim_end_matches('-');
    known(name.strip_prefix('g'))
        || (versioned != name && all.contains(versioned))
        || known(name.strip_suffix(".sh"))
        || ["-cli", "-gui", "-insiders", "-arm64", ".exe", ".py"].iter().any(|suffix| known(name.strip_suffix(suffix)))
        || known(name.split_once('.').map(|(first, _)| first))
        || known(name.split_once("-linux-gnu-").map(|(_, last)| last))
}

#[test]
fn enough_programs_are_known_by_names_that_are_no_alias() {
    let all: BTreeSet<&str> = bailiwick_effect::programs::all().flat_map(|program| program.names).copied().collect();
    let distinct = all.iter().filter(|name| !is_alias(name, &all)).count();
    let kinds = bailiwick_effect::programs::all().count();
    assert!(distinct >= DISTINCT && kinds >= FILES, "{} names, {distinct} distinct, {kinds} entries", all.len());
}
