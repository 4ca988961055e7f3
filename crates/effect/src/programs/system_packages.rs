//! apt, dnf, pacman, apk, brew and their like; gem, bundle and composer: what asks, what changes the system, whose
//! package scripts run with its rights.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::interpreter::project_code;
use crate::programs::registry::{self, GEMS, PACKAGIST};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["apt", "apt-get", "apt-cache", "aptitude", "dnf", "yum", "zypper", "apk", "snap", "flatpak", "port", "nix-env"],
        effects: system,
    },
    Program { names: &["dpkg", "rpm"], effects: package_files },
    Program { names: &["pacman", "yay", "paru"], effects: pacman },
    Program { names: &["brew"], effects: brew },
    Program { names: &["gem"], effects: gem },
    Program { names: &["bundle", "bundler"], effects: bundle },
    Program { names: &["composer"], effects: composer },
];

#[rustfmt::skip]
const SYSTEM: Grammar = Grammar::valued(&[
    "o", "c", "t", "option", "config-file", "target-release", "default-release", "root", "X", "repository", "repo", "repofrompath", "enablerepo",
    "disablerepo", "installroot", "releasever", "setopt", "p", "keys-dir", "channel", "cache-dir",
]);

/// Verbs that only show.
#[rustfmt::skip]
const SHOWING: &[&str] = &[
    "list", "search", "show", "showpkg", "showsrc", "policy", "info", "depends", "rdepends", "madison", "help", "version", "provides",
    "whatprovides", "repoquery", "repolist", "history", "check-update", "updateinfo", "query", "se", "if", "lu", "lr", "pa", "stats", "dump", "pkgnames", "moo",
    "find", "dot", "config", "deplist", "groups", "search-apps", "why", "what-requires", "list-updates",
];

fn changes(what: &str, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Configure { what: what.to_owned() }, inv.span);
}

/// What takes packages away.
const REMOVAL: &str = "removal of system packages";

fn is_file(word: &Word) -> bool {
    word.text.contains('/') && word.text.contains('.') || word.text.contains("://")
}

/// A package that is no name of the distribution's: a file, or an address.
fn foreign(word: &Word, sink: &mut Sink) {
    if let Some(url) = crate::url::parse(&word.text).filter(|_| word.text.contains("://")) {
        sink.connect(&url.host, url.port, &url.scheme, Some("GET"), false, word.span);
    } else {
        sink.read(word);
    }
    sink.opaque(OpaqueCause::Script, registry::FOREIGN, &[], word.span);
}

fn fetched(inv: &Invocation<'_>, sink: &mut Sink) {
    sink.connect("*", None, "https", Some("GET"), false, inv.span);
    sink.opaque(OpaqueCause::Script, "system-package", &[], inv.span);
}

fn system(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &SYSTEM);
    for word in parsed.values(&["o", "option", "setopt"]) {
        // APT::…::Pre-Invoke, DPkg::Post-Invoke, Dpkg::Options and the like name commands.
        let lower = word.text.to_ascii_lowercase();
        if lower.contains("invoke") || lower.contains("dir::") || lower.contains("hook") || !word.known() {
            sink.shell(&Word::literal(word.text.split_once('=').map_or("", |(_, value)| value), word.span));
            sink.opaque(OpaqueCause::Dynamic, inv.name, &[], word.span);
        }
    }
    for word in parsed.values(&["c", "config-file"]) {
        if inv.name.starts_with("apt") {
            sink.opaque(OpaqueCause::Script, inv.name, &[], word.span);
        }
    }
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let verb_text = verb.text.as_str();
    if SHOWING.contains(&verb_text)
        || inv.name == "apt-cache"
        || parsed.has(&["s", "simulate", "dry-run", "just-print"]) && inv.name.starts_with("apt")
    {
        return;
    }
    match verb_text {
        "update" | "makecache" | "refresh" | "ref" if !matches!(inv.name, "dnf" | "yum" | "snap" | "flatpak") => {
            sink.connect("*", None, "https", Some("GET"), false, inv.span);
            changes("package lists", inv, sink);
        }
        "download" | "changelog" | "source" | "build-dep" => {
            fetched(inv, sink);
            sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change);
        }
        "remove" | "purge" | "del" | "erase" | "uninstall" | "rm" => changes(REMOVAL, inv, sink),
        "autoremove" | "autopurge" | "clean" | "autoclean" => changes("system packages", inv, sink),
        "run" if matches!(inv.name, "snap" | "flatpak") => sink.opaque(OpaqueCause::Script, "system-package", &[], verb.span),
        _ => {
            rest.iter().filter(|word| is_file(word)).for_each(|word| foreign(word, sink));
            fetched(inv, sink);
            changes("system packages", inv, sink);
        }
    }
}

