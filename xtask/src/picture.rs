//! `docs/try.svg`: the picture in the README, rendered from what `bailiwick try` really prints, so that it stays true.
//!
//! In: the run's output with its terminal colours. Out: the picture, or (for `--check`) whether the picture still has
//! the shape of the output: the same lines, but for numbers, digests and paths, which differ from run to run.

mod svg;
mod terminal;

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::{say, shell};

/// Renders and writes it.
pub(crate) fn write() -> Result<(), String> {
    let picture = svg::render("cargo run --release -- try", &terminal::lines(&output()?));
    fs::write(file(), picture).map_err(|error| format!("cannot write {}: {error}", file().display()))?;
    say::line(&format!("wrote {}", file().display()));
    Ok(())
}

/// Compares shapes.
pub(crate) fn check() -> Result<(), String> {
    let kept = fs::read_to_string(file()).map_err(|error| format!("cannot read {}: {error}", file().display()))?;
    let fresh = svg::render("cargo run --release -- try", &terminal::lines(&output()?));
    let (kept, fresh) = (shape(&kept), shape(&fresh));
    if kept == fresh {
        return Ok(());
    }
    let pairs = kept.iter().zip(&fresh).find(|(kept, fresh)| kept != fresh);
    let first = pairs.map_or_else(
        || format!("{} lines in the picture, {} in the output", kept.len(), fresh.len()),
        |(kept, fresh)| format!("the picture has {kept:?}, the output {fresh:?}"),
    );
    Err(format!("docs/try.svg no longer shows what `try` prints ({first}); render it anew with `cargo xtask picture`"))
}

fn file() -> PathBuf {
    shell::root().join("docs/try.svg")
}

/// What `try` prints on a terminal.
fn output() -> Result<String, String> {
    shell::run(shell::cargo().args(["build", "--quiet", "-p", "bailiwick-cli"]))?;
    let mut command = Command::new(shell::target()?.join("debug/bailiwick"));
    // It names itself in what to type next; where it was built is nobody's business.
    command.arg0("bailiwick").arg("try").env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
    Ok(numbered(&shell::output(&mut command)?))
}

/// The throw-away project's directory has the process's number in its name; here it is always the same, so that no line
/// is longer in one run than in another.
fn numbered(output: &str) -> String {
    const NAME: &str = "bailiwick-try-";
    let mut parts = output.split(NAME);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(NAME);
        out.push_str("4711");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

/// The picture's lines of text without what differs from run to run.
fn shape(picture: &str) -> Vec<String> {
    let lines = picture.lines().filter_map(|line| line.trim().strip_prefix("<text"));
    lines.map(|line| line_shape(&svg::text_of(line))).collect()
}

/// Where a line was cut short depends on the length of what changes, so only its beginning counts.
fn line_shape(line: &str) -> String {
    let words = if line.contains('…') { 3 } else { usize::MAX };
    line.split_whitespace().take(words).map(still).collect::<Vec<_>>().join(" ")
}

/// A word without its changing part: anything with a digit in it, and any absolute path.
fn still(word: &str) -> &str {
    match word {
        word if word.contains("/tmp/") || word.starts_with('/') => "PATH",
        word if word.contains(|c: char| c.is_ascii_digit()) => "NUMBER",
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape_of(output: &str) -> Vec<String> {
        shape(&svg::render("try", &terminal::lines(output)))
    }

    #[test]
    fn the_shape_is_the_words_without_numbers_and_paths() {
        assert_eq!(
            shape_of("entry 12 in /tmp/a1 \u{1b}[32mallow\u{1b}[0m\n"),
            shape_of("entry 9 in /tmp/b7/c \u{1b}[32mallow\u{1b}[0m\n")
        );
    }

    #[test]
    fn the_projects_number_is_always_the_same() {
        assert_eq!(
            numbered("in /tmp/bailiwick-try-123/x and /tmp/bailiwick-try-9"),
            "in /tmp/bailiwick-try-4711/x and /tmp/bailiwick-try-4711"
        );
    }

    #[test]
    fn of_a_line_cut_short_the_beginning_counts() {
        assert_eq!(shape_of("ran: Bash done: one tw…\n"), shape_of("ran: Bash done: one…\n"));
    }

    #[test]
    fn another_word_or_another_line_is_another_shape() {
        assert_ne!(shape_of("allow\n"), shape_of("deny\n"));
        assert_ne!(shape_of("allow\n"), shape_of("allow\nallow\n"));
    }
}
