//! nc, ncat, socat, telnet and ftp: raw connections both ways, listeners, and programs tied to them.
//! What a program at the other end of a listener sends is not known; that it may is what "listen" says.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};
use crate::programs::Program;
use crate::programs::address::{self, Exchange};
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["nc", "ncat", "netcat", "nc.openbsd", "nc.traditional"], effects: nc },
    Program { names: &["socat"], effects: socat },
    Program { names: &["telnet"], effects: telnet },
    Program { names: &["ftp", "lftp", "tftp"], effects: ftp },
];

#[rustfmt::skip]
const NC: Grammar = Grammar {
    valued: &[
        "c", "e", "d", "g", "G", "i", "I", "m", "M", "o", "O", "P", "p", "q", "s", "T", "V", "w", "W", "X", "x", "sh-exec", "exec",
        "lua-exec", "proxy", "proxy-type", "proxy-auth", "output", "hex-dump", "source", "source-port", "wait",
        "idle-timeout", "delay", "max-conns", "allow", "allowfile", "deny", "denyfile", "ssl-cert", "ssl-key",
        "ssl-trustfile", "ssl-ciphers", "ssl-servername",
    ],
    optional: &["ssl"],
    long_with_one_dash: false,
    stop_at_operand: false,
};
const SOCAT: Grammar =
    Grammar { valued: &["lf", "lp", "lm", "b", "t", "T", "L", "W", "r", "R", "S"], long_with_one_dash: true, ..Grammar::PLAIN };

fn nc(inv: &Invocation<'_>, sink: &mut Sink) {
    if matches!(inv.args, [only] if matches!(only.text.as_str(), "-h" | "--help" | "--version")) {
        return;
    }
    let parsed = args::parse(inv.args, &NC);
    nc_programs(inv, &parsed, sink);
    let scheme = if parsed.has(&["u", "udp"]) { "udp" } else { "tcp" };
    if parsed.has(&["U", "unixsock"]) {
        if let Some(path) = parsed.operand(0) {
            address::unix_socket(sink, path, true);
        }
    } else if parsed.has(&["l", "listen"]) {
        let port = parsed.value(&["p"]).into_iter().chain(&parsed.operands).find_map(|word| word.text.parse().ok());
        let address = parsed.value(&["s", "source"]).or_else(|| parsed.operand(0).filter(|_| parsed.operands.len() > 1));
        listen(address.map_or("0.0.0.0", |word| &word.text), port, inv, sink);
    } else {
        for (host, port) in destinations(inv.args, &parsed) {
            host_and_port(host.as_ref(), port, scheme, !parsed.has(&["z"]), sink);
        }
    }
}

/// Host and port. `-c` and `-d` take a value in some of the programs of this name and none in others, so that both
/// readings count.
fn destinations(arguments: &[Word], parsed: &Parsed) -> Vec<(Option<Word>, Option<u16>)> {
    let read = |parsed: &Parsed| (parsed.operand(0).cloned(), parsed.operand(1).and_then(|word| word.text.parse().ok()));
    let mut all = vec![read(parsed)];
    if parsed.has(&["c", "d"]) {
        let without = arguments.iter().filter(|word| word.text != "-c" && word.text != "-d").cloned().collect::<Vec<_>>();
        all.push(read(&args::parse(&without, &NC)));
    }
    all.dedup();
    all
}

fn nc_programs(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["c", "e", "sh-exec", "exec"]) {
        sink.shell(word);
    }
    for word in parsed.values(&["lua-exec"]) {
        sink.inner.push(crate::invocation::Inner::CodeFile { language: "lua", path: (*word).clone() });
    }
    for word in parsed.values(&["x", "proxy"]) {
        address::visit(sink, word, Exchange { method: None, upload: true });
    }
    for word in parsed.values(&["o", "output", "hex-dump"]) {
        sink.write(word, WriteMode::Replace);
    }
    for word in parsed.values(&["ssl-cert", "ssl-key", "ssl-trustfile", "allowfile", "denyfile"]) {
        sink.read(word);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "nc", &[], inv.span);
    }
}

fn host_and_port(host: Option<&Word>, port: Option<u16>, scheme: &str, upload: bool, sink: &mut Sink) {
    let name = host.and_then(|word| url::normal_host(word.text.trim_matches(['[', ']']))).unwrap_or_default();
    sink.connect(&name, port, scheme, None, upload, host.and_then(|word| word.span));
}

fn listen(address: &str, port: Option<u16>, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.connect(address, port, "listen", None, true, inv.span);
}

fn socat(inv: &Invocation<'_>, sink: &mut Sink) {
    if matches!(inv.args, [only] if only.text.starts_with("-h") || only.text == "-V" || only.text == "-?") {
        return;
    }
    let parsed = args::parse(inv.args, &SOCAT);
    for word in parsed.values(&["lf", "r", "R", "L"]) {
        sink.write(word, WriteMode::Change);
    }
    // `-` is a stream, not an option, but `-,raw` reads as one.
    for word in &parsed.operands {
        for one in word.text.split("!!") {
            end(&Word::literal(one, word.span), inv, sink);
        }
    }
}

