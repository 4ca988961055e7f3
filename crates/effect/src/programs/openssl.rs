//! openssl: keys and certificates read and written, connections, servers, code loaded as engines and providers.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::Parsed;
use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};
use crate::programs::Program;
use crate::programs::address::{self, Exchange};
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["openssl", "libressl"], effects }];

/// Options with a value. openssl knows no abbreviations.
#[rustfmt::skip]
const VALUED: &[&str] = &[
    "in", "out", "inkey", "key", "keyout", "keyform", "inform", "outform", "cert", "certfile", "certform", "CA",
    "CAkey", "CAfile", "CApath", "CAserial", "CAstore", "config", "subj", "newkey", "days", "set_serial", "extfile",
    "extensions", "reqexts", "addext", "name", "passin", "passout", "pass", "password", "k", "K", "kfile", "iv", "S",
    "md", "connect", "host", "port", "proxy", "servername", "alpn", "starttls", "cipher", "ciphersuites",
    "tls_version", "verify", "verify_hostname", "verify_depth", "accept", "engine", "provider", "provider-path",
    "propquery", "rand", "writerand", "signature", "sigfile", "sign", "prverify", "hmac", "mac", "macopt", "sigopt",
    "pkeyopt", "paramfile", "algorithm", "peerkey", "recip", "signer", "untrusted", "trusted", "CRLfile", "crl",
    "url", "path", "respout", "reqout", "respin", "reqin", "index", "data", "digest", "queryfile", "token_out",
    "keylogfile", "sess_out", "sess_in", "msgfile", "chainCAfile", "dcert", "dkey", "cert_chain", "outdir", "infiles",
    "ss_cert", "spkac", "cacert", "bind", "unix", "dhparam", "keysig", "policy", "nameopt", "certopt", "outopt",
    "caname", "WWWroot", "xkey", "xcert", "oid", "genstr", "genconf", "offset", "length", "strparse", "iter",
    "bufsize", "num",
];
const READ: &[&str] = &[
    "in",
    "inkey",
    "key",
    "cert",
    "certfile",
    "CA",
    "CAkey",
    "CAfile",
    "extfile",
    "kfile",
    "signature",
    "sigfile",
    "sign",
    "prverify",
    "verify",
    "recip",
    "signer",
    "untrusted",
    "trusted",
    "CRLfile",
    "crl",
    "data",
    "queryfile",
    "respin",
    "reqin",
    "sess_in",
    "chainCAfile",
    "dcert",
    "dkey",
    "cert_chain",
    "cacert",
    "rand",
    "peerkey",
    "paramfile",
    "infiles",
    "ss_cert",
    "spkac",
    "index",
    "genconf",
];
const WRITTEN: &[&str] = &[
    "out",
    "keyout",
    "respout",
    "reqout",
    "token_out",
    "keylogfile",
    "sess_out",
    "writerand",
    "msgfile",
    "CAserial",
    "text_out",
];

fn effects(inv: &Invocation<'_>, sink: &mut Sink) {
    let Some((command, rest)) = inv.args.split_first() else {
        return sink.opaque(OpaqueCause::Dynamic, "openssl", &[], inv.span);
    };
    let parsed = parse(rest);
    if matches!(command.text.as_str(), "version" | "help" | "list" | "ciphers" | "errstr" | "speed" | "prime")
        || parsed.has(&["help"])
    {
        return loaded(inv, &parsed, sink);
    }
    loaded(inv, &parsed, sink);
    files(command, &parsed, sink);
    network(inv, command, &parsed, sink);
    if parsed.uncertain || !command.known() {
        sink.opaque(OpaqueCause::Dynamic, "openssl", &[], inv.span);
    }
}

fn parse(words: &[Word]) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.text.strip_prefix('-').filter(|name| !name.is_empty()) {
            Some(name) => {
                let name = name.trim_start_matches('-').to_owned();
                let value = if VALUED.contains(&name.as_str()) { rest.next().cloned() } else { None };
                parsed.options.push((name, value));
            }
            None => {
                parsed.uncertain |= word.text.starts_with(UNKNOWN);
                parsed.operands.push(word.clone());
            }
        }
    }
    parsed
}

