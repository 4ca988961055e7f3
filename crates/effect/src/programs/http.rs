//! HTTPie and xh: requests whose items say by their form whether they ask or send: `name=value` and `name:=value` are
//! fields, `name@file` is a file, `name:value` a header, `name==value` a part of the address.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
use super::address::{Exchange, visit};
use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Stdin, Word};
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["http", "https", "xh", "xhs", "curlie"], effects: http }];

const GRAMMAR: Grammar = Grammar::valued(&[
    "a",
    "A",
    "o",
    "p",
    "P",
    "s",
    "auth",
    "auth-type",
    "output",
    "print",
    "session",
    "session-read-only",
    "proxy",
    "timeout",
    "verify",
    "cert",
    "cert-key",
    "style",
    "pretty",
    "max-redirects",
    "raw",
    "X",
    "H",
]);

/// curlie takes curl's options: `-d` is data, where it is a download for the others.
const CURLIE: Grammar = Grammar::valued(&[
    "a",
    "A",
    "o",
    "p",
    "s",
    "auth",
    "output",
    "proxy",
    "cert",
    "X",
    "H",
    "d",
    "data",
    "data-raw",
    "data-binary",
]);

const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

fn http(inv: &Invocation<'_>, sink: &mut Sink) {
    let curlie = inv.name == "curlie";
    let parsed = args::parse(inv.args, if curlie { &CURLIE } else { &GRAMMAR });
    if args::asks_help(inv.args) || parsed.operands.is_empty() || parsed.has(&["offline"]) {
        return;
    }
    let given = parsed.operand(0).map(|word| word.text.to_ascii_uppercase()).filter(|word| METHODS.contains(&word.as_str()));
    let at = usize::from(given.is_some());
    let items = parsed.operands_from(at + 1);
    let sends = items.iter().filter(|item| sent(item, sink)).count() > 0
        || parsed.has(&["raw"])
        || (curlie && parsed.has(&["d", "data", "data-raw", "data-binary"]));
    files(inv, &parsed, sink);
    let piped = !matches!(inv.stdin, Stdin::Inherited) && !parsed.has(&["ignore-stdin", "I"]);
    let unknown = parsed.operands.iter().any(|word| !word.known());
    let usual = if sends || piped { "POST" } else { "GET" };
    let method = parsed.value(&["X"]).map(|word| word.text.to_ascii_uppercase()).or(given).unwrap_or_else(|| usual.to_owned());
    let upload = sends || piped || unknown || !matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let address = Word::literal(address(parsed.operand(at), inv.name), inv.span);
    visit(sink, &address, Exchange { method: Some(&method), upload });
}

/// Whether an item goes out in the body; a file that it names is read.
fn sent(item: &Word, sink: &mut Sink) -> bool {
    let separator = item.text.find(['=', '@', ':']).unwrap_or(item.text.len());
    let rest = item.text.get(separator..).unwrap_or_default();
    let file = [":=@", "=@", ":@", "@", "==@"].iter().find_map(|mark| rest.strip_prefix(mark));
    if let Some(path) = file.filter(|path| !path.is_empty()) {
        let path = path.split(';').next().unwrap_or_default();
        sink.read(&Word::literal(path, item.span));
        return true;
    }
    (rest.starts_with('=') && !rest.starts_with("==")) || rest.starts_with(":=")
}

fn files(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["o", "output"]) {
        sink.write(word, WriteMode::Replace);
    }
    for word in parsed.values(&["cert", "cert-key"]) {
        sink.read(word);
    }
    for word in parsed.values(&["session"]).into_iter().filter(|word| word.text.contains('/')) {
        sink.write(word, WriteMode::Change);
    }
    if parsed.has(&["d", "download"]) && parsed.values(&["o", "output"]).is_empty() && inv.name != "curlie" {
        sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change);
    }
    for word in parsed.values(&["proxy"]) {
        let host = url::parse(word.text.split_once(':').map_or("", |(_, proxy)| proxy)).map_or_else(String::new, |url| url.host);
        sink.connect(&host, None, "https", None, true, word.span);
    }
}

/// `:3000/path` is this machine; without a scheme the program's name is one.
fn address(word: Option<&Word>, name: &str) -> String {
    let scheme = if matches!(name, "https" | "xhs") { "https" } else { "http" };
    let text = word.map_or("", |word| word.text.as_str());
    match text {
        here if here.starts_with(':') && !here.starts_with("://") => {
            let port = here.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
            format!("{scheme}://localhost{}", if port { here } else { here.trim_start_matches(':') })
        }
        full if full.contains("://") && !full.starts_with("://") => full.to_owned(),
        bare => format!("{scheme}://{}", bare.trim_start_matches("://")),
    }
}
