//! Programs that change who may do what with files: chmod, chown, chgrp, chattr, setfacl, setcap, xattr, chcon.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["chmod", "gchmod"], effects: chmod },
    Program { names: &["chown", "gchown", "chgrp", "gchgrp"], effects: chown },
    Program { names: &["chattr", "chflags"], effects: chattr },
    Program { names: &["setfacl"], effects: setfacl },
    Program { names: &["setcap"], effects: setcap },
    Program { names: &["chcon", "restorecon", "setfattr", "xattr"], effects: attributes },
];

/// Whether a mode makes a program run with its owner's rights.
pub(super) fn gives_rights(mode: &str) -> bool {
    let digits = mode.trim_start_matches(['0', '=', '+', '-']);
    let octal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if octal {
        // Four digits: the first holds set-user-id (4) and set-group-id (2).
        return digits.len() == 4 && matches!(digits.as_bytes().first(), Some(b'2'..=b'7'));
    }
    mode.split(',').any(|clause| clause.split(['+', '=']).skip(1).any(|rights| rights.contains('s')))
}

fn change(parsed: &Parsed, from: usize, recursive: &[&str], sink: &mut Sink) {
    let tree = parsed.may_have(recursive);
    for path in parsed.operands_from(from) {
        if tree { sink.write_tree(path, WriteMode::Metadata) } else { sink.write(path, WriteMode::Metadata) }
    }
}

/// `chmod -x f` and `chmod -rw f`: a mode that begins with a dash is no option.
fn is_minus_mode(word: &Word) -> bool {
    let letters = word.text.strip_prefix('-').unwrap_or("");
    !letters.is_empty() && letters.chars().all(|letter| "rwxXstugoa,+=-".contains(letter))
}

fn chmod(invocation: &Invocation<'_>, sink: &mut Sink) {
    let minus = invocation.args.iter().find(|word| is_minus_mode(word));
    let rest: Vec<Word> = invocation.args.iter().filter(|word| !is_minus_mode(word)).cloned().collect();
    let parsed = parse(&rest, &Grammar::valued(&["reference"]));
    let mode_given = minus.is_some() || parsed.has(&["reference"]);
    let mode = if mode_given { None } else { parsed.operand(0) };
    if mode.is_some_and(|mode| gives_rights(&mode.text) || !mode.known()) {
        sink.deed(Deed::Escalate { how: "set-user-id".to_owned() }, invocation.span);
    }
    change(&parsed, usize::from(!mode_given), &["R", "recursive"], sink);
}

fn chown(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["reference", "from"]));
    change(&parsed, usize::from(!parsed.has(&["reference"])), &["R", "recursive"], sink);
}

fn chattr(invocation: &Invocation<'_>, sink: &mut Sink) {
    let flags = |word: &&Word| word.text.starts_with(['+', '=']) || (word.text.starts_with('-') && word.text != "-R");
    let rest: Vec<Word> = invocation.args.iter().filter(|word| !flags(word)).cloned().collect();
    let parsed = parse(&rest, &Grammar::PLAIN);
    change(&parsed, usize::from(invocation.name == "chflags"), &["R"], sink);
}

fn setfacl(invocation: &Invocation<'_>, sink: &mut Sink) {
    let valued = &["m", "modify", "x", "remove", "M", "modify-file", "X", "remove-file", "set", "set-file", "restore"];
    let parsed = parse(invocation.args, &Grammar::valued(valued));
    for list in parsed.values(&["M", "modify-file", "X", "remove-file", "set-file", "restore"]) {
        if list.text != "-" {
            sink.read(list);
        }
    }
    if parsed.has(&["restore"]) {
        sink.write_tree(&Word::literal(".", invocation.span), WriteMode::Metadata);
    }
    change(&parsed, 0, &["R", "recursive"], sink);
}

fn setcap(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &Grammar::valued(&["n"]));
    sink.deed(Deed::Escalate { how: "file capabilities".to_owned() }, invocation.span);
    for pair in parsed.operands.chunks(2) {
        if let Some(path) = pair.last() {
            sink.write(path, WriteMode::Metadata);
        }
    }
}

fn attributes(invocation: &Invocation<'_>, sink: &mut Sink) {
    let valued = &["n", "name", "v", "value", "x", "remove", "reference", "u", "r", "t", "l", "user", "role", "type", "restore"];
    let grammar = if invocation.name == "xattr" { Grammar::PLAIN } else { Grammar::valued(valued) };
    let parsed = parse(invocation.args, &grammar);
    let reads = invocation.name == "xattr" && !parsed.may_have(&["w", "d", "c"]);
    if reads {
        parsed.operands.iter().for_each(|path| sink.read(path));
    } else {
        // The attribute's name, and its value, stand first.
        let skip = match (invocation.name == "xattr", parsed.has(&["w"]), parsed.has(&["d"])) {
            (true, true, _) => 2,
            (true, false, true) => 1,
            (true | false, _, _) => 0,
        };
        change(&parsed, skip, &["R", "r", "recursive"], sink);
    }
}
