//! `git config`, `-c name=value` and what settings can do: many of them are commands that git runs.

use bailiwick_vocab::effect::{Deed, Hint, OpaqueCause, Target, WriteMode};

use super::{Does, here, records, viewing_only};
use crate::args::{Grammar, Parsed, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const TABLE: &[(&[&str], Does)] = &[
    (&["config"], config),
    (
        &[
            "credential",
            "credential-store",
            "credential-cache",
            "credential-osxkeychain",
            "credential-libsecret",
            "credential-manager",
        ],
        credential,
    ),
    (&["hook"], |invocation, sink| sink.opaque(OpaqueCause::Script, "git-hook", &[Hint::Runs], invocation.span)),
];

/// Settings, and whole sections, of which no value runs anything or moves where data goes.
const HARMLESS: &[&str] = &[
    "user.",
    "author.",
    "committer.",
    "color.",
    "column.",
    "advice.",
    "log.",
    "status.",
    "rerere.",
    "pack.",
    "index.",
    "i18n.",
    "grep.",
    "blame.",
    "stash.",
    "checkout.",
    "pull.",
    "fetch.",
    "rebase.",
    "versionsort.",
    "feature.",
    "gc.",
    "apply.",
    "showbranch.",
    "transfer.",
    "branch.sort",
    "branch.autosetupmerge",
    "branch.autosetuprebase",
    "init.defaultbranch",
    "commit.gpgsign",
    "commit.verbose",
    "commit.cleanup",
    "commit.status",
    "tag.gpgsign",
    "tag.sort",
    "push.default",
    "push.autosetupremote",
    "push.followtags",
    "merge.conflictstyle",
    "merge.ff",
    "merge.renames",
    "merge.renamelimit",
    "merge.stat",
    "merge.log",
    "diff.renames",
    "diff.algorithm",
    "diff.context",
    "diff.colormoved",
    "diff.noprefix",
    "diff.mnemonicprefix",
    "diff.renamelimit",
    "diff.wserrorhighlight",
    "diff.submodule",
    "diff.interhunkcontext",
    "diff.statgraphwidth",
    "diff.relative",
    "diff.indentheuristic",
    "core.autocrlf",
    "core.quotepath",
    "core.eol",
    "core.ignorecase",
    "core.filemode",
    "core.longpaths",
    "core.symlinks",
    "core.abbrev",
    "core.whitespace",
    "core.precomposeunicode",
    "core.safecrlf",
    "core.compression",
    "core.preloadindex",
    "core.untrackedcache",
    "core.commitgraph",
    "core.bigfilethreshold",
    "core.logallrefupdates",
    "core.sparsecheckout",
    "core.checkstat",
    "core.trustctime",
    "http.postbuffer",
    "http.version",
    "http.lowspeedlimit",
    "http.lowspeedtime",
    "http.maxrequests",
    "clone.defaultremotename",
    "submodule.recurse",
    "submodule.fetchjobs",
    "help.autocorrect",
    "maintenance.auto",
    "receive.denycurrentbranch",
    "protocol.version",
    "core.pagerlines",
];

/// Settings whose value is text for a shell.
const RUN: &[&str] = &[
    "core.sshcommand",
    "core.pager",
    "core.editor",
    "core.askpass",
    "sequence.editor",
    "diff.external",
    "interactive.difffilter",
    "gpg.program",
    "core.gitproxy",
    "uploadpack.packobjectshook",
    "core.alternaterefscommand",
    "web.browser",
    "sendemail.sendmailcmd",
    "sendemail.tocmd",
    "sendemail.cccmd",
    "sendemail.headercmd",
    "credential.helper",
    "core.fsmonitor",
];

/// Last parts of settings with a name of the user's in the middle, whose value is text for a shell.
const RUN_ENDS: &[&str] = &[
    ".textconv",
    ".command",
    ".driver",
    ".clean",
    ".smudge",
    ".process",
    ".helper",
    ".program",
    ".cmd",
    ".uploadpack",
    ".receivepack",
    ".path",
    ".update",
];

/// `-c name=value`: a setting for this one run.
pub(super) fn given(setting: &Word, sink: &mut Sink) {
    let name = setting.text.split('=').next().unwrap_or("");
    let value = setting.after(&format!("{name}="));
    let name = name.to_ascii_lowercase();
    if harmless(&name) || value.as_ref().is_some_and(|value| inert(&name, &value.text)) {
        return;
    }
    match value {
        Some(value) if runs(&name) => sink.shell(&value.after("!").unwrap_or(value)),
        Some(value) if name.starts_with("alias.") && value.text.starts_with('!') => {
            sink.shell(&value.after("!").unwrap_or(value));
        }
        Some(_) | None => sink.opaque(OpaqueCause::Dynamic, "git-config", &[Hint::Runs], setting.span),
    }
}

fn harmless(name: &str) -> bool {
    HARMLESS.iter().any(|known| if known.ends_with('.') { name.starts_with(known) } else { name == *known }) && !runs(name)
}

fn runs(name: &str) -> bool {
    RUN.contains(&name) || name.starts_with("pager.") || RUN_ENDS.iter().any(|end| name.ends_with(end))
}

/// Values that turn a command off, or name what git itself brings.
fn inert(name: &str, value: &str) -> bool {
    match name {
        "core.fsmonitor" | "commit.gpgsign" | "core.bare" => matches!(value, "true" | "false" | ""),
        "core.hookspath" => value == "/dev/null" || value.is_empty(),
        "credential.helper" => matches!(
            value.split(' ').next().unwrap_or_default(),
            "" | "cache" | "store" | "osxkeychain" | "manager" | "libsecret"
        ),
        "http.sslverify" => value == "true",
        "protocol.ext.allow" => value == "never",
        name => (name.starts_with("pager.") && matches!(value, "true" | "false")) || (runs(name) && value.is_empty()),
    }
}

/// Where later commands go, or what they run, is set differently.
pub(super) fn changed(invocation: &Invocation<'_>, sink: &mut Sink) {
    records(invocation, sink);
    sink.deed(Deed::Configure { what: "git-config".to_owned() }, invocation.span);
}

const CONFIG: Grammar = Grammar::valued(&["f", "file", "blob", "type", "t", "default", "comment", "value", "url"]);
const VERBS: &[&str] = &["get", "set", "unset", "list", "edit", "rename-section", "remove-section", "get-color", "get-colorbool"];

fn config(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &CONFIG);
    let file = parsed.value(&["f", "file"]).filter(|file| file.text != "-");
    if let Some(file) = file {
        sink.read(file);
    }
    let verb = parsed.operand(0).map_or("", |word| word.text.as_str());
    let operands = parsed.operands_from(usize::from(VERBS.contains(&verb)));
    if reads(&parsed, verb, operands.len()) && !parsed.uncertain {
        return viewing_only(invocation, sink);
    }
    place(&parsed, invocation, sink);
    let name = operands.first().map_or(String::new(), |name| name.text.to_ascii_lowercase());
    let sets_one = operands.first().is_some_and(Word::known) && !parsed.has(&["e", "edit", "rename-section", "remove-section"]);
    let unset = verb == "unset" || parsed.has(&["unset", "unset-all"]);
    // An alias of a sub-command is read when it is used.
    let own = name.starts_with("alias.") && operands.get(1).is_some_and(|value| value.known() && !value.text.starts_with('!'));
    let fine = unset || own || harmless(&name) || operands.get(1).is_some_and(|value| inert(&name, &value.text));
    if !(sets_one && fine && !matches!(verb, "edit" | "rename-section" | "remove-section")) {
        sink.deed(Deed::Configure { what: "git-config".to_owned() }, invocation.span);
    }
}

