//! kubectl and helm: what is asked of a cluster, changed in it, destroyed there; secrets taken out; files read and
//! written here. The cluster's address stands in the client's settings, so it is called `kubernetes`.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["kubectl", "oc", "k3s", "microk8s"], effects: kubectl },
    Program { names: &["helm", "helmfile"], effects: helm },
];

#[rustfmt::skip]
const KUBECTL: Grammar = Grammar {
    valued: &[
        "n", "f", "k", "l", "o", "c", "p", "s", "namespace", "context", "cluster", "user", "kubeconfig", "server", "token", "as", "as-group",
        "certificate-authority", "client-certificate", "client-key", "request-timeout", "filename", "kustomize", "selector", "field-selector",
        "output", "template", "sort-by", "container", "patch", "patch-file", "type", "replicas", "image", "env", "from-file", "from-literal",
        "from-env-file", "port", "target-port", "name", "tail", "since", "since-time", "limits", "requests", "overrides", "restart", "grace-period",
        "timeout", "for", "cert", "key", "docker-server", "docker-username", "docker-password", "address", "subresource", "profile", "target",
        "v", "field-manager", "raw", "cache-dir", "labels", "to-revision", "revision", "min", "max", "cpu-percent", "clusterrole", "role", "serviceaccount", "group", "verb", "resource",
    ],
    optional: &["dry-run", "prune", "raw"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

/// To ask the cluster that the client's settings name is nothing that policy could say more of than of the start.
fn cluster(upload: bool, inv: &Invocation<'_>, sink: &mut Sink) {
    if upload {
        sink.connect("kubernetes", None, "https", None, true, inv.span);
    }
}

fn change(what: &str, destroys: bool, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Deploy { target: "kubernetes".to_owned(), what: what.to_owned(), destroys }, inv.span);
}

fn kubectl(inv: &Invocation<'_>, sink: &mut Sink) {
    let own = inv.args.split(|word| word.text == "--").next().unwrap_or_default();
    // k3s and microk8s put `kubectl` first.
    let own = if own.first().is_some_and(|word| word.text == "kubectl") { own.get(1..).unwrap_or_default() } else { own };
    // To follow a log, -f takes no file.
    let follows = own.iter().any(|word| word.text == "logs");
    let own: Vec<Word> = own.iter().filter(|word| !(follows && word.text == "-f")).cloned().collect();
    let parsed = args::parse(&own, &KUBECTL);
    settings(inv, &parsed, sink);
    let Some((verb, rest)) = parsed.operands.split_first().filter(|_| !parsed.has(&["help"])) else { return };
    let dry = parsed
        .options
        .iter()
        .any(|(name, value)| name == "dry-run" && value.as_ref().is_none_or(|word| word.text != "none" && word.text != "false"));
    sources(&parsed, sink);
    act(inv, verb, rest, &parsed, dry, sink);
}

/// Settings may name a program that gives credentials.
fn settings(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.value(&["kubeconfig"]).into_iter().chain(inv.env("KUBECONFIG")) {
        sink.read(word);
        sink.opaque(OpaqueCause::Script, "kubeconfig", &[], word.span);
    }
    for word in parsed.values(&["s", "server"]) {
        let host = url::parse(&word.text).map_or_else(String::new, |url| url.host);
        sink.connect(&host, None, "https", None, true, word.span);
    }
}

fn sources(parsed: &Parsed, sink: &mut Sink) {
    let files = parsed.values(&[
        "f",
        "filename",
        "patch-file",
        "from-env-file",
        "client-key",
        "client-certificate",
        "certificate-authority",
        "cert",
        "key",
    ]);
    for word in files.into_iter().filter(|word| word.text != "-") {
        if word.text.contains("://") {
            let host = url::parse(&word.text).map_or_else(String::new, |url| url.host);
            sink.connect(&host, None, "https", Some("GET"), false, word.span);
        } else {
            sink.read_tree(word);
        }
    }
    for word in parsed.values(&["from-file"]) {
        sink.read_tree(&Word::literal(word.text.split_once('=').map_or(word.text.as_str(), |(_, path)| path), word.span));
    }
    parsed.values(&["k", "kustomize"]).into_iter().for_each(|word| sink.read_tree(word));
}

fn act(inv: &Invocation<'_>, verb: &Word, rest: &[Word], parsed: &Parsed, dry: bool, sink: &mut Sink) {
    let second = rest.first().map_or("", |word| word.text.as_str());
    match (verb.text.as_str(), second) {
        ("version" | "help" | "options" | "completion" | "kustomize" | "plugin", _)
        | ("config", "view" | "get-contexts" | "current-context" | "get-clusters" | "get-users" | "") => {
            if verb.text == "config" && parsed.has(&["raw"]) {
                secret("kubeconfig", inv, sink);
            }
        }
        ("config", _) => sink.deed(Deed::Configure { what: "kubernetes client".to_owned() }, verb.span),
        ("get", _) => get(inv, rest, parsed, sink),
        (
            "describe" | "logs" | "top" | "explain" | "api-resources" | "api-versions" | "cluster-info" | "wait" | "diff"
            | "events" | "whoami" | "projects" | "status",
            _,
        )
        | ("auth", "can-i" | "whoami")
        | ("rollout", "status" | "history") => cluster(false, inv, sink),
        ("create", "token") => secret("kubernetes token", inv, sink),
        (_, _) if dry => cluster(false, inv, sink),
        ("delete" | "drain" | "evict", _) => change(&verb.text, true, inv, sink),
        ("apply" | "replace", _) => change(&verb.text, parsed.may_have(&["prune", "force"]), inv, sink),
        ("exec" | "attach" | "debug" | "rsh" | "run", _) => {
            cluster(true, inv, sink);
            if verb.text == "run" || verb.text == "debug" {
                change(&verb.text, false, inv, sink);
            }
            sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
        }
        ("cp" | "rsync", _) => copy(inv, rest, sink),
        ("port-forward" | "proxy", _) => {
            let address = parsed.value(&["address"]).map_or("127.0.0.1", |word| &word.text);
            sink.connect(address, None, "listen", None, true, verb.span);
            cluster(true, inv, sink);
        }
        (
            "create" | "patch" | "edit" | "set" | "label" | "annotate" | "scale" | "autoscale" | "expose" | "rollout" | "cordon"
            | "uncordon" | "taint" | "certificate" | "auth" | "new-project" | "new-app" | "adm" | "policy" | "start-build",
            _,
        ) => change(&verb.text, false, inv, sink),
        // Anything else is a plug-in: a program of its own.
        _ if verb.known() && !verb.text.contains('/') && !verb.text.starts_with('-') => {
            let program = Word::literal(format!("{}-{}", inv.name, verb.text), verb.span);
            let words: Vec<Word> = [program].into_iter().chain(rest.iter().cloned()).collect();
            sink.run(&words, inv.stdin);
        }
        _ => sink.opaque(OpaqueCause::Script, "kubectl-plugin", &[], verb.span),
    }
}

fn secret(name: &str, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::UseSecret { name: name.to_owned() }, inv.span);
}

