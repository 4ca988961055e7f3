//! docker, podman and nerdctl: what of this machine a container is given, images built, fetched and made public,
//! containers, images and volumes removed. What runs inside a container is not followed: its paths are its own.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, UNKNOWN, Word};
use crate::programs::Program;
use crate::programs::address;
use crate::programs::interpreter::project_code;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["docker", "podman", "nerdctl"], effects: docker },
    Program { names: &["docker-compose", "podman-compose"], effects: |inv, sink| compose(inv, inv.args, sink) },
];

const GLOBAL: Grammar = Grammar::wrapper(&[
    "H",
    "c",
    "l",
    "host",
    "context",
    "config",
    "log-level",
    "tlscacert",
    "tlscert",
    "tlskey",
    "url",
    "connection",
    "identity",
    "root",
    "namespace",
]);

#[rustfmt::skip]
const RUN: Grammar = Grammar {
    valued: &[
        "a", "c", "e", "h", "l", "m", "p", "u", "v", "w", "add-host", "annotation", "attach", "blkio-weight", "cap-add", "cap-drop", "cgroup-parent",
        "cgroupns", "cidfile", "cpu-period", "cpu-quota", "cpu-shares", "cpus", "cpuset-cpus", "cpuset-mems", "device", "device-cgroup-rule",
        "dns", "dns-option", "dns-search", "domainname", "entrypoint", "env", "env-file", "expose", "gpus", "group-add", "health-cmd",
        "health-interval", "health-retries", "health-timeout", "hostname", "ip", "ip6", "ipc", "isolation", "label", "label-file", "link",
        "log-driver", "log-opt", "mac-address", "memory", "memory-reservation", "memory-swap", "mount", "name", "net", "network", "network-alias",
        "oom-score-adj", "pid", "pids-limit", "platform", "pod", "publish", "pull", "restart", "runtime", "security-opt", "shm-size", "stop-signal",
        "stop-timeout", "storage-opt", "sysctl", "tmpfs", "ulimit", "user", "userns", "uts", "volume", "volume-driver", "volumes-from", "workdir",
        "secret", "detach-keys",
    ],
    // Beginnings of an option with a value that take none themselves.
    optional: &["detach"],
    long_with_one_dash: false,
    stop_at_operand: true,
};
#[rustfmt::skip]
const BUILD: Grammar = Grammar::valued(&[
    "f", "t", "o", "m", "c", "v", "file", "tag", "output", "build-arg", "build-context", "cache-from", "cache-to", "target", "platform", "secret", "ssh",
    "network", "label", "progress", "iidfile", "add-host", "allow", "builder", "metadata-file", "volume", "memory", "cpu-shares", "ulimit",
    "security-opt", "isolation", "attest", "sbom", "provenance", "set", "i", "input", "format", "filter", "since", "until", "timeout", "time", "signal",
    "message", "author", "change", "username", "password", "u", "p",
]);

/// Options of a run without a value. Any other may have one that we would take for the image, and so miss what follows.
#[rustfmt::skip]
const RUN_FLAGS: &[&str] = &[
    "rm", "detach", "interactive", "tty", "init", "privileged", "read-only", "publish-all", "no-healthcheck", "oom-kill-disable", "sig-proxy", "quiet",
    "disable-content-trust", "help", "replace", "i", "t", "d", "P", "q", "it", "use-api-socket",
];

/// Groups whose verbs also stand alone (`docker container run`).
const GROUPS: &[&str] = &[
    "container",
    "image",
    "volume",
    "network",
    "system",
    "builder",
    "buildx",
    "context",
    "plugin",
    "swarm",
    "stack",
    "service",
    "node",
    "secret",
    "config",
    "trust",
    "manifest",
    "machine",
    "pod",
    "kube",
    "checkpoint",
    "generate",
];

