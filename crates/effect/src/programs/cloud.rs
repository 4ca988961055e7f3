//! aws, gcloud, gsutil, bq and az: what is asked of a cloud, changed in it, destroyed there, by families of verbs;
//! secrets taken out; files that go there or come from there. A verb of no known family counts as a change.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, UNKNOWN, Word};
use crate::programs::Program;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["aws"], effects: aws },
    Program { names: &["gcloud"], effects: gcloud },
    Program {
        names: &["gsutil"],
        effects: |inv, sink| {
            storage(inv, inv.args, sink);
            if !inv.args.is_empty() && !args::asks_help(inv.args) {
                sink.connect("storage.googleapis.com", None, "https", None, false, inv.span);
            }
        },
    },
    Program { names: &["az"], effects: az },
];

/// Beginnings of verbs that only ask.
#[rustfmt::skip]
const ASKS: &[&str] = &[
    "get", "list", "ls", "describe", "show", "head", "lookup", "search", "query", "scan", "batch-get", "filter", "estimate", "preview", "validate", "verify",
    "help", "wait", "test", "check", "view", "info", "status", "logs", "read", "tail", "cat", "du", "stat", "hash", "whoami", "version", "diff", "exists",
    "select", "simulate", "detect", "calculate", "count", "find", "print", "export",
];
/// Beginnings of verbs after which something is gone.
#[rustfmt::skip]
const DESTROYS: &[&str] = &[
    "delete", "terminate", "remove", "purge", "destroy", "rm", "rb", "deregister", "empty", "revoke", "batch-delete", "release", "detach", "schedule-key-deletion",
    "disable", "cancel", "reset", "unpublish", "drop", "abandon", "del", "down", "undelegate", "flush", "force", "wipe", "cleanup",
];

fn family(verb: &str, beginnings: &[&str]) -> bool {
    beginnings
        .iter()
        .any(|beginning| verb.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ':'])))
}

/// A service's host, so that policy may name it.
struct Cloud {
    host: &'static str,
    name: &'static str,
}

impl Cloud {
    fn ask(&self, upload: bool, inv: &Invocation<'_>, sink: &mut Sink) {
        sink.connect(self.host, None, "https", None, upload, inv.span);
    }

    fn act(&self, service: &str, verb: &str, dry: bool, inv: &Invocation<'_>, sink: &mut Sink) {
        if family(verb, ASKS) || dry {
            return self.ask(false, inv, sink);
        }
        let target = if service.is_empty() { self.name.to_owned() } else { format!("{} {service}", self.name) };
        let destroys = family(verb, DESTROYS) || verb.contains(UNKNOWN);
        sink.deed(Deed::Deploy { target, what: verb.to_owned(), destroys }, inv.span);
    }
}

const AWS: Cloud = Cloud { host: "amazonaws.com", name: "aws" };
const GOOGLE: Cloud = Cloud { host: "googleapis.com", name: "gcloud" };
const AZURE: Cloud = Cloud { host: "management.azure.com", name: "azure" };

fn secret(name: &str, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::UseSecret { name: name.to_owned() }, inv.span);
}

/// Every long option of aws takes a value but for these; the rest are flags.
#[rustfmt::skip]
const AWS_FLAGS: &[&str] = &[
    "debug", "no-verify-ssl", "no-paginate", "no-sign-request", "no-cli-pager", "recursive", "dryrun", "dry-run", "no-dry-run", "delete", "quiet", "force",
    "human-readable", "summarize", "follow", "with-decryption", "no-with-decryption", "only-show-errors", "no-progress", "size-only", "exact-timestamps",
    "follow-symlinks", "no-follow-symlinks", "cli-auto-prompt", "force-delete-without-recovery", "skip-final-snapshot", "publish", "no-guess-mime-type",
    "no-include-email", "include-email", "no-fail-on-empty-changeset", "no-execute-changeset", "version", "interactive", "ignore-glacier-warnings",
    "force-new-deployment", "all-regions", "include-deleted", "decrypt", "enable", "disable",
];

