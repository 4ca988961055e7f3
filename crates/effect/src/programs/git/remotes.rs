//! Sub-commands that talk to other repositories and people: clone, fetch, pull, push, remote, send-email, lfs, svn.
//!
//! A remote that is given by name is a connection with scheme `git-remote` and that name as host; resolution puts the
//! real address there.

use bailiwick_vocab::effect::{Deed, Hint, OpaqueCause, WriteMode};

use super::{Does, config, here, loses, records, viewing_only};
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::destination;
use crate::programs::readers::read_path;
use crate::url;

pub(super) const TABLE: &[(&[&str], Does)] = &[
    (&["clone"], clone),
    (&["fetch", "fetch-pack"], fetch),
    (&["pull"], fetch),
    (&["ls-remote"], ls_remote),
    (&["push", "send-pack"], push),
    (&["remote"], remote),
    (&["send-email", "imap-send"], send_email),
    (&["lfs"], lfs),
    (&["instaweb"], |invocation, sink| {
        records(invocation, sink);
        sink.connect("localhost", None, "http", None, true, invocation.span);
    }),
    (&["daemon", "http-backend", "shell", "upload-pack", "receive-pack", "cvsserver", "upload-archive"], serve),
    (&["svn", "p4", "cvsimport", "cvsexportcommit", "archimport", "quiltimport", "annex", "flow", "subtree"], bridge),
];

const FETCH: Grammar = Grammar {
    optional: &["recurse-submodules", "rebase", "S", "gpg-sign", "log", "tags"],
    ..Grammar::valued(&[
        "upload-pack",
        "exec",
        "depth",
        "deepen",
        "shallow-since",
        "shallow-exclude",
        "j",
        "jobs",
        "o",
        "server-option",
        "refmap",
        "s",
        "strategy",
        "X",
        "strategy-option",
        "filter",
        "negotiation-tip",
        "sort",
    ])
};

/// A connection to a repository given as address or by name; the default one where there is none.
pub(super) fn contact(remote: Option<&Word>, invocation: &Invocation<'_>, sink: &mut Sink) {
    let Some(remote) = remote else { return sink.connect("origin", None, "git-remote", None, false, invocation.span) };
    if let Some(command) = remote.after("ext::") {
        return sink.shell(&command);
    }
    if remote.text.contains("::") {
        sink.opaque(OpaqueCause::Dynamic, "git-remote-helper", &[Hint::Runs, Hint::Network], remote.span);
    }
    let text = remote.text.as_str();
    if is_local(text) {
        return sink.read_tree(&remote.after("file://").unwrap_or_else(|| remote.clone()));
    }
    let named = !text.contains([':', '/', '@']) && remote.known();
    match (named, url::ssh_host(text)) {
        (true, _) => sink.connect(text, None, "git-remote", None, false, remote.span),
        (false, Some((host, port))) => sink.connect(&host, port, scheme(text), None, false, remote.span),
        (false, None) => sink.connect("", None, "git", None, false, remote.span),
    }
}

fn is_local(text: &str) -> bool {
    text.starts_with(['/', '.', '~']) || text.starts_with("file://")
}

fn scheme(text: &str) -> &str {
    match text.split_once("://") {
        Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+') => scheme,
        Some(_) | None => "ssh",
    }
}

/// Options that name the program to run at the other end, which is this machine for a local path.
fn other_end(parsed: &Parsed, names: &[&str], sink: &mut Sink) {
    for program in parsed.values(names) {
        sink.shell(program);
    }
}

fn clone(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["recurse-submodules"],
        ..Grammar::valued(&[
            "u",
            "upload-pack",
            "c",
            "config",
            "b",
            "branch",
            "o",
            "origin",
            "depth",
            "reference",
            "reference-if-able",
            "separate-git-dir",
            "template",
            "j",
            "jobs",
            "shallow-since",
            "shallow-exclude",
            "filter",
            "server-option",
            "bundle-uri",
            "revision",
            "ref-format",
        ])
    };
    let parsed = parse(invocation.args, &grammar);
    other_end(&parsed, &["u", "upload-pack"], sink);
    for setting in parsed.values(&["c", "config"]) {
        config::given(setting, sink);
    }
    if let Some(template) = parsed.value(&["template"]).filter(|template| !template.text.is_empty()) {
        sink.read_tree(template);
        sink.deed(Deed::Persist { how: "git-hooks".to_owned() }, invocation.span);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "git-config", &[Hint::Runs], invocation.span);
    }
    let Some(source) = parsed.operand(0) else { return };
    contact(Some(source), invocation, sink);
    let name = destination::base(&source.text).trim_end_matches(".git").rsplit(':').next().unwrap_or("").to_owned();
    let directory = parsed.operand(1).cloned().unwrap_or_else(|| Word::literal(name, source.span));
    for path in std::iter::once(&directory).chain(parsed.values(&["separate-git-dir"])) {
        sink.write_tree(path, WriteMode::Change);
    }
}

fn fetch(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &FETCH);
    other_end(&parsed, &["upload-pack", "exec"], sink);
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "git-config", &[Hint::Runs], invocation.span);
    }
    contact(parsed.operand(0), invocation, sink);
    records(invocation, sink);
    // `+ref:ref` and --force move local references, --update-head-ok even the checked-out one.
    let moves = parsed.operands_from(1).iter().any(|reference| reference.text.starts_with('+') && reference.text.contains(':'));
    if moves || (parsed.has(&["f", "force"]) && parsed.operands.len() > 1) {
        loses("git-history", invocation, sink);
    }
}

