//! Edits of the files that say where packages come from and what runs when they are installed. In: a script's text and the
//! files it edits. Out: that sources are changed, or that something runs later. Reads no file.

use bailiwick_vocab::effect::Deed;

use crate::invocation::{Sink, Word};
use crate::url;

/// Files that pin where each package is fetched from, or name the registries.
const SOURCES: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Pipfile",
    "Pipfile.lock",
    "Cargo.lock",
    "Gemfile",
    "Gemfile.lock",
    "composer.lock",
    "go.sum",
    "go.mod",
    "requirements.txt",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "pip.conf",
    "sources.list",
];

/// Hosts that the ecosystems keep their packages at.
const HOMES: &[&str] = &[
    "registry.npmjs.org",
    "registry.yarnpkg.com",
    "pypi.org",
    "files.pythonhosted.org",
    "crates.io",
    "static.crates.io",
    "index.crates.io",
    "rubygems.org",
    "proxy.golang.org",
    "sum.golang.org",
    "repo.packagist.org",
    "github.com",
];

/// Scripts that package managers run by themselves when a package is installed, packed or removed.
const LIFECYCLE: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepare",
    "preprepare",
    "postprepare",
    "prepublish",
    "prepublishOnly",
    "prepack",
    "postpack",
    "preuninstall",
    "uninstall",
    "postuninstall",
    "dependencies",
];

/// Says what an edit of these files by this script means beyond the write.
pub(super) fn edited(script: &Word, files: &[Word], sink: &mut Sink) {
    let named = |names: &[&str]| files.iter().any(|file| names.contains(&super::destination::base(&file.text)));
    if (named(SOURCES) || files.iter().any(|file| super::destination::base(&file.text).starts_with("requirements")))
        && leads_elsewhere(&replacement(&script.text))
    {
        sink.deed(Deed::Configure { what: "package sources".to_owned() }, script.span);
    }
    if named(&["package.json"]) && LIFECYCLE.iter().any(|name| script.text.contains(&format!("\"{name}\""))) {
        persists(script, sink);
    }
}

/// A filter of jq or yq that assigns such a script. Where its output goes is the shell's.
pub(super) fn filtered(filter: &Word, sink: &mut Sink) {
    let compact: String =
        filter.text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '"' | '\'' | '[' | ']')).collect();
    let sets = |name: &&str| {
        [format!("scripts.{name}="), format!("scripts.{name}|="), format!("scripts{name}="), format!("scripts.{name}+=")]
            .iter()
            .any(|text| compact.contains(text.as_str()))
            || (compact.contains(".scripts") && compact.contains('=') && compact.contains(&format!("{{{name}:")))
            || (compact.contains(".scripts") && compact.contains('=') && compact.contains(&format!(",{name}:")))
    };
    if LIFECYCLE.iter().any(sets) && !compact.contains("del(") {
        persists(filter, sink);
    }
}

/// `npm pkg set scripts.postinstall=…`.
pub(super) fn assigned(word: &Word, sink: &mut Sink) {
    let name = word.text.split('=').next().unwrap_or_default();
    if name.strip_prefix("scripts.").is_some_and(|name| LIFECYCLE.contains(&name)) {
        persists(word, sink);
    }
}

fn persists(word: &Word, sink: &mut Sink) {
    sink.deed(Deed::Persist { how: "package script".to_owned() }, word.span);
}

/// What `s/old/new/` puts in; of any other script, all of it.
fn replacement(script: &str) -> String {
    let mut letters = script.strip_prefix('s').unwrap_or_default().chars();
    let parts = letters.next().filter(|delimiter| !delimiter.is_alphanumeric()).map(|delimiter| {
        let marked = letters.as_str().replace(&format!("\\{delimiter}"), "\u{1}");
        let new = marked.split(delimiter).skip(1).collect::<Vec<_>>().join(" ");
        new.replace('\u{1}', &delimiter.to_string())
    });
    parts.filter(|_| !script.contains([';', '\n'])).unwrap_or_else(|| script.replace("\\/", "/"))
}

/// Whether the text names an address that is not where packages are kept.
fn leads_elsewhere(text: &str) -> bool {
    let starts = text.match_indices("://").map(|(at, _)| at);
    starts.into_iter().any(|at| {
        let scheme = text
            .get(..at)
            .unwrap_or_default()
            .rfind(|letter: char| !letter.is_ascii_alphabetic() && letter != '+')
            .map_or(0, |end| end + 1);
        let rest = text.get(scheme..).unwrap_or_default();
        let end = rest.find(|letter: char| letter.is_whitespace() || "#|'\"\\,;".contains(letter)).unwrap_or(rest.len());
        let host = url::parse(rest.get(..end).unwrap_or_default()).map(|url| url.host);
        !host.is_some_and(|host| HOMES.contains(&host.as_str()))
    })
}
