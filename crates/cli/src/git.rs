//! Reads a git repository's own files, without starting git: which paths its index holds, where its remotes point.
//!
//! Starting `git ls-files` costs about 5 ms, half the time a hook may take. Formats: gitformat-index (versions 2–4)
//! and git-config.

use std::collections::HashMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// An index above this size is not read; its files count as untracked, which asks more often. 64 MiB hold over half a
/// million files.
const MAX_INDEX_BYTES: u64 = 64 << 20;

/// The directory that holds `.git`, at or above `directory`.
pub fn repository_of(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().find(|ancestor| ancestor.join(".git").exists()).map(Path::to_owned)
}

/// The git directory of a repository; a `.git` file (worktree, submodule) points to it.
fn git_directory(repository: &Path) -> Option<PathBuf> {
    let git = repository.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    Some(repository.join(text.strip_prefix("gitdir:")?.trim()))
}

/// The paths that a repository's index holds, each with its file as it was then.
pub struct Index {
    paths: HashMap<Vec<u8>, Staged>,
}

/// A file as it was when it was put into the index: seconds and nanoseconds of its last change, and its size, each modulo 2³².
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Staged(u32, u32, u32);

impl Index {
    /// Reads the index; `None` where there is none or it cannot be understood.
    pub fn read(repository: &Path) -> Option<Index> {
        let path = git_directory(repository)?.join("index");
        if fs::metadata(&path).ok()?.len() > MAX_INDEX_BYTES {
            return None;
        }
        Some(Index { paths: parse_index(&fs::read(path).ok()?)? })
    }

    /// Whether it holds this path, relative to the repository.
    pub fn holds(&self, path: &Path) -> bool {
        self.paths.contains_key(path.as_os_str().as_bytes())
    }

    /// Whether it holds this path, relative to the repository, as the file is now.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the index keeps the low 32 bits")]
    pub fn holds_as_it_is(&self, path: &Path, now: &fs::Metadata) -> bool {
        let now = Staged(now.mtime() as u32, now.mtime_nsec() as u32, now.size() as u32);
        self.paths.get(path.as_os_str().as_bytes()) == Some(&now)
    }
}

fn parse_index(bytes: &[u8]) -> Option<HashMap<Vec<u8>, Staged>> {
    if bytes.get(..4)? != b"DIRC" {
        return None;
    }
    let version = be32(bytes, 4)?;
    let count = be32(bytes, 8)? as usize;
    let mut paths = HashMap::with_capacity(count.min(bytes.len() / 62));
    let mut at = 12;
    let mut previous: Vec<u8> = Vec::new();
    for _ in 0..count {
        let staged = Staged(be32(bytes, at + 8)?, be32(bytes, at + 12)?, be32(bytes, at + 36)?);
        let flags = u16::from_be_bytes(bytes.get(at + 60..at + 62)?.try_into().ok()?);
        let mut name_at = at + 62;
        if version >= 3 && flags & 0x4000 != 0 {
            name_at += 2;
        }
        let name = if version == 4 {
            let (strip, after) = offset_varint(bytes, name_at)?;
            let end = after + bytes.get(after..)?.iter().position(|byte| *byte == 0)?;
            previous.truncate(previous.len().checked_sub(strip)?);
            previous.extend_from_slice(bytes.get(after..end)?);
            at = end + 1;
            previous.clone()
        } else {
            let end = name_at + bytes.get(name_at..)?.iter().position(|byte| *byte == 0)?;
            // Entries are padded with 1–8 NULs to a multiple of eight bytes.
            at += (end - at) / 8 * 8 + 8;
            bytes.get(name_at..end)?.to_vec()
        };
        paths.insert(name, staged);
    }
    Some(paths)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Git's "offset encoding" of a number: big-endian base 128 where each continuation adds one.
fn offset_varint(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *bytes.get(at)?;
    let mut value = usize::from(byte & 127);
    while byte & 128 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 127))?;
    }
    Some((value, at + 1))
}

/// Every remote with each of its URLs, in the order of the settings.
pub fn remotes(repository: &Path) -> Vec<(String, String)> {
    let text = git_directory(repository).and_then(|git| fs::read_to_string(git.join("config")).ok()).unwrap_or_default();
    let (mut all, mut name) = (Vec::new(), None);
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let quoted = section.strip_prefix("remote \"").and_then(|rest| rest.strip_suffix("\"]"));
            name = quoted.map(str::to_owned);
        } else if let (Some(name), Some((key, value))) = (&name, line.split_once('='))
            && matches!(key.trim(), "url" | "pushurl")
        {
            all.push((name.clone(), value.trim().trim_matches('"').to_owned()));
        }
    }
    all
}

/// The URL that a push to `remote` goes to; an empty `remote` asks for the default one: the only one, or `origin`.
pub fn remote_url(repository: &Path, remote: &str) -> Option<String> {
    let text = fs::read_to_string(git_directory(repository)?.join("config")).ok()?;
    let wanted = if remote.is_empty() { "origin" } else { remote };
    let (mut url, mut push_url, mut inside) = (None, None, false);
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            inside = section.trim_end_matches(']').trim() == format!("remote \"{wanted}\"");
        } else if inside && let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_matches('"').to_owned();
            match key.trim() {
                "url" => url = Some(value),
                "pushurl" => push_url = Some(value),
                _ => {}
            }
        }
    }
    push_url.or(url)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::process::Command;

    fn git(directory: &Path, arguments: &[&str]) {
        let done = Command::new("git").arg("-C").arg(directory).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    #[test]
    fn every_index_version_is_read_as_git_writes_it() {
        let directory = std::env::temp_dir().join(format!("bailiwick-index-{}", std::process::id()));
        fs::create_dir_all(directory.join("src/deep")).unwrap();
        git(&directory, &["init", "-q"]);
        for name in ["a", "src/b.rs", "src/deep/a-rather-long-name.txt", "src/deep/a-rather-longer-name.txt"] {
            fs::write(directory.join(name), "x").unwrap();
        }
        git(&directory, &["add", "."]);
        fs::write(directory.join("new"), "x").unwrap();
        for version in ["2", "3", "4"] {
            git(&directory, &["update-index", "--index-version", version]);
            let index = Index::read(&directory).unwrap();
            assert!(index.holds(Path::new("a")) && index.holds(Path::new("src/deep/a-rather-longer-name.txt")), "{version}");
            assert!(index.holds(Path::new("src/b.rs")) && !index.holds(Path::new("new")), "{version}");
        }
        git(&directory, &["remote", "add", "origin", "git@example.org:me/x.git"]);
        assert_eq!(remote_url(&directory, "").as_deref(), Some("git@example.org:me/x.git"));
        assert_eq!(remote_url(&directory, "other"), None);
        git(&directory, &["remote", "add", "mirror", "https://example.org/me/y"]);
        git(&directory, &["remote", "set-url", "--push", "mirror", "https://example.net/me/z"]);
        let all = remotes(&directory);
        let urls: Vec<(&str, &str)> = all.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
        let mirror = [("mirror", "https://example.org/me/y"), ("mirror", "https://example.net/me/z")];
        assert_eq!(urls, [&[("origin", "git@example.org:me/x.git")][..], &mirror].concat());
        fs::remove_dir_all(&directory).unwrap();
    }
}
