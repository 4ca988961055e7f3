//! What package managers share: a package named on the command line is fetched, from the registry or from the address
//! that its name is, and its code runs sooner or later.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use crate::invocation::{Invocation, Sink, UNKNOWN, Word};
use crate::programs::interpreter::project_code;
use crate::url;

/// What a package is called that comes from an address, not by its name from a well-known registry.
pub(super) const FOREIGN: &str = "foreign-package";

/// Registries that an ecosystem takes packages from by name, beside its first.
const WELL_KNOWN: &[&str] = &[
    "pypi.org",
    "pypi.python.org",
    "test.pypi.org",
    "files.pythonhosted.org",
    "download.pytorch.org",
    "pypi.nvidia.com",
    "registry.npmjs.org",
    "registry.yarnpkg.com",
    "npm.jsr.io",
    "rubygems.org",
    "conda.anaconda.org",
    "repo.anaconda.com",
    "proxy.golang.org",
];

/// A source of packages.
pub(super) struct Registry {
    /// The host asked by default.
    pub(super) host: &'static str,
    /// What a package of it is called where its code cannot be read.
    pub(super) package: &'static str,
}

pub(super) const NPM: Registry = Registry { host: "registry.npmjs.org", package: "npm-package" };
pub(super) const PYPI: Registry = Registry { host: "pypi.org", package: "python-package" };
pub(super) const CRATES: Registry = Registry { host: "crates.io", package: "rust-package" };
pub(super) const GO: Registry = Registry { host: "proxy.golang.org", package: "go-package" };
pub(super) const GEMS: Registry = Registry { host: "rubygems.org", package: "ruby-package" };
pub(super) const PACKAGIST: Registry = Registry { host: "repo.packagist.org", package: "php-package" };

impl Registry {
    /// Something is asked or fetched; another address may be given in the registry's place.
    pub(super) fn ask(&self, elsewhere: &[&Word], upload: bool, inv: &Invocation<'_>, sink: &mut Sink) {
        let method = if upload { "POST" } else { "GET" };
        if elsewhere.is_empty() {
            sink.connect(self.host, None, "https", Some(method), upload, inv.span);
        }
        for word in elsewhere {
            match url::parse(&word.text) {
                Some(url) if url.scheme == "file" => sink.read_tree(&Word::literal(url.path, word.span)),
                _ if is_directory(word) => sink.read_tree(word),
                Some(url) => sink.connect(&url.host, url.port, &url.scheme, Some(method), upload, word.span),
                None => sink.connect("*", None, "https", Some(method), upload, word.span),
            }
        }
    }

    /// Packages are fetched by name, and bring their code.
    pub(super) fn fetch(&self, packages: &[Word], elsewhere: &[&Word], inv: &Invocation<'_>, sink: &mut Sink) {
        let mut asked = false;
        for package in packages {
            match origin(&package.text) {
                Origin::Registry if !asked => {
                    self.ask(elsewhere, false, inv, sink);
                    asked = true;
                }
                Origin::Registry => {}
                Origin::Host(host) => {
                    sink.connect(&host, None, "https", Some("GET"), false, package.span);
                    sink.opaque(OpaqueCause::Script, FOREIGN, &[], package.span);
                    continue;
                }
                Origin::Directory(path) => {
                    sink.read_tree(&Word::literal(path, package.span));
                    project_code(inv, sink);
                    continue;
                }
            }
            let known = elsewhere.iter().all(|word| is_directory(word) || is_well_known(word));
            sink.opaque(OpaqueCause::Script, if known { self.package } else { FOREIGN }, &[], package.span);
        }
    }
}

/// A path in the place of a registry's address.
fn is_directory(word: &Word) -> bool {
    word.known()
        && !word.text.contains("://")
        && (word.text.contains('/') || word.text.starts_with('.') || !word.text.contains('.'))
}

/// Whether a Go package, which is named by its address, lies on a forge or where Go's own are kept.
pub(super) fn is_go_home(package: &str) -> bool {
    let host = package.split('/').next().unwrap_or_default();
    let known = [
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "golang.org",
        "go.dev",
        "gopkg.in",
        "k8s.io",
        "go.uber.org",
    ];
    known.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
        || !host.contains('.')
        || matches!(
            host,
            "honnef.co"
                | "mvdan.cc"
                | "google.golang.org"
                | "cloud.google.com"
                | "go.mongodb.org"
                | "gotest.tools"
                | "modernc.org"
        )
}

fn is_well_known(word: &Word) -> bool {
    url::parse(&word.text).is_some_and(|url| url.scheme == "https" && WELL_KNOWN.contains(&url.host.as_str()))
}

/// Where a package comes from.
enum Origin {
    Registry,
    Host(String),
    Directory(String),
}

fn origin(name: &str) -> Origin {
    // `name@address` and `name @ address` name a package and say where it is.
    let address = name
        .split_once("@ ")
        .or_else(|| name.split_once('@').filter(|(before, after)| !before.is_empty() && after.contains(':')));
    let address = address.map_or(name, |(before, after)| if before.contains("://") { name } else { after.trim() });
    let address = address.strip_prefix("git+").unwrap_or(address);
    if let Some(path) = address.strip_prefix("file:").or_else(|| address.strip_prefix("link:")) {
        return Origin::Directory(path.trim_start_matches("//").to_owned());
    }
    if address.starts_with("./") || address.starts_with("../") || address.starts_with(['/', '~']) || matches!(address, "." | "..")
    {
        return Origin::Directory(address.to_owned());
    }
    if address.starts_with(UNKNOWN) {
        return Origin::Host("*".to_owned());
    }
    for (prefix, host) in
        [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org"), ("gist:", "gist.github.com")]
    {
        if address.starts_with(prefix) {
            return Origin::Host(host.to_owned());
        }
    }
    if address.contains("://") {
        return Origin::Host(url::parse(address).map_or_else(|| "*".to_owned(), |url| url.host));
    }
    if address.contains(':') && address.contains('/') && !address.starts_with("npm:") {
        return Origin::Host(url::ssh_host(address).map_or_else(|| "*".to_owned(), |(host, _)| host));
    }
    Origin::Registry
}

/// A directory is written in the way of an installation.
pub(super) fn install_into(directory: &str, prefix: Option<&Word>, inv: &Invocation<'_>, sink: &mut Sink) {
    let path = match prefix {
        Some(prefix) => Word::literal(format!("{}/{directory}", prefix.text.trim_end_matches('/')), prefix.span),
        None => Word::literal(directory, inv.span),
    };
    sink.write_tree(&path, WriteMode::Change);
}

/// A file of the project is changed.
pub(super) fn change(file: &str, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.write(&Word::literal(file, inv.span), WriteMode::Change);
}
