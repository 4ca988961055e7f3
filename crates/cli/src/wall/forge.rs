//! Repositories at forges: whose a push on the wire is for. In: a workspace's remotes and a ruling's pushes as they were when
//! the call was judged; what a request's path and body say. Out: the effect of a push.

use std::path::Path;

use bailiwick_proxy::gate::{Git, Request};
use bailiwick_vocab::effect::Deed;
use serde::{Deserialize, Serialize};

use crate::git;

/// Most references of one push that are read.
const MOST_REFS: usize = 64;

/// A repository at a host, lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// The host.
    pub host: String,
    /// `owner/name`, or longer; `*` is every one.
    pub path: String,
}

impl Repository {
    /// What a remote's URL names: a URL, or `user@host:path` as SSH has it. A path on the disk is none.
    pub fn of(url: &str) -> Option<Repository> {
        let (host, path) = match url.split_once("://") {
            Some((scheme, rest)) if scheme != "file" => {
                let (host, path) = rest.split_once('/')?;
                let host = host.rsplit('@').next()?;
                (host.split(':').next()?, path)
            }
            Some(_) => return None,
            None => {
                let (host, path) = url.split_once(':')?;
                (host.rsplit('@').next()?, path)
            }
        };
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let plain = !host.is_empty() && !host.contains('/') && !path.is_empty();
        plain.then(|| Repository { host: host.to_ascii_lowercase(), path: path.to_ascii_lowercase() })
    }

    /// Whether this is that repository of that host.
    pub fn is(&self, host: &str, path: &str) -> bool {
        self.host == host && (self.path == "*" || self.path.eq_ignore_ascii_case(path))
    }
}

/// The remotes of a workspace that lie at hosts, by name.
pub fn remotes(workspace: &str) -> Vec<(String, Repository)> {
    let all = git::remotes(Path::new(workspace)).into_iter();
    all.filter_map(|(name, url)| Some((name, Repository::of(&url)?))).collect()
}

/// Where a push of the ruling goes. One that names a remote which nobody knows may go anywhere at its host.
pub fn named(remote: &str, host: Option<&str>, remotes: &[(String, Repository)]) -> Vec<Repository> {
    let by_name: Vec<Repository> = remotes.iter().filter(|(name, _)| name == remote).map(|(_, at)| at.clone()).collect();
    if !by_name.is_empty() {
        return by_name;
    }
    let anywhere = || host.map(|host| Repository { host: host.to_owned(), path: "*".to_owned() });
    Repository::of(remote).or_else(anywhere).into_iter().collect()
}

/// The repository that a request sends commits or files to, where it does.
pub fn pushed(request: &Request<'_>) -> Option<String> {
    if let Some(Git { repository, push: true, .. }) = &request.git {
        return Some(repository.clone());
    }
    // Large files go another way; which, their server is asked first.
    let (repository, _) = request.path?.split_once("/info/lfs/objects/batch")?;
    let uploads = request.body.windows(8).any(|window| window == b"\"upload\"");
    let repository = repository.trim_start_matches('/');
    uploads.then(|| repository.strip_suffix(".git").unwrap_or(repository).to_owned())
}

/// The push that a request is: to a remote by its name, or to what no remote names.
pub fn push(request: &Request<'_>, host: &str, path: &str, remotes: &[(String, Repository)]) -> Deed {
    let name = remotes.iter().find(|(_, at)| at.is(host, path)).map(|(name, _)| name.clone());
    let (refs, removes) =
        if request.git.as_ref().is_some_and(|git| !git.discovery) { refs(request.body) } else { (Vec::new(), false) };
    Deed::Push {
        remote: name.unwrap_or_else(|| format!("https://{host}/{path}")),
        host: Some(host.to_owned()),
        refs,
        force: removes,
    }
}

/// The references that a push changes, and whether it removes one: lines of `old new name`, each with its length before it.
fn refs(mut body: &[u8]) -> (Vec<String>, bool) {
    let (mut names, mut removes) = (Vec::new(), false);
    while names.len() < MOST_REFS {
        let length = body.get(..4).and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(length) = length.and_then(|digits| usize::from_str_radix(digits, 16).ok()).filter(|length| *length > 4) else {
            break;
        };
        let Some(line) = body.get(4..length) else { break };
        let line = line.split(|byte| matches!(byte, 0 | b'\n')).next().unwrap_or_default();
        let mut words = line.split(|byte| *byte == b' ');
        if let (Some(_), Some(new), Some(name)) = (words.next(), words.next(), words.next()) {
            let name = String::from_utf8_lossy(name);
            removes |= new.iter().all(|digit| *digit == b'0');
            names.push(name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned());
        }
        body = body.get(length..).unwrap_or_default();
    }
    (names, removes)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn urls_of_every_kind_name_a_repository() {
        for url in [
            "https://Example.org/Me/Mine.git",
            "https://user:word@example.org:8443/me/mine",
            "ssh://git@example.org:22/me/mine.git",
            "git@example.org:me/mine.git",
            "example.org:me/mine/",
        ] {
            let found = Repository::of(url).unwrap();
            assert!(found.is("example.org", "ME/mine") && !found.is("example.org", "you/mine"), "{url}");
        }
        for url in ["/srv/git/x.git", "../x", "file:///srv/x", "https://example.org", "https://example.org/", ""] {
            assert_eq!(Repository::of(url), None, "{url}");
        }
    }

    #[test]
    fn a_push_says_what_it_changes_and_removes() {
        let zero = "0".repeat(40);
        let one = "1".repeat(40);
        let line = |text: String| format!("{:04x}{text}", text.len() + 4);
        let body = format!(
            "{}{}0000PACK",
            line(format!("{zero} {one} refs/heads/main\0 report-status side-band-64k")),
            line(format!("{one} {one} refs/tags/v1\n"))
        );
        assert_eq!(refs(body.as_bytes()), (vec!["main".to_owned(), "refs/tags/v1".to_owned()], false));
        assert!(refs(line(format!("{one} {zero} refs/heads/old\0")).as_bytes()).1);
        for odd in ["", "0000", "zzzz", "0001", "ffff x", "0009 a b"] {
            assert!(refs(odd.as_bytes()).0.is_empty(), "{odd}");
        }
    }

    #[test]
    fn a_named_push_goes_where_its_remote_leads() {
        let remotes = [("origin".to_owned(), Repository::of("git@example.org:me/mine").unwrap())];
        assert!(named("origin", Some("example.org"), &remotes)[0].is("example.org", "me/mine"));
        assert!(named("https://example.org/you/yours", Some("example.org"), &remotes)[0].is("example.org", "you/yours"));
        let unknown = named("fork", Some("example.org"), &remotes);
        assert!(unknown[0].is("example.org", "any/thing") && !unknown[0].is("other.org", "any/thing"));
        assert!(named("fork", None, &remotes).is_empty());
    }
}
