//! wget: every address and proxy is a connection; posted files are uploads; what is fetched is written below the
//! directory prefix. Follows no redirect; a list of addresses in a file may name any host.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::address::{self, Exchange};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["wget", "wget2"], effects }];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
        "a", "A", "B", "D", "e", "i", "I", "l", "o", "O", "P", "Q", "R", "t", "T", "U", "w", "X", "accept", "accept-regex",
        "append-output", "base", "bind-address", "body-data", "body-file", "ca-certificate", "ca-directory",
        "certificate", "certificate-type", "ciphers", "compression", "config", "connect-timeout", "crl-file",
        "cut-dirs", "default-page", "directory-prefix", "dns-timeout", "domains", "egd-file", "exclude-directories",
        "exclude-domains", "execute", "follow-tags", "ftp-password", "ftp-user", "header", "hsts-file",
        "http-password", "http-user", "ignore-tags", "include-directories", "input-file", "level", "limit-rate",
        "load-cookies", "local-encoding", "max-redirect", "method", "output-document", "output-file", "password",
        "pinnedpubkey", "post-data", "post-file", "prefer-family", "private-key", "private-key-type", "progress",
        "proxy-password", "proxy-user", "quota", "random-file", "read-timeout", "referer", "regex-type", "reject",
        "reject-regex", "rejected-log", "remote-encoding", "report-speed", "restrict-file-names", "save-cookies",
        "secure-protocol", "start-pos", "timeout", "tries", "use-askpass", "user", "user-agent", "wait", "waitretry",
        "warc-cdx", "warc-dedup", "warc-file", "warc-header", "warc-max-size", "warc-tempdir",
    ],
    optional: &["proxy", "backups"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn effects(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(&without_no_bundles(inv.args), &GRAMMAR);
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "wget", &[], inv.span);
    }
    let method = method(&parsed);
    let exchange = Exchange { method: Some(&method), upload: uploads(&parsed, &method) };
    for address in &parsed.operands {
        transfer(address, exchange, &parsed, sink);
    }
    files(&parsed, exchange, sink);
    commands(inv, &parsed, exchange, sink);
}

/// `-nc`, `-nH`, `-np`, `-nv`, `-nd` are two letters each, not bundles: none takes a value, so they are left out.
fn without_no_bundles(args: &[Word]) -> Vec<Word> {
    args.iter().filter(|word| !matches!(word.text.as_str(), "-nc" | "-nH" | "-np" | "-nv" | "-nd")).cloned().collect()
}

fn values<'p>(parsed: &'p Parsed, names: &[&str]) -> Vec<&'p Word> {
    address::values(parsed, &GRAMMAR, names)
}

fn method(parsed: &Parsed) -> String {
    if let Some(word) = values(parsed, &["method"]).last() {
        return if word.known() { word.text.to_ascii_uppercase() } else { "*".to_owned() };
    }
    if !values(parsed, &["post-data", "post-file"]).is_empty() {
        return "POST".to_owned();
    }
    if parsed.has(&["spider"]) { "HEAD".to_owned() } else { "GET".to_owned() }
}

fn uploads(parsed: &Parsed, method: &str) -> bool {
    let sent = ["header", "U", "user-agent", "referer", "user", "password", "http-user", "http-password", "load-cookies"];
    !matches!(method, "GET" | "HEAD")
        || parsed.uncertain
        || !values(parsed, &["post-data", "post-file", "body-data", "body-file", "load-cookies"]).is_empty()
        || values(parsed, &sent).iter().any(|word| !word.known())
}

fn transfer(address: &Word, exchange: Exchange<'_>, parsed: &Parsed, sink: &mut Sink) {
    let url = address::visit(sink, address, exchange);
    if parsed.has(&["spider"]) || !values(parsed, &["O", "output-document"]).is_empty() {
        return;
    }
    let directory = values(parsed, &["P", "directory-prefix"]).last().copied();
    if parsed.has(&["r", "recursive", "m", "mirror", "p", "page-requisites", "x", "force-directories"]) {
        let here = Word::literal(".", address.span);
        sink.write_tree(directory.unwrap_or(&here), WriteMode::Replace);
        if parsed.has(&["H", "span-hosts"]) {
            sink.connect("*", None, "http", exchange.method, exchange.upload, address.span);
        }
        return;
    }
    let named_by_server = parsed.has(&["content-disposition", "trust-server-names"]);
    let name = address::file_name(url.as_ref()).unwrap_or_else(|| "index.html".to_owned());
    address::save(sink, directory, Some(name).filter(|_| !named_by_server), address);
}

fn files(parsed: &Parsed, exchange: Exchange<'_>, sink: &mut Sink) {
    let read =
        ["post-file", "body-file", "load-cookies", "ca-certificate", "ca-directory", "certificate", "private-key", "crl-file"];
    for word in values(parsed, &read) {
        sink.read(word);
    }
    for word in values(parsed, &["i", "input-file"]) {
        if word.text != "-" {
            sink.read(word);
        }
        sink.connect("*", None, "http", exchange.method, exchange.upload, word.span);
    }
    let written = ["O", "output-document", "o", "output-file", "save-cookies", "rejected-log", "hsts-file", "warc-file"];
    for word in values(parsed, &written).into_iter().filter(|word| word.text != "-") {
        sink.write(word, WriteMode::Replace);
    }
    let logs = values(parsed, &["o", "output-file", "a", "append-output"]);
    if parsed.has(&["b", "background"]) && logs.is_empty() {
        // Or the next free one of wget-log.1, wget-log.2 …
        sink.write(&Word::literal("wget-log", None), WriteMode::Replace);
    }
    for word in values(parsed, &["a", "append-output"]).into_iter().filter(|word| word.text != "-") {
        sink.write(word, WriteMode::Change);
    }
}

/// Settings given in the command, in files, in the environment; a program that is asked for passwords is run.
fn commands(inv: &Invocation<'_>, parsed: &Parsed, exchange: Exchange<'_>, sink: &mut Sink) {
    for word in values(parsed, &["use-askpass"]) {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    for word in values(parsed, &["config"]) {
        sink.read(word);
        sink.opaque(OpaqueCause::Script, "wget", &[], word.span);
    }
    for word in values(parsed, &["e", "execute"]) {
        setting(word, exchange, sink);
    }
    if let Some(word) = inv.env("WGETRC").or_else(|| inv.env("HOME")) {
        sink.opaque(OpaqueCause::Script, "wget", &[], word.span);
    }
    address::proxies_of_environment(inv, sink, exchange);
}

/// `-e name=value`: what is said in wgetrc. Only settings that are known to touch nothing pass in silence.
fn setting(word: &Word, exchange: Exchange<'_>, sink: &mut Sink) {
    let compact: String = word.text.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '_').collect();
    let name = compact.split('=').next().unwrap_or_default().to_ascii_lowercase();
    match name.as_str() {
        "httpproxy" | "httpsproxy" | "ftpproxy" => {
            let value = word.text.split_once('=').map_or("", |(_, value)| value.trim());
            address::visit(sink, &Word::literal(value, word.span), exchange);
        }
        "robots" | "useproxy" | "timeout" | "tries" | "wait" | "checkcertificate" | "continue" | "quiet" => {}
        _ => sink.opaque(OpaqueCause::Dynamic, "wget", &[], word.span),
    }
}