fn docker(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GLOBAL);
    let elsewhere = parsed.value(&["H", "host", "url"]).or_else(|| inv.env("DOCKER_HOST")).or_else(|| inv.env("CONTAINER_HOST"));
    if let Some(word) = elsewhere {
        daemon(word, sink);
    }
    let Some((first, rest)) = parsed.operands.split_first() else { return };
    if first.text == "compose" {
        return compose(inv, rest, sink);
    }
    if matches!(rest, [.., only] if only.text == "--help" && rest.len() <= 1 + usize::from(GROUPS.contains(&first.text.as_str())))
    {
        return;
    }
    let grouped = GROUPS.contains(&first.text.as_str());
    let (group, verb, rest) = match rest.split_first() {
        Some((verb, rest)) if grouped => (first.text.as_str(), verb, rest),
        Some(_) | None => ("", first, rest),
    };
    act(inv, group, verb, rest, sink);
}

/// Another daemon than this machine's own.
fn daemon(word: &Word, sink: &mut Sink) {
    if let Some(path) = word.after("unix://") {
        return sink.connect(&path.text, None, "unix", None, true, word.span);
    }
    let url = url::parse(&word.text);
    let (host, port) = url.map_or_else(|| ("*".to_owned(), None), |url| (url.host, url.port));
    sink.connect(&host, port, "docker", None, true, word.span);
}

fn act(inv: &Invocation<'_>, group: &str, verb: &Word, rest: &[Word], sink: &mut Sink) {
    match (group, verb.text.as_str()) {
        (
            _,
            "ps" | "ls" | "list" | "images" | "logs" | "inspect" | "version" | "info" | "stats" | "top" | "port" | "diff"
            | "events" | "history" | "df" | "help" | "wait" | "show" | "exists" | "du" | "tree" | "container" | "image"
            | "volume" | "network" | "system" | "mount" | "healthcheck",
        ) => {}
        (_, "run") => run(inv, rest, true, sink),
        ("" | "container" | "pod", "create") => run(inv, rest, false, sink),
        (_, "exec") => execute(inv, rest, sink),
        ("" | "builder" | "image" | "buildx", "build" | "bake") => build(inv, rest, sink),
        ("manifest", "push") | (_, "push") => publish(inv, rest, sink),
        (_, "pull") => args::parse(rest, &BUILD).operands.iter().for_each(|word| fetch(word, sink)),
        (_, "search") => sink.connect("docker.io", None, "https", Some("GET"), false, verb.span),
        (_, "login") => {
            sink.deed(Deed::UseSecret { name: "container registry credentials".to_owned() }, verb.span);
            let server = args::parse(rest, &BUILD).operands.first().map_or("docker.io".to_owned(), |word| word.text.clone());
            sink.connect(&server, None, "https", None, true, verb.span);
        }
        (_, "cp") => copy(rest, sink),
        (_, "save" | "export") => {
            args::parse(rest, &BUILD).values(&["o", "output"]).into_iter().for_each(|word| sink.write(word, WriteMode::Replace))
        }
        (_, "load" | "import") => {
            let parsed = args::parse(rest, &BUILD);
            let files = parsed
                .values(&["i", "input"])
                .into_iter()
                .chain(parsed.operands.iter().filter(|_| verb.text == "import").take(1));
            files.filter(|word| word.text != "-").for_each(|word| sink.read(word));
            change(inv, group, verb, false, sink);
        }
        (_, "rm" | "rmi" | "prune" | "remove" | "kill" | "leave" | "reset" | "delete" | "untag" | "uninstall" | "down") => {
            change(inv, group, verb, true, sink)
        }
        ("plugin", "install" | "enable" | "set" | "upgrade") => {
            sink.deed(Deed::Escalate { how: "container engine plug-in".to_owned() }, verb.span);
            sink.opaque(OpaqueCause::Script, "container", &[], verb.span);
        }
        ("context", _) | (_, "logout") => sink.deed(Deed::Configure { what: "container client".to_owned() }, verb.span),
        ("" | "container" | "pod", "start" | "restart" | "unpause" | "attach" | "restore") | ("kube", "play") => {
            sink.opaque(OpaqueCause::Script, "container", &[], verb.span);
            change(inv, group, verb, false, sink);
        }
        ("machine", "ssh") | ("", "unshare") => sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[], verb.span),
        (group, _) if !group.is_empty() => change(inv, group, verb, false, sink),
        (_, "stop" | "pause" | "rename" | "update" | "commit" | "tag" | "init" | "cleanup" | "renumber" | "migrate") => {
            change(inv, group, verb, false, sink)
        }
        _ => plugin(inv, verb, rest, sink),
    }
}

