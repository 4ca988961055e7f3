//! vim and its kin, emacs, nano and the desktop editors: files opened to be changed, commands given on the command
//! line, which may write anything and start anything.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar};
use crate::invocation::{Invocation, Sink, Stdin, Word};
use crate::programs::Program;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["vim", "vi", "nvim", "view", "gvim", "vimdiff", "rvim", "vim.basic", "vim.tiny", "mvim"], effects: vim },
    Program { names: &["emacs", "emacsclient", "xemacs"], effects: emacs },
    Program { names: &["nano", "pico", "micro", "helix", "hx", "joe", "mg", "kak"], effects: plain },
    Program { names: &["code", "code-insiders", "cursor", "codium", "subl", "windsurf", "zed"], effects: desktop },
];

const VIM: Grammar = Grammar {
    valued: &[
        "c",
        "S",
        "u",
        "U",
        "s",
        "w",
        "W",
        "T",
        "i",
        "P",
        "t",
        "q",
        "cmd",
        "listen",
        "server",
        "startuptime",
        "servername",
        "remote-expr",
        "remote-send",
    ],
    ..Grammar::PLAIN
};

fn vim(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) || matches!(inv.args, [only] if only.text == "-v" || only.text == "-h") {
        return;
    }
    let parsed = args::parse(&without_silent(inv), &VIM);
    let (commands, files): (Vec<&Word>, Vec<&Word>) = parsed.operands.iter().partition(|word| word.text.starts_with('+'));
    let looks = parsed.has(&["R", "M"]) || inv.name == "view";
    for word in files.iter().filter(|word| word.text != "-") {
        if looks { sink.read(word) } else { sink.write(word, WriteMode::Change) }
    }
    for word in commands.iter().filter_map(|word| word.after("+")).chain(parsed.values(&["c", "cmd"]).into_iter().cloned()) {
        command(&word, sink);
    }
    for word in parsed
        .values(&["S", "u", "U", "s", "remote-expr", "remote-send"])
        .into_iter()
        .filter(|word| !matches!(word.text.as_str(), "NONE" | "NORC" | "DEFAULTS"))
    {
        sink.opaque(OpaqueCause::Script, "vim", &[], word.span);
    }
    for word in parsed.values(&["w", "W", "startuptime"]) {
        sink.write(word, WriteMode::Replace);
    }
    if !matches!(inv.stdin, Stdin::Inherited) && (parsed.has(&["e", "E", "s", "es", "l"])) {
        sink.opaque(OpaqueCause::Dynamic, "vim", &[], inv.span);
    }
}

/// In ex mode `-s` means silent, elsewhere it names a script.
fn without_silent(inv: &Invocation<'_>) -> Vec<Word> {
    let ex = inv.args.iter().any(|word| matches!(word.text.as_str(), "-e" | "-E" | "-es" | "-Es"));
    let silent = |word: &&Word| ex && matches!(word.text.as_str(), "-s" | "-es" | "-Es");
    inv.args
        .iter()
        .map(|word| if silent(&word) { Word { text: "-e".to_owned(), ..word.clone() } } else { word.clone() })
        .collect()
}

/// One command of vim's command line. What is not known to be harmless is opaque.
fn command(word: &Word, sink: &mut Sink) {
    let text = word.text.trim_start_matches([':', ' ']);
    if let Some(shell) = text.strip_prefix('!') {
        return sink.shell(&Word::literal(shell, word.span));
    }
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    let path = Word::literal(rest.trim(), word.span);
    match name.trim_end_matches('!') {
        "w" | "write" | "wq" | "x" | "sav" | "saveas" | "up" | "update" | "wa" | "wqa" | "xa" | "wn"
            if !rest.contains('!') && !rest.contains('|') =>
        {
            if !path.text.is_empty() {
                sink.write(&path, WriteMode::Replace);
            }
        }
        "e" | "edit" | "r" | "read" | "tabe" | "sp" | "vs" if !rest.contains(['!', '|', '`']) => sink.read(&path),
        "q" | "quit" | "qa" | "qall" | "cq" | "syntax" | "sy" | "nohl" | "noh" | "" | "$" => {}
        "set" | "se" if word.known() && !rest.contains('|') && !touches_commands(rest) => {}
        number if number.bytes().all(|byte| byte.is_ascii_digit()) && rest.is_empty() => {}
        _ if is_substitution(text) => {}
        _ => sink.opaque(OpaqueCause::InlineCode, "vim", &[], word.span),
    }
}

