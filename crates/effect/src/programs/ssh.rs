//! ssh, scp, sftp and rsync: the machine that is talked to, the files that go there or come from there, and the
//! programs that options start here. What the other machine then runs is opaque.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};
use crate::programs::Program;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ssh", "slogin", "autossh"], effects: ssh },
    Program { names: &["scp"], effects: scp },
    Program { names: &["sftp"], effects: sftp },
];

const SSH: Grammar = Grammar::wrapper(&[
    "B", "b", "c", "D", "E", "e", "F", "I", "i", "J", "L", "l", "M", "m", "O", "o", "P", "p", "Q", "R", "S", "W", "w",
]);
const COPY: Grammar = Grammar::valued(&["B", "b", "c", "D", "F", "i", "J", "l", "o", "P", "R", "S", "s", "X"]);

fn ssh(inv: &Invocation<'_>, sink: &mut Sink) {
    // Options may stand before and after the host; the command begins at the second operand.
    let first = args::parse(inv.args, &SSH);
    let Some((host, rest)) = first.operands.split_first() else { return connection(&first, sink) };
    let second = args::parse(rest, &SSH);
    connection(&first, sink);
    connection(&second, sink);
    if first.uncertain || (second.uncertain && second.operands.is_empty()) {
        sink.opaque(OpaqueCause::Dynamic, "ssh", &[], host.span);
    }
    let has = |names: &[&str]| first.has(names) || second.has(names);
    if has(&["G", "Q", "V"]) {
        return;
    }
    let commands = !second.operands.is_empty();
    // A forge gives no shell; without a command it only says who you are.
    let greets = host.text.starts_with("git@") && !commands && !matches!(inv.stdin, Stdin::Pipe);
    let runs = !(has(&["N", "W"]) || greets || (has(&["O"]) && !commands));
    let port = second.value(&["p"]).or(first.value(&["p"]));
    let carries = runs || has(&["D", "L", "R", "w", "W"]);
    connect(host, port, carries, sink);
    if runs {
        sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
    }
}

fn connect(host: &Word, port: Option<&Word>, upload: bool, sink: &mut Sink) {
    let (name, in_name) = url::ssh_host(&host.text).unwrap_or(("*".to_owned(), None));
    let port = port.and_then(|word| word.text.parse().ok()).or(in_name);
    sink.connect(&name, port, "ssh", None, upload, host.span);
}

/// What options start, read and open on this side.
fn connection(parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["o"]) {
        setting(word, sink);
    }
    for word in parsed.values(&["i"]) {
        sink.read(word);
    }
    for word in parsed.values(&["F"]).into_iter().filter(|word| word.text != "none") {
        sink.read(word);
        sink.opaque(OpaqueCause::Script, "ssh-config", &[], word.span);
    }
    for word in parsed.values(&["E"]) {
        sink.write(word, WriteMode::Change);
    }
    for word in parsed.values(&["I"]) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    for word in parsed.values(&["J"]) {
        jumps(word, sink);
    }
    for word in parsed.values(&["W"]) {
        connect(word, None, true, sink);
    }
    for word in parsed.values(&["L", "D"]) {
        listen(word, sink);
    }
    if parsed.has(&["A"]) {
        sink.deed(Deed::UseSecret { name: "ssh agent".to_owned() }, None);
    }
}

fn jumps(word: &Word, sink: &mut Sink) {
    for hop in word.text.split(',').filter(|hop| *hop != "none") {
        connect(&Word::literal(hop, word.span), None, false, sink);
    }
}

/// `[address:]port:…`: a port is opened here and leads there.
fn listen(word: &Word, sink: &mut Sink) {
    let parts: Vec<&str> = word.text.split(':').collect();
    let address = if parts.len() == 2 || parts.len() == 4 { parts.first().copied().unwrap_or_default() } else { "127.0.0.1" };
    let port = parts.iter().find_map(|part| part.parse().ok());
    sink.connect(if address == "*" || address.is_empty() { "0.0.0.0" } else { address }, port, "listen", None, true, word.span);
}

/// `-o Key=value` or `-o "Key value"`.
fn setting(word: &Word, sink: &mut Sink) {
    let Some(at) = word.text.find(['=', ' ', '\t']) else {
        if !word.known() {
            sink.opaque(OpaqueCause::Dynamic, "ssh", &[], word.span);
        }
        return;
    };
    let (key, value) = word.text.split_at(at);
    let value = Word::literal(value.trim_start_matches(['=', ' ', '\t']), word.span);
    if value.text.eq_ignore_ascii_case("none") {
        return;
    }
    match key.trim().to_ascii_lowercase().as_str() {
        "proxycommand" | "localcommand" | "knownhostscommand" | "xauthlocation" => sink.shell(&value),
        "remotecommand" => sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], word.span),
        "proxyjump" => jumps(&value, sink),
        "hostname" => connect(&value, None, true, sink),
        "identityfile" | "certificatefile" => sink.read(&value),
        "pkcs11provider" | "securitykeyprovider" => sink.opaque(OpaqueCause::Script, "native", &[], word.span),
        "userknownhostsfile" | "controlpath" => sink.write(&value, WriteMode::Change),
        "localforward" | "dynamicforward" => listen(&value, sink),
        "include" => sink.opaque(OpaqueCause::Script, "ssh-config", &[], word.span),
        key if key.contains(UNKNOWN) => sink.opaque(OpaqueCause::Dynamic, "ssh", &[], word.span),
        _ => {}
    }
}

fn scp(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &COPY);
    connection(&parsed, sink);
    transport(inv, &parsed, sink);
    let Some((destination, sources)) = parsed.operands.split_last() else { return };
    let tree = parsed.may_have(&["r"]);
    let outward = url::is_remote_path(&destination.text) || destination.text.starts_with(UNKNOWN);
    for source in sources {
        if url::is_remote_path(&source.text) {
            connect(source, parsed.value(&["P"]), false, sink);
        } else if tree {
            sink.read_tree(source);
        } else {
            sink.read(source);
        }
    }
    if outward {
        connect(destination, parsed.value(&["P"]), true, sink);
    }
    if !url::is_remote_path(&destination.text) {
        local_destination(destination, sources, tree, sink);
    }
}

/// Into a directory the file keeps its name; which of both it is only the disk knows, so both are said.
fn local_destination(destination: &Word, sources: &[Word], tree: bool, sink: &mut Sink) {
    if tree || sources.len() > 1 || sources.iter().any(|source| source.pattern.is_some()) {
        return sink.write_tree(destination, WriteMode::Replace);
    }
    sink.write(destination, WriteMode::Replace);
    let name = sources.first().map_or("", |source| source.text.rsplit(['/', ':']).next().unwrap_or_default());
    if !name.is_empty() {
        let path = format!("{}/{name}", destination.text.trim_end_matches('/'));
        sink.write(&Word::literal(path, destination.span), WriteMode::Replace);
    }
}

/// Programs that stand in for ssh or for the server.
fn transport(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["S", "D"]) {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "ssh", &[], inv.span);
    }
}

fn sftp(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &COPY);
    connection(&parsed, sink);
    transport(inv, &parsed, sink);
    let Some(host) = parsed.operand(0) else { return };
    connect(host, parsed.value(&["P"]), true, sink);
    for word in parsed.values(&["b"]).into_iter().filter(|word| word.text != "-") {
        sink.read(word);
    }
    // Its commands copy both ways, and `!` among them starts a shell here.
    sink.opaque(OpaqueCause::Dynamic, "sftp", &[], inv.span);
}
