//! curl: every address, proxy and rerouting is a connection; what `-d`, `-F`, `-T` and their like send is an upload;
//! output, header, trace and cookie options write files. Looks into no configuration file and follows no redirect.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, UNKNOWN, Word};
use crate::programs::Program;
use crate::programs::address::{self, Exchange};
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["curl"], effects }];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
        "A", "b", "c", "C", "d", "D", "e", "E", "F", "h", "H", "K", "m", "o", "P", "Q", "r", "t", "T", "u", "U", "w", "x", "X",
        "y", "Y", "z", "abstract-unix-socket", "alt-svc", "aws-sigv4", "cacert", "capath", "cert", "cert-type", "ciphers",
        "config", "connect-timeout", "connect-to", "continue-at", "cookie", "cookie-jar", "create-file-mode", "crlfile",
        "curves", "data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "delegation", "dns-interface",
        "dns-ipv4-addr", "dns-ipv6-addr", "dns-servers", "doh-url", "dump-ca-embed", "dump-header", "ech", "egd-file",
        "engine", "etag-compare", "etag-save", "expect100-timeout", "form", "form-string", "ftp-account",
        "ftp-alternative-to-user", "ftp-method", "ftp-port", "ftp-ssl-ccc-mode", "happy-eyeballs-timeout-ms",
        "haproxy-clientip", "header", "help", "hostpubmd5", "hostpubsha256", "hsts", "interface", "ip-tos", "ipfs-gateway",
        "json", "keepalive-cnt", "keepalive-time", "key", "key-type", "krb", "libcurl", "limit-rate", "local-port",
        "login-options", "mail-auth", "mail-from", "mail-rcpt", "max-filesize", "max-redirs", "max-time", "netrc-file",
        "noproxy", "oauth2-bearer", "output", "output-dir", "parallel-max", "pass", "pinnedpubkey", "preproxy", "proto",
        "proto-default", "proto-redir", "proxy", "proxy-cacert", "proxy-capath", "proxy-cert", "proxy-cert-type",
        "proxy-ciphers", "proxy-crlfile", "proxy-header", "proxy-key", "proxy-key-type", "proxy-pass",
        "proxy-pinnedpubkey", "proxy-service-name", "proxy-tls13-ciphers", "proxy-tlsauthtype", "proxy-tlspassword",
        "proxy-tlsuser", "proxy-user", "proxy1.0", "pubkey", "quote", "random-file", "range", "rate", "referer",
        "request", "request-target", "resolve", "retry", "retry-delay", "retry-max-time", "sasl-authzid",
        "service-name", "socks4", "socks4a", "socks5", "socks5-gssapi-service", "socks5-hostname", "speed-limit",
        "speed-time", "stderr", "telnet-option", "tftp-blksize", "time-cond", "tls-max", "tls13-ciphers",
        "tlsauthtype", "tlspassword", "tlsuser", "trace", "trace-ascii", "trace-config", "unix-socket", "upload-file",
        "upload-flags", "url", "url-query", "user", "user-agent", "variable", "vlan-priority", "write-out",
    ],
    // Options without a value that are also the beginning of one with a value.
    optional: &["head", "netrc", "parallel", "crlf"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

const DATA: &[&str] = &["d", "data", "data-ascii", "data-binary", "json"];
const UPLOADS: &[&str] = &[
    "d",
    "data",
    "data-ascii",
    "data-binary",
    "data-raw",
    "data-urlencode",
    "json",
    "F",
    "form",
    "form-string",
    "T",
    "upload-file",
    "url-query",
    "Q",
    "quote",
];
/// Options whose value is text that is sent along: data leaves only where a part of it is not written in the command.
const SENT: &[&str] = &[
    "H",
    "header",
    "proxy-header",
    "A",
    "user-agent",
    "e",
    "referer",
    "u",
    "user",
    "oauth2-bearer",
    "b",
    "cookie",
    "X",
    "request",
];
const PROXIES: &[&str] =
    &["x", "proxy", "preproxy", "socks4", "socks4a", "socks5", "socks5-hostname", "proxy1.0", "doh-url", "ipfs-gateway"];
const READ: &[&str] = &[
    "E",
    "cert",
    "key",
    "cacert",
    "capath",
    "crlfile",
    "netrc-file",
    "pubkey",
    "proxy-cacert",
    "proxy-capath",
    "proxy-cert",
    "proxy-crlfile",
    "proxy-key",
    "etag-compare",
    "hsts",
    "alt-svc",
    "random-file",
    "egd-file",
];
const WRITTEN: &[&str] = &[
    "c",
    "cookie-jar",
    "D",
    "dump-header",
    "trace",
    "trace-ascii",
    "stderr",
    "libcurl",
    "etag-save",
    "hsts",
    "alt-svc",
    "dump-ca-embed",
];

fn effects(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) || inv.args.iter().all(|word| word.text == "-V") {
        return;
    }
    // A group of options ends at --next; the groups share only the program.
    for group in inv.args.split(|word| word.text == "--next" || word.text == "-:") {
        request(inv, group, sink);
    }
}