/// A command that is none of docker's own is a plug-in: a program of its own, beside the engine's or in the home.
fn plugin(inv: &Invocation<'_>, verb: &Word, rest: &[Word], sink: &mut Sink) {
    if !verb.known() || verb.text.contains('/') || verb.text.starts_with('-') {
        return sink.opaque(OpaqueCause::Dynamic, "docker", &[], verb.span);
    }
    let program = Word::literal(format!("{}-{}", inv.name, verb.text), verb.span);
    let words: Vec<Word> = [program].into_iter().chain(rest.iter().cloned()).collect();
    sink.run(&words, inv.stdin);
}

fn change(inv: &Invocation<'_>, group: &str, verb: &Word, destroys: bool, sink: &mut Sink) {
    let target = match (group, verb.text.as_str()) {
        ("", "rmi") => "container image".to_owned(),
        ("" | "container", _) => "container".to_owned(),
        (group, _) => format!("container {group}"),
    };
    sink.deed(Deed::Deploy { target, what: verb.text.clone(), destroys }, inv.span);
}

/// A container is made from an image, with parts of this machine.
fn run(inv: &Invocation<'_>, words: &[Word], starts: bool, sink: &mut Sink) {
    let parsed = args::parse(words, &RUN);
    given(&parsed, sink);
    rights(inv, &parsed, sink);
    if let Some(image) = parsed.operand(0) {
        fetch(image, sink);
    }
    let strange = parsed.options.iter().any(|(name, value)| value.is_none() && !RUN_FLAGS.contains(&name.as_str()));
    if parsed.uncertain || strange {
        sink.opaque(OpaqueCause::Dynamic, "docker", &[], inv.span);
    }
    if let Some(word) = parsed.value(&["restart"]).filter(|word| word.text != "no") {
        sink.deed(Deed::Persist { how: "container restart policy".to_owned() }, word.span);
    }
    if starts {
        sink.opaque(OpaqueCause::Script, "container", &[], inv.span);
    }
}

/// Directories, files and ports.
fn given(parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["v", "volume"]) {
        volume(word, sink);
    }
    for word in parsed.values(&["mount"]) {
        mount(word, sink);
    }
    for word in parsed.values(&["env-file", "label-file"]) {
        sink.read(word);
    }
    for word in parsed.values(&["cidfile"]) {
        sink.write(word, WriteMode::Replace);
    }
    for word in parsed.values(&["p", "publish"]) {
        published(word, sink);
    }
}

/// `[address:]port:inside`; one number alone gets a port by chance.
fn published(word: &Word, sink: &mut Sink) {
    let parts: Vec<&str> = word.text.split(':').collect();
    let (host, port) = match parts.as_slice() {
        [host, port, _] => (*host, *port),
        [port, _] => ("0.0.0.0", *port),
        _ => ("0.0.0.0", ""),
    };
    sink.connect(host, port.parse().ok(), "listen", None, true, word.span);
}

/// `source:target[:options]`. A source without a slash is a named volume of the engine's own.
fn volume(word: &Word, sink: &mut Sink) {
    let mut parts = word.text.split(':');
    let (Some(source), Some(_)) = (parts.next(), parts.next()) else { return };
    if source.starts_with(['/', '.', '~', UNKNOWN]) {
        let only_read =
            parts.next().is_some_and(|options| options.split(',').any(|option| option == "ro" || option == "readonly"));
        bind(&Word::literal(source, word.span), only_read, sink);
    }
}

