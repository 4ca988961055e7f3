//! xargs and parallel: a command with words from standard input.

use super::Program;
use super::listing;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["xargs", "gxargs"], effects: xargs }, Program { names: &["parallel", "rush"], effects: parallel }];

const XARGS: Grammar = Grammar {
    optional: &["e", "i", "l", "replace", "eof", "max-lines"],
    ..Grammar::wrapper(&[
        "I",
        "d",
        "E",
        "L",
        "n",
        "P",
        "s",
        "a",
        "J",
        "R",
        "S",
        "arg-file",
        "delimiter",
        "max-args",
        "max-procs",
        "max-chars",
        "process-slot-var",
    ])
};

fn xargs(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &XARGS);
    let list = parsed.value(&["a", "arg-file"]);
    if let Some(list) = list.filter(|list| list.text != "-") {
        sink.read(list);
    }
    if parsed.options.iter().any(|(name, _)| name == "help" || name == "version") {
        return;
    }
    let given = if list.is_some() { unknown(invocation) } else { given(invocation, &parsed) };
    let command = if parsed.operands.is_empty() { vec![Word::literal("echo", invocation.span)] } else { parsed.operands.clone() };
    let mark = replaced(&parsed);
    let words = match &mark {
        Some(mark) => with_mark(&command, mark, &given),
        None => command.into_iter().chain(given).collect(),
    };
    // The command's own input is empty; xargs has taken it.
    sink.run(
        &words,
        &if parsed.has(&["a", "arg-file"]) { invocation.stdin.clone() } else { Stdin::Text(Word::literal("", None)) },
    );
}

/// What `-I mark`, `-i[mark]` and `-J mark` replace.
fn replaced(parsed: &Parsed) -> Option<String> {
    let usual = || Some("{}".to_owned());
    match parsed.options.iter().rev().find(|(name, _)| matches!(name.as_str(), "I" | "J" | "i" | "replace"))? {
        (_, Some(mark)) if !mark.text.is_empty() => Some(mark.text.clone()),
        (_, Some(_) | None) => usual(),
    }
}

fn unknown(invocation: &Invocation<'_>) -> Vec<Word> {
    vec![Word::literal(UNKNOWN, invocation.span)]
}

/// The words on standard input, as far as they are known.
fn given(invocation: &Invocation<'_>, parsed: &Parsed) -> Vec<Word> {
    let Stdin::Text(text) = invocation.stdin else { return unknown(invocation) };
    if let Some(names) = listing::names(text) {
        return names;
    }
    // Quotes and backslashes have a meaning of their own there.
    let plain = text.known() && text.pattern.is_none() && !text.text.contains(['\'', '"', '\\', '\0']);
    if !plain || parsed.has(&["d", "delimiter", "0", "null", "E", "e"]) {
        return unknown(invocation);
    }
    let lines = replaced(parsed).is_some();
    let pieces: Vec<&str> =
        if lines { text.text.lines().map(str::trim).collect() } else { text.text.split_whitespace().collect() };
    pieces.into_iter().filter(|piece| !piece.is_empty()).map(|piece| Word::literal(piece, invocation.span)).collect()
}

/// The mark becomes each word; one command line stands for all of them.
fn with_mark(command: &[Word], mark: &str, given: &[Word]) -> Vec<Word> {
    let whole = |word: &Word| word.text == mark;
    command.iter().flat_map(|word| if whole(word) { given.to_vec() } else { vec![marked(word, mark, given)] }).collect()
}

fn marked(word: &Word, mark: &str, given: &[Word]) -> Word {
    if !word.text.contains(mark) {
        return word.clone();
    }
    match given {
        [only] if only.pattern.is_none() => Word::literal(word.text.replace(mark, &only.text), word.span),
        _ => Word::literal(word.text.replace(mark, &UNKNOWN.to_string()), word.span),
    }
}

/// GNU parallel: the command is text for a shell, arguments come from `:::` or standard input.
fn parallel(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let grammar = Grammar::wrapper(&[
        "j",
        "jobs",
        "P",
        "a",
        "arg-file",
        "S",
        "sshlogin",
        "I",
        "n",
        "N",
        "max-args",
        "L",
        "d",
        "delimiter",
        "colsep",
        "C",
        "joblog",
        "results",
        "timeout",
        "retries",
        "delay",
        "load",
        "halt",
        "tmpdir",
        "workdir",
        "wd",
        "env",
        "sshloginfile",
        "block",
        "recstart",
        "recend",
        "basefile",
        "return",
        "tagstring",
        "memfree",
        "nice",
    ]);
    let parsed = parse(invocation.args, &grammar);
    for path in parsed.values(&["a", "arg-file", "sshloginfile", "basefile"]) {
        super::readers::read_path(path, false, sink);
    }
    for path in parsed.values(&["joblog", "results"]) {
        sink.write_tree(path, bailiwick_vocab::effect::WriteMode::Change);
    }
    if parsed.has(&["S", "sshlogin", "sshloginfile"]) {
        sink.connect("", None, "ssh", None, true, invocation.span);
    }
    let sources = |word: &Word| matches!(word.text.as_str(), ":::" | "::::" | ":::+" | "::::+");
    let count = parsed.operands.iter().position(sources).unwrap_or(parsed.operands.len());
    let command: Vec<&str> = parsed.operands.iter().take(count).map(|word| word.text.as_str()).collect();
    let arguments: Vec<&Word> = parsed.operands_from(count).iter().filter(|word| !sources(word)).collect();
    let texts: Vec<String> = if arguments.is_empty() {
        vec![UNKNOWN.to_string()]
    } else {
        arguments.iter().take(32).map(|word| word.text.clone()).collect()
    };
    for text in &texts {
        quoted(parsed.operands.get(..count).unwrap_or_default(), text, invocation, sink);
    }
    for text in texts {
        sink.shell(&Word::literal(line(&command, &text), invocation.span));
    }
}

/// Settings, or `-q`, keep each word of the command a word: then a shell's `-c` gets the whole text that stands behind it.
fn quoted(command: &[Word], argument: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    let shell = |word: &Word| matches!(word.text.rsplit('/').next(), Some("sh" | "bash" | "zsh" | "dash" | "ksh" | "fish"));
    let code = |word: &Word| word.text.starts_with('-') && word.text.ends_with('c');
    if !command.first().is_some_and(shell) || !command.iter().any(code) {
        return;
    }
    let marks = command.iter().any(|word| word.text.contains("{}"));
    let put = |word: &Word| Word::literal(word.text.replace("{}", argument), word.span);
    let last = Some(Word::literal(argument, invocation.span)).filter(|_| !marks);
    let words: Vec<Word> = command.iter().map(put).chain(last).collect();
    sink.run(&words, &crate::invocation::Stdin::Inherited);
}

/// The line that one argument gives.
fn line(command: &[&str], argument: &str) -> String {
    let template = command.join(" ");
    let marks = ["{}", "{.}", "{/}", "{//}", "{/.}", "{#}", "{%}"];
    match (template.is_empty(), marks.iter().any(|mark| template.contains(mark))) {
        (true, _) => argument.to_owned(),
        (false, true) => marks.iter().fold(template, |text, mark| text.replace(mark, argument)),
        (false, false) => format!("{template} {argument}"),
    }
}