fn ls_remote(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &FETCH);
    other_end(&parsed, &["upload-pack", "exec"], sink);
    contact(parsed.operand(0), invocation, sink);
}

fn push(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["force-with-lease", "signed", "recurse-submodules"],
        ..Grammar::valued(&["receive-pack", "exec", "o", "push-option", "repo"])
    };
    let parsed = parse(invocation.args, &grammar);
    other_end(&parsed, &["receive-pack", "exec"], sink);
    let remote = parsed.operand(0).or_else(|| parsed.value(&["repo"]));
    if let Some(command) = remote.and_then(|remote| remote.after("ext::")) {
        return sink.shell(&command);
    }
    if parsed.has(&["n", "dry-run"]) && !parsed.uncertain {
        return contact(remote, invocation, sink);
    }
    let mut refs: Vec<String> = parsed.operands_from(1).iter().map(|word| word.text.clone()).collect();
    refs.extend(
        ["all", "branches", "tags", "mirror", "follow-tags"]
            .into_iter()
            .filter(|name| parsed.has(&[name]))
            .map(|name| format!("--{name}")),
    );
    let rewrites = |word: &Word| word.text.starts_with(['+', ':']) || !word.known();
    let options =
        ["f", "force", "force-with-lease", "force-with-lease-if-includes", "force-if-includes", "d", "delete", "mirror", "prune"];
    let force = parsed.may_have(&options) || parsed.operands_from(1).iter().any(rewrites);
    let remote = remote.map_or_else(String::new, |remote| remote.text.clone());
    sink.deed(Deed::Push { remote, host: None, refs, force }, invocation.span);
}

fn remote(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["t", "m"]));
    match (parsed.operand(0).map_or("", |verb| verb.text.as_str()), parsed.operand(1)) {
        ("" | "get-url", _) => viewing_only(invocation, sink),
        ("show", name) => {
            viewing_only(invocation, sink);
            if let Some(name) = name.filter(|_| !parsed.has(&["n"])) {
                contact(Some(name), invocation, sink);
            }
        }
        ("update" | "prune", name) => {
            contact(name, invocation, sink);
            records(invocation, sink);
        }
        ("add", _) => records(invocation, sink),
        // Nothing goes to a remote that is gone, or by a name that nothing had; where the usual one goes is another matter.
        ("remove" | "rm" | "set-head" | "set-branches", Some(name)) if name.known() && !parsed.uncertain => {
            records(invocation, sink);
        }
        ("rename", Some(name)) if name.known() && parsed.operand(2).is_some_and(|new| new.known() && new.text != "origin") => {
            records(invocation, sink);
        }
        // Where later fetches and pushes go is changed.
        _ => config::changed(invocation, sink),
    }
}

fn send_email(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&[
        "to",
        "cc",
        "bcc",
        "from",
        "subject",
        "smtp-server",
        "smtp-server-port",
        "smtp-user",
        "smtp-pass",
        "sendmail-cmd",
        "to-cmd",
        "cc-cmd",
        "header-cmd",
        "in-reply-to",
        "smtp-encryption",
        "envelope-sender",
        "identity",
        "confirm",
        "batch-size",
        "relogin-delay",
    ]);
    let parsed = parse(invocation.args, &grammar);
    for command in parsed.values(&["sendmail-cmd", "to-cmd", "cc-cmd", "header-cmd"]) {
        sink.shell(command);
    }
    match parsed.value(&["smtp-server"]) {
        Some(program) if program.text.starts_with('/') => sink.run(std::slice::from_ref(program), invocation.stdin),
        Some(host) => sink.connect(&host.text, None, "smtp", None, true, host.span),
        None => {}
    }
    for path in &parsed.operands {
        read_path(path, false, sink);
    }
    if parsed.has(&["dry-run"]) && !parsed.uncertain {
        return;
    }
    let recipients: Vec<&str> = parsed.values(&["to", "cc", "bcc"]).iter().map(|word| word.text.as_str()).collect();
    sink.deed(Deed::Send { channel: "mail".to_owned(), recipient: recipients.join(" ") }, invocation.span);
}

pub(super) fn lfs(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let remote = invocation.args.iter().skip(1).find(|word| !word.text.starts_with('-'));
    match invocation.args.first().map_or("", |verb| verb.text.as_str()) {
        "" | "ls-files" | "status" | "env" | "version" | "locks" | "logs" | "pointer" | "help" => viewing_only(invocation, sink),
        "push" => {
            let name = remote.map_or_else(String::new, |remote| remote.text.clone());
            sink.deed(Deed::Push { remote: name, host: None, refs: vec!["lfs".to_owned()], force: false }, invocation.span);
        }
        "pull" | "fetch" | "clone" => {
            contact(remote, invocation, sink);
            records(invocation, sink);
        }
        "install" | "uninstall" | "update" => config::changed(invocation, sink),
        "lock" | "unlock" => sink.connect("origin", None, "git-remote", None, true, invocation.span),
        _ => records(invocation, sink),
    }
}

/// Others are let in; what instaweb serves with stands in the repository's own folder.
fn serve(invocation: &Invocation<'_>, sink: &mut Sink) {
    records(invocation, sink);
    sink.read_tree(&here(invocation));
    sink.connect("", None, "git", None, true, invocation.span);
}

fn bridge(invocation: &Invocation<'_>, sink: &mut Sink) {
    records(invocation, sink);
    sink.opaque(OpaqueCause::Script, "git", &[Hint::Network], invocation.span);
}
