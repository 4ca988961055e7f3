//! A command as rules write it becomes a [`Line`], or the reason why it cannot: rules of text know of quotes, operators
//! and variables, a started program only of its arguments.

use bailiwick_vocab::permission::{Line, Wild};

/// Words that shells run themselves: no program is started, so no rule about programs meets them.
const BUILTINS: [&str; 30] = [
    ".", ":", "[", "alias", "bg", "builtin", "cd", "command", "declare", "echo", "eval", "exec", "exit", "export", "false", "fg",
    "jobs", "kill", "local", "printf", "pwd", "read", "set", "shift", "source", "test", "trap", "true", "ulimit", "unset",
];

/// The words of a command's text, without its quotes.
///
/// # Errors
/// Where the text is more than one program with plain arguments.
pub(super) fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    for letter in text.chars() {
        match (quote, letter) {
            (_, letter) if letter.is_control() && letter != '\t' => {
                return Err("it holds a line break or control character".into());
            }
            (Some(open), letter) if letter == open => quote = None,
            (Some('\''), letter) => word.get_or_insert_default().push(letter),
            (_, '$' | '`' | '\\') => return Err(format!("it holds {letter:?}, which a shell replaces before a program starts")),
            (Some(_), letter) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(letter);
            }
            (None, ';' | '|' | '&' | '<' | '>' | '(' | ')') => {
                return Err(format!(
                    "it holds {letter:?}: each program of a line is judged by itself, and what it reads and writes too"
                ));
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (None, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    if quote.is_some() { Err("a quote in it is not closed".into()) } else { Ok(words) }
}

/// The line of these words. With `stars`, each `*` stands for anything.
///
/// # Errors
/// Where no program is started by it.
pub(super) fn line(words: &[String], stars: bool, more: bool, home: Option<&str>) -> Result<Line, String> {
    let words: Vec<String> = words.iter().map(|word| at_home(word, home)).collect::<Result<_, _>>()?;
    let Some((program, arguments)) = words.split_first() else { return Err("it names no program".into()) };
    if program.is_empty() || words.iter().any(|word| word.chars().any(char::is_control)) {
        return Err("it holds an empty name or a control character".into());
    }
    if program.contains(char::is_whitespace) {
        return Err("its program's name holds a space".into());
    }
    if program.split_once('=').is_some_and(|(name, _)| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'))
    {
        return Err("it sets a variable first, which is no part of a program's arguments".into());
    }
    if BUILTINS.contains(&program.as_str()) {
        return Err(format!("{program} is the shell's own: it starts no program, and what it does is judged by its effects"));
    }
    let wild = |word: &String| if stars { Wild::parse(word) } else { Wild::text(word) };
    Ok(Line { program: wild(program), arguments: arguments.iter().map(wild).collect(), more })
}

/// `~/` is written out before a program starts.
fn at_home(word: &str, home: Option<&str>) -> Result<String, String> {
    match (word.strip_prefix('~'), home) {
        (None, _) => Ok(word.to_owned()),
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => Ok(format!("{home}{rest}")),
        (Some(_), _) => Err("it holds a `~`, and which directory that is is not known".into()),
    }
}