fn aws(inv: &Invocation<'_>, sink: &mut Sink) {
    let (options, operands) = aws_words(inv.args);
    files_in_values(&options, inv, sink);
    let flag = |name: &str| options.iter().any(|(given, _)| given == name);
    for (_, value) in options.iter().filter(|(name, _)| name == "endpoint-url") {
        let host = value.as_ref().and_then(|word| url::parse(&word.text)).map_or_else(String::new, |url| url.host);
        sink.connect(&host, None, "https", None, true, inv.span);
    }
    let word = |at: usize| operands.get(at).map_or("", |word: &Word| word.text.as_str());
    let (service, verb) = (word(0), word(1));
    match (service, verb) {
        ("s3", verb) if !verb.is_empty() && verb != "help" => storage(inv, inv.args, sink),
        ("configure", "get" | "export-credentials") => secret("aws credentials", inv, sink),
        ("configure", "list" | "list-profiles") => {}
        ("configure" | "sso", _) => sink.deed(Deed::Configure { what: "aws client".to_owned() }, inv.span),
        (_, "help") => {}
        // An option that we do not know may have taken the verb for its value.
        (_, "") if inv.args.len() > 2 || inv.args.iter().any(|word| !word.known()) => {
            AWS.act("", &UNKNOWN.to_string(), false, inv, sink);
        }
        (_, "") => {}
        _ => {
            if gives_secret(service, verb, flag("with-decryption")) {
                secret(&format!("aws {service} {verb}"), inv, sink);
            }
            if matches!(
                verb,
                "send-command" | "start-session" | "execute-command" | "send-ssh-public-key" | "run-shell-script" | "ssh"
            ) {
                sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
            }
            outputs(service, verb, &operands, sink);
            AWS.act(service, verb, flag("dry-run"), inv, sink);
        }
    }
}

/// Options with their values, and operands.
fn aws_words(words: &[Word]) -> (Vec<(String, Option<Word>)>, Vec<Word>) {
    let (mut options, mut operands) = (Vec::new(), Vec::new());
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let Some(name) = word.text.strip_prefix("--") else {
            operands.push(word.clone());
            continue;
        };
        if let Some((name, _)) = name.split_once('=') {
            options.push((name.to_owned(), word.after(&format!("--{name}="))));
        } else if AWS_FLAGS.contains(&name) || name.starts_with("no-") {
            options.push((name.to_owned(), None));
        } else {
            let value = rest.next_if(|next| !next.text.starts_with("--"));
            options.push((name.to_owned(), value.cloned()));
        }
    }
    (options, operands)
}

/// `file://…` and `fileb://…` anywhere among values are read and sent.
fn files_in_values(options: &[(String, Option<Word>)], inv: &Invocation<'_>, sink: &mut Sink) {
    let files = options
        .iter()
        .filter_map(|(_, value)| value.as_ref())
        .filter_map(|word| word.after("file://").or_else(|| word.after("fileb://")));
    for file in files {
        sink.read(&file);
        AWS.ask(true, inv, sink);
    }
    // Structures may hold them too.
    for word in inv.args.iter().filter(|word| word.text.contains("=file://") || word.text.contains("=fileb://")) {
        let path = word.text.rsplit("://").next().unwrap_or_default().split(',').next().unwrap_or_default();
        sink.read(&Word::literal(path, word.span));
    }
}

fn gives_secret(service: &str, verb: &str, decrypts: bool) -> bool {
    match (service, verb) {
        ("secretsmanager", "get-secret-value" | "batch-get-secret-value") | ("kms", "decrypt" | "generate-data-key") => true,
        ("ssm", verb) => verb.starts_with("get-parameter") && decrypts,
        ("sts", verb) => verb.starts_with("assume-role") || verb == "get-session-token" || verb == "get-federation-token",
        ("iam", "create-access-key" | "create-login-profile") => true,
        ("ecr" | "ecr-public", "get-login-password" | "get-login" | "get-authorization-token") => true,
        ("rds", "generate-db-auth-token") | ("codeartifact", "get-authorization-token" | "login") | ("eks", "get-token") => true,
        ("cognito-idp", "describe-user-pool-client")
        | ("lightsail", "download-default-key-pair")
        | ("ec2", "get-password-data" | "create-key-pair") => true,
        _ => false,
    }
}

/// Some verbs write the file named last.
fn outputs(service: &str, verb: &str, operands: &[Word], sink: &mut Sink) {
    let writes = matches!(
        (service, verb),
        ("lambda", "invoke") | ("s3api", "get-object") | ("glacier", "get-job-output") | ("polly", "synthesize-speech")
    );
    if let Some(file) = operands.get(2..).and_then(<[Word]>::last).filter(|_| writes) {
        sink.write(file, WriteMode::Replace);
    }
}

fn is_bucket(word: &Word) -> bool {
    ["s3://", "gs://", "az://"].iter().any(|scheme| word.text.starts_with(scheme))
}

