//! `cmd`: a text in; what its commands do out. Quotes, carets, pipes, redirections and variables are read; `for` and
//! labels are not.

use bailiwick_vocab::effect::{Hint, OpaqueCause, Span, WriteMode};

use crate::invocation::{Sink, Stdin, UNKNOWN, Word};

use super::cmdlets;
use super::words::Piece;

pub(super) fn read(text: &str, span: Option<Span>, sink: &mut Sink) {
    for command in split(text) {
        one(&command, span, sink);
    }
}

/// Commands between `&`, `&&`, `||`, `|` and line ends that no quotes hold.
fn split(text: &str) -> Vec<String> {
    let (mut commands, mut current) = (Vec::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    for character in text.chars() {
        match character {
            _ if escaped => {
                escaped = false;
                current.push(character);
            }
            '^' if !quoted => escaped = true,
            '"' => {
                quoted = !quoted;
                current.push(character);
            }
            '&' | '|' | '\n' | '(' | ')' if !quoted => commands.push(std::mem::take(&mut current)),
            _ => current.push(character),
        }
    }
    commands.push(current);
    commands.retain(|command| !command.trim().is_empty());
    commands.truncate(200);
    commands
}

/// Words and the files that output goes to.
fn words(command: &str, span: Option<Span>, sink: &mut Sink) -> Vec<Word> {
    let mut found: Vec<String> = Vec::new();
    let (mut quoted, mut fresh) = (false, true);
    let mut outputs = Vec::new();
    let mut characters = command.chars().peekable();
    let mut redirects: Option<bool> = None;
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let appends = characters.next_if_eq(&'>').is_some();
                if matches!(found.last().map(String::as_str), Some("1" | "2")) && !fresh {
                    found.pop();
                }
                if characters.next_if_eq(&'&').is_some() {
                    characters.next();
                } else {
                    redirects = Some(appends);
                    while characters.next_if(|next| next.is_whitespace()).is_some() {}
                    outputs.push((String::new(), appends));
                }
                fresh = true;
            }
            _ if character.is_whitespace() && !quoted => {
                fresh = true;
                redirects = None;
            }
            _ if redirects.is_some() => {
                if let Some((path, _)) = outputs.last_mut() {
                    path.push(character);
                }
            }
            _ => {
                if std::mem::take(&mut fresh) {
                    found.push(String::new());
                }
                found.last_mut().into_iter().for_each(|word| word.push(character));
            }
        }
    }
    for (path, appends) in outputs {
        if !path.eq_ignore_ascii_case("nul") {
            let word = cmdlets::path(&Word::literal(expanded(&path), span), span);
            sink.write(&word, if appends { WriteMode::Change } else { WriteMode::Replace });
        }
    }
    found.into_iter().map(|text| Word::literal(expanded(&text), span)).collect()
}

/// `%NAME%` is not known, save for the home and the temporary directory.
fn expanded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('%') else {
            out.push(UNKNOWN);
            return out;
        };
        match name.to_ascii_lowercase().as_str() {
            "userprofile" | "homepath" => out.push('~'),
            "temp" | "tmp" => out.push_str("/tmp"),
            "systemdrive" => out.push_str("C:"),
            "windir" | "systemroot" => out.push_str("C:/Windows"),
            _ => out.push(UNKNOWN),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn one(command: &str, span: Option<Span>, sink: &mut Sink) {
    let words = words(command.trim().trim_start_matches('@'), span, sink);
    let Some((first, rest)) = words.split_first() else { return };
    let name = first.text.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let cmdlet = match name {
        "echo" | "rem" | "ver" | "cls" | "title" | "vol" | "where" | "tasklist" | "systeminfo" | "whoami" | "hostname"
        | "ipconfig" | "find" | "findstr" | "tree" | "exit" | "pause" | "set" | "setlocal" | "endlocal" | "chcp" | "color"
        | "prompt" | "break" | "timeout" => {
            return;
        }
        "del" | "erase" | "rd" | "rmdir" => "remove-item",
        "copy" | "xcopy" | "robocopy" => "copy-item",
        "move" => "move-item",
        "ren" | "rename" => "rename-item",
        "type" | "more" => "get-content",
        "dir" => "get-childitem",
        "md" | "mkdir" => "new-item",
        "cd" | "chdir" | "pushd" => "set-location",
        "start" => "start-process",
        "call" if rest.first().is_some_and(|word| !word.text.starts_with(':')) => return one(&joined(rest), span, sink),
        "if" | "for" | "goto" | "call" | "assoc" | "ftype" | "mklink" | "cmd" | "subst" => {
            return sink.opaque(OpaqueCause::InlineCode, "batch", &[Hint::Runs], span);
        }
        other => other,
    };
    let pieces: Vec<Piece> =
        rest.iter().filter(|word| cmdlet != "start-process" || !is_start_flag(word)).cloned().map(Piece::Word).collect();
    let arguments = cmdlets::Arguments::of(&pieces, span);
    if !cmdlets::effects(cmdlet, &arguments, false, span, sink) {
        let mut words = vec![cmdlets::path(first, span)];
        words.extend(rest.iter().cloned());
        sink.run(&words, &Stdin::Inherited);
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// `start /b /wait program`.
fn is_start_flag(word: &Word) -> bool {
    word.text.starts_with('/') && word.text.len() < 12 || word.text.is_empty()
}