/// One of socat's two ends: `KEYWORD:parameters,options`.
fn end(word: &Word, inv: &Invocation<'_>, sink: &mut Sink) {
    let (keyword, rest) = word.text.split_once([':', ',']).unwrap_or((&word.text, ""));
    let value = rest.split(',').next().unwrap_or_default();
    let path = Word::literal(value, word.span);
    let keyword = keyword.to_ascii_uppercase();
    let listens =
        keyword.ends_with("-LISTEN") || keyword.ends_with("-L") || keyword.ends_with("-RECV") || keyword.ends_with("-RECVFROM");
    match keyword.as_str() {
        "-" | "STDIO" | "STDIN" | "STDOUT" | "STDERR" | "PIPE" | "FIFO" | "ECHO" | "FD" | "READLINE" | "TEXT"
            if value.is_empty() || keyword == "FD" => {}
        "EXEC" | "SYSTEM" | "SHELL" => {
            // Options follow a comma; where quotes or escapes may protect one, the whole rest is read.
            let command = if rest.contains(['\'', '"', '\\']) { rest } else { value };
            sink.shell(&Word::literal(command, word.span));
        }
        "OPEN" | "FILE" | "GOPEN" | "CREATE" | "CREAT" | "PIPE" | "FIFO" => {
            sink.read(&path);
            sink.write(&path, WriteMode::Change);
        }
        _ if keyword.starts_with("UNIX") || keyword.starts_with("LOCAL") => address::unix_socket(sink, &path, true),
        _ if keyword.starts_with("ABSTRACT") => sink.connect(value, None, "unix", None, true, word.span),
        _ if listens => {
            let bound = rest.split(',').find_map(|option| option.strip_prefix("bind=")).unwrap_or("0.0.0.0");
            listen(bound, value.parse().ok(), inv, sink);
        }
        _ if is_network(&keyword) => remote_end(value, &keyword, word, sink),
        _ if word.text.contains('/') && !keyword.contains(UNKNOWN) => {
            let path = Word::literal(word.text.split(',').next().unwrap_or_default(), word.span);
            sink.read(&path);
            sink.write(&path, WriteMode::Change);
        }
        _ => sink.opaque(OpaqueCause::Dynamic, "socat", &[], word.span),
    }
}

fn is_network(keyword: &str) -> bool {
    ["TCP", "UDP", "SSL", "OPENSSL", "SCTP", "DCCP", "IP", "PROXY", "SOCKS", "VSOCK", "DTLS"]
        .iter()
        .any(|name| keyword.starts_with(name))
}

/// `host:port`; behind a proxy `proxy:host:port`, where both hosts are talked to.
fn remote_end(value: &str, keyword: &str, word: &Word, sink: &mut Sink) {
    let scheme = if keyword.starts_with("UDP") { "udp" } else { "tcp" };
    let (hosts, port) = value.rsplit_once(':').unwrap_or((value, ""));
    let hosts: Vec<&str> = if hosts.starts_with('[') { vec![hosts] } else { hosts.split(':').collect() };
    for host in hosts {
        host_and_port(Some(&Word::literal(host, word.span)), port.parse().ok(), scheme, true, sink);
    }
}

fn telnet(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["b", "e", "l", "n", "S", "X"]));
    for word in parsed.values(&["n"]) {
        sink.write(word, WriteMode::Change);
    }
    if let Some(host) = parsed.operand(0) {
        let port = parsed.operand(1).and_then(|word| word.text.parse().ok());
        host_and_port(Some(host), port, "telnet", true, sink);
    }
    commands_from_input(inv, "telnet", sink);
}

fn ftp(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["e", "c", "f", "u", "p", "P", "o", "N", "s", "T", "q", "r", "x"]));
    for word in parsed.values(&["e", "c", "f"]) {
        sink.opaque(OpaqueCause::InlineCode, "ftp", &[], word.span);
    }
    for word in &parsed.operands {
        let host = url::parse(&word.text).map_or_else(String::new, |url| url.host);
        sink.connect(&host, None, "ftp", None, true, word.span);
    }
    if let Some(word) = parsed.value(&["o"]).filter(|word| word.text != "-") {
        sink.write(word, WriteMode::Replace);
    }
    sink.opaque(OpaqueCause::Dynamic, "ftp", &[], inv.span);
}

/// Its own commands may come over standard input, and `!` among them starts a shell.
fn commands_from_input(inv: &Invocation<'_>, language: &str, sink: &mut Sink) {
    if !matches!(inv.stdin, Stdin::Inherited) {
        sink.opaque(OpaqueCause::Dynamic, language, &[], inv.span);
    }
}