fn request(inv: &Invocation<'_>, group: &[Word], sink: &mut Sink) {
    let parsed = args::parse(group, &GRAMMAR);
    // `--expand-url` and its like build their values from variables and files.
    if parsed.uncertain || parsed.options.iter().any(|(name, _)| name.starts_with("expand-")) {
        sink.opaque(OpaqueCause::Dynamic, "curl", &[], inv.span);
    }
    let method = method(&parsed);
    let exchange = Exchange { method: Some(&method), upload: uploads(&parsed) };
    reads(&parsed, sink);
    configuration(inv, &parsed, sink);
    for address in parsed.operands.iter().chain(values(&parsed, &["url"])) {
        transfer(address, exchange, &parsed, sink);
    }
    reroutes(inv, &parsed, exchange, sink);
    mail(&parsed, sink);
    writes(&parsed, sink);
}

fn values<'p>(parsed: &'p Parsed, names: &[&str]) -> Vec<&'p Word> {
    address::values(parsed, &GRAMMAR, names)
}

fn method(parsed: &Parsed) -> String {
    if let Some(word) = values(parsed, &["X", "request"]).last() {
        return if word.known() { word.text.to_ascii_uppercase() } else { "*".to_owned() };
    }
    let given = |names: &[&str]| parsed.options.iter().any(|(given, _)| names.contains(&given.as_str()));
    let name = if given(&["G", "get"]) {
        "GET"
    } else if given(&["I", "head"]) {
        "HEAD"
    } else if !values(parsed, &["T", "upload-file"]).is_empty() {
        "PUT"
    } else if !values(parsed, UPLOADS).is_empty() {
        "POST"
    } else {
        "GET"
    };
    name.to_owned()
}

/// Whether data leaves: a body, an uploaded file, or sent text that is not wholly written in the command.
fn uploads(parsed: &Parsed) -> bool {
    let leaves = |word: &&Word| !word.known() || word.text.starts_with('@');
    parsed.uncertain
        || !values(parsed, UPLOADS).is_empty()
        || values(parsed, SENT).iter().any(leaves)
        || !cookie_files(parsed).is_empty()
        || matches!(method(parsed).as_str(), "PUT" | "DELETE" | "PATCH" | "POST" | "*")
}

/// A cookie without `=` is the name of a file of cookies.
fn cookie_files(parsed: &Parsed) -> Vec<&Word> {
    values(parsed, &["b", "cookie"]).into_iter().filter(|word| !word.text.contains('=') && !word.text.is_empty()).collect()
}

/// Files that are read to be sent.
fn reads(parsed: &Parsed, sink: &mut Sink) {
    let sent = values(parsed, DATA).into_iter().chain(values(parsed, &["H", "header", "proxy-header", "w", "write-out"]));
    for word in sent {
        file_after_at(word, sink);
    }
    for word in values(parsed, &["data-urlencode", "url-query", "variable"]) {
        // `name@file`, but not where an `=` comes first.
        if let Some(at) = word.text.find('@').filter(|at| word.text.find('=').is_none_or(|equals| at < &equals)) {
            part_of(word, at + 1, sink);
        }
    }
    for word in values(parsed, &["F", "form"]) {
        form_files(word, sink);
    }
    for word in values(parsed, &["T", "upload-file"]).into_iter().filter(|word| word.text != "-" && word.text != ".") {
        sink.read(word);
    }
    for word in values(parsed, READ).into_iter().chain(cookie_files(parsed)) {
        not_a_stream(word, sink, Sink::read);
    }
    if parsed.has(&["n", "netrc-optional"]) || parsed.options.iter().any(|(name, _)| name == "netrc") {
        sink.deed(Deed::UseSecret { name: "netrc".to_owned() }, None);
    }
}

/// `@file`; text that is not known from its first character on may be one as well.
fn file_after_at(word: &Word, sink: &mut Sink) {
    if word.text.starts_with('@') {
        part_of(word, 1, sink);
    } else if word.text.starts_with(UNKNOWN) {
        sink.read(word);
    }
}

/// The file that the word names from `start` on.
fn part_of(word: &Word, start: usize, sink: &mut Sink) {
    if let Some(file) = word.text.get(..start).and_then(|prefix| word.after(prefix)) {
        not_a_stream(&Word { pattern: None, ..file }, sink, Sink::read);
    }
}

