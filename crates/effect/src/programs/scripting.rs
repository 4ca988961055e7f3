//! perl, ruby, php, lua and osascript: code on the command line, script files, files changed in place.

use bailiwick_vocab::effect::{Hint, OpaqueCause, WriteMode};

use crate::args::Grammar;
use crate::invocation::{Inner, Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::{self, Reading};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["perl"], effects: perl },
    Program { names: &["ruby", "jruby"], effects: ruby },
    Program { names: &["php", "php-cli"], effects: php },
    Program { names: &["lua", "luajit"], effects: lua },
    Program { names: &["osascript"], effects: osascript },
];

const PERL: Grammar =
    Grammar { valued: &["e", "E", "I"], optional: &["i", "M", "m", "F", "C", "x", "d", "D", "V"], ..Grammar::PLAIN };
const RUBY: Grammar = Grammar { valued: &["e", "I", "r", "C", "E"], optional: &["i", "F", "x", "K", "W", "T"], ..Grammar::PLAIN };

fn perl(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &PERL, &[]);
    if reading.asks_help() || (reading.rest.is_empty() && reading.has(&["V"])) {
        return;
    }
    for word in reading.values(&["M", "m", "d"]) {
        // What stands after the module's name is pasted into the program.
        let plain = word.text.chars().all(|c| c.is_ascii_alphanumeric() || "_:=,-.".contains(c));
        let module = word.text.trim_start_matches('-').split('=').next().unwrap_or_default();
        if !plain || reading.has(&["I"]) {
            sink.code("perl", word);
        } else if !PERL_MODULES.contains(&module) && !module.starts_with("5.") && !module.starts_with("v5") {
            sink.opaque(OpaqueCause::Script, "perl", &[], word.span);
        }
    }
    if let Some(word) = inv.env("PERL5OPT").or_else(|| inv.env("PERL5LIB")).or_else(|| inv.env("PERL5DB")) {
        sink.opaque(OpaqueCause::Dynamic, "perl", &[], word.span);
    }
    code_or_script(inv, &reading, "perl", &["e", "E"], sink);
}

fn ruby(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &RUBY, &[]);
    if reading.asks_help() {
        return;
    }
    for word in reading.values(&["r"]).filter(|word| word.text.contains('/') || reading.has(&["I"])) {
        sink.inner.push(Inner::CodeFile { language: "ruby", path: word.clone() });
    }
    // `-run -e rm`: the library `un` makes commands of its words.
    if let Some(word) = reading.values(&["r"]).find(|word| word.text == "un") {
        sink.opaque(OpaqueCause::InlineCode, "ruby", &[Hint::Runs], word.span);
    }
    if let Some(word) = inv.env("RUBYOPT").or_else(|| inv.env("RUBYLIB")) {
        sink.opaque(OpaqueCause::Dynamic, "ruby", &[], word.span);
    }
    if let Some(word) = reading.values(&["C", "x"]).find(|word| !word.text.is_empty()) {
        sink.opaque(OpaqueCause::Dynamic, "ruby", &[], word.span);
    }
    code_or_script(inv, &reading, "ruby", &["e"], sink);
}

/// Perl's and ruby's common form: `-e` any number of times, `-n` and `-p` over the files named, `-i` in place.
fn code_or_script(inv: &Invocation<'_>, reading: &Reading, language: &'static str, code: &'static [&str], sink: &mut Sink) {
    let has_code = reading.has(code);
    let syntax_only = reading.has(&["c"]) && language == "ruby";
    let files = if has_code { reading.rest.as_slice() } else { reading.rest.get(1..).unwrap_or_default() };
    for file in files.iter().filter(|word| word.text != "-") {
        if reading.has(&["i"]) {
            sink.write(file, WriteMode::Replace);
            backup(file, reading, sink);
        } else if reading.has(&["n", "p"]) {
            opened(file, language, sink);
        }
    }
    for word in reading.values(code) {
        sink.code_with(language, word, &reading.rest);
    }
    if !has_code && syntax_only {
        reading.rest.first().into_iter().for_each(|word| sink.read(word));
    } else if !has_code {
        interpreter::script_or_input(inv, language, &reading.rest, sink);
    }
}

/// A file that `-n` and `-p` read. Perl opens it as it opens any name: `cmd |` runs, `> file` writes.
fn opened(file: &Word, language: &'static str, sink: &mut Sink) {
    let name = file.text.trim();
    if language != "perl" {
        sink.read(file);
    } else if let Some(command) = name.strip_suffix('|').or_else(|| name.strip_prefix('|')) {
        sink.shell(&Word::literal(command, file.span));
    } else if let Some(path) = name.strip_prefix('>') {
        sink.write(&Word::literal(path.trim_start_matches('>').trim(), file.span), WriteMode::Replace);
    } else {
        sink.read(file);
    }
}