/// Code that options and settings load.
fn loaded(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["engine", "provider-path"]) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    for word in parsed
        .values(&["provider"])
        .into_iter()
        .filter(|word| !matches!(word.text.as_str(), "default" | "legacy" | "base" | "fips" | "null"))
    {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    for word in ["OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES"].iter().filter_map(|name| inv.env(name)) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    for word in parsed.values(&["config"]) {
        // A configuration may load modules too; a project's own is what one works with.
        sink.read(word);
        if word.text.starts_with(['/', '~']) && !word.text.starts_with("/etc/ssl/") {
            sink.opaque(OpaqueCause::Script, "native", &[], word.span);
        }
    }
}

fn is_file(word: &Word) -> bool {
    // `-verify 3` is a depth, `-sign` and others take files; `-` is a stream.
    !word.text.is_empty() && word.text != "-" && !word.text.bytes().all(|byte| byte.is_ascii_digit())
}

fn files(command: &Word, parsed: &Parsed, sink: &mut Sink) {
    for word in exact(parsed, READ).filter(|word| is_file(word)) {
        sink.read(word);
    }
    for word in exact(parsed, WRITTEN).filter(|word| is_file(word)) {
        sink.write(word, WriteMode::Replace);
    }
    for word in exact(parsed, &["passin", "passout", "pass", "password"]) {
        if let Some(file) = word.after("file:") {
            sink.read(&file);
        }
        if word.text.starts_with("env:") {
            sink.deed(Deed::UseSecret { name: word.text.clone() }, word.span);
        }
    }
    for word in exact(parsed, &["CApath", "outdir"]) {
        sink.read_tree(word);
        if parsed.has(&["outdir"]) {
            sink.write_tree(word, WriteMode::Change);
        }
    }
    if reads_operands(&command.text) {
        parsed.operands.iter().for_each(|word| sink.read(word));
    }
    if command.text == "rehash" || command.text == "ca" {
        sink.write_tree(&Word::literal(".", command.span), WriteMode::Change);
    }
}

/// Digests and checks take files as operands; elsewhere operands are sizes and curves.
fn reads_operands(command: &str) -> bool {
    matches!(command, "dgst" | "verify" | "storeutl" | "asn1parse" | "crl2pkcs7" | "rehash")
        || command.starts_with("sha")
        || command.starts_with("md")
        || command.starts_with("blake")
}

fn exact<'p>(parsed: &'p Parsed, names: &'p [&str]) -> impl Iterator<Item = &'p Word> {
    parsed.options.iter().filter(|(given, _)| names.contains(&given.as_str())).filter_map(|(_, value)| value.as_ref())
}

fn network(inv: &Invocation<'_>, command: &Word, parsed: &Parsed, sink: &mut Sink) {
    match command.text.as_str() {
        "s_client" | "s_time" => {
            // What is typed, or comes over a pipe, goes out.
            let sends = match inv.stdin {
                Stdin::Inherited => false,
                Stdin::Text(text) => !text.text.trim().is_empty(),
                Stdin::File(path) => path.text != "/dev/null",
                Stdin::Pipe => true,
            };
            let targets: Vec<&Word> = exact(parsed, &["connect", "host", "proxy"]).chain(&parsed.operands).collect();
            if targets.is_empty() {
                sink.connect("localhost", Some(4433), "tls", None, true, inv.span);
            }
            for word in targets {
                let url = url::parse(&format!("tls://{}", word.text));
                let (host, port) = url.map_or_else(|| ("*".to_owned(), None), |url| (url.host, url.port));
                sink.connect(&host, port, "tls", None, sends, word.span);
            }
            exact(parsed, &["unix"]).for_each(|word| address::unix_socket(sink, word, true));
        }
        "s_server" => {
            let port = exact(parsed, &["port", "accept"])
                .last()
                .and_then(|word| word.text.rsplit(':').next()?.parse().ok())
                .or(Some(4433));
            sink.connect("0.0.0.0", port, "listen", None, true, inv.span);
            if parsed.has(&["WWW", "HTTP", "www"]) {
                sink.read_tree(&Word::literal(".", inv.span));
            }
        }
        _ => {
            for word in exact(parsed, &["url", "host"]) {
                address::visit(sink, word, Exchange { method: Some("POST"), upload: true });
            }
        }
    }
}