/// Options whose values are commands or expressions.
fn touches_commands(rest: &str) -> bool {
    [
        "shell",
        "sh=",
        "prg",
        "expr",
        "exrc",
        "modeline",
        "runtimepath",
        "rtp",
        "tag",
        "func",
        "verbosefile",
        "backupdir",
        "path",
        "charconvert",
        "ccv",
        "patchexpr",
        "statusline",
        "stl",
    ]
    .iter()
    .any(|name| rest.contains(name))
}

/// `%s/a/b/g` and `/pattern`: an edit, without an expression (`\=`) or a second command.
fn is_substitution(text: &str) -> bool {
    let body = text.trim_start_matches(|c: char| "%.,$'<>".contains(c) || c.is_ascii_digit());
    let edits =
        body.strip_prefix('s').is_some_and(|rest| rest.starts_with(['/', '#', '@', ','])) || body.starts_with('/') || body == "d";
    edits && !text.contains('|') && !text.contains("\\=") && !text.contains('\n') && !text.contains(crate::invocation::UNKNOWN)
}

fn emacs(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar {
            valued: &[
                "eval",
                "execute",
                "load",
                "l",
                "script",
                "funcall",
                "f",
                "insert",
                "directory",
                "L",
                "u",
                "user",
                "e",
                "init-directory",
                "s",
                "socket-name",
                "a",
                "alternate-editor",
            ],
            long_with_one_dash: true,
            ..Grammar::PLAIN
        },
    );
    for word in parsed.values(&["eval", "execute", "funcall", "f", "e"]) {
        sink.opaque(OpaqueCause::InlineCode, "elisp", &[], word.span);
    }
    for word in parsed.values(&["load", "l", "script", "user", "u", "init-directory"]) {
        sink.opaque(OpaqueCause::Script, "elisp", &[], word.span);
    }
    for word in parsed.values(&["alternate-editor", "a"]) {
        sink.shell(word);
    }
    written(&parsed.operands, sink);
}

fn written(operands: &[Word], sink: &mut Sink) {
    for word in operands.iter().filter(|word| word.text != "-" && !word.text.starts_with('+')) {
        sink.write(word, WriteMode::Change);
    }
}

fn plain(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&["T", "r", "s", "speller", "C", "backupdir", "f", "rcfile", "Y", "o", "c", "config", "e", "E"]),
    );
    for word in parsed.values(&["s", "speller"]) {
        sink.shell(word);
    }
    for word in parsed.values(&["f", "rcfile", "e", "E"]) {
        sink.opaque(OpaqueCause::Script, inv.name, &[], word.span);
    }
    if parsed.has(&["v", "view"]) {
        return parsed.operands.iter().for_each(|word| sink.read(word));
    }
    written(&parsed.operands, sink);
}

fn desktop(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "g",
            "goto",
            "d",
            "locale",
            "user-data-dir",
            "profile",
            "extensions-dir",
            "install-extension",
            "uninstall-extension",
            "add-mcp",
            "command",
            "folder-uri",
            "file-uri",
            "log",
        ]),
    );
    if args::asks_help(inv.args) || parsed.has(&["list-extensions", "status", "v", "h"]) {
        return;
    }
    for word in parsed.values(&["install-extension"]) {
        sink.connect("marketplace.visualstudio.com", None, "https", Some("GET"), false, word.span);
        sink.opaque(OpaqueCause::Script, "editor-extension", &[], word.span);
    }
    if parsed.has(&["uninstall-extension", "add-mcp"]) {
        sink.deed(Deed::Configure { what: "editor".to_owned() }, inv.span);
    }
    for word in parsed.values(&["command"]) {
        sink.opaque(OpaqueCause::InlineCode, "editor", &[], word.span);
    }
    match parsed.operand(0).map(|word| word.text.as_str()) {
        Some("tunnel" | "serve-web") => {
            sink.connect("*", None, "https", None, true, inv.span);
            sink.deed(Deed::Persist { how: "editor tunnel".to_owned() }, inv.span);
        }
        Some(_) | None => parsed
            .operands
            .iter()
            .chain(parsed.values(&["g", "goto"]))
            .filter(|word| word.text != "-")
            .for_each(|word| sink.read(word)),
    }
}
