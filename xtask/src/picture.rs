//! `docs/try.svg`: the picture in the README, rendered from what `bailiwick try` really prints, so that it stays true.
//!
//! In: the run's output with its terminal colours. Out: the picture, or (for `--check`) whether the picture still has
//! the shape of the output: the same lines, but for numbers, digests and paths, which differ from run to run.

mod svg;
mod terminal;

use std::fs;
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
    let binary = shell::target()?.join("debug/bailiwick");
    shell::output(Command::new(binary).arg("try").env("CLICOLOR_FORCE", "1").env("COLUMNS", "100").env_remove("NO_COLOR"))
}

/// The picture's lines of text without what differs from run to run.
fn shape(picture: &str) -> Vec<String> {
    let lines = picture.lines().filter_map(|line| line.trim().strip_prefix("<text"));
    lines.map(|line| svg::text_of(line).split_whitespace().map(still).collect::<Vec<_>>().join(" ")).collect()
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
    fn another_word_or_another_line_is_another_shape() {
        assert_ne!(shape_of("allow\n"), shape_of("deny\n"));
        assert_ne!(shape_of("allow\n"), shape_of("allow\nallow\n"));
    }
}