fn package_files(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::PLAIN);
    let showing = [
        "l",
        "L",
        "s",
        "S",
        "p",
        "I",
        "c",
        "list",
        "listfiles",
        "status",
        "search",
        "print-avail",
        "info",
        "contents",
        "q",
        "query",
        "V",
        "verify",
        "version",
        "help",
        "compare-versions",
        "print-architecture",
        "get-selections",
        "audit",
        "C",
    ];
    let acting = [
        "i",
        "install",
        "r",
        "remove",
        "P",
        "purge",
        "U",
        "F",
        "e",
        "erase",
        "upgrade",
        "unpack",
        "configure",
        "a",
        "set-selections",
        "x",
        "X",
        "import",
        "force-all",
        "add-architecture",
    ];
    // rpm's -q turns -i, -l and -p into questions.
    let asks = parsed.has(&["q", "query", "I", "info", "c", "contents"]) || (parsed.has(&showing) && !parsed.has(&acting));
    if asks || args::asks_help(inv.args) {
        return;
    }
    parsed.operands.iter().filter(|word| word.text.contains('.')).for_each(|word| sink.read(word));
    if parsed.has(&["x", "X", "extract"]) {
        parsed.operands.iter().skip(1).for_each(|word| sink.write_tree(word, WriteMode::Change));
        return;
    }
    let removes = parsed.has(&["r", "remove", "P", "purge", "e", "erase"]);
    if !removes {
        sink.opaque(OpaqueCause::Script, registry::FOREIGN, &[], inv.span);
    }
    changes(if removes { REMOVAL } else { "system packages" }, inv, sink);
}

fn pacman(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed =
        args::parse(inv.args, &Grammar::valued(&["b", "r", "hookdir", "config", "cachedir", "root", "dbpath", "gpgdir"]));
    for word in parsed.values(&["hookdir", "config"]) {
        sink.opaque(OpaqueCause::Script, "pacman", &[], word.span);
    }
    let shows_sync =
        parsed.has(&["S", "sync"]) && parsed.has(&["s", "i", "l", "g", "search", "info", "p"]) && !parsed.has(&["u", "y"]);
    if parsed.has(&["Q", "query", "F", "files", "V", "version", "h", "help", "T"]) || shows_sync {
        return;
    }
    if parsed.has(&["R", "remove"]) {
        return changes(REMOVAL, inv, sink);
    }
    if parsed.has(&["U", "upgrade"]) {
        parsed.operands.iter().for_each(|word| foreign(word, sink));
    } else if !parsed.has(&["D", "database"]) {
        fetched(inv, sink);
    }
    changes("system packages", inv, sink);
}

fn brew(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::PLAIN);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let second = rest.first().map_or("list", |word| word.text.as_str());
    match verb.text.as_str() {
        "list" | "ls" | "info" | "search" | "deps" | "uses" | "outdated" | "config" | "doctor" | "leaves" | "cat" | "log"
        | "desc" | "home" | "help" | "shellenv" | "commands" | "missing" | "options" | "abv" => {}
        "services" if matches!(second, "list" | "info") => {}
        "services" => sink.deed(Deed::Persist { how: format!("brew services {second}") }, verb.span),
        "tap" if rest.is_empty() => {}
        "uninstall" | "remove" | "rm" | "cleanup" | "autoremove" | "unlink" | "link" | "pin" | "unpin" | "untap" | "zap" => {
            changes("system packages", inv, sink)
        }
        _ => {
            fetched(inv, sink);
            changes("system packages", inv, sink);
        }
    }
}

const GEM: Grammar = Grammar::valued(&[
    "v",
    "i",
    "n",
    "s",
    "P",
    "e",
    "version",
    "install-dir",
    "bindir",
    "source",
    "platform",
    "config-file",
    "host",
    "key",
    "otp",
    "build-root",
    "path",
    "jobs",
    "j",
    "gemfile",
    "without",
    "with",
    "group",
    "git",
    "branch",
    "working-dir",
    "d",
    "repository",
    "o",
    "output",
]);

