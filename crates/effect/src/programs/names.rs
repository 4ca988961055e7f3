//! dig, nslookup, host, getent, whois, ping and traceroute: questions about a name. The name itself goes out, so a name that
//! is not wholly written in the command is an upload.

use bailiwick_vocab::effect::Deed;

use crate::args::{self, Grammar};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["dig", "kdig", "drill"], effects: dig },
    Program { names: &["nslookup", "host", "resolvectl"], effects: nslookup },
    Program { names: &["getent"], effects: getent },
    Program { names: &["whois"], effects: whois },
    Program { names: &["ping", "ping6", "fping"], effects: |inv, sink| ping(inv, &PING, sink) },
    Program { names: &["traceroute", "traceroute6", "tracepath", "tracepath6"], effects: |inv, sink| ping(inv, &TRACE, sink) },
    Program { names: &["mtr"], effects: |inv, sink| ping(inv, &MTR, sink) },
];

/// Record types and classes, which stand among dig's names.
const TYPES: &[&str] = &[
    "A", "AAAA", "ANY", "AXFR", "CAA", "CH", "CNAME", "DNSKEY", "DS", "IN", "IXFR", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV",
    "TXT",
];

fn ask(word: &Word, scheme: &str, upload: bool, sink: &mut Sink) {
    let host = url::normal_host(word.text.trim_matches(['[', ']'])).unwrap_or_default();
    sink.connect(&host, None, scheme, None, upload || !word.known(), word.span);
}

/// A word that is a host's name, and no address, is asked for before anything is done with it.
pub(super) fn resolved(word: &Word, sink: &mut Sink) {
    let bare = word.text.split('/').next().unwrap_or_default();
    let plain = !bare.is_empty() && !bare.starts_with('-') && !bare.starts_with(':');
    let number = bare.bytes().all(|byte| byte.is_ascii_digit()) || bare.starts_with("0x");
    if plain && !number && bare.parse::<std::net::IpAddr>().is_err() {
        ask(word, "dns", false, sink);
    }
}

fn dig(inv: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&["b", "c", "f", "k", "m", "p", "q", "t", "x", "y"]);
    let parsed = args::parse(inv.args, &grammar);
    for word in parsed.values(&["f", "k"]) {
        sink.read(word);
    }
    // All names of a zone at once are what its keepers show to few.
    if parsed.operands.iter().chain(parsed.values(&["t"])).any(|word| is_transfer(&word.text)) {
        sink.deed(Deed::Escalate { how: "zone transfer".to_owned() }, inv.span);
    }
    let batch = parsed.has(&["f"]);
    if batch {
        sink.connect("*", None, "dns", None, true, inv.span);
    }
    let names = parsed.operands.iter().filter(|word| !word.text.starts_with('+'));
    for word in names.chain(parsed.values(&["q", "x"])) {
        match word.after("@") {
            Some(server) => ask(&server, "dns", batch, sink),
            None if TYPES.contains(&word.text.to_ascii_uppercase().as_str()) => {}
            None => ask(word, "dns", false, sink),
        }
    }
}

fn is_transfer(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text == "axfr" || text == "ixfr" || text.starts_with("ixfr=")
}

fn nslookup(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["c", "N", "R", "t", "W"]));
    let whole = parsed.values(&["t"]).iter().any(|word| is_transfer(&word.text)) || (inv.name == "host" && parsed.has(&["l"]));
    if whole || inv.args.iter().any(|word| word.text.split('=').next_back().is_some_and(is_transfer)) {
        sink.deed(Deed::Escalate { how: "zone transfer".to_owned() }, inv.span);
    }
    for word in &parsed.operands {
        ask(word, "dns", false, sink);
    }
}

/// Of the databases that it shows, those of hosts are asked for over the network.
fn getent(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["s", "service"]));
    let hosts = parsed.operand(0).is_some_and(|word| word.text.contains("hosts") || !word.known());
    for word in parsed.operands_from(1).iter().filter(|_| hosts) {
        ask(word, "dns", false, sink);
    }
}

fn whois(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["h", "host", "p", "port"]));
    let server = parsed.value(&["h", "host"]);
    let upload = parsed.operands.iter().any(|word| !word.known());
    for word in server.into_iter().chain(parsed.operands.iter().filter(|_| server.is_none())) {
        ask(word, "whois", upload, sink);
    }
}

#[rustfmt::skip]
const PING: Grammar = Grammar::valued(&[
    "c", "e", "f", "g", "i", "I", "l", "m", "M", "N", "O", "p", "P", "q", "Q", "s", "S", "t", "T", "w", "W", "z",
]);

#[rustfmt::skip]
const TRACE: Grammar = Grammar::valued(&[
    "f", "g", "i", "l", "m", "M", "N", "O", "p", "P", "q", "s", "t", "w", "z", "first", "gateway", "interface", "max-hops",
    "sim-queries", "port", "queries", "wait", "sendwait", "module", "options", "protocol", "source", "tos",
]);

#[rustfmt::skip]
const MTR: Grammar = Grammar::valued(&[
    "a", "B", "c", "f", "F", "G", "i", "I", "L", "m", "o", "P", "Q", "s", "U", "Z", "M", "X", "address", "bitpattern",
    "report-cycles", "first-ttl", "filename", "gracetime", "interval", "interface", "localport", "max-ttl", "order", "port",
    "tos", "psize", "max-unknown", "timeout", "mark", "displaymode",
]);

fn ping(inv: &Invocation<'_>, grammar: &Grammar, sink: &mut Sink) {
    let parsed = args::parse(inv.args, grammar);
    for list in parsed.values(&["F", "filename"]) {
        sink.read(list);
        sink.connect("*", None, "icmp", None, true, inv.span);
    }
    // -p fills the packet with up to sixteen bytes of one's choice.
    let carries = parsed.values(&["p", "e"]).iter().any(|word| !word.known());
    for word in &parsed.operands {
        ask(word, "icmp", carries, sink);
    }
}
