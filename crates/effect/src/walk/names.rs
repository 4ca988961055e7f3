//! What a substitution prints, where its output is run. In: the text of a word. Out: whether all of it is the output of
//! programs that print names, figures and dates of files, and no file's content.

use crate::shell::ast::{Command, CommandKind, Piece, Pipeline, RedirectKind, Script, Word};
use crate::shell::{Limits, parse};

/// Programs whose output is names, figures and dates.
const LISTERS: &[&str] = &[
    "ls",
    "find",
    "stat",
    "wc",
    "du",
    "df",
    "date",
    "basename",
    "dirname",
    "pwd",
    "realpath",
    "readlink",
    "whoami",
    "hostname",
    "uname",
    "id",
    "nproc",
    "md5sum",
    "sha1sum",
    "sha256sum",
    "file",
    "test",
    "[",
    "true",
    "false",
    "cd",
    "sleep",
    "seq",
    "tree",
    "mkdir",
    "touch",
    "chmod",
    "rm",
    "gzip",
    "gunzip",
    "mv",
    "cp",
    "ln",
];

/// Programs that only pass on, in another form or order, what comes over standard input.
const FILTERS: &[(&str, usize)] = &[
    ("sort", 0),
    ("uniq", 0),
    ("head", 0),
    ("tail", 0),
    ("wc", 0),
    ("tac", 0),
    ("rev", 0),
    ("nl", 0),
    ("cut", 0),
    ("tr", 2),
    ("grep", 1),
    ("egrep", 1),
    ("sed", 1),
    ("awk", 1),
    ("column", 0),
    ("paste", 0),
];

/// Most of a text that is looked at.
const MAX_BYTES: usize = 4096;

/// Whether the whole word is substitutions of that kind: `` `ls` ``, `$(find . | wc -l)`, a Markdown fence around one.
pub(super) fn prints_names(text: &str) -> bool {
    let Ok(script) = parse(text.get(..text.len().min(MAX_BYTES)).unwrap_or_default(), &Limits::default()) else { return false };
    let [item] = script.items.as_slice() else { return false };
    let [Command { kind: CommandKind::Simple { assigns, words }, .. }] = item.first.commands.as_slice() else { return false };
    let [word] = words.as_slice() else { return false };
    assigns.is_empty() && item.rest.is_empty() && word.pieces.iter().all(piece)
}

fn piece(piece: &Piece) -> bool {
    match piece {
        Piece::Command { script, .. } => list(script),
        Piece::Text { .. }
        | Piece::Tilde(_)
        | Piece::Param { .. }
        | Piece::Process { .. }
        | Piece::Arith(_)
        | Piece::Brace(_)
        | Piece::Pattern(_) => false,
    }
}

fn list(script: &Script) -> bool {
    script.items.iter().all(|item| pipeline(&item.first) && item.rest.iter().all(|(_, next)| pipeline(next)))
}

fn pipeline(pipeline: &Pipeline) -> bool {
    let mut commands = pipeline.commands.iter();
    commands.next().is_some_and(|first| command(first, false)) && commands.all(|next| command(next, true))
}

fn command(command: &Command, piped: bool) -> bool {
    let reads =
        |kind| matches!(kind, RedirectKind::Read | RedirectKind::ReadWrite | RedirectKind::HereDoc | RedirectKind::HereString);
    if command.redirects.iter().any(|redirect| reads(redirect.kind)) {
        return false;
    }
    let CommandKind::Simple { words, .. } = &command.kind else { return false };
    let Some(words) = words.iter().map(plain).collect::<Option<Vec<String>>>() else { return false };
    let Some((name, arguments)) = words.split_first() else { return true };
    // The name of a language at the head of a fence.
    let alone =
        !piped && arguments.is_empty() && matches!(name.to_ascii_lowercase().as_str(), "bash" | "sh" | "shell" | "console");
    // A number, or one sign, is an option's value.
    let value = |word: &str| word.len() == 1 || word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    let operands = arguments.iter().filter(|word| !word.starts_with('-') && !value(word)).count();
    alone
        || LISTERS.contains(&name.as_str()) && arguments.iter().all(|word| word != "-printf") && started(arguments)
        || piped && FILTERS.iter().any(|(filter, most)| name == filter && operands <= *most)
}

/// Whether what `find` starts prints names and figures too.
fn started(arguments: &[String]) -> bool {
    let starts = |word: &String| matches!(word.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir");
    arguments
        .iter()
        .enumerate()
        .filter(|(_, word)| starts(word))
        .all(|(at, _)| arguments.get(at + 1).is_some_and(|program| LISTERS.contains(&program.as_str())))
}

/// A word without anything that the shell would put in its place but paths.
fn plain(word: &Word) -> Option<String> {
    let mut whole = String::new();
    for piece in &word.pieces {
        match piece {
            Piece::Text { text, .. } | Piece::Tilde(text) => whole.push_str(text),
            Piece::Param { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arith(_)
            | Piece::Brace(_)
            | Piece::Pattern(_) => {
                return None;
            }
        }
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::prints_names;

    #[test]
    fn names_and_figures_are_told_from_contents() {
        for text in ["`ls -la`", "$(find . -name '*.c' | wc -l)", "```BASH\nfind /srv -type f | sort | head -n 3\n```", "``"] {
            assert!(prints_names(text), "{text}");
        }
        for text in [
            "`cat cmd`",
            "$(curl example.org)",
            "`ls | xargs cat`",
            "$(find . -exec cat {} +)",
            "`echo rm`",
            "$(ls)x",
            "`head -1 cmd`",
            "`ls | sort - cmd`",
            "`grep rm < cmd`",
            "$(printf rm)",
            "`ls` -rf",
            "`$x`",
        ] {
            assert!(!prints_names(text), "{text}");
        }
    }
}
