//! Which project files the user has trusted: by path and digest, so that a changed file is untrusted again.

use std::collections::BTreeSet;

/// The list of trusted files, one `sha256 path` a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trusted {
    entries: BTreeSet<(String, String)>,
}

impl Trusted {
    /// Reads the list. A line that is not `sha256 path` trusts nothing.
    #[must_use]
    pub fn parse(text: &str) -> Trusted {
        let entries = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(digest, path)| digest.len() == 64 && path.starts_with('/'))
            .map(|(digest, path)| (path.to_owned(), digest.to_owned()))
            .collect();
        Trusted { entries }
    }

    /// Whether `path` with this digest is trusted.
    #[must_use]
    pub fn holds(&self, path: &str, sha256: &str) -> bool {
        self.entries.contains(&(path.to_owned(), sha256.to_owned()))
    }

    /// Trusts `path` with this digest and forgets its earlier ones.
    pub fn add(&mut self, path: &str, sha256: &str) {
        self.remove(path);
        self.entries.insert((path.to_owned(), sha256.to_owned()));
    }

    /// Trusts `path` no longer; says whether it was trusted.
    pub fn remove(&mut self, path: &str) -> bool {
        let before = self.entries.len();
        self.entries.retain(|(known, _)| known != path);
        self.entries.len() != before
    }

    /// The list as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.entries.iter().map(|(path, digest)| format!("{digest} {path}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_digest_or_path_is_not_trusted() {
        let digest = "a".repeat(64);
        let mut trusted = Trusted::default();
        trusted.add("/p/bailiwick.toml", &digest);
        let again = Trusted::parse(&trusted.to_text());
        assert!(again.holds("/p/bailiwick.toml", &digest));
        assert!(!again.holds("/p/bailiwick.toml", &"b".repeat(64)));
        assert!(!again.holds("/q/bailiwick.toml", &digest));
    }
}