/// A secret's values come with an output format; without one its name, kind and age, which is how one is picked.
fn get(inv: &Invocation<'_>, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    cluster(false, inv, sink);
    let kinds = rest.iter().flat_map(|word| word.text.split(','));
    let secrets = kinds
        .map(|kind| kind.split(['/', '.']).next().unwrap_or_default().to_ascii_lowercase())
        .any(|kind| kind == "secret" || kind == "secrets");
    let format = parsed.value(&["o", "output"]).map_or("", |word| &word.text);
    let raw = parsed
        .options
        .iter()
        .any(|(name, value)| name == "raw" && value.as_ref().is_none_or(|word| word.text.contains("secret")));
    let unknown = rest.first().is_some_and(|word| !word.known());
    if secrets || (unknown && !matches!(format, "" | "name" | "wide")) || raw {
        secret("kubernetes secret", inv, sink);
    }
}

fn copy(inv: &Invocation<'_>, rest: &[Word], sink: &mut Sink) {
    let inside = |word: &Word| url::is_remote_path(&word.text);
    let outward = rest.get(1).is_some_and(inside);
    cluster(outward, inv, sink);
    rest.first().filter(|word| !inside(word)).into_iter().for_each(|word| sink.read_tree(word));
    rest.get(1).filter(|word| !inside(word)).into_iter().for_each(|word| sink.write_tree(word, WriteMode::Replace));
    if outward {
        change("cp", false, inv, sink);
    }
}