fn gem(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GEM);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    match verb.text.as_str() {
        "list" | "env" | "environment" | "help" | "which" | "contents" | "dependency" | "specification" | "sources" | "stale"
        | "info" | "query"
            if !parsed.has(&["a", "add", "r", "remove"]) => {}
        "search" | "outdated" => GEMS.ask(&parsed.values(&["source"]), false, inv, sink),
        "push" => gem_publish(inv, rest, &parsed, sink),
        "yank" => {
            sink.deed(Deed::Deploy { target: "rubygems.org".to_owned(), what: "yank".to_owned(), destroys: true }, verb.span)
        }
        "signin" | "owner" => sink.deed(Deed::UseSecret { name: "rubygems credentials".to_owned() }, verb.span),
        "build" | "unpack" | "exec" => project_code(inv, sink),
        "install" | "i" | "update" | "fetch" => {
            GEMS.fetch(
                if rest.is_empty() { std::slice::from_ref(verb) } else { rest },
                &parsed.values(&["source", "s"]),
                inv,
                sink,
            );
            changes("ruby packages", inv, sink);
        }
        _ => changes("ruby packages", inv, sink),
    }
}

fn gem_publish(inv: &Invocation<'_>, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    rest.iter().for_each(|word| sink.read(word));
    let registry = parsed.value(&["host"]).map_or(GEMS.host, |word| &word.text).to_owned();
    sink.deed(Deed::Publish { registry, package: rest.first().map_or(".", |word| &word.text).to_owned() }, inv.span);
}

fn words_after<'a>(inv: &'a Invocation<'_>, verb: &Word) -> &'a [Word] {
    let at = inv.args.iter().position(|word| word == verb).map_or(inv.args.len(), |at| at + 1);
    inv.args.get(at..).unwrap_or_default()
}

fn bundle(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GEM);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    match verb.text.as_str() {
        "list" | "show" | "info" | "help" | "version" | "platform" | "doctor" | "licenses" | "open" => {}
        "check" | "outdated" | "viz" => project_code(inv, sink),
        "config" if rest.len() < 2 => {}
        "config" => changes("package manager settings", inv, sink),
        "exec" => {
            project_code(inv, sink);
            sink.run(words_after(inv, verb), inv.stdin);
        }
        "add" => {
            GEMS.fetch(rest, &parsed.values(&["source", "git"]), inv, sink);
            registry::change("Gemfile", inv, sink);
        }
        _ => {
            GEMS.ask(&[], false, inv, sink);
            project_code(inv, sink);
        }
    }
}

fn composer(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["d", "working-dir", "repository", "repository-url", "f", "format"]));
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    match verb.text.as_str() {
        "show"
        | "info"
        | "list"
        | "help"
        | "about"
        | "depends"
        | "why"
        | "why-not"
        | "prohibits"
        | "licenses"
        | "suggests"
        | "fund"
        | "diagnose"
        | "check-platform-reqs"
        | "browse" => {}
        "search" | "outdated" | "audit" => PACKAGIST.ask(&[], false, inv, sink),
        "validate" => sink.read(&Word::literal("composer.json", verb.span)),
        "config" if rest.len() < 2 => {}
        "config" => registry::change("composer.json", inv, sink),
        "require" | "create-project" if !rest.is_empty() => {
            PACKAGIST.fetch(rest.get(..1).unwrap_or_default(), &parsed.values(&["repository", "repository-url"]), inv, sink);
            registry::install_into("vendor", parsed.value(&["d", "working-dir"]), inv, sink);
            registry::change("composer.json", inv, sink);
        }
        "global" => {
            PACKAGIST.fetch(rest.get(1..).unwrap_or_default(), &[], inv, sink);
            changes("global packages", inv, sink);
        }
        "exec" => {
            project_code(inv, sink);
            sink.run(words_after(inv, verb), inv.stdin);
        }
        "clear-cache" | "clearcache" | "cc" => changes("package cache", inv, sink),
        _ => {
            PACKAGIST.ask(&[], false, inv, sink);
            registry::install_into("vendor", parsed.value(&["d", "working-dir"]), inv, sink);
            project_code(inv, sink);
        }
    }
}