/// `cp`, `mv`, `sync`, `rm` and their like between here and a bucket.
fn storage(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let grammar = Grammar::valued(&[
        "profile",
        "region",
        "exclude",
        "include",
        "acl",
        "sse",
        "storage-class",
        "endpoint-url",
        "output",
        "query",
        "content-type",
        "cache-control",
        "metadata",
        "expires-in",
        "x",
        "h",
        "o",
        "c",
        "config",
        "source-region",
        "p",
        "l",
        "b",
        "project",
        "location",
    ]);
    let parsed = args::parse(words, &grammar);
    let operands: Vec<Word> =
        parsed.operands.iter().filter(|word| !matches!(word.text.as_str(), "s3" | "storage")).cloned().collect();
    let Some((verb, rest)) = operands.split_first() else { return };
    let cloud = if words.iter().any(|word| word.text.starts_with("gs://")) || inv.name == "gsutil" || inv.name == "gcloud" {
        &GOOGLE
    } else {
        &AWS
    };
    let dry = parsed.has(&["dryrun", "dry-run", "n"]);
    match verb.text.as_str() {
        "presign" | "signurl" => secret("signed address", inv, sink),
        "cp" | "mv" | "sync" | "rsync" | "put" | "copy" | "move" | "cat" | "get" => {
            moved(cloud, verb, rest, &parsed, dry, inv, sink);
        }
        name => cloud.act("storage", name, dry, inv, sink),
    }
}

fn moved(cloud: &Cloud, verb: &Word, paths: &[Word], parsed: &Parsed, dry: bool, inv: &Invocation<'_>, sink: &mut Sink) {
    let Some((destination, sources)) = paths.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        return cloud.ask(false, inv, sink);
    };
    let tree = matches!(verb.text.as_str(), "sync" | "rsync") || parsed.may_have(&["recursive", "r", "R"]);
    let local = |word: &&Word| !is_bucket(word) && word.text != "-";
    for source in sources.iter().filter(local) {
        if tree {
            sink.read_tree(source)
        } else {
            sink.read(source)
        }
        if matches!(verb.text.as_str(), "mv" | "move") && !dry {
            sink.delete_tree(source);
        }
    }
    cloud.ask(is_bucket(destination) && !dry, inv, sink);
    let removes = parsed.may_have(&["delete", "delete-unmatched-destination-objects", "d"]) && tree;
    let moves = matches!(verb.text.as_str(), "mv" | "move") && sources.iter().any(is_bucket);
    if dry {
        return;
    }
    if is_bucket(destination) || moves {
        let what = format!("storage {}", verb.text);
        sink.deed(Deed::Deploy { target: format!("{} storage", cloud.name), what, destroys: removes || moves }, inv.span);
    }
    if local(&destination) {
        if removes {
            sink.delete_tree(destination);
        }
        sink.write_tree(destination, WriteMode::Replace);
    }
}

#[rustfmt::skip]
const GOOGLE_OPTIONS: Grammar = Grammar {
    valued: &[
        "project", "account", "configuration", "format", "filter", "region", "zone", "location", "impersonate-service-account", "limit", "verbosity", "secret",
        "data-file", "key-file", "access-token-file", "flags-file", "command", "cluster", "image", "source", "project_id", "dataset_id", "member", "role", "page-size", "sort-by",
    ],
    ..Grammar::PLAIN
};

fn gcloud(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GOOGLE_OPTIONS);
    for word in parsed
        .values(&["data-file", "key-file", "access-token-file", "flags-file", "source"])
        .into_iter()
        .filter(|word| word.text != "-")
    {
        sink.read_tree(word);
    }
    let words: Vec<&str> =
        parsed.operands.iter().map(|word| word.text.as_str()).filter(|word| !matches!(*word, "alpha" | "beta")).collect();
    match words.as_slice() {
        [] | ["version" | "info" | "help" | "topic", ..] => {}
        ["storage", ..] if !matches!(words.get(1), Some(&"buckets" | &"objects")) => storage(inv, inv.args, sink),
        ["secrets", "versions", "access", ..]
        | ["auth", "print-access-token" | "print-identity-token" | "print-refresh-token", ..]
        | ["auth", "application-default", "print-access-token", ..]
        | ["kms", "decrypt", ..]
        | ["iam", "service-accounts", "keys", "create", ..] => {
            secret("gcloud credentials", inv, sink);
            words
                .get(4)
                .filter(|_| words.first() == Some(&"iam"))
                .into_iter()
                .for_each(|path| sink.write(&Word::literal(*path, inv.span), WriteMode::Replace));
        }
        ["auth" | "config", "list" | "get" | "get-value" | "configurations", ..] => {}
        ["auth" | "config" | "components" | "init", ..] => {
            if words.first() != Some(&"config") {
                for host in ["accounts.google.com", "cloudresourcemanager.googleapis.com", "www.googleapis.com", "dl.google.com"]
                {
                    sink.connect(host, None, "https", None, false, inv.span);
                }
            }
            sink.deed(Deed::Configure { what: "gcloud client".to_owned() }, inv.span)
        }
        ["compute", "ssh" | "scp" | "start-iap-tunnel", ..] | ["cloud-shell", ..] | ["app", "instances", "ssh", ..] => {
            GOOGLE.ask(true, inv, sink);
            sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
        }
        ["query", rest @ ..] if inv.name == "bq" => {
            let kind = crate::sql::read(&rest.join(" ")).kind;
            sink.deed(Deed::Query { database: "bigquery".to_owned(), kind }, inv.span);
        }
        _ => GOOGLE.act(
            words.first().copied().unwrap_or_default(),
            verb_of(&words),
            parsed.has(&["validate-only", "dry-run", "dry_run"]),
            inv,
            sink,
        ),
    }
}