/// `type=bind,source=…,target=…[,readonly]`.
fn mount(word: &Word, sink: &mut Sink) {
    let field = |names: &[&str]| {
        word.text
            .split(',')
            .find_map(|part| part.split_once('=').filter(|(name, _)| names.contains(name)).map(|(_, value)| value))
    };
    let only_read = word.text.split(',').any(|part| matches!(part, "ro" | "readonly" | "ro=true" | "readonly=true"));
    if let Some(source) =
        field(&["source", "src"]).filter(|_| field(&["type"]) != Some("volume") && field(&["type"]) != Some("tmpfs"))
    {
        bind(&Word::literal(source, word.span), only_read, sink);
    }
}

fn bind(source: &Word, only_read: bool, sink: &mut Sink) {
    if source.text.ends_with(".sock") {
        return address::unix_socket(sink, source, true);
    }
    sink.read_tree(source);
    if !only_read {
        sink.write_tree(source, WriteMode::Replace);
        // A container's root may then change what belongs to this machine's root.
        if matches!(
            source.text.trim_end_matches('/'),
            "" | "/etc" | "/root" | "/boot" | "/usr" | "/var" | "/proc" | "/sys" | "/dev"
        ) {
            sink.deed(Deed::Escalate { how: "container mount of the system".to_owned() }, source.span);
        }
    }
}

fn rights(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    let host = |names: &[&str]| parsed.values(names).iter().any(|word| word.text == "host" || !word.known());
    let unconfined = parsed.values(&["security-opt"]).iter().any(|word| !word.text.contains("no-new-privileges"));
    if parsed.has(&["privileged"])
        || parsed.has(&["cap-add", "device", "device-cgroup-rule"])
        || unconfined
        || host(&["pid", "ipc", "uts", "userns", "cgroupns"])
    {
        sink.deed(Deed::Escalate { how: "privileged container".to_owned() }, inv.span);
    }
    if host(&["network", "net"]) {
        sink.deed(Deed::Escalate { how: "host network".to_owned() }, inv.span);
    }
    if parsed.has(&["volumes-from"]) {
        sink.opaque(OpaqueCause::Dynamic, "docker", &[], inv.span);
    }
}

fn execute(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &RUN);
    parsed.values(&["env-file"]).into_iter().for_each(|word| sink.read(word));
    if parsed.has(&["privileged"]) {
        sink.deed(Deed::Escalate { how: "privileged container".to_owned() }, inv.span);
    }
    sink.opaque(OpaqueCause::Script, "container", &[], inv.span);
}

/// The registry that an image's name names.
fn registry_of(image: &str) -> String {
    let image = image.strip_prefix("docker://").unwrap_or(image);
    let first = image.split('/').next().unwrap_or_default();
    if first.contains(UNKNOWN) {
        return "*".to_owned();
    }
    let named = image.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    if named { first.split(':').next().unwrap_or_default().to_ascii_lowercase() } else { "docker.io".to_owned() }
}

fn fetch(image: &Word, sink: &mut Sink) {
    sink.connect(&registry_of(&image.text), None, "https", Some("GET"), false, image.span);
}

fn publish(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &BUILD);
    let image = parsed.operands.last().map_or("", |word| &word.text);
    sink.deed(Deed::Publish { registry: registry_of(image), package: image.to_owned() }, inv.span);
}

fn build(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &BUILD);
    for word in parsed.values(&["f", "file"]).into_iter().filter(|word| word.text != "-") {
        sink.read(word);
    }
    for word in &parsed.operands {
        if word.text.contains("://") || word.text.starts_with("git@") {
            let host = url::ssh_host(&word.text).map_or_else(|| "*".to_owned(), |(host, _)| host);
            sink.connect(&host, None, "https", Some("GET"), false, word.span);
        } else if word.text != "-" {
            sink.read_tree(word);
        }
    }
    build_options(inv, &parsed, sink);
    project_code(inv, sink);
}