#[rustfmt::skip]
const HELM: Grammar = Grammar::valued(&[
    "n", "f", "o", "d", "u", "p", "namespace", "values", "set", "set-string", "set-file", "set-json", "version", "repo", "kubeconfig", "kube-context", "kube-apiserver",
    "kube-token", "output", "output-dir", "destination", "post-renderer", "post-renderer-args", "timeout", "keyring", "key", "username", "password", "ca-file",
    "cert-file", "key-file", "untardir", "description", "max", "revision", "registry-config", "repository-config", "name-template", "show-only", "s",
]);

fn helm(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &HELM);
    settings(inv, &parsed, sink);
    for word in parsed.values(&["post-renderer"]) {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    for word in parsed.values(&["f", "values"]).into_iter().filter(|word| !word.text.contains("://") && word.text != "-") {
        sink.read(word);
    }
    let Some((verb, rest)) = parsed.operands.split_first().filter(|_| !parsed.has(&["help"])) else { return };
    helm_act(inv, verb, rest, &parsed, sink);
}

fn helm_act(inv: &Invocation<'_>, verb: &Word, rest: &[Word], parsed: &Parsed, sink: &mut Sink) {
    let second = rest.first().map_or("", |word| word.text.as_str());
    let here = Word::literal(".", inv.span);
    match (verb.text.as_str(), second) {
        ("version" | "env" | "help" | "completion" | "lint" | "verify", _)
        | ("plugin" | "repo" | "dependency" | "dep", "list" | "ls") => {}
        ("list" | "ls" | "status" | "get" | "history" | "hist" | "search" | "show" | "inspect", _) => cluster(false, inv, sink),
        ("template", _) => parsed.values(&["output-dir"]).into_iter().for_each(|word| sink.write_tree(word, WriteMode::Replace)),
        (_, _) if parsed.has(&["dry-run"]) => cluster(false, inv, sink),
        ("uninstall" | "delete" | "un" | "del", _) => change("helm uninstall", true, inv, sink),
        ("install" | "upgrade" | "rollback" | "test" | "apply" | "sync", _) => {
            change(&format!("helm {}", verb.text), parsed.has(&["force"]), inv, sink)
        }
        ("destroy", _) => change("helm destroy", true, inv, sink),
        ("repo", "add") => {
            let host = rest.get(2).and_then(|word| url::parse(&word.text)).map_or_else(String::new, |url| url.host);
            sink.connect(&host, None, "https", Some("GET"), false, verb.span);
            sink.deed(Deed::Configure { what: "helm".to_owned() }, verb.span);
        }
        ("pull" | "fetch" | "dependency" | "dep" | "repo", _) => {
            sink.connect("*", None, "https", Some("GET"), false, verb.span);
            sink.write_tree(parsed.value(&["d", "destination", "untardir"]).unwrap_or(&here), WriteMode::Change);
        }
        ("push", _) => sink.deed(
            Deed::Publish { registry: rest.get(1).map_or("*", |word| &word.text).to_owned(), package: second.to_owned() },
            verb.span,
        ),
        ("package" | "create", _) => sink.write_tree(&here, WriteMode::Change),
        ("registry", _) => secret("helm registry credentials", inv, sink),
        _ => sink.opaque(OpaqueCause::Script, "helm-plugin", &[], verb.span),
    }
}