/// The strongest known verb among the words: groups and verbs come first, names of things last, so that a thing named
/// `delete` can only make the answer stronger.
fn verb_of<'a>(words: &[&'a str]) -> &'a str {
    let of = |beginnings: &[&str]| words.iter().skip(1).find(|word| family(word, beginnings)).copied();
    let changes = [
        "create", "update", "set", "add", "deploy", "apply", "patch", "start", "stop", "restart", "run", "enable", "import",
        "resize", "submit", "move", "promote", "rollback", "restore", "attach", "grant", "replace", "tag", "upload", "scale",
        "invoke", "assign", "up",
    ];
    of(DESTROYS)
        .or_else(|| of(&changes))
        .or_else(|| of(ASKS))
        .or_else(|| words.first().copied().filter(|word| family(word, ASKS) || family(word, DESTROYS)))
        .unwrap_or("change")
}

fn az(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "n",
            "g",
            "o",
            "l",
            "name",
            "resource-group",
            "output",
            "query",
            "subscription",
            "location",
            "vault-name",
            "template-file",
            "parameters",
            "file",
            "f",
            "scripts",
            "src",
            "account-name",
            "container-name",
            "ids",
            "id",
            "p",
            "u",
            "s",
            "d",
            "source",
            "destination",
            "image",
            "sku",
            "method",
            "url",
            "uri",
            "body",
        ]),
    );
    for word in parsed.values(&["template-file", "file", "f", "src"]) {
        sink.read_tree(word);
    }
    for word in inv.args.iter().filter_map(|word| word.after("@")) {
        sink.read(&word);
        AZURE.ask(true, inv, sink);
    }
    let words: Vec<&str> = parsed.operands.iter().map(|word| word.text.as_str()).collect();
    let last = words.last().copied().unwrap_or_default();
    match words.as_slice() {
        [] | ["version" | "help" | "find" | "account", "list" | "show", ..] | ["version"] | ["account", "list-locations"] => {}
        ["keyvault", "secret", "show" | "download", ..] | ["account", "get-access-token", ..] => {
            secret("azure credentials", inv, sink)
        }
        _ if matches!(
            last,
            "list-keys" | "show-connection-string" | "show-keys" | "get-credentials" | "generate-sas" | "list-credentials"
        ) || (words.contains(&"keys") && last == "list")
            || (words.contains(&"credential") && matches!(last, "show" | "list" | "reset")) =>
        {
            secret("azure credentials", inv, sink);
        }
        ["login" | "logout" | "configure" | "config" | "extension" | "account" | "cloud" | "upgrade", ..] => {
            sink.deed(Deed::Configure { what: "azure client".to_owned() }, inv.span);
        }
        ["rest", ..] => rest_call(&parsed, inv, sink),
        _ if words.contains(&"run-command") || words.contains(&"ssh") => {
            AZURE.ask(true, inv, sink);
            sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], inv.span);
        }
        _ => {
            AZURE.act(words.first().copied().unwrap_or_default(), verb_of(&words), parsed.has(&["what-if", "dryrun"]), inv, sink)
        }
    }
}

fn rest_call(parsed: &Parsed, inv: &Invocation<'_>, sink: &mut Sink) {
    let method = parsed.value(&["method", "m"]).map_or("GET".to_owned(), |word| word.text.to_ascii_uppercase());
    let host = parsed
        .value(&["url", "uri", "u"])
        .and_then(|word| url::parse(&word.text))
        .map_or_else(|| AZURE.host.to_owned(), |url| url.host);
    sink.connect(&host, None, "https", Some(&method), method != "GET", inv.span);
    if method != "GET" {
        sink.deed(
            Deed::Deploy { target: "azure".to_owned(), what: format!("rest {method}"), destroys: method == "DELETE" },
            inv.span,
        );
    }
}
