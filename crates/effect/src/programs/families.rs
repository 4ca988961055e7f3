//! Families of verbs, as command-line clients spell them: words in, whether they ask, change or destroy out. A verb of
//! no family changes.

use crate::invocation::UNKNOWN;

/// What a verb does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Shows something.
    Asks,
    /// Changes something, or nobody knows.
    Changes,
    /// Something is gone afterwards.
    Destroys,
}

#[rustfmt::skip]
const ASKS: &[&str] = &[
    "get", "list", "ls", "describe", "show", "status", "logs", "log", "version", "versions", "help", "info", "whoami", "view", "inspect", "search",
    "diff", "history", "top", "stats", "events", "cat", "tail", "head", "print", "lint", "validate", "check", "doctor", "completion", "explain",
    "tree", "ps", "du", "stat", "find", "count", "preview", "wait", "ping", "verify", "lookup", "ll", "dump-config", "about", "docs", "schema",
    "completions", "usage", "health", "metrics", "outdated", "why", "audit", "trace", "peers", "members", "nodes", "topics", "current",
];

#[rustfmt::skip]
const DESTROYS: &[&str] = &[
    "delete", "del", "destroy", "remove", "rm", "rb", "purge", "drop", "terminate", "uninstall", "wipe", "erase", "prune", "truncate", "reset", "revoke",
    "disable", "unpublish", "trash", "shred", "flush", "abandon", "deregister", "evict", "drain", "nuke", "empty", "forget", "expire", "cleanup",
    "decommission", "down", "unregister", "rmi", "obliterate", "deletes", "deleteall", "removeall", "teardown", "rollback",
];

/// Verbs that stand before another word that only looks like a question: `add list`, `run status`.
#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "create", "update", "set", "add", "deploy", "apply", "patch", "start", "stop", "restart", "run", "enable", "import", "install", "upgrade", "push",
    "publish", "sync", "send", "scale", "restore", "exec", "ssh", "edit", "put", "invoke", "promote", "move", "mv", "cp", "copy", "rename", "login",
    "logout", "init", "new", "write", "attach", "grant", "use", "up", "activate", "deactivate", "lock", "unlock", "approve", "cancel", "abort", "trigger",
    "submit", "register", "resize", "reboot", "rotate", "assign", "transfer", "merge", "archive", "suspend", "resume",
];

/// Names of groups that look like questions: `metrics delete`.
const GROUPS: &[&str] =
    &["metrics", "nodes", "topics", "peers", "members", "events", "logs", "stats", "versions", "docs", "schema"];

/// Verbs after which something is gone, whatever program they are given to.
#[rustfmt::skip]
const PLAIN: &[&str] = &["delete", "destroy", "purge", "drop", "terminate", "unregister", "deregister", "revoke", "uninstall"];

/// Whether the word is plainly such a verb, or begins with one: `delete`, `delete-job`.
pub(super) fn plainly_destroys(word: &str) -> bool {
    let plain = word.chars().all(|char| char.is_ascii_lowercase() || char == '-');
    plain && word.split('-').next().is_some_and(|verb| PLAIN.contains(&verb))
}

/// Whether a part of the word is a verb after which something is gone.
pub(super) fn destroys(word: &str) -> bool {
    parts(word).any(|part| DESTROYS.contains(&part.as_str()))
}

/// The family of a command's first words: groups come first, then the verb, then names of things.
pub(super) fn of(words: &[&str]) -> Family {
    let Some((first, rest)) = words.split_first() else { return Family::Asks };
    let of_group = GROUPS.contains(first) && rest.first().is_some_and(|word| destroys(word));
    if of_group || destroys(first) || first.contains(UNKNOWN) || (!asks(first) && rest.iter().any(|word| destroys(word))) {
        return Family::Destroys;
    }
    // `service version activate`: a group's name may look like a question.
    let question = words.iter().any(|word| asks(word)) && !words.iter().any(|word| changes(word));
    if asks(first) || question { Family::Asks } else { Family::Changes }
}

fn changes(word: &str) -> bool {
    parts(word).any(|part| CHANGES.contains(&part.as_str()))
}

/// `list`, `get-thing`, `thing-list`, `group:list`, `ListThings`.
fn asks(word: &str) -> bool {
    let verb: Vec<String> = parts(word.rsplit(':').next().unwrap_or_default()).collect();
    verb.first().into_iter().chain(verb.last()).any(|part| ASKS.contains(&part.as_str()))
        && !verb.iter().any(|part| CHANGES.contains(&part.as_str()))
}

/// The words that a word is made of.
fn parts(word: &str) -> impl Iterator<Item = String> {
    let camel = word.chars().any(char::is_lowercase);
    let mut spaced = String::new();
    for letter in word.chars() {
        if camel && letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(letter.to_lowercase());
    }
    let parts: Vec<String> = spaced.split(['-', '_', ':', '.', ' ']).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_found_in_its_family() {
        for words in [
            &["get", "delete"][..],
            &["apps", "list"],
            &["show-config"],
            &["compute", "droplet", "list"],
            &["ecs", "DescribeInstances"],
            &[],
        ] {
            assert_eq!(of(words), Family::Asks, "{words:?}");
        }
        for words in [&["delete-stack"][..], &["apps", "destroy"], &["db:reset"], &["\u{FFFC}"], &["group", "item", "rm"]] {
            assert_eq!(of(words), Family::Destroys, "{words:?}");
        }
        for words in
            [&["deploy", "list"][..], &["ps:scale"], &["service", "version", "activate"], &["frobnicate"], &["add", "status"]]
        {
            assert_eq!(of(words), Family::Changes, "{words:?}");
        }
    }
}
