//! The shell parser on its case pages, at its limits, and on sources made to be slow or deep.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![expect(clippy::disallowed_types, reason = "the time that reading takes is tested")]

#[path = "syntax/dump.rs"]
mod dump;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use bailiwick_effect::shell::ast::{CommandKind, RedirectKind};
use bailiwick_effect::shell::{Limits, Unread, parse};

fn show(source: &str) -> String {
    match parse(source, &Limits::default()) {
        Ok(script) => dump::script(&script),
        Err(Unread::Limit) => "unread: limit\n".to_owned(),
        Err(Unread::Syntax { at, what }) => format!("unread at {at}: {what}\n"),
    }
}

#[test]
fn case_pages() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/shell-syntax");
    bailiwick_casebook::run(&pages, &|case| show(case.input("sh"))).unwrap_or_else(|problems| panic!("{problems}"));
}

/// Every kind of nesting: what opens it and what closes it.
const NESTS: [(&str, &str); 21] = [
    ("$(", ")"),
    ("echo $(", ")"),
    ("echo \"$(", ")\""),
    ("echo \"a${x:-\"$(b ", ")\"}\""),
    ("( ", ")"),
    ("{ ", "; }"),
    ("if a; then ", "; fi"),
    ("if ", "; then a; fi"),
    ("while a; do ", "; done"),
    ("for x in a; do ", "; done"),
    ("case x in a) ", ";; esac"),
    ("f() { ", "; }"),
    ("cat <(", ")"),
    ("x=${y:-", "}"),
    ("x=(a $(", "))"),
    ("a && ! b | ( ", ")"),
    ("echo $((1 + $(", ") ))"),
    ("[[ a && ( b || -n $(", ") ) ]]"),
    ("x[$(", ")]=1"),
    ("coproc { ", "; }"),
    ("cat <<E\n$(", ")\nE\n"),
];

fn nested(open: &str, close: &str, depth: usize) -> String {
    let mut source = open.repeat(depth);
    source.push('a');
    source.push_str(&close.repeat(depth));
    source
}

/// Backquotes in backquotes: the escapes double at each level.
fn nested_backquotes(depth: usize) -> String {
    (0..depth).fold("a".to_owned(), |inner, _| format!("b `{}`", inner.replace('\\', "\\\\").replace('`', "\\`")))
}

#[test]
fn nested_backquotes_are_read() {
    assert_eq!(show(&nested_backquotes(3)), "b $(b $(b $(a)))\n");
    let deep = nested_backquotes(13);
    assert!(parse(&deep, &Limits::default()).is_ok(), "{}", deep.len());
}

/// INVARIANT (stack): depth 64 of anything fits half a mebibyte, debug build included.
#[test]
fn any_nesting_fits_a_small_stack() {
    for (open, close) in NESTS {
        for depth in [20, 63, 64, 65, 100, 3000] {
            let source = nested(open, close, depth);
            let worker = thread::Builder::new().stack_size(512 * 1024);
            let handle = worker.spawn(move || parse(&source, &Limits::default()).is_ok()).unwrap();
            let read = handle.join().unwrap();
            assert!(!read || depth <= 64, "{open} at depth {depth}");
        }
    }
}

#[test]
fn sane_nesting_is_read() {
    for (open, close) in NESTS {
        // A document inside a document needs another delimiter.
        if open.contains("<<E") {
            continue;
        }
        let source = nested(open, close, 9);
        assert!(parse(&source, &Limits::default()).is_ok(), "{source}");
    }
}

/// What made other parsers hang, and what might make this one: each is repeated to the longest source allowed.
const SLOW: [&str; 34] = [
    "(",
    "((",
    "$(",
    "$((",
    "`",
    "\\`",
    "\"",
    "'",
    "\"$(",
    "${",
    "${x:-",
    "<<A ",
    "<<A\n",
    "<<-A\n\t",
    "cat <<A $(",
    "{",
    "{a,",
    "}",
    "{1..64}",
    "~",
    "[",
    "a[",
    "x=(",
    "=([",
    "$[",
    "@(",
    "[[ (",
    "$'",
    "\\\n",
    "!",
    "! ",
    "time ",
    "a|",
    "<<\t<h",
];

