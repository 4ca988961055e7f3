//! The throw-away world's disk, as resolution asks for it. The lane stands in the same tree as the command it will run.

use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use bailiwick_effect::glob::{glob_match, is_pattern};
use bailiwick_effect::world::World;
use bailiwick_vocab::effect::Facts;

use crate::seed;

/// Links followed in one path, as the kernel's own bound.
const MAX_LINKS: usize = 40;
/// Directory entries looked at to answer one question.
const MAX_ENTRIES: usize = 5_000;

/// The disk as it stands.
pub(crate) struct Disk;

impl World for Disk {
    fn home(&self) -> Option<String> {
        Some(seed::HOME.to_owned())
    }

    fn home_of(&self, user: &str) -> Option<String> {
        match user {
            "root" => Some("/root".to_owned()),
            "dev" => Some(seed::HOME.to_owned()),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        seed::ENVIRONMENT.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn real_path(&self, path: &str, last: bool) -> String {
        real_path(path, last)
    }

    fn matches(&self, pattern: &str, limit: usize) -> (Vec<String>, bool) {
        let mut found = vec!["/".to_owned()];
        for segment in pattern.split('/').filter(|segment| !segment.is_empty()) {
            found = found.iter().flat_map(|base| below(base, segment)).take(MAX_ENTRIES).collect();
        }
        let more = found.len() > limit;
        found.truncate(limit);
        (found, more)
    }

    fn facts(&self, path: &str, _tree: bool) -> Facts {
        let Ok(metadata) = fs::symlink_metadata(path) else { return Facts::default() };
        Facts { exists: true, directory: metadata.is_dir(), files: 1, untracked: 0 }
    }

    fn text(&self, path: &str, limit: usize) -> Option<String> {
        if !fs::metadata(path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        fs::File::open(path).ok()?.take(limit as u64).read_to_end(&mut bytes).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn git_remote(&self, _cwd: &str, remote: &str) -> Option<String> {
        matches!(remote, "" | "origin").then(|| "https://git.example.com/dev/made-up.git".to_owned())
    }
}

/// Follows every link but, where `last` is false, the last, and takes `.` and `..` out as the kernel would.
pub(crate) fn real_path(path: &str, last: bool) -> String {
    let mut real = PathBuf::from("/");
    let mut ahead = backwards(Path::new(path));
    let mut links = 0;
    while let Some(part) = ahead.pop() {
        if part == ".." {
            real.pop();
            continue;
        }
        let here = real.join(&part);
        let follow = (last || !ahead.is_empty()) && links < MAX_LINKS;
        match fs::read_link(&here) {
            Ok(target) if follow => {
                links += 1;
                if target.is_absolute() {
                    real = PathBuf::from("/");
                }
                ahead.extend(backwards(&target));
            }
            Ok(_) | Err(_) => real = here,
        }
    }
    real.to_string_lossy().into_owned()
}

fn backwards(path: &Path) -> Vec<OsString> {
    let parts = path.components().rev().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    });
    parts.collect()
}

/// The paths one pattern segment further down.
fn below(base: &str, segment: &str) -> Vec<String> {
    let base = base.trim_end_matches('/');
    if !is_pattern(segment) {
        let path = format!("{base}/{}", segment.replace('\\', ""));
        return if fs::symlink_metadata(&path).is_ok() { vec![path] } else { Vec::new() };
    }
    let Ok(entries) = fs::read_dir(if base.is_empty() { "/" } else { base }) else { return Vec::new() };
    let names = entries.flatten().take(MAX_ENTRIES).filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<String> = names.filter(|name| glob_match(segment, name)).map(|name| format!("{base}/{name}")).collect();
    found.sort();
    found
}