fn build_options(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["secret"]) {
        let source = word.text.split(',').find_map(|part| part.strip_prefix("src=").or_else(|| part.strip_prefix("source=")));
        source.into_iter().for_each(|path| sink.read(&Word::literal(path, word.span)));
    }
    if parsed.has(&["ssh"]) {
        sink.deed(Deed::UseSecret { name: "ssh agent".to_owned() }, inv.span);
    }
    for word in parsed.values(&["o", "output"]) {
        let path = word.text.split(',').find_map(|part| part.strip_prefix("dest=")).unwrap_or(&word.text);
        sink.write_tree(&Word::literal(path, word.span), WriteMode::Replace);
    }
    for word in parsed.values(&["iidfile", "metadata-file"]) {
        sink.write(word, WriteMode::Replace);
    }
    parsed.values(&["v", "volume"]).into_iter().for_each(|word| volume(word, sink));
    if parsed.has(&["allow", "security-opt"]) || parsed.value(&["network"]).is_some_and(|word| word.text == "host") {
        sink.deed(Deed::Escalate { how: "privileged image build".to_owned() }, inv.span);
    }
    if parsed.has(&["push"])
        || parsed
            .values(&["o", "output"])
            .iter()
            .any(|word| word.text.contains("push=true") || word.text.contains("type=registry"))
    {
        let image = parsed.value(&["t", "tag"]).map_or("", |word| &word.text);
        sink.deed(Deed::Publish { registry: registry_of(image), package: image.to_owned() }, inv.span);
    }
}

/// `cp container:path here` and back.
fn copy(words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &Grammar::PLAIN);
    let inside = |word: &Word| url::is_remote_path(&word.text);
    if let Some(source) = parsed.operand(0).filter(|word| !inside(word) && word.text != "-") {
        sink.read_tree(source);
    }
    if let Some(target) = parsed.operand(1).filter(|word| !inside(word) && word.text != "-") {
        sink.write_tree(target, WriteMode::Replace);
    }
}

#[rustfmt::skip]
const COMPOSE: Grammar = Grammar::wrapper(&[
    "f", "p", "file", "project-name", "profile", "env-file", "project-directory", "progress", "ansi", "parallel",
]);

/// The file that says what runs is the project's own.
fn compose(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) {
    let parsed = args::parse(words, &COMPOSE);
    for word in parsed.values(&["f", "file", "env-file"]).into_iter().filter(|word| word.text != "-") {
        sink.read(word);
    }
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let flags = args::parse(rest, &Grammar::PLAIN);
    let removes_data = flags.may_have(&["v", "volumes", "rmi"]);
    let service = |destroys| Deed::Deploy { target: "containers of the project".to_owned(), what: verb.text.clone(), destroys };
    match verb.text.as_str() {
        "ps" | "logs" | "config" | "images" | "ls" | "top" | "events" | "port" | "version" | "help" | "convert" | "stats"
        | "volumes" | "wait" => {}
        "pull" => sink.connect("docker.io", None, "https", Some("GET"), false, verb.span),
        "push" => sink.deed(Deed::Publish { registry: "*".to_owned(), package: ".".to_owned() }, verb.span),
        "cp" => copy(rest, sink),
        "stop" | "pause" | "unpause" | "scale" => sink.deed(service(false), inv.span),
        "down" => sink.deed(service(removes_data), inv.span),
        "rm" | "kill" => sink.deed(service(true), inv.span),
        _ => {
            sink.deed(service(false), inv.span);
            args::parse(rest, &RUN).values(&["v", "volume"]).into_iter().for_each(|word| volume(word, sink));
            project_code(inv, sink);
        }
    }
}