#[test]
fn hostile_sources_end_soon() {
    for part in SLOW {
        for close in ["", ")", "a", "\n"] {
            let mut source = part.repeat(65_000 / part.len());
            source.push_str(&close.repeat(500));
            let start = Instant::now();
            let _ = parse(&source, &Limits::default());
            // Release takes under 20 ms; debug builds on a loaded machine take some twenty times that.
            assert!(start.elapsed() < Duration::from_secs(3), "{part:?} {close:?} took {:?}", start.elapsed());
        }
    }
}

#[test]
fn a_source_over_the_limit_is_not_read() {
    let limits = Limits { max_bytes: 10, ..Limits::default() };
    assert_eq!(parse("echo 123456", &limits), Err(Unread::Limit));
    assert!(parse("echo 12345", &limits).is_ok());
}

#[test]
fn depth_and_steps_can_be_set() {
    let shallow = Limits { max_depth: 1, ..Limits::default() };
    assert!(parse("(a)", &shallow).is_ok());
    assert_eq!(parse("((a); b)", &shallow), Err(Unread::Limit));
    let hasty = Limits { max_steps: 5, ..Limits::default() };
    assert_eq!(parse("echo a b c", &hasty), Err(Unread::Limit));
}

#[test]
fn a_nul_is_refused() {
    assert!(matches!(parse("echo a\0b", &Limits::default()), Err(Unread::Syntax { at: 6, .. })));
}

/// The source under a span.
fn under(source: &str, span: Option<bailiwick_vocab::effect::Span>) -> String {
    let span = span.unwrap();
    source.get(span.start as usize..span.end as usize).unwrap().to_owned()
}

#[test]
fn spans_point_into_the_source() {
    let source = "é=1 cmd  \"a b\" 2> out | (x; y) >z";
    let script = parse(source, &Limits::default()).unwrap();
    let commands = &script.items[0].first.commands;
    assert_eq!(under(source, Some(commands[0].span)), "é=1 cmd  \"a b\" 2> out");
    assert_eq!(under(source, Some(commands[0].redirects[0].span)), "2> out");
    assert_eq!(under(source, Some(commands[1].span)), "(x; y) >z");
    let CommandKind::Simple { words, .. } = &commands[0].kind else { panic!("simple") };
    assert_eq!(under(source, words[2].span), "\"a b\"");
}

#[test]
fn spans_inside_backquotes_and_documents_are_the_sources() {
    let source = "echo `a \\`rm x\\` b`; cat <<-E\n\t\t1 $(rm y)\n\tE\n";
    let script = parse(source, &Limits::default()).unwrap();
    let mut found = Vec::new();
    commands_within(&script, &mut |span| found.push(under(source, Some(span))));
    for expected in ["rm x", "rm y", "a \\`rm x\\` b"] {
        assert!(found.iter().any(|text| text == expected), "{expected} in {found:?}");
    }
}

/// Calls `see` with the span of each simple command in words and here-documents of simple commands.
fn commands_within(script: &bailiwick_effect::shell::ast::Script, see: &mut dyn FnMut(bailiwick_vocab::effect::Span)) {
    use bailiwick_effect::shell::ast::Piece;
    for command in script.items.iter().flat_map(|item| &item.first.commands) {
        see(command.span);
        let CommandKind::Simple { words, .. } = &command.kind else { continue };
        let documents = command.redirects.iter().filter(|redirect| redirect.kind == RedirectKind::HereDoc);
        for word in words.iter().chain(documents.map(|redirect| &redirect.target)) {
            for piece in &word.pieces {
                if let Piece::Command { script, .. } = piece {
                    commands_within(script, see);
                }
            }
        }
    }
}
