//! How fast texts are read: views, all rules and the classifier, in processor time of one thread. In: this repository's own
//! Markdown pages and Rust sources, or with `--rows` rows of JSON (`text`, `kind`, `label`) on standard input. Out: a table.
//! With `--only PART` one part in a loop, for a profiler.
#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::disallowed_methods, reason = "a program for development reads its input")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use bailiwick_detect::view::{Depth, views};
use bailiwick_detect::{Limits, classifier, scan};

/// A name, and what is timed under it.
type Part = (&'static str, fn(&str));

const PARTS: [Part; 3] = [
    ("all", |text| drop(black_box(scan(text, &whole())))),
    ("views", |text| views(text, Depth::default()).for_each(|view| drop(black_box(view)))),
    ("classifier", |text| {
        black_box(classifier::strongest(text));
    }),
];
const TIMES: usize = 7;

fn whole() -> Limits {
    Limits { classifier: Some(classifier::ONE_IN_A_THOUSAND), ..Limits::default() }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let texts = if words.contains(&"--rows") { rows() } else { own() };
    if let [.., "--only", part, name] = words.as_slice() {
        let part = PARTS.iter().find(|(known, _)| known == part).map_or(PARTS[0].1, |(_, part)| *part);
        let chosen: Vec<&String> = texts.iter().filter(|(known, _)| known.contains(name)).flat_map(|(_, texts)| texts).collect();
        (0..40).for_each(|_| chosen.iter().for_each(|text| part(text)));
        return;
    }
    println!("| text | bytes | ms, all | MB/s, all | MB/s, views alone | MB/s, classifier alone |\n|---|---|---|---|---|---|");
    for (name, texts) in &texts {
        line(name, texts);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a report")]
fn line(name: &str, texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let took = PARTS.map(|(_, part)| best(texts, part));
    let rate = |ns: u64| bytes as f64 * 1e3 / ns.max(1) as f64;
    let [all, views, classifier] = took.map(rate);
    let ms = took[0] as f64 / 1e6;
    println!("| {name} | {bytes} | {ms:.3} | {all:.1} | {views:.1} | {classifier:.1} |");
}

/// The best of some passes over the texts, in nanoseconds of processor time.
fn best(texts: &[String], part: fn(&str)) -> u64 {
    let pass = |_| {
        let start = on_cpu();
        texts.iter().for_each(|text| part(text));
        on_cpu().saturating_sub(start)
    };
    (0..TIMES).map(pass).min().unwrap_or(0)
}

/// Nanoseconds of processor time of this thread: a busy machine counts less.
fn on_cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap_or(0)
}

/// The repository's own texts: in one piece each, and one of 10 kB.
fn own() -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (pages, sources) = (together(&root, "md"), together(&root.join("crates"), "rs"));
    let cut = |text: &str, most: usize| text.get(..text.floor_char_boundary(most)).unwrap_or(text).to_owned();
    let design = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    vec![
        ("10 kB of Markdown".to_owned(), vec![cut(&design, 10_000)]),
        ("Markdown, case pages among it, in one text".to_owned(), vec![cut(&pages, 2 << 20)]),
        ("Rust, 2 MB in one text".to_owned(), vec![cut(&sources, 2 << 20)]),
    ]
}

/// All files with an extension below a directory, one after the other, in the order of their names.
fn together(directory: &Path, extension: &str) -> String {
    let mut files = Vec::new();
    collect(directory, extension, &mut files);
    files.sort();
    files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

fn collect(directory: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != ".git" {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
}

/// Rows by kind and label, at most 12 MB of each.
fn rows() -> Vec<(String, Vec<String>)> {
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(row) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
        let Some(text) = row["text"].as_str() else { continue };
        let word = |name: &str| row[name].as_str().unwrap_or("?").to_owned();
        let kept = kinds.entry(format!("{}, {}", word("kind"), word("label"))).or_default();
        if kept.iter().map(String::len).sum::<usize>() < 12 << 20 {
            kept.push(text.to_owned());
        }
    }
    kinds.into_iter().collect()
}
