//! Git's smart HTTP protocol, told by its paths. In: a method and a target. Out: which repository is fetched or pushed.
//!
//! A path is decoded and its dots are followed first, as a server would. It does not read what is pushed.

use crate::gate::Git;

/// A fetch or push, if it is one.
pub(crate) fn git(target: &str) -> Option<Git> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts = parts(path)?;
    let (repository, service, discovery) = match parts.as_slice() {
        [repository @ .., info, refs] if info == "info" && refs == "refs" => (repository, service(query)?, true),
        [repository @ .., last] => (repository, last.clone(), false),
        [] => return None,
    };
    let push = match service.as_str() {
        "git-receive-pack" => true,
        "git-upload-pack" => false,
        _ => return None,
    };
    let repository = repository.join("/");
    let repository = repository.strip_suffix(".git").unwrap_or(&repository).to_owned();
    (!repository.is_empty()).then_some(Git { repository, push, discovery })
}

/// The path of a target as a server may take it: decoded, with its dots followed. None where it is no text.
pub(crate) fn plain_path(target: &str) -> Option<String> {
    let path = target.split('?').next().unwrap_or_default();
    parts(path).map(|parts| format!("/{}", parts.join("/")))
}

/// The parts of a path, decoded, empty ones and dots resolved; none where it is no text.
fn parts(path: &str) -> Option<Vec<String>> {
    let decoded = decoded(path)?;
    let mut parts: Vec<String> = Vec::new();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_owned()),
        }
    }
    Some(parts)
}

fn service(query: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut services = pairs.filter_map(|(name, value)| Some((decoded(name)?, decoded(value)?)));
    // Where there are several, the pushing one counts.
    let all: Vec<String> = services.by_ref().filter(|(name, _)| name == "service").map(|(_, value)| value).collect();
    all.iter().find(|service| *service == "git-receive-pack").or(all.first()).cloned()
}

/// Percent-decoded; none where that is no text. A `%` that begins no code stands for itself.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.first_chunk::<2>().filter(|_| *first == b'%').and_then(|[a, b]| Some((hex(*a)?, hex(*b)?)));
        match code {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(target: &str, repository: &str, push: bool, discovery: bool) {
        assert_eq!(git(target), Some(Git { repository: repository.to_owned(), push, discovery }), "{target}");
    }

    #[test]
    fn pushes_and_fetches_are_known() {
        is("/owner/repo.git/git-receive-pack", "owner/repo", true, false);
        is("/owner/repo/git-receive-pack", "owner/repo", true, false);
        is("/group/sub/repo.git/git-upload-pack", "group/sub/repo", false, false);
        is("/owner/repo.git/info/refs?service=git-receive-pack", "owner/repo", true, true);
        is("/owner/repo.git/info/refs?a=b&service=git-upload-pack", "owner/repo", false, true);
    }

    #[test]
    fn a_path_is_decoded_and_its_dots_are_followed() {
        for (target, path) in
            [("/a/%2e%2e/b?c=/d", "/b"), ("//a//b/", "/a/b"), ("/%61%2Fb", "/a/b"), ("*", "/*"), ("/../..", "/")]
        {
            assert_eq!(plain_path(target).as_deref(), Some(path), "{target}");
        }
        assert_eq!(plain_path("/%ff"), None);
    }

    #[test]
    fn disguises_do_not_hide_a_push() {
        is("//owner/%72epo.git/git%2dreceive-pack", "owner/repo", true, false);
        is("/x/../owner/./repo.git/git-receive-pack?x", "owner/repo", true, false);
        is("/owner/repo.git/info%2Frefs?service=git-upload-pack&%73ervice=git%2Dreceive-pack", "owner/repo", true, true);
    }

    proptest::proptest! {
        #[test]
        fn any_target_is_git_or_not(target in "[ -~]{0,60}") {
            let _ = git(&target);
        }

        #[test]
        fn a_push_in_any_spelling_is_a_push(dots in "(/|/\\./|/x/\\.\\./){1,4}", bits in proptest::collection::vec(proptest::bool::ANY, 16)) {
            let name: String = "git-receive-pack".chars().zip(bits).map(|(letter, coded)| {
                if coded { format!("%{:02x}", u32::from(letter)) } else { letter.to_string() }
            }).collect();
            is(&format!("{dots}owner/repo{dots}{name}"), "owner/repo", true, false);
        }
    }

    #[test]
    fn other_paths_are_no_git() {
        for target in ["/", "/owner/repo", "/owner/repo.git/info/refs", "/git-receive-pack", "/a/info/refs?service=x", "*"] {
            assert_eq!(git(target), None, "{target}");
        }
    }
}
