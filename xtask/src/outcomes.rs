//! `cargo xtask outcomes --data DIRECTORY [--write]`: what the usual policy does with texts of a corpus that come back from a web
//! page.
//!
//! In: a directory with `carrier_benign`, `hard_negative_benign` and `injection_attack` (`.jsonl.gz`, rows with `source`, `text`,
//! `fold`, `meta`), which is not part of this repository; and this repository's own files, once as pages and once as files of a
//! project. Out: how many go on as they came, are marked, or lose a part. Each is judged by the built binary in a session of
//! its own.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{measurements, say, shell};

const FILES: [(&str, &str); 3] = [
    ("carrier_benign", "harmless mails, pages and tool outputs"),
    ("hard_negative_benign", "texts about attacks, trigger words, harmless orders"),
    ("injection_attack", "injections, plain requests included"),
];

/// Rows of each file, spread evenly: all of them take an hour in a build for development.
const ROWS: usize = 1_500;

/// Longest text that is judged.
const LONGEST: usize = 200_000;

/// Runs it.
pub(crate) fn run(directory: &str, write: bool) -> Result<(), String> {
    say::step("building");
    shell::run(shell::cargo().args(["build", "--quiet", "-p", "bailiwick-cli"]))?;
    let binary = shell::target()?.join("debug/bailiwick");
    let work = shell::target()?.join("outcomes");
    say::step("judging");
    let mut text =
        String::from("| texts | rows | go on as they came | marked | a part taken out | withheld |\n|---|---|---|---|---|---|\n");
    for (name, what) in FILES {
        let texts = rows(&Path::new(directory).join(format!("{name}.jsonl.gz")))?;
        text.push_str(&line(what, &counted(&binary, &work, &texts, &page)?));
    }
    let own = own()?;
    text.push_str(&line("this repository's files, as pages of strangers", &counted(&binary, &work, &own, &page)?));
    text.push_str(&line("this repository's files, read where they lie", &counted(&binary, &work, &own, &file)?));
    let _ = fs::remove_dir_all(&work);
    say::line(&text);
    if write { measurements::put("outcomes", "cargo xtask outcomes --data DIRECTORY", &text) } else { Ok(()) }
}

/// A text, and the file that it is of.
type Text = (String, Option<PathBuf>);

/// Texts of fold test whose label is not doubtful.
fn rows(file: &Path) -> Result<Vec<Text>, String> {
    let lines = shell::output(Command::new("gzip").arg("-dc").arg(file))?;
    let rows = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let kept = rows.filter(|row| row["fold"] == "test" && row["meta"]["weak_label"] != true);
    let texts: Vec<String> = kept.filter_map(|row| row["text"].as_str().map(str::to_owned)).collect();
    let step = texts.len().div_ceil(ROWS).max(1);
    Ok(texts.into_iter().step_by(step).filter(|text| text.len() < LONGEST).map(|text| (text, None)).collect())
}

fn own() -> Result<Vec<Text>, String> {
    let root = shell::root();
    let names = shell::output(shell::at_root("git").args(["ls-files"]))?;
    let read = |name: &str| Some((fs::read_to_string(root.join(name)).ok()?, Some(root.join(name))));
    Ok(names.lines().filter_map(read).filter(|(text, _)| text.len() < LONGEST).collect())
}

fn page(_: &Text) -> (&'static str, Value) {
    ("WebFetch", json!({"url": "https://example.org/x", "prompt": "p"}))
}

fn file(text: &Text) -> (&'static str, Value) {
    ("Read", json!({"file_path": text.1}))
}

/// How many texts are handled in each way.
fn counted(
    binary: &Path,
    work: &Path,
    texts: &[Text],
    call: &dyn Fn(&Text) -> (&'static str, Value),
) -> Result<[usize; 4], String> {
    let _ = fs::remove_dir_all(work);
    fs::create_dir_all(work).map_err(|error| format!("cannot make {}: {error}", work.display()))?;
    let input = work.join("events");
    let mut events = File::create(&input).map_err(|error| error.to_string())?;
    for (index, text) in texts.iter().enumerate() {
        let (tool, arguments) = call(text);
        let id = index.to_string();
        let asked = json!({"event": "call", "session": id, "id": id, "tool": tool, "input": arguments, "cwd": shell::root()});
        let came = json!({"event": "outcome", "session": id, "id": id, "text": text.0, "error": null});
        write!(events, "{asked}\n{came}\n").map_err(|error| error.to_string())?;
    }
    let mut judge = Command::new(binary);
    judge.args(["judge", "--preset", "coding-agent", "--state"]).arg(work.join("state")).arg("--config").arg(work.join("config"));
    judge.stdin(Stdio::from(File::open(&input).map_err(|error| error.to_string())?));
    let answers = shell::output(&mut judge)?;
    let mut counts = [0; 4];
    let answers: Vec<Value> = answers.lines().skip(1).step_by(2).filter_map(|line| serde_json::from_str(line).ok()).collect();
    if answers.len() != texts.len() {
        return Err(format!("{} texts, {} answers", texts.len(), answers.len()));
    }
    for answer in answers {
        let at = match answer["handling"].as_str() {
            None => 0,
            Some("annotate") => 1,
            Some("redact") => 2,
            Some(_) => 3,
        };
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    Ok(counts)
}

fn line(what: &str, counts: &[usize; 4]) -> String {
    let all: usize = counts.iter().sum();
    let share = |count: &usize| format!("{count} ({:.1}%)", *count as f64 * 100.0 / all.max(1) as f64);
    let cells: Vec<String> = counts.iter().map(share).collect();
    format!("| {what} | {all} | {} |\n", cells.join(" | "))
}