fn reads(parsed: &Parsed, verb: &str, operands: usize) -> bool {
    let writes = parsed.has(&["add", "replace-all", "unset", "unset-all", "rename-section", "remove-section", "e", "edit"])
        || matches!(verb, "set" | "unset" | "edit" | "rename-section" | "remove-section");
    let asks = parsed.has(&["get", "get-all", "get-regexp", "get-urlmatch", "l", "list", "get-color", "get-colorbool"]);
    !writes && (asks || matches!(verb, "get" | "list" | "get-color" | "get-colorbool") || operands < 2)
}

/// The file that is written.
fn place(parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
    if let Some(file) = parsed.value(&["f", "file"]) {
        sink.write(file, WriteMode::Change);
    } else if parsed.may_have(&["global"]) {
        // Where the home directory is cannot be said here, nor which of two files git takes.
        let deed = Deed::Write { target: Target::git_user_settings(), mode: WriteMode::Change };
        sink.deed(deed, invocation.span);
    } else if parsed.has(&["system"]) {
        sink.write(&Word::literal("/etc/gitconfig", invocation.span), WriteMode::Change);
    } else {
        records(invocation, sink);
    }
}

fn credential(invocation: &Invocation<'_>, sink: &mut Sink) {
    let takes = invocation.args.iter().any(|word| matches!(word.text.as_str(), "fill" | "get"));
    if takes {
        return sink.deed(Deed::UseSecret { name: "git credentials".to_owned() }, invocation.span);
    }
    sink.write(&here(invocation), WriteMode::Change);
    sink.deed(Deed::Configure { what: "git-credentials".to_owned() }, invocation.span);
}