/// `name=@file,file;type=…` and `name=<file`.
fn form_files(word: &Word, sink: &mut Sink) {
    let Some((_, value)) = word.text.split_once('=') else { return };
    if value.starts_with(UNKNOWN) {
        sink.read(word);
    }
    // Text parts inside a `(` … `)` group name files in the same way.
    if let Some(files) = value.strip_prefix(['@', '<']) {
        for file in files.split(';').next().unwrap_or_default().split(',') {
            not_a_stream(&Word::literal(file.trim_matches('"'), word.span), sink, Sink::read);
        }
    }
}

fn not_a_stream(word: &Word, sink: &mut Sink, act: fn(&mut Sink, &Word)) {
    if !matches!(word.text.as_str(), "-" | "" | "%") {
        act(sink, word);
    }
}

/// Files of options: they may hold any option.
fn configuration(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in values(parsed, &["K", "config"]) {
        not_a_stream(word, sink, Sink::read);
        sink.opaque(OpaqueCause::Script, "curl", &[], word.span);
    }
    for word in values(parsed, &["engine"]) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    for name in ["CURL_HOME", "XDG_CONFIG_HOME", "HOME"] {
        if let Some(word) = inv.env(name).filter(|_| !parsed.has(&["q", "disable"])) {
            sink.opaque(OpaqueCause::Script, "curl", &[], word.span);
        }
    }
}

/// One address: the connection, and the file its answer goes to.
fn transfer(address: &Word, exchange: Exchange<'_>, parsed: &Parsed, sink: &mut Sink) {
    if let Some(list) = address.after("@") {
        sink.read(&list);
    }
    let url = address::visit(sink, address, exchange);
    let directory = values(parsed, &["output-dir"]).last().copied();
    if parsed.has(&["J", "remote-header-name"]) {
        address::save(sink, directory, None, address);
    } else if parsed.has(&["O", "remote-name", "remote-name-all"]) {
        address::save(sink, directory, address::file_name(url.as_ref()), address);
    }
}

/// Proxies, and hosts that stand in for the one in the address.
fn reroutes(inv: &Invocation<'_>, parsed: &Parsed, exchange: Exchange<'_>, sink: &mut Sink) {
    for word in values(parsed, PROXIES).into_iter().filter(|word| !word.text.is_empty()) {
        address::visit(sink, word, exchange);
    }
    address::proxies_of_environment(inv, sink, exchange);
    for word in values(parsed, &["resolve"]) {
        let addresses = word.text.splitn(3, ':').nth(2).unwrap_or_default();
        addresses.split(',').for_each(|host| other_host(host, word, exchange, sink));
    }
    for word in values(parsed, &["connect-to"]) {
        let rest = word.text.splitn(3, ':').nth(2).unwrap_or_default();
        let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
        other_host(host, word, exchange, sink);
    }
    for word in values(parsed, &["unix-socket", "abstract-unix-socket"]) {
        address::unix_socket(sink, word, exchange.upload);
    }
}

fn other_host(host: &str, word: &Word, exchange: Exchange<'_>, sink: &mut Sink) {
    let host = host.trim_matches(['[', ']']);
    if !host.is_empty() {
        let host = url::normal_host(host).unwrap_or_default();
        sink.connect(&host, None, "tcp", exchange.method, exchange.upload, word.span);
    }
}

fn mail(parsed: &Parsed, sink: &mut Sink) {
    for word in values(parsed, &["mail-rcpt"]) {
        let recipient = if word.known() { word.text.clone() } else { "*".to_owned() };
        sink.deed(Deed::Send { channel: "mail".to_owned(), recipient }, word.span);
    }
}

fn writes(parsed: &Parsed, sink: &mut Sink) {
    let directory = values(parsed, &["output-dir"]).last().copied();
    for word in values(parsed, &["o", "output"]).into_iter().filter(|word| word.text != "-") {
        let mut file = address::below(directory, word);
        // `#1` stands for what a pattern in the address matched.
        file.text = if file.text.contains('#') { file.text.replace('#', &UNKNOWN.to_string()) } else { file.text };
        sink.write(&file, WriteMode::Replace);
    }
    for word in values(parsed, WRITTEN) {
        not_a_stream(word, sink, |sink, word| sink.write(word, WriteMode::Replace));
    }
    for word in values(parsed, &["w", "write-out"]) {
        for part in word.text.split("%output{").skip(1) {
            let name = part.split('}').next().unwrap_or_default().trim_start_matches(">>");
            sink.write(&Word::literal(name, word.span), WriteMode::Replace);
        }
    }
}
