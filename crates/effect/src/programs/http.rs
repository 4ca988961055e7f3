//! HTTPie and xh: requests whose items say by their form whether they ask or send: `name=value` and `name:=value` are
//! fields, `name@file` is a file, `name:value` a header, `name==value` a part of the address.

use bailiwick_vocab::effect::WriteMode;

use super::Program;
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
    "d",
    "H",
]);

const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

fn http(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    if args::asks_help(inv.args) || parsed.operands.is_empty() || parsed.has(&["offline"]) {
        return;
    }
    let given = parsed.operand(0).map(|word| word.text.to_ascii_uppercase()).filter(|word| METHODS.contains(&word.as_str()));
    let at = usize::from(given.is_some());
    let items = parsed.operands_from(at + 1);
    let sends = items.iter().filter(|item| sent(item, sink)).count() > 0 || parsed.has(&["raw", "d"]);
    files(inv, &parsed, sink);
    let piped = !matches!(inv.stdin, Stdin::Inherited) && !parsed.has(&["ignore-stdin", "I"]);
    let unknown = parsed.operands.iter().any(|word| !word.known());
    let usual = if sends || piped { "POST" } else { "GET" };
    let method = parsed.value(&["X"]).map(|word| word.text.to_ascii_uppercase()).or(given).unwrap_or_else(|| usual.to_owned());
    let upload = sends || piped || unknown || !matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let (host, port, scheme) = address(parsed.operand(at), inv.name);
    sink.connect(&host, port, &scheme, Some(&method), upload, inv.span);
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
fn address(word: Option<&Word>, name: &str) -> (String, Option<u16>, String) {
    let scheme = if matches!(name, "https" | "xhs") { "https" } else { "http" };
    let text = word.map_or("", |word| word.text.as_str());
    let full = match text {
        here if here.starts_with(':') && !here.starts_with("://") => format!("{scheme}://localhost{here}"),
        full if full.contains("://") && !full.starts_with("://") => full.to_owned(),
        bare => format!("{scheme}://{}", bare.trim_start_matches("://")),
    };
    url::parse(&full).map_or_else(|| ("*".to_owned(), None, scheme.to_owned()), |url| (url.host, url.port, url.scheme))
}