/// Modules of Perl that change nothing by being loaded.
const PERL_MODULES: &[&str] = &[
    "strict",
    "warnings",
    "utf8",
    "feature",
    "open",
    "POSIX",
    "JSON",
    "JSON::PP",
    "Data::Dumper",
    "List::Util",
    "Scalar::Util",
    "Time::HiRes",
    "Time::Local",
    "Time::Piece",
    "MIME::Base64",
    "Digest::MD5",
    "Digest::SHA",
    "Encode",
    "File::Basename",
    "File::Spec",
    "Text::Wrap",
    "bigint",
    "bignum",
    "constant",
    "integer",
    "Getopt::Long",
    "URI::Escape",
    "Cwd",
    "Config",
    "English",
    "Text::ParseWords",
    "Unicode::Normalize",
];

/// `-i.bak` keeps the old text beside the file; with a `*` the name is built around it.
fn backup(file: &Word, reading: &Reading, sink: &mut Sink) {
    for suffix in reading.values(&["i"]).filter(|word| !word.text.is_empty()) {
        let text = if suffix.text.contains('*') {
            suffix.text.replace('*', &file.text)
        } else {
            format!("{}{}", file.text, suffix.text)
        };
        let pattern = file.pattern.as_ref().map(|pattern| format!("{pattern}{}", suffix.text));
        sink.write(&Word { text, pattern, span: suffix.span }, WriteMode::Replace);
    }
}

const PHP: Grammar = Grammar {
    valued: &[
        "r", "R", "B", "E", "F", "f", "S", "t", "c", "d", "z", "run", "file", "server", "docroot", "php-ini", "define", "rf",
        "rc", "ri",
    ],
    ..Grammar::PLAIN
};

fn php(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &PHP, &["r", "f", "F"]);
    if reading.asks_help() || reading.has(&["i", "m", "rf", "rc", "ri"]) {
        return;
    }
    for word in reading.values(&["d", "define"]) {
        let name = word.text.split('=').next().unwrap_or_default();
        if name.starts_with("auto_") || name.contains("extension") || name.contains("preload") || !word.known() {
            sink.opaque(OpaqueCause::Dynamic, "php", &[], word.span);
        }
    }
    for word in reading.values(&["c", "z", "php-ini"]) {
        sink.opaque(OpaqueCause::Script, "php", &[], word.span);
    }
    if let Some(word) = reading.values(&["S", "server"]).next() {
        let (host, port) = word.text.rsplit_once(':').unwrap_or((&word.text, ""));
        sink.connect(host, port.parse().ok(), "listen", None, true, word.span);
        sink.opaque(OpaqueCause::Script, "project", &[], word.span);
        return;
    }
    if reading.has(&["l", "s", "w"]) {
        return reading.rest.iter().for_each(|word| sink.read(word));
    }
    for word in reading.values(&["r", "R", "B", "E", "run"]) {
        sink.code_with("php", word, &reading.rest);
    }
    for word in reading.values(&["f", "F", "file"]) {
        sink.inner.push(Inner::CodeFile { language: "php", path: word.clone() });
    }
    if !reading.has(&["r", "R", "B", "E", "f", "F", "run", "file"]) {
        interpreter::script_or_input(inv, "php", &reading.rest, sink);
    }
}

fn lua(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &Grammar::valued(&["e", "l", "j"]), &[]);
    if reading.asks_help() {
        return;
    }
    for word in reading.values(&["e"]) {
        sink.code("lua", word);
    }
    for word in reading.values(&["l"]) {
        sink.opaque(OpaqueCause::Script, "lua", &[], word.span);
    }
    if inv.env("LUA_INIT").is_some() || inv.env("LUA_PATH").is_some() || inv.env("LUA_CPATH").is_some() {
        sink.opaque(OpaqueCause::Dynamic, "lua", &[], inv.span);
    }
    if !reading.has(&["e"]) || !reading.rest.is_empty() {
        interpreter::script_or_input(inv, "lua", &reading.rest, sink);
    }
}

fn osascript(inv: &Invocation<'_>, sink: &mut Sink) {
    let reading = interpreter::read(inv.args, &Grammar::valued(&["e", "l", "s"]), &[]);
    let javascript = reading.values(&["l"]).any(|word| word.text.eq_ignore_ascii_case("javascript"));
    let language = if javascript { "javascript" } else { "applescript" };
    for word in reading.values(&["e"]) {
        sink.code(language, word);
    }
    if !reading.has(&["e"]) {
        interpreter::script_or_input(inv, language, &reading.rest, sink);
    }
}
