//! gh and glab: what is asked of a forge, said there, changed there, destroyed there; tokens taken out; what is cloned
//! or downloaded.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::programs::address;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["gh", "glab", "hub", "tea"], effects }];

#[rustfmt::skip]
const GRAMMAR: Grammar = Grammar {
    valued: &[
        "R", "b", "t", "F", "B", "H", "l", "a", "r", "m", "p", "L", "q", "X", "f", "e", "o", "D", "n", "repo", "body", "body-file", "title", "base", "head", "label",
        "assignee", "reviewer", "milestone", "project", "limit", "jq", "template", "method", "field", "raw-field", "input", "header", "hostname", "json",
        "state", "search", "author", "env", "org", "user", "notes", "notes-file", "target", "tag", "dir", "output", "pattern", "archive", "job", "ref", "branch",
        "description", "desc", "filename", "cache", "preview", "match-head-commit", "subject", "c", "s", "homepage", "source", "remote", "clone-url", "add-label", "remove-label",
        "add-assignee", "remove-assignee", "add-reviewer", "remove-reviewer", "recover", "reason", "comment", "visibility", "app", "category", "u", "group", "event", "status", "workflow", "created", "commit",
    ],
    // Options without a value that are also the beginning of one with a value.
    optional: &["web"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn host(inv: &Invocation<'_>, parsed: &Parsed) -> String {
    let given = parsed.value(&["hostname"]).or_else(|| inv.env("GH_HOST")).map(|word| word.text.clone());
    given.unwrap_or_else(|| if inv.name == "glab" { "gitlab.com".to_owned() } else { "api.github.com".to_owned() })
}

fn effects(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GRAMMAR);
    if parsed.has(&["help"]) || parsed.operands.is_empty() {
        return;
    }
    let shown =
        matches!(parsed.operand(0).map(|word| word.text.as_str()), Some("pr" | "issue" | "release" | "run" | "label" | "mr"));
    if parsed.uncertain && !shown {
        sink.opaque(OpaqueCause::Dynamic, "gh", &[], inv.span);
    }
    let word = |at: usize| parsed.operand(at).map_or("", |word| word.text.as_str());
    match (word(0), word(1)) {
        ("api", _) => api(inv, &parsed, sink),
        ("auth" | "config" | "alias" | "extension" | "ext" | "extensions" | "completion" | "version" | "help", _) => {
            client(inv, word(0), word(1), &parsed, sink)
        }
        (group, verb) if asks(group, verb) => {
            sink.connect(&host(inv, &parsed), None, "https", Some("GET"), false, inv.span);
        }
        ("repo" | "gist" | "project", "clone") => {
            sink.connect(if inv.name == "glab" { "gitlab.com" } else { "github.com" }, None, "https", None, false, inv.span);
            let name = parsed
                .operand(3)
                .cloned()
                .unwrap_or_else(|| Word::literal(word(2).rsplit('/').next().unwrap_or_default(), inv.span));
            sink.write_tree(&name, WriteMode::Replace);
        }
        ("pr" | "mr", "checkout" | "co") => {
            sink.connect(&host(inv, &parsed), None, "https", Some("GET"), false, inv.span);
            sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change);
        }
        ("release" | "run" | "job" | "attestation", "download" | "artifact") => {
            sink.connect(&host(inv, &parsed), None, "https", Some("GET"), false, inv.span);
            let here = Word::literal(".", inv.span);
            sink.write_tree(parsed.value(&["D", "dir", "O", "output"]).unwrap_or(&here), WriteMode::Change);
        }
        ("codespace" | "cs", "ssh" | "cp" | "jupyter" | "code") => {
            sink.connect(&host(inv, &parsed), None, "https", None, true, inv.span);
            sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
        }
        (group, verb) => change(inv, group, verb, &parsed, sink),
    }
}

fn asks(group: &str, verb: &str) -> bool {
    let reading = [
        "list",
        "ls",
        "view",
        "show",
        "status",
        "diff",
        "checks",
        "watch",
        "verify",
        "logs",
        "log",
        "trace",
        "search",
        "get",
        "item-list",
        "field-list",
        "contributors",
        "issues",
    ];
    matches!(group, "status" | "search" | "browse" | "ruleset" | "org" | "ci" | "attestation")
        && !matches!(verb, "delete" | "run" | "retry" | "trigger" | "cancel" | "download")
        || reading.contains(&verb)
        || (group == "pr" && verb.is_empty())
}

/// The client's own affairs.
fn client(inv: &Invocation<'_>, group: &str, verb: &str, parsed: &Parsed, sink: &mut Sink) {
    match (group, verb) {
        ("auth", "token") => token(inv, sink),
        ("auth", "status") if parsed.has(&["show-token", "t"]) => token(inv, sink),
        ("auth", "git-credential") => token(inv, sink),
        ("auth", "status")
        | ("config" | "alias" | "extension" | "ext" | "extensions", "list" | "get" | "ls" | "search" | "browse" | "")
        | ("completion" | "version" | "help", _) => {}
        ("extension" | "ext" | "extensions", "remove" | "create") => {}
        ("extension" | "ext" | "extensions", _) => {
            sink.connect("github.com", None, "https", Some("GET"), false, inv.span);
            sink.opaque(OpaqueCause::Script, "gh-extension", &[], inv.span);
        }
        // An alias that begins with `!` is a shell command for later; an editor or pager is a program.
        _ => sink.deed(Deed::Configure { what: "forge client".to_owned() }, inv.span),
    }
}

