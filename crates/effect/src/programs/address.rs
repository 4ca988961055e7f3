//! What network programs share: an address in an argument becomes a connection (or, for `file:`, a read).
//! Follows no redirect: where a trusted host sends a client is that host's doing.

use bailiwick_vocab::effect::{Deed, WriteMode};

use crate::args::{Grammar, Parsed};
use crate::invocation::{Invocation, Sink, UNKNOWN, Word};
use crate::url::{self, Url};

/// Variables by which programs are told to go through a proxy.
const PROXY_VARIABLES: &[&str] =
    &["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// How a connection is used.
#[derive(Clone, Copy)]
pub(super) struct Exchange<'a> {
    /// The request's method, where there is one.
    pub(super) method: Option<&'a str>,
    /// Whether data goes out.
    pub(super) upload: bool,
}

/// One address is visited. Gives its parts where it has exactly one reading.
pub(super) fn visit(sink: &mut Sink, word: &Word, exchange: Exchange<'_>) -> Option<Url> {
    let parsed = url::parse(&word.text);
    match &parsed {
        Some(url) if url.scheme == "file" => {
            let path = Word { text: url.path.clone(), pattern: None, span: word.span };
            if exchange.upload { sink.write(&path, WriteMode::Replace) } else { sink.read(&path) }
        }
        Some(url) => {
            // Several addresses in one (`{a,b}`, `[1-9]`) are more hosts than can be named.
            let host = if url.host.contains(['{', '}', '[', ']', '*', '$']) { "*" } else { &url.host };
            let upload =
                exchange.upload || url.path.contains(UNKNOWN) || url.userinfo.as_ref().is_some_and(|user| user.contains(UNKNOWN));
            let method = exchange.method.filter(|_| url.scheme.starts_with("http"));
            sink.connect(host, url.port, &url.scheme, method, upload, word.span);
            if method.is_some_and(|method| destroys(method, &url.path)) {
                let target = format!("service at {host}");
                let what = format!("{} {}", method.unwrap_or_default(), url.path.split('?').next().unwrap_or_default());
                sink.deed(Deed::Deploy { target, what, destroys: true }, word.span);
            }
        }
        None => sink.connect("*", None, "http", exchange.method, exchange.upload || !word.known(), word.span),
    }
    parsed
}

/// Whether a request asks a service to remove, close or reset something: by its method, or by a word of its path.
fn destroys(method: &str, path: &str) -> bool {
    const WORDS: &[&str] = &["delete", "purge", "drop", "truncate", "flush", "wipe", "destroy", "shutdown", "close", "reset"];
    let words =
        || path.split(['/', '_', '-', '?', '&', '=', '.']).any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()));
    method == "DELETE" || matches!(method, "POST" | "PUT" | "PATCH") && (words() || path.contains("/_cluster/"))
}

/// The last name in an address's path, as `-O` and wget call the file they write.
pub(super) fn file_name(url: Option<&Url>) -> Option<String> {
    let path = url?.path.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Proxies that the command's own environment names.
pub(super) fn proxies_of_environment(inv: &Invocation<'_>, sink: &mut Sink, exchange: Exchange<'_>) {
    for (_, value) in inv.env.iter().filter(|(name, _)| PROXY_VARIABLES.contains(&name.as_str())) {
        if !value.text.is_empty() {
            visit(sink, value, exchange);
        }
    }
}

/// `directory/name`, where a directory is given.
pub(super) fn below(directory: Option<&Word>, name: &Word) -> Word {
    match directory {
        Some(directory) if !name.text.starts_with('/') => {
            let text = format!("{}/{}", directory.text.trim_end_matches('/'), name.text);
            Word { text, pattern: None, span: name.span }
        }
        Some(_) | None => name.clone(),
    }
}

/// A file is written into `directory`, or here. Without a name that is known beforehand it may be any file there.
pub(super) fn save(sink: &mut Sink, directory: Option<&Word>, name: Option<String>, address: &Word) {
    match name.filter(|name| !name.contains([UNKNOWN, '{', '[', '%'])) {
        Some(name) => sink.write(&below(directory, &Word::literal(name, address.span)), WriteMode::Replace),
        None => {
            let here = Word::literal(".", address.span);
            sink.write_tree(directory.unwrap_or(&here), WriteMode::Replace);
        }
    }
}

/// A socket in the file system: whoever may write to a container engine's is root.
pub(super) fn unix_socket(sink: &mut Sink, path: &Word, upload: bool) {
    let host = path.text.clone();
    sink.deed(
        Deed::Connect { host, port: None, scheme: "unix".to_owned(), method: None, upload, path: None, bytes: None },
        path.span,
    );
    sink.write(path, WriteMode::Change);
    if ["docker", "podman", "containerd", "crio"].iter().any(|engine| path.text.contains(engine)) {
        sink.deed(Deed::Escalate { how: "container engine socket".to_owned() }, path.span);
    }
}

/// The values of options among `names`, in order. An abbreviation counts unless it is an option of its own
/// (`--output` is not short for `--output-dir`).
pub(super) fn values<'p>(parsed: &'p Parsed, grammar: &Grammar, names: &[&str]) -> Vec<&'p Word> {
    let of_its_own = |given: &str| grammar.valued.contains(&given) || grammar.optional.contains(&given);
    let means = |given: &str, name: &str| given == name || (given.len() > 2 && name.starts_with(given) && !of_its_own(given));
    let given = parsed.options.iter().filter(|(given, _)| names.iter().any(|name| means(given, name)));
    given.filter_map(|(_, value)| value.as_ref()).collect()
}
