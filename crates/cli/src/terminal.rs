//! Standard output for people and programs. Colours only on a terminal; a reader that went away ends the command
//! quietly, as it does for any tool in a pipe.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use bailiwick_vocab::case::Verdict;

use crate::failure::{Failure, Kind};

/// Writes one line.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.write_all(b"\n"));
    written.map_err(|error| {
        let gone = error.kind() == std::io::ErrorKind::BrokenPipe;
        let kind = if gone { Kind::ReaderGone } else { Kind::Environment };
        Failure::new(kind, "standard output cannot be written").because(error)
    })
}

/// Writes one JSON value as a line.
pub fn json(value: &serde_json::Value) -> Result<(), Failure> {
    line(&value.to_string())
}

/// A colour or weight.
#[derive(Clone, Copy)]
pub enum Ink {
    /// Allowed, or well.
    Green,
    /// Asks, or a warning.
    Yellow,
    /// Denied, or wrong.
    Red,
    /// Beside the point.
    Dim,
    /// A heading.
    Bold,
}

/// Whether colours are wanted: on a terminal, or where `CLICOLOR_FORCE` says so, never where `NO_COLOR` does.
pub fn colours() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    !set("NO_COLOR") && (std::io::stdout().is_terminal() || set("CLICOLOR_FORCE"))
}

/// The text in this ink, where colours are wanted.
pub fn ink(ink: Ink, text: &str) -> String {
    if !colours() {
        return text.to_owned();
    }
    let code = match ink {
        Ink::Green => "32",
        Ink::Yellow => "33",
        Ink::Red => "31;1",
        Ink::Dim => "2",
        Ink::Bold => "1",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// The verdict as a word of five letters, in its colour.
pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::Allow => ink(Ink::Green, "allow"),
        Verdict::Ask => ink(Ink::Yellow, "ask  "),
        Verdict::Deny => ink(Ink::Red, "deny "),
    }
}

/// Text that came from an agent or a file, made safe to show: control characters, which could repaint the terminal,
/// are written as escapes; at most `width` characters.
pub fn shown(text: &str, width: usize) -> String {
    let mut safe = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == width {
            safe.push('…');
            break;
        }
        if character == '\n' {
            safe.push('⏎');
        } else if hidden(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Characters that change how others are shown, or are not shown themselves.
fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Asks a person a question to be answered with yes; fails where nobody is there, saying how to go without.
pub fn confirmed(question: &str, without: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(Kind::Usage, "nobody is there to ask").hint(without));
    }
    line(&format!("{question} [y/N]"))?;
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.map_err(|error| Failure::new(Kind::Environment, "the answer cannot be read").because(error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