fn token(inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::UseSecret { name: "forge token".to_owned() }, inv.span);
}

fn api(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    let fields = parsed.values(&["f", "F", "field", "raw-field"]);
    for word in address::values(parsed, &GRAMMAR, &["F", "field"]) {
        if let Some((_, path)) = word.text.split_once("=@") {
            sink.read(&Word::literal(path, word.span));
        }
    }
    for word in address::values(parsed, &GRAMMAR, &["input"]).into_iter().filter(|word| word.text != "-") {
        sink.read(word);
    }
    let body = !fields.is_empty() || parsed.has(&["input"]);
    let given = parsed.value(&["X", "method"]).map(|word| word.text.to_ascii_uppercase());
    let method = given.unwrap_or_else(|| if body { "POST".to_owned() } else { "GET".to_owned() });
    let endpoint = parsed.operand(1);
    let elsewhere = endpoint
        .filter(|word| word.text.contains("://"))
        .map(|word| url::parse(&word.text).map_or_else(|| "*".to_owned(), |url| url.host));
    let graphql = endpoint.is_some_and(|word| word.text == "graphql");
    let asks = method == "GET" || (graphql && !mutates(&fields));
    let open = endpoint.is_some_and(|word| !word.known());
    sink.connect(
        &elsewhere.unwrap_or_else(|| host(inv, parsed)),
        None,
        "https",
        Some(&method),
        (body && !graphql) || !asks || open,
        inv.span,
    );
    if !asks {
        sink.deed(
            Deed::Deploy {
                target: "forge".to_owned(),
                what: format!("api {method}"),
                destroys: method == "DELETE" || mutates(&fields) && graphql,
            },
            inv.span,
        );
    }
}

/// A GraphQL text that is not wholly known, comes from a file, or has a mutation in it.
fn mutates(fields: &[&Word]) -> bool {
    let queries: Vec<&&Word> = fields.iter().filter(|word| word.text.starts_with("query=")).collect();
    queries.is_empty() || queries.iter().any(|word| !word.known() || word.text.contains("mutation") || word.text.contains("=@"))
}

/// Everything that is said or changed there.
fn change(inv: &Invocation<'_>, group: &str, verb: &str, parsed: &Parsed, sink: &mut Sink) {
    for word in address::values(parsed, &GRAMMAR, &["body-file", "notes-file", "F"]).into_iter().filter(|word| word.text != "-") {
        sink.read(word);
    }
    let here = parsed.value(&["R", "repo"]).map_or_else(String::new, |word| word.text.clone());
    let deploy = |destroys| Deed::Deploy { target: format!("forge {group}"), what: verb.to_owned(), destroys };
    let destroys = parsed.operand(1).is_some_and(|word| !word.known())
        || matches!(verb, "delete" | "remove" | "archive" | "delete-asset" | "rm" | "item-delete" | "field-delete" | "transfer");
    match (group, verb) {
        (_, _) if destroys => sink.deed(deploy(true), inv.span),
        ("pr" | "mr" | "issue" | "discussion", "merge" | "accept" | "update-branch" | "rebase" | "revert") => {
            sink.deed(deploy(false), inv.span)
        }
        ("pr" | "mr" | "issue" | "discussion" | "incident", _) => {
            sink.deed(Deed::Send { channel: format!("forge {group}"), recipient: here }, inv.span);
        }
        ("gist" | "snippet", _) => {
            parsed.operands_from(2).iter().filter(|word| word.text != "-").for_each(|word| sink.read(word));
            sink.deed(
                Deed::Send {
                    channel: format!("forge {group}"),
                    recipient: if parsed.has(&["p", "public"]) { "public".to_owned() } else { String::new() },
                },
                inv.span,
            );
        }
        ("release", "create" | "upload" | "edit") => {
            parsed.operands_from(3).iter().for_each(|word| sink.read(word));
            sink.deed(
                Deed::Publish {
                    registry: "forge release".to_owned(),
                    package: parsed.operand(2).map_or("", |word| &word.text).to_owned(),
                },
                inv.span,
            );
        }
        ("ssh-key" | "gpg-key" | "deploy-key", _) => {
            parsed.operands_from(2).iter().for_each(|word| sink.read(word));
            sink.deed(Deed::Escalate { how: "forge access key".to_owned() }, inv.span);
        }
        ("repo", "create" | "fork") if parsed.has(&["clone", "source", "push"]) => {
            sink.write_tree(&Word::literal(".", inv.span), WriteMode::Change);
            sink.deed(deploy(false), inv.span);
        }
        _ => sink.deed(deploy(parsed.has(&["force"])), inv.span),
    }
}
